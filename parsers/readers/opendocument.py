"""OpenDocument: texts (.odt) as Word files are read, sheets (.ods) as workbooks are.

What is read is the last version of a file with tracked changes, whose deletions stand apart from the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from lxml import etree

from parsers.document import Block, Cell, Container, Document, ParseError, Table
from parsers.readers import damage, spreadsheet, swelling, zipped
from parsers.readers.flow import Markup, Pictures, blocks_of, one_line
from parsers.words.text import repair

ORDER = 25
LARGEST_PART, MOST_PARTS = 48 * 1024 * 1024, 5000
MOST_CELLS, MOST_REPEATS, MOST_SPACES = 200_000, 60, 100
_CONTENT, _MANIFEST = "content.xml", "META-INF/manifest.xml"
_NAMES = "urn:oasis:names:tc:opendocument:xmlns"
_OFFICE, _TABLE, _TEXT, _STYLE = (f"{{{_NAMES}:{name}:1.0}}" for name in ("office", "table", "text", "style"))
_DRAW = f"{{{_NAMES}:drawing:1.0}}"
_ROW, _CELL, _COVERED = (f"{_TABLE}{name}" for name in ("table-row", "table-cell", "covered-table-cell"))
_PARAGRAPHS = frozenset({f"{_TEXT}p", f"{_TEXT}h"})
_BOX, _IMAGE, _LINK = f"{_DRAW}text-box", f"{_DRAW}image", "{http://www.w3.org/1999/xlink}href"
_GONE = frozenset(
    {*(f"{_TEXT}{name}" for name in ("tracked-changes", "note", "ruby-text")), f"{_OFFICE}annotation"}
)
_MARKS = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_BLANKS = re.compile(r"[ \t\r\n]+")
_DOUBLE = re.compile(r"[-+]?(?:\d{1,40}(?:\.\d*)?|\.\d+)(?:[Ee][-+]?\d{1,2})?", re.ASCII)
"""A number as the format has it: Python takes more for one (1_0, １２, nan)."""


def claims(data: bytes) -> bool:
    """A zip with the content and the manifest of OpenDocument in it."""
    return zipped.names(data) >= {_CONTENT, _MANIFEST}


def read(data: bytes) -> list[Document]:
    """One document; places are `table T row R cell C`, of sheets `sheet NAME B3`. Raises ParseError."""
    parts = _parts(data)
    content = _tree(parts)
    text, sheets = (content.find(f"{_OFFICE}body/{_OFFICE}{name}") for name in ("text", "spreadsheet"))
    if sheets is not None:
        shown, warnings = _shown(content, sheets)
        return [
            Document(
                Container.ODS, tuple(block for sheet in shown for block in _sheet(sheet)), (), {}, warnings
            )
        ]
    if text is None:
        raise ParseError("an OpenDocument that is no text and no sheet is not read: save it as PDF")
    remarks: list[str] = []
    pictures = Pictures("the OpenDocument text", partial(_picture, parts), remarks)
    return [Document(Container.ODT, tuple(blocks_of(text, _MARKUP, pictures)), warnings=tuple(remarks))]


def _parts(data: bytes) -> dict[str, bytes]:
    """The parts of the package by name; raises ParseError for one that is damaged, encrypted or too large."""
    parts: dict[str, bytes] = {}
    for info, content in zipped.unpacked(data, zipped.Budget(entries=MOST_PARTS)):
        if isinstance(content, ParseError):
            raise content
        parts.setdefault(info.filename, content)
    if b"encryption-data" in parts[_MANIFEST]:
        raise ParseError("the OpenDocument is encrypted: save it without a password")
    if len(parts[_CONTENT]) > LARGEST_PART:
        raise ParseError(
            f"the content of the OpenDocument has {len(parts[_CONTENT])} bytes: it is not opened"
        )
    return parts


def _tree(parts: dict[str, bytes]) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(parts[_CONTENT], parser)
    except etree.XMLSyntaxError as error:
        raise ParseError(f"the OpenDocument cannot be read: {damage.one_line(error)}") from None


def _picture(parts: dict[str, bytes], element: Any) -> bytes | None:
    return parts.get(element.get(_LINK, "").removeprefix("./"))


class _Laid(NamedTuple):
    """A cell as it is written: with how often it comes again to the right and below, and its number in its row."""

    element: Any
    row: int
    column: int
    down: int
    right: int
    number: int

    @property
    def spans(self) -> tuple[int, int]:
        """The rows and columns that it covers."""
        rows, columns = (_integer(self.element, f"number-{name}-spanned") for name in ("rows", "columns"))
        return rows, columns


def _laid(table: Any) -> Iterator[_Laid]:
    row_number = 0
    for row in _MARKUP.within(table, (_ROW,)):
        down, column, number = _integer(row, "number-rows-repeated"), 0, 0
        for cell in _MARKUP.within(row, (_CELL, _COVERED)):
            right = _integer(cell, "number-columns-repeated")
            if cell.tag == _CELL:
                number += 1
                yield _Laid(cell, row_number, column, down, right, number)
            column += right
        row_number += down


def _integer(element: Any, name: str) -> int:
    """A count that an element has, one at least."""
    text = element.get(f"{_TABLE}{name}", "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def _table(table: Any, number: int) -> Iterator[Table]:
    """A table of a text; of what is repeated without end, the first."""
    cells: list[Cell] = []
    said = 0
    for laid in _laid(table):
        text, (high, wide) = _text_of(laid.element), laid.spans
        said += len(text) * min(laid.down, MOST_REPEATS) * min(laid.right, MOST_REPEATS)
        swelling.check_text(said)
        for down in range(min(laid.down, MOST_REPEATS)):
            row = laid.row + down
            place = f"table {number} row {row + 1} cell {laid.number}"
            columns = range(laid.column, laid.column + min(laid.right, MOST_REPEATS))
            cells += (Cell(text, row, column, high, min(wide, MOST_REPEATS), place) for column in columns)
        if len(cells) > MOST_CELLS:
            raise ParseError(f"a table of the OpenDocument has more than {MOST_CELLS} cells: it is not read")
    if cells:
        yield Table(tuple(cells), f"table {number}")


def _text_of(cell: Any) -> str:
    return one_line("\n".join(_text(paragraph) for paragraph in cell.iter(*_PARAGRAPHS)))


def _text(paragraph: Any) -> str:
    return repair("".join(_pieces(paragraph)))


def _pieces(element: Any) -> Iterator[str]:
    """The text of an element without notes, remarks, and what stands in a box of its own."""
    yield _BLANKS.sub(" ", element.text or "")
    for child in element:
        if child.tag in _MARKS:
            yield _MARKS[child.tag]
        elif child.tag == f"{_TEXT}s":
            count = child.get(f"{_TEXT}c", "1")
            yield " " * min(int(count) if count.isascii() and count.isdigit() else 1, MOST_SPACES)
        elif child.tag not in _GONE and child.tag != _BOX:
            yield from _pieces(child)
        yield _BLANKS.sub(" ", child.tail or "")


def _shown(content: Any, sheets: Any) -> tuple[list[Any], tuple[str, ...]]:
    """The sheets that are not hidden, and a warning for each that is."""
    hidden = {
        style.get(f"{_STYLE}name")
        for style in content.iter(f"{_STYLE}style")
        for properties in style.iter(f"{_STYLE}table-properties")
        if properties.get(f"{_TABLE}display") == "false"
    }
    every = list(sheets.iterchildren(f"{_TABLE}table"))
    unseen = [sheet for sheet in every if sheet.get(f"{_TABLE}style-name") in hidden]
    warnings = tuple(f"the hidden sheet {sheet.get(f'{_TABLE}name')} was not read" for sheet in unseen)
    return [sheet for sheet in every if sheet not in unseen], warnings


def _sheet(sheet: Any) -> Iterator[Block]:
    """The blocks of one sheet, as of a sheet of Excel."""
    name = sheet.get(f"{_TABLE}name", "")
    written = [
        (laid, text) for laid in _laid(sheet) if (text := _value(laid.element)) or laid.spans != (1, 1)
    ]
    high = max((laid.row + laid.down for laid, _ in written), default=0)
    wide = max((laid.column + laid.right for laid, _ in written), default=0)
    swelling.check_size(high, wide, name)
    swelling.check_text(sum(len(text) * laid.down * laid.right for laid, text in written))
    rows = [[""] * wide for _ in range(high)]
    for laid, text in written:
        for row in rows[laid.row : laid.row + laid.down]:
            row[laid.column : laid.column + laid.right] = [text] * laid.right
    merged = {(laid.row, laid.column): laid.spans for laid, _ in written if laid.spans != (1, 1)}
    yield from spreadsheet.blocks_of(rows, merged, name)


def _value(cell: Any) -> str:
    """What a cell of a sheet holds: a number with all its digits, else what is shown."""
    number = cell.get(f"{_OFFICE}value", "")
    return spreadsheet.text_of(float(number)) if _DOUBLE.fullmatch(number) else _text_of(cell)


_MARKUP = Markup(_PARAGRAPHS, f"{_TABLE}table", _ROW, _CELL, _BOX, _GONE, (_IMAGE,), _text, _table)
