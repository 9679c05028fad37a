"""Which reports should be there and are not: every known body, every year the archive covers."""

from __future__ import annotations

import sqlite3
from enum import StrEnum

from archive.bodies import is_body, make
from archive.outcomes import Outcome
from archive.placing import Placer
from archive.store import Archive


class Coverage(StrEnum):
    """What is known of one body's report of one year."""

    FOUND = "found"
    UNREADABLE = "unreadable"
    BLOCKED = "blocked"
    GONE = "gone"
    MISSING = "missing"


_UNANSWERED = """
select l.to_url as url,
    (select r.state from capture c join reading r on r.capture_id = c.id where c.url = l.to_url
     order by c.last_seen desc, c.id, r.ordinal limit 1) as reading,
    (select f.outcome from fetch f where f.url = l.to_url order by f.at desc, f.id limit 1) as outcome
from link l where l.kind in ('document', 'attachment') group by l.to_url
having reading is null or reading = 'unreadable' order by l.to_url
"""

_FRESH = """
with recursive
span(first, last) as (select min(year), max(year) from report),
years(year) as (select first from span where first is not null union all
                select year + 1 from years, span where year < last),
found as (select r.body_id, r.year, min(v.url) as url from report r join version v on v.report_id = r.id
          group by r.body_id, r.year)
insert into fresh
select b.id, y.year, case when f.url is not null then 'found' else coalesce(e.state, 'missing') end,
       coalesce(f.url, e.evidence, '')
from body b join years y left join found f on f.body_id = b.id and f.year = y.year
left join expected e on e.body_id = b.id and e.year = y.year
"""


def fill(archive: Archive) -> None:
    """Rewrites the coverage where it changed, and the bodies that nothing but the registry knows."""
    placer = Placer(archive.db)
    expected = _expected(archive.db, placer)
    with archive.transaction() as db:
        _know_bodies(db, placer)
        for table in ("fresh", "expected"):
            db.execute(f"drop table if exists temp.{table}")
            db.execute(
                f"create temp table {table} (body_id text, year integer, state text, evidence text,"
                " primary key (body_id, year))"
            )
        db.executemany("insert into expected values (?, ?, ?, ?)", expected)
        db.execute(_FRESH)
        db.execute("delete from coverage where (body_id, year, state, evidence) not in (select * from fresh)")
        db.execute("insert into coverage select * from fresh where true on conflict do nothing")


def _expected(db: sqlite3.Connection, placer: Placer) -> list[tuple[str, int, str, str]]:
    """What links promised and fetches did not bring: (body, year, state, evidence), the worst first kept."""
    found: dict[tuple[str, int], tuple[str, int, str, str]] = {}
    for row in db.execute(_UNANSWERED).fetchall():
        promised = placer.expected(row["url"])
        state = _state(row["reading"], row["outcome"])
        if promised is not None and state is not None:
            body, year = promised
            found.setdefault((body.id, year), (body.id, year, state.value, f"{state}: {row['url']}"))
    return list(found.values())


def _state(reading: str | None, outcome: str | None) -> Coverage | None:
    if reading == "unreadable":
        return Coverage.UNREADABLE
    if outcome in (Outcome.GONE, Outcome.SOFT_404):
        return Coverage.GONE
    if outcome in (None, Outcome.OK, Outcome.NOT_MODIFIED, Outcome.REDIRECTED):
        return None
    return Coverage.BLOCKED


def _know_bodies(db: sqlite3.Connection, placer: Placer) -> None:
    """Bodies of the registry are known before they report; others go when their last report goes."""
    named = [make(s.name, s.division) for s in placer.sources.values() if is_body(s.name)]
    db.execute("delete from coverage where body_id not in (select body_id from report)")
    db.execute("delete from body where id not in (select body_id from report)")
    db.executemany(
        "insert into body (id, name, division, kind) values (?, ?, ?, ?) on conflict (id) do nothing",
        [(body.id, body.name, body.division, body.kind.value) for body in named],
    )
