"""When a known document is looked at again: the newer the report, the sooner a correction is likely."""

from __future__ import annotations

from datetime import datetime, timedelta

from archive.outcomes import GONE, FrontierRequest, Outcome, RequestKind, iso

_BY_AGE = ((2, timedelta(0)), (3, timedelta(days=7)), (5, timedelta(days=30)))
_OLD = timedelta(days=90)
_GONE = timedelta(days=30)
_DONE = frozenset({Outcome.OK, Outcome.NOT_MODIFIED, Outcome.REDIRECTED, Outcome.JS_REDIRECT})
AUDIT = 30
"""One of so many documents is asked for in full, whatever its server says; after so many days all were."""


def due_after(kind: RequestKind, outcome: Outcome, year: int | None, now: datetime) -> str:
    """From when on a later run asks again.

    Reports of the last two years are always due, and so is one whose year is not known; older ones rarely.
    """
    if kind in (RequestKind.LISTING, RequestKind.PORTAL):
        return iso(now)
    if outcome in GONE:
        return iso(now + _GONE)
    if outcome not in _DONE or year is None:
        return iso(now)
    age = now.year - year
    return iso(now + next((wait for limit, wait in _BY_AGE if age <= limit), _OLD))


def is_audited(asked: FrontierRequest, now: datetime) -> bool:
    """Whether it is this document's day to be asked for in full."""
    return int(asked.id, 16) % AUDIT == now.toordinal() % AUDIT
