"""NFCMS (南方新媒体): static columns beside gkmlpt, where page 2 is index_2.html. Seen until 2026-11 in Guangdong."""

from __future__ import annotations

import re

from crawler.families import generic
from crawler.links import attachments_in
from crawler.page import Page, PageRequest, Row
from crawler.paging.pagers import static_pages
from crawler.paging.turns import last_page

MAX_PAGES = 300
_DETAIL = re.compile(r"/content/m?post_\d+\.html|/m?post_\d+\.html")


def score(page: Page) -> int:
    """Its globals are sure; the way details are named is a sign."""
    points = 60 if "NFCMS_SITE_ID" in page.text or "NFCMS_POST_ID" in page.text else 0
    return points + (30 if _DETAIL.search(page.url) or _DETAIL.search(page.text) else 0)


def rows(page: Page) -> list[Row]:
    """The links of the page."""
    return generic.rows(page)


def pages(page: Page) -> list[PageRequest]:
    """What the pager links; where a script draws it, as many as that says."""
    return generic.pages(page) or static_pages(page, min(last_page(page) or 1, MAX_PAGES))


def total(page: Page) -> int | None:
    """共52条, where a page says so."""
    return generic.total(page)


def attachments(page: Page) -> list[Row]:
    """Files by their type."""
    return attachments_in(page)
