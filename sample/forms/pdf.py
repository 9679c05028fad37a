"""A report as a PDF: ruled tables that break over pages, set in a font that needs no file."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

from sample.forms.layout import Grid, Slot
from sample.forms.sheet import Heading, Sheet, sheet_of
from sample.truth import Text, Truth

_FONT = "STSong-Light"
_MARGIN = 54
_PADDING = 3
_HEAD_ROWS = 3
_TEXT = {"fontName": _FONT, "wordWrap": "CJK"}
_BODY = ParagraphStyle("body", fontSize=10, leading=14, firstLineIndent=20, **_TEXT)
_HEAD = ParagraphStyle("head", fontSize=12, leading=19, **_TEXT)
_TITLE = ParagraphStyle("title", fontSize=16, leading=24, alignment=TA_CENTER, **_TEXT)
_CELL = ParagraphStyle("cell", fontSize=8, leading=11, alignment=TA_CENTER, **_TEXT)
_NARROW, _WIDE, _CHARACTERS = 3, 9, 3
"""Shares of the width: of a column of figures, of one of long labels, and so many characters of a label a share."""


class RuledTable(Flowable):  # type: ignore[misc]
    """A grid with rules, which breaks between any two rows, within a spanning cell too."""

    def __init__(self, grid: Grid, shares: Sequence[int] = ()) -> None:
        """Keep `grid`; it is set when the width is known. `shares` of it a column: by default as its labels need."""
        super().__init__()
        self.grid, self.shares = grid, shares or _shares(grid)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The size of the table at this width."""
        self._set(width)
        return width, sum(self._heights)

    def split(self, width: float, height: float) -> list[Flowable]:
        """The part that fits into this height, and the rest; a table's head is never cut."""
        self._set(width)
        for row in range(self.grid.height - 1, _HEAD_ROWS, -1):
            above, below = self.grid.split(row)
            if sum(_heights(above, self._columns)) <= height:
                return [RuledTable(above, self.shares), RuledTable(below, self.shares)]
        return []

    def draw(self) -> None:
        """Draw the table where the page stands."""
        self._table.drawOn(self.canv, 0, 0)

    def _set(self, width: float) -> None:
        self._columns = [width * share / sum(self.shares) for share in self.shares]
        self._heights = _heights(self.grid, self._columns)
        self._table = _table(self.grid, self._columns, self._heights)
        self._table.wrapOn(None, width, sum(self._heights))


def _shares(grid: Grid) -> list[int]:
    longest = [0] * grid.width
    for slot in grid.slots:
        if slot.colspan == 1 and not slot.code:
            longest[slot.column] = max(longest[slot.column], len(slot.text))
    return [min(_WIDE, max(_NARROW, length // _CHARACTERS)) for length in longest]


def as_pdf(report: Truth, text: Text | None = None) -> bytes:
    """The report (or another text of it) as a PDF file; the same report gives the same bytes."""
    return pdf_of(sheet_of(report, text))


def pdf_of(sheet: Sheet) -> bytes:
    """`sheet`, and the others below it, as a PDF file."""
    _register_font()
    target = BytesIO()
    SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=sheet.title,
        author=sheet.issuer,
        invariant=1,
    ).build([flowable for one in (sheet, *sheet.others) for flowable in _story(one)])
    return target.getvalue()


def _register_font() -> None:
    if _FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(_FONT))


def _story(sheet: Sheet) -> list[Any]:
    story: list[Any] = [Paragraph(sheet.title, _TITLE), Spacer(1, 12)]
    for part in sheet.parts:
        if isinstance(part, Grid):
            story += [RuledTable(part), Spacer(1, 12)]
        elif isinstance(part, Heading):
            story.append(Paragraph(part.text, _HEAD))
        else:
            story.append(Paragraph(part, _BODY))
    return story


def _paragraph(slot: Slot) -> Paragraph:
    return Paragraph(slot.text, _CELL)


def _heights(grid: Grid, columns: list[float]) -> list[float]:
    """The height of each row: that of its tallest cell, spanning cells stretch the last row they reach."""
    heights = [0.0] * grid.height
    for slot in sorted(grid.slots, key=lambda slot: slot.row + slot.rowspan):
        width = sum(columns[slot.column : slot.column + slot.colspan]) - 2 * _PADDING
        needed = _paragraph(slot).wrap(width, 9999)[1] + 2 * _PADDING
        last = slot.row + slot.rowspan - 1
        heights[last] = max(heights[last], needed - sum(heights[slot.row : last]), 17)
    return heights


def _table(grid: Grid, columns: list[float], heights: list[float]) -> Table:
    cells: list[list[Any]] = [[""] * grid.width for _ in range(grid.height)]
    style: list[tuple[Any, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.5, "black"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        *((f"{side}PADDING", (0, 0), (-1, -1), _PADDING) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
    ]
    for slot in grid.slots:
        cells[slot.row][slot.column] = _paragraph(slot)
        end = (slot.column + slot.colspan - 1, slot.row + slot.rowspan - 1)
        style.append(("SPAN", (slot.column, slot.row), end))
    return Table(cells, colWidths=columns, rowHeights=heights, style=style)
