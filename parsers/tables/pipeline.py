"""From the lines of a statutory table to its figures: head, rows, columns, cells, doubts. Proof comes after,
in identities.py.

Each stage takes what those before it made and gives a record that nothing changes after; `TableRead` keeps
them all, so that `parsers.trace` can say of each cell how it came to be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from parsers.codebook import Form, forms
from parsers.forms import Layout
from parsers.identities import equations
from parsers.records import ExtraRow, Figure, Finding
from parsers.remarks import Remark
from parsers.tables.cells import CellsRead, read_cells
from parsers.tables.columns import Codes, Columns, columns_of
from parsers.tables.doubt import doubts
from parsers.tables.generations import generations_of, likeliest
from parsers.tables.glued import Glued
from parsers.tables.grid.header import head_of
from parsers.tables.grid.mixed import form_of, remarks_on, without_head
from parsers.tables.recognise import Segment
from parsers.tables.rows import Rows, aligned, without_units
from parsers.tables.strips import Strip
from parsers.tables.values import read_value
from parsers.words.units import COUNTED

_UNDER_ONE_HEAD = (Layout.MATRIX, Layout.ROW)


@dataclass(frozen=True, slots=True)
class TableRead:
    """One table with what each stage made of it.

    `among`: the generations that its words may be of, before the year of the report and its other tables
    decided.
    """

    segment: Segment
    among: tuple[str, ...]
    form: Form
    columns: Columns
    rows: Rows
    cells: CellsRead
    findings: tuple[Finding, ...]
    remarks: tuple[Remark, ...]

    @property
    def extra_rows(self) -> list[ExtraRow]:
        """The rows that the form has not, as printed."""
        extra = self.rows.extra
        return [_extra(self.form, strip) for strip in extra if strip.labels or len(strip.values) > 1]


@dataclass(slots=True)
class Reading:
    """What the statutory tables of one report say, before proof."""

    generations: dict[str, str] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)
    extra_rows: list[ExtraRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    glued: list[Glued] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    tables: list[TableRead] = field(default_factory=list)


def read_tables(segments: list[Segment], year: int | None = None) -> Reading:
    """Reads the segments of one report. `year`: what it is about, for the tables that do not tell their
    generation."""
    reading = Reading()
    among = [generations_of(segment) for segment in segments]
    told = [generations[0] for generations in among if len(generations) == 1]
    for segment, generations in zip(segments, among, strict=True):
        form = form_of(segment, forms()[segment.table, likeliest(generations, told, year)])
        table = read_table(segment, form, tuple(generations))
        reading.tables.append(table)
        reading.generations[form.table] = form.generation
        reading.figures.update(table.cells.figures)
        reading.extra_rows += table.extra_rows
        reading.findings += table.findings
        reading.glued += table.cells.glued
        reading.remarks += table.remarks
    return reading


def read_table(segment: Segment, form: Form, among: tuple[str, ...] = ()) -> TableRead:
    """One table as a form has it: every cell of the form gets a figure, if only an absent one."""
    no_head = without_head(segment, form)
    head = replace(head_of(segment, form), unnamed=frozenset(no_head.codes if no_head else ()))
    rows, unsure = aligned(segment, form, head)
    head, rows = without_units(form, head, rows)
    columns = _in_the_order_proven(form, rows, columns_of(head, form.rows, rows.found, rows.extra))
    cells = read_cells(form, rows.found, columns)
    findings = (
        *([no_head] if no_head else []),
        *unsure,
        *cells.findings,
        *doubts(segment, form, columns.head, rows, cells.figures),
    )
    return TableRead(segment, among, form, columns, rows, cells, findings, remarks_on(form))


def _in_the_order_proven(form: Form, rows: Rows, columns: Columns) -> Columns:
    """The columns in the form's order where the identities of the rows deny the one that the head names,
    whose spans went wrong."""
    head = columns.head
    if not head.orders or form.layout not in _UNDER_ONE_HEAD:
        return columns
    plain, named = (_rows_proven(form, rows.found, columns, orders) for orders in ({}, head.orders))
    if plain > named or (head.centred and plain == named):
        return replace(columns, head=replace(head, orders={}))
    return columns


def _rows_proven(
    form: Form, found: Mapping[int, Strip], columns: Columns, orders: Mapping[Codes, Codes]
) -> int:
    """How many identities within a row hold, with the columns in these orders."""
    rules = equations(form.table, form.generation)
    held = 0
    for number, strip in found.items():
        row = form.rows[number]
        cells = columns.place(row, strip) or []
        values = {
            code: read_value(cell.text) if cell else None
            for code, cell in zip(orders.get(row.codes, row.codes), cells, strict=False)
        }
        known = {code: value.number or 0 for code, value in values.items() if value}
        own = (rule for rule in rules if known.keys() >= set(rule.codes))
        held += sum(rule.holds(known) for rule in own)
    return held


def _extra(form: Form, strip: Strip) -> ExtraRow:
    own, before = (
        [label for label in labels if label not in COUNTED] for labels in (strip.own, strip.before)
    )
    label = " ".join(own or before[-1:])  # a unit beside a label, or between it and its value, names nothing
    return ExtraRow(form.table, label, tuple(cell.text for cell in strip.values), strip.place)
