"""The sources and what they turned out to be, and what that is for each division. Read from the publication."""

from __future__ import annotations

import json
import sqlite3

from archive.derived import completeness
from archive.state.standings import Standing, with_areas
from web.data.queries import Facts, one, rows

PAGE = 100
_WITHIN = "division between :first and :last"
_SOURCES = f"""
from source_state where (:within = '' or {_WITHIN}) and (:level = '' or level = :level) and (:state = '' or state = :state)
"""
_NEWEST = """
select vantage, at, state, outcome, evidence from source_life l where source_id = ?
and at = (select max(at) from source_life m where m.source_id = l.source_id and m.vantage = l.vantage) order by vantage
"""
_VANTAGES = f"""
select l.vantage, l.state, count(*) as number, max(l.at) as last from source_life l
where l.at = (select max(at) from source_life m where m.source_id = l.source_id and m.vantage = l.vantage)
and (:within = '' or l.source_id in (select id from source_state where {_WITHIN}))
group by l.vantage, l.state order by l.vantage, l.state
"""


def _bounds(province: str) -> Facts:
    """The codes of a province, its own the first; without one, all."""
    return {"within": province, "first": province[:2], "last": f"{province[:2]}~"}


def standings(conn: sqlite3.Connection, province: str) -> list[Standing]:
    """What is known of each division, of the whole country or of one province, in order of codes."""
    sql = f"select * from division_source where (:within = '' or {_WITHIN}) order by division"
    found = (
        Standing(
            **{**row, "vantages": tuple(json.loads(row["vantages"])), "elsewhere": bool(row["elsewhere"])}
        )
        for row in rows(conn, sql, _bounds(province))
    )
    return with_areas(found, completeness.newest(conn))


def sources(conn: sqlite3.Connection, chosen: Facts, page: int = 1) -> Facts:
    """A page of the sources; `chosen` has province, level and state, empty for all. `next` is the page after.

    `seen` of each is what every vantage saw last.
    """
    values = {
        **_bounds(chosen["province"]),
        "level": chosen["level"],
        "state": chosen["state"],
        "limit": PAGE,
        "offset": (page - 1) * PAGE,
    }
    counted = one(conn, f"select count(*) as n {_SOURCES}", values)
    total = int(counted["n"]) if counted else 0
    found = rows(
        conn,
        f"select * {_SOURCES} order by division, kind <> 'government', id limit :limit offset :offset",
        values,
    )
    for row in found:
        row["elsewhere"] = bool(row["elsewhere"])
        row["seen"] = rows(conn, _NEWEST, [row["id"]])
    return {"total": total, "sources": found, "next": page + 1 if page * PAGE < total else None}


def vantages(conn: sqlite3.Connection, province: str) -> list[Facts]:
    """What each vantage saw last of the sources: how many, by state, and when it saw the last of them."""
    found: dict[str, Facts] = {}
    for row in rows(conn, _VANTAGES, _bounds(province)):
        own = found.setdefault(
            row["vantage"], {"vantage": row["vantage"], "sources": 0, "states": {}, "last": ""}
        )
        own["sources"] += row["number"]
        own["states"][row["state"]] = row["number"]
        own["last"] = max(own["last"], row["last"])
    return list(found.values())


def names(conn: sqlite3.Connection, province: str) -> dict[str, str]:
    """The name of each division of a province."""
    sql = "select code, name from division where code between :first and :last"
    return {row["code"]: row["name"] for row in rows(conn, sql, _bounds(province))}
