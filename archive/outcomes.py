"""What the crawl tells the archive: closed sets, and the records that pass between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlsplit

from archive import clock
from archive.ids import content_id


class Outcome(StrEnum):
    """How one fetch ended. A closed set: what fits none of them is a fault of the program."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    REDIRECTED = "redirected"
    REDIRECT_LOOP = "redirect_loop"
    REDIRECT_TO_HOME = "redirect_to_home"
    JS_REDIRECT = "js_redirect"
    EMPTY = "empty"
    PARTIAL = "partial"
    TOO_LARGE = "too_large"
    SOFT_404 = "soft_404"
    GONE = "gone"
    FORBIDDEN = "forbidden"
    LOGIN_REQUIRED = "login_required"
    HTTP_ERROR = "http_error"
    SERVER_ERROR = "server_error"
    THROTTLED = "throttled"
    CHALLENGE_JS = "challenge_js"
    BLOCKED_WAF = "blocked_waf"
    CAPTCHA = "captcha"
    SUSPICIOUS_CONTENT = "suspicious_content"
    ATTACHMENT_MISMATCH = "attachment_mismatch"
    ROBOTS_DISALLOWED = "robots_disallowed"
    NOT_REGISTERED = "not_registered"
    PRIVATE_ADDRESS = "private_address"
    DNS_FAILED = "dns_failed"
    UNREACHABLE_CONNECT = "unreachable_connect"
    RESET = "reset"
    TIMEOUT = "timeout"
    TLS_INVALID = "tls_invalid"
    FAILED = "failed"


class RequestKind(StrEnum):
    """What a request is hoped to bring. Robots and probes are asked beside the queue."""

    LISTING = "listing"
    DOCUMENT = "document"
    ATTACHMENT = "attachment"
    PORTAL = "portal"
    ROBOTS = "robots"
    PROBE = "probe"


class RequestState(StrEnum):
    """Where a request stands. `failed` was given up for this run; the next run asks again when it is due."""

    QUEUED = "queued"
    DONE = "done"
    FAILED = "failed"


GONE = frozenset({Outcome.GONE, Outcome.SOFT_404, Outcome.REDIRECT_TO_HOME})
"""Outcomes that say that a site no longer shows what was there."""
TURNED_AWAY = frozenset(
    {
        Outcome.CHALLENGE_JS,
        Outcome.BLOCKED_WAF,
        Outcome.CAPTCHA,
        Outcome.LOGIN_REQUIRED,
        Outcome.FORBIDDEN,
        Outcome.THROTTLED,
    }
)
"""Outcomes by which a site turns us away: from here, it may not do so elsewhere."""
ANSWERS = GONE | {
    Outcome.OK,
    Outcome.NOT_MODIFIED,
    Outcome.REDIRECTED,
    Outcome.JS_REDIRECT,
    Outcome.ROBOTS_DISALLOWED,
}
"""Outcomes that are an answer, welcome or not."""


def now_utc() -> datetime:
    """The time of what is kept (archive.clock)."""
    return clock.KEPT.now()


def utc_now() -> str:
    """The time as the archive writes it: UTC, ISO 8601, seconds."""
    return iso(now_utc())


def iso(moment: datetime) -> str:
    """A moment as the archive writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(maxsize=4096)
def host_of(url: str) -> str:
    """The host of a URL in lower case, with its port when that is not the scheme's own."""
    parts = urlsplit(url)
    name = (parts.hostname or "").lower()
    name = f"[{name}]" if ":" in name else name
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return name if parts.port in (None, usual) else f"{name}:{parts.port}"


@dataclass(frozen=True, slots=True)
class FrontierRequest:
    """One request of the frontier: what to ask for, and why. Its id is derived from what is asked."""

    url: str
    kind: RequestKind
    method: str = "GET"
    body: str = ""
    source_id: str = ""
    referer: str = ""
    depth: int = 0
    priority: int = 0
    meta: Mapping[str, object] = field(default_factory=dict)
    attempts: int = 0

    @property
    def id(self) -> str:
        """The content id of method, URL and body: the same question has the same id everywhere."""
        return content_id(self.method, self.url, self.body)

    @property
    def host(self) -> str:
        """The host that is asked."""
        return host_of(self.url)


@dataclass(frozen=True, slots=True)
class Fetch:
    """One request and how it ended. Size and SHA-256 are taken from the body when it is stored."""

    request_id: str
    run_id: str
    url: str
    kind: RequestKind
    outcome: Outcome
    at: str
    final_url: str = ""
    source_id: str = ""
    status: int | None = None
    reason: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    elapsed_ms: int = 0
    attempt: int = 0

    @property
    def id(self) -> str:
        """One fetch is one attempt of one run at one request, at one moment."""
        return content_id("fetch", self.run_id, self.request_id, self.attempt, self.at)


@dataclass(frozen=True, slots=True)
class Link:
    """A link that a stored page shows, what was decided about it, and why."""

    from_url: str
    to_url: str
    title: str
    kind: RequestKind
    decision: str
    reason: str = ""
    date: str = ""
    source_id: str = ""

    @property
    def id(self) -> str:
        """The same link with the same title on the same page is one link, whenever it is seen."""
        return content_id("link", self.from_url, self.to_url, self.title)


@dataclass(frozen=True, slots=True)
class Completed:
    """What one call of `complete` changed."""

    new_capture: bool
    new_blob: bool
    queued: int


@dataclass(frozen=True, slots=True)
class Validators:
    """What the last good answer said about itself, to ask whether it has changed since."""

    etag: str
    last_modified: str
    sha256: str
