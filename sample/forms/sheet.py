"""A report as it goes to print: headings, paragraphs and grids in order, and what must then be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from parsers.forms import Layout
from sample.codebook import tables_in, title
from sample.figures import Figures
from sample.forms.layout import Grid, filled_form
from sample.forms.lists import indicator_list
from sample.prose import Statements
from sample.truth import Text, Truth

FIRST, LAST = 1, 3
"""The sections of the form that end in a table: the second, third and fourth."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a section, as printed."""

    text: str


Part = Heading | str | Grid


@dataclass(frozen=True)
class Sheet:
    """One report in print. `figures` are what its cells say (None: a cell without a number).

    `lost`: cells that print does not tell apart, which may be read right or not at all. `findings`: kinds of
    finding that reading must come to. `extra`: labels of rows that no form knows. `others`: reports below it.
    """

    title: str
    issuer: str
    year: int
    parts: tuple[Part, ...]
    figures: Figures
    said: Statements
    lost: frozenset[str] = frozenset()
    findings: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    others: tuple[Sheet, ...] = ()

    def grids(self) -> list[Grid]:
        """The tables in order."""
        return [part for part in self.parts if isinstance(part, Grid)]

    def with_grids(self, change: Callable[[Grid], Iterable[Part]]) -> Sheet:
        """The sheet with each table changed, cut into several, or left out."""
        return replace(self, parts=tuple(_each_grid(self.parts, change)))

    def with_words(self, change: Callable[[str], str]) -> Sheet:
        """The sheet with each paragraph changed."""
        parts = (change(part) if isinstance(part, str) else part for part in self.parts)
        return replace(self, parts=tuple(parts))

    def with_headings(self, change: Callable[[str], str]) -> Sheet:
        """The sheet with each heading changed."""
        parts = (Heading(change(part.text)) if isinstance(part, Heading) else part for part in self.parts)
        return replace(self, parts=tuple(parts))


def sheet_of(report: Truth, text: Text | None = None, signs: bool = True) -> Sheet:
    """The report (or another text of it) with its three tables where the form wants them."""
    text = text or report.text
    parts = tuple(_parts(report, text, signs))
    return Sheet(report.title, report.body.name, report.year, parts, text.figures, text.statements)


def _parts(report: Truth, text: Text, signs: bool) -> Iterator[Part]:
    tables = iter(filled_form(report.generation, text.figures, signs))
    yield text.opening
    for number, section in enumerate(text.sections):
        yield Heading(section.heading)
        yield from section.paragraphs
        if FIRST <= number <= LAST:
            yield next(tables)
    for name in tables_in(report.generation, Layout.LIST):
        yield f"附表　{title(report.generation, name)}"
        yield indicator_list(report.generation, name, text.figures)


def _each_grid(parts: tuple[Part, ...], change: Callable[[Grid], Iterable[Part]]) -> Iterator[Part]:
    for part in parts:
        if isinstance(part, Grid):
            yield from change(part)
        else:
            yield part
