"""A copy of a kept page in which one cell is marked: where a figure was read. The kept bytes stay as they are."""

from __future__ import annotations

import re

from lxml import etree

LARGEST = 8 << 20
COLOUR = "#ffe08a"
_PLACE = re.compile(r"table\[([1-9]\d{0,5})\]/tr\[([1-9]\d{0,5})\]/td\[([1-9]\d{0,5})\]")


def marked(data: bytes, charset: str, place: str) -> bytes | None:
    """The page in UTF-8 with the cell at `place` coloured and named by it; None when it has no such cell.

    `place` is as the HTML reader writes it: the N-th table of the page, its R-th row, the row's C-th cell.
    """
    found = _PLACE.fullmatch(place)
    if not found or len(data) > LARGEST:
        return None
    text = data.decode(charset, "replace").replace("\0", "")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return None
    cell = _cell(root, *map(int, found.groups())) if root is not None else None
    if cell is None:
        return None
    cell.set("id", place)
    # An attribute of old, for the sandbox lets no style in.
    cell.set("bgcolor", COLOUR)
    page: bytes = etree.tostring(root.getroottree(), method="html", encoding="utf-8")
    return page


def _cell(root: etree._Element, table: int, row: int, column: int) -> etree._Element | None:
    try:
        chosen = list(root.iter("table"))[table - 1]
        line = list(chosen.iter("tr"))[row - 1]
        return list(line.iterchildren("td", "th"))[column - 1]
    except IndexError:
        return None
