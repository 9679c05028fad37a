"""Word (.docx): body paragraphs and tables in order, merged cells as spans. Limits are set before anything is opened."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from parsers.document import Block, Cell, Container, Document, Paragraph, ParseError, Table
from parsers.text import repair

ORDER = 20
LARGEST_PART, MOST_PARTS, RATIO = 80 * 1024 * 1024, 5000, 200
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MARKS = {f"{_W}tab": "\t", f"{_W}br": "\n"}


def claims(data: bytes) -> bool:
    """A zip with word/document.xml in it."""
    if not data.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return "word/document.xml" in package.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def read(data: bytes) -> list[Document]:
    """One document; places are `table T row R cell C`. Raises ParseError for a damaged or oversized package."""
    _check(data)
    import docx

    try:
        body = docx.Document(io.BytesIO(data)).element.body
        blocks = tuple(_blocks(body))
    except Exception as error:  # python-docx raises whatever a damaged part makes it raise
        raise ParseError(f"the Word file cannot be read: {type(error).__name__}: {error}") from None
    return [Document(Container.DOCX, blocks)]


def _check(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = package.infolist()
    if len(parts) > MOST_PARTS:
        raise ParseError(f"the Word file has {len(parts)} parts, more than {MOST_PARTS}: not opened")
    for part in parts:
        if part.flag_bits & 1:
            raise ParseError("the Word file is encrypted: save it without a password")
        too_dense = part.file_size > 1_000_000 and part.file_size > RATIO * max(part.compress_size, 1)
        if part.file_size > LARGEST_PART or too_dense:
            raise ParseError(
                f"the Word file's part {part.filename[:80]!r} unpacks to {part.file_size} bytes: not opened"
            )


def _blocks(body: Any) -> Iterator[Block]:
    tables = 0
    for child in body.iter(f"{_W}p", f"{_W}tbl"):
        if child.tag == f"{_W}tbl":
            if _inside(child, body, f"{_W}tc"):
                continue
            tables += 1
            yield from _table(child, tables)
        elif not _inside(child, body, f"{_W}tc"):
            yield from (Paragraph(line) for line in _text(child).split("\n") if line.strip())


def _inside(element: Any, body: Any, tag: str) -> bool:
    parent = element.getparent()
    while parent is not None and parent is not body:
        if parent.tag == tag:
            return True
        parent = parent.getparent()
    return False


def _text(paragraph: Any) -> str:
    nodes = paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br")
    return repair("".join(node.text or "" if node.tag == f"{_W}t" else _MARKS[node.tag] for node in nodes))


def _table(table: Any, number: int) -> Iterator[Table]:
    cells: list[Cell] = []
    open_merges: dict[int, int] = {}
    for row_number, row in enumerate(table.findall(f"{_W}tr")):
        column = _grid_before(row)
        for cell_number, cell in enumerate(row.iter(f"{_W}tc"), 1):
            width, merge = _span(cell), _merge(cell)
            if merge == "continue" and column in open_merges:
                cells[open_merges[column]] = _taller(cells[open_merges[column]])
            else:
                place = f"table {number} row {row_number + 1} cell {cell_number}"
                text = " ".join(_text(paragraph) for paragraph in cell.iter(f"{_W}p"))
                open_merges.pop(column, None)
                if merge == "restart":
                    open_merges[column] = len(cells)
                cells.append(Cell(re.sub(r"\s+", " ", text).strip(), row_number, column, 1, width, place))
            column += width
    if cells:
        yield Table(tuple(cells), f"table {number}")


def _grid_before(row: Any) -> int:
    before = row.find(f"{_W}trPr/{_W}gridBefore")
    return _integer(before.get(f"{_W}val")) if before is not None else 0


def _span(cell: Any) -> int:
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    return max(1, min(_integer(span.get(f"{_W}val")), 60)) if span is not None else 1


def _merge(cell: Any) -> str:
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return "" if merge is None else str(merge.get(f"{_W}val") or "continue")


def _integer(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 6 else 0


def _taller(cell: Cell) -> Cell:
    return Cell(cell.text, cell.row, cell.column, cell.rowspan + 1, cell.colspan, cell.place)
