"""The three statutory tables as grids of cells: where each label and each figure stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from parsers.forms import Layout, forms_cache
from sample.codebook import Entry, entries, layout, signed_codes, tables
from sample.figures import Figures

_CHECK = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
_RESULTS = "三、本年度办理结果"
_CONTENT = "信息内容"
_ORGANISATIONS = "法人或其他组织"
_RESULT = re.compile(r"（|\d")
_HEAD_ROWS, _LABELS = 3, 3  # rows of the head of table 3, columns of its labels


@dataclass(frozen=True, slots=True)
class Slot:
    """One cell of a grid: a label, or (with a code) the place of a figure."""

    row: int
    column: int
    text: str = ""
    rowspan: int = 1
    colspan: int = 1
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of the form: its cells in reading order, and its size."""

    height: int
    width: int
    slots: tuple[Slot, ...]

    def rows(self) -> list[list[Slot]]:
        """The cells by the row that they begin in; a row may be empty."""
        rows: list[list[Slot]] = [[] for _ in range(self.height)]
        for slot in self.slots:
            rows[slot.row].append(slot)
        return rows

    def split(self, row: int) -> tuple[Grid, Grid]:
        """The grid as it stands on two pages: a cell that spans the break goes on without its text."""
        above = [slot for slot in self.slots if slot.row < row]
        below = [_moved_up(slot, row) for slot in self.slots if slot.row + slot.rowspan > row]
        cut = [replace(slot, rowspan=min(slot.rowspan, row - slot.row)) for slot in above]
        return Grid(row, self.width, tuple(cut)), Grid(self.height - row, self.width, tuple(below))


@forms_cache()
def blank_form(generation: str) -> tuple[Grid, ...]:
    """The tables of `generation` that have a head over their columns, without figures."""
    return tuple(
        _LAID_OUT[layout(generation, table)](entries(generation, table))
        for table in tables(generation)
        if layout(generation, table) in _LAID_OUT
    )


def filled_form(generation: str, figures: Figures, signs: bool = True) -> tuple[Grid, ...]:
    """These tables with `figures`; `signs` prints +2 for a change of 2."""
    return tuple(_filled(grid, figures, signs) for grid in blank_form(generation))


def shown(code: str, value: int | float | None, signs: bool = True) -> str:
    """A figure as printed: a blank for None, a sign for a change when `signs` is set."""
    if value is None:
        return ""
    return f"+{value}" if signs and value > 0 and code in signed_codes() else str(value)


def _filled(grid: Grid, figures: Figures, signs: bool) -> Grid:
    slots = (
        replace(slot, text=shown(slot.code, figures[slot.code], signs)) if slot.code else slot
        for slot in grid.slots
    )
    return replace(grid, slots=tuple(slots))


def _moved_up(slot: Slot, row: int) -> Slot:
    if slot.row >= row:
        return replace(slot, row=slot.row - row)
    return replace(slot, row=0, rowspan=slot.row + slot.rowspan - row, text="")


def _spread(row: int, texts: Sequence[tuple[str, str | None]], width: int) -> Iterator[Slot]:
    """Cells side by side in one row; the last one takes what is left of the width."""
    for column, (text, code) in enumerate(texts):
        span = width - column if column == len(texts) - 1 else 1
        yield Slot(row, column, text, 1, span, code)


def _blocks(entries: Sequence[Entry]) -> Grid:
    """Table 2: blocks, each with a head of its own columns over the same width."""
    slots: list[Slot] = []
    row = 0
    blocks = [(block, list(group)) for block, group in groupby(entries, key=lambda entry: entry.block)]
    width = 1 + max(len({entry.column for entry in cells}) for _, cells in blocks)
    for block, cells in blocks:
        columns = list(dict.fromkeys(entry.column for entry in cells))
        slots.append(Slot(row, 0, block, 1, width))
        slots += _spread(row + 1, [(_CONTENT, None), *((column, None) for column in columns)], width)
        row += 2
        for label, line in groupby(cells, key=lambda entry: entry.row):
            slots += _spread(row, [(label, None), *(("", entry.code) for entry in line)], width)
            row += 1
    return Grid(row, width, tuple(slots))


def _matrix(entries: Sequence[Entry]) -> Grid:
    """Table 3: a row a kind of result, grouped, and a column a kind of applicant."""
    lines = [(label, list(line)) for label, line in groupby(entries, key=lambda entry: entry.row)]
    labels = [label for label, _ in lines]
    inner = [number for number, label in enumerate(labels) if _RESULT.match(label)]
    slots = [*_head_of_matrix(entries)]
    group_end = 0
    for number, (label, line) in enumerate(lines):
        row = number + _HEAD_ROWS
        if number == inner[0]:
            slots.append(Slot(row, 0, _RESULTS, len(inner)))
        if number not in inner:
            slots.append(Slot(row, 0, label, 1, _LABELS))
        elif " " in label:
            group, label = label.split(" ", 1)
            size = _group_size(labels, number)
            group_end = number + size
            slots += [Slot(row, 1, group, size), Slot(row, 2, label)]
        elif number < group_end:
            slots.append(Slot(row, 2, label))
        else:
            slots.append(Slot(row, 1, label, 1, 2))
        slots += [Slot(row, _LABELS + place, code=entry.code) for place, entry in enumerate(line)]
    return Grid(len(lines) + _HEAD_ROWS, _LABELS + len(lines[0][1]), tuple(slots))


def _group_size(labels: list[str], first: int) -> int:
    """How many leaf rows a group has: those that follow and are numbered 2., 3., … ."""
    size = 1
    while labels[first + size].startswith(f"{size + 1}."):
        size += 1
    return size


def _head_of_matrix(entries: Sequence[Entry]) -> Iterator[Slot]:
    labels = list(dict.fromkeys(entry.column for entry in entries))
    last = _LABELS + len(labels) - 1
    yield Slot(0, 0, _CHECK, _HEAD_ROWS, _LABELS)
    yield Slot(0, _LABELS, entries[0].block, 1, len(labels))
    yield Slot(1, _LABELS, labels[0], 2)
    yield Slot(1, _LABELS + 1, _ORGANISATIONS, 1, len(labels) - 2)
    yield Slot(1, last, labels[-1], 2)
    for place, label in enumerate(labels[1:-1]):
        yield Slot(2, _LABELS + 1 + place, label)


def _row(entries: Sequence[Entry]) -> Grid:
    """Table 4: one row, its columns under a law, or under a law and a kind of suit."""
    top, middle, bottom = list[Slot](), list[Slot](), list[Slot]()
    place = 0
    for law, of_law in groupby(entries, key=lambda entry: entry.block.partition(" ")[0]):
        start = place
        for block, group in groupby(of_law, key=lambda entry: entry.block):
            kind, cells = block.partition(" ")[2], list(group)
            if kind:
                middle.append(Slot(1, place, kind, 1, len(cells)))
                bottom += [Slot(2, place + number, entry.column) for number, entry in enumerate(cells)]
            else:
                middle += [Slot(1, place + number, entry.column, 2) for number, entry in enumerate(cells)]
            place += len(cells)
        top.append(Slot(0, start, law, 1, place - start))
    figures = [Slot(3, number, code=entry.code) for number, entry in enumerate(entries)]
    return Grid(4, place, (*top, *middle, *bottom, *figures))


_LAID_OUT = {Layout.BLOCKS: _blocks, Layout.MATRIX: _matrix, Layout.ROW: _row}
