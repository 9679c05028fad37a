"""昆明 and what is built like it: index_2.shtml … beside a folder, as far as the box for a page's number allows.

The page's script has no total, only the check of what is typed: if (ele.value>5). Seen until 2026-11 in Yunnan.
"""

from __future__ import annotations

import re

from crawler.families import generic
from crawler.links import attachments_in
from crawler.page import Page, PageRequest, Row
from crawler.paging.pagers import static_pages

MAX_PAGES = 300
_TYPED = re.compile(r"\bele\.value\s*>\s*[\"']?(\d{1,4})")
_DETAIL = re.compile(r"/c/\d{4}-\d{2}-\d{2}/\d+\.(s?html?)")


def score(page: Page) -> int:
    """The check of the box is sure; the way details are named is a sign."""
    points = 60 if _TYPED.search(page.text) else 0
    return points + (25 if _DETAIL.search(page.url) else 0)


def rows(page: Page) -> list[Row]:
    """The links of the page."""
    return generic.rows(page)


def pages(page: Page) -> list[PageRequest]:
    """As many as the check lets through, with the suffix of the details; or what a pager links."""
    last, detail = _TYPED.search(page.text), _DETAIL.search(page.text)
    known = (
        static_pages(page, min(int(last[1]), MAX_PAGES), suffix=detail[1] if detail else "shtml")
        if last
        else []
    )
    return known or generic.pages(page)


def total(page: Page) -> int | None:
    """共52条, where a page says so."""
    return generic.total(page)


def attachments(page: Page) -> list[Row]:
    """Files by their type."""
    return attachments_in(page)
