"""One crawl while it runs: its options, what it counted, which hosts it leaves alone, what went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from archive.errors import ArchiveDamaged, ArchiveError
from archive.ids import content_id
from archive.outcomes import Fetch, FrontierRequest, Outcome, RequestKind, Validators, utc_now
from archive.store import Archive
from crawler.registry import Registry, Source
from crawler.settings import DEFAULT_DELAY
from crawler.signatures import HOST_TROUBLE

TROUBLES = 3
"""Failures of a host in a row after which it is left alone for the run."""


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """What a crawl is asked to do. Without `registry` the packaged one; without `delay` the polite one."""

    db: Path
    registry: Path | None = None
    source: str | None = None
    host: str | None = None
    delay: float | None = None
    recheck: Literal["due", "all"] = "due"
    allow_private: bool = False

    @property
    def command(self) -> str:
        """The crawl as the archive names it: a run goes on only with a run of the same command."""
        wanted = (("--source", self.source), ("--host", self.host))
        words = [f"{name} {value}" for name, value in wanted if value]
        words += ["--recheck all"] if self.recheck == "all" else []
        return " ".join(["crawl", *words])

    @property
    def pause(self) -> float:
        """Seconds between two requests to a host."""
        return DEFAULT_DELAY if self.delay is None else self.delay


@dataclass(frozen=True, slots=True)
class CrawlProgress:
    """The crawl after one more answer."""

    requests: int
    fetched: int
    new_captures: int
    url: str
    outcome: Outcome


class Waker(Protocol):
    """What the crawl tells its scheduler."""

    def wake(self, host: str) -> None:
        """Something was queued for a host."""

    def release(self, host: str, pause: float = 0.0) -> None:
        """The host's request is answered and kept."""

    def park(self, host: str) -> None:
        """The host is left alone for the rest of the run."""


@dataclass
class Work:
    """The state of one crawl in memory: small, whatever the size of the queue."""

    options: CrawlOptions
    archive: Archive
    registry: Registry
    run_id: str
    progress: Callable[[CrawlProgress], None] | None = None
    scheduler: Waker | None = None
    requests: int = 0
    fetched: int = 0
    new_captures: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    given_up: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    incomplete: bool = False
    fatal: ArchiveError | None = None
    parked: dict[str, str] = field(default_factory=dict)
    crawl_delay: dict[str, float] = field(default_factory=dict)
    _troubles: Counter[str] = field(default_factory=Counter)
    _known: dict[str, Validators | None] = field(default_factory=dict)

    def source_of(self, asked: FrontierRequest) -> Source | None:
        """The source that a request belongs to, when the registry still has it."""
        return self.registry.sources.get(asked.source_id)

    def conditions(self, asked: FrontierRequest) -> dict[str, str]:
        """Headers that ask only for what has changed since the last good answer."""
        known = self.archive.validators(asked.id, asked.url) if asked.method == "GET" else None
        self._known[asked.id] = known
        named = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known else {}
        return {name: value for name, value in named.items() if value}

    def unchanged_body(self, asked: FrontierRequest) -> bytes | None:
        """The bytes that a 304 vouches for; None when there are none to vouch for."""
        known = self._known.get(asked.id)
        try:
            return self.archive.blob(known.sha256) if known else None
        except ArchiveDamaged:
            return None

    def forget(self, asked: FrontierRequest) -> None:
        """Drops what was remembered while a request was in flight."""
        self._known.pop(asked.id, None)

    def count(self, url: str, outcome: Outcome, new_capture: bool) -> None:
        """One more answer was kept."""
        self.requests += 1
        self.fetched += outcome in (Outcome.OK, Outcome.NOT_MODIFIED)
        self.new_captures += new_capture
        self.outcomes[outcome.value] += 1
        if self.progress is not None:
            self.progress(CrawlProgress(self.requests, self.fetched, self.new_captures, url, outcome))

    def problem(self, text: str, *, incomplete: bool = True) -> None:
        """Something a person should look at; `incomplete` says that the run missed something by it."""
        self.incomplete = self.incomplete or incomplete
        if text not in self.problems:
            self.problems.append(text)

    def trouble(self, host: str, outcome: Outcome) -> None:
        """Counts a host's failures in a row, and leaves it alone when there are too many."""
        if outcome not in HOST_TROUBLE:
            self._troubles[host] = 0
            return
        self._troubles[host] += 1
        if self._troubles[host] >= TROUBLES and host not in self.parked:
            self.parked[host] = outcome.value
            self.problem(f"{host}: {TROUBLES} times {outcome.value} in a row; left alone until the next run")
            if self.scheduler is not None:
                self.scheduler.park(host)

    def note_robots(
        self, url: str, outcome: Outcome, status: int | None, reason: str, body: bytes | None
    ) -> None:
        """Keeps the fetch of a robots.txt: what was allowed depends on it."""
        request_id = content_id("GET", url, "")
        at = utc_now()
        self.archive.record(
            Fetch(
                request_id, self.run_id, url, RequestKind.ROBOTS, outcome, at, status=status, reason=reason
            ),
            body,
        )
