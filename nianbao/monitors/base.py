"""What every monitor needs: the night it looks at, the alarm it gives, and what a flood is."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from statistics import median

from archive.derived.derive import ReadResult
from archive.divisions import divisions
from nianbao.crawl_process import Crawled
from nianbao.thresholds import Thresholds, packaged

NAMED = 5
"""So many are named; of the others it is only said that there are more."""


class Level(StrEnum):
    """How much an alarm weighs: worth reading, wrong (the exit code says so), or too grave to publish."""

    NOTE = "note"
    WRONG = "wrong"
    GRAVE = "grave"


@dataclass(frozen=True, slots=True)
class Alarm:
    """What rings, and what to do about it."""

    monitor: str
    what: str
    remedy: str
    level: Level = Level.WRONG

    def __str__(self) -> str:
        return f"{self.monitor}: {self.what}; {self.remedy}"


_ASKED = "select count(distinct source_id) from fetch where at >= ? and source_id <> ''"


def _no_history(_name: str, _subject: str) -> list[float]:
    return []


@dataclass(frozen=True, slots=True)
class Night:
    """What a monitor looks at: the archive, when the night began, what it did, and how the nights before were.

    `history(name, subject)` gives a measure of the nights before, the newest first. `fixtures` is the folder for
    pages that an engineer has to look at; None saves none.
    """

    db: sqlite3.Connection
    out: Path
    since: str
    crawled: Crawled
    read: ReadResult
    thresholds: Thresholds = field(default_factory=packaged)
    history: Callable[[str, str], Sequence[float]] = _no_history
    fixtures: Path | None = None

    def usual(self, name: str, subject: str = "") -> float | None:
        """The median of a measure over the nights before; None while they are too few to say."""
        before = self.history(name, subject)
        return median(before) if len(before) >= self.thresholds["history_least"] else None

    def level(self, count: int) -> Level:
        """How much it weighs that so many of the sources that were asked tonight are not as they should be."""
        asked = self.db.execute(_ASKED, (self.since,)).fetchone()[0]
        return Level.NOTE if count <= self.thresholds["few_share"] * asked else Level.WRONG

    def is_flood(self, count: int, of: int) -> bool:
        """Whether so many of so many are more than single cases."""
        return count >= self.thresholds["flood_least"] and count > self.thresholds["flood_share"] * of


def some(names: Sequence[str], between: str = ", ") -> str:
    """The first few, and whether there are more."""
    return between.join(names[:NAMED]) + (" and more" if len(names) > NAMED else "")


def percent(share: float) -> str:
    """A share for a reader."""
    return f"{share:.0%}"


def by_province(codes: Sequence[str]) -> str:
    """How many of these stand in which province, the most first; nothing where they stand in a few."""
    names = province_names()
    counts = Counter(names.get(code[:2], "elsewhere") for code in codes)
    if len(codes) <= NAMED:
        return ""
    told = [f"{name} {number}" for name, number in counts.most_common(NAMED)]
    more = f" and {len(counts) - NAMED} other provinces" if len(counts) > NAMED else ""
    return f" ({', '.join(told)}{more})"


@cache
def province_names() -> dict[str, str]:
    """The provinces by the first two digits of their codes."""
    return {code[:2]: name for code, name in divisions().items() if code.endswith("0000")}
