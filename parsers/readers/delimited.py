"""Tables in plain text as spreadsheets write them: fields between commas, in quotes where they hold one, as
many in each row."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from itertools import pairwise

from parsers.document import Cell, Table
from parsers.words.units import COUNTED, one_of

LEAST_ROWS, LEAST_NUMBERS, WIDEST, LONGEST, LINES_OF_A_ROW, BLANK_LINES = 3, 5, 60, 1000, 8, 1
_NUMBER = re.compile(rf"[+-]?\d+(?:\.\d+)?{one_of(COUNTED)}?")
_DIGITS = re.compile(rf"\s*\d+(?:\.\d+)?{one_of(COUNTED)}?\s*")
_BROKEN = re.compile(r"(?<=\d)\s*\n\s*(?=\d)")
_WORDS = re.compile(r"[\u3400-\u9fff]")


def table_at(lines: Sequence[str], start: int, number: int) -> tuple[int, Table | None]:
    """The table that begins in this line, if one does, and the index of the line after its last.

    `number`: that of the first line, for places. Prose has commas, too, and so have numbers: a table has some
    rows of as many fields, half of them with words, numbers alone in some, and none that is cut out of a
    number. What is left of a number on the next line stays apart from it, by a line feed: it is not sure to
    be of it.
    """
    rows: list[tuple[int, list[str]]] = []
    end = start
    while end < len(lines):
        after, row = _whole_row(lines, end, len(rows[0][1]) if rows else 0)
        if len(row) < 2 or (rows and len(row) != len(rows[0][1])):
            break
        rows.append((end, row))
        end = after
    fields = [row for _, row in rows]
    if (
        len(rows) < LEAST_ROWS
        or len(fields[0]) > WIDEST
        or not _is_table(fields)
        or _are_rests(lines, start, fields)
    ):
        return max(end, start + 1), None
    cells = (
        Cell(
            "\n".join(" ".join(piece.split()) for piece in _BROKEN.split(field)),
            row,
            column,
            1,
            1,
            f"line {line + number}",
        )
        for row, (line, texts) in enumerate(rows)
        for column, field in enumerate(texts)
    )
    return end, Table(tuple(cells), f"line {start + number}")


def _whole_row(lines: Sequence[str], start: int, width: int) -> tuple[int, list[str]]:
    """The fields of a row of so many (0: any number), and the line after it; a number in it may be broken
    over lines."""
    end, row = _row(lines, start)
    while row and row[-1].strip()[-1:].isdigit():
        below = next(
            (n for n in range(end, min(end + BLANK_LINES + 1, len(lines))) if lines[n].strip()), None
        )
        after, rest = _row(lines, below) if below is not None else (end, [])
        if not (rest and _DIGITS.fullmatch(rest[0]) and len(row) + len(rest) - 1 == (width or len(row))):
            break
        row, end = [*row[:-1], f"{row[-1]}\n{rest[0]}", *rest[1:]], after
    return end, row


def _row(lines: Sequence[str], start: int) -> tuple[int, list[str]]:
    """The fields of the row that begins in this line, and the line after it; a field in quotes may hold a few
    lines."""
    text, end = lines[start][:LONGEST], start + 1
    while text.count('"') % 2 and end < min(start + LINES_OF_A_ROW, len(lines)):
        text, end = f"{text}\n{lines[end][:LONGEST]}", end + 1
    try:
        return end, next(csv.reader([text]), [])
    except csv.Error:  # a break of line within a field that no quotes are around
        return start + 1, []


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    worded = sum(any(map(_WORDS.search, row)) for row in rows)
    numbers = [sum(_NUMBER.fullmatch(field.strip()) is not None for field in row) for row in rows]
    enough = len(rows) - numbers.count(0) >= LEAST_ROWS or max(numbers) >= LEAST_NUMBERS
    return worded * 2 >= len(rows) and enough and not any(map(_cut, rows))


def _are_rests(lines: Sequence[str], start: int, rows: Sequence[Sequence[str]]) -> bool:
    """Whether each row begins with digits, and a line of fields above ends with some: a run, broken in its
    numbers."""
    above = "".join(lines[max(0, start - 1 - BLANK_LINES) : start]).strip()
    return "," in above and above[-1].isdigit() and all(_DIGITS.fullmatch(row[0]) for row in rows)


def _cut(row: Sequence[str]) -> bool:
    """Whether a comma of a number, 收到 1,234 件, was taken for one between fields."""
    return any(
        _WORDS.search(one) and one[-1:].isdigit() and re.match(r"\d{3}(?!\d)", other)
        for one, other in pairwise(row)
    )
