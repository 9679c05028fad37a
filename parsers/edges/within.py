"""The blocks of a page that are the report's.

Its own parts are found first: heads and statutory tables or, where it has none, the box that holds its
sentences. The innermost box around them is where it stands. Between its first and last part all is its own
but for what is links, what sites say by convention, and boxes of another kind than those that hold its parts.
Above the first part it goes up to its title; below the last as far as sentences go on in boxes of its kind,
and what its form lets follow there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property

from parsers.document import Document, Outline
from parsers.edges import lines
from parsers.edges.copies import copies_in
from parsers.edges.frame import frame_of
from parsers.edges.page import Box, Page, Piece
from parsers.heading.names import is_body

_FEWEST_HEADS = 2
_FEWEST_CHARS = 20
"""A sentence of a report without heads has at least so many."""
_MOST_OF_PROSE = 0.8
_FLOAT = 0.15
"""A box of its own kind with less than this share of a report may float in it."""
_FURTHEST = 40
"""So many lines below its box nothing is the report's."""
_SAID_IN_FRONT = ("条例", "报告", "公开", "统计")


def within(document: Document) -> Document:
    """The document without what stands beside its report; `before` keeps what stands above it. Without a
    report in it that can be seen, or without a trace of its markup, as it is."""
    if not document.outline.traces:
        return document
    report = _Report.on(Page(document))
    if report is None:
        return document
    kept = list(report.kept())
    own = set(kept)
    above = (piece for piece in report.page.pieces[: report.first] if piece.number not in own)
    outline = Outline(tuple(document.outline.traces[n] for n in kept), document.outline.boxes)
    return replace(
        document,
        blocks=tuple(document.blocks[n] for n in kept),
        outline=outline,
        before=tuple(line for piece in above for line in piece.lines()),
        frame=frame_of(report.around(own)),
    )


def _parts(page: Page) -> list[Piece]:
    """The pieces that are parts of a report for sure, in order."""
    parts = [piece for piece in page.pieces if piece.is_head or piece.is_table]
    if len(parts) >= _FEWEST_HEADS or any(piece.is_table for piece in parts):
        return parts
    prose = [piece for piece in page.pieces if piece.is_prose and piece.chars >= _FEWEST_CHARS]
    return _densest(page, prose)


def _densest(page: Page, prose: Sequence[Piece]) -> list[Piece]:
    """The sentences in the innermost box that holds most of them."""
    held: Counter[int] = Counter()
    for piece in prose:
        held.update(dict.fromkeys(piece.path, piece.chars))
    whole = sum(piece.chars for piece in prose)
    boxes = [number for number, chars in held.items() if chars >= _MOST_OF_PROSE * whole]
    inner = max(boxes, default=None)
    return [piece for piece in prose if inner is None or inner in piece.path]


@dataclass(frozen=True)
class _Report:
    """A report on its page, by its parts; `home` is the path of the innermost box around them."""

    page: Page
    parts: Sequence[Piece]
    home: tuple[int, ...]

    @classmethod
    def on(cls, page: Page) -> _Report | None:
        parts = _parts(page)
        return cls(page, parts, page.in_common(parts)) if parts else None

    @property
    def first(self) -> int:
        return self.parts[0].number

    @property
    def last(self) -> int:
        return self.parts[-1].number

    @cached_property
    def around_parts(self) -> frozenset[int]:
        """The numbers of all boxes that hold a part."""
        return frozenset(number for part in self.parts for number in part.path)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of boxes that hold its parts, or more than once sentences between them."""
        depth = len(self.home)
        kinds = {box.kind for part in self.parts for box in self.page.around(part, depth)}
        between = self.page.pieces[self.first : self.last]
        boxes = {box for piece in between if piece.is_prose for box in self.page.around(piece, depth)}
        holding = Counter(box.kind for box in boxes)
        return frozenset(kinds | {kind for kind, times in holding.items() if times > 1})

    @cached_property
    def is_bare(self) -> bool:
        """Whether parts, or sentences between them, stand in its home with no box of their own."""
        between = self.page.pieces[self.first : self.last]
        bare = (piece for piece in (*self.parts, *between) if piece.path == self.home)
        return any(piece.is_head or piece.is_table or piece.is_prose for piece in bare)

    def is_of_kind(self, piece: Piece) -> bool:
        """Whether a piece stands as the parts stand: in the same home, in boxes of their kinds only."""
        depth = len(self.home)
        if piece.path[:depth] != self.home:
            return False
        boxes = [box for box in self.page.around(piece, depth) if box.number not in self.around_parts]
        if len(piece.path) == depth:
            return self.is_bare
        if self._is_alone(self.page.boxes[piece.path[depth]]):
            return False
        return all(
            box.kind in self.kinds or (box.is_line and box.number != piece.path[depth]) for box in boxes
        )

    def _is_alone(self, box: Box) -> bool:
        """Whether a box in its home holds one line, while those that hold its parts hold several each."""
        if box.is_line or box.first < box.last or box.number in self.around_parts:
            return False
        depth = len(self.home)
        holding = {part.path[depth] for part in self.parts if len(part.path) > depth}
        return all(self.page.boxes[one].first < self.page.boxes[one].last for one in holding)

    @cached_property
    def chars(self) -> int:
        """How much is said from its first part to its last."""
        return sum(piece.chars for piece in self.page.pieces[self.first : self.last + 1])

    def kept(self) -> Iterator[int]:
        """The numbers of the pieces that are the report's."""
        first, last = self.page.title_above(self.first) or (0, -1)
        copies = copies_in(self.page, self.parts) - set(range(first, last + 1))
        found = (*self._above(), *self._between(), *self._below())
        return (number for number in found if number not in copies)

    def around(self, own: Set[int]) -> Iterator[str]:
        """What the boxes are called that stand around it or hold what is not its own."""
        beside = (piece.path for piece in self.page.pieces if piece.number not in own)
        numbers = {*self.home, *(number for path in beside for number in path)}
        return (self.page.boxes[number].kind for number in numbers)

    def _between(self) -> Iterator[int]:
        for piece in self.page.pieces[self.first : self.last + 1]:
            if not self._is_foreign(piece):
                yield piece.number

    def _is_foreign(self, piece: Piece) -> bool:
        """Whether a piece is the site's, wherever it stands: links, a convention, or one in a box that floats
        there."""
        if piece.is_head or piece.is_table:
            return False
        if piece.is_convention or (piece.is_linked and not lines.continues(piece.text)):
            return True
        return any(
            self._is_beside(box) for box in self.page.around(piece) if box.number not in self.around_parts
        )

    def _is_beside(self, box: Box) -> bool:
        """Whether a box without a part is beside the report: of links, of particulars, or set apart and
        small."""
        if box.is_linked and box.linked:
            return True
        pieces = self.page.pieces[box.first : box.last + 1]
        if any(piece.is_convention for piece in pieces) and not any(piece.is_prose for piece in pieces):
            return True
        if box.is_line or box.chars >= _FLOAT * self.chars:
            return False
        if box.is_named and box.kind not in self.kinds:
            return True
        is_said = all(lines.is_of_the_site(piece.text) for piece in pieces)
        return (is_said or self._is_called_as_its_home(box)) and not self._are_beside(box)

    def _is_called_as_its_home(self, box: Box) -> bool:
        """Whether a box is called as the one around it, as where a site has one name for all its boxes."""
        around = self._around(box)
        return around is not None and box.is_named and around.kind == box.kind

    def _around(self, box: Box) -> Box | None:
        path = self.page.pieces[box.first].path
        at = path.index(box.number)
        return self.page.boxes[path[at - 1]] if at else None

    def _are_beside(self, box: Box) -> bool:
        """Whether sentences stand in boxes of this kind beside it, as paragraphs do, or it is not among lines
        of the report at all."""
        around = self._around(box)
        if around is None or around.number not in self.around_parts:
            return True
        depth = self.page.pieces[box.first].path.index(box.number)
        return any(
            piece.is_prose
            and not piece.is_table
            and len(piece.path) > depth
            and piece.path[depth] != box.number
            and self.page.boxes[piece.path[depth]].kind == box.kind
            and not (lines.is_of_the_site(piece.text) or lines.continues(piece.text))
            for piece in self.page.pieces[around.first : around.last + 1]
        )

    def _above(self) -> Iterator[int]:
        """From its title, or else from where sentences begin that go on down to its first part."""
        title = self.page.title_above(self.first)
        start, last = title or (self._start_of_sentences(), -1)
        for piece in self.page.pieces[start : self.first]:
            if piece.number <= last or self._is_said_in_front(piece):
                yield piece.number

    def _start_of_sentences(self) -> int:
        start = self.first
        for piece in reversed(self.page.pieces[: self.first]):
            if piece.path[: len(self.home)] != self.home or not (piece.is_prose or piece.is_head):
                break
            start = piece.number
        return start

    def _is_said_in_front(self, piece: Piece) -> bool:
        """Whether a piece between title and first part is the report's; a box of another kind may hold its
        introduction."""
        if self.is_of_kind(piece):
            told = piece.is_prose or piece.is_head or lines.may_follow_a_title(piece.text)
            return told and not self._is_foreign(piece) and not lines.is_of_the_site(piece.text)
        if piece.is_linked or piece.is_convention or not piece.is_prose:
            return False
        boxes = [box for box in self.page.around(piece) if box.number not in self.around_parts]
        return not any(box.is_linked for box in boxes) and any(word in piece.text for word in _SAID_IN_FRONT)

    def _below(self) -> Iterator[int]:
        """Below its last part: sentences that stand as its parts do, and what its form lets follow.

        A line that is no sentence is the report's when one follows it.
        """
        said, is_signed = self.parts[-1].is_table or self.parts[-1].is_prose, False
        beside, waiting, is_named, is_apart = 0, list[int](), False, False
        above, opened = self.parts[-1], set[int]()
        for piece in self.page.pieces[self.last + 1 :]:
            beside = 0 if piece.path[: len(self.home)] == self.home else beside + 1
            if beside > _FURTHEST or lines.is_end(piece.text):
                return
            if self._is_foreign(piece) or lines.is_of_the_site(piece.text):
                is_apart = True
                opened |= self._opened_by(piece)
                continue
            if lines.is_stamp(piece.text) and not is_named:
                continue
            stands = self.is_of_kind(piece) or self._is_sibling(piece, is_apart)
            follows = self._follows(piece)
            if opened.intersection(piece.path) and not follows:
                continue
            if stands and not (is_signed and piece.is_line):
                if said and not (follows or piece.is_prose or piece.is_table or self._goes_on(piece, above)):
                    waiting.append(piece.number)
                    continue
            elif not ((follows or (not said and piece.is_prose)) and not self._is_among_others(piece)):
                continue
            yield from waiting if piece.is_prose or follows else ()
            waiting.clear()
            is_apart, above = False, piece
            said, is_named = said or piece.is_prose or stands, is_body(piece.text)
            is_signed = lines.is_signature(piece.text) or (is_signed and not lines.continues(piece.text))
            yield piece.number

    def _opened_by(self, piece: Piece) -> set[int]:
        """The boxes that begin with a piece of the site, as comments do with their title: what they hold is
        the site's."""
        around = (box for box in self.page.around(piece) if box.number not in self.around_parts)
        return {box.number for box in around if box.first == piece.number and not box.is_line}

    def _goes_on(self, piece: Piece, above: Piece) -> bool:
        """Whether a line that is no sentence goes on right below what is the report's, in boxes as it and as
        long as one."""
        depth = len(self.home)
        kinds = [[box.kind for box in self.page.around(one, depth)] for one in (piece, above)]
        goes_on = piece.number == above.number + 1 and above.path[:depth] == piece.path[:depth] == self.home
        return goes_on and kinds[0] == kinds[1] and lines.may_be_said(piece.text)

    def _follows(self, piece: Piece) -> bool:
        """Whether a piece is what the form lets follow; how to reach the site stands right above its foot."""
        if lines.is_contact(piece.text) and self._is_of_a_foot(piece):
            return False
        return lines.continues(piece.text) or is_body(piece.text)

    def _is_of_a_foot(self, piece: Piece) -> bool:
        """Whether the next line but contacts is one of the foot, in the same box."""
        for other in self.page.pieces[piece.number + 1 :]:
            if not lines.is_contact(other.text):
                return lines.is_end(other.text) and other.path[:-1] == piece.path[:-1]
        return False

    def _is_among_others(self, piece: Piece) -> bool:
        """Whether a piece outside stands in one box with links or conventions, as an address does in a
        foot."""
        beside = [box for box in self.page.around(piece) if box.number not in self.around_parts]
        pieces = self.page.pieces[beside[0].first : beside[0].last + 1] if beside else []
        return any(other.is_linked or other.is_convention for other in pieces)

    def _is_sibling(self, piece: Piece, is_apart: bool) -> bool:
        """Whether a piece stands in a box beside the report's that is called the same, and right below what
        is its own; where neither has a name, for sentences alone that it begins with."""
        depth = len(self.home) - 1
        if depth < 0 or piece.path[:depth] != self.home[:depth] or len(piece.path) <= depth:
            return False
        boxes = self.page.boxes
        beside, own = boxes[piece.path[depth]], boxes[self.home[depth]]
        begins = self.page.pieces[beside.first]
        is_said = piece.is_prose and (begins.is_prose or lines.continues(begins.text))
        return beside.name == own.name and not is_apart and (own.is_named or is_said)
