"""From what came over the wire to what is kept: the answer with its verdict, and the request's next state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from scrapy.http import Response
from twisted.python.failure import Failure

from archive.outcomes import FrontierRequest, Outcome, RequestKind, RequestState, iso
from crawler.discovery.decisions import holds_report, reads_as_report
from crawler.hosts import slot_of
from crawler.net.patience import PATIENCE, TRANSIENT, retry_after
from crawler.net.resolver import refused_names
from crawler.page import Page
from crawler.signatures import Verdict, judge
from crawler.verdicts.failures import explain
from crawler.verdicts.recheck import due_after

_KEPT_HEADERS = (
    "content-type",
    "etag",
    "last-modified",
    "content-disposition",
    "date",
    "server",
    "retry-after",
    "location",
)
_KINDS = ((b"%PDF", "pdf"), (b"PK\x03\x04", "zip"), (b"\xd0\xcf\x11\xe0", "ole"), (b"{\\rtf", "rtf"))
_PICTURES = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG", "png"),
    (b"GIF8", "gif"),
    (b"Rar!", "rar"),
    (b"7z\xbc", "7z"),
)
BEGINS_AS = {
    "pdf": "pdf",
    "docx": "zip",
    "xlsx": "zip",
    "odt": "zip",
    "ods": "zip",
    "zip": "zip",
    "ofd": "zip",
    "doc": "ole",
    "xls": "ole",
    "wps": "ole",
    "et": "ole",
    "rtf": "rtf",
    "rar": "rar",
    "7z": "7z",
}
"""What the bytes of each type of file begin as; each of `FILE_TYPES` is here."""


@dataclass(frozen=True, slots=True)
class Came:
    """One answer: what was asked, what it is, its page, and how it came."""

    asked: FrontierRequest
    verdict: Verdict
    page: Page
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    latency: int = 0

    def judged(self, outcome: Outcome, reason: str, target: str = "") -> Came:
        """The same answer, seen for what it is."""
        return replace(self, verdict=Verdict(outcome, reason, target))


def came(response: Response) -> Came:
    """An answer, good or bad, looked at where it is."""
    asked: FrontierRequest = response.meta["asked"]
    headers = headers_of(response)
    page = Page(asked.url, response.body, headers.get("content-type", ""), asked.method, asked.body)
    cut = "partial" in response.flags
    verdict = verdict_of(page, response.status, headers, packed_as(response), cut=cut)
    if (
        verdict.outcome is Outcome.OK
        and asked.kind is RequestKind.ATTACHMENT
        and not asked.meta.get("inside")
    ):
        verdict = file_verdict(page)
    return Came(asked, verdict, page, response.status, headers, latency_of(response))


def verdict_of(page: Page, status: int, headers: Mapping[str, str], packed: str, *, cut: bool) -> Verdict:
    """What an answer is, by status, headers and bytes. `packed` names an encoding that was not taken off."""
    verdict = judge(status, headers, page, cut=cut)
    if verdict.outcome is Outcome.OK and packed not in ("", "identity"):
        return Verdict(Outcome.HTTP_ERROR, f"packed as {packed[:40]}, which was not asked for")
    return verdict


def packed_as(response: Response) -> str:
    """The encoding of a body that nobody took off."""
    return (response.headers.get("Content-Encoding") or b"").decode("latin-1").strip().lower()


def latency_of(response: Response) -> int:
    """Milliseconds until the answer began."""
    return int(1000 * float(response.meta.get("download_latency") or 0.0))


def never_came(failure: Failure) -> Came:
    """No answer, and why."""
    asked: FrontierRequest = failure.request.meta["asked"]  # type: ignore[attr-defined]
    verdict = explain(failure.value or RuntimeError("no reason given"))
    if verdict.outcome is Outcome.DNS_FAILED and slot_of(asked.host) in refused_names:
        verdict = Verdict(Outcome.PRIVATE_ADDRESS, f"{asked.host} is at a private address")
    return Came(asked, verdict, Page(asked.url, b""), None, {}, 0)


def headers_of(response: Response) -> dict[str, str]:
    """The headers that the archive keeps, as text; cookies only as evidence, for a challenge sets them."""
    found = {}
    for name in (*_KEPT_HEADERS, "set-cookie"):
        value = response.headers.get(name)
        if value is not None:
            found[name] = value.decode("latin-1")[:2000]
    return found


def file_verdict(page: Page) -> Verdict:
    """A file beside a page: is it what its name says? Reports saved as markup under .doc are reports."""
    declared = page.url.partition("?")[0].rsplit("/", 1)[-1].rpartition(".")[2].lower()
    sniffed = sniff(page.body)
    if page.is_markup:
        sniffed = "markup"
        if not (reads_as_report(page) or holds_report(page)) and len(page.words) < 5000:
            return Verdict(Outcome.ATTACHMENT_MISMATCH, f"declared {declared or 'a file'}, is markup")
    expected = BEGINS_AS.get(declared)
    if expected is None or sniffed == expected:
        return Verdict(Outcome.OK)
    return Verdict(Outcome.OK, f"declared {declared}, is {sniffed or 'of no known kind'}")


def sniff(data: bytes) -> str:
    """The kind of a file by its first bytes; empty when they say nothing."""
    return next((kind for mark, kind in (*_KINDS, *_PICTURES) if data.startswith(mark)), "")


def next_state(came: Came, kind: RequestKind, pause: float, now: datetime) -> tuple[RequestState, str]:
    """Done; or queued again for a while later; or given up until the next run; and when it is due."""
    asked, outcome = came.asked, came.verdict.outcome
    patience = PATIENCE.get(outcome)
    if patience and asked.attempts < patience.retries:
        usual = timedelta(seconds=(1 + 3 * pause) * patience.wait * 2**asked.attempts)
        wait = max(usual, retry_after(came.headers) or usual)
        return RequestState.QUEUED, iso(now + wait + timedelta(seconds=1))
    year = asked.meta.get("year")
    due = due_after(kind, outcome, year if isinstance(year, int) else None, now)
    given_up = outcome in TRANSIENT or outcome is Outcome.FAILED
    return (RequestState.FAILED if given_up else RequestState.DONE), due


def retries(outcome: Outcome) -> int:
    """How often this outcome is asked again within one run."""
    patience = PATIENCE.get(outcome)
    return patience.retries if patience else 0
