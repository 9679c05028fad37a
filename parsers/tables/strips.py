"""A strip is a run of values with the labels that stand with it: the unit that is aligned to a row of a form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from parsers.document import Cell
from parsers.labels import fold
from parsers.tables.lines import BLANK, VALUE, WORDS, Line
from parsers.tables.recognise import Segment

_RUN = re.compile(f"({WORDS}(?:[{WORDS}{BLANK}]*{WORDS})?)([{VALUE}{BLANK}]*)")


@dataclass(slots=True, eq=False)
class Strip:
    """Values in reading order; `own` labels stand on their line, `before` on lines above without values.

    `width`: how many values its row takes. `delimited`: the columns of its cells can be compared with others'.
    """

    own: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    values: list[Cell] = field(default_factory=list)
    grid: int | None = None
    width: int = 0
    delimited: bool = False

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
    strips: list[Strip] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)

    def add(self, line: Line, labels: list[str], values: list[Cell], printed: bool) -> None:
        """Takes one run of a line: a strip of its own, more of the last strip, or labels that wait for values."""
        told = [label for label in labels if fold(label) in self.rows or fold(label) not in self.headers]
        if len(told) < len(labels):
            self.pending = []
            told = told if printed else []  # 其他 and 总计 beside 商业企业 are words of the header too
        wanted = max((self.rows[fold(label)] for label in told if fold(label) in self.rows), default=0)
        if not printed and not (wanted and len(values) >= wanted):
            self.pending += told
        elif not labels and not self.pending and self._goes_on(line):
            self.strips[-1].values += values
        else:
            width = wanted or self._width_of_pending()
            self.strips.append(Strip(told, self.pending, values, line.grid, width, len(line.cells) > 1))
            self.pending = []

    def _goes_on(self, line: Line) -> bool:
        last = self.strips[-1] if self.strips else None
        alone = line.shape.rstrip(BLANK) == VALUE
        return last is not None and alone and last.grid is None and len(last.values) < last.width

    def _width_of_pending(self) -> int:
        return self.rows.get(fold(self.pending[-1]), self.width) if self.pending else self.width


def strips_of(segment: Segment, rows: Mapping[str, int], headers: frozenset[str]) -> list[Strip]:
    """The strips of a segment. `rows`: how many values the row of a folded label has; `headers`: folded words.

    A line of several cells is a strip of its own. Where each cell has its own line, values are gathered until the
    strip is as wide as its row or the next label comes.
    """
    gathering = _Gathering(rows, headers, max(rows.values()))
    for line in segment.lines:
        for labels, values, printed in _runs(line):
            gathering.add(line, labels, values, printed)
    return gathering.strips


def _runs(line: Line) -> Iterator[tuple[list[str], list[Cell], bool]]:
    """A line as runs of labels then values, each with whether a value is printed; a run begins with words.

    After values, words begin a new run only in flattened text; in a grid they are a value that cannot be read. A
    line without any words is values from its first cell on; blanks between labels and a serial number before the
    first of them are nothing.
    """
    cells, shape = line.cells, line.shape
    if WORDS not in shape:
        if len(cells) > 1 or VALUE in shape:
            yield [], list(cells), VALUE in shape
        return
    for run in _RUN.finditer(shape):
        start, end = run.span(1)
        labels = [cell.text.strip() for cell in cells[start:end] if cell.text.strip()]
        if line.grid is not None:
            yield labels, list(cells[end:]), bool(shape[end:].strip())
            return
        yield labels, list(cells[end : run.end()]), VALUE in run[2]
