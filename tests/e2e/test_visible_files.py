"""What a person sees of sheets, of OpenDocument and of print is what is read, as of pages and of Word."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter
from test_readers_opendocument import c, document, p, package, row, table
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from parsers.document import Document, Table
from parsers.readers import read_documents
from parsers.report import parse
from parsers.visible import Doubt
from parsers.visible.numbers import shown

ROWS: list[list[Any]] = [["项目", "本年", "上年"], ["甲", 1, 10], ["乙", 2, 20], ["丙", 3, 30]]
DISCLOSED: list[list[Any]] = [
    ["第二十条第（五）项", ""], ["信息内容", "本年处理决定数量"], ["行政许可", 4291],
    ["第二十条第（六）项", ""], ["信息内容", "本年处理决定数量"], ["行政处罚", 3], ["行政强制", 4],
]  # fmt: skip
LICENSING = "t2_licensing_decisions"


def grid(document: Document) -> list[list[str]]:
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    return [[cell.text for cell in row] for row in table.rows()]


class Book:
    """A workbook that is written cell by cell, and then read."""

    def __init__(self, rows: list[list[Any]] | None = None) -> None:
        self._out = io.BytesIO()
        self.book = xlsxwriter.Workbook(self._out, {"in_memory": True})
        self.sheet: Worksheet = self.book.add_worksheet("表")
        for number, cells in enumerate(ROWS if rows is None else rows):
            self.sheet.write_row(number, 0, cells)

    def style(self, **properties: Any) -> Format:
        return self.book.add_format(properties)

    def read(self) -> Document:
        self.book.close()
        (document,) = read_documents(self._out.getvalue())
        return document


def test_hidden_rows_and_columns_of_a_workbook_are_not_there() -> None:
    book = Book()
    book.sheet.set_row(2, None, None, {"hidden": True})
    book.sheet.set_column(1, 1, None, None, {"hidden": True})
    document = book.read()
    assert grid(document) == [["项目", "上年"], ["甲", "10"], ["丙", "30"]]
    (table,) = document.blocks
    assert isinstance(table, Table)
    assert [cell.place for cell in table.cells][-1] == "sheet 表 C4"


def test_a_merged_label_that_begins_in_a_hidden_row_is_seen_from_the_next() -> None:
    book = Book()
    book.sheet.merge_range(2, 0, 3, 0, "乙丙")
    book.sheet.set_row(2, None, None, {"hidden": True})
    assert grid(book.read()) == [["项目", "本年", "上年"], ["甲", "1", "10"], ["乙丙", "3", "30"]]


def test_what_is_struck_out_in_a_cell_of_a_workbook_is_none_of_it() -> None:
    book = Book()
    struck, raised = book.style(font_strikeout=True), book.style(font_script=1)
    book.sheet.write_rich_string(1, 1, struck, "4219", book.style(bold=True), " 4291")
    book.sheet.write_rich_string(2, 1, book.style(bold=True), "4291", raised, "1")
    book.sheet.write(3, 1, 4291, struck)
    document = book.read()
    assert [row[1] for row in grid(document)] == ["本年", "4291", "4291¹", ""]
    assert document.doubts == {"sheet 表 B4": (Doubt.STRUCK,)}


def test_white_type_is_in_doubt_unless_its_ground_has_a_colour() -> None:
    book = Book()
    book.sheet.write(1, 1, 5, book.style(font_color="#FFFFFF"))
    book.sheet.write(2, 1, 6, book.style(font_color="#FFFFFF", bg_color="#1F4E79", pattern=1))
    document = book.read()
    assert [row[1] for row in grid(document)] == ["本年", "5", "6", "3"]
    assert document.doubts == {"sheet 表 B2": (Doubt.FAINT,)}


@pytest.mark.parametrize(
    ("value", "code", "text", "is_sure"),
    [
        (4291, "0", "4291", True),
        (4291, "#,##0", "4291", True),
        (4291, "General", "4291", True),
        (0.4291, "0.00%", "42.91%", True),
        (4291000, "#,##0,", "4291000", False),
        (4291, ";;;", "", False),
        (4291, '"4"000', "4291", False),
        (4291, '0"件"', "4291件", True),
        (4291, "0件", "4291件", True),
        (0, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "-", True),
        (7, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "7", True),
        (-7, "0_);[Red](0)", "-7", True),
        (45000, "yyyy-mm-dd", "45000", True),
    ],
)
def test_a_number_is_what_its_format_shows(value: float, code: str, text: str, is_sure: bool) -> None:
    assert shown(value, f"{value}", code) == (text, is_sure)


def test_a_format_that_scales_or_hides_is_a_doubt_of_the_cell() -> None:
    book = Book()
    book.sheet.write(1, 1, 4291000, book.style(num_format="#,##0,"))
    book.sheet.write(2, 1, 0.5, book.style(num_format="0%"))
    book.sheet.write(3, 1, 0, book.style(num_format='0;-0;"-"'))
    document = book.read()
    assert [row[1] for row in grid(document)] == ["本年", "4291000", "50%", "-"]
    assert document.doubts == {"sheet 表 B2": (Doubt.FORMAT,)}


def report_of(fill: Callable[[Book], None]) -> Any:
    book = Book(DISCLOSED)
    fill(book)
    book.book.close()
    return parse(book._out.getvalue())


def test_the_doubt_of_a_cell_is_a_finding_on_its_figure() -> None:
    report = report_of(lambda book: book.sheet.write(2, 1, 4291000, book.style(num_format="0,")))
    (said,) = [finding for finding in report.findings if finding.values.get("case") == "number_format"]
    assert said.codes == (LICENSING,)
    plain = report_of(lambda book: None)
    assert {figure.code: figure.value for figure in plain.figures}[LICENSING] == 4291
    assert not [finding for finding in plain.findings if finding.values.get("case") == "number_format"]


STYLES = (
    '<style:style style:name="struck" style:family="text"><style:text-properties'
    ' style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="based" style:family="text" style:parent-style-name="struck"/>'
    '<style:style style:name="plain" style:family="text" style:parent-style-name="struck"><style:text-properties'
    ' style:text-line-through-style="none"/></style:style>'
    '<style:style style:name="gone" style:family="text"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="up" style:family="text"><style:text-properties style:text-position="super 58%"/>'
    "</style:style>"
    '<style:style style:name="white" style:family="table-cell"><style:text-properties'
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" fo:color="#ffffff"/></style:style>'
)


def span(style: str, text: str) -> str:
    return f'<text:span text:style-name="{style}">{text}</text:span>'


@pytest.mark.parametrize(
    ("inside", "text", "doubts"),
    [
        (span("struck", "4219") + "4291", "4291", ()),
        (span("based", "9") + "4291", "4291", ()),
        (span("plain", "4") + "291", "4291", ()),
        (span("gone", "9") + "4291", "4291", ()),
        ("4291" + span("up", "1"), "4291¹", ()),
        ("4291<text:note><text:note-citation>1</text:note-citation></text:note>", "4291", ()),
        ("4291<text:hidden-text>9</text:hidden-text>", "4291", ()),
        (span("struck", "4291"), "", (Doubt.STRUCK,)),
    ],
)
def test_a_cell_of_an_opendocument_text_is_what_is_seen_of_it(
    inside: str, text: str, doubts: tuple[Doubt, ...]
) -> None:
    content = document(table(row(c("甲"), c(inside)), row(c("乙"), c("2"))), styles=STYLES)
    (read,) = read_documents(package(content))
    assert grid(read) == [["甲", text], ["乙", "2"]]
    assert read.doubts == ({"table 1 row 1 cell 2": doubts} if doubts else {})


def test_a_paragraph_of_an_opendocument_is_what_is_seen_of_it() -> None:
    (read,) = read_documents(package(document(p("共" + span("struck", "8") + "9件"), styles=STYLES)))
    assert [block.text for block in read.blocks if not isinstance(block, Table)] == ["共9件"]


@pytest.mark.parametrize("how", ["collapse", "filter"])
def test_hidden_rows_and_columns_of_opendocument_are_not_there(how: str) -> None:
    columns = f'<table:table-column/><table:table-column table:visibility="{how}"/><table:table-column/>'
    rows = [
        row(c("甲"), c("1"), c("2")),
        row(c("乙"), c("3"), c("4"), attributes=f'table:visibility="{how}"'),
    ]
    rows.append(row(c("丙"), c("5"), c("6")))
    for kind, place in (("text", "table 1 row 3 cell 3"), ("spreadsheet", "sheet 表 C3")):
        content = document(table(columns, *rows, attributes='table:name="表"'), kind)
        (read,) = read_documents(package(content))
        assert grid(read) == [["甲", "2"], ["丙", "6"]]
        (found,) = read.blocks
        assert isinstance(found, Table)
        assert found.cells[-1].place == place


@pytest.mark.parametrize(
    ("value", "inside", "text", "doubts"),
    [
        ("4291", "4,291", "4291", ()),
        ("2126.456", "2126.46", "2126.456", ()),
        ("4291", "4291件", "4291件", ()),
        ("0.4291", "42.91%", "42.91%", ()),
        ("0", "-", "-", ()),
        ("4291000", "4,291", "4,291", (Doubt.FORMAT,)),
        ("4291", "", "4291", ()),
        ("4291", span("struck", "4291"), "", (Doubt.STRUCK,)),
    ],
)
def test_a_number_of_an_opendocument_sheet_is_what_is_shown(
    value: str, inside: str, text: str, doubts: tuple[Doubt, ...]
) -> None:
    number = c(inside, f'office:value-type="float" office:value="{value}"')
    rows = table(row(c("项目"), c("值")), row(c("甲"), number), attributes='table:name="表"')
    (read,) = read_documents(package(document(rows, "spreadsheet", STYLES)))
    assert grid(read)[1] == ["甲", text]
    assert read.doubts == ({"sheet 表 B2": doubts} if doubts else {})


def test_the_style_of_a_column_is_that_of_its_cells() -> None:
    columns = '<table:table-column/><table:table-column table:default-cell-style-name="white"/>'
    rows = table(columns, row(c("项目"), c("值")), row(c("甲"), c("5")), attributes='table:name="表"')
    (read,) = read_documents(package(document(rows, "spreadsheet", STYLES)))
    assert read.doubts["sheet 表 B2"] == (Doubt.FAINT,)
