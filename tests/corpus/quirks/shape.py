"""Quirks of the grid itself: broken, cut, shifted, spanned wrongly, left out, mixed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random

from sample.codebook import codes, entries, request_rows, tables
from sample.figures import Figures
from sample.forms.layout import Grid, Slot, filled_form
from sample.forms.sheet import Heading, Part, Sheet
from tests.corpus.quirks.base import EVERY, STATUTORY, sheet_quirk, table_of, with_rows

_HEAD = 3
_GRID = ("html", "docx")


def _in_table(sheet: Sheet, table: str, change: Callable[[Grid], Iterable[Part]]) -> Sheet:
    return sheet.with_grids(lambda grid: change(grid) if table_of(grid) == table else [grid])


@sheet_quirk("html", "text", "docx")
def broken_over_pages(sheet: Sheet, random: Random) -> Sheet:
    """Table 3 as two tables: the page broke between two rows."""
    row = random.randint(6, 22)
    return _in_table(sheet, "t3", lambda grid: grid.split(row))


@sheet_quirk("html", "text", "docx")
def broken_in_a_label(sheet: Sheet, _: Random) -> Sheet:
    """（三）不予 / 公开: the label of a group is cut in two where the page broke."""

    def cut(grid: Grid) -> Iterable[Part]:
        at = next(slot.row for slot in grid.slots if slot.text == "（三）不予公开") + 2
        above, below = grid.split(at)
        first = [replace(s, text="（三）不予") if s.text == "（三）不予公开" else s for s in above.slots]
        rest = [replace(s, text="公开") if s.row == 0 and s.column == 1 else s for s in below.slots]
        return [replace(above, slots=tuple(first)), replace(below, slots=tuple(rest))]

    return _in_table(sheet, "t3", cut)


@sheet_quirk("html", "text", "docx", generations=EVERY[1:])
def header_repeated(sheet: Sheet, random: Random) -> Sheet:
    """The header stands again on the next page."""

    def cut(grid: Grid) -> Iterable[Part]:
        if table_of(grid) in ("t2", "t4"):
            return [grid]
        head = _HEAD if table_of(grid) == "t3" else 1
        above, below = grid.split(random.randint(head + 2, grid.height - 4))
        rows = [*grid.rows()[:head], *below.rows()]
        return [above, _fitted(rows, grid.width)]

    return sheet.with_grids(cut)


def _fitted(rows: list[list[Slot]], width: int) -> Grid:
    return with_rows(Grid(len(rows), width, ()), rows)


@sheet_quirk("html", "docx")
def two_tables(sheet: Sheet, _: Random) -> Sheet:
    """Table 3 as two tables with a line of text between them."""
    return _in_table(sheet, "t3", lambda grid: _with_line(grid.split(14)))


def _with_line(halves: tuple[Grid, Grid]) -> Iterable[Part]:
    return halves[0], "（续表）", halves[1]


@sheet_quirk("html")
def rowspan_collapsed(sheet: Sheet, _: Random) -> Sheet:
    """Cells that spanned rows stand in their first row only, and the rows below move to the left."""

    def collapse(grid: Grid) -> Iterable[Part]:
        rows = [[replace(slot, rowspan=1) for slot in row] for row in grid.rows()]
        return [_fitted([_moved_left(row) for row in rows], grid.width)]

    return sheet.with_grids(collapse)


def _moved_left(row: list[Slot]) -> list[Slot]:
    moved, column = [], 0
    for slot in row:
        moved.append(replace(slot, column=column))
        column += slot.colspan
    return moved


@sheet_quirk("html", "text")
def group_label_shifts(sheet: Sheet, _: Random) -> Sheet:
    """The label of a group stands once more in front of the rows of its second page: one cell more a row."""

    def shift(grid: Grid) -> Iterable[Part]:
        rows = grid.rows()
        for number, row in enumerate(rows):
            leaf = next((slot for slot in row if not slot.code and slot.text[:2] in ("2.", "3.")), None)
            if leaf and leaf.text.startswith(("2.其他", "3.危及")):
                rows[number] = [Slot(number, 1, "公开"), *row]
        return [_fitted(rows, grid.width)]

    return _in_table(_collapsed(sheet), "t3", shift)


def _collapsed(sheet: Sheet) -> Sheet:
    return rowspan_collapsed(sheet, Random(0))


@sheet_quirk("html")
def header_spans_wrongly(sheet: Sheet, random: Random) -> Sheet:
    """The header spans one column more than the figures below it."""

    def widen(grid: Grid) -> Iterable[Part]:
        wide = random.choice((1, 2))
        slots = (
            replace(s, colspan=s.colspan + wide) if s.row < _HEAD and not s.code and s.column == 0 else s
            for s in grid.slots
        )
        return [replace(grid, slots=tuple(slots))]

    return _in_table(sheet, "t3", widen)


@sheet_quirk("html", "docx", "text")
def spacer_column(sheet: Sheet, random: Random) -> Sheet:
    """An empty column that spaces, before or after the figures."""
    last = random.random() < 0.5

    def space(grid: Grid) -> Iterable[Part]:
        at = grid.width if last else min(slot.column for slot in grid.slots if slot.code)
        slots = [replace(slot, column=slot.column + (slot.column >= at)) for slot in grid.slots]
        crossing = [
            replace(s, colspan=s.colspan + 1) if s.column < at < s.column + s.colspan else s for s in slots
        ]
        spacers = [Slot(row, at) for row in range(grid.height) if not _taken(crossing, row, at)]
        return [Grid(grid.height, grid.width + 1, tuple(_in_order([*crossing, *spacers])))]

    return _in_table(sheet, "t3", space)


def _taken(slots: list[Slot], row: int, column: int) -> bool:
    return any(s.row <= row < s.row + s.rowspan and s.column <= column < s.column + s.colspan for s in slots)


def _in_order(slots: Iterable[Slot]) -> list[Slot]:
    return sorted(slots, key=lambda slot: (slot.row, slot.column))


@sheet_quirk("html")
def spans_left_as_cells(sheet: Sheet, _: Random) -> Sheet:
    """Every span is printed as one cell with text and empty cells for the rest of it."""

    def flatten(grid: Grid) -> Iterable[Part]:
        plain = [replace(slot, rowspan=1, colspan=1) for slot in grid.slots]
        held = {(slot.row, slot.column) for slot in plain}
        empty = [Slot(r, c) for r in range(grid.height) for c in range(grid.width) if (r, c) not in held]
        return [replace(grid, slots=tuple(_in_order([*plain, *empty])))]

    return sheet.with_grids(flatten)


@sheet_quirk()
def old_table_three(sheet: Sheet, random: Random) -> Sheet:
    """A table 3 of 2019 in a report with a table 2 of 2021, or the other way round."""
    now = _followed(sheet.figures)
    other = next(generation for generation in STATUTORY if generation != now)
    figures = _converted(sheet.figures, other, random)
    grid = filled_form(other, _complete(figures, other))[1]
    return replace(_in_table(sheet, "t3", lambda _: [grid]), figures=figures)


def _blocks(grid: Grid) -> dict[str, list[list[Slot]]]:
    """The rows of a table 2 by the name of their block."""
    blocks: dict[str, list[list[Slot]]] = {}
    name = ""
    for row in grid.rows():
        name = row[0].text if len(row) == 1 else name
        blocks.setdefault(name, []).append(row)
    return blocks


def _followed(figures: Figures) -> str:
    """The generation that these figures follow: the newest of which every row of applications is there."""
    rows = {generation: request_rows(generation) for generation in STATUTORY}
    return [of for of in STATUTORY if all(f"{row}__total" in figures for row in rows[of])][-1]


def _complete(figures: Figures, generation: str) -> Figures:
    return {code: figures.get(code) for code in codes(generation)}


def _converted(figures: Figures, generation: str, random: Random) -> Figures:
    """The figures with （六）其他处理 as one row (2019) or as three (2021)."""
    three = ("t3_other_no_correction", "t3_other_no_payment", "t3_other_misc")
    made: Figures = {code: value for code, value in figures.items() if not code.startswith("t3_other_")}
    for column in {code.partition("__")[2] for code in figures if code.startswith("t3_other_")}:
        if "t3_other_handled__total" in codes(generation):
            made[f"t3_other_handled__{column}"] = sum(figures[f"{row}__{column}"] or 0 for row in three)
        else:
            made |= {f"{row}__{column}": 0 for row in three}
            made[f"{three[2]}__{column}"] = figures[f"t3_other_handled__{column}"]
    return made


@sheet_quirk()
def old_blocks_in_table_two(sheet: Sheet, random: Random) -> Sheet:
    """Some blocks of table 2 are those of the other year's form, as where a body changed a part of it."""
    now = _followed(sheet.figures)
    other = next(generation for generation in STATUTORY if generation != now)
    old: Figures = {
        entry.code: random.choice((0, random.randint(1, 40))) for entry in entries(other, tables(other)[0])
    }
    figures = {**_complete(old, other), **sheet.figures}
    blocks = {of: _blocks(filled_form(of, figures)[0]) for of in (now, other)}
    shared = sorted(blocks[now].keys() & blocks[other].keys())
    changed = random.sample(shared, random.randint(1, len(shared) - 1))
    rows = [row for block in blocks[now] for row in blocks[other if block in changed else now][block]]
    printed = {slot.code for row in rows for slot in row if slot.code}
    kept = {code: value for code, value in figures.items() if not code.startswith("t2_") or code in printed}
    return replace(_in_table(sheet, "t2", lambda grid: [with_rows(grid, rows)]), figures=kept)


@sheet_quirk("html", "text", "docx", "pdf")
def table_missing(sheet: Sheet, random: Random) -> Sheet:
    """Nothing stands between two headings where a table should: a picture, or lost."""
    gone = random.choice(("t2", "t3", "t4"))
    figures = {code: value for code, value in sheet.figures.items() if not code.startswith(gone)}
    return replace(_in_table(sheet, gone, lambda _: []), figures=figures)


@sheet_quirk("html", "text", "docx", "pdf")
def two_reports(sheet: Sheet, _: Random) -> Sheet:
    """Two reports on one page: the one of this year, and one of the year before below it."""
    figures = {code: None if value is None else value * 2 for code, value in sheet.figures.items()}
    grids = iter(filled_form(_followed(figures), figures))
    year = str(sheet.year)
    other = sheet.with_grids(lambda _: [next(grids)]).with_words(
        lambda text: text.replace(year, _before(year))
    )
    title = f"{sheet.issuer}{_before(year)}年政府信息公开工作年度报告"
    other = replace(other, title=title, year=sheet.year - 1, figures=figures, said={})
    return replace(sheet, others=(other,), said={})


@sheet_quirk("html", "text", "docx", "pdf")
def two_reports_of_one_form(sheet: Sheet, random: Random) -> Sheet:
    """Two reports on one page that have one set of tables between them: what the first lacks stands in the second."""
    lost = random.choice((("t2",), ("t3", "t4"), ("t2", "t3", "t4")))
    kept = tuple({"t2", "t3", "t4"}.difference(lost))
    (other,) = two_reports(sheet, random).others
    return replace(_only(sheet, kept), others=(_only(other, lost),), said={})


def _only(sheet: Sheet, tables: tuple[str, ...]) -> Sheet:
    """The sheet with these of its tables."""
    figures = {code: value for code, value in sheet.figures.items() if code.startswith(tables)}
    kept = sheet.with_grids(lambda grid: [grid] if table_of(grid) in tables else [])
    return replace(kept, figures=figures)


def _before(year: str) -> str:
    return str(int(year) - 1)


@sheet_quirk("html", "text", "docx", "pdf")
def heading_lost(sheet: Sheet, random: Random) -> Sheet:
    """The numbers of sections are lost, or shifted by one, or of another style."""
    how = random.choice(("lost", "shifted", "style"))
    numbers = "一二三四五六七八"

    def change(text: str) -> str:
        number, _, words = text.partition("、")
        if how == "lost" or number not in numbers:
            return words or text
        return (
            f"{numbers[numbers.index(number) + 1]}、{words}" if how == "shifted" else f"（{number}）{words}"
        )

    return sheet.with_headings(change)


@sheet_quirk("html", "text", "docx")
def headings_gone(sheet: Sheet, _: Random) -> Sheet:
    """No section has a heading: tables follow upon prose."""
    parts = tuple(part for part in sheet.parts if not isinstance(part, Heading))
    return replace(sheet, parts=parts)


@sheet_quirk("html", "docx")
def columns_in_another_order(sheet: Sheet, _: Random) -> Sheet:
    """Table 2 with its columns turned round, header and figures alike."""

    def turn(grid: Grid) -> Iterable[Part]:
        rows = [row[:1] + _turned(row[1:]) if len(row) == 4 else row for row in grid.rows()]
        return [_fitted(rows, grid.width)]

    return _in_table(sheet, "t2", turn)


def _turned(row: list[Slot]) -> list[Slot]:
    columns = [slot.column for slot in row]
    return [replace(slot, column=column) for slot, column in zip(reversed(row), columns, strict=True)]
