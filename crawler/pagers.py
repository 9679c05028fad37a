"""How listings are turned when not by plain links: numbers said by scripts, functions, forms and drop-downs.

No script is run (`crawler.functions`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import parse_qsl, urljoin, urlsplit

from crawler.functions import POSTBACK, asked_in, body_at, calls_of, changed, resolve, value_of
from crawler.links import absolute, base_of, clicked, squeeze, text_of
from crawler.page import Element, Page, PageRequest, select

TURN = re.compile(
    r"^[\s\[(（<>«»›‹|]*(?:第?\s*(?:\d{1,3})\s*页?|下一?页|后一?页|下一頁|末页|尾页|最后一?页|next(?:\s*page)?|>{1,2}|›|»)[\s\])）<>«»›‹|]*$",
    re.I,
)
NEXT = re.compile(r"^[\s>›»\[(（]*(?:下一页|下页|后一页|后页|下一頁|next(?:\s*page)?)[\s>›»\])）]*$", re.I)
_PAGES = re.compile(
    r"\b(?:total_?pages?|var\s+pages|page_?count|count_?page|page_?total|totalPageCount|pages?Num(?:ber)?s)\b[\"']?\s*[:=]\s*"
    r"[\"']?(\d{1,4})\b",
    re.I,
)
_SHOWN = re.compile(r"共(?:有|计)?(\d{1,4})页|第?\d{1,4}/(\d{1,4})页")
_LAYPAGE = re.compile(r"laypage(?:\.render)?\s*\(\s*\{([^{}]{1,600})", re.I)
_OF = re.compile(r"(\d{1,3})\s*/\s*(\d{1,3})")
# A function that a pager's script is given, to be called with the number of a page or with an object that has it.
_CALLBACK = re.compile(
    r"(?:function\s*\w*\s*\(\s*(\w+)[^(){}]{0,60}\)|\(?\s*\b(\w+)\s*(?:,\s*\w+\s*)?\)?\s*=>)\s*\{"
)
_GIVES = re.compile(r"\breturn\s+([^;\n}]+)")
_PAGING = ("laypage", "pagination", "paging", "pager", "pagecount", "totalpage")
_HOLDS = ("curr", "current", "currentPage", "page", "pageNum", "pageIndex", "index")
_MAX_OPTIONS = 300
_MAX_MENUS = 30
_MAX_PAGES = 300
_MAX_CALLBACKS = 20


def last_page(page: Page) -> int | None:
    """How many pages there are, as a script or the text says it: totalPage: 7, 共7页, 1/7页."""
    found = _PAGES.search(page.text)
    shown = found or _SHOWN.search(page.words)
    if shown:
        return int(next(group for group in shown.groups() if group))
    return _laid(page.text) or _of(page)


def _laid(text: str) -> int | None:
    """laypage (layui): its count of rows, and how many stand on a page, ten where it does not say."""
    call = _LAYPAGE.search(text)
    count, limit = (
        re.search(rf"\b{name}\s*:\s*[\"']?(\d{{1,5}})", call[1] if call else "")
        for name in ("count", "limit")
    )
    return -(-int(count[1]) // max(1, int(limit[1]) if limit else 10)) if count else None


def _of(page: Page) -> int | None:
    """1/7 alone in an element."""
    said = (str(text).strip() for text in select(page.tree, "//*[contains(text(), '/')]/text()"))
    found = next((match for text in said if (match := _OF.fullmatch(text))), None)
    return int(found[2]) if found and int(found[1]) <= int(found[2]) else None


def static_pages(page: Page, last: int, name: str = "index", suffix: str = "") -> list[PageRequest]:
    """index_2.html … index_7.html beside a page, where page 2 is called 2."""
    own = urlsplit(page.url).path.rsplit("/", 1)[-1]
    found = re.fullmatch(r"(?P<name>[\w-]+?)(?:_\d+)?\.(?P<suffix>\w+)", own)
    name, suffix = (found["name"], found["suffix"]) if found else (name, suffix or "html")
    urls = (urljoin(page.url, f"{name}_{number}.{suffix}") for number in range(2, last + 1))
    return [PageRequest(url) for url in urls if url != page.url]


def called(page: Page) -> list[PageRequest]:
    """The pages that are asked for by a click: through a function of the page, or where no link stands."""
    found: dict[PageRequest, None] = {}
    for element in select(page.tree, "//a[@href or @onclick] | //*[@onclick and not(self::a)]"):
        if is_turn(element):
            request = _asked_by(page, element)
            found |= {request: None} if request is not None else {}
    return [request for request in found if request.url != page.url or request.body]


def _asked_by(page: Page, element: Element) -> PageRequest | None:
    target = element.get("href") or ""
    if element.tag == "a" and absolute(page.url, target) and not target.lower().startswith("javascript"):
        return None  # a plain link: where it leads is seen elsewhere
    for name, arguments in calls_of(element):
        if name == POSTBACK and not _is_following(page, element):
            return None
        return resolve(page, name, arguments)
    url = clicked(element, base_of(page)) if element.tag != "a" else None
    return PageRequest(url) if url else None


def _is_following(page: Page, element: Element) -> bool:
    """Whether a postback asks for the page after this one: each page has a state of its own to send back."""
    if any(NEXT.match(shown_by(each)) for each in select(page.tree, f"//a[contains(@href,'{POSTBACK}')]")):
        return bool(NEXT.match(shown_by(element)))
    sent = dict(parse_qsl(page.request_body)).get("__EVENTARGUMENT", "")
    own = int(number[0]) if (number := re.search(r"\d+$", sent)) else 1
    return re.findall(r"\d+", shown_by(element)) == [str(own + 1)]


def drawn(page: Page) -> list[PageRequest]:
    """The pages of a pager that a script draws, where the function that it is given says how they are named."""
    last = last_page(page) if any(word in page.lower for word in _PAGING) else None
    if last is None:
        return []
    for match in list(_CALLBACK.finditer(page.text))[:_MAX_CALLBACKS]:
        name, body = match[1] or match[2], body_at(page.text, match.end())
        found = [_at(page, name, body, number) for number in range(2, min(last, _MAX_PAGES) + 1)]
        requests = dict.fromkeys(each for each in found if each is not None)
        if len(requests) == len(found) > 0:
            return [each for each in requests if each.url != page.url or each.body]
    return []


def _at(page: Page, name: str, body: str, number: int) -> PageRequest | None:
    """What a pager's function asks for when it is given a number."""
    known = {name: str(number), **{f"{name}.{each}": str(number) for each in _HOLDS}}
    gives = _GIVES.search(body)
    if gives and "+" in gives[1]:
        value = value_of(page, gives[1], known) or ""
        url = absolute(base_of(page), value) if re.search(r"[/?.]", value) else None
        return PageRequest(url) if url else None
    return asked_in(page, body, known)


def is_turn(anchor: Element) -> bool:
    """Whether a link turns the page: 2, [3], 下一页, an arrow."""
    shown = shown_by(anchor)
    return (bool(TURN.match(shown)) and not is_first(shown)) or anchor.get("rel") == "next"


def shown_by(anchor: Element) -> str:
    """What a link shows, also where it is a picture or a button."""
    shown = text_of(anchor) or squeeze(anchor.get("title"))
    return shown or squeeze(select(anchor, "string((.//img/@alt)[1])")) or squeeze(anchor.get("value"))


def is_first(shown: str) -> bool:
    """Whether a link or an option is page 1, where the walk began, whatever address a later page has for it."""
    return re.findall(r"\d+", shown) == ["1"]


def chosen(page: Page) -> list[PageRequest]:
    """The pages of a drop-down of page numbers."""
    found: dict[PageRequest, None] = {}
    for menu in islice(page.tree.iter("select"), _MAX_MENUS):
        options = list(menu.iter("option"))[:_MAX_OPTIONS]
        if not options or not all(TURN.match(text_of(option)) for option in options):
            continue
        for option in (option for option in options if not is_first(text_of(option))):
            request = changed(page, menu, option.get("value") or text_of(option))
            if request is not None and (request.url != page.url or request.body):
                found[request] = None
    return list(found)


def choices(page: Page) -> Iterator[tuple[PageRequest, str]]:
    """What the other drop-downs lead to, with what they show: years, bodies. What is chosen already is left out."""
    for menu in islice(page.tree.iter("select"), _MAX_MENUS):
        options = list(menu.iter("option"))[:_MAX_OPTIONS]
        if all(re.fullmatch(r"第?\d{0,3}页?", text_of(option)) for option in options):
            continue
        for option in options:
            value, shown = option.get("value") or "", text_of(option)
            if shown and value and option.get("selected") is None:
                request = changed(page, menu, value)
                if request is not None and request.url != page.url:
                    yield request, shown


def unfollowed(page: Page) -> str:
    """Why a pager is not followed, for the record; empty when there is none such."""
    if "__VIEWSTATE" not in page.text or POSTBACK not in page.text:
        return ""
    turns = (anchor for anchor in page.tree.iter("a") if POSTBACK in (anchor.get("href") or ""))
    return "its pager is a postback of __VIEWSTATE, which is not followed" if any(map(is_turn, turns)) else ""
