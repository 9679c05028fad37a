"""Slips put into the histories of made bodies: of what is called unusual, how much is one? And how many are found?

In one report of ten, one cell that no identity proves is printed ten times too large, or (an amount) in yuan where the form
counts 10,000 yuan. What is flagged anywhere else is a false alarm. The country's own numbers jump from year
to year as real ones do, so that the precision is that of notes, and of this share of slips.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from random import Random

from rich.console import Console
from rich.table import Table

from archive.derived import slips
from archive.derived.slips import Unusual
from sample.make import country

SHARE = 0.1
"""Of the reports so many get a slip."""
BODIES = 60
LEAST_PRECISION = 0.8
Values = dict[str, int | float]
Slip = tuple[str, Values]


def run(trials: int, seed: int) -> bool:
    """Prints precision and recall of each rule over `trials` reports; whether all are precise enough."""
    chance = Random(seed)
    named: dict[str, Counter[bool]] = defaultdict(Counter)
    seen: dict[str, Counter[bool]] = defaultdict(Counter)
    for now, before in _histories(trials, seed):
        kind, code, values = _slipped(chance, now) if chance.random() < SHARE else ("", "", now)
        found = {finding.codes[0]: finding.values["case"] for finding in slips.unusual(values, before)}
        for flagged, case in found.items():
            named[case][flagged == code] += 1
        if kind and len([1 for year in before.values() if year.get(code, 0) > 0]) >= slips.LEAST_YEARS:
            seen[kind][code in found] += 1
    table = Table("rule", "named", "precision", "slips of this kind", "found")
    for case in slips.cases():
        told, of_kind = named[case], seen[case]
        shares = [f"{count[True] / max(1, count.total()):.1%}" for count in (told, of_kind)]
        table.add_row(case, str(told.total()), shares[0], str(of_kind.total()), shares[1])
    Console().print(table)
    return all(named[case][True] >= LEAST_PRECISION * named[case].total() for case in named)


def _histories(trials: int, seed: int) -> Iterator[tuple[Values, dict[int, Values]]]:
    """Reports of made bodies with those of the years before, as many as are asked for."""
    left = trials
    while left > 0:
        by_body: dict[object, dict[int, Values]] = defaultdict(dict)
        for report in country(seed, BODIES).reports:
            values = {code: value for code, value in report.figures.items() if value is not None}
            by_body[report.body, report.scope][report.year] = values
        for years in by_body.values():
            for year in sorted(years)[slips.LEAST_YEARS :]:
                before = {each: years[each] for each in years if year - slips.YEARS <= each < year}
                yield dict(years[year]), before
                left -= 1
        seed += 1


def _slipped(chance: Random, values: Values) -> tuple[str, str, Values]:
    """The kind of slip, its cell, and the values with it; no kind where no cell can have it."""
    kind = chance.choice([*_KINDS])
    codes = [code for code in slips.watched() if values.get(code, 0) >= slips.LEAST]
    for code in chance.sample(codes, len(codes)):
        changed = _KINDS[kind](chance, code, values)
        if changed is not None and changed != values[code]:
            return kind, code, {**values, code: changed}
    return "", "", values


def _ten(_chance: Random, code: str, values: Values) -> float | None:
    return values[code] * 10


def _yuan(_chance: Random, code: str, values: Values) -> float | None:
    return round(values[code] * slips.TEN_THOUSAND) if code in slips.of_money() else None


_KINDS: dict[str, Callable[[Random, str, Values], float | None]] = {
    Unusual.TEN_TIMES: _ten,
    Unusual.TEN_THOUSAND_TIMES: _yuan,
}
