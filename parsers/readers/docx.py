"""Word (.docx): body paragraphs and tables in order, merged cells as spans. Limits are set before anything is opened.

What is read is the last version of a file with tracked changes. A table with tables in its cells only arranges the
page; the text of a box follows the paragraph that holds it. Where no table is in the file its pictures are read.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from parsers.document import Block, Cell, Container, Document, Paragraph, ParseError, Table
from parsers.readers import zipped
from parsers.readers.damage import one_line
from parsers.text import repair

ORDER = 20
LARGEST_PART, MOST_PARTS = 48 * 1024 * 1024, 5000
MOST_PICTURES = 20
_ONE_ABOVE_ANOTHER = re.compile(r"(?<=\d)\s*\n\s*(?=\d{3}(?!\d))")
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
        blocks = list(_Walk().blocks(part.element.body))
        if not any(isinstance(block, Table) for block in blocks):
            pictures = _Pictures(part, warnings)
            blocks = list(_Walk(pictures).blocks(part.element.body)) if pictures.found() else blocks
    except ParseError:
        raise
    except Exception as error:  # python-docx raises whatever a damaged part makes it raise
        raise ParseError(f"the Word file cannot be read: {one_line(error)}") from None
    return [Document(Container.DOCX, tuple(blocks), warnings=tuple(warnings))]


def _check(data: bytes) -> None:
    """Raises ParseError for a package that is damaged, encrypted, or unpacks to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except Exception as error:
        raise ParseError(f"the Word file is damaged: {one_line(error)}") from None
    zipped.Budget(entries=MOST_PARTS).spend(parts)
    for part in parts:
        if part.flag_bits & zipped.ENCRYPTED:
            raise ParseError("the Word file is encrypted: save it without a password")
        if part.file_size > LARGEST_PART and part.filename.endswith(".xml"):
            raise ParseError(
                f"the Word file's {zipped.shown(part)} unpacks to {part.file_size} bytes: it is not opened"
            )


@dataclass(slots=True)
class _Pictures:
    """The pictures of a file that has no table: a report that was scanned into it."""

    part: Any
    warnings: list[str]
    read: int = 0

    def found(self) -> list[Any]:
        """The elements that show a picture."""
        return list(self.part.element.body.iter(*_PICTURES))

    def blocks(self, element: Any) -> list[Block]:
        """What OCR reads in the picture that an element shows; why there is nothing goes into the warnings."""
        from parsers.readers import image, ocr

        link = next(
            (element.get(f"{_R}{name}") for name in ("embed", "id") if element.get(f"{_R}{name}")), ""
        )
        picture = self.part.related_parts.get(link)
        if picture is None or not image.claims(picture.blob):
            return []
        self.read += 1
        if self.read > MOST_PICTURES:
            self._say(f"only the first {MOST_PICTURES} pictures of the Word file were read")
            return []
        try:
            frames = list(image.frames(picture.blob))
            blocks = [block for frame in frames for block in ocr.read_page(frame, self.read)]
        except ParseError as error:
            self._say(f"a picture in the Word file was not read: {error}")
            return []
        self._say("the Word file holds pictures in place of tables: they were read by OCR")
        return blocks

    def _say(self, remark: str) -> None:
        if remark not in self.warnings:
            self.warnings.append(remark)


@dataclass(slots=True)
class _Walk:
    """The body of a file from its top; the tables are numbered as they come."""

    pictures: _Pictures | None = None
    tables: int = field(default=0, init=False)

    def blocks(self, parent: Any) -> Iterator[Block]:
        """The blocks within an element, in order."""
        for child in _within(parent, (_P, _TBL)):
            if child.tag == _P:
                yield from self._paragraph(child)
            elif next(child.iterdescendants(_TBL), None) is not None:
                for cell in (cell for row in _within(child, (_TR,)) for cell in _within(row, (_TC,))):
                    yield from self.blocks(cell)
            else:
                self.tables += 1
                yield from _table(child, self.tables)

    def _paragraph(self, paragraph: Any) -> Iterator[Block]:
        yield from (Paragraph(line) for line in _text(paragraph).split("\n") if line.strip())
        if self.pictures is not None:
            for element in paragraph.iter(*_PICTURES):
                yield from self.pictures.blocks(element)
        for box in paragraph.iter(_BOX):
            if _is_shown(box, paragraph):
                yield from self.blocks(box)


def _is_shown(box: Any, paragraph: Any) -> bool:
    """Whether a text box is the paragraph's own and not the copy of it for older programs."""
    for outer in box.iterancestors():
        if outer is paragraph:
            return True
        if outer.tag in (_FALLBACK, _BOX):
            return False
    return False


def _within(parent: Any, tags: tuple[str, ...]) -> Iterator[Any]:
    """The elements of these kinds in an element, through content controls and insertions, without what was deleted."""
    for child in parent:
        if child.tag in tags:
            yield child
        elif isinstance(child.tag, str) and child.tag not in _GONE and child.tag not in (_P, _TBL, _TR, _TC):
            yield from _within(child, tags)


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
    rows = (row for row in _within(table, (_TR,)) if row.find(f"{_W}trPr/{_W}del") is None)
    for row_number, row in enumerate(rows):
        column = _grid_before(row)
        for cell_number, cell in enumerate(_within(row, (_TC,)), 1):
            width, merge = _span(cell), _merge(cell)
            if merge == "continue" and column in open_merges:
                cells[open_merges[column]] = _taller(cells[open_merges[column]])
            else:
                place = f"table {number} row {row_number + 1} cell {cell_number}"
                text = _one_line("\n".join(_text(paragraph) for paragraph in cell.iter(_P)))
                open_merges.pop(column, None)
                if merge == "restart":
                    open_merges[column] = len(cells)
                cells.append(Cell(text, row_number, column, 1, width, place))
            column += width
    if cells:
        yield Table(tuple(cells), f"table {number}")


def _one_line(text: str) -> str:
    """One line; where a number stands above three digits, two: 6 above 123 is not 6 123."""
    return "\n".join(" ".join(number.split()) for number in _ONE_ABOVE_ANOTHER.split(text))


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
