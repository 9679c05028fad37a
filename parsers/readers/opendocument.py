"""OpenDocument: texts (.odt) as Word files are read, sheets (.ods) as workbooks are.

What is read is the last version of a file with tracked changes, whose deletions stand apart from the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from lxml import etree

from parsers.document import Block, Cell, Container, Document, ParseError, Table
from parsers.readers import damage, spreadsheet, swelling, zipped
from parsers.readers.flow import Markup, Pictures, blocks_of, one_line
from parsers.readers.opendocument_looks import Looks, is_hidden, looks_of
from parsers.remarks import Remark, RemarkKind
from parsers.visible import Doubt, Look, Run, Seen, seen
from parsers.words.text import repair
from parsers.words.units import UNITS

ORDER = 25
Doubts = dict[str, tuple[Doubt, ...]]
"""What cannot be known of cells, by their places."""
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
    {
        *(f"{_TEXT}{name}" for name in ("tracked-changes", "note", "ruby-text", "hidden-text")),
        f"{_OFFICE}annotation",
    }
)
_MARKS = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_DEFAULT = f"{_TABLE}default-cell-style-name"
MOST_HIDDEN_ROWS = 10_000
_PRINTED, _COMMAS = re.compile(r"([-+]?\d[\d,，]{0,30}(?:\.\d{1,15})?)\s*(\S{0,2})"), re.compile("[,，]")
_ROUNDED = 0.5
"""What rounding to whole numbers takes away at most."""
_BLANKS = re.compile(r"[ \t\r\n]+")
_DOUBLE = re.compile(r"[-+]?(?:\d{1,40}(?:\.\d*)?|\.\d+)(?:[Ee][-+]?\d{1,2})?", re.ASCII)
"""A number as the format has it: Python takes more for one (1_0, １２, nan)."""


def claims(data: bytes) -> bool:
    """A zip with the content and the manifest of OpenDocument in it."""
    return zipped.names(data) >= {_CONTENT, _MANIFEST}


def read(data: bytes) -> list[Document]:
    """One document; places are `table T row R cell C`, of sheets `sheet NAME B3`. Raises ParseError."""
    parts = _parts(data)
    content = _tree(parts[_CONTENT])
    looks = looks_of([_styles(parts), content])
    text, sheets = (content.find(f"{_OFFICE}body/{_OFFICE}{name}") for name in ("text", "spreadsheet"))
    doubts: Doubts = {}
    if sheets is not None:
        shown, unseen = _shown(content, sheets)
        blocks = [block for sheet in shown for block in _sheet(sheet, looks, doubts)]
        return [Document(Container.ODS, tuple(blocks), remarks=unseen, doubts=doubts)]
    if text is None:
        raise ParseError("an OpenDocument that is no text and no sheet is not read: save it as PDF")
    remarks: list[Remark] = []
    pictures = Pictures("opendocument_text", partial(_picture, parts), remarks)
    markup = replace(_MARKUP, text=partial(_text, looks), table_of=partial(_table, looks, doubts))
    blocks = blocks_of(text, markup, pictures)
    return [Document(Container.ODT, tuple(blocks), remarks=tuple(remarks), doubts=doubts)]


def _parts(data: bytes) -> dict[str, bytes]:
    """The parts of the package by name; raises ParseError for one that is damaged, encrypted or too large."""
    parts: dict[str, bytes] = {}
    for info, content in zipped.unpacked(data, zipped.Budget(entries=MOST_PARTS)):
        if isinstance(content, Remark):
            raise ParseError(content.message)
        parts.setdefault(info.filename, content)
    if b"encryption-data" in parts[_MANIFEST]:
        raise ParseError("the OpenDocument is encrypted: save it without a password")
    if len(parts[_CONTENT]) > LARGEST_PART:
        raise ParseError(
            f"the content of the OpenDocument has {len(parts[_CONTENT])} bytes: it is not opened"
        )
    return parts


def _styles(parts: dict[str, bytes]) -> Any:
    """The styles that are not of the content alone; an empty tree where there are none, or none that can be
    read."""
    part = parts.get("styles.xml", b"")
    try:
        return _tree(part if len(part) <= LARGEST_PART else b"<none/>")
    except ParseError:
        return etree.Element("none")


def _tree(part: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(part, parser)
    except etree.XMLSyntaxError as error:
        raise ParseError(f"the OpenDocument cannot be read: {damage.one_line(error)}") from None


def _picture(parts: dict[str, bytes], element: Any) -> bytes | None:
    return parts.get(element.get(_LINK, "").removeprefix("./"))


class _Laid(NamedTuple):
    """A cell as it is written: with how often it comes again to the right and below, its number in its row,
    and the style of its text where it has one."""

    element: Any
    row: int
    column: int
    down: int
    right: int
    number: int
    style: str = ""

    @property
    def spans(self) -> tuple[int, int]:
        """The rows and columns that it covers."""
        rows, columns = (_integer(self.element, f"number-{name}-spanned") for name in ("rows", "columns"))
        return rows, columns


def _laid(table: Any) -> Iterator[_Laid]:
    """The cells of a table; the style of a cell that has none is that of its row, else of its column."""
    row_number = 0
    columns = _styles_of_columns(table)
    for row in _MARKUP.within(table, (_ROW,)):
        down, column, number = _integer(row, "number-rows-repeated"), 0, 0
        for cell in _MARKUP.within(row, (_CELL, _COVERED)):
            right = _integer(cell, "number-columns-repeated")
            if cell.tag == _CELL:
                number += 1
                usual = row.get(_DEFAULT) or columns.get(column, "")
                style = cell.get(f"{_TABLE}style-name") or usual
                yield _Laid(cell, row_number, column, down, right, number, style)
            column += right
        row_number += down


def _styles_of_columns(table: Any) -> dict[int, str]:
    styles: dict[int, str] = {}
    first = 0
    for column in table.iter(f"{_TABLE}table-column"):
        count = _integer(column, "number-columns-repeated")
        if style := column.get(_DEFAULT):
            styles.update(dict.fromkeys(range(first, first + min(count, MOST_REPEATS)), style))
        first += count
    return styles


def _hidden(table: Any) -> tuple[set[int], set[int]]:
    """The rows and columns of a table that are not shown, by number; of what is repeated without end, the
    first."""
    found: list[set[int]] = []
    for name, most in (("row", MOST_HIDDEN_ROWS), ("column", MOST_REPEATS)):
        hidden: set[int] = set()
        first = 0
        for one in table.iter(f"{_TABLE}table-{name}"):
            count = _integer(one, f"number-{name}s-repeated")
            if is_hidden(one):
                hidden.update(range(first, first + min(count, most)))
            first += count
        found.append(hidden)
    return found[0], found[1]


def _integer(element: Any, name: str) -> int:
    """A count that an element has, one at least."""
    text = element.get(f"{_TABLE}{name}", "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def _table(looks: Looks, doubts: Doubts, table: Any, number: int) -> Iterator[Table]:
    """A table of a text; of what is repeated without end, the first. What cannot be known of cells goes into
    `doubts`."""
    cells: list[Cell] = []
    said = 0
    hidden_rows, hidden_columns = _hidden(table)
    for laid in _laid(table):
        shown, (high, wide) = _seen(laid, looks), laid.spans
        said += len(shown.text) * min(laid.down, MOST_REPEATS) * min(laid.right, MOST_REPEATS)
        swelling.check_text(said)
        for down in range(min(laid.down, MOST_REPEATS)):
            row = laid.row + down
            place = f"table {number} row {row + 1} cell {laid.number}"
            columns = set(range(laid.column, laid.column + min(laid.right, MOST_REPEATS))) - hidden_columns
            if row in hidden_rows:
                continue
            if shown.doubts:
                doubts[place] = shown.doubts
            text, wide = one_line(shown.text), min(wide, MOST_REPEATS)
            cells += (Cell(text, row, column, high, wide, place) for column in sorted(columns))
        if len(cells) > MOST_CELLS:
            raise ParseError(f"a table of the OpenDocument has more than {MOST_CELLS} cells: it is not read")
    if cells:
        yield Table(tuple(cells), f"table {number}")


def _seen(laid: _Laid, looks: Looks) -> Seen:
    """What is seen of a cell, its paragraphs one below another."""
    look = looks.get(laid.style, Look.PLAIN)
    runs: list[Run] = []
    for paragraph in laid.element.iter(*_PARAGRAPHS):
        runs += [Run("\n"), *_runs(paragraph, looks, look)]
    shown = seen(runs)
    return shown._replace(text=repair(shown.text).strip())


def _text(looks: Looks, paragraph: Any) -> str:
    return repair(seen(list(_runs(paragraph, looks, Look.PLAIN))).text)


def _runs(element: Any, looks: Looks, above: Look) -> Iterator[Run]:
    """The text of an element without notes, remarks, and what stands in a box of its own, with how it
    looks."""
    look = looks.get(element.get(f"{_TEXT}style-name", ""), above)
    yield Run(_BLANKS.sub(" ", element.text or ""), look)
    for child in element:
        if child.tag in _MARKS:
            yield Run(_MARKS[child.tag])
        elif child.tag == f"{_TEXT}s":
            count = child.get(f"{_TEXT}c", "1")
            yield Run(" " * min(int(count) if count.isascii() and count.isdigit() else 1, MOST_SPACES))
        elif child.tag not in _GONE and child.tag != _BOX:
            yield from _runs(child, looks, look)
        yield Run(_BLANKS.sub(" ", child.tail or ""), look)


def _shown(content: Any, sheets: Any) -> tuple[list[Any], tuple[Remark, ...]]:
    """The sheets that are not hidden, and a remark for each that is."""
    hidden = {
        style.get(f"{_STYLE}name")
        for style in content.iter(f"{_STYLE}style")
        for properties in style.iter(f"{_STYLE}table-properties")
        if properties.get(f"{_TABLE}display") == "false"
    }
    every = list(sheets.iterchildren(f"{_TABLE}table"))
    unseen = [sheet for sheet in every if sheet.get(f"{_TABLE}style-name") in hidden]
    names = (str(sheet.get(f"{_TABLE}name")) for sheet in unseen)
    remarks = tuple(Remark(RemarkKind.SHEET_HIDDEN, {"sheet": name}) for name in names)
    return [sheet for sheet in every if sheet not in unseen], remarks


def _sheet(sheet: Any, looks: Looks, doubts: Doubts) -> Iterator[Block]:
    """The blocks of one sheet, as of a sheet of Excel."""
    name = sheet.get(f"{_TABLE}name", "")
    written = [
        (laid, shown.text)
        for laid in _laid(sheet)
        if (shown := _value(laid, looks, doubts, name)).text or laid.spans != (1, 1)
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
    yield from spreadsheet.blocks_of(rows, merged, name, *_hidden(sheet))


def _value(laid: _Laid, looks: Looks, doubts: Doubts, name: str) -> Seen:
    """What a cell of a sheet shows: a number with all its digits where no more than rounding tells them from
    those shown; a doubt where what is shown is no number, or another one."""
    shown = _seen(laid, looks)
    shown = shown._replace(text=one_line(shown.text))
    number = laid.element.get(f"{_OFFICE}value", "")
    if (
        _DOUBLE.fullmatch(number)
        and Doubt.STRUCK not in shown.doubts
        and looks.get(laid.style) is not Look.GONE
    ):
        shown = _with_all_digits(shown, float(number))
    if shown.doubts:
        doubts[spreadsheet.place_of(name, laid.row, laid.column)] = shown.doubts
    return shown


def _with_all_digits(shown: Seen, number: float) -> Seen:
    """The number of a cell for the one that is shown. What is shown of a percent is a hundred times the
    number; a dash for a zero is a dash; a sheet that was made without what it shows has the number alone."""
    plain, printed = spreadsheet.text_of(number), _PRINTED.fullmatch(shown.text)
    if not shown.text and not shown.doubts:
        return shown._replace(text=plain)
    if printed is None or (printed[2] and printed[2] not in UNITS) or printed[2] == "%":
        return shown
    if abs(float(_COMMAS.sub("", printed[1])) - number) <= _ROUNDED:
        return shown._replace(text=plain + printed[2])
    return shown._replace(doubts=(*shown.doubts, Doubt.FORMAT))


_MARKUP = Markup(
    _PARAGRAPHS,
    f"{_TABLE}table",
    _ROW,
    _CELL,
    _BOX,
    _GONE,
    (_IMAGE,),
    partial(_text, {}),
    partial(_table, {}, {}),
)
