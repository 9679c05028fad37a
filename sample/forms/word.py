"""A report as a Word file, with merged cells as in the form."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.shared import Pt

from sample.forms.layout import Grid, filled_form
from sample.truth import Text, Truth


def as_docx(report: Truth, text: Text | None = None) -> bytes:
    """The report (or another text of it) as a DOCX file; the same report gives the same bytes."""
    text = text or report.text
    document: Document = docx.Document()
    document.styles["Normal"].font.size = Pt(10.5)
    document.add_heading(report.title, level=1)
    document.add_paragraph(text.opening)
    tables = iter(filled_form(report.generation, text.figures))
    for number, section in enumerate(text.sections):
        document.add_paragraph().add_run(section.heading).bold = True
        for paragraph in section.paragraphs:
            document.add_paragraph(paragraph)
        if number in (1, 2, 3):
            _add_table(document, next(tables))
    return _bytes(document)


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
