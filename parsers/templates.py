"""Words made from data: a template for each kind and language, in a CSV beside the code.

A template names values as `str.format` does; what may stand behind the colon: `list` and `marks` join several
(the latter with 、 in both languages), `quoted` puts into quotation marks, `sum` spells out
`{"terms": [...], "total": n}`, `word` says a code in words, `each-NAME` joins the row `.NAME` for each of a
list.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from importlib.resources import files
from string import Formatter
from typing import Any

Values = Mapping[str, Any]
"""What a template is filled with: text, numbers, and lists or mappings of these, as JSON has them."""
Templates = Mapping[tuple[str, str], Mapping[str, str]]
"""The rows of a CSV by kind and case."""
_SHORT = ("cell", "block")
"""Rows of so few words that a comma between them is enough."""


def templates_in(name: str) -> Templates:
    """The rows of a CSV of this package, each with `kind`, `zh` and `en`, and `case` where kinds have any."""
    text = (files("parsers") / name).read_text(encoding="utf-8")
    return {(row["kind"], row.get("case", "")): row for row in csv.DictReader(text.splitlines())}


class Words(Formatter):
    """Fills in templates of one kind in one language; KeyError for a value or a word that is not there."""

    def __init__(self, templates: Templates, kind: str, language: str) -> None:
        self.templates = templates
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
        return self.templates["word", value][self.language]

    def _each(self, value: Sequence[Values], name: str) -> str:
        row = self.templates[self.kind, f".{name}"]
        between = "；" if self.language == "zh" else ", " if name in _SHORT else "; "
        return between.join(self.vformat(row[self.language], (), each) for each in value)
