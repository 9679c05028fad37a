"""Rows that only a page's scripts and clicks know: what they open, what they write, what they hold as a list.

No script is run. What is written out is read; what is put together of names that the page does not say is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from crawler.functions import calls_of, resolve
from crawler.links import absolute, clicked, date_in, rows_in, squeeze, text_of, title_beside
from crawler.page import Element, Page, Row, parse, select
from crawler.pagers import TURN, choices, shown_by
from crawler.records import literal_at, rows_of

MAX_CLICKS = 1000
MAX_LISTS = 20
_STRING = re.compile(r"'((?:[^'\\\n]|\\.)*)'|\"((?:[^\"\\\n]|\\.)*)\"|`((?:[^`\\]|\\.)*)`")
_ESCAPED = re.compile(r"\\([\"'/`])")
_WRITES = re.compile(r"document\.write|innerHTML|\.(?:append|prepend|html|join|push)\s*\(|\+=")
_ANCHOR = re.compile(r"<a\s[^>]*href", re.I)
_LIST = re.compile(r"(?:[=:(,]|^)\s*(?=\[\s*\{)")
_HAS_ADDRESS = re.compile(r"[\"']?\b\w*(?:url|link|href)\w*[\"']?\s*:", re.I)
# Rows that a script writes, Wuhan 2026: var url="./202602/t….shtml"; var title="…"; document.writeln(…)
_PAIR = re.compile(
    r"url\s*=\s*([\"'])(?P<url>[^\"']{3,300})\1\s*;?\s*(?:var\s+)?title\s*=\s*([\"'])(?P<title>[^\"']{1,300})\3",
    re.S | re.I,
)
_YEAR = re.compile(r"(?:19|20)\d{2}\s*年?度?")


def rows(page: Page, base: str) -> Iterator[Row]:
    """All of them, in the order of the surest first."""
    yield from _paired(page, base)
    yield from _clicks(page, base)
    yield from _written(page, base)
    yield from _listed(page, base)
    yield from _chosen(page)


def _clicks(page: Page, base: str) -> Iterator[Row]:
    """Rows that are clicked, and links whose address a function of the page makes of an id."""
    elements = select(page.tree, "//*[@onclick or starts-with(@href, 'javascript:')]")
    for element in elements[:MAX_CLICKS]:
        plain = element.tag == "a" and absolute(base, element.get("href") or "")
        if plain or TURN.match(shown_by(element)):
            continue
        url = clicked(element, base) or _called(page, element)
        if url is not None and url != page.url:
            yield Row(url, *_shown(element))


def _called(page: Page, element: Element) -> str | None:
    """Where a function of the page goes that an element calls with something of its own."""
    for name, arguments in calls_of(element):
        request = resolve(page, name, arguments) if arguments.strip() else None
        if request is not None and not request.body:
            return request.url
    return None


def _shown(element: Element) -> tuple[str, str]:
    """The title and the date of what is clicked: a link, or a whole row with both in it."""
    if element.tag == "a":
        return title_beside(element)
    whole = text_of(element)
    pieces = [squeeze(str(piece)) for piece in select(element, ".//text()[not(parent::script)]")]
    title = squeeze(element.get("title")) or max(pieces, key=len, default="")
    return title, date_in(whole)


def _written(page: Page, base: str) -> Iterator[Row]:
    """The links in the strings of scripts that write them into the page."""
    if "<a" not in page.lower:
        return
    for script in page.tree.iter("script"):
        text = script.text or ""
        if _ANCHOR.search(text) and _WRITES.search(text):
            strings = (next(filter(None, each), "") for each in _STRING.findall(text))
            markup = _ESCAPED.sub(r"\1", "\n".join(strings))
            yield from rows_in(parse(markup), base)


def _paired(page: Page, base: str) -> Iterator[Row]:
    """The rows of scripts that give an address and a title to two names."""
    for script in page.tree.iter("script"):
        for match in _PAIR.finditer(script.text or ""):
            url = absolute(base, match["url"])
            if url:
                yield Row(url, match["title"].strip())


def _listed(page: Page, base: str) -> Iterator[Row]:
    """The records of the lists that scripts hold."""
    for script in page.tree.iter("script"):
        text = script.text or ""
        if not _HAS_ADDRESS.search(text):
            continue
        for match in islice(_LIST.finditer(text), MAX_LISTS):
            yield from rows_of(literal_at(text, match.end()), base)


def _chosen(page: Page) -> Iterator[Row]:
    """The years and the bodies of drop-downs that lead to other pages of the same program."""
    for request, shown in choices(page):
        if not request.body:
            yield Row(
                request.url, shown, belongs=bool(_YEAR.fullmatch(shown)) or _is_own(request.url, page.url)
            )


def _is_own(url: str, own: str) -> bool:
    return url.partition("?")[0] == own.partition("?")[0]
