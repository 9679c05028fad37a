"""What a reader makes of any container: an ordered run of paragraphs and tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import repeat
from typing import NamedTuple


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


Slot = tuple[int, int, int, int, str]
"""All that a cell has but its text."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """What grids of the same form have in common: all but the figures. Each is there once, and equal to no other.

    `columns`: the slots of the cells, turned: all rows, all columns, … `words`: the text of each cell that holds any,
    None where a number in plain digits, a dash or nothing stands. `kept`: where cells were left out, which were not.
    """

    columns: tuple[tuple[int | str, ...], ...]
    words: tuple[str | None, ...]
    kept: tuple[bool, ...] = ()


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


class LaidOutTable(Table):
    """A table of a known layout, from the texts of its cells; these are made when somebody asks for them."""

    texts: tuple[str, ...] = ()
    layout: Layout

    def __init__(self, texts: tuple[str, ...], layout: Layout, place: str) -> None:
        self.__dict__.update(texts=texts, layout=layout, place=place)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The cells in reading order."""
        slots = zip(self.texts, *self.layout.columns, strict=True)
        return tuple(map(tuple.__new__, repeat(Cell), slots))


class Paragraph(NamedTuple):
    """A run of text that the source sets apart: a paragraph, a heading, a line."""

    text: str
    place: str = ""


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Document:
    """One file as a reader gives it. `titles` are candidates, best first; `meta` is as declared.

    `linked` are the lines, without white space, that lead to other reports: they are no titles of this one. `torn`: tags
    are damaged in its tables, so that browsers may show other cells. `coarse`: pages of pictures with so few dots that
    digits may be misread.
    """

    container: Container
    blocks: tuple[Block, ...]
    titles: tuple[str, ...] = ()
    meta: dict[str, list[str]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    linked: frozenset[str] = frozenset()
    torn: bool = False
    coarse: frozenset[int] = frozenset()
