"""Is the list of bodies whole? What an area's report says in each cell against the sum over the reports held below it.

The area report of a government sums up those of its bodies and of the areas below. Each report held is a part of one
area report: the nearest one above it, of the same year; so nothing is added twice. Equal sums prove the list of bodies
for that cell. Filled at publication; `division`, `member`, `latest` and the cells must be there.

No parts: branches that report to a superior of their own (customs, taxes), a second area report of one division (its
government's counts before its office's), and one of two reports that a body has of one year (that of its area counts).
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from archive.rows.compact import run, stated
from archive.state.standings import Area
from parsers.records import State

TABLES = """
create table completeness (
    area text not null, year integer not null, code text not null, total any not null, held any not null,
    unread integer not null, state text not null, primary key (area, year, code)
) strict, without rowid;
create table area_total (
    area text not null, year integer not null, report_id text not null references report(id), above text not null,
    summed integer not null, requests any, held any, share_held real, equal integer not null, less integer not null,
    more integer not null, primary key (area, year)
) strict, without rowid;
"""
NAMES = ("completeness", "area_total")


@dataclass(frozen=True, slots=True)
class Behind:
    """Of so many `requests` that the highest areas report, the reports behind `held` are held; both of one year."""

    year: int
    requests: int
    held: int


REQUESTS = ("t3_new_received__total", "s14_req_received", "l08_req_total")
"""Requests newly received, in the forms of 2019, 2014 and 2008: the first that an area's report has is compared."""
PLACES = 6
"""Decimals to which amounts in 10,000 yuan are added: a hundredth of a yuan."""

# `area`: one area report a division and year. `belongs`: each report that is a part, with the area it is added to.
_PARTS = """
create temp table area as
select division, year, position, report_id from (
    select m.division, r.year, v.position, r.id as report_id,
           row_number() over (partition by m.division, r.year order by b.kind <> 'government', r.id) as nth
    from latest l join version v on v.id = l.version_id join report r on r.id = l.report_id
    join body b on b.id = r.body_id join member m on m.body_id = b.id
    where r.scope = 'area' and b.kind in ('government', 'office') and m.division <> '000000')
where nth = 1;
create unique index temp.area_place on area(division, year);
create temp table part as
select division, year, position, from_above from (
    select m.division, r.year, v.position, a.report_id is not null as from_above,
           row_number() over (partition by r.body_id, r.year, a.report_id is not null order by r.scope) as nth
    from latest l join version v on v.id = l.version_id join report r on r.id = l.report_id
    join body b on b.id = r.body_id join member m on m.body_id = b.id
    left join area a on a.report_id = r.id
    where m.division <> '000000' and b.kind <> 'branch'
      and (a.report_id is not null or r.scope = 'body' or b.kind not in ('government', 'office')))
where nth = 1;
create temp table higher (division text, within text, steps integer, primary key (division, steps));
insert into higher
with recursive up as (select code as division, code as within, 0 as steps from division where code <> '000000'
    union all select u.division, d.above, u.steps + 1 from up u join division d on d.code = u.within where d.above <> '')
select * from up;
create temp table belongs as
select part, area, area_position, from_above from (
    select p.position as part, p.from_above, a.division as area, a.position as area_position,
           row_number() over (partition by p.position order by h.steps) as nth
    from part p join higher h on h.division = p.division and h.steps >= p.from_above
    join area a on a.division = h.within and a.year = p.year)
where nth = 1;
create index temp.belongs_area on belongs(area_position);
"""
_READ = " or ".join(stated(state) for state in (State.NUMBER, State.BLANK, State.DASH))
# `state` tells how the sum over the parts stands to the area's own figure; `less`: so much is missing below.
# Area by area: what is sorted at a time are the cells of one area's parts. A cell that is 0 in both tells nothing.
_SUMS = f"""
insert into completeness
with own as (select c.code, f.value from cell f join cell_code c on c.id = f.code
             where f.version = :position and f.value is not null and c.unit not like '元%'),
below as (select c.code, round(total(f.value), {PLACES}) as held,
                 sum({_READ}) as read
          from belongs b join cell f on f.version = b.part join cell_code c on c.id = f.code
          where b.area_position = :position and c.unit not like '元%' group by c.code),
whole as (select o.code, o.value as total, coalesce(s.held, 0) as held, :parts - coalesce(s.read, 0) as unread
          from own o left join below s on s.code = o.code)
select :division, :year, code, total, case when held = cast(held as integer) then cast(held as integer) else held end, unread,
       case when held = round(total, {PLACES}) then 'equal' when held < total then 'less' else 'more' end
from whole where total <> 0 or held <> 0 order by code
"""
_AREAS = """
insert into area_total
select a.division, a.year, a.report_id,
       coalesce((select area from belongs b where b.part = a.position), ''),
       (select count(*) from belongs b where b.area_position = a.position), n.total, n.held,
       case when n.total > 0 then n.held * 1.0 / n.total end,
       (select count(*) from completeness c where (c.area, c.year, c.state) = (a.division, a.year, 'equal')),
       (select count(*) from completeness c where (c.area, c.year, c.state) = (a.division, a.year, 'less')),
       (select count(*) from completeness c where (c.area, c.year, c.state) = (a.division, a.year, 'more'))
from area a left join completeness n on (n.area, n.year) = (a.division, a.year) and n.code = (
    select c.code from completeness c where (c.area, c.year) = (a.division, a.year)
    and c.code in (select value from json_each(?))
    order by (select key from json_each(?) where value = c.code) limit 1)
order by a.division, a.year
"""
_EACH = """
select a.division, a.year, a.position, (select count(*) from belongs b where b.area_position = a.position) as parts
from area a order by a.division, a.year
"""


def fill(conn: sqlite3.Connection) -> None:
    """Fill `completeness`, a row a cell of an area's report, and `area_total`, a row a report."""
    run(conn, _PARTS)
    for division, year, position, parts in conn.execute(_EACH).fetchall():
        values = {"division": division, "year": year, "position": position, "parts": parts}
        conn.execute(_SUMS, values)
    codes = json.dumps(REQUESTS)
    conn.execute(_AREAS, (codes, codes))
    for table in ("belongs", "higher", "part", "area"):
        conn.execute(f"drop table temp.{table}")


# More than an area reports is no more of its requests.
_BEHIND = """
select year, cast(sum(requests) as integer), cast(sum(min(held, requests)) as integer) from area_total
where above = '' and requests > 0 group by year order by year desc limit 1
"""


def behind(conn: sqlite3.Connection) -> Behind | None:
    """The country in one number, of the newest year of which an area report is held; None when there is none."""
    found = conn.execute(_BEHIND).fetchone()
    return Behind(*found) if found else None


_NEWEST = """
select area, above, requests, held from area_total
where requests > 0 and year = (select max(year) from area_total where requests > 0)
"""


def newest(conn: sqlite3.Connection) -> dict[str, Area]:
    """By division what is held of the newest year of which an area report is; of a publication without any, nothing."""
    if not conn.execute("select 1 from sqlite_master where name = 'area_total'").fetchone():
        return {}
    return {row[0]: Area(*row) for row in conn.execute(_NEWEST)}
