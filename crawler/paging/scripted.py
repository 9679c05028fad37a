"""Rows that only a page's scripts and clicks know: what they open, what they write, what they hold as a list."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice

from crawler.links import date_in, rows_in, squeeze, text_of, title_beside
from crawler.page import Page, Row, parse, select
from crawler.paging.acts import Act, acts_of
from crawler.paging.pagers import choices
from crawler.paging.records import literal_at, rows_of
from crawler.paging.turns import TURN

MAX_LISTS = 20
_LIST = re.compile(r"(?:[=:(,]|^)\s*(?=\[\s*\{)")
_HAS_ADDRESS = re.compile(r"[\"']?\b\w{0,40}(?:url|link|href)\w{0,40}[\"']?\s*+:", re.I)
_YEAR = re.compile(r"(?:19|20)\d{2}\s*年?度?")


def rows(page: Page, base: str) -> Iterator[Row]:
    """All of them, in the order of the surest first."""
    yield from _clicked(page)
    yield from rows_in(parse(acts_of(page).written), base)
    yield from _held(page, base)
    yield from _chosen(page)


def _clicked(page: Page) -> Iterator[Row]:
    """Rows that are clicked, and links whose address a function of the page makes of an id."""
    for act in acts_of(page).rows:
        request = next((each for each in act.first if not each.body and not each.inserted), None)
        if request is not None and request.url != page.url and not TURN.match(act.shown):
            yield Row(request.url, *_shown(act))


def _shown(act: Act) -> tuple[str, str]:
    """The title and the date of what is clicked: a link, or a whole row with both in it."""
    element = act.element
    if element is None:
        return act.shown, date_in(act.shown)
    if element.tag == "a":
        return title_beside(element)
    pieces = [squeeze(str(piece)) for piece in select(element, ".//text()[not(parent::script)]")]
    title = squeeze(element.get("title")) or max(pieces, key=len, default="")
    return title, date_in(text_of(element))


def _held(page: Page, base: str) -> Iterator[Row]:
    """The records of the lists that scripts hold: as they stand there, and as they are when the scripts have run."""
    for script in page.tree.iter("script"):
        text = script.text or ""
        for match in islice(_LIST.finditer(text), MAX_LISTS) if _HAS_ADDRESS.search(text) else ():
            yield from rows_of(literal_at(text, match.end()), base)
    for held in acts_of(page).data:
        yield from rows_of(json.loads(held), base)


def _chosen(page: Page) -> Iterator[Row]:
    """The years and the bodies of drop-downs that lead to other pages of the same program."""
    for request, shown in choices(page):
        if not request.body:
            yield Row(
                request.url, shown, belongs=bool(_YEAR.fullmatch(shown)) or _is_own(request.url, page.url)
            )


def _is_own(url: str, own: str) -> bool:
    return url.partition("?")[0] == own.partition("?")[0]
