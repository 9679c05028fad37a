"""Which lines are which statutory table: by their own words, never by position."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import dropwhile, islice
from typing import NamedTuple

from parsers.codebook import bare, forms, forms_in, list_tables, row_name, strangers, tables
from parsers.forms import Layout, entry_of, forms_cache
from parsers.sections import is_numbered_head
from parsers.tables.flat.lines import VALUE, Line
from parsers.words.labels import Vocabulary, fold
from parsers.words.units import COUNTED, one_of

AMBIGUOUS = frozenset({"其他", "总计", "3其他", "七总计"})
_FORMS = (Layout.BLOCKS, Layout.MATRIX, Layout.ROW)  # with heads over columns, unlike lists
_MENU = frozenset(
    {"行政许可", "行政处罚", "行政强制", "行政事业性收费", "政府集中采购", "其他对外管理服务事项"}
)
# In a list flattened with single spaces the code stands before the label and the unit after it; some print
# the unit in the label: 当面申请数（单位：件）.
_LIST_NOISE = re.compile(rf"^\d{{1,2}}(?=\D)|(?:单位)?{one_of(COUNTED)}$")
_BLOCK = re.compile(r"(?:第二十条第?[一二三四五六七八九]?项?)+")
_HEADING = re.compile(r"[（(]?[一二三四五六七八九十]{1,2}[)）、.．]")
LIKE_ENOUGH = 0.7
SHORTEST_HEADING = 6
PROSE = 60
# More letters than a label and the heads above it have; folding takes none of them away.
_PROSE = re.compile(r"(?:[^0-9A-Za-z\u3400-\u9fff]*+[0-9A-Za-z\u3400-\u9fff]){120}")
ROWS_OF_A_LIST = 5
SHORTEST_BEGINNING = 4
LONG_PIECE = 5  # characters that are no chance beginning of a label
LINES_ABOVE, LINES_OF_A_HEAD, SHORT = 16, 150, 40
LABELS = frozenset({"指标", "指标名称", "统计指标", "统计指标名称", "统计项目", "项目"})
ROWS_BETWEEN = 2
LINES_AFTER = 200
LINES_OF_A_PART = 24
LINES_OF_A_ROW = 3  # in which the values of a row stand whose label is broken over lines


class Grid(NamedTuple):
    """A grid whose rows are all of one table: the names of its rows, and those that begin a table."""

    table: str
    rows: frozenset[str]
    firsts: frozenset[str]


@dataclass(slots=True)
class Segment:
    """The lines of one statutory table in reading order, and the few that stand above it.

    `rows`: the folded names of the table's rows that its lines hold. `after`: the line of text that ended it.
    `between`: such lines by the line with which it went on.
    """

    table: str
    above: tuple[Line, ...] = ()
    lines: list[Line] = field(default_factory=list)
    rows: set[str] = field(default_factory=set)
    after: Line | None = None
    between: dict[Line, Line] = field(default_factory=dict)

    def add(self, line: Line) -> None:
        """Take one line more."""
        if self.after:
            self.between[line], self.after = self.after, None
        self.lines.append(line)
        self.rows |= _rows_in(self.table, line)


@forms_cache()
def results() -> frozenset[str]:
    """The folded names of the columns of tables of one row: 结果维持, …"""
    return frozenset(fold(cell.col_label) for form in forms_in(Layout.ROW) for cell in form.cells)


@forms_cache()
def group_sizes() -> frozenset[int]:
    """How many columns the groups of tables of one row have."""
    return frozenset(len(group) for form in forms_in(Layout.ROW) for group in form.groups)


@forms_cache()
def group_width() -> int:
    """How many columns the broadest group of a table of one row has at least: so many blanks are a part of
    one."""
    return min((max(map(len, form.groups)) for form in forms_in(Layout.ROW)), default=1)


@forms_cache()
def _widths(table: str) -> frozenset[int]:
    """How many figures the rows of a matrix have, which are broad enough to be told from numbers in prose."""
    return frozenset(
        len(row.codes) for form in forms_in(Layout.MATRIX) if form.table == table for row in form.rows
    )


@forms_cache()
def _heads() -> dict[str, tuple[str, ...]]:
    """By table, the words that its heads say beside the labels of the codebook."""
    found: dict[str, tuple[str, ...]] = {}
    for form in forms_in(*_FORMS):
        words = entry_of(form.generation, form.cells[0].table).words
        found[form.table] = (*found.get(form.table, ()), *map(fold, words))
    return found


@forms_cache()
def _words() -> dict[str, str]:
    """Folded header and row words that belong to one table only, with that table."""
    owners: dict[str, set[str]] = {}
    for form in forms().values():
        for cell in form.cells if form.layout in _FORMS else ():
            owners.setdefault(fold(cell.col_label), set()).add(form.table)
        for row in form.rows:
            for name in row.names if form.layout is not Layout.ROW else ():
                owners.setdefault(name, set()).add(form.table)
    for table, words in _heads().items():
        for word in words:
            owners.setdefault(word, set()).add(table)
    return {word: among.pop() for word, among in owners.items() if len(among) == 1 and word not in AMBIGUOUS}


def table_of(text: str) -> str | None:
    """The statutory table whose header or row words this cell's text is, or None."""
    if len(text) > SHORT and 0 <= text.find("。") < len(text) - 1:
        return None  # no label goes on after the end of a sentence
    return None if len(text) > PROSE and _PROSE.match(text) else _table_of(text)


@forms_cache(16384)
def _table_of(text: str) -> str | None:
    folded = row_name(text)
    if not folded or len(folded) > PROSE:
        return None
    if folded in _words():
        return _words()[folded]
    for table in tables(Layout.BLOCKS):
        if _BLOCK.fullmatch(folded) or folded.startswith(_heads()[table]):
            return table
    listed = _words().get(_LIST_NOISE.sub("", folded), "")
    if listed in list_tables():
        return listed
    if len(folded) < 5 or any(bare(text) in strangers(table) for table in tables(Layout.LOCAL)):
        return None
    best = _misspelt().nearest(folded, LIKE_ENOUGH)
    return _words()[best] if best else None


@forms_cache()
def _matrix_words() -> tuple[str, ...]:
    """The words that a misspelt one may stand for; the long lists of older forms are matched exactly."""
    return tuple(word for word, table in _words().items() if table in tables(*_FORMS))


@forms_cache()
def _misspelt() -> Vocabulary:
    return Vocabulary(_matrix_words())


def segments_of(lines: list[Line]) -> list[Segment]:
    """The statutory tables in reading order; a table cut in two by pages or headings is joined."""
    found: list[Segment] = []
    current: Segment | None = None
    for number, line in enumerate(lines):
        if not line.shape:
            continue
        table = _vote(line)
        if (
            _is_of_row(table)
            and current
            and current.table in list_tables()
            and not _names_results(lines, number)
        ):
            table = None  # the list has rows of reviews and suits, too
        if table and (current is None or table != current.table):
            first = _head_of_list(lines, number) if table in list_tables() else number
            above = tuple(lines[max(0, first - LINES_ABOVE) : number])
            current = _resume(found, Segment(table, above), lines, number)
            if first + 1 < number:
                _take_back(found, current, lines[first + 1 : number])
        elif current and not table and _ends(line, current.table) and not _goes_on(current, lines, number):
            current.after, current = line, None
        elif current and table and _begins_again(current, lines, number):
            current = Segment(table)
            found.append(current)
        if current:
            current.add(line)
    return [_trimmed(segment) for segment in found if _is_table(segment)]


def _names_results(lines: list[Line], number: int) -> bool:
    """Whether the head of table 4 goes on there with its results."""
    return any(not results().isdisjoint(line.words) for line in lines[number : number + LINES_ABOVE])


def _is_of_row(table: str | None) -> bool:
    """Whether a table is one of a single row, under a head."""
    return table in tables(Layout.ROW)


def _take_back(found: list[Segment], current: Segment, lines: list[Line]) -> None:
    """Gives a list the rows below its head of which none is named on one line, and which may look like
    another table's."""
    begun = dropwhile(lambda line: not _begins_a_label(line, current.table), lines)
    rows = [line for line in begun if line.shape]
    if current.lines or not any(map(_holds_value, rows)):
        return
    theirs = set(rows)
    for segment in [*found]:
        if segment is not current and segment.lines and theirs.issuperset(segment.lines):
            found.remove(segment)
    taken = {line for segment in found for line in segment.lines}
    for line in rows:
        if line not in taken:
            current.add(line)


def _begins_a_label(line: Line, table: str) -> bool:
    """Whether the first words of a line are the first part of the name of a row."""
    first = next(iter(line.labels), "")
    return len(fold(first)) >= SHORTEST_BEGINNING and _begins_a_row(first, table)


def _head_of_list(lines: list[Line], number: int) -> int:
    """The line that begins the head of a list, whose first rows may be broken; else the line itself."""
    for place in range(number - 1, max(0, number - LINES_OF_A_HEAD) - 1, -1):
        line = lines[place]
        if len(fold(line.text)) > SHORT or "。" in line.text:
            break
        if LABELS.intersection(line.words):
            return place
    return number


def _trimmed(segment: Segment) -> Segment:
    """Without the prose that no heading sets apart: beside a grid all of it, else what follows the last row
    and the site's menu before the first head of table 2."""
    if any(line.grid is not None and _holds_value(line) for line in segment.lines):
        segment.lines = [line for line in segment.lines if line.grid is not None]
        return segment
    if segment.table in tables(Layout.BLOCKS):
        segment.lines = list(dropwhile(_may_be_menu, segment.lines))
    while not (
        _is_blank_row(segment.lines[-1]) or _holds_value(segment.lines[-1]) or _vote(segment.lines[-1])
    ):
        segment.after = segment.lines.pop()
    return segment


def _may_be_menu(line: Line) -> bool:
    """Whether nothing but the names of powers stands there, as in the menu of every site."""
    named = {word for word in line.words if table_of(word) in tables(Layout.BLOCKS)}
    return named <= _MENU and not (named and _holds_value(line))


def _is_blank_row(line: Line) -> bool:
    """Whether a line is a row of a form that nobody filled in."""
    return line.grid is not None or (len(line.shape) >= group_width() and not line.shape.strip())


def _holds_value(line: Line) -> bool:
    return VALUE in line.shape


def _vote(line: Line) -> str | None:
    """The table that most of the line's words belong to."""
    votes = [table for text in line.labels if (table := table_of(text))]
    if len(votes) < 2 or votes.count(votes[0]) == len(votes):
        return votes[0] if votes else None
    return max(votes, key=votes.count)


def _resume(found: list[Segment], fresh: Segment, lines: list[Line], number: int) -> Segment:
    if found and found[-1].table == fresh.table and not _begins_again(found[-1], lines, number):
        return found[-1]
    found.append(fresh)
    return fresh


@forms_cache()
def _first_rows() -> frozenset[str]:
    return frozenset(form.rows[0].names[0] for form in forms_in(Layout.BLOCKS, Layout.MATRIX))


def _begins_again(segment: Segment, lines: list[Line], number: int) -> bool:
    """A first row that comes again after others, and a row that has been here after it: a table of another
    report.

    A first row that is printed twice is followed by one that is new.
    """
    line, before = lines[number], segment.rows
    firsts = _first_rows().intersection(line.words)
    if before.isdisjoint(firsts) or not _holds_value(line) or len(before - _first_rows()) < ROWS_BETWEEN:
        return False
    rows = rows_of(segment.table) - _first_rows()
    following = islice(lines, number + 1, number + 1 + LINES_AFTER)
    after = (word for later in following for word in later.words if word in rows)
    return next(after, None) in {*before, None}


def _ends(line: Line, table: str) -> bool:
    if line.grid is not None or _holds_value(line) or not AMBIGUOUS.isdisjoint(line.words):
        return False
    text = "".join(cell.text for cell in line.cells)
    if (len(text) > PROSE and "。" in text) or is_numbered_head(text):
        return True
    pieces = line.raw.split()  # 六其 and 他处理 can stand beside the two halves of a label
    return (
        _HEADING.match(text) is not None
        and len(text) > SHORTEST_HEADING
        and not _begins_a_row(text, table)
        and not any(_begins_a_row(piece, table) for piece in pieces[1:] if len(piece) > 3)
    )


def _goes_on(segment: Segment, lines: list[Line], number: int) -> bool:
    """Whether a row of the table follows at once: the line is a piece of a label and of its group, and no
    heading; or whether it heads a part of a list."""
    if segment.table in list_tables():
        return _list_goes_on(segment, lines, number)
    for later in islice(lines, number + 1, number + 1 + LINES_OF_A_ROW):
        if later.grid is not None or _vote(later) not in (None, segment.table):
            return False
        if later.shape.count(VALUE) in _widths(segment.table):
            return True
    return False


def _list_goes_on(segment: Segment, lines: list[Line], number: int) -> bool:
    """Whether a row of the list is named soon, with no sentence and nothing of another table before it."""
    for later in islice(lines, number, number + LINES_OF_A_PART):
        vote = _vote(later)
        if "。" in later.text or vote not in (None, segment.table):
            return False
        if vote:
            return True
    return False


def _begins_a_row(text: str, table: str) -> bool:
    """Whether a line is the first part of a row's label that goes on below; a piece of its group may stand
    before it."""
    begun = [row_name(text), *(row_name(piece) for piece in text.split()[1:] if len(piece) >= LONG_PIECE)]
    return not _beginnings(table if table in list_tables() else "").isdisjoint(begun)


@forms_cache()
def _beginnings(table: str) -> frozenset[str]:
    """The beginnings of the words of the statutory tables, or of the rows of a list."""
    words = rows_of(table) if table else _matrix_words()
    return frozenset(word[:length] for word in words for length in range(len(word) + 1))


def _is_table(segment: Segment) -> bool:
    """Words alone are prose, and rows alone a menu: a table has its header's words and values, or stands
    blank."""
    words = _words_of(segment)
    if segment.table in list_tables():
        return len(words) >= ROWS_OF_A_LIST and (_has_values(segment) or segment.lines[0].grid is not None)
    if segment.table in tables(Layout.BLOCKS) and all(word in rows_of(segment.table) for word in words):
        return False  # 行政许可, 行政处罚, 行政事业性收费 are entries of every site's menu too
    if (
        _is_of_row(segment.table)
        and segment.lines[0].grid is None
        and all(_words().keys().isdisjoint(line.words) for line in segment.lines)
    ):
        return False  # 件，其中结果维持 in a sentence whose numbers have lines of their own
    return _has_values(segment) or (len(words) > 3 and any(map(_is_blank_row, segment.lines)))


def _words_of(segment: Segment) -> frozenset[str]:
    """The words of a segment that belong to its table."""
    words = (word for line in segment.lines for word in line.words)
    return frozenset(word for word in words if table_of(word) == segment.table)


@forms_cache()
def rows_of(table: str) -> frozenset[str]:
    """The folded names of the rows of a table, of all generations."""
    return frozenset(
        name
        for (owner, _), form in forms().items()
        if owner == table
        for row in form.rows
        for name in row.names
    )


def _rows_in(table: str, line: Line) -> frozenset[str]:
    """The names of the table's rows that a line holds."""
    return rows_of(table).intersection(line.words)


def _has_values(segment: Segment) -> bool:
    return any(_holds_value(line) for line in segment.lines)
