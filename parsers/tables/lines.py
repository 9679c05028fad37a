"""Any document as one stream of lines of cells, so that one engine reads grids and flattened tables alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import groupby

from parsers.codebook import forms
from parsers.document import Block, Cell, Document, Paragraph, Table
from parsers.labels import fold
from parsers.records import State
from parsers.tables.values import read_value

_GAP = re.compile(r"[ \u00a0]{2,}|[\u3000\s]*\u3000[\u3000\s]*")
_BARS = re.compile(r"[|｜│┃¦]")
_LEFT_BORDER, _RIGHT_BORDER = re.compile(r"^\s*[|｜│┃¦]"), re.compile(r"[|｜│┃¦]\s*$")
_BORDERS, _NO_BORDER = re.compile(r"^\s*[|｜│┃¦]|[|｜│┃¦]\s*$"), re.compile("(?!)")
_RULE = re.compile(r"[\s|｜│:：+\-—─━=]*[-─━=]{3,}[\s|｜│:：+\-—─━=]*")
_PAGE_NUMBER = re.compile(r"\s*(?:[-—－–]\s*\d{1,4}\s*[-—－–]|第\s*\d{1,4}\s*页.*|P\.\s*\d+)\s*")
_ENUMERATOR = r"(?:[（(][一二三四五六七八九十]{1,2}[)）]\s*|[一二三四五六七八九十]、\s*|\d[.．、]\s*)"
_TABLE_START = re.compile(r"第二十条第|信息内容|本年新收政府信息公开申请数量|未经复议直接起诉")
UNITS = frozenset({"件", "条", "次", "篇", "个", "人", "人次", "万元", "项", "元"})


VALUE, WORDS, BLANK = "v", "w", " "


@dataclass(slots=True, eq=False)
class Line:
    """One row of a grid (`grid` numbers the grid) or one line of text (`grid` is None).

    `shape` has a letter a cell: VALUE, WORDS or BLANK.
    """

    cells: tuple[Cell, ...]
    grid: int | None = None
    raw: str = ""
    shape: str = field(init=False)
    _words: list[str] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.shape = "".join([kind_of(cell.text) for cell in self.cells])

    @property
    def words(self) -> list[str]:
        """The texts of the cells that hold words, folded."""
        if self._words is None:
            self._words = [
                fold(cell.text) for cell, kind in zip(self.cells, self.shape, strict=True) if kind == WORDS
            ]
        return self._words

    @property
    def text(self) -> str:
        """The line as printed; the cells of a grid's row side by side."""
        return self.raw if self.grid is None else " ".join(cell.text for cell in self.cells)


def lines_of(document: Document) -> list[Line]:
    """Every row and every line of the document in reading order; runs of glued table text are taken apart."""
    lines: list[Line] = []
    borders = _borders(document.blocks)
    for number, block in enumerate(document.blocks):
        if isinstance(block, Table):
            lines += [Line(tuple(row), number) for row in block.rows()]
        else:
            lines += _text_lines(block, borders.get(number, _BORDERS))
    return lines


def _borders(blocks: Sequence[Block]) -> dict[int, re.Pattern[str]]:
    """Where bars stand only between cells, the outer bars that each paragraph of the run has nonetheless."""
    found: dict[int, re.Pattern[str]] = {}
    barred = [
        number
        for number, block in enumerate(blocks)
        if isinstance(block, Paragraph) and _BARS.search(block.text)
    ]
    for _, run in groupby(enumerate(barred), lambda place: place[1] - place[0]):
        numbers = [number for _, number in run]
        texts = (block.text for number in numbers if isinstance(block := blocks[number], Paragraph))
        rows = [
            line.strip(" ") for text in texts for line in text.split("\n") if len(_BARS.findall(line)) > 1
        ]
        first, last = (all(_BARS.match(row[place]) for row in rows) for place in (0, -1))
        if not (first and last):
            border = _LEFT_BORDER if first else _RIGHT_BORDER if last else _NO_BORDER
            found.update(dict.fromkeys(numbers, border))
    return found


def _text_lines(paragraph: Paragraph, borders: re.Pattern[str]) -> Iterator[Line]:
    for text in paragraph.text.split("\n"):
        if _RULE.fullmatch(text) or _PAGE_NUMBER.fullmatch(text):
            yield Line((), None, text)
            continue
        pieces = _take_apart(text) if len(text) > 30 and _TABLE_START.search(text) else [text]
        for piece in pieces:
            yield Line(tuple(_cells(piece, paragraph.place, borders)), None, piece)


def _cells(text: str, place: str, borders: re.Pattern[str]) -> Iterator[Cell]:
    offset = 0
    for column, piece in enumerate(split_cells(text, borders)):
        found = text.find(piece, offset)
        offset = found + len(piece) if piece else offset
        where = f"{place} column {max(found, 0) + 1}" if place else ""
        yield Cell(piece.strip(), 0, column, 1, 1, where)


def split_cells(text: str, borders: re.Pattern[str] = _BORDERS) -> list[str]:
    """The cells of one line: by tabs, else by bars, else by wide gaps and before trailing values.

    `borders`: the bars that stand around the row and not between two of its cells.
    """
    if "\t" in text:
        return text.split("\t")
    if _BARS.search(text):
        only = len(_BARS.findall(text)) < 2  # a cell alone on its line
        return _BARS.split((_BORDERS if only else borders).sub("", text))
    pieces: list[str] = []
    for piece in _GAP.split(text.strip()):
        if piece:
            pieces += _label_and_values(piece)
    return pieces


def _label_and_values(piece: str) -> list[str]:
    """`行政许可 0` and `规章000` as label and values; words stay whole."""
    tokens = piece.split()
    first_value = len(tokens)
    while first_value and kind_of(tokens[first_value - 1]) == VALUE:
        first_value -= 1
    if first_value == len(tokens):
        glued = glued_label().fullmatch(piece)
        return [glued["label"], glued["digits"]] if glued else [piece]
    return _words_and_unit(tokens[:first_value]) + tokens[first_value:]


def _words_and_unit(tokens: list[str]) -> list[str]:
    """`10 申请总数 条` as the code, the label and the unit of a row of a list."""
    serial = [tokens[0]] if len(tokens) > 1 and tokens[0].isdigit() else []
    unit = [tokens[-1]] if len(tokens) > 1 and tokens[-1] in UNITS else []
    words = tokens[len(serial) : len(tokens) - len(unit)]
    return serial + ([" ".join(words)] if words else []) + unit


@lru_cache(maxsize=65536)
def kind_of(text: str) -> str:
    """VALUE where a cell's text states a number, a dash or something illegible; WORDS or BLANK otherwise."""
    value = read_value(text)
    return WORDS if value is None else BLANK if value.state is State.BLANK else VALUE


@cache
def _row_label() -> str:
    labels = {
        row.label.rpartition(" ")[2]
        for (table, _), form in forms().items()
        if table in ("t2", "t3")
        for row in form.rows
    }
    patterns = []
    for label in sorted(labels, key=len, reverse=True):
        bare = re.sub(rf"^{_ENUMERATOR}", "", label)
        spaced = r"\s*".join(re.escape(character) for character in re.sub(r"（[^）]*）$", "", bare))
        required = "" if len(bare) > 2 or bare == "规章" else "(?<=[.．、)）])"
        patterns.append(required + spaced)
    return rf"(?:{_ENUMERATOR})?(?:{'|'.join(patterns)})(?:[（(][^）)]{{0,40}}[)）])?"


@cache
def glued_label() -> re.Pattern[str]:
    """A known row label with its digits run on to it: `规章000`."""
    return re.compile(rf"(?P<label>{_row_label()})(?P<digits>[+-]?\d[\d+.-]*)")


@cache
def _label_in_run() -> re.Pattern[str]:
    return re.compile(_row_label())


def _take_apart(text: str) -> list[str]:
    """A run of table text without line breaks as lines that begin at each known row label."""
    start = _TABLE_START.search(text)
    matches = list(_label_in_run().finditer(text, start.start())) if start else []
    if start is None or len(matches) < 3:
        return [piece for piece in _table_4(text) if piece.strip()]
    head = text[start.start() : matches[0].start()].replace("信息内容", "\t信息内容\t")
    pieces = [text[: start.start()], head]
    for match, following in zip(matches, [*matches[1:], None], strict=True):
        end = following.start() if following else len(text)
        pieces += _labelled(match.group(), text[match.end() : end])
    return [piece for piece in pieces if piece.strip()]


_VALUES = re.compile(r"(?:[\s\d.,，．+＋\-－–−—/／元万件项条]|无(?![\u4e00-\u9fff]))*")
_WORDS_4 = "结果维持|结果纠正|其他结果|尚未审结|未经复议直接起诉|复议后起诉|行政复议|行政诉讼|总计"
_HEAD_4 = re.compile(rf"(?:(?:{_WORDS_4})\s*){{12,}}")


def _labelled(label: str, rest: str) -> list[str]:
    """A row label with the values that follow, then what else stands before the next row label."""
    values = _VALUES.match(rest)
    taken = values.end() if values else 0
    return [label + "\t" + "\t".join(rest[:taken].split()), *_table_4(rest[taken:])]


def _table_4(text: str) -> list[str]:
    """A run of text with the head of table 4 and its values on lines of their own."""
    head = _HEAD_4.search(text)
    values = _VALUES.match(text, head.end()) if head else None
    if head is None or values is None:
        return [text]
    words = re.findall(_WORDS_4, head.group())
    return [text[: head.start()], "\t".join(words), "\t".join(values.group().split()), text[values.end() :]]
