"""A table with spanning cells, drawn with the lines of a terminal; Chinese characters are two columns wide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from web.drawing.form import Box, placed

NARROWEST = 4
"""Columns of a cell: two Chinese characters."""
_UP, _DOWN, _LEFT, _RIGHT = 1, 2, 4, 8
_LINES = {
    3: "│", 12: "─", 10: "┌", 6: "┐", 9: "└", 5: "┘", 11: "├", 7: "┤", 14: "┬", 13: "┴", 15: "┼",
    1: "│", 2: "│", 4: "─", 8: "─",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell of the grid: where it begins, how far it reaches, what it says, and whether that is a figure."""

    row: int
    column: int
    rows: int
    columns: int
    text: str
    is_figure: bool

    def width(self, widths: Sequence[int]) -> int:
        """How wide the text may be: the borders between the columns that it spans are its own."""
        return sum(widths[self.column : self.column + self.columns]) + self.columns - 1


def draw(rows: Sequence[Sequence[Box]], figures: Mapping[str, str], width: int) -> list[str]:
    """The lines of a table at most `width` columns wide, as far as its figures allow. `figures`: what stands in the cell
    of each code."""
    cells = list(_placed(rows, figures))
    widths = _widths(cells, width)
    wrapped = {cell: _wrap(cell.text, cell.width(widths)) for cell in cells}
    heights = _heights(cells, wrapped)
    canvas = _Canvas(widths, heights)
    for cell in cells:
        canvas.put(cell, wrapped[cell])
    return canvas.lines()


def _placed(rows: Sequence[Sequence[Box]], figures: Mapping[str, str]) -> Iterator[_Placed]:
    for row, column, box in placed(rows):
        text = figures.get(box.code, "") if box.code else box.text
        yield _Placed(row, column, box.rows, box.columns, text, bool(box.code))


def _widths(cells: Sequence[_Placed], width: int) -> list[int]:
    """The widths of the columns: as wide as what they say, and of the widest less until all fit; a figure is never
    broken."""
    count = max(cell.column + cell.columns for cell in cells)
    least, widest = [NARROWEST] * count, [NARROWEST] * count
    for cell in cells:
        if cell.columns == 1:
            wanted = cell_len(cell.text)
            widest[cell.column] = max(widest[cell.column], wanted)
            if cell.is_figure:
                least[cell.column] = max(least[cell.column], wanted)
    _stretch(cells, least)
    widest = [max(pair) for pair in zip(widest, least, strict=True)]
    while sum(widest) + count + 1 > width:
        spare = [wide - narrow for wide, narrow in zip(widest, least, strict=True)]
        if not any(spare):
            break
        widest[max(range(count), key=lambda column: (spare[column] > 0, widest[column]))] -= 1
    return widest


def _stretch(cells: Sequence[_Placed], least: list[int]) -> None:
    """Makes room for figures over several columns."""
    for cell in cells:
        missing = cell_len(cell.text) - cell.width(least) if cell.is_figure else 0
        least[cell.column + cell.columns - 1] += max(0, missing)


def _wrap(text: str, width: int) -> list[str]:
    """The text in lines no wider than that."""
    lines, line = [], ""
    for sign in text:
        if cell_len(line + sign) > width:
            lines.append(line)
            line = ""
        line += sign
    return [*lines, line]


def _heights(cells: Sequence[_Placed], wrapped: Mapping[_Placed, Sequence[str]]) -> list[int]:
    heights = [1] * max(cell.row + cell.rows for cell in cells)
    for cell in sorted(cells, key=lambda cell: cell.rows):
        own = slice(cell.row, cell.row + cell.rows)
        missing = len(wrapped[cell]) - sum(heights[own]) - cell.rows + 1
        heights[cell.row + cell.rows - 1] += max(0, missing)
    return heights


class _Canvas:
    """Signs and lines by row and column of the terminal."""

    def __init__(self, widths: Sequence[int], heights: Sequence[int]) -> None:
        self._left = [0]
        for width in widths:
            self._left.append(self._left[-1] + width + 1)
        self._top = [0]
        for height in heights:
            self._top.append(self._top[-1] + height + 1)
        self._ends: dict[tuple[int, int], int] = {}
        self._signs: dict[tuple[int, int], str] = {}

    def put(self, cell: _Placed, lines: Sequence[str]) -> None:
        """A cell with its border; figures stand at the right."""
        left, right = self._left[cell.column], self._left[cell.column + cell.columns]
        top, bottom = self._top[cell.row], self._top[cell.row + cell.rows]
        for column in range(left, right):
            for row in (top, bottom):
                self._line(row, column, _RIGHT)
                self._line(row, column + 1, _LEFT)
        for row in range(top, bottom):
            for column in (left, right):
                self._line(row, column, _DOWN)
                self._line(row + 1, column, _UP)
        for number, line in enumerate(lines):
            at = right - cell_len(line) if cell.is_figure else left + 1
            for sign in line:
                self._signs[top + 1 + number, at] = sign
                at += cell_len(sign)

    def _line(self, row: int, column: int, end: int) -> None:
        self._ends[row, column] = self._ends.get((row, column), 0) | end

    def lines(self) -> list[str]:
        """What is drawn, from the top."""
        return [self._drawn(row).rstrip() for row in range(self._top[-1] + 1)]

    def _drawn(self, row: int) -> str:
        text, column = "", 0
        while column <= self._left[-1]:
            sign = self._signs.get((row, column)) or _LINES.get(self._ends.get((row, column), 0), " ")
            text += sign
            column += max(1, cell_len(sign))
        return text
