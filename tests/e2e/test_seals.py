"""A derived row that was altered is named by verify and stops publish, whichever row it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest
from made import PAGE, TWIN, Country, inline, made_parse, says

from archive.care import fixity
from archive.database import seals
from archive.derived import derive
from archive.errors import ArchiveDamaged
from archive.publish import publish
from archive.store import Archive
from benchmarks.attacks.rot import flips


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """One report in two versions, read."""
    monkeypatch.setattr("archive.pool.run", inline)
    country = Country(tmp_path / "archive.db")
    country.shows(PAGE, says(values={"a": 1, "b": 2}), day=1)
    country.shows(PAGE, says(values={"a": 1, "b": 3}), day=5)
    country.shows(TWIN, says(values={"a": 1, "b": 3}), day=6)
    derive.read(country.archive, parse=made_parse)
    version = country.archive.db.execute("select id, report_id, position from version limit 1").fetchone()
    for sql in (
        "insert into finding (version_id, position, kind, message, codes) values (:id, 7, 'sum', 'x', '[]')",
        "insert into finding (version_id, position, kind, message, codes) values (:id, 1000, 'other', 'x', '[]')",
        "insert into statement values (:id, 7, 's', 8, '件', 'eight', 0, 1)",
        "insert into extra_row values (:id, 7, 't2', 'other', '[]', 'tr')",
        "insert into identity_form (name, codes) values ('i', '[]')",
        "insert into checked select :position, id, 1, 1, 1 from identity_form",
    ):
        country.archive.db.execute(sql, dict(version))
    seals.keep_versions(country.archive.db, [version["id"]])
    seals.keep_reports(country.archive.db, [version["report_id"]])
    return country.archive


ALTERED = {
    "a figure": "update cell set value = value + 1 where rowid_of",
    "a mark": "update cell set mark = mark + 1 where rowid_of",
    "the words of a figure": "update cell set raw = 'x' where rowid_of",
    "a code": "update cell_code set code = code || '_'",
    "a unit": "update cell_code set unit = '页'",
    "a kept page": "update blob set data = zeroblob(length(data))",
    "an outcome": "update fetch set outcome = 'gone'",
    "a fetch that is gone": "delete from fetch where rowid = 1",
    "an address that was captured": "update capture set url = url || '?' where rowid = 1",
    "a place": "update place set text = text || '2'",
    "an identity": "update checked set holds = 0",
    "the form of an identity": "update identity_form set name = 'j'",
    "a finding": "update finding set message = 'it adds up' where position = 7",
    "a finding across years": "update finding set kind = 'another' where position = 1000",
    "a statement": "update statement set value = 9",
    "a section": "update section set text = text || '.'",
    "a row of no form": "update extra_row set label = 'o'",
    "a rendition": "update rendition set url = url || 'x' where url like '%wap%'",
    "an event": "update event set evidence = evidence || 'x'",
    "a title": "update version set title = 'x' where number = 1",
    "a date": "update version set last_seen = '2020-01-01T00:00:00Z' where number = 1",
    "a year": "update report set year = year - 1",
    "a name": "update body set name = name || 'x'",
    "a coverage": "update coverage set state = 'withdrawn'",
    "a row that is gone": "delete from section",
    "a digest": "update seal set digest = x'00'",
    "a digest that is gone": "delete from seal where id in (select id from version)",
    "bytes that are no text": "update section set text = cast(x'e4b8ff' as text)",
}


@pytest.mark.parametrize("name", ALTERED)
def test_what_was_altered_is_named_and_not_published(name: str, archive: Archive, tmp_path: Path) -> None:
    assert list(fixity.verify(archive)) == []
    with archive.transaction() as db:
        db.execute("pragma defer_foreign_keys = on")
        changed = db.execute(ALTERED[name].replace(" where rowid_of", "")).rowcount
    assert changed > 0
    assert list(fixity.verify(archive)) != []
    with pytest.raises(ArchiveDamaged):
        publish(archive.path, tmp_path / "public")
    assert not (tmp_path / "public" / "nianbao.db").exists()


def test_what_was_not_altered_is_published(archive: Archive, tmp_path: Path) -> None:
    assert publish(archive.path, tmp_path / "public").versions == 2


def test_a_reading_that_does_not_follow_from_its_record_is_named(archive: Archive) -> None:
    archive.db.execute("update reading set fingerprint = 'x' where ordinal = 0")
    archive.db.execute("update record set numbers = 77")
    named = [problem.what for problem in fixity.verify(archive) if problem.table == "reading"]
    assert set(named) == {"its fingerprint does not follow from its record; run `nianbao rebuild`"}
    archive.db.execute("update record set data = x'00'")
    assert any("cannot be unpacked" in problem.what for problem in fixity.verify(archive))


def test_a_version_that_is_seen_again_keeps_its_digest(archive: Archive, tmp_path: Path) -> None:
    """What was altered does not become right because its report is written anew."""
    archive.db.execute("update cell set value = 77")
    country = Country(archive.path)
    country.shows(PAGE, says(values={"a": 1, "b": 3}), day=9)
    derive.read(archive, parse=made_parse)
    with pytest.raises(ArchiveDamaged, match="was altered after it was kept or derived"):
        publish(archive.path, tmp_path / "public")


def test_the_command_ends_with_damaged(nianbao: Callable[..., Any], archive: Archive, tmp_path: Path) -> None:
    archive.db.execute("update cell set value = 77")
    ended = nianbao("publish", "--db", archive.path, "--out", tmp_path / "public")
    assert ended.code == 8
    assert "was altered after it was kept or derived" in ended.err
    ended = nianbao("verify", "--db", archive.path)
    assert ended.code == 8
    assert "version " in ended.out


MISPLACED = {
    "a state": "update reading set state = 'repo2t'",
    "a parser": "update reading set parser = 'r2'",
    "a year": "update reading set year = year + 16",
    "a body": "update reading set body_id = '0' || substr(body_id, 2) where body_id not like '0%'",
    "a scope": "update reading set scope = 'bodx'",
    "no report": "update reading set report_id = null",
    "another report": "update reading set report_id = '0' || substr(report_id, 2) where report_id not like '0%'",
}


@pytest.mark.parametrize("name", MISPLACED)
def test_a_reading_whose_place_was_altered_is_named(name: str, archive: Archive) -> None:
    with archive.transaction() as db:
        assert db.execute(MISPLACED[name]).rowcount
    assert "reading" in {problem.table for problem in fixity.verify(archive)}


def test_the_bytes_that_are_turned_over_are_of_rows(archive: Archive, tmp_path: Path) -> None:
    archive.db.execute("pragma wal_checkpoint(truncate)")
    archive.close()
    sound = tmp_path / "archive.db"
    for number, flip in enumerate(flips(sound, 20, Random(1))):
        data = bytearray(sound.read_bytes())
        data[flip.offset] ^= flip.turn
        path = tmp_path / f"{number}.db"
        path.write_bytes(data)
        assert rows(path, flip.table) != rows(sound, flip.table), str(flip)


def rows(path: Path, table: str) -> str:
    try:
        with closing(sqlite3.connect(path)) as db:
            return repr(db.execute(f"select * from {table}").fetchall())
    except sqlite3.DatabaseError as error:
        return str(error)
