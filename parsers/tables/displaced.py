"""Figures that the making of a text put outside of their row: cells of several lines, as a number above its
note."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from parsers.codebook import Form, Row
from parsers.records import Finding, FindingKind
from parsers.tables.strips import Strip

# What a note says of its figure, by the word of the column's label.
_SAID = {"制发": ("制发", "制定", "印发"), "废止": ("废止", "失效"), "有效": ("有效", "累计")}
_BRACKETS = ("（", "(")


@dataclass(frozen=True, slots=True)
class Restored:
    """Rows with the figure that they had lost, by the strips they were; the strips these stood in; what is in
    doubt."""

    rows: Mapping[Strip, Strip] = field(default_factory=dict)
    taken: frozenset[Strip] = frozenset()
    findings: tuple[Finding, ...] = ()


def displaced(form: Form, found: Mapping[int, Strip], extra: Sequence[Strip]) -> Restored:
    """Gives the rows of a block the one figure that each of them lacks, where as many stand alone above them
    and the notes below these tell one column. What is read so is in doubt."""
    loose = [strip for strip in extra if strip.grid is None and not strip.own and len(strip.values) == 1]
    if not loose:
        return Restored()
    short = [
        (number, strip) for number, strip in sorted(found.items()) if _lacks_one(form.rows[number], strip)
    ]
    for _, block in groupby(short, key=lambda row: (form.rows[row[0]].block, len(form.rows[row[0]].cells))):
        rows = list(block)
        columns = {column for strip in loose for column in _columns_said(form.rows[rows[0][0]], strip)}
        if len(rows) == len(loose) and len(columns) == 1:
            return _restored(form, rows, loose, columns.pop())
    return Restored()


def _restored(form: Form, rows: list[tuple[int, Strip]], loose: list[Strip], column: int) -> Restored:
    """The rows with one of these figures each, in the column that the notes name."""
    whole, findings = {}, []
    for (number, strip), lost in zip(rows, loose, strict=True):
        row, values = form.rows[number], list(strip.values)
        values.insert(column, lost.values[0])
        whole[strip] = replace(strip, values=values, delimited=False)
        told = {"value": lost.values[0].text.strip(), "row": row.label, "column": row.cells[column].col_label}
        said = {"case": "stands_alone", "table": form.table, **told}
        findings.append(Finding(FindingKind.READING_IN_DOUBT, row.codes, said))
    return Restored(whole, frozenset(loose), tuple(findings))


def _lacks_one(row: Row, strip: Strip) -> bool:
    return strip.grid is None and len(row.cells) > 1 and len(strip.values) == len(row.cells) - 1


def _columns_said(row: Row, strip: Strip) -> Iterator[int]:
    """The columns that the note below a figure speaks of."""
    note = next(iter(strip.after), "")
    for number, cell in enumerate(row.cells):
        words = (said for word, said in _SAID.items() if word in cell.col_label)
        if note.startswith(_BRACKETS) and any(one in note for group in words for one in group):
            yield number
