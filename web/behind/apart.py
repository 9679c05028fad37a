"""Work on hostile input, away from the pages: in processes that have little time and room, and may die of it."""

from __future__ import annotations

import asyncio
import atexit
import os
import queue
import resource
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Generic, TypeVar

from archive.pool import Failure, Pool

Item = TypeVar("Item")
Result = TypeVar("Result")

ROOM = 1536 << 20
"""Bytes of address space that such a process may ask for: some 500 MB are its libraries."""
NICE = 5
"""Steps by which it stands back when the pages want the processor."""


Mark = tuple[int, int]
"""What changes when another file takes the place of one: its number, and when it was written (ns)."""

BUSY = "正忙，请稍后再试。 Too many questions at once: try again in a few seconds."
"""What a visitor is told then."""


class Busy(Exception):
    """So many wait already that the next one is not kept waiting."""


class Apart(Generic[Item, Result]):
    """A few processes that do `work`, a function at module level, one item each; the others wait their turn.

    They are started when they are first needed. An item that takes longer than `timeout` ends its process, and
    another one takes its place. May be asked from any thread and any event loop.
    """

    def __init__(
        self, work: Callable[[Item], Result], *, at_once: int, waiting: int, timeout: timedelta
    ) -> None:
        self._most = at_once + waiting
        self._given = 0
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="apart")
        self._pools: queue.LifoQueue[Pool[Item, Result]] = queue.LifoQueue()
        self._all = [Pool(work, jobs=1, timeout=timeout) for _ in range(at_once)]
        for pool in self._all:
            self._pools.put(pool)
        atexit.register(self.close)

    async def ask(self, item: Item) -> Result | Failure:
        """What comes of an item, or how its process died of it. Raises Busy."""
        return await asyncio.wrap_future(self.give(item))

    def give(self, item: Item) -> Future[Result | Failure]:
        """Hand an item over. Raises Busy."""
        with self._lock:
            if self._given >= self._most:
                raise Busy
            self._given += 1
        given = self._threads.submit(self._one, item)
        given.add_done_callback(self._done)
        return given

    def close(self) -> None:
        """End the processes, whatever they are busy with."""
        atexit.unregister(self.close)
        self._threads.shutdown(wait=False, cancel_futures=True)
        for pool in self._all:
            pool.close()

    def _done(self, _given: Future[Result | Failure]) -> None:
        with self._lock:
            self._given -= 1

    def _one(self, item: Item) -> Result | Failure:
        pool = self._pools.get()
        try:
            [(_item, result)] = pool.run([item])
        finally:
            self._pools.put(pool)
        return result


def stand_back() -> None:
    """Called in such a process before it looks at anything: little room, and the pages first."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = ROOM if hard == resource.RLIM_INFINITY else min(ROOM, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    os.nice(NICE)


def mark_of(path: str) -> Mark:
    """The mark of a file; zeros where there is none."""
    try:
        found = Path(path).stat()
    except FileNotFoundError:
        return (0, 0)
    return found.st_ino, found.st_mtime_ns
