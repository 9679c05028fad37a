"""What each state of the ledger says of the archive that it is derived from: checked row by row, in the archive's own tables."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from archive.derived import duty
from archive.derived.standing import Standing


@dataclass(frozen=True)
class Row:
    """A row of the coverage, with whose it is."""

    body_id: str
    kind: str
    name: str
    division: str
    year: int
    state: str
    evidence: str


_ROWS = """
select b.id, b.kind, b.name, b.division, c.year, c.state, c.evidence from coverage c join body b on b.id = c.body_id
"""


def broken(db: sqlite3.Connection) -> Iterator[tuple[Row, str]]:
    """Each row of the ledger whose sentence does not hold in this archive, with what is wrong."""
    today = db.execute("select substr(max(at), 1, 10) from fetch").fetchone()[0]
    for found in db.execute(_ROWS).fetchall():
        row = Row(*found)
        try:
            SENTENCES[Standing(row.state)](db, row, today)
        except AssertionError as error:
            yield row, str(error)


def has(db: sqlite3.Connection, sql: str, *values: object) -> bool:
    """Whether the archive has such a row."""
    return db.execute(f"select 1 from {sql}", values).fetchone() is not None


def address(text: str) -> str:
    """The address that evidence names."""
    match = re.search(r"https?://[^\s,)]+", text)
    assert match, "no address"
    return match[0]


def is_held(db: sqlite3.Connection, row: Row) -> bool:
    """Whether a report of the body on the year is held."""
    return has(db, "report where body_id = ? and year = ?", row.body_id, row.year)


def due(row: Row) -> duty.Duty | None:
    """What the law asks of the body."""
    scope = "area" if row.kind == "government" else "body"
    return duty.of(duty.who(row.kind, row.name, row.division), scope, row.year)


def found(db: sqlite3.Connection, row: Row, _today: str) -> None:
    assert is_held(db, row), "no report is held"
    sql = "version v join report r on r.id = v.report_id where r.body_id = ? and r.year = ? and v.url = ?"
    assert has(db, sql, row.body_id, row.year, address(row.evidence)), "no version has this address"


def late(db: sqlite3.Connection, row: Row, today: str) -> None:
    found(db, row, today)
    day = re.match(r"listed with the date (\d{4}-\d\d-\d\d): ", row.evidence)
    assert day, "no date"
    assert has(db, "link where to_url = ? and date = ?", address(row.evidence), day[1]), (
        "no listing has the date"
    )
    who = duty.who(row.kind, row.name, row.division)
    laws = [each for scope in ("area", "body") if (each := duty.of(who, scope, row.year))]
    sure = [each for each in laws if each.certainty == duty.SURE and each.law in row.evidence]
    assert any(each.late_after and day[1] > each.late_after.isoformat() for each in sure), "no sure law"


def withdrawn(db: sqlite3.Connection, row: Row, _today: str) -> None:
    assert is_held(db, row), "no report is held"
    assert re.match(r"(?:not listed|gone) since \d{4}-\d\d-\d\d: ", row.evidence), "no day"
    assert has(db, "capture where url = ?", address(row.evidence)), "no capture"


def unreadable(db: sqlite3.Connection, row: Row, _today: str) -> None:
    assert not is_held(db, row), "a report is held"
    assert has(db, "capture where url = ?", address(row.evidence)), "no capture"


def blocked(db: sqlite3.Connection, row: Row, _today: str) -> None:
    assert not is_held(db, row), "a report is held"
    outcome, url = row.evidence.split(": ", 1)
    assert has(db, "fetch where url = ? and outcome = ?", url, outcome), "no such fetch"


def not_due(db: sqlite3.Connection, row: Row, today: str) -> None:
    assert not is_held(db, row), "a report is held"
    law = due(row)
    if "outside its life" in row.evidence:
        assert row.body_id in row.evidence, "no body"
    else:
        assert law is None or law.day.isoformat() >= today, "its day is over"
        assert law is None or law.law in row.evidence, "no law"


def not_looked_for(db: sqlite3.Connection, row: Row, today: str) -> None:
    assert not is_held(db, row), "a report is held"
    law = due(row)
    if source := re.search(r"\(source ([^,)]+)", row.evidence):
        assert has(db, "source where id = ?", source[1]), "no such source"
    elif row.evidence.startswith("not looked for since "):
        capture_of_listing(db, row)
        night = re.search(r": on (\d{4}-\d\d-\d\d) ", row.evidence)
        assert night, "no night"
        assert law is None or night[1] <= law.day.isoformat(), "it was looked for since its day"
    elif "no source of it is known" in row.evidence:
        assert row.body_id in row.evidence, "no body"
    else:
        assert has(db, "link where to_url = ?", address(row.evidence)), "no link"


def not_found(db: sqlite3.Connection, row: Row, today: str) -> None:
    assert not is_held(db, row), "a report is held"
    listing = capture_of_listing(db, row)
    law = due(row)
    assert law, "no law"
    assert law.day.isoformat() < today, "its day is not over"
    if years := re.match(r"on (\S+) \S+ lists ([\d, ]+), not (\d{4})", row.evidence):
        assert years[1] > law.day.isoformat(), "not looked for since its day"
        assert int(years[3]) == row.year, "another year"
        assert str(row.year) not in years[2].split(", "), "the year is listed"
    else:
        outcome, rest = row.evidence.split(": ", 1)
        assert has(db, "fetch where url = ? and outcome = ?", address(rest), outcome), "no such fetch"
    healthy = """source_night s join run u on u.id = s.run_id join link l on l.source_id = s.source_id
        where s.problem = '' and l.from_url = ? and l.last_seen >= u.started_at"""
    assert has(db, healthy, listing), "no healthy night saw the listing"


def capture_of_listing(db: sqlite3.Connection, row: Row) -> str:
    """The address of the listing whose capture the evidence names."""
    sha = re.search(r"\(capture ([0-9a-f]{64})\)$", row.evidence)
    assert sha, "no capture"
    kept = db.execute("select url from capture where sha256 = ? and kind = 'listing'", [sha[1]]).fetchall()
    assert any(url in row.evidence for (url,) in kept), "the capture of no listing that is named"
    return next(url for (url,) in kept if url in row.evidence)


def not_published(db: sqlite3.Connection, row: Row, _today: str) -> None:
    assert not is_held(db, row), "a report is held"
    note = re.search(
        r"\(absence (\w+)\)(?:$|; on \S+ \S+ lists ([\d, ]+), not (\d{4}) \(capture )", row.evidence
    )
    assert note, "no note"
    if note[2]:
        capture_of_listing(db, row)
        assert int(note[3]) == row.year, "another year"
        assert str(row.year) not in note[2].split(", "), "the year is listed"
    assert has(db, "absence where id = ? and withdrawn = 0", note[1]), "no person says so"


SENTENCES: dict[Standing, Callable[[sqlite3.Connection, Row, str], None]] = {
    Standing.FOUND: found,
    Standing.LATE: late,
    Standing.WITHDRAWN: withdrawn,
    Standing.UNREADABLE: unreadable,
    Standing.BLOCKED: blocked,
    Standing.NOT_DUE: not_due,
    Standing.NOT_LOOKED_FOR: not_looked_for,
    Standing.NOT_FOUND: not_found,
    Standing.NOT_PUBLISHED: not_published,
}
