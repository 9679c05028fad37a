"""Which value of a row stands in which column: by the header, by where the other rows stand, by count; else
not at all."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from parsers.codebook import Form, Row, list_tables, units
from parsers.document import Cell
from parsers.tables.strips import Strip
from parsers.tables.values import read_value
from parsers.words.units import MONEY, UNITS, one_of

CROWDED_SHARE, ENOUGH_ROWS, ENOUGH_TIMES = 4, 5, 8
BEYOND = 3  # codes before the first and behind the last with a line of its own, where the form has none
_UNIT_IN_LABEL = re.compile(rf"[（(](?:单位[:：])?({one_of(MONEY)})[)）]\s*$")


class _Alike(NamedTuple):
    """What rows share whose columns can be compared: their grid (None for text), how many columns they have,
    and in text, where labels may take one cell or two, the first of them."""

    grid: int | None
    width: int
    first: int


def _alike(strip: Strip, width: int) -> _Alike:
    return _Alike(strip.grid, width, strip.values[0].column if strip.grid is None and strip.values else 0)


Codes = tuple[str, ...]
"""The codes of one row, in the form's order."""


@dataclass(frozen=True, slots=True)
class TableHead:
    """What the head of a table says of its columns.

    `orders`: the codes of a row in the order in which this table prints them, where it is not the form's.
    `headed`: by grid, the columns of the header's leaf words. `repeats`: where a column that spans several is
    printed once for each of them, which column each value says. `centred`: the order of the head is not sure:
    its lines may follow one another otherwise than its columns, or its spans are wrong. `units`: by code, the
    unit of an amount that stands in the head of its column and is not the form's. `others`: by the codes of a
    row, the columns of other rows that the head above it names. `unnamed`: the codes of rows whose columns no
    head names, where blocks are of two generations. `listed`: the table is a list of indicators, to which
    alone the others speak. `count`: how many columns of values it has; `year`: which of them is the year's
    own and not a cumulative one. `summed`: one of two is cumulative. `scattered`: the head that names them is
    broken over lines, which do not tell their order. `mixed`: rows print more figures than the head tells, so
    that one alone may be of any column. `remarks`: the grids and columns that hold what is said of the
    figures.
    """

    orders: Mapping[Codes, Codes] = field(default_factory=dict)
    headed: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    repeats: Mapping[Codes, tuple[int, ...]] = field(default_factory=dict)
    centred: bool = False
    units: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[Codes, list[str]] = field(default_factory=dict)
    unnamed: frozenset[str] = frozenset()
    listed: bool = False
    count: int = 1
    year: int | None = None
    summed: bool = False
    scattered: bool = False
    mixed: bool = False
    remarks: frozenset[tuple[int | None, int]] = frozenset()

    def widths(self, form: Form) -> dict[str, int]:
        """How many values each row prints, by the folded names that it goes by."""
        if form.table in list_tables():
            return {name: self.count for row in form.rows for name in row.names}
        return {name: len(self.repeats.get(row.codes, row.cells)) for row in form.rows for name in row.names}

    def order(self, row: Row) -> Codes:
        """The codes of the row in the order in which this table prints its columns."""
        return self.orders.get(row.codes, row.codes)

    def unit_beside(self, row: Row, strip: Strip) -> str:
        """The unit printed beside the amount of a row where it is not the form's; "" for none."""
        unit = _unit_beside(strip) if row.cells[0].type == "decimal" else ""
        return unit if unit != units()[row.codes[0]] else ""

    def values_alone(self, strip: Strip) -> list[Cell]:
        """The values of a row of a list without the unit and the remark that may stand behind its figure."""
        if not self.listed or strip.grid is None:
            return strip.values
        return [
            cell
            for cell in strip.values
            if cell.text.strip() not in UNITS and (strip.grid, cell.column) not in self.remarks
        ]


@dataclass(frozen=True, slots=True)
class Columns:
    """Which value of a row stands in which column: what the head says, and what the rows together tell.

    `occupied`: by what rows share whose columns can be compared, the columns in which they print values.
    `coded`: the last figure of the rows of a list is the code of the next one. `codes`: those that have a
    line of their own; `missing`: those that have none among them. `year` and `mixed`: as of the head, unless
    the rows deny it.
    """

    head: TableHead
    occupied: Mapping[_Alike, tuple[int, ...]] = field(default_factory=dict)
    coded: bool = False
    codes: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    year: int | None = None
    mixed: bool = False

    def place(self, row: Row, strip: Strip) -> list[Cell | None] | None:
        """One cell a column, or None when the values cannot be told apart."""
        wanted, head = len(row.cells), self.head
        if head.unnamed.intersection(row.codes):
            return None
        if head.listed and (self.mixed or (strip.grid is None and self._may_be_code(row, strip))):
            return None
        if self.year is not None:
            return self._of_the_year(strip, self.year)
        if strip.grid is None and wanted > 1 and row.codes in head.repeats:
            return _once_each(head.repeats[row.codes], strip, wanted)
        full = strip.delimited and len(strip.values) >= wanted
        occupied = self.occupied.get(_alike(strip, wanted)) if full else None
        if len(strip.values) == wanted and (strip.grid is not None or not occupied):
            return list(strip.values)
        headed = head.headed.get(strip.grid) if strip.grid is not None else None
        return (
            _once_each(head.repeats.get(row.codes), strip, wanted)
            or _by_columns(headed, strip, wanted)
            or _by_columns(occupied, strip, wanted)
            or _window(strip.values, wanted)
            or _printed(strip, wanted)
        )

    def _may_be_code(self, row: Row, strip: Strip) -> bool:
        return (self.coded or not strip.delimited) and _ends_in_code(row, strip, self.codes, self.missing)

    def _of_the_year(self, strip: Strip, year: int) -> list[Cell | None] | None:
        if strip.grid is None and len(strip.values) < self.head.count:
            return None  # the one that is left may be the year's or the other
        occupied = self.occupied.get(_alike(strip, self.head.count)) if strip.delimited else None
        numbers = _two_numbers(strip) if self.head.scattered else None
        if numbers and numbers[year] > numbers[1 - year]:
            return None  # one of them is broken
        if len(strip.values) == self.head.count:
            return [strip.values[year]]
        cell = _at(strip.values, occupied[year]) if occupied else None
        return [cell] if cell else None


def by_head(head: TableHead) -> Columns:
    """The columns as the head alone tells them."""
    return Columns(head, year=head.year, mixed=head.mixed)


def columns_of(
    head: TableHead, rows: Sequence[Row], found: Mapping[int, Strip], extra: Sequence[Strip] = ()
) -> Columns:
    """The columns as head and rows tell them: in which of them the rows print values, where they all agree on
    as many as there are columns, and the codes of rows that stand among the strips that belong to none."""
    codes = frozenset(strip.values[0].text.strip() for strip in extra if strip.values and not strip.labels)
    year, mixed = _year_told(head, [*found.values()])
    beyond = 0 if rows[0].form_code.isdecimal() else BEYOND
    missing = _missing(codes, beyond) if head.listed else frozenset()
    crowded = sum(head.listed and _count(strip) > head.count for strip in found.values())
    coded = sum(_ends_in_code(rows[number], strip, codes, missing) for number, strip in found.items())
    return Columns(
        head=head,
        occupied=_occupied(rows, found, None if year is None else head.count),
        coded=head.listed and coded * CROWDED_SHARE > len(found),
        codes=codes,
        missing=missing,
        year=year,
        mixed=mixed or crowded * CROWDED_SHARE > max(len(found), CROWDED_SHARE * 2),
    )


def _occupied(
    rows: Sequence[Row], found: Mapping[int, Strip], count: int | None
) -> dict[_Alike, tuple[int, ...]]:
    """The columns that rows fill which can be compared, where these are as many as a row has (or `count`)."""
    taken: dict[_Alike, set[int]] = {}
    for number, strip in found.items():
        if strip.delimited:
            columns = {cell.column for cell in strip.values if cell.text.strip()}
            width = len(rows[number].cells) if count is None else count
            taken.setdefault(_alike(strip, width), set()).update(columns)
    return {key: tuple(sorted(columns)) for key, columns in taken.items() if len(columns) == key.width}


def _year_told(head: TableHead, strips: Sequence[Strip]) -> tuple[int | None, bool]:
    """Which column is the year's, and whether that is open. Of two columns the cumulative one holds no figure
    that is less than the year's own. This tells them apart where the head does not; where it denies what the
    head of a text seems to say, neither is believed."""
    if not head.summed:
        return head.year, head.mixed
    pairs = [_two_numbers(strip) for strip in strips if strip.grid is None or head.scattered]
    more = [
        sum(pair[0] > pair[1] for pair in pairs if pair),
        sum(pair[1] > pair[0] for pair in pairs if pair),
    ]
    fewest = min(more)
    told = more.index(fewest) if max(more) >= max(ENOUGH_ROWS, fewest * ENOUGH_TIMES) else None
    if head.scattered:
        return told, told is None
    if told is not None and told != head.year:
        return None, True
    return head.year, head.mixed


def _ends_in_code(row: Row, strip: Strip, codes: Collection[str], missing: Collection[str]) -> bool:
    """Whether the last figure is the code of the next row, which follows where a blank left nothing."""
    code = row.form_code
    last = strip.values[-1].text.strip() if strip.values else ""
    follows = code.isdecimal() and last == f"{int(code) + 1:02}" and last not in codes
    return follows or last in missing


def _two_numbers(strip: Strip) -> tuple[int | float, int | float] | None:
    """The values of a strip, where these are two numbers."""
    numbers = [
        value.number for cell in strip.values if (value := read_value(cell.text)) and value.number is not None
    ]
    return (numbers[0], numbers[1]) if len(numbers) == len(strip.values) == 2 else None


def _missing(codes: Collection[str], beyond: int) -> frozenset[str]:
    """What is missing among codes that go up one by one, as a form of one's own has them, and so many next to
    the first and the last: where a row is blank the code of the next one stands in the place of its
    figure."""
    numbers = sorted(int(code) for code in codes if code.isdecimal() and len(code) < 4)
    far = 2 * len(numbers) + beyond
    near = {number for number in numbers if abs(number - numbers[len(numbers) // 2]) <= far}
    between = set(range(max(1, min(near) - beyond), max(near) + beyond + 1)) if near else set()
    missing = between - near if len(near) * 2 > len(between) else set()
    digits = {len(code) for code in codes if len(code) == 1 or code[:1] == "0"} or {1}
    return frozenset(f"{number:0{width}}" for number in missing for width in digits)


def _unit_beside(strip: Strip) -> str:
    """The unit of an amount in the cell before its figure or behind it, or at the end of its label; "" for
    none."""
    label = next(reversed(strip.before + strip.own), "")
    found = _UNIT_IN_LABEL.search(label)
    beside = (label, *(cell.text.strip() for cell in strip.values[1:]), *strip.after[:1])
    return found[1] if found else next((text for text in beside if text in MONEY), "")


def _count(strip: Strip) -> int:
    """How many figures a row prints; the code of the next row may be one of them."""
    return sum(bool(cell.text.strip()) for cell in strip.values)


def _once_each(repeats: tuple[int, ...] | None, strip: Strip, wanted: int) -> list[Cell | None] | None:
    """The value of each column that is printed several times, when it is the same each time or blank."""
    if repeats is None or len(repeats) != len(strip.values):
        return None
    cells: list[Cell | None] = [None] * wanted
    for number, cell in zip(repeats, strip.values, strict=True):
        held = cells[number]
        if held is None or not held.text.strip():
            cells[number] = cell
        elif cell.text.strip() not in ("", held.text.strip()):
            return None
    return cells


def _by_columns(columns: tuple[int, ...] | None, strip: Strip, wanted: int) -> list[Cell | None] | None:
    """The cells at these columns, when every printed value stands in one of them."""
    if columns is None or len(columns) != wanted:
        return None
    places = [_index_at(strip.values, column) for column in columns]
    if strip.grid is None and places[0] is None:
        return None  # in text a row is cut short at its end, and its first value stands behind its label
    kept = [place for place in places if place is not None]
    printed = {place for place, cell in enumerate(strip.values) if cell.text.strip()}
    if len(set(kept)) < len(kept) or not printed <= set(kept):
        return None
    return [None if place is None else strip.values[place] for place in places]


def _index_at(values: Sequence[Cell], column: int) -> int | None:
    """Which of these cells stands in a column."""
    covering = (n for n, cell in enumerate(values) if cell.column <= column < cell.column + cell.colspan)
    return next(covering, None)


def _at(values: Sequence[Cell], column: int) -> Cell | None:
    number = _index_at(values, column)
    return None if number is None else values[number]


def _window(values: list[Cell], wanted: int) -> list[Cell | None] | None:
    """The one run of `wanted` cells with nothing but blanks around it; None when there are several such
    runs."""
    printed = [number for number, cell in enumerate(values) if cell.text.strip()]
    if not printed:
        return list(values[:wanted]) if len(values) >= wanted else None
    first, last = max(0, printed[-1] - wanted + 1), min(printed[0], len(values) - wanted)
    return list(values[first : first + wanted]) if first == last else None


def _printed(strip: Strip, wanted: int) -> list[Cell | None] | None:
    """In text, the printed values when they are just as many: what stands between them are gaps, and not
    blank cells."""
    printed = [cell for cell in strip.values if cell.text.strip()]
    return list(printed) if strip.grid is None and len(printed) == wanted else None
