"""Findings that one report alone does not give: against its year before, against other bodies, against its own name.

They stand in `finding` from position `FIRST` on, at the latest version of a report, and are a function of what the
archive holds. `archive.derived.reports` notes in `due` whose findings a change touches; `fill` makes those anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from archive.database import seals
from archive.database.connection import Connected
from archive.derived import chains, peers, slips
from archive.derived.chains import Cell
from archive.rows import alike, inside
from archive.rows.compact import insert
from archive.rows.heads import COLUMNS, Head
from archive.rows.records import finding_columns
from parsers.records import Finding, FindingKind

FIRST = seals.FIRST_ACROSS
HALF = 0.5
BATCH = 100
NAMED = 3

_LATEST = f"""
select v.id, r.id as report_id, r.year as of_year, b.id as body_id, b.name as body, {COLUMNS}
from report r join version v on v.report_id = r.id join body b on b.id = r.body_id
join record d on (d.capture_id, d.ordinal) = (v.capture_id, v.ordinal)
where r.id = ? order by v.number desc limit 1
"""
_BEFORE = """
select o.id from report r join report o on (o.body_id, o.scope, o.year) = (r.body_id, r.scope, r.year - 1) where r.id = ?
"""
# The numbers of a report in its latest version, those of the years before it, and of the one after.
_HISTORY = """
select o.year, f.code, f.value from report r
join report o on (o.body_id, o.scope) = (r.body_id, r.scope) and o.year between r.year - ? and r.year + 1
join version v on v.report_id = o.id and v.number = (select max(w.number) from version w where w.report_id = o.id)
join figure f on f.version_id = v.id and f.code in ({codes}) and f.value is not null
where r.id = ? order by o.year
"""
_COPIES = """
select b.name, r.year from likeness l join report r on r.id = l.report_id join body b on b.id = r.body_id
where l.figures = ? and r.body_id <> ? order by b.name, r.year
"""


def fill(archive: Connected) -> None:
    """Makes anew what is due. A kill in between leaves the rest due."""
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


def _write(db: sqlite3.Connection, report_id: str) -> None:
    db.execute(
        "delete from finding where position >= ? and version_id in (select id from version where report_id = ?)",
        (FIRST, report_id),
    )
    latest = db.execute(_LATEST, (report_id,)).fetchone()
    if latest is not None:
        rows = [
            (latest["id"], position, *finding_columns(finding))
            for position, finding in enumerate(_findings(db, latest), FIRST)
        ]
        insert(db, "finding", rows)
        seals.keep_reports(db, [report_id])


def _findings(db: sqlite3.Connection, latest: sqlite3.Row) -> Iterator[Finding]:
    head = Head.from_row(latest)
    before = db.execute(_BEFORE, (latest["report_id"],)).fetchone()
    if before is not None:
        yield from _since(db, latest, head, before["id"])
    yield from _unusual(db, latest)
    yield from _copied(db, latest, head)
    name = inside.other_name(latest["body"], head.called)
    if name:
        yield Finding(FindingKind.WRONG_NAME_INSIDE, (), {"inside": name, "body": latest["body"]})


def _since(db: sqlite3.Connection, latest: sqlite3.Row, head: Head, report_id: str) -> Iterator[Finding]:
    """Against the report of the year before."""
    before = db.execute(_LATEST, (report_id,)).fetchone()
    if before is None:
        return
    last, now = _cells(db, before["id"]), _cells(db, latest["id"])
    for finding in (
        chains.carry_over(last, now, before["of_year"]),
        chains.in_force(last, now, before["of_year"]),
    ):
        if finding is not None:
            yield finding
    earlier = Head.from_row(before)
    if head.weight >= alike.TELLING and head.figures == earlier.figures:
        yield Finding(FindingKind.FIGURES_REPEAT_LAST_YEAR, (), {"year": before["of_year"]})
    new, old = (alike.Sketch.unpack(each.sketch) for each in (head, earlier))
    part = alike.share(new, old)
    if part > HALF:
        values = {"percent": round(100 * part), "year": before["year"]}
        yield Finding(FindingKind.TEXT_REPEATS_LAST_YEAR, (), values)


def _cells(db: sqlite3.Connection, version_id: str) -> dict[str, Cell]:
    codes = chains.used_codes()
    places = ", ".join("?" * len(codes))
    sql = f"select code, value, state from figure where version_id = ? and code in ({places})"
    return {code: Cell(value, state) for code, value, state in db.execute(sql, (version_id, *codes))}


def _unusual(db: sqlite3.Connection, latest: sqlite3.Row) -> Iterator[Finding]:
    """Against the years around it, cell by cell; where those before are too few, against the peers."""
    codes = slips.watched()
    sql = _HISTORY.format(codes=", ".join("?" * len(codes)))
    numbers: dict[int, dict[str, int | float]] = {}
    for year, code, value in db.execute(sql, (slips.YEARS, *codes, latest["report_id"])):
        numbers.setdefault(year, {})[code] = value
    now, after = (numbers.pop(latest["of_year"] + more, {}) for more in (0, 1))
    yield from slips.unusual(now, numbers, after)
    if codes_alone := slips.without_habit(now, numbers, after):
        yield from slips.above_peers(now, peers.numbers(db, latest["report_id"], codes_alone))


def _copied(db: sqlite3.Connection, latest: sqlite3.Row, head: Head) -> Iterator[Finding]:
    """Against the reports of other bodies, when there is enough in the figures to compare."""
    if head.weight < alike.TELLING:
        return
    found = db.execute(_COPIES, (head.figures, latest["body_id"])).fetchall()
    if found:
        names = [f"{row['name']} {row['year']}" for row in found[:NAMED]]
        more = {"case": "more", "more": len(found) - NAMED} if len(found) > NAMED else {}
        yield Finding(FindingKind.FIGURES_OF_ANOTHER_BODY, (), {"reports": names, **more})
