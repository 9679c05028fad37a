"""The corpus of made documents: nearly every cell is right, and no error is silent."""

from __future__ import annotations

from collections import Counter

import pytest

from parsers.document import ParseError
from parsers.report import parse
from tests.corpus.documents import EVERY, Drawn, corpus, plain, sheets
from tests.corpus.grading import Grade, grade

SIZE = 150
PDFS = 3


def small_corpus() -> list[Drawn]:
    """The first documents, with only a few of the slow PDFs among them."""
    kept: list[Drawn] = []
    for drawn in corpus(2 * SIZE, seed=4):
        pdfs = sum(one.container == "pdf" for one in kept)
        if drawn.container != "pdf" or pdfs < PDFS:
            kept.append(drawn)
    return kept[:SIZE]


def graded(drawn: Drawn) -> Grade:
    try:
        return grade(drawn.sheet, parse(drawn.data))
    except ParseError as error:
        return Grade(missing=len(drawn.sheet.figures), notes=[str(error)])


@pytest.fixture(scope="module")
def grades() -> list[tuple[Drawn, Grade]]:
    return [(drawn, graded(drawn)) for drawn in small_corpus()]


def test_no_error_is_silent(grades: list[tuple[Drawn, Grade]]) -> None:
    assert {drawn.quirk: result.errors[:3] for drawn, result in grades if result.silent} == {}


def test_nearly_every_cell_is_right(grades: list[tuple[Drawn, Grade]]) -> None:
    whole = Grade()
    for drawn, result in grades:
        if not drawn.lossy:
            whole += result
    assert whole.right > 17_000
    assert whole.share >= 0.999, Counter(drawn.quirk for drawn, result in grades if result.missing)


def test_nothing_is_invented_in_prose(grades: list[tuple[Drawn, Grade]]) -> None:
    assert [result.notes for _, result in grades if result.said_wrong] == []


def test_the_same_seed_gives_the_same_documents() -> None:
    one, two = ([(drawn.quirk, drawn.data) for drawn in corpus(40, seed=7)] for _ in range(2))
    assert one == two


@pytest.mark.parametrize("generation", EVERY)
def test_an_undamaged_report_of_each_generation(generation: str) -> None:
    for container in ("html", "text", "docx", "odt", "ods"):
        result = graded(plain(container, generation, 5))
        assert (result.missing, result.wrong, result.notes) == (0, 0, [])


def test_old_lists_add_up() -> None:
    for sheet in sheets("G2014S", 1):
        figures = {code: value or 0 for code, value in sheet.figures.items()}
        channels = ("in_person", "fax", "online", "letter")
        assert figures["s14_req_received"] == sum(figures[f"s14_req_{name}"] for name in channels)
        assert len(figures) == 58
    for sheet in sheets("G2008L", 1):
        figures = {code: value or 0 for code, value in sheet.figures.items()}
        reasons = [value for code, value in figures.items() if code.startswith("l08_denied_")]
        assert figures["l08_ans_denied"] == sum(reasons)
        assert len(figures) == 35


def test_plain_prose_has_no_figures_and_says_numbers() -> None:
    for sheet in sheets("G2008", 1)[:20]:
        assert sheet.figures == {}
        assert set(sheet.said) >= {"n_requests_received", "n_items_disclosed"}
