"""How much a workbook would take in memory, before a reader lays it out: its extent, and the text that its
cells repeat."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from parsers.document import ParseError
from parsers.readers.damage import one_line

MOST_CELLS = 2_000_000
MOST_TEXT = 50_000_000
"""Characters of all cells together. The longest sheet that was met has 400,000; each takes some six bytes in
memory."""
SHARED = "xl/sharedStrings.xml"
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")
_CELL = re.compile(rb"[<:]c[\s/>]")
_SHEET = b"sheetData"


def check_workbook(parts: Mapping[str, bytes]) -> None:
    """Raises ParseError for a workbook (its parts by name) that would fill the memory: by a cell in a far
    corner, or by one long text that many cells show.
    """
    shared = next((parts[name] for name in parts if name.lower() == SHARED.lower()), b"")
    sheets = {name: part for name, part in parts.items() if _SHEET in part}
    longest = max(map(len, shared.split(b"si>")), default=0)
    cells = sum(len(_CELL.findall(part)) for part in sheets.values())
    lengths = _lengths(shared) if longest * cells > MOST_TEXT else []
    text = 0
    for name, part in sheets.items():
        if not lengths and _all_refer(part):
            check_size(*_extent(part), name)
            continue
        for rows, columns, string in _cells(part, name):
            check_size(rows, columns, name)
            text += lengths[string] if 0 <= string < len(lengths) else 0
            check_text(text)


def check_size(rows: int, columns: int, name: str) -> None:
    """Raises ParseError for a sheet that is too large to be laid out."""
    if rows * columns > MOST_CELLS:
        raise ParseError(
            f"the sheet {name} has {rows} x {columns} cells, more than {MOST_CELLS}: it is not read"
        )


def check_text(characters: int) -> None:
    """Raises ParseError for cells that hold too many characters together."""
    if characters > MOST_TEXT:
        raise ParseError(f"the cells of a file hold more than {MOST_TEXT} characters: it is not read")


def _all_refer(sheet: bytes) -> bool:
    """Whether each cell says where it stands."""
    return len(_REFERENCE.findall(sheet)) >= len(_CELL.findall(sheet))


def _extent(sheet: bytes) -> tuple[int, int]:
    rows, columns = [0], [0]
    for letters, number in _REFERENCE.findall(sheet):
        rows.append(int(number))
        columns.append(_column_number(letters))
    return max(rows), max(columns)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _cells(sheet: bytes, name: str) -> Iterator[tuple[int, int, int]]:
    """After each cell, the rows and columns that the sheet has so far, and the number of its shared text, or
    -1."""
    row = column = rows = columns = 0
    for event, element in _elements(sheet, name):
        tag = etree.QName(element).localname
        if event == "start" and tag == "row":
            number = element.get("r", "")
            row, column = int(number) if _is_number(number) else row + 1, 0
        elif event == "end" and tag == "c":
            found = _REFERENCE.match(b'r="%b"' % element.get("r", "").encode())
            column = _column_number(found[1]) if found else column + 1
            row = int(found[2]) if found else row
            rows, columns = max(rows, row), max(columns, column)
            shown = "".join(element.itertext()).strip() if element.get("t") == "s" else ""
            yield rows, columns, int(shown) if _is_number(shown) else -1
            element.clear()


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9


def _lengths(shared: bytes) -> list[int]:
    """How many characters each shared text has."""
    lengths = []
    for event, element in _elements(shared, SHARED):
        if event == "end" and etree.QName(element).localname == "si":
            lengths.append(sum(map(len, element.itertext())))
            element.clear()
    return lengths


def _elements(part: bytes, name: str) -> Iterator[tuple[str, Any]]:
    try:
        for event, element in etree.iterparse(
            io.BytesIO(part), ("start", "end"), resolve_entities=False, no_network=True
        ):
            if isinstance(element.tag, str):
                yield event, element
    except etree.XMLSyntaxError as error:
        raise ParseError(f"the workbook's {name} cannot be read: {one_line(error)}") from None
