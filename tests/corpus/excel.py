"""A report as a workbook (.xlsx): one sheet, with merged cells as in the form; whole numbers are values and not text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from string import ascii_uppercase
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sample.forms.layout import Grid, Slot
from sample.forms.sheet import Heading, Sheet

_SCHEMAS = "http://schemas.openxmlformats.org"
_MAIN, _LINKS = f"{_SCHEMAS}/spreadsheetml/2006/main", f"{_SCHEMAS}/officeDocument/2006/relationships"
_PACKAGE = f"{_SCHEMAS}/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d*[1-9])?")
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>'
    '<sheet name="年报" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def xlsx_of(sheet: Sheet) -> bytes:
    """`sheet` as a workbook; the same sheet gives the same bytes."""
    slots = list(_slots(sheet))
    rows: dict[int, list[Slot]] = {}
    for slot in sorted(slots, key=lambda slot: (slot.row, slot.column)):
        rows.setdefault(slot.row, []).append(slot)
    lines = "".join(
        f'<row r="{number + 1}">{"".join(map(_cell, cells))}</row>' for number, cells in rows.items()
    )
    spans = "".join(_merged(slot) for slot in slots if slot.rowspan > 1 or slot.colspan > 1)
    merged = f"<mergeCells>{spans}</mergeCells>" if spans else ""
    content = f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData>{merged}</worksheet>'
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        for name, text in (*_PARTS.items(), ("xl/worksheets/sheet1.xml", content)):
            package.writestr(ZipInfo(name), text, ZIP_DEFLATED)
    return out.getvalue()


def _slots(sheet: Sheet) -> Iterator[Slot]:
    """Title and paragraphs in the first column, and a blank row before and after each table."""
    yield Slot(0, 0, sheet.title)
    row = 1
    for part in sheet.parts:
        if isinstance(part, Grid):
            for slot in part.slots:
                yield Slot(row + 1 + slot.row, slot.column, slot.text, slot.rowspan, slot.colspan, slot.code)
            row += part.height + 2
        else:
            yield Slot(row, 0, part.text if isinstance(part, Heading) else part)
            row += 1


def _cell(slot: Slot) -> str:
    where = _reference(slot.row, slot.column)
    if _NUMBER.fullmatch(slot.text):
        return f'<c r="{where}"><v>{slot.text}</v></c>'
    return f'<c r="{where}" t="inlineStr"><is><t xml:space="preserve">{escape(slot.text)}</t></is></c>'


def _merged(slot: Slot) -> str:
    last = _reference(slot.row + slot.rowspan - 1, slot.column + slot.colspan - 1)
    return f'<mergeCell ref="{_reference(slot.row, slot.column)}:{last}"/>'


def _reference(row: int, column: int) -> str:
    """A1 of the first cell; no table is broader than the alphabet."""
    return f"{ascii_uppercase[column]}{row + 1}"
