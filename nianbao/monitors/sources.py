"""Monitors of the single sources: silent, fallen, stale, or built anew so that their family stopped matching."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import datetime, timedelta

from archive.outcomes import iso
from archive.store import Archive
from nianbao.monitors.base import Alarm, Level, Night, percent, some

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
    what = f"{len(silent)} gave nothing: {some(silent)}"
    return Alarm("silent sources", what, "look at their columns in a browser")


_LISTED = "select source_id, max(rows) from source_night where at >= ? group by source_id order by source_id"


def fallen_sources(night: Night) -> Alarm | None:
    """Rings for sources that list far fewer rows than they used to."""
    fallen = []
    for source_id, rows in night.db.execute(_LISTED, (night.since,)).fetchall():
        usual = night.usual("rows", source_id)
        if usual is None or usual < night.thresholds["fall_least"]:
            continue
        if rows < (1 - night.thresholds["fall_share"]) * usual:
            fallen.append(f"{source_id} from {usual:g} rows to {rows}")
    if not fallen:
        return None
    remedy = "look at their columns; nothing counts as withdrawn for one such night"
    return Alarm("fallen sources", f"{len(fallen)}: {some(fallen)}", remedy)


_LAST_GOOD = """
select s.id, min(f.at), max(case when f.outcome in ('ok', 'not_modified', 'redirected') then f.at end)
from source s join fetch f on f.source_id = s.id and f.kind in ('listing', 'portal')
group by s.id order by s.id
"""


def stale_sources(night: Night) -> Alarm | None:
    """Rings for sources without a good listing for days; few of many are a note."""
    limit = iso(datetime.fromisoformat(night.since) - timedelta(days=night.thresholds["stale_days"]))
    asked = night.db.execute(_LAST_GOOD).fetchall()
    stale = [(good or first, source) for source, first, good in asked if (good or first) < limit]
    if not stale:
        return None
    few = len(stale) <= night.thresholds["stale_share"] * len(asked)
    names = [f"{source} since {at[:10]}" for at, source in sorted(stale)]
    what = f"{len(stale)} of {len(asked)} sources ({percent(len(stale) / len(asked))}): {some(names)}"
    return Alarm("stale sources", what, "mend their rows in the registry", Level.NOTE if few else Level.WRONG)


# The page of a source that was another one before; whatever it is read as now.
_CHANGED = """
select f.source_id, f.url, f.sha256 as now, f.headers, r.method, r.body, s.family,
       (select e.sha256 from fetch e where e.url = f.url and e.request_id = f.request_id and e.outcome = 'ok'
        and e.at < :since and e.sha256 is not null order by e.at desc, e.rowid desc limit 1) as before
from fetch f join request r on r.id = f.request_id join source s on s.id = f.source_id
where f.at >= :since and f.outcome = 'ok' and f.sha256 is not null and json_extract(r.meta, '$.entry') is not null
order by f.source_id, f.at
"""
_ROWS = 3


def stopped_families(night: Night) -> Alarm | None:
    """Rings for sources whose page its family cannot read any more; each page is saved for the engineer."""
    stopped: list[str] = []
    saved: list[str] = []
    for row in night.db.execute(_CHANGED, {"since": night.since}).fetchall():
        said = _stopped(night, row) if row["before"] and row["before"] != row["now"] else None
        if said is not None:
            stopped.append(said[0])
            saved += said[1:]
    if not stopped:
        return None
    remedy = "fill in the result beside each saved page, then mend the family until its test is green"
    kept = f"; saved: {some(saved)}" if saved else ""
    return Alarm("families", f"{len(stopped)} stopped matching: {some(stopped)}{kept}", remedy)


def _stopped(night: Night, row: sqlite3.Row) -> tuple[str, ...] | None:
    """What is said of a page that was a list before and is none now, and where it was saved."""
    from crawler.families import detect, families
    from crawler.page import Page

    archive = Archive(night.db, night.out)
    pages = [
        Page(row["url"], archive.blob(row[which]), "", row["method"], row["body"])
        for which in ("before", "now")
    ]
    before, now = pages
    family, module = detect(before, row["family"])
    other, reads = detect(now, row["family"])
    if len(module.rows(before)) < _ROWS or reads.rows(now):
        return None
    how = f"{family} finds no row any more" if other == family else f"{family} became {other}, without a row"
    said = f"source {row['source_id']}: {how}"
    if night.fixtures is None:
        return (said,)
    from crawler.fixtures import save
    from crawler.registry import RegistryError

    stem = f"{family if family in families() else 'generic'}-{row['source_id']}"
    with contextlib.suppress(RegistryError):  # saved on an earlier night
        save(now, night.fixtures, stem)
    return said, str(night.fixtures / f"{stem}.html")
