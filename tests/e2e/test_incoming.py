"""Hostile archives for `merge`: what does not pass is refused by name, and nothing that was kept changes."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import zstandard

from archive.care import admission, fixity, incoming
from archive.care.merge import JOINS, Merged, merge
from archive.database.blobs import UPON, unpack
from archive.errors import ArchiveDamaged
from archive.ids import blob_id, content_id
from archive.outcomes import Fetch, FrontierRequest, Outcome, RequestKind, now_utc, utc_now
from archive.store import Archive

URL = "http://www.a.gov.cn/1.html"
DAY = "2026-03-01T00:00:00Z"
BODY = b"<p>of the report</p>" * 80
ASKED = FrontierRequest(URL, RequestKind.DOCUMENT)


def kept(path: Path, body: bytes = BODY) -> Path:
    """An archive with one page."""
    with Archive.open(path) as archive:
        archive.enqueue([ASKED])
        archive.complete(ASKED.id, Fetch(ASKED.id, "run", URL, ASKED.kind, Outcome.OK, DAY), body)
        archive.db.execute("update request set queued_at = ?", (DAY,))
    return path


def content(path: Path) -> dict[str, list[str]]:
    with closing(sqlite3.connect(path)) as db:
        return {
            join.table: sorted(map(repr, db.execute(f"select * from {join.table}").fetchall()))
            for join in JOINS
        }


def hurt(path: Path, *statements: str | tuple[str, tuple[object, ...]]) -> Path:
    """An empty archive, and then what somebody did to it."""
    Archive.open(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for each in statements:
            db.execute(*((each,) if isinstance(each, str) else each))
    return path


def request(**columns: object) -> tuple[str, tuple[object, ...]]:
    """A row of the queue that would pass, but for the columns that are given."""
    row: dict[str, object] = {"url": "http://www.a.gov.cn/2.html", "host": "www.a.gov.cn", "kind": "listing"}
    row |= {"method": "GET", "body": "", "queued_at": DAY, "due_at": DAY, "state": "queued", **columns}
    row = {"id": content_id(row["method"], row["url"], row["body"]), **row}
    return f"insert into request ({', '.join(row)}) values ({', '.join('?' * len(row))})", (*row.values(),)


def blob(sha256: str, size: int, encoding: str, data: bytes) -> tuple[str, tuple[object, ...]]:
    return "insert into blob values (?, ?, ?, ?)", (sha256, size, encoding, data)


RUN = "insert into run values (?, ?, ?, ?, ?, ?)"
WIPE = (
    "~' union all select sha256, 1, 'raw', x'00' from main.blob where true"
    " on conflict (sha256) do update set size = 1, encoding = 'raw', data = x'00' --"
)
ENDLESS = "with recursive c (x) as (select 1 union all select x + 1 from c)"
LINK = "id, from_url, to_url, title, date, kind, decision, reason, source_id, first_seen, last_seen"
HOSTILE: dict[str, tuple[str, tuple[Any, ...]]] = {
    "sql in a checksum": ("blob", (blob(WIPE, 1, "raw", b"x"),)),
    "bytes of another page": ("blob", (blob("0" * 64, 5, "raw", b"wrong"),)),
    "a page that unpacks to gigabytes": (
        "blob",
        (blob("0" * 64, 10, "zstd", zstandard.ZstdCompressor(level=1).compress(bytes(300_000_000))),),
    ),
    "pages upon each other": (
        "blob",
        (blob("a" * 64, 9, UPON + "b" * 64, b"x"), blob("b" * 64, 9, UPON + "a" * 64, b"x")),
    ),
    "a view without end": (
        "link",
        (
            "drop table link",
            f"create view link ({LINK}) as {ENDLESS} select x, 'a', 'b', 'c', '', 'd', 'e', 'f', 'g', 'h', 'i' from c",
        ),
    ),
    "a virtual table": ("link", ("drop table link", f"create virtual table link using fts5({LINK})")),
    "a column that is computed": (
        "host",
        (
            "drop table host",
            "create table host (host, outcome, nights, until, at, run_id, reason as (printf('%.*c', 1000000, 'x')))",
            "insert into host values ('h', 'timeout', 1, '', '', 'r')",
        ),
    ),
    "a column that is missing": ("link", ("alter table link drop column reason",)),
    "a NUL in an id": ("request", (request(id="x\0y"),)),
    "a NUL in an address": ("request", (request(url="http://www.a.gov.cn/\0"),)),
    "an id of another row": ("request", (request(id="0" * 16),)),
    "a host of another address": ("request", (request(host="b.gov.cn"),)),
    "an address that breaks its reader": ("request", (request(url="http://[", host="["),)),
    "no address of the web": ("request", (request(url="ftp://www.a.gov.cn/"),)),
    "meta that is no JSON": ("request", (request(meta="not json"),)),
    "meta that is a list": ("request", (request(meta="[1]"),)),
    "meta that nests": ("request", (request(meta="[" * 90_000),)),
    "meta that counts with words": ("request", (request(meta='{"page": "two"}'),)),
    "half a character": ("request", (request(meta='{"title": "\\ud83d"}'),)),
    "half a character in a text": ("request", (request(), "update request set source_id = cast(x'eda080' as text)")),
    "numbers beyond all numbers": ("request", (request(attempts=2**63 - 1),)),
    "a kind of our own": ("request", (request(kind="zzz"),)),
    "an answer that nobody has": ("request", (request(state="done", done_at=DAY),)),
    "a date that is none": ("request", (request(due_at="tomorrow"),)),
    "a date in 9999": ("request", (request(queued_at="9999-01-01T00:00:00Z"),)),
    "a date before the web": ("request", (request(queued_at="1900-01-01T00:00:00Z"),)),
    "a run in 9999": ("run", ((RUN, ("a" * 16, "crawl", "", "9999-01-01T00:00:00Z", None, None)),)),
    "a host for ever": (
        "host",
        (("insert into host values (?, ?, ?, ?, ?, ?, ?)", ("h", "timeout", 1, "9999-01-01T00:00:00Z", DAY, "r", "")),),
    ),
    "a base that is not there": (
        "base",
        (("insert into base values (?, ?, ?, ?)", ("www.a.gov.cn", "document", "e" * 64, DAY)),),
    ),
    "nulls where none may be": (
        "base",
        (
            "drop table base",
            "create table base (host, kind, sha256, at)",
            "insert into base values (null, null, null, null)",
        ),
    ),
    "a capture of no address": (
        "capture",
        (
            blob(blob_id(b"x"), 1, "raw", b"x"),
            (
                "insert into capture values (?, ?, ?, ?, ?, ?, ?)",
                ("0" * 16, "javascript:alert(1)", blob_id(b"x"), "document", "", DAY, DAY),
            ),
        ),
    ),
    "a text that is too long": ("request", (request(body="x" * 200_000),)),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused_by_name_and_changes_nothing(name: str, tmp_path: Path) -> None:
    table, statements = HOSTILE[name]
    ours, theirs = kept(tmp_path / "ours.db"), tmp_path / "theirs.db"
    hurt(theirs, *statements)
    before = content(ours)
    begun = time.thread_time()
    done = merge(ours, [theirs])
    assert time.thread_time() - begun < 30
    assert set(done.refused) == {table}
    assert {refusal.table for refusal in done.refusals} == {table}
    assert all(refusal.why and refusal.archive == str(theirs) for refusal in done.refusals)
    after = content(ours)
    if table == "capture":
        after["blob"] = before["blob"]
    assert after == before
    with Archive.open(ours) as archive:
        assert list(fixity.verify(archive)) == []
        assert archive.blob(blob_id(BODY)) == BODY


def test_what_passes_beside_it_is_joined(tmp_path: Path) -> None:
    theirs = hurt(kept(tmp_path / "theirs.db"), blob("0" * 64, 5, "raw", b"wrong"), request(meta="[1]"))
    done = merge(tmp_path / "ours.db", [theirs])
    assert (done.captures, done.fetches, done.requests) == (1, 1, 1)
    assert done.refused == {"blob": 1, "request": 1}


def test_a_row_whose_blob_is_refused_is_refused_too(tmp_path: Path) -> None:
    theirs = hurt(kept(tmp_path / "theirs.db"), "update blob set data = x'00'")
    done = merge(tmp_path / "ours.db", [theirs])
    assert done.refused == {"blob": 1, "fetch": 1, "capture": 1, "base": 1, "request": 1}
    with Archive.open(tmp_path / "ours.db") as archive:
        assert list(fixity.verify(archive)) == []
    # Another archive of the same merge has it.
    done = merge(tmp_path / "both.db", [theirs, kept(tmp_path / "sound.db")])
    assert done.refused == {"blob": 1}


def test_a_foreign_run_that_goes_on_is_not_gone_on_with(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "ours.db") as archive:
        ours = archive.start_run("crawl")
    with Archive.open(tmp_path / "theirs.db") as archive:
        run = archive.start_run("crawl")
    assert merge(tmp_path / "ours.db", [tmp_path / "theirs.db"]).unfinished == 1
    with Archive.open(tmp_path / "ours.db") as archive:
        assert archive.unfinished_run("crawl") == ours
    with Archive.open(tmp_path / "theirs.db") as archive:
        archive.finish_run(run, "ok")
    assert merge(tmp_path / "ours.db", [tmp_path / "theirs.db"]).unfinished == 0
    with Archive.open(tmp_path / "ours.db") as archive:
        assert archive.db.execute("select count(*) from run").fetchone()[0] == 2


def test_no_trigger_of_theirs_runs(tmp_path: Path) -> None:
    ours = kept(tmp_path / "ours.db")
    theirs = hurt(
        tmp_path / "theirs.db",
        "create trigger t after insert on blob begin delete from capture; end",
        blob(blob_id(b"ok"), 2, "raw", b"ok"),
    )
    assert merge(ours, [theirs]).blobs == 1
    assert len(content(ours)["capture"]) == 1


def test_a_file_gives_no_more_than_it_holds(tmp_path: Path) -> None:
    theirs, refusals = kept(tmp_path / "theirs.db"), incoming.Refusals()
    with incoming.Incoming.opened(theirs, refusals) as found:
        assert len(list(found.rows(admission.BLOB))) == 1
        found.bytes = 50
        with pytest.raises(ArchiveDamaged, match="more than a file of its size holds"):
            list(found.rows(admission.BLOB))


def test_a_reading_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = kept(tmp_path / "theirs.db")
    monkeypatch.setattr(incoming, "SECONDS", 0.0)
    monkeypatch.setattr(incoming, "SECONDS_A_MEGABYTE", 0.0)
    monkeypatch.setattr(incoming, "STEPS", 1)
    with pytest.raises(ArchiveDamaged, match="more than a file of its size holds"):
        merge(tmp_path / "ours.db", [theirs])


def test_every_captured_table_is_read_by_its_own_columns(tmp_path: Path) -> None:
    """A column that nobody thought of when merging would be lost."""
    with Archive.open(tmp_path / "a.db") as archive:
        for table in (admission.BLOB, *admission.tables(now_utc())):
            found = [row["name"] for row in archive.db.execute(f"pragma table_info({table.name})")]
            assert [column.name for column in table.columns] == found, table.name
    assert {join.table for join in JOINS} == {t.name for t in (admission.BLOB, *admission.tables(now_utc()))}


# --- blobs ---


def test_a_page_never_unpacks_to_more_than_its_size() -> None:
    packed = zstandard.ZstdCompressor().compress(bytes(100_000))
    assert unpack("zstd", packed, 10, lambda sha256: None) is None
    assert unpack("zstd", packed, 2**63 - 1, lambda sha256: None) is None
    assert unpack("zstd", packed, 100_000, lambda sha256: None) == bytes(100_000)


@pytest.mark.parametrize("how", ["crawl", "merge"])
def test_a_blob_that_is_not_sound_is_replaced_by_a_sound_one(how: str, tmp_path: Path) -> None:
    ours = tmp_path / "ours.db"
    hurt(ours, blob(blob_id(BODY), 5, "raw", b"wrong"))
    done: Callable[[], Merged | Path] = (
        (lambda: kept(ours)) if how == "crawl" else (lambda: merge(ours, [kept(tmp_path / "sound.db")]))
    )
    done()
    with Archive.open(ours) as archive:
        assert archive.blob(blob_id(BODY)) == BODY
        assert list(fixity.verify(archive)) == []


def test_what_was_read_of_damaged_bytes_is_read_again(tmp_path: Path) -> None:
    ours = kept(tmp_path / "ours.db")
    with Archive.open(ours) as archive:
        archive.db.execute("update blob set data = x'00'")
        (capture,) = archive.db.execute("select id from capture").fetchone()
        archive.db.execute(
            "insert into reading (capture_id, parser, state) values (?, '1', 'unreadable')", (capture,)
        )
    kept(ours)
    with Archive.open(ours) as archive:
        assert archive.db.execute("select parser from reading").fetchone()[0] == ""


# --- the command ---


def test_the_command_names_what_it_refused(nianbao: Callable[..., Any], tmp_path: Path) -> None:
    theirs = hurt(tmp_path / "theirs.db", blob(WIPE, 1, "raw", b"x"), request(meta="[1]"))
    ended = nianbao("merge", theirs, "--db", tmp_path / "ours.db", "--no-read")
    assert ended.code == 1
    assert "theirs.db: blob ~' union" in ended.out
    assert "2 rows were refused and the rest was joined: 1 of blob, 1 of request" in ended.out
    ended = nianbao("merge", theirs, "--db", tmp_path / "ours.db", "--no-read", "--json")
    said = json.loads(ended.out)
    assert said["refused"] == {"blob": 1, "request": 1}
    assert {refusal["why"] for refusal in said["refusals"]} == {
        "sha256 is no SHA-256 of 64 hexadecimal digits",
        "meta is no object of JSON that a crawl writes",
    }


def test_what_a_crawl_writes_passes(tmp_path: Path) -> None:
    """The dates that a crawl plans ahead, and its clock beside ours."""
    theirs = kept(tmp_path / "theirs.db")
    with Archive.open(theirs) as archive:
        archive.restart(
            FrontierRequest("http://b.gov.cn/x", RequestKind.PORTAL, meta={"points": 3, "body": ""})
        )
        assert archive.db.execute("select max(queued_at) from request").fetchone()[0] <= utc_now()
    assert merge(tmp_path / "ours.db", [theirs]).refused == {}
