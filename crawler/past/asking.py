"""One web archive, asked as a guest asks: one request at a time, robots.txt, pauses, Retry-After, and bounds on all it sends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin, urlsplit

from protego import Protego
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from archive.clock import MACHINE
from archive.outcomes import Outcome
from crawler.engine.robots import MAX_HOPS, MAX_ROBOTS, MOVED, ROBOTS_NAME
from crawler.net.limits import Limits
from crawler.net.patience import retry_after
from crawler.settings import DEFAULT_DELAY
from crawler.verdicts.failures import explain

TRIES = 5
"""So often a question is asked that the archive could not answer just then."""
FIRST_WAIT, LONGEST_WAIT = 5.0, 600.0
"""Seconds to wait where the archive does not say how long; doubled each time. One that says more is left alone."""
MAX_LIST = 8 * 1024 * 1024
"""Bytes of one answer about what there is; who has more to say is asked about shorter times."""
_BUSY = (429, 500, 502, 503, 504)

Ask = Callable[[Request], Awaitable[Response]]
"""Scrapy's downloader, with its middlewares."""


class Unanswered(Exception):
    """The archive does not answer, or asks to be left alone: where, and why. What was kept is safe."""


class Spent(Exception):
    """A limit of the run is reached, in words."""


class Refused(Exception):
    """The archive's robots.txt does not allow an address, or it gives no answer about it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came from an address: headers by their names in lower case; `body` is None where it was longer than allowed."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes | None

    @property
    def is_capture(self) -> bool:
        """Whether it is a page that the archive kept (RFC 7089), and nothing that it says itself."""
        return "memento-datetime" in self.headers

    @property
    def target(self) -> str:
        """Where the archive itself sends us, on its own host; empty for an answer, a redirect that was kept among them."""
        place = self.headers.get("location", "")
        if self.status not in MOVED or self.is_capture or not place:
            return ""
        target = urljoin(self.url, place)
        return target if urlsplit(target).netloc == urlsplit(self.url).netloc else ""


@dataclass
class Guest:
    """Asks one archive. `pause` is in seconds; `limits` are of the whole run."""

    ask: Ask
    pause: float = DEFAULT_DELAY
    limits: Limits = field(default_factory=Limits)
    requests: int = 0
    size: int = 0
    _next_at: float = 0.0
    _rules: dict[str, Protego] = field(default_factory=dict)

    def check(self) -> None:
        """Raises Spent where a limit is reached."""
        spent = self.limits.spent(self.requests, self.size, MACHINE.now())
        if spent:
            raise Spent(spent)

    async def answer(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        most: int = MAX_LIST,
    ) -> Answer:
        """The answer to a question, of so many bytes at most. Raises Refused, Spent or Unanswered."""
        whole = f"{url}{'&' if '?' in url else '?'}{urlencode(params)}" if params else url
        await self._obey(whole)
        return await self._patiently(whole, headers or {}, most)

    async def _patiently(self, url: str, headers: Mapping[str, str], most: int) -> Answer:
        """An answer that is one, after the waits that the archive asks for."""
        wait, why = FIRST_WAIT, ""
        for attempt in range(TRIES):
            if attempt:
                self._next_at = max(self._next_at, time.monotonic() + wait)
                wait *= 2
            found = await self._once(url, headers, most)
            if isinstance(found, str):
                why = found
                continue
            if found.status not in _BUSY or found.is_capture:
                return found
            told = retry_after(found.headers)
            why = f"it answers {found.status}"
            if told is not None:
                wait = told.total_seconds()
            if wait > LONGEST_WAIT:
                why += f" and asks to be left alone for {wait:.0f} s"
                break
        raise Unanswered(f"{urlsplit(url).netloc}: {why}; the next backfill goes on")

    async def _once(self, url: str, headers: Mapping[str, str], most: int) -> Answer | str:
        """One request: its answer, or why there is none."""
        self.check()
        await asyncio.sleep(max(0.0, self._next_at - time.monotonic()))
        self.check()
        self.requests += 1
        sent = {"Accept-Encoding": "identity", **headers}
        meta = {"download_maxsize": most}
        try:
            response = await self.ask(Request(url, NO_CALLBACK, headers=sent, meta=meta))
        except Exception as error:
            verdict = explain(error)
            if verdict.outcome is Outcome.FAILED:
                raise
            if verdict.outcome is Outcome.TOO_LARGE:
                return Answer(url, 200, {}, None)
            return verdict.reason
        finally:
            self._next_at = time.monotonic() + self.pause
        self.size += len(response.body)
        named = {name.decode("latin-1").lower(): values for name, values in response.headers.items()}
        kept = {name: values[-1].decode("latin-1") for name, values in named.items() if values}
        return Answer(url, response.status, kept, response.body)

    async def _obey(self, url: str) -> None:
        """Raises Refused for what robots.txt does not allow, by RFC 9309: 4xx allows all."""
        parts = urlsplit(url)
        home = f"{parts.scheme}://{parts.netloc}"
        if home not in self._rules:
            self._rules[home] = await self._robots(f"{home}/robots.txt")
            delay = self._rules[home].crawl_delay(ROBOTS_NAME)
            self.pause = max(self.pause, min(float(delay or 0.0), LONGEST_WAIT))
        if not self._rules[home].can_fetch(url, ROBOTS_NAME):
            raise Refused(f"{parts.netloc}: its robots.txt does not allow {parts.path[:200]}")

    async def _robots(self, url: str) -> Protego:
        for _hop in range(MAX_HOPS):
            found = await self._patiently(url, {}, MAX_ROBOTS)
            if not found.target:
                body = found.body if found.status == 200 else b""
                text = (body or b"").decode("utf-8", "replace")
                return Protego.parse("" if text.lstrip().startswith("<") else text)
            url = found.target
        return Protego.parse("")
