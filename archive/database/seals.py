"""Digests of what was derived, made as it was written: a byte that changes later is seen before it is published.

What a version says never changes and has a digest of its own; the little that does change of a report (where and when
it was seen, its events, what other reports say of it) has another. They are made of words and not of the numbers that
stand for them in a file: an archive, its rebuilt twin and its publication agree on them.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

FIRST_ACROSS = 1000
"""The position of the first finding that one report alone does not give (archive.derived.across)."""
COVERAGE = "coverage"
"""The id of the digest of that table."""
TOGETHER = 200
"""So many reports are looked at in one go."""

TABLES = """
create table seal (id text primary key, digest blob not null) strict, without rowid;
create table fetch_seal (run_id text primary key, digest blob not null) strict, without rowid;
"""
"""Digests by the id of a version or a report; and of the fetches of each run."""


def _line(table: str, *columns: str) -> str:
    """SQL for a row as bytes: no two rows run together, and no text has to be one."""
    return f"cast('{table} ' || " + " || ',' || ".join(f"quote({column})" for column in columns) + " as blob)"


_VERSIONS = "from json_each(:ids) i cross join {schema}.version v on v.id = i.value"
_REPORTS = "from json_each(:ids) i cross join {schema}.report r on r.id = i.value"
_OF_VERSION = "cross join {schema}.%s t on t.version_id = v.id"
_OF_REPORT = "cross join {schema}.version v on v.report_id = r.id"


def _owned(table: str, *columns: str, which: str = "true") -> str:
    line = _line(table, *(f't."{column}"' for column in columns))
    return f"select v.id, {line} {_VERSIONS} {_OF_VERSION % table} where {which}"


_FINDING = ("kind", "severity", "message", "message_zh", "codes", "values")
_FOUND = tuple(f't."{name}"' for name in _FINDING)
_OF_A_VERSION = (
    f"select v.id, {_line('version', 'v.report_id', 'v.fingerprint', 'v.year_from', 'v.generations', 'v.warnings')}"
    f" {_VERSIONS}",
    f"select v.id, {_line('cell', 'c.code', 'c.unit', 't.value', 't.mark', 't.raw', 'coalesce(p.text, t.place)')}"
    f" {_VERSIONS} cross join {{schema}}.cell t on t.version = v.position left join {{schema}}.cell_code c on c.id = t.code"
    " left join {schema}.place p on p.id = t.place",
    f"select v.id, {_line('checked', 'n.name', 'n.codes', 't.holds', 't.left', 't.right')} {_VERSIONS}"
    " cross join {schema}.checked t on t.version = v.position left join {schema}.identity_form n on n.id = t.form",
    _owned("finding", "position", *_FINDING, which=f"t.position < {FIRST_ACROSS}"),
    _owned("statement", "position", "code", "value", "unit", "text", "start", "end"),
    _owned("section", "position", "number", "title", "text"),
    _owned("extra_row", "position", "table", "label", "cells", "place"),
)
_SEEN = ("number", "capture_id", "title", "issuer", "url", "first_seen", "last_seen")
_OF_A_REPORT = (
    f"select r.id, {_line('report', 'r.year', 'r.scope', 'b.id', 'b.name', 'b.division', 'b.kind')} {_REPORTS}"
    " left join {schema}.body b on b.id = r.body_id",
    f"select r.id, {_line('version', 'v.id', *(f'v.{name}' for name in _SEEN))} {_REPORTS} {_OF_REPORT}",
    f"select r.id, {_line('rendition', 'v.id', 't.capture_id', 't.ordinal', 't.url')} {_REPORTS} {_OF_REPORT}"
    f" {_OF_VERSION % 'rendition'}",
    f"select r.id, {_line('finding', 'v.id', 't.position', *_FOUND)} {_REPORTS} {_OF_REPORT}"
    f" {_OF_VERSION % 'finding'} where t.position >= {FIRST_ACROSS}",
    "select r.id, "
    + _line(
        "event", *(f"t.{name}" for name in "at url class capture_id ordinal before version evidence".split())
    )
    + f" {_REPORTS} cross join {{schema}}.event t on t.report_id = r.id",
)


def of_versions(db: sqlite3.Connection, ids: Sequence[str], schema: str = "main") -> dict[str, bytes]:
    """The digest of each of these versions, as its rows are now."""
    return _digests(db, _OF_A_VERSION, ids, schema)


def of_reports(db: sqlite3.Connection, ids: Sequence[str], schema: str = "main") -> dict[str, bytes]:
    """The digest of each of these reports, without what its versions say."""
    return _digests(db, _OF_A_REPORT, ids, schema)


def _digests(
    db: sqlite3.Connection, parts: Iterable[str], ids: Sequence[str], schema: str
) -> dict[str, bytes]:
    lines: defaultdict[str, list[bytes]] = defaultdict(list)
    for part in parts:
        for owner, line in db.execute(part.format(schema=schema), {"ids": json.dumps(ids)}):
            lines[owner].append(line)
    return {owner: _digest(found) for owner, found in lines.items()}


def _digest(lines: list[bytes]) -> bytes:
    lines.sort()
    sizes = b" ".join(b"%d" % len(line) for line in lines)
    return hashlib.sha256(b"\n".join((sizes, *lines))).digest()[:16]


_KEEP = "insert into seal values (?, ?) on conflict (id) do update set digest = excluded.digest"


def keep_versions(db: sqlite3.Connection, ids: Sequence[str]) -> None:
    """Writes the digests of versions that were just written, inside the caller's transaction."""
    db.executemany(_KEEP, of_versions(db, ids).items())


def keep_reports(db: sqlite3.Connection, ids: Sequence[str]) -> None:
    """Writes the digests of reports of which something was just written."""
    db.executemany(_KEEP, of_reports(db, ids).items())


def keep_coverage(db: sqlite3.Connection) -> None:
    """Writes the digest of the whole table `coverage`, which is made as a whole."""
    db.execute(_KEEP, (COVERAGE, of_coverage(db)))


def of_coverage(db: sqlite3.Connection, schema: str = "main") -> bytes:
    """The digest of the table `coverage` as it is now."""
    digest = hashlib.sha256()
    line = _line("coverage", "body_id", "year", "state", "evidence")
    for (row,) in db.execute(f"select {line} from {schema}.coverage order by body_id, year"):
        digest.update(row + b"\n")
    return digest.digest()[:16]


def is_sealed(db: sqlite3.Connection, schema: str = "main") -> bool:
    """Whether there are digests at all: an archive that something else filled has none, and proves nothing."""
    return db.execute(f"select 1 from {schema}.seal limit 1").fetchone() is not None


def forget(db: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Takes the digests of what is gone away."""
    db.executemany("delete from seal where id = ?", [(each,) for each in ids])


def keep_all(db: sqlite3.Connection) -> None:
    """Writes the digests of an archive that has none yet: what it holds now is what is believed."""
    for ids in _batches(db, "select id from report order by id"):
        keep_reports(db, ids)
    for ids in _batches(db, "select id from version order by position"):
        keep_versions(db, ids)
    if db.execute("select 1 from coverage limit 1").fetchone() is not None:
        keep_coverage(db)
    keep_fetches(db)


def altered(
    db: sqlite3.Connection, schema: str = "main", sealed: str = "main", span: tuple[str, str] = ("", "g")
) -> Iterator[tuple[str, str]]:
    """The table and id of every version and report in `schema` that is not what it was when it was written.

    The digests are those of the schema `sealed`; `span` is where the ids of the reports begin, and before what they end.
    """
    every = (
        ("report", f"select id from {schema}.report where id >= ? and id < ? order by id", of_reports),
        (
            "version",
            f"select id from {schema}.version where report_id >= ? and report_id < ? order by position",
            of_versions,
        ),
    )
    for table, sql, digests in every:
        for ids in _batches(db, sql, span):
            now = digests(db, ids, schema)
            kept = dict(db.execute(_KEPT.format(schema=sealed), {"ids": json.dumps(ids)}))
            yield from ((table, each) for each in ids if now.get(each) != kept.get(each) or each not in kept)


def coverage_altered(db: sqlite3.Connection, schema: str = "main", sealed: str = "main") -> bool:
    """Whether the table `coverage` in `schema` is not what it was when it was written."""
    kept = db.execute(f"select digest from {sealed}.seal where id = ?", (COVERAGE,)).fetchone()
    if kept is None:
        return db.execute(f"select 1 from {schema}.coverage limit 1").fetchone() is not None
    return bool(kept[0] != of_coverage(db, schema))


_KEPT = "select s.id, s.digest from json_each(:ids) i cross join {schema}.seal s on s.id = i.value"


def _batches(db: sqlite3.Connection, sql: str, values: Sequence[str] = ()) -> Iterator[list[str]]:
    found = db.execute(sql, values)
    while rows := found.fetchmany(TOGETHER):
        yield [str(row[0]) for row in rows]


# --- fetches ---

# A fetch never changes. The digest of a run is the sum of those of its fetches, so that each new one is added to it.
_FETCH = "id request_id run_id url final_url kind source_id at outcome status reason headers size sha256 elapsed_ms"
FETCH_LINE = _line("fetch", *_FETCH.split())
FETCH_COLUMNS = tuple(_FETCH.split())
_MODULUS = 1 << 128
_ADD = "insert into fetch_seal values (?, ?) on conflict (run_id) do update set digest = excluded.digest"
_SOME_FETCHES = f"select run_id, {FETCH_LINE} from fetch where id in (select value from json_each(?))"


def add_fetches(db: sqlite3.Connection, ids: Sequence[str], sign: int = 1) -> None:
    """Adds fetches that were just written to the digests of their runs; with `sign` -1 takes them off before."""
    for start in range(0, len(ids), TOGETHER):
        sums = _sums(db.execute(_SOME_FETCHES, (json.dumps(ids[start : start + TOGETHER]),)))
        for run_id, number in sums.items():
            row = db.execute("select digest from fetch_seal where run_id = ?", (run_id,)).fetchone()
            before = int.from_bytes(row[0], "big") if row else 0
            db.execute(_ADD, (run_id, ((before + sign * number) % _MODULUS).to_bytes(16, "big")))


def keep_fetches(db: sqlite3.Connection) -> None:
    """Writes the digests of all fetches as they are now, where they came another way than one by one."""
    db.execute("delete from fetch_seal")
    sums = _sums(db.execute(f"select run_id, {FETCH_LINE} from fetch"))
    db.executemany(_ADD, [(run_id, number.to_bytes(16, "big")) for run_id, number in sums.items()])


def runs_altered(db: sqlite3.Connection, schema: str = "main") -> list[str]:
    """The runs whose fetches are not what they were when they were kept."""
    now = _sums(db.execute(f"select cast(run_id as blob), {FETCH_LINE} from {schema}.fetch"))
    kept = {
        run_id: int.from_bytes(digest, "big")
        for run_id, digest in db.execute(f"select cast(run_id as blob), digest from {schema}.fetch_seal")
    }
    both = {*now, *kept}
    return sorted(_run(each) for each in both if now.get(each, 0) != kept.get(each, 0))


def _run(name: str | bytes) -> str:
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else name


def _sums(rows: Iterable[Sequence[Any]]) -> dict[Any, int]:
    sums: dict[Any, int] = {}
    for run_id, line in rows:
        number = int.from_bytes(hashlib.blake2b(line, digest_size=16).digest(), "big")
        sums[run_id] = (sums.get(run_id, 0) + number) % _MODULUS
    return sums
