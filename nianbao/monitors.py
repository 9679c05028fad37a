"""What a night looks at before it lets anybody sleep: each monitor rings, or stays silent."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from archive.derive import ReadResult
from nianbao.steps import Crawled

SHARE = 0.2
"""A larger part of a night, unreadable or contradicted, is a flood: a changed site or a broken parser."""
GOOD = {"ok", "not_modified", "robots_disallowed", "gone", "soft_404"}
GOOD |= {"redirected", "js_redirect", "redirect_to_home"}
"""Outcomes that are an answer, welcome or not."""
LEAST = 5
"""Fewer than this are no flood, whatever their part."""
NAMED = 5


class Level(StrEnum):
    """How much an alarm weighs: worth reading, wrong (the exit code says so), or too grave to publish."""

    NOTE = "note"
    WRONG = "wrong"
    GRAVE = "grave"


@dataclass(frozen=True, slots=True)
class Alarm:
    """What rings, and what to do about it."""

    monitor: str
    what: str
    remedy: str
    level: Level = Level.WRONG

    def __str__(self) -> str:
        return f"{self.monitor}: {self.what}; {self.remedy}"


@dataclass(frozen=True, slots=True)
class Night:
    """What a monitor looks at: the archive, when the night began, and what it did."""

    db: sqlite3.Connection
    out: Path
    since: str
    crawled: Crawled
    read: ReadResult


def crawl_ended(night: Night) -> Alarm | None:
    """Rings when the crawl did not go to its end; what it could not have is a note."""
    if not night.crawled.ended:
        how = f"the crawl ended with exit code {night.crawled.code}"
        return Alarm("crawl", how, "see its message above, mend that, and run the night again")
    problems = list(night.crawled.problems)
    if problems:
        shown = _some(problems, "; ")
        return Alarm("crawl", shown, "see `nianbao status`; the next night asks again", Level.NOTE)
    return None


def failing_fetches(night: Night) -> Alarm | None:
    """Rings when a large part of the requests failed: the network, or a site that turned us away."""
    outcomes = night.crawled.outcomes or {}
    failed = sum(count for outcome, count in outcomes.items() if outcome not in GOOD)
    total = sum(outcomes.values())
    if not _is_flood(failed, total):
        return None
    return Alarm("fetches", f"{failed} of {total} failed", "see `nianbao status` for their outcomes")


def nothing_found(night: Night) -> Alarm | None:
    """Rings when no listing showed a single report: a crawl that succeeds at nothing."""
    row = night.db.execute(
        "select 1 from link where kind <> 'listing' and decision not like 'rejected%' limit 1"
    ).fetchone()
    if night.crawled.ended and (row is None or night.crawled.requests == 0):
        return Alarm("nothing found", "no source shows a report", "check the registry and the network")
    return None


_SILENT = """
select s.id from source s
where exists (select 1 from fetch f where f.source_id = s.id and f.at >= :since)
  and not exists (select 1 from link l where l.source_id = s.id and l.kind <> 'listing'
                  and l.decision not like 'rejected%')
   or exists (select 1 from fetch f where f.source_id = s.id and f.kind = 'listing' and f.at >= :since)
  and not exists (select 1 from fetch f where f.source_id = s.id and f.kind = 'listing' and f.at >= :since
                  and f.outcome in ('ok', 'not_modified', 'redirected'))
order by s.id
"""


def silent_sources(night: Night) -> Alarm | None:
    """Rings for sources that were asked and gave nothing: no link to a report ever, or no listing tonight."""
    silent = [row[0] for row in night.db.execute(_SILENT, {"since": night.since})]
    if not silent:
        return None
    names = ", ".join(silent[:NAMED]) + (" and more" if len(silent) > NAMED else "")
    return Alarm(
        "silent sources", f"{len(silent)} gave nothing: {names}", "look at their columns in a browser"
    )


def unreadable(night: Night) -> Alarm | None:
    """Rings for captures that cannot be read; a flood of them stops the publication."""
    count, read = night.read.unreadable, night.read.read
    if not count:
        return None
    level = Level.GRAVE if _is_flood(count, read) else Level.NOTE
    what = f"{count} of {read} captures cannot be read"
    return Alarm("unreadable", what, "see `nianbao status`, mend the reader, then `nianbao read`", level)


_CONTRADICTED = """
select b.name || ' ' || r.year from version v
join report r on r.id = v.report_id join body b on b.id = r.body_id
where v.first_seen >= :since and exists (select 1 from identity i where i.version_id = v.id and not i.holds)
order by 1
"""


def new_contradictions(night: Night) -> Alarm | None:
    """Rings for versions first seen tonight whose own arithmetic fails: a few misprints, or all misread."""
    names = [row[0] for row in night.db.execute(_CONTRADICTED, {"since": night.since})]
    if not names:
        return None
    sql = "select count(*) from version where first_seen >= ?"
    (new,) = night.db.execute(sql, (night.since,)).fetchone()
    level = Level.WRONG if _is_flood(len(names), new) else Level.NOTE
    what = f"{len(names)} of {new} new versions: {_some(names)}"
    return Alarm("contradictions", what, "compare them with their sources", level)


def _is_flood(count: int, of: int) -> bool:
    return count >= LEAST and count > SHARE * of


def _some(names: list[str], between: str = ", ") -> str:
    return between.join(names[:NAMED]) + (" and more" if len(names) > NAMED else "")


def fewer_reports(night: Night) -> Alarm | None:
    """Rings, and stops the publication, when it would show fewer reports than the last one."""
    published = night.out / "nianbao.db"
    if not published.exists():
        return None
    with sqlite3.connect(f"{published.absolute().as_uri()}?mode=ro", uri=True) as last:
        before = last.execute("select count(distinct report_id) from v_reports").fetchone()[0]
    now = night.db.execute("select count(*) from report").fetchone()[0]
    if now >= before:
        return None
    what = f"{now} reports, {before} in the last publication"
    return Alarm("fewer reports", what, "find out why before you run `nianbao publish` yourself", Level.GRAVE)


MONITORS: tuple[Callable[[Night], Alarm | None], ...] = (
    crawl_ended,
    failing_fetches,
    nothing_found,
    silent_sources,
    unreadable,
    new_contradictions,
    fewer_reports,
)


def watch(night: Night) -> list[Alarm]:
    """Every alarm that rings."""
    return [alarm for monitor in MONITORS if (alarm := monitor(night)) is not None]
