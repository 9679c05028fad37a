"""Is the archive still what was put into it? Every blob, every id, every reference, every view, the file itself.

A check can be taken in parts, one a night: the parts together look at everything, and at everything once. What is
damaged is named and never stops the rest from being looked at; `heal` takes it from another archive.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.care import readings
from archive.database import seals
from archive.database.blobs import replace
from archive.errors import ArchiveDamaged
from archive.ids import content_id

if TYPE_CHECKING:
    from archive.store import Archive

ALTERED = "what it says was altered after it was written; run `nianbao rebuild`"

VIEWS = {
    "v_reports": "body division year scope title url version first_seen last_seen report_id",
    "v_figures": "body year scope version code value state raw proof report_id",
    "v_findings": "body year scope version kind message codes",
    "v_fetches": "url outcome status at",
    "v_coverage": "body division year state evidence",
}
"""The views that everybody may rely on, with their columns."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the archive that does not hold: the table (or view, or file), the row's key, and what."""

    table: str
    key: str
    what: str

    @property
    def where(self) -> str:
        """The table and the key, as they are shown."""
        return f"{self.table} {self.key}".strip()


@dataclass(frozen=True, slots=True)
class Part:
    """The `number`-th of `of` parts of an archive, counted from 1."""

    number: int = 1
    of: int = 1

    @classmethod
    def parse(cls, text: str) -> Part:
        """`1/30` as a part; ValueError for what is none."""
        found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text)
        number, of = map(int, found.groups()) if found else (0, 0)
        if not 1 <= number <= of:
            raise ValueError(f"{text!r} is no part; the first of thirty is 1/30")
        return cls(number, of)

    @property
    def span(self) -> tuple[str, str]:
        """Where its hexadecimal ids begin, and before what they end."""
        first, last = (f"{-(-(n << 32) // self.of):08x}" for n in (self.number - 1, self.number))
        return first, last if self.number < self.of else "g"

    def holds(self, position: int) -> bool:
        """Whether the thing at this position of a list is looked at in this part."""
        return position % self.of == self.number - 1


WHOLE = Part()
Progress = Callable[[int, int], None]
"""Told how many blobs are checked, and of how many."""


def verify(archive: Archive, part: Part = WHOLE, progress: Progress | None = None) -> Iterator[Problem]:
    """Every way in which a part of the archive is not what it should be; nothing when all is well."""
    db = archive.db
    yield from _bad_blobs(archive, part, progress or (lambda done, total: None))
    for table, columns, make in _IDS:
        yield from _guarded(table, _false_ids(db, part, table, columns, make))
    for table, what, sql in _REFERENCES:
        yield from _guarded(table, _rows(db, part, table, what, sql))
    for table, what, owner in _NUMBERED:
        yield from _guarded(table, _numbered(db, part, table, what, owner))
    yield from _guarded("report", _altered(db, part))
    yield from _guarded("reading", _false_readings(db, part))
    for position, table in enumerate(_tables(db)):
        if part.holds(position):
            yield from _guarded(table, _structure(db, table))
    for position, (view, columns) in enumerate(VIEWS.items()):
        if part.holds(position):
            yield from _guarded(view, _view(db, view, columns))


def blobs_in(db: sqlite3.Connection, part: Part) -> int:
    """How many blobs lie in a part."""
    sql = "select count(*) from blob where sha256 >= ? and sha256 < ?"
    number: int = db.execute(sql, part.span).fetchone()[0]
    return number


def unnamed_blobs(db: sqlite3.Connection, part: Part) -> int:
    """How many blobs no fetch tells of: no damage, a merge that was cut short leaves them. Counted in the first part."""
    if part.number > 1:
        return 0
    sql = "select count(*) from blob where sha256 not in (select sha256 from fetch where sha256 is not null)"
    number: int = db.execute(sql).fetchone()[0]
    return number


def heal(archive: Archive, source: Archive, problems: list[Problem]) -> None:
    """Takes what is damaged or missing from another archive, and makes damaged indexes anew.

    What could be healed is seen by verifying again: a row that the other archive does not have, or has damaged as
    well, stays as it is.
    """
    if any(problem.what.startswith((_STRUCTURE, _UNREADABLE)) for problem in problems):
        with _not_stopped_by_damage(), archive.transaction() as db:
            db.execute("reindex")
    for problem in problems:
        with _not_stopped_by_damage(), archive.transaction() as db:
            if problem.table == "blob":
                _heal_blob(db, source, problem.key)
            elif problem.key:
                _heal_rows(db, source, problem)


# --- blobs ---


def _bad_blobs(archive: Archive, part: Part, progress: Progress) -> Iterator[Problem]:
    db = archive.db
    total = 0
    with _not_stopped_by_damage():
        total = blobs_in(db, part)
    done, sql = 0, "select sha256 from blob where sha256 >= ? and sha256 < ? order by sha256"
    try:
        for done, (sha256,) in enumerate(db.execute(sql, part.span), 1):
            yield from _guarded("blob", _blob(archive, sha256), sha256)
            progress(done, total)
    except sqlite3.DatabaseError as error:
        # The list of the blobs is damaged: those that were fetched are known by name.
        yield _unreadable("blob", "", error)
        sql = "select distinct sha256 from fetch where sha256 >= ? and sha256 < ? order by sha256"
        for (sha256,) in db.execute(sql, part.span):
            yield from _guarded("blob", _blob(archive, sha256), sha256)


def _blob(archive: Archive, sha256: str) -> Iterator[Problem]:
    try:
        archive.blob(sha256)
    except ArchiveDamaged as error:
        yield Problem("blob", sha256, str(error))


def _heal_blob(db: sqlite3.Connection, source: Archive, sha256: str) -> None:
    with _not_stopped_by_damage():
        replace(db, source.blob(sha256))


# --- rows ---

# Ids that follow from the other columns of their row.
Ids = tuple[tuple[str, str, Callable[..., str]], ...]
_DERIVED_IDS: Ids = (
    ("body", "division, name", content_id),
    ("report", "body_id, year, scope", content_id),
    ("version", "report_id, fingerprint", lambda *parts: content_id("version", *parts)),
)
_IDS: Ids = (
    ("request", "method, url, body", content_id),
    ("capture", "url, sha256", lambda *parts: content_id("capture", *parts)),
    ("link", "from_url, to_url, title", lambda *parts: content_id("link", *parts)),
    ("listing_page", "run_id, column_url, url, body", lambda *parts: content_id("listing", *parts)),
    ("host_event", "host, kind, run_id", lambda *parts: content_id("event", *parts)),
    *_DERIVED_IDS,
)
_IN_PART = "{0} >= ? and {0} < ?"
# What is derived: whose it is, the column that says so, and the tables with their keys.
_CHILDREN = ("rendition", "finding", "statement", "section", "extra_row")
_OWNED = (
    ("body", "body_id", {"report": "id", "coverage": "body_id"}),
    (
        "report",
        "report_id",
        {"version": "id", "reading": "capture_id", "event": "report_id", "likeness": "report_id"},
    ),
    ("version", "version_id", dict.fromkeys(_CHILDREN, "version_id")),
)
_REFERENCES = (
    (
        "fetch",
        "its blob is missing",
        f"select id, sha256 from fetch where {_IN_PART.format('id')} and sha256 is not null"
        " and not exists (select 1 from blob where blob.sha256 = fetch.sha256)",
    ),
    (
        "capture",
        "its blob is missing",
        f"select id, sha256 from capture where {_IN_PART.format('id')}"
        " and not exists (select 1 from blob where blob.sha256 = capture.sha256)",
    ),
    (
        "request",
        "is done, but no fetch answers it",
        f"select id from request where {_IN_PART.format('id')} and state = 'done' and not exists"
        " (select 1 from fetch where fetch.url = request.url and fetch.request_id = request.id)",
    ),
    *(
        (
            table,
            "its capture is missing",
            f"select {name} from {table} where {_IN_PART.format('capture_id')}"
            " and not exists (select 1 from capture c where c.id = capture_id)",
        )
        for table, name in (("reading", "capture_id"), ("version", "id"), ("rendition", "version_id"))
    ),
    (
        "record",
        "its reading is missing; run `nianbao rebuild`",
        f"select capture_id from record d where {_IN_PART.format('capture_id')} and not exists"
        " (select 1 from reading r where (r.capture_id, r.ordinal) = (d.capture_id, d.ordinal))",
    ),
    *(
        (
            table,
            f"its {owner} is missing; run `nianbao rebuild`",
            f"select distinct {key} from {table} where {_IN_PART.format(key)} and {column} is not null"
            f" and not exists (select 1 from {owner} o where o.id = {table}.{column})",
        )
        for owner, column, owned in _OWNED
        for table, key in owned.items()
    ),
)


def false_derived_ids(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """The table and id of every body, report and version whose id does not follow from it."""
    for table, columns, make in _DERIVED_IDS:
        for problem in _false_ids(db, WHOLE, table, columns, make):
            yield problem.table, problem.key


def _false_ids(
    db: sqlite3.Connection, part: Part, table: str, columns: str, make: Callable[..., str]
) -> Iterator[Problem]:
    sql = f"select id, {columns} from {table} where {_IN_PART.format('id')}"
    for identifier, *parts in db.execute(sql, part.span):
        if make(*parts) != identifier:
            yield Problem(table, identifier, "its content was altered: its id does not follow from it")


_OF_RUN = "of run "


def _altered(db: sqlite3.Connection, part: Part) -> Iterator[Problem]:
    """What was derived and is not what it was when it was written."""
    if not seals.is_sealed(db):
        return
    for table, identifier in seals.altered(db, span=part.span):
        yield Problem(table, identifier, ALTERED)
    if part.number > 1:
        return
    if seals.coverage_altered(db):
        yield Problem("coverage", "", ALTERED)
    for run_id in seals.runs_altered(db):
        yield Problem("fetch", _OF_RUN + run_id, "an answer was altered after it was kept; restore a copy")


def _false_readings(db: sqlite3.Connection, part: Part) -> Iterator[Problem]:
    for capture, what in readings.false(db, part.span):
        yield Problem("reading", capture, what)


def _rows(db: sqlite3.Connection, part: Part, table: str, what: str, sql: str) -> Iterator[Problem]:
    for identifier, *blob in db.execute(sql, part.span):
        yield Problem(table, identifier, " ".join([what, *(f"({sha256})" for sha256 in blob)]))


# Figures and identities have numbers for what they belong to: the version, and their words.
_NUMBERED = (
    ("cell", "version is", "version v where v.position = t.version"),
    ("cell", "code is", "cell_code c where c.id = t.code"),
    ("cell", "place is", "place p where p.id = t.place or typeof(t.place) <> 'integer'"),
    ("checked", "version is", "version v where v.position = t.version"),
    ("checked", "form is", "identity_form i where i.id = t.form"),
)


def _numbered(db: sqlite3.Connection, part: Part, table: str, what: str, owner: str) -> Iterator[Problem]:
    """Rows of a part of all versions, by their positions, of which something is missing."""
    (most,) = db.execute(f"select coalesce(max(version), 0) from {table}").fetchone()
    span = [most * number // part.of for number in (part.number - 1, part.number)]
    sql = f"select distinct version from {table} t where version > ? and version <= ? and not exists (select 1 from {owner})"
    for (position,) in db.execute(sql, span):
        yield Problem(table, f"of version {position}", f"its {what} missing; run `nianbao rebuild`")


def _heal_rows(db: sqlite3.Connection, source: Archive, problem: Problem) -> None:
    """The row as the other archive has it; for an answer that is missing, the fetches; for its blob, the blob."""
    if missing := re.search(r"\(([0-9a-f]{64})\)", problem.what):
        _heal_blob(db, source, missing[1])
        return
    if problem.table == "fetch" and problem.key.startswith(_OF_RUN):
        _copy(db, source, "fetch", "run_id", problem.key.removeprefix(_OF_RUN))
    elif problem.table == "request" and "no fetch" in problem.what:
        _copy(db, source, "fetch", "request_id", problem.key)
    elif problem.table in {table for table, _columns, _make in _IDS}:
        _copy(db, source, problem.table, "id", problem.key)


def _copy(db: sqlite3.Connection, source: Archive, table: str, column: str, key: str) -> None:
    rows = source.db.execute(f"select * from {table} where {column} = ?", (key,)).fetchall()
    for row in rows:
        names = ", ".join(row.keys())
        places = ", ".join("?" * len(row))
        db.execute(f"insert or replace into {table} ({names}) values ({places})", tuple(row))


# --- the file ---

_STRUCTURE = "the file is damaged there: "
_UNREADABLE = "cannot be read: "


def _tables(db: sqlite3.Connection) -> list[str]:
    sql = "select name from sqlite_master where type = 'table' order by name"
    return [row[0] for row in db.execute(sql)]


def _structure(db: sqlite3.Connection, table: str) -> Iterator[Problem]:
    """The b-trees of a table and its indexes."""
    for row in db.execute(f"pragma integrity_check({table})"):
        if row[0] != "ok":
            yield Problem(table, "", _STRUCTURE + row[0])


def _view(db: sqlite3.Connection, view: str, columns: str) -> Iterator[Problem]:
    cursor = db.execute(f"select * from {view}")
    found = [column[0] for column in cursor.description]
    if found != columns.split():
        yield Problem(view, "", f"has the columns {' '.join(found)}")
    for _row in cursor:
        pass


def _guarded(table: str, problems: Iterator[Problem], key: str = "") -> Iterator[Problem]:
    """The problems that a check finds; when it meets one that SQLite cannot read past, that is the last."""
    try:
        yield from problems
    except sqlite3.DatabaseError as error:
        yield _unreadable(table, key, error)


def _unreadable(table: str, key: str, error: sqlite3.DatabaseError) -> Problem:
    if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        raise error
    return Problem(table, key, f"{_UNREADABLE}{error}")


@contextmanager
def _not_stopped_by_damage() -> Iterator[None]:
    """Goes on when a row cannot be read or written because of what is damaged around it."""
    with suppress(sqlite3.DatabaseError, ArchiveDamaged):
        yield
