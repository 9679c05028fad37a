"""Compares what was read with what is printed, cell by cell. It knows no parser, only the shape of its answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sample.forms.sheet import Sheet

Value = int | float | None


class Figure(Protocol):
    """One cell as read."""

    @property
    def code(self) -> str:
        """The cell."""

    @property
    def value(self) -> Value:
        """Its number, or None."""

    @property
    def proof(self) -> str:
        """`proven`, `unproven` or `contradicted`."""


class Finding(Protocol):
    """Something that the reader says about cells."""

    @property
    def kind(self) -> str:
        """What kind of thing."""

    @property
    def codes(self) -> Sequence[str]:
        """The cells it names."""


class Labelled(Protocol):
    """A row that no form knows."""

    @property
    def label(self) -> str:
        """As printed."""


class Said(Protocol):
    """A number said in prose."""

    @property
    def code(self) -> str:
        """What it counts."""

    @property
    def value(self) -> int | float:
        """The number."""


class Read(Protocol):
    """One report as read."""

    @property
    def year(self) -> int | None:
        """The year it is about."""

    @property
    def figures(self) -> Sequence[Figure]:
        """Its cells."""

    @property
    def findings(self) -> Sequence[Finding]:
        """What is said about them."""

    @property
    def extra_rows(self) -> Sequence[Labelled]:
        """The rows that no form knows."""

    @property
    def statements(self) -> Sequence[Said]:
        """The numbers said in prose."""

    @property
    def others(self) -> Sequence[Read]:
        """The other reports of the same file."""


@dataclass(slots=True)
class Grade:
    """How many cells were read right, not at all (`left`: where print allows no more), or wrong.

    A wrong cell is silent when it is neither contradicted nor named by a finding. `notes` say what else was
    amiss; `errors` are the wrong cells, as code, printed, read.
    """

    right: int = 0
    missing: int = 0
    left: int = 0
    wrong: int = 0
    silent: int = 0
    unsaid: int = 0
    said_right: int = 0
    said_missing: int = 0
    said_wrong: int = 0
    errors: list[tuple[str, Value, Value]] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __iadd__(self, other: Grade) -> Grade:
        """Both together."""
        for name in Grade.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self

    @property
    def share(self) -> float:
        """The share of cells that are right, of those that print lets one read."""
        told = self.right + self.missing + self.wrong
        return self.right / told if told else 1.0


def grade(sheet: Sheet, read: Read) -> Grade:
    """Grades one file: the report itself, and the others on its page."""
    result = _grade_one(sheet, read)
    for number, other in enumerate(sheet.others):
        if number < len(read.others):
            result += _grade_one(other, read.others[number])
        else:
            result += Grade(missing=len(other.figures), notes=[f"no report was found for {other.title}"])
    return result


def _grade_one(sheet: Sheet, read: Read) -> Grade:
    result = Grade()
    values = {figure.code: figure for figure in read.figures}
    named = {code for finding in read.findings for code in finding.codes}
    for code in sheet.figures.keys() | values.keys():
        _count(result, code, sheet, values.get(code), code in named)
    _grade_statements(result, sheet, read)
    result.notes += _amiss(sheet, read)
    return result


def _count(result: Grade, code: str, sheet: Sheet, figure: Figure | None, named: bool) -> None:
    printed, value = sheet.figures.get(code), figure.value if figure else None
    if _same(printed, value):
        result.right += 1
    elif value is None:
        result.missing += code not in sheet.lost
        result.left += code in sheet.lost
        result.unsaid += not named
        result.gaps += [code] * (code not in sheet.lost)
    else:
        result.wrong += 1
        result.silent += not named and (figure is None or figure.proof != "contradicted")
        result.errors.append((code, printed, value))


def _same(one: Value, other: Value) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) < 1e-9


def _grade_statements(result: Grade, sheet: Sheet, read: Read) -> None:
    said = {statement.code: statement.value for statement in read.statements}
    for code, value in sheet.said.items():
        result.said_right += _same(said.get(code), value)
        result.said_missing += code not in said
        if code in said and not _same(said[code], value):
            result.said_wrong += 1
            result.notes.append(f"{code}: said {value}, read {said[code]}")


def _amiss(sheet: Sheet, read: Read) -> Iterator[str]:
    if read.year != sheet.year:
        yield f"the year is {sheet.year}, read {read.year}"
    kinds = {finding.kind for finding in read.findings}
    yield from (f"no finding of kind {kind}" for kind in sheet.findings if kind not in kinds)
    yield from (f"no extra row {label}" for label in sheet.extra if not _has(label, read.extra_rows))


def _has(label: str, rows: Iterable[Labelled]) -> bool:
    return any(label in row.label for row in rows)
