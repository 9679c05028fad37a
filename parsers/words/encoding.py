"""Bytes to text whatever the labels say: byte order mark, strict UTF-8, else GB18030 (field/stack.md, section
7)."""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of the encoding that gave it; damaged bytes become U+FFFD, never other
    characters.

    Strict UTF-8 first, then strict GB18030, then whichever of the two damages less.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace"), name
    for name in ("utf-8", "gb18030"):
        try:
            return data.decode(name), name
        except UnicodeDecodeError:
            continue
    texts = {name: data.decode(name, "replace") for name in ("utf-8", "gb18030")}
    best = min(texts, key=lambda name: texts[name].count("\ufffd"))
    return texts[best], best
