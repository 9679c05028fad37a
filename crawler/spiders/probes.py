"""What a host shows for a page that cannot exist, and on its home page: the measure of a soft 404.

Asked at most once a run and host, and only when a page with status 200 does not show what its link promised.
The address of the probe says who asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archive.ids import content_id
from archive.outcomes import FrontierRequest, Outcome, RequestKind
from crawler.engine.looking import Sight
from crawler.net.patience import PATIENCE
from crawler.signatures import EVIDENCE_BYTES
from crawler.spiders.beside import ask
from crawler.verdicts.answers import Came, headers_of
from crawler.verdicts.prints import Looks, Print

if TYPE_CHECKING:
    from crawler.spiders.reports import ReportsSpider

PROBE = "/nianbao-looks-how-a-missing-page-looks-{}.html"


class Probes:
    """Fetches the prints of hosts, through the same manners as everything else."""

    def __init__(self, spider: ReportsSpider) -> None:
        self._spider = spider
        self._looks: dict[str, Looks] = {}

    async def compare(self, came: Came, own: Print) -> Came:
        """The answer, or what its print turns out to be beside the host's home page and its missing page."""
        looks = await self._of(came.asked.url)
        if own.is_like(looks.missing) and not own.is_like(looks.home):
            return came.judged(Outcome.SOFT_404, "looks as a page that cannot exist")
        if not own.is_like(looks.home):
            return came
        return came.judged(*self._home_instead(came, looks))

    def _home_instead(self, came: Came, looks: Looks) -> tuple[Outcome, str]:
        """The home page for everything is a throttle, while the host has shown better; else a soft 404."""
        throttled = PATIENCE[Outcome.THROTTLED]
        work, host = self._spider.work, came.asked.host
        everything = looks.missing is not None and looks.missing.is_like(looks.home)
        spoiled = host in work.hurried or (everything and host in work.well)
        if spoiled and came.asked.attempts < throttled.retries:
            self._looks.pop(_root(came.asked.url), None)
            return Outcome.THROTTLED, "the home page in place of everything"
        return Outcome.SOFT_404, "the home page in place of what was asked"

    async def _of(self, url: str) -> Looks:
        root = _root(url)
        if root not in self._looks:
            home = await self._print(f"{root}/")
            name = content_id("probe", self._spider.work.run_id, root)
            missing = await self._print(root + PROBE.format(name))
            self._looks[root] = Looks(home, missing)
        return self._looks[root]

    async def _print(self, url: str) -> Print | None:
        """The print of an address that answers with a page of its own; None otherwise."""
        response = await ask(self._spider, url)
        if response is None:
            return None
        asked = FrontierRequest(url, RequestKind.PROBE)
        sight = Sight(asked, response.status, headers_of(response), response.body)
        seen = await self._spider.readers.look(sight)
        verdict = seen.verdict
        self._spider.work.note(
            url,
            RequestKind.PROBE,
            verdict.outcome,
            response.status,
            verdict.reason,
            response.body[:EVIDENCE_BYTES],
        )
        return seen.doubt


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
