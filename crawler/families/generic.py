"""Any site: every link is a row, and any pager that says where it leads is followed.

Links of numbers and of 下一页, functions and forms of the page's own scripts, drop-downs of page numbers.
"""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import urljoin, urlsplit

from crawler.links import absolute, attachments_in, base_of, is_attachment, once, rows_in, text_of
from crawler.page import Element, Page, PageRequest, Row, select
from crawler.paging import apis, scripted
from crawler.paging.pagers import called, chosen, drawn
from crawler.paging.queries import NUMBERS, query_number
from crawler.paging.records import rows_of_xml
from crawler.paging.turns import NEXT, is_first, last_page, shown_by

_NUMBER = re.compile(r"^[\[(（]?\s*+第?\s*+(\d{1,3})\s*+页?\s*+[\])）]?$")
_ARROW = re.compile(r"^(?:>|›|»|&gt;|尾页|末页|最后一?页|last)$", re.I)
_PAGER = re.compile(r"page|pagin|pager|fenye|yema|turn|fy|p_no|p_next|pb_sys", re.I)
_TOTAL = re.compile(
    r"共(?:有|计)?\s*+(?:<[^>]{0,500}+>\s*+)*+(\d{1,6})\s*+(?:</[^>]{0,500}+>\s*+)*+(?:条|篇|项|个记录|记录)"
    r"|(?:总条数|总记录数?|记录总数|总数)\s*+[:：]?\s*+(?:<[^>]{0,500}+>\s*+)*+(\d{1,6})"
)
_ONLY_TURNS = re.compile(r"^[\s\d\[\]()（）|.…<>«»‹›共第页条/]+$")
_ID = re.compile(r"\d+")
_SHELL = 600
MAX_FRAMES, MAX_PAGES = 3, 300


def score(page: Page) -> int:
    """What no family claims is read by this one."""
    return 1


def rows(page: Page) -> list[Row]:
    """Every link of the page. What leads out of the column is dropped where links are decided upon."""
    if page.is_data:
        return apis.rows(page)
    turned = {request.url for request in pages(page)}
    base = base_of(page)
    if page.is_xml:
        return once([*rows_of_xml(page.text, page.shown_on or page.url), *rows_in(page.tree, base)])
    found = once([*rows_in(page.tree, base), *scripted.rows(page, base)])
    return [row for row in found if row.url not in turned]


def pages(page: Page) -> list[PageRequest]:
    """下一页 wherever it stands, and the page numbers of an element that says it is a pager."""
    if page.is_data:
        return apis.following(page)
    known: list[PageRequest] | None = page.memo.get("pages")
    if known is None:
        known = page.memo["pages"] = _pages(page)
    return known


def _pages(page: Page) -> list[PageRequest]:
    base, found = base_of(page), dict[PageRequest, None]()
    for anchor in page.tree.iter("a"):
        url = absolute(base, anchor.get("href") or "")
        if url is not None and url != page.url and _turns(anchor, url, page.url):
            found[PageRequest(url)] = None
    further = [*found, *called(page), *chosen(page)] or drawn(page)
    # A page of next to nothing but frames is turned to what they show.
    return list(dict.fromkeys(further or (framed(page) if len(page.words) <= _SHELL else [])))


def numbered(page: Page, name: str) -> list[PageRequest]:
    """What the pager links, and beside the page as many as a script says, each called `name` with its number."""
    last = min(last_page(page) or 1, MAX_PAGES)
    said = (PageRequest(urljoin(page.url, name.format(number))) for number in range(2, last + 1))
    return list(dict.fromkeys([*pages(page), *(each for each in said if each.url != page.url)]))


def total(page: Page) -> int | None:
    """共52条, where a page says so."""
    if page.is_data:
        return apis.total(page)
    found = _TOTAL.search(page.text)
    return int(found[1] or found[2]) if found else None


def framed(page: Page) -> list[PageRequest]:
    """The pages of this site that a page shows in frames."""
    base, own = base_of(page), urlsplit(page.url).netloc
    sources = (absolute(base, str(each)) for each in select(page.tree, "//iframe/@src | //frame/@src"))
    urls = dict.fromkeys(
        url for url in sources if url and urlsplit(url).netloc == own and not is_attachment(url)
    )
    others = [url for url in urls if "viewer" not in url and url != page.url]
    return [PageRequest(url) for url in others[:MAX_FRAMES]]


def attachments(page: Page) -> list[Row]:
    """Files by their type, in links, frames and viewers."""
    return attachments_in(page)


def _turns(anchor: Element, url: str, own: str) -> bool:
    """Whether a link turns the page of this listing."""
    shown = shown_by(anchor)
    if NEXT.match(shown) or anchor.get("rel") == "next":
        return _same_listing(url, own) or _below(url, own)
    number = _NUMBER.match(shown)
    following = query_number(url, *NUMBERS) == 1 + (query_number(own, *NUMBERS) or 1)
    if (number or _ARROW.match(shown)) and following and urlsplit(url).path == urlsplit(own).path:
        return True
    if not (number or _ARROW.match(shown)) or is_first(shown) or not _in_pager(anchor):
        return False
    return _same_listing(url, own) or (number is not None and _is_page_below(url, own, number[1]))


def _is_page_below(url: str, own: str, number: str) -> bool:
    """Whether a folder of an address is that of the page of this number: /nb/page/2/ of /nb/."""
    rest = urlsplit(url).path.removeprefix(urlsplit(own).path.rsplit("/", 1)[0])
    return _below(url, own) and re.findall(r"\d+", rest) == [number]


def _in_pager(anchor: Element) -> bool:
    """Whether an ancestor close by calls itself a pager, or the link stands among other numbers."""
    near = list(islice(anchor.iterancestors(), 3))
    if any(_PAGER.search(f"{node.get('class') or ''} {node.get('id') or ''}") for node in near):
        return True
    if any(word in text_of(node) for node in near[-1:] for word in ("下一页", "下页", "尾页", "末页")):
        return True
    return any(len(node) > 1 and _ONLY_TURNS.match(text_of(node)) for node in near)


def _same_listing(url: str, own: str) -> bool:
    """Pages of one listing share the host and, but for their last part or their numbers, the path."""
    left, right = urlsplit(url), urlsplit(own)
    if left.netloc != right.netloc:
        return False
    folder = right.path.rsplit("/", 1)[0]
    stem = re.sub(r"\.\w+$", "", right.path)
    if left.path.rsplit("/", 1)[0] in (folder, stem) or left.path == right.path:
        return True
    return _ID.sub("#", left.path) == _ID.sub("#", right.path)


def _below(url: str, own: str) -> bool:
    """Whether an address lies in the folder of another: /nb/page/2/ of /nb/."""
    left, right = urlsplit(url), urlsplit(own)
    return left.netloc == right.netloc and left.path.startswith(right.path.rsplit("/", 1)[0] + "/")
