"""The figures of the rows of a table: one for each cell of the form, whether something stands there or
not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat

from parsers.codebook import Form, Row, forms, units
from parsers.findings import LONGEST_SHOWN
from parsers.forms import forms_cache
from parsers.identities import likely
from parsers.records import Figure, Finding, FindingKind, Proof, State
from parsers.tables.columns import Codes, Columns
from parsers.tables.glued import Glued
from parsers.tables.strips import Strip
from parsers.tables.values import ABSENT, ILLEGIBLE, Value, read_value
from parsers.words.chars import fold as folded
from parsers.words.known import Known
from parsers.words.units import MONEY

LARGEST_FIGURE = 10**13
"""More than the amounts of any authority: what is larger are the digits of several cells."""
_AMOUNTS = frozenset(MONEY)
_NO_COUNTS = _AMOUNTS | {"%"}
"""Units of what is no count: beside another one the figure is not what the form asks for."""


@dataclass(frozen=True, slots=True)
class CellsRead:
    """The figures of a table by code, rows whose digits run together, and findings on single cells and
    rows."""

    figures: Mapping[str, Figure]
    glued: tuple[Glued, ...]
    findings: tuple[Finding, ...]


def read_cells(form: Form, found: Mapping[int, Strip], columns: Columns) -> CellsRead:
    """Every cell of the form with the figure that stands in it, as the rows were aligned and their columns
    placed."""
    figures: dict[str, Figure] = {}
    glued: list[Glued] = []
    findings: list[Finding] = []
    headed = columns.head.units
    for number, row in enumerate(form.rows):
        strip, codes = found.get(number), columns.head.order(row)
        cells = columns.place(row, strip) if strip else None
        if strip and cells is None:
            unplaced = _unplaced(row, codes, strip)
            glued += [unplaced] if isinstance(unplaced, Glued) else []
            findings += [unplaced] if isinstance(unplaced, Finding) else []
        cells = [None] * len(row.cells) if cells is None else cells
        texts = [cell.text if cell else None for cell in cells]
        said = [*map(_said.__getitem__, texts)]
        figures.update(_figures(codes, texts, said, [cell.place if cell else "" for cell in cells], headed))
        findings += _row_findings(codes, texts, said, headed)
    return CellsRead(figures, tuple(glued), tuple(findings))


def _figures(
    codes: Codes,
    texts: Sequence[str | None],
    said: Sequence[Value],
    places: Sequence[str],
    headed: Mapping[str, str],
) -> Iterator[tuple[str, Figure]]:
    """The figure that each text gives for its code; None is the text of a cell that is not there. `headed`:
    the units that stand in the head, by code.

    The proof of a figure is the one that it has where all identities hold; what they say is known when all is
    read.
    """
    states, numbers, printed, _ = zip(*said, strict=True)
    usual, proofs = _usual(codes)
    if not headed.keys().isdisjoint(codes) or any(printed):
        usual = tuple(
            [cell or headed.get(code) or unit for code, cell, unit in zip(codes, printed, usual, strict=True)]
        )
    raw = [text or "" for text in texts]
    columns = zip(codes, numbers, states, raw, usual, proofs, places, strict=True)
    # What `_make` does takes twice the time.
    return zip(codes, map(tuple.__new__, repeat(Figure), columns), strict=True)


def _row_findings(
    codes: Codes, texts: Sequence[str | None], said: Sequence[Value], headed: Mapping[str, str]
) -> Iterator[Finding]:
    if headed.keys().isdisjoint(codes) and all(map(_is_plain, said)):
        return
    usual, _ = _usual(codes)
    for code, text, value, unit in zip(codes, texts, said, usual, strict=True):
        yield from _cell_findings(code, text or "", value, unit, headed.get(code, unit))


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


def _unplaced(row: Row, codes: Codes, strip: Strip) -> Glued | Finding:
    """A row whose values cannot be told apart by counting: glued digits are kept for the arithmetic to
    split."""
    only = strip.values[0] if len(strip.values) == 1 < len(row.cells) else None
    digits = folded(only.text) if only else ""
    if only and digits.isascii() and digits.isdigit() and len(digits) >= len(row.cells):
        return Glued(codes, digits, only.place)
    printed = " | ".join(cell.text for cell in strip.values)
    values = {
        "case": "width",
        "row": row.label,
        "values": len(strip.values),
        "columns": len(row.cells),
        "printed": printed[:LONGEST_SHOWN],
    }
    return Finding(FindingKind.ROW_NOT_ALIGNED, row.codes, values)


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
    """A unit printed in a cell or in the head of its column that is not the form's `unit`: the figure stays
    as printed and says so; what is no whole number among counts; numbers in several lines, which are none."""
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
