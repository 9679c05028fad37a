"""What each stage of a reading saw, kept and doubted, as lines for a person who asks why a cell is absent.

Nothing is read again: the lines are made from the records of the stages that the figures themselves come
from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parsers.codebook import Form, Row
from parsers.document import Table
from parsers.records import Figure, State
from parsers.report import ReportRead
from parsers.tables.columns import TableHead
from parsers.tables.pipeline import TableRead
from parsers.tables.strips import Strip

_WIDEST = 100
"""Characters of a text that a line quotes."""
_MOST_NAMED = 3
"""Rows or cells that a line names."""


def trace(read: ReportRead) -> Iterator[str]:
    """The stages of one report in their order, what belongs to a stage indented below it."""
    yield from _container(read)
    yield from _edges(read)
    yield from _lines(read)
    for table in read.reading.tables:
        yield from _table(table, read)
    yield from _proof(read)
    yield from _missing(read)


def _container(read: ReportRead) -> Iterator[str]:
    blocks = read.whole.blocks
    tables = sum(isinstance(block, Table) for block in blocks)
    yield f"container: {read.whole.container}, grids: {tables}, paragraphs: {len(blocks) - tables}"
    for warning in read.document.warnings:
        yield f"  warning: {warning}"
    for place, said in read.document.doubts.items():
        yield f"  {place}: {', '.join(said)}"


def _edges(read: ReportRead) -> Iterator[str]:
    every, own = len(read.whole.blocks), len(read.document.blocks)
    if every == own:
        yield "edges: all of it is the report's"
    else:
        yield f"edges: {own} of {every} blocks are the report's, the others the site's"


def _lines(read: ReportRead) -> Iterator[str]:
    lines = read.part.lines
    of_tables = sum(len(segment.lines) for segment in read.part.segments)
    yield f"lines: {len(lines)}, of which {of_tables} are of statutory tables"
    for remark in read.part.remarks:
        yield f"  warning: {remark.message}"


def _table(table: TableRead, read: ReportRead) -> Iterator[str]:
    form = table.form
    yield f"table {form.table}: {form.generation}, {_where(table, read)}"
    if len(table.among) > 1:
        yield f"  its words may be those of {', '.join(table.among)}: the year and the other tables decided"
    yield f"  head: {_head(table.columns.head)}"
    yield f"  rows: {len(table.rows.found)} of {len(form.rows)} found, {len(table.rows.extra)} left over"
    for number, row in enumerate(form.rows):
        yield f"    {_row(row, table.rows.found.get(number), table)}"
    for strip in table.rows.extra:
        yield f"    left over: {_strip(strip)}"
    for glued in table.cells.glued:
        yield f"  digits run together: {_short(glued.digits)} for {len(glued.codes)} cells"
    for finding in table.findings:
        yield f"  doubt: {_short(finding.message)} [{_codes(finding.codes, form)}]"


def _where(table: TableRead, read: ReportRead) -> str:
    """The lines of a table, counted from 1 as the stage before has them."""
    numbers = {line: number for number, line in enumerate(read.part.lines, 1)}
    own = [numbers[line] for line in table.segment.lines]
    kind = "a grid" if any(line.grid is not None for line in table.segment.lines) else "text"
    return f"lines {min(own)} to {max(own)}, {kind}"


def _head(head: TableHead) -> str:
    said = []
    if turned := sum(order != row for row, order in head.orders.items()):
        said.append(f"names the columns of {turned} rows in another order than the form")
    if head.repeats:
        said.append(f"prints columns of {len(head.repeats)} rows several times")
    if head.listed and head.count > 1:
        year = "which is the year's is open" if head.year is None else f"the year's is the {head.year + 1}."
        said.append(f"{head.count} columns of values, {year}")
    if head.unnamed:
        said.append(f"names no column for {len(head.unnamed)} cells")
    said += [f"{code} is in {unit}" for code, unit in head.units.items()]
    return "; ".join(said) or "columns as the form has them"


def _row(row: Row, strip: Strip | None, table: TableRead) -> str:
    """A row of the form with the strip that was taken for it and what was read of it."""
    if strip is None:
        return f"{row.label}: no row was found"
    figures = [table.cells.figures[code] for code in table.columns.head.order(row)]
    return f"{row.label} <- {_strip(strip)} -> {' '.join(map(_figure, figures))}"


def _figure(figure: Figure) -> str:
    return str(figure.value) if figure.state is State.NUMBER else figure.state.value


def _strip(strip: Strip) -> str:
    label = " / ".join([*strip.before, *strip.own]) or "no label"
    values = " | ".join(cell.text for cell in strip.values)
    place = f" at {strip.place}" if strip.place else ""
    return f"{_short(label)}: {_short(values)}{place}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _codes(codes: Sequence[str], form: Form) -> str:
    """What a doubt is about: whole rows by their labels, other cells by their codes; of many the first."""
    rows = [row for row in form.rows if {*row.codes} <= {*codes}]
    whole = {code for row in rows for code in row.codes}
    named = [*(row.label for row in rows), *(code for code in codes if code not in whole)]
    more = [f"{len(named) - _MOST_NAMED} more"] if len(named) > _MOST_NAMED else []
    return ", ".join([*named[:_MOST_NAMED], *more])


def _proof(read: ReportRead) -> Iterator[str]:
    identities = read.report.identities
    yield f"proof: {sum(one.holds for one in identities)} of {len(identities)} identities hold"
    for identity in identities:
        if not identity.holds:
            yield f"  {identity.id}: {identity.left} is not {identity.right}: {', '.join(identity.codes)}"
    told = [finding for table in read.reading.tables for finding in table.findings]
    for finding in read.report.findings:
        if finding not in told:
            yield f"  {finding.kind}: {finding.message}"


def _missing(read: ReportRead) -> Iterator[str]:
    """Each cell without a figure, and which stage lost it."""
    yield "cells without a figure:"
    of_tables = {code: why for table in read.reading.tables for code, why in _reasons(table, read)}
    for code, why in of_tables.items():
        yield f"  {code}: {why}"
    said = [warning for warning in read.report.warnings if warning not in read.document.warnings]
    for warning in said:
        yield f"  {warning}"
    if not of_tables and not said:
        yield "  none"


def _reasons(table: TableRead, read: ReportRead) -> Iterator[tuple[str, str]]:
    figures = {figure.code: figure for figure in read.report.figures}
    for number, row in enumerate(table.form.rows):
        for code in row.codes:
            figure = figures.get(code)
            if figure and figure.state is State.ILLEGIBLE:
                yield code, f"the cell at {figure.place} says {_short(figure.raw)!r}, which is no number"
            elif figure and figure.state is State.ABSENT:
                yield code, _why_absent(row, table.rows.found.get(number), table)


def _why_absent(row: Row, strip: Strip | None, table: TableRead) -> str:
    if strip is None:
        return f"rows: none carries the label {row.label}"
    if any(set(row.codes) == set(glued.codes) for glued in table.cells.glued):
        return "cells: the digits of its row run together and can be split in no sure way"
    columns = table.columns
    if columns.head.unnamed.intersection(row.codes):
        return "head: no head names its column"
    if columns.place(row, strip) is not None:
        return f"columns: its row has no cell in this column ({_strip(strip)})"
    if columns.head.listed:
        return f"columns: which of the row's figures is the year's own, or a code, is open ({_strip(strip)})"
    return f"columns: {len(strip.values)} values for {len(row.cells)} columns ({_strip(strip)})"
