"""Hostile archives for `nianbao merge`: refused by name, with exit code 1, and nothing of ours is changed."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import zstandard

from archive.store import Archive
from benchmarks.attacks import Outcome, rig
from benchmarks.attacks.apart import run_apart

REFUSED, JOINED = (1,), (0, 1)
_LINK = "id, from_url, to_url, title, date, kind, decision, reason, source_id, first_seen, last_seen"
_ENDLESS = "with recursive c(x) as (select 1 union all select x + 1 from c)"
_DESTROYS = "~' union all select sha256, 1, 'raw', x'00' from main.blob where true on conflict (sha256) do update set size=1 --"
OWN = b"a page of ours"


@dataclass(frozen=True, slots=True)
class Hostile:
    """What is done to an empty archive before it is merged, and the exit codes that are documented for it."""

    name: str
    statements: Sequence[tuple[str, Sequence[object]]]
    codes: Sequence[int] = REFUSED


def _blob(name: str, size: int, encoding: str, data: bytes) -> tuple[str, Sequence[object]]:
    return "insert into blob values (?, ?, ?, ?)", (name, size, encoding, data)


def hostile_archives() -> list[Hostile]:
    """Every kind of archive."""
    packer = zstandard.ZstdCompressor(level=3).compressobj()
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(500)) + packer.flush()
    return [
        Hostile("SQL in the name of a blob", [_blob(_DESTROYS, 1, "raw", b"x")]),
        Hostile("a quotation mark in the name of a blob", [_blob("~'", 1, "raw", b"x")]),
        Hostile("bytes that are not those of their name", [_blob("ab" * 32, 5, "raw", b"wrong")]),
        Hostile("half a gigabyte of zeros", [_blob("00" * 32, 500_000_000, "zstd", bomb)]),
        Hostile("a size of 8 EB", [_blob("00" * 32, 2**63 - 1, "zstd", b"x")]),
        Hostile(
            "two blobs, each the base of the other",
            [
                _blob("aa" * 32, 10, "zstd:" + "bb" * 32, b"x"),
                _blob("bb" * 32, 10, "zstd:" + "aa" * 32, b"x"),
            ],
        ),
        Hostile(
            "a view that never ends",
            [
                ("drop table link", ()),
                (f"create view link({_LINK}) as {_ENDLESS} select x,1,2,3,4,5,6,7,8,9,10 from c", ()),
            ],
        ),
        Hostile(
            "a virtual table",
            [("drop table link", ()), (f"create virtual table link using fts5({_LINK})", ())],
        ),
        Hostile(
            "a computed column of a gigabyte",
            [
                ("drop table host", ()),
                (
                    "create table host(host, outcome, nights, until, at, run_id,"
                    " reason as (printf('%.*c', 1000000000, 'x')))",
                    (),
                ),
                ("insert into host values ('h', 'o', 1, 'u', 'a', 'r')", ()),
            ],
        ),
        Hostile(
            "a trigger",
            [("create trigger t after insert on blob begin delete from capture; end", ())],
            JOINED,
        ),
        Hostile(
            "a run of the year 9999",
            [("insert into run values (?, 'crawl', '', '9999-01-01T00:00:00Z', null, null)", ("0" * 16,))],
        ),
        Hostile("a column that is not there", [("alter table link drop column reason", ())]),
        Hostile("a table that is not there", [("drop table alarm", ())], JOINED),
        Hostile(
            "a schema of a later program",
            [
                (
                    "insert into _sqlite_migrations(migration_set, name, applied_at) values ('archive', 'm999', '2030')",
                    (),
                )
            ],
            JOINED,
        ),
    ]


def attacked(hostile: Hostile, folder: Path) -> Outcome:
    """One hostile archive, merged into one of ours."""
    ours, theirs = folder / "ours.db", folder / "theirs.db"
    for stem in (ours, theirs):
        for path in folder.glob(f"{stem.name}*"):
            path.unlink()
    Archive.open(ours).close()
    with closing(sqlite3.connect(ours, isolation_level=None)) as db:
        db.execute(*_blob(sha256(OWN).hexdigest(), len(OWN), "raw", OWN))
    before = _kept(ours)
    Archive.open(theirs).close()
    with closing(sqlite3.connect(theirs, isolation_level=None)) as db:
        for statement, values in hostile.statements:
            db.execute(statement, values)
    command = [sys.executable, "-m", "nianbao", "merge", theirs, "--db", ours, "--no-read"]
    outcome = run_apart(command).outcome(hostile.name, hostile.codes)
    if outcome.held and _kept(ours) != before:
        return Outcome(hostile.name, held=False, said="what we had was changed")
    return outcome


def _kept(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute("select * from blob").fetchall()


@rig("merge")
def merge(folder: Path) -> Iterator[Outcome]:
    """Every kind of hostile archive."""
    for hostile in hostile_archives():
        yield attacked(hostile, folder)
