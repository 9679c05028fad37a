"""Word (.docx): body paragraphs and tables in order, merged cells as spans. Limits are set before anything is opened.

What is read is the last version of a file with tracked changes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from parsers.document import Cell, Container, Document, ParseError, Table
from parsers.readers import damage, zipped
from parsers.readers.flow import Markup, Pictures, blocks_of, one_line
from parsers.text import repair

ORDER = 20
LARGEST_PART, MOST_PARTS = 48 * 1024 * 1024, 5000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PICTURES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{urn:schemas-microsoft-com:vml}imagedata",
)
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MARKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_P, _TBL, _TR, _TC, _BOX = (f"{_W}{name}" for name in ("p", "tbl", "tr", "tc", "txbxContent"))
_GONE = frozenset({f"{_W}del", f"{_W}moveFrom", _FALLBACK})


def claims(data: bytes) -> bool:
    """A zip with word/document.xml in it."""
    return "word/document.xml" in zipped.names(data)


def read(data: bytes) -> list[Document]:
    """One document; places are `table T row R cell C`. Raises ParseError for a damaged or oversized package."""
    _check(data)
    import docx

    warnings: list[str] = []
    try:
        part = docx.Document(io.BytesIO(data)).part
        pictures = Pictures("the Word file", lambda element: _picture(part, element), warnings)
        blocks = blocks_of(part.element.body, _MARKUP, pictures)
    except ParseError:
        raise
    except Exception as error:  # python-docx raises whatever a damaged part makes it raise
        raise ParseError(f"the Word file cannot be read: {damage.one_line(error)}") from None
    return [Document(Container.DOCX, tuple(blocks), warnings=tuple(warnings))]


def _check(data: bytes) -> None:
    """Raises ParseError for a package that is damaged, encrypted, or unpacks to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except Exception as error:
        raise ParseError(f"the Word file is damaged: {damage.one_line(error)}") from None
    zipped.Budget(entries=MOST_PARTS).spend(parts)
    for part in parts:
        if part.flag_bits & zipped.ENCRYPTED:
            raise ParseError("the Word file is encrypted: save it without a password")
        if part.file_size > LARGEST_PART and part.filename.endswith(".xml"):
            raise ParseError(
                f"the Word file's {zipped.shown(part)} unpacks to {part.file_size} bytes: it is not opened"
            )


def _picture(part: Any, element: Any) -> bytes | None:
    """The bytes of the picture that an element shows."""
    link = next((element.get(f"{_R}{name}") for name in ("embed", "id") if element.get(f"{_R}{name}")), "")
    picture = part.related_parts.get(link)
    return picture.blob if picture is not None else None


def _text(paragraph: Any) -> str:
    return repair("".join(_pieces(paragraph)))


def _pieces(element: Any) -> Iterator[str]:
    """The text of an element without what was deleted, what is hidden, and what stands in a box of its own."""
    for child in element:
        tag = child.tag
        if tag == f"{_W}t":
            yield child.text or ""
        elif tag in _MARKS:
            yield _MARKS[tag]
        elif not isinstance(tag, str) or tag in _GONE or tag == _BOX or _is_hidden(child):
            continue
        elif len(child):
            yield from _pieces(child)


def _is_hidden(run: Any) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish") if run.tag == f"{_W}r" else None
    return mark is not None and mark.get(f"{_W}val", "1") not in ("0", "false", "off")


def _table(table: Any, number: int) -> Iterator[Table]:
    cells: list[Cell] = []
    open_merges: dict[int, int] = {}
    within = _MARKUP.within
    rows = (row for row in within(table, (_TR,)) if row.find(f"{_W}trPr/{_W}del") is None)
    for row_number, row in enumerate(rows):
        column = _grid_before(row)
        for cell_number, cell in enumerate(within(row, (_TC,)), 1):
            width, merge = _span(cell), _merge(cell)
            if merge == "continue" and column in open_merges:
                cells[open_merges[column]] = _taller(cells[open_merges[column]])
            else:
                place = f"table {number} row {row_number + 1} cell {cell_number}"
                text = one_line("\n".join(_text(paragraph) for paragraph in cell.iter(_P)))
                open_merges.pop(column, None)
                if merge == "restart":
                    open_merges[column] = len(cells)
                cells.append(Cell(text, row_number, column, 1, width, place))
            column += width
    if cells:
        yield Table(tuple(cells), f"table {number}")


def _grid_before(row: Any) -> int:
    before = row.find(f"{_W}trPr/{_W}gridBefore")
    return min(_integer(before.get(f"{_W}val")), 60) if before is not None else 0


def _span(cell: Any) -> int:
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    return max(1, min(_integer(span.get(f"{_W}val")), 60)) if span is not None else 1


def _merge(cell: Any) -> str:
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return "" if merge is None else str(merge.get(f"{_W}val") or "continue")


def _integer(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0


def _taller(cell: Cell) -> Cell:
    return cell._replace(rowspan=cell.rowspan + 1)


_MARKUP = Markup(frozenset({_P}), _TBL, _TR, _TC, _BOX, _GONE, _PICTURES, _text, _table)
