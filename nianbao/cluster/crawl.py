"""A crawl by many workers: each part of all hosts into a shard of its own, then all shards into one archive.

A part is one task, so no host has two workers; a task whose worker dies begins again on another one, with the
shard as it was left. What a page of one part links to on a host of another is handed over when the shards are
joined, and asked for in the next round.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

from crawler.engine.parts import Part
from nianbao import crawl_process
from nianbao.cluster.shards import LeaseLost, Shard, Shards, shards_at
from nianbao.front.exits import Exit
from nianbao.front.progress import Step, progress
from nianbao.front.stops import heeded

if TYPE_CHECKING:
    from subprocess import Popen

    from distributed import Client

    from crawler.run import CrawlResult

ROUNDS = 5
"""So often what one part found for another is handed over in one crawl; the rest waits for the next."""
RETRIES = 3
LOCKED_WAIT = 2.0
"""Seconds between two tries at a shard that the process of a lost worker still holds."""
LOOK = 1.0
"""Seconds between two looks at whether the crawl is to end."""


@dataclass(frozen=True, slots=True)
class PartTask:
    """What a worker is told: which part, where its shard lies, the registry as text, and the crawl's options."""

    part: Part
    shards: str
    registry: str
    options: tuple[str, ...]
    stop: str


def crawl(
    client: Client, db: Path, place: str, parts: int, registry: Path | None, options: Sequence[str]
) -> CrawlResult:
    """Crawls every part and joins the shards into `db`.

    `place` is a folder or URL of shards, `options` are those of `nianbao crawl` but for the registry. Raises
    RegistryError and ArchiveError as the crawl of one process does.
    """
    from archive.outcomes import host_of
    from crawler.registry import load

    sources = load(registry).sources.values()
    shards, text, stop = shards_at(place), _as_csv([source.row() for source in sources]), uuid4().hex
    every = [Part(number, parts) for number in range(1, parts + 1)]
    ended: list[tuple[Part, crawl_process.Crawled]] = []
    with TemporaryDirectory(prefix="nianbao-cluster-") as name, progress("Crawling", "parts") as tell:
        folder = Path(name)
        waiting = [part for part in every if _hand_over(db, shards, part, folder)]
        todo = [p for p in every if p in waiting or any(p.holds(host_of(source.url)) for source in sources)]
        more: tuple[str, ...] = ()
        while todo and len(ended) < ROUNDS * parts:
            tasks = [PartTask(part, place, text, (*options, *more), stop) for part in todo]
            for done, result in enumerate(_results(client, tasks, stop), 1):
                ended.append(result)
                tell(Step(done, len(todo), counts={"requests": sum(one.requests for _, one in ended)}))
            _join(db, shards, todo, folder)
            interrupted = any(one.outcome == "interrupted" for _, one in ended)
            todo = [] if interrupted else [part for part in every if _hand_over(db, shards, part, folder)]
            more = ("--only-queued",)
    return _sum(ended, _left(db))


def _sum(ended: Sequence[tuple[Part, crawl_process.Crawled]], left: int) -> CrawlResult:
    """What the parts did together."""
    from crawler.run import CrawlResult

    outcomes: Counter[str] = Counter()
    problems: list[str] = []
    for part, done in ended:
        outcomes.update(done.outcomes or {})
        problems += [f"part {part}: {problem}" for problem in done.problems]
        if not done.ended and done.outcome != "interrupted":
            problems.append(f"part {part}: its crawl ended with exit code {done.code}; crawl again")
    interrupted = any(done.outcome == "interrupted" for _, done in ended)
    requests, fetched, new, size = (
        sum(getattr(done, name) for _, done in ended)
        for name in ("requests", "fetched", "new_captures", "bytes")
    )
    outcome: Literal["ok", "partial", "interrupted"] = (
        "interrupted" if interrupted else "partial" if left or problems else "ok"
    )
    return CrawlResult(outcome, requests, fetched, new, dict(outcomes), problems, size, left)


def _as_csv(rows: Sequence[dict[str, str]]) -> str:
    out = StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]) if rows else ["id"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _results(
    client: Client, tasks: Sequence[PartTask], stop: str
) -> Iterator[tuple[Part, crawl_process.Crawled]]:
    """Every part with how its crawl ended, as they end. Ctrl-C asks them all to end, and waits for it."""
    from distributed import Event, as_completed

    futures = client.map(crawl_part, tasks, pure=False, retries=RETRIES, key="nianbao-crawl")
    parts = {future.key: task.part for future, task in zip(futures, tasks, strict=True)}
    ended = as_completed(futures, raise_errors=False)
    while not ended.is_empty():
        try:
            future = next(ended)
        except KeyboardInterrupt:
            heeded()
            Event(stop, client=client).set()
            continue
        yield parts[future.key], _result(future)


def _result(future: Any) -> crawl_process.Crawled:
    if future.status == "finished":
        found: crawl_process.Crawled = future.result()
        return found
    error = future.exception()
    return crawl_process.Crawled(Exit.WRONG, "partial", problems=(f"{type(error).__name__}: {error}",))


def crawl_part(task: PartTask) -> crawl_process.Crawled:
    """Crawls one part, on a worker: in a process of its own, which ends with the worker."""
    from distributed import Event, get_client

    event = Event(task.stop, client=get_client())
    try:
        with shards_at(task.shards).opened(task.part) as shard, TemporaryDirectory() as name:
            registry = Path(name) / "registry.csv"
            registry.write_text(task.registry, encoding="utf-8")
            options = [*task.options, "--part", str(task.part), "--registry", str(registry)]
            while True:
                done = _crawl_beside(shard, options, event.is_set)
                if done.code != Exit.LOCKED or event.wait(LOCKED_WAIT):
                    return done
    except LeaseLost:
        return crawl_process.Crawled(Exit.WRONG, "partial", problems=("another worker has taken it over",))


def _crawl_beside(shard: Shard, options: Sequence[str], stopped: Callable[[], bool]) -> crawl_process.Crawled:
    """The crawl, and beside it the copies of its shard; a lease that is lost and a word to stop end it."""
    running: list[Popen[str]] = []
    waited = 0.0
    with ThreadPoolExecutor(1) as beside:
        future: Future[crawl_process.Crawled] = beside.submit(
            crawl_process.crawl, shard.path, options, running.append
        )
        try:
            while not wait([future], timeout=LOOK).done:
                waited += LOOK
                if waited >= shard.every:
                    waited = 0.0
                    shard.keep()
                if stopped():
                    _end(running)
        except BaseException:
            _end(running)
            raise
        return future.result()


def _end(running: list[Popen[str]]) -> None:
    for process in running:
        process.terminate()


def _join(db: Path, shards: Shards, parts: Sequence[Part], folder: Path) -> None:
    """Joins the shards of these parts into the archive."""
    from archive.care.merge import merge

    found = [path for part in parts if (path := shards.collected(part, folder)) is not None]
    if found:
        merge(db, found)


def _hand_over(db: Path, shards: Shards, part: Part, folder: Path) -> int:
    """Puts into a shard what the archive has for its hosts and it has not: all, or what waits to be asked.

    Gives how many requests are new to the shard.
    """
    from archive.care.merge import merge
    from archive.care.split import split

    if not db.exists():
        return 0
    there = shards.collected(part, folder)
    share = folder / f"share-{part.number}.db"
    share.unlink(missing_ok=True)
    asked = split(db, share, part.holds, queued_only=there is not None)
    new = asked if there is None else _unknown(there, share)
    if new:
        with shards.opened(part) as shard:
            merge(shard.path, [share])
            shard.keep()
    share.unlink()
    return new


def _unknown(shard: Path, share: Path) -> int:
    """How many requests of a share its shard does not know."""
    from archive.store import Archive

    with Archive.read_only(shard) as archive:
        archive.db.execute("attach ? as share", [f"{share.absolute().as_uri()}?mode=ro"])
        sql = "select count(*) from share.request where id not in (select id from main.request)"
        number: int = archive.db.execute(sql).fetchone()[0]
        return number


def _left(db: Path) -> int:
    from archive.store import Archive

    with Archive.open(db) as archive:
        return archive.queued()
