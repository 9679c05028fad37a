"""Everything derived can be made anew: the same rows, whatever kill comes between; and what a parser changes is told apart."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import made
import pytest
from made import DERIVED, FILE, HOST, PAGE, PROGRESS, Country, inline, says

from archive import pool
from archive.derived import derive, rebuild, reports, rereading
from archive.derived.derive import How
from archive.outcomes import Outcome
from archive.publish import publish
from parsers import PARSER_VERSION

REVISED = {"a": 1, "b": 3}


@pytest.fixture
def country(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Country]:
    monkeypatch.setattr(pool, "run", lambda *a, **k: (each for each in inline(*a, **k)))
    filled = Country(tmp_path / "archive.db")
    fill(filled)
    yield filled
    filled.archive.close()


def fill(country: Country) -> None:
    """Three years, a file beside a page, a revision, a page that is gone, one that cannot be read."""
    country.shows(f"{HOST}/0.html", says(year=2021, values={"t3_carried_out__total": 3}))
    country.shows(PAGE, says(values={"a": 1, "b": 2, "t3_carried_in__total": 2}))
    country.shows(FILE, says(), on=PAGE)
    country.shows(f"{HOST}/5.html", b"BAD", title="获嘉县2019年政府信息公开年度报告")
    country.read()
    country.shows(PAGE, says(values={"a": 1, "b": 3, "t3_carried_in__total": 2}), day=2)
    for day in (2, 3, 4):
        country.answers(f"{HOST}/0.html", Outcome.GONE, day, run=country.night(day))
    country.read()


def again(country: Country) -> derive.ReadResult:
    return rebuild.rebuild(country.archive, How(parse=made.made_parse))


def test_a_rebuild_gives_identical_rows(country: Country) -> None:
    before = country.derived()
    assert {table for table, rows in before.items() if not rows} == {
        "checked", "identity_form", "statement", "extra_row",
    }  # fmt: skip
    result = again(country)
    assert (result.read, result.reports, result.unreadable) == (5, 4, 1)
    assert country.derived() == before
    assert [country.rows(f"select * from {table}") for table in PROGRESS[:3]] == [[], [], []]
    assert country.rows("select * from parser_change") == []


def test_every_derived_table_is_rebuilt() -> None:
    assert {*rebuild.DERIVED} == {*DERIVED, "due", "reread"}


def test_a_rebuilt_archive_gives_the_same_publication(country: Country, tmp_path: Path) -> None:
    publish(country.archive.path, tmp_path / "before")
    again(country)
    publish(country.archive.path, tmp_path / "after")
    sums = [(tmp_path / name / "SHA256SUMS").read_text("utf-8") for name in ("before", "after")]
    assert sums[0] == sums[1]


class Killed(BaseException):
    """As a kill would end it: nothing in the program catches it."""


@pytest.mark.parametrize("step", [1, 4, 9, 14])
def test_a_rebuild_that_is_killed_leaves_the_old_rows_and_goes_on(
    country: Country, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = country.derived()
    calls = iter(range(1, 10_000))
    insert = reports.insert

    def killed(db: sqlite3.Connection, table: str, rows: list[tuple[object, ...]]) -> None:
        if next(calls) == step:
            raise Killed
        insert(db, table, rows)

    monkeypatch.setattr(reports, "insert", killed)
    with pytest.raises(Killed):
        again(country)
    assert country.derived() == before
    monkeypatch.setattr(reports, "insert", insert)
    assert again(country).read == 0
    assert country.derived() == before


def reads_more(data: bytes, **_: Any) -> Any:
    """A newer parser: it finds one more cell, and reads 3 as 8."""
    said = json.loads(data) if data != b"BAD" else {}
    if "values" in said:
        said["values"] = {name: 8 if value == 3 else value for name, value in said["values"].items()}
        said["values"]["c"] = 7
    return made.report(said) if said else made.made_parse(data)


def test_what_a_newer_parser_reads_is_no_version_and_is_told(
    country: Country, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    versions = country.rows("select report_id, number, first_seen, last_seen from version order by 1, 2")
    events = country.rows("select at, class, url, before, version from event order by 1, 3")
    monkeypatch.setattr(derive, "PARSER_VERSION", "next")
    derive.read(country.archive, all=True, parse=reads_more)
    assert (
        country.rows("select report_id, number, first_seen, last_seen from version order by 1, 2") == versions
    )
    assert country.rows("select at, class, url, before, version from event order by 1, 3") == events
    rereading.write_report(country.archive.db, "", tmp_path / "changed.csv")
    with (tmp_path / "changed.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {(row["code"], row["old"], row["new"]) for row in rows} == {
        ("c", "(absent)", "7"), ("b", "3", "8"), ("t3_carried_out__total", "3", "8"),
    }  # fmt: skip
    assert {(row["old_parser"], row["new_parser"], row["why"]) for row in rows} == {
        (PARSER_VERSION, "next", "a newer parser reads the same bytes otherwise")
    }
    assert {row["body"] for row in rows} == {"获嘉县人民政府"}


def test_a_reading_of_everything_that_was_killed_goes_on(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = country.derived()
    monkeypatch.setattr(derive, "BATCH", 1)

    def killed(done: int, total: int) -> None:
        if done == 3:
            raise Killed

    with pytest.raises(Killed):
        country.read(all=True, progress=killed)
    assert country.read(all=True).read == 2
    assert country.derived() == before
    assert country.read(all=True).read == 5


def test_the_commands_tell_what_they_did(
    nianbao: Callable[..., Any], archive_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What the made parser read, the real one takes for a page of no report: everything is read otherwise.
    done = json.loads(nianbao("read", "--all", "--jobs", "1", "--db", archive_path, "--json").out)
    assert done["parser_changes"] > 0
    text = Path(done["report"]).read_text("utf-8")
    assert text.count("\n") == done["parser_changes"] + 1
    ended = nianbao("rebuild", "--jobs", "1", "--db", archive_path, "--json")
    assert json.loads(ended.out)["read"] == 4
