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
from archive.outcomes import (
    GONE,
    Completed,
    Fetch,
    FrontierRequest,
    Outcome,
    RequestKind,
    RequestState,
    iso,
    now_utc,
)
from crawler.discovery.programs import OF, page_request, scripts_of
from crawler.discovery.reading import Reading
from crawler.engine.keeping import Answer
from crawler.engine.looking import Seen, Sight, instead, spelled
from crawler.engine.portals import portal_again, portal_of, unwalked
from crawler.engine.readers import MOST_TAGS, Readers, Unlooked
from crawler.engine.work import Work
from crawler.hosts import is_private, slot_of
from crawler.net.patience import retry_after
from crawler.net.room import PUT_OFF
from crawler.net.tls import OLD_TLS
from crawler.page import Page
from crawler.redirects import unencrypted
from crawler.sandbox.engine import prepare
from crawler.signatures import EVIDENCE_BYTES, Verdict
from crawler.spiders.articles import Articles
from crawler.spiders.probes import Probes
from crawler.verdicts.answers import Came, headers_of, latency_of, never_came, next_state, packed_as, retries
from crawler.verdicts.doubts import before, unsettled

_GOOD = (Outcome.OK, Outcome.NOT_MODIFIED)
_MOVED = (Outcome.REDIRECTED, Outcome.JS_REDIRECT)
MOST_SECONDS = 8.0
"""That reading one page may take in a process; an honest one takes milliseconds."""
log = logging.getLogger(__name__)


class ReportsSpider(Spider):
    """Works through the frontier of an archive. `nianbao crawl` makes it; it has no start of its own.

    Every step of an answer stands inside one guard: whatever goes wrong in it, the request has an outcome with the
    error's words, and its host is free again.
    """

    name = "reports"

    def __init__(self, work: Work | None = None, **more: Any) -> None:
        super().__init__(**more)
        if work is None:
            raise ValueError("the spider works on an archive: run it through `nianbao crawl`")
        self.work = work
        prepare()
        self.readers = Readers(work.registry, MOST_SECONDS, self._was_slow, self._is_ending)
        self.probes = Probes(self)
        self.articles = Articles(self)
        self._families: dict[str, str] = {}
        self._faults: set[str] = set()

    async def start(self) -> AsyncIterator[Any]:
        """Nothing: the scheduler has the queue."""
        return
        yield

    def closed(self, reason: str) -> None:
        """Scrapy's word that all is over."""
        self.readers.close()

    def answered(self, response: Response) -> Coroutine[Any, Any, None] | None:
        """An answer came, good or bad."""
        asked: FrontierRequest = response.meta["asked"]
        if "partial" in response.flags and not self.crawler.crawling:
            self._leave_queued(asked)
            return None
        try:
            address = str(response.ip_address or "")
            if is_private(address) and not self.work.options.allow_private:
                refused = Verdict(Outcome.PRIVATE_ADDRESS, f"{address} answered")
                self._keep(Came(asked, refused, Page(asked.url, b"")), Reading(asked.kind))
                return None
            sight, latency = self._sight(asked, response), latency_of(response)
            seen = self.readers.here(sight)
            if seen is None and not self.readers.has_room(sight) and self.work.put_off(asked):
                return None
            if seen is None:
                return self._apart(sight, latency)
            return self._follow(sight, latency, seen)
        except Exception as error:
            self._fault(asked, error)
            return None

    def failed(self, failure: Failure) -> None:
        """No answer came; or it had no room beside larger ones, and is asked for again in a moment."""
        meta = failure.request.meta  # type: ignore[attr-defined]
        asked: FrontierRequest = meta["asked"]
        try:
            if PUT_OFF in meta and self.work.put_off(asked):
                return
            if not self.crawler.crawling:  # it was we who hung up, or may have been
                self._leave_queued(asked)
                return
            came = never_came(failure)
            reading = instead(self.work.registry, asked, came.verdict.outcome)
            if came.verdict.outcome is Outcome.TLS_INVALID:
                reading = unencrypted(asked, self.work.plain_link(asked), self.work.registry.allows)
            self._keep(came, reading)
        except Exception as error:
            self._fault(asked, error)

    async def _apart(self, sight: Sight, latency: int) -> None:
        """Goes on with an answer that a process looks through."""
        try:
            following = self._follow(sight, latency, await self.readers.apart(sight))
            if following is not None:
                await following
        except Unlooked:
            self._leave_queued(sight.asked)
        except Exception as error:
            self._fault(sight.asked, error)

    def _leave_queued(self, asked: FrontierRequest) -> None:
        """A request that has no outcome, because the crawl ends."""
        self.work.forget(asked)
        if self.work.scheduler is not None:
            self.work.scheduler.release(asked.host)

    def _is_ending(self) -> bool:
        """Whether Scrapy has begun to close."""
        slot = getattr(self.crawler.engine, "_slot", None)
        return slot is None or bool(slot.closing)

    def _sight(self, asked: FrontierRequest, response: Response) -> Sight:
        """The answer with all that is known of its request."""
        work, source = self.work, self.work.source_of(asked)
        walked, steps = False, 0
        if asked.kind is RequestKind.PORTAL and source is not None:
            portal = portal_of(source, asked)
            walked = work.has_column(portal.id, portal.name)
            steps = 0 if walked else work.steps(portal.id, portal.name)
        return Sight(
            asked,
            response.status,
            headers_of(response),
            response.body,
            packed_as(response),
            "partial" in response.flags,
            OLD_TLS in response.flags,
            work.run_id,
            source,
            self._families.get(asked.host, ""),
            work.unchanged_body(asked) if response.status == 304 else None,
            before(work.archive, asked, response.body, work.run_id) if response.status == 200 else None,
            walked,
            steps,
            *self._with_scripts(asked, response),
        )

    def _with_scripts(
        self, asked: FrontierRequest, response: Response
    ) -> tuple[dict[str, bytes], bytes | None]:
        """The files of scripts that a listing names, as far as they came; and the page that a script is of."""
        if asked.kind is not RequestKind.LISTING:
            return {}, None
        page_asked = page_request(asked)
        around = self.work.last_body(page_asked) if page_asked is not None else None
        page = Page(page_asked.url, around) if page_asked and around else Page(asked.url, response.body)
        urls = [] if page.is_data or page.body.count(b"<") > MOST_TAGS else scripts_of(page)
        found = {url: self.work.last_body(FrontierRequest(url, RequestKind.LISTING)) for url in urls}
        return {url: body for url, body in found.items() if body is not None}, around

    def _follow(self, sight: Sight, latency: int, seen: Seen) -> Coroutine[Any, Any, None] | None:
        """Keeps what was seen; a doubtful answer, or the first page of more, first has to be looked into."""
        asked, status = sight.asked, sight.status if 100 <= sight.status <= 999 else None
        headers = dict(sight.headers)
        if seen.verdict.outcome in _GOOD and not seen.unread:
            headers.pop("set-cookie", None)
        verdict = seen.verdict
        if sight.old_tls and not verdict.reason:
            verdict = replace(verdict, reason=OLD_TLS)
        came = Came(asked, verdict, sight.page, status, headers, latency)
        if seen.verdict.outcome is Outcome.FAILED:
            self._tell(asked, seen.verdict.reason)
        elif seen.verdict.outcome is Outcome.OK and not seen.unread:
            self._audit(came)
        reading = self._settled(seen, asked)
        if seen.family:
            self._families[asked.host] = seen.family
        if seen.doubt is not None or seen.pages:
            return self._looked_into(came, reading, seen)
        self._keep(came, reading, seen)
        return None

    def _settled(self, seen: Seen, asked: FrontierRequest) -> Reading:
        """What follows, with the columns that were found kept as sources."""
        reading = seen.reading
        if seen.candidates:
            self.work.archive.keep_candidates(each.row() for each in seen.candidates)
        for source, portal_id, evidence in seen.found:
            known = self.work.found_source(source, portal_id, evidence)
            if known.id != source.id:
                reading = _of_source(reading, source.id, known.id)
        return unwalked(reading, asked, self.work)

    async def _looked_into(self, came: Came, reading: Reading, seen: Seen) -> None:
        """Keeps an answer after what has to be asked beside it: what the host shows for a page that cannot exist,
        where this may be one, and the other pages of an article."""
        try:
            if seen.doubt is not None:
                came = await self.probes.compare(came, seen.doubt)
                if came.verdict.outcome not in _GOOD:
                    reading = instead(self.work.registry, came.asked, came.verdict.outcome)
            if seen.pages and came.verdict.outcome is Outcome.OK:
                came, seen = await self.articles.whole(came, seen)
            self._keep(came, reading, seen)
        except Exception as error:
            self._fault(came.asked, error)

    def _fault(self, asked: FrontierRequest, error: Exception) -> None:
        """What goes wrong with an answer is its outcome, in the error's words; its host is free again, always."""
        if isinstance(error, ArchiveError):
            self._stop(error)
            return
        what = spelled(f"{type(error).__name__}: {error}"[:300])
        if asked.id not in self._faults:
            self._faults.add(asked.id)
            log.error("%s could not be read", asked.url, exc_info=error)
            self._tell(asked, what)
            try:
                self._keep(
                    Came(asked, Verdict(Outcome.FAILED, what), Page(asked.url, b"")), Reading(asked.kind)
                )
                return
            except Exception as again:
                log.error("%s could not be kept as a failure", asked.url, exc_info=again)
        self.work.lose(asked, what)

    def _tell(self, asked: FrontierRequest, what: str) -> None:
        self.work.problem(f"{asked.url}: a fault of the program: {what}")

    def _was_slow(self, sight: Sight, words: str) -> None:
        self.work.too_slow(sight.asked, words)

    def _stop(self, error: ArchiveError) -> None:
        """An archive that cannot be written ends the crawl; what was kept is safe, the rest is queued."""
        self.work.fatal = self.work.fatal or error
        deferred_from_coro(self.crawler.engine.close_spider_async(reason="archive"))

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

    def _keep(self, came: Came, reading: Reading, seen: Seen | None = None) -> None:
        """Hands over to the keeper: the fetch, its bytes, its links, what they lead to, the new state."""
        seen = seen or Seen(came.verdict, reading)
        now = now_utc()
        if came.asked.meta.get("entry") and OF not in came.asked.meta and came.verdict.outcome in GONE:
            reading = portal_again(came, reading, self.work)
        if self.work.options.first_only and came.verdict.outcome not in _MOVED:
            reading = replace(reading, children=())
        reading = self.work.taking.some(asked := came.asked, reading, self.work.portal_of(asked.source_id))
        pause = self.work.options.pause
        state, due_at = next_state(came, reading.kind, pause, now)
        if state is RequestState.DONE:
            again = unsettled(
                self.work.archive, came, self.work.run_id, pause, now, changed=seen.changed, part=seen.part
            )
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
            final_url=spelled(came.verdict.target or came.asked.url),
            source_id=came.asked.source_id,
            status=came.status,
            reason=spelled(came.verdict.reason or reading.reason),
            headers={name: spelled(value) for name, value in came.headers.items()},
            elapsed_ms=came.latency,
            attempt=came.asked.attempts,
        )
        body = self._body_to_keep(came)
        # A survey looks at a part of a listing: no later look is to be held against it.
        listed = came.verdict.outcome in _GOOD and not self.work.options.take
        listing = seen.listing if listed else None
        answer = Answer(came.asked, fetch, body, reading.links, reading.children, state, due_at, listing)
        self.work.keeper.keep(
            answer,
            lambda answer, done: self._kept(came, reading, answer, done),
            lambda _answer, error: self._fault(came.asked, error),
        )

    def _kept(self, came: Came, reading: Reading, answer: Answer, done: Completed) -> None:
        """The answer is on the disk: the host is free, what it led to may be asked."""
        try:
            self._count(came, reading, answer, done)
        finally:
            scheduler = self.work.scheduler
            if scheduler is not None:
                for host in {child.host for child in reading.children}:
                    scheduler.wake(host)
                scheduler.release(came.asked.host, self._pause(came))

    def _count(self, came: Came, reading: Reading, answer: Answer, done: Completed) -> None:
        asked, verdict = came.asked, came.verdict
        self.work.forget(asked)
        self.work.count(asked.url, verdict.outcome, done.new_capture, len(came.page.body))
        if answer.state is RequestState.FAILED:
            self.work.given_up[verdict.outcome.value] += 1
        if not _is_unencrypted(came, reading):
            self.work.trouble(asked.host, verdict.outcome, verdict.reason)
        self._watch(came, reading)

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


def _of_source(reading: Reading, one: str, other: str) -> Reading:
    """What follows, for another source in place of one."""
    links = (replace(each, source_id=other) if each.source_id == one else each for each in reading.links)
    children = (
        replace(each, source_id=other) if each.source_id == one else each for each in reading.children
    )
    return replace(reading, links=tuple(links), children=tuple(children))
