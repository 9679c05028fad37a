"""The rows of one report, written as a whole from all of its readings."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from archive.database import seals
from archive.derived import looks, peers, sightings, slips
from archive.derived.events import Change, classify
from archive.derived.neighbours import Neighbours
from archive.derived.placing import Place
from archive.ids import blob_id, content_id
from archive.rows import alike, compact
from archive.rows.compact import Words, insert
from archive.rows.heads import COLUMNS, Head
from archive.rows.records import finding_columns, parts, unpack
from archive.state.witnesses import RUN
from archive.versions import Reading, Version, arrange
from parsers.records import Finding, Report

_CHILDREN = ("rendition", "finding", "statement", "section", "extra_row")

# A reading that waits to be placed anew counts where it was until it is.
_READINGS = f"""
select r.capture_id, r.ordinal, c.url, c.kind, c.first_seen, c.last_seen, r.fingerprint, r.figures_hash, {COLUMNS},
    coalesce((select min(f.at) from fetch f where f.url = c.url and f.sha256 = c.sha256 and f.outcome = 'ok'
        and f.run_id <> '{RUN}'), '') as ours,
    coalesce((select min(coalesce(w.at, f.at)) from fetch f left join witness w on w.fetch_id = f.id
        where f.url = c.url and f.sha256 = c.sha256 and f.outcome = 'ok'), '') as known
from reading r join capture c on c.id = r.capture_id
join record d on (d.capture_id, d.ordinal) = (r.capture_id, r.ordinal)
where r.report_id = ? and r.state in ('report', 'read') order by c.first_seen, r.capture_id, r.ordinal
"""
_DATA = "select data from record where capture_id = ? and ordinal = ?"
# What this report, the one before it, and those of the years behind it say of others has to be looked at again.
_DUE = f"""
insert into due
select :id union select n.id from report r join report n on (n.body_id, n.scope) = (r.body_id, r.scope)
and n.year between r.year - 1 and r.year + {slips.YEARS} where r.id = :id on conflict do nothing
"""
_ALIKE = """
insert into due select report_id from likeness where figures in (?, ?) and weight >= ? on conflict do nothing
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


def write(db: sqlite3.Connection, words: Words, neighbours: Neighbours, report_id: str) -> Written:
    """Writes the versions of a report from its readings, inside the caller's transaction; a report without any goes.

    What a version says is written once: while it says the same, only where and when it was seen changes.
    """
    before = {row["id"]: row for row in db.execute(_BEFORE, (report_id,))}
    readings = _readings(db, report_id)
    urls = sorted({r.url for r in readings})
    seen = sightings.load(db, urls)
    readings, seen = looks.settled(readings, seen, partial(neighbours.passing, own=urls))
    made = [_made(db, report_id, version) for version in arrange(_believed(readings, seen.values()))]
    kept = {each.id for each in made if each.id in before and before[each.id]["content"] == each.content}
    _clear(db, report_id, before, kept)
    written = Written()
    for each in made:
        if each.id in kept:
            _see_again(db, each)
        else:
            new = _write_version(db, words, report_id, each)
            written += new if each.id not in before else Written()
    if not made or made[-1].id not in kept or made[-1].id != max(before.values(), key=_number)["id"]:
        _touch(db, report_id, made[-1].version.best.head if made else None)
    changes = classify([each.version for each in made], readings, seen) if made else []
    insert(db, "event", [_change_row(report_id, change) for change in changes])
    if not made:
        db.execute("delete from report where id = ?", (report_id,))
        seals.forget(db, [report_id])
    seals.keep_versions(db, [each.id for each in made if each.id not in kept])
    seals.keep_reports(db, [report_id])
    return written


_BEFORE = "select id, number, position, content from version where report_id = ?"


def _number(row: sqlite3.Row) -> int:
    number: int = row["number"]
    return number


@dataclass(frozen=True, slots=True)
class _Made:
    """A version with its id, with what its best rendition says as a record, and with a hash of all that it says."""

    id: str
    version: Version
    data: bytes
    content: str


def _made(db: sqlite3.Connection, report_id: str, version: Version) -> _Made:
    best = version.best
    (data,) = db.execute(_DATA, (best.capture_id, best.ordinal)).fetchone()
    content = content_id(blob_id(data), *version.findings)
    return _Made(content_id("version", report_id, version.fingerprint), version, data, content)


def _believed(readings: list[Reading], seen: Iterable[Iterable[sightings.Sighting]]) -> list[Reading]:
    """The readings but for those that nobody confirmed; all of them where there are no others."""
    doubted = {capture for each in seen for capture in sightings.doubted(list(each))}
    return [reading for reading in readings if reading.capture_id not in doubted] or readings


def _change_row(report_id: str, c: Change) -> tuple[object, ...]:
    return (report_id, c.at, c.url, c.kind.value, c.capture_id, c.ordinal, c.before, c.version, c.evidence)


def _readings(db: sqlite3.Connection, report_id: str) -> list[Reading]:
    """The readings of a report, the oldest first."""

    def load(key: tuple[str, int]) -> Report:
        return unpack(db.execute(_DATA, key).fetchone()[0])

    return [
        Reading(
            row["capture_id"],
            row["ordinal"],
            row["url"],
            row["kind"] == "attachment",
            row["first_seen"],
            row["last_seen"],
            row["fingerprint"],
            Head.from_row(row),
            partial(load, (row["capture_id"], row["ordinal"])),
            row["figures_hash"],
            ours=row["ours"],
            known=row["known"],
        )
        for row in db.execute(_READINGS, (report_id,))
    ]


def _touch(db: sqlite3.Connection, report_id: str, latest: Head | None) -> None:
    """Notes what a report is like now, and who has to look at it again: its years, its peers, and who was or is alike."""
    old = db.execute("select figures from likeness where report_id = ?", (report_id,)).fetchone()
    if latest is None:
        db.execute("delete from likeness where report_id = ?", (report_id,))
    elif old is None or old["figures"] != latest.figures:
        row = (report_id, latest.figures, latest.weight)
        db.execute("insert or replace into likeness values (?, ?, ?)", row)
    now = latest.figures if latest else ""
    if old is None or old["figures"] != now:
        db.execute(_ALIKE, (old["figures"] if old else "", now, alike.TELLING))
    db.execute(_DUE, {"id": report_id})
    peers.make_due(db, report_id)


def _clear(db: sqlite3.Connection, report_id: str, before: Mapping[str, sqlite3.Row], kept: set[str]) -> None:
    """Takes away what is written anew: versions that are gone or say something else, and where all were seen."""
    if not before:
        return
    gone = [(row["id"], row["position"]) for row in before.values() if row["id"] not in kept]
    db.execute("delete from event where report_id = ?", (report_id,))
    db.executemany("delete from rendition where version_id = ?", [(version_id,) for version_id in kept])
    for table in _CHILDREN:
        db.executemany(f"delete from {table} where version_id = ?", [(version_id,) for version_id, _ in gone])
    for table in ("cell", "checked"):
        db.executemany(f"delete from {table} where version = ?", [(position,) for _, position in gone])
    db.executemany("delete from version where id = ?", [(version_id,) for version_id, _ in gone])
    seals.forget(db, [version_id for version_id, _ in gone])
    # The numbers of those that stay may change places.
    db.execute("update version set number = -number where report_id = ?", (report_id,))


def _see_again(db: sqlite3.Connection, made: _Made) -> None:
    """A version that says what it said: where it was seen, and from when to when."""
    best, version = made.version.best, made.version
    db.execute(
        "update version set number = ?, capture_id = ?, ordinal = ?, title = ?, issuer = ?, url = ?, first_seen = ?,"
        " last_seen = ? where id = ?",
        (version.number, best.capture_id, best.ordinal, *_named(version), best.url, version.first_seen,
         version.last_seen, made.id),
    )  # fmt: skip
    insert(db, "rendition", _renditions(made))


def _write_version(db: sqlite3.Connection, words: Words, report_id: str, made: _Made) -> Written:
    """All rows of a version; how much it holds."""
    report, cells, checks = parts(made.data)
    (position,) = db.execute("select coalesce(max(position), 0) + 1 from version").fetchone()
    insert(db, "version", [_version_row(report_id, made, report, position)])
    insert(db, "rendition", _renditions(made))
    compact.write(db, words, position, cells, checks)
    findings = (*report.findings, *made.version.findings)
    for table, rows in _contents(report, findings).items():
        insert(db, table, [(made.id, *row) for row in rows])
    return Written(1, len(cells.code), len(findings))


def _renditions(made: _Made) -> list[tuple[object, ...]]:
    seen = {(r.capture_id, r.ordinal): r.url for r in made.version.renditions}
    return [(made.id, *key, url) for key, url in seen.items()]


def _named(version: Version) -> tuple[str, str]:
    """The title and the issuer, from another rendition where the best one does not say them."""
    every = [version.best.head, *(rendition.head for rendition in version.renditions)]
    title = next((head.title for head in every if head.title), "")
    return title, next((head.issuer for head in every if head.issuer), "")


def _version_row(report_id: str, made: _Made, report: Report, position: int) -> tuple[object, ...]:
    version, best = made.version, made.version.best
    return (
        made.id,
        report_id,
        version.number,
        version.fingerprint,
        best.capture_id,
        *_named(version),
        best.url,
        report.year_from or "",
        _json(report.generations),
        _json(report.warnings),
        version.first_seen,
        version.last_seen,
        best.ordinal,
        made.content,
        position,
    )


def _contents(report: Report, findings: Sequence[Finding]) -> dict[str, list[tuple[object, ...]]]:
    """The rows of the tables below a version, without the version's id."""
    return {
        "finding": [(position, *finding_columns(finding)) for position, finding in enumerate(findings)],
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


def _json(value: Iterable[object] | dict[str, str]) -> str:
    plain = value if isinstance(value, dict) else list(value)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)
