"""Small damages to a table in print, each with what is then printed in every cell that print still names.

Whatever is done, a reader must come to what stands in print, or say that something is amiss.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from sample.figures import Figures
from sample.forms.layout import Grid, Slot
from sample.forms.sheet import Sheet
from tests.corpus.quirks.base import with_rows

Mutation = Callable[[Sheet, Random], Sheet]


def change_digit(sheet: Sheet, random: Random) -> Sheet:
    """One digit of one figure is another one: what stands there now is what must be read."""
    code = random.choice([code for code, value in sheet.figures.items() if value is not None])
    slot = _slot(sheet, code)
    places = [number for number, character in enumerate(slot.text) if character.isdecimal()]
    at = random.choice(places)
    text = (
        slot.text[:at] + random.choice([d for d in "123456789" if d != slot.text[at]]) + slot.text[at + 1 :]
    )
    value = float(text) if "." in text else int(text)
    return replace(_printed(sheet, {code: text}), figures=sheet.figures | {code: value})


def blank_cell(sheet: Sheet, random: Random) -> Sheet:
    """One figure is gone; the cell stands empty."""
    code = random.choice([code for code, value in sheet.figures.items() if value is not None])
    return replace(_printed(sheet, {code: ""}), figures=sheet.figures | {code: None})


def delete_row(sheet: Sheet, random: Random) -> Sheet:
    """A row of table 2 or 3 is not there, label and figures."""
    grid, row = _any_row(sheet, random)
    gone = _codes(grid, row)
    rows = [line for number, line in enumerate(_unspanned(grid).rows()) if number != row]
    figures: Figures = {code: value for code, value in sheet.figures.items() if code not in gone}
    return replace(_with(sheet, grid, _of_rows(rows, grid)), figures=figures)


def duplicate_row(sheet: Sheet, random: Random) -> Sheet:
    """A row stands twice, word for word."""
    grid, row = _any_row(sheet, random)
    rows = _unspanned(grid).rows()
    again = [replace(slot, code=None) for slot in rows[row]]
    return _with(sheet, grid, _of_rows([*rows[: row + 1], again, *rows[row + 1 :]], grid))


def drop_label(sheet: Sheet, random: Random) -> Sheet:
    """The label of one row is gone; its figures stand where they stood."""
    grid, row = _any_row(sheet, random)
    last = max((slot for slot in grid.rows()[row] if not slot.code), key=lambda slot: slot.column)
    slots = tuple(replace(slot, text="") if slot is last else slot for slot in grid.slots)
    return _with(sheet, grid, replace(grid, slots=slots))


def swap_rows(sheet: Sheet, random: Random) -> Sheet:
    """Two neighbouring rows change places with their labels: the label says which is which."""
    grid, row = _any_row(sheet, random, pair=True)
    rows = grid.rows()
    labels = [slot for slot in rows[row] if not slot.code and slot.rowspan > 1]
    one = [slot for slot in rows[row] if slot not in labels]
    rows[row], rows[row + 1] = [*labels, *rows[row + 1]], one
    return _with(sheet, grid, with_rows(grid, rows))


def swap_columns_with_headers(sheet: Sheet, random: Random) -> Sheet:
    """Two columns of table 3 change places, headers and figures: the header says which is which."""
    grid = sheet.grids()[1]
    one, two = random.sample(range(4, 9), 2)
    other = {one: two, two: one}
    slots = (
        replace(slot, column=other.get(slot.column, slot.column))
        if slot.row > 1 and slot.colspan == 1
        else slot
        for slot in grid.slots
    )
    ordered = sorted(slots, key=lambda slot: (slot.row, slot.column))
    return _with(sheet, grid, replace(grid, slots=tuple(ordered)))


def swap_columns(sheet: Sheet, random: Random) -> Sheet:
    """The figures of two columns of table 3 change places under headers that stay: print says the wrong thing."""
    grid = sheet.grids()[1]
    columns = random.sample(sorted({slot.column for slot in grid.slots if slot.code}), 2)
    figures = dict(sheet.figures)
    texts: dict[str, str] = {}
    for line in grid.rows():
        pair = [slot for slot in line if slot.code and slot.column in columns]
        for slot, source in zip(pair, reversed(pair), strict=True):
            texts[str(slot.code)] = source.text
            figures[str(slot.code)] = sheet.figures[str(source.code)]
    return replace(_printed(sheet, texts), figures=figures)


def swap_headers(sheet: Sheet, random: Random) -> Sheet:
    """Two headers of table 3 change places over figures that stay: print says the wrong thing."""
    grid = sheet.grids()[1]
    heads = [slot for slot in grid.slots if slot.row == 2 and not slot.code]
    one, two = random.sample(heads, 2)
    texts = {one: two.text, two: one.text}
    changed = replace(grid, slots=tuple(replace(s, text=texts.get(s, s.text)) for s in grid.slots))
    figures = dict(sheet.figures)
    for line in grid.rows():
        pair = [slot for slot in line if slot.code and slot.column in (one.column, two.column)]
        for slot, source in zip(pair, reversed(pair), strict=True):
            figures[str(slot.code)] = sheet.figures[str(source.code)]
    return replace(_with(sheet, grid, changed), figures=figures)


def move_figure(sheet: Sheet, random: Random) -> Sheet:
    """A figure of table 3 stands one cell further to the right, over the one there, and its own cell is 0."""
    grid = sheet.grids()[1]
    here = random.choice([slot for slot in grid.slots if slot.code and 2 < slot.column < 8])
    there = next(slot for slot in grid.slots if (slot.row, slot.column) == (here.row, here.column + 1))
    one, two = str(here.code), str(there.code)
    figures = sheet.figures | {one: 0, two: sheet.figures[one]}
    return replace(_printed(sheet, {one: "0", two: here.text}), figures=figures)


def drop_cell(sheet: Sheet, random: Random) -> Sheet:
    """One cell of a row of table 3 is not there, and those after it stand one column too early in print."""
    grid = sheet.grids()[1]
    row = random.choice(sorted({slot.row for slot in grid.slots if slot.code}))
    cells = [slot for slot in grid.slots if slot.row == row and slot.code]
    gone = random.choice(cells)
    moved = [replace(slot, column=slot.column - 1) if slot.column > gone.column else slot for slot in cells]
    kept = [slot for slot in moved if slot.column != gone.column or slot.code != gone.code]
    slots = sorted([*(s for s in grid.slots if s not in cells), *kept], key=lambda s: (s.row, s.column))
    codes = [str(slot.code) for slot in cells]
    after = [code for code in codes if code != gone.code]
    figures = sheet.figures | dict.fromkeys(codes) | _moved_values(sheet, codes, after)
    return replace(
        _with(sheet, grid, replace(grid, slots=tuple(slots))), figures=figures, lost=frozenset(codes)
    )


def _moved_values(sheet: Sheet, codes: list[str], sources: list[str]) -> Figures:
    return {code: sheet.figures[source] for code, source in zip(codes, sources, strict=False)}


MUTATIONS: tuple[Mutation, ...] = (
    change_digit,
    blank_cell,
    delete_row,
    duplicate_row,
    drop_label,
    swap_rows,
    swap_columns_with_headers,
    swap_columns,
    swap_headers,
    move_figure,
    drop_cell,
)
"""Every mutation, for reports of the statutory form (2019 and later)."""


def _slot(sheet: Sheet, code: str) -> Slot:
    return next(slot for grid in sheet.grids() for slot in grid.slots if slot.code == code)


def _printed(sheet: Sheet, texts: dict[str, str]) -> Sheet:
    """The sheet with other texts in some cells."""

    def change(grid: Grid) -> list[Grid]:
        return [
            replace(grid, slots=tuple(replace(s, text=texts.get(s.code or "", s.text)) for s in grid.slots))
        ]

    return sheet.with_grids(change)


def _with(sheet: Sheet, old: Grid, new: Grid) -> Sheet:
    return sheet.with_grids(lambda grid: [new if grid is old else grid])


def _codes(grid: Grid, row: int) -> frozenset[str]:
    return frozenset(str(slot.code) for slot in grid.slots if slot.row == row and slot.code)


def _any_row(sheet: Sheet, random: Random, pair: bool = False) -> tuple[Grid, int]:
    """A row with figures of table 2 or 3; with `pair`, one whose next row is of the same kind."""
    choices = [
        (grid, number)
        for grid in sheet.grids()[:2]
        for number, row in enumerate(grid.rows())
        if _codes(grid, number) and (not pair or _alike(grid, number))
    ]
    return random.choice(choices)


def _alike(grid: Grid, row: int) -> bool:
    """May this row and the next change places: as many figures, and no label that spans both?"""
    rows = grid.rows()
    if row + 1 >= len(rows) or len(_codes(grid, row)) != len(_codes(grid, row + 1)):
        return False
    labels = [[slot for slot in line if not slot.code] for line in rows[row : row + 2]]
    own = [[slot for slot in line if slot.rowspan == 1] for line in labels]
    return len(own[0]) == len(own[1]) == len(labels[1]) and own[0][0].column == own[1][0].column


def _unspanned(grid: Grid) -> Grid:
    """The grid with no cell over several rows, so that rows can come and go."""
    return replace(grid, slots=tuple(replace(slot, rowspan=1) for slot in grid.slots))


def _of_rows(rows: list[list[Slot]], grid: Grid) -> Grid:
    """A grid of these rows, each moved to the left until it begins at the first column."""
    moved: list[list[Slot]] = []
    for row in rows:
        column, line = 0, []
        for slot in row:
            line.append(replace(slot, column=column))
            column += slot.colspan
        moved.append(line)
    return with_rows(Grid(len(rows), grid.width, ()), moved)


def mutated(sheet: Sheet, mutation: Mutation, random: Random) -> Sheet:
    """The sheet after one mutation; statements are left out, since the prose is not what is damaged."""
    return replace(mutation(sheet, random), said={})
