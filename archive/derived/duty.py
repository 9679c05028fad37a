"""By which day a report has to be out, by which law, and how sure that is: rows of duty.csv.

Only a row with the certainty `sure` may call a report late. `day` of any other row is that of local rules: before it
nobody misses a report. The last row that fits a year counts. Where the day lay in a public holiday (`holiday_until`),
the first working day after it is in time: the order does not say whether the day moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from archive.bodies import Kind
from archive.csvs import packaged

FIRST_YEAR = 2008
"""The first report is that on 2008: order 492 was in force from 2008-05-01."""
SURE = "sure"
_CENTRE = ("", "000000")


@dataclass(frozen=True, slots=True)
class Duty:
    """When a report on one year was due. `late_after` is None where the law is not sure."""

    who: str
    scope: str
    year: int
    day: date
    late_after: date | None
    law: str
    certainty: str


def who(kind: str, name: str, division: str) -> str:
    """To whom of duty.csv a body belongs: its kind, with subdistricts and departments of the centre set apart."""
    if kind == Kind.TOWNSHIP and name.endswith("办事处"):
        return "subdistrict"
    return "centre" if kind == Kind.DEPARTMENT and division in _CENTRE else kind


@cache
def _rows() -> tuple[dict[str, str], ...]:
    return tuple(packaged("duty.csv", "archive"))


def of(who: str, scope: str, year: int) -> Duty | None:
    """The duty for a report of this scope (`area`, `body`) on this year; None before there was one."""
    fitting = [
        row
        for row in _rows()
        if row["who"] == who
        and row["scope"] in ("", scope)
        and int(row["from_year"]) <= year <= int(row["to_year"] or year)
    ]
    return _duty(fitting[-1], scope, year) if fitting else None


def _duty(row: dict[str, str], scope: str, year: int) -> Duty:
    day = date.fromisoformat(f"{year + 1}-{row['day']}")
    last = (
        date.fromisoformat(f"{year + 1}-{row['holiday_until']}") + timedelta(1)
        if row["holiday_until"]
        else day
    )
    late_after = last if row["certainty"] == SURE else None
    law = f"{row['law']}{row['article']}"
    return Duty(row["who"], scope, year, day, late_after, law, row["certainty"])


def every(last_year: int) -> Iterator[Duty]:
    """The duties of everybody, for both scopes, up to the report on `last_year`."""
    whos = dict.fromkeys(row["who"] for row in _rows())
    for year in range(FIRST_YEAR, last_year + 1):
        for each in whos:
            for scope in ("area", "body"):
                duty = of(each, scope, year)
                if duty is not None:
                    yield duty
