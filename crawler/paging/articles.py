"""Articles over several pages: where the pages after the first one are.

An article is turned as a list is, but its pages are called as it is itself, with a number: t2021_1.html after
t2021.html, ?id=7&page=2 after ?id=7. What is called otherwise is another article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urljoin, urlsplit

from crawler.links import absolute, base_of
from crawler.page import Page
from crawler.paging.calls import pager_in
from crawler.paging.pagers import called, chosen, drawn
from crawler.paging.queries import NUMBERS
from crawler.paging.turns import is_turn

MOST_PAGES = 30
"""Pages of one article that are asked for."""
_MAY_TURN = re.compile(
    r"下一?[页頁]|后一页|[尾末]页|createpage|pagination|page[-_]?(?:nav|turn|bar|list|link)|rel=[\"']?next",
    re.I,
)
_NUMBERED = re.compile(r"(?:[-_./](?:page|p)?[-_./]?|page)(\d{1,2})", re.I)
_OWN = re.compile(r"(.*?)(?:[-_][01])?")
_SUFFIX = re.compile(r"(?:\.[a-z]\w{1,5})?/?$", re.I)
_PAGED = frozenset((*map(str.lower, NUMBERS), "pn", "pg", "paged", "cp", "n"))


def following(page: Page, first: str) -> list[str]:
    """The addresses of further pages that a page of an article names, in their order; the article begins at
    `first`."""
    if page.is_data or not _MAY_TURN.search(page.text):
        return []
    found = {url: number for url in _turned(page) if (number := _number(first, url)) is not None}
    return sorted(found, key=lambda url: found[url])[:MOST_PAGES]


def _turned(page: Page) -> Iterator[str]:
    """Where what turns the page leads."""
    base = base_of(page)
    for anchor in page.tree.iter("a"):
        if is_turn(anchor) and (url := absolute(base, anchor.get("href") or "")) is not None:
            yield url
    count, name, suffix = pager_in(page.text) or (0, "", "")
    for number in range(1, min(count, MOST_PAGES + 1)) if name else ():
        yield urljoin(page.url, f"{name}_{number}.{suffix}")
    for request in (*called(page, plain=True), *drawn(page), *chosen(page)):
        if request.method == "GET" and not request.inserted:
            yield request.url


def _number(first: str, url: str) -> int | None:
    """The number that an address has beyond that of the first page; None where it is called otherwise."""
    own, its = urlsplit(first), urlsplit(url)
    if own.netloc != its.netloc or url == first:
        return None
    if own.path == its.path:
        return _queried(own.query, its.query)
    suffix = _SUFFIX.search(own.path)[0]  # type: ignore[index]
    if own.query != its.query or not its.path.endswith(suffix):
        return None
    stem, name = own.path.removesuffix(suffix), its.path.removesuffix(suffix)
    begins = stem if name.startswith(stem) else _OWN.fullmatch(stem)[1]  # type: ignore[index]
    number = _NUMBERED.fullmatch(name.removeprefix(begins)) if name.startswith(begins) else None
    return int(number[1]) if number else None


def _queried(own: str, its: str) -> int | None:
    """The number of a page that one query has and the other has not, or has as another one."""
    before, after = dict(parse_qsl(own)), dict(parse_qsl(its))
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if len(changed) != 1 or changed[0].lower() not in _PAGED:
        return None
    number = after.get(changed[0], "")
    return int(number) if re.fullmatch(r"\d{1,2}", number) else None
