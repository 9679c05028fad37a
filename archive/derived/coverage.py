"""Which reports should be there and are not: every known body, every year the archive covers.

Nobody is accused without evidence: each state of archive.derived.standing names the address, the listing's capture, the row
of the registry or the article that it rests on.
"""

from __future__ import annotations

import sqlite3

from archive.bodies import is_body, make
from archive.database import seals
from archive.derived import duty
from archive.derived.placing import Placer
from archive.derived.promised import Promise, promises
from archive.lineage import lines
from archive.state.nights import HEALTHY_NIGHTS
from archive.state.witnesses import BROWSER, RUN
from archive.store import Archive

# A link that only a web archive saw, in a list as it once stood, accuses nobody.
_OURS = f"f.run_id <> '{RUN}' and f.at <= l.last_seen"

# A date that one listing gives to reports on several years is that of a move, and none of publication.
# What the archive saw itself by the day was there by the day, whatever a listing says since.
_HELD = f"""
insert into held
with dated as (
    select r.id as report_id, l.date, count(distinct o.year) as years, min(l.from_url) as listing,
           max(l.last_seen) as seen
    from report r join version v on v.report_id = r.id join link l on l.to_url = v.url and length(l.date) = 10
         and (not exists (select 1 from fetch f where f.url = l.from_url and f.run_id = '{RUN}')
              or exists (select 1 from fetch f where f.url = l.from_url and {_OURS}))
    join link m on m.from_url = l.from_url and m.date = l.date
    join version w on w.url = m.to_url join report o on o.id = w.report_id and o.body_id = r.body_id
    group by r.id, l.date),
published as (select report_id, min(date) as date, max(years) as years from dated group by report_id),
each as (
    select r.body_id, r.year, min(v.url) as url, p.date || coalesce(
               (select ' (capture ' || c.sha256 || ')' from dated e join capture c on c.url = e.listing
                where e.report_id = r.id and e.date = p.date and c.kind = 'listing'
                  and e.seen between c.first_seen and c.last_seen order by c.first_seen desc, c.id limit 1), '') as shown,
           p.years = 1 and p.date > d.late_after and substr(min(v.first_seen), 1, 10) > d.late_after as late, d.law
    from report r join version v on v.report_id = r.id join who w on w.body_id = r.body_id
    left join published p on p.report_id = r.id
    left join duty d on (d.who, d.scope, d.year) = (w.who, r.scope, r.year)
    group by r.id)
select body_id, year, min(url), min(coalesce(late, 0)), substr(min(shown), 1, 10), min(law), substr(min(shown), 11)
from each group by body_id, year
"""

# The listings that show reports of a body, held or promised, and on which years.
_LISTED = f"""
insert into listed
with about as (select body_id, year, url from shown union select body_id, year, url from expected_url)
select a.body_id, l.source_id, l.from_url, a.year, max(l.last_seen) from about a join link l on l.to_url = a.url
where l.decision not like 'rejected%'
  and exists (select 1 from fetch f where f.url = l.from_url and f.kind = 'listing' and {_OURS})
group by a.body_id, l.source_id, l.from_url, a.year
"""

_HEALTHY = """
insert into healthy
select s.source_id, max(u.started_at) from source_night s join run u on u.id = s.run_id
where s.problem = '' group by s.source_id
"""

# Of each body the source that a healthy night saw last: the years on all its pages, and the capture of one of them.
_LOOKED = """
insert into looked
with seen as (select l.*, h.at from listed l join healthy h on h.source_id = l.source_id where l.seen >= h.at),
page as (
    select body_id, source_id, url, (select c.sha256 from capture c where c.url = seen.url and c.kind = 'listing'
        order by c.last_seen desc, c.id limit 1) as sha256,
        row_number() over (partition by body_id, source_id order by count(*) desc, url) as nth
    from seen group by body_id, source_id, url),
years as (select body_id, source_id, at, group_concat(year, ', ') as years, count(*) as number
          from (select distinct body_id, source_id, at, year from seen order by 1, 2, 4) group by body_id, source_id),
best as (select y.*, p.url, p.sha256,
                row_number() over (partition by y.body_id order by y.at desc, y.number desc, p.url) as nth
         from years y join page p on (p.body_id, p.source_id) = (y.body_id, y.source_id) and p.nth = 1
         where p.sha256 is not null)
select body_id, substr(at, 1, 10), 'on ' || substr(at, 1, 10) || ' ' || url || ' lists ' || years,
       ' (capture ' || sha256 || ')'
from best where nth = 1
"""

# Why nobody can say that a report is not there: of the sources of a body the one that was seen last.
_UNSEEN = """
insert into unseen
with of_body as (select body_id, source_id from named union select body_id, source_id from listed),
last as (select *, row_number() over (partition by source_id order by at desc) as nth from source_night),
asked as (
    select o.body_id, o.source_id, l.at, l.problem,
           row_number() over (partition by o.body_id order by l.at desc, o.source_id) as nth
    from of_body o left join last l on l.source_id = o.source_id and l.nth = 1)
select body_id,
       case when at is null then 'no night asked its source' when problem <> '' then problem
            else 'no report of it is listed' end
       || ' (source ' || source_id || coalesce(', ' || substr(at, 1, 10), '') || ')'
from asked where nth = 1
"""

# Years end with the one that was over when the archive last heard of any site. A link that leads nowhere accuses nobody
# before the day, nor where no healthy night looked since.
_FRESH = """
with recursive
span(first, last) as (select min(year), max(max(year), :year) from report),
years(year) as (select first from span where first is not null union all
                select year + 1 from years, span where year < last),
due as (select b.id, y.year, d.day, d.law from body b join years y join who w on w.body_id = b.id
        left join duty d on (d.who, d.year) = (w.who, y.year)
             and d.scope = case when b.kind = 'government' then 'area' else 'body' end)
insert into fresh
select d.id, d.year,
       case when g.url is not null then 'withdrawn'
            when h.late then 'late'
            when h.url is not null then 'found'
            when p.evidence is not null then 'not_published'
            when e.state <> 'not_found' then e.state
            when d.day is null or d.day >= :today or a.body_id is not null then 'not_due'
            when l.at > d.day then 'not_found'
            else 'not_looked_for' end,
       case when g.url is not null then g.since || ': ' || g.url
            when h.late then 'listed with the date ' || h.published || ': ' || h.url || ' (' || h.law || ')' || h.capture
            else coalesce(x.said, h.url,
                p.evidence || case when l.at > d.day and e.state is null
                    then '; ' || l.shows || ', not ' || d.year || l.capture else '' end,
                iif(e.state <> 'not_found', e.evidence, null),
                case when d.day is null then 'before any duty to report (duty ' || d.year || ')'
                     when d.day >= :today then 'due on ' || d.day || ' (' || d.law || ')'
                     when a.body_id is not null then 'outside its life: ' || a.why || ' (body ' || d.id || ')'
                     when l.at > d.day then coalesce(e.evidence, l.shows || ', not ' || d.year || l.capture)
                     when l.at is not null then 'not looked for since ' || d.day || ': ' || l.shows || l.capture
                     else coalesce(u.why, 'no source of it is known (body ' || d.id || ')') end) end
from due d left join held h on h.body_id = d.id and h.year = d.year
left join handed x on x.url = h.url and not exists (
    select 1 from report r join version v on v.report_id = r.id join rendition n on n.version_id = v.id
    where (r.body_id, r.year) = (d.id, d.year) and n.url not in (select url from handed))
left join expected e on e.body_id = d.id and e.year = d.year
left join withdrawn g on g.body_id = d.id and g.year = d.year
left join absent p on p.body_id = d.id and p.year = d.year
left join life a on a.body_id = d.id and (d.year < a.first or d.year > a.last)
left join looked l on l.body_id = d.id left join unseen u on u.body_id = d.id
"""

# What only a person had, in his own browser, where we were turned away or never asked.
_HANDED = f"""
insert into handed
select f.url, 'had elsewhere: ' || f.url || ' (browser, ' || replace(min(w.via), '{BROWSER}', '') || ', '
    || substr(min(f.at), 1, 10) || ')'
from witness w join fetch f on f.id = w.fetch_id
where w.via glob '{BROWSER}*' and f.outcome = 'ok' and not exists (
    select 1 from fetch o where o.url = f.url and o.outcome in ('ok', 'not_modified')
        and (o.run_id <> '{RUN}' or not exists (
            select 1 from witness v where v.fetch_id = o.id and v.via glob '{BROWSER}*')))
group by f.url
"""
# Its page counts for the files beside it, which are only looked at with the page.
_SHOWN = """
insert into shown
select r.body_id, r.year, n.url from report r join version v on v.report_id = r.id
join rendition n on n.version_id = v.id
union
select r.body_id, r.year, l.from_url from report r join version v on v.report_id = r.id
join rendition n on n.version_id = v.id join link l on l.to_url = n.url where l.kind = 'attachment'
"""
# A report is withdrawn when three healthy nights of each source that listed it did not list it any more.
_WITHDRAWN = f"""
with well as (
    select source_id, started_at from (
        select s.source_id, u.started_at,
               row_number() over (partition by s.source_id order by u.started_at desc) as nth
        from source_night s join run u on u.id = s.run_id where s.problem = '')
    where nth = :nights)
insert into withdrawn
select s.body_id, s.year, min(s.url), 'not listed since ' || substr(max(l.last_seen), 1, 10)
from shown s join link l on l.to_url = s.url left join well h on h.source_id = l.source_id
where l.decision not like 'rejected%'
  and exists (select 1 from fetch f where f.url = l.from_url and f.kind = 'listing' and {_OURS})
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
_ABSENT = """
insert into absent
select body_id, year, 'a person: ' || case when note = '' then 'not published' else note end || ' (absence ' || id || ')'
from absence where withdrawn = 0
"""

_TABLES = {
    "fresh": "body_id text, year integer, state text, evidence text, primary key (body_id, year)",
    "expected": "body_id text, year integer, state text, evidence text, primary key (body_id, year)",
    "expected_url": "body_id text, year integer, url text, primary key (body_id, year, url)",
    "withdrawn": "body_id text, year integer, url text, since text, primary key (body_id, year)",
    "absent": "body_id text, year integer, evidence text, primary key (body_id, year)",
    "held": "body_id text, year integer, url text, late integer, published text, law text,"
    " capture text, primary key (body_id, year)",
    "who": "body_id text primary key, who text",
    "duty": "who text, scope text, year integer, day text, late_after text, law text, primary key (who, scope, year)",
    "life": "body_id text primary key, first integer, last integer, why text",
    "named": "body_id text, source_id text, primary key (body_id, source_id)",
    "shown": "body_id text, year integer, url text, primary key (body_id, year, url)",
    "listed": "body_id text, source_id text, url text, year integer, seen text,"
    " primary key (body_id, source_id, url, year)",
    "healthy": "source_id text primary key, at text",
    "looked": "body_id text primary key, at text, shows text, capture text",
    "unseen": "body_id text primary key, why text",
    "handed": "url text primary key, said text",
}
"""The tables that a filling works in, gone with the connection."""


def fill(archive: Archive) -> None:
    """Rewrites the coverage where it changed, and the bodies that nothing but the registry knows."""
    placer = Placer(archive.db)
    promised = promises(archive.db, placer)
    today = _today(archive.db)
    with archive.transaction() as db:
        _know_bodies(db, placer)
        for table, columns in _TABLES.items():
            db.execute(f"drop table if exists temp.{table}")
            db.execute(f"create temp table {table} ({columns})")
        _expect(db, promised)
        _know_duties(db, placer, int(today[:4]))
        for step in (_SHOWN, _WITHDRAWN, _GONE, _HELD, _LISTED, _HEALTHY, _LOOKED, _UNSEEN, _ABSENT, _HANDED):
            db.execute(step, {"nights": HEALTHY_NIGHTS})
        db.execute(_FRESH, {"today": today, "year": int(today[:4]) - 1})
        db.execute("delete from coverage where (body_id, year, state, evidence) not in (select * from fresh)")
        db.execute("insert into coverage select * from fresh where true on conflict do nothing")
        seals.keep_coverage(db)


def _expect(db: sqlite3.Connection, promised: list[Promise]) -> None:
    """What links promised: where they lead, and of each body and year what says most of why it is not there."""
    urls = [(each.body_id, each.year, each.url) for each in promised]
    db.executemany("insert into expected_url values (?, ?, ?) on conflict do nothing", urls)
    states = [(each.body_id, each.year, each.state, each.evidence) for each in promised]
    db.executemany("insert into expected values (?, ?, ?, ?) on conflict do nothing", states)


def _know_duties(db: sqlite3.Connection, placer: Placer, last_year: int) -> None:
    """Who every body is to the law, its duties by year, and the sources that bear its name."""
    bodies = db.execute("select id, kind, name, division from body").fetchall()
    db.executemany("insert into who values (?, ?)", [(row[0], duty.who(*row[1:])) for row in bodies])
    rows = [
        (d.who, d.scope, d.year, d.day.isoformat(), d.late_after and d.late_after.isoformat(), d.law)
        for d in duty.every(last_year)
    ]
    db.executemany("insert into duty values (?, ?, ?, ?, ?, ?)", rows)
    lives = [(body, span.first, span.last, span.why) for body, span in lines.load(db).lives.items()]
    db.executemany("insert into life values (?, ?, ?, ?)", lives)
    named = [(make(s.name, s.division).id, key) for key, s in placer.sources.items() if is_body(s.name)]
    db.executemany("insert into named values (?, ?)", named)


def _today(db: sqlite3.Connection) -> str:
    """The day on which the archive last heard of a site: what is derived depends on no clock."""
    at: str | None = db.execute(
        "select max(started_at) from run where id in (select run_id from fetch)"
    ).fetchone()[0]
    last: str | None = at or db.execute("select max(at) from fetch").fetchone()[0]
    return (last or "1900-01-01")[:10]


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
