"""Quirks of cells that span: repeated in each place, lost, or taken apart into rows and labels of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from random import Random

from sample.codebook import printing
from sample.forms.layout import Grid, Slot
from sample.forms.plain import text_of
from sample.forms.sheet import Part, Sheet
from tests.corpus.quirks.base import QUIRKS, STATUTORY, Quirk, flattening, sheet_quirk, table_of, with_rows
from tests.corpus.quirks.cells import blank_for_none

_GROUPS = ("行政复议", "未经复议直接起诉", "复议后起诉")
_RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")


def _matrix(grid: Grid) -> list[list[Slot]]:
    """The slot that covers each place of the grid, row by row; a blank one where none does."""
    places = [[Slot(r, c) for c in range(grid.width)] for r in range(grid.height)]
    for slot in grid.slots:
        for row in range(slot.row, slot.row + slot.rowspan):
            for column in range(slot.column, slot.column + slot.colspan):
                places[row][column] = replace(slot, row=row, column=column, rowspan=1, colspan=1)
    return places


def _in_table4(sheet: Sheet, change: Callable[[Grid], Iterator[list[Slot]]]) -> Sheet:
    def changed(grid: Grid) -> Iterable[Part]:
        return [with_rows(grid, list(change(grid)))] if table_of(grid) == "t4" else [grid]

    return sheet.with_grids(changed)


@sheet_quirk("html", "text")
def spans_repeated(sheet: Sheet, _: Random) -> Sheet:
    """Each cell that spans is printed in every place that it covers, as converters to data frames do."""
    return sheet.with_grids(
        lambda grid: [replace(grid, slots=tuple(slot for row in _matrix(grid) for slot in row))]
    )


@flattening(generations=STATUTORY)
def repeated_cell_a_line(grid: Grid) -> str:
    """The same, one cell a line."""
    return "\n".join(slot.text for row in _matrix(grid) for slot in row)


@sheet_quirk("html")
def spans_lost(sheet: Sheet, _: Random) -> Sheet:
    """No cell spans any more, and all stand to the left in their row."""

    def lose(grid: Grid) -> Iterable[Part]:
        rows = [
            [replace(slot, column=column, rowspan=1, colspan=1) for column, slot in enumerate(row)]
            for row in grid.rows()
        ]
        return [with_rows(grid, rows)]

    return sheet.with_grids(lose)


@sheet_quirk("html", "text")
def heads_in_each_label(sheet: Sheet, random: Random) -> Sheet:
    """三、本年度办理结果/（三）不予公开/1.属于国家秘密: one label a row that says all that stands above it."""
    mark = random.choice("-/ ")

    def join(grid: Grid) -> Iterable[Part]:
        if table_of(grid) != "t3":
            return [grid]
        rows = []
        for row in _matrix(grid):
            labels = list(dict.fromkeys(slot.text for slot in row if not slot.code and slot.column < 3))
            rows.append([Slot(0, 0, mark.join(labels)), *(slot for slot in row if slot.column > 2)])
        return [with_rows(grid, rows[2:])]

    return sheet.with_grids(join)


@sheet_quirk("html", "text")
def groups_below_one_another(sheet: Sheet, random: Random) -> Sheet:
    """Table 4 with its three groups as three rows, or as three small tables in one; blanks for zeros."""
    beside = random.random() < 0.5

    def stack(grid: Grid) -> Iterator[list[Slot]]:
        figures = [slot for slot in grid.slots if slot.code]
        head = [Slot(0, 1 + place, text) for place, text in enumerate(_RESULTS)]
        if beside:
            yield [Slot(0, 0, "类别"), *head]
        for number, group in enumerate(_GROUPS):
            own = [
                replace(slot, column=1 + place)
                for place, slot in enumerate(figures[number * 5 : number * 5 + 5])
            ]
            if not beside:
                yield [Slot(0, 0, group, 1, 5)]
                yield [replace(slot, column=slot.column - 1) for slot in head]
                yield [replace(slot, column=slot.column - 1) for slot in own]
            else:
                yield [Slot(0, 0, group), *own]

    return _in_table4(blank_for_none(sheet, random), stack)


def _bars_between(grid: Grid) -> str:
    rows = ([slot.text for slot in row] for row in _matrix(replace(grid, slots=tuple(_narrow(grid)))))
    return "\n".join(" | ".join(texts) for texts in rows)


def _narrow(grid: Grid) -> Iterator[Slot]:
    yield from (replace(slot, rowspan=1, colspan=1) for slot in grid.slots)


def _print_bars_between(sheet: Sheet, _: Random) -> bytes:
    """Bars between the cells and none around the row: a row can begin and end with a blank cell."""
    return text_of(sheet, _bars_between).encode()


QUIRKS["bars_between"] = Quirk("bars_between", blank_for_none, {"text": _print_bars_between}, STATUTORY)


@sheet_quirk("html", "docx", generations=printing("t2_fee_amount_wan"))
def blocks_beside_one_another(sheet: Sheet, _: Random) -> Sheet:
    """Table 2 with 第二十条第（五）项 and 第二十条第（八）项 side by side."""

    def beside(grid: Grid) -> Iterable[Part]:
        rows = [list(row) for row in grid.rows()]
        at = {row[0].text: number for number, row in enumerate(rows)}
        one, other = at["第二十条第（五）项"], at["第二十条第（八）项"]
        for number in range(3):
            rows[one + number] = [*_half(rows[one + number], 0), *_half(rows[other + number], 2)]
        return [with_rows(grid, rows[:other])]

    return sheet.with_grids(lambda grid: beside(grid) if table_of(grid) == "t2" else [grid])


def _half(row: list[Slot], column: int) -> Iterator[Slot]:
    width = 2 // len(row)
    for place, slot in enumerate(row):
        yield replace(slot, column=column + place, colspan=width)
