"""The spider of the night: columns, their pages, the reports they list, the files beside them.

It stores and classifies; it reads no table. Each answer ends in one call of `archive.complete`.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

from scrapy import Spider
from scrapy.http import Response
from scrapy.utils.defer import deferred_from_coro
from twisted.python.failure import Failure

from archive.errors import ArchiveError
from archive.ids import blob_id
from archive.nights import ListingPage
from archive.outcomes import GONE, Completed, Fetch, Outcome, RequestKind, RequestState, iso, now_utc
from crawler.answers import Came, came, came_unread, never_came, next_state, retries
from crawler.deadline import TooSlow, within
from crawler.decisions import reads_as_report
from crawler.doubts import unsettled
from crawler.families import Family
from crawler.hosts import slot_of
from crawler.keeping import Answer
from crawler.page import Page
from crawler.patience import retry_after
from crawler.portals import portal_again, read_portal, unwalked
from crawler.probes import Probes, doubtful
from crawler.reading import Reader, Reading
from crawler.reconcile import listing_of
from crawler.redirects import redirected, unencrypted
from crawler.room import PUT_OFF
from crawler.sandbox.engine import prepare
from crawler.signatures import EVIDENCE_BYTES
from crawler.work import Work

_GOOD = (Outcome.OK, Outcome.NOT_MODIFIED)
_MOVED = (Outcome.REDIRECTED, Outcome.JS_REDIRECT)
MOST_SECONDS = 5.0
"""That reading one page may take; an honest one takes milliseconds."""
log = logging.getLogger(__name__)


class ReportsSpider(Spider):
    """Works through the frontier of an archive. `nianbao crawl` makes it; it has no start of its own."""

    name = "reports"

    def __init__(self, work: Work | None = None, **more: Any) -> None:
        super().__init__(**more)
        if work is None:
            raise ValueError("the spider works on an archive: run it through `nianbao crawl`")
        self.work = work
        prepare()
        self.probes = Probes(self)
        self._listings: dict[str, ListingPage] = {}
        self._families: dict[str, Family] = {}

    async def start(self) -> AsyncIterator[Any]:
        """Nothing: the scheduler has the queue."""
        return
        yield

    def answered(self, response: Response) -> Coroutine[Any, Any, None] | None:
        """An answer came, good or bad."""
        return self._guarded(self._looked_at(response))

    def failed(self, failure: Failure) -> Coroutine[Any, Any, None] | None:
        """No answer came; or it had no room beside larger ones, and is asked for again in a moment."""
        meta = failure.request.meta  # type: ignore[attr-defined]
        if PUT_OFF in meta and self.work.put_off(meta["asked"]):
            return None
        return self._guarded(never_came(failure))

    def _looked_at(self, response: Response) -> Came:
        """The answer with its verdict; one that is made to take for ever is kept as what its status says."""
        try:
            with within(MOST_SECONDS):
                return came(response, self.work.options.allow_private)
        except TooSlow as error:
            self.work.too_slow(response.meta["asked"], str(error))
            return came_unread(response, str(error))

    def _guarded(self, came: Came) -> Coroutine[Any, Any, None] | None:
        """Reads and keeps an answer; whatever goes wrong in that is kept as the program's own fault."""
        try:
            came, reading, doubt = self._read_in_time(came)
            if doubt:
                return self._compared(came, reading)
            self._keep(came, reading)
        except Exception as error:
            self._fault(came, error)
        return None

    async def _compared(self, came: Came, reading: Reading) -> None:
        """Looks at what the host shows for a page that cannot exist before it believes this one."""
        try:
            judged = await self.probes.compare(came)
            if judged.verdict.outcome not in _GOOD:
                reading = self._instead(judged)
            self._keep(judged, reading)
        except Exception as error:
            self._fault(came, error)

    def _fault(self, came: Came, error: Exception) -> None:
        if isinstance(error, ArchiveError):
            self._stop(error)
            return
        if came.verdict.outcome is Outcome.FAILED:
            self._stop(ArchiveError(f"{came.asked.url}: cannot be kept: {error}"))
            return
        log.error("%s could not be read", came.asked.url, exc_info=error)
        what = f"{type(error).__name__}: {error}"[:300]
        self.work.problem(f"{came.asked.url}: a fault of the program: {what}")
        fault = came.judged(Outcome.FAILED, what)
        self._keep(fault, Reading(came.asked.kind))

    def _stop(self, error: ArchiveError) -> None:
        """An archive that cannot be written ends the crawl; what was kept is safe, the rest is queued."""
        self.work.fatal = self.work.fatal or error
        deferred_from_coro(self.crawler.engine.close_spider_async(reason="archive"))

    def _read_in_time(self, came: Came) -> tuple[Came, Reading, bool]:
        """What follows from an answer, and whether to doubt it; nothing from one that is made to take for ever.

        The bytes of that are kept all the same.
        """
        if came.unread:
            return came, Reading(came.asked.kind), False
        try:
            with within(MOST_SECONDS):
                came, reading = self._read(came)
                return came, reading, doubtful(came, reading)
        except TooSlow as error:
            self.work.too_slow(came.asked, str(error))
            return came, Reading(came.asked.kind, reason=str(error)), False

    def _read(self, came: Came) -> tuple[Came, Reading]:
        """What follows from an answer."""
        asked, outcome = came.asked, came.verdict.outcome
        if outcome is Outcome.NOT_MODIFIED:
            body = self.work.unchanged_body(asked)
            if body is None:
                return came.judged(Outcome.HTTP_ERROR, "a 304 that was not asked for"), Reading(asked.kind)
            known = Page(asked.url, body, came.headers.get("content-type", ""), asked.method, asked.body)
            return came, self._reading(known, came)
        if outcome is Outcome.OK:
            self._audit(came)
            return came, self._reading(came.page, came)
        if outcome in _MOVED:
            verdict, reading = redirected(asked, came.verdict, self.work.registry.allows)
            return came.judged(verdict.outcome, verdict.reason, verdict.target), reading
        if outcome is Outcome.TLS_INVALID:
            return came, unencrypted(asked, self.work.plain_link(asked), self.work.registry.allows)
        return came, self._instead(came)

    def _instead(self, came: Came) -> Reading:
        """What follows from an answer that is no page: nothing, unless its listing knows another way on."""
        if came.verdict.outcome not in GONE or not came.asked.meta.get("ways"):
            return Reading(came.asked.kind)
        return Reader(self.work.registry.allows).instead(came.asked)

    def _audit(self, came: Came) -> None:
        """A host that gives other bytes under the marks for which it says 304 is asked in full for a month."""
        asked, headers = came.asked, came.headers
        marks = headers.get("etag", ""), headers.get("last-modified", "")
        if (
            not self.work.lied(asked, *marks, blob_id(came.page.body))
            or asked.host in self.work.unconditional
        ):
            return
        self.work.unconditional.add(asked.host)
        evidence = f"{asked.url} changed under {' '.join(filter(None, marks))}"
        self.work.archive.host_event(asked.host, "lying_304", self.work.run_id, evidence)
        said = f"{asked.host}: its 304 cannot be trusted ({evidence}); asked in full for a month"
        self.work.problem(said, incomplete=False)

    def _reading(self, page: Page, came: Came) -> Reading:
        source = self.work.source_of(came.asked)
        if came.asked.kind is RequestKind.PORTAL:
            return read_portal(page, came.asked, source, self.work)
        allows = self.work.registry.allows
        reader = Reader(allows, source.name, source.family) if source else Reader(allows)
        family = self._families.get(came.asked.host)
        if came.asked.kind is RequestKind.DOCUMENT and family is not None and reads_as_report(page):
            # A report on a host whose lists we read tonight: its family is known, and costs nothing to find.
            return reader.document(page, came.asked, family, True)
        reading = reader.read(page, came.asked)
        if reading.family is not None:
            seen = listing_of(page, came.asked, reading, self.work.run_id, reading.family)
            self._listings[came.asked.id] = seen
            self._families[came.asked.host] = reading.family
        return unwalked(reading, came.asked, self.work)

    def _keep(self, came: Came, reading: Reading) -> None:
        """Hands over to the keeper: the fetch, its bytes, its links, what they lead to, the new state."""
        now = now_utc()
        if came.asked.meta.get("entry") and came.verdict.outcome in GONE:
            reading = portal_again(came, reading, self.work)
        if self.work.options.first_only and came.verdict.outcome not in _MOVED:
            reading = replace(reading, children=())
        pause = self.work.options.pause
        state, due_at = next_state(came, reading.kind, pause, now)
        if state is RequestState.DONE:
            again = unsettled(self.work.archive, came, self.work.run_id, pause, now)
            state, due_at = again or (state, due_at)
        if _is_unencrypted(came, reading):
            state = RequestState.DONE
        fetch = Fetch(
            came.asked.id,
            self.work.run_id,
            came.asked.url,
            reading.kind,
            came.verdict.outcome,
            iso(now),
            final_url=came.verdict.target or came.asked.url,
            source_id=came.asked.source_id,
            status=came.status,
            reason=came.verdict.reason or reading.reason,
            headers=came.headers,
            elapsed_ms=came.latency,
            attempt=came.asked.attempts,
        )
        body = self._body_to_keep(came)
        listing = self._listings.pop(came.asked.id, None)
        if came.verdict.outcome not in _GOOD:
            listing = None
        answer = Answer(came.asked, fetch, body, reading.links, reading.children, state, due_at, listing)
        self.work.keeper.keep(
            answer,
            lambda answer, done: self._kept(came, reading, answer, done),
            lambda _answer, error: self._fault(came, error),
        )

    def _kept(self, came: Came, reading: Reading, answer: Answer, done: Completed) -> None:
        """The answer is on the disk: the host is free, what it led to may be asked."""
        asked, verdict = came.asked, came.verdict
        self.work.forget(asked)
        self.work.count(asked.url, verdict.outcome, done.new_capture, len(came.page.body))
        if answer.state is RequestState.FAILED:
            self.work.given_up[verdict.outcome.value] += 1
        if not _is_unencrypted(came, reading):
            self.work.trouble(asked.host, verdict.outcome, verdict.reason)
        self._watch(came, reading)
        scheduler = self.work.scheduler
        if scheduler is not None:
            for host in {child.host for child in reading.children}:
                scheduler.wake(host)
            scheduler.release(asked.host, self._pause(came))

    def _pause(self, came: Came) -> float:
        """Seconds that a host is left alone after an answer, beyond the usual delay."""
        wait = retry_after(came.headers) if came.verdict.outcome is Outcome.THROTTLED else None
        least = self.work.crawl_delay.get(slot_of(came.asked.host), 0.0)
        return max(least, (wait or timedelta(0)).total_seconds())

    def _body_to_keep(self, came: Came) -> bytes | None:
        """Good bytes whole; of anything else the beginning, as evidence, when the outcome is news."""
        page, outcome = came.page, came.verdict.outcome
        if outcome is Outcome.OK:
            return page.body
        if not page.body or outcome in (Outcome.NOT_MODIFIED, *_MOVED):
            return None
        before = self.work.archive.last_outcome(came.asked.id, came.asked.url)
        return page.body[:EVIDENCE_BYTES] if before is None or before[0] is not outcome else None

    def _watch(self, came: Came, reading: Reading) -> None:
        """An entry that fails, or that shows nothing, is a problem of its source. Empty is never success."""
        asked, verdict = came.asked, came.verdict
        if not asked.meta.get("entry"):
            return
        where = f"source {asked.source_id}: {asked.url}"
        if _is_unencrypted(came, reading):
            return
        if verdict.outcome in _GOOD and not reading.leads_on and reading.kind is not RequestKind.DOCUMENT:
            shows = (
                "no annual-report column"
                if asked.kind is RequestKind.PORTAL
                else "no report and no column below it"
            )
            self.work.problem(f"{where}: the page shows {shows}", source_id=asked.source_id)
        elif verdict.outcome not in (*_GOOD, *_MOVED) and asked.attempts >= retries(verdict.outcome):
            said = f"{where}: {verdict.outcome.value} ({verdict.reason})"
            self.work.problem(said, source_id=asked.source_id)


def _is_unencrypted(came: Came, reading: Reading) -> bool:
    """Whether TLS failed and the site's own http link is asked instead."""
    return came.verdict.outcome is Outcome.TLS_INVALID and bool(reading.children)
