"""Runs a walk through a web archive in this process, once: by Scrapy, with the same bounds as a crawl."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scrapy import Spider

from archive.store import Archive
from crawler.engine import leaving
from crawler.net import wire
from crawler.net.limits import Limits
from crawler.past.asking import Guest
from crawler.past.walking import Backfilled, Progress, Scope, Walk
from crawler.past.web import CommonCrawl, Past, Wayback
from crawler.registry import Registry
from crawler.run import alone
from crawler.settings import for_crawl

TIMEOUT = 120
"""Seconds for an answer: archives fetch from slow disks, and are slow to begin."""


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked of which archive: a CDX server at `cdx`, or an index of Common Crawl; `captures` is where it keeps them.

    `delay` is in seconds; None is the usual one.
    """

    db: Path
    cdx: str = ""
    commoncrawl: str = ""
    captures: str = ""
    delay: float | None = None
    limits: Limits = field(default_factory=Limits)
    allow_private: bool = False


class PastSpider(Spider):
    """Does one piece of work with Scrapy's downloader, and ends."""

    name = "past"

    def __init__(self, work: Callable[[Any], Awaitable[None]], **named: Any) -> None:
        super().__init__(**named)
        self._work = work
        self.fault: Exception | None = None

    async def start(self) -> AsyncIterator[Any]:
        """Nothing to schedule: the walk asks for one thing after the other."""
        wire.install()
        try:
            await self._work(self.crawler)
        except Exception as error:
            self.fault = error
        return
        yield


def backfill(
    options: Options, registry: Registry, scope: Scope, progress: Progress | None = None
) -> Backfilled:
    """Goes on with the walk of this scope that was cut short, else begins anew, and works until nothing is left to ask.

    Raises ArchiveError for an archive that cannot be used, and what the walk raises.
    """
    found = Backfilled()
    with Archive.open(options.db) as archive, alone(options.db):
        archive.keep_sources(source.row() for source in registry.sources.values())

        async def work(crawler: Any) -> None:
            guest = Guest(crawler.engine.download_async, crawler.settings["DOWNLOAD_DELAY"], options.limits)
            walk = Walk(archive, registry, _past(guest, options), scope, found)
            walk.ending = lambda: not crawler.crawling
            try:
                await walk.run(progress)
            finally:
                found.requests, found.bytes = guest.requests, guest.size

        found.interrupted = _run(options, work) == "shutdown"
    return found


def _past(guest: Guest, options: Options) -> Past:
    if options.cdx:
        return Wayback(guest, options.cdx, options.captures)
    given = {"data": options.captures} if options.captures else {}
    return CommonCrawl(guest, options.commoncrawl, **given)


def _run(options: Options, work: Callable[[Any], Awaitable[None]]) -> str:
    """Scrapy's reason for its end; raises what its work raised."""
    reason, spider = leaving.run(_settings(options), PastSpider, work=work)
    if spider is not None and spider.fault is not None:
        raise spider.fault
    return reason


def _settings(options: Options) -> dict[str, Any]:
    """Those of a crawl, but for what works on its queue: the guest asks, waits, and obeys robots.txt itself.

    Bodies stay as they were sent, for their digests.
    """
    values = for_crawl(options.delay, options.allow_private)
    del values["SCHEDULER"]
    middlewares = {
        name: order
        for name, order in values["DOWNLOADER_MIDDLEWARES"].items()
        if not name.startswith("crawler.")
    }
    return {**values, "DOWNLOADER_MIDDLEWARES": middlewares, "DOWNLOAD_TIMEOUT": TIMEOUT}
