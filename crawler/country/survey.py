"""The survey: asking sources and candidates, politely, what they are; the best evidence first, and only what is due."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from archive.outcomes import host_of, now_utc
from archive.state.lives import VERIFIED_BY, Life, Lived
from archive.store import Archive
from crawler.engine.lives import go_on
from crawler.engine.portals import entry_of
from crawler.engine.work import CrawlOptions, CrawlProgress
from crawler.registry import Registry, Source
from crawler.run import CrawlResult, crawl

AGAIN: Mapping[Life, timedelta] = {
    Life.CANDIDATE: timedelta(0),
    Life.ASKED: timedelta(days=1),
    Life.ANSWERS: timedelta(days=30),
    Life.COLUMN_FOUND: timedelta(days=30),
    Life.VERIFIED: timedelta(days=180),
    Life.BLOCKED: timedelta(days=14),
    Life.MOVED: timedelta(days=60),
    Life.DEAD: timedelta(days=90),
}
"""After how long a source of a state is asked again what it is: sites are rebuilt every few years."""
_CONFIDENCE = ("", "high", "medium", "low")
_LEVELS = ("central", "province", "city", "county", "zone", "township")
_TOLD = re.compile(r"unverified; (high|medium|low)\b")


def due(
    archive: Archive, sources: Iterable[Source], vantage: str, now: datetime, limit: int | None = None
) -> list[Source]:
    """The sources whose turn it is, the best evidence first, those never asked before all others."""
    lives = {name: each for name, rows in archive.lives().items() for each in rows if each.vantage == vantage}
    waiting = []
    for source in sources:
        last, lived = archive.last_asked(entry_of(source).id), lives.get(source.id)
        is_new = lived is None or last is None
        if lived is None or last is None or datetime.fromisoformat(last) + AGAIN[lived.state] <= now:
            waiting.append((not is_new, _evidence(source), source))
    waiting.sort(key=lambda each: each[:2])
    return [source for _is_old, _evidence, source in waiting][:limit]


def _evidence(source: Source) -> tuple[int, int, bool, str]:
    """How well a source is known, for sorting: confidence, level, governments before departments."""
    told = _TOLD.match(source.note)
    level = _LEVELS.index(source.level) if source.level in _LEVELS else len(_LEVELS)
    is_government = source.kind == "government"
    return _CONFIDENCE.index(told[1] if told else ""), level, not is_government, source.id


def begun(archive: Archive, command: str) -> set[str]:
    """The sources of a survey that was cut short; nothing when none was."""
    run = archive.unfinished_run(command)
    if run is None:
        return set()
    sql = (
        "select source_id from fetch where run_id = :run union select source_id from request"
        " where state = 'queued' and queued_at >= (select started_at from run where id = :run)"
    )
    found = {row[0] for row in archive.db.execute(sql, {"run": run})}
    portals = {row["id"]: row["portal_id"] for row in archive.found_sources()}
    return {portals.get(each, each) for each in found if each}


def survey(
    options: CrawlOptions,
    registry: Registry,
    candidates: Registry,
    wanted: Callable[[Source], bool],
    limit: int | None,
    progress: Callable[[CrawlProgress], None] | None = None,
) -> tuple[CrawlResult, list[str]]:
    """Asks what is due of the `wanted` sources, or goes on with a survey that was cut short; gives whom it asked.

    What was brought has yet to be read; `told` then says what the sources are.
    """
    options = replace(options, take=VERIFIED_BY)
    both = {**candidates.sources, **registry.sources}
    with Archive.open(options.db) as archive:
        chosen = begun(archive, options.command) & set(both)
        if not chosen:
            own = [each for each in both.values() if wanted(each) and options.wants(host_of(each.url))]
            chosen = {each.id for each in due(archive, own, options.vantage, now_utc(), limit)}
    if not chosen:
        return CrawlResult("ok"), []
    names = tuple(sorted(chosen))
    asked = tuple(both[name] for name in names if name not in registry.sources)
    result = crawl(replace(options, chosen=names, candidates=asked), progress)
    return result, list(names)


def told(archive: Archive, options: CrawlOptions, sources: Sequence[Source]) -> list[Lived]:
    """What the sources of the last such survey are, after it was read, in the order of their ids."""
    command = replace(options, take=VERIFIED_BY).command
    sql = "select id from run where command = ? order by started_at desc, rowid desc limit 1"
    row = archive.db.execute(sql, (command,)).fetchone()
    found = go_on(archive, row["id"], options.vantage, {each.id: each for each in sources}) if row else {}
    return [found[name] for name in sorted(found)]
