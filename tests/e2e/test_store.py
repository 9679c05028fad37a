"""The archive keeps what it is given, once, whatever happens: crash, full disk, two writers, damage."""

from __future__ import annotations

import multiprocessing
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.care import fixity
from archive.errors import ArchiveDamaged, ArchiveLocked, ArchiveMissing, DiskFull
from archive.outcomes import Fetch, FrontierRequest, Link, Outcome, RequestKind, RequestState
from archive.store import Archive

URL = "http://www.example.gov.cn/nb/index.html"
PAGE = FrontierRequest(URL, RequestKind.LISTING, source_id="s")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "a.db") as opened:
        yield opened


def fetch(request: FrontierRequest, outcome: Outcome = Outcome.OK, run: str = "r", **more: object) -> Fetch:
    values: dict[str, object] = {"at": "2026-01-01T00:00:00Z", **more}
    return Fetch(request.id, run, request.url, request.kind, outcome, **values)  # type: ignore[arg-type]


def child(number: int) -> FrontierRequest:
    return FrontierRequest(f"http://www.example.gov.cn/nb/t{number}.html", RequestKind.DOCUMENT)


def count(archive: Archive, table: str) -> int:
    found: int = archive.db.execute(f"select count(*) from {table}").fetchone()[0]
    return found


def state(archive: Archive, request: FrontierRequest) -> str:
    found: str = archive.db.execute("select state from request where id = ?", (request.id,)).fetchone()[0]
    return found


def test_settings_of_the_file(archive: Archive) -> None:
    assert archive.db.execute("pragma journal_mode").fetchone()[0] == "wal"
    assert archive.db.execute("pragma synchronous").fetchone()[0] == 2
    assert archive.db.execute("pragma foreign_keys").fetchone()[0] == 1


def test_an_answer_and_all_that_follows_is_kept(archive: Archive) -> None:
    archive.enqueue([PAGE])
    link = Link(URL, child(1).url, "2023年报告", RequestKind.DOCUMENT, "report", source_id="s")
    done = archive.complete(PAGE.id, fetch(PAGE), b"<html>", [link], [child(1), child(1)])
    assert (done.new_capture, done.new_blob, done.queued) == (True, True, 1)
    assert state(archive, PAGE) == "done"
    assert state(archive, child(1)) == "queued"
    assert archive.db.execute("select decision from link").fetchone()[0] == "report"
    assert list(fixity.verify(archive)) == []


def test_the_same_bytes_are_kept_once(archive: Archive) -> None:
    archive.enqueue([PAGE])
    archive.complete(PAGE.id, fetch(PAGE), b"same")
    again = archive.complete(PAGE.id, fetch(PAGE, run="r2", at="2026-01-02T00:00:00Z"), b"same")
    assert (again.new_capture, again.new_blob) == (False, False)
    row = archive.db.execute("select first_seen, last_seen from capture").fetchone()
    assert tuple(row) == ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")
    assert count(archive, "fetch") == 2


def test_not_modified_moves_last_seen(archive: Archive) -> None:
    archive.enqueue([PAGE])
    archive.complete(PAGE.id, fetch(PAGE, headers={"etag": '"1"'}), b"same")
    known = archive.validators(PAGE.id, PAGE.url)
    assert known is not None
    assert known.etag == '"1"'
    archive.complete(PAGE.id, fetch(PAGE, Outcome.NOT_MODIFIED, run="r2", at="2026-01-02T00:00:00Z"))
    assert archive.db.execute("select last_seen from capture").fetchone()[0] == "2026-01-02T00:00:00Z"


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.OK])
def test_only_a_good_answer_becomes_a_capture(archive: Archive, outcome: Outcome) -> None:
    archive.enqueue([PAGE])
    archive.complete(PAGE.id, fetch(PAGE, outcome), b"evidence")
    assert count(archive, "capture") == 0
    assert count(archive, "blob") == 1


def test_a_retry_stays_queued_until_it_is_due(archive: Archive) -> None:
    archive.enqueue([PAGE])
    later = "2999-01-01T00:00:00Z"
    archive.complete(PAGE.id, fetch(PAGE, Outcome.TIMEOUT), state=RequestState.QUEUED, due_at=later)
    assert archive.next_for(PAGE.host) is None
    assert archive.next_due(PAGE.host) == later
    row = archive.db.execute("select attempts, state from request").fetchone()
    assert tuple(row) == (1, "queued")


def test_a_listing_is_walked_once_a_run(archive: Archive) -> None:
    second = FrontierRequest(URL + "?2", RequestKind.LISTING)
    archive.enqueue([PAGE])
    archive.complete(PAGE.id, fetch(PAGE), b"1", children=[second])
    archive.complete(second.id, fetch(second), b"2", children=[PAGE, second])
    assert [state(archive, page) for page in (PAGE, second)] == ["done", "done"]
    archive.restart(PAGE)
    archive.complete(PAGE.id, fetch(PAGE, run="r2"), b"1", children=[second, child(1)])
    assert state(archive, second) == "queued"


def test_known_documents_are_queued_when_due(archive: Archive) -> None:
    archive.enqueue([child(1), child(2)])
    archive.complete(child(1).id, fetch(child(1)), b"1", due_at="2026-01-01T00:00:00Z")
    archive.complete(child(2).id, fetch(child(2)), b"2", due_at="2999-01-01T00:00:00Z")
    assert archive.queue_known() == 1
    assert archive.queue_known(everything=True) == 1


def test_hosts_and_order(archive: Archive) -> None:
    first = FrontierRequest("http://b.gov.cn/1", RequestKind.DOCUMENT, priority=1)
    archive.enqueue([FrontierRequest("http://b.gov.cn/2", RequestKind.DOCUMENT), first])
    archive.enqueue([FrontierRequest("http://a.gov.cn:8080/", RequestKind.DOCUMENT)])
    assert archive.queued_hosts() == ["a.gov.cn:8080", "b.gov.cn"]
    assert archive.next_for("b.gov.cn") == first
    assert archive.next_for("b.gov.cn", source_id="other") is None


def test_a_request_comes_back_as_it_was(archive: Archive) -> None:
    asked = FrontierRequest(
        URL, RequestKind.LISTING, "POST", "a=1", "s", "http://x/", 2, 5, {"title": "年报", "year": 2023}
    )
    archive.enqueue([asked])
    assert archive.next_for(asked.host) == asked


def test_runs(archive: Archive) -> None:
    assert archive.unfinished_run("crawl") is None
    run = archive.start_run("crawl")
    assert archive.unfinished_run("crawl") == run
    archive.finish_run(run, "interrupted")
    assert archive.unfinished_run("crawl") == run
    archive.finish_run(run, "ok")
    assert archive.unfinished_run("crawl") is None
    assert archive.unfinished_run("night") is None


def test_a_failed_transaction_leaves_nothing(archive: Archive) -> None:
    archive.enqueue([PAGE])
    bad = Link(URL, "x", None, RequestKind.DOCUMENT, "report")  # type: ignore[arg-type]
    with pytest.raises((TypeError, sqlite3.IntegrityError)):
        archive.complete(PAGE.id, fetch(PAGE), b"body", [bad], [child(1)])
    assert [count(archive, table) for table in ("fetch", "blob", "capture", "link", "request")] == [
        0,
        0,
        0,
        0,
        1,
    ]
    assert state(archive, PAGE) == "queued"


def test_every_write_may_fail(tmp_path: Path) -> None:
    """The k-th statement fails, for every k: nothing is half kept, and the URL stays queued."""
    for allowed in range(100):
        path = tmp_path / f"{allowed}.db"
        with Archive.open(path) as archive:
            archive.enqueue([PAGE])
            left = iter([True] * allowed)

            def refuse(*_: object, left: Iterator[bool] = left) -> int:
                return sqlite3.SQLITE_OK if next(left, False) else sqlite3.SQLITE_DENY

            archive.db.set_authorizer(refuse)
            try:
                archive.complete(PAGE.id, fetch(PAGE), b"body", children=[child(1)])
                failed = False
            except sqlite3.DatabaseError:
                failed = True
            archive.db.set_authorizer(None)
            if archive.db.in_transaction:
                archive.db.execute("rollback")
            assert (state(archive, PAGE) == "queued") == failed
            assert count(archive, "fetch") == count(archive, "capture") == (0 if failed else 1)
            assert list(fixity.verify(archive)) == []
        if not failed:
            break
    assert not failed


def test_a_full_disk_loses_nothing(archive: Archive) -> None:
    pages = archive.db.execute("pragma page_count").fetchone()[0]
    archive.db.execute(f"pragma max_page_count = {pages + 30}")
    kept = 0

    def fill() -> None:
        nonlocal kept
        for number in range(1000):
            archive.enqueue([child(number)])
            archive.complete(child(number).id, fetch(child(number)), bytes(range(256)) * 40 + b"%d" % number)
            kept += 1

    with pytest.raises(DiskFull, match="no room"):
        fill()
    assert kept > 0
    assert count(archive, "capture") == kept
    archive.db.execute("pragma max_page_count = 100000")
    assert list(fixity.verify(archive)) == []
    archive.enqueue([child(2000)])


STEPS = 150


def _open_and_write(path: Path, number: int) -> None:
    with Archive.open(path) as archive:
        for step in range(STEPS):
            asked = child(number * STEPS + step)
            with archive.transaction():
                archive.enqueue([asked])
                archive.complete(asked.id, fetch(asked), b"%d" % (step % 7))


def test_openers_and_writers_do_not_collide(tmp_path: Path) -> None:
    """Six processes, each with 150 transactions that read and then write."""
    path = tmp_path / "many.db"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_open_and_write, args=(path, number)) for number in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 6
    with Archive.open(path) as archive:
        assert count(archive, "request") == count(archive, "capture") == 6 * STEPS
        assert count(archive, "blob") == 7


def test_a_locked_archive_says_so(archive: Archive) -> None:
    with Archive.open(archive.path) as other:
        other.db.execute("pragma busy_timeout = 50")
        with archive.transaction(), pytest.raises(ArchiveLocked, match=r"a\.db is locked"):
            other.enqueue([PAGE])


def test_what_is_not_an_archive(tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissing, match="does not exist"):
        Archive.open(tmp_path / "none.db", create=False)
    with pytest.raises(ArchiveMissing, match="folder"):
        Archive.open(tmp_path)
    text = tmp_path / "text.db"
    text.write_text("this is a text file, and not a short one, so that it has a whole header" * 20)
    with pytest.raises(ArchiveDamaged, match="not an SQLite database"):
        Archive.open(text)
    assert text.read_text().startswith("this is")
    empty = tmp_path / "empty.db"
    empty.touch()
    with pytest.raises(ArchiveDamaged):
        Archive.read_only(empty)


def test_read_only_cannot_write(archive: Archive) -> None:
    archive.enqueue([PAGE])
    with Archive.read_only(archive.path) as reader:
        assert count(reader, "request") == 1
        with pytest.raises(Exception, match=r"readonly|only be read"):
            reader.enqueue([child(1)])


@pytest.mark.parametrize("damage", ["update blob set data = x'00'", "update blob set encoding = 'raw'"])
def test_a_damaged_blob_is_found(archive: Archive, damage: str) -> None:
    archive.enqueue([PAGE])
    archive.complete(PAGE.id, fetch(PAGE), b"text " * 100)
    sha256 = archive.db.execute("select sha256 from blob").fetchone()[0]
    assert archive.blob(sha256) == b"text " * 100
    archive.db.execute(damage)
    with pytest.raises(ArchiveDamaged, match=sha256):
        archive.blob(sha256)
    assert [problem.where for problem in fixity.verify(archive)] == [f"blob {sha256}"]


def test_a_blob_that_is_missing(archive: Archive) -> None:
    with pytest.raises(ArchiveDamaged, match="no blob"):
        archive.blob("0" * 64)


def test_no_deferred_transaction_is_begun() -> None:
    """A deferred transaction that reads and then writes fails at once when there are two writers."""
    root = Path(__file__).parents[2]
    modules = [path for room in ("archive", "crawler", "nianbao") for path in (root / room).rglob("*.py")]
    deferred = {
        path.name
        for path in modules
        if re.search(r'execute\("begin[; "](?!immediate)', path.read_text("utf-8"))
    }
    # These only read an archive, all of it as of one moment.
    assert deferred == {"backup.py", "incoming.py", "snapshot.py"}
    assert 'execute("begin immediate")' in (root / "archive" / "database" / "connection.py").read_text(
        "utf-8"
    )
