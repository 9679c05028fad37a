"""Excel (.xlsx and .xls): each sheet as paragraphs and tables, merged ranges as spans."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any

from parsers.document import Block, Cell, Container, Document, Paragraph, ParseError, Table
from parsers.readers import zipped
from parsers.readers.damage import one_line
from parsers.readers.ole import MAGIC as OLE
from parsers.readers.ole import has_stream
from parsers.readers.swelling import check_size, check_text, check_workbook

ORDER = 30
MOST_PARTS = 5000
_STATUTE = re.compile(r"第.{1,5}条")  # the form's own row of one cell, which belongs to its table

Merged = dict[tuple[int, int], tuple[int, int]]


def claims(data: bytes) -> bool:
    """A compound file with a workbook's stream, or a zip with xl/workbook.xml in it."""
    return has_stream(data, "Workbook", "Book") or "xl/workbook.xml" in zipped.names(data)


def read(data: bytes) -> list[Document]:
    """One document of all visible sheets; places are `sheet NAME B3`. Raises ParseError."""
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    old = data.startswith(OLE)
    blocks: list[Block] = []
    warnings = []
    try:
        workbook = CalamineWorkbook.from_object(io.BytesIO(data if old else _repacked(data)))
        for sheet in workbook.sheets_metadata:
            if sheet.typ != SheetTypeEnum.WorkSheet:
                continue
            if sheet.visible != SheetVisibleEnum.Visible:
                warnings.append(f"the hidden sheet {sheet.name} was not read")
                continue
            blocks += _sheet(workbook.get_sheet_by_name(sheet.name))
    except ParseError:
        raise
    except PasswordError:
        raise ParseError("the workbook is encrypted: save it without a password") from None
    except BaseException as error:  # the reader panics on some damaged files, which is no Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        raise ParseError(f"the workbook cannot be read: {one_line(error)}") from None
    return [Document(Container.XLS if old else Container.XLSX, tuple(blocks), warnings=tuple(warnings))]


def _repacked(data: bytes) -> bytes:
    """The same package, stored: what is unpacked here within limits cannot swell in the reader."""
    parts: dict[str, bytes] = {}
    for info, content in zipped.unpacked(data, zipped.Budget(entries=MOST_PARTS)):
        if isinstance(content, ParseError):
            raise content
        if info.filename.endswith((".xml", ".rels")):
            parts.setdefault(info.filename, content)
    check_workbook(parts)
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return result.getvalue()


def _sheet(sheet: Any) -> Iterator[Block]:
    """The blocks of one sheet of a workbook."""
    check_size(sheet.total_height, sheet.total_width, sheet.name)
    rows = [[text_of(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    check_text(sum(sum(map(len, row)) for row in rows))
    yield from blocks_of(rows, _merged(sheet), sheet.name)


def blocks_of(rows: list[list[str]], merged: Merged, name: str) -> Iterator[Block]:
    """The blocks of a sheet that shows these texts: blank rows part tables, and rows of one text above one are paragraphs.

    `merged`: the height and width of each merged range, by its upper left corner.
    """
    for blank, group in groupby(enumerate(rows), key=lambda pair: not any(pair[1])):
        if not blank:
            yield from _run(list(group), merged, name)


def _merged(sheet: Any) -> Merged:
    """The height and width of each merged range, by its upper left corner."""
    ranges = sheet.merged_cell_ranges or []
    return {(top, left): (bottom - top + 1, right - left + 1) for (top, left), (bottom, right) in ranges}


def _run(rows: list[tuple[int, list[str]]], merged: Merged, name: str) -> Iterator[Block]:
    """One run of rows without a blank one: the paragraphs above, then the table."""
    while rows and _is_paragraph(rows[0], merged):
        number, row = rows.pop(0)
        column, text = next((column, text) for column, text in enumerate(row) if text)
        yield Paragraph(text, _place(name, number, column))
    if rows:
        first, last = rows[0][0], rows[-1][0]
        width = max(len(row) for _, row in rows)
        place = f"{_place(name, first, 0)}:{_place('', last, width - 1).split()[-1]}"
        yield Table(tuple(_cells(rows, merged, name)), place)


def _is_paragraph(numbered: tuple[int, list[str]], merged: Merged) -> bool:
    """A row of one text that is no row of a form and does not stand beside rows to come."""
    number, row = numbered
    texts = [(column, text) for column, text in enumerate(row) if text]
    if len(texts) != 1 or _STATUTE.search(texts[0][1]):
        return False
    return merged.get((number, texts[0][0]), (1, 1))[0] == 1


def _cells(rows: list[tuple[int, list[str]]], merged: Merged, name: str) -> Iterator[Cell]:
    """The cells of a table, row numbers from 0; what a merged range covers is there once."""
    first, end = rows[0][0], rows[-1][0] + 1
    covered: set[tuple[int, int]] = set()
    width = max(len(row) for _, row in rows)
    for number, row in rows:
        for column, text in enumerate(row):
            if (number, column) in covered:
                continue
            high, wide = merged.get((number, column), (1, 1))
            high, wide = min(high, end - number), min(wide, width - column)
            covered |= {(number + down, column + right) for down in range(high) for right in range(wide)}
            yield Cell(text, number - first, column, high, wide, _place(name, number, column))


def _place(name: str, row: int, column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"sheet {name} {letters}{row + 1}"


def text_of(value: Any) -> str:
    """A value as the sheet shows it: whole numbers without a point."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value).strip()
