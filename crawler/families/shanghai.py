"""上海 nw: static pages from index_2.html on, as a script says how many; a second copy of each row in a comment.

Seen until 2026-11. Years have archives at addresses of their own: /nw12344/ leads to /nw2024/.
"""

from __future__ import annotations

import re

from crawler.families import generic
from crawler.links import attachments_in
from crawler.page import Page, PageRequest, Row
from crawler.paging.pagers import static_pages
from crawler.paging.turns import last_page

MAX_PAGES = 300
_PAGER = re.compile(r"\.pagination\s*+\(\s*+\{[^}]{0,3000}?\btotalPage", re.I | re.S)
_OWN = re.compile(r"/nw\d+/")


def score(page: Page) -> int:
    """The call of its pager is sure; the way columns are named is a sign."""
    points = 60 if _PAGER.search(page.text) else 0
    return points + (40 if _OWN.search(page.url) else 0)


def rows(page: Page) -> list[Row]:
    """The links of the page; comments are no part of it."""
    return generic.rows(page)


def pages(page: Page) -> list[PageRequest]:
    """index_2.html … as far as totalPage says."""
    return static_pages(page, min(last_page(page) or 1, MAX_PAGES)) or generic.pages(page)


def total(page: Page) -> int | None:
    """共52条, where a page says so."""
    return generic.total(page)


def attachments(page: Page) -> list[Row]:
    """Files by their type."""
    return attachments_in(page)
