"""What many tests share: the command line run in this process, and an archive filled by hand."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from made import FILE, PAGE, Country, inline, says

from archive import pool

# The hundreds of processes that tests start compile our modules once, not each time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def nianbao(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Runs `nianbao ARGUMENTS` as a shell would, with bytes for its standard input."""
    from nianbao.cli import main

    def run(*arguments: object, stdin: bytes = b"") -> Ended:
        monkeypatch.setattr(sys, "argv", ["nianbao", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capfd.readouterr()
        code = main()
        printed = capfd.readouterr()
        return Ended(code, printed.out, printed.err)

    return run


@pytest.fixture
def country(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Country]:
    """An archive to be filled night by night, read in this process."""
    monkeypatch.setattr(pool, "run", lambda *a, **k: (each for each in inline(*a, **k)))
    filled = Country(tmp_path / "archive.db")
    yield filled
    filled.archive.close()


@pytest.fixture
def archive_path(tmp_path: Path) -> Path:
    """An archive with one report, revised once, and read."""
    path = tmp_path / "archive.db"
    country = Country(path)
    country.shows(PAGE, says())
    country.shows(FILE, says(), on=PAGE)
    country.shows(PAGE, says(values={"a": 1, "b": 3}, text="公开8条。新增一句。"), day=2)
    country.shows("http://www.huojia.gov.cn/9.html", says(year=None))
    country.read()
    country.archive.close()
    return path
