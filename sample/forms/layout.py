"""The three statutory tables as grids of cells: where each label and each figure stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby

from sample.codebook import Entry, entries, signed_codes
from sample.figures import Figures

_CHECK = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
_RESULTS = "三、本年度办理结果"
_CONTENT = "信息内容"
_ORGANISATIONS = "法人或其他组织"


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


@cache
def blank_form(generation: str) -> tuple[Grid, Grid, Grid]:
    """Tables 2, 3 and 4 of `generation`, without figures."""
    return _table2(generation), _table3(generation), _table4(generation)


def filled_form(generation: str, figures: Figures, signs: bool = True) -> tuple[Grid, Grid, Grid]:
    """The three tables with `figures`; `signs` prints +2 for a change of 2."""
    table2, table3, table4 = (_filled(grid, figures, signs) for grid in blank_form(generation))
    return table2, table3, table4


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


def _table2(generation: str) -> Grid:
    slots: list[Slot] = []
    row = 0
    for block, group in groupby(entries(generation, "T2"), key=lambda entry: entry.block):
        cells = list(group)
        columns = list(dict.fromkeys(entry.column for entry in cells))
        slots.append(Slot(row, 0, block, 1, 4))
        slots += _spread(row + 1, [(_CONTENT, None), *((column, None) for column in columns)], 4)
        row += 2
        for label, line in groupby(cells, key=lambda entry: entry.row):
            slots += _spread(row, [(label, None), *(("", entry.code) for entry in line)], 4)
            row += 1
    return Grid(row, 4, tuple(slots))


def _table3(generation: str) -> Grid:
    cells = entries(generation, "T3")
    lines = [(label, list(line)) for label, line in groupby(cells, key=lambda entry: entry.row)]
    slots = [*_head3(cells)]
    last = len(lines) - 1
    group_end = 0
    for number, (label, line) in enumerate(lines):
        row = number + 3
        if number == 2:
            slots.append(Slot(row, 0, _RESULTS, last - 2))
        if number in (0, 1, last):
            slots.append(Slot(row, 0, label, 1, 3))
        elif " " in label:
            group, label = label.split(" ", 1)
            size = _group_size([name for name, _ in lines], number)
            group_end = number + size
            slots += [Slot(row, 1, group, size), Slot(row, 2, label)]
        elif number < group_end:
            slots.append(Slot(row, 2, label))
        else:
            slots.append(Slot(row, 1, label, 1, 2))
        slots += [Slot(row, 3 + place, code=entry.code) for place, entry in enumerate(line)]
    return Grid(len(lines) + 3, 10, tuple(slots))


def _group_size(labels: list[str], first: int) -> int:
    """How many leaf rows a group has: those that follow and are numbered 2., 3., … ."""
    size = 1
    while labels[first + size].startswith(f"{size + 1}."):
        size += 1
    return size


def _head3(cells: Sequence[Entry]) -> Iterator[Slot]:
    labels = list(dict.fromkeys(entry.column for entry in cells))
    yield Slot(0, 0, _CHECK, 3, 3)
    yield Slot(0, 3, cells[0].block, 1, 7)
    yield Slot(1, 3, labels[0], 2)
    yield Slot(1, 4, _ORGANISATIONS, 1, 5)
    yield Slot(1, 9, labels[-1], 2)
    for place, label in enumerate(labels[1:-1]):
        yield Slot(2, 4 + place, label)


def _table4(generation: str) -> Grid:
    cells = entries(generation, "T4")
    groups = [(block, list(group)) for block, group in groupby(cells, key=lambda entry: entry.block)]
    (review, reviews), *suits = groups
    suit = suits[0][0].split(" ")[0]
    slots = [Slot(0, 0, review, 1, 5), Slot(0, 5, suit, 1, 10)]
    slots += [Slot(1, place, entry.column, 2) for place, entry in enumerate(reviews)]
    slots += [Slot(1, 5 + 5 * number, block.split(" ")[1], 1, 5) for number, (block, _) in enumerate(suits)]
    slots += [Slot(2, 5 + place, entry.column) for place, entry in enumerate(cells[5:])]
    slots += [Slot(3, place, code=entry.code) for place, entry in enumerate(cells)]
    return Grid(4, 15, tuple(slots))
