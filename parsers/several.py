"""Where one report ends and the next begins in a file of several: at a title of another body or year, or
where heads
or tables come again."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from parsers.heading.families import TitleKind, classify
from parsers.heading.headings import is_title
from parsers.heading.names import is_body, issuer_in, year_in
from parsers.records import Section
from parsers.remarks import Remark, RemarkKind
from parsers.sections import split
from parsers.tables.flat.lines import VALUE, WORDS, Line
from parsers.tables.recognise import Segment, segments_of
from parsers.words.chars import compact, without_space
from parsers.words.text import without_markup

_CLOSES = re.compile(r"(?:报告|年报)(?:的通知|[(（\[][^()（）]{1,16}[)）\]])?\s*$")
_NAMED = r"(?:报告|年报)(?:[(（][^()（）]{1,16}[)）])?"
_AFTER_SENTENCE = re.compile(r"(.+[。；！])\s*([^。；！，]{8,80}" + _NAMED + r"\s*)")
_SET_APART = re.compile(r"(?<!\S)[^\s。；！，]{8,80}" + _NAMED + r"(?!\S)")
_WITHOUT_ENDS = 300
_APPENDED = re.compile(r"^\s*附[件录]?\s*\d{0,2}\s*[:：.、]?\s*")
_YEAR = re.compile(r"[(（]?20\d{2}年?度?[)）]?")
_OPENING = re.compile(
    r"统计期[限间]|编制(?:了)?(?:本|此|\d{4})[年份度]*报告|本(?:年度)?报告(?:由|包括|的?编制|共)|公开条例》.*(?:报告|公布)"
)
_SENTENCE = re.compile(r"[。；;！!？?，,|]")
_LONGEST, _LINES_OF_A_TITLE = 90, 4
_SOME_WORDS = 10
_NUMERALS = tuple("一二三四五六七八九十")
HEADS = 2
"""So many parts with something in them make a report that has no table."""


@dataclass(frozen=True, slots=True)
class Part:
    """The lines of one report and its tables; `remarks` say where its border is not sure."""

    lines: list[Line]
    segments: list[Segment]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class _Title:
    """A line, or some on end, that can be the title of a report."""

    start: int
    text: str
    year: int | None
    issuer: str | None

    def denies(self, other: _Title) -> bool:
        """Whether both cannot be of one report: they name two years, or two bodies."""
        if self.year and other.year and self.year != other.year:
            return True
        one, two = compact(self.issuer or ""), compact(other.issuer or "")
        return one not in two and two not in one


@dataclass(slots=True)
class _Held:
    """What a stretch of lines holds of a report: tables with their rows, and heads with something below
    them."""

    tables: dict[str, set[str]] = field(default_factory=dict)
    heads: set[str] = field(default_factory=set)
    numbers: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.tables) or len(self.heads) >= HEADS

    def comes_again(self, later: _Held) -> bool:
        """Whether what is held here is there once more in `later`."""
        tables = (
            not (rows and later.tables[table]) or not rows.isdisjoint(later.tables[table])
            for table, rows in self.tables.items()
            if table in later.tables
        )  # one that has other rows there goes on below a title that stands on every page
        return any(tables) or len(self.heads & later.heads) >= HEADS

    def begins_like(self, later: _Held) -> bool:
        """Whether the first head, 一, stands here and in `later`."""
        return 0 in self.numbers and 0 in later.numbers

    def goes_on(self, later: _Held) -> bool:
        """Whether the numbers of the heads go on in `later`: 一 and 二 here, 三 there."""
        return bool(self.numbers and later.numbers) and min(later.numbers) > max(self.numbers)

    def add(self, other: _Held) -> None:
        """Take in what the next stretch holds."""
        for table, rows in other.tables.items():
            self.tables[table] = self.tables.get(table, set()) | rows
        self.heads |= other.heads
        self.numbers += other.numbers


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The lines from a title to the next; the first has none above it."""

    title: _Title | None
    start: int
    lines: list[Line]


def parts_of(lines: list[Line], titles: Sequence[str] = (), linked: Collection[str] = ()) -> list[Part]:
    """The reports that these lines hold, one at least. `titles`: of the file; `linked`: lines that lead
    elsewhere."""
    lines = [piece for line in lines for piece in _at_titles(line)]
    naming = _naming(lines)
    if any(map(_goes_on, naming.values())):
        lines = list(_apart(lines, naming))
        naming = _naming(lines)
    found = [
        title for title in _titles(lines, naming) if without_space(lines[title.start].text) not in linked
    ]
    starts = _starts(_stretches(lines, found), titles) if found else {0: ()}
    parts = []
    for start, end in pairwise([*starts, len(lines)]):
        first, *others = _by_table(lines[start:end])
        parts += [replace(first, remarks=starts[start]) if starts[start] else first, *others]
    return parts


def heads_twice(sections: Sequence[Section]) -> bool:
    """Whether the heads that begin a report stand there twice, with words of their own each time."""
    numbers = [section.number for section in sections if len(section.text) >= _SOME_WORDS]
    return all(numbers.count(number) > 1 for number in "一二")


def _at_titles(line: Line) -> Iterable[Line]:
    """A text that lost the ends of its lines, taken apart at the titles that blanks set apart in it."""
    if len(line.raw) < _WITHOUT_ENDS or line.shape != WORDS or "报" not in line.raw:
        return (line,)
    whole = [title for title in _SET_APART.finditer(line.raw) if _is_whole(title[0])]
    edges = [0, *(edge for title in whole for edge in title.span()), len(line.raw)]
    pieces = (line.raw[start:end].strip() for start, end in pairwise(edges))
    return [Line((line.cells[0]._replace(text=piece),), WORDS, None, piece) for piece in pieces if piece]


def _naming(lines: Sequence[Line]) -> dict[int, Line]:
    """The lines, by number, with nothing but one text or cell of words, near whose end a report may be
    named."""
    return {
        number: line
        for number, line in enumerate(lines)
        if VALUE not in line.shape and line.shape.count(WORDS) == 1 and "报" in line.text[-_LONGEST:]
    }


def _goes_on(line: Line) -> re.Match[str] | None:
    """The last sentence of a report, and the title that goes on where it ends."""
    found = _AFTER_SENTENCE.fullmatch(line.text) if "公开" in line.text else None
    return found if found and _is_whole(found[2]) else None


def _apart(lines: Sequence[Line], naming: Mapping[int, Line]) -> Iterator[Line]:
    """The lines; a title that goes on where the last sentence of a report ends is a line of its own."""
    for number, line in enumerate(lines):
        found = _goes_on(line) if number in naming else None
        if not found:
            yield line
            continue
        cell = line.cells[line.shape.index(WORDS)]
        for piece, grid in zip(found.groups(), (line.grid, None), strict=True):
            yield Line((cell._replace(text=piece),), WORDS, grid, piece)


def _titles(lines: Sequence[Line], naming: Mapping[int, Line]) -> Iterator[_Title]:
    for number, line in naming.items():
        text = _said(line)
        if len(text) <= _LONGEST and _CLOSES.search(text) and (title := _title_at(lines, number)):
            yield title


def _said(line: Line) -> str:
    """What a line says, wherever on it that stands and however it is marked."""
    return without_markup(line.text).strip()


def _title_at(lines: Sequence[Line], last: int) -> _Title | None:
    """The title that ends in a line, with the year and the name above it."""
    joined = ""
    for start in range(last, max(-1, last - _LINES_OF_A_TITLE), -1):
        above = _said(lines[start])
        if len(above) > _LONGEST or _SENTENCE.search(above):
            return None
        joined = above + joined
        if _is_whole(joined):
            return _with_lines_above(lines, start, joined)
    return None


def _is_whole(text: str) -> bool:
    bare = _APPENDED.sub("", text)
    return is_title(bare) and classify(bare).kind in (TitleKind.REPORT, TitleKind.WRAPPER)


def _with_lines_above(lines: Sequence[Line], start: int, title: str) -> _Title:
    """The title with what it lacks of a year and a name, where these have the lines above or the one
    below."""
    for number in range(start - 1, max(-1, start - 3), -1):
        above = without_space(lines[number].text)
        if not (_YEAR.fullmatch(above) and not year_in(title)) and not (
            is_body(above) and not issuer_in(title)
        ):
            break
        start, title = number, above + title
    return _Title(start, title, year_in(title), issuer_in(_APPENDED.sub("", title)))


def _stretches(lines: list[Line], titles: Sequence[_Title]) -> list[_Stretch]:
    marks: list[_Title | None] = [None, *titles]
    starts = [0, *(title.start for title in titles)]
    ends = [*starts[1:], len(lines)]
    return [
        _Stretch(mark, start, lines[start:end]) for mark, start, end in zip(marks, starts, ends, strict=True)
    ]


def _starts(stretches: Sequence[_Stretch], titles: Sequence[str]) -> dict[int, tuple[Remark, ...]]:
    """The lines at which reports begin, with what there is to say of each."""
    starts: dict[int, tuple[Remark, ...]] = {0: ()}
    title = next((_Title(0, text, year_in(text), issuer_in(text)) for text in titles), None)
    own, before = _Held(), 0
    for number, holds in _all_held(stretches).items():
        stretch = stretches[number]
        denied = bool(title and stretch.title and stretch.title.denies(title))
        again = own.comes_again(holds) or (denied and own.begins_like(holds))
        if own and stretch.title and denied and not again and own.goes_on(holds):
            starts[max(starts)] = _doubt(RemarkKind.TITLE_READ_AS_ONE, stretch.title)
        elif own and stretch.title and (denied or again):
            first = _first_of_run(stretches, before + 1, number)
            starts[first.start] = () if again else _doubt(RemarkKind.TITLE_READ_APART, stretch.title)
            own, title = _Held(), stretch.title
        elif not own or not title:
            title = stretch.title or title
        own.add(holds)
        before = number
    return starts


def _doubt(kind: RemarkKind, title: _Title) -> tuple[Remark, ...]:
    return (Remark(kind, {"title": title.text[:_LONGEST]}),)


def _first_of_run(stretches: Sequence[_Stretch], first: int, last: int) -> _Stretch:
    """The stretch at which a report begins whose title may stand there twice: on a cover, in the notice
    about it."""
    begins = stretches[last]
    for stretch in reversed(stretches[first:last]):
        if stretch.title is None or begins.title is None or stretch.title.denies(begins.title):
            break
        begins = stretch
    return begins


def _all_held(stretches: Sequence[_Stretch]) -> dict[int, _Held]:
    """What each stretch holds that holds something; the longest is only asked where another one does."""
    order = sorted(range(len(stretches)), key=lambda number: len(stretches[number].lines))
    held = {number: holds for number in order[:-1] if (holds := _held(stretches[number].lines))}
    if held and (holds := _held(stretches[order[-1]].lines)):
        held[order[-1]] = holds
    return dict(sorted(held.items()))


def _held(lines: list[Line]) -> _Held:
    """What lines hold of a report."""
    tables = segments_of(lines) if any(VALUE in line.shape for line in lines) else []
    taken = {line for segment in tables for line in segment.lines}
    sections = split(["" if line in taken else line.text for line in lines])
    heads = {section.title for section in sections if len(section.text) >= _SOME_WORDS}
    numbers = [_NUMERALS.index(section.number) for section in sections if section.number in _NUMERALS]
    return _Held({segment.table: segment.rows for segment in tables}, heads, numbers)


def _by_table(lines: list[Line]) -> list[Part]:
    """The reports below one title: a table that comes again begins another."""
    groups = _groups(segments_of(lines))
    if len(groups) < 2:
        return [Part(lines, groups[0] if groups else [])]
    positions = {line: number for number, line in enumerate(lines)}
    places = [0]
    for before, group in pairwise(groups):
        end_of_last = positions[before[-1].lines[-1]] + 1
        places.append(_start(lines, end_of_last, positions[group[0].lines[0]]))
    ends = [*places[1:], len(lines)]
    untitled = (Remark(RemarkKind.NO_TITLE_ABOVE),)
    return [
        Part(lines[start:end], group, untitled if start and not _is_report_title(lines[start]) else ())
        for start, end, group in zip(places, ends, groups, strict=True)
    ]


def _groups(segments: list[Segment]) -> list[list[Segment]]:
    groups: list[list[Segment]] = []
    for segment in segments:
        earlier = next((one for one in groups[-1] if one.table == segment.table), None) if groups else None
        if earlier and segment.rows and earlier.rows and segment.rows.isdisjoint(earlier.rows):
            earlier.lines += segment.lines  # the rest of it, below what the making of a text put between
            earlier.rows |= segment.rows
            continue
        if not groups or earlier:
            groups.append([])
        groups[-1].append(segment)
    return groups


def _start(lines: Sequence[Line], first: int, table: int) -> int:
    """The title between two tables, or what opens the first of the heads that begin again, or else the
    table below."""
    between = range(first, table)
    titles = (number for number in between if _is_report_title(lines[number]))
    heads = (_opening(lines, number, first) for number in between if _first_head(lines[number]))
    return next(titles, next(heads, table))


def _is_report_title(line: Line) -> bool:
    return classify(_said(line)).kind is TitleKind.REPORT


def _first_head(line: Line) -> bool:
    return len(line.text) < _LONGEST and any(section.number == "一" for section in split([line.text]))


def _opening(lines: Sequence[Line], head: int, first: int) -> int:
    """The first of the paragraphs right above a head that say what is reported on, or the head."""
    start = head
    for number in range(head - 1, first - 1, -1):
        if _OPENING.search(lines[number].text):
            start = number
        elif lines[number].text.strip():
            break
    return start
