"""What files of Word and of OpenDocument have in common: paragraphs and tables in order, however their markup
names them.

A table with tables in its cells only arranges the page; the text of a box follows the paragraph that holds
it. Where no table is in the file its pictures are read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from parsers.document import Block, Paragraph, ParseError, Table
from parsers.remarks import Remark, RemarkKind

MOST_PICTURES = 20
_ONE_ABOVE_ANOTHER = re.compile(r"(?<=\d)\s*\n\s*(?=\d{3}(?!\d))")


@dataclass(frozen=True, slots=True)
class Markup:
    """The elements of a kind of file. `gone`: those whose content is not shown; `table_of`: a table by its
    number."""

    paragraphs: frozenset[str]
    table: str
    row: str
    cell: str
    box: str
    gone: frozenset[str]
    pictures: tuple[str, ...]
    text: Callable[[Any], str]
    table_of: Callable[[Any, int], Iterator[Table]]

    def within(self, parent: Any, tags: Collection[str]) -> Iterator[Any]:
        """The elements of these kinds in an element, through all that only wraps them."""
        ends = (self.table, self.row, self.cell)
        for child in parent:
            tag = child.tag
            if tag in tags:
                yield child
            elif isinstance(tag, str) and not (tag in self.gone or tag in self.paragraphs or tag in ends):
                yield from self.within(child, tags)

    def boxes(self, paragraph: Any) -> Iterator[Any]:
        """The text boxes of a paragraph's own, without the copies of them for older programs."""
        return (box for box in paragraph.iter(self.box) if self._is_shown(box, paragraph))

    def _is_shown(self, box: Any, paragraph: Any) -> bool:
        for outer in box.iterancestors():
            if outer is paragraph:
                return True
            if outer.tag in self.gone or outer.tag == self.box:
                return False
        return False


@dataclass(slots=True)
class Pictures:
    """The pictures of a file that has no table: a report that was scanned into it.

    `file`: the word of remarks.csv for it; `bytes_of`: the picture that an element shows, or None.
    """

    file: str
    bytes_of: Callable[[Any], bytes | None]
    remarks: list[Remark]
    read: int = 0

    def blocks(self, element: Any) -> list[Block]:
        """What OCR reads in the picture that an element shows; why there is nothing goes into the
        remarks."""
        from parsers.readers import image, ocr

        picture = self.bytes_of(element)
        if picture is None or not image.claims(picture):
            return []
        self.read += 1
        if self.read > MOST_PICTURES:
            self._remark(RemarkKind.PICTURES_LEFT_OUT, most=MOST_PICTURES)
            return []
        try:
            frames = list(image.frames(picture))
            blocks = [block for frame in frames for block in ocr.read_page(frame, self.read)]
        except ParseError as error:
            self._remark(RemarkKind.PICTURE_NOT_READ, reason=str(error))
            return []
        self._remark(RemarkKind.PICTURES_IN_PLACE_OF_TABLES)
        return blocks

    def _remark(self, kind: RemarkKind, **values: str | int) -> None:
        remark = Remark(kind, {"file": self.file, **values})
        if remark not in self.remarks:
            self.remarks.append(remark)


def blocks_of(body: Any, markup: Markup, pictures: Pictures) -> list[Block]:
    """The blocks of a file's body, in order; with what is read in its pictures where it has no table."""
    blocks = list(_Walk(markup).blocks(body))
    if any(isinstance(block, Table) for block in blocks) or next(body.iter(*markup.pictures), None) is None:
        return blocks
    return list(_Walk(markup, pictures).blocks(body))


@dataclass(slots=True)
class _Walk:
    """The body of a file from its top; the tables are numbered as they come."""

    markup: Markup
    pictures: Pictures | None = None
    tables: int = field(default=0, init=False)

    def blocks(self, parent: Any) -> Iterator[Block]:
        """The blocks within an element, in order."""
        markup = self.markup
        for child in markup.within(parent, (*markup.paragraphs, markup.table)):
            if child.tag in markup.paragraphs:
                yield from self._paragraph(child)
            elif next(child.iterdescendants(markup.table), None) is not None:
                rows = markup.within(child, (markup.row,))
                for cell in (cell for row in rows for cell in markup.within(row, (markup.cell,))):
                    yield from self.blocks(cell)
            else:
                self.tables += 1
                yield from markup.table_of(child, self.tables)

    def _paragraph(self, paragraph: Any) -> Iterator[Block]:
        yield from (Paragraph(line) for line in self.markup.text(paragraph).split("\n") if line.strip())
        if self.pictures is not None:
            for element in paragraph.iter(*self.markup.pictures):
                yield from self.pictures.blocks(element)
        for box in self.markup.boxes(paragraph):
            yield from self.blocks(box)


def one_line(text: str) -> str:
    """One line; where a number stands above three digits, two: 6 above 123 is not 6 123."""
    return "\n".join(" ".join(number.split()) for number in _ONE_ABOVE_ANOTHER.split(text))
