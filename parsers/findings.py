"""What a reader should know of a report: a kind of a closed set, its cells, and values with types; words are
made from a template for each language.

Nothing is said in prose before it is shown: `findings.csv` has a row for each kind and case with its severity
and its words in Chinese and in English (`parsers.templates`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

from parsers.templates import Templates, Values, Words, templates_in

LONGEST_SHOWN = 200
"""So many characters of what was printed a finding quotes at most."""
AS_SAID = "as_said"
"""The case of a finding that was kept before findings had values: its message alone."""


class FindingKind(StrEnum):
    """Every kind of finding that there is."""

    IDENTITY_FAILS = "identity_fails"
    MISPRINT = "misprint"
    STATEMENT_CONTRADICTS_TABLE = "statement_contradicts_table"
    GLUED_DIGITS = "glued_digits"
    FIGURES_GONE = "figures_gone"
    WEAKER_RENDITION = "weaker_rendition"
    WORSE_CAPTURE = "worse_capture"
    ROW_NOT_ALIGNED = "row_not_aligned"
    ROW_ABSENT = "row_absent"
    ROW_BESIDE_ABSENT = "row_beside_absent"
    ROW_WITHOUT_LABEL = "row_without_label"
    ROW_REPEATED = "row_repeated"
    UNIT_DIFFERS = "unit_differs"
    CARRY_OVER_DIFFERS = "carry_over_differs"
    IN_FORCE_DIFFERS = "in_force_differs"
    TEXT_REPEATS_LAST_YEAR = "text_repeats_last_year"
    FIGURES_OF_ANOTHER_BODY = "figures_of_another_body"
    FIGURE_UNUSUAL = "figure_unusual"
    FIGURES_REPEAT_LAST_YEAR = "figures_repeat_last_year"
    WRONG_NAME_INSIDE = "wrong_name_inside"
    READING_IN_DOUBT = "reading_in_doubt"


class Severity(StrEnum):
    """How grave a finding is: what is printed is wrong, what is read may be, or a reader may like to know."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a reader should know, with the codes of the cells it speaks of.

    `values` are what its template names; `case` among them says which of the templates of its kind.
    """

    kind: FindingKind
    codes: tuple[str, ...] = ()
    values: Values = field(default_factory=dict, hash=False)

    @property
    def message(self) -> str:
        """The finding in English."""
        return words(self.kind, self.values, "en")

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        return severity(self.kind, self.values)

    def as_json(self) -> dict[str, Any]:
        """The contract of `parse --json`."""
        return {
            "kind": self.kind.value,
            "message": self.message,
            "codes": list(self.codes),
            "values": dict(self.values),
            "severity": self.severity.value,
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Finding:
        """The finding of `as_json`; one that was kept before findings had values keeps its message."""
        values = told["values"] if "values" in told else {"case": AS_SAID, "message": told["message"]}
        return cls(FindingKind(told["kind"]), tuple(told["codes"]), values)


def words(kind: str, values: Values, language: str) -> str:
    """What a finding of this kind with these values says in `zh` or `en`; KeyError for a case without a
    template."""
    row = _row(kind, values.get("case", ""))
    return Words(templates(), kind, language).vformat(row[language], (), values)


def severity(kind: str, values: Values) -> Severity:
    """How grave a finding of this kind and case is."""
    return Severity(_row(kind, values.get("case", ""))["severity"])


@cache
def templates() -> Templates:
    """The rows of findings.csv by kind and case."""
    return templates_in("findings.csv")


def _row(kind: str, case: str) -> Mapping[str, str]:
    rows = templates()
    return rows["*", case] if case == AS_SAID else rows[kind, case]
