"""A report as plain text: tables as lines of cells with tabs between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sample.forms.layout import Grid
from sample.forms.sheet import Heading, Sheet, sheet_of
from sample.truth import Text, Truth

Flattening = Callable[[Grid], str]
"""How a table becomes lines of text."""


def as_text(report: Truth, text: Text | None = None) -> str:
    """The report (or another text of it) as plain text that ends with a new line."""
    return text_of(sheet_of(report, text))


def tabbed(grid: Grid) -> str:
    """A line a row and a tab between columns; a cell that spans leaves the columns after its first empty."""
    cells = [[""] * grid.width for _ in range(grid.height)]
    for slot in grid.slots:
        cells[slot.row][slot.column] = slot.text
    return "\n".join("\t".join(row) for row in cells)


def text_of(sheet: Sheet, flatten: Flattening = tabbed) -> str:
    """`sheet` as plain text with its tables flattened in one way."""
    return "\n\n".join((sheet.title, *_parts(sheet, flatten))) + "\n"


def _parts(sheet: Sheet, flatten: Flattening) -> Iterator[str]:
    for part in sheet.parts:
        if isinstance(part, Heading):
            yield part.text
        else:
            yield flatten(part) if isinstance(part, Grid) else part
