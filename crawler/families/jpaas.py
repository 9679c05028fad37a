"""Hanweb jpaas (大汉集约化): the first rows stand in the page, further ones come as JSON from build/unit.

Some sites answer page 1 for every pageNo (parseType=bulidstatic, Zhejiang 2026): whoever walks has to compare.
The variant of Jiangxi holds its rows in a script as listData and turns by pageNum.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from crawler.families import generic
from crawler.links import attachments_in, once, rows_in
from crawler.page import Page, PageRequest, Row, before_last, parse, select
from crawler.paging.queries import more_after, query_number, with_query
from crawler.paging.records import data_of, literal_after, number_in, rows_of

PAGE_SIZE = 15
MAX_UNITS = 3
_API = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_LITERAL = re.compile(r"[\"']([^\"'\s]*/jpaas-publish-server/front/page/build/unit)[^\"']*[\"']")
_PAIR = re.compile(r"[\"'](\w+)[\"']\s*:\s*(?:\"([^\"]*)\"|'([^']*)'|([\w.-]+))")
_COUNT = re.compile(r"\bcount\s*=\s*\\?[\"']?(\d+)")
_ROWS = re.compile(r"\brows\s*=\s*\\?[\"']?(\d+)")
_DETAIL = re.compile(r"/art/\d{4}/art_\w+\.html|/art/\d+/\w+\.html")
_COLUMN = re.compile(r"/col/\d+_\d+/")
_SETTINGS = re.compile(r"\bparams\s*=\s*\{(.*?)\}", re.S)
_PARAMS = re.compile(r"\b(\w+)\s*:\s*(?:\[\s*)?[\"']?([\w.-]+)")


def score(page: Page) -> int:
    """The unit's data is sure; the gateway's name and the way URLs are built are signs."""
    if "jpaas-publish-server" in page.url:
        return 95
    text = page.text
    points = 60 if re.search(r"queryData\s*=\s*[\"']\s*\{", text, re.I) else 0
    points += 40 if "jpaas-publish-server" in text else 0
    points += 80 if _is_jiangxi(text) else 0
    return points + (25 if _COLUMN.search(page.url) or _DETAIL.search(page.url) else 0)


def rows(page: Page) -> list[Row]:
    """The links of the page, those of an answer's markup, or the records of a script."""
    if page.is_data:
        return rows_in(parse(_markup(page)), page.shown_on or page.url)
    return once([*rows_of(literal_after(page.text, "listData"), page.url), *generic.rows(page)])


def pages(page: Page) -> list[PageRequest]:
    """The next page of the unit, while its count says that there is one."""
    if page.is_data:
        return _next(page)
    if _is_jiangxi(page.text):
        return _jiangxi(page)
    return list(_units(page)) or generic.pages(page)


def total(page: Page) -> int | None:
    """The pagination's count."""
    markup = _markup(page) if page.is_data else page.text
    found = _COUNT.search(markup)
    if found:
        return int(found[1])
    if page.is_data:
        return number_in(data_of(page), "count", "total", "totalCount")
    listed = literal_after(page.text, "listData") if _is_jiangxi(page.text) else None
    return number_in(listed, "total", "totalCount", "totalRecord", "count") or generic.total(page)


def attachments(page: Page) -> list[Row]:
    """/attach/-1/2402151557302341324.pdf, named by its link."""
    return attachments_in(page)


def _is_jiangxi(text: str) -> bool:
    return bool(re.search(r"listData\s*=\s*\{", text)) and ("articleList" in text or "loadPageData(" in text)


def _markup(page: Page) -> str:
    """The markup that an answer carries."""
    data = data_of(page)
    html = data.get("data", data) if isinstance(data, dict) else data
    html = html.get("html", "") if isinstance(html, dict) else html
    return html if isinstance(html, str) else ""


def _size(markup: str) -> int:
    found = _ROWS.search(markup)
    return max(1, int(found[1])) if found else PAGE_SIZE


def _units(page: Page) -> Iterator[PageRequest]:
    """A request for each unit of the page that has more rows than the page shows."""
    shown = sum(bool(row.date or _DETAIL.search(row.url)) for row in generic.rows(page))
    counted, size = total(page), _size(page.text)
    if counted is not None and counted <= min(size, shown):
        return
    literal = _LITERAL.search(page.spelled)
    for unit in select(page.tree, "//*[@querydata]")[:MAX_UNITS]:
        query = _query(unit.get("querydata") or "")
        number = 2 if shown else 1
        query["paramJson"] = json.dumps({"pageNo": number, "pageSize": size}, separators=(",", ":"))
        yield PageRequest(
            urljoin(page.url, unit.get("url") or (literal[1] if literal else _API)) + "?" + urlencode(query)
        )


def _query(text: str) -> dict[str, str]:
    return {match[1]: match[2] or match[3] or match[4] or "" for match in _PAIR.finditer(unescape(text))}


def _next(page: Page) -> list[PageRequest]:
    parts = urlsplit(page.url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    turned = _turned(query.get("paramJson", ""))
    number, size = int(turned.get("pageNo") or 1), int(turned.get("pageSize") or _size(_markup(page)))
    announced = total(page) or page.announced
    listed = len(rows(page))
    if not more_after(number, size, listed, page.seen, announced):
        return []
    query["paramJson"] = json.dumps({**turned, "pageNo": number + 1}, separators=(",", ":"))
    return [PageRequest(urlunsplit(parts._replace(query=urlencode(query))))]


def _turned(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _jiangxi(page: Page) -> list[PageRequest]:
    """The page itself with the next pageNum, and with the uid that its script names."""
    script = _SETTINGS.search(before_last(page.text, "}"))
    params = dict(_PARAMS.findall(script[1])) if script else {}
    number = query_number(page.url, "pageNum") or int(params.get("current", "1") or 1)
    listed = len(rows_of(literal_after(page.text, "listData"), page.url))
    size = int(params["perPage"]) if params.get("perPage", "").isdecimal() else listed or PAGE_SIZE
    announced = total(page) or page.announced
    if not more_after(number, size, listed, page.seen, announced):
        return []
    uid = dict(parse_qsl(urlsplit(page.url).query)).get("uid") or params.get("unitid", "")
    return [PageRequest(with_query(page.url, {**({"uid": uid} if uid else {}), "pageNum": number + 1}))]
