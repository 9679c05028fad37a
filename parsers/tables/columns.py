"""Which value of a row stands in which column: by the header, by where the other rows stand, by count; else not at all."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain, groupby, takewhile
from typing import NamedTuple

from parsers.codebook import Form, Row, bare, forms, units
from parsers.document import Cell
from parsers.labels import fold, likeness
from parsers.tables.lines import VALUE, WORDS, Line
from parsers.tables.recognise import BLANK_ROW, LINES_ABOVE, LISTS, RESULTS, Segment, rows_of
from parsers.tables.strips import Strip
from parsers.tables.values import read_value
from parsers.units import MONEY, UNITS, one_of

CROWDED_SHARE, ENOUGH_ROWS, ENOUGH_TIMES = 4, 5, 8
BEYOND = 3  # codes before the first and behind the last with a line of its own, where the form has none
LIKE_ENOUGH, ALIKE, LONGEST_HEADER, MOST_PIECES = 0.5, 0.7, 16, 8
_VALUE_COLUMN = re.compile(
    r"^(?:(?:本年|当年|本期|本月|当月|年度?累计|历年|历史|累计|上年|去年|统计数|20\d{2}年度).{0,6}|数量|数值|20\d{2}年?|20\d{2}年(?:新增|全年|1月?至?12月|实际)?数?量?|自?20\d{2}年.{0,6}累计数?)$"
)
_OTHER_YEARS = re.compile(r"(?<!本年)(?<!年度)(?<!^年)累计|上年|去年|历年|历史|^自|代码|编码|行次|编号")
_SINCE = re.compile(r"(?:历年|历史|以来)\s*累\s*计")
_SUM, _HALF_OF_SUM = re.compile("累计|历年"), "历年"
_PART_OF_YEAR = re.compile(r"^(?:本期|本月|当月)")
_LABELS, _CODES = (
    re.compile("指标|(?:统计)?指标(?:名称)?|统计项目|项目"),
    frozenset({"代码", "编码", "行次", "编号"}),
)
_NO_ORDER = _CODES | {"累计"}
_REMARKS = frozenset({"备注", "说明", "备注说明", "填报说明", "指标说明", "指标解释"})
_UNIT_IN_LABEL = re.compile(rf"[（(](?:单位[:：])?({one_of(MONEY)})[)）]\s*$")
_LEGAL = "法人或其他组织"
_GROUPS = re.compile(
    "(?:行政复议|行政诉讼)+"
)  # in text a group that spans may be printed over each of its columns


class Head(NamedTuple):
    """The head of a block of table 2: the block's number, the words between its 信息内容 and the label of its first row,
    whether it stands in a grid, and this label ("" where none stands there)."""

    block: int
    words: list[str]
    ruled: bool
    row: str


@dataclass(slots=True)
class Columns:
    """What the header and the rows of a table say of its columns.

    `orders`: the codes of a row in the order in which this table prints them, where it is not the form's.
    `headed`: by grid, the columns of the header's leaf words. `occupied`: by grid (None for text) and row width, the
    columns in which the rows print values.
    `repeats`: where a column that spans several is printed once for each of them, which column each value says.
    `centred`: the order of the head is not sure: its lines may follow one another otherwise than its columns, or its
    spans are wrong.
    `listed`: the table is a list of indicators.
    `mixed`: a list prints more figures a row than its head tells, so that one alone may be of any column.
    `coded`: the last figure of the rows is the code of the next one. `codes`: those that have a line of their own;
    `missing`: those that have none among them.
    `year`: in a list of `count` value columns, which of them is the year's own and not a cumulative one. `summed`: one of
    two is cumulative. `scattered`: the head that names them is broken over lines, which do not tell their order.
    `units`: by code, the unit of an amount that stands in the head of its column or beside its label and is not the form's.
    `others`: by the codes of a row, the columns of other rows that the head above it names.
    `remarks`: the grids and columns of a list that hold what is said of the figures.
    """

    orders: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    headed: dict[int, tuple[int, ...]] = field(default_factory=dict)
    occupied: dict[tuple[int | None, int], tuple[int, ...]] = field(default_factory=dict)
    repeats: dict[tuple[str, ...], tuple[int, ...]] = field(default_factory=dict)
    centred: bool = False
    year: int | None = None
    count: int = 1
    listed: bool = False
    summed: bool = False
    scattered: bool = False
    mixed: bool = False
    coded: bool = False
    codes: set[str] = field(default_factory=set)
    missing: frozenset[str] = frozenset()
    units: dict[str, str] = field(default_factory=dict)
    others: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    remarks: set[tuple[int | None, int]] = field(default_factory=set)

    def widths(self, form: Form) -> dict[str, int]:
        """How many values each row prints, by the folded names that it goes by."""
        if form.table in LISTS:
            return {name: self.count for row in form.rows for name in row.names}
        return {name: len(self.repeats.get(row.codes, row.cells)) for row in form.rows for name in row.names}

    def order(self, row: Row) -> tuple[str, ...]:
        """The codes of the row in the order in which this table prints its columns."""
        return self.orders.get(row.codes, row.codes)

    def learn(self, rows: Sequence[Row], found: Mapping[int, Strip], extra: Sequence[Strip] = ()) -> None:
        """Notes in which columns the rows print values, where they all agree on as many as there are columns, and the
        codes of rows that stand among the strips that belong to none."""
        self.codes = {strip.values[0].text.strip() for strip in extra if strip.values and not strip.labels}
        if self.summed:
            self._learn_year([*found.values()])
        beyond = 0 if rows[0].form_code.isdecimal() else BEYOND
        self.missing = _missing(self.codes, beyond) if self.listed else frozenset()
        taken: dict[tuple[int | None, int], set[int]] = {}
        for number, strip in found.items():
            if strip.delimited:
                columns = {cell.column for cell in strip.values if cell.text.strip()}
                width = len(rows[number].cells) if self.year is None else self.count
                taken.setdefault((strip.grid, width), set()).update(columns)
        crowded = sum(self.listed and _count(strip) > self.count for strip in found.values())
        codes = sum(self._ends_in_code(rows[number], strip) for number, strip in found.items())
        self.coded = self.listed and codes * CROWDED_SHARE > len(found)
        self.mixed = self.mixed or crowded * CROWDED_SHARE > max(len(found), CROWDED_SHARE * 2)
        self.occupied = {
            key: tuple(sorted(columns)) for key, columns in taken.items() if len(columns) == key[1]
        }

    def _learn_year(self, strips: Sequence[Strip]) -> None:
        """Of two columns the cumulative one holds no figure that is less than the year's own. This tells them apart where
        the head does not; where it denies what the head of a text seems to say, neither is believed."""
        pairs = [_two_numbers(strip) for strip in strips if strip.grid is None or self.scattered]
        more = [
            sum(pair[0] > pair[1] for pair in pairs if pair),
            sum(pair[1] > pair[0] for pair in pairs if pair),
        ]
        fewest = min(more)
        told = more.index(fewest) if max(more) >= max(ENOUGH_ROWS, fewest * ENOUGH_TIMES) else None
        if self.scattered:
            self.year, self.mixed = told, told is None
        elif told is not None and told != self.year:
            self.year, self.mixed = None, True

    def set_apart(self, row: Row, strip: Strip) -> None:
        """Takes the unit and the remark that may stand behind the figure of a row of a list out of its values, and notes
        the unit of an amount."""
        unit = _unit_beside(strip) if row.cells[0].type == "decimal" else ""
        if unit and unit != units()[row.codes[0]]:
            self.units[row.codes[0]] = unit
        if self.listed and strip.grid is not None:
            strip.values = [
                cell
                for cell in strip.values
                if cell.text.strip() not in UNITS and (strip.grid, cell.column) not in self.remarks
            ]

    def place(self, row: Row, strip: Strip) -> list[Cell | None] | None:
        """One cell a column, or None when the values cannot be told apart."""
        wanted = len(row.cells)
        if self.listed and (self.mixed or (strip.grid is None and self._may_be_code(row, strip))):
            return None
        if self.year is not None:
            return self._of_the_year(strip, self.year)
        if strip.grid is None and wanted > 1 and row.codes in self.repeats:
            return _once_each(self.repeats[row.codes], strip, wanted)
        full = strip.delimited and len(strip.values) >= wanted
        occupied = self.occupied.get((strip.grid, wanted)) if full else None
        if len(strip.values) == wanted and (strip.grid is not None or not occupied):
            return list(strip.values)
        headed = self.headed.get(strip.grid) if strip.grid is not None else None
        return (
            _once_each(self.repeats.get(row.codes), strip, wanted)
            or _by_columns(headed, strip, wanted)
            or _by_columns(occupied, strip, wanted)
            or _window(strip.values, wanted)
            or _printed(strip, wanted)
        )

    def _may_be_code(self, row: Row, strip: Strip) -> bool:
        return (self.coded or not strip.delimited) and self._ends_in_code(row, strip)

    def _ends_in_code(self, row: Row, strip: Strip) -> bool:
        """Whether the last figure is the code of the next row, which follows where a blank left nothing."""
        code = row.form_code
        last = strip.values[-1].text.strip() if strip.values else ""
        follows = code.isdecimal() and last == f"{int(code) + 1:02}" and last not in self.codes
        return follows or last in self.missing

    def _of_the_year(self, strip: Strip, year: int) -> list[Cell | None] | None:
        if strip.grid is None and len(strip.values) < self.count:
            return None  # the one that is left may be the year's or the other
        occupied = self.occupied.get((strip.grid, self.count)) if strip.delimited else None
        numbers = _two_numbers(strip) if self.scattered else None
        if numbers and numbers[year] > numbers[1 - year]:
            return None  # one of them is broken
        if len(strip.values) == self.count:
            return [strip.values[year]]
        cell = _at(strip.values, occupied[year]) if occupied else None
        return [cell] if cell else None


def _two_numbers(strip: Strip) -> tuple[int | float, int | float] | None:
    """The values of a strip, where these are two numbers."""
    numbers = [
        value.number for cell in strip.values if (value := read_value(cell.text)) and value.number is not None
    ]
    return (numbers[0], numbers[1]) if len(numbers) == len(strip.values) == 2 else None


def _missing(codes: Collection[str], beyond: int) -> frozenset[str]:
    """What is missing among codes that go up one by one, as a form of one's own has them, and so many next to the first
    and the last: where a row is blank the code of the next one stands in the place of its figure."""
    numbers = sorted(int(code) for code in codes if code.isdecimal() and len(code) < 4)
    far = 2 * len(numbers) + beyond
    near = {number for number in numbers if abs(number - numbers[len(numbers) // 2]) <= far}
    between = set(range(max(1, min(near) - beyond), max(near) + beyond + 1)) if near else set()
    missing = between - near if len(near) * 2 > len(between) else set()
    digits = {len(code) for code in codes if len(code) == 1 or code[:1] == "0"} or {1}
    return frozenset(f"{number:0{width}}" for number in missing for width in digits)


def _unit_beside(strip: Strip) -> str:
    """The unit of an amount in the cell before its figure or behind it, or at the end of its label; "" for none."""
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
    cells: list[Cell | None] = [_at(strip.values, column) for column in columns]
    if strip.grid is None and cells[0] is None:
        return None  # in text a row is cut short at its end, and its first value stands behind its label
    kept = [id(cell) for cell in cells if cell is not None]
    printed = [id(cell) for cell in strip.values if cell.text.strip()]
    return cells if len(set(kept)) == len(kept) and set(printed) <= set(kept) else None


def _at(values: list[Cell], column: int) -> Cell | None:
    return next((cell for cell in values if cell.column <= column < cell.column + cell.colspan), None)


def _window(values: list[Cell], wanted: int) -> list[Cell | None] | None:
    """The one run of `wanted` cells with nothing but blanks around it; None when there are several such runs."""
    printed = [number for number, cell in enumerate(values) if cell.text.strip()]
    if not printed:
        return list(values[:wanted]) if len(values) >= wanted else None
    first, last = max(0, printed[-1] - wanted + 1), min(printed[0], len(values) - wanted)
    return list(values[first : first + wanted]) if first == last else None


def _printed(strip: Strip, wanted: int) -> list[Cell | None] | None:
    """In text, the printed values when they are just as many: what stands between them are gaps, and not blank cells."""
    printed = [cell for cell in strip.values if cell.text.strip()]
    return list(printed) if strip.grid is None and len(printed) == wanted else None


def columns_of(segment: Segment, form: Form) -> Columns:
    """What the header lines of a table say of its columns."""
    columns = Columns()
    if form.table in LISTS:
        columns.listed = True
        head = _head_of_list(segment)
        words = _value_words(head)
        columns.year = _year_column(words)
        columns.count = max(1, len(words))
        columns.summed = len(words) == 2 and any(map(_SUM.search, words))
        columns.scattered = columns.summed and _HALF_OF_SUM in words
        summed = any(map(_SUM.search, words)) or any(_SINCE.search(line.text) for line in head)
        columns.mixed = columns.year is None and summed
        columns.remarks = {
            (line.grid, cell.column) for line in head for cell in line.cells if fold(cell.text) in _REMARKS
        }
    elif form.table == "t2":
        _orders_of_t2(segment, form, columns)
        columns.units = _units_of_t2(segment, form)
    else:
        _order_of_matrix(segment, form, columns)
    return columns


def _head_of_list(segment: Segment) -> list[Line]:
    """What stands above the first row, and what may be a piece of it; but no row with its figure."""
    rows = rows_of(segment.table)
    head = sum(1 for _ in takewhile(lambda line: rows.isdisjoint(line.words), segment.lines[:LINES_ABOVE]))
    above = [*segment.above, *segment.lines[:head]]
    again = {line.text for line in above}  # on the next page, perhaps after two rows
    pieces = (line for line in segment.lines[head:3] if VALUE not in line.shape and line.text not in again)
    return [*(line for line in above if VALUE not in line.shape or rows.isdisjoint(line.words)), *pieces]


def _value_words(lines: Sequence[Line]) -> list[str]:
    cells = [
        [cell.text for cell, kind in zip(line.cells, line.shape, strict=True) if kind == WORDS]
        for line in lines
    ]
    words = _headed_values(map(fold, chain.from_iterable(cells)))
    if len(words) < 2:
        apart = ([fold(piece) for text in texts for piece in text.split()] for texts in cells)
        heads = (pieces for pieces in apart if any(map(_LABELS.fullmatch, pieces)))
        words = _headed_values(chain.from_iterable(heads)) or words
    # 历年 stands above 累计, and between them in the lines what stands beside.
    return [word for word in words if word not in _NO_ORDER] if _HALF_OF_SUM in words else words


def _headed_values(words: Iterable[str]) -> list[str]:
    """The words that head a column of values, or of codes behind the labels, which look like values."""
    found, labelled = [], False
    before = set()
    for word in words:
        labelled = labelled or bool(_LABELS.fullmatch(word))
        if not labelled:
            before.add(word)
        if word not in found and (_is_value_word(word) or (word in _CODES and word not in before)):
            found.append(word)  # a head that comes again on the next page names no other columns
    return [] if set(found) <= _CODES else found


def _is_value_word(word: str) -> bool:
    return len(word) < LONGEST_HEADER and bool(_VALUE_COLUMN.search(word))


def _year_column(words: Sequence[str]) -> int | None:
    """Where the year's own figure stands among the value columns that the header names (本年度 | 历年累计)."""
    own = [number for number, word in enumerate(words) if not _OTHER_YEARS.search(word)]
    own = [number for number in own if not _PART_OF_YEAR.search(words[number])] or own
    return own[0] if len(words) > 1 and len(own) == 1 else None


def _orders_of_t2(segment: Segment, form: Form, columns: Columns) -> None:
    """Table 2: the words after 信息内容 name the columns of the block, in another order or several times over."""
    blocks = list(dict.fromkeys(row.block for row in form.rows))
    for head in _heads_of_t2(segment, [fold(block) for block in blocks]):
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
        for word in _whole(words, [*own, *_labels_of_t2()])
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


def _heads_of_t2(segment: Segment, blocks: list[str]) -> Iterator[Head]:
    block, names, half = -1, rows_of("t2"), ""
    words: list[str] | None = None
    for line in segment.lines:
        for word in line.words if line.grid is not None else _pieces(line):
            halved, half = half + word == "信息内容", word
            if halved or word == "信息内容":
                block, words = block + (words != []), []
            elif word in blocks:
                block = blocks.index(word) - 1
            elif words is not None and word not in names:
                words.append(word)
            elif words is not None:
                yield Head(block, words, line.grid is not None, word)
                words = None
        if words and VALUE in line.shape:
            yield Head(block, _without_row(words, names), line.grid is not None, "")
            words = None


def _without_row(words: list[str], names: Collection[str]) -> list[str]:
    """The words of a head without the pieces of the first label below it."""
    counts = (count for count in range(1, MOST_PIECES) if "".join(words[-count:]) in names)
    return words[: -next(counts, 0) or None]


def _pieces(line: Line) -> Iterator[str]:
    """In flattened text the head of a block can be one cell with spaces between its words."""
    for cell, kind in zip(line.cells, line.shape, strict=True):
        if kind == WORDS:
            yield from map(fold, cell.text.split())


def _reorder(row: Row, words: list[str], ruled: bool, columns: Columns) -> None:
    labels = [fold(cell.col_label) for cell in row.cells]
    words = _whole(words, labels)
    # The lines of a head that is broken over several do not follow one another as its columns do.
    order = _permutation(words, labels)
    if order and (ruled or order == sorted(order) or set(words) == set(labels)):
        columns.orders[row.codes] = tuple(row.codes[number] for number in order)
    elif len(words) > len(labels) and set(words) == set(labels):
        said = [labels.index(word) for word in words]
        if said == sorted(said):
            columns.repeats[row.codes] = tuple(said)


def _whole(words: Sequence[str], labels: Sequence[str]) -> list[str]:
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
