"""Where a figure stands in its kept source: looked up in processes of their own, a few at once, and remembered.

Kept sources come from the web and are hostile: whoever takes one apart has little time and room, and may die of it.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from archive.pool import Failure
from parsers.document import ParseError
from web import files
from web.behind import apart
from web.behind.apart import Mark
from web.data import queries
from web.drawing import marking, picture

AT_ONCE, WAITING = 2, 30
"""So many sources are taken apart at once, and so many wait; who comes then is told to come back."""
TIMEOUT = timedelta(seconds=8)
"""The heaviest report that was met takes a tenth of it; the start of a process is in it."""
AGAIN = timedelta(minutes=10)
"""After which a source that took too much is tried again: the machine may have been busy."""
REMEMBERED, LARGEST = 200, 1 << 20
"""Answers that are kept, and the bytes of the largest: a page of a report has some 50 KB."""


class Kind(Enum):
    """What is shown of a source."""

    PAGE = "page"
    TABLE = "table"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a source that the publication at `path` keeps, and how it is to be shown.

    `mark` changes with the file of the publication.
    """

    path: str
    mark: Mark
    sha256: str
    place: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Shown:
    """A copy with the place marked. Without `data` there is no such place, or it took too much to look for it."""

    data: bytes | None = None
    given_up: bool = False
    readable: bool = False
    """Whether the source is a page or a text, which a browser can show."""


def show(spot: Spot) -> Shown:
    """What is shown of a source; this is called in a process of its own."""
    found = queries.capture(_connected(spot.path, spot.mark), spot.sha256)
    if found is None:
        return Shown()
    data: bytes = found["data"]
    if spot.kind is Kind.PICTURE:
        return Shown(picture.drawn(data, spot.place) if data.startswith(b"%PDF") else None)
    alone, readable = spot.kind is Kind.TABLE, bool(files.shown_type(found))
    try:
        page = files.page_of(found)
    except ParseError:
        return Shown(readable=readable)
    copy = marking.marked(*page, spot.place, alone) if page is not None else None
    return Shown(copy, readable=readable)


@lru_cache(maxsize=1)
def _connected(path: str, _mark: Mark) -> sqlite3.Connection:
    apart.stand_back()
    return sqlite3.connect(f"{Path(path).as_uri()}?immutable=1", uri=True)


class Showing:
    """The processes and what they found; one for a site."""

    def __init__(self, work: Callable[[Spot], Shown] = show, timeout: timedelta = TIMEOUT) -> None:
        self._apart = apart.Apart(work, at_once=AT_ONCE, waiting=WAITING, timeout=timeout)
        self._known: OrderedDict[Spot, Shown] = OrderedDict()
        self._given_up: dict[Spot, float] = {}
        self._asked: dict[Spot, Future[Shown | Failure]] = {}
        self._lock = threading.Lock()

    async def shown(self, spot: Spot) -> Shown:
        """A place in a source; who asks for what another one is waiting for waits with him. Raises apart.Busy."""
        with self._lock:
            if known := self._remembered(spot):
                return known
            asked = self._asked.get(spot) or self._apart.give(spot)
            self._asked[spot] = asked
        # Shielded: who goes away does not take the answer from those who wait with him.
        found = await asyncio.shield(asyncio.wrap_future(asked))
        with self._lock:
            return self._keep(spot, found)

    def close(self) -> None:
        """End the processes."""
        self._apart.close()

    def _remembered(self, spot: Spot) -> Shown | None:
        if time.monotonic() < self._given_up.get(_burden(spot), 0):
            return Shown(given_up=True)
        if known := self._known.get(spot):
            self._known.move_to_end(spot)
        return known

    def _keep(self, spot: Spot, found: Shown | Failure) -> Shown:
        self._asked.pop(spot, None)
        if isinstance(found, Failure):
            self._given_up[_burden(spot)] = time.monotonic() + AGAIN.total_seconds()
            found = Shown(given_up=True)
        elif len(found.data or b"") <= LARGEST:
            self._known[spot] = found
        _forget(self._known)
        _forget(self._given_up)
        return found


def _forget(kept: dict[Spot, Any]) -> None:
    """Forget what was not asked for the longest time, beyond so many."""
    while len(kept) > REMEMBERED:
        del kept[next(iter(kept))]


def _burden(spot: Spot) -> Spot:
    """What is given up with a spot: all places of a page, which is taken apart whole, and one place of a PDF."""
    return spot if spot.kind is Kind.PICTURE else replace(spot, place="", kind=Kind.PAGE)


showing = cache(Showing)
"""The one of this process."""
