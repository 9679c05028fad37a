"""OpenDocument: texts say what the same Word file says, sheets what the same workbook says."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_readers_office import told, written
from test_readers_spreadsheet import MERGED, ROWS, sheet, workbook

from parsers.document import Block, Container, Paragraph, ParseError
from parsers.readers import archive_file, ocr, opendocument, read_documents
from parsers.report import parse
from tests.corpus.documents import plain
from tests.corpus.grading import grade

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{of}:1.0"'
    for name, of in [
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"), ("style", "style"),
    ]
)  # fmt: skip
needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"
)


def package(content: str, manifest: str = "<m/>", **more: bytes) -> bytes:
    """An OpenDocument with this content."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written_to:
        written_to.writestr("content.xml", content)
        written_to.writestr("META-INF/manifest.xml", manifest)
        for name, data in more.items():
            written_to.writestr(f"Pictures/{name}.png", data)
    return out.getvalue()


def document(inside: str, kind: str = "text", styles: str = "") -> str:
    """The content of an OpenDocument whose body is this."""
    return (
        f'<office:document-content {SPACES} xmlns:xlink="http://www.w3.org/1999/xlink"><office:automatic-styles>{styles}'
        f"</office:automatic-styles><office:body><office:{kind}>{inside}</office:{kind}></office:body>"
        "</office:document-content>"
    )


def p(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def c(text: str, attributes: str = "") -> str:
    return f"<table:table-cell {attributes}>{p(text)}</table:table-cell>"


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def table(*rows: str, attributes: str = "") -> str:
    return f"<table:table {attributes}>{''.join(rows)}</table:table>"


def read(data: bytes) -> list[list[list[str]] | str]:
    (found,) = read_documents(data)
    return [shown(block) for block in found.blocks]


def shown(block: Block) -> list[list[str]] | str:
    if isinstance(block, Paragraph):
        return block.text
    return [[cell.text for cell in cells] for cells in block.rows()]


def converted(data: bytes, kind: str, target: str, room: Path) -> bytes:
    """What LibreOffice makes of a file."""
    (room / f"a.{kind}").write_bytes(data)
    profile = f"-env:UserInstallation={(room / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", target, f"a.{kind}"]
    subprocess.run(command, cwd=room, check=True, capture_output=True, timeout=120)
    return (room / f"a.{target}").read_bytes()


@needs_office
def test_a_text_reads_like_the_word_file(tmp_path: Path) -> None:
    (found,) = read_documents(converted(written(), "docx", "odt", tmp_path))
    (wanted,) = read_documents(written())
    assert found.container is Container.ODT
    assert told(found) == told(wanted)


@needs_office
def test_a_sheet_reads_like_the_workbook(tmp_path: Path) -> None:
    data = workbook(sheet(ROWS, MERGED))
    (found,) = read_documents(converted(data, "xlsx", "ods", tmp_path))
    (wanted,) = read_documents(data)
    assert found.container is Container.ODS
    assert found.blocks == wanted.blocks


@needs_office
@pytest.mark.parametrize("generation", ["G2014S", "G2019", "G2021"])
def test_a_report_is_read_whole(generation: str, tmp_path: Path) -> None:
    drawn = plain("docx", generation, 1)
    result = grade(drawn.sheet, parse(converted(drawn.data, "docx", "odt", tmp_path)))
    assert (result.missing, result.wrong, result.notes) == (0, 0, [])


def test_paragraphs_with_spans_tabs_blanks_and_notes() -> None:
    note = "<text:note><text:note-body><text:p>9</text:p></text:note-body></text:note>"
    remark = "<office:annotation><text:p>8</text:p></office:annotation>"
    text = f"一<text:span>二</text:span>\n  三<text:tab/>4<text:s text:c='2'/>5{note}{remark}<text:line-break/>六"
    assert read(package(document(f"<text:h>题</text:h><text:section>{p(text)}</text:section>"))) == [
        "题", "一二 三\t4  5", "六",
    ]  # fmt: skip


def test_deleted_text_is_not_read() -> None:
    gone = f"<text:tracked-changes><text:changed-region><text:deletion>{p('旧')}</text:deletion></text:changed-region></text:tracked-changes>"
    assert read(package(document(gone + p("新")))) == ["新"]


def test_repeated_and_covered_cells_have_their_columns() -> None:
    head = row(c("甲", 'table:number-columns-spanned="2"'), "<table:covered-table-cell/>", c("乙"))
    body = row(c("0", 'table:number-columns-repeated="3"'), attributes='table:number-rows-repeated="2"')
    headed = f"<table:table-header-rows>{head}</table:table-header-rows>"
    (found,) = read_documents(package(document(table(headed, body))))
    (block,) = found.blocks
    assert not isinstance(block, Paragraph)
    assert [(cell.text, cell.row, cell.column, cell.colspan) for cell in block.cells] == [
        ("甲", 0, 0, 2), ("乙", 0, 2, 1), *(("0", line, column, 1) for line in (1, 2) for column in range(3)),
    ]  # fmt: skip
    assert block.cells[-1].place == "table 1 row 3 cell 1"


def test_a_table_in_a_table_and_a_box_in_a_paragraph() -> None:
    inner = table(row(c("规章"), c("1")))
    outer = table(row(f"<table:table-cell>{p('上')}{inner}</table:table-cell>"))
    box = f"<draw:frame><draw:text-box>{p('框')}{inner}</draw:text-box></draw:frame>"
    wanted = ["上", [["规章", "1"]], "段", "框", [["规章", "1"]]]
    assert read(package(document(outer + p(f"段{box}")))) == wanted


def test_a_number_above_three_digits_is_not_one_number() -> None:
    cell = f"<table:table-cell>{p('6')}{p('123')}</table:table-cell>"
    assert read(package(document(table(row(cell))))) == [[["6\n123"]]]


def test_pictures_in_place_of_tables_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image

    out = io.BytesIO()
    Image.new("L", (600, 800), 255).save(out, "PNG")
    monkeypatch.setattr(ocr, "read_page", lambda frame, page: [Paragraph(f"{frame.size} {page}")])
    image = '<draw:frame><draw:image xlink:href="Pictures/a.png"/></draw:frame>'
    (found,) = read_documents(package(document(p("前") + p(image) + p("后")), a=out.getvalue()))
    assert [shown(block) for block in found.blocks] == ["前", "(600, 800) 1", "后"]
    assert found.warnings == (
        "the OpenDocument text holds pictures in place of tables: they were read by OCR",
    )


def test_a_sheet_has_values_and_not_what_is_shown_of_them() -> None:
    number = (
        f'<table:table-cell office:value-type="float" office:value="96171.6">{p("96,172")}</table:table-cell>'
    )
    whole = f'<table:table-cell office:value-type="float" office:value="3">{p("3.00")}</table:table-cell>'
    empty = '<table:table-cell table:number-columns-repeated="16380"/>'
    rows = row(c("规章"), number, whole, empty), row(empty, attributes='table:number-rows-repeated="1048570"')
    assert read(package(document(table(*rows), "spreadsheet"))) == [[["规章", "96171.6", "3"]]]


@pytest.mark.parametrize("value", ["1_0", "１２", "nan", "1e400", "9" * 41, "0x1", "7 ", ""])
def test_what_is_no_number_of_the_format_is_read_as_shown(value: str) -> None:
    cell = f'<table:table-cell office:value="{value}">{p("8")}</table:table-cell>'
    assert read(package(document(table(row(c("规章"), cell)), "spreadsheet"))) == [[["规章", "8"]]]


def test_a_hidden_sheet_is_named() -> None:
    styles = '<style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
    hidden = table(row(c("甲"), c("1")), attributes='table:name="暗" table:style-name="h"')
    (found,) = read_documents(package(document(hidden + table(row(c("乙"), c("2"))), "spreadsheet", styles)))
    assert [shown(block) for block in found.blocks] == [[["乙", "2"]]]
    assert found.warnings == ("the hidden sheet 暗 was not read",)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (package(document("", "presentation")), "no text and no sheet"),
        (package("<a"), "cannot be read"),
        (package(document(p("一")), "<m><manifest:encryption-data/></m>"), "encrypted"),
        (
            package(document(table(row(c("1", 'table:number-columns-repeated="9999999"'))), "spreadsheet")),
            "cells",
        ),
        (
            package(
                document(
                    table(*[row(*[c("1", 'table:number-columns-repeated="60"')] * 60) for _ in range(60)])
                )
            ),
            "more than",
        ),
    ],
    ids=["slides", "damaged", "encrypted", "too wide", "too many"],
)
def test_what_is_not_read_is_one_clear_line(data: bytes, said: str) -> None:
    with pytest.raises(ParseError, match=said) as error:
        read_documents(data)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "entity", ['<!ENTITY f SYSTEM "file:///etc/passwd">', '<!ENTITY f "' + "x" * 10_000 + '">']
)
def test_entities_are_not_followed(entity: str) -> None:
    said = ""
    with suppress(ParseError):
        said = "".join(map(str, read(package(f"<!DOCTYPE a [{entity}]>{document(p('&f;'))}"))))
    assert "root" not in said
    assert "xxx" not in said


def test_in_an_archive_it_is_one_document() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.odt", package(document(p("一"))))
    assert archive_file.claims(out.getvalue())
    (found,) = read_documents(out.getvalue())
    assert found.blocks == (Paragraph("一"),)
    assert not opendocument.claims(out.getvalue())


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_claims_takes_any_bytes(data: bytes) -> None:
    assert opendocument.claims(data) in (True, False)
