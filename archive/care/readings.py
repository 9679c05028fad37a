"""Do the readings of captures still say what their records say? Fingerprints and heads are made again from them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

import zstandard

from archive.ids import content_id
from archive.rows.heads import COLUMNS, NAMES, Head
from archive.rows.records import unpack
from archive.versions import figures_hash, fingerprint, text_hash
from parsers import PARSER_VERSION

# What an older parser read may have been reduced in another way.
_READINGS = f"""
select r.capture_id, r.ordinal, r.state, r.fingerprint, r.text_hash, r.figures_hash, {COLUMNS}, d.data
from reading r join record d on (d.capture_id, d.ordinal) = (r.capture_id, r.ordinal)
where r.capture_id >= ? and r.capture_id < ? and r.parser = ?
"""

_PLACES = """
select capture_id, parser, state, body_id, year, scope, report_id from reading where capture_id >= ? and capture_id < ?
"""
# Without a parser a capture is read anew.
_STATES = frozenset(("report", "not_report", "unreadable", "unplaced", "read", "dropped"))


def false(db: sqlite3.Connection, span: tuple[str, str]) -> Iterator[tuple[str, str]]:
    """The readings of a span of captures that do not follow from what is kept of them: the capture, and what is wrong."""
    for row in db.execute(_PLACES, span):
        if wrong := _misplaced(row):
            yield row["capture_id"], f"{wrong}; run `nianbao rebuild`"
    for row in db.execute(_READINGS, (*span, PARSER_VERSION)):
        if wrong := _wrong(row):
            yield row["capture_id"], f"{wrong}; run `nianbao rebuild`"


def _misplaced(row: sqlite3.Row) -> str:
    """What a reading says of itself that cannot be, whichever parser read it."""
    if row["state"] not in _STATES or not (row["parser"].isdecimal() or row["parser"] == ""):
        return "its state or its parser is none that there is"
    place = row["body_id"], row["year"], row["scope"]
    if row["report_id"] is None:
        return "it is of no report" if row["state"] == "report" or place != (None,) * 3 else ""
    return "" if content_id(*place) == row["report_id"] else "its report does not follow from its place"


def _wrong(row: sqlite3.Row) -> str:
    try:
        report = unpack(row["data"])
        made = (
            (fingerprint(report), text_hash(report), figures_hash(report)) if report.is_report else ("",) * 3
        )
        kept = (row["fingerprint"], row["text_hash"], row["figures_hash"])
        # Archives of before had no hashes of the text and of the figures.
        if any(old and old != new for old, new in zip(kept, made, strict=True)) or (made[0] and not kept[0]):
            return "its fingerprint does not follow from its record"
        head = Head.of(report).row()
    except (zstandard.ZstdError, ValueError, KeyError, TypeError, json.JSONDecodeError, MemoryError) as error:
        return f"its record cannot be unpacked ({type(error).__name__})"
    return "" if head == tuple(row[name] for name in NAMES) else "its head does not follow from its record"
