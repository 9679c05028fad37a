"""A figure far above those of the years before is noted, with the likeliest reason, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from made import HOST, Country, inline, says

from archive import pool
from archive.derived import slips
from archive.derived.slips import LEAST_YEARS, YEARS, watched
from benchmarks import slips as measured
from parsers.codebook import forms
from parsers.identities import equations

FEE, COUNT = "t2_fee_amount_wan", "t2_licensing_decisions"
BEFORE = (121, 130, 118, 125)


def said(code: str, now: float, before: tuple[float, ...] = BEFORE) -> str:
    """The reason for which the cell is unusual; empty when it is not."""
    years = {2020 + number: {code: value} for number, value in enumerate(before)}
    return next((finding.values["case"] for finding in slips.unusual({code: now}, years)), "")


@pytest.mark.parametrize(
    ("code", "now", "reason"),
    [
        (COUNT, 1270, "ten_times"),
        (COUNT, 9000, "own_history"),
        (COUNT, 480, ""),
        (COUNT, 12, ""),
        (COUNT, 0, ""),
        (FEE, 1_260_000, "ten_thousand_times"),
        (COUNT, 1_260_000, "own_history"),
    ],
)
def test_what_is_far_above_is_noted_with_its_reason(code: str, now: float, reason: str) -> None:
    assert said(code, now) == reason


def test_a_body_whose_numbers_jump_is_left_alone() -> None:
    assert said(COUNT, 1270, (3, 200, 40, 11, 90)) == ""
    assert said(COUNT, 90, (8, 9, 8, 9)) == "ten_times"
    assert said(COUNT, 19, (1, 2, 1, 2)) == "", "small counts vary as they like"


def test_two_or_three_years_are_no_habit() -> None:
    assert said(COUNT, 1270, BEFORE[: LEAST_YEARS - 1]) == ""
    assert said(COUNT, 1270, (*BEFORE[:-1], 0)) == "", "a 0 is no number to compare with"


def test_only_cells_that_no_sum_tells_about_are_watched() -> None:
    proven = {code for key in forms() for equation in equations(*key) for code in equation.codes}
    assert {FEE, COUNT} <= set(watched())
    assert not proven & set(watched())


def test_the_precision_is_what_the_rules_say() -> None:
    assert measured.run(3000, 7)


# --- in an archive ---


@pytest.fixture
def country(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Country]:
    monkeypatch.setattr(pool, "run", lambda *a, **k: (each for each in inline(*a, **k)))
    filled = Country(tmp_path / "archive.db")
    yield filled
    filled.archive.close()


def shown(country: Country, year: int, value: float, day: int = 1) -> None:
    country.shows(f"{HOST}/{year}.html", says(year=year, values={COUNT: value}, text=f"{year}年。"), day=day)


def found(country: Country) -> list[tuple[int, str, str]]:
    return country.rows("select year, kind, codes from v_findings order by year")  # type: ignore[return-value]


def test_a_note_follows_the_years_before_as_they_come_and_change(country: Country) -> None:
    for year, value in zip(range(2019, 2022), BEFORE, strict=False):
        shown(country, year, value)
    shown(country, 2023, 1270)
    country.read()
    assert found(country) == []
    shown(country, 2018, BEFORE[3], day=2)
    country.read()
    assert found(country) == [(2023, "figure_unusual", f'["{COUNT}"]')]
    shown(country, 2018, 1200, day=3)
    country.read()
    assert found(country) == []


def test_years_further_back_say_nothing(country: Country) -> None:
    for number, value in enumerate(BEFORE):
        shown(country, 2008 + number, value)
    shown(country, 2008 + YEARS + 3, 1270)
    country.read()
    assert found(country) == []


def test_a_rebuild_says_the_same(country: Country) -> None:
    for number, value in enumerate((*BEFORE, 1270)):
        shown(country, 2019 + number, value)
    country.read()
    before = country.derived()
    assert [kind for _year, kind, _codes in found(country)] == ["figure_unusual"]
    country.read(all=True)
    assert country.derived() == before


def test_all_figures_of_last_year_are_noted_where_they_are_telling(country: Country) -> None:
    telling = {f"t3_granted__{n}": value for n, value in enumerate((173, 96, 41, 27, 1208, 15))}
    for year in (2021, 2022):
        country.shows(f"{HOST}/{year}.html", says(year=year, values=telling, text=f"{year}年。"))
    few = {"t3_granted__0": 1}
    for year in (2023, 2024):
        country.shows(f"{HOST}/{year}.html", says(year=year, values=few, text=f"{year}年。"))
    country.read()
    assert found(country) == [(2022, "figures_repeat_last_year", "[]")]
