"""The rows of one report, written as a whole from all of its readings."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from archive import sightings
from archive.alike import TELLING
from archive.events import Change, classify
from archive.ids import content_id
from archive.placing import Place
from archive.records import unpack
from archive.versions import Reading, Version, arrange
from parsers.records import Report

_CHILDREN = ("rendition", "figure", "identity", "finding", "statement", "section", "extra_row")

# A reading that waits to be placed anew counts where it was until it is.
_READINGS = """
select r.capture_id, r.ordinal, c.url, c.kind, c.first_seen, c.last_seen, r.fingerprint, r.figures_hash
from reading r join capture c on c.id = r.capture_id where r.report_id = ? and r.state in ('report', 'read')
order by c.first_seen, r.capture_id, r.ordinal
"""
# What other reports say of this one has to be looked at again.
_DUE = """
insert into due
select :id union select n.id from report r join report n on (n.body_id, n.scope, n.year) = (r.body_id, r.scope, r.year + 1)
where r.id = :id
union select o.report_id from likeness l join likeness o on o.figures = l.figures
where l.report_id = :id and l.weight >= :telling
on conflict do nothing
"""


@dataclass(frozen=True, slots=True)
class Written:
    """How many versions are new, and how many figures and findings they hold."""

    versions: int = 0
    figures: int = 0
    findings: int = 0

    def __add__(self, other: Written) -> Written:
        return Written(
            self.versions + other.versions, self.figures + other.figures, self.findings + other.findings
        )


def know(db: sqlite3.Connection, place: Place) -> None:
    """Makes sure that the body and the report of a place are there."""
    body = place.body
    db.execute(
        "insert into body (id, name, division, kind) values (?, ?, ?, ?) on conflict (id) do nothing",
        (body.id, body.name, body.division, body.kind.value),
    )
    db.execute(
        "insert into report (id, body_id, year, scope) values (?, ?, ?, ?) on conflict (id) do nothing",
        (place.report_id, body.id, place.year, place.scope.value),
    )


def write(db: sqlite3.Connection, report_id: str) -> Written:
    """Writes all versions of a report anew, inside the caller's transaction; a report without any goes."""
    before = {row[0] for row in db.execute("select id from version where report_id = ?", (report_id,))}
    readings = _readings(db, report_id)
    seen = sightings.load(db, sorted({reading.url for reading in readings}))
    versions = arrange(_believed(readings, seen.values()))
    db.execute(_DUE, {"id": report_id, "telling": TELLING})
    _clear(db, report_id)
    written = Written()
    for version in versions:
        version_id = _write_version(db, report_id, version)
        if version_id not in before:
            report = version.best.report
            findings = len(report.findings) + len(version.findings)
            written += Written(1, len(report.figures), findings)
    if versions:
        changes = classify(versions, readings, seen)
        _insert(db, "event", [_change_row(report_id, change) for change in changes])
    else:
        db.execute("delete from likeness where report_id = ?", (report_id,))
        db.execute("delete from report where id = ?", (report_id,))
    return written


def _believed(readings: list[Reading], seen: Iterable[Iterable[sightings.Sighting]]) -> list[Reading]:
    """The readings but for those that nobody confirmed; all of them where there are no others."""
    doubted = {capture for each in seen for capture in sightings.doubted(list(each))}
    return [reading for reading in readings if reading.capture_id not in doubted] or readings


def _change_row(report_id: str, c: Change) -> tuple[object, ...]:
    return (report_id, c.at, c.url, c.kind.value, c.capture_id, c.ordinal, c.before, c.version, c.evidence)


def _readings(db: sqlite3.Connection, report_id: str) -> list[Reading]:
    """The readings of a report, the oldest first. What a URL shows again is unpacked once."""
    reports: dict[tuple[str, int, str], Report] = {}
    found = []
    for row in db.execute(_READINGS, (report_id,)):
        key = (row["url"], row["ordinal"], row["fingerprint"])
        if key not in reports:
            sql = "select record from reading where capture_id = ? and ordinal = ?"
            reports[key] = unpack(db.execute(sql, (row["capture_id"], row["ordinal"])).fetchone()[0])
        found.append(
            Reading(
                row["capture_id"],
                row["ordinal"],
                row["url"],
                row["kind"] == "attachment",
                row["first_seen"],
                row["last_seen"],
                row["fingerprint"],
                reports[key],
                row["figures_hash"],
            )
        )
    return found


def _clear(db: sqlite3.Connection, report_id: str) -> None:
    for table in _CHILDREN:
        db.execute(
            f"delete from {table} where version_id in (select id from version where report_id = ?)",
            (report_id,),
        )
    db.execute("delete from event where report_id = ?", (report_id,))
    db.execute("delete from version where report_id = ?", (report_id,))


def _write_version(db: sqlite3.Connection, report_id: str, version: Version) -> str:
    version_id = content_id("version", report_id, version.fingerprint)
    _insert(db, "version", [_version_row(version_id, report_id, version)])
    renditions = {(r.capture_id, r.ordinal): r.url for r in version.renditions}
    _insert(db, "rendition", [(version_id, *key, url) for key, url in renditions.items()])
    for table, rows in _contents(version).items():
        _insert(db, table, [(version_id, *row) for row in rows])
    return version_id


def _insert(db: sqlite3.Connection, table: str, rows: list[tuple[object, ...]]) -> None:
    if rows:
        places = ", ".join("?" * len(rows[0]))
        db.executemany(f"insert into {table} values ({places})", rows)


def _version_row(version_id: str, report_id: str, version: Version) -> tuple[object, ...]:
    best = version.best
    every = [best.report, *(rendition.report for rendition in version.renditions)]
    return (
        version_id,
        report_id,
        version.number,
        version.fingerprint,
        best.capture_id,
        next((report.title for report in every if report.title), ""),
        next((report.issuer for report in every if report.issuer), ""),
        best.url,
        best.report.year_from or "",
        _json(best.report.generations),
        _json(best.report.warnings),
        version.first_seen,
        version.last_seen,
    )


def _contents(version: Version) -> dict[str, list[tuple[object, ...]]]:
    """The rows of every table below a version, without the version's id."""
    report = version.best.report
    return {
        "figure": _figures(report),
        "identity": _identities(report),
        "finding": [
            (position, finding.kind, finding.message, _json(finding.codes))
            for position, finding in enumerate((*report.findings, *version.findings))
        ],
        "statement": [
            (position, s.code, s.value, s.unit, s.text, s.start, s.end)
            for position, s in enumerate(report.statements)
        ],
        "section": [(position, s.number, s.title, s.text) for position, s in enumerate(report.sections)],
        "extra_row": [
            (position, row.table, row.label, _json(row.cells), row.place)
            for position, row in enumerate(report.extra_rows)
        ],
    }


def _figures(report: Report) -> list[tuple[object, ...]]:
    """One row a code; a parser that gives a code twice is at fault, and the first one stands."""
    by_code = {figure.code: figure for figure in reversed(report.figures)}
    return [(f.code, f.value, f.state.value, f.raw, f.unit, f.proof.value, f.place) for f in by_code.values()]


def _identities(report: Report) -> list[tuple[object, ...]]:
    by_id = {identity.id: identity for identity in reversed(report.identities)}
    return [(i.id, int(i.holds), i.left, i.right, _json(i.codes)) for i in by_id.values()]


def _json(value: Iterable[object] | dict[str, str]) -> str:
    plain = value if isinstance(value, dict) else list(value)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)
