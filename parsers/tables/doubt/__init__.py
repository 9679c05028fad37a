"""All doubts of a table that was read: which of its figures may be another cell's, or not whole, and why.

The rules stand here and in the modules that this one asks, one question each: `broken` (a number over two
lines, or a line of several rows) and `odd` (other measures, shifted rows). What the reader of a container
cannot know of a cell is added for the whole report, by `doubtful`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from parsers.codebook import Form, Row, list_tables
from parsers.forms import Layout, forms_cache
from parsers.records import Figure, Finding, FindingKind, State
from parsers.tables.columns import TableHead
from parsers.tables.doubt.broken import in_doubt, shortened
from parsers.tables.doubt.odd import odd
from parsers.tables.recognise import Segment
from parsers.tables.rows import Rows
from parsers.tables.strips import Strip
from parsers.words.labels import fold

_UNDER_ONE_HEAD = (Layout.MATRIX, Layout.ROW)
LOST_SHARE = 4  # of the rows of a table
UNNAMED_SHARE, UNNAMED_OF_ALL = 4, 2  # of the rows found; where all rows of the form are


def doubts(
    segment: Segment, form: Form, head: TableHead, rows: Rows, figures: Mapping[str, Figure]
) -> Iterator[Finding]:
    """Every doubt of one table, each once."""
    yield from _of_others(form, head, figures)
    yield from _of_rows(form, rows.found, rows.extra)
    yield from _beside(form, rows.found, figures)
    yield from dict.fromkeys(
        in_doubt(form, rows.strips, rows.found, segment.after)
    )  # once, if two rules say it
    yield from odd(form, segment, rows.found, figures)
    yield from shortened(form, segment.lines, rows.found, head.widths(form))


def _of_rows(form: Form, found: Mapping[int, Strip], extra: Sequence[Strip]) -> Iterator[Finding]:
    """Rows that are not there, that no label names, or that are printed twice: what is read of them is not
    sure."""
    absent = [row for number, row in enumerate(form.rows) if number not in found]
    if absent:
        missing = {"table": form.table, "rows": [row.label for row in absent]}
        yield Finding(FindingKind.ROW_ABSENT, _codes(absent), missing)
    unnamed = [
        form.rows[number]
        for number, strip in sorted(found.items())
        if not strip.labels and len(form.rows) > 1
    ]
    if len(unnamed) * (UNNAMED_SHARE if absent else UNNAMED_OF_ALL) > len(found) > 1:
        counts = {"case": "unnamed", "table": form.table, "rows": len(unnamed), "of": len(found)}
        codes = _codes([form.rows[number] for number in sorted(found)])
        yield Finding(FindingKind.READING_IN_DOUBT, codes, counts)
    for row in unnamed:
        values = {"table": form.table, "row": row.label}
        yield Finding(FindingKind.ROW_WITHOUT_LABEL, row.codes, values)
    widths = _row_widths(form)
    for strip in extra:
        names = {fold(label) for label in strip.own} & widths.keys()
        rows = [row for row in form.rows if names & set(row.names)]
        if rows:
            values = {"table": form.table, "row": rows[0].label}
            yield Finding(FindingKind.ROW_REPEATED, rows[0].codes, values)


def _of_others(form: Form, head: TableHead, figures: Mapping[str, Figure]) -> Iterator[Finding]:
    """Rows whose head names the columns of other rows; nothing is nothing in every column."""
    for row in form.rows:
        if row.codes in head.others and any(figures[code].value for code in row.codes):
            named = list(head.others[row.codes])
            values = {"case": "other_head", "table": form.table, "row": row.label, "columns": named}
            yield Finding(FindingKind.READING_IN_DOUBT, row.codes, values)


def _beside(form: Form, found: Mapping[int, Strip], figures: Mapping[str, Figure]) -> Iterator[Finding]:
    """In text, rows that stand beside one that was not read: the values may be its own, and sums of a row do
    not tell."""
    if form.table in list_tables():
        return
    lost = [all(figures[code].state is State.ABSENT for code in row.codes) for row in form.rows]
    many = form.layout in _UNDER_ONE_HEAD and sum(lost) * LOST_SHARE > len(
        lost
    )  # then no row is where it was
    rows = [
        form.rows[number]
        for number, strip in sorted(found.items())
        if strip.grid is None
        and not lost[number]
        and (many or any(lost[other] for other in _neighbours(form, number)))
    ]
    if rows:
        values = {"table": form.table, "rows": [row.label for row in rows]}
        yield Finding(FindingKind.ROW_BESIDE_ABSENT, _codes(rows), values)


def _neighbours(form: Form, number: int) -> Iterator[int]:
    """The rows just above and below, of the same block where each block of the table has a header of its
    own."""
    for other in (number - 1, number + 1):
        if 0 <= other < len(form.rows) and (
            form.layout in _UNDER_ONE_HEAD or form.rows[other].block == form.rows[number].block
        ):
            yield other


def _codes(rows: list[Row]) -> tuple[str, ...]:
    return tuple(code for row in rows for code in row.codes)


@forms_cache()
def _row_widths(form: Form) -> dict[str, int]:
    return {name: len(row.cells) for row in form.rows for name in row.names}
