"""Any site: every link is a row, and any pager that leads on by plain links is followed."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import urlsplit

from crawler.links import absolute, attachments_in, base_of, rows_in, text_of
from crawler.page import Element, Page, PageRequest, Row

_NEXT = re.compile(r"^[\s>›»]*(?:下一页|下页|后一页|下一頁|next)[\s>›»]*$", re.I)
_NUMBER = re.compile(r"^[\[(（]?\s*第?\s*(\d{1,3})\s*页?\s*[\])）]?$")
_PAGER = re.compile(r"page|pagin|pager|fenye|yema|turn|fy|p_no|p_next|pb_sys", re.I)
_TOTAL = re.compile(r"共\s*(?:<[^>]*>\s*)*(\d{1,6})\s*(?:</[^>]*>\s*)*(?:条|篇|项)")


def score(page: Page) -> int:
    """What no family claims is read by this one."""
    return 1


def rows(page: Page) -> list[Row]:
    """Every link of the page. What leads out of the column is dropped where links are decided upon."""
    pagers = {request.url for request in pages(page)}
    return [row for row in rows_in(page.tree, base_of(page)) if row.url not in pagers]


def pages(page: Page) -> list[PageRequest]:
    """下一页 wherever it stands, and the page numbers of an element that says it is a pager."""
    base, found = base_of(page), {}
    for anchor in page.tree.iter("a"):
        shown = text_of(anchor)
        url = absolute(base, anchor.get("href") or "")
        if url is None or url == page.url or not _same_listing(url, page.url):
            continue
        if _NEXT.match(shown) or (_NUMBER.match(shown) and _in_pager(anchor)):
            found[url] = PageRequest(url)
    return list(found.values())


def total(page: Page) -> int | None:
    """共52条, where a page says so."""
    found = _TOTAL.search(page.text)
    return int(found[1]) if found else None


def attachments(page: Page) -> list[Row]:
    """Files by their type, in links, frames and viewers."""
    return attachments_in(page)


def _in_pager(anchor: Element) -> bool:
    """Whether an ancestor close by calls itself a pager, or the link stands among other numbers."""
    near = list(islice(anchor.iterancestors(), 3))
    if any(_PAGER.search(f"{node.get('class') or ''} {node.get('id') or ''}") for node in near):
        return True
    return any(word in text_of(near[-1]) for word in ("下一页", "尾页", "末页")) if near else False


def _same_listing(url: str, own: str) -> bool:
    """Pages of one listing share the host and, but for their last part, the path."""
    left, right = urlsplit(url), urlsplit(own)
    if left.netloc != right.netloc:
        return False
    folder = right.path.rsplit("/", 1)[0]
    stem = re.sub(r"\.\w+$", "", right.path)
    return left.path.rsplit("/", 1)[0] in (folder, stem) or left.path == right.path
