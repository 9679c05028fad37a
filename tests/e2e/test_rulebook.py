"""The book of rules: every rule has an example that passes and one that fails, and both are run."""

from __future__ import annotations

from pathlib import Path

import pytest
from rule_examples import found_in

from parsers import findings
from parsers.codebook import forms
from parsers.findings import FindingKind
from parsers.identities import equations
from parsers.rulebook import Rule, example, of_identity, rule, rule_of, rules

OF_OUR_READING = {
    FindingKind.MISPRINT,
    FindingKind.FIGURES_GONE,
    FindingKind.WEAKER_RENDITION,
    FindingKind.WORSE_CAPTURE,
    FindingKind.ROW_BESIDE_ABSENT,
    FindingKind.ROW_WITHOUT_LABEL,
    FindingKind.READING_IN_DOUBT,
}
"""What is no failure of the report: what explains one, what a site did, and what we are not sure to have read."""
MEASURED = {FindingKind.FIGURE_UNUSUAL, FindingKind.FIGURES_REPEAT_LAST_YEAR}
"""What may be true though it is unusual: how often it is a slip has been measured."""
EACH = [(each, name) for each in rules() for name in each.generations or ("",)]


def failures(one: Rule, text: str, generation: str, folder: Path) -> list[str]:
    found = found_in(text, one.kind, generation, folder)
    return [number for kind, values in found if (number := rule_of(kind, values)) == one.id]


@pytest.mark.parametrize(("one", "generation"), EACH, ids=lambda value: getattr(value, "id", value))
def test_the_example_that_passes_passes_and_the_other_fails(
    one: Rule, generation: str, tmp_path: Path
) -> None:
    for name in ("good", "bad"):
        (tmp_path / name).mkdir()
    assert failures(one, one.passes, generation, tmp_path / "good") == []
    assert failures(one, one.fails, generation, tmp_path / "bad") != []


def test_numbers_stay() -> None:
    """A row that went would leave a gap, and one that was put between would move others."""
    assert [each.id for each in rules()] == [f"NB-{number:04}" for number in range(1, len(rules()) + 1)]
    assert (rule("NB-0001"), rule("NB-0007")) == (of_identity("T3-I1:natural"), of_identity("S14-I3"))
    assert rule("NB-0000") is None


def test_no_two_rules_are_about_the_same_findings() -> None:
    assert len({(each.kind, each.part) for each in rules()}) == len(rules())


def test_every_identity_of_the_forms_is_a_rule() -> None:
    names = {equation.id for key in forms() for equation in equations(*key)}
    assert names
    for name in names:
        found = of_identity(name)
        assert found, f"{name.partition(':')[0]} has no row in parsers/rules.csv"
    assert of_identity("X9-I9") is None


def test_every_kind_of_finding_is_a_rule_or_about_our_reading() -> None:
    assert {each.kind for each in rules()} | OF_OUR_READING == set(FindingKind)
    assert not {each.kind for each in rules()} & OF_OUR_READING


@pytest.mark.parametrize("one", rules(), ids=lambda one: one.id)
def test_a_rule_says_all_that_it_should(one: Rule) -> None:
    assert one.zh
    assert one.en
    assert {*one.generations} <= {generation for _table, generation in forms()}
    cases = [row for (kind, _case), row in findings.templates().items() if kind == one.kind]
    assert {row["severity"] for row in cases if not row["case"].startswith(".")} == {one.severity.value}
    assert bool(one.precision) == (one.kind in MEASURED)
    assert bool(one.article) <= bool(one.law), "an article is that of a law or notice"


def test_an_example_is_cells_or_a_text_of_one_or_more_reports() -> None:
    first, second = example("2023 获嘉县教育局: a_b=3 c=2.5\n2024:\n一、总体情况\n申请=3件")
    assert (first.year, first.body, first.cells, first.text) == (
        2023,
        "获嘉县教育局",
        {"a_b": 3, "c": 2.5},
        "",
    )
    assert (second.year, second.body, second.cells, second.text) == (2024, "", {}, "一、总体情况\n申请=3件")
