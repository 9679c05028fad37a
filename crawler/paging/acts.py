"""What a page's scripts ask for: when it opens, when its pager is clicked, its rows, its menus. Checked and in types.

Nothing is asked here. What the sandbox gave is made of a hostile page, so every word of it is looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from crawler.links import absolute, base_of, squeeze, text_of
from crawler.page import Element, Page, PageRequest
from crawler.paging.turns import MORE, TURN, is_first, last_page, shown_by
from crawler.sandbox.engine import run

MOST_ELEMENTS = 15_000
MOST_SCRIPT = 600_000
"""Elements and characters of script of a page that are taken in; more is a program, and no pager."""
MOST_CLICKS = 400
_LONGEST_TEXT = 300
_LONGEST_TURN = 16
_CLICKED = frozenset("a button input span li div em i p b td tr dd dl".split())
_ACTS = re.compile(
    r"location|ajax|fetch\s*\(|axios|\.load\s*\(|\$\.|\.open\s*\(|xmlhttp|\.submit\s*\(|document\.write|innerhtml|\.append|insertadjacent"
    r"|pagination|paging|pager|laypage|new\s+vue|createapp|url\s*[=:]|href\s*[=:]|\[\s*\{",
    re.I,
)
_IN_MARKUP = re.compile(r"\bon(?:click|change|load)\s*+=|href\s*+=\s*+[\"']?\s*+javascript:", re.I)
_UNCLEAR = re.compile(r"\ufffc|\bundefined\b|\bNaN\b|\[object|%EF%BF%BC", re.I)
# What changes at every look, and what a browser adds against its own cache.
_CHANCE = re.compile(r"(?<=[?&])(?:_|t|r|rnd|rand|random|ts|timestamp|time|v)=(?:0\.5|1767225600000)(?:&|$)")


@dataclass(frozen=True, slots=True)
class Act:
    """One click or choice: what is shown there, the element of the page (None for one that a script made).

    `first` is asked for by it; `again` by the second click of the same kind, where there may be one.
    """

    shown: str
    element: Element | None
    first: tuple[PageRequest, ...]
    again: tuple[PageRequest, ...] = ()
    menu: int = -1
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Acts:
    """Everything that the scripts of a page ask for, and what they write into it."""

    loaded: tuple[PageRequest, ...] = ()
    scrolled: tuple[PageRequest, ...] = ()
    turns: tuple[Act, ...] = ()
    rows: tuple[Act, ...] = ()
    choices: tuple[Act, ...] = ()
    pagers: tuple[tuple[tuple[PageRequest, ...], ...], ...] = ()
    written: str = ""
    data: tuple[str, ...] = ()


@dataclass
class _Taken:
    """The page as the sandbox is given it."""

    elements: list[Element] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    handlers: list[str] = field(default_factory=list)


def acts_of(page: Page, last: int = 0) -> Acts:
    """The acts of a page; none where it has no script that could do anything."""
    known: Acts | None = page.memo.get("acts")
    if known is None:
        known = _acts(page, last) if _may_act(page) else Acts()
        page.memo["acts"] = known
    return known


def _may_act(page: Page) -> bool:
    if page.is_data or ("<script" not in page.lower and not _IN_MARKUP.search(page.text)):
        return False
    scripts = "\n".join(script.text or "" for script in page.tree.iter("script"))
    return len(scripts) < MOST_SCRIPT and bool(_ACTS.search(scripts) or _IN_MARKUP.search(page.text))


def _acts(page: Page, last: int) -> Acts:
    taken = _Taken()
    tree = _tree(page.tree, taken)
    if len(taken.elements) >= MOST_ELEMENTS:
        return Acts()
    turns, rows = _clickable(taken.elements, base_of(page))
    given = {
        "url": page.url,
        "tree": tree,
        "scripts": taken.scripts,
        "handlers": taken.handlers[:MOST_CLICKS],
        "turns": turns[:MOST_CLICKS],
        "rows": rows[:MOST_CLICKS],
        "last": last or last_page(page) or 0,
    }
    return _Checked(page, taken.elements).acts(run(given))


def _tree(root: Element, taken: _Taken) -> list[Any]:
    """The elements as [tag, attributes, children, place]; what scripts say is taken out of them."""
    top: list[Any] = ["#top", {}, []]
    open_elements = [top]
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            open_elements.pop()
            if element.tail and element is not root:
                open_elements[-1][2].append(element.tail)
            continue
        attributes = {str(name): str(value) for name, value in element.attrib.items()}
        spec: list[Any] = [str(element.tag), attributes, [], len(taken.elements)]
        open_elements[-1][2].append(spec)
        open_elements.append(spec)
        if len(taken.elements) >= MOST_ELEMENTS:
            break
        taken.elements.append(element)
        taken.handlers += [value for name, value in attributes.items() if name.startswith("on")]
        if element.tag == "script":
            _script(element, attributes, taken)
        elif element.text and element.tag != "style":
            spec[2].append(element.text)
    children: list[Any] = top[2][0]
    return children


def _script(element: Element, attributes: dict[str, str], taken: _Taken) -> None:
    kind = attributes.get("type", "").lower()
    if not attributes.get("src") and (not kind or "javascript" in kind or kind == "module"):
        taken.scripts.append(element.text or "")


def _clickable(elements: list[Element], base: str) -> tuple[list[int], list[int]]:
    """The places of what turns the page when clicked, and of what may be a row without an address of its own."""
    turns, rows = [], []
    for place, element in enumerate(elements):
        if element.tag not in _CLICKED and element.get("onclick") is None:
            continue
        shown = shown_by(element) if _is_short(element) else ""
        if shown and (TURN.match(shown) or MORE.match(shown)):
            if not is_first(shown) and not any(_is_alike(child, shown) for child in element):
                turns.append(place)
        elif _may_be_row(element, base):
            rows.append(place)
    return turns, rows


def _is_short(element: Element) -> bool:
    return len(element) < 4 and len(text_of(element)) <= _LONGEST_TURN


def _is_alike(child: Element, shown: str) -> bool:
    return child.tag in _CLICKED and shown_by(child) == shown


def _may_be_row(element: Element, base: str) -> bool:
    """Whether a click on an element may lead where no link of it does."""
    href = element.get("href") or ""
    if element.tag == "a" and absolute(base, href):
        return False
    if element.get("onclick") is not None or href.lower().startswith("javascript:"):
        return not re.fullmatch(r"javascript:\s*(?:void\(.*\))?;?", href, re.I) or _hears(element)
    return _hears(element) and next(element.iter("a"), element) is element


def _hears(element: Element) -> bool:
    return element.get("onclick") is not None or any(str(name).startswith("data-") for name in element.attrib)


@dataclass(frozen=True)
class _Checked:
    """What the sandbox gave, as far as it is what it should be."""

    page: Page
    elements: list[Element]

    def acts(self, given: dict[str, Any]) -> Acts:
        pagers = (each.get("pages") for each in _dicts(given.get("pagers")))
        return Acts(
            self.asked(given.get("load")),
            self.asked(given.get("scrolled")),
            tuple(self.each(given.get("turns"))),
            tuple(self.each(given.get("rows"))),
            tuple(self.each(given.get("choices"))),
            tuple(tuple(map(self.asked, pages)) for pages in pagers if isinstance(pages, list)),
            _text(given.get("written")),
            tuple(each for each in _list(given.get("data")) if isinstance(each, str)),
        )

    def each(self, given: object) -> Iterator[Act]:
        """Clicks and choices with the elements they are of."""
        for act in _dicts(given):
            place, menu = act.get("place"), act.get("menu")
            known = isinstance(place, int) and 0 <= place < len(self.elements)
            yield Act(
                squeeze(_text(act.get("shown")))[:_LONGEST_TEXT],
                self.elements[place] if known and isinstance(place, int) else None,
                self.asked(act.get("first")),
                self.asked(act.get("again")),
                menu if isinstance(menu, int) else -1,
                act.get("own") is True,
            )

    def asked(self, given: object) -> tuple[PageRequest, ...]:
        """What was asked for that is an address, wholly known, and no page of its own opening."""
        found = (self.request(each) for each in _list(given))
        return tuple(dict.fromkeys(each for each in found if each is not None))

    def request(self, given: object) -> PageRequest | None:
        """One request, None for what no reader could send."""
        said = _list(given)
        if len(said) != 4 or not all(isinstance(each, str) for each in said):
            return None
        way, href, method, body = said
        is_file = way == "script" and ("?" not in href or ".js?" in href.lower())
        if _UNCLEAR.search(href + body) or method not in ("GET", "POST") or is_file:
            return None
        url = absolute(base_of(self.page), _CHANCE.sub("", href).rstrip("?&"))
        return PageRequest(url, method, body, inserted=way in ("data", "script")) if url else None


def _list(given: object) -> list[Any]:
    return given if isinstance(given, list) else []


def _dicts(given: object) -> list[dict[str, Any]]:
    return [each for each in _list(given) if isinstance(each, dict)]


def _text(given: object) -> str:
    return given if isinstance(given, str) else ""
