"""Findings across years and bodies, each kind ringing and silent, and that they are a function of the archive."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from made import HOST, Country, says

from archive.derived import across, chains
from archive.derived.chains import Cell
from archive.rows import alike, inside

OUT, IN = "t3_carried_out__total", "t3_carried_in__total"


def prose(seed: int, length: int = 600) -> str:
    """Text that is like no other."""
    chance = Random(seed)
    return "".join(chr(chance.randint(0x4E00, 0x9000)) for _ in range(length))


def reports(country: Country, *said: dict[str, Any], day: int = 1) -> None:
    for number, each in enumerate(said):
        text = {"text": prose(day * 100 + number), **each}
        country.shows(f"{HOST}/{each.get('issuer', '')}{each.get('year', 2022)}.html", says(**text), day=day)
    country.read()


def findings(country: Country) -> list[tuple[Any, ...]]:
    return country.rows("select body, year, kind, message, codes from v_findings order by year, body, kind")


def kinds(country: Country) -> list[tuple[int, str]]:
    return [(year, kind) for _, year, kind, _, _ in findings(country)]


# --- against the year before ---


def test_a_carry_over_that_does_not_match_is_found_per_column(country: Country) -> None:
    column = {"t3_carried_in__natural": 1}
    reports(country, {"year": 2021, "values": {OUT: 3, "t3_carried_out__natural": 1}})
    reports(country, {"year": 2022, "values": {IN: 2, **column}}, day=2)
    ((_, year, kind, message, codes),) = findings(country)
    assert (year, kind, codes) == (2022, "carry_over_differs", f'["{IN}"]')
    assert "total 2 after 3" in message


@pytest.mark.parametrize(
    ("last", "now"),
    [({OUT: 3}, {IN: 3}), ({OUT: 3}, {"a": 1}), ({"a": 1}, {IN: 2}), ({OUT: 0}, {IN: 0})],
)
def test_a_carry_over_that_matches_or_cannot_be_told_is_silent(
    country: Country, last: dict[str, int], now: dict[str, int]
) -> None:
    reports(country, {"year": 2021, "values": last}, {"year": 2022, "values": now})
    assert kinds(country) == []


def test_an_empty_cell_carries_nothing_over() -> None:
    assert chains.carry_over({OUT: Cell(None, "blank")}, {IN: Cell(0, "number")}, 2021) is None
    assert chains.carry_over({OUT: Cell(None, "dash")}, {IN: Cell(1, "number")}, 2021) is not None
    assert chains.carry_over({OUT: Cell(None, "illegible")}, {IN: Cell(1, "number")}, 2021) is None


def test_the_year_before_may_come_later_or_be_revised(country: Country) -> None:
    reports(country, {"year": 2022, "values": {IN: 2}})
    assert kinds(country) == []
    reports(country, {"year": 2021, "values": {OUT: 3}}, day=2)
    assert kinds(country) == [(2022, "carry_over_differs")]
    reports(country, {"year": 2021, "values": {OUT: 2}}, day=3)
    assert kinds(country) == []


def test_what_is_in_force_is_advice(country: Country) -> None:
    name = "t2_normative"
    now = {f"{name}_in_force": 12, f"{name}_issued": 3, f"{name}_repealed": 2}
    reports(country, {"year": 2021, "values": {f"{name}_in_force": 10}}, {"year": 2022, "values": now})
    ((_, _, kind, message, _),) = findings(country)
    assert kind == "in_force_differs"
    assert message.startswith("advice: ")
    assert "10 + 3 - 2 = 11, but 12" in message
    reports(country, {"year": 2022, "values": {**now, f"{name}_in_force": 11}}, day=2)
    assert kinds(country) == []


@pytest.mark.parametrize(("same", "found"), [(0.9, True), (0.6, True), (0.4, False), (0.0, False)])
def test_text_that_is_mostly_last_years(country: Country, same: float, found: bool) -> None:
    old = prose(1, 4000)
    new = old[: int(4000 * same)] + prose(2, int(4000 * (1 - same)))
    reports(country, {"year": 2021, "text": old}, {"year": 2022, "text": new})
    assert kinds(country) == ([(2022, "text_repeats_last_year")] if found else [])


def test_short_formulas_may_repeat(country: Country) -> None:
    reports(
        country,
        {"year": 2021, "text": "无其他需要报告的事项。"},
        {"year": 2022, "text": "无其他需要报告的事项。"},
    )
    assert kinds(country) == []


def test_the_share_of_a_text_is_told_well() -> None:
    old = prose(3, 5000)
    for part in (0.1, 0.3, 0.5, 0.7, 0.95):
        new = old[: int(5000 * part)] + prose(4, int(5000 * (1 - part)))
        assert alike.share(alike.sketch(new), alike.sketch(old)) == pytest.approx(part, abs=0.12)
    assert alike.Sketch.unpack(alike.sketch(old).pack()) == alike.sketch(old)


# --- against other bodies ---

TELLING = {f"t3_granted__{n}": value for n, value in enumerate((173, 96, 41, 27, 1208, 15))}


def test_a_copy_of_another_bodys_figures_is_found_at_both(country: Country) -> None:
    reports(country, {"values": TELLING}, {"issuer": "获嘉县教育局", "values": {**TELLING, "t3_zero": 0}})
    assert [(body, kind) for body, _, kind, _, _ in findings(country)] == [
        ("获嘉县人民政府", "figures_of_another_body"),
        ("获嘉县教育局", "figures_of_another_body"),
    ]
    assert "获嘉县教育局 2022" in findings(country)[0][3]
    revised = {**TELLING, "t3_zero": 0, "t3_granted__0": 174}
    reports(country, {"issuer": "获嘉县教育局", "values": revised}, day=2)
    assert kinds(country) == []


@pytest.mark.parametrize("values", [{"t3_a": 0, "t3_b": 0}, {"t3_a": 1, "t3_b": 1, "t3_c": 2}])
def test_reports_of_zeros_and_few_small_numbers_are_no_copies(
    country: Country, values: dict[str, int]
) -> None:
    reports(country, {"values": values}, {"issuer": "获嘉县教育局", "values": values})
    assert kinds(country) == []


def test_one_bodys_own_figures_are_no_copy(country: Country) -> None:
    reports(country, {"values": TELLING}, {"values": TELLING, "scope": "body", "year": 2021})
    assert kinds(country) == []


# --- the name inside ---


@pytest.mark.parametrize(
    ("body", "text", "name"),
    [
        ("建水县面甸镇人民政府", "本报告由建水县民族宗教事务局编制。", "建水县民族宗教事务局"),
        ("参内乡人民政府", "黄村乡2022年政府信息公开工作年度报告\n一、总体情况", "黄村乡"),
        ("获嘉县教育局", "2022年，获嘉县公安局认真贯彻落实条例。", "获嘉县公安局"),
        ("获嘉县教育局", "一、总体情况\n无。\n获嘉县公安局", "获嘉县公安局"),
        ("获嘉县教育体育局", "2022年，县教体局认真贯彻落实条例。", ""),
        ("获嘉县教育局", "2022年，我局认真贯彻落实条例。本报告由获嘉县教育局编制。", ""),
        ("获嘉县人民政府办公室", "2022年，获嘉县人民政府认真贯彻落实条例。", ""),
        ("获嘉县教育局", "根据《河南省人民政府办公厅关于做好2022年政府信息公开工作年度报告编制的通知》", ""),
        ("获嘉县亢村镇人民政府", "本报告由亢村镇编制，联系获嘉县公安局。", ""),
        ("获嘉县教育局", "本报告由获嘉县教育局编制。\n获嘉县公安局", ""),
    ],
)
def test_the_name_that_a_text_gives_itself(body: str, text: str, name: str) -> None:
    assert inside.other_name(body, inside.said(text)) == name


def test_a_wrong_name_inside_is_a_finding(country: Country) -> None:
    reports(country, {"issuer": "获嘉县教育局", "text": "本报告由获嘉县公安局编制。"})
    assert kinds(country) == [(2022, "wrong_name_inside")]


# --- all of them ---


def test_a_rebuild_finds_the_same(country: Country) -> None:
    reports(country, {"year": 2021, "values": {OUT: 3, **TELLING}, "text": prose(9)})
    reports(country, {"year": 2022, "values": {IN: 2}, "text": prose(9)}, day=2)
    reports(country, {"issuer": "获嘉县教育局", "values": {OUT: 3, **TELLING}}, day=3)
    before = country.derived()
    assert len(findings(country)) == 4
    country.read(all=True)
    assert country.derived() == before
    assert country.rows("select * from due") == []


def test_a_report_of_zeros_does_not_make_all_others_due(country: Country) -> None:
    """They are hundreds of thousands, and equal."""
    reports(country, *({"issuer": f"获嘉县教育局第{n}分局", "values": {"t3_a": 0}} for n in range(3)))
    country.shows(
        f"{HOST}/获嘉县教育局第0分局2022.html", says(issuer="获嘉县教育局第0分局", values={"t3_b": 0}), day=2
    )
    due: list[int] = []
    fill = across.fill

    def counted(archive: Any) -> None:
        due.extend(row[0] for row in archive.db.execute("select count(*) from due"))
        fill(archive)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(across, "fill", counted)
        country.read()
    assert due == [1]
