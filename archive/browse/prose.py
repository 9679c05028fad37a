"""Prose for the reader: statements set apart in their sections, and what differs between two versions."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Piece = tuple[str, Any]
"""A run of text, and the statement it is (or None)."""


def pieces(text: str, statements: Iterable[Mapping[str, Any]]) -> list[Piece]:
    """The text cut into runs, so that each statement that it contains is a run of its own.

    Statements that share words are one run with the first of them; the list below the text has them all.
    """
    found: list[tuple[int, int, Mapping[str, Any]]] = []
    for statement in statements:
        start = text.find(statement["text"]) if statement["text"] else -1
        end = start + len(statement["text"])
        if start >= 0 and all(end <= s or start >= e for s, e, _ in found):
            found.append((start, end, statement))
    made: list[Piece] = []
    done = 0
    for start, end, statement in sorted(found, key=lambda item: item[0]):
        made += [(text[done:start], None), (text[start:end], statement)]
        done = end
    return [piece for piece in [*made, (text[done:], None)] if piece[0]]


_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?|\n")


def changes(old: str, new: str) -> list[tuple[str, str]]:
    """Sentences that went (`-`) and that came (`+`), in order; nothing for those that stayed."""
    before, after = _SENTENCE.findall(old), _SENTENCE.findall(new)
    made: list[tuple[str, str]] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            made += [("-", text) for text in before[a:b] if text.strip()]
            made += [("+", text) for text in after[c:d] if text.strip()]
    return made


def whole(sections: Sequence[Mapping[str, Any]]) -> str:
    """All sections as one text, titles included."""
    return "\n".join(f"{s['number']} {s['title']}\n{s['text']}" for s in sections)
