"""A copy of a kept page in which one cell is marked: where a figure was read. The kept bytes stay as they are."""

from __future__ import annotations

from lxml import etree

from archive.marking import LARGEST, cells, tree
from parsers.document import ParseError

COLOUR = "#ffe08a"


def marked(data: bytes, charset: str, place: str) -> bytes | None:
    """The page in UTF-8 with the cell at `place` coloured and named by it; None when it has no such cell."""
    if len(data) > LARGEST:
        return None
    try:
        root = tree(data.decode(charset, "replace"))
    except ParseError:
        return None
    cell = cells(root, [place]).get(place)
    if cell is None:
        return None
    cell.set("id", place)
    # An attribute of old, for the sandbox lets no style in.
    cell.set("bgcolor", COLOUR)
    page: bytes = etree.tostring(root.getroottree(), method="html", encoding="utf-8")
    return page
