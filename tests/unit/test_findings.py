"""Findings are data: every kind and case has its words in both languages, and nothing else says them."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from archive.derived import chains
from archive.derived.chains import Cell, used_codes
from archive.rows.records import pack, unpack
from parsers.findings import AS_SAID, Finding, FindingKind, Severity, templates, words
from parsers.report import parse
from web.saying.words import KINDS

ROOT = Path(__file__).parents[2]
ROWS = "一、本年新收政府信息公开申请数量\t{}\n二、上年结转政府信息公开申请数量\t{}\n"
LABELS = (
    "一、本年新收政府信息公开申请数量 二、上年结转政府信息公开申请数量 （一）予以公开 1.属于国家秘密 "
    "2.重复申请 3.要求提供公开出版物 （七）总计 四、结转下年度继续办理"
).split()
ENGLISH = re.compile(r"[a-z]{2,} [a-z]{2,}")
TEXTS = [
    ("identity_fails", ROWS.format("1\t0\t0\t0\t0\t0\t2", "0\t0\t0\t0\t0\t0\t0")),
    ("row_not_aligned", ROWS.format("1\t0\t2", "0\t0\t0\t0\t0\t0\t0")),
    ("row_absent", ROWS.format("1\t0\t2", "0\t0\t0\t0\t0\t0\t0")),
    ("row_beside_absent", ROWS.format("1\t0\t2", "0\t0\t0\t0\t0\t0\t0")),
    ("row_repeated", "信息内容\t本年处理决定数量\n行政许可\t1\n行政许可\t2"),
    ("reading_in_doubt", "\n".join(f"{label}\t1\t1\t1\t1\t1\t1\t1" for label in LABELS)),
    ("unit_differs", "信息内容\t本年收费金额（单位：万元）\n行政事业性收费\t251000元"),
    (
        "glued_digits",
        "第二十条第（八）项\n信息内容 上一年项目数量 本年增/减\n行政事业性收费  15\n政府集中采购 2 7",
    ),
    (
        "statement_contradicts_table",
        "一、总体情况\n2023年收到政府信息公开申请9件。\n"
        + ROWS.format("1\t0\t0\t0\t0\t0\t1", "0\t0\t0\t0\t0\t0\t0"),
    ),
]


def found(text: str) -> list[Finding]:
    return list(parse(f"云水市水利局2023年政府信息公开工作年度报告\n{text}".encode()).findings)


def test_every_kind_has_a_name_and_templates_and_nothing_else_has() -> None:
    kinds = {kind for kind, _case in templates()} - {"word", "*"}
    assert kinds == {kind.value for kind in FindingKind} == KINDS.keys()


@pytest.mark.parametrize(("kind", "case"), [key for key in templates() if key[0] != "word"])
def test_a_template_says_the_same_values_in_both_languages(kind: str, case: str) -> None:
    row = templates()[kind, case]
    named = {name for name in _named(row["en"]) if name != "table"} - _named(row["zh"])
    assert named <= {"code"}, f"{kind} {case}: not said in Chinese: {named}"
    assert _named(row["zh"]) <= _named(row["en"])
    assert case.startswith(".") or row["severity"] in {one.value for one in Severity}


def _named(template: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(template) if name}


@pytest.mark.parametrize(("kind", "text"), TEXTS)
def test_what_reading_finds_is_said_in_both_languages(kind: str, text: str) -> None:
    told = [finding for finding in found(text) if finding.kind == kind]
    assert told
    for finding in told:
        chinese = words(finding.kind, finding.values, "zh")
        assert "{" not in finding.message + chinese
        assert not ENGLISH.search(chinese)


def test_a_failed_identity_gives_its_sums_as_data() -> None:
    (finding,) = [one for one in found(TEXTS[0][1]) if one.values.get("identity") == "T3-I3:t3_new_received"]
    assert finding.values["left"] == {"terms": [1], "total": 1}
    assert finding.values["right"] == {"terms": [2], "total": 2}
    assert finding.severity is Severity.ERROR
    assert finding.message.startswith("T3-I3:t3_new_received fails in print: 1, but 2")


def test_the_json_of_a_finding_has_values_and_severity() -> None:
    told = parse(f"云水市水利局2023年政府信息公开工作年度报告\n{TEXTS[0][1]}".encode()).as_json()["findings"]
    assert {tuple(sorted(finding)) for finding in told} == {
        ("codes", "kind", "message", "severity", "values")
    }


def test_findings_are_kept_and_come_back_as_they_were() -> None:
    report = parse(f"云水市水利局2023年政府信息公开工作年度报告\n{TEXTS[0][1]}".encode())
    assert unpack(pack(report)).findings == report.findings


def test_a_finding_kept_before_findings_had_values_keeps_its_words() -> None:
    old = Finding.from_json({"kind": "unit_differs", "message": "'3元' stands elsewhere", "codes": ["a"]})
    assert (old.message, old.values["case"], old.codes) == ("'3元' stands elsewhere", AS_SAID, ("a",))


def test_what_is_found_across_years_is_said_in_both_languages() -> None:
    last = {code: Cell(3, "number") for code in used_codes()}
    now = {code: Cell(4, "number") for code in used_codes()}
    carried, in_force = chains.carry_over(last, now, 2022), chains.in_force(last, now, 2022)
    assert carried is not None
    assert in_force is not None
    assert words(carried.kind, carried.values, "zh").startswith(
        "与 2022 年报告的结转数不一致：自然人 4（上年结转 3）；"
    )
    assert carried.message.startswith(
        "what is carried in is not what the report of 2022 carried out: natural 4 after 3; "
    )
    assert words(in_force.kind, in_force.values, "zh").startswith(
        "仅供参考：现行有效数与 2022 年报告不衔接：规章 3 + 4 - 4 = 3，而表中为 4"
    )


def test_findings_are_made_with_a_case_that_has_a_template() -> None:
    """Each `"case": "…"` and each `_doubt("…"` in the code is a row of findings.csv."""
    cases = {case for _kind, case in templates()}
    for path in (*(ROOT / "parsers").rglob("*.py"), *(ROOT / "archive").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            assert _case(node) <= cases, f"{path.name} line {getattr(node, 'lineno', 0)}"


def _case(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return {
            value.value
            for key, value in pairs
            if isinstance(key, ast.Constant) and key.value == "case" and isinstance(value, ast.Constant)
        }
    return set()
