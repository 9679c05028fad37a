"""What is kept beside a record so that it need not be unpacked: what a report says of itself, and what tells it apart."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from archive.rows import alike, inside
from archive.rows.records import pack, unpack
from archive.rows.reduced import prose
from parsers.records import Report, Scope, State

NAMES = "title issuer year scope numbers contradictions figures weight called sketch".split()
COLUMNS = ", ".join(f"d.{name}" for name in NAMES)
"""The columns of a row `d` of the table `record` that make a head."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one report as one capture shows it.

    `numbers` counts the cells that were read as numbers, `contradictions` the identities that fail. `figures` and
    `weight` are the mark of its numbers, `sketch` that of its text (archive.rows.alike), and `called` the names by which
    the text calls the body that reports (archive.rows.inside); they are empty for what is no report.
    """

    title: str | None
    issuer: str | None
    year: int | None
    scope: Scope | None
    numbers: int
    contradictions: int
    figures: str = ""
    weight: float = 0.0
    called: tuple[str, ...] = ()
    sketch: bytes = b""

    @classmethod
    def of(cls, report: Report) -> Head:
        """The head of a report."""
        numbers = [
            (f.code, f.value) for f in report.figures if f.state is State.NUMBER and f.value is not None
        ]
        failing = sum(not identity.holds for identity in report.identities)
        said = (report.title, report.issuer, report.year, report.scope, len(numbers), failing)
        if not report.is_report:
            return cls(*said)
        text = prose(report).replace("\n", "") if report.sections else ""
        mark = alike.mark((code, value) for code, value in numbers if code[:2] != "n_")
        return cls(*said, *mark, inside.said(report.text), alike.sketch(text).pack())

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> Head:
        """The head that a row of the table `record` holds."""
        scope, called = row["scope"], tuple(json.loads(row["called"]))
        said = (row["title"], row["issuer"], row["year"], None if scope is None else Scope(scope))
        counts = (row["numbers"], row["contradictions"])
        return cls(*said, *counts, row["figures"], row["weight"], called, row["sketch"])

    def row(self) -> tuple[object, ...]:
        """The values of `COLUMNS`."""
        said = (self.title, self.issuer, self.year, None if self.scope is None else self.scope.value)
        called = json.dumps(self.called, ensure_ascii=False)
        return (*said, self.numbers, self.contradictions, self.figures, self.weight, called, self.sketch)


def convert(db: sqlite3.Connection) -> None:
    """Fill the table `record` from the column `reading.record` of an older archive."""
    rows = db.execute("select capture_id, ordinal, record from reading where record is not null")
    for capture_id, ordinal, packed in rows:
        report = unpack(packed)
        row = (capture_id, ordinal, *Head.of(report).row(), pack(report))
        db.execute(f"insert into record values ({', '.join('?' * len(row))})", row)
