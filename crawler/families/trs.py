"""TRS WCM (拓尔思): static pages; a script call says how many there are, and page 2 is index_1.

Some columns ask the search of the same house (WAS) for JSON, whose last row is a template's: 文章标题.

Seen until 2026-11 in Beijing, Chongqing, Tianjin, Fujian, Guizhou, Guangxi, Hubei, Jilin and many ministries.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

from crawler.families import generic
from crawler.links import absolute, attachments_in
from crawler.page import Page, PageRequest, Row
from crawler.paging.calls import calls_in, pager_in
from crawler.paging.queries import more_after, query_number, with_query
from crawler.paging.records import data_of, number_in, rows_of

MAX_PAGES = 300
MAX_SEARCHES = 3
_WAS = re.compile(r"/was\d*/web/search\?|/was\d*/search\?")
_ASKS = re.compile(r"[\"']([^\"'\s]*/was\d*/web/search\?[^\"'\s]*)[\"']")
_FILE = re.compile(r"/([\w-]+?)(?:_\d+)?\.(s?html?)$")
_SENTINEL = "文章标题"
_DETAIL = re.compile(r"/t\d{8}_\d+(?:_wap)?\.s?html?|/t\d{6,}\.s?html?|/t\d{4}_\d+\.s?html?")
# A link to another site says nothing of this one.
_OWN = re.compile(r"href=[\"'](?!https?:)[^\"']*/t\d{8}_\d+(?:_wap)?\.s?html?")


def score(page: Page) -> int:
    """The pager's call is the surest sign, then the editor's class names, then the way details are named."""
    if _WAS.search(page.url):
        return 95 if page.is_data else 40
    text = page.text
    points = 60 if pager_in(text) else 0
    points += 40 if _ASKS.search(text) else 0
    points += 30 if "TRS_Editor" in text or "trs_editor_view" in text or "TRS_UEDITOR" in text else 0
    points += 20 if _OWN.search(text) or _DETAIL.search(page.url) else 0
    return points


def rows(page: Page) -> list[Row]:
    """The links of the page, and those that its scripts would write; or the results of a search."""
    if page.is_data:
        return [row for row in rows_of(data_of(page), page.shown_on or page.url) if row.title != _SENTINEL]
    return generic.rows(page)


def pages(page: Page) -> list[PageRequest]:
    """index_1 … index_(n-1), from whichever page names the number; else what a plain pager links."""
    if page.is_data:
        return _next(page)
    pager = pager_in(page.text)
    if pager is None:
        return _searched(page) or generic.pages(page)
    count, name, suffix = pager
    if not name:
        own = _FILE.search(urlsplit(page.url).path)
        name, suffix = (own[1], own[2]) if own else ("index", "html")
    numbers = range(1, min(count, MAX_PAGES))
    found = [urljoin(page.url, f"{name}_{number}.{suffix}") for number in numbers]
    return [PageRequest(url) for url in found if url != page.url]


def total(page: Page) -> int | None:
    """The number of records: of a search its count, else what the call with three numbers gives, or 共52条."""
    if page.is_data:
        return number_in(data_of(page), "count", "total")
    for numbers, _names in calls_in(page.text):
        if len(numbers) >= 3 and numbers[0] >= numbers[1] > numbers[2]:
            return numbers[0]
    return generic.total(page)


def attachments(page: Page) -> list[Row]:
    """P020240130….pdf and W020…: relative to the page, named by their link's text."""
    return attachments_in(page)


def _searched(page: Page) -> list[PageRequest]:
    """The search that the page's script asks, from its first page."""
    found = (absolute(page.url, unescape(each)) for each in _ASKS.findall(page.spelled))
    return [PageRequest(with_query(url, {"page": 1})) for url in dict.fromkeys(found) if url][:MAX_SEARCHES]


def _next(page: Page) -> list[PageRequest]:
    """The next page of a search, as long as its count is not reached."""
    number, size = query_number(page.url, "page") or 1, query_number(page.url, "prepage", "perpage")
    announced = total(page) or page.announced
    if not more_after(number, size or 0, len(rows(page)), page.seen, announced):
        return []
    return [PageRequest(with_query(page.url, {"page": number + 1}))]
