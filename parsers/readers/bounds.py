"""Markup within bounds, before a parser of HTML meets it: attributes of a tag, depth, and all that a tree
would take.

Parsers of HTML look at all attributes of a tag for each of them, at all open elements for each paragraph, and
repeat all open formats in each of them: a few hundred kilobytes take minutes, in C, where no signal reaches.
One pass over the tags, linear in the length, leaves out what is too much. Almost every page is shown to be
within bounds by a look at a few of its bytes, and is given back as it is, the same object.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import AnyStr, Generic, NamedTuple, cast

from parsers.remarks import Remark, RemarkKind

MOST_ATTRIBUTES = 256
"""Of one tag. The most that was seen on a page of a government is 31; the work grows with the square of
it."""
DEEPEST = 512
"""Open elements. Editors nest 40, broken pages leave some hundred open; libxml2 drops what is deeper than
2,048."""
MORE_FOR_TABLES = 64
"""By so much tables, rows and cells may be deeper: what only wraps them is left out first."""
MOST_FORMATS = 32
"""Open elements such as `b` and `font`, which parsers of HTML5 begin anew in each paragraph."""
MOST_WORK = 2_000_000
"""Elements of a page, each counted once more for every format that is open around it, and for every 64
elements. A page of 60 reports as Word writes them has 150,000; a tree of so many takes 400 MB."""
_WINDOW = 4096
"""Bytes: what ends within two of these has so few attributes that a parser in C is done in milliseconds."""
_SMALL = 4096  # bytes that hold too little to matter
_STRIDE = 8192  # bytes in which tags are counted together
_DEPTH_OF_ONE = 64
_GIVEN = frozenset((*"= \t\n\r\f\0", *b"= \t\n\r\f\0"))
"""What stands before the quotation mark that begins a value."""


class Cut(StrEnum):
    """What was left out of markup."""

    ATTRIBUTES = "attributes"
    DEPTH = "depth"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class Bounded(Generic[AnyStr]):
    """Markup that a parser can be given, and how much of what was left out: attributes, tags, characters
    (bytes)."""

    markup: AnyStr
    cuts: tuple[tuple[Cut, int], ...] = ()

    @property
    def remarks(self) -> list[Remark]:
        """What was left out."""
        return [_remark(cut, count) for cut, count in self.cuts]


def _remark(cut: Cut, count: int) -> Remark:
    match cut:
        case Cut.ATTRIBUTES:
            return Remark(RemarkKind.ATTRIBUTES_LEFT_OUT, {"most": MOST_ATTRIBUTES, "count": count})
        case Cut.DEPTH:
            return Remark(RemarkKind.TAGS_LEFT_OUT, {"count": count})
        case Cut.WORK:
            return Remark(RemarkKind.ELEMENTS_LEFT_OUT, {"count": count})


def bounded(markup: AnyStr, deepest: int = DEEPEST, *, closely: bool = False) -> Bounded[AnyStr]:
    """Markup within bounds; the same object where it is within them already.

    Text is never lost with attributes or tags: it stands where it stood. `closely`: each tag is looked at, as
    is worth its time before a parser that is not written in C.
    """
    if len(markup) <= _SMALL or (not closely and _is_within(markup, deepest)):
        return Bounded(markup)
    if isinstance(markup, bytes):
        passed = _Pass(markup, deepest)
        whole = passed.run()
        return Bounded(markup) if whole is None else Bounded(whole, passed.cuts())
    passed = _Pass(markup.encode("utf-8", "surrogatepass"), deepest)
    whole = passed.run()
    if whole is None:
        return Bounded(markup)
    return Bounded(whole.decode("utf-8", "surrogatepass"), passed.cuts())


def _is_within(markup: AnyStr, deepest: int) -> bool:
    """Whether a look at a few bytes shows that nothing has to be left out. False proves nothing."""
    marks = _IN_TEXT if isinstance(markup, str) else _IN_BYTES
    tags = markup.count(marks.begin)
    few = tags * tags <= 4 * MOST_WORK  # even where half of them repeat the other half
    return _tags_end(markup, marks) and (few or _is_shallow(markup, marks, deepest))


class _Marks(NamedTuple, Generic[AnyStr]):
    """The signs of markup, in text or in bytes."""

    begin: AnyStr
    end: AnyStr
    closing: AnyStr
    quotes: tuple[AnyStr, ...]
    never_open: tuple[AnyStr, ...]
    """Begins of what holds no elements, and is often met."""
    parts: re.Pattern[AnyStr]
    """What stands between attributes, more often than there are attributes."""
    tag: re.Pattern[AnyStr]


_NEVER_OPEN = ("<!", "<br>", "<br/", "<br ", "<img ")
_PARTS, _TAG = r"[ \t\n\r\f/\"'=]+", r"</?[a-zA-Z]"
_IN_TEXT = _Marks("<", ">", "</", ('"', "'"), _NEVER_OPEN, re.compile(_PARTS), re.compile(_TAG))
_IN_BYTES = _Marks(
    b"<",
    b">",
    b"</",
    (b'"', b"'"),
    tuple(tag.encode() for tag in _NEVER_OPEN),
    re.compile(_PARTS.encode()),
    re.compile(_TAG.encode()),
)


def _tags_end(markup: AnyStr, marks: _Marks[AnyStr]) -> bool:
    """Whether no tag can have too many attributes: in each window stands the end of one that no quotation
    mark hides."""
    before, place, length = 0, _WINDOW, len(markup)
    while before < length:
        end = markup.find(marks.end, place, place + _WINDOW)
        if end < 0:
            last = markup.rfind(marks.end, before, place)
            if last >= 0 and _is_hidden(markup, before, last, marks):
                return False
            before, end = max(before, last + 1), markup.find(marks.end, place)
            if not _is_text(markup, before, end if end >= 0 else length, marks):
                return False
            if end < 0:
                return True
        if _is_hidden(markup, before, end, marks):
            return False
        before, place = end + 1, max(end + 1, place + _WINDOW)
    return True


def _is_hidden(markup: AnyStr, before: int, end: int, marks: _Marks[AnyStr]) -> bool:
    """Whether the end of a tag may stand in a value: the last quotation mark before it is the first of its
    value."""
    for quote in marks.quotes:
        last = markup.rfind(quote, before, end)
        if last > 0 and markup[last - 1] in _GIVEN:
            return True
    return False


def _is_text(markup: AnyStr, before: int, end: int, marks: _Marks[AnyStr]) -> bool:
    """Whether what has no end of a tag for so long is text, or a tag with a long value."""
    begin = marks.tag.search(markup, before, end)
    if begin is None or end - begin.start() < MOST_ATTRIBUTES:
        return True
    parts = sum(1 for _ in marks.parts.finditer(markup, begin.start(), end))
    return parts < MOST_ATTRIBUTES


def _is_shallow(markup: AnyStr, marks: _Marks[AnyStr], deepest: int) -> bool:
    """Whether so few elements are open at once, by a count of tags, that even all of them open would do no
    harm."""
    for never_open in ((), marks.never_open):
        tags, most = _tags_and_open(markup, marks, never_open)
        if tags * most <= MOST_WORK and most <= 2 * deepest:
            return True
    return False


def _tags_and_open(markup: AnyStr, marks: _Marks[AnyStr], never_open: tuple[AnyStr, ...]) -> tuple[int, int]:
    """How many tags there are, and how many elements may be open at once at most."""
    tags = open_ = most = 0
    for place in range(0, len(markup), _STRIDE):
        stop = place + _STRIDE
        begun = markup.count(marks.begin, place, stop)
        begun -= sum(markup.count(tag, place, stop) for tag in never_open)
        ended = markup.count(marks.closing, place, stop + 1)
        most = max(most, open_ + begun - ended)
        open_ = max(0, open_ + begun - 2 * ended)
        tags += begun
    return tags, most


_NAME = rb"[a-zA-Z][^ \t\n\r\f/>]*+"
_VALUE = rb"""(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^ \t\n\r\f>"'][^ \t\n\r\f>]*+)"""
_ATTRIBUTE = rb"[ \t\n\r\f/]*+[^ \t\n\r\f/>][^ \t\n\r\f/>=]*+(?:[ \t\n\r\f]*+=[ \t\n\r\f]*+%b?+)?+" % _VALUE
_BEGIN = re.compile(rb"<(?:(/?)(%b)|(!--))" % _NAME)
_KEPT = re.compile(rb"(?:%b){0,%d}+" % (_ATTRIBUTE, MOST_ATTRIBUTES))
_ONE = re.compile(_ATTRIBUTE)
_REST = re.compile(rb"(?:%b)*+" % _ATTRIBUTE)
_END = re.compile(rb"[ \t\n\r\f/]*+>?+")
_END_OF_COMMENT = re.compile(rb"(?<=<!--)-?>|--!?>")
_RAW = b"script style textarea title xmp iframe noembed noframes".split()
_END_OF_RAW = {name: re.compile(rb"</%b(?=[ \t\n\r\f/>])" % name, re.IGNORECASE) for name in _RAW}
_FOREIGN = frozenset((b"svg", b"math", b"select", b"frameset"))
"""Within these the content of no element is raw."""
_VOID = frozenset(b"area base br col embed hr img input link meta param source track wbr".split())
_FORMATS = frozenset(b"b big code em font i nobr s small strike strong tt u".split())
_TABLES = frozenset(b"table thead tbody tfoot tr td th caption".split())
_WALLS = frozenset(b"td th caption table button object marquee applet template svg math select".split())
"""An end tag within these ends nothing that was begun outside of them."""
_ENDED_BY = {
    name: frozenset(others.split())
    for name, others in (
        (b"p", b"p"),
        (b"li", b"li"),
        (b"option", b"option"),
        (b"td", b"td th"),
        (b"th", b"td th"),
        (b"tr", b"tr td th"),
        (b"dd", b"dd dt"),
        (b"dt", b"dd dt"),
        (b"a", b"a"),
    )
}
"""What the start tag of an element ends, where it is the innermost."""
_IMPLIED = {(b"table", b"tr"): 1, (b"table", b"td"): 2, (b"table", b"th"): 2} | {
    (group, cell): 1 for group in (b"thead", b"tbody", b"tfoot") for cell in (b"td", b"th")
}
"""How many elements a parser of HTML5 puts between a table and what stands in it, without their tags."""


@dataclass(slots=True)
class _Pass:
    """One pass over the tags of a page."""

    page: bytes
    deepest: int
    _parts: list[bytes] = field(default_factory=list, init=False)
    _done: int = field(default=0, init=False)
    _left_out: dict[Cut, int] = field(default_factory=dict, init=False)
    _open: list[tuple[bytes, int]] = field(default_factory=list, init=False)
    """Names of open elements, and by how much each makes the tree deeper: 0 where its tag was left out."""
    _places: dict[bytes, list[int]] = field(default_factory=dict, init=False)
    _walls: list[int] = field(default_factory=list, init=False)
    _deep: int = field(default=0, init=False)
    _formats: int = field(default=0, init=False)
    _work: int = field(default=0, init=False)
    _foreign: bool = field(default=False, init=False)
    _endless: set[bytes] = field(default_factory=set, init=False)
    """What has no end in the rest of the page: nobody looks for it twice."""

    def run(self) -> bytes | None:
        """The page without what is too much; None where nothing is."""
        end = self._tags()
        if end < len(self.page):
            self._left_out[Cut.WORK] = len(self.page) - end
        if not self._left_out:
            return None
        return b"".join((*self._parts, self.page[self._done : end]))

    def cuts(self) -> tuple[tuple[Cut, int], ...]:
        """What was left out, and how much."""
        return tuple((cut, self._left_out[cut]) for cut in Cut if cut in self._left_out)

    def _tags(self) -> int:
        """Looks at all tags; where the page has to end."""
        place = 0
        while (begin := _BEGIN.search(self.page, place)) is not None:
            if begin[3]:
                place = self._after_comment(begin.end())
                continue
            if self._work > MOST_WORK:
                return begin.start()
            name, kept, rest = begin[2].lower(), *self._attributes(begin.end())
            place = cast(re.Match[bytes], _END.match(self.page, rest)).end()
            if not (self._end_tag(name) if begin[1] else self._start_tag(name)):
                self._leave_out(begin.start(), place, b"\n", Cut.DEPTH, 1)
            elif kept < rest:
                count = sum(1 for _ in _ONE.finditer(self.page, kept, rest))
                self._leave_out(kept, rest, b"", Cut.ATTRIBUTES, count)
            if not begin[1] and name in _END_OF_RAW and not self._foreign:
                place = self._after_raw(name, place)
        return len(self.page)

    def _leave_out(self, start: int, end: int, instead: bytes, cut: Cut, count: int) -> None:
        self._parts += (self.page[self._done : start], instead)
        self._done = end
        self._left_out[cut] = self._left_out.get(cut, 0) + count

    def _attributes(self, place: int) -> tuple[int, int]:
        """The ends of the attributes that a tag may have, and of all that it has."""
        kept = cast(re.Match[bytes], _KEPT.match(self.page, place)).end()
        return kept, cast(re.Match[bytes], _REST.match(self.page, kept)).end()

    def _after_comment(self, place: int) -> int:
        """Behind a comment; one without an end is read as a page."""
        found = self._next(b"--", _END_OF_COMMENT, place)
        return found.end() if found else place

    def _after_raw(self, name: bytes, place: int) -> int:
        """Behind the content of a script and the like, in which there are no tags."""
        found = self._next(name, _END_OF_RAW[name], place)
        return found.start() if found else len(self.page)

    def _next(self, kind: bytes, end: re.Pattern[bytes], place: int) -> re.Match[bytes] | None:
        """The next end of this kind, if there is one."""
        found = None if kind in self._endless else end.search(self.page, place)
        if found is None:
            self._endless.add(kind)
        return found

    def _start_tag(self, name: bytes) -> bool:
        """Counts an element; whether its tag may stay."""
        self._work += 1
        if name in _VOID:
            return True
        ended = _ENDED_BY.get(name)
        while ended and self._open and self._open[-1][0] in ended:
            self._close(len(self._open) - 1)
        self._foreign = self._foreign or name in _FOREIGN
        stays = self._deep < (self.deepest + MORE_FOR_TABLES if name in _TABLES else self.deepest)
        stays = stays and not (name in _FORMATS and self._formats >= MOST_FORMATS)
        self._places.setdefault(name, []).append(len(self._open))
        if name in _WALLS:
            self._walls.append(len(self._open))
        deeper = 1 + _IMPLIED.get((self._open[-1][0], name), 0) if self._open else 1
        self._open.append((name, deeper if stays else 0))
        self._work += stays and self._formats + self._deep // _DEPTH_OF_ONE
        self._deep += self._open[-1][1]
        self._formats += stays and name in _FORMATS
        return stays

    def _end_tag(self, name: bytes) -> bool:
        """Closes an element; whether the tag may stay: that of one which was left out may not."""
        places = self._places.get(name)
        if not places or places[-1] < self._wall_for(name):
            return True
        stays = self._open[places[-1]][1] > 0
        self._close(places[-1])
        return stays

    def _wall_for(self, name: bytes) -> int:
        if name in _TABLES or name in _WALLS:
            return 0 if name not in _TABLES or name == b"table" else (self._places.get(b"table") or [0])[-1]
        return self._walls[-1] if self._walls else 0

    def _close(self, place: int) -> None:
        """Closes the element of this place and all within it."""
        while len(self._open) > place:
            name, deeper = self._open.pop()
            self._places[name].pop()
            if self._walls and self._walls[-1] == len(self._open):
                self._walls.pop()
            self._deep -= deeper
            self._formats -= deeper > 0 and name in _FORMATS
