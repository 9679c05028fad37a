"""Which cells were misprinted: the smallest sets of cells whose change makes every identity of a report hold.

One misprint fails every identity that its cell stands in, so the cells beside it look as wrong as it does.
The smallest explanation tells them apart (Fellegi and Holt, 1976, on the editing of survey data): among all
sets of cells whose change would make all identities hold, those of the fewest cells. One cell is found by its
column of the incidence matrix, two by pairs of columns, more by an integer programme with a bound.

Pure arithmetic over what is printed: a figure is never changed, and what would make all hold stands beside
it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import chain, combinations
from typing import cast

from parsers.codebook import forms
from parsers.findings import Finding, FindingKind
from parsers.identities import equation_sides
from parsers.records import Figure, Identity, Proof

MOST_CELLS = 3
"""Explanations of more cells than this are not looked for: a table so wrong was misread or shifted, not
misprinted."""
MOST_EXPLANATIONS = 12
"""So many explanations of one size are listed; where there are more none is told apart."""
LEAST_ROWS = 2
"""A cell that stands in fewer identities is suggested nothing: of a single sum any cell may be the wrong
one."""
MOST_NAMED = 6
"""So many explanations a finding names."""
Change = tuple[str, int | float]
"""A cell and the value that would make all identities hold."""
Explanation = tuple[Change, ...]


class Slip(StrEnum):
    """How a misprint came about, as far as the digits tell."""

    DIGIT_LEFT_OUT = "digit_left_out"
    DIGIT_ADDED = "digit_added"
    DIGITS_SWAPPED = "digits_swapped"
    DIGIT_CHANGED = "digit_changed"
    TEN_TIMES = "ten_times"
    TOTAL_NOT_CARRIED = "total_not_carried"
    LEFT_BLANK = "left_blank"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Located:
    """What the failing identities of a report come to: the proofs of their cells, and the misprints that
    explain them."""

    proofs: Mapping[str, Proof]
    findings: tuple[Finding, ...] = ()


def located(
    identities: Sequence[Identity], generations: Mapping[str, str], figures: Mapping[str, Figure]
) -> Located:
    """The proofs of all cells in failing identities, and a finding `misprint` for each part that can be
    explained.

    `generations` are those of the tables in which the cells stand. A cell is `contradicted` when a smallest
    explanation needs it, `cleared` when none does; where there is no explanation within the bound all are
    contradicted. Where a row that stands one column off, or two columns in each other's places, would explain
    all as well, no cell is told apart.
    """
    if all(identity.holds for identity in identities):
        return Located({})
    tables = (forms()[key].rows for key in generations.items())
    grids = [[row.codes for row in rows if len(row.codes) > 1] for rows in tables]
    proofs: dict[str, Proof] = {}
    findings: list[Finding] = []
    for part in _parts(identities):
        system = _System.of(part, figures)
        explanations = list(_smallest(system)) if len(part) > 1 else []
        if len(explanations) == 1 and not _is_sure(explanations[0], system, grids):
            explanations = []
        needed = set(chain.from_iterable((code for code, _ in one) for one in explanations))
        failing = dict.fromkeys(chain.from_iterable(one.codes for one in part if not one.holds))
        for code in failing:
            proofs[code] = Proof.CONTRADICTED if code in needed or not explanations else Proof.CLEARED
        proofs |= dict.fromkeys(needed, Proof.CONTRADICTED)
        if explanations:
            findings.append(_finding(explanations, system, figures))
    return Located(proofs, tuple(findings))


def _is_sure(explanation: Explanation, system: _System, grids: Sequence[Sequence[Sequence[str]]]) -> bool:
    """Whether the only smallest explanation is confirmed by two identities a cell, and no shift explains as
    much."""
    if any(len(system.columns[code]) < LEAST_ROWS for code, _ in explanation):
        return False
    return not any(map(system.holds_with, chain.from_iterable(map(_shifts, grids))))


def _shifts(rows: Sequence[Sequence[str]]) -> Iterator[dict[str, str]]:
    """What may have happened to a table as a whole: which cell got whose figure."""
    for row in rows:
        for by in (1, -1):
            yield {code: row[(at + by) % len(row)] for at, code in enumerate(row)}
    for one, other in combinations(range(min(map(len, rows), default=0)), 2):
        pairs = [(row[one], row[other]) for row in rows]
        yield dict(pairs) | {second: first for first, second in pairs}


def _parts(identities: Sequence[Identity]) -> Iterator[list[Identity]]:
    """The identities that fail with all that share cells with them, one group for each that hangs
    together."""
    rest = list(identities)
    while failing := next((one for one in rest if not one.holds), None):
        codes, part = set(failing.codes), [failing]
        rest.remove(failing)
        while joined := [one for one in rest if not codes.isdisjoint(one.codes)]:
            part += joined
            codes.update(chain.from_iterable(one.codes for one in joined))
            rest = [one for one in rest if one not in joined]
        yield part


@dataclass(frozen=True)
class _System:
    """The identities as linear equations over changes: each row says Σ sign × change = lack.

    `columns`: for each cell the rows that it stands in with its sign; `lacks`: what each row lacks, exactly.
    """

    columns: Mapping[str, Mapping[int, int]]
    lacks: Sequence[Fraction]
    values: Mapping[str, Fraction]
    totals: frozenset[str]

    @classmethod
    def of(
        cls,
        part: Sequence[Identity],
        figures: Mapping[str, Figure],
    ) -> _System:
        columns: dict[str, dict[int, int]] = {}
        lacks: list[Fraction] = []
        totals: set[str] = set()
        for number, identity in enumerate(part):
            left, right = equation_sides(identity)
            for sign, codes in ((1, left), (-1, right)):
                for code in codes:
                    columns.setdefault(code, {})[number] = sign
            lacks.append(_exact(identity.right) - _exact(identity.left))
            totals.update(right if len(right) == 1 else ())
        values = {code: _exact(figures[code].value or 0) for code in columns}
        return cls(columns, lacks, values, frozenset(totals))

    def change_of_one(self, code: str) -> Fraction | None:
        """The change of this cell that alone makes all rows hold."""
        column = self.columns[code]
        change = None
        for row, lack in enumerate(self.lacks):
            sign = column.get(row, 0)
            if not sign:
                if lack:
                    return None
                continue
            if change is None:
                change = lack * sign
            elif change != lack * sign:
                return None
        return change

    def holds_with(self, moved: Mapping[str, str]) -> bool:
        """Do all rows hold when each cell has the value of another, as `moved` says?"""
        sums = [cast(Fraction, 0)] * len(self.lacks)
        for code, to in moved.items():
            if code not in self.columns or to not in self.values:
                continue
            change = self.values[to] - self.values[code]
            if change:
                for row, sign in self.columns[code].items():
                    sums[row] += sign * change
        return sums == list(self.lacks)

    def may_be(self, code: str, change: Fraction) -> bool:
        """Could a form say this value? No count is negative, and a whole number stays one."""
        value = self.values[code] + change
        return value >= 0 and (value.denominator == 1 or self.values[code].denominator != 1)


def _exact(number: int | float) -> Fraction:
    """The number as printed; whole ones as what is quick to add."""
    exact = Fraction(str(number))
    return cast(Fraction, int(exact)) if exact.denominator == 1 else exact


def _smallest(system: _System) -> Iterator[Explanation]:
    """All explanations of the fewest cells; none where more than `MOST_CELLS` are needed or there are too
    many."""
    apart = _apart(system)
    found = _of_one(system) if len(apart) == 1 else []
    found = found or (_of_two(system) if len(apart) <= 2 else [])
    found = found or (_of_three(system, apart) if len(apart) == 3 else [])
    found = found or (_of_more(system) if len(apart) < MOST_CELLS else [])
    if len(found) <= MOST_EXPLANATIONS:
        yield from found


def _apart(system: _System) -> list[int]:
    """Failing rows of which no two share a cell: no fewer cells than there are of them explain all."""
    members: dict[int, set[str]] = {row: set() for row, lack in enumerate(system.lacks) if lack}
    for code, column in system.columns.items():
        for row in column.keys() & members.keys():
            members[row].add(code)
    found: list[int] = []
    for row in sorted(members, key=lambda row: len(members[row])):
        if all(members[row].isdisjoint(members[other]) for other in found):
            found.append(row)
    return found


def _of_one(system: _System) -> list[Explanation]:
    changes = ((code, system.change_of_one(code)) for code in system.columns)
    return [
        (_changed(system, code, change),)
        for code, change in changes
        if change and system.may_be(code, change)
    ]


def _of_two(system: _System) -> list[Explanation]:
    """Pairs of which one cell stands in the failing row of the fewest cells; the rows that hold must go on
    holding."""
    failing = [row for row, lack in enumerate(system.lacks) if lack]
    members = {row: [code for code, column in system.columns.items() if row in column] for row in failing}
    found: dict[frozenset[str], Explanation] = {}
    for one in min(members.values(), key=len):
        left = [members[row] for row in failing if row not in system.columns[one]]
        for other in min(left, key=len, default=system.columns):
            pair = frozenset((one, other))
            if one == other or pair in found or not _cover(system, failing, one, other):
                continue
            changes = _changes_of_two(system, one, other)
            if changes and all(map(system.may_be, (one, other), changes)):
                found[pair] = tuple(
                    _changed(system, *each) for each in zip((one, other), changes, strict=True)
                )
    return list(found.values())


def _cover(system: _System, failing: Sequence[int], one: str, other: str) -> bool:
    column, beside = system.columns[one], system.columns[other]
    return all(row in column or row in beside for row in failing)


def _changes_of_two(system: _System, one: str, other: str) -> tuple[Fraction, Fraction] | None:
    """The changes of two cells that make all rows hold, where they are the only ones and neither is
    nothing."""
    column, beside = system.columns[one], system.columns[other]
    rows = column.keys() | beside.keys()
    equations = {(column.get(row, 0), beside.get(row, 0)): system.lacks[row] for row in rows}
    if any(equations[column.get(row, 0), beside.get(row, 0)] != system.lacks[row] for row in rows):
        return None
    solved = _solved(list(equations.items()))
    return solved if solved and all(solved) else None


def _solved(equations: Sequence[tuple[tuple[int, int], Fraction]]) -> tuple[Fraction, Fraction] | None:
    """x and y of `a x + b y = c` for all of these; None where there is no or no single answer."""
    (a, b), c = equations[0]
    for (d, e), f in equations[1:]:
        determinant = a * e - b * d
        if determinant:
            x, y = Fraction(c * e - b * f) / determinant, Fraction(a * f - c * d) / determinant
            holds = all(p * x + q * y == r for (p, q), r in equations)
            return (x, y) if holds else None
    return None


Rest = frozenset[tuple[int, Fraction]]
"""What rows lack, by row; those that lack nothing are not in it."""


def _of_three(system: _System, apart: Sequence[int]) -> list[Explanation]:
    """One cell of each of three rows that share none: each changes by what its row lacks, so what is left of
    the other rows names the third cell to the first two. It ends when there are too many."""
    first, second, third = (_changes_in(system, row, apart) for row in apart)
    ending: dict[Rest, list[tuple[str, Fraction]]] = {}
    for change, does in third:
        ending.setdefault(_rest(does), []).append(change)
    lacks = {row: lack for row, lack in enumerate(system.lacks) if row not in apart}
    found: list[Explanation] = []
    for one, does in first:
        for other, also in second:
            left = _rest(lacks, does, also)
            for last in ending.get(left, ()):
                found.append(tuple(_changed(system, *each) for each in sorted((one, other, last))))
                if len(found) > MOST_EXPLANATIONS:
                    return found
    return found


def _changes_in(
    system: _System, row: int, apart: Sequence[int]
) -> list[tuple[tuple[str, Fraction], dict[int, Fraction]]]:
    """The cells that could make a row hold alone, each with its change and what that does to rows beside
    `apart`."""
    found = []
    for code, column in system.columns.items():
        change = system.lacks[row] * column.get(row, 0)
        if change and system.may_be(code, change):
            does = {beside: sign * change for beside, sign in column.items() if beside not in apart}
            found.append(((code, change), does))
    return found


def _rest(lacks: Mapping[int, Fraction], *changes: Mapping[int, Fraction]) -> Rest:
    """What rows lack after these changes; of changes alone, what they do."""
    left = dict(lacks)
    for change in changes:
        for row, by in change.items():
            left[row] = left.get(row, cast(Fraction, 0)) - by
    return frozenset((row, by) for row, by in left.items() if by)


def _of_more(system: _System) -> list[Explanation]:
    """The smallest sets of three cells and more, by an integer programme; each that is found forbids itself
    to the next."""
    from parsers.proof.programme import smallest_sets

    sets = smallest_sets(system.columns, system.lacks, system.values, MOST_CELLS, MOST_EXPLANATIONS + 1)
    possible = [one for one in sets if all(system.may_be(*each) for each in one.items())]
    return [tuple(_changed(system, *each) for each in one.items()) for one in possible]


def _changed(system: _System, code: str, change: Fraction) -> Change:
    value = system.values[code] + change
    return code, int(value) if value.denominator == 1 else float(value)


# --- what is said of it ---


def _finding(explanations: Sequence[Explanation], system: _System, figures: Mapping[str, Figure]) -> Finding:
    """One explanation is named with what it suggests; of several all cells are named, and nothing is
    suggested."""
    codes = tuple(dict.fromkeys(code for one in explanations for code, _ in one))
    if len(explanations) == 1:
        cells = [_told(change, system, figures) for change in explanations[0]]
        return Finding(FindingKind.MISPRINT, codes, {"case": "only", "unique": True, "cells": cells})
    ways = [{"codes": [code for code, _ in one]} for one in explanations[:MOST_NAMED]]
    return Finding(
        FindingKind.MISPRINT,
        codes,
        {"case": "several", "unique": False, "explanations": len(explanations), "ways": ways},
    )


def _told(change: Change, system: _System, figures: Mapping[str, Figure]) -> dict[str, object]:
    code, suggested = change
    figure = figures[code]
    return {
        "code": code,
        "printed": figure.value,
        "raw": figure.raw,
        "suggested": suggested,
        "slip": slip(figure.value, suggested, is_total=code in system.totals).value,
    }


def slip(printed: int | float | None, suggested: int | float, *, is_total: bool = False) -> Slip:
    """What kind of slip makes `printed` of `suggested`; `printed` is None for a cell left blank."""
    if not printed:
        return Slip.TOTAL_NOT_CARRIED if is_total else Slip.LEFT_BLANK if printed is None else Slip.UNCLEAR
    was, should = str(printed), str(suggested)
    if suggested and (_is_power(printed, suggested) or _is_power(suggested, printed)):
        return Slip.TEN_TIMES
    if len(was) + 1 == len(should) and _without_one(should, was):
        return Slip.DIGIT_LEFT_OUT
    if len(was) == len(should) + 1 and _without_one(was, should):
        return Slip.DIGIT_ADDED
    if len(was) == len(should):
        differing = [at for at, (one, other) in enumerate(zip(was, should, strict=True)) if one != other]
        if len(differing) == 1:
            return Slip.DIGIT_CHANGED
        if len(differing) == 2 and sorted(was) == sorted(should) and differing[1] == differing[0] + 1:
            return Slip.DIGITS_SWAPPED
    return Slip.UNCLEAR


def _is_power(large: int | float, small: int | float) -> bool:
    """Is one number ten, a hundred, … times the other?"""
    return any(_exact(small) * 10**power == _exact(large) for power in range(1, 6))


def _without_one(long: str, short: str) -> bool:
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
