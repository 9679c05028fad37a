"""Where answers are looked through: small ones here, in a moment; large or slow ones in processes that may be killed.

Markup can be made so that a parser in C, where no signal reaches, takes minutes. What is small enough takes a bounded
while whatever it holds; everything else, and every page of a host that was slow once, is read by a process with limits
of time and memory. The host that has used least of them is served first.
"""

from __future__ import annotations

import asyncio
import resource
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from heapq import heappop, heappush
from typing import TypeVar, cast

from archive.outcomes import Outcome
from archive.pool import Failure, Pool
from crawler.discovery.reading import Reading
from crawler.engine.looking import Seen, Sight, look, unread
from crawler.hosts import site_of
from crawler.net.deadline import TooSlow, within
from crawler.registry import Registry
from crawler.sandbox.engine import prepare
from crawler.signatures import Verdict

SMALL = 256 * 1024
MOST_TAGS = 8000
"""Bytes and tags of what is looked through here. The work of libxml2 grows with the square of tags: these take 0.3 s at
the very worst, and ordinary ones some milliseconds."""
HERE_SECONDS = 0.1
"""Of the processor, that looking through one takes here at most; then a process looks through it again."""
ROOM = 96 * 1024 * 1024
"""Bytes of answers that may wait for a process; a large one that finds no room is asked for again later."""
JOBS = 2
BUSY = 8
"""So many times the seconds of the processor may pass on the wall: others want it, too."""
ENDING_LOOK = 0.5
"""Seconds between two looks at whether the crawl ends."""
START_SECONDS = 120.0
"""For a process to load its modules, on a busy machine."""
MEMORY = 640 * 1024**2
"""Bytes of data of such a process; address space is no measure, for the sandbox of scripts reserves much of it."""
_NICE = 10
"""Asking and keeping go before reading."""

_READY = "ready?"
Awaited = TypeVar("Awaited")
TooSlowly = Callable[[Sight, str], None]
"""Told of an answer that could not be looked through in time, and why."""


class Unlooked(Exception):
    """Nobody looked through an answer, for the crawl ends: it is asked for again by the next."""


class Readers:
    """Looks through answers, one after the other for each host; `seconds` of the processor is what one may take."""

    def __init__(
        self, registry: Registry, seconds: float, too_slow: TooSlowly, ending: Callable[[], bool]
    ) -> None:
        self._registry, self._seconds, self._too_slow = registry, seconds, too_slow
        self._ending = ending
        self._slow: set[str] = set()
        self._spent: defaultdict[str, float] = defaultdict(float)
        self._idle: list[_Reader] = []
        self._made = 0
        self._held = 0
        self._waiting: list[tuple[float, int, asyncio.Future[_Reader]]] = []
        self._number = 0
        self._threads = ThreadPoolExecutor(JOBS, thread_name_prefix="readers")

    def here(self, sight: Sight) -> Seen | None:
        """What a small answer says; None when it has to be looked through by a process."""
        site = site_of(sight.asked.host)
        if site in self._slow or not _is_small(sight):
            return None
        try:
            with within(min(HERE_SECONDS, self._seconds), of_processor=True):
                return look(self._registry, sight)
        except TooSlow:
            self._slow.add(site)
            return None

    def has_room(self, sight: Sight) -> bool:
        """Whether one more answer may wait for a process."""
        return len(sight.body) <= SMALL or self._held + len(sight.body) <= ROOM

    async def look(self, sight: Sight) -> Seen:
        """What an answer says, wherever it is looked through."""
        seen = self.here(sight)
        return await self.apart(sight) if seen is None else seen

    async def apart(self, sight: Sight) -> Seen:
        """What an answer says that is looked through by a process; nothing when that is ended.

        Raises Unlooked when the crawl ends meanwhile.
        """
        self._held += len(sight.body)
        try:
            return await self._apart(sight)
        finally:
            self._held -= len(sight.body)

    async def _apart(self, sight: Sight) -> Seen:
        site = site_of(sight.asked.host)
        reader = await self._reader(site)
        began = time.monotonic()
        try:
            loop = asyncio.get_running_loop()
            seen = await self._in_time(loop.run_in_executor(self._threads, reader.look, sight))
        except Unlooked:
            reader.close()
            raise
        finally:
            self._spent[site] += time.monotonic() - began
            self._give_back(reader)
        if isinstance(seen, Failure):
            self._slow.add(site)
            self._too_slow(sight, seen.message)
            return unread(sight, seen.message)
        return seen

    async def _reader(self, site: str) -> _Reader:
        """A process that is free; whoever used least of them goes first."""
        if self._idle:
            return self._idle.pop()
        if self._made < JOBS:
            self._made += 1
            return _Reader(self._registry, self._seconds)
        turn: asyncio.Future[_Reader] = asyncio.get_running_loop().create_future()
        self._number += 1
        heappush(self._waiting, (self._spent[site], self._number, turn))
        return await self._in_time(turn)

    async def _in_time(self, future: asyncio.Future[Awaited]) -> Awaited:
        """What a future gives, unless the crawl ends before."""
        while True:
            done, _waiting = await asyncio.wait({future}, timeout=ENDING_LOOK)
            if done:
                return future.result()
            if self._ending():
                future.cancel()
                raise Unlooked

    def _give_back(self, reader: _Reader) -> None:
        while self._waiting:
            _spent, _number, turn = heappop(self._waiting)
            if not turn.done():
                turn.set_result(reader)
                return
        self._idle.append(reader)

    def close(self) -> None:
        """Ends the processes."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        while self._idle:
            self._idle.pop().close()


class _Reader:
    """One process and the thread that waits for it."""

    def __init__(self, registry: Registry, seconds: float) -> None:
        self._seconds = seconds
        work = partial(_work, registry, seconds)
        self._pool: Pool[Sight | str, Seen | None] = Pool(
            work, jobs=1, timeout=timedelta(seconds=max(seconds, START_SECONDS)), nice=_NICE
        )

    def look(self, sight: Sight) -> Seen | Failure:
        """What the process says, or what became of it."""
        started = self._one(_READY, START_SECONDS)
        if isinstance(started, Failure):
            return started
        return cast(Seen | Failure, self._one(sight, BUSY * self._seconds))

    def _one(self, sight: Sight | str, seconds: float) -> Seen | Failure | None:
        self._pool._timeout = timedelta(seconds=seconds)
        ((_item, result),) = self._pool.run([sight])
        late = isinstance(result, Failure) and any(word in result.message for word in ("took", "SIGXCPU"))
        return Failure(f"took more than {self._seconds:g} s to read") if late else result

    def close(self) -> None:
        self._pool.close()


def _work(registry: Registry, seconds: float, sight: Sight | str) -> Seen | None:
    """In the process. `_READY` only says that it is."""
    _bound(seconds)
    if isinstance(sight, str):
        prepare()
        return None
    try:
        return look(registry, sight)
    except Exception as error:
        words = f"{type(error).__name__}: {error}"[:300]
        return Seen(Verdict(Outcome.FAILED, words), Reading(sight.asked.kind, reason=words))


def _bound(seconds: float) -> None:
    """Limits that hold also when nobody is left to end this process: of memory, and of the processor's seconds."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _is_small(sight: Sight) -> bool:
    """Whether looking through an answer takes a moment at most, whatever it holds."""
    size = len(sight.body) + len(sight.known or b"") + len(sight.before or b"")
    if size > SMALL:
        # A file that is no markup is only sniffed at.
        return not (sight.page.is_markup or sight.before or sight.known)
    return sum(text.count(b"<") for text in (sight.body, sight.known or b"")) <= MOST_TAGS
