"""Slips put into the histories of made bodies: of what a rule notes, how much is one? And how many are found?

One report of ten has a slip. In a cell that no identity proves it is printed ten or a hundred times too large, as an amount
in yuan where the form counts 10,000 yuan, or with the number of the cell beside it; or the whole report is that of
the year before. One report of fifty has a cell that truly rose, by up to fifty times: a power that came from another body.
What is noted anywhere else than of a slip is a false alarm. The peers of a body are those of its name at other made places.
The precision is that of these shares: how often numbers really rise or are misprinted so, nobody has measured yet.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from random import Random

from rich.console import Console
from rich.table import Table

from archive.derived import slips
from archive.rows import alike
from parsers.findings import FindingKind
from sample.make import country

SHARE = 0.1
"""Of the reports so many get a slip."""
RISEN = 0.02
"""Of the reports so many have a cell that truly rose."""
MOST_RISEN = 50
"""So many times it may be what it was; its logarithm is even."""
SIZES = 100
"""The cells of bodies of one name differ by up to so many times, as their powers do; its logarithm is even."""
BODIES = 60
YEARS = range(2021, 2031)
"""The form of 2021 in ten years, so that its cells have histories."""
TOGETHER = 3
"""Made countries whose bodies are peers: with fewer there would be too few of one name."""
LEAST_PRECISION = 2 / 3
"""A note is worth a look when two of three are slips."""
TRIALS, SEED = 3000, 7
"""The run whose precision stands in parsers/rules.csv."""
REPEATS = FindingKind.FIGURES_REPEAT_LAST_YEAR.value
Values = dict[str, int | float]
Notes = set[tuple[str, str]]
"""What rules note: the case or kind, and the cell; empty where it is of the whole report."""


@dataclass(frozen=True)
class History:
    """A report, those of the years around it, and what its peers print for its year, by cell."""

    year: int
    now: Values
    before: Mapping[int, Values]
    after: Values
    peers: Mapping[str, list[int | float]]


@dataclass
class Measured:
    """Of what each rule noted how much was a slip, and how many of the slips of each kind anything noted."""

    noted: dict[str, Counter[bool]] = field(default_factory=lambda: defaultdict(Counter))
    seen: dict[str, Counter[bool]] = field(default_factory=lambda: defaultdict(Counter))

    def precision(self, rule: str) -> float:
        """The share of what this rule noted that was a slip."""
        return self.noted[rule][True] / max(1, self.noted[rule].total())


def run(trials: int, seed: int) -> bool:
    """Prints precision and recall of each rule over `trials` reports; whether all are precise enough."""
    found = measured(trials, seed)
    table = Table("rule", "noted", "precision")
    for rule in (*slips.cases(), REPEATS):
        table.add_row(rule, str(found.noted[rule].total()), f"{found.precision(rule):.1%}")
    kinds = Table("slip", "made", "noted")
    for kind, count in found.seen.items():
        kinds.add_row(kind, str(count.total()), f"{count[True] / count.total():.1%}")
    Console().print(table, kinds)
    return all(found.precision(rule) >= LEAST_PRECISION for rule in found.noted)


def measured(trials: int, seed: int) -> Measured:
    """The notes of so many made reports, held against the slips that were put into one of ten."""
    chance, found = Random(seed), Measured()
    for history in _histories(trials, seed, chance):
        kind, code, values = _slipped(chance, history)
        notes = _notes(history, values)
        for rule, cell in notes:
            found.noted[rule][bool(kind) and cell == code] += 1
        if kind:
            found.seen[kind][code in {cell for _rule, cell in notes}] += 1
    return found


def _notes(history: History, values: Values) -> Notes:
    """What the archive would note of a report with these values (archive.derived.across)."""
    alone = slips.without_habit(values, history.before, history.after)
    findings = [
        *slips.unusual(values, history.before, history.after),
        *slips.above_peers(values, {code: history.peers[code] for code in alone if code in history.peers}),
    ]
    notes = {(finding.values["case"], finding.codes[0]) for finding in findings}
    last, weight = alike.mark(history.before.get(history.year - 1, {}).items())
    is_copy = weight >= alike.TELLING and alike.mark(values.items())[0] == last
    return notes | ({(REPEATS, "")} if is_copy else set())


def _histories(trials: int, seed: int, chance: Random) -> Iterator[History]:
    """Reports of made bodies with those of the years before, as many as are asked for."""
    left = trials
    while left > 0:
        by_body = _by_body(range(seed, seed + TOGETHER))
        for (place, *role), years in by_body.items():
            beside = [each for (other, *its), each in by_body.items() if its == role and other != place]
            for year in sorted(years)[1:]:
                before = {each: years[each] for each in years if year - slips.YEARS <= each < year}
                after = years.get(year + 1, {})
                yield _risen(chance, History(year, years[year], before, after, _of_peers(beside, year)))
                left -= 1
        seed += TOGETHER


def _by_body(seeds: range) -> Mapping[tuple[str, str, str], dict[int, Values]]:
    """The numbers of all years, by place, name without its place, and scope."""
    found: dict[tuple[str, str, str], dict[int, Values]] = defaultdict(dict)
    for seed in seeds:
        for report in country(seed, BODIES, YEARS).reports:
            place = report.site.place
            role = report.body.name.removeprefix(place)
            found[f"{seed} {place}", role, report.scope][report.year] = {
                code: round(value * _size(role, code))
                for code, value in report.figures.items()
                if value is not None
            }
    return found


@cache
def _size(role: str, code: str) -> float:
    """How large the number of this cell is at bodies of this name; as it is where sums would not hold any more."""
    return SIZES ** Random(f"{role} {code}").random() if code in slips.watched() else 1.0


def _of_peers(beside: list[dict[int, Values]], year: int) -> Mapping[str, list[int | float]]:
    found: dict[str, list[int | float]] = defaultdict(list)
    for years in beside:
        for code in slips.watched():
            if (value := years.get(year, {}).get(code, 0)) > 0:
                found[code].append(value)
    return found


# --- what slips ---


def _risen(chance: Random, history: History) -> History:
    """The history, where a cell may have risen in this year and after."""
    codes = [code for code in slips.watched() if history.now.get(code, 0) > 0]
    if not codes or chance.random() >= RISEN:
        return history
    code, times = chance.choice(codes), MOST_RISEN ** chance.random()
    now, after = (
        {**values, code: round(values[code] * times)} if code in values else values
        for values in (history.now, history.after)
    )
    return replace(history, now=now, after=after)


def _slipped(chance: Random, history: History) -> tuple[str, str, Values]:
    """The kind of slip, its cell (empty where it is the whole report), and the values with it; no kind where none is."""
    values = history.now
    if chance.random() >= SHARE:
        return "", "", values
    kind = chance.choice([*_KINDS, REPEATS])
    if kind == REPEATS:
        last = history.before.get(history.year - 1)
        return (kind, "", last) if last else ("", "", values)
    codes = [code for code in slips.watched() if values.get(code, 0) >= slips.LEAST]
    for code in chance.sample(codes, len(codes)):
        changed = _KINDS[kind](chance, code, values)
        if changed is not None and changed != values[code]:
            return kind, code, {**values, code: changed}
    return "", "", values


def _ten(_chance: Random, code: str, values: Values) -> float | None:
    return values[code] * 10


def _hundred(_chance: Random, code: str, values: Values) -> float | None:
    return values[code] * 100


def _yuan(_chance: Random, code: str, values: Values) -> float | None:
    return round(values[code] * slips.TEN_THOUSAND) if code in slips.of_money() else None


def _beside(chance: Random, code: str, values: Values) -> float | None:
    beside = [each for each in sorted(slips.neighbours()[code]) if values.get(each, 0) >= slips.LEAST]
    return values[chance.choice(beside)] if beside else None


_KINDS: dict[str, Callable[[Random, str, Values], float | None]] = {
    "ten times": _ten,
    "a hundred times": _hundred,
    "in yuan": _yuan,
    "the number beside it": _beside,
}
