"""安徽 openness: pages are path parts (page_2.html); body and year stand in the address of a report.

Seen until 2026-11 in Anhui and Inner Mongolia. Ids are taken from links that a page shows, and never reckoned.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.families import generic
from crawler.links import attachments_in
from crawler.page import Page, PageRequest, Row

_OWN = re.compile(
    r"/(?:Openness|Xxgk)AnnualReport/|/openness/(?:detail|list)|/OpennessContent/|/opennessList/|/public_?report/",
    re.I,
)
_COLUMN = re.compile(r"/page_\d+\.html$")


def score(page: Page) -> int:
    """The names of its addresses."""
    points = 50 if _OWN.search(page.url) else 0
    return points + (30 if _OWN.search(page.text) else 0)


def rows(page: Page) -> list[Row]:
    """The links of the page."""
    return generic.rows(page)


def pages(page: Page) -> list[PageRequest]:
    """What the pager links, and as many as a script says."""
    in_column = _COLUMN.search(urlsplit(page.url).path)
    return generic.numbered(page, "page_{}.html") if in_column else generic.pages(page)


def total(page: Page) -> int | None:
    """共52条, where a page says so."""
    return generic.total(page)


def attachments(page: Page) -> list[Row]:
    """Files by their type."""
    return attachments_in(page)
