"""One answer looked through: what it is, and what follows from it. Pure, so that it may be done where it can be killed.

`look` takes a `Sight` (the answer with all that the crawl knows of its request) and gives a `Seen`. Both can be sent
to another process (`crawler.engine.readers`). Nothing here asks, writes, or knows what time it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from archive.outcomes import GONE, FrontierRequest, Link, Outcome, RequestKind
from archive.state.nights import ListingPage
from crawler.discovery import programs
from crawler.discovery.decisions import reads_as_report
from crawler.discovery.growth import Candidate, candidates
from crawler.discovery.reading import Reader, Reading
from crawler.engine.portals import read_portal
from crawler.families import families
from crawler.page import Page
from crawler.paging.articles import following
from crawler.redirects import as_linked, redirected
from crawler.registry import Registry, Source
from crawler.signatures import Verdict
from crawler.verdicts.answers import file_verdict, verdict_of
from crawler.verdicts.doubts import says_otherwise
from crawler.verdicts.prints import Print, doubtful
from crawler.verdicts.reconcile import listing_of

_MOVED = (Outcome.REDIRECTED, Outcome.JS_REDIRECT)
_REFUSED = GONE | {
    Outcome.FORBIDDEN,
    Outcome.LOGIN_REQUIRED,
    Outcome.HTTP_ERROR,
    Outcome.EMPTY,
    Outcome.ATTACHMENT_MISMATCH,
}
"""What a site answers to who comes without the token that it handed out."""
_SHOWS = (Outcome.OK, Outcome.SOFT_404)


@dataclass(frozen=True, slots=True)
class Sight:
    """An answer as it came, and what is known of its request.

    `known` are the bytes that a 304 vouches for, `before` those of the last good answer of another night, if they
    differ; `walked` and `steps` say where the walk of its portal stands; `family` is how lists of its host are read.
    `scripts` are the files of scripts that a listing names, as far as they came; `around` is the page that a script was asked for;
    `old_tls` says that it came over TLS as only old servers speak it.
    """

    asked: FrontierRequest
    status: int
    headers: Mapping[str, str]
    body: bytes
    packed: str = ""
    cut: bool = False
    old_tls: bool = False
    run_id: str = ""
    source: Source | None = None
    family: str = ""
    known: bytes | None = None
    before: bytes | None = None
    walked: bool = False
    steps: int = 0
    scripts: Mapping[str, bytes] = field(default_factory=dict)
    around: bytes | None = None

    @property
    def page(self) -> Page:
        """The answer as a page."""
        content_type = self.headers.get("content-type", "")
        return Page(self.asked.url, self.body, content_type, self.asked.method, self.asked.body)


@dataclass(frozen=True, slots=True)
class Seen:
    """What an answer is and what follows from it.

    `found` are columns of a portal that have to be kept as sources; `doubt` is the print of a probe, or of a page that may be none;
    `changed` says that it says something else than on another night; `unread` that nobody could look through it;
    `candidates` are sites of others that it names; `pages` the addresses at which its article goes on,
    `part` that they did not come.
    """

    verdict: Verdict
    reading: Reading
    family: str = ""
    listing: ListingPage | None = None
    found: tuple[tuple[Source, str, str], ...] = ()
    doubt: Print | None = None
    changed: bool = False
    unread: bool = False
    candidates: tuple[Candidate, ...] = ()
    pages: tuple[str, ...] = ()
    part: bool = False


@dataclass
class _Walk:
    """What a portal's walk asks of the crawl, answered from what the sight says."""

    registry: Registry
    sight: Sight
    found: list[tuple[Source, str, str]] = field(default_factory=list)

    def found_source(self, source: Source, portal_id: str, evidence: str) -> Source:
        self.found.append((source, portal_id, evidence))
        return source

    def has_column(self, portal_id: str, body: str = "") -> bool:
        return self.sight.walked

    def steps(self, portal_id: str, body: str) -> int:
        return self.sight.steps


def look(registry: Registry, sight: Sight) -> Seen:
    """All that one answer says."""
    page = sight.page
    verdict = _verdict(sight, page)
    if sight.asked.kind is RequestKind.PROBE:
        shows = verdict.outcome in _SHOWS and page.is_markup
        return Seen(verdict, Reading(sight.asked.kind), doubt=Print.of(page) if shows else None)
    if verdict.outcome is Outcome.NOT_MODIFIED:
        if sight.known is None:
            refused = Verdict(Outcome.HTTP_ERROR, "a 304 that was not asked for")
            return Seen(refused, Reading(sight.asked.kind))
        page = replace(sight, body=sight.known).page
    page_asked = programs.page_request(sight.asked)
    if page_asked is not None:
        return _read_again(registry, sight, page_asked, verdict)
    if verdict.outcome in (Outcome.OK, Outcome.NOT_MODIFIED):
        return _read(registry, sight, page, verdict)
    if verdict.outcome in _MOVED:
        verdict, reading = redirected(sight.asked, verdict, registry.allows)
        if not reading.children:
            reading = instead(registry, sight.asked, verdict.outcome)
        return Seen(verdict, _spelled(reading))
    return Seen(verdict, _spelled(instead(registry, sight.asked, verdict.outcome)))


def instead(registry: Registry, asked: FrontierRequest, outcome: Outcome) -> Reading:
    """What follows from an answer that is no page: nothing, unless its listing knows another way on, or its link did."""
    if outcome in _REFUSED and asked.meta.get("linked"):
        return as_linked(asked)
    if outcome not in GONE or not asked.meta.get("ways"):
        return Reading(asked.kind)
    return Reader(registry.allows).instead(asked)


def unread(sight: Sight, reason: str) -> Seen:
    """An answer that nobody could look through: good bytes are kept for later, of others the status speaks."""
    good = sight.status == 200 and sight.packed in ("", "identity") and not sight.cut
    outcome = Outcome.OK if good else Outcome.HTTP_ERROR
    return Seen(Verdict(outcome, reason), Reading(sight.asked.kind, reason=reason), unread=True)


def _verdict(sight: Sight, page: Page) -> Verdict:
    """What an answer is; of a file beside a page also whether it is what its name says."""
    verdict = verdict_of(page, sight.status, sight.headers, sight.packed, cut=sight.cut)
    is_file = sight.asked.kind is RequestKind.ATTACHMENT and not sight.asked.meta.get("inside")
    return file_verdict(page) if is_file and verdict.outcome is Outcome.OK else verdict


def _read(registry: Registry, sight: Sight, page: Page, verdict: Verdict) -> Seen:
    page = programs.with_scripts(page, sight.scripts)
    walk = _Walk(registry, sight)
    reading = _reading(walk, sight, page)
    listing, family = None, ""
    if reading.family is not None:
        listing = listing_of(page, sight.asked, reading, sight.run_id, reading.family)
        family = reading.family.__name__.rpartition(".")[2]
    doubted = doubtful(sight.asked, verdict, page, reading)
    changed = sight.before is not None and says_otherwise(page, sight.before)
    return Seen(
        verdict,
        _spelled(replace(reading, family=None)),
        family,
        listing,
        tuple(walk.found),
        Print.of(page) if doubted else None,
        changed,
        candidates=_named(registry, sight, page),
        pages=tuple(_pages(sight, page, reading)),
    )


def _pages(sight: Sight, page: Page, reading: Reading) -> list[str]:
    """Where the article of a document goes on."""
    if sight.asked.kind is not RequestKind.DOCUMENT or reading.kind is not RequestKind.DOCUMENT:
        return []
    return following(page, page.url) if page.is_markup else []


def _read_again(registry: Registry, sight: Sight, asked: FrontierRequest, verdict: Verdict) -> Seen:
    """A listing once more, now that a script of it came; its own answer is no page."""
    if sight.around is None or verdict.outcome not in (Outcome.OK, Outcome.NOT_MODIFIED):
        return Seen(verdict, Reading(sight.asked.kind))
    code = sight.body if verdict.outcome is Outcome.OK else sight.known or b""
    scripts = {**sight.scripts, sight.asked.url: code}
    seen = _read(
        registry, replace(sight, asked=asked, scripts=scripts), Page(asked.url, sight.around), verdict
    )
    return replace(seen, doubt=None, candidates=())


def _named(registry: Registry, sight: Sight, page: Page) -> tuple[Candidate, ...]:
    """The sites of bodies that a page on the way to a column, or a column itself, links and nobody registered."""
    on_the_way = sight.asked.kind is RequestKind.PORTAL or bool(sight.asked.meta.get("entry"))
    if sight.source is None or not on_the_way or not page.is_markup:
        return ()
    return tuple(candidates(page, sight.source, registry.hosts))


def _reading(walk: _Walk, sight: Sight, page: Page) -> Reading:
    asked, source, allows = sight.asked, sight.source, walk.registry.allows
    if asked.kind is RequestKind.PORTAL:
        return read_portal(page, asked, source, walk)
    reader = Reader(allows, source.name, source.family) if source else Reader(allows)
    if asked.kind is RequestKind.DOCUMENT and sight.family and reads_as_report(page):
        # A report on a host whose lists we read tonight: its family is known, and costs nothing to find.
        return reader.document(page, asked, families()[sight.family], True)
    return reader.read(page, asked)


def _spelled(reading: Reading) -> Reading:
    """The same without halves of characters, which scripts and JSON can write and no archive can hold."""
    links = tuple(map(_spelled_link, reading.links))
    children = tuple(child for child in map(_spelled_child, reading.children) if child is not None)
    return replace(reading, links=links, children=children, reason=spelled(reading.reason))


def spelled(text: str) -> str:
    """Text that can be written as UTF-8: half a surrogate becomes a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _spelled_link(link: Link) -> Link:
    texts = (link.from_url, link.to_url, link.title, link.reason, link.date)
    whole = tuple(map(spelled, texts))
    if whole == texts:
        return link
    from_url, to_url, title, reason, date = whole
    return replace(link, from_url=from_url, to_url=to_url, title=title, reason=reason, date=date)


def _spelled_child(child: FrontierRequest) -> FrontierRequest | None:
    """A request without such halves; None where its address or its body has one: that cannot be asked."""
    if spelled(child.url) != child.url or spelled(child.body) != child.body:
        return None
    odd = {name: spelled(value) for name, value in child.meta.items() if isinstance(value, str)}
    return replace(child, meta={**child.meta, **odd}) if odd else child
