"""Any document as one stream of lines of cells, so that one engine reads grids and flattened tables alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise, takewhile

from parsers.codebook import row_widths
from parsers.document import Block, Cell, Container, Document, Paragraph, Table
from parsers.forms import forms_cache
from parsers.identities import proven_widths
from parsers.records import State
from parsers.tables.flat.beside import goes_on, rows_of, together
from parsers.tables.flat.runs import (
    BROKEN,
    LONGEST_LIST_LINE,
    glued_label,
    is_row_label,
    list_line,
    take_apart,
)
from parsers.tables.flat.sentences import joined
from parsers.tables.values import is_prose, read_value
from parsers.words.known import Known
from parsers.words.labels import fold
from parsers.words.text import PAGE_FOOT, PAGE_NUMBER
from parsers.words.units import COUNTED, UNITS

_GAP = re.compile(r"[ \u00a0]{2,}|[^\S\u3000]{0,64}\u3000[\u3000\s]*+")
_IN_BRACKETS = re.compile(r"[(（][^()（）]{1,80}[)）]")
_BREAK = re.compile(r"(?<!\d)<br\s*/?>|<br\s*/?>(?!\d)", re.I)  # two numbers are not joined
_HARD_BREAK = re.compile(r"(?:(?<=[^\s|\\])|^[^\S\n]*+)\\+(?=\s*(?:\||$))", re.M)  # of markdown and org
_COMMA_APART = re.compile(r"(?<![\d,.])\d{1,3}(?:\s+[,，]\s*\d{3})+(?!\d)")
_OF_NUMBERS = re.compile(r"[\d.,．，]+")
_ESCAPED = re.compile(r"\\(?=[.\-+*()\[\]#_~])")
_BARS = re.compile(r"[|｜│┃¦]")
_LEFT_BORDER, _RIGHT_BORDER = re.compile(r"^\s*[|｜│┃¦]"), re.compile(r"[|｜│┃¦]\s*$")
_BORDERS, _NO_BORDER = re.compile(r"^\s*[|｜│┃¦]|[|｜│┃¦]\s*$"), re.compile("(?!)")
_FILLERS = re.compile(r"(?<=\s)[|｜]{2,}\s*$")
_RULE = re.compile(r"(?=[\s|｜│:：+\-—─━=]*?[-─━=]{3})[\s|｜│:：+\-—─━=]++")
_RUN_ON = re.compile(r"(.*[\u4e00-\u9fff）)])(\d{1,9})")
FEWEST_RUN_ON = 3
"""Rows of fewer figures are not taken apart from their label: two numbers behind a word may be anything."""
_KEPT_LENGTH = 60
_NEW = tuple.__new__  # a fraction of the time of a named tuple's own way


VALUE, WORDS, BLANK = "v", "w", " "
SHORT = 16


class Line:
    """One row of a grid (`grid` numbers the grid) or one line of text (`grid` is None).

    `shape` has a letter a cell: VALUE, WORDS or BLANK.
    """

    __slots__ = ("_cells", "_words", "grid", "raw", "shape")

    def __init__(self, cells: tuple[Cell, ...], shape: str, grid: int | None = None, raw: str = "") -> None:
        self._cells, self.shape, self.grid, self.raw = cells, shape, grid, raw
        self._words: Sequence[str] | None = None

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells, from left to right."""
        return self._cells

    @property
    def labels(self) -> tuple[str, ...]:
        """The texts of the cells that hold words."""
        if self.shape == WORDS:
            return (self._cells[0][0],)
        return tuple([cell.text for cell, kind in zip(self.cells, self.shape, strict=True) if kind == WORDS])

    @property
    def words(self) -> Sequence[str]:
        """The texts of the cells that hold words, folded."""
        if self._words is None:
            self._words = list(map(fold, self.labels))
        return self._words

    @property
    def text(self) -> str:
        """The line as printed; the cells of a grid's row side by side."""
        return self.raw if self.grid is None else " ".join(cell.text for cell in self.cells)


def lines_of(document: Document) -> list[Line]:
    """Every row and every line of the document in reading order; runs of glued table text are taken apart."""
    lines: list[Line] = []
    blocks = _without_indents(document.blocks)
    if document.container is Container.PDF:
        blocks = _over_pages(blocks)
    borders = _borders(blocks)
    for number, block in enumerate(blocks):
        if not isinstance(block, Table):
            lines += _text_lines(block, borders.get(number, _BORDERS))
        else:
            lines += [Line(tuple(row), _shape(row), number) for row in rows_of(block)]
    return list(_rejoined(lines)) if document.container is Container.TEXT else lines


def _over_pages(blocks: Sequence[Block]) -> list[Block]:
    """The blocks; tables that stand beside one another on two pages are in one grid."""
    whole: list[Block] = []
    for block in blocks:
        last = whole[-1] if whole else None
        if isinstance(block, Table) and isinstance(last, Table) and goes_on(last, block):
            whole[-1] = together(last, block)
        else:
            whole.append(block)
    return whole


def _rejoined(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines of a text; a sentence that was cut at its numbers is one."""
    alone = [
        line.text if line.grid is None and len(line.shape) == len(line.cells) == 1 else "" for line in lines
    ]
    for group in joined(alone):
        first, *others = lines[group]
        if others:
            text = "".join(alone[group])
            yield Line((first.cells[0]._replace(text=text),), _kind(text), None, text)
        else:
            yield first


def is_sentence(line: Line) -> bool:
    """Whether a line is prose, also where it stands in the midst of a table of text."""
    return (
        line.grid is None
        and line.shape == WORDS
        and len(line.raw) > SHORT
        and line.raw.rstrip().endswith("。")
    )


def _without_indents(blocks: Sequence[Block]) -> Sequence[Block]:
    """Where tabs never stand between two texts, they indent cells that have a line each and are no empty
    columns."""
    texts = [block.text for block in blocks if isinstance(block, Paragraph) and "\t" in block.text]
    tabbed = [line for text in texts for line in text.split("\n") if "\t" in line]
    if not tabbed or any(len(line.split("\t")) - line.split("\t").count("") > 1 for line in tabbed):
        return blocks
    return [
        block._replace(text=block.text.replace("\t", " ")) if isinstance(block, Paragraph) else block
        for block in blocks
    ]


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
    printed = _BREAK.sub("", paragraph.text) if "<" in paragraph.text else paragraph.text
    if "\\" in printed:
        printed = _ESCAPED.sub("", _HARD_BREAK.sub("", printed))
    if " ," in printed or " ，" in printed:
        printed = _COMMA_APART.sub(lambda number: "".join(number[0].split()), printed)
    for text in printed.split("\n"):
        known = len(text) <= _KEPT_LENGTH and not paragraph.place
        for cells, shape, piece in (_known_pieces if known else _pieces)(text, paragraph.place, borders):
            own = tuple([_NEW(Cell, cell) for cell in cells])  # each cell of a document is one of its own
            yield Line(own, shape, None, piece)


def _pieces(text: str, place: str, borders: re.Pattern[str]) -> list[tuple[tuple[Cell, ...], str, str]]:
    """The lines that a line of text is made of, each as its cells, their shape and its text."""
    if sentence := _sentence(text):
        where = f"{place} column {text.find(sentence) + 1}" if place else ""
        return [((Cell(sentence, 0, 0, 1, 1, where),), _kind(sentence), text)]
    if _RULE.fullmatch(text) or PAGE_NUMBER.fullmatch(text) or PAGE_FOOT.match(text):
        return [((), "", text)]
    pieces = [(tuple(_cells(piece, place, borders)), piece) for piece in take_apart(text)]
    return [(cells, "".join([_kind(cell.text) for cell in cells]), piece) for cells, piece in pieces]


def _sentence(text: str) -> str:
    """A line without the blanks around it, where it is surely one cell, as most paragraphs: it ends like a
    sentence, not in a number, and nothing in it parts cells or begins a table; "" where a closer look must
    tell."""
    bare = text.strip()
    if bare[-1:] != "。" or len(bare) <= SHORT or bare[0] == "第":
        return ""
    if "\t" in text or _has_gap(bare) or _BARS.search(bare) or len(take_apart(text)) > 1:
        return ""
    if any(map(str.isdigit, bare[-6:])) and (len(bare) < LONGEST_LIST_LINE or bare.split(None, 1) != [bare]):
        return ""
    return bare


def _has_gap(text: str) -> bool:
    """Whether blanks are in it that may part cells."""
    return "  " in text or "\u3000" in text or "\u00a0" in text


_known_pieces = forms_cache(4096)(_pieces)
"""Pages of a site share their menus, and reports their heads."""


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
        return _apart(text.split("\t"))
    if _BARS.search(text):
        text = _without_fillers(text)
        only = len(_BARS.findall(text)) < 2  # a cell alone on its line
        cells = _BARS.split((_BORDERS if only else borders).sub("", text))
        return _apart(["".join(cells[group]) for group in joined(cells)])
    pieces: list[str] = []
    stripped = text.strip()
    parted = _has_gap(stripped)
    for piece in _GAP.split(_IN_BRACKETS.sub(_without_gaps, stripped)) if parted else (stripped,):
        if piece:
            pieces += _label_and_values(piece)
    return pieces


def _without_fillers(text: str) -> str:
    """A line without the bars, not even a blank apart, that fill it up to the width of its table: they are no
    cells."""
    fillers = _FILLERS.search(text)
    printed = sum(not piece.isspace() for piece in filter(None, _BARS.split(text))) if fillers else 0
    return text[: fillers.start()] if fillers and printed > 1 else text


def _without_gaps(brackets: re.Match[str]) -> str:
    """What stands in brackets, as words that no wide gap parts."""
    return " ".join(brackets[0].split())


def _apart(cells: list[str]) -> list[str]:
    """The cells, those that hold a row of a list and its figure as two, or several figures of a row as so
    many."""
    figures = [_figures(cell) for cell in cells]
    if any(len(several) > 1 for several in figures) and sum(map(len, figures)) in proven_widths():
        return [piece for cell, several in zip(cells, figures, strict=True) for piece in several or [cell]]
    return [piece for cell in cells for piece in list_line(cell) or [cell]]


def _figures(cell: str) -> list[str]:
    """The numbers that a cell consists of; none where there is anything else in it."""
    tokens = cell.split()
    return tokens if all(map(str.isdecimal, tokens)) else []


def _label_and_values(piece: str) -> list[str]:
    """`行政许可 0` and `规章000` as label and values; words stay whole."""
    tokens = _tokens(piece)
    if len(tokens) > 1 and BROKEN.search(piece):
        digits = len(tokens) - sum(1 for _ in takewhile(_OF_NUMBERS.fullmatch, reversed(tokens)))
        if BROKEN.search(" ".join(tokens[digits:])):
            return [*_words_and_unit(tokens[:digits]), " ".join(tokens[digits:])]
    first_value = len(tokens)
    while first_value and _kind(tokens[first_value - 1]) == VALUE:
        first_value -= 1
    if first_value == len(tokens):
        ends_in_digits = piece[-1].isdecimal() or piece[-1] in "+.-"
        glued = glued_label().fullmatch(piece) if ends_in_digits else None
        return [glued["label"], glued["digits"]] if glued else list_line(piece) or [piece]
    width = len(tokens) - first_value + 1
    if first_value and width >= FEWEST_RUN_ON and width in row_widths():
        run_on = _RUN_ON.fullmatch(tokens[first_value - 1])  # the first value of a row touches its label
        tokens[first_value - 1 : first_value] = run_on.groups() if run_on else [tokens[first_value - 1]]
    return _words_and_unit(tokens[:first_value]) + tokens[first_value:]


def _tokens(piece: str) -> list[str]:
    """What blanks part; the numbers of a row of tables 2 to 4 with the units behind them."""
    tokens = piece.split()
    if len(tokens) < 3 or tokens[-1] not in UNITS:
        return tokens
    joined = [
        f"{token} {unit}" if unit in UNITS else token
        for token, unit in pairwise([*tokens, ""])
        if token not in UNITS
    ]
    words = list(takewhile(lambda token: _kind(token) != VALUE, joined))
    return joined if not words or is_row_label(" ".join(words)) else tokens


def _words_and_unit(tokens: list[str]) -> list[str]:
    """`10 申请总数 条` as the code, the label and the unit of a row of a list."""
    serial = [tokens[0]] if len(tokens) > 1 and tokens[0].isdigit() else []
    unit = [tokens[-1]] if len(tokens) > 1 and tokens[-1] in COUNTED else []
    words = tokens[len(serial) : len(tokens) - len(unit)]
    return serial + ([" ".join(words)] if words else []) + unit


def _shape(cells: Iterable[Cell]) -> str:
    """The letter of each cell of a grid."""
    return "".join([kind_of(cell[0]) for cell in cells])


def _kind(text: str) -> str:
    """`kind_of`, which does not remember prose."""
    return WORDS if len(text) > SHORT and is_prose(text) else kind_of(text)


def _told(text: str) -> str:
    value = read_value(text)
    return WORDS if value is None else BLANK if value.state is State.BLANK else VALUE


kind_of = Known(_told, 65536).__getitem__
"""VALUE where a cell's text states a number, a dash or something illegible; WORDS or BLANK otherwise."""
