"""What a reader should know of a report: a kind of a closed set, its cells, and values with types; words are
made from a template for each language.

Nothing is said in prose before it is shown: `findings.csv` has a row for each kind and case with its severity
and its words in Chinese and in English. A template names values as `str.format` does; what may stand behind
the colon: `list` and `marks` join several (the latter with 、 in both languages), `quoted` puts into
quotation marks, `sum` spells out `{"terms": [...], "total": n}`, `word` says a code in words, `each-NAME`
joins the row `.NAME` for each of a list.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

Values = Mapping[str, Any]
"""What a finding says: text, numbers, and lists or mappings of these, as JSON has them."""
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
    return _Words(kind, language).vformat(row[language], (), values)


def severity(kind: str, values: Values) -> Severity:
    """How grave a finding of this kind and case is."""
    return Severity(_row(kind, values.get("case", ""))["severity"])


@cache
def templates() -> Mapping[tuple[str, str], Mapping[str, str]]:
    """The rows of findings.csv by kind and case."""
    text = (files("parsers") / "findings.csv").read_text(encoding="utf-8")
    return {(row["kind"], row["case"]): row for row in csv.DictReader(text.splitlines())}


def _row(kind: str, case: str) -> Mapping[str, str]:
    rows = templates()
    return rows["*", case] if case == AS_SAID else rows[kind, case]


class _Words(Formatter):
    """Fills in a template of one kind in one language."""

    def __init__(self, kind: str, language: str) -> None:
        self.kind = kind
        self.language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        """A value in the way that the template asks for."""
        how, _, name = format_spec.partition("-")
        return str(value) if not how else getattr(self, f"_{how}")(value, name)

    def _list(self, value: Sequence[Any], _name: str) -> str:
        return ("、" if self.language == "zh" else ", ").join(map(str, value))

    def _marks(self, value: Sequence[Any], _name: str) -> str:
        return "、".join(map(str, value))

    def _quoted(self, value: Any, _name: str) -> str:
        return f"“{value}”" if self.language == "zh" else repr(value)

    def _sum(self, value: Mapping[str, Any], _name: str) -> str:
        terms, total = value["terms"], value["total"]
        return f"{' + '.join(map(str, terms))} = {total}" if len(terms) > 1 else str(total)

    def _word(self, value: str, _name: str) -> str:
        return templates()["word", value][self.language]

    def _each(self, value: Sequence[Values], name: str) -> str:
        row = templates()[self.kind, f".{name}"]
        between = "；" if self.language == "zh" else ", " if name == "cell" else "; "
        return between.join(self.vformat(row[self.language], (), each) for each in value)
