"""ASP.NET, PHP, JSP and the like: one program, its page in the query (page=, cur_page=) or in Index_2.aspx.

A pager that is a postback of __VIEWSTATE is sent back page by page, as its own function would; one whose page has no
such function is recorded and not followed, unless it has links as well. Seen until
2026-11 in Yunnan, Sichuan, Qinghai, Hebei; 动易 SiteFactory, phpcms and iList.jsp are among them.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.families import generic
from crawler.links import attachments_in
from crawler.page import Page, PageRequest, Row

_PROGRAM = re.compile(r"\.(?:aspx?|php|jspx?|thtml|action|do)$", re.I)


def score(page: Page) -> int:
    """A program with a query, or the state of a form."""
    parts = urlsplit(page.url)
    points = 15 if _PROGRAM.search(parts.path) else 0
    points += 5 if points and parts.query else 0
    return points + (10 if "__VIEWSTATE" in page.text else 0)


def rows(page: Page) -> list[Row]:
    """The links of the page."""
    return generic.rows(page)


def pages(page: Page) -> list[PageRequest]:
    """What the pager links."""
    return generic.pages(page)


def total(page: Page) -> int | None:
    """共52条, where a page says so."""
    return generic.total(page)


def attachments(page: Page) -> list[Row]:
    """Files by their type."""
    return attachments_in(page)
