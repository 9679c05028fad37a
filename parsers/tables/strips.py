"""A strip is a run of values with the labels that stand with it: the unit that is aligned to a row of a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from parsers.document import Cell
from parsers.labels import fold
from parsers.tables.lines import Line, is_value
from parsers.tables.recognise import Segment


@dataclass(slots=True)
class Strip:
    """Values in reading order; `own` labels stand on their line, `before` on lines above without values."""

    own: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    values: list[Cell] = field(default_factory=list)
    grid: int | None = None

    @property
    def labels(self) -> list[str]:
        """All labels, own first."""
        return self.own + self.before

    @property
    def place(self) -> str:
        """Where the first value stands."""
        return self.values[0].place if self.values else ""


def strips_of(segment: Segment, rows: Mapping[str, int], headers: frozenset[str]) -> list[Strip]:
    """The strips of a segment. `rows`: how many values the row of a folded label has; `headers`: folded words.

    A grid row is a strip of its own. In flattened text values that follow on lines of their own are gathered
    until the strip is as wide as a row can be or the next label comes.
    """
    lines = segment.lines
    if any(line.grid is not None and any(is_value(c.text) for c in line.cells) for line in lines):
        lines = [line for line in lines if line.grid is not None]
    width = max(rows.values())
    strips: list[Strip] = []
    pending: list[str] = []
    for line in lines:
        for labels, values in _runs(line):
            if any(fold(label) in headers and fold(label) not in rows for label in labels):
                pending, labels = [], [label for label in labels if fold(label) in rows]
            printed = any(is_value(cell.text) or cell.text.strip() for cell in values)
            wanted = max(
                (rows[fold(label)] for label in labels if fold(label) in rows), default=len(values) + 1
            )
            if not printed and len(values) < wanted:
                pending += labels
            elif not labels and strips and not pending and _open(strips[-1], line, width):
                strips[-1].values += values
            else:
                strips.append(Strip(labels, pending, list(values), line.grid))
                pending = []
    return strips


def _open(strip: Strip, line: Line, width: int) -> bool:
    return line.grid is None and strip.grid is None and len(strip.values) < width


def _runs(line: Line) -> list[tuple[list[str], list[Cell]]]:
    """A line as runs of labels then values: words before the first value are labels, blanks among them nothing.

    After values, words begin a new run only in flattened text; in a grid they are a value that cannot be read.
    """
    runs: list[tuple[list[str], list[Cell]]] = [([], [])]
    for cell in line.cells:
        labels, values = runs[-1]
        text = cell.text.strip()
        if is_value(text) or (not text and (labels or values)):
            values.append(cell)
        elif not text:
            continue
        elif not any(value.text.strip() for value in values) or (line.grid is not None and not labels):
            values.clear()  # blanks between labels, or the serial number before the first of them
            labels.append(text)
        elif line.grid is not None:
            values.append(cell)
        else:
            runs.append(([text], []))
    return runs
