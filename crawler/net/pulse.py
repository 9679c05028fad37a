"""How late our own loop is: what it did not come to in time is no slowness of a server.

A beat is due every few hundredths of a second. When one comes late, the loop was busy with the answers of others, or
the machine with other programs; an answer that lay there meanwhile was not slow.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler

BEAT = 0.05
LATE = 0.02
"""Seconds between two beats, and those by which one has to be late to count: an answer takes some milliseconds."""
LONG = 120.0
"""Seconds for which the loop's lateness is remembered: no answer takes longer."""


class Pulse:
    """Counts for how long the loop was late; `now` gives seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._due = now() + BEAT
        self._late: deque[tuple[float, float]] = deque()
        self._last = 0.0
        self._alarm: Any = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Pulse:
        """Scrapy's way to make one."""
        pulse = cls()
        crawler.signals.connect(pulse.start, signals.spider_opened)
        crawler.signals.connect(pulse.stop, signals.spider_closed)
        return pulse

    def start(self) -> None:
        """Begins to beat."""
        self._due = self._now() + BEAT
        self._call_later()

    def stop(self) -> None:
        """Ends."""
        if self._alarm is not None and self._alarm.active():
            self._alarm.cancel()
        self._alarm = None

    def beat(self) -> None:
        """One beat, whenever it comes."""
        now = self._now()
        self._last = max(0.0, now - self._due)
        if self._last > LATE:
            self._late.append((now, self._last))
        while self._late and self._late[0][0] < now - LONG:
            self._late.popleft()
        self._due = now + BEAT

    def is_late(self) -> bool:
        """Whether more has come than the loop keeps up with."""
        return max(self._last, self._now() - self._due) > LATE

    def late_within(self, seconds: float) -> float:
        """For how many of the last so many seconds the loop was not there."""
        now = self._now()
        pending = max(0.0, now - self._due)
        counted = pending if pending > LATE else 0.0
        for at, late in reversed(self._late):
            if at < now - seconds:
                break
            counted += late
        return min(counted, seconds)

    def _call_later(self) -> None:
        # Imported here: importing it installs a reactor, and Scrapy wants to choose which.
        from twisted.internet import reactor

        clock: Any = reactor
        self._alarm = clock.callLater(BEAT, self._beat_on)

    def _beat_on(self) -> None:
        self.beat()
        self._call_later()
