"""Digits of several cells run together: read only where one split alone satisfies the form's arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

from parsers.findings import LONGEST_SHOWN
from parsers.identities import Equation, equations, likely
from parsers.records import Figure, Finding, FindingKind, State

MOST_SPLITS, MOST_COMBINATIONS, LONGEST = 5000, 4000, 9


@dataclass(frozen=True, slots=True)
class Glued:
    """The digits of one row without anything between its cells."""

    codes: tuple[str, ...]
    digits: str
    place: str


Split = tuple[int, ...]


def resolve(
    glued: list[Glued], generations: Mapping[str, str], figures: dict[str, Figure], units: Mapping[str, str]
) -> list[Finding]:
    """Puts the figures of glued rows into `figures` where the identities leave one split; else says so.

    Where no row begins with a 0 that no number begins with, blanks may be lost between the digits: those that
    no identity binds may be one number, and those that also satisfy it as fewer numbers are left out. A row's
    own identities are tried first, then all rows together with those of the columns. Where a printed error
    leaves none that satisfies all, the one split that satisfies the most is taken, and the identity that
    fails names its cells.
    """
    if not glued:
        return []
    rules = [rule for table, generation in generations.items() for rule in equations(table, generation)]
    choices = {row: _choices(row, rules, _zeros_are_printed(row, glued, figures)) for row in glued}
    chosen = _together(choices, rules, figures)
    while denied := [*_denied(chosen, rules, figures)]:
        choices.update({row: [] for row in denied})
        chosen = _together(choices, rules, figures)
    findings = []
    for row in glued:
        split = chosen.get(row)
        if split is None:
            findings.append(_undecided(row, choices[row]))
        else:
            _put(row, split, figures, units)
    return findings


def _denied(
    chosen: Mapping[Glued, Split], rules: list[Equation], figures: Mapping[str, Figure]
) -> Iterator[Glued]:
    """The rows whose digits satisfy neither their own identities nor those of the columns, and no one cell
    tells why, as a misprint would: a blank may be lost."""
    known = _known(figures)
    for row, split in chosen.items():
        known.update(zip(row.codes, split, strict=True))
    failed = [rule.codes for rule in rules if known.keys() >= set(rule.codes) and not rule.holds(known)]
    for row in chosen:
        of_row = [cells for codes in failed if (cells := {*codes} & {*row.codes})]
        own = any({*codes} <= {*row.codes} for codes in failed)
        if own and not set.intersection(*of_row):
            yield row


def _known(figures: Mapping[str, Figure]) -> dict[str, int | float]:
    return {code: figure.value or 0 for code, figure in figures.items() if figure.state is not State.ABSENT}


def _zeros_are_printed(row: Glued, glued: list[Glued], figures: Mapping[str, Figure]) -> bool:
    """Whether each cell of the row's table has a digit: a row begins with 0 and none has too few digits."""
    table = row.codes[0].partition("_")[0] + "_"
    same = [other for other in glued if other.codes[0].startswith(table)]
    split_later = {code for other in same for code in other.codes}
    return any(other.digits[0] == "0" for other in same) and not any(
        figure.state is State.ABSENT
        for code, figure in figures.items()
        if code.startswith(table) and code not in split_later
    )


def _choices(row: Glued, rules: list[Equation], surely: bool) -> list[Split]:
    # No number begins with 0: so many zeros are one for each cell, and none is left for a blank.
    if row.digits == "0" * len(row.codes):
        return [(0,) * len(row.codes)]
    options = splits(row.digits, len(row.codes))
    own = [rule for rule in rules if set(rule.codes) <= set(row.codes)]
    if not own and not surely:
        return []
    good = [
        split
        for split in options
        if all(rule.holds(dict(zip(row.codes, split, strict=True))) for rule in own)
    ]
    if own and not surely and _may_have_lost_blanks(row, own):
        return []
    return good or (options if own else options[:2])


def _may_have_lost_blanks(row: Glued, own: list[Equation]) -> bool:
    """Whether the digits can be fewer numbers than cells that satisfy the row's identity, blanks counted as
    0.

    Where several identities share the row, only a group of printed zeros shows that no blank was lost.
    """
    cells = len(row.codes)
    if len(own) > 1:
        return "0" * (cells // len(own)) not in row.digits
    return any(
        split[-1] == sum(split[:-1]) for count in range(2, cells) for split in splits(row.digits, count)
    )


def _together(
    choices: dict[Glued, list[Split]], rules: list[Equation], figures: Mapping[str, Figure]
) -> dict[Glued, Split]:
    """One split a row: those that stand alone, then the combination of the others that satisfies most
    rules."""
    chosen = {row: options[0] for row, options in choices.items() if len(options) == 1}
    open_rows = [row for row, options in choices.items() if len(options) > 1]
    if not open_rows or prod(len(choices[row]) for row in open_rows) > MOST_COMBINATIONS:
        return chosen
    known = _known(figures)
    for row, split in chosen.items():
        known.update(zip(row.codes, split, strict=True))
    best = _best(open_rows, choices, rules, known)
    return {**chosen, **dict(zip(open_rows, best, strict=True))} if best else chosen


def _best(
    rows: list[Glued], choices: Mapping[Glued, list[Split]], rules: list[Equation], known: Mapping[str, float]
) -> tuple[Split, ...] | None:
    codes = [code for row in rows for code in row.codes]
    everything = set(codes) | set(known)
    telling = [rule for rule in rules if set(rule.codes) & set(codes) and set(rule.codes) <= everything]
    scored = []
    for combination in product(*(choices[row] for row in rows)):
        values = {**known, **dict(zip(codes, (n for split in combination for n in split), strict=True))}
        scored.append((sum(rule.holds(values) for rule in telling), combination))
    top = max(score for score, _ in scored)
    winners = [combination for score, combination in scored if score == top]
    return winners[0] if len(winners) == 1 and telling else None


def _put(row: Glued, split: Iterable[int], figures: dict[str, Figure], units: Mapping[str, str]) -> None:
    for code, number in zip(row.codes, split, strict=True):
        figures[code] = Figure(
            code, number, State.NUMBER, str(number), units[code], likely()[code], row.place
        )


def _undecided(row: Glued, options: list[Split]) -> Finding:
    case = "several" if options else "none"
    values = {"case": case, "digits": row.digits[:LONGEST_SHOWN], "cells": len(row.codes)}
    return Finding(FindingKind.GLUED_DIGITS, row.codes, values)


def splits(digits: str, count: int) -> list[Split]:
    """Every way to cut the digits into `count` numbers without leading zeros; [] when there are too many."""
    ways = [[int(start == len(digits)) for start in range(len(digits) + 1)]]
    for _ in range(count):
        ways.append([sum(ways[-1][end] for end in _ends(digits, start)) for start in range(len(digits) + 1)])
    return list(_cut(digits, 0, ways)) if ways[-1][0] <= MOST_SPLITS else []


def _ends(digits: str, start: int) -> range:
    """Where a number that begins at `start` may end."""
    longest = 1 if digits[start : start + 1] == "0" else LONGEST
    return range(start + 1, min(start + longest, len(digits)) + 1)


def _cut(digits: str, start: int, ways: list[list[int]]) -> Iterator[Split]:
    """The splits of what begins at `start`; `ways[n]` says in how many ways n numbers make up the rest."""
    if len(ways) == 1:
        yield ()
        return
    for end in _ends(digits, start):
        if ways[-2][end]:
            for rest in _cut(digits, end, ways[:-1]):
                yield (int(digits[start:end]), *rest)
