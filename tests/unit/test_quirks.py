"""Every quirk of print, in each of its containers and generations: what must be read is read."""

from __future__ import annotations

from random import Random

import pytest

from parsers.report import parse
from sample.forms.sheet import Heading
from tests.corpus.documents import draw, sheets
from tests.corpus.grading import Grade, grade
from tests.corpus.quirks import PRINTERS, QUIRKS, Quirk

SLOW = "pdf"


def cases() -> list[object]:
    return [pytest.param(quirk, id=name) for name, quirk in QUIRKS.items()]


def failures(quirk: Quirk, containers: list[str]) -> list[str]:
    found = []
    for container in containers:
        for generation in quirk.generations:
            drawn = draw(quirk, container, generation, Random(f"{generation} {container}"))
            result = grade(drawn.sheet, parse(drawn.data))
            if result.missing or result.wrong or result.notes:
                found.append(f"{container} {generation}: {told(result)}")
    return found


def told(result: Grade) -> str:
    return f"missing {result.gaps[:3]}, wrong {result.errors[:3]}, {result.notes[:3]}"


@pytest.mark.parametrize("quirk", cases())
def test_quirk(quirk: Quirk) -> None:
    assert failures(quirk, [container for container in quirk.printers if container != SLOW]) == []


@pytest.mark.parametrize("name", ["broken_over_pages", "decimals", "header_typo"])
def test_quirk_in_pdf(name: str) -> None:
    quirk = QUIRKS[name]
    drawn_in = Quirk(name, quirk.change, {SLOW: PRINTERS[SLOW]}, quirk.generations[-1:])
    assert failures(drawn_in, [SLOW]) == []


@pytest.mark.parametrize("name", list(QUIRKS))
def test_quirk_changes_what_is_printed(name: str) -> None:
    quirk = QUIRKS[name]
    container = next(iter(quirk.printers))
    generation = quirk.generations[-1]
    sheet = sheets(generation, 1)[1]
    quirky = quirk.printers[container](quirk.change(sheet, Random(3)), Random(3))
    assert quirky != PRINTERS[container](sheet, Random(3))


@pytest.mark.parametrize("name", ["glued_digits", "glued_rows", "glued_figures", "run_with_spaces"])
def test_glued_cells_are_right_or_named_by_a_finding(name: str) -> None:
    for generation in ("G2019", "G2021"):
        drawn = draw(QUIRKS[name], "text", generation, Random(generation))
        result = grade(drawn.sheet, parse(drawn.data))
        assert (result.wrong, result.unsaid) == (0, 0)


def test_every_quirk_says_what_it_does() -> None:
    assert len(QUIRKS) > 85
    assert all(quirk.printers and quirk.generations for quirk in QUIRKS.values())


def test_headings_stay_headings() -> None:
    sheet = sheets("G2021", 1)[0]
    lost = QUIRKS["heading_lost"].change(sheet, Random(1))
    assert sum(isinstance(part, Heading) for part in lost.parts) == 6
