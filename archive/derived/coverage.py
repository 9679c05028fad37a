"""Which reports should be there and are not: every known body, every year the archive covers."""

from __future__ import annotations

import sqlite3
from enum import StrEnum

from archive.bodies import is_body, make
from archive.database import seals
from archive.derived.placing import Placer
from archive.outcomes import GONE, Outcome
from archive.state.nights import HEALTHY_NIGHTS
from archive.store import Archive


class Coverage(StrEnum):
    """What is known of one body's report of one year. `late` is held, but was published after its day."""

    FOUND = "found"
    LATE = "late"
    WITHDRAWN = "withdrawn"
    UNREADABLE = "unreadable"
    BLOCKED = "blocked"
    MISSING = "missing"
    NOT_DUE = "not due"


_UNANSWERED = """
select l.to_url as url,
    (select r.state from capture c join reading r on r.capture_id = c.id where c.url = l.to_url
     order by c.last_seen desc, c.id, r.ordinal limit 1) as reading,
    (select f.outcome from fetch f where f.url = l.to_url order by f.at desc, f.id limit 1) as outcome
from link l where l.kind in ('document', 'attachment') group by l.to_url
having reading is null or reading = 'unreadable' order by l.to_url
"""

# Years end with the one that was over when the archive last heard of any site.
_FRESH = """
with recursive
span(first, last) as (select min(year), max(max(year), :year) from report),
years(year) as (select first from span where first is not null union all
                select year + 1 from years, span where year < last),
held as (select r.body_id, r.year, min(v.url) as url,
                min((select min(l.date) from link l where l.to_url = v.url and length(l.date) = 10)) as published
         from report r join version v on v.report_id = r.id group by r.body_id, r.year),
due as (select b.id, y.year, b.kind,
               (y.year + 1) || case when b.kind = 'government' then '-03-31' else '-01-31' end as day
        from body b join years y)
insert into fresh
select d.id, d.year,
       case when w.url is not null then 'withdrawn'
            when h.published > d.day then 'late'
            when h.url is not null then 'found'
            when e.state is not null then e.state
            when d.day >= :today then 'not due'
            else 'missing' end,
       case when w.url is not null then w.since || ': ' || w.url
            when h.published > d.day then 'listed with the date ' || h.published || ': ' || h.url
            else coalesce(h.url, e.evidence, case when d.day >= :today then 'due on ' || d.day else '' end) end
from due d left join held h on h.body_id = d.id and h.year = d.year
left join expected e on e.body_id = d.id and e.year = d.year
left join withdrawn w on w.body_id = d.id and w.year = d.year
"""

# A report is withdrawn when three healthy nights of each source that listed it did not list it any more.
# Its page counts for the files beside it, which are only looked at with the page.
_WITHDRAWN = """
with healthy as (
    select source_id, started_at from (
        select s.source_id, u.started_at,
               row_number() over (partition by s.source_id order by u.started_at desc) as nth
        from source_night s join run u on u.id = s.run_id where s.problem = '')
    where nth = :nights),
shown as (
    select r.body_id, r.year, n.url from report r join version v on v.report_id = r.id
    join rendition n on n.version_id = v.id
    union
    select r.body_id, r.year, l.from_url from report r join version v on v.report_id = r.id
    join rendition n on n.version_id = v.id join link l on l.to_url = n.url where l.kind = 'attachment')
insert into withdrawn
select s.body_id, s.year, min(s.url), substr(max(l.last_seen), 1, 10)
from shown s join link l on l.to_url = s.url left join healthy h on h.source_id = l.source_id
where l.decision not like 'rejected%'
  and exists (select 1 from fetch f where f.url = l.from_url and f.kind = 'listing')
group by s.body_id, s.year having min(l.last_seen < coalesce(h.started_at, '')) = 1
"""
# Or when it is listed still, and its pages were gone on so many healthy nights (archive.derived.sightings).
_GONE = """
with gone as (
    select e.report_id, max(e.at) as at, min(e.url) as url from event e
    where e.class = 'withdrawn' and not exists (select 1 from event b where b.report_id = e.report_id
        and b.class = 'restored' and b.version is null and b.at >= e.at)
    group by e.report_id)
insert into withdrawn
select r.body_id, r.year, min(g.url), 'gone since ' || substr(max(g.at), 1, 10)
from gone g join report r on r.id = g.report_id
where not exists (select 1 from report o where (o.body_id, o.year) = (r.body_id, r.year)
    and o.id not in (select report_id from gone))
group by r.body_id, r.year on conflict do nothing
"""


_TABLES = (
    ("fresh", "state", "evidence"),
    ("expected", "state", "evidence"),
    ("withdrawn", "url", "since"),
)


def fill(archive: Archive) -> None:
    """Rewrites the coverage where it changed, and the bodies that nothing but the registry knows."""
    placer = Placer(archive.db)
    expected = _expected(archive.db, placer)
    today = _today(archive.db)
    with archive.transaction() as db:
        _know_bodies(db, placer)
        for table, third, fourth in _TABLES:
            db.execute(f"drop table if exists temp.{table}")
            db.execute(
                f"create temp table {table} (body_id text, year integer, {third} text, {fourth} text,"
                " primary key (body_id, year))"
            )
        db.executemany("insert into expected values (?, ?, ?, ?)", expected)
        db.execute(_WITHDRAWN, {"nights": HEALTHY_NIGHTS})
        db.execute("update withdrawn set since = 'not listed since ' || since")
        db.execute(_GONE)
        db.execute(_FRESH, {"today": today, "year": int(today[:4]) - 1})
        db.execute("delete from coverage where (body_id, year, state, evidence) not in (select * from fresh)")
        db.execute("insert into coverage select * from fresh where true on conflict do nothing")
        seals.keep_coverage(db)


def _today(db: sqlite3.Connection) -> str:
    """The day on which the archive last heard of a site: what is derived depends on no clock."""
    at: str | None = db.execute(
        "select max(started_at) from run where id in (select run_id from fetch)"
    ).fetchone()[0]
    last: str | None = at or db.execute("select max(at) from fetch").fetchone()[0]
    return (last or "1900-01-01")[:10]


def _expected(db: sqlite3.Connection, placer: Placer) -> list[tuple[str, int, str, str]]:
    """What links promised and fetches did not bring: (body, year, state, evidence), the worst first kept."""
    found: dict[tuple[str, int], tuple[str, int, str, str]] = {}
    for row in db.execute(_UNANSWERED).fetchall():
        promised = placer.expected(row["url"])
        state = _state(row["reading"], row["outcome"])
        if promised is not None and state is not None:
            body, year = promised
            why = row["outcome"] if state is not Coverage.UNREADABLE else state.value
            found.setdefault((body.id, year), (body.id, year, state.value, f"{why}: {row['url']}"))
    return list(found.values())


def _state(reading: str | None, outcome: str | None) -> Coverage | None:
    if reading == "unreadable":
        return Coverage.UNREADABLE
    if outcome in GONE:
        return Coverage.MISSING
    if outcome in (None, Outcome.OK, Outcome.NOT_MODIFIED, Outcome.REDIRECTED, Outcome.JS_REDIRECT):
        return None
    return Coverage.BLOCKED


def _know_bodies(db: sqlite3.Connection, placer: Placer) -> None:
    """Bodies of the registry, and those that pages name, are known before they report; others go with their last report."""
    told = [(s.name, s.division) for s in placer.sources.values()]
    told += [
        (row["name"], row["division"])
        for row in db.execute("select name, division from candidate order by id")
    ]
    named = [make(name, division) for name, division in told if is_body(name)]
    db.execute("delete from coverage where body_id not in (select body_id from report)")
    db.execute("delete from body where id not in (select body_id from report)")
    db.executemany(
        "insert into body (id, name, division, kind) values (?, ?, ?, ?) on conflict (id) do nothing",
        [(body.id, body.name, body.division, body.kind.value) for body in named],
    )
