"""Sentences whose numbers stand apart, and what only looks like them."""

from __future__ import annotations

from time import process_time

import pytest

from parsers.report import parse
from parsers.tables.flat.sentences import joined


@pytest.mark.parametrize(
    ("pieces", "whole"),
    [
        (["共受理", "12", "件，其中", "3", "件。"], ["共受理12件，其中3件。"]),
        (["根据〔", "2021", "〕", "30", "号的要求"], ["根据〔2021〕30号的要求"]),
        (["为", "20", "23", "年", "1", "月"], ["为2023年1月"]),
        (["（同一热点计", "1", "次）", "次", "8"], ["（同一热点计1次）", "次", "8"]),
        (["说完了。", "5", "件，其中"], ["说完了。", "5件，其中"]),
        (["行政许可", "", "2023", "年，我局"], ["行政许可", "", "2023年，我局"]),
        (["122", ",", "893", "人次"], ["122,893", "人次"]),
        (["1", "，", "234", "，", "567"], ["1，234，567"]),
    ],
)
def test_what_goes_on_after_a_number_is_one_text(pieces: list[str], whole: list[str]) -> None:
    assert ["".join(pieces[group]) for group in joined(pieces)] == whole


@pytest.mark.parametrize(
    "pieces",
    [
        ["规章", "0", "0", "0"],
        ["1.当面申请数", "件", "3", "2.传真申请数", "件", "4"],
        ["一、本年新收", "1", "0", "0", "0", "0", "0", "1", "二、上年结转"],
        ["（一）予以公开", "5", "（二）部分公开"],
        ["1", "2", "3", "4", "件，其中"],
        ["", "", ""],
        [],
    ],
)
def test_cells_of_tables_stay_apart(pieces: list[str]) -> None:
    assert [pieces[group] for group in joined(pieces)] == [[piece] for piece in pieces]


def test_long_runs_of_numbers_take_no_more_than_their_length() -> None:
    start = process_time()
    assert len(list(joined(["7"] * 200_000))) == 200_000
    assert len(list(joined(["（7"] * 100_000))) == 100_000
    assert process_time() - start < 5


def test_what_a_sentence_says_is_read_though_its_numbers_stand_apart() -> None:
    lines = [
        "某局",
        "2023",
        "年政府信息公开工作年度报告",
        "全年共收到政府信息公开申请",
        "12",
        "件，予以公开",
        "9",
        "件。",
    ]
    report = parse("\n".join(lines).encode())
    assert {s.code: s.value for s in report.statements} == {"n_requests_received": 12, "n_granted": 9}
    assert report.year == 2023
