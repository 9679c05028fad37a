"""The delay that follows a server's own slowness, up and down.

Scrapy's AutoThrottle lets only a 200 bring the delay down again. In a night of conditional requests nearly
every answer is a 304, and one slow answer would slow a host until morning. Here every answer that shows the
server well counts; errors and refusals still never speed us up, and no delay falls below the polite one. For how
long an answer lay with us because we were busy with others is no slowness of its server.
"""

from __future__ import annotations

from scrapy.core.downloader import Slot
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response

from crawler.net.pulse import Pulse

WELL = frozenset({200, 203, 206, 301, 302, 303, 304, 307, 308, 404, 410})
"""Answers of a server that is well. Refusals (403, 412, 429) and failures (5xx) are not among them."""


class Throttle(AutoThrottle):
    """AutoThrottle that recovers."""

    def _adjust_delay(self, slot: Slot, latency: float, response: Response) -> None:
        pulse = self.crawler.get_extension(Pulse)
        ours = pulse.late_within(latency) if pulse is not None else 0.0
        target = (latency - ours) / self.target_concurrency
        delay = max(target, (slot.delay + target) / 2)
        delay = min(max(self.mindelay, delay), self.maxdelay)
        if delay > slot.delay or response.status in WELL:
            slot.delay = delay
