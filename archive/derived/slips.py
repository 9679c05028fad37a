"""Figures that stand far outside of what the same body printed in the years before, or where it has no such years of what
its peers print: pure functions of the numbers.

Only of cells that stand in no identity: where a sum fails, the form itself tells. All that is said here is a note with a
measured precision (`python -m benchmarks slips`, rules.csv), for what is unusual may be true.
"""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from parsers.codebook import codebook
from parsers.forms import forms_cache
from parsers.identities import likely
from parsers.records import Finding, FindingKind, Proof

YEARS = 6
"""So many years before are looked at."""
LEAST_YEARS = 4
"""Of fewer years nothing is said: two or three numbers are no habit."""
LEAST = 20
"""Counts up to this vary as they like."""
OUTSIDE = 4.0
"""So many times the highest of the years before is far above them."""
NEAR = 1.5
"""What a slip was made of lies within the years before, widened by so much on both sides."""
ROBUST = 3.5
"""The least robust z on log1p (Iglewicz and Hoaglin, 1993): the distance from the median, over 1.4826 times the median
distance from it."""
LEAST_SPREAD = 0.3
"""No spread on log1p counts for less: a body that printed one number for years may change it by a third."""
LEAST_PEERS = 5
"""Beside fewer peers that print something else than 0 nothing is told."""
TEN_THOUSAND = 10_000
Numbers = Mapping[str, int | float]
"""The numbers of a report by code; a cell without a number is not there."""
Years = Mapping[int, Numbers]


class Unusual(StrEnum):
    """Why a figure is unusual, as far as the numbers tell: the cases of `figure_unusual`."""

    TEN_THOUSAND_TIMES = "ten_thousand_times"
    NEIGHBOUR = "neighbour"
    TEN_TIMES = "ten_times"
    OWN_HISTORY = "own_history"
    PEERS = "peers"


@dataclass(frozen=True, slots=True)
class Habit:
    """What a cell printed in the years before, the oldest first, or what it printed at peers; all more than 0."""

    values: tuple[int | float, ...]

    @classmethod
    def of(cls, code: str, before: Years) -> Habit | None:
        """Of a cell that printed something else than 0 in years enough; else None."""
        found = tuple(value for year in sorted(before) if (value := before[year].get(code, 0)) > 0)
        return cls(found) if len(found) >= LEAST_YEARS else None

    def is_below(self, value: float) -> bool:
        """Whether the value is far above. Below says nothing: a quiet year, or a power that went to another body."""
        return value > OUTSIDE * max(self.values)

    def has_room_for(self, value: float) -> bool:
        """Whether the value is as those before."""
        return min(self.values) / NEAR <= value <= NEAR * max(self.values)

    def distance(self, value: float) -> float:
        """The robust z of the value on log1p."""
        logs = [math.log1p(each) for each in self.values]
        median = statistics.median(logs)
        spread = 1.4826 * statistics.median(abs(each - median) for each in logs)
        return abs(math.log1p(value) - median) / max(spread, LEAST_SPREAD)


@forms_cache()
def watched() -> tuple[str, ...]:
    """The codes of the cells that stand in no identity, in the order of the forms."""
    return tuple(code for code, proof in likely().items() if proof is Proof.UNPROVEN)


@forms_cache()
def of_money() -> frozenset[str]:
    """The codes of amounts in 10,000 yuan."""
    return frozenset(cell.code for cell in codebook() if cell.unit == "万元")


@forms_cache()
def neighbours() -> Mapping[str, frozenset[str]]:
    """For each watched cell those that stand before and after it in a table of the forms."""
    tables: dict[tuple[str, str], list[str]] = defaultdict(list)
    for cell in codebook():
        tables[cell.generation, cell.table].append(cell.code)
    beside: dict[str, set[str]] = {code: set() for code in watched()}
    for one, other in (pair for codes in tables.values() for pair in pairwise(codes)):
        if one in beside and other in beside:
            beside[one].add(other)
            beside[other].add(one)
    return {code: frozenset(found) for code, found in beside.items()}


def unusual(now: Numbers, before: Years, after: Numbers) -> Iterator[Finding]:
    """A finding for each watched cell that is far outside of the years before, with the likeliest reason.

    `after` has the numbers of the year after, as far as they are known: what stays so high was no slip. Only yuan may be
    printed for years.
    """
    for code in watched():
        value, habit = now.get(code, 0), Habit.of(code, before)
        if value <= 0 or habit is None or max(value, *habit.values) < LEAST:
            continue
        case = _case(code, now, habit, before)
        if case is not None and (
            case is Unusual.TEN_THOUSAND_TIMES or not _is_confirmed(value, after.get(code))
        ):
            values = {"case": case.value, "printed": value, "before": [*habit.values]}
            yield Finding(FindingKind.FIGURE_UNUSUAL, (code,), values)


def _case(code: str, now: Numbers, habit: Habit, before: Years) -> Unusual | None:
    value = now[code]
    if habit.is_below(value) and code in of_money() and habit.has_room_for(value / TEN_THOUSAND):
        return Unusual.TEN_THOUSAND_TIMES
    if habit.distance(value) < ROBUST:
        return None
    if not habit.has_room_for(value) and _is_of_neighbour(code, now, before):
        return Unusual.NEIGHBOUR
    if not habit.is_below(value):
        return None
    return Unusual.TEN_TIMES if habit.has_room_for(value / 10) else Unusual.OWN_HISTORY


def _is_confirmed(value: float, next_one: float | None) -> bool:
    return next_one is not None and Habit((value,)).has_room_for(next_one)


def _is_of_neighbour(code: str, now: Numbers, before: Years) -> bool:
    """Whether a cell beside it prints the same number, too large to be so by chance, and always printed such ones."""
    value = now[code]
    habits = (Habit.of(beside, before) for beside in neighbours()[code] if now.get(beside) == value)
    return value >= LEAST and any(habit is not None and habit.has_room_for(value) for habit in habits)


def without_habit(now: Numbers, before: Years, after: Numbers) -> list[str]:
    """The watched cells that only peers can tell about: of too few years, and no year printed such a number."""
    return [
        code
        for code in watched()
        if now.get(code, 0) >= LEAST
        and Habit.of(code, before) is None
        and not any(_is_confirmed(now[code], year.get(code)) for year in (*before.values(), after))
    ]


def above_peers(now: Numbers, peers: Mapping[str, Sequence[int | float]]) -> Iterator[Finding]:
    """A finding for each of these cells that is far above what peers print for the same year.

    `peers` has their numbers above 0 by code.
    """
    for code, found in peers.items():
        habit = Habit(tuple(found))
        if len(found) < LEAST_PEERS or not habit.is_below(now[code]) or habit.distance(now[code]) < ROBUST:
            continue
        values = {
            "case": Unusual.PEERS.value,
            "printed": now[code],
            "peers": len(found),
            "highest": max(found),
        }
        yield Finding(FindingKind.FIGURE_UNUSUAL, (code,), values)


def cases() -> Sequence[str]:
    """All reasons, the most telling first."""
    return [case.value for case in Unusual]
