"""The divisions and what is held in each: coverage by year, bodies, children, changes. Read from the publication.

A division is six digits; `''` is the whole country, `000000` the centre and what is not placed.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from typing import Any

from archive.divisions import beginning
from web.data.queries import Facts, one, rows

COUNTRY = ""
PAGE = 100
HELD = ("found", "late", "withdrawn")
"""The states of which a report is held."""


def division(conn: sqlite3.Connection, code: str) -> Facts | None:
    """A division: code, name, and those above it from the province down; None for one that is unknown."""
    found = one(conn, "select code, name, above from division where code = ?", [code])
    if found is None:
        return None
    found["path"] = path(conn, found["above"])
    return found


def path(conn: sqlite3.Connection, code: str) -> list[Facts]:
    """The division and those above it, the province first; empty for the whole country."""
    found: list[Facts] = []
    while code and (row := one(conn, "select code, name, above from division where code = ?", [code])):
        found.insert(0, {"code": row["code"], "name": row["name"]})
        code = row["above"]
    return found


def provinces(conn: sqlite3.Connection) -> list[Facts]:
    """All provinces in the order of their codes, the centre (`000000`) first if a body belongs to it."""
    sql = """select code, name, exists (select 1 from coverage_tally c where c.division = code) as covered
        from division where code like '__0000' order by code"""
    return [row for row in rows(conn, sql) if row["covered"] or row["name"]]


def grid(conn: sqlite3.Connection, codes: list[str]) -> dict[str, dict[int, dict[str, int]]]:
    """For each of the divisions, year by year, how many bodies are in which state."""
    made: dict[str, dict[int, dict[str, int]]] = {code: defaultdict(dict) for code in codes}
    marks = ", ".join("?" * len(codes))
    for row in rows(conn, f"select * from coverage_tally where division in ({marks})", codes):
        made[row["division"]][row["year"]][row["state"]] = row["number"]
    return {code: dict(years) for code, years in made.items()}


def children(conn: sqlite3.Connection, code: str) -> list[Facts]:
    """The divisions directly below this one in which some body is known."""
    sql = """select code, name from division
        where above = :code and code between :first and :last and code in (select division from coverage_tally
        where division between :first and :last) order by code"""
    return rows(conn, sql, {"code": code, "first": beginning(code), "last": beginning(code) + "~"})


KINDS = ("government", "office", "department", "township", "zone", "branch")
_BODIES = """
from member m join body b on b.id = m.body_id {coverage}
where m.division between :first and :last {kind} {state}
"""


def bodies(conn: sqlite3.Connection, code: str, chosen: Facts, page: int = 1) -> Facts:
    """The bodies in a division and below it, a page of them; `chosen` may name year, state and kind.

    With a year each has its state and what that rests on; `next` is the page after.
    """
    values = {
        **chosen,
        "first": beginning(code),
        "last": beginning(code) + "~",
        "limit": PAGE,
        "offset": (page - 1) * PAGE,
    }
    year = chosen.get("year")
    source = _BODIES.format(
        coverage="left join coverage c on c.body_id = b.id and c.year = cast(:year as integer)"
        if year
        else "",
        kind="and b.kind = :kind" if chosen.get("kind") else "",
        state="and c.state = :state" if year and chosen.get("state") else "",
    )
    columns = "b.id, b.name, b.kind, m.division" + (", c.state, c.evidence" if year else "")
    total = one(conn, f"select count(*) as n {source}", values)
    listed = (
        f"select {columns} {source} order by m.division, b.kind <> 'government', b.kind <> 'office', b.name"
    )
    found = rows(conn, f"{listed} limit :limit offset :offset", values)
    number = int(total["n"]) if total else 0
    return {"total": number, "bodies": found, "next": page + 1 if page * PAGE < number else None}


_CHANGES = """
select c.at, c.kind, c.report_id, c.number as version, r.year, r.scope, b.id as body_id, b.name as body,
       b.division, v.title, v.url
from change c join report r on r.id = c.report_id join body b on b.id = r.body_id
join version v on v.report_id = r.id and v.number = c.number
where c.division = ? order by c.at desc, c.kind, c.report_id, c.number limit ?
"""


def changes(conn: sqlite3.Connection, code: str, limit: int) -> list[Facts]:
    """What was last added, revised or withdrawn in a division, newest first."""
    return rows(conn, _CHANGES, [code, limit])


def nights(conn: sqlite3.Connection, limit: int = 1) -> list[Facts]:
    """The last runs, newest first, each with its fetches by outcome."""
    found = rows(conn, "select * from night order by started_at desc, id limit ?", [limit])
    for night in found:
        sql = "select outcome, number from night_tally where night = ? order by number desc, outcome"
        night["outcomes"] = {row["outcome"]: row["number"] for row in rows(conn, sql, [night["id"]])}
    return found


def coverage_rows(conn: sqlite3.Connection, divisions: list[Facts]) -> tuple[list[int], list[dict[str, Any]]]:
    """The years that are covered, newest first, and for each division its cells; one for each of the years."""
    held = grid(conn, [each["code"] for each in divisions])
    years = sorted({year for cells in held.values() for year in cells}, reverse=True)
    made = [
        {**each, "cells": [cell(held[each["code"]].get(year, {})) for year in years]} for each in divisions
    ]
    return years, made


def cell(states: dict[str, int]) -> Facts:
    """One cell of the grid: how many are held of how many that are due, and of the others each state."""
    due = sum(number for state, number in states.items() if state != "not_due")
    held = sum(states.get(state, 0) for state in HELD)
    others = {state: number for state, number in states.items() if state != "found" and number}
    return {
        "held": held,
        "due": due,
        "share": held / due if due else None,
        "states": states,
        "others": others,
    }
