"""Quirks of flattened text: every way in which a table loses its rules."""

from __future__ import annotations

from sample.forms.layout import Grid, Slot
from tests.corpus.quirks.base import STATUTORY, flattening, table_of

_NARROW = 10


def _texts(row: list[Slot]) -> list[str]:
    return [slot.text for slot in row]


def _compact(row: list[Slot]) -> list[str]:
    """The cells of a row that hold something, or a figure's place."""
    return [slot.text for slot in row if slot.text or slot.code]


@flattening(generations=STATUTORY)
def tabs(grid: Grid) -> str:
    """A tab between the cells that begin in a row; spans leave nothing."""
    return "\n".join("\t".join(_texts(row)) for row in grid.rows())


@flattening()
def bars(grid: Grid) -> str:
    """A bar around each cell, as in markdown, with trailing empties for spans."""
    lines = []
    for row in grid.rows():
        cells = _texts(row)
        lines.append(f"| {' | '.join(cells + [''] * (grid.width - len(cells)))} |")
    return "\n".join([lines[0], "|" + " --- |" * grid.width, *lines[1:]])


@flattening()
def cell_a_line(grid: Grid) -> str:
    """One cell a line; a blank cell is a blank line."""
    return "\n".join(text for row in grid.rows() for text in _texts(row))


@flattening()
def lone_bars(grid: Grid) -> str:
    """One cell a line with a lone bar between two."""
    return "\n|\n".join(text for row in grid.rows() for text in _compact(row))


@flattening()
def spaces(grid: Grid) -> str:
    """One space between two cells."""
    return "\n".join(" ".join(_compact(row)) for row in grid.rows())


@flattening()
def wide_spaces(grid: Grid) -> str:
    """Several spaces, or ideographic ones, between two cells."""
    return "\n".join("　　".join(_compact(row)) for row in grid.rows())


@flattening(generations=STATUTORY)
def page_numbers(grid: Grid) -> str:
    """Tabs, and every eleven rows the foot of a page: a blank line and its number."""
    lines = tabs(grid).split("\n")
    for at in range(len(lines) // 11 * 11, 0, -11):
        lines[at:at] = ["", f"— {at // 11} —", ""]
    return "\n".join(lines)


@flattening(generations=STATUTORY)
def values_on_their_own_line(grid: Grid) -> str:
    """The figures of a row stand on the line below its label."""
    lines = []
    for row in grid.rows():
        labels = [slot.text for slot in row if not slot.code and slot.text]
        values = [slot.text for slot in row if slot.code]
        lines += ["\t".join(labels)] * bool(labels) + ["\t".join(values)] * bool(values)
    return "\n".join(lines)


@flattening(generations=STATUTORY)
def values_before_the_label(grid: Grid) -> str:
    """（三）不予 / figures / 1.属于国家秘密 / 公开: the page broke within the row and the figures came first."""
    lines = []
    for row in grid.rows():
        texts = _texts(row)
        if "（三）不予公开" in texts:
            figures = "\t".join(slot.text for slot in row if slot.code)
            lines += ["\t（三） 不予", f"\t{figures}", "\t1.属于国家秘密", "", "公开\t" + "\t" * 0]
            continue
        lines.append("\t".join(texts))
    return "\n".join(_joined_with_next(lines))


def _joined_with_next(lines: list[str]) -> list[str]:
    """`公开` begins the line of the row that follows it."""
    at = next((number for number, line in enumerate(lines) if line == "公开\t"), None)
    return lines if at is None else [*lines[:at], lines[at] + lines[at + 1].lstrip("\t"), *lines[at + 2 :]]


@flattening(generations=STATUTORY)
def labels_then_figures(grid: Grid) -> str:
    """Huojia's table 3: for the rows without a group, the figures stand below the label, one tab in."""
    lines = []
    for row in grid.rows():
        texts = _texts(row)
        if table_of(grid) == "t3" and any(text.startswith(("（一）", "（二）")) for text in texts):
            at = next(number for number, slot in enumerate(row) if slot.code)
            lines += ["\t".join(texts[:at]), "\t" + "\t".join(texts[at:])]
        else:
            lines.append("\t".join(texts))
    return "\n".join(lines)


@flattening(generations=STATUTORY, lossy=True)
def glued_digits(grid: Grid) -> str:
    """规章000: the figures of a row run together, and on to their label."""
    return "\n".join("".join(_compact(row)) for row in grid.rows())


@flattening(generations=STATUTORY, lossy=True)
def glued_rows(grid: Grid) -> str:
    """The whole table as one run of characters."""
    return "".join(text for row in grid.rows() for text in _compact(row))


@flattening(generations=STATUTORY, lossy=True)
def glued_figures(grid: Grid) -> str:
    """A tab between labels and the figures of the row, which run together."""
    lines = []
    for row in grid.rows():
        labels = [slot.text for slot in row if not slot.code and slot.text]
        lines.append("\t".join([*labels, "".join(slot.text for slot in row if slot.code)]))
    return "\n".join(lines)


@flattening(generations=STATUTORY, lossy=True)
def run_with_spaces(grid: Grid) -> str:
    """The whole table as one line with single spaces between cells."""
    return " ".join(text for row in grid.rows() for text in _compact(row))


@flattening(generations=STATUTORY)
def labels_over_lines(grid: Grid) -> str:
    """A label of more than ten characters goes on in the lines below its figures, as in narrow columns."""
    return "\n".join(line for row in grid.rows() for line in _wrapped(row, after=True))


@flattening(generations=STATUTORY)
def labels_end_above_figures(grid: Grid) -> str:
    """The same with the figures in the last line of the label."""
    return "\n".join(line for row in grid.rows() for line in _wrapped(row, after=False))


def _wrapped(row: list[Slot], *, after: bool) -> list[str]:
    figures = [slot.text for slot in row if slot.code]
    if not figures:
        return ["\t".join(_compact(row))]
    labels = [slot.text for slot in row if not slot.code and slot.text]
    long = labels[-1] if labels else ""
    pieces = [long[at : at + _NARROW] for at in range(0, len(long), _NARROW)] or [""]
    first, *rest = ["\t".join([*labels[:-1], pieces[0]]), *pieces[1:]]
    if after or not rest:
        return ["\t".join([first, *figures]), *rest]
    return [first, *rest[:-1], "\t".join([rest[-1], *figures])]


@flattening(generations=STATUTORY)
def figures_above_labels(grid: Grid) -> str:
    """The figures of each row of table 3 stand on the line above its label."""
    if table_of(grid) != "t3":
        return tabs(grid)
    lines = []
    for row in grid.rows():
        figures = [slot.text for slot in row if slot.code]
        labels = [slot.text for slot in row if not slot.code and slot.text]
        lines += ["\t".join(figures), labels[-1]] if figures else ["\t".join(labels)]
    return "\n".join(lines)


@flattening(generations=STATUTORY)
def bold_and_breaks(grid: Grid) -> str:
    """Markdown with **bold** cells and <br> within labels."""
    cells = [
        [f"**{slot.text}**" if slot.text else "" for slot in row]
        if number % 3 == 0
        else [slot.text if slot.code else "<br>".join(slot.text.split("、")) for slot in row]
        for number, row in enumerate(grid.rows())
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


@flattening(generations=STATUTORY)
def loose_labels(grid: Grid) -> str:
    """Bars around the rows whose label stands on one line; labels of several lines were left outside, in a heap above
    the figures of the rows that they are of."""
    lines: list[str] = []
    heap: list[list[Slot]] = []
    for row in grid.rows():
        label = next((slot.text for slot in reversed(row) if not slot.code and slot.text), "")
        if table_of(grid) == "t3" and any(slot.code for slot in row) and len(label) > _NARROW + 2:
            heap.append(row)
            continue
        lines += [*_heaped(heap), _barred(_compact(row))]
        heap = []
    return "\n".join([*lines, *_heaped(heap)])


def _heaped(rows: list[list[Slot]]) -> list[str]:
    labels = ["".join(slot.text for slot in row if not slot.code) for row in rows]
    pieces = [label[at : at + _NARROW] for label in labels for at in range(0, len(label), _NARROW)]
    return [*pieces, *(_barred([slot.text for slot in row if slot.code]) for row in rows)]


def _barred(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


@flattening(generations=STATUTORY)
def first_rows_last(grid: Grid) -> str:
    """The rows of 规章 and 规范性文件 stand below all others of their table, as what was taken for a table was put last."""
    rows = [_barred(_compact(row)) for row in grid.rows()]
    if table_of(grid) != "t2":
        return "\n".join(rows)
    moved = [number for number, row in enumerate(grid.rows()) if len([slot for slot in row if slot.code]) > 1]
    first = [moved[0] - 1, *moved]
    return "\n".join(
        [
            *(row for number, row in enumerate(rows) if number not in first),
            *(rows[number] for number in first),
        ]
    )
