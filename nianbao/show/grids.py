"""A source that is neither page nor picture (Word, Excel), drawn from its blocks: paragraphs and grids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import groupby

from nianbao.show.marks import Drawing, Mark
from parsers.document import Cell, Document, Paragraph, Table

MOST_CELLS, MOST_BLOCKS = 5_000, 5_000
AROUND = 10
"""Rows that are drawn above and below the marked ones of a table that is too large to draw."""


def drawn(documents: Iterable[Document], marks: Mapping[str, Mark]) -> Drawing:
    """The paragraphs and tables in order, the cells marked at their places."""
    blocks = [block for document in documents for block in document.blocks]
    found = {cell.place for block in blocks if isinstance(block, Table) for cell in block.cells}
    pieces = [_paragraph(b) if isinstance(b, Paragraph) else _table(b, marks) for b in blocks[:MOST_BLOCKS]]
    notes = [f"只画出前 {MOST_BLOCKS} 段。 Only the first {MOST_BLOCKS} blocks are drawn."]
    return Drawing(
        f'<div class="copy">{"".join(pieces)}</div>',
        frozenset(mark.id for place, mark in marks.items() if place in found),
        notes=tuple(notes) if len(blocks) > MOST_BLOCKS else (),
    )


def _paragraph(paragraph: Paragraph) -> str:
    return f"<p>{escape(paragraph.text)}</p>"


def _table(table: Table, marks: Mapping[str, Mark]) -> str:
    cells = _shown(table, marks)
    if not cells:
        return f'<p class="left-out">（表格 {escape(table.place)}，{len(table.cells)} 格，未画出）</p>'
    rows = ("".join(_row(list(row), marks)) for _, row in groupby(cells, key=lambda cell: cell.row))
    return f"<table><tbody>{''.join(rows)}</tbody></table>"


def _shown(table: Table, marks: Mapping[str, Mark]) -> list[Cell]:
    """All cells in order of their rows; of a very large table those around the marked ones."""
    cells = sorted(table.cells, key=lambda cell: (cell.row, cell.column))
    if len(cells) <= MOST_CELLS:
        return cells
    marked = [cell for cell in cells if cell.place in marks]
    rows = {row for cell in marked for row in range(cell.row - AROUND, cell.row + AROUND + 1)}
    last = max((cell.column for cell in marked), default=-1)
    return [cell for cell in cells if cell.row in rows and cell.column <= last]


def _row(cells: list[Cell], marks: Mapping[str, Mark]) -> Iterator[str]:
    yield "<tr>"
    for cell in cells:
        mark = marks.get(cell.place)
        spans = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
        spans += f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
        marked = f" {mark.attributes()}" if mark else ""
        yield f"<td{spans}{marked}>{mark.label() if mark else ''}{escape(cell.text)}</td>"
    yield "</tr>"
