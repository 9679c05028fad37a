"""What the header lines of a table say of its columns: their order, their places, their units."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate, groupby, takewhile
from typing import NamedTuple

from parsers.codebook import CodebookCell, Form, Row, bare, forms_in, list_tables, units
from parsers.document import Cell
from parsers.forms import Layout, forms_cache
from parsers.tables.columns import Codes, TableHead
from parsers.tables.flat.lines import VALUE, WORDS, Line
from parsers.tables.lists.head import head_of_list
from parsers.tables.recognise import Segment, results, rows_of
from parsers.words.labels import fold, likeness
from parsers.words.units import MONEY, one_of

LIKE_ENOUGH, ALIKE, MOST_PIECES, MOST_LINES = 0.5, 0.7, 8, 4
_LEGAL = "法人或其他组织"
_HEAD, _HALF, _REST = "信息内容", "信息", "内容"


class Head(NamedTuple):
    """The head of a block of table 2: the block's number, the words between its 信息内容 and the label of its
    first row, whether it stands in a grid, and this label ("" where none stands there)."""

    block: int
    words: list[str]
    ruled: bool
    row: str


def head_of(segment: Segment, form: Form) -> TableHead:
    """What the header lines of a table say of its columns."""
    if form.table in list_tables():
        return head_of_list(segment)
    return _head_of_blocks(segment, form) if form.layout is Layout.BLOCKS else _head_of_matrix(segment, form)


def _head_of_blocks(segment: Segment, form: Form) -> TableHead:
    """The words after 信息内容 name the columns of the block, in another order or several times over."""
    blocks = form.blocks
    orders: dict[Codes, Codes] = {}
    repeats: dict[Codes, tuple[int, ...]] = {}
    others: dict[Codes, list[str]] = {}
    for head in heads_of_blocks(segment, [fold(block) for block in blocks]):
        below = next((row for row in form.rows if head.row in row.names), None)
        for row in form.rows:
            if 0 <= head.block < len(blocks) and row.block == blocks[head.block]:
                order, said = _order_in_block(row, head)
                orders.update({row.codes: order} if order else {})
                repeats.update({row.codes: said} if said else {})
            if below and row.block == below.block and (named := _others(tuple(head.words), row)):
                others[row.codes] = named
    return TableHead(orders=orders, repeats=repeats, others=others, units=_units_of_blocks(segment, form))


@forms_cache(1024)
def _others(words: tuple[str, ...], row: Row) -> list[str]:
    """The words that are the labels of columns that other rows of such tables have, and nothing like this
    row's own."""
    own = [fold(cell.col_label) for cell in row.cells]
    return [
        word
        for word in whole_names(words, [*own, *_labels_of_blocks()])
        if word in _labels_of_blocks() and max(likeness(word, label) for label in own) < ALIKE
    ]


@forms_cache()
def _labels_of_blocks() -> frozenset[str]:
    return frozenset(fold(cell.col_label) for form in forms_in(Layout.BLOCKS) for cell in form.cells)


def _units_of_blocks(segment: Segment, form: Form) -> dict[str, str]:
    """The units that the table prints behind the names of its amounts and of their rows, where the form has
    others."""
    words = "".join(word for line in segment.lines for word in line.words)
    found = ((code, pattern.search(words)) for code, pattern in _amounts(form))
    return {code: match[1] for code, match in found if match and match[1] != units()[code]}


@forms_cache(16)
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


def heads_of_blocks(segment: Segment, blocks: Sequence[str]) -> Iterator[Head]:
    """The heads of a table of blocks, each with what it heads; `blocks`: the folded names of the blocks, in
    printed order."""
    block, names = -1, rows_of(segment.table)
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
    """The words of each line; in text, of lines whose words are the halves of labels one above another, put
    together."""
    said = [line.words if line.grid is not None else [*_pieces(line)] for line in lines]
    number = 0
    while number < len(lines):
        near = slice(number, number + MOST_LINES)
        whole, height = _one_above_another(lines[near], said[near])
        yield whole, lines[number + height - 1]
        number += height


def _one_above_another(lines: Sequence[Line], said: Sequence[Sequence[str]]) -> tuple[Sequence[str], int]:
    """The words of the first line, put together with those below them where all make labels; how many lines
    these are."""
    whole = said[0]
    for height, (line, words) in enumerate(zip(lines, said, strict=True), 1):
        if line.grid is not None or VALUE in line.shape or len(words) != len(said[0]):
            break
        whole = ["".join(pair) for pair in zip(whole, words, strict=True)] if height > 1 else whole
        if len(whole) > 1 and whole[0] == _HEAD and _labels_of_blocks().issuperset(whole[1:]):
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
        if label == _HEAD or label in _labels_of_blocks():
            yield label  # blanks in it are none between words
            continue
        for word in map(fold, cell.text.split()):
            labels = _labels_run_together().findall(word) if word.startswith(_HEAD) else [word]
            yield from labels if "".join(labels) == word else [word]


@forms_cache()
def _labels_run_together() -> re.Pattern[str]:
    return re.compile("|".join(sorted({_HEAD, *_labels_of_blocks()}, key=len, reverse=True)))


def _order_in_block(row: Row, head: Head) -> tuple[Codes, tuple[int, ...]]:
    """The codes of a row as the head names its columns, or which column each word says of one that comes
    several times."""
    labels = [fold(cell.col_label) for cell in row.cells]
    words = whole_names(head.words, labels)
    # The lines of a head that is broken over several do not follow one another as its columns do.
    order = _permutation(words, labels)
    if order and (head.ruled or order == sorted(order) or set(words) == set(labels)):
        return tuple(row.codes[number] for number in order), ()
    if len(words) > len(labels) and set(words) == set(labels):
        said = tuple(labels.index(word) for word in words)
        return (), said if list(said) == sorted(said) else ()
    return (), ()


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


def _head_of_matrix(segment: Segment, form: Form) -> TableHead:
    """Tables of one head: where the leaf words of the header stand, and whether they stand in another
    order."""
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
    centred, orders = False, {}
    if order and order != sorted(order):
        centred = _is_centred(segment, form) if grid is None else order != read
        orders = {row.codes: tuple(row.codes[number] for number in order) for row in form.rows}
    leaves = tuple(cell.column for cell in header if fold(cell.text) in labels)
    headed = {grid: leaves} if grid is not None and len(leaves) == len(form.rows[0].cells) else {}
    return TableHead(orders=orders, headed=headed, centred=centred)


def _order(words: list[str], form: Form, grid: int | None) -> list[int] | None:
    return _order_of_row(words, form) if form.layout is Layout.ROW else _order_of_rows(words, form, grid)


def _is_centred(segment: Segment, form: Form) -> bool:
    """Whether words of the head that stand beside one another are not all on one line: broken over lines,
    centred."""
    head = [line.words for line in takewhile(lambda line: VALUE not in line.shape, segment.lines)]
    if form.layout is Layout.ROW:
        return any(sum(word in results() for word in words) not in _whole_groups(form) for words in head)
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


def _whole_groups(form: Form) -> frozenset[int]:
    """How many columns some of the groups of a table of one row have together."""
    sums = {0}
    for group in form.groups:
        sums |= {size + len(group) for size in sums}
    return frozenset(sums)


def _order_of_rows(words: list[str], form: Form, grid: int | None) -> list[int] | None:
    """The columns of a matrix as printed. In flattened text 法人或其他组织 stands for those between the first
    and the last."""
    labels = [fold(cell.col_label) for cell in form.rows[0].cells]
    named = [word for word, _ in groupby(filter(None, (_leaf(word, labels) for word in words)))]
    if grid is not None:
        return _permutation([word for word in named if word != _LEGAL], labels)
    if _LEGAL not in named:
        return None
    first, *middle, last = labels
    outer = [first, _LEGAL, last]
    inner = [word for word in named if word in middle]
    spread = [leaf for word in named if word in outer for leaf in (inner if word == _LEGAL else [word])]
    return _permutation(spread, labels)


def _leaf(word: str, labels: list[str]) -> str | None:
    if likeness(word, _LEGAL) > LIKE_ENOUGH:
        return _LEGAL
    number = _index(word, labels)
    return labels[number] if number is not None else None


def _order_of_row(words: list[str], form: Form) -> list[int] | None:
    """The columns of a table of one row as printed: the order of the groups, and of the columns within
    each."""
    leaves = [word for word in words if word in results()]
    if len(leaves) != len(form.cells):
        return None
    groups = form.groups
    starts = [0, *accumulate(map(len, groups))]
    order: list[int] = []
    for group in _order_of_groups(words, groups):
        labels = [fold(cell.col_label) for cell in groups[group]]
        inside = _permutation(leaves[len(order) : len(order) + len(labels)], labels)
        if inside is None:
            return None
        order += [starts[group] + number for number in inside]
    return order


def _order_of_groups(words: list[str], groups: Sequence[Sequence[CodebookCell]]) -> list[int]:
    """The groups as their heads follow one another; those that a head does not name stay where the form has
    them.

    A group is headed by its law alone (行政复议), or by a law and a kind below it (行政诉讼, 复议后起诉). In
    text a head that spans may be printed over each of its columns.
    """
    heads = [[*map(fold, group[0].block.split())] for group in groups]
    laws = list(dict.fromkeys(head[0] for head in heads))
    said = "".join(filter(re.compile(f"(?:{'|'.join(laws)})+").fullmatch, words))
    found = {law: said.find(law) for law in laws}
    if min(found.values()) >= 0:
        laws.sort(key=lambda law: found[law])
    kinds = {head[-1]: words.index(head[-1]) for head in heads if len(head) > 1 and head[-1] in words}
    several = [head[-1] for head in heads if len(head) > 1]
    known = all(kind in kinds for kind in several)
    return sorted(
        range(len(groups)),
        key=lambda number: (
            laws.index(heads[number][0]),
            kinds.get(heads[number][-1], 0) if known else 0,
            number,
        ),
    )
