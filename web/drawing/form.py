"""The statutory tables in their official layout, built from the codebook and filled with what was printed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from parsers.forms import Layout

Entry = Mapping[str, Any]
"""A row of the published codebook: generation, table, block, row_label, col_label, code, unit, and of its table the
layout and the titles."""

# Words of the form that head cells and are none themselves.
RECONCILE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
CONTENT, RESULT, LEGAL_PERSON = "信息内容", "三、本年度办理结果", "法人或其他组织"
_GROUPED = re.compile(r"(（.）\S+) (\d\..+)")


@dataclass(frozen=True, slots=True)
class Box:
    """One cell of a laid out table: a heading, a label, or (with a code) the place of a figure."""

    text: str = ""
    code: str = ""
    rows: int = 1
    columns: int = 1
    head: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One table as the form has it. `name`: that of the codebook; `style`: how the page sets it."""

    name: str
    generation: str
    title: str
    english: str
    style: str
    rows: list[list[Box]]

    @property
    def columns(self) -> int:
        """How many figures its last row has."""
        return sum(bool(box.code) for box in self.rows[-1])

    def codes(self) -> set[str]:
        """The codes of the cells that stand in this table."""
        return {box.code for row in self.rows for box in row if box.code}


def placed(rows: Iterable[Sequence[Box]]) -> Iterator[tuple[int, int, Box]]:
    """Each box with its row and its first column: the next that those which reach down from above leave free."""
    taken: set[tuple[int, int]] = set()
    for row, boxes in enumerate(rows):
        column = 0
        for box in boxes:
            while (row, column) in taken:
                column += 1
            taken |= {(row + down, column + over) for down in range(box.rows) for over in range(box.columns)}
            yield row, column, box


def forms(
    book: Sequence[Entry], generations: Mapping[str, str], codes: Collection[str] = frozenset()
) -> list[Form]:
    """The tables of a report: `generations` says for each table which form it follows, `codes` which figures it has."""
    made = []
    for name, generation in sorted(generations.items()):
        if entries := entries_of(book, name, generation, codes):
            made.append(_form(entries, generation))
    return made


def entries_of(
    book: Sequence[Entry], name: str, generation: str, codes: Collection[str] = frozenset()
) -> list[Entry]:
    """The cells of one table of a report, in printed order. `name`: what its codes begin with.

    A block of a table of blocks may be that of another generation, as bodies print it that changed some blocks of last
    year's form; the figures of the report tell.
    """
    cells = [row for row in book if row["code"].partition("_")[0] == name]
    own = [row for row in cells if row["generation"] == generation]
    if not own or own[0]["layout"] != Layout.BLOCKS:
        return own
    blocks: dict[str, list[Entry]] = {row["block"]: [] for row in own}
    for row in cells:
        blocks.setdefault(row["block"], []).append(row)
    return [row for block in blocks.values() for row in _block(block, generation, codes)]


def _block(cells: Iterable[Entry], generation: str, codes: Collection[str]) -> list[Entry]:
    """The cells of one block as a report has them: of the largest of which it has every figure, else of its own form."""
    made: dict[str, list[Entry]] = {generation: []}
    for cell in cells:
        made.setdefault(cell["generation"], []).append(cell)
    whole = [of_it for of_it in made.values() if all(cell["code"] in codes for cell in of_it)]
    return max(whole, key=len, default=[]) or made[generation]


def _form(entries: list[Entry], generation: str) -> Form:
    name = str(entries[0]["table"])
    first = entries[0]
    lay, style = _LAID_OUT.get(first["layout"], (_list, "indicators"))
    return Form(name, generation, first["title_zh"], first["title_en"], style, lay(entries))


def _by(entries: Iterable[Entry], key: str) -> list[tuple[str, list[Entry]]]:
    return [(str(name), list(group)) for name, group in groupby(entries, key=lambda row: row[key])]


def _figures(entries: Iterable[Entry]) -> list[Box]:
    return [Box(code=row["code"]) for row in entries]


def _disclosure(entries: list[Entry]) -> list[list[Box]]:
    """A block an article of the regulation, each with its own columns over the same width."""
    rows = []
    blocks = [(block, _by(members, "row_label")) for block, members in _by(entries, "block")]
    width = max(len(cells) for _block, lines in blocks for _label, cells in lines)
    for block, lines in blocks:
        heads = [Box(row["col_label"], head=True) for row in lines[0][1]]
        rows += [
            [Box(block, columns=1 + width, head=True)],
            [Box(CONTENT, head=True), *_spread(heads, width)],
        ]
        rows += [[Box(label, head=True), *_spread(_figures(cells), width)] for label, cells in lines]
    return rows


def _spread(boxes: list[Box], width: int) -> list[Box]:
    """Boxes over so many columns: the last one takes what is left."""
    last = boxes[-1]
    return [*boxes[:-1], Box(last.text, last.code, columns=width + 1 - len(boxes), head=last.head)]


def _requests(entries: list[Entry]) -> list[list[Box]]:
    """A column for each kind of applicant; the results are grouped under 三、本年度办理结果."""
    lines = _by(entries, "row_label")
    inner = [label for label, _cells in lines if _is_result(label)]
    sizes = _group_sizes(inner)
    rows = _applicants([row["col_label"] for row in lines[0][1]])
    for label, cells in lines:
        section = [Box(RESULT, rows=len(inner), head=True)] if label == inner[0] else []
        rows.append([*section, *_labels(label, sizes), *_figures(cells)])
    return rows


def _is_result(label: str) -> bool:
    return label.startswith("（") or label[:1].isdigit()


def _group_sizes(labels: Iterable[str]) -> dict[str, int]:
    """How many rows each group spans: `（三）不予公开` the eight reasons below it."""
    sizes: dict[str, int] = {}
    group = ""
    for label in labels:
        if found := _GROUPED.fullmatch(label):
            group = found[1]
        if found or label[:1].isdigit():
            sizes[group] = sizes.get(group, 0) + 1
    return sizes


def _labels(label: str, sizes: Mapping[str, int]) -> list[Box]:
    """The label boxes of one row of such a table, three columns wide with what spans into it."""
    if found := _GROUPED.fullmatch(label):
        return [Box(found[1], rows=sizes[found[1]], head=True), Box(found[2], head=True)]
    if label[:1].isdigit():
        return [Box(label, head=True)]
    return [Box(label, columns=2 if _is_result(label) else 3, head=True)]


def _applicants(columns: list[str]) -> list[list[Box]]:
    first, *middle, last = columns
    return [
        [Box(RECONCILE, rows=3, columns=3, head=True), Box("申请人情况", columns=len(columns), head=True)],
        [
            Box(first, rows=2, head=True),
            Box(LEGAL_PERSON, columns=len(middle), head=True),
            Box(last, rows=2, head=True),
        ],
        [Box(name, head=True) for name in middle],
    ]


def _disputes(entries: list[Entry]) -> list[list[Box]]:
    """One row of figures under 行政复议 and the kinds of 行政诉讼."""
    top: list[Box] = []
    middle: list[Box] = []
    bottom: list[Box] = []
    for law, blocks in groupby(_by(entries, "block"), key=lambda pair: pair[0].partition(" ")[0]):
        members = list(blocks)
        top.append(Box(law, columns=sum(len(cells) for _name, cells in members), head=True))
        for name, cells in members:
            kind = name.partition(" ")[2]
            if kind:
                middle.append(Box(kind, columns=len(cells), head=True))
            target, depth = (bottom, 1) if kind else (middle, 2)
            target += [Box(cell["col_label"], rows=depth, head=True) for cell in cells]
    return [top, middle, bottom, _figures(entries)]


def _list(entries: list[Entry]) -> list[list[Box]]:
    """An older form: one row an indicator, with its unit."""
    rows = [[Box("统计指标", head=True), Box("单位", head=True), Box("统计数", head=True)]]
    for block, members in _by(entries, "block"):
        if not block.startswith("code "):
            rows.append([Box(block, columns=3, head=True)])
        rows += [
            [Box(row["row_label"], head=True), Box(row["unit"]), Box(code=row["code"])] for row in members
        ]
    return rows


_LAID_OUT = {
    Layout.BLOCKS: (_disclosure, "blocks"),
    Layout.MATRIX: (_requests, "matrix"),
    Layout.ROW: (_disputes, "one-row"),
}
