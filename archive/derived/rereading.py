"""What a newer parser reads differently in what was captured before: kept apart from what publishers change.

A capture never changes, so whatever differs between two readings of it is the parser's doing. It is written down
when the newer reading is kept, for the older one cannot be had again.
"""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from archive.csvs import safe
from archive.errors import Unwritable
from archive.outcomes import utc_now
from archive.rows.records import unpack
from parsers.records import Report, State

COLUMNS = ("body", "year", "scope", "url", "code", "old", "new", "old_parser", "new_parser", "at")
Difference = tuple[str, str, str]
"""A code (or `state`, `title`, `issuer`, `year`, `scope`, `text`), what was read, what is read now."""
_HEAD = ("title", "issuer", "year", "scope")


def differences(old: Report, new: Report) -> Iterator[Difference]:
    """Everything that two readings of one capture say differently, figure by figure."""
    for name in _HEAD:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield name, "" if before is None else str(before), "" if after is None else str(after)
    if old.text != new.text:
        yield "text", f"{len(old.text)} characters", f"{len(new.text)} characters"
    figures = [{f.code: f for f in reversed(report.figures)} for report in (old, new)]
    for code in sorted({*figures[0], *figures[1]}):
        shown = [
            _shown(found[code].state, found[code].value) if code in found else "(absent)" for found in figures
        ]
        if shown[0] != shown[1]:
            yield code, shown[0], shown[1]


def _shown(state: State, value: float | None) -> str:
    return f"({state.value})" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


_OLD = """
select r.ordinal, r.parser, r.state, d.data as record from reading r
left join record d on (d.capture_id, d.ordinal) = (r.capture_id, r.ordinal)
where r.capture_id = ? and r.state <> 'dropped'
"""
_KEEP = "insert into parser_change values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing"


def note(
    db: sqlite3.Connection, capture_id: str, parser: str, readings: list[tuple[str, bytes | None]]
) -> bool:
    """Writes down what differs from the readings that are kept now; `readings` are (state, record) by ordinal.

    Gives whether any are kept.
    """
    at = utc_now()
    known = db.execute(_OLD, (capture_id,)).fetchall()
    for row in known:
        ordinal = row["ordinal"]
        # A reading without a parser is done anew because more is known of the links to it.
        if not row["parser"]:
            continue
        state, record = readings[ordinal] if ordinal < len(readings) else ("dropped", None)
        if record == row["record"] and _is_report(state) == _is_report(row["state"]):
            continue
        found = list(_between(row["state"], row["record"], state, record))
        db.executemany(
            _KEEP,
            [(capture_id, ordinal, code, row["parser"], parser, old, new, at) for code, old, new in found],
        )
    return bool(known)


def _between(old_state: str, old: bytes | None, state: str, new: bytes | None) -> Iterator[Difference]:
    if _is_report(old_state) != _is_report(state):
        yield "state", old_state, "report" if _is_report(state) else state
    if old and new:
        yield from differences(unpack(old), unpack(new))


def _is_report(state: str) -> bool:
    return state in ("report", "read", "unplaced")


_CHANGED = """
select b.name as body, g.year, g.scope, c.url, p.code, p.old, p.new, p.old_parser, p.new_parser, p.at
from parser_change p join capture c on c.id = p.capture_id
left join reading g on g.capture_id = p.capture_id and g.ordinal = p.ordinal left join body b on b.id = g.body_id
where p.at >= ? order by b.name, g.year, g.scope, c.url, p.ordinal, p.code, p.at
"""


def count_since(db: sqlite3.Connection, since: str) -> int:
    """How much was read otherwise since a moment."""
    number: int = db.execute("select count(*) from parser_change where at >= ?", (since,)).fetchone()[0]
    return number


def write_report(db: sqlite3.Connection, since: str, path: Path) -> None:
    """The changes since a moment as CSV, complete or not at all."""
    fresh = path.with_name(path.name + ".new")
    try:
        with fresh.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow((*COLUMNS, "why"))
            for row in db.execute(_CHANGED, (since,)):
                again = row["old_parser"] == row["new_parser"]
                why = (
                    "read again by the same parser"
                    if again
                    else "a newer parser reads the same bytes otherwise"
                )
                writer.writerow([safe("" if cell is None else cell) for cell in (*row, why)])
        fresh.replace(path)
    except OSError as error:
        raise Unwritable(f"{path} could not be written ({error.strerror}); give another --report") from error
