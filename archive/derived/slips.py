"""Figures that stand far outside of what the same body printed in the years before: pure functions of both.

Only of cells that stand in no identity: where a sum fails, the form itself tells. All that is said here is a note with a
measured precision (`python -m benchmarks slips`, rules.csv), for what is unusual may be true.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

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
TEN_THOUSAND = 10_000
Years = Mapping[int, Mapping[str, int | float]]
"""The numbers of some years by code; a cell without a number is not there."""


class Unusual(StrEnum):
    """Why a figure is unusual, as far as the numbers tell: the cases of `figure_unusual`."""

    TEN_THOUSAND_TIMES = "ten_thousand_times"
    TEN_TIMES = "ten_times"
    OWN_HISTORY = "own_history"


@dataclass(frozen=True, slots=True)
class Habit:
    """What a cell printed in the years before, the oldest first; all more than 0."""

    values: tuple[int | float, ...]

    @classmethod
    def of(cls, code: str, before: Years) -> Habit | None:
        """Of a cell that printed something else than 0 in years enough; else None."""
        found = tuple(value for year in sorted(before) if (value := before[year].get(code, 0)) > 0)
        return cls(found) if len(found) >= LEAST_YEARS else None

    def leaves_out(self, value: float) -> bool:
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


def unusual(now: Mapping[str, int | float], before: Years) -> Iterator[Finding]:
    """A finding for each watched cell that is far outside of the years before, with the likeliest reason."""
    for code in watched():
        value = now.get(code, 0)
        habit = Habit.of(code, before)
        if value <= 0 or habit is None or max(value, *habit.values) < LEAST or not habit.leaves_out(value):
            continue
        case = _case(code, value, habit)
        if case is not None:
            values = {"case": case.value, "printed": value, "before": [*habit.values]}
            yield Finding(FindingKind.FIGURE_UNUSUAL, (code,), values)


def _case(code: str, value: float, habit: Habit) -> Unusual | None:
    if code in of_money() and habit.has_room_for(value / TEN_THOUSAND):
        return Unusual.TEN_THOUSAND_TIMES
    if habit.distance(value) < ROBUST:
        return None
    if habit.has_room_for(value / 10):
        return Unusual.TEN_TIMES
    return Unusual.OWN_HISTORY


def cases() -> Sequence[str]:
    """All reasons, the most telling first."""
    return [case.value for case in Unusual]
