"""The spider of the night: columns, their pages, the reports they list, the files beside them.

It stores and classifies; it reads no table. Each answer ends in one call of `archive.complete`.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy import Spider
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.errors import ArchiveError
from archive.outcomes import Fetch, FrontierRequest, Link, Outcome, RequestKind, RequestState, iso
from crawler.failures import explain
from crawler.hosts import slot_of
from crawler.links import tidy
from crawler.page import Page
from crawler.reading import Reader, Reading
from crawler.recheck import due_after
from crawler.resolver import refused_names
from crawler.signatures import EVIDENCE_BYTES, PATIENCE, TRANSIENT, Verdict, judge, retry_after
from crawler.work import Work

MAX_HOPS = 5
_KEPT_HEADERS = (
    "content-type",
    "etag",
    "last-modified",
    "content-disposition",
    "date",
    "server",
    "retry-after",
)
log = logging.getLogger(__name__)


class ReportsSpider(Spider):
    """Works through the frontier of an archive. `nianbao crawl` makes it; it has no start of its own."""

    name = "reports"

    def __init__(self, work: Work | None = None, **more: Any) -> None:
        super().__init__(**more)
        if work is None:
            raise ValueError("the spider works on an archive: run it through `nianbao crawl`")
        self.work = work

    async def start(self) -> AsyncIterator[Any]:
        """Nothing: the scheduler has the queue."""
        return
        yield

    def answered(self, response: Response) -> None:
        """An answer came, good or bad."""
        asked: FrontierRequest = response.meta["asked"]
        headers = _headers(response)
        page = Page(asked.url, response.body, headers.get("content-type", ""), asked.method, asked.body)
        verdict = judge(response.status, headers, page, cut="partial" in response.flags)
        latency = int(1000 * float(response.meta.get("download_latency") or 0.0))
        self._guarded(asked, verdict, page, response.status, headers, latency)

    def failed(self, failure: Failure) -> None:
        """No answer came."""
        asked: FrontierRequest = failure.request.meta["asked"]  # type: ignore[attr-defined]
        verdict = explain(failure.value or RuntimeError("no reason given"))
        if verdict.outcome is Outcome.DNS_FAILED and slot_of(asked.host) in refused_names:
            verdict = Verdict(Outcome.PRIVATE_ADDRESS, f"{asked.host} is at a private address")
        self._guarded(asked, verdict, Page(asked.url, b""), None, {}, 0)

    def _guarded(
        self,
        asked: FrontierRequest,
        verdict: Verdict,
        page: Page,
        status: int | None,
        headers: Mapping[str, str],
        latency: int,
    ) -> None:
        """Keeps an answer; whatever goes wrong in that, the host is free again and the crawl knows."""
        try:
            self._keep(asked, verdict, page, status, headers, latency)
        except ArchiveError as error:
            self.work.fatal = self.work.fatal or error
            raise CloseSpider("archive") from error
        except Exception as error:
            log.exception("%s could not be read", asked.url)
            self.work.problem(f"{asked.url}: a fault of the program: {type(error).__name__}: {error}")
            fault = Verdict(Outcome.FAILED, f"{type(error).__name__}: {error}"[:300])
            self._store(asked, fault, Page(asked.url, b""), status, headers, latency, Reading(asked.kind))
        finally:
            self.work.forget(asked)
            if self.work.scheduler is not None:
                pause = self.work.crawl_delay.get(slot_of(asked.host), 0.0)
                wait = retry_after(headers) if verdict.outcome is Outcome.THROTTLED else None
                self.work.scheduler.release(asked.host, max(pause, wait.total_seconds() if wait else 0.0))

    def _keep(
        self,
        asked: FrontierRequest,
        verdict: Verdict,
        page: Page,
        status: int | None,
        headers: Mapping[str, str],
        latency: int,
    ) -> None:
        reading = Reading(asked.kind)
        if verdict.outcome is Outcome.NOT_MODIFIED:
            body = self.work.unchanged_body(asked)
            if body is None:
                verdict = Verdict(Outcome.HTTP_ERROR, "a 304 that was not asked for")
            else:
                known = Page(asked.url, body, headers.get("content-type", ""), asked.method, asked.body)
                reading = self._reader(asked).read(known, asked)
        elif verdict.outcome is Outcome.OK:
            reading = self._reader(asked).read(page, asked)
        elif verdict.outcome is Outcome.REDIRECTED:
            verdict, reading = self._redirect(asked, verdict)
        self._store(asked, verdict, page, status, headers, latency, reading)
        self._watch(asked, verdict, reading)

    def _reader(self, asked: FrontierRequest) -> Reader:
        source = self.work.source_of(asked)
        allows = self.work.registry.allows
        return Reader(allows, source.name, source.family) if source else Reader(allows)

    def _store(
        self,
        asked: FrontierRequest,
        verdict: Verdict,
        page: Page,
        status: int | None,
        headers: Mapping[str, str],
        latency: int,
        reading: Reading,
    ) -> None:
        """One transaction: the fetch, its bytes, its links, what they lead to, the request's new state."""
        now = datetime.now(UTC)
        state, due_at = self._next_state(asked, verdict, headers, now)
        fetch = Fetch(
            asked.id,
            self.work.run_id,
            asked.url,
            reading.kind,
            verdict.outcome,
            iso(now),
            final_url=verdict.target or asked.url,
            source_id=asked.source_id,
            status=status,
            reason=verdict.reason or reading.reason,
            headers=headers,
            elapsed_ms=latency,
            attempt=asked.attempts,
        )
        body = self._body_to_keep(asked, verdict, page)
        done = self.work.archive.complete(
            asked.id, fetch, body, reading.links, reading.children, state=state, due_at=due_at
        )
        for host in {child.host for child in reading.children}:
            if self.work.scheduler is not None:
                self.work.scheduler.wake(host)
        self.work.count(asked.url, verdict.outcome, done.new_capture)
        if state is RequestState.FAILED:
            self.work.given_up[verdict.outcome.value] += 1
        self.work.trouble(asked.host, verdict.outcome)

    def _next_state(
        self, asked: FrontierRequest, verdict: Verdict, headers: Mapping[str, str], now: datetime
    ) -> tuple[RequestState, str]:
        """Done; or queued again for a while later; or given up until the next run."""
        patience = PATIENCE.get(verdict.outcome)
        if patience and asked.attempts < patience.retries:
            usual = timedelta(seconds=(1 + 3 * self.work.options.pause) * patience.wait * 2**asked.attempts)
            return RequestState.QUEUED, iso(
                now + max(usual, retry_after(headers) or usual) + timedelta(seconds=1)
            )
        year = asked.meta.get("year")
        due = due_after(asked.kind, verdict.outcome, year if isinstance(year, int) else None, now)
        given_up = verdict.outcome in TRANSIENT or verdict.outcome is Outcome.FAILED
        return (RequestState.FAILED if given_up else RequestState.DONE), due

    def _body_to_keep(self, asked: FrontierRequest, verdict: Verdict, page: Page) -> bytes | None:
        """Good bytes whole; of anything else the beginning, as evidence, when the outcome is news."""
        if verdict.outcome is Outcome.OK:
            return page.body
        if not page.body or verdict.outcome in (Outcome.NOT_MODIFIED, Outcome.REDIRECTED, Outcome.GONE):
            return None
        before = self.work.archive.last_outcome(asked.id, asked.url)
        return page.body[:EVIDENCE_BYTES] if before is None or before[0] is not verdict.outcome else None

    def _redirect(self, asked: FrontierRequest, verdict: Verdict) -> tuple[Verdict, Reading]:
        """The target becomes a request of its own, with the hops counted, if it may be asked at all."""
        target = tidy(verdict.target)
        hops = asked.meta.get("hops", 0)
        hops = hops + 1 if isinstance(hops, int) else 1
        refusal = self._refusal(asked, target, hops)
        if refusal is not None or target is None:
            return refusal or Verdict(Outcome.HTTP_ERROR, "a redirect to nowhere"), Reading(asked.kind)
        meta = {**asked.meta, "hops": hops}
        if asked.kind is RequestKind.LISTING and meta.get("root") == asked.url:
            meta["root"] = target
        child = replace(asked, url=target, method="GET", body="", meta=meta, attempts=0)
        title = str(asked.meta.get("title", ""))
        link = Link(
            asked.url, target, title, asked.kind, "redirect", verdict.reason, source_id=asked.source_id
        )
        return replace(verdict, target=target), Reading(asked.kind, (link,), (child,))

    def _refusal(self, asked: FrontierRequest, target: str | None, hops: int) -> Verdict | None:
        if target is None:
            return Verdict(Outcome.NOT_REGISTERED, "a redirect to what is no web address")
        if target == asked.url or hops > MAX_HOPS:
            return Verdict(Outcome.REDIRECT_LOOP, f"{hops} redirects", target)
        if not self.work.registry.allows(target):
            return Verdict(Outcome.NOT_REGISTERED, f"a redirect to {target[:200]}", target)
        home = target.split("/", 3)[3] in ("", "index.html", "index.htm", "index.shtml")
        if home and asked.kind is not RequestKind.LISTING:
            return Verdict(Outcome.SOFT_404, "redirect_to_home", target)
        return None

    def _watch(self, asked: FrontierRequest, verdict: Verdict, reading: Reading) -> None:
        """An entry that fails, or that shows nothing, is a problem of its source. Empty is never success."""
        if not asked.meta.get("entry"):
            return
        good = (Outcome.OK, Outcome.NOT_MODIFIED)
        where = f"source {asked.source_id}: {asked.url}"
        if verdict.outcome in good and not reading.leads_on and reading.kind is RequestKind.LISTING:
            self.work.problem(f"{where}: the column shows no report and no column below it")
        elif verdict.outcome not in (*good, Outcome.REDIRECTED) and asked.attempts >= _retries(verdict):
            self.work.problem(f"{where}: {verdict.outcome.value} ({verdict.reason})")


def _retries(verdict: Verdict) -> int:
    patience = PATIENCE.get(verdict.outcome)
    return patience.retries if patience else 0


def _headers(response: Response) -> dict[str, str]:
    """The headers that the archive keeps, as text."""
    found = {}
    for name in (*_KEPT_HEADERS, "location"):
        value = response.headers.get(name)
        if value is not None:
            found[name] = value.decode("latin-1")[:2000]
    return found
