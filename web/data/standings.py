"""Indicators over years, bodies and provinces: what the charts and comparisons show. Read from the publication."""

from __future__ import annotations

import sqlite3
from typing import Any

from archive.publication.indicators import Indicator, indicator, indicators
from web.data.queries import Facts, one, rows

RANKED = (
    "requests_received",
    "granted_share",
    "denied_share",
    "carried_out",
    "reviews",
    "reviews_corrected",
    "suits",
    "suits_corrected",
)
"""What a body is compared with its peers in."""
_PEERS = """
select p.id, p.province, p.level, p.kind, p.scope from peers p join member m on m.province = p.province
and m.level = p.level join body b on b.id = m.body_id and b.kind = p.kind where b.id = ? order by p.scope
"""
_REPORTS = """
select r.id, r.year, l.version_id from report r join latest l on l.report_id = r.id
where r.body_id = ? and r.scope = ? order by r.year
"""


def peers(conn: sqlite3.Connection, body_id: str) -> list[Facts]:
    """The groups that a body's reports belong to: one a scope, those with most reports of the body first."""
    found = rows(conn, _PEERS, [body_id])
    count = "select count(*) as n from report where body_id = ? and scope = ?"
    for group in found:
        number = one(conn, count, [body_id, group["scope"]])
        group["own"] = number["n"] if number else 0
    return sorted((group for group in found if group["own"]), key=lambda group: -group["own"])


def values(conn: sqlite3.Connection, body_id: str, scope: str) -> dict[str, dict[int, float | None]]:
    """Every indicator of a body's latest versions by year; None where a report has no number for it."""
    wanted = sorted({code for each in indicators() for code in each.used})
    made: dict[str, dict[int, float | None]] = {each.name: {} for each in indicators()}
    for report in rows(conn, _REPORTS, [body_id, scope]):
        cells = cells_of(conn, report["version_id"], wanted)
        for each in indicators():
            made[each.name][report["year"]] = each.of(cells)
    return made


def cells_of(conn: sqlite3.Connection, version_id: str, codes: list[str]) -> dict[str, float | None]:
    """The values of some cells of a version; without those that it does not have."""
    marks = ", ".join("?" * len(codes))
    sql = f"select code, value from figure where version_id = ? and code in ({marks})"
    return {row["code"]: row["value"] for row in rows(conn, sql, [version_id, *codes])}


def series(conn: sqlite3.Connection, body_id: str, scope: str, code: str) -> dict[int, float | None]:
    """One indicator, or one cell of the form, of a body's latest versions by year."""
    known = indicator(code) or Indicator(code, "", ((code,),), (), code, code, "", "")
    found = {}
    for report in rows(conn, _REPORTS, [body_id, scope]):
        found[report["year"]] = known.of(cells_of(conn, report["version_id"], list(known.used)))
    return found


def medians(conn: sqlite3.Connection, group: int, name: str) -> dict[int, float]:
    """The median of a group of peers by year; none of a year in which a body has no other beside it."""
    sql = """select s.year, s.median from standing s join indicator i on i.position = s.indicator
        where i.name = ? and s.peers = ? and s.reports > 1 order by s.year"""
    return {row["year"]: row["median"] for row in rows(conn, sql, [name, group])}


def place(conn: sqlite3.Connection, group: int, year: int, name: str, value: float) -> Facts | None:
    """Where a value stands among the peers of a year: `above` it are so many of `reports`, the highest first.

    None where there is no other to compare with.
    """
    values = {"group": group, "year": year, "name": name, "value": value}
    sql = """select s.reports, s.total, s.lowest, s.median, s.highest,
        (select count(*) from measure m where m.peers = :group and m.year = :year and m.indicator = i.position
         and m.value > :value) as above
        from indicator i join standing s on s.indicator = i.position and s.year = :year and s.peers = :group
        where i.name = :name and s.reports > 1"""
    return one(conn, sql, values)


def compared(
    conn: sqlite3.Connection, group: int, year: int, own: dict[str, dict[int, float | None]]
) -> list[Facts]:
    """A body among its peers in one year, in each ranked indicator that it has a value for."""
    made = []
    for name in RANKED:
        value = own[name].get(year)
        if value is not None and (stands := place(conn, group, year, name, value)):
            made.append({"indicator": name, "value": value, **stands})
    return made


_CLASSES = """
select p.level, p.kind, p.scope, sum(s.reports) as reports, count(*) as provinces
from standing s join peers p on p.id = s.peers join indicator i on i.position = s.indicator
where i.name = :name and s.year = :year group by p.level, p.kind, p.scope order by reports desc, p.level, p.kind, p.scope
"""
_PROVINCES = """
select p.province, s.reports, s.total, s.lowest, s.median, s.highest
from standing s join peers p on p.id = s.peers join indicator i on i.position = s.indicator
where i.name = :name and s.year = :year and p.level = :level and p.kind = :kind and p.scope = :scope
order by p.province
"""


def years(conn: sqlite3.Connection) -> list[int]:
    """The years of which any report is held, newest first."""
    return [row["year"] for row in rows(conn, "select distinct year from tally order by year desc")]


def classes(conn: sqlite3.Connection, name: str, year: int) -> list[Facts]:
    """The kinds of reports that have numbers for an indicator in a year, the most first."""
    return rows(conn, _CLASSES, {"name": name, "year": year})


def by_province(conn: sqlite3.Connection, name: str, year: int, which: Facts) -> dict[str, Facts]:
    """For each province how the reports of one class stand in an indicator and year."""
    asked: dict[str, Any] = {"name": name, "year": year, **{k: which[k] for k in ("level", "kind", "scope")}}
    return {row["province"]: row for row in rows(conn, _PROVINCES, asked)}
