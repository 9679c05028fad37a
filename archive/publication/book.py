"""The codebook as it is published: each cell with how its table is laid out and what that is called."""

from __future__ import annotations

from parsers.codebook import codebook
from parsers.forms import entry_of

Entry = dict[str, str]
"""generation, table, block, row_label, col_label, code, unit, type, layout, title_zh, title_en: in this order."""


def entries() -> list[Entry]:
    """Every cell of every generation, in the order of the forms."""
    found = []
    for cell in codebook():
        form = entry_of(cell.generation, cell.table)
        found.append(
            {
                "generation": cell.generation,
                "table": cell.table,
                "block": cell.block,
                "row_label": cell.row_label,
                "col_label": cell.col_label,
                "code": cell.code,
                "unit": cell.unit,
                "type": cell.type,
                "layout": str(form.layout),
                "title_zh": form.title_zh,
                "title_en": form.title_en,
            }
        )
    return found
