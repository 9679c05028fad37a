"""The time, which never goes back, whatever is done to the clock of the machine.

Which version is the latest, which answer came last and what is due follow from times. So a process counts on from
the latest time that it saw; and when an archive was written later than the clock says, the time of what is kept goes
on from there. A clock that jumps forward is followed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_SECOND = timedelta(seconds=1)


def _wall() -> datetime:
    return datetime.now(UTC)


def _ticks() -> float:
    """Seconds that nobody can set; they go on while a machine sleeps, where it can tell."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class Clock:
    """A clock that follows another one, but never back."""

    def __init__(self, wall: Callable[[], datetime] = _wall, ticks: Callable[[], float] = _ticks) -> None:
        self._wall, self._ticks = wall, ticks
        self._seen = wall(), ticks()

    def now(self) -> datetime:
        """The time."""
        ticks = self._ticks()
        then, since = self._seen
        counted, wall = then + timedelta(seconds=ticks - since), self._wall()
        if wall <= counted:
            return counted
        self._seen = wall, ticks
        return wall

    def go_on_after(self, moment: datetime) -> None:
        """Makes everything from now on later than this moment, which is one in whole seconds."""
        if moment > self.now():
            self._seen = moment + _SECOND, self._ticks()


MACHINE = Clock()
"""For deadlines: the time of the machine."""
KEPT = Clock()
"""For what is kept: later than all that is kept already."""


def behind() -> timedelta:
    """By how much the clock of the machine is behind what was kept."""
    return KEPT.now() - MACHINE.now()
