"""LonSun (龙讯): a column a body (organ), type=3 for annual reports, rows from /site/label/8888.

type is 1 制度, 2 指南, 3 年报, 4 目录, 5 依申请. Seen until 2026-11 in Anhui, Hunan, Gansu, Sichuan, Hubei.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawler.families import generic
from crawler.links import absolute, attachments_in, once, rows_in
from crawler.page import Page, PageRequest, Row, select
from crawler.paging.queries import query_number, with_query
from crawler.paging.records import literal_after, walk
from crawler.paging.turns import last_page

LABEL = "/site/label/8888"
PAGE_SIZE = 15
MAX_PAGES = 300
_LITERAL = re.compile(r"[\"']([^\"'\s]*/site/label/8888(?:\?[^\"'\s]*)?)[\"']")
_ORGAN = re.compile(r"/public/column/(\d+)")
_DETAIL = re.compile(r"/public/(?:content|\d+)/\d+(?:\.html|$)|/content/(?:article/)?\d+")
_NAMES = (
    *(
        "IsAjax",
        "dataType",
        "labelName",
        "siteId",
        "pageSize",
        "action",
        "fuzzySearch",
        "fromCode",
        "keyWords",
    ),
    *(
        "sortType",
        "isDate",
        "dateFormat",
        "length",
        "organId",
        "type",
        "catIds",
        "catId",
        "cId",
        "result",
        "file",
    ),
)
_NOTHING = "暂无相关信息"


def score(page: Page) -> int:
    """The label's address is sure; the site's tag and the way columns are named are signs."""
    if LABEL in page.url:
        return 95
    text = page.text
    points = 50 if LABEL in text or "publicInfoList" in text else 0
    points += (
        40 if _ORGAN.search(page.url) or re.search(r"/public/(?:content|\d+)/\d+\.html", page.url) else 0
    )
    points += 20 if select(page.tree, "//meta[translate(@name,'SITED','sited')='siteid']") else 0
    return points + (20 if re.search(r"\borganId\b|\bpageCount\s*:", text) else 0)


def rows(page: Page) -> list[Row]:
    """The links of the page, with the organs of the tree led to their annual reports."""
    if LABEL in page.url:
        return rows_in(page.tree, page.shown_on or page.url)
    if query_number(page.url, "type") != 3:
        return generic.rows(page)
    own = (row for row in generic.rows(page) if not _elsewhere(row.url, page.url))
    return once([*_organs(page), *(replace(row, belongs=bool(_DETAIL.search(row.url))) for row in own)])


def pages(page: Page) -> list[PageRequest]:
    """The fragments that hold the rows: as many as pageCount says, or as long as they are full."""
    if LABEL in page.url:
        return _next(page)
    first = _first(page)
    if first is None:
        return generic.pages(page)
    shown = any(_DETAIL.search(row.url) and row.date for row in generic.rows(page))
    last = last_page(page)
    numbers = range(2 if shown else 1, min(last or 1, MAX_PAGES) + 1) if last or not shown else (2,)
    return [PageRequest(with_query(first, {"pageIndex": number})) for number in numbers]


def total(page: Page) -> int | None:
    """共52条, where a page says so."""
    return generic.total(page)


def attachments(page: Page) -> list[Row]:
    """/group6/M00/…/xxx.docx, named by its link."""
    return attachments_in(page)


def _organs(page: Page) -> Iterator[Row]:
    """Each organ that the page links or that its script's tree names, at its annual reports."""
    own = _ORGAN.search(page.url)
    for row in generic.rows(page):
        organ = _ORGAN.search(row.url)
        if organ and own and organ[1] != own[1] and query_number(row.url, "type") in (None, 4):
            yield Row(_column(page, organ[1]), row.title)
    for record in walk(literal_after(page.text, "(?:zNodes|organTree|organs)")):
        number = record.get("organId") or record.get("id")
        if own and str(number).isdecimal() and isinstance(record.get("name"), str):
            yield Row(_column(page, str(number)), record["name"])


def _column(page: Page, organ: str) -> str:
    """The annual reports of another organ, asked for as those of this one are."""
    parts = urlsplit(page.url)
    action = dict(parse_qsl(parts.query)).get("action", "list")
    path = _ORGAN.sub(f"/public/column/{organ}", parts.path)
    return parts._replace(path=path, query=f"type=3&action={action}").geturl()


def _elsewhere(url: str, own: str) -> bool:
    """Whether a link leads to another part of an organ: its guide, its rules, its catalogue, its home."""
    return bool(_ORGAN.search(url)) and query_number(url, "type") != 3 and url != own


def _first(page: Page) -> str | None:
    """The label's address as the page's script writes it, or as its parameters make it."""
    found = [unescape(each) for each in _LITERAL.findall(page.spelled)]
    whole = next((each for each in found if "organId=" in each or "labelName=" in each), "")
    if whole:
        return absolute(page.url, whole)
    query = dict(_parameters("\n".join(script.text or "" for script in page.tree.iter("script"))))
    if not (found or "labelName" in query) or "organId" not in query:
        return None
    query = {"IsAjax": "1", "dataType": "html", "pageSize": str(PAGE_SIZE), **query}
    return absolute(page.url, f"{found[0] if found else LABEL}?{urlencode(query)}")


def _parameters(text: str) -> Iterator[tuple[str, str]]:
    for name in _NAMES:
        match = re.search(rf"\b{name}[\"']?\s*[:=]\s*(?:\"([^\"]*)\"|'([^']*)'|([\w.-]+))", text)
        if match:
            yield name, next(group for group in match.groups() if group is not None)


def _next(page: Page) -> list[PageRequest]:
    """The fragment after this one, when this one is full."""
    number = query_number(page.url, "pageIndex") or 1
    size = query_number(page.url, "pageSize") or PAGE_SIZE
    listed = 0 if _NOTHING in page.words else len(rows(page))
    last = last_page(page)
    more = number < last if last else listed >= size
    return [PageRequest(with_query(page.url, {"pageIndex": number + 1}))] if more else []
