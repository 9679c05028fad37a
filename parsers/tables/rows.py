"""The rows of a table: its strips, each aligned to the row of the form whose label it carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from parsers.codebook import Form, Row
from parsers.forms import forms_cache
from parsers.identities import equations
from parsers.records import Finding, FindingKind
from parsers.tables.align import align
from parsers.tables.columns import TableHead, by_head
from parsers.tables.displaced import displaced
from parsers.tables.recognise import Segment
from parsers.tables.strips import Strip, strips_of
from parsers.tables.values import read_value
from parsers.words.labels import fold


@dataclass(frozen=True, slots=True)
class Rows:
    """All strips of a table in reading order; by its index in the form the strip of each row that was found;
    the strips that belong to none."""

    strips: tuple[Strip, ...]
    found: Mapping[int, Strip]
    extra: tuple[Strip, ...]

    def with_values(self, values: Mapping[Strip, Strip]) -> Rows:
        """The same rows with other strips in the place of some."""
        if not values:
            return self
        return Rows(
            tuple(values.get(strip, strip) for strip in self.strips),
            {number: values.get(strip, strip) for number, strip in self.found.items()},
            tuple(values.get(strip, strip) for strip in self.extra),
        )


def aligned(segment: Segment, form: Form, head: TableHead) -> tuple[Rows, tuple[Finding, ...]]:
    """The rows of a table, with findings on what was aligned by more than its labels or not at all."""
    either = strips_of(segment, head.widths(form), _header_names(form), bare=len(form.rows) == 1)
    strips = either[0] if len(either) == 1 else _proven(either, form, head)
    findings = (_open(form),) if len(either) > 1 and not strips else ()
    found, extra = _single_row(strips, form) if len(form.rows) == 1 else align(strips, form)
    restored = displaced(form, found, extra)
    rows = Rows(tuple(strips), found, tuple(strip for strip in extra if strip not in restored.taken))
    return rows.with_values(restored.rows), (*findings, *restored.findings)


def without_units(form: Form, head: TableHead, rows: Rows) -> tuple[TableHead, Rows]:
    """The rows without the units and remarks that stand behind their figures, and a head that knows these
    units."""
    units = {
        form.rows[number].codes[0]: head.unit_beside(form.rows[number], strip)
        for number, strip in rows.found.items()
    }
    alone = {
        strip: values
        for strip in rows.found.values()
        if (values := head.values_alone(strip)) is not strip.values
    }
    beside = {code: unit for code, unit in units.items() if unit}
    told = replace(head, units={**head.units, **beside}) if beside else head
    return told, rows.with_values({strip: replace(strip, values=values) for strip, values in alone.items()})


def _proven(either: list[list[Strip]], form: Form, head: TableHead) -> list[Strip]:
    """The one of these readings of which the identities hold over the whole table; [] when none or both
    do."""
    proven = [strips for strips in either if _holds(form, align(strips, form)[0], head)]
    return proven[0] if len(proven) == 1 else []


def _holds(form: Form, found: dict[int, Strip], head: TableHead) -> bool:
    """Whether every row that is there can be placed, and the identities hold with the others as 0, one at
    least over several rows."""
    known: dict[str, int | float] = dict.fromkeys((code for row in form.rows for code in row.codes), 0)
    rows: dict[str, int] = {}
    for number, strip in found.items():
        row = form.rows[number]
        cells = by_head(head).place(row, strip)
        if cells is None:
            return False
        for code, cell in zip(head.order(row), cells, strict=True):
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


def _codes(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(code for row in rows for code in row.codes)


@forms_cache()
def _header_names(form: Form) -> frozenset[str]:
    labels = {fold(cell.col_label) for cell in form.cells} | {fold(cell.block) for cell in form.cells}
    return frozenset(
        labels | {"信息内容", "申请人情况", "法人或其他组织", "三本年度办理结果", "本年度办理结果"}
    )


def _single_row(strips: Sequence[Strip], form: Form) -> tuple[dict[int, Strip], list[Strip]]:
    """The strip of the one row without a label: its groups one below another, else the strip that is wide
    enough, else all that stand there together."""
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
