"""The text of a page, with marks for its boxes, breaks and links, as blocks with their traces.

Who walks through a page writes the marks into its text, as `opened` and the constants below have them, and
hands on text and tables in reading order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from parsers.document import Block, Outline, Paragraph, Table, Trace
from parsers.readers.markup.grid import BREAK

OPEN, NAMED, CLOSE, LINK, LINK_END = map(chr, range(0xFDDA, 0xFDDF))
"""Noncharacters of Unicode, which stand for nothing in any text: a box begins, its name ends, it ends; a link
likewise."""
_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_MARKS = f"{OPEN}{CLOSE}{LINK}{LINK_END}{BREAK}"
_PIECES = re.compile(f"{OPEN}([^{OPEN}{NAMED}]*){NAMED}|([{_MARKS}])|([^{_MARKS}]+)")
LARGEST_BOX = 60
"""Cells of a box that tells of an article; a statutory table has more."""
_TOO_DEEP = 256
"""Boxes deeper than this are not told apart: no page is made so, and paths would grow with the depth."""


def opened(name: str) -> str:
    """The mark of a box that begins; `name`: its tag, its class and its id, with a blank between them."""
    return f"{OPEN}{name}{NAMED}"


@dataclass(slots=True)
class Outlined:
    """The blocks of a page in reading order, and what the markup says of them."""

    blocks: list[Block] = field(default_factory=list)
    traces: list[Trace] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)

    @property
    def outline(self) -> Outline:
        """The traces, with the boxes that they name."""
        return Outline(tuple(self.traces), tuple(self.boxes))

    @property
    def has_tables(self) -> bool:
        """Whether a grid is among them that is larger than a box that tells of an article."""
        return any(isinstance(block, Table) and len(block.cells) > LARGEST_BOX for block in self.blocks)

    @property
    def said(self) -> int:
        """How many characters the blocks say."""
        texts = (block.texts if isinstance(block, Table) else (block.text,) for block in self.blocks)
        return sum(sum(map(len, said)) for said in texts)

    def with_text_of(self, other: Outlined) -> Outlined:
        """This page, with the text that one of its scripts holds below it."""
        moved = len(self.boxes)
        traces = [Trace(tuple(moved + box for box in trace.path), trace.linked) for trace in other.traces]
        return Outlined(self.blocks + other.blocks, self.traces + traces, self.boxes + other.boxes)


@dataclass(slots=True)
class Outlining:
    """A walk through a page: what was found, the boxes it is in, and the line it is on."""

    found: Outlined = field(default_factory=Outlined)
    _path: list[int] = field(default_factory=list)
    _below: int = 0
    _line: list[str] = field(default_factory=list)
    _linked: int = 0
    _in_link: bool = False

    def through(self, marked: str) -> None:
        """Goes on through a text with marks."""
        for piece in _PIECES.finditer(marked):
            name, mark, text = piece.groups()
            if text:
                self._line.append(text)
                if self._in_link:
                    self._linked += len("".join(text.split()))
            elif mark in (LINK, LINK_END):
                self._in_link = mark == LINK
            else:
                self.end()
                if mark != BREAK:
                    self._leave() if mark else self._enter(name)

    def table(self, table: Table, linked: int = 0) -> None:
        """A grid that stands here, with so many characters of links in it."""
        self.end()
        self._add(table, linked)

    def end(self) -> None:
        """The line ends here; what it says is a paragraph."""
        if self._line:
            text = _SPACES.sub(" ", "".join(self._line)).strip(" ")
            if text and not text.isspace():
                self._add(Paragraph(text), self._linked)
        self._line, self._linked = [], 0

    def _enter(self, name: str) -> None:
        if len(self._path) >= _TOO_DEEP:
            self._below += 1
            return
        self._path.append(len(self.found.boxes))
        self.found.boxes.append(name)

    def _leave(self) -> None:
        if self._below:
            self._below -= 1
        elif self._path:
            self._path.pop()

    def _add(self, block: Block, linked: int) -> None:
        self.found.blocks.append(block)
        self.found.traces.append(Trace(tuple(self._path), linked))
