"""Tables drawn with characters in plain text, as converters write them: boxes of bars, dashes and corners,
columns under runs of dashes. What stands in a cell over several lines is one cell."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from unicodedata import east_asian_width

from parsers.document import Cell, Table
from parsers.readers import delimited
from parsers.words.text import UNSEEN

_BORDER = re.compile(r"\s*[+┌├└╔╠╚┏┣┗][-=─━═+┬┼┴┐┤┘╦╬╩╗╣╝┳╋┻┓┫┛┠┨┝┥|│┃:]{2,}\s*")
_WITHIN = re.compile(rf"{_BORDER.pattern}|\s*[|│┃║][-=─━═+|│┃║┼╋╬]{{2,}}\s*")
"""Below the first border of a box another one may begin with a bar."""
_ROW = re.compile(r"\s*[|│┃║+├┣╠].*[|│┃║+┤┫╣]\s*")
_CORNERS = frozenset("+┌├└┬┼┴┐┤┘╔╠╚╦╬╩╗╣╝┏┣┗┳╋┻┓┫┛┠┨┝┥")
_BARS = frozenset("|│┃║") | _CORNERS
_LINE = re.compile(r"[-=─━═:+]{2,}")
_DASHES = re.compile(r"\s*[-=─━]{3,}(?:\s+[-=─━]{2,})*\s*")
_DASHED = re.compile(r"[-=─━]{2,}")
_LONGEST, _WIDEST = 400, 60
_INVISIBLE = re.compile(f"[{UNSEEN}]")
_HARD_BREAK = re.compile(r"(?<!\s)\s*\\$")


def tables_in(lines: Sequence[str], number: int = 1) -> Iterator[tuple[int, int, Table]]:
    """The tables that are drawn in these lines, each with the index of its first line and of the one after
    its last.

    `number`: that of the first line, for places.
    """
    at = 0
    while at < len(lines):
        end, table = at + 1, None
        if _BORDER.fullmatch(lines[at]):
            end, table = _boxed(lines, at, number)
        elif _DASHES.fullmatch(lines[at]):
            end, table = _dashed(lines, at, number)
        elif "," in lines[at]:
            end, table = delimited.table_at(lines, at, number)
        if table is not None:
            yield at, end, table
        at = end


@dataclass(slots=True)
class _Open:
    """A cell whose lower border has not come yet; columns are borders of the box by number."""

    row: int
    first: int
    last: int
    line: int
    pieces: list[str] = field(default_factory=list)


def _boxed(lines: Sequence[str], start: int, number: int) -> tuple[int, Table | None]:
    end = start
    while end < len(lines) and (_BORDER.fullmatch(lines[end]) or _ROW.fullmatch(lines[end])):
        end += 1
    drawn = _drawn(lines[start:end])
    ruled = [places for places, line in zip(drawn, lines[start:end], strict=True) if _WITHIN.fullmatch(line)]
    borders = sorted({place for places in ruled for place, char in places.items() if char in _CORNERS})
    if len(ruled) < 2 or not 2 <= len(borders) <= _WIDEST:
        return start + 1, None
    return end, _cells_of_box(drawn, borders, start + number)


def _drawn(lines: Sequence[str]) -> list[dict[int, str]]:
    """The characters of the lines of a box by where they stand: some tools count characters, and not what
    type takes."""
    by_type, by_count = ([_by_place(line.rstrip(), wide) for line in lines] for wide in (2, 1))
    return by_count if _is_even(by_count) and not _is_even(by_type) else by_type


def _is_even(drawn: Sequence[dict[int, str]]) -> bool:
    """Whether all lines end at the same place."""
    return len({max(places, default=0) for places in drawn}) == 1


def _cells_of_box(drawn: list[dict[int, str]], borders: list[int], first_line: int) -> Table:
    open_cells: dict[int, _Open] = {}
    cells: list[Cell] = []
    row = -1
    for number, places in enumerate(drawn, first_line):
        ruled: set[int] = set()
        written = []
        for first, last, text in _pieces(places, borders):
            if _LINE.fullmatch(text):
                ruled.update(range(first, last))
            else:
                written.append((first, last, text))
        row += bool(ruled)
        done = [key for key, cell in open_cells.items() if ruled.issuperset(range(cell.first, cell.last))]
        cells += [_closed(open_cells.pop(key), row) for key in done]
        for first, last, text in written if row >= 0 else ():
            cell = open_cells.setdefault(first, _Open(row, first, last, number))
            cell.line = cell.line if any(cell.pieces) else number
            cell.pieces.append(text)
    cells += [_closed(cell, row + 1) for cell in open_cells.values()]
    return Table(tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))), f"line {first_line}")


def _pieces(places: dict[int, str], borders: list[int]) -> Iterator[tuple[int, int, str]]:
    """What stands between two borders that are drawn in the line, with the numbers of the borders."""
    shown = [number for number, border in enumerate(borders) if places.get(border) in _BARS]
    for first, last in pairwise(shown):
        yield (
            first,
            last,
            "".join(
                char for place, char in sorted(places.items()) if borders[first] < place < borders[last]
            ).strip(),
        )


def _closed(cell: _Open, row: int) -> Cell:
    height, width = max(row - cell.row, 1), cell.last - cell.first
    return Cell(_joined(cell.pieces), cell.row, cell.first, height, width, f"line {cell.line}")


def _joined(pieces: Sequence[str]) -> str:
    """The lines of a cell as one; digits above digits are not one number."""
    text = ""
    for piece in filter(None, (_HARD_BREAK.sub("", piece).strip() for piece in pieces)):
        between = (
            "\n"
            if text[-1:].isdigit() and piece[0].isdigit()
            else " "
            if text[-1:].isascii() and piece[0].isascii() and text
            else ""
        )
        text += between + piece
    return text[: _LONGEST * 4]


def _by_place(line: str, wide: int = 2) -> dict[int, str]:
    """The characters of a line by where they stand; what East Asian type sets wide takes so many places, and
    what is not seen takes none."""
    places, at = {}, 0
    for char in line if line.isascii() else _INVISIBLE.sub("", line):
        places[at] = char
        at += wide if east_asian_width(char) in "WF" else 1
    return places


def _dashed(lines: Sequence[str], start: int, number: int) -> tuple[int, Table | None]:
    """Columns under runs of dashes: the rows between blank lines where cells have several lines, else the
    lines."""
    end = next((n for n in range(start + 1, len(lines)) if _ends(lines, n, start)), start)
    ruled = (line for line in lines[start : end + 1] if _DASHES.fullmatch(line))
    columns = max(map(_runs_of, ruled), key=len, default=[])
    if end == start or not 2 <= len(columns) <= _WIDEST:
        return start + 1, None
    several = len(_runs_of(lines[start])) == 1 and any(not lines[n].strip() for n in range(start, end))
    cells: list[Cell] = []
    for row, group in enumerate(_rows(lines, start + 1, end, several)):
        made = _cells_under([lines[one] for one in group], columns, row, f"line {group[0] + number}")
        if made is None:
            return start + 1, None
        cells += made
    return end + 1, Table(tuple(cells), f"line {start + number}")


def _ends(lines: Sequence[str], number: int, start: int) -> bool:
    """Whether a line of dashes is the last one of the table: nothing of it follows."""
    if not _DASHES.fullmatch(lines[number]):
        return False
    one = len(_runs_of(lines[start])) == 1
    return (len(_runs_of(lines[number])) == 1) == one and not (
        number + 1 < len(lines) and lines[number + 1].strip()
    )


def _runs_of(line: str) -> list[tuple[int, int]]:
    return [run.span() for run in _DASHED.finditer(line)]


def _rows(lines: Sequence[str], start: int, end: int, several: bool) -> Iterator[list[int]]:
    group: list[int] = []
    for number in range(start, end):
        line = lines[number]
        border = not line.strip() or _DASHES.fullmatch(line)
        if group and (border or not several):
            yield group
            group = []
        if not border:
            group.append(number)
    if group:
        yield group


def _cells_under(
    lines: Sequence[str], columns: list[tuple[int, int]], row: int, place: str
) -> list[Cell] | None:
    """The cells of a row; None where a character stands over the border of two columns, or in the gap between
    them."""
    starts = [first for first, _ in columns]
    gaps = {place for (_, end), (start, _) in pairwise(columns) for place in range(end, start)}
    pieces: list[list[str]] = [[] for _ in columns]
    for line in lines:
        taken = [""] * len(columns)
        for at, char in _by_place(line).items():
            if at in gaps and not char.isspace():
                return None
            column = max(bisect_right(starts, at) - 1, 0)
            taken[column] += char
        for column, text in enumerate(taken):
            if text.rstrip() != text.rstrip()[: columns[column][1] + 1 - columns[column][0] + 2]:
                return None
            pieces[column].append(text.strip())
    return [Cell(_joined(texts), row, column, 1, 1, place) for column, texts in enumerate(pieces)]
