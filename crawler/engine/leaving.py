"""The end of a crawl that was asked to end: answers that are still under way are not waited for."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import Crawler, CrawlerProcess
from twisted.internet import tcp
from twisted.internet.task import LoopingCall

GRACE = 3.0
"""Seconds in which what is under way may still come; a server that drips would hold us for its whole timeout."""
LOOKS = 0.25
"""Seconds between looks at whether the crawl was asked to end."""


@contextmanager
def noted() -> Iterator[Callable[[], None]]:
    """A crawl from its making to its end. A signal that comes before Scrapy listens to it is handed over as soon as it does,
    if what this gives was called when a reactor was there.

    Scrapy makes the exception of such a signal one of its own, which it reports and forgets.
    """
    came: list[int] = []
    wanted = [n for n in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(n) is not signal.SIG_IGN]
    before = {number: signal.signal(number, lambda n, _frame: came.append(n)) for number in wanted}

    def hand_over() -> None:
        if came:
            signal.raise_signal(came[0])

    def when_running() -> None:
        from twisted.internet import reactor

        running: Any = reactor
        running.callWhenRunning(lambda: running.callLater(0, hand_over))

    try:
        yield when_running
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run(settings: Mapping[str, Any], spider: type[Spider], **given: Any) -> tuple[str, Any]:
    """Runs a spider in this process, once: Scrapy's reason for its end, and the spider (None where none was made)."""
    ended: list[str] = []
    process = CrawlerProcess(dict(settings))
    crawler = process.create_crawler(spider)

    def note(reason: str, **_: Any) -> None:
        ended.append(reason)

    crawler.signals.connect(note, signals.spider_closed)
    with noted() as hand_over:
        process.crawl(crawler, **given)
        hand_over()
        process.start()
    return (ended[0] if ended else "shutdown"), crawler.spider


class Leaving:
    """Hangs up on all servers a moment after the crawl was asked to end. The requests stay queued, without an outcome."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._looking = LoopingCall(self._look)
        self._asked_for = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Leaving:
        """Scrapy's way to make one."""
        leaving = cls(crawler)
        crawler.signals.connect(leaving.begin, signals.spider_opened)
        crawler.signals.connect(leaving.end, signals.spider_closed)
        return leaving

    def begin(self) -> None:
        """The crawl begins."""
        self._looking.start(LOOKS, now=False)

    def end(self) -> None:
        """The crawl is over."""
        if self._looking.running:
            self._looking.stop()

    def _look(self) -> None:
        from twisted.internet import reactor

        if self._crawler.crawling:
            return
        self._asked_for += LOOKS
        if self._asked_for >= GRACE:
            running: Any = reactor
            for each in set(chain(running.getReaders(), running.getWriters())):
                if isinstance(each, tcp.Client):
                    each.abortConnection()  # type: ignore[no-untyped-call]
