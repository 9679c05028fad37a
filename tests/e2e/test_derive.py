"""Captures to reports: with a made parser, so that every rule has its own small case."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import made
import pytest
from made import DERIVED, FILE, HOST, PAGE, TWIN, Country, inline, says

from archive import pool
from archive.derived import derive, reports
from archive.outcomes import Outcome
from parsers.remarks import Remark, RemarkKind


@pytest.fixture
def country(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Country]:
    monkeypatch.setattr(pool, "run", lambda *a, **k: _closable(inline(*a, **k)))
    filled = Country(tmp_path / "archive.db")
    yield filled
    filled.archive.close()


def _closable(results: Iterator[Any]) -> Iterator[Any]:
    yield from results


def test_a_capture_becomes_a_report(country: Country) -> None:
    country.shows(PAGE, says())
    result = country.read()
    assert result == derive.ReadResult(read=1, reports=1, versions=1, figures=2)
    assert country.rows("select body, division, year, scope, version, url from v_reports") == [
        ("获嘉县人民政府", "410724", 2022, "area", 1, PAGE)
    ]
    assert country.rows("select code, value, state from v_figures order by code") == [
        ("a", 1, "number"),
        ("b", 2, "number"),
    ]


def test_reading_again_changes_nothing(country: Country) -> None:
    country.shows(PAGE, says())
    country.read()
    before = country.derived()
    assert country.read() == derive.ReadResult()
    assert country.derived() == before


def test_a_revision_at_one_url_is_version_two(country: Country) -> None:
    country.shows(PAGE, says())
    country.read()
    country.shows(PAGE, says(values={"a": 1, "b": 3}), day=2)
    assert country.read().versions == 1
    assert country.rows("select version, first_seen from v_reports order by version") == [
        (1, "2023-03-01T00:00:00Z"),
        (2, "2023-03-02T00:00:00Z"),
    ]


def test_a_version_seen_again_lasts_longer(country: Country) -> None:
    country.shows(PAGE, says())
    country.read()
    country.shows(PAGE, says(), day=4)
    assert country.read().read == 0
    assert country.rows("select last_seen from v_reports") == [("2023-03-04T00:00:00Z",)]


@pytest.mark.parametrize("page_first", [True, False])
@pytest.mark.parametrize("page_is_report", [True, False])
def test_a_file_takes_body_and_year_from_its_page(
    country: Country, page_first: bool, page_is_report: bool
) -> None:
    page = says(values={}, text="详见附件", is_report=page_is_report)
    file = {"title": "年度报告", "values": {"a": 1}, "text": "公开8条。"}
    for shows_page in (page_first, not page_first):
        if shows_page:
            country.shows(PAGE, page)
        else:
            country.shows(FILE, file, on=PAGE, title="附件.pdf")
        country.read()
    assert country.rows("select body, year, scope, url from v_reports") == [
        ("获嘉县人民政府", 2022, "area", FILE)
    ]
    before = country.derived()
    country.read(all=True)
    assert country.derived() == before


def test_a_file_takes_the_year_from_the_title_of_the_link_to_its_page(country: Country) -> None:
    country.shows(
        PAGE, {"is_report": False, "title": "信息公开"}, title="获嘉县教育局2021年政府信息公开年度报告"
    )
    country.shows(FILE, {"values": {"a": 1}}, on=PAGE, title="附件.pdf")
    country.read()
    assert country.rows("select body, year from v_reports") == [("获嘉县教育局", 2021)]


def test_a_page_takes_the_scope_of_the_file_beside_it(country: Country) -> None:
    country.shows(
        PAGE, says(issuer="获嘉县人民政府办公室", scope="body", values={}, text="县政府办发布，详见附件")
    )
    country.shows(FILE, says(issuer="获嘉县人民政府办公室", scope="area"), on=PAGE)
    country.read()
    assert country.rows("select distinct scope from v_reports") == [("area",)]


def test_a_page_never_takes_the_year_of_a_page_that_links_to_it(country: Country) -> None:
    country.shows(PAGE, says())
    country.shows(f"{HOST}/2.html", says(year=None), on=PAGE, title="上一篇")
    country.read()
    assert country.rows("select state, message from reading where state = 'unplaced'") == [
        ("unplaced", "no year in its title, its text, or the page that links to it")
    ]


def test_twins_are_renditions_of_one_version(country: Country) -> None:
    for url in (PAGE, FILE, TWIN):
        country.shows(url, says())
    country.read()
    assert country.rows("select url from rendition order by url") == [(PAGE,), (FILE,), (TWIN,)]


def test_a_file_of_several_reports_gives_each_its_own(country: Country) -> None:
    country.shows(PAGE, says(others=[says(issuer="获嘉县城关镇", values={"a": 7})]))
    country.read()
    assert [row[0] for row in country.rows("select body from v_reports order by body")] == [
        "获嘉县人民政府",
        "获嘉县城关镇人民政府",
    ]


def test_what_is_no_report_is_kept_as_that(country: Country) -> None:
    country.shows(PAGE, says(is_report=False))
    assert country.read() == derive.ReadResult(read=1, not_reports=1)
    message = Remark(RemarkKind.NOT_A_REPORT).message
    assert country.rows("select state, message from reading") == [("not_report", message)]


@pytest.mark.parametrize(("data", "why"), [(b"BAD", "known kind"), (b"BUG", "ZeroDivisionError")])
def test_what_cannot_be_read_is_recorded(country: Country, data: bytes, why: str) -> None:
    country.shows(PAGE, data)
    country.shows(TWIN, says())
    assert country.read() == derive.ReadResult(2, 1, 0, 1, 1, 2, 0)
    ((message,),) = country.rows("select message from reading where state = 'unreadable'")
    assert why in message


def test_a_crash_and_a_timeout_are_recorded(tmp_path: Path) -> None:
    country = Country(tmp_path / "archive.db")
    country.shows(PAGE, b"CRASH")
    country.shows(FILE, b"SLOW")
    country.shows(TWIN, says())
    assert country.read(jobs=2, timeout=timedelta(seconds=5)) == derive.ReadResult(3, 1, 0, 2, 1, 2, 0)
    messages = [row[0] for row in country.rows("select message from reading where state = 'unreadable'")]
    assert sorted(messages) == ["the parser died (SIGSEGV)", "the parser took more than 5 s"]


def test_a_damaged_blob_is_recorded(country: Country) -> None:
    country.shows(PAGE, says())
    country.archive.db.execute("update blob set data = x'00'")
    assert country.read().unreadable == 1
    assert "verify" in country.rows("select message from reading")[0][0]


def test_reading_all_gives_identical_rows(country: Country) -> None:
    fill(country)
    country.read()
    fill_again(country)
    country.read()
    before = country.derived()
    result = country.read(all=True)
    assert (result.read, result.versions) == (7, 0)
    assert country.derived() == before


def test_reading_all_writes_nothing_of_a_report_that_says_the_same(country: Country) -> None:
    country.shows(PAGE, says())
    country.shows(FILE, says(), on=PAGE)
    country.read()
    said: list[str] = []
    country.archive.db.set_trace_callback(said.append)
    assert country.read(all=True).read == 2
    country.archive.db.set_trace_callback(None)
    written = {
        found[1]
        for each in said
        if (found := re.match(r"\s*(?:insert into|insert or replace into|delete from|update) (\w+)", each))
    }
    assert "reading" in written
    assert not {"version", "rendition", "cell", "event", "record", "report"} & written, written


def test_reading_all_places_anew_what_says_the_same(country: Country) -> None:
    country.shows(PAGE, says(issuer=None))
    country.read()
    country.source("s1", "辉县市人民政府", "410782")
    country.read(all=True)
    assert country.rows("select body from v_reports") == [("辉县市人民政府",)]
    country.source("s1", "", "")
    country.read(all=True)
    assert country.rows("select body from v_reports") == []
    assert country.rows("select state, report_id from reading") == [("unplaced", None)]


def test_a_rebuild_from_nothing_gives_identical_rows(country: Country) -> None:
    fill(country)
    country.read()
    fill_again(country)
    country.read()
    before = country.derived()
    for table in reversed(DERIVED):
        country.archive.db.execute(f"delete from {table}") if table != "body" else None
    country.archive.db.execute("delete from body")
    country.read()
    assert country.derived() == before


def fill(country: Country) -> None:
    country.source("s2", "新乡市", "410700")
    country.shows(PAGE, says())
    country.shows(FILE, says(values={"a": 1}), on=PAGE)
    country.shows(f"{HOST}/3.html", says(year=2020), title="获嘉县2020年政府信息公开年度报告")
    country.shows("http://www.xinxiang.gov.cn/1.html", says(issuer="新乡市"), source="s2")
    country.answers(f"{HOST}/4.html", Outcome.GONE, title="获嘉县2021年政府信息公开年度报告")


def fill_again(country: Country) -> None:
    country.source("s3", "获嘉县亢村镇人民政府", "410724101")
    country.shows(PAGE, says(values={"a": 1, "b": 3}), day=2)
    country.shows("http://www.xinxiang.gov.cn/2.html", says(issuer="获嘉县亢村镇"), source="s2", day=2)
    country.shows(f"{HOST}/5.html", b"BAD", title="获嘉县2019年政府信息公开年度报告", day=2)


def test_a_body_moves_to_the_division_that_the_registry_gives_it(country: Country) -> None:
    country.source("s2", "新乡市", "410700")
    country.shows(PAGE, says(issuer="获嘉县亢村镇"), source="s2")
    country.read()
    assert country.rows("select division from v_reports") == [("410700",)]
    country.source("s3", "获嘉县亢村镇人民政府", "410724101")
    country.read()
    assert country.rows("select division from v_reports") == [("410724101",)]
    assert country.rows("select count(*) from report") == [(1,)]


def test_a_new_parser_that_reads_less_takes_the_report_away(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    country.shows(PAGE, says(others=[says(year=2021)]))
    country.read()
    monkeypatch.setattr(derive, "PARSER_VERSION", "next")
    alone = lambda data, **_: made.report({**json.loads(data), "others": []})  # noqa: E731
    monkeypatch.setattr(made, "made_parse", alone)
    country.read()
    assert country.rows("select year from v_reports") == [(2022,)]
    assert country.rows("select ordinal, parser from reading") == [(0, "next")]


def test_coverage_says_what_is_not_there_and_why(country: Country) -> None:
    fill(country)
    country.shows(f"{HOST}/6.html", b"BAD", title="获嘉县教育局2021年政府信息公开年度报告")
    country.shows(f"{HOST}/7.html", says(issuer="获嘉县教育局", scope="body"))
    country.answers(f"{HOST}/8.html", Outcome.BLOCKED_WAF, title="获嘉县教育局2020年政府信息公开年度报告")
    country.read()
    states = {(body, year): state for body, _, year, state, _ in country.rows("select * from v_coverage")}
    assert states == {
        ("获嘉县人民政府", 2020): "found",
        ("获嘉县人民政府", 2021): "not_looked_for",
        ("获嘉县人民政府", 2022): "found",
        ("获嘉县教育局", 2020): "blocked",
        ("获嘉县教育局", 2021): "unreadable",
        ("获嘉县教育局", 2022): "found",
        ("新乡市人民政府", 2020): "not_looked_for",
        ("新乡市人民政府", 2021): "not_looked_for",
        ("新乡市人民政府", 2022): "found",
    }


class Killed(BaseException):
    """As a kill would end it: nothing in the program catches it."""


@pytest.mark.parametrize("step", range(1, 60, 7))
def test_a_read_that_is_killed_anywhere_leaves_whole_reports_and_goes_on(
    country: Country, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(country)
    country.read()
    fill_again(country)
    calls = iter(range(1, 10_000))
    insert = reports.insert

    def killed(db: sqlite3.Connection, table: str, rows: list[tuple[object, ...]]) -> None:
        if next(calls) == step:
            raise Killed
        insert(db, table, rows)

    monkeypatch.setattr(reports, "insert", killed)
    try:
        country.read(all=True)
    except Killed:
        assert country.rows("select count(*) from v_reports where year = 2022") >= [(2,)]
        assert country.rows("select id from version where id not in (select version_id from rendition)") == []
    monkeypatch.setattr(reports, "insert", insert)
    country.read()
    before = country.derived()
    country.read(all=True)
    assert country.derived() == before
