"""Damaged tables: whatever is done to print, it is read as it stands, or said to be amiss. Nothing is silent."""

from __future__ import annotations

from itertools import islice
from random import Random

import pytest

from parsers.report import parse
from tests.corpus.documents import Drawn, mutations, sheets
from tests.corpus.grading import Grade, grade
from tests.corpus.mutations import MUTATIONS, change_digit, mutated
from tests.corpus.quirks import PRINTERS

SIZE = 220


@pytest.fixture(scope="module")
def grades() -> dict[str, list[tuple[Drawn, Grade]]]:
    found: dict[str, list[tuple[Drawn, Grade]]] = {mutation.__name__: [] for mutation in MUTATIONS}
    for drawn in mutations(SIZE, seed=2):
        found[drawn.quirk].append((drawn, grade(drawn.sheet, parse(drawn.data))))
    return found


def names() -> list[object]:
    return [mutation.__name__ for mutation in MUTATIONS]


@pytest.mark.parametrize("name", names())
def test_no_error_is_silent(grades: dict[str, list[tuple[Drawn, Grade]]], name: str) -> None:
    assert len(grades[name]) >= SIZE // len(MUTATIONS)
    assert [(drawn.container, one.errors[:3]) for drawn, one in grades[name] if one.silent] == []


def test_a_row_that_stands_twice_loses_no_other(grades: dict[str, list[tuple[Drawn, Grade]]]) -> None:
    assert [(drawn.container, one.missing) for drawn, one in grades["duplicate_row"] if one.missing > 7] == []


def test_one_digit_changes_one_figure() -> None:
    for number, sheet in enumerate(islice(sheets("G2021", 1), 12)):
        random = Random(number)
        damaged = mutated(sheet, change_digit, random)
        before, after = (
            {figure.code: figure.value for figure in parse(PRINTERS["html"](one, Random(1))).figures}
            for one in (sheet, damaged)
        )
        changed = {code for code, value in after.items() if value != before[code]}
        assert changed == {code for code, value in damaged.figures.items() if value != sheet.figures[code]}
        assert len(changed) == 1
