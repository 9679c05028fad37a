"""The page of the sources: which divisions have one, what each turned out to be, and what each vantage saw."""

from __future__ import annotations

import sqlite3

from datasette.utils.asgi import Request

from archive.divisions import CENTRE
from archive.state.standings import LEVELS, Tally, coverage, states_of, tallies, total
from web.data import queries, registered, tree
from web.data.queries import Facts
from web.respond import Page, page, whole
from web.saying import words
from web.saying.missing import Missing


@page
def sources(conn: sqlite3.Connection, request: Request) -> Page:
    """Divisions by province and level, of a province one by one; the vantages; the sources, a page of them."""
    chosen = {name: request.args.get(name) or "" for name in ("province", "level", "state")}
    names = {row["code"]: row["name"] for row in tree.provinces(conn) if row["code"] != CENTRE}
    if chosen["province"] not in ("", *names):
        raise Missing("error.division")
    current = max(whole(request, "page") or 1, 1)
    found, level = registered.standings(conn, chosen["province"]), chosen["level"] or None
    covered = coverage(found, level)
    if not chosen["province"]:
        del covered["divisions"]
    facts: Facts = {
        **chosen,
        "as_of": queries.as_of(conn),
        "page": current,
        **covered,
        "vantages": registered.vantages(conn, chosen["province"]),
        **registered.sources(conn, chosen, current),
    }
    rows = list(tallies(found, level))
    more = {
        "names": names,
        "levels": LEVELS,
        "columns": states_of(rows),
        "groups": _groups(rows, chosen["province"]),
        "every": total(rows),
        "shown": _shown(conn, facts),
        "state_chosen": chosen["state"],
        "known_states": tuple(words.LIVES),
    }
    return "sources.html", facts, more


def _groups(rows: list[Tally], province: str) -> list[Facts]:
    """A line for each province and then for each level; of one province the levels alone."""
    provinces = () if province else dict.fromkeys(row.province for row in rows)
    made: list[Facts] = [
        {"province": code, "level": "", "sum": total(row for row in rows if row.province == code)}
        for code in provinces
    ]
    levels = [each for each in LEVELS if any(row.level == each for row in rows)]
    return made + [
        {"province": "", "level": each, "sum": total(row for row in rows if row.level == each)}
        for each in levels
    ]


def _shown(conn: sqlite3.Connection, facts: Facts) -> list[Facts]:
    """The divisions of the province that is shown, with their names; of one state if one is chosen."""
    listed = [each for each in facts.get("divisions", ()) if facts["state"] in ("", each["state"])]
    names = registered.names(conn, facts["province"]) if listed else {}
    return [{**each, "name": names.get(each["division"], "")} for each in listed]
