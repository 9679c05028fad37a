"""All rules by which a number says a statement, and which of them a number is asked for.

Patterns come from real sentences; the examples that each rule carries are made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

from parsers.sentences.disclosure import DISCLOSED, DOCUMENTS
from parsers.sentences.outcomes import CAUSES, FEES, OUTCOMES, REVIEWS, SUITS
from parsers.sentences.requests import (
    BY_CHANNEL,
    CARRIED_REQUESTS,
    CONCLUDED_REQUESTS,
    HANDLED_REQUESTS,
    OVERDUE_REQUESTS,
    RECEIVED_REQUESTS,
)
from parsers.sentences.rule import Rule

RULES: tuple[Rule, ...] = (
    *DISCLOSED,
    *DOCUMENTS,
    *RECEIVED_REQUESTS,
    *HANDLED_REQUESTS,
    *CARRIED_REQUESTS,
    *CONCLUDED_REQUESTS,
    *OVERDUE_REQUESTS,
    *BY_CHANNEL,
    *OUTCOMES,
    *CAUSES,
    *REVIEWS,
    *SUITS,
    *FEES,
)
"""Of those of one code the first that holds counts."""


def candidates(unit: str, left: str, right: str) -> tuple[Rule, ...]:
    """The rules for numbers of a unit that words on both sides allow, in their order.

    Without a unit those that can do without one.
    """
    bits = _rules_for(unit)
    before, behind = _WITHOUT_BEFORE, _WITHOUT_BEHIND
    for word in _BEFORE.findall(left):
        before |= _BY_BEFORE[word]
    for word in _BEHIND.findall(right):
        behind |= _BY_BEHIND[word]
    return _rules(bits & before & behind)


@lru_cache(maxsize=4096)
def _rules(bits: int) -> tuple[Rule, ...]:
    return tuple(rule for number, rule in enumerate(RULES) if bits >> number & 1)


@cache
def _rules_for(unit: str) -> int:
    return _bits(unit in rule.units or (rule.bare and not unit) for rule in RULES)


def _index(needed: Sequence[tuple[str, ...]]) -> tuple[re.Pattern[str], Mapping[str, int], int]:
    """What finds the words that rules need; as bits the rules that each word allows, and those without words.

    A search goes on behind what it found; so a word allows what those within it allow and those that begin in
    it.
    """
    words = sorted({word for several in needed for word in several}, key=len, reverse=True)
    hidden = {word: [other for other in words if _may_hide(word, other)] for word in words}
    allows = {word: _bits(not set(hidden[word]).isdisjoint(several) for several in needed) for word in words}
    return re.compile("|".join(words)), allows, _bits(not several for several in needed)


def _may_hide(word: str, other: str) -> bool:
    return other in word or any(word.endswith(other[:length]) for length in range(1, len(other)))


def _bits(said: Iterable[bool]) -> int:
    return sum(1 << number for number, one in enumerate(said) if one)


_BEFORE, _BY_BEFORE, _WITHOUT_BEFORE = _index([rule.before for rule in RULES])
_BEHIND, _BY_BEHIND, _WITHOUT_BEHIND = _index([rule.behind for rule in RULES])
