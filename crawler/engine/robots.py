"""Leave to ask: only registered hosts and public addresses, and only what robots.txt allows."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from twisted.internet.defer import Deferred

from archive.outcomes import Outcome, RequestKind, host_of
from crawler.engine.looking import spelled
from crawler.engine.work import Work
from crawler.hosts import is_private, site_of, slot_of
from crawler.links import absolute
from crawler.net import wire
from crawler.net.deadline import TooSlow, within
from crawler.net.room import ENOUGH
from crawler.verdicts.failures import Refused, explain

ROBOTS_NAME = "Nianbao"
MOVED = (301, 302, 303, 307, 308)
"""Status codes that send to another place."""
MAX_HOPS = 5
MAX_ROBOTS = 500 * 1024
MAX_BESIDE = 4 * 1024 * 1024
"""Bytes of a robots.txt that count (RFC 9309), and of a probe that are taken."""
RULES_SECONDS = 0.5
"""Of the processor, that rules may take to be read, or to be asked about one address."""
REREAD_REQUESTS = 500
REREAD_SECONDS = 1800.0
"""After so many requests to a host, or so long, its robots.txt is read again within a run."""


def work_of(crawler: Crawler) -> Work:
    """The crawl that a spider works for."""
    spider: Any = crawler.spider
    work: Work = spider.work
    return work


class GuardMiddleware:
    """Refuses what must not be asked at all, at every hop, robots.txt included."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        wire.install()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GuardMiddleware:
        """Scrapy's way to make one."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises Refused for an unregistered host, and for a private address in the URL."""
        work = work_of(self.crawler)
        if "asked" not in request.meta:
            if request.meta.get("dont_obey_robotstxt"):
                # Bounded by what is enough of it, not by what it says of its length.
                request.meta[ENOUGH], request.meta["download_maxsize"] = MAX_ROBOTS, 0
            request.meta.setdefault("download_maxsize", MAX_BESIDE)
            request.meta.setdefault("download_slot", site_of(host_of(request.url)))
        if not work.registry.allows(request.url):
            raise Refused(Outcome.NOT_REGISTERED, f"{host_of(request.url)} is not registered")
        if is_private(host_of(request.url)) and not work.options.allow_private:
            raise Refused(Outcome.PRIVATE_ADDRESS, f"{host_of(request.url)} is a private address")


class _Nothing(RobotParser):
    """The rules of a host whose robots.txt is broken: nothing may be asked in this run."""

    def __init__(self, reason: str) -> None:
        self.reason = reason

    @classmethod
    def from_crawler(cls, crawler: Crawler, robotstxt_body: bytes) -> _Nothing:
        """Not made this way, but a parser has to offer it."""
        return cls("")

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        """Never."""
        return False


class RobotsMiddleware(RobotsTxtMiddleware):
    """robots.txt by RFC 9309: 4xx allows all, 5xx allows nothing, no answer is the page's own failure.

    Scrapy's own takes a 5xx and a failure for leave.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._failed: dict[str, Exception] = {}
        self._uses: Counter[str] = Counter()
        self._until: dict[str, float] = {}

    async def process_request(self, request: Request, spider: Spider | None = None) -> None:
        """Raises Refused, or what befell robots.txt, or nothing."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        netloc = request.url.split("/")[2]
        self._grow_old(netloc)
        rules = await self.robot_parser(request)
        failure = self._failed.pop(netloc, None)
        if failure is not None:
            # Not remembered: when the page is asked again, so is robots.txt.
            self._parsers.pop(netloc, None)
            raise failure
        if rules is not None and not self._allows(rules, request.url):
            reason = rules.reason if isinstance(rules, _Nothing) else "robots.txt disallows it"
            raise Refused(Outcome.ROBOTS_DISALLOWED, reason)

    def _allows(self, rules: RobotParser, url: str) -> bool:
        """What the rules say of an address; rules that are made to take for ever allow nothing."""
        try:
            with within(RULES_SECONDS, of_processor=True):
                return rules.allowed(url, ROBOTS_NAME)
        except TooSlow:
            return False

    def _grow_old(self, netloc: str) -> None:
        """Forgets rules that were read long ago: what changes in a long run is obeyed in it."""
        now = time.monotonic()
        self._uses[netloc] += 1
        old = self._uses[netloc] > REREAD_REQUESTS or now > self._until.setdefault(
            netloc, now + REREAD_SECONDS
        )
        if old and not isinstance(self._parsers.get(netloc), Deferred):
            self._parsers.pop(netloc, None)
            self._uses[netloc], self._until[netloc] = 1, now + REREAD_SECONDS

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        for _hop in range(MAX_HOPS):
            target = self._target(response)
            if target is None:
                break
            follow = Request(target, meta={"dont_obey_robotstxt": True}, callback=NO_CALLBACK)
            response = await self.crawler.engine.download_async(follow)
        rules = self._rules(response)
        self._note(response, rules)
        self._settle(netloc, rules)

    def _target(self, response: Response) -> str | None:
        """Where a robots.txt is said to be, if it may be asked for there.

        A redirect to nowhere, or off the registry, leaves the file unavailable, and then all is allowed (RFC 9309, 2.3.1).
        """
        if response.status not in MOVED:
            return None
        target = absolute(response.url, (response.headers.get("Location") or b"").decode("latin-1"))
        work = work_of(self.crawler)
        if target is None or not work.registry.allows(target):
            return None
        private = is_private(host_of(target)) and not work.options.allow_private
        return None if private else target

    def _rules(self, response: Response) -> RobotParser:
        if response.status >= 500 or response.status == 429:
            return _Nothing(f"robots.txt answered {response.status}: nothing is asked there in this run")
        body = _first_lines(response.body)
        # A 404 page in HTML, even one with status 200, is no rule.
        rules = b"" if response.status != 200 or body.lstrip()[:1] == b"<" else body
        try:
            with within(RULES_SECONDS, of_processor=True):
                parser: RobotParser = self._parserimpl.from_crawler(self.crawler, rules)
        except (TooSlow, ValueError, RecursionError) as error:
            return _Nothing(f"robots.txt cannot be read: {error}; nothing is asked there in this run")
        return parser

    def _note(self, response: Response, rules: RobotParser) -> None:
        work = work_of(self.crawler)
        html = response.status == 200 and response.body.lstrip()[:1] == b"<"
        reason = rules.reason if isinstance(rules, _Nothing) else "robots_is_html" if html else ""
        outcome = {200: Outcome.OK}.get(
            response.status, Outcome.SERVER_ERROR if response.status >= 500 else Outcome.GONE
        )
        body = response.body if outcome is Outcome.OK else None
        work.note(response.url, RequestKind.ROBOTS, outcome, response.status, reason, body)
        delay = None if isinstance(rules, _Nothing) else rules.crawl_delay(ROBOTS_NAME)
        if delay:
            work.crawl_delay[slot_of(host_of(response.url))] = min(float(delay), 60.0)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        verdict = explain(exc)
        work = work_of(self.crawler)
        self._failed[netloc] = exc
        try:
            url = f"http://{netloc}/robots.txt"
            if self.crawler.crawling:  # else it was we who hung up
                work.note(url, RequestKind.ROBOTS, verdict.outcome, None, spelled(verdict.reason), None)
        finally:
            self._settle(netloc, None)

    def _settle(self, netloc: str, rules: RobotParser | None) -> None:
        waiting = self._parsers[netloc]
        self._parsers[netloc] = rules
        if isinstance(waiting, Deferred):
            waiting.callback(rules)


def _first_lines(body: bytes) -> bytes:
    """What counts of a robots.txt: its beginning, without the line that is cut."""
    return body if len(body) <= MAX_ROBOTS else body[: body.rfind(b"\n", 0, MAX_ROBOTS) + 1]
