"""Workbooks and OpenDocument files that are small and would fill the memory are not read; others are as they were."""

from __future__ import annotations

import pytest

from benchmarks.hostile_files import zipped
from parsers.document import ParseError
from parsers.readers import opendocument, spreadsheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _relation(kind: str, target: str) -> bytes:
    relation = f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{PACKAGE}/relationships">{relation}</Relationships>'.encode()


def workbook(rows: str, shared: str = "", part: str = "worksheets/sheet1.xml") -> bytes:
    types = '<Default Extension="xml" ContentType="application/xml"/>'
    sheets = '<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets>'
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{types}</Types>'.encode(),
            "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{sheets}</workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": _relation("worksheet", part),
            f"xl/{part}": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode(),
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>{shared}</t></si></sst>'.encode(),
        }
    )


SWOLLEN = {
    "one text in many cells": workbook("<row>" + '<c t="s"><v>0</v></c>' * 400 + "</row>", "年" * 300_000),
    "a cell in the far corner": workbook(
        '<row r="1"><c r="A1"/></row><row><c r="XFD1048576"><v>1</v></c></row>'
    ),
    "a sheet of another name": workbook('<row><c r="XFD1048576"><v>1</v></c></row>', part="x.xml"),
    "cells that do not say where they stand": workbook(
        "<row>" + "<c/>" * 9000 + "</row>" + "<row/>" * 9000 + "<row><c><v>1</v></c></row>"
    ),
    "a far row and cells that do not say where they stand": workbook(
        "<row>" + "<c/>" * 9000 + '</row><row r="1048576"><c><v>1</v></c></row>'
    ),
}


@pytest.mark.parametrize("data", SWOLLEN.values(), ids=SWOLLEN.keys())
def test_a_workbook_that_would_fill_the_memory_is_not_read(data: bytes) -> None:
    assert len(data) < 100_000
    with pytest.raises(ParseError, match="it is not read"):
        spreadsheet.read(data)


def test_a_text_that_some_cells_share_is_read() -> None:
    rows = "<row>" + '<c t="s"><v>0</v></c>' * 50 + "</row>"
    (document,) = spreadsheet.read(workbook(rows * 3, "年" * 30_000))
    assert len(document.blocks[-1].texts) == 150  # type: ignore[union-attr]


def open_document(kind: str, table: str) -> bytes:
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    body = f"<office:{kind}>{table}</office:{kind}>"
    return zipped(
        {
            "META-INF/manifest.xml": b"<manifest/>",
            "content.xml": f"<office:document-content {names}><office:body>{body}</office:body>"
            "</office:document-content>".encode(),
        }
    )


@pytest.mark.parametrize("kind", ["text", "spreadsheet"])
def test_an_open_document_that_repeats_one_text_is_not_read(kind: str) -> None:
    cell = f'<table:table-cell table:number-columns-repeated="50"><text:p>{"年" * 100_000}</text:p></table:table-cell>'
    table = f'<table:table><table:table-row table:number-rows-repeated="50">{cell}</table:table-row></table:table>'
    with pytest.raises(ParseError, match="characters: it is not read"):
        opendocument.read(open_document(kind, table))
