"""What is odd about the figures of a table though each was read: another measure in a label or a head, a row
whose figures stand beside those of the others, a figure that reaches over several rows. Each is a finding on
those figures.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from parsers.codebook import Form, Row, bare, list_tables, units
from parsers.document import Cell
from parsers.forms import forms_cache
from parsers.records import Figure, Finding, FindingKind
from parsers.tables.flat.lines import VALUE
from parsers.tables.recognise import Segment
from parsers.tables.strips import Strip
from parsers.words.units import MONEY

_SCALED = re.compile(
    r"(?:[（(:：]|单位|计量)\s*+(?:单位[:：]?)?\s*+([十百千万亿]+(?:件次?|条|人?次|人|份|个|项|篇)|[%％‰])\s*+(?:[)）]|$)"
)
"""A unit in a label that counts in other steps than one by one, or in shares."""
_UNIT_OF_AMOUNT = r"((?:[十百千万亿]*(?:美|欧|港|日|台|韩)?[元圆])?)"


def odd(
    form: Form, segment: Segment, found: Mapping[int, Strip], figures: Mapping[str, Figure]
) -> Iterator[Finding]:
    """The findings on figures of this table that were read."""
    if form.table in list_tables():
        return
    yield from _measures(form, segment, found, figures)
    yield from _amounts(form, segment, figures)
    yield from _shifted(form, found, figures)
    yield from _reaching(form, found, figures)


def _told(codes: Collection[str], figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """The codes whose figures say something: 0 is 0 in any measure and any cell."""
    return tuple(code for code in codes if code in figures and figures[code].value)


def _measures(
    form: Form, segment: Segment, found: Mapping[int, Strip], figures: Mapping[str, Figure]
) -> Iterator[Finding]:
    """Rows, or a table, whose labels count in thousands or in shares."""
    counts = {
        code
        for row in form.rows
        for code, cell in zip(row.codes, row.cells, strict=True)
        if cell.type != "decimal"
    }
    for number, strip in found.items():
        unit = next((scale[1] for label in strip.labels if (scale := _SCALED.search(label))), None)
        codes = _told([code for code in form.rows[number].codes if code in counts], figures)
        if unit and codes:
            values = {"case": "in_label", "table": form.table, "row": form.rows[number].label, "unit": unit}
            yield Finding(FindingKind.UNIT_DIFFERS, codes, values)
    heads = (label for line in segment.lines if VALUE not in line.shape for label in line.labels)
    unit = next((scale[1] for label in heads if (scale := _SCALED.search(label))), None)
    codes = _told(sorted(counts), figures)
    if unit and codes:
        values = {"case": "in_head", "table": form.table, "unit": unit}
        yield Finding(FindingKind.UNIT_DIFFERS, codes, values)


def _amounts(form: Form, segment: Segment, figures: Mapping[str, Figure]) -> Iterator[Finding]:
    """Amounts whose head prints a unit that no form has, or none while nothing else in the table does."""
    patterns = _patterns(form)
    if not patterns:
        return
    words = "".join(word for line in segment.lines for word in line.words)
    for code, label, pattern in patterns:
        said = pattern.search(words)
        if not said or not _told([code], figures) or said[1] in MONEY:
            continue
        values = {"table": form.table, "column": label}
        if said[1]:
            told = {"case": "of_amount", **values, "unit": said[1]}
            yield Finding(FindingKind.UNIT_DIFFERS, (code,), told)
        elif not any(unit in words for unit in MONEY) and not any(
            unit in figures[code].raw for unit in MONEY
        ):
            yield Finding(FindingKind.UNIT_DIFFERS, (code,), {"case": "none", **values})


@forms_cache(16)
def _patterns(form: Form) -> list[tuple[str, str, re.Pattern[str]]]:
    """The codes of the amounts of a form, their labels, and what finds the unit behind these in folded
    words."""
    found = []
    for row in form.rows:
        for code, cell in zip(row.codes, row.cells, strict=True):
            if cell.type == "decimal" and units()[code] in MONEY:
                names = rf"(?:{bare(cell.col_label)}|{bare(row.own_label)})(?:单位|人民币|为)*"
                found.append((code, cell.col_label, re.compile(names + _UNIT_OF_AMOUNT)))
    return found


def _shifted(form: Form, found: Mapping[int, Strip], figures: Mapping[str, Figure]) -> Iterator[Finding]:
    """Rows of a grid with more cells than the form has columns, where other rows print in other columns: a
    blank cell too many has moved the figures, or the blank is one of them."""
    columns = {number: _columns_read(form.rows[number], strip, figures) for number, strip in found.items()}
    for number, strip in found.items():
        row = form.rows[number]
        if strip.grid is None or len(strip.values) <= len(row.cells) or not columns[number]:
            continue
        alike = [
            columns[other]
            for other, another in found.items()
            if other != number
            and another.grid == strip.grid
            and len(form.rows[other].cells) == len(row.cells)
        ]
        if any(others and others != columns[number] for others in alike):
            codes = _told(row.codes, figures)
            if codes:
                values = {"case": "other_columns", "table": form.table, "row": row.label}
                yield Finding(FindingKind.READING_IN_DOUBT, codes, values)


def _columns_read(row: Row, strip: Strip, figures: Mapping[str, Figure]) -> tuple[int, ...]:
    """The columns of the cells in which the figures of a row were read."""
    places = {figures[code].place for code in row.codes if code in figures}
    return tuple(cell.column for cell in strip.values if cell.place and cell.place in places)


def _reaching(form: Form, found: Mapping[int, Strip], figures: Mapping[str, Figure]) -> Iterator[Finding]:
    """Figures whose cells reach into the row of another label: they may be a sum, or stand for each."""
    for number, strip in found.items():
        row = form.rows[number]
        for cell in strip.values:
            if cell.rowspan < 2 or strip.grid is None or not _is_in_others(cell, strip, found):
                continue
            codes = _told([code for code in row.codes if figures[code].place == cell.place], figures)
            if codes:
                values = {"case": "over_rows", "table": form.table, "row": row.label}
                yield Finding(FindingKind.READING_IN_DOUBT, codes, values)


def _is_in_others(cell: Cell, strip: Strip, found: Mapping[int, Strip]) -> bool:
    """Whether a label of another row stands beside a cell that spans rows."""
    rows = range(cell.row + 1, cell.row + cell.rowspan)
    return any(
        other is not strip and other.grid == strip.grid and other.values and other.values[0].row in rows
        for other in found.values()
    )
