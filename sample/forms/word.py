"""A report as a Word file, with merged cells as in the form."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.shared import Pt

from sample.forms.layout import Grid
from sample.forms.sheet import Heading, Sheet, sheet_of
from sample.truth import Text, Truth


def as_docx(report: Truth, text: Text | None = None) -> bytes:
    """The report (or another text of it) as a DOCX file; the same report gives the same bytes."""
    return docx_of(sheet_of(report, text))


def docx_of(sheet: Sheet) -> bytes:
    """`sheet`, and the others below it, as a DOCX file."""
    document: Document = docx.Document()
    document.styles["Normal"].font.size = Pt(10.5)
    for one in (sheet, *sheet.others):
        _add(document, one)
    return _bytes(document)


def _add(document: Document, sheet: Sheet) -> None:
    document.add_heading(sheet.title, level=1)
    for part in sheet.parts:
        if isinstance(part, Heading):
            document.add_paragraph().add_run(part.text).bold = True
        elif isinstance(part, Grid):
            _add_table(document, part)
        else:
            document.add_paragraph(part)


def _add_table(document: Document, grid: Grid) -> None:
    table = document.add_table(grid.height, grid.width, style="Table Grid")
    cells = [list(row.cells) for row in table.rows]
    for slot in grid.slots:
        cell = cells[slot.row][slot.column]
        if slot.rowspan > 1 or slot.colspan > 1:
            cell = cell.merge(cells[slot.row + slot.rowspan - 1][slot.column + slot.colspan - 1])
        cell.paragraphs[0].text = slot.text


def _bytes(document: Document) -> bytes:
    """The file with the clock taken out of the archive around it."""
    made, fixed = BytesIO(), BytesIO()
    document.save(made)
    with ZipFile(made) as source, ZipFile(fixed, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(ZipInfo(name, (2020, 1, 1, 0, 0, 0)), source.read(name), ZIP_DEFLATED)
    return fixed.getvalue()
