"""Lists that a page's script asks for as JSON, of no family that is known: the public address that the page itself calls.

Asked only when the page shows no list of its own. An answer is turned as its query or its form is, as long as rows come.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawler.links import absolute
from crawler.page import Page, PageRequest, Row
from crawler.queries import NUMBERS, more_after, query_number, turned, with_query
from crawler.records import data_of, number_in, object_at, rows_of

MOST = 3
_ASKS = re.compile(
    r"(?:\bfetch|\baxios(?:\.\w+)?|\$\.(?:get|getJSON|post|ajax)|jQuery\.(?:get|getJSON|post|ajax)|\burl\s*:|\.open)"
    r"\s*\(?\s*(?:[\"'](?:GET|POST)[\"']\s*,\s*)?\{?\s*(?:url\s*:\s*)?[\"'](?P<url>[^\"'\s]{3,500})[\"'](?P<rest>\s*,[^;]{0,600})?",
    re.I,
)
_DATA = re.compile(r"\b(?:data|params)\s*:\s*(?=\{)|^\s*,\s*(?=\{)")
_POST = re.compile(r"\b(?:type|method)\s*:\s*[\"']post[\"']", re.I)
# What pages ask for beside their lists, and what is no data.
_BESIDE = re.compile(
    r"\.(?:js|css|html?|shtml|png|jpe?g|gif|svg|ico|xml)(?:\?|$)|count|click|hits?\b|visit|stat|weather|log|captcha|login|user"
    r"|share|token|notice|comment|vote|search|guest",
    re.I,
)
_TOTALS = (
    "total",
    "totalCount",
    "totalRecord",
    "totalRecords",
    "totalElements",
    "recordCount",
    "count",
    "totalNum",
)
_SIZES = ("pageSize", "_pageSize", "size", "rows", "limit", "perPage", "per_page", "pagesize")


def asked(page: Page) -> list[PageRequest]:
    """What the scripts of a page ask its own host for."""
    found: dict[PageRequest, None] = {}
    for match in _ASKS.finditer(page.spelled):
        url = absolute(page.url, unescape(match["url"]))
        if url is None or urlsplit(url).netloc != urlsplit(page.url).netloc or _BESIDE.search(match["url"]):
            continue
        found[_request(url, match["rest"] or "", match[0])] = None
    return list(found)[:MOST]


def _request(url: str, rest: str, call: str) -> PageRequest:
    data = _DATA.search(rest)
    values = object_at(rest, data.end()) if data else None
    fields = {str(name): str(value) for name, value in values.items()} if isinstance(values, dict) else {}
    if _POST.search(rest) or ".post" in call:
        return PageRequest(url, "POST", urlencode(fields))
    return PageRequest(with_query(url, fields) if fields else url)


def rows(page: Page) -> list[Row]:
    """The records of an answer."""
    return rows_of(data_of(page), page.shown_on or page.url)


def total(page: Page) -> int | None:
    """How many records an answer announces."""
    return number_in(data_of(page), *_TOTALS)


def following(page: Page) -> list[PageRequest]:
    """The next page of an answer, when its query or its form has a number that can be turned."""
    form = dict(parse_qsl(page.request_body, keep_blank_values=True))
    named = next(_numbered(form), "") if form else ""
    number = int(form[named]) if named else query_number(page.url, *NUMBERS)
    if number is None:
        return []
    size = _size(form) or query_number(page.url, *_SIZES) or 0
    number, first = max(number, 1), number == 0
    if not more_after(number, size, len(rows(page)), page.seen, total(page) or page.announced):
        return []
    after = 1 if first else number + 1
    if named:
        return [PageRequest(page.url, page.method, urlencode({**form, named: after}))]
    return [PageRequest(turned(page.url, after), page.method, page.request_body)]


def _numbered(form: Mapping[str, str]) -> Iterator[str]:
    wanted = {name.lower() for name in NUMBERS}
    return (name for name, value in form.items() if name.lower() in wanted and value.isdecimal())


def _size(form: Mapping[str, str]) -> int | None:
    wanted = {name.lower() for name in _SIZES}
    return next((int(v) for name, v in form.items() if name.lower() in wanted and v.isdecimal()), None)
