"""河北 columns: everything is named by UUIDs; rows come as fragments from a block whose address the page holds.

Seen until 2026-11 in Hebei: /columns/<uuid>/templates/<uuid>/blocks/<uuid>?page=2&fix=0.
"""

from __future__ import annotations

import re
from html import unescape

from crawler.families import generic
from crawler.links import absolute, attachments_in, rows_in
from crawler.page import Page, PageRequest, Row
from crawler.paging.queries import query_number, with_query
from crawler.paging.turns import last_page

MAX_PAGES = 300
MAX_BLOCKS = 3
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_BLOCK = re.compile(
    rf"[\"'(]([^\"'\s()]*/(?:templates/{_UUID}/)?blocks/{_UUID}(?:\?[^\"'\s)]*)?)[\"')]", re.I
)
_ASKED = re.compile(rf"/blocks/{_UUID}", re.I)
_COLUMN = re.compile(rf"/columns/{_UUID}/", re.I)
_DETAIL = re.compile(rf"/columns/{_UUID}/\d{{6}}/\d{{1,2}}/{_UUID}\.html", re.I)


def score(page: Page) -> int:
    """The address of a block is sure; the way columns are named is a sign."""
    if _ASKED.search(page.url):
        return 95
    points = 40 if _COLUMN.search(page.url) else 0
    return points + (50 if _BLOCK.search(page.text) else 0)


def rows(page: Page) -> list[Row]:
    """The links of the page or of the fragment."""
    return rows_in(page.tree, page.shown_on or page.url) if _ASKED.search(page.url) else generic.rows(page)


def pages(page: Page) -> list[PageRequest]:
    """The block's pages: as many as are announced, or one after the other until one shows no row."""
    if _ASKED.search(page.url):
        return _next(page)
    blocks = dict.fromkeys(
        url for each in _BLOCK.findall(page.spelled) if (url := absolute(page.url, unescape(each)))
    )
    if not blocks:
        return generic.pages(page)
    first = 2 if any(_DETAIL.search(row.url) for row in generic.rows(page)) else 1
    last = min(last_page(page) or first, MAX_PAGES)
    found = [_turned(url, number) for url in list(blocks)[:MAX_BLOCKS] for number in range(first, last + 1)]
    return list(dict.fromkeys(found))


def total(page: Page) -> int | None:
    """共52条, where a page says so."""
    return generic.total(page)


def attachments(page: Page) -> list[Row]:
    """/attachments/1/202401/28/….pdf20240128183610173.pdf?sid=…, named by its link."""
    return attachments_in(page)


def _turned(url: str, number: int) -> PageRequest:
    fixed = {} if "fix=" in url else {"fix": 0}
    return PageRequest(with_query(url, {"page": number, **fixed}))


def _next(page: Page) -> list[PageRequest]:
    number, last = query_number(page.url, "page") or 1, last_page(page)
    announced = total(page) or page.announced
    listed = len(rows(page))
    if last is not None:
        more = number < last
    else:
        more = page.seen + listed < announced if announced is not None else listed > 0
    return [_turned(page.url, number + 1)] if more else []
