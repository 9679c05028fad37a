"""Excel (.xlsx and .xls): each sheet as paragraphs and tables, merged ranges as spans."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any

from parsers.document import Block, Cell, Container, Document, Paragraph, ParseError, Table
from parsers.readers import zipped
from parsers.readers.damage import one_line
from parsers.readers.ole import MAGIC as OLE
from parsers.readers.ole import has_stream
from parsers.readers.swelling import check_size, check_text, check_workbook
from parsers.readers.workbook import CellLook, SheetLook, looks_of
from parsers.remarks import Remark, RemarkKind
from parsers.visible import Doubt, Look, Run, Seen, seen
from parsers.visible.numbers import Shown, shown

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
    remarks = []
    doubts: dict[str, tuple[Doubt, ...]] = {}
    try:
        parts = {} if old else _parts(data)
        workbook = CalamineWorkbook.from_object(io.BytesIO(data if old else _repacked(parts)))
        looks = looks_of(parts)
        for sheet in workbook.sheets_metadata:
            if sheet.typ != SheetTypeEnum.WorkSheet:
                continue
            if sheet.visible != SheetVisibleEnum.Visible:
                remarks.append(Remark(RemarkKind.SHEET_HIDDEN, {"sheet": sheet.name}))
                continue
            look = looks.get(sheet.name, SheetLook())
            blocks += _sheet(workbook.get_sheet_by_name(sheet.name), look, doubts)
    except ParseError:
        raise
    except PasswordError:
        raise ParseError("the workbook is encrypted: save it without a password") from None
    except BaseException as error:  # the reader panics on some damaged files, which is no Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        raise ParseError(f"the workbook cannot be read: {one_line(error)}") from None
    container = Container.XLS if old else Container.XLSX
    return [Document(container, tuple(blocks), remarks=tuple(remarks), doubts=doubts)]


def _parts(data: bytes) -> dict[str, bytes]:
    """The parts of the package that hold markup, within limits."""
    parts: dict[str, bytes] = {}
    for info, content in zipped.unpacked(data, zipped.Budget(entries=MOST_PARTS)):
        if isinstance(content, Remark):
            raise ParseError(content.message)
        if info.filename.endswith((".xml", ".rels")):
            parts.setdefault(info.filename, content)
    check_workbook(parts)
    return parts


def _repacked(parts: Mapping[str, bytes]) -> bytes:
    """The same package, stored: what is unpacked here within limits cannot swell in the reader."""
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return result.getvalue()


def _sheet(sheet: Any, look: SheetLook, doubts: dict[str, tuple[Doubt, ...]]) -> Iterator[Block]:
    """The blocks of one sheet of a workbook, as a person sees it; what cannot be known of cells goes into
    `doubts`."""
    check_size(sheet.total_height, sheet.total_width, sheet.name)
    values = sheet.to_python(skip_empty_area=False)
    rows = [[text_of(value) for value in row] for row in values]
    check_text(sum(sum(map(len, row)) for row in rows))
    for (row, column), own in look.cells.items():
        if row < len(rows) and column < len(rows[row]):
            cell = _seen(values[row][column], own)
            rows[row][column] = cell.text.strip()
            if cell.doubts:
                doubts[place_of(sheet.name, row, column)] = cell.doubts
    yield from blocks_of(rows, _merged(sheet), sheet.name, look.hidden_rows, look.hidden_columns)


def _seen(value: Any, own: CellLook) -> Seen:
    """What is seen of a cell that is not plain."""
    number = Shown(text_of(value))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        number = shown(value, number.text, own.number_format)
    runs = own.runs or (Run(number.text),)
    whole = [run._replace(look=own.look) if own.look is not Look.PLAIN else run for run in runs]
    cell = seen(whole)
    return cell if number.is_sure else cell._replace(doubts=(*cell.doubts, Doubt.FORMAT))


def blocks_of(
    rows: list[list[str]],
    merged: Merged,
    name: str,
    hidden_rows: Collection[int] = (),
    hidden_columns: Collection[int] = (),
) -> Iterator[Block]:
    """The blocks of a sheet that shows these texts: blank rows part tables, and rows of one text above one
    are paragraphs.

    `merged`: the height and width of each merged range, by its upper left corner. What is hidden is not
    there; places are those of the whole sheet.
    """
    if hidden_rows or hidden_columns:
        rows, merged = _without_hidden(rows, merged, hidden_rows, hidden_columns)
    numbered = [pair for pair in enumerate(rows) if pair[0] not in hidden_rows]
    for blank, group in groupby(numbered, key=lambda pair: not any(pair[1])):
        if not blank:
            yield from _run(list(group), merged, name, hidden_columns)


def _without_hidden(
    rows: list[list[str]], merged: Merged, hidden_rows: Collection[int], hidden_columns: Collection[int]
) -> tuple[list[list[str]], Merged]:
    """The rows with nothing in what is hidden. A merged range that begins there is seen from its first cell
    that is not."""
    visible = [list(row) for row in rows]
    moved: Merged = {}
    for (top, left), (high, wide) in merged.items():
        row = next((n for n in range(top, top + high) if n not in hidden_rows), None)
        column = next((n for n in range(left, left + wide) if n not in hidden_columns), None)
        if row is None or column is None:
            continue
        moved[row, column] = (top + high - row, left + wide - column)
        if (row, column) != (top, left) and row < len(visible) and column < len(visible[row]):
            visible[row][column] = rows[top][left]
    for number, of_row in enumerate(visible):
        for column in hidden_columns if number not in hidden_rows else range(len(of_row)):
            if column < len(of_row):
                of_row[column] = ""
    return visible, moved


def _merged(sheet: Any) -> Merged:
    """The height and width of each merged range, by its upper left corner."""
    ranges = sheet.merged_cell_ranges or []
    return {(top, left): (bottom - top + 1, right - left + 1) for (top, left), (bottom, right) in ranges}


def _run(
    rows: list[tuple[int, list[str]]], merged: Merged, name: str, hidden: Collection[int]
) -> Iterator[Block]:
    """One run of rows without a blank one: the paragraphs above, then the table."""
    while rows and _is_paragraph(rows[0], merged):
        number, row = rows.pop(0)
        column, text = next((column, text) for column, text in enumerate(row) if text)
        yield Paragraph(text, place_of(name, number, column))
    if rows:
        first, last = rows[0][0], rows[-1][0]
        width = max(len(row) for _, row in rows)
        place = f"{place_of(name, first, 0)}:{place_of('', last, width - 1).split()[-1]}"
        yield Table(tuple(_cells(rows, merged, name, hidden)), place)


def _is_paragraph(numbered: tuple[int, list[str]], merged: Merged) -> bool:
    """A row of one text that is no row of a form and does not stand beside rows to come."""
    number, row = numbered
    texts = [(column, text) for column, text in enumerate(row) if text]
    if len(texts) != 1 or _STATUTE.search(texts[0][1]):
        return False
    return merged.get((number, texts[0][0]), (1, 1))[0] == 1


def _cells(
    rows: list[tuple[int, list[str]]], merged: Merged, name: str, hidden: Collection[int]
) -> Iterator[Cell]:
    """The cells of a table, row numbers from 0; what a merged range covers is there once, and hidden columns
    never."""
    first, end = rows[0][0], rows[-1][0] + 1
    covered: set[tuple[int, int]] = set()
    width = max(len(row) for _, row in rows)
    for number, row in rows:
        for column, text in enumerate(row):
            if (number, column) in covered or column in hidden:
                continue
            high, wide = merged.get((number, column), (1, 1))
            high, wide = min(high, end - number), min(wide, width - column)
            covered |= {(number + down, column + right) for down in range(high) for right in range(wide)}
            yield Cell(text, number - first, column, high, wide, place_of(name, number, column))


def place_of(name: str, row: int, column: int) -> str:
    """Where a cell stands, its row and column counted from 0."""
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
