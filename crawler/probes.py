"""What a host shows for a page that cannot exist, and on its home page: the measure of a soft 404.

Asked at most once a run and host, and only when a page with status 200 does not show what its link promised.
The address of the probe says who asks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from archive.ids import content_id
from archive.outcomes import Outcome, RequestKind
from crawler.answers import Came, headers_of
from crawler.decisions import reads_as_report
from crawler.links import squeeze
from crawler.page import Page
from crawler.patience import PATIENCE
from crawler.reading import Reading
from crawler.redirects import is_home
from crawler.signatures import EVIDENCE_BYTES, judge

if TYPE_CHECKING:
    from crawler.spiders.reports import ReportsSpider

PROBE = "/nianbao-looks-how-a-missing-page-looks-{}.html"
_WHOLE = re.compile(rb"<(?:title|body|head)\b", re.I)
_NEAR = 0.97
_LONG = 4000


@dataclass(frozen=True, slots=True)
class Print:
    """What a page looks like, whatever its counters and clocks say."""

    title: str
    words: str

    @classmethod
    def of(cls, page: Page) -> Print:
        """The print of a page."""
        return cls(squeeze(page.title), re.sub(r"\d+", "", page.words)[:_LONG])

    def is_like(self, other: Print | None) -> bool:
        """Whether two pages are the same page, or nearly."""
        if other is None or abs(len(self.words) - len(other.words)) > 0.1 * max(len(other.words), 50):
            return False
        if self.words == other.words:
            return True
        return SequenceMatcher(None, self.words, other.words, autojunk=False).quick_ratio() >= _NEAR


@dataclass(frozen=True, slots=True)
class Looks:
    """The prints of a host: its home page, and what it shows in place of a missing page (None: a 404)."""

    home: Print | None = None
    missing: Print | None = None


def doubtful(came: Came, reading: Reading) -> bool:
    """Whether an answer with status 200 might be no answer: it does not show what its link promised."""
    asked = came.asked
    if came.verdict.outcome is not Outcome.OK or not came.page.is_markup or is_home(asked.url):
        return False
    if asked.kind is RequestKind.LISTING:
        # The rows that a script asks for come without a page around them: none is an answer.
        bare = bool(asked.meta.get("shown_on")) and not _WHOLE.search(came.page.body)
        return reading.kind is RequestKind.LISTING and not reading.leads_on and not bare
    if asked.kind is not RequestKind.DOCUMENT:
        return False
    promised = "".join(str(asked.meta.get("title", "")).split())
    shown = "".join(came.page.title.split()) + came.page.words
    return not (promised and promised in shown) and not reads_as_report(came.page)


class Probes:
    """Fetches the prints of hosts, through the same manners as everything else."""

    def __init__(self, spider: ReportsSpider) -> None:
        self._spider = spider
        self._looks: dict[str, Looks] = {}

    async def compare(self, came: Came) -> Came:
        """The answer, or what it turns out to be beside the host's home page and its missing page."""
        looks = await self._of(came.asked.url)
        own = Print.of(came.page)
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
        request = Request(url, callback=NO_CALLBACK, meta={"handle_httpstatus_all": True})
        engine: Any = self._spider.crawler.engine
        try:
            response: Response = await engine.download_async(request)
        except IgnoreRequest:
            return None
        except Exception:
            # What is wrong with the host, its own pages will say.
            return None
        headers = headers_of(response)
        page = Page(url, response.body, headers.get("content-type", ""))
        verdict = judge(response.status, headers, page)
        self._spider.work.note(
            url,
            RequestKind.PROBE,
            verdict.outcome,
            response.status,
            verdict.reason,
            page.body[:EVIDENCE_BYTES],
        )
        whole = verdict.outcome in (Outcome.OK, Outcome.SOFT_404) and page.is_markup
        return Print.of(page) if whole else None


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
