"""Which rows are wanted: years, a division, a kind of body, a scope, codes; all of them published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from archive.divisions import CENTRE, beginning
from nianbao.library.errors import NotFound, near, some

Years = int | Iterable[int] | None
Codes = str | Iterable[str] | None

PLACED = "^[0-9]{6}"
"""How the division of a body begins that has a place."""


@dataclass
class Condition:
    """A condition of SQL, with the values that are bound to its question marks."""

    parts: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, sql: str, *values: Any) -> None:
        """One more that must hold."""
        self.parts.append(f"({sql})")
        self.values += values

    @property
    def sql(self) -> str:
        """The condition, which always holds where nothing was added."""
        return " and ".join(self.parts) or "true"


@dataclass(frozen=True)
class Known:
    """The years, divisions, kinds and scopes of the reports of a publication."""

    years: Sequence[int]
    divisions: Sequence[str]
    kinds: Sequence[str]
    scopes: Sequence[str]


def condition(
    known: Known, years: Years, division: str | None, kind: str | None, scope: str | None
) -> Condition:
    """The condition on a table that has the keys of reports. Raises NotFound for what no report has."""
    made = Condition()
    if years is not None:
        wanted = [years] if isinstance(years, int) else list(years)
        for year in wanted:
            _held("report on", year, known.years)
        made.add(f"year in ({marks(wanted)})" if wanted else "false", *wanted)
    if division is not None:
        _divided(made, division, known.divisions)
    if kind is not None:
        _held("report of a body of the kind", kind, known.kinds)
        made.add("(report_id, version) in (select (report_id, version) from versions where kind = ?)", kind)
    if scope is not None:
        _held("report of the scope", scope, known.scopes)
        made.add("scope = ?", scope)
    return made


def _held(what: str, value: object, known: Sequence[object]) -> None:
    if value not in known:
        raise NotFound(f"no {what} {value!r} is published; there are: {', '.join(map(str, known))}")


def _divided(made: Condition, division: str, known: Sequence[str]) -> None:
    """Reports of a division and of all below it; of the centre also those of bodies without a place."""
    if division == CENTRE:
        made.add("not regexp_matches(division, ?) or starts_with(division, ?)", PLACED, CENTRE)
        return
    start = beginning(division) if len(division) == len(CENTRE) and division.isdigit() else ""
    if not start or not any(each.startswith(start) for each in known):
        beside = [each for each in known if each[:2] == division[:2]] or known
        raise NotFound(
            f"no report of the division {division!r} is published; six digits are wanted, as {some(beside)}"
        )
    made.add("starts_with(division, ?)", start)


def chosen(codes: Codes, known: Sequence[str]) -> list[str]:
    """The codes that are named, each by itself or by a pattern with `*`; all where None is given.

    They come in the order in which they are named. Raises NotFound for one that is not in the codebook.
    """
    if codes is None:
        return list(known)
    found: dict[str, None] = {}
    for code in [codes] if isinstance(codes, str) else codes:
        matching = [each for each in known if fnmatchcase(each, code)]
        if not matching:
            raise NotFound(
                f"no code {code!r} in the codebook{near(code, known)}; all: archive.sql('from codebook')"
            )
        found |= dict.fromkeys(matching)
    return list(found)


def identifiers(names: Iterable[str]) -> str:
    """Names of columns, quoted for a statement whatever they are made of."""
    return ", ".join('"' + name.replace('"', '""') + '"' for name in names)


def marks(values: Sequence[object]) -> str:
    """A question mark for each value."""
    return ", ".join("?" * len(values))
