"""Reading on many machines: batches of captures by id; each worker reads the bytes from the archive itself.

The archive lies where all machines see it. While they read, its file does not change: what is written meanwhile
stays in the log beside it, so that a worker on another machine, which cannot share that log, sees one whole state.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from archive import pool

if TYPE_CHECKING:
    from distributed import Client

    from archive.derived.derive import Result, Task, Work
    from archive.store import Archive

BATCH = 48
"""Captures a task at most: enough that a task costs little."""
SMALLEST = 4
"""Captures a task towards the end, so that no worker is long alone with the last one."""
AHEAD = 2
"""Tasks that wait at each thread of the workers, so that none is idle."""
_local = threading.local()


@contextmanager
def unchanging(archive: Archive) -> Iterator[None]:
    """Holds the file of an archive as it is; what is written goes into its log until the end."""
    (pages,) = archive.db.execute("pragma wal_autocheckpoint").fetchone()
    archive.db.execute("pragma wal_checkpoint(truncate)")
    archive.db.execute("pragma wal_autocheckpoint = 0")
    try:
        yield
    finally:
        archive.db.execute(f"pragma wal_autocheckpoint = {int(pages)}")
        archive.db.execute("pragma wal_checkpoint(truncate)")


def runner(client: Client) -> Callable[..., Generator[Result, None, None]]:
    """What `archive.derived.derive.read` takes instead of processes of this machine."""
    return partial(_run, client)


def _run(
    client: Client, work: Work, items: Sequence[Task], *, jobs: int, timeout: timedelta
) -> Generator[Result, None, None]:
    """Every item with its result, as they become ready. How many work at once is the cluster's own business."""
    from distributed import as_completed

    ahead = max(1, sum(client.nthreads().values())) * AHEAD
    pending = batches(items, ahead)
    waiting: dict[str, Sequence[Task]] = {}
    done = as_completed(with_results=False)
    run = uuid4().hex

    def submit(number: int) -> None:
        for batch in islice(pending, number):
            future = client.submit(read_batch, run, work, batch, timeout, pure=False)
            waiting[future.key] = batch
            done.add(future)

    submit(ahead)
    while waiting:
        future = next(done)
        batch = waiting.pop(future.key)
        submit(1)
        yield from zip(batch, _results(future, batch), strict=True)


def batches(items: Sequence[Task], ahead: int) -> Iterator[Sequence[Task]]:
    """The items, some at a time: fewer when so many batches `ahead` would take half of what is left."""
    start = 0
    while start < len(items):
        size = max(SMALLEST, min(BATCH, (len(items) - start) // (2 * ahead)))
        yield items[start : start + size]
        start += size


def _results(future: Any, batch: Sequence[Task]) -> list[Any]:
    if future.status == "finished":
        found: list[Any] = future.result()
        return found
    error = future.exception()
    return [pool.Failure(f"the cluster failed ({type(error).__name__}: {error})")] * len(batch)


def read_batch(run: str, work: Work, batch: Sequence[Task], timeout: timedelta) -> list[Any]:
    """One task, on a worker: a process of its own parses, so that a file that kills a parser kills no worker."""
    found = {task.capture_id: result for task, result in _pool(run, work, timeout).run(batch)}
    return [found[task.capture_id] for task in batch]


def _pool(run: str, work: Work, timeout: timedelta) -> pool.Pool[Task, Any]:
    """The process of this thread for one run: it sees the archive as it was when the run began."""
    if getattr(_local, "run", None) != run:
        if hasattr(_local, "pool"):
            _local.pool.close()
        _may_have_children()
        _local.run, _local.pool = run, pool.Pool(work, jobs=1, timeout=timeout)
    found: pool.Pool[Task, Any] = _local.pool
    return found


def _may_have_children() -> None:
    """A Dask worker is a daemon to its nanny, and Python lets those have no children; ours end with it."""
    import multiprocessing

    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
