"""Which value of a row stands in which column: by count, then by the header's geometry, then not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from parsers.codebook import Form, Row
from parsers.document import Cell
from parsers.labels import fold, likeness
from parsers.tables.lines import Line, is_value
from parsers.tables.recognise import LISTS, Segment
from parsers.tables.strips import Strip

LIKE_ENOUGH = 0.5
_VALUE_COLUMN = re.compile(r"本年|当年|累计|上年|去年|统计数|20\d{2}")
_OTHER_YEARS = re.compile(r"累计|上年|去年|历年")


@dataclass(slots=True)
class Columns:
    """The column order that the header prints for each row, and the grid columns where the values stand.

    `year`: in a list with several value columns, which of them is the year's own and not a cumulative one.
    """

    orders: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    positions: dict[int, tuple[int, ...]] = field(default_factory=dict)
    year: int | None = None

    def order(self, row: Row) -> tuple[str, ...]:
        """The codes of the row in the order in which this table prints its columns."""
        return self.orders.get(row.codes, row.codes)

    def place(self, row: Row, strip: Strip) -> list[Cell | None] | None:
        """One cell a column, or None when the values cannot be told apart."""
        wanted = len(row.cells)
        if len(strip.values) == wanted:
            return list(strip.values)
        if self.year is not None and wanted == 1 and len(strip.values) > self.year:
            return [strip.values[self.year]]
        by_header = self._by_header(wanted, strip)
        if by_header:
            return by_header
        values = _without_outer_blanks(strip.values, wanted)
        return list(values) if len(values) == wanted else None

    def _by_header(self, wanted: int, strip: Strip) -> list[Cell | None] | None:
        columns = self.positions.get(strip.grid) if strip.grid is not None else None
        if columns is None or len(columns) != wanted:
            return None
        cells: list[Cell | None] = [_at(strip.values, column) for column in columns]
        printed = [cell for cell in strip.values if cell.text.strip()]
        kept = [cell for cell in cells if cell is not None]
        return (
            cells
            if all(cell in kept for cell in printed) and len({id(c) for c in kept}) == len(kept)
            else None
        )


def _at(values: list[Cell], column: int) -> Cell | None:
    return next((cell for cell in values if cell.column <= column < cell.column + cell.colspan), None)


def _without_outer_blanks(values: list[Cell], wanted: int) -> list[Cell]:
    """Blank cells left over by a colspan: taken from the end, then from the start, never from within."""
    kept = list(values)
    while len(kept) > wanted and not kept[-1].text.strip():
        kept.pop()
    while len(kept) > wanted and not kept[0].text.strip():
        kept.pop(0)
    return kept


def columns_of(segment: Segment, form: Form) -> Columns:
    """What the header lines of a table say of its columns."""
    columns = Columns()
    if form.table in LISTS:
        columns.year = _year_column([*segment.above, *segment.lines[:3]])
        return columns
    header: list[Line] = []
    for line in segment.lines:
        if any(is_value(cell.text) for cell in line.cells):
            _read_header(header, line, form, columns)
            header = []
        else:
            header.append(line)
    return columns


def _year_column(lines: list[Line]) -> int | None:
    """Where the year's own figure stands among the value columns that the header names (本年度 | 历年累计)."""
    words = [
        cell.text
        for line in lines
        for cell in line.cells
        if _VALUE_COLUMN.search(cell.text) and len(cell.text) < 12
    ]
    own = [number for number, word in enumerate(words) if not _OTHER_YEARS.search(word)]
    return own[0] if len(words) > 1 and len(own) == 1 else None


def _read_header(header: list[Line], first: Line, form: Form, columns: Columns) -> None:
    if not header:
        return
    if form.table == "t2":
        _order_by_labels(header[-1], first, form, columns)
    elif first.grid is not None:
        cells = [cell for line in header if line.grid == first.grid for cell in line.cells]
        _grid_columns(cells, first.grid, form, columns)


def _order_by_labels(header: Line, first: Line, form: Form, columns: Columns) -> None:
    """Table 2: the words after 信息内容 name the columns of the rows below, if need be in another order."""
    words = [fold(cell.text) for cell in header.cells if fold(cell.text)]
    if not words or words[0] != "信息内容":
        return
    for row in form.rows:
        labels = [fold(cell.col_label) for cell in row.cells]
        if len(labels) == len(words) - 1 and set(labels) == set(words[1:]) and labels != words[1:]:
            columns.orders[row.codes] = tuple(row.codes[labels.index(word)] for word in words[1:])


def _grid_columns(cells: list[Cell], grid: int, form: Form, columns: Columns) -> None:
    """Tables 3 and 4: where the leaf words of the header stand, and whether they stand in another order."""
    labels = [fold(cell.col_label) for cell in form.rows[0].cells]
    leaves = sorted((c for c in cells if _leaf(fold(c.text), labels)), key=lambda c: c.column)
    names = [_leaf(fold(cell.text), labels) for cell in leaves]
    if len(leaves) != len(labels):
        return
    columns.positions[grid] = tuple(cell.column for cell in leaves)
    if names != labels and len(set(labels)) == len(labels) and set(names) == set(labels):
        for row in form.rows:
            columns.orders[row.codes] = tuple(row.codes[labels.index(str(name))] for name in names)


def _leaf(word: str, labels: list[str]) -> str | None:
    if word in labels:
        return word
    best = max(labels, key=lambda label: likeness(label, word)) if word else ""
    return best if best and likeness(best, word) >= LIKE_ENOUGH else None
