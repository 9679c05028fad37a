"""Monitors of the single sources: silent, fallen, stale, or built anew so that their family stopped matching."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from archive.outcomes import iso
from archive.store import Archive
from nianbao.monitors.base import Alarm, Level, Night, by_province, percent, some

if TYPE_CHECKING:
    from crawler.page import Page

_SILENT = """
select s.id, s.division from source s
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
    silent = night.db.execute(_SILENT, {"since": night.since}).fetchall()
    if not silent:
        return None
    where = by_province([row["division"] for row in silent])
    what = f"{len(silent)} gave nothing{where}: {some([row['id'] for row in silent])}"
    remedy = "look at their columns in a browser; `nianbao sources list` has the addresses"
    return Alarm("silent sources", what, remedy, night.level(len(silent)))


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
    return Alarm("fallen sources", f"{len(fallen)}: {some(fallen)}", remedy, night.level(len(fallen)))


# What a survey knows to be dead, moved or blocked is told by coverage, once and not every night.
_LAST_GOOD = """
select s.id, min(f.at), max(case when f.outcome in ('ok', 'not_modified', 'redirected') then f.at end)
from source s join fetch f on f.source_id = s.id and f.kind in ('listing', 'portal')
where not exists (select 1 from source_life l where l.source_id = s.id and l.state in ('dead', 'moved', 'blocked')
    and l.at = (select max(at) from source_life m where m.source_id = s.id))
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


# The pages of the sources that were asked tonight and answered, changed or not.
_ENTRIES = """
select distinct f.source_id, f.request_id, f.url, r.method, r.body, s.family
from fetch f join request r on r.id = f.request_id join source s on s.id = f.source_id
where f.at >= :since and f.outcome in ('ok', 'not_modified') and json_extract(r.meta, '$.entry') is not null
order by f.source_id, f.url
"""
# What such a page has been, the newest first.
_WAS = """
select sha256 from fetch where request_id = ? and url = ? and outcome = 'ok' and sha256 is not null
group by sha256 order by max(at) desc, max(rowid) desc limit 6
"""
_ROWS = 3


def stopped_families(night: Night) -> Alarm | None:
    """Rings for sources whose page was a list and is none now; each page is saved for the engineer."""
    stopped, saved = [], []
    for row in night.db.execute(_ENTRIES, {"since": night.since}).fetchall():
        found = _stopped(night, row)
        if found is not None:
            said, family, page = found
            stopped.append(said)
            if night.fixtures is not None:
                saved.append(_saved(page, night.fixtures, f"{family}-{row['source_id']}"))
    if not stopped:
        return None
    remedy = "fill in the result beside each saved page, then mend the family until its test is green"
    kept = f"; saved: {some(saved)}" if saved else ""
    return Alarm("families", f"{len(stopped)} stopped matching: {some(stopped)}{kept}", remedy)


def _stopped(night: Night, row: sqlite3.Row) -> tuple[str, str, Page] | None:
    """What is said of a page that was a list before and is none now, the family that it was of, and the page."""
    archive = Archive(night.db, night.out)
    was = [sha256 for (sha256,) in night.db.execute(_WAS, (row["request_id"], row["url"]))]
    if len(was) < 2:
        return None
    # Imported here: a night in which no page changed need not wait for the families.
    from crawler.families import detect
    from crawler.page import Page

    now, *before = (Page(row["url"], archive.blob(sha256), "", row["method"], row["body"]) for sha256 in was)
    other, reads = detect(now, row["family"])
    if reads.rows(now):
        return None
    for page in before:
        family, module = detect(page, row["family"])
        if len(module.rows(page)) >= _ROWS:
            how = "finds no row any more" if other == family else f"became {other}, without a row"
            return f"source {row['source_id']}: {family} {how}", family, now
    return None


def _saved(page: Page, folder: Path, stem: str) -> str:
    """Where the page is, for `make` to test; it may have been saved on an earlier night."""
    from crawler.checks.fixtures import save
    from crawler.registry import RegistryError

    with contextlib.suppress(RegistryError):
        save(page, folder, stem)
    return str(folder / f"{stem}.html")
