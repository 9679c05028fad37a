"""A figure far above those of the years before, or of peers, is noted with the likeliest reason, and nothing else is."""

from __future__ import annotations

import pytest
from made import HOST, Country, says

from archive.derived import peers, slips
from archive.derived.slips import LEAST_YEARS, YEARS, watched
from archive.ids import content_id
from benchmarks import slips as benchmark
from parsers.codebook import forms
from parsers.identities import equations
from parsers.rulebook import rules

FEE, COUNT, BESIDE = "t2_fee_amount_wan", "t2_licensing_decisions", "t2_penalty_decisions"
BEFORE = (121, 130, 118, 125)


def said(code: str, now: float, before: tuple[float, ...] = BEFORE, after: float = 0) -> str:
    """The reason for which the cell is unusual; empty when it is not."""
    years = {2020 + number: {code: value} for number, value in enumerate(before)}
    found = slips.unusual({code: now}, years, {code: after} if after else {})
    return next((finding.values["case"] for finding in found), "")


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


def test_what_stays_so_high_was_no_slip_but_yuan_may_be_printed_for_years() -> None:
    assert said(COUNT, 1270, after=128) == "ten_times"
    assert said(COUNT, 1270, after=1100) == said(COUNT, 9000, after=7500) == ""
    assert said(FEE, 1_260_000, after=1_180_000) == "ten_thousand_times"


@pytest.mark.parametrize(
    ("count", "beside", "reason"),
    [(2044, 2044, "neighbour"), (2044, 2045, "own_history"), (121, 121, ""), (8200, 8200, "own_history")],
)
def test_the_number_of_the_cell_beside_it(count: int, beside: int, reason: str) -> None:
    """Where the other cell always printed such numbers; a pair that both rose is none."""
    others = (2030, 1875, 2210, 1962)
    years = {2020 + n: {COUNT: BEFORE[n], BESIDE: others[n]} for n in range(len(BEFORE))}
    found = {f.codes[0]: f.values["case"] for f in slips.unusual({COUNT: count, BESIDE: beside}, years, {})}
    assert found.get(COUNT, "") == reason


def test_neighbours_stand_side_by_side_in_a_form() -> None:
    assert {BESIDE, "t2_normative_in_force"} <= slips.neighbours()[COUNT]
    assert FEE not in slips.neighbours()[COUNT]


PEERS = (310, 275, 402, 188, 260)


def against(now: float, peers: tuple[int, ...], before: tuple[float, ...] = (), after: float = 0) -> str:
    """What a body with these years around it is noted for beside its peers."""
    years = {2024 - len(before) + n: {COUNT: value} for n, value in enumerate(before)}
    asked = slips.without_habit({COUNT: now}, years, {COUNT: after} if after else {})
    found = slips.above_peers({COUNT: now}, {code: list(peers) for code in asked})
    return next((finding.values["case"] for finding in found), "")


def test_peers_tell_where_there_are_too_few_years() -> None:
    assert against(2900, PEERS) == against(2900, PEERS, (280, 290)) == "peers"
    assert against(1500, PEERS) == "", "not four times the highest"
    assert against(2900, PEERS[1:]) == "", "too few peers"
    assert against(2900, (3, 40, 310, 9, 700)) == "", "peers that differ by that much anyway"
    assert against(2900, PEERS, (2700,)) == against(2900, PEERS, after=2600) == "", "a large body"
    assert against(2900, PEERS, BEFORE) == "", "its own years tell"


def test_peers_are_the_same_authority_of_the_divisions_beside() -> None:
    of_county = peers.of("获嘉县教育局", "410724")
    assert {content_id("410725", "原阳县教育局"), content_id("410700", "原阳县教育局")} <= set(of_county)
    assert content_id("410724", "获嘉县教育局") not in of_county
    assert set(of_county) == set(peers.of("获嘉县教育局", "410700")), "the city's site listed it"
    assert content_id("410100", "郑州市水利局") in peers.of("新乡市水利局", "410700")
    assert content_id("420000", "湖北省水利厅") in peers.of("河南省水利厅", "410000")
    for name, division in (
        ("水利部", "000000"),
        ("获嘉县城关镇人民政府", "410724"),
        ("原阳县教育局", "410724"),
    ):
        assert not set(peers.of(name, division)) & set(peers.of("获嘉县教育局", "410724"))


def test_only_cells_that_no_sum_tells_about_are_watched() -> None:
    proven = {code for key in forms() for equation in equations(*key) for code in equation.codes}
    assert {FEE, COUNT} <= set(watched())
    assert not proven & set(watched())


def test_the_precision_is_what_the_rules_say() -> None:
    found = benchmark.measured(benchmark.TRIALS, benchmark.SEED)
    said = {each.part or each.kind.value: each.precision for each in rules() if each.precision}
    assert said == {rule: f"{100 * found.precision(rule):.0f} %" for rule in found.noted}
    assert all(found.precision(rule) >= benchmark.LEAST_PRECISION for rule in found.noted)


# --- in an archive ---


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


def test_a_note_goes_when_the_year_after_prints_the_like(country: Country) -> None:
    for number, value in enumerate((*BEFORE, 1270)):
        shown(country, 2018 + number, value)
    country.read()
    assert found(country) == [(2022, "figure_unusual", f'["{COUNT}"]')]
    shown(country, 2023, 1310, day=2)
    country.read()
    assert found(country) == []


def test_a_note_follows_the_peers_as_they_come_and_change(country: Country) -> None:
    country.source("s1", "新乡市人民政府", "410700")
    counties = "原阳县 新乡县 延津县 封丘县 卫辉市".split()
    for county, value in zip(counties[1:], PEERS[1:], strict=True):
        beside(country, county, value)
    beside(country, "获嘉县", 2900)
    country.read()
    assert found(country) == []
    beside(country, counties[0], PEERS[0], day=2)
    country.read()
    assert found(country) == [(2023, "figure_unusual", f'["{COUNT}"]')]
    before = country.derived()
    country.read(all=True)
    assert country.derived() == before
    beside(country, counties[0], 2500, day=3)
    country.read()
    assert found(country) == []


def beside(country: Country, county: str, value: float, day: int = 1) -> None:
    said = says(issuer=f"{county}教育局", year=2023, values={COUNT: value}, text=f"{county}。", scope="body")
    country.shows(f"{HOST}/{county}.html", said, day=day)


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
