"""What a misprint would have to be stands beside the figure, on pages and in downloads, and never in it."""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from made import HOST, Country, inline

from archive import pool
from archive.derived import derive
from archive.publication.indicators import indicator
from archive.publish import publish
from parsers.codebook import forms
from parsers.identities import equations
from parsers.proof.misprints import Located
from parsers.report import parse
from web import app
from web.saying.speech import Speech
from web.views import bodyview

EXAMPLE = (Path(__file__).parents[2] / "docs" / "example-report.html").read_bytes()
WRONG, BESIDE, ELSEWHERE = "t3_granted__natural", "t3_granted__total", "t3_partial__business"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of docs/example-report.html, read and published."""
    folder = tmp_path_factory.mktemp("suggested")
    country = Country(folder / "archive.db")
    country.shows(f"{HOST}/1.html", EXAMPLE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool, "run", lambda *a, **k: (each for each in inline(*a, **k)))
        derive.read(country.archive)
    country.archive.close()
    publish(folder / "archive.db", folder / "public")
    return folder / "public"


@pytest.fixture(scope="module")
def get(out: Path) -> Callable[[str], Any]:
    site = app(out)
    return lambda path, **more: asyncio.run(site.client.get(path, **more))


@pytest.fixture(scope="module")
def report(out: Path) -> str:
    (row,) = rows(out / "reports.csv")
    return f"/report/{row['report_id']}"


def card_of(report: str, code: str) -> str:
    """The address of what the page of a report shows when a figure is pressed."""
    return f"/figure{report.removeprefix('/report')}/{code}?part=card"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_panel_has_it_beside_all_figures(out: Path) -> None:
    (row,) = rows(out / "panel.csv")
    assert row[WRONG] == "21"
    assert json.loads(row["suggested"]) == {WRONG: 12}


def test_the_long_table_has_it_with_its_cell(out: Path) -> None:
    told = {row["code"]: (row["value"], row["proof"], row["suggested"]) for row in rows(out / "figures.csv")}
    assert told[WRONG] == ("21", "contradicted", "12")
    assert told[BESIDE] == ("15", "cleared", "")
    assert told[ELSEWHERE][1:] == ("proven", "")


def test_what_is_published_is_what_is_printed_byte_for_byte(out: Path) -> None:
    """Every value, state and raw text as they were before anybody looked for misprints."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("parsers.proof.misprints.located", lambda *_: Located({}))
        before = parse(EXAMPLE).figures
    printed = {each.code: (text(each.value), each.state.value, each.raw) for each in before}
    assert {
        row["code"]: (row["value"], row["state"], row["raw"]) for row in rows(out / "figures.csv")
    } == printed
    (row,) = rows(out / "panel.csv")
    assert {code: row[code] for code in printed} == {code: value for code, (value, *_) in printed.items()}


def text(value: float | None) -> str:
    """A number as a CSV has it."""
    return "" if value is None else str(value)


def test_the_page_shows_it_beside_what_is_printed(get: Any, report: str) -> None:
    page: Any = lxml.html.fromstring(get(report).text)
    (cell,) = page.xpath(f"//td[@id='{WRONG}']/a")
    assert cell.text == "21"
    assert cell.xpath("string(small)").split() == ["应为", "12"]
    card = get(card_of(report, WRONG)).text
    assert "唯一能使全部勾稽关系成立的数；原文的数字没有改动。" in card
    english = get(card_of(report, WRONG), cookies={"lang": "en"}).text
    assert "the only number that would make all sums hold; what is printed is not changed." in english
    assert page.xpath("//small[@class='suggested']/ancestor::td/@id") == [WRONG]


def test_a_cleared_cell_says_why_it_can_be_used(get: Any, report: str) -> None:
    page: Any = lxml.html.fromstring(get(report).text)
    assert "错处在别的格" in get(card_of(report, BESIDE)).text
    assert "错处在别的格" not in get(card_of(report, WRONG)).text
    legend = page.get_element_by_id("legend").text_content()
    assert "勾稽矛盾不在此格" in legend


def test_its_json_and_csv_have_it_before_the_place(get: Any, report: str) -> None:
    figures = {figure["code"]: figure for figure in get(f"{report}.json").json()["figures"]}
    assert (figures[WRONG]["value"], figures[WRONG]["suggested"]) == (21, 12)
    assert figures[BESIDE]["suggested"] is None
    lines = get(f"{report}.csv").text.splitlines()
    assert lines[0] == "code,label,value,state,raw,unit,proof,suggested,place"
    (line,) = (each for each in lines if each.startswith(f"{WRONG},"))
    assert line.endswith("contradicted,12,table[2]/tr[6]/td[3]")


# --- what a chart tells ---

CONCLUDED = {"t3_result_total__total", "s14_req_answered", "l08_ans_total"}


def test_the_parts_of_how_requests_ended_are_all_that_the_total_sums_up() -> None:
    totals = [
        equation
        for key in forms()
        for equation in equations(*key)
        if len(equation.right) == 1 and equation.right[0] in CONCLUDED and len(equation.left) > 1
        and not equation.id.startswith("T3-I3")
    ]  # fmt: skip
    assert {equation.right[0] for equation in totals} == CONCLUDED
    for equation in totals:
        shown: list[str] = []
        for name in bodyview.OUTCOMES:
            known = indicator(name)
            assert known
            shown += [code for code in known.used if code in equation.left]
        assert sorted(shown) == sorted(equation.left), "each part once, and none left out"


def test_bars_come_to_what_the_table_says(get: Any, out: Path) -> None:
    (row,) = rows(out / "reports.csv")
    facts = get(f"/body/{row['body_id']}.json").json()["indicators"]
    parts = [facts[name]["2025"] or 0 for name in bodyview.OUTCOMES]
    (panel,) = rows(out / "panel.csv")
    assert facts["otherwise"]["2025"] == 2
    assert sum(parts) == float(panel["t3_result_total__total"])
    chart: Any = lxml.html.fromstring(get(f"/body/{row['body_id']}").text)
    assert chart.xpath("//rect[@class='otherwise']/*[local-name()='title']/text()") == [
        f"2025 {bodyview.word(Speech(), 'otherwise')}: 2"
    ]
