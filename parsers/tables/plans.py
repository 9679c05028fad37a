"""Which cell of a table is which code, remembered for tables that differ in their figures alone.

Most tables of a crawl are such: the same labels in a grid of the same form, and a value or a blank in the same cells.
Where the cells go follows from that alone, unless arithmetic had to decide; who reads a table says when it had not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter

from parsers.codebook import Form
from parsers.document import Cell
from parsers.tables.lines import RowForm, RowOfForm
from parsers.tables.recognise import LISTS, Segment

MOST = 256
Key = tuple[Form, tuple[RowForm, ...], tuple[str, ...]]
Placed = tuple[tuple[str, ...], Sequence[Cell | None]]
"""Codes, and the cell of each."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The codes of a table in the order in which they are read, where the cell of each stands, the units of amounts
    that its head prints, and how to take their texts from all texts; None stands for the text of a code that has no
    cell."""

    codes: tuple[str, ...]
    places: tuple[str, ...]
    units: Mapping[str, str]
    take: Callable[[Sequence[str | None]], tuple[str | None, ...]]

    def texts(self, segment: Segment) -> tuple[str | None, ...]:
        """The text for each code in a table that this is the plan of."""
        rows = [line.texts for line in segment.lines if isinstance(line, RowOfForm)]
        return self.take([*chain.from_iterable(rows), None])


_plans: dict[Key, Plan] = {}


def key_of(segment: Segment, form: Form) -> Key | None:
    """All that the places of a table's cells depend on; None where it is not known, or is more than one grid shows."""
    lines = segment.lines
    forms = segment.forms
    if forms is None or form.table in LISTS or lines[0].grid != lines[-1].grid:
        return None
    return form, forms, tuple([line.shape for line in lines])


def known(key: Key | None) -> Plan | None:
    """Where the cells of a table go when one like it was read before."""
    return _plans.get(key) if key else None


def remember(key: Key, segment: Segment, placed: Sequence[Placed], units: Mapping[str, str]) -> None:
    """Keeps where the cells of this table went; of too many tables the first are forgotten."""
    numbers = {id(cell): number for number, cell in enumerate(_cells(segment))}
    codes = tuple([code for codes, _ in placed for code in codes])
    cells = [cell for _, cells in placed for cell in cells]
    while len(_plans) >= MOST:
        _plans.pop(next(iter(_plans)), None)
    places = tuple([cell.place if cell else "" for cell in cells])
    _plans[key] = Plan(codes, places, units, itemgetter(*(numbers[id(cell)] for cell in cells)))


def _cells(segment: Segment) -> list[Cell | None]:
    """All cells of a table, and None for a code that has none."""
    return [*(cell for line in segment.lines for cell in line.cells), None]
