"""A rule about a number in prose: the words to its left and right, its unit, its vetoes and its examples."""

from __future__ import annotations

import re
from dataclasses import dataclass

END = r"[数量总件条项次计共累为有是达到了合份篇各均分别:]{0,10}$"
"""`left` of a rule is matched against the words back to the comma or number before: what ends in this stands
right before the number."""
CASES = frozenset(
    {"件", "条", "起", "宗", "例", "份", "个", "次", "件次", "条次", "人次", "批", "单", "项", "只"}
)
ITEMS = frozenset({"条", "件", "篇", "份", "则", "个", "项", "只", "条次", "期"})


@dataclass(frozen=True, slots=True)
class Rule:
    """A number says `code` when its left and right words match, the right ones from the first, and no veto
    speaks.

    `before`, `behind`: words of which one stands there wherever the rule holds; without any it may hold
    everywhere. Most numbers have none of them, and to look for words takes a part of the time of patterns.

    `finds`: sentences in which this rule, and of the rules of its code this one, says the number in brackets,
    and nothing else is said. `leaves`: sentences whose words make one ask the rule, and that say nothing of
    its code. All are made up, and one test runs them.
    """

    code: str
    units: frozenset[str]
    left: re.Pattern[str]
    right: re.Pattern[str] | None = None
    veto: re.Pattern[str] = re.compile(r"(?!)")
    context: re.Pattern[str] = re.compile("")
    rank: int = 0
    bare: bool = False  # the unit may be missing when a share follows: 部分公开67,占4.61%
    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    finds: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()


def rule(
    code: str, units: frozenset[str], left: str, right: str = "", *, veto: str = r"(?!)", context: str = "",
    rank: int = 0, bare: bool = False, before: str = "", behind: str = "", finds: tuple[str, ...],
    leaves: tuple[str, ...],
) -> Rule:  # fmt: skip
    """A rule from patterns as text; the words of `before` and of `behind` are parted by bars."""
    return Rule(
        code,
        units,
        re.compile(left),
        re.compile(right) if right else None,
        re.compile(veto),
        re.compile(context),
        rank,
        bare,
        tuple(filter(None, before.split("|"))),
        tuple(filter(None, behind.split("|"))),
        finds,
        leaves,
    )
