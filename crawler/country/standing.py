"""Where the country stands: which divisions have a source, and what each source turned out to be."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from archive.outcomes import host_of
from archive.state.lives import RANK, Life, Lived, best
from crawler.divisions import divisions, level_of
from crawler.registry import Entry, Source

LEVELS = ("province", "city", "county", "zone")
NOT_ASKED, NO_SOURCE = "not asked", "no source"
STATES = (Life.VERIFIED, Life.COLUMN_FOUND, Life.ANSWERS, Life.ASKED, Life.BLOCKED, Life.MOVED, Life.DEAD)
"""In the order in which they are told, best first; before those without a state."""
_ZONE = re.compile(r"\d{4}7\d")
_GOVERNS = ("government", "zone")


@dataclass(frozen=True, slots=True)
class Standing:
    """A division, the best of its sources, and what that is: a state of `Life`, `not asked` or `no source`.

    `elsewhere` says that another vantage than that of the last run had what one was refused.
    """

    division: str
    level: str
    state: str
    source_id: str = ""
    evidence: str = ""
    vantages: tuple[str, ...] = ()
    elsewhere: bool = False


def standings(sources: Iterable[Source], lives: Mapping[str, Sequence[Lived]]) -> list[Standing]:
    """What is known of each division of the packaged table by the sources of its government, in order of codes."""
    of: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        if source.kind in _GOVERNS and _own_level(source) == _level(source.division):
            of[source.division].append(source)
    return [_standing(code, of.get(code, []), lives) for code in divisions()]


def _own_level(source: Source) -> str:
    """A zone without a code of its own bears its parent's: it is no source of that."""
    return "zone" if source.kind == "zone" else source.level


def _level(code: str) -> str:
    return "zone" if _ZONE.fullmatch(code) else level_of(code)


def _standing(code: str, sources: Sequence[Source], lives: Mapping[str, Sequence[Lived]]) -> Standing:
    if not sources:
        return Standing(code, _level(code), NO_SOURCE)
    found = [lived for source in sources for lived in lives.get(source.id, ())]
    top = best(found)
    if top is None:
        return Standing(code, _level(code), NOT_ASKED, sources[0].id)
    refused = any(each.source_id == top.source_id and each.state is Life.BLOCKED for each in found)
    had = RANK[top.state] > RANK[Life.ASKED]
    vantages = tuple(sorted({each.vantage for each in found if each.state is top.state}))
    return Standing(
        code, _level(code), top.state.value, top.source_id, top.evidence, vantages, refused and had
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """The divisions of one level of one province, by state; `without` are those that have no source at all."""

    province: str
    level: str
    states: Mapping[str, int]
    without: tuple[str, ...]
    elsewhere: int = 0

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
        yield Tally(f"{province}0000", own, dict(states), without, sum(each.elsewhere for each in group))


def exported(
    sources: Iterable[Source], lives: Mapping[str, Sequence[Lived]], found: Iterable[Mapping[str, str]]
) -> Iterator[Source]:
    """Rows that a person can commit: what turned out to be a column of reports, with what proves it in the note.

    `sources` are those of the registry, `found` the columns that portals led to (`Archive.found_sources`).
    """
    columns: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in found:
        columns[row["portal_id"]].append(row)
    for source in sources:
        lived = best(lives.get(source.id, ()))
        if lived is None or lived.state is not Life.VERIFIED:
            continue
        note = (
            f"verified {lived.at[:10]}{' from ' + lived.vantage if lived.vantage else ''}: {lived.evidence}"
        )
        if source.entry is Entry.COLUMN and not columns[source.id]:
            yield replace(source, family=source.family or _named(lived.family), note=note)
        for row in columns[source.id]:
            name = f"{source.id}-nb{'' if row is columns[source.id][0] else row['id'][-6:]}"
            made = Source(
                name, row["name"], row["division"], row["level"], row["kind"], Entry.COLUMN, row["url"]
            )
            yield replace(made, family=_named(lived.family), note=f"{note}; found from {host_of(source.url)}")


def _named(family: str) -> str:
    """A family as a row of the registry has it: the generic one is none."""
    return "" if family == "generic" else family
