"""A strip is a run of values with the labels that stand with it: the unit that is aligned to a row of a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from parsers.document import Cell
from parsers.labels import fold
from parsers.tables.lines import Line, is_value
from parsers.tables.recognise import Segment


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

    def add(self, line: Line, labels: list[str], values: list[Cell]) -> None:
        """Takes one run of a line: a strip of its own, more of the last strip, or labels that wait for values."""
        told = [label for label in labels if fold(label) in self.rows or fold(label) not in self.headers]
        printed = any(cell.text.strip() for cell in values)
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
        alone = bool(line.cells[0].text.strip()) and not any(cell.text.strip() for cell in line.cells[1:])
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
        for labels, values in _runs(line):
            gathering.add(line, labels, values)
    return gathering.strips


def _runs(line: Line) -> list[tuple[list[str], list[Cell]]]:
    """A line as runs of labels then values: words before the first value are labels, blanks among them nothing.

    After values, words begin a new run only in flattened text; in a grid they are a value that cannot be read. A
    line without any words is values from its first cell on.
    """
    if len(line.cells) > 1 and all(is_value(cell.text) or not cell.text.strip() for cell in line.cells):
        return [([], list(line.cells))]
    runs: list[tuple[list[str], list[Cell]]] = [([], [])]
    for cell in line.cells:
        labels, values = runs[-1]
        text = cell.text.strip()
        if is_value(text) or (not text and (labels or values)):
            values.append(cell)
        elif not text:
            continue
        elif not labels or not any(value.text.strip() for value in values):
            values.clear()  # blanks between labels, or the serial number before the first of them
            labels.append(text)
        elif line.grid is not None:
            values.append(cell)
        else:
            runs.append(([text], []))
    return runs
