"""Everything derived made anew from the captures, in place of what was there: the old rows stand until all is done.

First every capture is read into tables beside (`rebuilt`), which a kill leaves for the next run to go on with. Then
one transaction throws the derived rows away and derives them from the new readings: a kill leaves the old ones.
"""

from __future__ import annotations

import sqlite3

from archive.derived import rereading
from archive.derived.derive import Counts, How, Progress, ReadResult, finish, parsed, records_of, rows_of
from archive.rows.compact import insert
from archive.store import Archive
from parsers import PARSER_VERSION

DERIVED = (
    "seal",
    "coverage",
    "likeness",
    "event",
    "extra_row",
    "section",
    "statement",
    "finding",
    "checked",
    "cell",
    "cell_code",
    "place",
    "identity_form",
    "rendition",
    "version",
    "report",
    "body",
    "reading",
    "record",
    "due",
    "reread",
)
"""The tables that are rebuilt, those first that point to others."""
_UNREAD = """
select id, url, sha256 from capture c where kind in ('document', 'attachment')
and not exists (select 1 from rebuilt r where r.capture_id = c.id and r.parser = ?) order by first_seen, url, id
"""
_COLUMNS = "capture_id, ordinal, parser, state, message, fingerprint, text_hash, figures_hash"


def rebuild(archive: Archive, how: How, progress: Progress | None = None) -> ReadResult:
    """Rebuilds what is derived; `read` gives the same rows, but those of other parsers are gone. Resumes after a kill."""
    counts = Counts()
    unread = archive.db.execute(_UNREAD, (PARSER_VERSION,)).fetchall()
    for batch in parsed(archive, unread, how, counts, progress):
        with archive.transaction() as db:
            for capture_id, found in batch:
                rereading.note(db, capture_id, PARSER_VERSION, [(r.state.value, r.record) for r in found])
                for table, rows in (("rebuilt", rows_of), ("rebuilt_record", records_of)):
                    db.execute(f"delete from {table} where capture_id = ?", (capture_id,))
                    insert(db, table, rows(capture_id, found))
    with archive.transaction() as db:
        _swap_readings(db)
        new = finish(archive)
    return counts.result(new)


def _swap_readings(db: sqlite3.Connection) -> None:
    for table in DERIVED:
        db.execute(f"delete from {table}")
    db.execute("delete from mark where name = 'fetch'")
    db.execute(f"insert into reading ({_COLUMNS}) select {_COLUMNS} from rebuilt")
    db.execute("insert into record select * from rebuilt_record")
    db.execute("delete from rebuilt")
    db.execute("delete from rebuilt_record")
