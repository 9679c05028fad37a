"""Where the country stands: which divisions have a source, and what each source turned out to be."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

from archive.divisions import divisions
from archive.state.lives import RANK, Life, Lived, best

LEVELS = ("province", "city", "county", "zone")
NOT_ASKED, NO_SOURCE = "not asked", "no source"
STATES = (Life.VERIFIED, Life.COLUMN_FOUND, Life.ANSWERS, Life.ASKED, Life.BLOCKED, Life.MOVED, Life.DEAD)
"""In the order in which they are told, best first; before those without a state."""
_ZONE = re.compile(r"\d{4}7\d")
_GOVERNS = ("government", "zone")


class Registered(Protocol):
    """A row of the registry, as much of it as counts here."""

    @property
    def id(self) -> str: ...
    @property
    def division(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Area:
    """Of the `requests` that a division's area report counts those behind which reports are `held`.

    `above` is the area that it is itself a part of (`archive.derived.completeness`); empty for none.
    """

    division: str
    above: str
    requests: float
    held: float


def share_held(areas: Iterable[Area]) -> float | None:
    """The share of the requests of all these areas, 0 to 1; each counts within the highest above it. None without any."""
    known = {each.division: each for each in areas}
    highest = [each for each in known.values() if each.above not in known]
    requests = sum(each.requests for each in highest)
    return sum(min(each.held, each.requests) for each in highest) / requests if requests else None


@dataclass(frozen=True, slots=True)
class Standing:
    """A division, the best of its sources, and what that is: a state of `Life`, `not asked` or `no source`.

    `elsewhere` says that another vantage than that of the last run had what one was refused. `area` is there where a
    publication holds its area report of the newest year.
    """

    division: str
    level: str
    state: str
    source_id: str = ""
    evidence: str = ""
    vantages: tuple[str, ...] = ()
    elsewhere: bool = False
    area: Area | None = None

    def as_json(self) -> dict[str, Any]:
        """All of it, and of the area the share that is held."""
        told = asdict(self)
        del told["area"]
        return told | {"share_held": share_held([self.area] if self.area else [])}


def with_areas(found: Iterable[Standing], areas: Mapping[str, Area]) -> list[Standing]:
    """The standings with what each area holds, by its division."""
    return [replace(each, area=areas.get(each.division)) for each in found]


def standings(sources: Iterable[Registered], lives: Mapping[str, Sequence[Lived]]) -> list[Standing]:
    """What is known of each division of the packaged table by the sources of its government, in order of codes."""
    of: dict[str, list[Registered]] = defaultdict(list)
    for source in sources:
        if source.kind in _GOVERNS and _own_level(source) == _level(source.division):
            of[source.division].append(source)
    return [_standing(code, of.get(code, []), lives) for code in sorted(divisions())]


def _own_level(source: Registered) -> str:
    """A zone without a code of its own bears its parent's: it is no source of that."""
    return "zone" if source.kind == "zone" else source.level


def _level(code: str) -> str:
    if _ZONE.fullmatch(code):
        return "zone"
    return "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"


def _standing(code: str, sources: Sequence[Registered], lives: Mapping[str, Sequence[Lived]]) -> Standing:
    if not sources:
        return Standing(code, _level(code), NO_SOURCE)
    found = [lived for source in sources for lived in lives.get(source.id, ())]
    top = best(found)
    if top is None:
        return Standing(code, _level(code), NOT_ASKED, sources[0].id)
    vantages = tuple(sorted({each.vantage for each in found if each.state is top.state}))
    elsewhere = had_elsewhere(top, found)
    return Standing(code, _level(code), top.state.value, top.source_id, top.evidence, vantages, elsewhere)


def had_elsewhere(top: Lived, found: Iterable[Lived]) -> bool:
    """Whether one vantage was refused the source of `top`, the best that any saw of it, and another had it."""
    refused = any(each.source_id == top.source_id and each.state is Life.BLOCKED for each in found)
    return refused and RANK[top.state] > RANK[Life.ASKED]


@dataclass(frozen=True, slots=True)
class Tally:
    """The divisions of one level of one province, by state; `without` are those that have no source at all."""

    province: str
    level: str
    states: Mapping[str, int]
    without: tuple[str, ...]
    elsewhere: int = 0
    areas: tuple[Area, ...] = ()

    @property
    def share_held(self) -> float | None:
        """Of the requests that the areas report, the share behind which reports are held."""
        return share_held(self.areas)

    @property
    def divisions(self) -> int:
        """How many there are."""
        return sum(self.states.values())

    @property
    def with_source(self) -> int:
        """How many have a source."""
        return self.divisions - len(self.without)


def tallies(found: Iterable[Standing], level: str | None = None) -> Iterator[Tally]:
    """The standings by province and level, in order of codes; of one level only if one is named."""
    groups: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for each in found:
        if level in (None, each.level):
            groups[each.division[:2], each.level].append(each)
    for (province, own), group in sorted(
        groups.items(), key=lambda each: (each[0][0], LEVELS.index(each[0][1]))
    ):
        states = Counter(each.state for each in group)
        without = tuple(each.division for each in group if each.state == NO_SOURCE)
        areas = tuple(each.area for each in group if each.area)
        yield Tally(
            f"{province}0000", own, dict(states), without, sum(each.elsewhere for each in group), areas
        )


def total(rows: Iterable[Tally]) -> Tally:
    """Several tallies as one, of no province and no level."""
    states: Counter[str] = Counter()
    without: list[str] = []
    areas: list[Area] = []
    elsewhere = 0
    for row in rows:
        states.update(row.states)
        without += row.without
        areas += row.areas
        elsewhere += row.elsewhere
    return Tally("", "", dict(states), tuple(without), elsewhere, tuple(areas))


def coverage(found: Sequence[Standing], level: str | None = None) -> dict[str, Any]:
    """`totals` over all, `rows` by province and level, and `divisions` one by one; as JSON has them."""
    rows = list(tallies(found, level))
    every = total(rows)
    return {
        "totals": _counts(every),
        "rows": [_row(row) for row in rows],
        "divisions": [each.as_json() for each in found if level in (None, each.level)],
    }


def _row(row: Tally) -> dict[str, Any]:
    told = asdict(row)
    del told["areas"]
    return told | _counts(row)


def _counts(row: Tally) -> dict[str, Any]:
    return {"divisions": row.divisions, "with_source": row.with_source, "share_held": row.share_held}


def states_of(rows: Iterable[Tally]) -> list[str]:
    """The states that any of these tallies has, best first; those without a source last."""
    known = total(rows).states
    return [state for state in (*map(str, STATES), NOT_ASKED, NO_SOURCE) if known.get(state)]
