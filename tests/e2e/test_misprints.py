"""Of the cells of failing identities the wrong one is named, and no other is accused."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from parsers import identities
from parsers.codebook import forms
from parsers.findings import Finding
from parsers.proof.misprints import Located, Slip, located, slip
from parsers.records import Figure, Proof, State
from parsers.report import parse
from sample.make import country
from tests.corpus import documents as corpus

GENERATIONS = dict.fromkeys(("t2", "t3", "t4"), "G2021")
CLEAN = next(
    report.figures
    for report in country().reports
    if report.generation == "G2021" and not report.printed_errors and report.figures["t3_granted__natural"]
)


def explained(changes: Mapping[str, int]) -> Located:
    """What is said of the clean report with these cells changed."""
    values = {**CLEAN, **changes}
    figures = {
        code: Figure(
            code,
            value,
            State.BLANK if value is None else State.NUMBER,
            "" if value is None else str(value),
            "",
            Proof.UNPROVEN,
            "",
        )
        for code, value in values.items()
    }
    checked = identities.check(GENERATIONS, figures)
    return located(checked, GENERATIONS, figures)


def other(code: str, by: int = 7) -> int:
    return int(CLEAN[code] or 0) + by


def test_one_wrong_cell_is_named_alone_with_what_would_make_all_hold() -> None:
    code = "t3_granted__natural"
    (finding,) = explained({code: other(code)}).findings
    assert finding.codes == (code,)
    (cell,) = finding.values["cells"]
    assert (cell["printed"], cell["suggested"]) == (other(code), CLEAN[code])
    assert finding.values["unique"] is True


def test_the_cells_beside_it_are_cleared() -> None:
    code = "t3_granted__natural"
    proofs = explained({code: other(code)}).proofs
    assert proofs[code] is Proof.CONTRADICTED
    assert {proof for cell, proof in proofs.items() if cell != code} == {Proof.CLEARED}


def test_two_wrong_cells_are_named() -> None:
    codes = ("t3_granted__natural", "t3_new_received__business")
    (finding,) = explained({code: other(code) for code in codes}).findings
    assert set(finding.codes) == set(codes)
    assert {cell["code"]: cell["suggested"] for cell in finding.values["cells"]} == {
        code: CLEAN[code] for code in codes
    }


def test_three_sums_that_share_no_cell_are_explained_without_a_programme(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A row left out, the commonest: what each sum lacks names its cells, and the sum across them says which."""
    programme = "parsers.proof.programme.smallest_sets"
    columns = ("natural", "business", "total")
    lost = {f"t3_granted__{column}": by for column, by in zip(columns, (3, 4, 7), strict=True)}
    raised = {code: int(CLEAN[code] or 0) + by for code, by in lost.items()}
    monkeypatch.setattr(programme, lambda *_: pytest.fail("the programme was asked"))
    (finding,) = explained(raised).findings
    ways = [set(way["codes"]) for way in finding.values.get("ways", ())] or [set(finding.codes)]
    assert set(lost) in ways
    for way in ways:
        assert {code.rpartition("__")[2] for code in way} == set(columns)


def test_four_sums_that_share_no_cell_are_explained_by_no_three_cells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    programme = "parsers.proof.programme.smallest_sets"
    monkeypatch.setattr(programme, lambda *_: pytest.fail("the programme was asked"))
    columns = ("natural", "business", "research", "total")
    raised = {f"t3_granted__{column}": other(f"t3_granted__{column}", 5) for column in columns}
    said = explained(raised | {"t3_granted__total": other("t3_granted__total", 15)})
    assert said.findings == ()
    assert all(said.proofs[code] is Proof.CONTRADICTED for code in raised)


def test_of_a_single_sum_no_cell_is_told_apart() -> None:
    found = explained({"t4_review_total": other("t4_review_total")})
    assert found.findings == ()
    failing = {code for code, proof in found.proofs.items() if proof is Proof.CONTRADICTED}
    assert failing == {f"t4_review_{name}" for name in ("upheld", "corrected", "other", "pending", "total")}


def test_a_row_left_out_is_suggested_nothing() -> None:
    rows = [row.codes for row in forms()["t3", "G2021"].rows]
    row = next(codes for codes in rows if sum(bool(CLEAN[code]) for code in codes) > 2)
    assert not _suggested(explained(dict.fromkeys(row, 0)).findings)


def test_a_row_one_column_off_is_suggested_nothing() -> None:
    row = forms()["t3", "G2021"].rows[0].codes
    moved = {code: int(CLEAN[row[at - 1]] or 0) for at, code in enumerate(row)}
    assert any(moved[code] != (CLEAN[code] or 0) for code in row)
    assert not _suggested(explained(moved).findings)


def _suggested(findings: tuple[Finding, ...]) -> list[object]:
    return [cell for finding in findings for cell in finding.values.get("cells", ())]


@pytest.mark.parametrize(
    ("printed", "suggested", "is_total", "kind"),
    [
        (12, 123, False, Slip.DIGIT_LEFT_OUT),
        (1223, 123, False, Slip.DIGIT_ADDED),
        (132, 123, False, Slip.DIGITS_SWAPPED),
        (153, 123, False, Slip.DIGIT_CHANGED),
        (1230, 123, False, Slip.TEN_TIMES),
        (1.5, 150, False, Slip.TEN_TIMES),
        (0, 8, True, Slip.TOTAL_NOT_CARRIED),
        (None, 8, False, Slip.LEFT_BLANK),
        (977, 12, False, Slip.UNCLEAR),
    ],
)
def test_the_kind_of_slip(printed: int | float | None, suggested: int, is_total: bool, kind: Slip) -> None:
    assert slip(printed, suggested, is_total=is_total) is kind


def test_a_page_with_a_misprint_says_which_cell_it_is_and_changes_no_figure() -> None:
    page = corpus.plain("html", "G2021", 1).data
    clean = {figure.code: figure.value for figure in parse(page).figures}
    code = "t3_result_total__total"
    printed = next(one.raw for one in parse(page).figures if one.code == code)
    before, found, after = page.rpartition(f">{printed}<".encode())
    report = parse(before + b">77777<" + after)
    assert found
    figures = {figure.code: figure for figure in report.figures}
    changed = {name for name, value in clean.items() if figures[name].value != value}
    (misprint,) = [one for one in report.findings if one.kind == "misprint"]
    assert misprint.codes == tuple(changed)
    assert misprint.values["cells"][0]["suggested"] == clean[misprint.codes[0]]
    assert figures[misprint.codes[0]].value == 77777
    assert {one.code for one in report.figures if one.proof is Proof.CONTRADICTED} == changed
