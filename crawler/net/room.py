"""How much may be on its way at once: bodies are held in memory until they are whole.

Each has its own bound; together they would still fill the machine when many hosts send without end. When there
is no room for all, the largest comes first, and the others are asked again a little later.
"""

from __future__ import annotations

from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Request

ROOM = 48 * 1024 * 1024
LEAST = 2 * 1024 * 1024
"""What is smaller is let through."""
ENOUGH = "nianbao_enough"
"""In the meta of a request: after so many bytes its answer is taken as it is."""
PUT_OFF = "nianbao_put_off"
"""In the meta of a request whose answer had no room: how many bytes of it came."""


class Room:
    """Counts the bytes of all answers that are under way."""

    def __init__(self) -> None:
        self._held: dict[Request, int] = {}
        self._total = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Room:
        """Scrapy's way to make one."""
        room = cls()
        crawler.signals.connect(room.came, signals.bytes_received)
        crawler.signals.connect(room.left, signals.request_left_downloader)
        return room

    def came(self, data: bytes, request: Request, **_: Any) -> None:
        """Some more of an answer; raises StopDownload when there is no room for it."""
        held = self._held[request] = self._held.get(request, 0) + len(data)
        self._total += len(data)
        if held >= request.meta.get(ENOUGH, held + 1):
            raise StopDownload(fail=False)
        if self._total > ROOM and held > LEAST and held < max(self._held.values()):
            request.meta[PUT_OFF] = held
            raise StopDownload(fail=True)

    def left(self, request: Request, **_: Any) -> None:
        """An answer is whole, or given up."""
        self._total -= self._held.pop(request, 0)
