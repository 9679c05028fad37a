"""Tables that were put beside one another in one grid, to save paper, as one below another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from parsers.document import Cell, Table

_HEAD = re.compile(r"\s*(?:信\s*息\s*内\s*容|(?:统\s*计\s*)?指\s*标(?:\s*名\s*称)?|统\s*计\s*项\s*目)\s*")
_FIRST = frozenset(
    "信统指 \u3000\u00a0\n\t"
)  # a look at one character is cheap, and a page has hundreds of cells


def rows_of(table: Table) -> list[list[Cell]]:
    """The rows of a grid; where a row holds the first word of a head twice, the tables below it one after
    another.

    What stands above the heads, as far as it keeps to the same border, goes with them: 第二十条第（五）项
    over each.
    """
    rows = table.rows()
    heads = [(number, borders) for number, row in enumerate(rows) if len(borders := _borders(row)) > 1]
    if not heads:
        return rows
    apart: list[list[Cell]] = []
    end = 0
    for number, borders in heads:
        first = number - (number > end and len(rows[number - 1]) > 1 and _keeps_to(rows[number - 1], borders))
        if first < end:
            continue
        apart += rows[end:first]
        end = first
        while end < len(rows) and _keeps_to(rows[end], borders):
            end += 1
        apart += _one_after_another(rows[first:end], borders)
    return apart + rows[end:]


def goes_on(table: Table, following: Table) -> bool:
    """Whether tables that stand beside one another in one grid go on in the grid of the next page, which has
    no heads."""
    borders = next((found for row in reversed(table.rows()) if len(found := _borders(row)) > 1), None)
    if borders is None or _width(table) != _width(following):
        return False
    return all(len(_borders(row)) < 2 and _keeps_to(row, borders) for row in following.rows())


def together(table: Table, following: Table) -> Table:
    """Two grids as one, the other below the first."""
    height = 1 + max(cell.row for cell in table.cells)
    below = (cell._replace(row=cell.row + height) for cell in following.cells)
    return Table((*table.cells, *below), table.place)


def _width(table: Table) -> int:
    return max((cell.column + cell.colspan for cell in table.cells), default=0)


def _borders(row: list[Cell]) -> list[int]:
    return [cell.column for cell in row if cell.text[:1] in _FIRST and _HEAD.fullmatch(cell.text)]


def _keeps_to(row: list[Cell], borders: list[int]) -> bool:
    """Whether no cell of the row stands over the border between two tables."""
    return not any(
        cell.column < border < cell.column + cell.colspan for cell in row for border in borders[1:]
    )


def _one_after_another(rows: list[list[Cell]], borders: list[int]) -> Iterator[list[Cell]]:
    def table(cell: Cell) -> int:
        return sum(border <= cell.column for border in borders[1:])

    for number in range(len(borders)):
        for row in rows:
            part = next((list(cells) for place, cells in groupby(row, table) if place == number), [])
            if part:
                yield part
