"""Which cell of a table is which code, remembered for tables that differ in their figures alone.

Most tables of a crawl are such: the same labels in a grid of the same form, and a value or a blank in the same cells.
Where the cells go follows from that alone, unless arithmetic had to decide; who reads a table says when it had not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from parsers.codebook import Form
from parsers.document import Cell
from parsers.tables.lines import RowForm
from parsers.tables.recognise import LISTS, Segment

MOST = 256
Key = tuple[Form, tuple[RowForm, ...], tuple[str, ...]]
Placed = tuple[tuple[str, ...], Sequence[Cell | None]]
"""Codes, and the cell of each."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The codes of a table in the order in which they are read, and how to take their cells from all cells."""

    codes: tuple[str, ...]
    take: Callable[[Sequence[Cell | None]], tuple[Cell | None, ...]]


_plans: dict[Key, Plan] = {}


def key_of(segment: Segment, form: Form) -> Key | None:
    """All that the places of a table's cells depend on; None where it is not known, or is more than one grid shows."""
    lines = segment.lines
    forms = segment.forms
    if forms is None or form.table in LISTS or lines[0].grid != lines[-1].grid:
        return None
    return form, forms, tuple([line.shape for line in lines])


def known(key: Key | None, segment: Segment) -> Placed | None:
    """Where the cells of a table go when one like it was read before."""
    plan = _plans.get(key) if key else None
    return (plan.codes, plan.take(_cells(segment))) if plan else None


def remember(key: Key, segment: Segment, placed: Sequence[Placed]) -> None:
    """Keeps where the cells of this table went; of too many tables the first are forgotten."""
    places = {id(cell): number for number, cell in enumerate(_cells(segment))}
    codes = tuple([code for codes, _ in placed for code in codes])
    cells = [cell for _, cells in placed for cell in cells]
    while len(_plans) >= MOST:
        _plans.pop(next(iter(_plans)), None)
    _plans[key] = Plan(codes, itemgetter(*(places[id(cell)] for cell in cells)))


def _cells(segment: Segment) -> list[Cell | None]:
    """All cells of a table, and None for a code that has none."""
    return [*(cell for line in segment.lines for cell in line.cells), None]
