"""The real reports beside the project, cell by cell; what is read there is the product's promise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from parsers.records import Report
from parsers.report import parse

CASES = Path(__file__).parents[3] / "shared" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the real cases (../shared/cases) are not here")

WHOLE = {
    "huojia-office-2022.txt": 200,
    "huaian-2024.pdf": 200,
    "hangzhou-2025.html": 200,
    "hebei_kjt_2021.txt": 197,
    "hebei_kjt_2022.txt": 200,
    "hebei_kjt_2023.txt": 197,
    "hebei_kjt_2020.txt": 2,
    "shanghai-office-2025.md": 194,
}


def truth_of(name: str) -> dict[str, int | float | None]:
    """The figures read by eye."""
    stem = name.rpartition(".")[0]
    figures = json.loads((CASES / "whole" / f"{stem}.figures.json").read_text())["figures"]
    return {code: value for code, value in figures.items() if value is None or isinstance(value, int | float)}


def compare(report: Report, truth: dict[str, int | float | None]) -> tuple[list[str], list[str]]:
    """The codes that are right, and those read with another value than the printed one."""
    read = {figure.code: figure for figure in report.figures}
    right = [code for code, value in truth.items() if code in read and read[code].value == value]
    wrong = [code for code, value in truth.items() if code in read and read[code].value not in (None, value)]
    return right, wrong


@pytest.mark.parametrize("name", WHOLE)
def test_whole_report(name: str) -> None:
    report = parse((CASES / "whole" / name).read_bytes())
    right, wrong = compare(report, truth_of(name))
    assert wrong == []
    assert len(right) >= WHOLE[name]


def test_statutory_text_of_an_office() -> None:
    report = parse((CASES / "whole" / "huojia-office-2022.txt").read_bytes())
    assert (report.title, report.issuer, report.year) == (
        "获嘉县人民政府办公室2022年政府信息公开工作年度报告",
        "获嘉县人民政府办公室",
        2022,
    )
    assert [section.number for section in report.sections] == list("一二三四五六")
    assert len(report.identities) == 42
    assert all(identity.holds for identity in report.identities)
    said = {statement.code: statement.value for statement in report.statements}
    assert said == {
        "n_items_disclosed": 1988,
        "n_requests_received": 8,
        "n_requests_online": 2,
        "n_requests_in_person": 3,
        "n_requests_letter": 3,
        "n_requests_overdue": 0,
        "n_processing_fee_yuan": 0,
    }


def test_a_misprint_is_a_finding_and_stays_as_printed() -> None:
    report = parse((CASES / "whole" / "hebei_kjt_2022.txt").read_bytes())
    total = next(figure for figure in report.figures if figure.code == "t3_result_total__natural")
    assert (total.value, total.proof) == (2, "contradicted")
    assert any(
        finding.kind == "identity_fails" and total.code in finding.codes for finding in report.findings
    )


@pytest.mark.parametrize("path", sorted((CASES / "excerpts").glob("*.json")), ids=lambda path: path.stem)
def test_excerpt_is_read_or_left_absent(path: Path) -> None:
    case = json.loads(path.read_text())
    truth = {code: value for code, value in case["figures"].items() if isinstance(value, int | float)}
    _, wrong = compare(parse(case["text"].encode()), truth)
    assert wrong == []
