"""VSB (博达): static pages whose numbers descend, so the next page of zfxxgknb.htm is zfxxgknb/10.htm.

Links of the pager are relative to the column on its first page and to their own folder later; attachments come
from download.jsp without a type in the address. Seen until 2026-11 in Yunnan, Gansu, Sichuan, Xinjiang, Tibet.
"""

from __future__ import annotations

import re

from crawler.families import generic
from crawler.links import attachments_in
from crawler.page import Page, PageRequest, Row

_PAGER = re.compile(r"class=[\"']?[^\"'>]{0,200}\b(?:pb_sys_\w+|p_no(?:_d)?|p_next|p_t|p_pages)\b", re.I)
_TEXT = re.compile(
    r"\bvsb_content\w*|\bv_news_content\b|_newscontent_fromname|_showDynClick|Visual SiteBuilder"
)
_DYNAMIC = re.compile(r"urltype=(?:tree\.TreeTempUrl|news\.NewsContentUrl|news\.DownloadAttachUrl)")
_DETAIL = re.compile(r"/info/\d+/\d+\.htm$")


def score(page: Page) -> int:
    """The pager's class names, the editor's, and the addresses of its templates."""
    text = page.text
    points = 50 if _PAGER.search(text) else 0
    points += 50 if _TEXT.search(text) else 0
    points += 40 if _DYNAMIC.search(page.url) or _DYNAMIC.search(text) else 0
    return points + (20 if _DETAIL.search(page.url) else 0)


def rows(page: Page) -> list[Row]:
    """The links of the page."""
    return generic.rows(page)


def pages(page: Page) -> list[PageRequest]:
    """The pages that the pager links; their numbers are never reckoned."""
    return generic.pages(page)


def total(page: Page) -> int | None:
    """共52条."""
    return generic.total(page)


def attachments(page: Page) -> list[Row]:
    """download.jsp, named by its link."""
    return attachments_in(page)
