"""Lists that a page asks for, of no family that is known: the public address that the page itself calls.

Asked only when the page shows no list of its own, or less of it than it announces. An answer is turned as its query
or its form is, as long as rows come.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawler.links import absolute, base_of, rows_in
from crawler.page import Element, Page, PageRequest, Row, Turn, parse
from crawler.paging.acts import acts_of
from crawler.paging.queries import NUMBERS, more_after, query_number, turned, with_query
from crawler.paging.records import data_of, number_in, pieces_of, rows_of
from crawler.paging.series import before, between, numbered

MOST = 5
# Names of attributes and of what stands for a number in the address that one has.
_ADDRESS = re.compile(
    r"^(?:https?:/)?/?[\w.-]*[/?][^\s<>\"'\\]{2,400}$|^[\w-]+\.(?:json|do|action|jsp|aspx?|php)\b[^\s<>\"']*$",
    re.I,
)
_PLACE = re.compile(
    r"\{\{?\s*(?:page\w*|p|n|num|index|0|\w*[pP]age)\s*\}?\}|\[page\w*\]|\$\{?page\w*\}?|(?<=[=/_])(?:%d|:page\w*|#page#|@page)",
    re.I,
)
_SAID_NUMBER = re.compile(
    r"^data-(?P<name>page|page-?no|page-?num|page-?index|p|current(?:-?page)?|next(?:-?page)?)$", re.I
)
_SAID_SIZE = re.compile(r"^data-(?:page-?)?(?:size|rows|limit)$", re.I)
_MEDIA = frozenset(
    "img script link video audio source embed object iframe frame input base form meta".split()
)
# What pages ask for beside their lists, and what is no data.
_BESIDE = re.compile(
    r"\.(?:js|css|png|jpe?g|gif|svg|ico|pdf|docx?|xlsx?|zip|mp4)(?:\?|$)|count|click|hits?\b|visit|stat(?!ic)|weather|log(?!list)|captcha|login|user"
    r"|share|token|notice|comment|vote|search|guest|(?:^|[/_-])(?:head(?:er)?|foot(?:er)?|top|bottom|nav|menu|banner|left|right|sidebar|links?|copyright)(?:[._-]|$)",
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
    """What the scripts of a page ask its own host for when it opens, and how that goes on where they say so."""
    acts = acts_of(page)
    found = [each for each in acts.loaded if each.inserted and is_list(page, each.url)]
    later = [request for act in acts.turns for request in act.first if request.inserted]
    return [replace(each, turn=_turn(each, later)) for each in found][:MOST]


def _turn(request: PageRequest, later: Sequence[PageRequest]) -> Turn | None:
    """How a request goes on: as the clicks on the pager continue it, or by the number that it names."""
    turns = (between(request, each) for each in later)
    turn = next((each for each in turns if each is not None and len(each.numbers) == 1), None)
    return before(turn) if turn is not None else numbered(request, 1)


def is_list(page: Page, url: str) -> bool:
    """Whether an address of the page's own host may hold a list, by its name: counters and heads do not."""
    return urlsplit(url).netloc == urlsplit(page.url).netloc and not _BESIDE.search(url.split("/", 3)[-1])


def in_attributes(page: Page) -> list[PageRequest]:
    """Addresses that stand in attributes of elements, for a script that is not here to ask for."""
    found: dict[PageRequest, None] = {}
    for element in page.tree.iter():
        if not isinstance(element.tag, str) or element.tag in _MEDIA:
            continue
        for name, value in element.attrib.items():
            if _names_address(str(name)) and _ADDRESS.match(str(value).strip()):
                request = _attributed(page, element, str(value).strip())
                if request is not None and is_list(page, request.url) and request.url != page.url:
                    found[request] = None
    return list(found)[:MOST]


def _names_address(name: str) -> bool:
    named = re.search(r"url|api|action|src|load|source|query", name)
    return name.startswith("data-") or bool(named and re.fullmatch(r"\w+", name))


def _attributed(page: Page, element: Element, value: str) -> PageRequest | None:
    """The first request for the address of an attribute, with the number of a page that stands beside it."""
    place = _PLACE.search(value)
    url = absolute(base_of(page), value[: place.start()] + "1" + value[place.end() :] if place else value)
    if url is None:
        return None
    said = {str(name): str(each) for name, each in element.attrib.items()}
    number = next(
        ((m["name"], v) for name, v in said.items() if (m := _SAID_NUMBER.match(name)) and v.isdecimal()),
        None,
    )
    if number is not None and not place and query_number(url, *NUMBERS) is None:
        url = with_query(url, {"page": max(1, int(number[1]))})
    request = PageRequest(url, inserted=True)
    if place:
        ends = (
            absolute(base_of(page), value[: place.start()] + str(n) + value[place.end() :]) for n in (1, 2)
        )
        one, other = (PageRequest(each or "", inserted=True) for each in ends)
        turn = between(one, other)
        return replace(request, turn=before(turn) if turn else None)
    return replace(request, turn=numbered(request, int(number[1]) if number else 1))


def rows(page: Page) -> list[Row]:
    """The records of an answer, and the links of the markup in it."""
    data, base = data_of(page), page.shown_on or page.url
    pieces = pieces_of(data)
    return [*rows_of(data, base), *(rows_in(parse(pieces), base) if pieces else ())]


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
