"""Excel: values as the sheet shows them, merged ranges as spans, old and new files alike."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.document import Container, Document, Paragraph, ParseError, Table
from parsers.readers import archive_file, ole, spreadsheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"

Value = str | int | float | None
ROWS: list[list[Value]] = [
    ["甲局某年年报", None, None, None],
    ["项目", "人数", None, "合计"],
    [None, "男", "女", None],
    ["一、新收", 3, 0, 3],
    ["二、结转", None, 96171.6, "—"],
]
MERGED = ("A1:D1", "A2:A3", "B2:C2", "D2:D3")


def cell(value: Value, reference: str) -> str:
    """One cell of a sheet's XML."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f'<c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{reference}"><v>{value}</v></c>'


def sheet(rows: list[list[Value]], merged: tuple[str, ...] = ()) -> str:
    """A sheet's XML."""
    lines = "".join(
        f'<row r="{number}">{"".join(cell(v, f"{chr(65 + at)}{number}") for at, v in enumerate(row))}</row>'
        for number, row in enumerate(rows, start=1)
    )
    spans = "".join(f'<mergeCell ref="{ref}"/>' for ref in merged)
    spans = f'<mergeCells count="{len(merged)}">{spans}</mergeCells>' if merged else ""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData>{spans}</worksheet>'


def workbook(*sheets: str, hidden: tuple[int, ...] = ()) -> bytes:
    """A workbook of these sheets, named S1, S2, …"""
    numbers = range(1, len(sheets) + 1)
    names = "".join(
        f'<sheet name="S{n}" sheetId="{n}" r:id="rId{n}"{" state=" + chr(34) + "hidden" + chr(34) if n in hidden else ""}/>'
        for n in numbers
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{SHEET}.worksheet+xml"/>'
        for n in numbers
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET}.sheet.main+xml"/>{kinds}</Types>',
        )
        package.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        package.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}"><sheets>{names}</sheets></workbook>',
        )
        package.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
        )
        for number, text in enumerate(sheets, start=1):
            package.writestr(f"xl/worksheets/sheet{number}.xml", text)
    return out.getvalue()


def read_one(data: bytes) -> Document:
    """The only document of a workbook."""
    (document,) = spreadsheet.read(data)
    return document


def table_of(document: Document) -> Table:
    """The only table of a document."""
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    return table


def as_text(table: Table) -> list[list[str]]:
    """The texts of a table, row by row."""
    return [[one.text for one in row] for row in table.rows()]


def test_a_title_above_is_a_paragraph_and_the_rest_a_table() -> None:
    document = read_one(workbook(sheet(ROWS, MERGED)))
    assert document.container is Container.XLSX
    assert document.blocks[0] == Paragraph("甲局某年年报", "sheet S1 A1")
    assert as_text(table_of(document)) == [
        ["项目", "人数", "合计"],
        ["男", "女"],
        ["一、新收", "3", "0", "3"],
        ["二、结转", "", "96171.6", "—"],
    ]


def test_merged_ranges_are_spans() -> None:
    cells = {(one.row, one.column): one for one in table_of(read_one(workbook(sheet(ROWS, MERGED)))).cells}
    assert [(cells[at].rowspan, cells[at].colspan) for at in ((0, 0), (0, 1), (0, 3))] == [
        (2, 1),
        (1, 2),
        (2, 1),
    ]
    assert (1, 0) not in cells


def test_every_cell_knows_its_place() -> None:
    table = table_of(read_one(workbook(sheet(ROWS, MERGED))))
    assert table.place == "sheet S1 A2:D5"
    assert table.cells[-1].place == "sheet S1 D5"


def test_a_blank_row_parts_two_tables() -> None:
    rows: list[list[Value]] = [["a", 1], ["b", 2], [None, None], ["c", 3]]
    assert len(read_one(workbook(sheet(rows))).blocks) == 2


def test_a_row_of_the_form_with_one_cell_stays_in_its_table() -> None:
    rows: list[list[Value]] = [["第二十条第（一）项", None], ["内容", 5]]
    assert as_text(table_of(read_one(workbook(sheet(rows, ("A1:B1",)))))) == [
        ["第二十条第（一）项"],
        ["内容", "5"],
    ]


def test_sheets_are_read_in_order_and_hidden_ones_are_named() -> None:
    document = read_one(workbook(sheet([["a", 1]]), sheet([["b", 2]]), sheet([["c", 3]]), hidden=(2,)))
    assert [block.place for block in document.blocks] == ["sheet S1 A1:B1", "sheet S3 A1:B1"]
    assert document.warnings == ("the hidden sheet S2 was not read",)


def test_an_empty_sheet_has_no_blocks() -> None:
    assert read_one(workbook(sheet([]))).blocks == ()


def test_claims_are_told_by_content() -> None:
    data = workbook(sheet(ROWS))
    assert spreadsheet.claims(data)
    assert not archive_file.claims(data)
    assert not spreadsheet.claims(b"PK\x03\x04 no zip")


def test_a_cell_in_the_far_corner_is_refused() -> None:
    far = sheet([["a", 1]]).replace('r="B1"', 'r="XFD1048576"')
    with pytest.raises(ParseError, match="1048576 x 16384 cells"):
        spreadsheet.read(workbook(far))


def test_a_bomb_in_a_workbook_is_refused() -> None:
    with pytest.raises(ParseError, match="times its size"):
        spreadsheet.read(workbook(sheet([["a", 1]]) + " " * 30_000_000))


def test_an_entity_is_not_expanded() -> None:
    evil = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + sheet([["&e;", 1]])
    try:
        document = read_one(workbook(evil))
    except ParseError:
        return
    host = Path("/etc/hostname").read_text().strip() if Path("/etc/hostname").exists() else "\0"
    assert all(host not in one.text for one in table_of(document).cells)


@pytest.mark.parametrize("damage", [0.3, 0.6, 0.95])
def test_a_damaged_workbook_is_one_clear_line(damage: float) -> None:
    data = bytearray(workbook(sheet(ROWS)))
    start = int(len(data) * damage)
    data[start : start + 20] = b"\xff" * 20
    message = ""
    try:
        spreadsheet.read(bytes(data))
    except ParseError as error:
        message = str(error)
    assert "\n" not in message


def test_a_compound_file_that_is_nothing_is_one_clear_line() -> None:
    entry = "Workbook\0".encode("utf-16-le").ljust(64, b"\0") + (18).to_bytes(2, "little") + b"\x02"
    data = ole.MAGIC + bytes(504) + entry.ljust(128, b"\0") + bytes(1024)
    assert spreadsheet.claims(data)
    with pytest.raises(ParseError, match="the workbook cannot be read"):
        spreadsheet.read(data)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_an_old_workbook_reads_like_the_new_one(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook(sheet(ROWS, MERGED)))
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xls", "a.xlsx"],
        cwd=tmp_path, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    data = (tmp_path / "a.xls").read_bytes()
    assert spreadsheet.claims(data)
    document = read_one(data)
    assert document.container is Container.XLS
    new = table_of(read_one(workbook(sheet(ROWS, MERGED))))
    assert [(c.text, c.row, c.column, c.rowspan, c.colspan) for c in table_of(document).cells] == [
        (c.text, c.row, c.column, c.rowspan, c.colspan) for c in new.cells
    ]


@settings(deadline=None)
@given(st.binary(max_size=300) | st.binary(max_size=600).map(lambda tail: ole.MAGIC + tail))
def test_claims_takes_any_bytes(data: bytes) -> None:
    assert spreadsheet.claims(data) in (True, False)
