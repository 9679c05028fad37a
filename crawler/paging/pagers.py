"""How listings are turned when not by plain links: by what the page's scripts ask for when it is clicked.

The scripts run in a sandbox (`crawler.sandbox`); what they would ask for is read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, zip_longest
from urllib.parse import parse_qsl, urljoin, urlsplit

from crawler.links import absolute, base_of, text_of
from crawler.page import Element, Page, PageRequest, Turn
from crawler.paging.acts import Act, acts_of
from crawler.paging.apis import is_list
from crawler.paging.series import before, between, numbered
from crawler.paging.turns import MORE, NEXT, is_first, is_turn

POSTBACK = "__doPostBack"
"""ASP.NET's own function: it sends the form back with the name of what was clicked."""
_TAB = re.compile(
    r"(?:(?:19|20)\d{2}\s*年?度?.{0,8}|.{0,12}(?:年报|年度报告|政府|政府办公?室?|部门|单位|机关|乡镇|街道|乡镇街道|镇街|局|委))"
)
"""What a part of a list is called: a year, a kind of bodies."""
_MENU = re.compile(r"第?\d{0,3}页?")


def static_pages(page: Page, last: int, name: str = "index", suffix: str = "") -> list[PageRequest]:
    """index_2.html … index_7.html beside a page, where page 2 is called 2."""
    own = urlsplit(page.url).path.rsplit("/", 1)[-1]
    found = re.fullmatch(r"(?P<name>[\w-]+?)(?:_\d+)?\.(?P<suffix>\w+)", own)
    name, suffix = (found["name"], found["suffix"]) if found else (name, suffix or "html")
    urls = (urljoin(page.url, f"{name}_{number}.{suffix}") for number in range(2, last + 1))
    return [PageRequest(url) for url in urls if url != page.url]


def called(page: Page, plain: bool = False) -> list[PageRequest]:
    """The pages that are asked for by a click on what turns the page, or by scrolling to its end.

    Links with an address of their own are left out unless `plain` says to see what a script makes of them.
    """
    acts = [act for act in acts_of(page).turns if plain or not _is_plain(page, act.element)]
    first = [request for act in acts for request in _asked_by(page, act)]
    found = [
        *first,
        *(replace(each, turn=numbered(each, 2)) for each in acts_of(page).scrolled if each.inserted),
    ]
    return _others(page, [*_continued(page, found), *_tabs(page)])


def _tabs(page: Page) -> list[PageRequest]:
    """What clicks on parts of a list put into the page: on years, on kinds of bodies. One alone is no part."""
    acts = [act for act in acts_of(page).rows if _TAB.fullmatch(act.shown)]
    found = [each for act in acts for each in act.first if each.inserted and is_list(page, each.url)]
    return found if len(set(found)) > 1 else []


def drawn(page: Page) -> list[PageRequest]:
    """The pages of a pager that a script draws, where the function that it is given says how they are named."""
    for pages in acts_of(page).pagers:
        numbers = _range(page, pages)
        found = [request for number in numbers for request in pages[number][:1]]
        if found and (len(found) == 1 or len(set(found)) > 1):  # else the number is not told to it
            return _others(page, _continued(page, found))
    return []


def chosen(page: Page) -> list[PageRequest]:
    """The pages of a drop-down of page numbers."""
    menus = list(page.tree.iter("select"))
    acts = (act for act in acts_of(page).choices if _is_pages(menus, act.menu) and not is_first(act.shown))
    return _others(page, [request for act in acts for request in act.first])


def choices(page: Page) -> Iterator[tuple[PageRequest, str]]:
    """What the other drop-downs lead to, with what they show: years, bodies. What is chosen already is left out."""
    menus = list(page.tree.iter("select"))
    for act in acts_of(page).choices:
        if act.shown and not act.is_own and not _is_pages(menus, act.menu):
            for request in _others(page, list(act.first)):
                yield request, act.shown


def unfollowed(page: Page) -> str:
    """Why a pager is not followed, for the record; empty when there is none such."""
    if "__VIEWSTATE" not in page.text or POSTBACK not in page.text:
        return ""
    turns = (anchor for anchor in page.tree.iter("a") if POSTBACK in (anchor.get("href") or ""))
    return "its pager is a postback of __VIEWSTATE, which is not followed" if any(map(is_turn, turns)) else ""


def _is_plain(page: Page, element: Element | None) -> bool:
    """Whether a link has an address of its own: where that leads is seen elsewhere."""
    if element is None or element.tag != "a":
        return False
    return absolute(base_of(page), element.get("href") or "") is not None


def _asked_by(page: Page, act: Act) -> Iterator[PageRequest]:
    """What one click asks for, with the way it goes on where that shows by itself."""
    if "__EVENTTARGET" in "".join(each.body for each in act.first) and not _is_following(page, act):
        return
    if MORE.match(act.shown) and not any(each.inserted for each in act.first):
        return  # 更多 leads to the list that it is the beginning of
    for request, second in zip_longest(act.first, act.again[: len(act.first)]):
        yield replace(request, turn=_turn_of(act, request, second)) if request.inserted else request


def _turn_of(act: Act, request: PageRequest, second: PageRequest | None) -> Turn | None:
    """How a click goes on: as a second one shows; for a number, as its neighbours show (`_continued`)."""
    turn = between(request, second) if second is not None else None
    if turn is not None:
        return before(turn)
    return None if re.search(r"\d", act.shown) else numbered(request, 2)


def _continued(page: Page, found: list[PageRequest]) -> list[PageRequest]:
    """The same requests, where the last of those that follow each other knows how they go on."""
    if len(found) == 1 and found[0].inserted and found[0].turn is None:
        return [replace(found[0], turn=numbered(found[0], 2))]
    known = {request: request for request in found}
    for one, other in pairwise(found):
        turn = between(one, other) if other.inserted and other.turn is None else None
        if turn is not None and turn.steps != (0,):
            known[one], known[other] = replace(known[one], turn=None), replace(other, turn=turn)
    return [known[request] for request in dict.fromkeys(found)]


def _range(page: Page, pages: Sequence[Sequence[PageRequest]]) -> range:
    """The numbers of a pager's function that are further pages: it counts from 0 or from 1."""
    own = [
        number for number, found in enumerate(pages[:2]) if any(each.url == page.url for each in found[:1])
    ]
    if own == [0]:
        return range(1, len(pages) - 1 if len(pages) > 2 else len(pages))
    first = 2 if own or not any(each.inserted for found in pages[1:2] for each in found) else 1
    return range(first, len(pages))


def _is_following(page: Page, act: Act) -> bool:
    """Whether a postback asks for the page after this one: each page has a state of its own to send back."""
    if any(NEXT.match(each.shown) for each in acts_of(page).turns):
        return bool(NEXT.match(act.shown))
    sent = dict(parse_qsl(page.request_body)).get("__EVENTARGUMENT", "")
    own = int(number[0]) if (number := re.search(r"(?<!\d)\d+$", sent)) else 1
    return re.findall(r"\d+", act.shown) == [str(own + 1)]


def _is_pages(menus: Sequence[Element], place: int) -> bool:
    """Whether a drop-down is one of page numbers."""
    options = list(menus[place].iter("option")) if 0 <= place < len(menus) else []
    return bool(options) and all(_MENU.fullmatch(text_of(option)) for option in options)


def _others(page: Page, found: list[PageRequest]) -> list[PageRequest]:
    """Requests once each, without the page itself."""
    return [request for request in dict.fromkeys(found) if request.url != page.url or request.body]
