"""A page as its pieces, in reading order, with what each is and what the boxes around it hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, takewhile

from parsers.codebook import forms
from parsers.document import Block, Document, Outline, Table
from parsers.edges import lines
from parsers.forms import forms_cache
from parsers.heading.headings import is_title
from parsers.words.chars import compact
from parsers.words.labels import fold

_LINKED = 0.5
"""The share of a piece, or of a box, from which it is links."""
_DATES = re.compile(r"[\[(]?(?:20\d\d[-./年])?\d{1,2}[-./月]\d{1,2}日?[)\]]?")
_FEWEST_CELLS = 12
_OF_THE_FORM = re.compile(
    "信息公开|申请|规章|规范性文件|行政许可|行政处罚|复议|诉讼|公开|收费|结转|结果维持|结果纠正|尚未审结|总计"
)
_FEWEST_WORDS = 3
_DIGITS = re.compile(r"\d+")
_LONGEST_TITLE, _LINES_OF_A_TITLE = 90, 4
_LINES = frozenset(
    (
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "dt",
        "dd",
        "tbody",
        "tr",
        "td",
        "th",
        "span",
        "center",
        "pre",
    )
)
"""Tags of lines; what is set apart from them is a box of its own."""


@forms_cache()
def _names_of_rows() -> frozenset[str]:
    """Of all forms: a list of another generation may use no word of ours."""
    return frozenset(name for form in forms().values() for name in form.row_names if len(name) > 1)


@dataclass(frozen=True)
class Piece:
    """One block with its trace. `text` is compact; `linked` the share of it that is words of links."""

    number: int
    block: Block
    path: tuple[int, ...]
    text: str
    linked: float

    @property
    def chars(self) -> int:
        """How many characters it says."""
        return len(self.text)

    def lines(self) -> Iterator[str]:
        """Its lines as printed: the rows of a grid, or the one text."""
        if isinstance(self.block, Table):
            yield from (" ".join(cell.text for cell in row) for row in self.block.rows())
        else:
            yield self.block.text

    @cached_property
    def is_table(self) -> bool:
        """Whether it is a grid of the form."""
        if not isinstance(self.block, Table) or len(self.block.texts) < _FEWEST_CELLS or self.is_linked:
            return False
        if len(set(_OF_THE_FORM.findall(self.text))) >= _FEWEST_WORDS:
            return True
        return len(_names_of_rows().intersection(map(fold, self.block.texts))) >= _FEWEST_WORDS

    @property
    def is_linked(self) -> bool:
        """Whether it is links more than anything else."""
        return self.linked >= _LINKED

    @property
    def is_line(self) -> bool:
        """Whether it is one text; a grid of one cell is."""
        return not isinstance(self.block, Table) or len(self.block.texts) == 1

    @cached_property
    def is_head(self) -> bool:
        """Whether it is, or begins with, a head of the form."""
        return self.is_line and not self.is_linked and lines.is_head(self.text)

    @cached_property
    def is_convention(self) -> bool:
        """Whether sites say this around any article."""
        if self.is_head or self.is_table:
            return False
        texts = (self.text,) if self.is_line else (compact(text) for text in self.block.texts)  # type: ignore[union-attr]
        return any(map(lines.is_convention, texts))

    @cached_property
    def is_prose(self) -> bool:
        """Whether it says something in a sentence of its own."""
        return not self.is_linked and not self.is_convention and lines.is_sentence(self.text)


@dataclass(frozen=True)
class Box:
    """What an element of the page holds: its pieces from `first` to `last`, and how much of them is links."""

    number: int
    name: str
    first: int
    last: int
    chars: int
    linked: float

    @property
    def tag(self) -> str:
        """The name of its tag."""
        return self.name.split(" ", 1)[0]

    @property
    def is_line(self) -> bool:
        """Whether it is a line or a cell, and sets nothing apart from others."""
        return self.tag in _LINES

    @property
    def kind(self) -> str:
        """What boxes of its kind have in common: all that the tag says but numbers, of lines its name
        alone."""
        return self.tag if self.is_line else _DIGITS.sub("#", self.name)

    @property
    def is_named(self) -> bool:
        """Whether it is set apart from the lines around it, by a class or an id."""
        return not self.is_line and len(self.name.split()) > 1

    @property
    def is_linked(self) -> bool:
        """Whether it holds links more than anything else."""
        return self.linked >= _LINKED * self.chars


class Page:
    """The pieces of a page and its boxes by number."""

    def __init__(self, document: Document) -> None:
        self.pieces = list(_pieces(document))
        self.boxes = _Boxes(self.pieces, document.outline)

    def around(self, piece: Piece, depth: int = 0) -> list[Box]:
        """The boxes around a piece from a depth on, outermost first."""
        return [self.boxes[number] for number in piece.path[depth:]]

    def title_above(self, end: int) -> tuple[int, int] | None:
        """The first and the last of the lines of the title that stands last above a piece; None without
        one."""
        for last in range(end - 1, -1, -1):
            joined = ""
            if self.pieces[last].is_convention or lines.is_stamp(self.pieces[last].text):
                continue
            for first in range(last, max(-1, last - _LINES_OF_A_TITLE), -1):
                piece = self.pieces[first]
                joined = piece.text + joined
                if piece.is_linked or not piece.is_line or len(joined) > _LONGEST_TITLE or piece.is_prose:
                    break
                if "报" in joined and is_title(joined):
                    return first, last
        return None

    def in_common(self, pieces: Iterable[Piece]) -> tuple[int, ...]:
        """The path of the innermost box that holds all these pieces as lines of its own or in boxes of it."""
        common, *others = (piece.path for piece in pieces)
        for path in others:
            same = takewhile(lambda pair: pair[0] == pair[1], zip(common, path, strict=False))
            common = tuple(number for number, _ in same)
        while common and self.boxes[common[-1]].tag in _LINES - {"td", "th"}:
            common = common[:-1]
        return common


def _pieces(document: Document) -> Iterator[Piece]:
    for number, (block, trace) in enumerate(zip(document.blocks, document.outline.traces, strict=True)):
        text = compact("".join(block.texts) if isinstance(block, Table) else block.text)
        yield Piece(number, block, trace.path, text, _share(trace.linked, text) if trace.linked else 0.0)


def _share(linked: int, text: str) -> float:
    """How much of a text is links; the date beside one belongs to it."""
    return min(1.0, linked / max(1, len(_DATES.sub("", text))))


class _Boxes(dict[int, Box]):
    """The boxes by number, each made when it is asked for: most pages have more of them than their report."""

    def __init__(self, pieces: list[Piece], outline: Outline) -> None:
        super().__init__()
        self._names = outline.boxes
        self._first: dict[int, int] = {}
        self._last: dict[int, int] = {}
        before: tuple[int, ...] = ()
        for piece in pieces:
            for number in piece.path if piece.path != before else ():
                self._first.setdefault(number, piece.number)
            before = piece.path
            self._last.update(dict.fromkeys(before, piece.number))
        self._chars = [0, *accumulate(piece.chars for piece in pieces)]
        self._linked = [0.0, *accumulate(piece.linked * piece.chars for piece in pieces)]

    def __missing__(self, number: int) -> Box:
        first, last = self._first[number], self._last[number]
        chars = self._chars[last + 1] - self._chars[first]
        linked = self._linked[last + 1] - self._linked[first]
        box = self[number] = Box(number, self._names[number], first, last, chars, linked)
        return box
