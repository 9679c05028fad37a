"""Quirks of the lists of indicators of 2008 to 2018: as lines, in one run, in two halves, with other heads."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random

from sample.codebook import printing
from sample.forms.layout import Grid, Slot
from sample.forms.sheet import Sheet
from tests.corpus.quirks.base import flattening, sheet_quirk, table_of, with_rows

_HEADS = (("本年度数", "历史累计数"), ("本期数", "历年累计"), ("2012年度", "自2008年以来累计"))
_NOTE = re.compile(r"（不[^）]*）$")
_SHORTEST_HALF = 20


def _rows_changed(sheet: Sheet, change: Callable[[list[list[Slot]]], list[list[Slot]]]) -> Sheet:
    """The sheet with the rows of each list changed."""
    return sheet.with_grids(
        lambda grid: [_fitted(change(grid.rows()))] if table_of(grid) in ("s14", "l08") else [grid]
    )


def _fitted(rows: list[list[Slot]]) -> Grid:
    width = max(slot.column + slot.colspan for row in rows for slot in row)
    return with_rows(Grid(len(rows), width, ()), rows)


@sheet_quirk(generations=printing("s14_req_received"))
def heads_with_dashes(sheet: Sheet, _: Random) -> Sheet:
    """The head of a block has a dash for its unit and one for its figure, as the form of 2014 prints it."""

    def dash(rows: list[list[Slot]]) -> list[list[Slot]]:
        return [
            [slot if slot.text or slot.code else replace(slot, text="——") for slot in row] for row in rows
        ]

    return _rows_changed(sheet, dash)


@flattening(generations=printing("s14_req_received"))
def indicators_as_lines(grid: Grid) -> str:
    """1.当面申请数：3件: a line for each indicator."""
    lines = []
    for row in grid.rows():
        label, *rest = [slot.text for slot in row if slot.text]
        unit = rest[0] if len(rest) > 1 and rest[0] != "单位" else ""
        lines.append(f"{label}：{rest[-1]}{unit}" if unit else label)
    return "\n".join(lines)


@flattening(generations=printing("s14_req_received"))
def indicators_in_one_run(grid: Grid) -> str:
    """The whole list as one line with single spaces between cells."""
    return " ".join(slot.text for row in grid.rows() for slot in row if slot.text)


@flattening(generations=printing("s14_req_received"))
def indicators_between_commas(grid: Grid) -> str:
    """1.当面申请数, 件, 3, 2.传真申请数, 件, 0: the whole list as one line, a comma between cells and rows alike."""
    return ", ".join(slot.text for row in grid.rows() for slot in row if slot.text)


@flattening(generations=printing("l08_req_total", "s14_req_received"))
def indicators_in_a_sentence(grid: Grid) -> str:
    """1.当面申请数：1,234件；2.传真申请数：0件: the whole list as one line of prose."""
    return "；".join(_said(row) for row in grid.rows()[1:]) + "。"


def _said(row: list[Slot]) -> str:
    label, unit = [slot.text for slot in row if not slot.code][-3 if len(row) > 3 else 0 :][:2]
    figure = next((slot.text for slot in row if slot.code), "")
    grouped = f"{int(figure):,}" if figure.isdigit() else figure
    return f"{label}：{grouped}{unit}" if figure else label


@sheet_quirk(generations=printing("s14_req_received"))
def notes_in_their_own_row(sheet: Sheet, _: Random) -> Sheet:
    """（不同渠道和方式公开相同信息计1条） stands in a row of its own below its indicator."""

    def below(rows: list[list[Slot]]) -> list[list[Slot]]:
        printed = []
        for row in rows:
            note = _NOTE.search(row[0].text)
            printed.append([replace(row[0], text=_NOTE.sub("", row[0].text)), *row[1:]])
            if note:
                printed.append(
                    [replace(row[0], text=note[0]), *(Slot(0, place) for place in range(1, len(row)))]
                )
        return printed

    return _rows_changed(sheet, below)


@sheet_quirk("html", "docx", "pdf", generations=printing("s14_req_received"))
def halves_beside_one_another(sheet: Sheet, _: Random) -> Sheet:
    """The list in two halves on one page, each under the same head."""

    def beside(rows: list[list[Slot]]) -> list[list[Slot]]:
        head, body = rows[0], rows[1:]
        if len(body) < _SHORTEST_HALF:
            return rows
        middle = (len(body) + 1) // 2
        right = [head, *body[middle:]]
        left = [head, *body[:middle]]
        blank = [Slot(0, place) for place in range(len(head))]
        right += [blank] * (len(left) - len(right))
        return [
            [*one, *(replace(slot, column=slot.column + len(head)) for slot in other)]
            for one, other in zip(left, right, strict=True)
        ]

    return _rows_changed(sheet, beside)


@sheet_quirk(generations=printing("l08_req_total"))
def codes_behind_labels(sheet: Sheet, _: Random) -> Sheet:
    """指标名称, 计量单位, 代码: the code of an indicator stands where its figure could."""

    def behind(rows: list[list[Slot]]) -> list[list[Slot]]:
        return [
            [replace(slot, column=place) for place, slot in enumerate([row[1], row[2], row[0], *row[3:]])]
            for row in rows
        ]

    return _rows_changed(sheet, behind)


@sheet_quirk(generations=printing("l08_req_total"))
def other_heads_of_columns(sheet: Sheet, random: Random) -> Sheet:
    """本年度数 beside 历史累计数, or 2012年度 beside 自2008年以来累计."""
    own, since = random.choice(_HEADS)
    words = {"本年度": own, "历年累计": since}

    def rename(rows: list[list[Slot]]) -> list[list[Slot]]:
        return [[replace(slot, text=words.get(slot.text, slot.text)) for slot in row] for row in rows]

    return _rows_changed(sheet, rename)
