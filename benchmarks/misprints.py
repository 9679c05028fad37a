"""Misprints put into clean reports: is the changed cell named, alone, with the value that was there before?

Kinds: one cell, two cells, a whole row left out, two columns of a table swapped. Each report is one of the sample
country or of the older forms; only identities are asked, for what is read is measured elsewhere (`corpus`).
"""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from rich.console import Console
from rich.table import Table

from parsers import identities
from parsers.codebook import forms
from parsers.proof.misprints import located
from parsers.records import Figure, Finding, Proof, State
from sample.make import country
from tests.corpus.older import generation_for, older_reports

BARS = {"one cell": 0.995, "two cells": 0.98}
"""The least share of reports in which exactly the changed cells are named, with the values that were there."""
Values = dict[str, int | float | None]


@dataclass
class Tally:
    """How misprints of one kind were explained."""

    right: int = 0
    wrong: int = 0
    open: int = 0
    unseen: int = 0
    seconds: list[float] = field(default_factory=list)

    @property
    def told(self) -> int:
        """Those that make an identity fail."""
        return self.right + self.wrong + self.open


def run(trials: int, seed: int) -> bool:
    """Prints how each kind came out; whether every bar is reached and nothing wrong was suggested of rows and columns."""
    chance = Random(seed)
    clean = list(_clean())
    tallies = {name: Tally() for name in _KINDS}
    for _ in range(trials):
        generations, values = chance.choice(clean)
        for name, change in _KINDS.items():
            _try(tallies[name], generations, values, change(chance, generations, values))
    table = Table("misprint", "seen", "right and alone", "open", "wrong", "unseen", "ms, median")
    for name, tally in tallies.items():
        share = f"{tally.right / max(1, tally.told):.2%}"
        median = f"{1000 * statistics.median(tally.seconds or [0]):.1f}"
        table.add_row(
            name, str(tally.told), share, str(tally.open), str(tally.wrong), str(tally.unseen), median
        )
    Console().print(table)
    reached = all(tallies[name].right >= bar * tallies[name].told for name, bar in BARS.items())
    return reached and not any(tallies[name].wrong for name in _KINDS if name not in BARS)


def _clean() -> Iterator[tuple[dict[str, str], Values]]:
    made = country(bodies=12)
    for report in made.reports:
        if not report.printed_errors:
            yield dict.fromkeys(("t2", "t3", "t4"), report.generation), dict(report.figures)
    for body in made.bodies[:6]:
        for year, sheet in zip(range(2009, 2019), older_reports(7, body, range(2009, 2019)), strict=True):
            generation = generation_for(year, local=True)
            table = next(name for name, of in forms() if of == generation)
            yield {table: generation}, dict(sheet.figures)


def _try(tally: Tally, generations: dict[str, str], values: Values, changed: Values) -> None:
    figures = {code: _figure(code, value) for code, value in changed.items()}
    checked = identities.check(generations, figures)
    if all(one.holds for one in checked):
        tally.unseen += 1
        return
    begun = time.perf_counter()
    found = located(checked, generations, figures)
    tally.seconds.append(time.perf_counter() - begun)
    suggested = dict(_suggested(found.findings))
    differing = {code: value or 0 for code, value in values.items() if (changed[code] or 0) != (value or 0)}
    if suggested == differing:
        tally.right += 1
    elif any(suggested.get(code) != values.get(code) for code in suggested):
        tally.wrong += 1
    else:
        tally.open += 1


def _suggested(findings: tuple[Finding, ...]) -> Iterator[tuple[str, int | float]]:
    for finding in findings:
        for cell in finding.values.get("cells", ()):
            yield cell["code"], cell["suggested"]


def _figure(code: str, value: int | float | None) -> Figure:
    state = State.BLANK if value is None else State.NUMBER
    return Figure(code, value, state, "" if value is None else str(value), "", Proof.UNPROVEN, "")


# --- what goes wrong in print ---


def _telling(generations: dict[str, str]) -> list[str]:
    """The codes that stand in two identities or more; of a single sum any cell may be the wrong one."""
    rules = (rule for key in generations.items() for rule in identities.equations(*key))
    counts = Counter(code for rule in rules for code in rule.codes)
    return [code for code, number in counts.items() if number > 1]


def _slipped(chance: Random, value: int | float | None) -> int | float:
    """Another number, as a hand that types makes it."""
    was = str(value or 0)
    at = chance.randrange(len(was))
    ways: list[Callable[[], str]] = [
        lambda: was[:at] + chance.choice("0123456789") + was[at + 1 :],
        lambda: was[:at] + was[at + 1 :],
        lambda: was[:at] + was[at] + was[at:],
        lambda: was[:at] + was[at + 1 : at + 2] + was[at] + was[at + 2 :],
        lambda: was + "0",
    ]
    made = chance.choice(ways)()
    number = int(made) if made.isdecimal() else 0
    return number if number != (value or 0) else (value or 0) + chance.randint(1, 9)


def _one_cell(chance: Random, generations: dict[str, str], values: Values) -> Values:
    telling = _telling(generations)
    if len(telling) < 2:
        return values
    code = chance.choice(telling)
    return {**values, code: _slipped(chance, values[code])}


def _two_cells(chance: Random, generations: dict[str, str], values: Values) -> Values:
    telling = _telling(generations)
    if len(telling) < 2:
        return values
    codes = chance.sample(telling, 2)
    return {**values, **{code: _slipped(chance, values[code]) for code in codes}}


def _row_left_out(chance: Random, generations: dict[str, str], values: Values) -> Values:
    rows = [row.codes for key in generations.items() for row in forms()[key].rows if len(row.codes) > 1]
    row = chance.choice([codes for codes in rows if any(values[code] for code in codes)] or rows or [()])
    return {**values, **dict.fromkeys(row, 0)}


def _row_shifted(chance: Random, generations: dict[str, str], values: Values) -> Values:
    """Each figure of a row stands one column too far to the right, the last one in the first."""
    rows = [row.codes for key in generations.items() for row in forms()[key].rows if len(row.codes) > 2]
    if not rows:
        return values
    row = chance.choice(rows)
    return {**values, **{code: values[row[at - 1]] for at, code in enumerate(row)}}


def _columns_swapped(chance: Random, generations: dict[str, str], values: Values) -> Values:
    """Two columns of a table stand in each other's places, in every row."""
    tables = [[row.codes for row in forms()[key].rows if len(row.codes) > 2] for key in generations.items()]
    rows = chance.choice([table for table in tables if table] or [[]])
    if not rows:
        return values
    one, other = chance.sample(range(len(rows[0])), 2)
    changed = dict(values)
    for row in rows:
        changed |= {row[one]: values[row[other]], row[other]: values[row[one]]}
    return changed


_KINDS: dict[str, Callable[[Random, dict[str, str], Values], Values]] = {
    "one cell": _one_cell,
    "two cells": _two_cells,
    "row left out": _row_left_out,
    "row shifted": _row_shifted,
    "columns swapped": _columns_swapped,
}
