"""One crawl while it runs: its options, what it counted, which hosts it leaves alone, what went wrong."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import urlsplit

from archive.clock import MACHINE
from archive.errors import ArchiveDamaged, ArchiveError
from archive.ids import content_id
from archive.outcomes import (
    Fetch,
    FrontierRequest,
    Outcome,
    RequestKind,
    Validators,
    host_of,
    iso,
    now_utc,
    utc_now,
)
from archive.state.nights import HostState
from archive.store import Archive
from crawler.discovery.columns import Columns
from crawler.engine.keeping import Keeper
from crawler.engine.parts import Part
from crawler.engine.taking import Taking
from crawler.hosts import site_of, slot_of
from crawler.net.limits import UNLIMITED, Limits
from crawler.net.patience import HOST_GONE, HOST_TROUBLE, REFUSALS, cool_down
from crawler.registry import Registry, Source
from crawler.settings import BUDGET, DEFAULT_DELAY
from crawler.verdicts.recheck import is_audited

LOOK = 5.0
"""Seconds between two looks at the queue, for whoever watches."""
TROUBLES = 3
"""Failures of a host in a row after which it is left alone for the run; after a bad night, one is enough."""
MOST_PUT_OFF = 5
ROOM_AGAIN = 3.0
"""How often an answer without room is asked for again, and after how many seconds."""


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """What a crawl is asked to do. Without `registry` the packaged one; without `delay` the polite one.

    `budget` is for one host, `limits` for the whole run. With `part` only the hosts of that part are asked,
    with `only_queued` only what is queued already: no source begins anew.
    `vantage` names the place from which is asked. A survey asks only `chosen` sources, `candidates` among them that no
    registry has, and takes `take` documents of each.
    `first_only` asks for the sources' own pages and nothing that they lead to.
    """

    db: Path
    registry: Path | None = None
    source: str | None = None
    host: str | None = None
    delay: float | None = None
    recheck: Literal["due", "all"] = "due"
    allow_private: bool = False
    budget: int = BUDGET
    first_only: bool = False
    limits: Limits = UNLIMITED
    part: Part | None = None
    only_queued: bool = False
    vantage: str = ""
    chosen: tuple[str, ...] = ()
    candidates: tuple[Source, ...] = ()
    take: int = 0

    @property
    def command(self) -> str:
        """The crawl as the archive names it: a run goes on only with a run of the same command."""
        wanted = (("--source", self.source), ("--host", self.host))
        words = [f"{name} {value}" for name, value in wanted if value]
        words += ["--recheck all"] if self.recheck == "all" else []
        words += [f"--part {self.part}"] if self.part else []
        return " ".join(["survey" if self.take else "crawl", *words])

    @property
    def pause(self) -> float:
        """Seconds between two requests to a host."""
        return DEFAULT_DELAY if self.delay is None else self.delay

    def wants(self, host: str) -> bool:
        """Whether a host is one of those that are asked."""
        named = self.host is None or self.host in (host, slot_of(host))
        return named and (self.part is None or self.part.holds(host))

    @property
    def insists(self) -> bool:
        """Whether a person named what to ask, or said to ask for everything: no cool-down stands against it."""
        return bool(self.source or self.host or self.recheck == "all")


@dataclass(frozen=True, slots=True)
class CrawlProgress:
    """The crawl after one more answer. `left` and `hosts` are looked up now and then, not each time."""

    requests: int
    fetched: int
    new_captures: int
    url: str
    outcome: Outcome
    left: int = 0
    hosts: int = 0


class Waker(Protocol):
    """What the crawl tells its scheduler."""

    def wake(self, host: str) -> None:
        """Something was queued for a host."""

    def release(self, host: str, pause: float = 0.0) -> None:
        """The host's request is answered and kept."""

    def park(self, host: str) -> None:
        """The host is left alone for the rest of the run."""

    def is_alone(self, waiting: int) -> bool:
        """Whether no host is being asked but those of so many answers."""


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
    size: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    given_up: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    failed_sources: dict[str, str] = field(default_factory=dict)
    incomplete: bool = False
    fatal: ArchiveError | None = None
    spent: str = ""
    parked: dict[str, str] = field(default_factory=dict)
    crawl_delay: dict[str, float] = field(default_factory=dict)
    well: set[str] = field(default_factory=set)
    hurried: set[str] = field(default_factory=set)
    fruitless: set[str] = field(default_factory=set)
    found: Columns = field(default_factory=Columns)
    unconditional: set[str] = field(default_factory=set)
    _slow: Counter[str] = field(default_factory=Counter)
    _troubles: Counter[str] = field(default_factory=Counter)
    _failing: dict[str, tuple[Outcome, str]] = field(default_factory=dict)
    _asked: Counter[str] = field(default_factory=Counter)
    _given: int = 0
    _looked: float = field(default=-math.inf)
    _standing: tuple[int, int] = (0, 0)
    _put_off: Counter[str] = field(default_factory=Counter)
    _steps: Counter[tuple[str, str]] = field(default_factory=Counter)
    _known: dict[str, Validators | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.taking = Taking(self.options.take)
        self.keeper = Keeper(
            self.archive, lambda waiting: not self.scheduler or self.scheduler.is_alone(waiting)
        )

    # --- sources ---

    def source_of(self, asked: FrontierRequest) -> Source | None:
        """The source that a request belongs to, when the registry or a portal still has it."""
        found = self.found.get(asked.source_id)
        return found[0] if found else self.registry.sources.get(asked.source_id)

    def found_source(self, source: Source, portal_id: str, evidence: str) -> Source:
        """Keeps a column that a portal led to as a source of its own; one that is known already as it is."""
        known = self.found.at(source.url)
        if known is not None:
            return known
        self.found.add(source, portal_id)
        self.archive.keep_sources([source.row()])
        self.archive.keep_found(source.row(), portal_id, evidence)
        return source

    def has_column(self, portal_id: str, body: str = "") -> bool:
        """Whether a portal has led to a column already, or to one of this body."""
        return self.found.has(portal_id, body)

    def portal_of(self, source_id: str) -> str:
        """The source of the registry that a source was found from; itself when it was not."""
        found = self.found.get(source_id)
        return found[1] if found and source_id not in self.registry.sources else source_id

    def steps(self, portal_id: str, body: str) -> int:
        """Counts one more page that was asked for a body's portal, and gives how many."""
        self._steps[portal_id, body] += 1
        return self._steps[portal_id, body]

    # --- conditions ---

    def conditions(self, asked: FrontierRequest) -> dict[str, str]:
        """Headers that ask only for what has changed since the last good answer.

        A sample is asked for in full instead, in turn, to catch a server whose 304 is not true.
        """
        known = self.archive.validators(asked.id, asked.url) if asked.method == "GET" else None
        self._known[asked.id] = known
        if known is None or asked.host in self.unconditional or is_audited(asked, now_utc()):
            return {}
        named = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        return {name: value for name, value in named.items() if value}

    def unchanged_body(self, asked: FrontierRequest) -> bytes | None:
        """The bytes that a 304 vouches for; None when there are none to vouch for."""
        known = self._known.get(asked.id)
        return self._sound(known.sha256) if known else None

    def last_body(self, asked: FrontierRequest) -> bytes | None:
        """The bytes of the last good answer to a request; None without one."""
        last = self.archive.last_good(asked.id, asked.url)
        return self._sound(last[1]) if last else None

    def _sound(self, sha256: str) -> bytes | None:
        """Kept bytes; None where they are damaged."""
        try:
            return self.archive.blob(sha256)
        except ArchiveDamaged:
            return None

    def lied(self, asked: FrontierRequest, etag: str, modified: str, sha256: str) -> bool:
        """Whether a host gave other bytes under the marks for which it answers 304."""
        known = self._known.get(asked.id)
        if known is None or known.sha256 == sha256 or asked.kind is RequestKind.LISTING:
            return False
        strong = bool(etag) and not etag.startswith("W/")
        return (known.etag, known.last_modified) == (etag, modified) and (strong or not etag)

    def plain_link(self, asked: FrontierRequest) -> str:
        """The http address of what was asked over https, if a page of the same site links that or its host so."""
        parts = urlsplit(asked.url)
        rows = self.archive.db.execute(
            "select from_url, to_url from link where to_url >= :own || '/' and to_url < :own || '0'"
            " or to_url >= :own || ':' and to_url < :own || ';'",
            {"own": f"http://{parts.hostname}"},
        )
        linked = [row["to_url"] for row in rows if site_of(host_of(row["from_url"])) == site_of(asked.host)]
        path = asked.url.partition(parts.netloc)[2]
        whole = (url for url in linked if url.split("/", 3)[3:] == [path.removeprefix("/")])
        known = any(urlsplit(url).port is None for url in linked) and parts.port is None
        return next(whole, f"http://{parts.netloc}{path}" if known else "")

    def forget(self, asked: FrontierRequest) -> None:
        """Drops what was remembered while a request was in flight."""
        self._known.pop(asked.id, None)

    def lose(self, asked: FrontierRequest, words: str) -> None:
        """An answer that cannot even be kept as a failure: its request stays queued, its host is left alone and free."""
        self.forget(asked)
        self._park(
            asked.host, f"{asked.url}: no outcome could be kept ({words}); its host is left alone", "fault"
        )
        if self.scheduler is not None:
            self.scheduler.release(asked.host)

    def put_off(self, asked: FrontierRequest) -> bool:
        """Leaves a request queued whose answer had no room; not for ever, for then it is too large."""
        self._put_off[asked.id] += 1
        if self._put_off[asked.id] > MOST_PUT_OFF or self.scheduler is None:
            return False
        self.forget(asked)
        self.scheduler.release(asked.host, ROOM_AGAIN)
        return True

    # --- counting ---

    def count(self, url: str, outcome: Outcome, new_capture: bool, size: int = 0) -> None:
        """One more answer was kept, of so many bytes."""
        self.requests += 1
        self.size += size
        self.fetched += outcome in (Outcome.OK, Outcome.NOT_MODIFIED)
        self.new_captures += new_capture
        self.outcomes[outcome.value] += 1
        if self.progress is not None:
            counts = (self.requests, self.fetched, self.new_captures)
            # Whoever watches is no part of the work.
            with suppress(Exception):
                self.progress(CrawlProgress(*counts, url, outcome, *self._queue()))

    def _queue(self) -> tuple[int, int]:
        """How much is queued, and at how many hosts, as of a moment ago."""
        if time.monotonic() - self._looked > LOOK:
            queued = self.archive.queued(source_id=self.options.source, host=self.options.host)
            self._standing = (self.requests + queued, len(self.archive.queued_hosts()))
            self._looked = time.monotonic()
        total, hosts = self._standing
        return max(0, total - self.requests), hosts

    def problem(self, text: str, *, incomplete: bool = True, source_id: str = "") -> None:
        """Something a person should look at; `incomplete` says that the run missed something by it."""
        self.incomplete = self.incomplete or incomplete
        if text not in self.problems:
            self.problems.append(text)
        if source_id:
            self.failed_sources.setdefault(source_id, text)

    # --- limits ---

    def is_over(self) -> bool:
        """Whether a limit of the whole run is reached: nothing new is asked, what is queued waits for the next."""
        if not self.spent:
            self.spent = self.options.limits.spent(self._given, self.size, MACHINE.now())
        return bool(self.spent)

    # --- hosts ---

    def may_ask(self, host: str) -> bool:
        """Counts a request to a host; one that has had its share of the night is left alone."""
        slot = site_of(host)
        if self._asked[slot] >= self.options.budget:
            budget = self.options.budget
            self._park(host, f"{host}: its {budget} requests a night are spent; the next run goes on")
            return False
        # A host's robots.txt is asked for together with its first page.
        self._given += 1 if self._asked[slot] else 2
        self._asked[slot] += 1
        return True

    def trouble(self, host: str, outcome: Outcome, reason: str = "") -> None:
        """Counts a host's failures in a row, and leaves it alone when there are too many."""
        if outcome in (Outcome.OK, Outcome.NOT_MODIFIED):
            self.fruitless.discard(host)
        else:
            self.fruitless.add(host)
        if outcome not in HOST_TROUBLE | REFUSALS:
            self._troubles[host] = 0
            if outcome in (Outcome.OK, Outcome.NOT_MODIFIED):
                self.well.add(host)
                self._failing.pop(host, None)
            return
        self._failing[host] = (outcome, reason)
        if outcome is Outcome.THROTTLED:
            self.hurried.add(host)
        if outcome not in HOST_TROUBLE:
            return
        self._troubles[host] += 1
        state = self.archive.host_state(host) if self._troubles[host] == 1 else None
        enough = 1 if state is not None and outcome in REFUSALS else TROUBLES
        if self._troubles[host] >= enough and host not in self.parked:
            times = f"{enough} times {outcome.value} in a row" if enough > 1 else f"{outcome.value} once more"
            self._park(host, f"{host}: {times}; left alone until the next run", outcome.value)

    def too_slow(self, asked: FrontierRequest, said: str) -> None:
        """Counts a page that takes for ever to read: a host that has several is left alone, for all others wait."""
        self.problem(f"{asked.url}: {said}")
        self._slow[asked.host] += 1
        if self._slow[asked.host] >= TROUBLES:
            self._park(
                asked.host, f"{asked.host}: {TROUBLES} pages {said}; left alone until the next run", "slow"
            )

    def _park(self, host: str, said: str, why: str = "budget") -> None:
        if host in self.parked:
            return
        self.parked[host] = why
        self.problem(said)
        if self.scheduler is not None:
            self.scheduler.park(host)

    def leave_alone(self) -> None:
        """Leaves hosts alone that are in a cool-down, before the first request."""
        for host, state in self.archive.hosts_to_leave(utc_now()).items():
            if not self.options.insists:
                self._park(
                    host, f"{host}: left alone until {state.until}: {state.outcome.value}", "cool-down"
                )
        since = iso(now_utc() - timedelta(days=30))
        self.unconditional = self.archive.hosts_with_event("lying_304", since)

    def remember_hosts(self) -> None:
        """Writes which hosts failed tonight, for how long they are left alone, and which are well again."""
        self.archive.forgive_hosts(self.well)
        for host, (outcome, reason) in self._failing.items():
            if host in self.well:
                continue
            before = self.archive.host_state(host)
            nights = before.nights + 1 if before else 1
            until = iso(now_utc() + cool_down(outcome, nights))
            self.archive.keep_host(HostState(host, outcome, nights, until, reason), self.run_id)
            if outcome is Outcome.DNS_FAILED and nights == HOST_GONE:
                self.archive.host_event(
                    host, "host_gone", self.run_id, f"no address for {nights} nights: {reason}"
                )

    # --- what is asked beside the queue ---

    def note(
        self,
        url: str,
        kind: RequestKind,
        outcome: Outcome,
        status: int | None,
        reason: str,
        body: bytes | None,
    ) -> None:
        """Keeps the fetch of a robots.txt or a probe: what was decided depends on it."""
        self._given += kind is RequestKind.PROBE
        self.size += len(body or b"")
        request_id, at = content_id("GET", url, ""), utc_now()
        fetch = Fetch(request_id, self.run_id, url, kind, outcome, at, status=status, reason=reason)
        self.keeper.note(fetch, body)
