"""Quirks of text that converters write: tables drawn with characters, tags among lines, labels around their figures."""

from __future__ import annotations

import csv
import re
from io import StringIO
from unicodedata import east_asian_width

from sample.forms.layout import Grid, Slot
from sample.forms.markup import plain_table
from tests.corpus.quirks.base import STATUTORY, flattening

_NARROW = 8
_BROKEN = re.compile(r"(,\d)(?=\d+(?:,|$))")


@flattening()
def tags_among_lines(grid: Grid) -> str:
    """A table of HTML on one line of markdown."""
    return plain_table(grid).replace("\n", "")


@flattening()
def drawn_boxes(grid: Grid) -> str:
    """Corners, dashes and bars; a cell takes several lines and may span."""
    widths = [
        2 + max(2 * _NARROW, *(_width(line) for slot in column for line in _wrapped(slot)))
        for column in _columns(grid)
    ]
    starts = [sum(widths[:column]) + column for column in range(grid.width + 1)]
    lines: list[str] = []
    for number, row in enumerate(grid.rows()):
        lines.append(_border(grid, number, starts))
        covering = [slot for slot in grid.slots if slot.row <= number < slot.row + slot.rowspan]
        height = max((len(_wrapped(slot)) for slot in row), default=1)
        lines += [_text_line(covering, number, at, starts) for at in range(height)]
    return "\n".join([*lines, _border(grid, grid.height, starts)])


def _columns(grid: Grid) -> list[list[Slot]]:
    """The cells that stand in each column alone."""
    return [
        [slot for slot in grid.slots if slot.column == n and slot.colspan == 1] for n in range(grid.width)
    ]


def _wrapped(slot: Slot) -> list[str]:
    wide = _NARROW * slot.colspan
    return [slot.text[at : at + wide] for at in range(0, len(slot.text), wide)] or [""]


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def _border(grid: Grid, row: int, starts: list[int]) -> str:
    """The line above a row: open where a cell goes on through it."""
    line = [" "] * (starts[-1] + 1)
    for slot in grid.slots:
        first, last = starts[slot.column], starts[slot.column + slot.colspan]
        if slot.row < row < slot.row + slot.rowspan:
            line[first] = line[last] = "|" if line[first] == " " else line[first]
        elif row in (slot.row, slot.row + slot.rowspan):
            line[first : last + 1] = ["+", *"-" * (last - first - 1), "+"]
    return "".join(line)


def _text_line(covering: list[Slot], row: int, at: int, starts: list[int]) -> str:
    line = ""
    for slot in sorted(covering, key=lambda slot: slot.column):
        pieces = _wrapped(slot) if slot.row == row else []
        text = f"| {pieces[at] if at < len(pieces) else ''}"
        line += text + " " * (starts[slot.column + slot.colspan] - starts[slot.column] - _width(text))
    return line + "|"


@flattening()
def columns_under_dashes(grid: Grid) -> str:
    """A line of dashes above and below, and a blank line between two rows."""
    widths = [max([4, *(_width(slot.text) for slot in column)]) for column in _columns(grid)]
    rule = " ".join("-" * width for width in widths)
    lines = ["-" * len(rule)]
    for number, row in enumerate(grid.rows()):
        cells = {slot.column: slot.text if slot.colspan == 1 or slot.code else "" for slot in row}
        texts = [cells.get(column, "") for column in range(grid.width)]
        lines += [
            " ".join(
                text + " " * (width - _width(text)) for text, width in zip(texts, widths, strict=True)
            ).rstrip(),
            "",
        ]
        lines += [rule] * (number == 0)
    return "\n".join([*lines, "-" * len(rule)])


@flattening()
def fields_between_commas(grid: Grid) -> str:
    """As spreadsheets write text: a field for each column, empty where a cell spans, in quotes where it holds a comma."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in grid.rows():
        cells = {slot.column: slot.text for slot in row}
        writer.writerow([cells.get(column, "") for column in range(grid.width)])
    return out.getvalue()


@flattening(lossy=True)
def figures_broken_between_commas(grid: Grid) -> str:
    """Fields between commas, in which a new line comes in the middle of numbers of some digits."""
    return "\n".join(
        _BROKEN.sub(r"\1\n", line) if number % 3 else line
        for number, line in enumerate(fields_between_commas(grid).split("\n"))
    )


@flattening(generations=STATUTORY)
def indented_cells(grid: Grid) -> str:
    """One cell a line, behind tabs, with blank lines between."""
    return "\n\n\n".join(f"\t\t\t{slot.text}\n\t\t" for row in grid.rows() for slot in row if slot.text)


@flattening(generations=STATUTORY)
def labels_around_figures(grid: Grid) -> str:
    """As columns of PDF: the first half of a label, the figures, the second half."""
    lines = []
    for row in grid.rows():
        figures = [slot.text for slot in row if slot.code]
        *groups, label = [slot.text for slot in row if not slot.code and slot.text] or [""]
        if not figures or len(label) < _NARROW:
            lines.append("    ".join([*groups, label, *figures]).strip())
            continue
        middle = len(label) // 2
        lines += [*groups, f"  {label[:middle]}", "      ".join(["", *figures]), f"  {label[middle:]}"]
    return "\n".join(lines)


@flattening(generations=STATUTORY)
def cells_over_lines(grid: Grid) -> str:
    """Bars between cells, with a new line after some of them wherever it falls."""
    lines = []
    for number, row in enumerate(grid.rows()):
        texts = [slot.text for slot in row if slot.text or slot.code]
        breaks = ["\n| " if (number + place) % 3 == 0 else " | " for place in range(len(texts))]
        lines.append("".join(text + mark for text, mark in zip(texts, [*breaks[:-1], ""], strict=True)))
    return "\n".join(lines)
