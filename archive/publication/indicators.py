"""Indicators: what the pages compare over years, bodies and forms, each made of cells of the codebook.

`indicators.csv` names them. `codes` is a sum of cells (`a + b`), or several for the generations of the form
(`a | b`): the first of them with a printed number counts. `t3_refused_*__total` is every cell of the codebook whose code
fits, so that a form with more rows of a group is counted whole. In a sum a blank counts as 0, as in the identities;
a sum without any number is no number. `over` is what a share is taken of; no share of 0 is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from archive.csvs import packaged
from parsers.codebook import codebook
from parsers.forms import forms_cache

Sums = tuple[tuple[str, ...], ...]
"""Alternatives, the first that can be read counts; each a sum of codes."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator: its name, its unit, the cells it is made of, its words in both languages."""

    name: str
    unit: str
    codes: Sums
    over: Sums
    zh: str
    en: str
    zh_means: str
    en_means: str

    def of(self, values: Mapping[str, float | None]) -> float | None:
        """Its value for one report, from the values by code; a share in percent; None when there is none."""
        upper = _first(self.codes, values)
        if not self.over or upper is None:
            return upper
        lower = _first(self.over, values)
        return 100.0 * upper / lower if lower else None

    @property
    def used(self) -> tuple[str, ...]:
        """All codes that it may need."""
        return tuple(dict.fromkeys(code for each in (*self.codes, *self.over) for code in each))


@forms_cache()
def indicators() -> tuple[Indicator, ...]:
    """All of them, in the order in which they are shown."""
    return tuple(
        Indicator(**{**row, "codes": _sums(row["codes"]), "over": _sums(row["over"])})  # type: ignore[arg-type]
        for row in packaged("indicators.csv", "archive")
    )


@forms_cache()
def indicator(name: str) -> Indicator | None:
    """The indicator of this name, if there is one."""
    return next((each for each in indicators() if each.name == name), None)


def _sums(text: str) -> Sums:
    return tuple(tuple(_codes(part)) for part in text.split(" | ") if part)


def _codes(sum_of: str) -> list[str]:
    """The cells of a sum, each once; ValueError for a group that no cell is of."""
    found: list[str] = []
    for term in sum_of.split(" + "):
        codes = [cell.code for cell in codebook() if fnmatchcase(cell.code, term)] if "*" in term else [term]
        if not codes:
            raise ValueError(f"indicators.csv: no cell of codebook.csv is of {term}")
        found += codes
    return list(dict.fromkeys(found))


def _first(sums: Sums, values: Mapping[str, float | None]) -> float | None:
    for codes in sums:
        found = [value for code in codes if (value := values.get(code)) is not None]
        if found:
            return sum(found)
    return None
