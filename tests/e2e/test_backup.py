"""A copy taken while others write is whole, as of one moment, and the archive that is restored from it goes on."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made import HOST, Country, inline, says

from archive.care import fixity
from archive.care.backup import backup
from archive.outcomes import Fetch, FrontierRequest, Outcome, RequestKind
from archive.store import Archive
from nianbao.front.exits import Exit

ROOT = Path(__file__).parents[2]


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("archive.pool.run", inline)
    path = tmp_path / "data" / "archive.db"
    country = Country(path)
    for number in range(5):
        country.shows(f"{HOST}/{number}.html", says(year=2000 + number))
    country.read()
    country.archive.close()
    return path


def keep(path: Path, number: int) -> None:
    with Archive.open(path) as opened:
        asked = FrontierRequest(f"{HOST}/n{number}.html", RequestKind.DOCUMENT)
        opened.enqueue([asked])
        fetch = Fetch(asked.id, "r", asked.url, asked.kind, Outcome.OK, "2026-01-01T00:00:00Z")
        opened.complete(asked.id, fetch, b"%d" % number * 3000)


def test_a_copy_while_a_night_writes(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written to between any two steps of the copy, which neither begins anew nor mixes two moments."""
    monkeypatch.setattr("archive.care.backup.PAGES", 1)
    copy, steps = tmp_path / "copy.db", []

    def write(done: int, total: int) -> None:
        steps.append(done)
        if len(steps) % 10 == 0:
            writer = threading.Thread(target=keep, args=(archive, len(steps)))
            writer.start()
            writer.join()

    size = backup(archive, copy, write)
    assert steps == sorted(steps)
    assert size == copy.stat().st_size
    with Archive.open(copy) as copied, Archive.open(archive) as source:
        assert list(fixity.verify(copied)) == []
        assert copied.db.execute("select count(*) from capture").fetchone()[0] == 5
        assert source.db.execute("select count(*) from capture").fetchone()[0] == 5 + len(steps) // 10


def test_a_copy_replaces_an_older_one_and_nothing_else(
    nianbao: Callable[..., Any], archive: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copies" / "a.db"
    assert nianbao("backup", copy, "--db", archive).code == Exit.OK
    keep(archive, 1)
    assert nianbao("backup", copy, "--db", archive, "--json").code == Exit.OK
    with Archive.open(copy) as copied:
        assert copied.db.execute("select count(*) from capture").fetchone()[0] == 6
    assert nianbao("backup", archive, "--db", archive).code == Exit.USAGE
    (tmp_path / "notes.txt").write_text("of great worth")
    ended = nianbao("backup", tmp_path / "notes.txt", "--db", archive)
    assert ended.code == Exit.USAGE
    assert (tmp_path / "notes.txt").read_text() == "of great worth"
    assert nianbao("backup", copy, "--db", tmp_path / "none.db").code == Exit.USAGE


def test_a_copy_that_finds_no_room_leaves_the_older_one(archive: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copies" / "a.db"
    backup(archive, copy)
    before = copy.read_bytes()
    for number in range(20):
        keep(archive, number)
    limit = archive.stat().st_size // 2
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit})); from nianbao.cli import main;"
        "sys.argv[0] = 'nianbao'; sys.exit(main())"
    )
    command = [sys.executable, "-c", code, "backup", str(copy), "--db", str(archive)]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == Exit.DISK_FULL, ended.stderr
    assert copy.read_bytes() == before
    assert [path.name for path in copy.parent.iterdir()] == ["a.db"]


def test_the_document_is_true(
    nianbao: Callable[..., Any], archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every line of docs/backup.md, in its order; then the archive that was restored goes on."""
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "backup.md").read_text("utf-8")
    lines = re.findall(r"^\$ (.+)$", text, re.M)
    assert len(lines) == 9
    for line in lines:
        words = shlex.split(line)
        if words[0] == "nianbao":
            ended = nianbao(*words[1:])
            assert ended.code == Exit.OK, f"{line}: {ended.out}{ended.err}"
        else:
            subprocess.run(words, check=True)
    keep(archive, 1)
    with Archive.open(archive) as restored:
        assert list(fixity.verify(restored)) == []
        assert restored.db.execute("select count(*) from v_reports").fetchone()[0] == 5
