"""陕西 集约化: columns are 1.html, 2.html, …; a detail is named by 19 digits, or by 24 hex digits before 2023.

Seen until 2026-11 in Xi'an, Weinan, Yangling, Yan'an. A report may be listed under both of its ids.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.families import generic
from crawler.links import attachments_in
from crawler.page import Page, PageRequest, Row

_COLUMN = re.compile(r"/\d{1,3}\.html$")
_DETAIL = re.compile(r"/(?:\d{18,20}|[0-9a-f]{24})\.html")


def score(page: Page) -> int:
    """Its two ways of naming, together."""
    own = urlsplit(page.url).path
    named = bool(_DETAIL.search(page.text))
    points = 30 if _COLUMN.search(own) else 0
    return points + (30 if _DETAIL.search(own) or (points and named) else 0)


def rows(page: Page) -> list[Row]:
    """The links of the page."""
    return generic.rows(page)


def pages(page: Page) -> list[PageRequest]:
    """What the pager links, and as many as a script says."""
    in_column = _COLUMN.search(urlsplit(page.url).path)
    return generic.numbered(page, "{}.html") if in_column else generic.pages(page)


def total(page: Page) -> int | None:
    """共52条, where a page says so."""
    return generic.total(page)


def attachments(page: Page) -> list[Row]:
    """Files by their type."""
    return attachments_in(page)
