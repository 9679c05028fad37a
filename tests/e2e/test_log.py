"""Somebody reads an old state of the archive for long while others write: both go on, and the log shrinks again."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from archive.care import fixity
from archive.database import connection
from archive.outcomes import Fetch, FrontierRequest, Outcome, RequestKind
from archive.store import Archive

BODY, LIMIT = 40_000, 8 << 20
_WRITER = f"""
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_log import write
from archive.database import connection
from archive.store import Archive
connection.LOG_LIMIT = {LIMIT}
with Archive.open(Path(sys.argv[2])) as archive:
    for number in range(*map(int, sys.argv[3:])):
        write(archive, number)
"""


def write(archive: Archive, number: int) -> None:
    """An answer with bytes that no packing makes smaller."""
    asked = FrontierRequest(f"http://www.huojia.gov.cn/{number}.html", RequestKind.DOCUMENT)
    fetch = Fetch(asked.id, "r", asked.url, asked.kind, Outcome.OK, "2026-01-01T00:00:00Z")
    with archive.transaction():
        archive.enqueue([asked])
        archive.complete(asked.id, fetch, os.urandom(BODY))


def writer(path: Path, first: int, last: int) -> subprocess.Popen[bytes]:
    words = [str(Path(__file__).parent), str(path), str(first), str(last)]
    return subprocess.Popen([sys.executable, "-c", _WRITER, *words])


def captures(archive: Archive) -> int:
    number: int = archive.db.execute("select count(*) from capture").fetchone()[0]
    return number


@contextmanager
def reading(path: Path) -> Iterator[Archive]:
    """A reader that goes on seeing the archive as it is now."""
    with Archive.read_only(path) as archive:
        archive.db.execute("begin")
        captures(archive)
        yield archive
        archive.db.execute("commit")


@pytest.mark.slow
def test_a_long_reader_starves_nobody_and_the_log_shrinks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "LOG_LIMIT", LIMIT)
    path, log = tmp_path / "a.db", tmp_path / "a.db-wal"
    written = 2 * LIMIT // BODY
    with Archive.open(path) as archive:
        for number in range(10):
            write(archive, number)
        with reading(path) as reader:
            two = [writer(path, 10, 10 + written // 2), writer(path, 10 + written // 2, 10 + written)]
            assert [process.wait(timeout=120) for process in two] == [0, 0]
            assert captures(reader) == 10
            assert captures(archive) == 10 + written
            # Nothing but what was written since then, each page of it for each commit that it was in.
            assert LIMIT < log.stat().st_size < 4 * written * BODY
        write(archive, written + 10)
        assert log.stat().st_size == 0
        assert list(fixity.verify(archive)) == []
    assert not log.exists()


@pytest.mark.slow
def test_the_log_stays_small_where_readers_come_and_go(tmp_path: Path) -> None:
    path, log = tmp_path / "a.db", tmp_path / "a.db-wal"
    Archive.open(path).close()
    process, seen, size = writer(path, 0, 4 * LIMIT // BODY), [], 0
    while process.poll() is None:
        with reading(path) as reader:
            time.sleep(0.02)
            seen.append(captures(reader))
        with suppress(FileNotFoundError):  # the writer is done and has put it away
            size = max(size, log.stat().st_size)
    assert process.returncode == 0
    assert seen == sorted(seen)
    assert len(set(seen)) > 3
    assert size < 3 * LIMIT
