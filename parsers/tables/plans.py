"""Which cell of a table is which code, remembered for tables that differ in their figures alone.

Most tables of a crawl are such: the same labels in a grid of the same form, and a value or a blank in the same cells.
Where the cells go follows from that alone, unless arithmetic had to decide; who reads a table says when it had not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from operator import itemgetter

from parsers.codebook import Form
from parsers.document import Cell
from parsers.known import Known
from parsers.records import Figure, Finding
from parsers.tables.lines import RowForm, RowOfForm
from parsers.tables.recognise import LISTS, Segment

MOST, CELLS = 256, 1000
Key = tuple[Form, tuple[RowForm, ...], tuple[str, ...]]
Placed = tuple[tuple[str, ...], Sequence[Cell | None]]
"""Codes, and the cell of each."""
_Take = Callable[[Sequence[str | None]], tuple[str | None, ...]]


Read = Callable[[str, str | None, str], tuple[Figure, Sequence[Finding]]]
"""Takes a code, the text of its cell, None where it has none, and the place; gives the figure, and what there is to say."""


class Plan:
    """Where the cell of each code of a table stands, and what was read in it: most cells say what they said before."""

    def __init__(self, placed: Sequence[tuple[str, str]], take: _Take, read: Read) -> None:
        """`placed`: the codes in the order in which they are read, each with the place of its cell; `take`: takes
        their texts from all texts and None."""

        def read_cell(cell: tuple[int, str | None]) -> tuple[Figure, Sequence[Finding]]:
            code, place = placed[cell[0]]
            return read(code, cell[1], place)

        self._take, self._cells = take, Known(read_cell, CELLS)

    def read(self, segment: Segment) -> Iterator[tuple[Figure, Sequence[Finding]]]:
        """The figure of each code in a table that this is the plan of, and what there is to say of it."""
        rows = [line.texts for line in segment.lines if isinstance(line, RowOfForm)]
        texts = self._take([*chain.from_iterable(rows), None])
        return map(self._cells.__getitem__, enumerate(texts))


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


def remember(key: Key, segment: Segment, placed: Sequence[Placed], read: Read) -> None:
    """Keeps where the cells of this table went; of too many tables the first are forgotten."""
    numbers = {id(cell): number for number, cell in enumerate(_cells(segment))}
    cells = [(code, cell) for codes, cells in placed for code, cell in zip(codes, cells, strict=True)]
    while len(_plans) >= MOST:
        _plans.pop(next(iter(_plans)), None)
    places = [(code, cell.place if cell else "") for code, cell in cells]
    _plans[key] = Plan(places, itemgetter(*(numbers[id(cell)] for _, cell in cells)), read)


def _cells(segment: Segment) -> list[Cell | None]:
    """All cells of a table, and None for a code that has none."""
    return [*(cell for line in segment.lines for cell in line.cells), None]
