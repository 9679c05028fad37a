"""Work in processes that may die: a crash or a timeout is a result, and the next item goes on."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing as mp
import os
import resource
import signal
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

MEMORY = 6 * 1024**3
"""A worker that asks for more address space than this gets a MemoryError instead of the machine."""
RESIDENT = 900 * 1024**2
"""A worker that holds more memory than this is ended. The largest scan that was met takes 700 MB."""
LOOK = timedelta(seconds=0.05)
"""How often a look is taken at what workers hold."""
RECYCLE = 400
"""A worker ends after so many items, and with it whatever a library leaked."""
AGE = timedelta(seconds=30)
"""A worker is not ended before: where items are quick, starting the next one would cost more than they do."""


def room(jobs: int) -> int:
    """So many of the jobs as the memory of the machine (or of the container) has room for; one at least."""
    every = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with contextlib.suppress(OSError, ValueError):  # "max" where a container has no limit of its own
        every = min(every, int(Path("/sys/fs/cgroup/memory.max").read_text("ascii")))
    return max(1, min(jobs, every // RESIDENT))


def _held_by(pid: int | None) -> int:
    """The bytes of memory that a process holds; 0 where nobody can say."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Failure:
    """What became of an item whose worker did not answer, in a few words."""

    message: str


class _Worker(Generic[Item, Result]):
    """One process, its pipe, and the item it is busy with."""

    def __init__(self, work: Callable[[Item], Result], nice: int) -> None:
        # Spawned, not forked: a fork would carry the archive's connection and the progress thread along.
        context = mp.get_context("spawn")
        self.pipe, far = context.Pipe()
        self.process = context.Process(target=_serve, args=(far, work), daemon=True)
        self.process.start()
        if nice and self.process.pid is not None:  # from now on: to load its modules is work, too
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self.process.pid, os.nice(0) + nice)
        far.close()
        self.item: Item | None = None
        self.deadline = 0.0
        self.served = 0
        self._since = time.monotonic()

    @property
    def is_old(self) -> bool:
        """Whether another one should do what comes next."""
        return self.served >= RECYCLE and time.monotonic() - self._since >= AGE.total_seconds()

    @property
    def is_too_large(self) -> bool:
        """Whether it holds more memory than a worker may."""
        return _held_by(self.process.pid) > RESIDENT

    def give(self, item: Item, timeout: timedelta) -> None:
        """Hands an item over; the answer will come through the pipe."""
        self.item, self.deadline = item, time.monotonic() + timeout.total_seconds()
        self.served += 1
        # A worker that died already is found out when its answer is read.
        with contextlib.suppress(OSError):
            self.pipe.send(item)

    def answer(self) -> Result | Failure:
        """The result, or how the process died."""
        try:
            result: Result = self.pipe.recv()
        except (EOFError, OSError):
            self.process.join(5)
            code = self.process.exitcode or 0
            how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
            return Failure(f"the parser died ({how})")
        self.item = None
        return result

    def end(self) -> None:
        """Ends the process and all that it started."""
        self.pipe.close()
        pid = self.process.pid
        if pid is not None and self.process.is_alive():
            with contextlib.suppress(OSError):
                os.killpg(pid, signal.SIGKILL)
            self.process.kill()
        self.process.join(5)


def _serve(pipe: Connection, work: Callable[[Item], Result]) -> None:
    """The loop of a worker: in a group of its own, so that its children end with it.

    A signal that asks the command to end is for the process that gave the work: a worker that died of it would
    make its file count as unreadable.
    """
    # No session of its own: Linux weighs sessions as a whole (autogroup), and niceness only inside of one.
    os.setpgrp()
    for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(asked, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    gc.freeze()  # modules live as long as the worker: no collection need look through them
    with contextlib.suppress(EOFError, OSError):
        while True:
            pipe.send(work(pipe.recv()))


class Pool(Generic[Item, Result]):
    """Processes that do `work`, a function at module level, for one run of items after the other.

    There are at most `jobs` of them, and not more than the machine has memory for. With `nice`, others go first.
    """

    def __init__(
        self, work: Callable[[Item], Result], *, jobs: int, timeout: timedelta, nice: int = 0
    ) -> None:
        self._work = work
        self._jobs = room(jobs)
        self._timeout = timeout
        self._nice = nice
        self._workers: list[_Worker[Item, Result]] = []

    def close(self) -> None:
        """Ends the processes, whatever they are busy with."""
        while self._workers:
            self._workers.pop().end()

    def run(self, items: Iterable[Item]) -> Generator[tuple[Item, Result | Failure], None, None]:
        """Every item with its result, as they become ready; one run at a time, to its end."""
        pending, more = iter(items), True
        while True:
            while more and (worker := self._idle()) is not None:
                item = next(pending, None)
                if item is None:
                    more = False
                else:
                    worker.give(item, self._timeout)
            busy = [worker for worker in self._workers if worker.item is not None]
            if not busy:
                return
            yield from self._answers(busy)

    def _idle(self) -> _Worker[Item, Result] | None:
        """A worker that can take an item, a new one if there may be more of them."""
        for worker in [worker for worker in self._workers if worker.item is None]:
            if not worker.is_old:
                return worker
            self._workers.remove(worker)
            worker.end()
        if len(self._workers) >= self._jobs:
            return None
        self._workers.append(_Worker(self._work, self._nice))
        return self._workers[-1]

    def _answers(self, busy: list[_Worker[Item, Result]]) -> Iterator[tuple[Item, Result | Failure]]:
        left = min(worker.deadline for worker in busy) - time.monotonic()
        patience = min(max(0.0, left), LOOK.total_seconds())
        ready = wait([worker.pipe for worker in busy], timeout=patience)
        for worker in busy:
            item = worker.item
            assert item is not None
            if worker.pipe in ready:
                result = worker.answer()
            elif worker.deadline <= time.monotonic():
                result = Failure(f"the parser took more than {self._timeout.total_seconds():g} s")
            elif worker.is_too_large:
                result = Failure(f"the parser took more than {RESIDENT // 1024**2} MB of memory")
            else:
                continue
            if isinstance(result, Failure):
                self._workers.remove(worker)
                worker.end()
            yield item, result


def run(
    work: Callable[[Item], Result], items: Iterable[Item], *, jobs: int, timeout: timedelta
) -> Generator[tuple[Item, Result | Failure], None, None]:
    """Every item with its result, as they become ready, in processes that end with the run."""
    with closing(Pool(work, jobs=jobs, timeout=timeout)) as pool:
        yield from pool.run(items)
