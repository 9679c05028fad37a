"""The records that a parse gives back; `Report.as_json` is the contract of `nianbao parse --json`."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple

from parsers.findings import Finding, FindingKind
from parsers.remarks import Remark, messages


class State(StrEnum):
    """How a cell stands in print. Only a `number` has a value; a blank is never a 0."""

    NUMBER = "number"
    BLANK = "blank"
    DASH = "dash"
    ILLEGIBLE = "illegible"
    ABSENT = "absent"


class Proof(StrEnum):
    """What the form's own arithmetic says of a figure: it stands in identities that all hold, in none, in a
    smallest set of cells whose change would make all hold, or in a failing one that no such set needs."""

    PROVEN = "proven"
    UNPROVEN = "unproven"
    CONTRADICTED = "contradicted"
    CLEARED = "cleared"


class Scope(StrEnum):
    """`area`: a government's consolidated report; `body`: an office's or department's own."""

    AREA = "area"
    BODY = "body"


class Figure(NamedTuple):
    """What one version says in one cell. `value` is null for every state but `number`."""

    code: str
    value: int | float | None
    state: State
    raw: str
    unit: str
    proof: Proof
    place: str


class Identity(NamedTuple):
    """A 勾稽关系 as checked: both sums, and the codes that stand in it (left side first)."""

    id: str
    holds: bool
    left: int | float
    right: int | float
    codes: tuple[str, ...]
    blanks: tuple[str, ...] = ()


class Section(NamedTuple):
    """One of the parts of a report: its printed number (一), its title, its text without tables."""

    number: str
    title: str
    text: str


class Statement(NamedTuple):
    """A number said in prose. `start` and `end` count characters in the report's `text`."""

    code: str
    value: int | float
    unit: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ExtraRow:
    """A row of a statutory table that the codebook does not know, kept as printed."""

    table: str
    label: str
    cells: tuple[str, ...]
    place: str


__all__ = ["Finding", "FindingKind"]


_INSIDE = ("text", "is_report", "others", "frame")


@dataclass(frozen=True, slots=True)
class Report:
    """One report as read from one file. `is_report` is false for a page that is none; `frame` is what the
    page puts around
    it, as one word (parsers.edges.frame), and no part of what it says."""

    title: str | None
    issuer: str | None
    year: int | None
    year_from: str | None
    scope: Scope | None
    generations: dict[str, str]
    figures: tuple[Figure, ...]
    identities: tuple[Identity, ...]
    findings: tuple[Finding, ...]
    sections: tuple[Section, ...]
    statements: tuple[Statement, ...]
    extra_rows: tuple[ExtraRow, ...]
    remarks: tuple[Remark, ...]
    text: str = ""
    is_report: bool = True
    others: tuple[Report, ...] = ()
    frame: str = ""

    @property
    def warnings(self) -> tuple[str, ...]:
        """The remarks in English."""
        return messages(self.remarks)

    def as_dict(self) -> dict[str, Any]:
        """All fields, as lists and dictionaries; the remarks as `warnings` and `warnings_data`."""
        bare = replace(
            self, figures=(), identities=(), findings=(), sections=(), statements=(), remarks=(), others=()
        )
        fields = asdict(bare)
        del fields["remarks"]
        return {
            **fields,
            "findings": [finding.as_json() for finding in self.findings],
            "figures": [figure._asdict() for figure in self.figures],
            "identities": [identity._asdict() for identity in self.identities],
            "sections": [section._asdict() for section in self.sections],
            "statements": [statement._asdict() for statement in self.statements],
            "warnings": list(self.warnings),
            "warnings_data": [remark.as_json() for remark in self.remarks],
            "others": [other.as_dict() for other in self.others],
        }

    def as_json(self) -> dict[str, Any]:
        """The contract of DESIGN.md; `text` and `frame` stay out, `others` is there only when it is not
        empty."""
        if not self.is_report:
            return {"title": self.title, "figures": [], "warnings": list(self.warnings)}
        shown = {name: value for name, value in self.as_dict().items() if name not in _INSIDE}
        return {**shown, "others": [other.as_json() for other in self.others]} if self.others else shown
