"""What a library says of damaged bytes, made fit for an error message."""

from __future__ import annotations

LONGEST = 160


def one_line(error: BaseException) -> str:
    """The kind and the words of an error, on one line of bounded length."""
    words = " ".join(str(error).split())
    words = "".join(letter if letter.isprintable() else "?" for letter in words)
    return f"{type(error).__name__}: {words}"[:LONGEST] if words else type(error).__name__
