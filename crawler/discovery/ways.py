"""The ways in which a page of a listing leads to its further pages, and which of them to go.

The surest way is taken first. Where a page announces more rows than that way can bring, the next is taken as well;
where its first page turns out to be none, the next is taken instead, until the ways run out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from archive.outcomes import FrontierRequest
from crawler.families import Family
from crawler.families.generic import framed
from crawler.page import Page, PageRequest, Turn
from crawler.paging import apis
from crawler.paging.pagers import called, chosen, drawn
from crawler.paging.series import after, between

MOST_WAYS = 4
MOST_HELD = 40
"""Requests of a way that is held for later."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page of a listing shows: rows of it, rows of the pages before, how many there are to be in all.

    `lists` says that a document or a file of the column is among the rows; `part`, that the page was turned to.
    """

    rows: int
    seen: int
    announced: int | None
    lists: bool
    part: bool = False


def ways_of(page: Page, family: Family, shown: Shown, turn: Turn | None) -> list[list[PageRequest]]:
    """All ways from this page that go anywhere, the surest first; no request stands in two.

    What the page asks for when it opens is looked at where no pager leads on, or where the pager brings too little:
    reports that a page shows may be the newest ones beside a list that is still to come.
    """
    found = _distinct(_turned(page, family, shown, turn))
    if page.is_data or page.inserted:
        return found
    found = [[*_opening(page, way), *way] for way in found]
    if shown.lists and not is_short(shown):
        frames = [each for each in framed(page) if apis.is_list(page, each.url)]
        return found if found or shown.part else _distinct([frames, apis.asked(page)])
    return _distinct([*found, framed(page), apis.asked(page), apis.in_attributes(page)])


def _distinct(ways: Iterable[Sequence[PageRequest]]) -> list[list[PageRequest]]:
    taken: set[PageRequest] = set()
    found = []
    for way in ways:
        new = [request for request in dict.fromkeys(way) if request not in taken]
        taken.update(new)
        if new:
            found.append(new)
    return found[:MOST_WAYS]


def _turned(page: Page, family: Family, shown: Shown, turn: Turn | None) -> Iterator[Sequence[PageRequest]]:
    """The ways on which a reader goes by turning the page."""
    yield family.pages(page)
    if turn is not None:
        yield [_after(page, turn)] if _goes_on(shown) else []
    if not (page.is_data or page.inserted):
        yield drawn(page)
        yield [*called(page, plain=True), *chosen(page)]


def _opening(page: Page, way: Sequence[PageRequest]) -> list[PageRequest]:
    """The piece that a page puts into itself when it opens, where clicks put in the pieces that follow it."""
    pieces = [each for each in way if each.inserted]
    opened = apis.asked(page) if pieces else []
    return [
        replace(each, turn=None)
        for each in opened
        if each not in way and any(between(each, piece) is not None for piece in pieces)
    ]


def is_opening(page: Page, requests: Sequence[PageRequest]) -> bool:
    """Whether a way begins with what the page puts into itself when it opens."""
    if page.is_data or page.inserted or not requests:
        return False
    return requests[0] in (*framed(page), *apis.asked(page))


def _after(page: Page, turn: Turn) -> PageRequest:
    return after(turn, PageRequest(page.url, page.method, page.request_body, inserted=page.inserted))


def _goes_on(shown: Shown) -> bool:
    """Whether a list of which no page says where it ends may have another one."""
    if shown.announced is not None:
        return shown.rows > 0 and shown.seen < shown.announced
    return shown.rows > 0


def is_short(shown: Shown) -> bool:
    return shown.announced is not None and shown.seen < shown.announced


def taken(
    ways: Sequence[Sequence[PageRequest]], shown: Shown
) -> tuple[list[PageRequest], list[list[PageRequest]]]:
    """The requests of the first way, and of those after it as long as what they bring is too little; and the rest."""
    found: list[PageRequest] = []
    for place, way in enumerate(ways):
        if found and not _is_too_little(found, shown):
            return found, [list(each) for each in ways[place:]]
        found += way
    return found, []


def _is_too_little(found: Sequence[PageRequest], shown: Shown) -> bool:
    """Whether so many pages of as many rows as this one cannot hold all that is announced.

    A page that shows no row itself, and has pieces put into it, needs those that come without a click as well.
    """
    if not (shown.lists or shown.part):
        return all(each.inserted for each in found)
    open_ended = len(found) == 1 or any(each.turn for each in found)
    if shown.announced is None or open_ended or shown.part:
        return False
    return shown.rows * (1 + len(found)) < shown.announced


def held(ways: Sequence[Sequence[PageRequest]]) -> list[list[list[Any]]]:
    """Ways as a request holds them, for when what it asks for is not there."""
    return [
        [[each.url, each.method, each.body, each.inserted, turn_held(each.turn)] for each in way[:MOST_HELD]]
        for way in ways
    ]


def turn_held(turn: Turn | None) -> list[list[Any]] | None:
    """A turn as a request holds it."""
    return [list(turn.pieces), list(turn.numbers), list(turn.steps)] if turn else None


def turn_of(asked: FrontierRequest) -> Turn | None:
    """The turn that a request holds."""
    return _turn(asked.meta.get("turn"))


def other_ways(asked: FrontierRequest) -> tuple[list[PageRequest], list[Any]]:
    """The way to go where the one that was asked leads nowhere, and the ways that are left after it."""
    ways = asked.meta.get("ways")
    if not isinstance(ways, list) or not ways:
        return [], []
    first = [
        PageRequest(url, method, body, inserted, _turn(turn)) for url, method, body, inserted, turn in ways[0]
    ]
    return first, ways[1:]


def _turn(value: object) -> Turn | None:
    if not isinstance(value, list):
        return None
    pieces, numbers, steps = value
    return Turn(tuple(pieces), tuple(numbers), tuple(steps))
