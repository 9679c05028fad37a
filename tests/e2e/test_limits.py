"""What one file may take: a reading that is ended is one line and the exit code of a file that cannot be read."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from archive import pool
from nianbao.asking import reading
from nianbao.cli import app
from nianbao.front.exits import Exit, code_of

PAGE = "<html><body><h1>某县2020年政府信息公开工作年度报告</h1><p>共收到申请8件。</p></body></html>"


def hoard(item: int) -> int:
    held = bytearray(item)
    held[::4096] = b"x" * len(held[::4096])
    time.sleep(30)
    return len(held)


def test_a_worker_that_holds_too_much_is_ended() -> None:
    with closing(pool.Pool(hoard, jobs=1, timeout=timedelta(minutes=1))) as working:
        ((_, result),) = working.run([pool.RESIDENT + 50_000_000])
    assert isinstance(result, pool.Failure)
    assert "MB of memory" in result.message


def test_jobs_are_bounded_by_the_memory_of_the_machine() -> None:
    assert pool.room(1) == pool.room(0) == 1
    assert 1 <= pool.room(1_000_000) < 1_000_000


def test_parse_ends_a_reading_that_takes_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE, "utf-8")
    monkeypatch.setattr(reading, "PATIENCE", timedelta(milliseconds=1))
    for arguments in (["parse", str(path)], ["parse", str(path), "--json"], ["parse", str(path), "--show"]):
        ended = CliRunner().invoke(app, arguments)
        assert ended.exception is not None
        assert code_of(ended.exception) == Exit.USAGE
        assert str(ended.exception) == f"{path}: the parser took more than 0.001 s"


def test_parse_reads_what_is_within_its_limits(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE, "utf-8")
    ended = CliRunner().invoke(app, ["parse", str(path), "--json"])
    assert ended.exit_code == 0
    assert '"year": 2020' in ended.output
