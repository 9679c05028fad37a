"""A strip is a run of values with the labels that stand with it: the unit that is aligned to a row of a
form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from parsers.codebook import groups, list_tables, row_name
from parsers.document import Cell
from parsers.tables.flat.lines import BLANK, VALUE, WORDS, Line
from parsers.tables.recognise import AMBIGUOUS, LIKE_ENOUGH, Segment, group_sizes, group_width, results
from parsers.words.labels import fold, likeness
from parsers.words.units import COUNTED, one_of

MOST_PIECES, SHORTEST_PIECE = 12, 5
_RUN = re.compile(f"({WORDS}(?:[{WORDS}{BLANK}]*{WORDS})?)([{VALUE}{BLANK}]*)")

_FIRST_NUMBER = re.compile(
    rf"\s*[,，]?(\d+(?:\s*{one_of(COUNTED)})?)"
    r"(?:\s*(?:[,，;；。|｜\t]|、\s*(?:$|(?=[（(一二三四五六七八九十\d])))|\s{2})"
)
_LETTER = re.compile(r"[^\W\d]")
_DIGITS = re.compile(r"[\s,，]*+(\d++)")
_BEGUN = re.compile(r"[\s,，]*+(?!20\d\d\s*+年)\d")  # a year heads a column, and no label begins with 年


@dataclass(slots=True, eq=False)
class Strip:
    """Values in reading order; `own` labels stand on their line, `before` on lines above without values,
    `after` on those below; `innermost` are the last words of these lines, up to the values and after them.

    `width`: how many values its row takes. `delimited`: the columns of its cells can be compared with
    others'. `first`: the number with which its line of text begins, or one above without values, and a mark
    before any word; `begins`: the first of these lines that begins with digits, whatever follows them.
    """

    own: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    values: list[Cell] = field(default_factory=list)
    grid: int | None = None
    width: int = 0
    delimited: bool = False
    innermost: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    first: str = ""
    begins: str = ""

    @property
    def labels(self) -> list[str]:
        """All labels, own first."""
        return self.own + self.before

    @property
    def place(self) -> str:
        """Where the first value stands."""
        return self.values[0].place if self.values else ""

    def fits(self, wanted: int) -> bool:
        """Whether the values, but for blanks around them, can be those of a row of this width."""
        printed = [number for number, cell in enumerate(self.values) if cell.text.strip()]
        least = printed[-1] - printed[0] + 1 if printed else 0
        return least <= wanted <= len(self.values)


@dataclass(slots=True)
class _Gathering:
    """What has been gathered so far of a table, line by line."""

    rows: Mapping[str, int]
    headers: frozenset[str]
    width: int
    bare: bool = False
    listed: bool = False
    strips: list[Strip] = field(default_factory=list)
    pending: list[list[str]] = field(default_factory=list)
    below: list[list[list[str]]] = field(default_factory=list)
    headed: bool = False
    results_below: bool = False

    def add(self, line: Line, labels: list[str], values: list[Cell], printed: bool) -> None:
        """Takes one run of a line: a strip of its own, more of the last strip, or labels that wait for
        values."""
        told = [label for label in labels if row_name(label) in self.rows or fold(label) not in self.headers]
        if len(told) < len(labels):
            self.end_of_below()
            self.pending = []
            self.headed = True
            if not printed:
                told = [label for label in told if self._begins_a_row(label)]
            elif not told and self.listed:
                told = labels[
                    -1:
                ]  # 二、回应解读情况 | 0: a head with a figure of its own is a row that the form has not
        wanted = max([self.rows.get(row_name(label), 0) for label in told], default=0)
        if not (printed or self._is_blank_row(labels, values, wanted)):
            self.pending += [told] if told else []
        elif not labels and not self.pending and self._goes_on(line):
            self.strips[-1].values += [cell for cell in values if cell.text.strip()]
            self.strips[-1].delimited = False  # columns of different lines say nothing of one another
        else:
            self.end_of_below()
            before = [label for above in self.pending for label in above]
            width = wanted or self._width(before + told)
            if line.grid is None and not labels and len(values) < width:
                values = values[
                    len(line.shape) - len(line.shape.lstrip(BLANK)) :
                ]  # the margin of a broken row
            strip = Strip(told, before, [], values, line.grid, width, len(line.cells) > 1)
            strip.innermost[0].extend(_last(above) for above in [*self.pending, told] if above)
            self.strips.append(strip)
            self.pending, self.headed = [], False

    def end_of_below(self) -> None:
        """Keeps what waits as the labels below the last strip, once."""
        if len(self.below) < len(self.strips):
            self.below.append(self.pending)

    def names_a_row(self, pieces: list[str]) -> bool:
        """Whether labels, or pieces of one put together, name a row or nearly so."""
        return any(
            self._is_like_a_row(row_name("".join(pieces[start:end])))
            for start in range(len(pieces))
            for end in range(start + 1, min(start + MOST_PIECES, len(pieces)) + 1)
        )

    def _is_like_a_row(self, name: str) -> bool:
        if name in self.rows:
            return name not in AMBIGUOUS
        return len(name) >= SHORTEST_PIECE and any(likeness(name, row) >= LIKE_ENOUGH for row in self.rows)

    def _is_blank_row(self, labels: list[str], values: list[Cell], wanted: int) -> bool:
        """Whether cells without anything in them are a row, and not what is left of a head that spans
        them."""
        if wanted:
            return len(values) >= wanted
        if self.bare:
            return self._is_blank_part(labels, len(values))
        name = row_name(labels[-1]) if labels else ""
        if len(values) < self.width or name in groups():
            return False
        begun = len(name) >= SHORTEST_PIECE
        return any(
            likeness(name, row) >= LIKE_ENOUGH or (begun and row.startswith(name)) for row in self.rows
        )

    def _is_blank_part(self, labels: list[str], count: int) -> bool:
        """Whether blanks are the one row or a part of it: its groups or its cells may stand below one
        another."""
        if not labels:
            return count in group_sizes() or count >= self.width
        parts = {1} if fold(labels[-1]) in results() else group_sizes()
        # In a grid as wide as the one row blanks follow, unless the label is a head above those of the
        # results.
        whole = count in parts or (count == self.width - 1 and not self.results_below)
        return len(labels) * group_width() <= self.width and whole

    def _begins_a_row(self, label: str) -> bool:
        """Whether a label names a row or begins its name; 其他 and 总计 beside 商业企业 are words of the
        header too."""
        folded = fold(label)
        return folded not in AMBIGUOUS and any(row.startswith(folded) for row in self.rows)

    def _goes_on(self, line: Line) -> bool:
        """Whether values without a label are the rest of a row that is not full yet."""
        last = self.strips[-1] if self.strips else None
        more = line.shape.strip(BLANK)
        return (
            last is not None
            and not self.headed
            and line.grid is None
            and last.grid is None
            and BLANK not in more
            and len(last.values) < last.width
            and len(last.values) + len(more) <= last.width
        )

    def _width(self, pieces: list[str]) -> int:
        """How many values the row takes that these pieces name together; else as many as the widest."""
        names = (row_name("".join(pieces[start:])) for start in reversed(range(len(pieces))))
        return next((self.rows[name] for name in names if name in self.rows), self.width)


def strips_of(
    segment: Segment, rows: Mapping[str, int], headers: frozenset[str], *, bare: bool = False
) -> list[list[Strip]]:
    """The strips of a segment. `rows`: how many values the row of a folded label has; `headers`: folded
    words; `bare`: the table's one row has no label. Two lists where values and labels take turns line by line
    and nothing tells whether the labels stand above their values or below.

    A line of several cells is a strip of its own. Where each cell has its own line, values are gathered until
    the strip is as wide as its row or the next label comes.
    """
    gathering = _Gathering(rows, headers, max(rows.values()), bare, segment.table in list_tables())
    first = begins = ""
    for line, below in zip_longest(segment.lines, segment.lines[1:]):
        gathering.results_below = bare and below is not None and _names_a_result(below)
        known = len(gathering.strips)
        if line in segment.between:
            first, begins = first_number(segment.between[line]), _begun(segment.between[line])
        for labels, values, printed in _runs(line):
            gathering.add(line, labels, values, printed)
        first = (first_number(line) if line.grid is None else "") or first
        begins = begins or _begun(line)
        if len(gathering.strips) > known:
            gathering.strips[known].first, first = first, ""
            gathering.strips[known].begins, begins = begins, ""
    gathering.end_of_below()
    _join_halves(gathering)
    above = _label_above(gathering)
    below = _with_labels_below(gathering) if above <= 0 else []
    for strip, lines in zip(gathering.strips, gathering.below, strict=True):
        strip.after = [label for line in lines for label in line]
        strip.innermost[1].extend(map(_last, lines))
    return [strips for strips in (gathering.strips if above >= 0 else [], below) if strips] or [[]]


def _join_halves(gathering: _Gathering) -> None:
    """Rows of grids that were cut in two by a page: the figures beside one half of the label, blanks beside
    the other."""
    strips, rows = gathering.strips, gathering.rows
    for number in range(len(strips) - 1, 0, -1):
        one, other = strips[number - 1], strips[number]
        if not all(strip.grid is not None or strip.delimited for strip in (one, other)):
            continue
        *above, half = [label for label in one.own if label not in COUNTED] or [""]
        rest = next((label for label in reversed(other.own) if label not in COUNTED), "")
        if not (half and rest) or row_name(half) in rows or row_name(rest) in rows:
            continue
        filled = [strip for strip in (one, other) if any(cell.text.strip() for cell in strip.values)]
        if len(filled) < 2 and row_name(half + rest) in rows:
            row = (filled or [one])[0]
            row.own, row.innermost = [*above, half + rest], ([half + rest], other.innermost[1])
            strips[number - 1 : number + 1] = [row]
            del gathering.below[number - 1]


def _names_a_result(line: Line) -> bool:
    return any(fold(cell.text) in results() for cell in line.cells)


def first_number(line: Line) -> str:
    """The number that stands before the first word of a line of text: a code, or the rest of one of the line
    above."""
    found = _FIRST_NUMBER.match(line.cells[0].text if line.shape[:1] == WORDS else line.text)
    return found[1] if found and WORDS in line.shape else ""


def leading_digits(text: str) -> tuple[str, str]:
    """The digits with which a text begins, and what follows them."""
    found = _DIGITS.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


def _begun(line: Line) -> str:
    """A line of text that begins with digits and holds words; nothing for others."""
    return line.text if line.grid is None and WORDS in line.shape and _BEGUN.match(line.text) else ""


def _last(labels: list[str]) -> str:
    """What stands nearest to the values: a group and its row are not always cells of their own."""
    return labels[-1].split()[-1] if labels[-1].strip() else labels[-1]


def _with_labels_below(gathering: _Gathering) -> list[Strip]:
    """The strips with the labels that stand below them in the place of those above."""
    return [
        replace(strip, before=_first_label([label for line in lines for label in line], gathering.rows))
        for strip, lines in zip(gathering.strips, gathering.below, strict=True)
    ]


def _label_above(gathering: _Gathering) -> int:
    """1 where the values stand below their labels, -1 where they stand above them, 0 where that is open.

    Told by values beside which a row is named on one side only: a header or the end of the table is on the
    other.
    """
    # 17 3 before the other figures of its row is a number that was broken.
    labelled = (strip.grid is not None or any(map(_LETTER.search, strip.own)) for strip in gathering.strips)
    if gathering.bare or any(labelled):
        return 1
    sides = 0
    for strip, below in zip(gathering.strips, gathering.below, strict=True):
        labels = [label for line in below for label in line]
        sides += gathering.names_a_row(strip.before) - gathering.names_a_row(labels)
    return (sides > 0) - (sides < 0) if sides or not any(gathering.below) else 0


def _first_label(pieces: list[str], rows: Mapping[str, int]) -> list[str]:
    """The pieces of the first label; what follows are labels of rows whose blanks left no line."""
    for count in range(1, len(pieces) + 1):
        if row_name("".join(pieces[:count])) in rows:
            return pieces[:count]
    return pieces


def _runs(line: Line) -> Iterator[tuple[list[str], list[Cell], bool]]:
    """A line as runs of labels then values, each with whether a value is printed; a run begins with words.

    After values, words begin a new run only in flattened text; in a grid they are a value that cannot be
    read. A line without any words is values from its first cell on; blanks between labels and a serial number
    before the first of them are nothing. In flattened text several values before the first words end the row
    of the line above.
    """
    cells, shape = line.cells, line.shape
    if WORDS not in shape:
        if len(cells) > 1 or VALUE in shape:
            yield [], list(cells), VALUE in shape
        return
    first = shape.index(WORDS)
    if line.grid is None and shape.count(VALUE, 0, first) > 1:
        yield [], list(cells[:first]), True
    for run in _RUN.finditer(shape):
        start, end = run.span(1)
        labels = [cell.text.strip() for cell in cells[start:end] if cell.text.strip()]
        if line.grid is not None:
            yield labels, list(cells[end:]), bool(shape[end:].strip())
            return
        yield labels, list(cells[end : run.end()]), VALUE in run[2]
