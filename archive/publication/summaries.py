"""What the pages would have to count or sort at every visit, counted once when the archive is published.

Divisions are six digits; `''` stands for the whole country, `000000` for bodies of the centre and those whose
division is unknown. A body counts in its own division and in all above it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from archive.csvs import packaged
from archive.divisions import divisions
from archive.publication.indicators import Indicator, indicators
from parsers.rulebook import rule_of

NEWEST = 100
"""So many changes are listed for each division."""
NIGHTS = 30
"""So many of the last runs are told of."""

TABLES = """
create table division (code text primary key, name text not null, above text not null) strict, without rowid;
create table member (
    body_id text primary key references body(id), division text not null, province text not null,
    level text not null
) strict, without rowid;
create table indicator (
    position integer primary key, name text not null unique, unit text not null, codes text not null,
    "over" text not null, zh text not null, en text not null, zh_means text not null, en_means text not null
) strict;
create table peers (
    id integer primary key, province text not null, level text not null, kind text not null, scope text not null,
    unique (province, level, kind, scope)
) strict;
create table measure (
    peers integer not null, year integer not null, indicator integer not null, value real not null,
    version integer not null, primary key (peers, year, indicator, value, version)
) strict, without rowid;
create table standing (
    indicator integer not null, year integer not null, peers integer not null, reports integer not null,
    total real not null, lowest real not null, median real not null, highest real not null,
    primary key (indicator, year, peers)
) strict, without rowid;
create table coverage_tally (
    division text not null, year integer not null, state text not null, number integer not null,
    primary key (division, year, state)
) strict, without rowid;
create table finding_tally (
    kind text not null, rule text not null, province text not null, year integer not null, number integer not null,
    primary key (kind, rule, province, year)
) strict, without rowid;
create table listed_finding (
    id integer primary key, kind text not null, rule text not null, province text not null, year integer not null,
    body_id text not null, version_id text not null, position integer not null
) strict;
create table change (
    division text not null, at text not null, kind text not null, report_id text not null, number integer not null,
    primary key (division, at, kind, report_id, number)
) strict, without rowid;
create table night (
    id text primary key, command text not null, started_at text not null, ended_at text, outcome text,
    added integer not null, revised integer not null
) strict, without rowid;
create table night_tally (
    night text not null references night(id), outcome text not null, number integer not null,
    primary key (night, outcome)
) strict, without rowid;
create table morning (
    morning text primary key, at text not null, outcome text not null, sentence text not null
) strict, without rowid;
create table morning_alarm (
    morning text not null references morning(morning), monitor text not null, level text not null,
    since text not null, primary key (morning, monitor)
) strict, without rowid;
"""

NAMES = tuple(line.split()[2] for line in TABLES.splitlines() if line.startswith("create table"))

MEMBERS = """
insert into member
select id, place, substr(place, 1, 2) || '0000',
       case when place = '000000' then 'centre' when place like '__0000' then 'province'
            when place like '____00' then 'city' else 'county' end
from (select id, case when division glob '[0-9][0-9][0-9][0-9][0-9][0-9]*' then substr(division, 1, 6)
                      else '000000' end as place from body)
order by id;
create index member_division on member(division);
insert into peers
select row_number() over (order by m.province, m.level, b.kind, r.scope), m.province, m.level, b.kind, r.scope
from member m join body b on b.id = m.body_id join report r on r.body_id = b.id
group by m.province, m.level, b.kind, r.scope;
"""

# The middle one of an odd number, the mean of the two in the middle of an even one.
STANDING = """
insert into measure select * from unsorted order by 1, 2, 3, 4, 5;
drop table unsorted;
insert into standing
select indicator, year, peers, number, sum(value), min(value),
       avg(case when nth in ((number + 1) / 2, (number + 2) / 2) then value end), max(value)
from (select *, row_number() over (partition by peers, year, indicator order by value, version) as nth,
             count(*) over (partition by peers, year, indicator) as number from measure)
group by indicator, year, peers;
"""

COVERAGE = """
insert into coverage_tally
with leaf as (select m.division, c.year, c.state, count(*) as number
              from coverage c join member m on m.body_id = c.body_id group by m.division, c.year, c.state)
select u.within, l.year, l.state, sum(l.number) from leaf l join upward u on u.division = l.division
group by u.within, l.year, l.state;
"""

FINDINGS = """
insert into listed_finding
select row_number() over (order by v.first_seen desc, v.id, f.position), f.kind, rule_of(f.kind, f."values"), m.province,
       r.year, r.body_id, v.id, f.position
from finding f join latest l on l.version_id = f.version_id join version v on v.id = f.version_id
join report r on r.id = v.report_id join member m on m.body_id = r.body_id;
insert into finding_tally
select kind, rule, province, year, count(*) from listed_finding group by kind, rule, province, year;
create index listed_finding_kind on listed_finding(kind);
create index listed_finding_rule on listed_finding(rule);
create index listed_finding_province on listed_finding(province);
create index listed_finding_year on listed_finding(year);
create index listed_finding_body on listed_finding(body_id);
"""

# A report is withdrawn on the day since which it is not listed, or gone, as the coverage tells.
CHANGES = """
insert into change
with happened as (
    select m.division, v.first_seen as at, case v.number when 1 then 'new' else 'revised' end as kind,
           v.report_id, v.number
    from version v join report r on r.id = v.report_id join member m on m.body_id = r.body_id
    union all
    select m.division, substr(c.evidence, instr(c.evidence, ' since ') + length(' since '), 10), 'withdrawn', r.id, l.number
    from coverage c join report r on r.body_id = c.body_id and r.year = c.year
    join latest l on l.report_id = r.id join member m on m.body_id = c.body_id
    where c.state = 'withdrawn' and c.evidence like '% since ____-__-__: %'),
leaf as (select * from (select *, row_number() over (partition by division order by at desc, kind, report_id, number)
                                  as nth from happened) where nth <= :newest)
select within, at, kind, report_id, number from (
    select u.within, l.at, l.kind, l.report_id, l.number,
           row_number() over (partition by u.within order by l.at desc, l.kind, l.report_id, l.number) as nth
    from leaf l join upward u on u.division = l.division)
where nth <= :newest order by within, at, kind, report_id, number;
"""

RUNS = """
insert into night
select id, command, started_at, ended_at, outcome,
       (select count(*) from version v where v.number = 1 and v.first_seen between started_at and ended_at),
       (select count(*) from version v where v.number > 1 and v.first_seen between started_at and ended_at)
from source.run where id in (select run_id from source.fetch) order by started_at desc, id limit :nights;
insert into night_tally
select run_id, outcome, count(*) from source.fetch where run_id in (select id from night)
group by run_id, outcome;
insert into morning select run_id, at, outcome, sentence from source.morning order by at desc, run_id limit :nights;
insert into morning_alarm
select run_id, monitor, level, since from source.alarm where run_id in (select morning from morning);
"""


def fill(conn: sqlite3.Connection) -> None:
    """Fill the tables of this module; the copied tables, `latest` and the archive as `source` must be there."""
    _run(conn, MEMBERS)
    _divisions(conn)
    _measure(conn)
    conn.create_function(
        "rule_of", 2, lambda kind, values: rule_of(kind, json.loads(values)), deterministic=True
    )
    values = {"newest": NEWEST, "nights": NIGHTS}
    _run(conn, STANDING + COVERAGE + FINDINGS + CHANGES + RUNS, values)
    conn.execute("drop table upward")


def _run(conn: sqlite3.Connection, script: str, values: dict[str, int] | None = None) -> None:
    for statement in script.split(";\n"):
        if statement.strip():
            conn.execute(statement, values or {})


def _divisions(conn: sqlite3.Connection) -> None:
    """The packaged divisions, those that bodies have beyond them, and (temporarily) all above each.

    A division that the table lacks bears the name of its government, if one is known.
    """
    named = divisions()
    governments = conn.execute(
        "select m.division, min(b.name) from member m join body b on b.id = m.body_id"
        " where b.kind = 'government' and b.name like '%人民政府' group by m.division"
    )
    named = {code: name.removesuffix("人民政府") for code, name in governments} | named
    used = {row[0] for row in conn.execute("select distinct division from member")}
    known = {*named, *used, *(f"{code[:2]}0000" for code in used)}
    rows = [(code, named.get(code, ""), _above(code, known)) for code in sorted(known)]
    conn.executemany("insert into division values (?, ?, ?)", rows)
    conn.execute("create temp table upward (division text, within text, primary key (division, within))")
    above = {code: up for code, _name, up in rows}
    conn.executemany(
        "insert into upward values (?, ?)", [(code, up) for code in above for up in _upward(code, above)]
    )


def _above(code: str, known: set[str]) -> str:
    """The next division above that there is; the whole country above provinces and the centre."""
    return next((up for up in (f"{code[:4]}00", f"{code[:2]}0000") if up != code and up in known), "")


def _upward(code: str, above: dict[str, str]) -> Iterator[str]:
    yield code
    while code:
        code = above[code]
        yield code


def _measure(conn: sqlite3.Connection) -> None:
    """Every indicator of every latest version that gives it a value."""
    known = indicators()
    conn.executemany(
        "insert into indicator values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(place, *row.values()) for place, row in enumerate(packaged("indicators.csv", "archive"), 1)],
    )
    conn.execute("create temp table unsorted (peers, year, indicator, value, version)")
    conn.executemany("insert into unsorted values (?, ?, ?, ?, ?)", _measured(conn, known))


_PLACED = """
select v.position, p.id, r.year
from version v indexed by version_position cross join latest l on l.version_id = v.id cross join report r on r.id = l.report_id
cross join body b on b.id = r.body_id cross join member m on m.body_id = b.id
cross join peers p on p.province = m.province and p.level = m.level and p.kind = b.kind and p.scope = r.scope
order by v.position
"""
# The plus keeps the order of the versions: an index of the codes would give one code after the other.
_CELLS = """
select version, code, value from cell where +code in ({marks}) and value is not null order by version
"""


def _measured(
    conn: sqlite3.Connection, known: tuple[Indicator, ...]
) -> Iterator[tuple[int, int, int, float, int]]:
    """Peers, year, indicator, value and version, report by report."""
    wanted = {code for each in known for code in each.used}
    codes = {
        number: code for number, code in conn.execute("select id, code from cell_code") if code in wanted
    }
    found = conn.execute(_CELLS.format(marks=", ".join("?" * len(codes))), [*codes])
    cells = groupby(found, key=itemgetter(0))
    at, values = next(cells, (0, ()))
    for version, peers, year in conn.execute(_PLACED):
        while at and at < version:
            at, values = next(cells, (0, ()))
        if at != version:
            continue
        said = {codes[code]: value for _version, code, value in values}
        for place, each in enumerate(known, 1):
            if (value := each.of(said)) is not None:
                yield peers, year, place, value, version
