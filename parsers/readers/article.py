"""Where the article of a page stands, in the markup and in the tree: what surrounds it is a menu, a list of links, a foot."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from secrets import token_hex

from lxml import etree

from parsers.readers.links import REPORT, text_of
from parsers.readers.regular import CELLS, MARK

_SHORT = 200
_NAMES = (
    "zoom zoomcon zoomContent UCAP-CONTENT ucapcontent vsb_content vsb_content_4 J_content articleContent "
    "ivs_content TRS_Editor TRS_UEDITOR trs_editor_view v_news_content article-content Article_content "
    "wzcon j-fontContent news_cont_d_wrap tyxxy_main "
).split()
_BOX = "div|td|article|section|ucapcontent"
_BEGIN = re.compile(rf"<({_BOX})\b(?=[^<>]*+>)[^<>]*?\b(?:{'|'.join(_NAMES)})\b[^<>]*+>".encode())
_EDGES = {box.encode(): re.compile(rf"<(/?){box}(?=[\s>])[^<>]*>".encode()) for box in _BOX.split("|")}
_GRID = MARK.encode()
_MOST_BEGINS = 8
_LONG = 16_384  # bytes behind an article that are worth a look
_ASKED_OF = re.compile(rb"<[hmtuHMTU](?![lL])")
"""With what a heading begins, a title, something declared, a table, and nothing of a list."""
_REPORT = REPORT.encode()
_END = f"end-{token_hex(8)}"
_STOP = f"<tt {_END}></tt>".encode()
"""Stands behind the end of an article; it neither ends nor begins anything else."""


def up_to_its_end(page: bytes, grids: int) -> bytes:
    """A page, out of which so many grids were taken, without what follows the article that holds one of them: where that
    is long and nothing there is asked for, no table, no title and no link to a report. Else the page as it is.

    Its tree tells whether the article `ends_there`.
    """
    end = _end_of_article(page, grids) if grids and len(page) > _LONG else 0
    if not end or len(page) - end < _LONG or page.rfind(_REPORT, end) >= 0 or _ASKED_OF.search(page, end):
        return page  # to look from the end takes half the time, or less
    return page[:end] + _STOP


def ends_there(root: etree._Element, article: etree._Element) -> bool:
    """Whether in the tree of a page that was left up to its end, the article ends there, or stands in what does."""
    stop = next((one for one in root.iter("tt") if one.get(_END) is not None), None)
    before = stop.getprevious() if stop is not None else None
    if before is None or (before.tail or "").strip():
        return False
    return article is before or before in article.iterancestors()


def _end_of_article(page: bytes, grids: int) -> int:
    """The place behind the end tag of the article; 0 where none is seen that holds one of so many grids."""
    last = 0
    for _ in range(grids):
        last = page.find(_GRID, last + 1)
    if len(page) - last < _LONG:
        return 0
    for begin in islice(_BEGIN.finditer(page, 0, max(last, 0)), _MOST_BEGINS):
        end = _end_of(page, begin)
        if page.find(_GRID, begin.end(), end) >= 0:
            return end
    return 0


def _end_of(page: bytes, begin: re.Match[bytes]) -> int:
    """The place behind the end tag of the element that begins there; 0 where it has none."""
    depth = 0
    for edge in _EDGES[begin[1]].finditer(page, begin.start()):
        depth += -1 if edge[1] else 1
        if not depth:
            return edge.end()
    return 0


def article_of(root: etree._Element, *, stand_ins: bool) -> etree._Element:
    """The element known to hold articles when it holds at least half of the page's cells; else the whole body.

    `stand_ins`: there are tables that stand for grids.
    """
    whole = next(root.iterchildren("body"), root)
    cells = _cells(whole, stand_ins)
    most = sum(number for _, number in cells)
    if not most:
        return next((one for one in _named(whole.iter()) if len(text_of(one)) > _SHORT), whole)
    last_of_half = (most - 1) // 2
    around = dict.fromkeys(
        one for cell in _middle(cells, most) for one in reversed((cell, *cell.iterancestors()))
    )
    held = ((one, sum(number for _, number in _cells(one, stand_ins))) for one in _named(around))
    return next((one for one, number in held if number > last_of_half), whole)


def _middle(cells: Sequence[tuple[etree._Element, int]], most: int) -> Iterator[etree._Element]:
    """The two cells in the middle of so many: what holds half of them holds one of the two."""
    wanted, before = ((most - 1) // 2, most // 2), 0
    for element, number in cells:
        yield from (element for place in wanted if before <= place < before + number)
        before += number


def _cells(element: etree._Element, stand_ins: bool) -> list[tuple[etree._Element, int]]:
    """The cells within an element, each as one, and the tables that stand for grids, each as so many."""
    if not stand_ins:
        return [(one, 1) for one in element.iter("td", "th")]
    return [(one, int(one.get(CELLS) or one.tag != "table")) for one in element.iter("td", "th", "table")]


def _named(elements: Iterable[etree._Element]) -> list[etree._Element]:
    """Those that a known name of articles marks, in the order of the names."""
    marked = [(one, f"{one.get('id') or ''} {one.get('class') or ''}", one.tag) for one in elements]
    marked = [mark for mark in marked if len(mark[1]) > 1 or mark[2] == "ucapcontent"]
    return [one for name in _NAMES for one, words, tag in marked if name == tag or name in words]
