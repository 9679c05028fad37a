"""慧兰 eportal: pages by ?currentPage=2, by javascript:next(2), or static. Seen until 2026-11 in Beijing and Hebei."""

from __future__ import annotations

import re

from crawler.families import generic
from crawler.links import attachments_in
from crawler.page import Page, PageRequest, Row
from crawler.paging.forms import form_with, submit
from crawler.paging.queries import with_query
from crawler.paging.turns import is_turn

FIELD = "currentPage"
_NEXT = re.compile(r"\bnext\s*\(\s*[\"']?(\d{1,4})[\"']?\s*\)")


def score(page: Page) -> int:
    """Its path and its scripts' name are sure; a call of next(2) is a sign."""
    points = 50 if "/eportal/" in page.url else 0
    points += 40 if "huilan" in page.lower or "/eportal/ui?" in page.text else 0
    return points + (40 if re.search(r"javascript:\s*next\(", page.text) else 0)


def rows(page: Page) -> list[Row]:
    """The links of the page."""
    return generic.rows(page)


def pages(page: Page) -> list[PageRequest]:
    """What the pager links, and what next(2) would send."""
    return list(dict.fromkeys([*generic.pages(page), *_called(page)]))


def total(page: Page) -> int | None:
    """共52条, where a page says so."""
    return generic.total(page)


def attachments(page: Page) -> list[Row]:
    """Files by their type."""
    return attachments_in(page)


def _called(page: Page) -> list[PageRequest]:
    """next(2) puts the number into the form's currentPage, or into the address where there is no form."""
    if re.search(r"function\s+next\s*\(", page.text):
        return []  # the page says itself what it does
    found = []
    form = form_with(page, FIELD)
    for anchor in page.tree.iter("a"):
        call = _NEXT.search(f"{anchor.get('href') or ''} {anchor.get('onclick') or ''}")
        if call and is_turn(anchor):
            request = submit(page, form, {FIELD: call[1]}) if form is not None else None
            found.append(request or PageRequest(with_query(page.url, {FIELD: call[1]})))
    return [request for request in found if request.url != page.url or request.body]
