"""Pages as a crawl brings them, no two alike: every generation, quirk and skin of the corpus in HTML, some with a misprint.

Each reader reads each page once, in a process of its own that has read one other page before, so that what is loaded
once is loaded, and nothing else is remembered.
"""

from __future__ import annotations

import gc
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import cache
from multiprocessing import get_context
from random import Random
from statistics import mean, median, quantiles
from time import process_time
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks.readers import NAMES, readers
from sample.forms.sheet import Sheet
from tests.corpus.documents import PLAIN, draw, sheets
from tests.corpus.mutations import change_digit
from tests.corpus.quirks import QUIRKS, Quirk

MOST_AT_THE_MEDIAN, MOST_AT_THE_MEAN = 4.0, 5.0
"""The bars: of the time of the parse by lxml alone."""
LEAST_FASTER = 2.0
"""The bar beside pandas.read_html, at the median."""
MISPRINTED = 0.08
"""The share of pages with a wrong digit; of real reports 6 to 10 in 100 have one."""
SHORTEST_PROSE, LONGEST_PROSE = 1000, 2800
"""Characters of prose in a real report."""
_ROUNDS = 3


class Times(NamedTuple):
    """Milliseconds a page."""

    median: float
    mean: float
    p95: float


def run(seed: int, rounds: int = _ROUNDS) -> bool:
    """Print the table; true when no bar is missed."""
    spent: dict[str, list[list[float]]] = {name: [] for name in readers()}
    for number in range(rounds):
        for name, rounds_of_one in spent.items():
            rounds_of_one.append(_in_a_fresh_process(name, seed + number))
    times = {name: _times(all_rounds) for name, all_rounds in spent.items()}
    console = Console(width=120)
    console.print(_table(times, len(spent[NAMES[0]][0]), rounds))
    missed = _missed(times)
    console.print("\n".join(missed) if missed else "no bar is missed\n")
    return not missed


def _times(rounds: list[list[float]]) -> Times:
    """Of several rounds the one in the middle, for each measure."""
    return Times(
        median(map(median, rounds)),
        median(map(mean, rounds)),
        median(quantiles(spent, n=20)[-1] for spent in rounds),
    )


def _table(times: dict[str, Times], count: int, rounds: int) -> Table:
    alone = times[NAMES[1]]
    table = Table(
        title=f"{rounds} rounds of {count} pages, no two alike, each read once: ms a page (times lxml alone)"
    )
    for column in ("reader", *Times._fields):
        table.add_column(column, justify="left" if column == "reader" else "right")
    for name in NAMES:
        if name in times:
            cells = (f"{own:.2f} ({own / other:.2f})" for own, other in zip(times[name], alone, strict=True))
            table.add_row(name, *cells)
    return table


def _missed(times: dict[str, Times]) -> list[str]:
    """The bars that are missed, each as a line."""
    ours, alone = times[NAMES[0]], times[NAMES[1]]
    measured = (
        ("median", ours.median / alone.median, MOST_AT_THE_MEDIAN),
        ("mean", ours.mean / alone.mean, MOST_AT_THE_MEAN),
    )
    lines = [
        f"missed: at the {name} {ratio:.2f} times {NAMES[1]}; the bar is {bar}"
        for name, ratio, bar in measured
        if ratio > bar
    ]
    pandas = times.get(NAMES[2])
    if pandas and pandas.median / ours.median < LEAST_FASTER:
        lines.append(
            f"missed: {pandas.median / ours.median:.2f} times as fast as {NAMES[2]}; the bar is {LEAST_FASTER}"
        )
    return lines


def _in_a_fresh_process(name: str, seed: int) -> list[float]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_spent, name, seed).result()


def _spent(name: str, seed: int) -> list[float]:
    """Milliseconds of processor time that a reader takes for each page."""
    reader, made = readers()[name], pages(seed)
    reader(_page(PLAIN, "G2021", "before", seed))
    gc.collect()
    gc.freeze()
    spent = []
    for page in made:
        start = process_time()
        with suppress(ValueError):  # pandas finds no table in a page whose figures stand in no grid
            reader(page)
        spent.append(1000 * (process_time() - start))
    return spent


@cache
def pages(seed: int) -> tuple[bytes, ...]:
    """A page of each quirk in each of its generations, in a skin by chance, in an order by chance."""
    quirks = (PLAIN, *(quirk for quirk in QUIRKS.values() if "html" in quirk.printers))
    made = [
        _page(quirk, generation, f"{seed} varied {quirk.name} {generation}", seed)
        for quirk in quirks
        for generation in quirk.generations
    ]
    Random(f"{seed} varied order").shuffle(made)
    return tuple(made)


def _page(quirk: Quirk, generation: str, name: str, seed: int) -> bytes:
    random = Random(name)

    def changed(sheet: Sheet, chance: Random) -> Sheet:
        sheet = quirk.change(_with_prose(sheet, generation, random, seed), chance)
        return _misprinted(sheet, random) if random.random() < MISPRINTED else sheet

    return draw(replace(quirk, change=changed), "html", generation, random, seed).data


def _misprinted(sheet: Sheet, random: Random) -> Sheet:
    try:
        return change_digit(sheet, random)
    except (IndexError, StopIteration, ValueError, KeyError):
        return sheet  # a quirk that prints no cell of its own for the figure


def _with_prose(sheet: Sheet, generation: str, random: Random, seed: int) -> Sheet:
    """The report with prose of others behind its own, until it is as long as that of real ones."""
    wanted = random.randint(SHORTEST_PROSE, LONGEST_PROSE)
    parts = list(sheet.parts)
    length = sum(len(part) for part in parts if isinstance(part, str))
    while length < wanted:
        other = random.choice(sheets(generation, seed))
        prose = [part for part in other.parts if isinstance(part, str) and part]
        if not prose:
            break
        part = random.choice(prose)
        parts.append(part)
        length += len(part)
    return replace(sheet, parts=tuple(parts))
