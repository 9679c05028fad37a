"""Findings that one report alone does not give: against its year before, against other bodies, against its own name.

They stand in `finding` from position `FIRST` on, at the latest version of a report, and are a function of what the
archive holds. `archive.reports` notes in `due` whose findings a change touches; `fill` makes those anew.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from archive import alike, chains, inside
from archive.chains import Cell
from archive.connection import Connected
from archive.records import text_of, unpack
from archive.versions import prose
from parsers.records import Finding

FIRST = 1000
HALF = 0.5
BATCH = 100
NAMED = 3

_LATEST = """
select v.id, v.capture_id, r.id as report_id, r.year, r.scope, b.id as body_id, b.name as body from report r
join version v on v.report_id = r.id join body b on b.id = r.body_id where r.id = ? order by v.number desc limit 1
"""
_BEFORE = """
select o.id from report r join report o on (o.body_id, o.scope, o.year) = (r.body_id, r.scope, r.year - 1) where r.id = ?
"""
_RECORD = """
select record from reading where capture_id = ? and report_id = ? and record is not null order by ordinal limit 1
"""
_ALIKE = """
insert into due select report_id from likeness where figures in (?, ?) and weight >= ? on conflict do nothing
"""
_COPIES = """
select b.name, r.year from likeness l join report r on r.id = l.report_id join body b on b.id = r.body_id
where l.figures = ? and r.body_id <> ? order by b.name, r.year
"""
_KEPT_CODES = (*chains.CARRIED_OUT, *chains.CARRIED_IN, *chains.IN_FORCE)


def fill(archive: Connected) -> None:
    """Makes anew what is due. A kill in between leaves the rest due."""
    for batch in _due(archive.db):
        with archive.transaction() as db:
            for report_id in batch:
                _mark(db, report_id)
    # Marking may have made more reports due: those that were, or now are, alike.
    for batch in _due(archive.db):
        with archive.transaction() as db:
            for report_id in batch:
                _write(db, report_id)
                db.execute("delete from due where report_id = ?", (report_id,))


def _due(db: sqlite3.Connection) -> Iterator[list[str]]:
    """The reports that are due now, some at a time."""
    found = [row[0] for row in db.execute("select report_id from due order by report_id")]
    for start in range(0, len(found), BATCH):
        yield found[start : start + BATCH]


def _mark(db: sqlite3.Connection, report_id: str) -> None:
    """Writes what is alike by; whoever had or has the same figures is due too."""
    latest = db.execute(_LATEST, (report_id,)).fetchone()
    if latest is None:
        return
    report = unpack(_record(db, latest))
    numbers = [(f.code, f.value) for f in report.figures if f.value is not None and f.code[:2] != "n_"]
    figures, weight = alike.mark(numbers)
    text = prose(report).replace("\n", "") if report.sections else ""
    new = (latest["id"], figures, weight, alike.sketch(text).pack())
    old = db.execute("select figures from likeness where report_id = ?", (report_id,)).fetchone()
    if old is None or old["figures"] != figures:
        db.execute(_ALIKE, (figures, old["figures"] if old else "", alike.TELLING))
    db.execute("insert or replace into likeness values (?, ?, ?, ?, ?)", (report_id, *new))


def _record(db: sqlite3.Connection, latest: sqlite3.Row) -> bytes:
    record: bytes = db.execute(_RECORD, (latest["capture_id"], latest["report_id"])).fetchone()[0]
    return record


def _write(db: sqlite3.Connection, report_id: str) -> None:
    db.execute(
        "delete from finding where position >= ? and version_id in (select id from version where report_id = ?)",
        (FIRST, report_id),
    )
    latest = db.execute(_LATEST, (report_id,)).fetchone()
    if latest is not None:
        rows = [
            (latest["id"], position, finding.kind, finding.message, json.dumps(finding.codes))
            for position, finding in enumerate(_findings(db, latest), FIRST)
        ]
        db.executemany("insert into finding values (?, ?, ?, ?, ?)", rows)


def _findings(db: sqlite3.Connection, latest: sqlite3.Row) -> Iterator[Finding]:
    before = db.execute(_BEFORE, (latest["report_id"],)).fetchone()
    if before is not None:
        yield from _since(db, latest, before["id"])
    yield from _copied(db, latest)
    name = inside.other_name(latest["body"], text_of(_record(db, latest)))
    if name:
        message = f"the text speaks as {name}, and the report is that of {latest['body']}"
        yield Finding("wrong_name_inside", message)


def _since(db: sqlite3.Connection, latest: sqlite3.Row, report_id: str) -> Iterator[Finding]:
    """Against the report of the year before."""
    before = db.execute(_LATEST, (report_id,)).fetchone()
    if before is None:
        return
    last, now = _cells(db, before["id"]), _cells(db, latest["id"])
    for finding in (chains.carry_over(last, now, before["year"]), chains.in_force(last, now, before["year"])):
        if finding is not None:
            yield finding
    old, new = (
        db.execute("select sketch from likeness where report_id = ?", (each,)).fetchone()
        for each in (report_id, latest["report_id"])
    )
    if old is not None and new is not None:
        part = alike.share(alike.Sketch.unpack(new["sketch"]), alike.Sketch.unpack(old["sketch"]))
        if part > HALF:
            message = (
                f"about {round(100 * part)} % of the text stands in the report of {before['year']} as well"
            )
            yield Finding("text_repeats_last_year", message)


def _cells(db: sqlite3.Connection, version_id: str) -> dict[str, Cell]:
    places = ", ".join("?" * len(_KEPT_CODES))
    sql = f"select code, value, state from figure where version_id = ? and code in ({places})"
    return {code: Cell(value, state) for code, value, state in db.execute(sql, (version_id, *_KEPT_CODES))}


def _copied(db: sqlite3.Connection, latest: sqlite3.Row) -> Iterator[Finding]:
    """Against the reports of other bodies, when there is enough in the figures to compare."""
    own = db.execute(
        "select figures, weight from likeness where report_id = ?", (latest["report_id"],)
    ).fetchone()
    if own is None or own["weight"] < alike.TELLING:
        return
    found = db.execute(_COPIES, (own["figures"], latest["body_id"])).fetchall()
    if found:
        names = ", ".join(f"{row['name']} {row['year']}" for row in found[:NAMED])
        more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
        yield Finding("figures_of_another_body", f"every figure equals that of {names}{more}")
