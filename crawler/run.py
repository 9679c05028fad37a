"""Runs a crawl in this process, once: Scrapy's reactor cannot be started twice."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal

from archive.errors import ArchiveLocked
from archive.outcomes import host_of, iso, now_utc
from archive.store import Archive
from crawler.engine import leaving
from crawler.engine.conclusions import conclude
from crawler.engine.portals import entry_of
from crawler.engine.work import CrawlOptions, CrawlProgress, Work
from crawler.registry import Entry, Registry, RegistryError, Source, load
from crawler.settings import for_crawl
from crawler.spiders.reports import ReportsSpider

WALK_AGAIN = timedelta(days=30)
"""A portal whose column is known is walked again after so long, for columns that are new."""

__all__ = ["CrawlOptions", "CrawlProgress", "CrawlResult", "crawl"]


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """How a crawl ended. `partial` means that something is left queued or could not be had.

    `bytes` came in bodies; `left` requests are queued still; `spent` names the limit that was reached, if one was.
    """

    outcome: Literal["ok", "partial", "interrupted"]
    requests: int = 0
    fetched: int = 0
    new_captures: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    bytes: int = 0
    left: int = 0
    spent: str = ""


def crawl(options: CrawlOptions, progress: Callable[[CrawlProgress], None] | None = None) -> CrawlResult:
    """Goes on with the last crawl if it was cut short, else begins a new one, and works until nothing is due.

    Raises RegistryError for a registry that cannot be used and ArchiveError for an archive that cannot.
    """
    registry = load(options.registry)
    if options.candidates:
        more = {each.id: each for each in options.candidates}
        registry = Registry({**more, **registry.sources}, registry.warnings)
    _check(options, registry)
    with Archive.open(options.db) as archive, alone(options.db):
        run_id = archive.unfinished_run(options.command) or _begin(archive, registry, options)
        if options.take:
            archive.confine(options.chosen)
        work = Work(options, archive, registry, run_id, progress)
        work.found.update(_found(archive, registry))
        work.leave_alone()
        settings = for_crawl(options.delay, options.allow_private)
        reason, _spider = leaving.run(settings, ReportsSpider, work=work)
        if work.fatal is not None:
            raise work.fatal
        result = _result(work, reason)
        if result.outcome == "interrupted" or result.spent:
            # The run is not over: the next crawl goes on with it.
            archive.finish_run(run_id, "interrupted")
        else:
            if options.take:
                work.remember_hosts()
            else:
                conclude(work)
            result = _result(work, reason)
            archive.finish_run(run_id, result.outcome)
    return result


def _check(options: CrawlOptions, registry: Registry) -> None:
    if options.source is not None and options.source not in registry.sources:
        raise RegistryError(
            f"there is no source {options.source!r}; `nianbao sources list` shows those there are"
        )
    if options.host is not None and not any(True for _ in _wanted(registry, options)):
        raise RegistryError(f"no source is on the host {options.host!r}; `nianbao sources list` shows them")


def _wanted(
    registry: Registry, options: CrawlOptions, found: Mapping[str, tuple[Source, str]] | None = None
) -> Iterator[Source]:
    """The sources that this crawl is about; a portal stands for the columns that were found from it."""
    everything = [(source, source.id) for source in registry.sources.values()]
    for source, named in [*everything, *(found or {}).values()]:
        is_chosen = not options.chosen or source.id in options.chosen or named in options.chosen
        if is_chosen and options.source in (None, source.id, named) and options.wants(host_of(source.url)):
            yield source


def _hosts(
    archive: Archive, options: CrawlOptions, known: Callable[[], list[str]]
) -> list[str] | list[str | None]:
    """The hosts that this crawl is about: each of its part, or the one that is named, or None for all."""
    return [options.host] if options.part is None else [host for host in known() if options.wants(host)]


@contextmanager
def alone(db: Path) -> Iterator[None]:
    """Nothing else fetches into the archive. Two crawls at once would ask a host twice at a time. The lock goes with its process."""
    path = db.with_name(db.name + ".crawl-lock")
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ArchiveLocked(f"{db} is being crawled by another process; wait for it to end") from error
        yield


def _begin(archive: Archive, registry: Registry, options: CrawlOptions) -> str:
    """A new run: every source's entry, and the known documents that are due. Queued in one transaction."""
    found = _found(archive, registry)
    with archive.transaction():
        archive.keep_sources(source.row() for source in registry.sources.values())
        walked = {portal_id for _source, portal_id in found.values()}
        for source in () if options.only_queued else _wanted(registry, options, found):
            if (
                source.entry is Entry.COLUMN
                or options.insists
                or options.take
                or _is_lost(archive, source, walked)
            ):
                archive.restart(entry_of(source))
        for host in () if options.only_queued or options.take else _hosts(archive, options, archive.hosts):
            archive.queue_known(everything=options.recheck == "all", source_id=options.source, host=host)
        return archive.start_run(options.command, options.vantage)


def _is_lost(archive: Archive, portal: Source, walked: Set[str]) -> bool:
    """Whether a portal must be walked: no column was found from it, or the walk is a month ago."""
    if portal.id not in walked:
        return True
    last = archive.last_asked(entry_of(portal).id)
    return last is None or last < iso(now_utc() - WALK_AGAIN)


def _found(archive: Archive, registry: Registry) -> dict[str, tuple[Source, str]]:
    """The columns that portals and lost columns of this registry led to."""
    found = {}
    for row in archive.found_sources():
        if row["portal_id"] in registry.sources and registry.allows(row["url"]):
            names = ("id", "name", "division", "level", "kind", "url", "family")
            kept = {name: row[name] for name in names}
            note = f"found from {row['portal_id']}"
            found[row["id"]] = (Source(**kept, entry=Entry.COLUMN, note=note), row["portal_id"])
    return found


def _result(work: Work, reason: str) -> CrawlResult:
    interrupted = reason == "shutdown"
    options = work.options
    hosts = _hosts(work.archive, options, work.archive.queued_hosts)
    left = sum(work.archive.queued(source_id=options.source, host=host) for host in hosts)
    problems = list(work.problems)
    problems += [f"{number} could not be had: {outcome}" for outcome, number in sorted(work.given_up.items())]
    if left and not interrupted:
        why = f"{work.spent}: " if work.spent else ""
        problems.append(f"{why}{left} requests are left queued; the next crawl goes on with them")
    partial = bool(left or work.given_up or work.incomplete)
    outcome: Literal["ok", "partial", "interrupted"] = "partial" if partial else "ok"
    return CrawlResult(
        "interrupted" if interrupted else outcome,
        work.requests,
        work.fetched,
        work.new_captures,
        dict(work.outcomes),
        problems,
        work.size,
        left,
        work.spent if left else "",
    )
