"""What the header lines of a table say of its columns: their order, their places, their units."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache, lru_cache
from itertools import groupby, takewhile
from typing import NamedTuple

from parsers.codebook import Form, Row, bare, forms, units
from parsers.document import Cell
from parsers.labels import fold, likeness
from parsers.tables.columns import Columns
from parsers.tables.lines import VALUE, WORDS, Line
from parsers.tables.list_head import columns_of_list
from parsers.tables.recognise import BLANK_ROW, LISTS, RESULTS, Segment, rows_of
from parsers.units import MONEY, one_of

LIKE_ENOUGH, ALIKE, MOST_PIECES, MOST_LINES = 0.5, 0.7, 8, 4
_LEGAL = "法人或其他组织"
_HEAD, _HALF, _REST = "信息内容", "信息", "内容"
# In text a group that spans may be printed over each of its columns.
_GROUPS = re.compile("(?:行政复议|行政诉讼)+")


class Head(NamedTuple):
    """The head of a block of table 2: the block's number, the words between its 信息内容 and the label of its first row,
    whether it stands in a grid, and this label ("" where none stands there)."""

    block: int
    words: list[str]
    ruled: bool
    row: str


def columns_of(segment: Segment, form: Form) -> Columns:
    """What the header lines of a table say of its columns."""
    if form.table in LISTS:
        return columns_of_list(segment)
    columns = Columns()
    if form.table == "t2":
        _orders_of_t2(segment, form, columns)
        columns.units = _units_of_t2(segment, form)
    else:
        _order_of_matrix(segment, form, columns)
    return columns


def _orders_of_t2(segment: Segment, form: Form, columns: Columns) -> None:
    """Table 2: the words after 信息内容 name the columns of the block, in another order or several times over."""
    blocks = list(dict.fromkeys(row.block for row in form.rows))
    for head in heads_of_t2(segment, [fold(block) for block in blocks]):
        below = next((row for row in form.rows if head.row in row.names), None)
        for row in form.rows:
            if 0 <= head.block < len(blocks) and row.block == blocks[head.block]:
                _reorder(row, head.words, head.ruled, columns)
            if below and row.block == below.block and (others := _others(tuple(head.words), row)):
                columns.others[row.codes] = others


@lru_cache(maxsize=1024)
def _others(words: tuple[str, ...], row: Row) -> list[str]:
    """The words that are the labels of columns that other rows of table 2 have, and nothing like this row's own."""
    own = [fold(cell.col_label) for cell in row.cells]
    return [
        word
        for word in whole_names(words, [*own, *_labels_of_t2()])
        if word in _labels_of_t2() and max(likeness(word, label) for label in own) < ALIKE
    ]


@cache
def _labels_of_t2() -> frozenset[str]:
    return frozenset(
        fold(cell.col_label) for (table, _), form in forms().items() if table == "t2" for cell in form.cells
    )


def _units_of_t2(segment: Segment, form: Form) -> dict[str, str]:
    """The units that table 2 prints behind the names of its amounts and of their rows, where the form has others."""
    words = "".join(word for line in segment.lines for word in line.words)
    found = ((code, pattern.search(words)) for code, pattern in _amounts(form))
    return {code: match[1] for code, match in found if match and match[1] != units()[code]}


@lru_cache(maxsize=16)
def _amounts(form: Form) -> list[tuple[str, re.Pattern[str]]]:
    """The codes of the amounts of a form, with what finds the unit behind their names."""
    return [
        (
            code,
            re.compile(
                rf"(?:{bare(cell.col_label)}|{bare(row.own_label)})(?:单位|人民币|为)*({one_of(MONEY)})"
            ),
        )
        for row in form.rows
        for code, cell in zip(row.codes, row.cells, strict=True)
        if cell.type == "decimal"
    ]


def heads_of_t2(segment: Segment, blocks: list[str]) -> Iterator[Head]:
    """The heads of table 2, each with what it heads; `blocks`: the folded names of the blocks, in printed order."""
    block, names = -1, rows_of("t2")
    words: list[str] | None = None
    for said, line in _said_by(segment.lines):
        above = len(words) if words else 0
        for word in said:
            if word in (_HEAD, _HALF):
                block, words, above = block + (words != []), [], 0
            elif word == _REST and words is not None:
                continue  # the rest of what was broken over lines, wherever these went on
            elif word in blocks:
                block = blocks.index(word) - 1
            elif words is not None and word not in names:
                words.append(word)
            elif words is not None:
                yield Head(block, words, line.grid is not None, word)
                words = None
        if words and VALUE in line.shape:
            own = words[:above] if line.grid is None else words
            yield Head(block, _without_row(own, names), line.grid is not None, "")
            words = None


def _said_by(lines: Sequence[Line]) -> Iterator[tuple[Sequence[str], Line]]:
    """The words of each line; in text, of lines whose words are the halves of labels one above another, put together."""
    said = [line.words if line.grid is not None else [*_pieces(line)] for line in lines]
    number = 0
    while number < len(lines):
        near = slice(number, number + MOST_LINES)
        whole, height = _one_above_another(lines[near], said[near])
        yield whole, lines[number + height - 1]
        number += height


def _one_above_another(lines: Sequence[Line], said: Sequence[Sequence[str]]) -> tuple[Sequence[str], int]:
    """The words of the first line, put together with those below them where all make labels; how many lines these are."""
    whole = said[0]
    for height, (line, words) in enumerate(zip(lines, said, strict=True), 1):
        if line.grid is not None or VALUE in line.shape or len(words) != len(said[0]):
            break
        whole = ["".join(pair) for pair in zip(whole, words, strict=True)] if height > 1 else whole
        if len(whole) > 1 and whole[0] == _HEAD and _labels_of_t2().issuperset(whole[1:]):
            return whole, height
    return said[0], 1


def _without_row(words: list[str], names: Collection[str]) -> list[str]:
    """The words of a head without the pieces of the first label below it, which goes on beside its values."""
    pieces = ("".join(words[-count:]) for count in range(1, min(MOST_PIECES, len(words) + 1)))
    begun = [count for count, piece in enumerate(pieces, 1) if any(name.startswith(piece) for name in names)]
    return words[: -max(begun, default=0) or None]


def _pieces(line: Line) -> Iterator[str]:
    """In flattened text the head of a block can be one cell, with spaces between its words or without."""
    for cell, kind in zip(line.cells, line.shape, strict=True):
        if kind != WORDS:
            continue
        label = fold(cell.text)
        if label == _HEAD or label in _labels_of_t2():
            yield label  # blanks in it are none between words
            continue
        for word in map(fold, cell.text.split()):
            labels = _labels_run_together().findall(word) if word.startswith(_HEAD) else [word]
            yield from labels if "".join(labels) == word else [word]


@cache
def _labels_run_together() -> re.Pattern[str]:
    return re.compile("|".join(sorted({_HEAD, *_labels_of_t2()}, key=len, reverse=True)))


def _reorder(row: Row, words: list[str], ruled: bool, columns: Columns) -> None:
    labels = [fold(cell.col_label) for cell in row.cells]
    words = whole_names(words, labels)
    # The lines of a head that is broken over several do not follow one another as its columns do.
    order = _permutation(words, labels)
    if order and (ruled or order == sorted(order) or set(words) == set(labels)):
        columns.orders[row.codes] = tuple(row.codes[number] for number in order)
    elif len(words) > len(labels) and set(words) == set(labels):
        said = [labels.index(word) for word in words]
        if said == sorted(said):
            columns.repeats[row.codes] = tuple(said)


def whole_names(words: Sequence[str], labels: Sequence[str]) -> list[str]:
    """The words, with the pieces of a label that follow one another put together."""
    whole: list[str] = []
    start = 0
    while start < len(words):
        ends = range(min(start + MOST_PIECES, len(words)), start + 1, -1)
        end = next((end for end in ends if "".join(words[start:end]) in labels), start + 1)
        whole.append("".join(words[start:end]))
        start = end
    return whole


def _permutation(words: Sequence[str], labels: list[str]) -> list[int] | None:
    """The index of the label that each word is, when each is one and none is there twice; None if not."""
    order = [_index(word, labels) for word in words]
    known = [number for number in order if number is not None]
    return known if sorted(known) == list(range(len(labels))) and len(order) == len(labels) else None


def _index(word: str, labels: list[str]) -> int | None:
    """The one label that the word is or is most like; None when two are as near or none is near."""
    if word in labels:
        return labels.index(word)
    scores = [likeness(word, label) for label in labels]
    best = max(scores, default=0.0)
    return scores.index(best) if best >= LIKE_ENOUGH and scores.count(best) == 1 else None


def _order_of_matrix(segment: Segment, form: Form, columns: Columns) -> None:
    """Tables 3 and 4: where the leaf words of the header stand, and whether they stand in another order."""
    header, grid = _header(segment)
    labels = {fold(cell.col_label) for cell in form.rows[0].cells}
    read = _order([fold(cell.text) for cell in header], form, None)
    if grid is not None:
        places = [cell.column for cell in header if fold(cell.text) in labels]
        if len(set(places)) == len(places):
            header = sorted(header, key=lambda cell: (cell.column, cell.row))
        else:
            grid = None  # without their spans two words stand in one column: only their order says something
    order = _order([fold(cell.text) for cell in header], form, grid)
    if order and order != sorted(order):
        columns.centred = _is_centred(segment, form) if grid is None else order != read
        for row in form.rows:
            columns.orders[row.codes] = tuple(row.codes[number] for number in order)
    leaves = [cell for cell in header if fold(cell.text) in labels]
    if grid is not None and len(leaves) == len(form.rows[0].cells):
        columns.headed[grid] = tuple(cell.column for cell in leaves)


def _order(words: list[str], form: Form, grid: int | None) -> list[int] | None:
    return _order_of_t3(words, form, grid) if form.table == "t3" else _order_of_t4(words, form)


def _is_centred(segment: Segment, form: Form) -> bool:
    """Whether words of the head that stand beside one another are not all on one line: broken over lines, centred."""
    head = [line.words for line in takewhile(lambda line: VALUE not in line.shape, segment.lines)]
    if form.table == "t4":
        return any(sum(word in RESULTS for word in words) % BLANK_ROW for words in head)
    first, *middle, last = (fold(cell.col_label) for cell in form.rows[0].cells)
    return not all(
        any(beside.issubset(words) for words in head) for beside in ({first, _LEGAL, last}, {*middle})
    )


def _header(segment: Segment) -> tuple[list[Cell], int | None]:
    """The cells of the lines above the first values, and the grid they stand in."""
    cells: list[Cell] = []
    for line in segment.lines:
        if VALUE in line.shape:
            return cells, line.grid
        cells += [cell for cell in line.cells if cell.text.strip()]
    return cells, None


def _order_of_t3(words: list[str], form: Form, grid: int | None) -> list[int] | None:
    """The seven columns as printed. In flattened text 法人或其他组织 stands for the five under it."""
    labels = [fold(cell.col_label) for cell in form.rows[0].cells]
    named = [word for word, _ in groupby(filter(None, (_leaf(word, labels) for word in words)))]
    if grid is not None:
        return _permutation([word for word in named if word != _LEGAL], labels)
    if _LEGAL not in named:
        return None
    middle, outer = labels[1:6], [labels[0], _LEGAL, labels[6]]
    inner = [word for word in named if word in middle]
    spread = [leaf for word in named if word in outer for leaf in (inner if word == _LEGAL else [word])]
    return _permutation(spread, labels)


def _leaf(word: str, labels: list[str]) -> str | None:
    if likeness(word, _LEGAL) > LIKE_ENOUGH:
        return _LEGAL
    number = _index(word, labels)
    return labels[number] if number is not None else None


def _order_of_t4(words: list[str], form: Form) -> list[int] | None:
    """The fifteen columns as printed: the order of the groups, and of the five results within each."""
    results = [fold(cell.col_label) for cell in form.rows[0].cells[:5]]
    leaves = [word for word in words if word in results]
    if len(leaves) != 15:
        return None
    groups = _groups_of_t4(words)
    inside = [_permutation(leaves[start : start + 5], results) for start in (0, 5, 10)]
    if any(order is None for order in inside):
        return None
    return [group * 5 + number for group, order in zip(groups, inside, strict=True) for number in order or []]


def _groups_of_t4(words: list[str]) -> list[int]:
    suits = [1, 2]
    if "复议后起诉" in words and "未经复议直接起诉" in words[words.index("复议后起诉") :]:
        suits = [2, 1]
    groups = "".join(filter(_GROUPS.fullmatch, words))
    review, suit = groups.find("行政复议"), groups.find("行政诉讼")
    return [*suits, 0] if 0 <= suit < review else [0, *suits]
