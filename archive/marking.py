"""A page as the HTML reader takes it apart, and the cells that stand at its places.

A place is as the HTML reader writes it, `table[N]/tr[R]/td[C]`: the N-th table of the page, its R-th row, the
row's C-th cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from lxml import etree

from parsers.readers import html

LARGEST = html.LARGEST
_PLACE = re.compile(r"table\[([1-9]\d{0,5})\]/tr\[([1-9]\d{0,5})\]/td\[([1-9]\d{0,5})\]")


def is_place(text: str) -> bool:
    """Whether a text is a place of that shape, whether or not any page has it."""
    return _PLACE.fullmatch(text) is not None


def tree(page: str) -> etree._Element:
    """The root of a page, made as the reader makes it, so that its places are found again.

    Without scripts and style sheets. Raises ParseError for a page without an element.
    """
    # The reader's own way from bytes to a tree: another one would count other tables.
    return html.root_of(page.encode("utf-8", "replace"), [])


def cells(root: etree._Element, places: Iterable[str]) -> dict[str, etree._Element]:
    """The cells at these places; a place that the page does not have is left out."""
    tables = list(root.iter("table"))

    @cache
    def rows(table: int) -> list[etree._Element]:
        return list(tables[table - 1].iter("tr")) if table <= len(tables) else []

    found: dict[str, etree._Element] = {}
    for place in places:
        if not (numbers := _PLACE.fullmatch(place)):
            continue
        table, row, column = map(int, numbers.groups())
        line = rows(table)[row - 1 : row]
        inside = list(line[0].iterchildren("td", "th"))[column - 1 : column] if line else []
        if inside:
            found[place] = inside[0]
    return found
