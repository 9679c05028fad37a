"""Pages of one host share their frame on the disk, too, and every one of them comes back to the byte."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from archive.care import fixity
from archive.database.blobs import LARGEST_BASE, Base, finder, is_sound, pack, unpack
from archive.errors import ArchiveDamaged
from archive.ids import blob_id
from archive.outcomes import Fetch, FrontierRequest, Outcome, RequestKind
from archive.store import Archive

CHANCE = random.Random(3)
FRAMES = [
    "".join(f"<li><a href='/{CHANCE.randrange(10**9)}/'>栏目</a></li>" for _ in range(300)) for _ in range(2)
]


def page(number: int, frame: int = 0) -> bytes:
    return f"<html><ul>{FRAMES[frame]}</ul><h1>{number}年政府信息公开工作年度报告</h1></html>".encode()


def keep(archive: Archive, name: str, body: bytes, *, kind: RequestKind = RequestKind.DOCUMENT) -> str:
    asked = FrontierRequest(f"http://{name}", kind)
    at = f"2026-01-01T00:00:{archive.db.execute('select count(*) from fetch').fetchone()[0]:02}Z"
    archive.complete(asked.id, Fetch(asked.id, "r", asked.url, kind, Outcome.OK, at), body)
    return blob_id(body)


def encodings(archive: Archive) -> dict[str, str]:
    return dict(map(tuple, archive.db.execute("select sha256, encoding from blob")))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.open(tmp_path / "a.db")


def test_pages_of_a_host_are_packed_upon_its_first(archive: Archive) -> None:
    bodies = {keep(archive, f"a.cn/{n}", page(n)): page(n) for n in range(2000, 2010)}
    first, *others = bodies
    found = encodings(archive)
    assert found.pop(first) == "zstd"
    assert found == dict.fromkeys(others, f"zstd:{first}")
    assert {sha256: archive.blob(sha256) for sha256 in bodies} == bodies
    small, large = (
        archive.db.execute("select length(data) from blob where sha256 = ?", (sha256,)).fetchone()[0]
        for sha256 in (others[0], first)
    )
    assert small * 10 < large
    with Archive.open(archive.path) as opened:
        keep(opened, "a.cn/again", page(1999))
        assert encodings(opened)[blob_id(page(1999))] == f"zstd:{first}"
        assert list(fixity.verify(opened)) == []


def test_a_relaunched_host_gets_a_new_base(archive: Archive) -> None:
    old = keep(archive, "a.cn/1", page(1))
    new = keep(archive, "a.cn/2", page(2, frame=1))
    third = keep(archive, "a.cn/3", page(3, frame=1))
    assert encodings(archive) == {old: "zstd", new: "zstd", third: f"zstd:{new}"}


def test_what_shares_nothing_is_packed_alone(archive: Archive) -> None:
    shas = [
        keep(archive, "a.cn/1", page(1)),
        keep(archive, "b.cn/1", page(2)),
        keep(archive, "a.cn/list", page(3), kind=RequestKind.LISTING),
        keep(archive, "a.cn/4.txt", b"text " * 1000),
        keep(archive, "a.cn/5.pdf", b"%PDF" + CHANCE.randbytes(5000)),
    ]
    assert [encodings(archive)[sha256] for sha256 in shas] == ["zstd"] * 4 + ["raw"]


def test_too_large_a_page_is_no_base(archive: Archive) -> None:
    keep(archive, "a.cn/1", b"<html>" + bytes(LARGEST_BASE))
    keep(archive, "a.cn/2", b"<html>" + bytes(LARGEST_BASE - 7))
    assert archive.db.execute("select count(*) from base").fetchone()[0] == 1


def test_a_base_that_was_never_committed_is_not_built_upon(archive: Archive) -> None:
    archive.db.execute("begin immediate")
    keep(archive, "a.cn/1", page(1))
    archive.db.execute("rollback")
    sha256 = keep(archive, "a.cn/2", page(2))
    assert encodings(archive) == {sha256: "zstd"}
    assert archive.blob(sha256) == page(2)


def test_a_lost_base_is_named_with_all_that_stands_upon_it(archive: Archive) -> None:
    shas = [keep(archive, f"a.cn/{n}", page(n)) for n in range(3)]
    archive.db.execute("update blob set data = x'00' where sha256 = ?", shas[:1])
    assert {problem.key for problem in fixity.verify(archive)} == set(shas)
    with pytest.raises(ArchiveDamaged):
        archive.blob(shas[1])
    with Archive.open(archive.path) as opened:
        sha256 = keep(opened, "a.cn/9", page(9))
        assert encodings(opened)[sha256] == "zstd"


def test_packing_gives_back_what_was_put_in(archive: Archive) -> None:
    sha256 = keep(archive, "a.cn/1", page(1))
    base = Base(sha256, page(1))
    for body in (page(1), page(2), b"", b"x", b"<" * 2000, page(1)[:1000], CHANCE.randbytes(3000)):
        encoding, data = pack(body, base)
        assert unpack(encoding, data, len(body), finder(archive.db)) == body
        assert is_sound(blob_id(body), len(body), encoding, data, finder(archive.db))
    assert unpack("zstd:" + "0" * 64, b"", 1, finder(archive.db)) is None
    assert unpack("lzma", b"", 1, finder(archive.db)) is None


def test_no_blob_stands_upon_one_that_stands_upon_another(archive: Archive) -> None:
    """Not even when the row says so: unpacking never goes deeper than one."""
    one, other = (keep(archive, f"a.cn/{n}", page(n)) for n in range(2))
    archive.db.execute("update blob set encoding = ? where sha256 = ?", (f"zstd:{other}", one))
    for sha256 in (one, other):
        with pytest.raises((ArchiveDamaged, sqlite3.Error)):
            archive.blob(sha256)
