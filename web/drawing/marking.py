"""A copy of a kept page in which one cell is marked: where a figure was read. The kept bytes stay as they are.

A page from the web is hostile: it is taken apart in a process of its own (web/showing.py).
"""

from __future__ import annotations

from lxml import etree

from archive.marking import LARGEST, cells, tree
from parsers.document import ParseError

COLOUR = "#ffe08a"
LOADING = (
    "script",
    "style",
    "link",
    "meta",
    "base",
    "img",
    "iframe",
    "frame",
    "object",
    "embed",
    "video",
    "audio",
)
"""What would load something, or would if it were let; the copy is without it."""
DRESS = {"style", "class", "background", "src", "srcset", "width", "height", "nowrap"}


def marked(data: bytes, charset: str, place: str, alone: bool = False) -> bytes | None:
    """The page in UTF-8 with the cell at `place` coloured and named by it; None when it has no such cell.

    With `alone` the copy holds nothing but the table of that cell, ruled, to be shown in a small frame.
    """
    if len(data) > LARGEST:
        return None
    try:
        root = tree(data.decode(charset, "replace"))
    except ParseError:
        return None
    cell = cells(root, [place]).get(place)
    if cell is None:
        return None
    _undress(root)
    cell.set("id", place)
    # An attribute of old, for the sandbox lets no style in.
    cell.set("bgcolor", COLOUR)
    shown = _table(cell) if alone else root.getroottree()
    page: bytes = etree.tostring(shown, method="html", encoding="utf-8", with_tail=False)
    return page


def _undress(root: etree._Element) -> None:
    """Take away what would load, run, or be refused aloud by the sandbox."""
    etree.strip_elements(root, *LOADING, with_tail=False)
    for element in root.iter(etree.Element):
        for name in map(str, element.keys()):
            if name in DRESS or name.startswith("on"):
                del element.attrib[name]


def _table(cell: etree._Element) -> etree._Element:
    """The table around a cell, ruled by attributes, in a page of its own."""
    table = next(cell.iterancestors("table"))
    for name, value in (("border", "1"), ("cellpadding", "4"), ("cellspacing", "0")):
        table.set(name, value)
    for link in table.iter("a"):
        link.attrib.clear()
    page = etree.Element("html")
    etree.SubElement(page, "body").append(table)
    return page
