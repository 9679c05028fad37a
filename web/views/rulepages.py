"""The book of rules on pages: all of them, and each with its examples and who fails it, by year and province."""

from __future__ import annotations

import sqlite3

from datasette.utils.asgi import Request

from parsers.rulebook import Said, example
from web.data import queries, tree
from web.data.queries import Facts, one, rows
from web.respond import Page, page
from web.saying.missing import Missing
from web.views import view

_ALL = """
select r.*, coalesce(sum(t.number), 0) as number
from rule r left join finding_tally t on t.rule = r.id group by r.id order by r.id
"""
_FAILURES = """
select province, year, number from finding_tally where rule = ? order by province, year desc
"""
_ACROSS = ("passes", "fails")


@page
def book(conn: sqlite3.Connection, _request: Request) -> Page:
    """Every rule by its number, and how often it fails in the latest versions."""
    return "rules.html", {"rules": [_as_json(row) for row in rows(conn, _ALL)]}, {}


@page
def rule(conn: sqlite3.Connection, request: Request) -> Page:
    """One rule: on what it rests, what passes and what fails, and the failures by year and province."""
    found = one(conn, f"select * from ({_ALL}) where id = ?", [request.url_vars["id"]])
    if found is None:
        raise Missing("error.rule")
    failures = rows(conn, _FAILURES, [found["id"]])
    generations = found["generations"].split()
    labels = view.label_of(queries.codebook(conn), dict(zip(generations, generations, strict=True)))
    shown = {name: [_shown(said, labels) for said in example(found[name])] for name in _ACROSS}
    names = {each["code"]: each for each in tree.provinces(conn)}
    return (
        "rule.html",
        {**_as_json(found), "failures": failures},
        {"examples": shown, **_table(failures), "names": names, "rule": found},
    )


def _as_json(row: Facts) -> Facts:
    return {**row, "generations": row["generations"].split()}


def _shown(said: Said, labels: dict[str, str]) -> Facts:
    """What one report of an example says, with the cells under the labels of the form."""
    cells = [(labels.get(code, code), code, value) for code, value in said.cells.items()]
    return {"year": said.year, "body": said.body, "cells": cells, "text": said.text}


def _table(failures: list[Facts]) -> Facts:
    """Failures as a table: a row a province, a column a year, the newest first."""
    years = sorted({row["year"] for row in failures}, reverse=True)
    provinces: dict[str, dict[int, int]] = {}
    for row in failures:
        provinces.setdefault(row["province"], {})[row["year"]] = row["number"]
    return {"years": years, "by_province": provinces}
