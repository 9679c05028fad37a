"""Gates: what a finished draft must pass before it takes the place of the last release.

The thresholds are data: gates.csv (docs/data.md explains its columns). What the draft measures is kept beside the
release in `gates.json`, so that the next draft is held against it; no clock is read.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from archive.csvs import packaged
from archive.outcomes import Outcome
from archive.rows.compact import proven, stated
from parsers.records import Proof, State

NAME = "gates.json"

Measures = dict[str, Any]
"""Measure -> a number, a text that sorts by time, or numbers by year; None where there is nothing to measure."""


@dataclass(frozen=True, slots=True)
class Result:
    """How the draft did at one gate: `now` and `last` are None where there is nothing to compare."""

    gate: str
    passed: bool
    now: Any
    last: Any
    limit: float
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.gate}: {self.now}, {self.last} in the last release; wanted: {self.en}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gates say of a draft: dated by its archive and by the release it was held against."""

    as_of: str
    last: str | None
    measures: Measures
    gates: tuple[Result, ...]
    forced: str = ""

    @property
    def failed(self) -> tuple[Result, ...]:
        """The gates that it did not pass."""
        return tuple(result for result in self.gates if not result.passed)

    def as_json(self) -> dict[str, Any]:
        """The verdict as `gates.json` has it."""
        return {**asdict(self), "passed": not self.failed}


COUNTED = {
    "bodies": "body",
    "reports": "report",
    "versions": "version",
    "figures": "figure",
    "sources": "blob",
}
# Sums rather than groups: there are more cells than can be sorted in passing.
_MARKED = f"""
select count(*), sum({stated(State.NUMBER)}), sum({proven(Proof.PROVEN)}),
       sum({proven(Proof.CONTRADICTED)}) from cell f
"""
_ANSWERED = (Outcome.OK.value, Outcome.NOT_MODIFIED.value)
_DAYS_WITHOUT_ANSWER = (
    "select julianday(max(at)) - julianday(max(case when outcome in (?, ?) then at end)) from fetch"
)


def measure(conn: sqlite3.Connection) -> Measures:
    """What a published database measures."""
    meta = dict(conn.execute("select key, value from meta"))
    counts = json.loads(meta["counts"])
    every, filled, held, refuted = conn.execute(_MARKED).fetchone()
    return {
        **{name: counts[table] for name, table in COUNTED.items()},
        "reports_by_year": dict(
            conn.execute("select cast(year as text), count(*) from report group by year")
        ),
        "filled": _share(filled, every),
        "proven": _share(held, every),
        "contradicted": _share(refuted, every),
        "as_of": meta["as_of"],
        "days_without_answer": conn.execute(_DAYS_WITHOUT_ANSWER, _ANSWERED).fetchone()[0],
    }


def _share(part: int | None, whole: int) -> float | None:
    return round(part / whole, 6) if part is not None else None


def last_measures(folder: Path) -> Measures | None:
    """What the release in this folder measured; None without one, or where it does not say."""
    try:
        said: Measures = json.loads((folder / NAME).read_text("utf-8"))["measures"]
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError):
        return None
    return said


def judge(now: Measures, last: Measures | None, forced: str = "") -> Verdict:
    """Every gate, whether or not one before it failed."""
    results = tuple(_result(row, now, last or {}) for row in packaged("gates.csv", "archive"))
    return Verdict(now["as_of"], last["as_of"] if last else None, now, results, forced)


def _result(row: Mapping[str, str], now: Measures, last: Measures) -> Result:
    name, limit = row["measure"], float(row["limit"])
    value, before = now.get(name), last.get(name)
    if isinstance(value, dict):
        value, before = _worst(value, before or {})
    passed = RULES[row["rule"]](value, before, limit)
    return Result(row["gate"], passed, value, before, limit, row["zh"], row["en"])


def _worst(now: dict[str, int], last: dict[str, int]) -> tuple[int | None, int | None]:
    """The year that lost most: how many reports it has, and had."""
    if not last:
        return None, None
    year = min(last, key=lambda each: (now.get(each, 0) / last[each], each))
    return now.get(year, 0), last[year]


Rule = Callable[[Any, Any, float], bool]


def _keeps_share(now: Any, last: Any, limit: float) -> bool:
    return last is None or (now or 0) >= limit * last


def _falls_at_most(now: Any, last: Any, limit: float) -> bool:
    return last is None or now is None or now >= last - limit


def _rises_at_most(now: Any, last: Any, limit: float) -> bool:
    return last is None or now is None or now <= last + limit


def _at_most(now: Any, _last: Any, limit: float) -> bool:
    return now is None or now <= limit


def _not_before(now: Any, last: Any, _limit: float) -> bool:
    return last is None or now >= last


RULES: dict[str, Rule] = {
    "keeps_share": _keeps_share,
    "each_keeps_share": _keeps_share,
    "falls_at_most": _falls_at_most,
    "rises_at_most": _rises_at_most,
    "at_most": _at_most,
    "not_before": _not_before,
}
