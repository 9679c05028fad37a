"""What happened to a report, and of which class it was: pure functions of its versions and of what its URLs showed.

Nothing here makes a version; it says what became of every capture that was no repetition: noise, a revision, one
more place, a worse copy that is kept as evidence, a flicker that nobody confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum

from archive.derived.redesigns import redesigned
from archive.derived.sightings import Sight, Sighting, absences
from archive.versions import Reading, Version


class Class(StrEnum):
    """The class of a change. A closed set."""

    NOISE = "noise"
    TEXT = "text revised"
    NUMBER = "number revised"
    RENDITION = "rendition added"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    WORSE = "worse"
    UNCONFIRMED = "unconfirmed"


NOT_CONFIRMED = "what differs was never seen twice alike"
"""The note on noise that was read as the report's."""
REDESIGNED = "the page around it was drawn anew"
"""The note on noise with which another skin of the site begins."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one report: when, where, of which class, from which version to which (None: none)."""

    at: str
    url: str
    kind: Class
    capture_id: str = ""
    ordinal: int = 0
    before: int | None = None
    version: int | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A reading at the moment when its URL began to show it."""

    sighting: Sighting
    reading: Reading
    version: int | None
    weaker: bool


def classify(
    versions: Sequence[Version], readings: Sequence[Reading], seen: Mapping[str, Sequence[Sighting]]
) -> list[Change]:
    """Every change of one report in order of time; the first sight of it is none."""
    number: dict[tuple[str, int], int] = {}
    weaker: set[tuple[str, int]] = set()
    for version in versions:
        weaker |= version.weaker
        for reading in version.renditions:
            number[reading.capture_id, reading.ordinal] = version.number
    by_capture: dict[str, list[Reading]] = {}
    for reading in sorted(readings, key=lambda reading: reading.ordinal):
        by_capture.setdefault(reading.capture_id, []).append(reading)
    moments = [
        _Shown(sighting, reading, number.get(key := (reading.capture_id, reading.ordinal)), key in weaker)
        for sighting in sorted((s for each in seen.values() for s in each), key=lambda s: (s.at, s.url))
        for reading in by_capture.get(sighting.capture_id, ())
    ]
    found = {_key(change): change for change in (*_changes(moments, seen), *_absences(seen))}
    drawn_anew = _drawn_anew(moments)
    return [_noted(found[key], drawn_anew) for key in sorted(found)]


def _drawn_anew(moments: Sequence[_Shown]) -> set[tuple[str, int]]:
    """The readings with which another skin of a page begins."""
    places: dict[tuple[str, int], list[Reading]] = {}
    for shown in moments:
        at_place = places.setdefault((shown.reading.url, shown.reading.ordinal), [])
        if not at_place or at_place[-1].capture_id != shown.reading.capture_id:
            at_place.append(shown.reading)
    return {key for readings in places.values() for key in redesigned(readings)}


def _noted(change: Change, drawn_anew: Set[tuple[str, int]]) -> Change:
    """A change with the note that the page around the report changed, where that is all."""
    is_noted = change.kind is Class.NOISE and (change.capture_id, change.ordinal) in drawn_anew
    return replace(change, evidence=REDESIGNED) if is_noted else change


def _key(change: Change) -> tuple[str, str, str, str, int]:
    """What happens at one moment at one place is told once."""
    return change.at, change.url, change.kind.value, change.capture_id, change.ordinal


def _changes(moments: Sequence[_Shown], seen: Mapping[str, Sequence[Sighting]]) -> Iterator[Change]:
    last: dict[tuple[str, int], _Shown] = {}
    stands: dict[tuple[str, int], _Shown] = {}
    known: dict[int, _Shown] = {}
    for shown in moments:
        place = (shown.reading.url, shown.reading.ordinal)
        again = last.get(place)
        last[place] = shown
        if again is not None and again.reading.capture_id == shown.reading.capture_id:
            continue
        change = _change(shown, stands.get(place), known, seen)
        if change is not None:
            yield change
        if shown.version is not None and not shown.weaker:
            stands[place] = shown
            known.setdefault(shown.version, shown)


def _change(
    shown: _Shown, before: _Shown | None, known: Mapping[int, _Shown], seen: Mapping[str, Sequence[Sighting]]
) -> Change | None:
    """What a reading is, seen after `before` at its own place, when the versions of `known` had been seen."""
    sighting, reading, version = shown.sighting, shown.reading, shown.version

    def made(kind: Class, old: int | None, evidence: str = "") -> Change:
        key = (reading.capture_id, reading.ordinal)
        return Change(sighting.at, reading.url, kind, *key, old, version, evidence)

    if version is None:
        return made(Class.UNCONFIRMED, before.version if before else None)
    if before is not None:
        if shown.weaker:
            return made(Class.WORSE, before.version)
        kind = _revision(before, shown)
        differs = kind is Class.NOISE and before.reading.fingerprint != reading.fingerprint
        return made(kind, before.version, NOT_CONFIRMED if differs else "")
    if shown.weaker or version in known:
        old = _left(shown, known.get(version), seen)
        if old:
            return made(Class.MOVED, version, f"from {old}")
        return made(Class.RENDITION, version) if known else None
    if known:
        latest = known[max(known)]
        return made(_revision(latest, shown), latest.version)
    return None


def _revision(old: _Shown, new: _Shown) -> Class:
    if old.reading.content == new.reading.content or old.version == new.version:
        return Class.NOISE
    if old.version is not None and new.version is not None and new.version < old.version:
        return Class.RESTORED
    return Class.TEXT if old.reading.figures_hash == new.reading.figures_hash else Class.NUMBER


def _left(new: _Shown, first: _Shown | None, seen: Mapping[str, Sequence[Sighting]]) -> str:
    """The URL of the same kind that the version had before and that never showed it since; empty when it has it still."""
    if first is None or first.reading.attachment != new.reading.attachment:
        return ""
    old = first.reading.url
    last = max((s.at for s in seen[old] if s.sight is Sight.SHOWS), default="")
    left = any(s.sight is not Sight.SHOWS and s.at >= last for s in seen[old])
    return old if left and last < new.sighting.at else ""


def _absences(seen: Mapping[str, Sequence[Sighting]]) -> Iterator[Change]:
    for absence in absences(seen):
        yield Change(absence.since, absence.url, Class.WITHDRAWN)
        if absence.until is not None:
            yield Change(absence.until, absence.url, Class.RESTORED, evidence=f"gone since {absence.since}")
