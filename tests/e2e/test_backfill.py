"""The past: what a web archive holds comes back with its dates, and takes nothing from what we saw ourselves."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import crawling
import pytest
import webarchives
from clocks import await_second_after
from webarchives import WebArchive

from archive.care import fixity
from archive.derived.derive import read
from archive.store import Archive
from archive.warcs.warc import Software, export
from sample.make import country
from sample.server import Server

NIGHTS = 2
YEARS = range(2022, 2026)


@dataclass(frozen=True)
class Made:
    """The sample country as two nights of ours left it, and a web archive that holds their answers."""

    db: Path
    registry: Path
    past: WebArchive


def rows(path: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return [tuple(row) for row in db.execute(sql, values)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("past")
    if webarchives.programs() is None:
        pytest.skip(webarchives.MISSING)
    db, registry = folder / "a.db", folder / "r.csv"
    with Server(country(bodies=4, years=YEARS), noise=False) as server:
        registry.write_text(server.registry_csv(), "utf-8")
        for night in range(1, NIGHTS + 1):
            server.set_night(night)
            crawling.crawl(db, registry, recheck="all" if night > 1 else "due")
            await_second_after(db)
    with Archive.open(db) as archive:
        read(archive)
        export(archive, folder / "x.warc.gz", Software("test", "test"))
    with webarchives.pywb(folder / "pywb", [folder / "x.warc.gz"]) as past:
        yield Made(db, registry, past)


def backfill(db: Path, made: Made) -> dict[str, Any]:
    """`nianbao backfill` without pauses, in a process of its own, to its end."""
    words = ["--cdx", made.past.cdx, "--registry", made.registry, "--db", db, "--delay", 0, "--allow-private"]
    command = [sys.executable, "-m", "nianbao", "backfill", *map(str, words), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.stdout, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


CAPTURES = """
select url, sha256, kind in ('document', 'attachment'), first_seen, last_seen from capture order by id
"""
VERSIONS = "select body, division, year, scope, title, url, version, first_seen, last_seen, report_id from v_reports order by report_id, version"


@pytest.mark.slow
def test_what_was_exported_comes_back_row_by_row(made: Made, tmp_path: Path) -> None:
    new = tmp_path / "new.db"
    done = backfill(new, made)
    with Archive.open(new) as archive:
        read(archive)
        assert list(fixity.verify(archive)) == []
    assert (done["left"], done["problems"], done["unlike"], done["missing"]) == (0, [], 0, 0)
    assert rows(new, CAPTURES) == rows(made.db, CAPTURES)
    assert rows(new, VERSIONS) == rows(made.db, VERSIONS)
