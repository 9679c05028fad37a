"""An archive of an older version: opened, it is one of this version, with all that was in it, or it is as it was."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import zstandard
from made import PAGE, made_parse, report, says

from archive.care import fixity
from archive.database.blobs import pack
from archive.database.lean import Database
from archive.database.schema import migrations
from archive.derived import derive
from archive.errors import ArchiveDamaged
from archive.ids import blob_id, content_id
from archive.publish import publish
from archive.store import Archive
from archive.versions import fingerprint
from parsers import PARSER_VERSION

FIGURES = [
    ("a", 1, "number", "1", "", "unproven", "td"),
    ("b", 2, "number", "２", "", "proven", "td"),
    ("c", 2.5, "number", "2.5", "万元", "contradicted", "page 1 10.0,20.0,30.0,40.0"),
    ("d", None, "blank", "", "件", "unproven", "table[1]/tr[2]/td[3]"),
    ("e", None, "dash", "—", "件", "proven", "table[1]/tr[2]/td[4]"),
]
IDENTITIES = [("T3-I1:a", 1, 3, 3, '["a", "b"]'), ("T3-I1:b", 0, 2.5, 3, '["c", "d"]')]


def first(path: Path) -> None:
    """An archive of the first version, with a run."""
    with closing(sqlite3.connect(path)) as db, db:
        migrations.apply(Database(db), stop_before="m002_nights")
        db.execute("insert into run (id, command, started_at) values ('r', 'crawl', '2026-01-01T00:00:00Z')")


def wordy(path: Path) -> None:
    """An archive whose figures and identities are rows of words, and whose readings hold their records."""
    said = says(values={"a": 1, "b": 2}, text="本报告由获嘉县公安局编制。")
    data, read, at = json.dumps(said).encode(), report(said), "2023-03-01T00:00:00Z"
    sha256, fields = blob_id(data), read.as_dict()
    capture, page = content_id("capture", PAGE, sha256), fingerprint(read)
    body = content_id("410724", "获嘉县人民政府")
    of = content_id(body, 2022, "area")
    version = content_id("version", of, page)
    record = zstandard.ZstdCompressor().compress(json.dumps(fields).encode())
    with closing(sqlite3.connect(path)) as db, db:
        migrations.apply(Database(db), stop_before="m007_compact")
        db.execute("insert into run (id, command, started_at) values ('r', 'crawl', ?)", (at,))
        db.execute("insert into blob values (?, ?, ?, ?)", (sha256, len(data), *pack(data)))
        db.execute(
            "insert into capture values (?, ?, ?, 'document', '', ?, ?)", (capture, PAGE, sha256, at, at)
        )
        fetch = [content_id("fetch"), content_id("GET", PAGE, ""), "r", PAGE, PAGE, "document", "", at, "ok"]
        db.execute(
            f"insert into fetch values ({', '.join('?' * 9)}, 200, '', '{{}}', 1, ?, 1)", [*fetch, sha256]
        )
        db.execute("insert into body values (?, '获嘉县人民政府', '410724', 'government')", (body,))
        db.execute("insert into report values (?, ?, 2022, 'area')", (of, body))
        db.execute(
            "insert into reading values (?, 0, ?, 'report', '', ?, 2022, 'area', ?, ?, ?, '', '')",
            (capture, PARSER_VERSION, body, of, page, record),
        )
        row = [version, of, 1, page, capture, said["title"], "获嘉县", PAGE, "", "{}", "[]", at, at]
        db.execute(f"insert into version values ({', '.join('?' * 13)})", row)
        db.execute("insert into rendition values (?, ?, 0, ?)", (version, capture, PAGE))
        db.executemany(f"insert into figure values ('{version}', ?, ?, ?, ?, ?, ?, ?)", FIGURES)
        db.executemany(f"insert into identity values ('{version}', ?, ?, ?, ?, ?)", IDENTITIES)
        db.execute("insert into likeness values (?, ?, 'x', 1.0, x'00')", (of, version))


def test_words_become_numbers_and_say_the_same(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    wordy(path)
    with Archive.open(path) as archive:
        figures = archive.db.execute(
            "select code, value, state, raw, unit, proof, place from figure order by code"
        )
        assert [tuple(row) for row in figures] == FIGURES
        identities = archive.db.execute("select id, holds, left, right, codes from identity order by id")
        assert [tuple(row) for row in identities] == IDENTITIES
        seen = archive.db.execute("select body, code, value from v_figures where code = 'c'").fetchall()
        assert [tuple(row) for row in seen] == [("获嘉县人民政府", "c", 2.5)]
        assert [
            tuple(row) for row in archive.db.execute("select ordinal, issuer, numbers, called from record")
        ] == [(0, "获嘉县", 2, '["获嘉县公安局", "本报告由获嘉县公安局编制。"]')]
        assert archive.db.execute("select count(*) from likeness where figures <> 'x'").fetchone()[0] == 1
        assert list(fixity.verify(archive)) == []
    assert publish(path, tmp_path / "out").figures == len(FIGURES)


def test_an_older_archive_is_not_published_before_it_is_opened(tmp_path: Path) -> None:
    wordy(tmp_path / "archive.db")
    with pytest.raises(ArchiveDamaged, match="older version; run `nianbao status`"):
        publish(tmp_path / "archive.db", tmp_path / "out")


def test_what_was_read_is_not_read_again_and_a_newer_reading_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.pool.run", lambda work, items, **_: ((each, work(each)) for each in items))
    path = tmp_path / "archive.db"
    wordy(path)
    with Archive.open(path) as archive:
        assert derive.read(archive, parse=made_parse).read == 0
        assert derive.read(archive, parse=made_parse, all=True).read == 1
        assert archive.db.execute("select count(*) from parser_change").fetchone()[0] == 0
        assert [row[0] for row in archive.db.execute("select code from figure order by 1")] == ["a", "b"]
        assert list(fixity.verify(archive)) == []


@pytest.mark.parametrize(("old", "stride"), [(first, 23), (wordy, 17)])
def test_a_migration_that_is_interrupted_anywhere_leaves_the_old_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: Callable[[Path], None], stride: int
) -> None:
    """Stopped at every so manieth step of the migration: the archive is as it was, and the next opener migrates it."""
    old(tmp_path / "old.db")
    before = dump(tmp_path / "old.db")
    stopped = 0
    for allowed in range(0, 100_000, stride):
        path = tmp_path / "a.db"
        shutil.copy(tmp_path / "old.db", path)
        left = iter(range(allowed))

        def refuse(*_: object, left: Iterator[int] = left) -> int:
            return sqlite3.SQLITE_DENY if next(left, None) is None else sqlite3.SQLITE_OK

        def migrate(db: Database, refuse: object = refuse) -> None:
            db.conn.set_authorizer(refuse)
            try:
                migrations.apply(db)
            finally:
                db.conn.set_authorizer(None)

        with monkeypatch.context() as patched:
            patched.setattr("archive.database.connection._migrate", migrate)
            try:
                Archive.open(path).close()
                break
            except sqlite3.DatabaseError:
                stopped += 1
        assert dump(path) == before
    assert stopped > 20
    with Archive.open(path) as archive:
        assert archive.db.execute("select count(*) from run").fetchone()[0] == 1
        assert list(fixity.verify(archive)) == []


def dump(path: Path) -> list[str]:
    """All that is in an archive."""
    with closing(sqlite3.connect(path)) as db:
        return list(db.iterdump())
