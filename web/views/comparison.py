"""Bodies side by side: one indicator or one cell of the form over the years, as a chart, a table, CSV and JSON."""

from __future__ import annotations

import csv
import sqlite3
from io import StringIO

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive import search as searching
from archive.csvs import safe
from archive.publication.indicators import indicator, indicators
from web.data import queries, standings, tree
from web.data.queries import Facts
from web.drawing import charts
from web.drawing.charts import Series
from web.respond import NAME, Page, page, query
from web.saying import speech
from web.saying.missing import Missing
from web.views import view

MOST = 6
"""More bodies than these are not told apart in one chart."""


@page
def compare(conn: sqlite3.Connection, request: Request) -> Page:
    """The bodies that were chosen, the search for more, and what to compare them in."""
    t = speech.speech(request)
    facts = _compared(conn, request, t)
    text = (request.args.get("q") or "").strip()[:100]
    chosen = [row["id"] for row in facts["bodies"]]
    found = [row for row in searching.find_bodies(conn, text) if row["id"] not in chosen]
    drawn = [Series(row["name"], row["values"], f"s{place}") for place, row in enumerate(facts["bodies"])]
    if facts["peers"]:
        drawn.append(Series(t("compare.median"), facts["peers"]["values"], "s6"))
    more = {
        "q": text, "found": found, "chart": charts.lines(drawn, t("compare.chart", name=facts["label"]), t.unit(facts["unit"]), t.lang),
        "indicators": indicators(), "most": MOST, "years": _years(facts), "link": _link, "cells": _cells(conn),
        "definition": _definition(t, facts["code"]),
    }  # fmt: skip
    return "compare.html", facts, more


async def compare_file(datasette: Datasette, request: Request) -> Response:
    """The same numbers as CSV, one row a body and year, safe to open in a spreadsheet."""

    def work(conn: sqlite3.Connection) -> str:
        facts = _compared(conn, request, speech.speech(request))
        text = StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("body_id", "body", "division", "scope", "code", "unit", "year", "value"))
        for row in facts["bodies"]:
            about = [row[name] for name in ("id", "name", "division", "scope")] + [
                facts["code"],
                facts["unit"],
            ]
            writer.writerows([*map(safe, about), year, value] for year, value in row["values"].items())
        return text.getvalue()

    text = await datasette.get_database(NAME).execute_fn(work)
    headers = {"Content-Disposition": 'attachment; filename="compare.csv"'}
    return Response(text, headers=headers, content_type="text/csv; charset=utf-8")


def _compared(conn: sqlite3.Connection, request: Request, t: speech.Speech) -> Facts:
    code = request.args.get("code") or indicators()[0].name
    label, unit = _named(conn, t, code)
    asked = list(dict.fromkeys(body for body in request.args.getlist("body") if body))
    if len(asked) > MOST:
        raise Missing("error.too_many", most=MOST)
    bodies = [_body(conn, body, code) for body in asked]
    wanted = request.args.get("peers") == "1" and bodies and indicator(code)
    return {
        "code": code, "label": label, "unit": unit, "bodies": bodies,
        "peers": _peers(conn, bodies[0], code) if wanted else None,
    }  # fmt: skip


def _named(conn: sqlite3.Connection, t: speech.Speech, code: str) -> tuple[str, str]:
    """What an indicator or a cell is called, and its unit."""
    if found := indicator(code):
        return t.of((found.zh, found.en)), found.unit
    cell = queries.one(conn, "select unit from codebook where code = ? limit 1", [code])
    if cell is None:
        raise Missing("error.code")
    return view.label_of(queries.codebook(conn), {})[code], cell["unit"]


def _definition(t: speech.Speech, code: str) -> str:
    found = indicator(code)
    return t.of((found.zh_means, found.en_means)) if found else ""


def _body(conn: sqlite3.Connection, body_id: str, code: str) -> Facts:
    """A body with its values by year, in the scope in which it reports most."""
    found = queries.one(conn, "select id, name, division, kind from body where id = ?", [body_id])
    if found is None:
        raise Missing("error.body")
    groups = standings.peers(conn, body_id)
    scope = groups[0]["scope"] if groups else "body"
    return {**found, "scope": scope, "values": standings.series(conn, body_id, scope, code)}


def _peers(conn: sqlite3.Connection, first: Facts, code: str) -> Facts | None:
    """The median of the peers of the first body, in its province."""
    groups = standings.peers(conn, first["id"])
    if not groups:
        return None
    kept = {name: groups[0][name] for name in ("province", "level", "kind", "scope")}
    values = standings.medians(conn, groups[0]["id"], code)
    shown = {year: values[year] for year in first["values"] if year in values}
    name = next(iter(tree.path(conn, kept["province"])), {"name": ""})["name"]
    return {**kept, "name": name, "values": shown}


def _years(facts: Facts) -> list[int]:
    return sorted({year for row in facts["bodies"] for year in row["values"]})


def _cells(conn: sqlite3.Connection) -> list[Facts]:
    """Every cell of every form once, under the newest form that has it: code, label, generation."""
    labels = view.label_of(queries.codebook(conn), {})
    generation = {row["code"]: row["generation"] for row in reversed(queries.codebook(conn))}
    return [{"code": code, "label": label, "generation": generation[code]} for code, label in labels.items()]


def _link(facts: Facts, drop: str = "", **changed: object) -> str:
    """This comparison with a body added (`add`) or left out (`drop`), or in another file (`path`)."""
    kept: list[tuple[str, object]] = [("body", row["id"]) for row in facts["bodies"] if row["id"] != drop]
    if add := changed.get("add"):
        kept.append(("body", add))
    peers = changed.get("peers", "1" if facts["peers"] else "")
    return query(str(changed.get("path", "/compare")), kept, code=facts["code"], peers=peers)
