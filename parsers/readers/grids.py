"""The grids of a flattened page: from the marks of rows, cells and spans to cells with their text and place.

Grids of the same form differ in their figures alone. All else, where each cell stands and what the words are, is a
`Layout`, which is worked out once for all of them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import compress
from typing import NamedTuple

from parsers.document import LaidOutTable, Layout, Slot, Table
from parsers.known import Known

WIDEST, TALLEST, LONGEST_CELL, MOST_CELLS, MOST_COLUMNS = 60, 200, 400, 20_000, 1000
# Marks in the flattened page: noncharacters of Unicode, which stand for nothing in any text.
BREAK, TABLE, TABLE_END, ROW, CELL, SPANS, AND, CONTENT, GRID, LINKED = map(chr, range(0xFDD0, 0xFDDA))
PAGE_BREAK = "#PAGE_BREAK#"  # as UCAP leaves it in words and between rows
CELL_BEGINS = re.compile(f"{CELL}(?:{SPANS}[^{CONTENT}]*{CONTENT})?")
_AROUND = BREAK + " \t\r\n\f\v\u00a0\u3000"
_BEGINS_NUMBER = frozenset("0123456789+-＋－０１２３４５６７８９")
_ONE_ABOVE_ANOTHER = re.compile(rf"(?<=\d)\s*{BREAK}[\s{BREAK}]*(?=\d{{3}}(?!\d))")
_DASHES = frozenset("-—–－/无")
# What has more digits is no count and no amount.
_FIGURE = re.compile(r"[+-]?[0-9]{1,13}(?:\.[0-9]{1,6})?|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,3}")
_KEPT_LENGTH, _KEPT_CELLS = 200, 1000  # the longest cell and most cells of a grid whose parts are remembered


class Piece(NamedTuple):
    """One cell as it was flattened: its text, and what a layout depends on: a mark for each row that begins after it,
    its spans, and the text if it holds words."""

    kind: str
    text: str


def table_of(printed: str) -> Table | None:
    """A table of a page from its number and rows as they were flattened; None where one of its cells is an article, so
    that the table only arranges the page."""
    number, *cells = printed.split(CELL)
    if not cells:
        return Table((), f"table[{number.rstrip(ROW)}]")
    known = len(cells) <= _KEPT_CELLS and max(map(len, cells)) <= _KEPT_LENGTH
    kinds, texts = zip(*map(_known_piece if known else piece_of, cells), strict=True)
    return table_from(number, kinds, texts, known=known)


def table_from(
    number: str, kinds: tuple[str, ...], texts: tuple[str, ...], *, known: bool = True
) -> Table | None:
    """A table from its number with a mark for each row that begins before its first cell, and its pieces.

    `known`: its layout is remembered.
    """
    layout = (_known_layout if known else _layout)(number, kinds)
    if layout is None:
        return None
    place = f"table[{number.rstrip(ROW)}]"
    return LaidOutTable(tuple(compress(texts, layout.kept)) if layout.kept else texts, layout, place)


def piece_of(printed: str) -> Piece:
    """One cell as it was flattened: its spans, what it says, and a mark for each row that begins after it."""
    content = printed.rstrip(ROW)
    spans, ends = "", printed[len(content) :]
    if content[:1] == SPANS:
        spans, _, content = content.partition(CONTENT)
    text = content.strip(_AROUND)
    if not text.isalnum():
        text = _one_line(text)
    return Piece(f"{ends}{spans}" if _is_figure(text) else f"{ends}{spans}{CONTENT}{text}", text)


_known_piece = Known(piece_of, 8192).__getitem__


def _is_figure(text: str) -> bool:
    """Whether a text is a count or an amount in plain digits, a dash, or nothing."""
    return not text or text in _DASHES or _FIGURE.fullmatch(text) is not None


def _layout(number: str, kinds: tuple[str, ...]) -> Layout | None:
    """Where the cells of these kinds stand, and their words; None where one of them is an article."""
    slots: list[Slot] = []
    words: list[str | None] = []
    kept: list[bool] = []
    taken: dict[int, int] = {}  # columns that a cell of a row above spans, until which row
    for row_number, row in enumerate(_rows(number, kinds)):
        column = 0
        prefix = f"table[{number.rstrip(ROW)}]/tr[{row_number + 1}]/td["
        for cell_number, kind in enumerate(row, 1):
            spans, holds_words, text = kind.partition(CONTENT)
            if len(text) > LONGEST_CELL:
                return None
            while taken and taken.get(column, 0) > row_number:
                column += 1
            if column > MOST_COLUMNS:
                kept += [False] * (len(row) - cell_number + 1)
                break
            height, width = _spans(spans[1:]) if spans else (1, 1)
            slots.append((row_number, column, height, width, f"{prefix}{cell_number}]"))
            words.append(text if holds_words else None)
            kept.append(True)
            if height > 1:
                taken.update(dict.fromkeys(range(column, column + width), row_number + height))
            column += width
        if len(slots) > MOST_CELLS:
            break
    whole = len(slots) == len(kinds)
    return Layout(tuple(zip(*slots, strict=True)), tuple(words), () if whole else tuple(kept))


def _rows(number: str, kinds: tuple[str, ...]) -> list[list[str]]:
    """The kinds of the cells row by row, without the marks of rows."""
    rows: list[list[str]] = [[] for _ in range(max(1, number.count(ROW)))]
    for kind in kinds:
        bare = kind.lstrip(ROW)
        rows[-1].append(bare)
        rows += [[] for _ in range(len(kind) - len(bare))]
    return rows


_known_layout = lru_cache(maxsize=256)(_layout)


def _one_line(text: str) -> str:
    """Two lines of digits are not one number (1 above 234 is not 1 234), while a word broken over lines is one word."""
    if BREAK in text:
        if text[0] in _BEGINS_NUMBER:
            numbers = _ONE_ABOVE_ANOTHER.split(text)
            return "\n".join(" ".join(number.replace(BREAK, " ").split()) for number in numbers)
        text = text.replace(BREAK, "")
    return " ".join(text.split())


def _spans(declared: str) -> tuple[int, int]:
    rows, _, columns = declared.partition(AND)
    return _span(rows, TALLEST), _span(columns, WIDEST)


def _span(declared: str, most: int) -> int:
    if declared.isdecimal() and len(declared) < 3:
        return min(max(int(declared), 1), most)
    digits = re.match(r"\s*(\d{1,9})", declared)
    return min(max(int(digits[1]), 1), most) if digits else 1
