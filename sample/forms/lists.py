"""The tables of the older forms: one indicator a row, with its unit and its figures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sample.codebook import Entry, entries
from sample.figures import Figures
from sample.forms.layout import Grid, Slot

_HEAD = ("统计指标", "单位", "统计数")
_HEAD_OF_LOCAL = ("代码", "指标名称", "单位")
_YEAR, _SINCE = "本年度", "历年累计"


def indicator_list(generation: str, table: str, figures: Figures) -> Grid:
    """政府信息公开情况统计表: indicators in blocks; a block of one indicator is a row of its own."""
    lines: list[list[tuple[str, str | None]]] = [[(word, None) for word in _HEAD]]
    block = ""
    for entry in entries(generation, table):
        alone = _bare(entry.block) == entry.row
        if entry.block != block and not alone:
            lines.append([(entry.block, None), ("", None), ("", None)])
        block = entry.block
        label = entry.block if alone else entry.row
        lines.append([(label, None), (entry.unit, None), (_shown(figures[entry.code]), entry.code)])
    return _grid(lines)


def local_list(generation: str, table: str, figures: Figures, since: Figures, since_first: bool) -> Grid:
    """A local form: indicators with a code, the year's figure, and the figure of all years beside it."""
    value_heads = (_SINCE, _YEAR) if since_first else (_YEAR, _SINCE)
    lines: list[list[tuple[str, str | None]]] = [[(word, None) for word in (*_HEAD_OF_LOCAL, *value_heads)]]
    for entry in entries(generation, table):
        own = (_shown(figures[entry.code]), entry.code)
        all_years = (_shown(since[entry.code]), None)
        lines.append([*_head_of_local(entry), *((all_years, own) if since_first else (own, all_years))])
    return _grid(lines)


def _head_of_local(entry: Entry) -> Iterator[tuple[str, None]]:
    yield entry.block.removeprefix("code "), None
    yield entry.row, None
    yield entry.unit, None


def _shown(value: int | float | None) -> str:
    return "" if value is None else str(value)


def _bare(block: str) -> str:
    return re.sub(r"^[一二三四五六七八九]、", "", block)


def _grid(lines: list[list[tuple[str, str | None]]]) -> Grid:
    slots = (
        Slot(row, column, text, code=code)
        for row, line in enumerate(lines)
        for column, (text, code) in enumerate(line)
    )
    return Grid(len(lines), len(lines[0]), tuple(slots))
