"""The measurement at the size of the country works, at the size of a village."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archive.publication.snapshot import STAGES
from benchmarks import browse, harvest, made, national
from benchmarks.national import Mark


def test_it_measures_every_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    national.run(24, pages=0, visits=0, keep=tmp_path)
    said = capsys.readouterr().out
    for part in (*STAGES, "gates and tables", "figures ready after", "checksums"):
        assert part in said
    assert re.search(r"load: [\d,]+ rows, 4,\d\d\d of them cells", said)
    assert re.search(r"release: .*CSV \d.*Parquet \d.*SQLite \d", said)
    assert len(re.findall(r"^SQL, .*: [\d.]+ s \([\d.]+ s of the processor\), \d+ rows$", said, re.M)) == 6
    assert {path.name for path in tmp_path.iterdir()} == {"public", "releases"}


@pytest.mark.slow
def test_it_measures_crawl_reading_and_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    national.run(24, pages=40, visits=2, keep=tmp_path)
    said = capsys.readouterr().out
    for part in (
        "crawl of",
        "read --jobs 1",
        "read --jobs 2",
        "cores for a first harvest",
        "CSV of one year",
        "the server took",
    ):
        assert part in said


def test_stages_last_until_the_next_and_tables_are_ready_after_the_gates() -> None:
    said = ["copying", "gates", "panel", "figures", "checksums"]
    marks = [Mark(at, at / 2, stage) for at, stage in zip((1.0, 3.0, 4.0, 4.5, 5.0), said, strict=True)]
    assert list(national.parts(marks, Mark(7.0, 4.0, ""))) == [
        ("copying", 2.0, 1.0),
        ("gates and tables", 2.0, 1.0),
        ("  panel ready after", 1.0, None),
        ("  figures ready after", 1.5, None),
        ("checksums", 2.0, 1.5),
    ]


def test_the_plan_counts_what_the_country_asks_for() -> None:
    plan = dict(harvest.plan(harvest.Rates(crawled=100, read=50)))
    assert plan["requests of a first full harvest"] == "2,580,000"
    assert plan["requests that one host bears in a night of 8 h"] == "9,600"
    assert plan["cores for a first harvest in one night"] == "0.9"
    assert plan["core hours to read all reports"] == "11.1"


def test_a_made_archive_is_mostly_zeros_and_its_cells_are_proven(tmp_path: Path) -> None:
    made.make(tmp_path / "archive.db", 36)
    with closing(sqlite3.connect(tmp_path / "archive.db")) as conn:
        zeros, proven = conn.execute("select avg(value = 0), avg(proof = 'proven') from figure").fetchone()
        scopes = conn.execute("select distinct scope from report").fetchall()
        assert conn.execute("select min(version) from cell").fetchone()[0] > 0
    assert 0.8 < zeros < 0.97
    assert proven > 0.5
    assert scopes == [("area",)]


def test_a_visit_without_an_answer_misses_its_bar() -> None:
    answered = browse.Took("search", [0.01] * 20, 0, 0.1, [0.0] * 20)
    assert (answered.missed, replace(answered, refused=1).missed) == (False, True)
