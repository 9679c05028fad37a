"""TRS WCM (拓尔思): static pages; a script call says how many there are, and page 2 is index_1.

Some columns ask the search of the same house (WAS) for JSON, whose last row is a template's: 文章标题.

Seen until 2026-11 in Beijing, Chongqing, Tianjin, Fujian, Guizhou, Guangxi, Hubei, Jilin and many ministries.
"""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise, takewhile
from urllib.parse import urljoin, urlsplit

from crawler.families import generic
from crawler.links import absolute, attachments_in
from crawler.page import Page, PageRequest, Row, without_comments
from crawler.paging.queries import more_after, query_number, with_query
from crawler.paging.records import data_of, number_in, rows_of

MAX_PAGES = 300
MAX_SEARCHES = 3
_CALL = re.compile(r"\bcreatePage(?:HTML)?\s*\(([^()]{1,200})\)")
_WAS = re.compile(r"/was\d*/web/search\?|/was\d*/search\?")
_ASKS = re.compile(r"[\"']([^\"'\s]*/was\d*/web/search\?[^\"'\s]*)[\"']")
# The template that writes its pager itself: var currentPage = 0; … var countPage = 7 //共多少页
_COUNTED = re.compile(r"\bvar\s+currentPage\s*=\s*\d+.{0,400}?\bcountPage\s*=\s*(\d+)", re.S)
_FILE = re.compile(r"/([\w-]+?)(?:_\d+)?\.(s?html?)$")
_SUFFIX = re.compile(r"\.?(?:s?html?|jspx?|aspx?|php)", re.I)
_SENTINEL = "文章标题"
_ARGUMENT = re.compile(r"\"([^\"]*)\"|'([^']*)'|(-?\d+)")
_DETAIL = re.compile(r"/t\d{8}_\d+(?:_wap)?\.s?html?|/t\d{6,}\.s?html?|/t\d{4}_\d+\.s?html?")
# A link to another site says nothing of this one.
_OWN = re.compile(r"href=[\"'](?!https?:)[^\"']*/t\d{8}_\d+(?:_wap)?\.s?html?")


def score(page: Page) -> int:
    """The pager's call is the surest sign, then the editor's class names, then the way details are named."""
    if _WAS.search(page.url):
        return 95 if page.is_data else 40
    text = page.text
    points = 60 if _pager(text) else 0
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
    pager = _pager(page.text)
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
    for numbers, _names in _calls(page.text):
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


def _calls(text: str) -> list[tuple[list[int], list[str]]]:
    """The numbers and the names of each call of the pager; its definition has neither."""
    found = []
    for call in _CALL.finditer(without_comments(text)):
        arguments = [double or single or number for double, single, number in _ARGUMENT.findall(call[1])]
        numbers = [int(each) for each in takewhile(str.isdecimal, arguments)]
        names = [each for each in arguments[len(numbers) :] if not each.lstrip("-").isdecimal()]
        # UCAP has a call of the same name that begins with the pager's element, and counts from 1.
        if numbers and len(names) >= 2:
            found.append((numbers, names))
    return found


def _pager(text: str) -> tuple[int, str, str] | None:
    """How many pages, and how they are named: (pages, current, name, suffix), or records before all that."""
    for numbers, names in _calls(text):
        count = numbers[1] if len(numbers) >= 3 else numbers[0]
        pairs = [pair for pair in pairwise(names) if _SUFFIX.fullmatch(pair[1])] or [(names[-2], names[-1])]
        name, suffix = pairs[0][0], pairs[0][1].lstrip(".")
        if re.fullmatch(r"[\w-]{1,40}", name) and re.fullmatch(r"\w{2,6}", suffix):
            return count, name, suffix
    counted = _COUNTED.search(without_comments(text))
    return (int(counted[1]), "", "") if counted else None
