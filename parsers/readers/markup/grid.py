"""A grid from its rows of cells: spans laid out, texts on one line, places as `table[N]/tr[R]/td[C]`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from parsers.document import Cell, Table

WIDEST, TALLEST, LONGEST_CELL, MOST_CELLS, MOST_COLUMNS = 60, 200, 400, 20_000, 1000
"""Columns and rows that one cell spans, characters of a cell (one with more is an article), cells and columns
of a grid."""
BREAK = "\ufdd0"
"""A line break in the text of a cell: a noncharacter of Unicode, which stands for nothing in any text."""
_BEGINS_NUMBER = frozenset("0123456789+-＋－０１２３４５６７８９")
_ONE_ABOVE_ANOTHER = re.compile(rf"(?<=\d)\s*{BREAK}[\s{BREAK}]*(?=\d{{3}}(?!\d))")
_WIDE_GAP = re.compile(r"(?<=\d)\s*\u3000\s*(?=\d{3}(?!\d))")
_ENDS_SENTENCE = frozenset("。；！？：")
_AROUND = BREAK + " \t\r\n\f\v\u00a0\u3000"


Shown = tuple[str, int, str | None, str | None]
"""A cell that is shown: its text with marks for breaks, its number in its row, and the rows and columns it
says to span."""


def place_of(table: int, row: int, cell: int) -> str:
    """The N-th table of the page in document order, its R-th row, the row's C-th cell; counted from 1, hidden
    ones too."""
    return f"table[{table}]/tr[{row}]/td[{cell}]"


def table_of(number: int, rows: Iterable[tuple[int, list[Shown]]]) -> Table | None:
    """The grid of the N-th table from its rows that are shown, each with its number; None where one of its
    cells is an article, so that the table only arranges the page."""
    cells: list[Cell] = []
    taken: dict[int, int] = {}  # columns that a cell of a row above spans, until which row
    for row, (row_number, shown) in enumerate(rows):
        column = 0
        of_row = place_of(number, row_number, 0).removesuffix("[0]")
        for text, cell_number, declared_rows, declared_columns in shown:
            text = one_line(text)
            if len(text) > LONGEST_CELL:
                return None
            while taken and taken.get(column, 0) > row:
                column += 1
            if column > MOST_COLUMNS:
                break
            height = _span(declared_rows, TALLEST) if declared_rows else 1
            width = _span(declared_columns, WIDEST) if declared_columns else 1
            cells.append(Cell(text, row, column, height, width, f"{of_row}[{cell_number}]"))
            if height > 1:
                taken.update(dict.fromkeys(range(column, column + width), row + height))
            column += width
        if len(cells) > MOST_CELLS:
            break
    return Table(tuple(cells), f"table[{number}]")


def arranges(grid: Table) -> bool:
    """Whether a table has one cell that says something, or one column of them with sentences: it sets
    lines, no values."""
    said = [cell for cell in grid.cells if cell.text]
    if len(said) < 2:
        return True
    if len({cell.column for cell in said}) > 1 or len({cell.row for cell in said}) < len(said):
        return False
    return 2 * sum(cell.text[-1] in _ENDS_SENTENCE for cell in said) >= len(said)


def one_line(text: str) -> str:
    """Two lines of digits are not one number (1 above 234 is not 1 234), while a word broken over lines is
    one word."""
    text = text.strip(_AROUND)
    if text.isalnum():
        return text
    if BREAK in text:
        if text[0] in _BEGINS_NUMBER:
            numbers = _ONE_ABOVE_ANOTHER.split(text)
            return "\n".join(" ".join(number.replace(BREAK, " ").split()) for number in numbers)
        text = text.replace(BREAK, "")
    if "\u3000" in text and text[0] in _BEGINS_NUMBER and _WIDE_GAP.search(text):
        return "\n".join(" ".join(number.split()) for number in _WIDE_GAP.split(text))
    return " ".join(text.split())


def _span(declared: str, most: int) -> int:
    digits = re.match(r"\s*(\d{1,9})", declared)
    return min(max(int(digits[1]), 1), most) if digits else 1
