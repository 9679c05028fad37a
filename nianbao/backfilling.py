"""`nianbao backfill`: what web archives hold of registered hosts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from nianbao.front.exits import CommandError, Exit
from nianbao.front.progress import Step, progress
from nianbao.front.terminal import complain, say
from nianbao.nightly.budgets import Budget

if TYPE_CHECKING:
    from crawler.past.walking import Backfilled
    from crawler.registry import Registry, Source


@dataclass(frozen=True, slots=True)
class Where:
    """The web archive: the address of a CDX server, or of an index of Common Crawl; and where its captures are."""

    cdx: str = ""
    commoncrawl: str = ""
    captures: str = ""
    delay: float | None = None
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class Which:
    """Of which sources, and of which years; `province` is how the codes of its divisions begin."""

    source: str | None = None
    host: str | None = None
    province: str = ""
    first: int = 0
    last: int = 0
    limit: int = 0


def backfill(db: Path, registry: Path | None, where: Where, which: Which, budget: Budget) -> Backfilled:
    """One walk through a web archive, to its end or to that of its budget."""
    _check(where)
    if 0 < which.last < which.first:
        raise CommandError(f"--from {which.first} is after --to {which.last}", Exit.USAGE)
    from crawler.net.limits import Limits
    from crawler.past.running import Options
    from crawler.past.running import backfill as run
    from crawler.past.walking import Scope
    from crawler.registry import load

    found = load(registry)
    scope = Scope(_sources(found, which), which.first, which.last, which.limit)
    limits = Limits(budget.until, budget.requests, budget.bytes)
    options = Options(db, **asdict(where), limits=limits)
    with progress("Looking back", "captures") as tell:

        def show_step(now: Backfilled, url: str) -> None:
            tell(Step(now.rows, words=url, counts={"new captures": now.captures, "known": now.known}))

        return run(options, found, scope, show_step)


def _check(where: Where) -> None:
    """CommandError unless one web archive is named, by web addresses."""
    if bool(where.cdx) == bool(where.commoncrawl):
        raise CommandError("give one web archive: --cdx URL, or --commoncrawl URL", Exit.USAGE)
    for address in filter(None, (where.cdx, where.commoncrawl, where.captures)):
        if urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).hostname:
            raise CommandError(f"{address} is no web address; write it with https://", Exit.USAGE)


def _sources(registry: Registry, which: Which) -> tuple[Source, ...]:
    """The sources that are meant; CommandError where there is none."""
    from archive.outcomes import host_of
    from crawler.hosts import slot_of

    found = tuple(
        source
        for source in registry.sources.values()
        if which.source in (None, source.id)
        and which.host in (None, host_of(source.url), slot_of(host_of(source.url)))
        and source.division.startswith(which.province)
    )
    if not found:
        raise CommandError(
            "no source of the registry is meant; `nianbao sources list` shows them", Exit.USAGE
        )
    return found


def as_json(done: Backfilled) -> dict[str, Any]:
    """The result as it is printed with --json."""
    return asdict(done)


def show(done: Backfilled) -> None:
    """The result for a reader."""
    say(f"{done.captures} new captures out of {done.rows} that it lists; `nianbao read` reads them")
    for count, what in (
        (done.known, "were here already"),
        (done.again, "repeat others, and were not asked for"),
        (done.not_wanted, "are errors, frames of pages, or of no registered host or column"),
        (done.missing, "it lists and does not give"),
        (done.unlike, "do not match its digest: kept as evidence, not read"),
    ):
        if count:
            say(f"{count} {what}")
    for problem in done.problems:
        complain(problem)
    if done.left:
        why = f"{done.spent}: " if done.spent else ""
        complain(f"{why}{done.left} questions are left; run it again, it goes on")


def code_of(done: Backfilled) -> Exit:
    """How a walk ended, as an exit code."""
    if done.interrupted:
        return Exit.INTERRUPTED
    return Exit.WRONG if done.left or done.problems or done.unlike or done.missing else Exit.OK
