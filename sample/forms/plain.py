"""A report as plain text: tables as lines of cells with tabs between them."""

from __future__ import annotations

from collections.abc import Iterator

from sample.forms.layout import Grid, filled_form
from sample.truth import Text, Truth


def as_text(report: Truth, text: Text | None = None) -> str:
    """The report (or another text of it) as plain text that ends with a new line."""
    return "\n\n".join(_parts(report, text or report.text)) + "\n"


def _parts(report: Truth, text: Text) -> Iterator[str]:
    tables = iter(filled_form(report.generation, text.figures))
    yield report.title
    yield text.opening
    for number, section in enumerate(text.sections):
        yield section.heading
        if section.paragraphs:
            yield "\n\n".join(section.paragraphs)
        if number in (1, 2, 3):
            yield _lines(next(tables))


def _lines(grid: Grid) -> str:
    cells = [[""] * grid.width for _ in range(grid.height)]
    for slot in grid.slots:
        cells[slot.row][slot.column] = slot.text
    return "\n".join("\t".join(row) for row in cells)
