"""Documents with known truth, drawn from seeds: generations x containers x quirks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count, cycle, islice
from random import Random

from sample.forms.sheet import Sheet, sheet_of
from sample.make import country
from tests.corpus.mutations import MUTATIONS, Mutation, mutated
from tests.corpus.older import PROSE, YEARS, generation_for, older_reports
from tests.corpus.quirks import PRINTERS, QUIRKS, Printer, Quirk, unchanged
from tests.corpus.quirks.base import EVERY, STATUTORY

_BODIES = 12
_PDF_EVERY = 4
PLAIN = Quirk("none", unchanged, PRINTERS, EVERY)
"""A report as the form wants it."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One document of the corpus: what was done, how it was printed, and what must be read in it."""

    quirk: str
    container: str
    generation: str
    sheet: Sheet
    data: bytes
    lossy: bool = False


@cache
def sheets(generation: str, seed: int) -> tuple[Sheet, ...]:
    """The reports of one sample country of one generation, without misprints."""
    made = country(seed, _BODIES)
    if generation in STATUTORY:
        return tuple(
            sheet_of(report)
            for report in made.reports
            if report.generation == generation and not report.printed_errors
        )
    years = [year for year in YEARS if generation_for(year, generation != PROSE) == generation]
    return tuple(
        sheet for body in made.bodies for sheet in older_reports(seed, body, years, generation != PROSE)
    )


def corpus(size: int, seed: int = 1) -> Iterator[Drawn]:
    """The first `size` documents of `seed`: every quirk in each of its containers and generations in turn."""
    return islice(_endless(seed), size)


def _endless(seed: int) -> Iterator[Drawn]:
    plans = [(PLAIN, _ways(PLAIN)), *((quirk, _ways(quirk)) for quirk in QUIRKS.values())]
    turns = [(quirk, cycle(ways)) for quirk, ways in plans]
    for round_ in count():
        for number, (quirk, ways) in enumerate(turns):
            container, generation = next(ways)
            if container == "pdf" and round_ % _PDF_EVERY:
                container, generation = next(way for way in ways if way[0] != "pdf")
            yield draw(quirk, container, generation, Random(f"{seed} {round_} {number}"), seed)


def _ways(quirk: Quirk) -> list[tuple[str, str]]:
    """Containers and generations of a quirk, so mixed that few of them show many of both."""
    ways = [(container, generation) for generation in quirk.generations for container in quirk.printers]
    return sorted(ways, key=lambda way: (ways.index(way) * 7) % len(ways))


def _sheet(generation: str, seed: int, random: Random) -> Sheet:
    """A report by chance; the more of its figures are not 0, the likelier it is."""
    every = sheets(generation, seed)
    return random.choices(every, [8 + sum(map(bool, sheet.figures.values())) for sheet in every])[0]


def draw(quirk: Quirk, container: str, generation: str, random: Random, seed: int = 1) -> Drawn:
    """One document with a quirk."""
    original = _sheet(generation, seed, random)
    sheet = quirk.change(original, random)
    printer: Printer = quirk.printers[container]
    return Drawn(quirk.name, container, generation, sheet, printer(sheet, random), quirk.lossy)


def plain(container: str, generation: str, number: int, seed: int = 1) -> Drawn:
    """One document as the form wants it."""
    return draw(PLAIN, container, generation, Random(f"{seed} plain {number}"), seed)


def mutations(size: int, seed: int = 1) -> Iterator[Drawn]:
    """`size` damaged documents: every mutation, as page, text and Word file, in turn."""
    for number, mutation in zip(range(size), cycle(MUTATIONS), strict=False):
        yield _mutated(mutation, number, seed)


def _mutated(mutation: Mutation, number: int, seed: int) -> Drawn:
    random = Random(f"{seed} mutation {number}")
    generation, container = random.choice(STATUTORY), random.choice(("html", "html", "text", "docx"))
    sheet = mutated(_sheet(generation, seed, random), mutation, random)
    data = PRINTERS[container](sheet, random)
    return Drawn(mutation.__name__, container, generation, sheet, data, bool(sheet.lost))


__all__ = ["EVERY", "PLAIN", "Drawn", "corpus", "draw", "mutations", "plain", "sheets"]
