"""What a reader makes of any container: an ordered run of paragraphs and tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from parsers.remarks import Remark, messages
from parsers.visible import Doubt


class Container(StrEnum):
    """The kind of file, told by its content and never by its name."""

    HTML = "html"
    TEXT = "text"
    PDF = "pdf"
    DOCX = "docx"
    DOC = "doc"
    RTF = "rtf"
    XLSX = "xlsx"
    XLS = "xls"
    ODT = "odt"
    ODS = "ods"
    ZIP = "zip"
    IMAGE = "image"


class ParseError(Exception):
    """A file that cannot be read; the message names the place and the remedy in one line."""


class Cell(NamedTuple):
    """One cell of a grid: its text, where its upper left corner stands, and where it was read."""

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    place: str = ""


@dataclass(frozen=True)
class Table:
    """A grid of cells in reading order; a cell that spans is there once."""

    cells: tuple[Cell, ...]
    place: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """What the cells say."""
        return tuple([cell.text for cell in self.cells])

    def rows(self) -> list[list[Cell]]:
        """The cells by row, each row in reading order; a row without a cell of its own is left out."""
        rows: dict[int, list[Cell]] = {}
        for cell in self.cells:
            rows.setdefault(cell.row, []).append(cell)
        return [rows[number] for number in sorted(rows)]


class Paragraph(NamedTuple):
    """A run of text that the source sets apart: a paragraph, a heading, a line."""

    text: str
    place: str = ""


Block = Paragraph | Table


class Trace(NamedTuple):
    """Where a block stands in the markup: the numbers of the boxes around it, outermost first, and how many
    of its characters are words of links."""

    path: tuple[int, ...]
    linked: int = 0


@dataclass(frozen=True, slots=True)
class Outline:
    """The markup around the blocks of a page: a trace for each, and by its number what the tag of each box
    says of itself (its name, its class, its id), which is compared and never looked up."""

    traces: tuple[Trace, ...] = ()
    boxes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One file as a reader gives it. `titles` are candidates, best first; `meta` is as declared.

    `linked` are the lines, without white space, that lead to other reports: they are no titles of this one.
    `coarse`: pages of pictures with so few dots that digits may be misread. `outline`: of a page, what the
    markup says of its blocks; empty for other files. `before`: what a page says above its report.
    `frame`: what stands around it, as one word (parsers.edges.frame).
    """

    container: Container
    blocks: tuple[Block, ...]
    titles: tuple[str, ...] = ()
    meta: dict[str, list[str]] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    linked: frozenset[str] = frozenset()
    coarse: frozenset[int] = frozenset()
    doubts: Mapping[str, tuple[Doubt, ...]] = field(default_factory=dict)
    outline: Outline = Outline()
    before: tuple[str, ...] = ()
    frame: str = ""

    @property
    def warnings(self) -> tuple[str, ...]:
        """The remarks in English."""
        return messages(self.remarks)
