"""The heads of the blocks of a list of indicators: no rows of it, and no heads of the report's prose either.

三、依申请公开情况 is both a part of a report before 2019 and a block of the list of 2014
(国办发〔2014〕32号).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from parsers.codebook import forms, list_tables
from parsers.forms import forms_cache
from parsers.tables.flat.lines import Line
from parsers.tables.recognise import LABELS, SHORT, Segment
from parsers.words.labels import fold

LINES_TO_A_ROW = 8
_COLUMNS = "|".join(
    sorted({*LABELS, "单位", "计量单位", "统计数", "统计数字", "数量"}, key=len, reverse=True)
)


def block_heads(lines: Sequence[Line], segments: Iterable[Segment]) -> set[Line]:
    """The lines that head a block of a list: its number and its words, and soon below it a row of the list.

    Between the head and the row nothing stands that is longer than a label or has a full stop, as paragraphs
    do.
    """
    lists = [segment for segment in segments if segment.table in list_tables()]
    rows = {line for segment in lists for line in segment.lines}
    found: set[Line] = set()
    nearest = 0
    for line in reversed(lines if rows else ()):
        if line in rows:
            nearest = LINES_TO_A_ROW
        elif nearest and line.cells and (name := fold(line.text)):
            found |= {line} if _blocks().fullmatch(name) else set()
            nearest = nearest - 1 if len(name) <= SHORT and "。" not in line.text else 0
    return found


@forms_cache()
def _blocks() -> re.Pattern[str]:
    """A head of a block, the names of the columns before it where a list lost its lines."""
    cells = (cell for (table, _), form in forms().items() if table in list_tables() for cell in form.cells)
    names = sorted({fold(cell.block) for cell in cells if "、" in cell.block})
    return re.compile(rf"(?:{_COLUMNS})*(?:{'|'.join(names)})")
