"""A report as an OpenDocument: a text (.odt) or a sheet (.ods), with merged cells as in the form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sample.forms.layout import Grid, Slot
from sample.forms.sheet import Heading, Sheet

Cell = Callable[[str, str], str]
"""A cell from its text and the attributes that say what it spans."""
_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style")
)
_TYPE = "application/vnd.oasis.opendocument."
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d*[1-9])?")
_WIDE = re.compile(r"^ | {2,}")
_COVERED = "<table:covered-table-cell/>"
_EMPTY = "<table:table-row><table:table-cell/></table:table-row>"


def odt_of(sheet: Sheet) -> bytes:
    """`sheet`, and the others below it, as a text; the same sheet gives the same bytes."""
    return _package("text", "".join(_written(one) for one in (sheet, *sheet.others)))


def ods_of(sheet: Sheet) -> bytes:
    """`sheet` as a sheet, and each of the others on one of its own; whole numbers are values and not text."""
    tables = (
        f'<table:table table:name="Sheet{number}">{_rows_of_sheet(one)}</table:table>'
        for number, one in enumerate((sheet, *sheet.others), 1)
    )
    return _package("spreadsheet", "".join(tables))


def _package(kind: str, body: str) -> bytes:
    media = _TYPE + kind
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {_SPACES} office:version="1.3">'
        f'<office:automatic-styles><style:style style:name="B" style:family="text"/></office:automatic-styles>'
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        package.writestr(ZipInfo("mimetype"), media, ZIP_STORED)  # first and as it is, as the format wants
        package.writestr(ZipInfo("content.xml"), content, ZIP_DEFLATED)
        package.writestr(ZipInfo("META-INF/manifest.xml"), _manifest(media), ZIP_DEFLATED)
    return out.getvalue()


def _manifest(media: str) -> str:
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{of}"/>'
        for path, of in (("/", media), ("content.xml", "text/xml"))
    )
    names = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    return f'<manifest:manifest xmlns:manifest="{names}" manifest:version="1.3">{entries}</manifest:manifest>'


def _written(sheet: Sheet) -> str:
    return f'<text:h text:outline-level="1">{_inside(sheet.title)}</text:h>' + "".join(_parts(sheet))


def _parts(sheet: Sheet) -> Iterator[str]:
    for number, part in enumerate(sheet.parts, 1):
        if isinstance(part, Heading):
            yield f'<text:p><text:span text:style-name="B">{_inside(part.text)}</text:span></text:p>'
        elif isinstance(part, Grid):
            columns = f'<table:table-column table:number-columns-repeated="{part.width}"/>'
            yield f'<table:table table:name="T{number}">{columns}{_rows(part, _as_text)}</table:table>'
        else:
            yield _paragraph(part)


def _rows_of_sheet(sheet: Sheet) -> str:
    """Title and paragraphs in the first column, and a blank row before and after each table."""
    rows = [_row([_as_text(sheet.title, "")])]
    for part in sheet.parts:
        if isinstance(part, Grid):
            rows.append(f"{_EMPTY}{_rows(part, _as_value)}{_EMPTY}")
        else:
            rows.append(_row([_as_text(part.text if isinstance(part, Heading) else part, "")]))
    return "".join(rows)


def _rows(grid: Grid, cell: Cell) -> str:
    return "".join(_row(_cells(grid, row, cell)) for row in range(grid.height))


def _row(cells: Iterable[str]) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _cells(grid: Grid, row: int, cell: Cell) -> Iterator[str]:
    """The cells of a row, column by column; where another one covers the place, and where none is, they are marked."""
    column = 0
    for slot in sorted(_reaching(grid, row), key=lambda slot: slot.column):
        yield from ["<table:table-cell/>"] * (slot.column - column)
        own = slot.row == row
        yield cell(slot.text, _spans(slot)) if own else _COVERED
        yield from [_COVERED] * (slot.colspan - 1)
        column = max(column, slot.column + slot.colspan)


def _reaching(grid: Grid, row: int) -> Iterator[Slot]:
    return (slot for slot in grid.slots if slot.row <= row < slot.row + slot.rowspan)


def _spans(slot: Slot) -> str:
    spans = (("rows", slot.rowspan), ("columns", slot.colspan))
    if slot.rowspan == slot.colspan == 1:
        return ""
    return "".join(f' table:number-{name}-spanned="{count}"' for name, count in spans)


def _as_text(text: str, spans: str) -> str:
    return f'<table:table-cell office:value-type="string"{spans}>{_paragraph(text)}</table:table-cell>'


def _as_value(text: str, spans: str) -> str:
    if not _NUMBER.fullmatch(text):
        return _as_text(text, spans) if text else f"<table:table-cell{spans}/>"
    value = f'office:value-type="float" office:value="{text}"'
    return f"<table:table-cell {value}{spans}>{_paragraph(text)}</table:table-cell>"


def _paragraph(text: str) -> str:
    return f"<text:p>{_inside(text)}</text:p>"


def _inside(text: str) -> str:
    """Text with the elements that stand for blanks, tabs and breaks, of which XML keeps none."""
    marked = _WIDE.sub(lambda found: f'<text:s text:c="{len(found[0])}"/>', escape(text))
    return marked.replace("\t", "<text:tab/>").replace("\n", "<text:line-break/>")
