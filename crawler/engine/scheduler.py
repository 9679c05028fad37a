"""A Scrapy scheduler over the archive: the queue is a table, and what is in flight is only in memory.

A request stays queued until the transaction that keeps its answer, so that a killed crawl loses nothing. One
request at a time is given out for a host, and the hosts take turns.
"""

from __future__ import annotations

import math
import time
from collections import Counter, deque
from datetime import datetime
from heapq import heappop, heappush
from typing import Any

from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.http import Request
from scrapy.spiders import Spider

from archive.outcomes import FrontierRequest, RequestKind, now_utc
from archive.state.frontier import OddRequest
from crawler.engine.work import Work
from crawler.hosts import site_of
from crawler.net.pulse import Pulse
from crawler.settings import DOWNLOAD_MAXSIZE, MAX_PAGE

STUCK = 900.0
"""Seconds after which a request is taken for lost: longer than all deadlines of its answer and of its reading together."""
GRACE = 60.0
"""Seconds that the end of a budget leaves to what is under way."""
_FORM, _JSON = "application/x-www-form-urlencoded; charset=UTF-8", "application/json; charset=UTF-8"
"""What a body that is posted is, as scripts of pages send them: a form, or an object."""
HOLD = 0.2
MOST_HELD = 50
"""While the loop is late, a host that gave no good answer last waits so many seconds, and no more than so many times."""
PATIENCE = 60.0
"""Seconds that the end of a crawl waits for a retry; what is due later stays queued."""


class ArchiveScheduler(BaseScheduler):
    """Gives out what is queued and due. Memory holds the names of hosts, never the queue."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._ring: deque[str] = deque()
        self._known: set[str] = set()
        self._busy: set[str] = set()
        self._since: dict[str, tuple[float, FrontierRequest]] = {}
        self._asleep: dict[str, float] = {}
        self._wakes: list[tuple[float, str]] = []
        self._free_at: dict[str, float] = {}
        self._slots: dict[str, str] = {}
        self._held: Counter[str] = Counter()
        self._alarm: Any = None
        self._over_at: float | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArchiveScheduler:
        """Scrapy's way to make one."""
        return cls(crawler)

    def open(self, spider: Spider) -> None:
        """Begins with the hosts that have something queued."""
        self.work: Work = spider.work  # type: ignore[attr-defined]
        self.work.scheduler = self
        for host in self.work.archive.queued_hosts():
            self.wake(host)

    def close(self, reason: str) -> None:
        """Keeps the answers that still wait; the queue itself is in the archive already."""
        self.work.keeper.flush()
        if self._alarm is not None and self._alarm.active():
            self._alarm.cancel()

    def has_pending_requests(self) -> bool:
        """Whether something is queued that this run still wants to wait for."""
        now = time.monotonic()
        if self.work.is_over():
            return bool(self._busy) and not self._is_long_over(now)
        self._free_stuck(now)
        return bool(self._ring) or bool(self._busy) or self._first_wake() - now <= PATIENCE

    def _is_long_over(self, now: float) -> bool:
        """Whether what was under way at the end of the budget had time enough to come."""
        self._over_at = self._over_at or now
        return now - self._over_at > GRACE

    def _free_stuck(self, now: float) -> None:
        """Frees hosts whose answer has not come to an end long after the last deadline of all: a fault, but no hang."""
        for slot in [slot for slot in self._busy if now - self._since[slot][0] > STUCK]:
            asked = self._since[slot][1]
            self.work.lose(asked, f"its answer came to no end within {STUCK:g} s")
            self._busy.discard(slot)

    def enqueue_request(self, request: Request) -> bool:
        """Refuses: requests enter the queue only in the transaction that stores where they were found."""
        return False

    def next_request(self) -> Request | None:
        """The next request of the next host that is free."""
        if self.work.fatal is not None or self.work.is_over():
            return None
        now = time.monotonic()
        while self._first_wake() <= now:
            host = heappop(self._wakes)[1]
            del self._asleep[host]
            self._ring.append(host)
        for _ in range(len(self._ring)):
            host = self._ring.popleft()
            slot = self.slot(host)
            if slot in self._busy:
                self._ring.append(host)
                continue
            if self._free_at.get(slot, 0.0) > now:
                self._sleep(host, self._free_at[slot])
                continue
            if self._gives_way(host):
                self._sleep(host, now + HOLD)
                continue
            asked = self._next_of(host)
            if asked is not None and self.work.may_ask(host):
                self._ring.append(host)
                self._busy.add(slot)
                self._since[slot] = (now, asked)
                return self._to_scrapy(asked)
        return None

    def wake(self, host: str) -> None:
        """Something was queued for a host."""
        if not self.work.options.wants(host):
            return
        if host in self.work.parked or (host in self._known and host not in self._asleep):
            return
        self._asleep.pop(host, None)
        self._known.add(host)
        self._ring.append(host)

    def release(self, host: str, pause: float = 0.0) -> None:
        """A host's request is answered and kept; it is left alone for `pause` seconds."""
        slot = self.slot(host)
        self._busy.discard(slot)
        if pause > 0:
            self._free_at[slot] = max(self._free_at.get(slot, 0.0), time.monotonic() + pause)
        self.wake(host)
        self._look_again()

    def slot(self, host: str) -> str:
        """What is asked one request at a time (`hosts.site_of`), remembered."""
        if host not in self._slots:
            self._slots[host] = site_of(host)
        return self._slots[host]

    def is_alone(self, waiting: int) -> bool:
        """Whether no host is being asked but those of so many answers."""
        return len(self._busy) <= waiting

    def park(self, host: str) -> None:
        """Leaves a host alone for the rest of the run. What is queued there stays queued."""
        self._known.discard(host)
        self._asleep.pop(host, None)
        if host in self._ring:
            self._ring.remove(host)

    def _gives_way(self, host: str) -> bool:
        """Whether a host that gives us nothing waits, for we do not keep up with all of them."""
        if host not in self.work.fruitless or self._held[host] >= MOST_HELD:
            self._held.pop(host, None)
            return False
        pulse = self.crawler.get_extension(Pulse)
        if pulse is None or not pulse.is_late():
            return False
        self._held[host] += 1
        return True

    def _next_of(self, host: str) -> FrontierRequest | None:
        """The first request of a host that is due; else the host sleeps until one is, or is forgotten."""
        source = self.work.options.source
        asked = self._first_of(host, source)
        if asked is not None:
            return asked
        due = self.work.archive.next_due(host, source_id=source)
        if due is None:
            self._known.discard(host)
        else:
            wait = (datetime.fromisoformat(due) - now_utc()).total_seconds()
            self._sleep(host, time.monotonic() + max(wait, 0.05))
        return None

    def _first_of(self, host: str, source: str | None) -> FrontierRequest | None:
        """The first that is due and that can be asked for; what cannot is given up, with why."""
        while True:
            try:
                return self.work.archive.next_for(host, source_id=source)
            except OddRequest as odd:
                self.work.archive.refuse(odd, self.work.run_id)
                self.work.problem(f"{host}: a row of the queue cannot be asked for: {odd.words}")

    def _first_wake(self) -> float:
        """When the next host wakes that still sleeps; never, when none does."""
        while self._wakes and self._asleep.get(self._wakes[0][1]) != self._wakes[0][0]:
            heappop(self._wakes)
        return self._wakes[0][0] if self._wakes else math.inf

    def _sleep(self, host: str, until: float) -> None:
        self._asleep[host] = until
        heappush(self._wakes, (until, host))
        wait = self._first_wake() - time.monotonic()
        if wait > PATIENCE:
            return
        # Imported here: importing it installs a reactor, and Scrapy wants to choose which.
        from twisted.internet import reactor

        clock: Any = reactor
        if self._alarm is not None and self._alarm.active():
            self._alarm.cancel()
        self._alarm = clock.callLater(max(wait, 0.01), self._look_again)

    def _look_again(self) -> None:
        """Asks the engine to look again; its own heartbeat would do so, but only every five seconds."""
        slot: Any = getattr(self.crawler.engine, "_slot", None)
        if slot is not None:
            slot.nextcall.schedule()

    def _to_scrapy(self, asked: FrontierRequest) -> Request:
        headers = self.work.conditions(asked)
        if asked.referer:
            headers["Referer"] = asked.referer
        if asked.method == "POST":
            headers["Content-Type"] = _JSON if asked.body.startswith(("{", "[")) else _FORM
        spider: Any = self.crawler.spider
        return Request(
            asked.url,
            method=asked.method,
            body=asked.body.encode(),
            headers=headers,
            callback=spider.answered,
            errback=spider.failed,
            dont_filter=True,
            meta={
                "asked": asked,
                "handle_httpstatus_all": True,
                "download_slot": self.slot(asked.host),
                "download_timeout": self._deadline(asked),
                "download_maxsize": DOWNLOAD_MAXSIZE if asked.kind is RequestKind.ATTACHMENT else MAX_PAGE,
            },
        )

    def _deadline(self, asked: FrontierRequest) -> float:
        """Seconds within which an answer has to be whole."""
        usual = self.crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        slow = asked.kind is RequestKind.ATTACHMENT
        return usual * (1 + min(asked.attempts, 1)) * (2 if slow else 1)
