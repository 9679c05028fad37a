"""Misprints put into clean reports: is the changed cell named, alone, with the value that was there before?

Kinds: one cell, two cells, a whole row left out or shifted, two columns of a table swapped. Each report is one of the
sample country or of the older forms, or one of the real reports beside the project, where they are. Only identities are
asked, for what is read is measured elsewhere (`corpus`).
"""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from rich.console import Console
from rich.table import Table

from parsers import identities
from parsers.codebook import forms
from parsers.proof.misprints import located
from parsers.records import Figure, Finding, Proof, State
from parsers.report import parse
from sample.make import country
from tests.corpus.older import generation_for, older_reports

BARS = {"one cell": 0.995, "two cells": 0.98}
"""The least share of reports in which exactly the changed cells are named, with the values that were there."""
LONGEST = 5.0
"""Milliseconds of the processor that the misprints of a failing report may take at the median, of each kind."""
REAL = Path(__file__).parents[2] / "shared" / "cases" / "whole"
"""Real reports: those of which every sum holds are misprinted like the made ones."""
Values = dict[str, int | float | None]
Clean = tuple[dict[str, str], Values]
"""Generations of the tables of a report in which every sum holds, and its cells."""


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

    @property
    def milliseconds(self) -> float:
        """What those took at the median."""
        return 1000 * statistics.median(self.seconds or [0])


def run(trials: int, seed: int) -> bool:
    """Prints how each kind came out, of made and of real reports; whether every bar is reached by both."""
    pools = {"made": list(_made()), "real": list(_real())}
    table = Table("reports", "misprint", "seen", "right and alone", "open", "wrong", "unseen", "ms, median")
    held = []
    for name, clean in pools.items():
        if clean:
            tallies = _tried(clean, trials, Random(seed))
            held += [_holds(kind, tally) for kind, tally in tallies.items()]
            for kind, tally in tallies.items():
                table.add_row(f"{len(clean)} {name}", kind, *_row(tally))
    Console().print(table)
    return all(held)


def _tried(clean: list[Clean], trials: int, chance: Random) -> dict[str, Tally]:
    tallies = {kind: Tally() for kind in _KINDS}
    for _ in range(trials):
        generations, values = chance.choice(clean)
        for kind, change in _KINDS.items():
            _try(tallies[kind], generations, values, change(chance, generations, values))
    return tallies


def _holds(kind: str, tally: Tally) -> bool:
    """The share of its bar is reached, or nothing wrong was suggested where there is none; in time."""
    named = tally.right >= BARS[kind] * tally.told if kind in BARS else not tally.wrong
    return named and tally.milliseconds <= LONGEST


def _row(tally: Tally) -> tuple[str, ...]:
    share = f"{tally.right / max(1, tally.told):.2%}"
    counts = (str(each) for each in (tally.open, tally.wrong, tally.unseen))
    return str(tally.told), share, *counts, f"{tally.milliseconds:.1f}"


def _made() -> Iterator[Clean]:
    made = country(bodies=12)
    for report in made.reports:
        if not report.printed_errors:
            yield dict.fromkeys(("t2", "t3", "t4"), report.generation), dict(report.figures)
    for body in made.bodies[:6]:
        for year, sheet in zip(range(2009, 2019), older_reports(7, body, range(2009, 2019)), strict=True):
            generation = generation_for(year, local=True)
            table = next(name for name, of in forms() if of == generation)
            yield {table: generation}, dict(sheet.figures)


def _real() -> Iterator[Clean]:
    """Those that print all cells of their tables, without a sum that fails."""
    for truth in sorted(REAL.glob("*.figures.json")) if REAL.is_dir() else ():
        stem = truth.name.removesuffix(".figures.json")
        (path,) = (each for each in REAL.glob(f"{stem}.*") if each != truth)
        report = parse(path.read_bytes())
        if report.identities and all(each.holds for each in report.identities):
            values = {figure.code: figure.value for figure in report.figures}
            tables = (forms()[key] for key in report.generations.items())
            codes = [code for table in tables for row in table.rows for code in row.codes]
            yield dict(report.generations), {code: values.get(code) for code in codes}


def _try(tally: Tally, generations: dict[str, str], values: Values, changed: Values) -> None:
    figures = {code: _figure(code, value) for code, value in changed.items()}
    checked = identities.check(generations, figures)
    if all(one.holds for one in checked):
        tally.unseen += 1
        return
    begun = time.process_time()
    found = located(checked, generations, figures)
    tally.seconds.append(time.process_time() - begun)
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
