"""When a known document is looked at again: the newer the report, the sooner a correction is likely."""

from __future__ import annotations

from datetime import datetime, timedelta

from archive.outcomes import Outcome, RequestKind, iso

_BY_AGE = ((2, timedelta(0)), (3, timedelta(days=7)), (5, timedelta(days=30)))
_OLD = timedelta(days=90)
_GONE = timedelta(days=30)


def due_after(kind: RequestKind, outcome: Outcome, year: int | None, now: datetime) -> str:
    """From when on a later run asks again.

    Reports of the last two years are always due, and so is one whose year is not known; older ones rarely.
    """
    if kind is RequestKind.LISTING:
        return iso(now)
    if outcome in (Outcome.GONE, Outcome.SOFT_404):
        return iso(now + _GONE)
    if outcome not in (Outcome.OK, Outcome.NOT_MODIFIED, Outcome.REDIRECTED) or year is None:
        return iso(now)
    age = now.year - year
    return iso(now + next((wait for limit, wait in _BY_AGE if age <= limit), _OLD))
