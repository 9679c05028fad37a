"""The rows of one report, written as a whole from all of its readings."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from archive.ids import content_id
from archive.placing import Place
from archive.records import unpack
from archive.versions import Reading, Version, arrange
from parsers.records import Report

_CHILDREN = ("rendition", "figure", "identity", "finding", "statement", "section", "extra_row")

# A reading that waits to be placed anew counts where it was until it is.
_READINGS = """
select r.capture_id, r.ordinal, c.url, c.kind, c.first_seen, c.last_seen, r.fingerprint, r.record
from reading r join capture c on c.id = r.capture_id where r.report_id = ? and r.state in ('report', 'read')
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
    versions = arrange(_readings(db, report_id))
    _clear(db, report_id)
    if not versions:
        db.execute("delete from report where id = ?", (report_id,))
    written = Written()
    for version in versions:
        version_id = _write_version(db, report_id, version)
        if version_id not in before:
            report = version.best.report
            findings = len(report.findings) + len(version.findings)
            written += Written(1, len(report.figures), findings)
    return written


def _readings(db: sqlite3.Connection, report_id: str) -> list[Reading]:
    return [
        Reading(
            row["capture_id"],
            row["ordinal"],
            row["url"],
            row["kind"] == "attachment",
            row["first_seen"],
            row["last_seen"],
            row["fingerprint"],
            unpack(row["record"]),
        )
        for row in db.execute(_READINGS, (report_id,))
    ]


def _clear(db: sqlite3.Connection, report_id: str) -> None:
    for table in _CHILDREN:
        db.execute(
            f"delete from {table} where version_id in (select id from version where report_id = ?)",
            (report_id,),
        )
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
