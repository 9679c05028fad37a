"""Damage in the real file is named, its exit code is 8, and another archive heals it."""

from __future__ import annotations

import itertools
import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from made import HOST, Country, inline, made_parse, says

from archive.care import fixity
from archive.care.fixity import Part
from archive.care.merge import merge
from archive.derived.derive import How
from archive.derived.rebuild import rebuild
from archive.errors import ArchiveDamaged
from archive.store import Archive
from nianbao.front.exits import Exit

PARTS = 7


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """An archive of forty pages too random to be packed, and a copy of it."""
    monkeypatch.setattr("archive.pool.run", inline)
    path, chance = tmp_path / "a.db", random.Random(1)
    country = Country(path)
    for number in range(40):
        text = "".join(chance.choices("政府信息公开工作年度报告", k=1500))
        country.shows(f"{HOST}/{number}.html", says(year=1980 + number, text=text))
    country.read()
    country.archive.db.execute("vacuum")
    country.archive.db.execute("pragma wal_checkpoint(truncate)")
    country.archive.close()
    shutil.copy(path, tmp_path / "copy.db")
    return path, tmp_path / "copy.db"


def blobs(path: Path) -> dict[str, bytes]:
    with closing(sqlite3.connect(path)) as db:
        return dict(db.execute("select sha256, data from blob"))


def flip(path: Path, offset: int) -> None:
    data = bytearray(path.read_bytes())
    data[offset] ^= 0x20
    path.write_bytes(data)


def wrong(ended: Any) -> list[str]:
    return [problem["where"] for problem in json.loads(ended.out)["problems"]]


def test_a_flipped_and_a_torn_blob_are_named_and_healed(
    nianbao: Callable[..., Any], kept: tuple[Path, Path]
) -> None:
    path, copy = kept
    flipped, torn, *_ = found = blobs(path)
    flip(path, path.read_bytes().index(found[flipped][40:200]) + 10)
    with closing(sqlite3.connect(path)) as db:
        db.execute("update blob set data = substr(data, 1, 700) where sha256 = ?", (torn,))
        db.commit()
    ended = nianbao("verify", "--db", path, "--json")
    assert ended.code == Exit.DAMAGED
    assert set(wrong(ended)) == {f"blob {flipped}", f"blob {torn}"}
    said = nianbao("verify", "--db", path, "--restore", copy)
    assert said.code == Exit.OK, said.out
    assert f"healed: blob {flipped}" in said.out
    assert "0 problems, 2 healed" in said.out
    assert blobs(path) == found
    assert nianbao("verify", "--db", path).code == Exit.OK


def test_what_the_copy_lacks_is_said(nianbao: Callable[..., Any], kept: tuple[Path, Path]) -> None:
    path, copy = kept
    first, second, *_ = blobs(path)
    for damaged in (path, copy):
        with closing(sqlite3.connect(damaged)) as db:
            db.execute("update blob set data = x'00' where sha256 = ?", (first,))
            db.commit()
    with closing(sqlite3.connect(path)) as db:
        db.execute("delete from blob where sha256 = ?", (second,))
        db.commit()
    ended = nianbao("verify", "--db", path, "--restore", copy, "--json")
    assert ended.code == Exit.DAMAGED
    assert wrong(ended) == [f"blob {first}"]
    assert len(json.loads(ended.out)["healed"]) == 2


def test_an_altered_address_is_found_and_healed(nianbao: Callable[..., Any], kept: tuple[Path, Path]) -> None:
    path, copy = kept
    with closing(sqlite3.connect(path)) as db:
        (link,) = db.execute("select id from link limit 1").fetchone()
        db.execute("update link set title = '年报 ' where id = ?", (link,))
        db.execute("update request set url = url || '?' where url like '%/7.html'")
        db.execute("delete from fetch where url like '%/9.html'")
        db.commit()
    ended = nianbao("verify", "--db", path, "--json")
    assert f"link {link}" in wrong(ended)
    # A link, a request by its id and by its answer, one whose answer is gone, and the run that brought it.
    assert len(wrong(ended)) == 5
    assert nianbao("verify", "--db", path, "--restore", copy).code == Exit.OK


ORPHANS = {
    "delete from version where id = :version": "cell rendition section",
    "delete from report where id = :report": "version reading likeness",
    "delete from body where id = :body": "report coverage",
    "delete from reading where report_id = :report": "record",
    "delete from cell_code where code = 'a'": "cell",
    "delete from place": "cell",
}
"""What is lost, and the tables in which rows are left that it belonged to."""


@pytest.mark.parametrize(("loss", "left"), ORPHANS.items())
def test_derived_rows_of_what_is_gone_are_named_and_rebuilt(
    nianbao: Callable[..., Any],
    kept: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    loss: str,
    left: str,
) -> None:
    path, _copy = kept
    with closing(sqlite3.connect(path)) as db:
        names = ("version", "report", "body")
        sql = "select v.id, r.id, r.body_id from version v join report r on r.id = v.report_id where r.year = 1990"
        db.execute(loss, dict(zip(names, db.execute(sql).fetchone(), strict=True)))
        db.commit()
    ended = nianbao("verify", "--db", path, "--json")
    problems = json.loads(ended.out)["problems"]
    assert ended.code == Exit.DAMAGED
    named = {problem["where"].split()[0] for problem in problems}
    # And the version or report of which something is gone does not say what it said.
    assert set(left.split()) <= named <= {*left.split(), "version", "report"}
    assert all("run `nianbao rebuild`" in problem["what"] for problem in problems)
    with Archive.open(path) as archive:
        in_parts = [
            problem.where for n in range(PARTS) for problem in fixity.verify(archive, Part(n + 1, PARTS))
        ]
        assert sorted(in_parts) == sorted(problem["where"] for problem in problems)
        rebuild(archive, How(parse=made_parse))
        assert list(fixity.verify(archive)) == []


def test_every_reference_of_the_tables_is_looked_at(kept: tuple[Path, Path]) -> None:
    with Archive.read_only(kept[0]) as archive:
        tables = [row[0] for row in archive.db.execute("select name from sqlite_master where type = 'table'")]
        keys = {
            (table, row[2])
            for table in tables
            for row in archive.db.execute(f"pragma foreign_key_list({table})")
        }
    looked = {(table, owner) for owner, _column, owned in fixity._OWNED for table in owned} | {
        ("capture", "blob")
    }
    assert keys <= looked


def test_a_blob_that_no_fetch_tells_of_is_told_and_no_damage(
    nianbao: Callable[..., Any], kept: tuple[Path, Path]
) -> None:
    """As a merge leaves them that was killed after the blobs; repeated, it brings the rest."""
    path, copy = kept
    half = path.with_name("half.db")
    Archive.open(half).close()
    with closing(sqlite3.connect(half)) as db:
        db.execute("attach ? as whole", [str(copy)])
        db.execute("insert into blob select * from whole.blob order by sha256 limit 3")
        db.commit()
    ended = nianbao("verify", "--db", half)
    assert ended.code == Exit.OK
    assert "3 blobs are whole, but no fetch tells of them" in ended.out
    merge(half, [copy])
    assert json.loads(nianbao("verify", "--db", half, "--json").out)["unnamed_blobs"] == 0


def test_the_parts_look_at_everything_once(kept: tuple[Path, Path]) -> None:
    path, _copy = kept
    with Archive.open(path) as archive:
        archive.db.execute("update blob set data = x'00'")
        archive.db.execute("update link set date = date, title = title || '?'")
        archive.db.execute("drop view v_coverage")
        archive.db.execute("pragma foreign_keys = off")
        archive.db.execute("delete from body")
        whole = sorted(problem.where for problem in fixity.verify(archive))
        parts = [
            problem.where for n in range(PARTS) for problem in fixity.verify(archive, Part(n + 1, PARTS))
        ]
    assert sorted(parts) == whole
    assert len(whole) > 80
    assert "v_coverage" in whole


def test_parts_share_the_ids_out() -> None:
    spans = [Part(n + 1, 30).span for n in range(30)]
    assert spans[0][0] == "00000000"
    assert all(end == begin for (_, end), (begin, _) in itertools.pairwise(spans))
    assert spans[-1][1] > "f" * 64


@pytest.mark.parametrize("text", ["0/30", "31/30", "1", "a/b", "1/0", "-1/3"])
def test_what_is_no_part(nianbao: Callable[..., Any], kept: tuple[Path, Path], text: str) -> None:
    ended = nianbao("verify", "--part", text, "--db", kept[0])
    assert ended.code == Exit.USAGE
    assert "1/30" in ended.err


def test_any_byte_may_be_flipped(nianbao: Callable[..., Any], kept: tuple[Path, Path]) -> None:
    """Whatever is flipped: no crash; and a blob that is not what it was is always named."""
    path, copy = kept
    good, chance, found = blobs(path), random.Random(2), 0
    in_blobs = [copy.read_bytes().index(data[:200]) + 100 for data in good.values()][:25]
    for offset in (*in_blobs, *(chance.randrange(path.stat().st_size) for _ in range(35))):
        path = copy.with_name(f"{offset}.db")
        shutil.copy(copy, path)
        flip(path, offset)
        ended = nianbao("verify", "--db", path, "--json")
        assert ended.code in (Exit.OK, Exit.DAMAGED), ended.err
        if ended.code == Exit.OK:
            assert intact(path, good)
        elif ended.out:
            found += 1
            assert all(sha256 in ended.out for sha256 in lost(path, good))
            assert nianbao("verify", "--db", path, "--restore", copy).code in (Exit.OK, Exit.DAMAGED)
    assert found > 10


def intact(path: Path, good: dict[str, bytes]) -> bool:
    return not lost(path, good)


def lost(path: Path, good: dict[str, bytes]) -> list[str]:
    """The blobs that cannot be had any more."""
    missing = []
    with Archive.read_only(path) as archive:
        for sha256 in good:
            try:
                archive.blob(sha256)
            except (ArchiveDamaged, sqlite3.DatabaseError):
                missing.append(sha256)
    return missing
