"""What the head of a list of indicators says of its columns: which holds the year's figures, and which a sum
of years."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain, takewhile

from parsers.tables.columns import TableHead
from parsers.tables.flat.lines import VALUE, WORDS, Line
from parsers.tables.recognise import LABELS, LINES_ABOVE, Segment, rows_of
from parsers.words.labels import fold

LONGEST_HEADER = 16
_VALUE_COLUMN = re.compile(
    r"^(?:(?:本年|当年|本期|本月|当月|年度?累计|历年|历史|累计|上年|去年|统计数|20\d{2}年度).{0,6}|数量|数值|20\d{2}年?"
    r"|20\d{2}年(?:新增|全年|1月?至?12月|实际)?数?量?|自?20\d{2}年.{0,6}累计数?|自20\d{2}年.{0,4}(?:以来|起))$"
)
_OTHER_YEARS = re.compile(r"(?<!本年)(?<!年度)(?<!^年)累计|上年|去年|历年|历史|^自|代码|编码|行次|编号")
_SINCE = re.compile(r"(?:历年|历史|以来)\s*累\s*计")
_SUM = re.compile("累计|历年|^自")
_HALF_OF_SUM = re.compile(r"历年|自20\d{2}年.{0,4}(?:以来|起)")
_PART_OF_YEAR = re.compile(r"^(?:本期|本月|当月)")
_CODES = frozenset({"代码", "编码", "行次", "编号"})
_NO_ORDER = _CODES | {"累计"}
_REMARKS = frozenset({"备注", "说明", "备注说明", "填报说明", "指标说明", "指标解释"})


def head_of_list(segment: Segment) -> TableHead:
    """How many columns of values the head names, which of them is the year's, and where remarks stand."""
    lines = _head_of_list(segment)
    words = _value_words(lines)
    year, sums = _year_column(words), any(map(_SUM.search, words))
    summed = len(words) == 2 and sums
    remarks = (
        (line.grid, cell.column) for line in lines for cell in line.cells if fold(cell.text) in _REMARKS
    )
    return TableHead(
        listed=True,
        year=year,
        count=max(1, len(words)),
        summed=summed,
        scattered=summed and any(map(_HALF_OF_SUM.fullmatch, words)),
        mixed=year is None and (sums or any(_SINCE.search(line.text) for line in lines)),
        remarks=frozenset(remarks),
    )


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
        heads = (pieces for pieces in apart if not LABELS.isdisjoint(pieces))
        words = _headed_values(chain.from_iterable(heads)) or words
    if any(map(_HALF_OF_SUM.fullmatch, words)):  # 累计 stands below it, after what stands beside it
        return [word for word in words if word not in _NO_ORDER]
    return words


def _headed_values(words: Iterable[str]) -> list[str]:
    """The words that head a column of values, or of codes behind the labels, which look like values."""
    found, labelled = [], False
    before = set()
    for word in words:
        labelled = labelled or word in LABELS
        if not labelled:
            before.add(word)
        if word not in found and (_is_value_word(word) or (word in _CODES and word not in before)):
            found.append(word)  # a head that comes again on the next page names no other columns
    return [] if set(found) <= _CODES else found


def _is_value_word(word: str) -> bool:
    return len(word) < LONGEST_HEADER and bool(_VALUE_COLUMN.search(word))


def _year_column(words: Sequence[str]) -> int | None:
    """Where the year's own figure stands among the value columns that the header names (本年度 |
    历年累计)."""
    own = [number for number, word in enumerate(words) if not _OTHER_YEARS.search(word)]
    own = [number for number in own if not _PART_OF_YEAR.search(words[number])] or own
    return own[0] if len(words) > 1 and len(own) == 1 else None
