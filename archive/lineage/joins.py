"""What persons say of bodies: that two are one authority or are not, and which pairs somebody should look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from archive.bodies import places_of
from archive.database.connection import Connected
from archive.ids import content_id
from archive.lineage import departments
from archive.lineage.lines import Known, Lines
from archive.outcomes import utc_now

ALIKE = 72.0
"""Of 100: so like each other are the names, without their places, of a pair that is shown."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two bodies of one division that may be one authority, and what speaks for it."""

    one: str
    other: str
    names: tuple[str, str]
    alike: float
    evidence: str

    def as_json(self) -> dict[str, Any]:
        """All fields."""
        return asdict(self)


def decide(archive: Connected, one: str, other: str, *, joined: bool, note: str) -> str:
    """Write that two bodies (ids) are one authority, or are not; it replaces what was said of them. Returns its id."""
    one, other = sorted((one, other))
    identifier = content_id("join", one, other)
    with archive.transaction() as db:
        db.execute(
            "insert or replace into body_join (id, one, other, verdict, note, at) values (?, ?, ?, ?, ?, ?)",
            (identifier, one, other, "joined" if joined else "parted", note, utc_now()),
        )
    return identifier


def candidates(bodies: list[Known], found: Lines) -> Iterator[Candidate]:
    """Pairs of one division and kind that are no unit yet and did not report on the same year, the likest first."""
    from rapidfuzz import fuzz

    groups: dict[tuple[str, str, str], list[Known]] = defaultdict(list)
    for body in bodies:
        groups[(body.division, body.kind, "".join(places_of(body.name)[-1:]))].append(body)
    pairs = []
    for group in groups.values():
        for place, one in enumerate(group):
            for other in group[place + 1 :]:
                if found.units[one.id] == found.units[other.id] or _both(one, other):
                    continue
                alike = fuzz.ratio(_own(one), _own(other))
                shared = departments.concepts(_own(one)) & departments.concepts(_own(other))
                if alike >= ALIKE or shared:
                    pairs.append(
                        Candidate(one.id, other.id, (one.name, other.name), alike, _said(one, other, shared))
                    )
    yield from sorted(pairs, key=lambda each: (-each.alike, each.names))


def _own(body: Known) -> str:
    return body.name.removeprefix("".join(places_of(body.name)))


def _both(one: Known, other: Known) -> bool:
    """Whether both reported on one year: then they are two."""
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return False
    return one.first <= other.last and other.first <= one.last


def _said(one: Known, other: Known, shared: frozenset[str]) -> str:
    years = "; ".join(f"{each.name} {each.first or ''}-{each.last or ''}" for each in (one, other))
    return f"{years}; both: {', '.join(sorted(shared))}" if shared else years
