"""Every rule about prose by the examples it carries: what it finds, and the near misses that it must leave."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest

from parsers.sentences.channels import CHANNELS, Channel
from parsers.sentences.claims import Count, counts, rules_asked, rules_that_hold
from parsers.sentences.prose import prose_of, sentences
from parsers.sentences.rule import Rule
from parsers.sentences.rules import RULES
from parsers.sentences.zeros import ZEROS, Zero
from parsers.statements import find

EACH: tuple[Rule | Channel | Zero, ...] = (*RULES, *CHANNELS, *ZEROS)


def said(text: str) -> dict[str, int | float]:
    return {statement.code: statement.value for statement in find(text)}


def without_mark(example: str) -> tuple[str, float]:
    """The sentence, and the number that stands in brackets in its example; zero in words has none."""
    before, _, rest = example.partition("[")
    printed, _, after = rest.partition("]")
    digits = printed.removesuffix("万").replace("两", "2")
    number = unicodedata.numeric(digits) if len(digits) == 1 else float(digits or 0)
    return before + printed + after, number * (10_000 if printed.endswith("万") else 1)


def numbers(text: str) -> Iterator[Count]:
    plain = prose_of(text).plain
    return counts(plain, list(sentences(plain)))


@pytest.mark.parametrize("rule", EACH, ids=lambda rule: rule.code)
def test_a_rule_finds_its_examples_and_leaves_its_near_misses(rule: Rule | Channel | Zero) -> None:
    assert rule.finds
    assert rule.leaves
    for text, number in map(without_mark, rule.finds):
        assert said(text) == {rule.code: number}
    for text in rule.leaves:
        assert rule.code not in said(text)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_it_is_this_rule_that_finds_its_examples_and_is_asked_about_its_near_misses(rule: Rule) -> None:
    for text, number in map(without_mark, rule.finds):
        (count,) = (each for each in numbers(text) if each.value == number)
        assert rules_that_hold(count)[rule.code] is rule
    for text in rule.leaves:
        assert any(rule in rules_asked(count) for count in numbers(text)), text


def test_no_example_is_told_twice_of_one_code() -> None:
    told = [(rule.code, example) for rule in EACH for example in rule.finds]
    assert len(told) == len(set(told))
