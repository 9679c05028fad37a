"""From the lines of a document to figures: recognise, align, read. Proof comes after, in identities.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import repeat

from parsers.codebook import Form, Row, forms, list_tables, units
from parsers.findings import LONGEST_SHOWN
from parsers.forms import Layout, forms_cache
from parsers.identities import equations, likely
from parsers.records import ExtraRow, Figure, Finding, FindingKind, Proof, State
from parsers.tables.align import align
from parsers.tables.broken import in_doubt, shortened
from parsers.tables.columns import Columns
from parsers.tables.displaced import put_back
from parsers.tables.generations import generations_of, likeliest
from parsers.tables.glued import Glued
from parsers.tables.header import columns_of
from parsers.tables.mixed import form_of, said_of, without_head
from parsers.tables.odd import odd
from parsers.tables.recognise import Segment
from parsers.tables.strips import Strip, strips_of
from parsers.tables.values import ABSENT, ILLEGIBLE, Value, read_value
from parsers.words.chars import fold as folded
from parsers.words.known import Known
from parsers.words.labels import fold
from parsers.words.units import COUNTED, MONEY

_UNDER_ONE_HEAD = (Layout.MATRIX, Layout.ROW)
LOST_SHARE = 4  # of the rows of a table
UNNAMED_SHARE, UNNAMED_OF_ALL = 4, 2  # of the rows found; where all rows of the form are
LARGEST_FIGURE = 10**13
_AMOUNTS = frozenset(MONEY)
_NO_COUNTS = _AMOUNTS | {"%"}
"""Units of what is no count: beside another one the figure is not what the form asks for."""


@dataclass(slots=True)
class Reading:
    """What the statutory tables of one report say, before proof."""

    generations: dict[str, str] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)
    extra_rows: list[ExtraRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    glued: list[Glued] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_tables(segments: list[Segment], year: int | None = None) -> Reading:
    """Reads the segments of one report. `year`: what it is about, for the tables that do not tell their generation."""
    reading = Reading()
    among = [generations_of(segment) for segment in segments]
    told = [generations[0] for generations in among if len(generations) == 1]
    for segment, generations in zip(segments, among, strict=True):
        form = form_of(segment, forms()[segment.table, likeliest(generations, told, year)])
        reading.generations[form.table] = form.generation
        read_table(segment, form, reading)
    return reading


def read_table(segment: Segment, form: Form, reading: Reading) -> None:
    """Adds one table's figures, extra rows and findings to the reading; every cell of the form gets a figure."""
    columns = columns_of(segment, form)
    if said := said_of(form):
        reading.warnings.append(said)
    if doubt := without_head(segment, form):
        reading.findings.append(doubt)
        columns.unnamed = frozenset(doubt.codes)
    _read_rows(segment, form, columns, reading)


def _read_rows(segment: Segment, form: Form, columns: Columns, reading: Reading) -> None:
    """Reads a table row by row."""
    either = strips_of(segment, columns.widths(form), _header_names(form), bare=len(form.rows) == 1)
    strips = either[0] if len(either) == 1 else _proven(either, form, columns)
    if not strips and len(either) > 1:
        reading.findings.append(_open(form))
    found, extra = _single_row(strips, form) if len(form.rows) == 1 else align(strips, form)
    reading.findings += put_back(form, found, extra)
    for number, strip in found.items():
        columns.set_apart(form.rows[number], strip)
    columns.learn(form.rows, found, extra)
    if columns.orders and form.layout in _UNDER_ONE_HEAD:
        plain, named = (_proven_rows(form, found, columns, orders) for orders in ({}, columns.orders))
        if plain > named or (columns.centred and plain == named):
            columns.orders = {}  # a header whose spans went wrong names the columns in an order that is not theirs
    for number, row in enumerate(form.rows):
        _read_row(row, found.get(number), columns, reading)
    reading.findings += _of_others(form, columns, reading.figures)
    reading.findings += _doubts(form, found, extra)
    reading.findings += _beside(form, found, reading.figures)
    reading.findings += dict.fromkeys(
        in_doubt(form, strips, found, segment.after)
    )  # once, if two rules say it
    reading.findings += odd(form, segment, found, reading.figures)
    reading.findings += shortened(form, segment.lines, found, columns.widths(form))
    reading.extra_rows += [_extra(form, strip) for strip in extra if strip.labels or len(strip.values) > 1]


def _proven(either: list[list[Strip]], form: Form, columns: Columns) -> list[Strip]:
    """The one of these readings of which the identities hold over the whole table; [] when none or both do."""
    proven = [strips for strips in either if _holds(form, align(strips, form)[0], columns)]
    return proven[0] if len(proven) == 1 else []


def _holds(form: Form, found: dict[int, Strip], columns: Columns) -> bool:
    """Whether every row that is there can be placed, and the identities hold with the others as 0, one at least over
    several rows."""
    known: dict[str, int | float] = dict.fromkeys((code for row in form.rows for code in row.codes), 0)
    rows: dict[str, int] = {}
    for number, strip in found.items():
        row = form.rows[number]
        cells = columns.place(row, strip)
        if cells is None:
            return False
        for code, cell in zip(columns.order(row), cells, strict=True):
            value = read_value(cell.text) if cell else None
            known[code] = (value.number if value else None) or 0
            rows[code] = number
    rules = equations(form.table, form.generation)
    said = [
        rule for rule in rules if len({rows[code] for code in rule.codes if known[code] and code in rows}) > 1
    ]
    return bool(said) and all(rule.holds(known) for rule in rules)


def _open(form: Form) -> Finding:
    values = {"case": "turns", "table": form.table}
    return Finding(FindingKind.ROW_NOT_ALIGNED, _codes(list(form.rows)), values)


def _proven_rows(
    form: Form, found: dict[int, Strip], columns: Columns, orders: dict[tuple[str, ...], tuple[str, ...]]
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


def _doubts(form: Form, found: dict[int, Strip], extra: list[Strip]) -> Iterator[Finding]:
    """Rows that are not there, that no label names, or that are printed twice: what is read of them is not sure."""
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


def _of_others(form: Form, columns: Columns, figures: Mapping[str, Figure]) -> Iterator[Finding]:
    """Rows whose head names the columns of other rows; nothing is nothing in every column."""
    for row in form.rows:
        if row.codes in columns.others and any(figures[code].value for code in row.codes):
            named = list(columns.others[row.codes])
            values = {"case": "other_head", "table": form.table, "row": row.label, "columns": named}
            yield Finding(FindingKind.READING_IN_DOUBT, row.codes, values)


def _beside(form: Form, found: dict[int, Strip], figures: dict[str, Figure]) -> Iterator[Finding]:
    """In text, rows that stand beside one that was not read: the values may be its own, and sums of a row do not tell."""
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
    """The rows just above and below, of the same block where each block of the table has a header of its own."""
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


@forms_cache()
def _header_names(form: Form) -> frozenset[str]:
    labels = {fold(cell.col_label) for cell in form.cells} | {fold(cell.block) for cell in form.cells}
    return frozenset(
        labels | {"信息内容", "申请人情况", "法人或其他组织", "三本年度办理结果", "本年度办理结果"}
    )


def _single_row(strips: list[Strip], form: Form) -> tuple[dict[int, Strip], list[Strip]]:
    """The strip of the one row without a label: its groups one below another, else the strip that is wide enough, else
    all that stand there together."""
    wanted = len(form.rows[0].cells)
    sizes = [len(group) for group in form.groups]
    if len(strips) == len(sizes) and all(map(_is_group, strips, sizes)):
        parts = (strip.values[:size] for strip, size in zip(strips, sizes, strict=True))
        return {0: replace(strips[0], values=[cell for part in parts for cell in part])}, []
    for strip in sorted(strips, key=lambda strip: (_is_numbering(strip), _is_blank(strip))):
        if len(strip.values) >= wanted or any(
            len(cell.text) >= wanted and cell.text.isdecimal() for cell in strip.values
        ):
            return {0: strip}, [other for other in strips if other is not strip]
    joined = Strip(
        [], [], [], [cell for strip in strips for cell in strip.values], strips[0].grid if strips else None
    )
    return ({0: joined}, []) if joined.values else ({}, [])


def _is_group(strip: Strip, size: int) -> bool:
    """Whether a strip holds as many results as one group has, and blanks beside them."""
    return len(strip.values) >= size and not any(cell.text.strip() for cell in strip.values[size:])


def _is_numbering(strip: Strip) -> bool:
    """Whether the values are the numbers of the columns: 1, 2, 3, …"""
    return [cell.text.strip() for cell in strip.values] == [str(n) for n in range(1, len(strip.values) + 1)]


def _is_blank(strip: Strip) -> bool:
    return not any(cell.text.strip() for cell in strip.values)


def _extra(form: Form, strip: Strip) -> ExtraRow:
    own, before = (
        [label for label in labels if label not in COUNTED] for labels in (strip.own, strip.before)
    )
    label = " ".join(own or before[-1:])  # a unit beside a label, or between it and its value, names nothing
    return ExtraRow(form.table, label, tuple(cell.text for cell in strip.values), strip.place)


def _read_row(row: Row, strip: Strip | None, columns: Columns, reading: Reading) -> None:
    cells = columns.place(row, strip) if strip else None
    if cells is None:
        cells = [None] * len(row.cells)
        if strip:
            _unplaced(row, columns.order(row), strip, reading)
    codes = columns.order(row)
    texts = [cell.text if cell else None for cell in cells]
    _read_texts(codes, texts, [cell.place if cell else "" for cell in cells], columns.units, reading)


def _read_texts(
    codes: tuple[str, ...],
    texts: Sequence[str | None],
    places: Sequence[str],
    headed: Mapping[str, str],
    reading: Reading,
) -> None:
    """Adds the figure that each text gives for its code; None is the text of a cell that is not there. `headed`: the
    units that stand in the head, by code.

    The proof of a figure is the one that it has where all identities hold; what they say is known when all is read.
    """
    said = [*map(_said.__getitem__, texts)]
    states, numbers, printed, _ = zip(*said, strict=True)
    usual, proofs = _usual(codes)
    raw = [text or "" for text in texts]
    if not headed.keys().isdisjoint(codes) or not all(map(_is_plain, said)):
        own = usual
        usual = tuple(
            [cell or headed.get(code) or unit for code, cell, unit in zip(codes, printed, own, strict=True)]
        )
        for code, text, value, unit in zip(codes, raw, said, own, strict=True):
            reading.findings += _cell_findings(code, text, value, unit, headed.get(code, unit))
    columns = zip(codes, numbers, states, raw, usual, proofs, places, strict=True)
    # What `_make` does takes twice the time.
    reading.figures.update(zip(codes, map(tuple.__new__, repeat(Figure), columns), strict=True))


@forms_cache(1024)
def _usual(codes: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[Proof, ...]]:
    """The units of these codes in the form, and their proofs where all identities hold."""
    return tuple(map(units().__getitem__, codes)), tuple(map(likely().__getitem__, codes))


def _value(text: str | None) -> Value:
    """What a cell says that a figure stands in."""
    if text is None:
        return ABSENT
    value = read_value(text)
    if value is None or not -LARGEST_FIGURE <= (value.number or 0) <= LARGEST_FIGURE:
        return ILLEGIBLE  # words, or the digits of several cells, not a count or an amount
    return value


_said = Known(_value, 65536)


def _unplaced(row: Row, codes: tuple[str, ...], strip: Strip, reading: Reading) -> None:
    """A row whose values cannot be told apart by counting: glued digits are kept for the arithmetic to split."""
    only = strip.values[0] if len(strip.values) == 1 < len(row.cells) else None
    digits = folded(only.text) if only else ""
    if only and digits.isascii() and digits.isdigit() and len(digits) >= len(row.cells):
        reading.glued.append(Glued(codes, digits, only.place))
        return
    printed = " | ".join(cell.text for cell in strip.values)
    values = {
        "case": "width",
        "row": row.label,
        "values": len(strip.values),
        "columns": len(row.cells),
        "printed": printed[:LONGEST_SHOWN],
    }
    reading.findings.append(Finding(FindingKind.ROW_NOT_ALIGNED, row.codes, values))


@forms_cache()
def _decimals() -> frozenset[str]:
    """The codes of amounts, which need be no whole numbers."""
    return frozenset(
        code
        for form in forms().values()
        for row in form.rows
        for code, cell in zip(row.codes, row.cells, strict=True)
        if cell.type == "decimal"
    )


def _is_plain(value: Value) -> bool:
    """Whether there is nothing to say of a cell but its number, its dash or its blank."""
    return not (
        value.unit or value.noted or isinstance(value.number, float) or value.state is State.ILLEGIBLE
    )


def _cell_findings(code: str, raw: str, value: Value, unit: str, headed: str) -> Iterator[Finding]:
    """A unit printed in a cell or in the head of its column that is not the form's `unit`: the figure stays as printed
    and says so; what is no whole number among counts; numbers in several lines, which are none."""
    said = value.unit or headed
    if value.number and len({said, headed, unit} - {""}) > 1 and {said, unit} & _NO_COUNTS:
        yield Finding(FindingKind.UNIT_DIFFERS, (code,), {"raw": raw, "unit": headed})
    elif isinstance(value.number, float) and code not in _decimals():
        values = {"case": "no_whole_number", "raw": raw, "unit": headed}
        yield Finding(FindingKind.READING_IN_DOUBT, (code,), values)
    if value.noted:
        yield Finding(FindingKind.READING_IN_DOUBT, (code,), {"case": "raised_digit", "raw": raw})
    if value.state is State.ILLEGIBLE and "\n" in raw:
        yield Finding(FindingKind.READING_IN_DOUBT, (code,), {"case": "several_lines", "raw": raw[:100]})
