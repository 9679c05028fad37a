"""The walk through a web archive: what it is asked, and what follows from each capture that it gives.

The questions stand in the archive (table `past`), so that a walk that was stopped goes on. What a capture is and leads
to is read as the crawl reads its own (`crawler.engine.looking`); it is kept as somebody else's look, at its date.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from archive.outcomes import Completed, FrontierRequest, Outcome, RequestKind, host_of, utc_now
from archive.state.witnesses import PastQuestion, Same, Witness
from archive.store import Archive
from archive.warcs.foreign import Heard
from crawler.checks.imports import FRAME, Importer
from crawler.discovery.reading import Reading
from crawler.engine.looking import Seen, Sight
from crawler.engine.portals import entry_of
from crawler.engine.readers import Readers
from crawler.engine.robots import MOVED
from crawler.links import is_attachment, tidy
from crawler.net.deadline import TooSlow, within
from crawler.past.asking import Refused, Spent, Unanswered
from crawler.past.cdx import POSTED, Match, Row
from crawler.past.web import Past, Question
from crawler.registry import Registry, Source
from crawler.signatures import Verdict

WORDS = re.compile(
    r"xxgk|gongkai|gkml|openness|nianbao|niandu|ndbg|gknb|zfnb|/nb\d*/|annual|年报|年度报告|%e5%b9%b4%e6%8a%a5",
    re.I,
)
"""Words of addresses under which sites put what they disclose, and their annual reports."""
_WALKED, _PREFIXES, _NAMED, _HOSTS = 4, 3, 2, 1
"""Priorities: lists first, which say what there is, then their folders, single addresses, and whole hosts."""
_GOOD = (0, 200, 203, 206)
MOST_SECONDS = 8.0
"""That reading one page may take in a process; an honest one takes milliseconds."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a backfill is about: some sources, some years (0: all), so many captures at most (0: all)."""

    sources: tuple[Source, ...]
    first: int = 0
    last: int = 0
    limit: int = 0


@dataclass
class Backfilled:
    """What a walk brought. `rows` are captures that the archive lists, `known` those that were here already.

    `unlike` are those whose bytes do not match the archive's digest, `missing` those that it could not give; `left`
    questions wait for the next walk, and `spent` names the limit that was reached.
    """

    questions: int = 0
    rows: int = 0
    answers: int = 0
    captures: int = 0
    known: int = 0
    again: int = 0
    unlike: int = 0
    missing: int = 0
    not_wanted: int = 0
    left: int = 0
    requests: int = 0
    bytes: int = 0
    spent: str = ""
    interrupted: bool = False
    problems: list[str] = field(default_factory=list)
    outcomes: dict[str, int] = field(default_factory=dict)


_Kept = tuple[Completed, Outcome, Sequence[FrontierRequest]]
Progress = Callable[[Backfilled, str], None]
"""Told after each row, with its address."""


class Walk:
    """One walk through one web archive. `run` ends when nothing is left to ask, or a limit is reached."""

    def __init__(
        self, archive: Archive, registry: Registry, past: Past, scope: Scope, found: Backfilled | None = None
    ) -> None:
        self.archive, self.registry, self.past, self.scope = archive, registry, past, scope
        self.found = found or Backfilled()
        self.ending: Callable[[], bool] = lambda: False
        self._importer = Importer(archive, registry)
        self._readers = Readers(registry, MOST_SECONDS, self._was_slow, lambda: self.ending())
        self._steps: Counter[str] = Counter()
        self._since = ""
        self._hosts = frozenset(host_of(source.url) for source in scope.sources)

    async def run(self, progress: Progress | None = None) -> Backfilled:
        """Goes on with the questions that are left, else begins anew; the counts of this walk."""
        tell = progress or (lambda _found, _url: None)
        name, key = self.past.name, self._key
        if not self.archive.past_left(name, key):
            self.archive.forget_past(name, key)
            self.archive.ask_past(self._first(), utc_now())
        self._since = self.archive.past_since(name, key)
        try:
            while (question := self.archive.next_past(name, key)) is not None:
                await self._answer(question, tell)
                self.archive.answered_past(question)
                self.found.questions += 1
        except (Spent, Unanswered) as error:
            self.found.spent = str(error)
        finally:
            self._readers.close()
            self.found.left = self.archive.past_left(name, key)
        return self.found

    @property
    def _key(self) -> str:
        """What tells this walk apart from one of another scope."""
        ids = sorted(source.id for source in self.scope.sources)
        return json.dumps([ids, self.scope.first, self.scope.last])

    # --- what is asked ---

    def _first(self) -> Iterator[PastQuestion]:
        """The entries of the sources with the folders that they lie in, the addresses that we know, and the hosts."""
        for source in self.scope.sources:
            entry = entry_of(source)
            yield self._question(entry.url, Match.EXACT, _WALKED, entry)
            folder = source.url.partition("?")[0].rpartition("/")[0] + "/"
            if entry.kind is RequestKind.LISTING and urlsplit(folder).path != "/":
                yield self._question(folder, Match.PREFIX, _PREFIXES)
        for host in sorted(self._hosts):
            for url, kind, source_id in self.archive.known_addresses(host):
                asked = FrontierRequest(url, RequestKind(kind), source_id=source_id)
                yield self._question(url, Match.EXACT, _NAMED, asked)
            yield self._question(f"http://{host}/", Match.HOST, _HOSTS)

    def _question(
        self, url: str, match: Match, priority: int, asked: FrontierRequest | None = None
    ) -> PastQuestion:
        return PastQuestion(self.past.name, self._key, match.value, url, priority, asked)

    def _follow(self, children: Iterable[FrontierRequest]) -> None:
        """Asks for what a page led to, when it stood: lists at once, documents when their folders were asked."""
        questions = [
            self._question(
                _address(child),
                Match.EXACT,
                _WALKED if child.kind in (RequestKind.LISTING, RequestKind.PORTAL) else _NAMED,
                child,
            )
            for child in children
            if self.registry.allows(child.url)
        ]
        self.archive.ask_past(questions, self._since)

    # --- what is answered ---

    async def _answer(self, question: PastQuestion, tell: Progress) -> None:
        match = Match(question.match)
        wanted = Question(question.url, match, self.scope.first, self.scope.last)
        if match is Match.EXACT and self.archive.past_covers(question):
            return
        try:
            async for row in self.past.ask(wanted):
                if 0 < self.scope.limit <= self.found.answers:
                    raise Spent(f"its {self.scope.limit} captures are kept")
                self.found.rows += 1
                await self._row(row, question)
                tell(self.found, row.url)
        except Refused as error:
            self._problem(str(error))

    async def _row(self, row: Row, question: PastQuestion) -> None:
        asked = self._asked(row, question)
        if asked is None:
            self.found.not_wanted += 1
            return
        url = asked.url
        if self.archive.has_witnessed(asked.id, row.at):
            self.found.known += 1
            return
        same = self.archive.same_witness(url, row.digest) if row.digest else None
        if same is not None:
            self._keep_again(row, asked, same)
            return
        try:
            heard = await self.past.fetch(replace(row, url=_address(asked)))
        except Refused as error:
            self._problem(str(error))
            return
        if heard is None:
            self.found.missing += 1
        else:
            await self._keep(row, replace(heard, url=url), asked)

    def _asked(self, row: Row, question: PastQuestion) -> FrontierRequest | None:
        """The request that a capture answers; None for one of no use. A form is known only where we asked for it."""
        asked, url = question.asked, tidy(row.url)
        if asked is not None and asked.method == "POST":
            return asked if row.method == "POST" and row.status in _GOOD else None
        if url is None or row.method != "GET" or not self._is_wanted(row, url, Match(question.match)):
            return None
        return asked if asked is not None and asked.url == url else self._known(url)

    def _is_wanted(self, row: Row, url: str, match: Match) -> bool:
        """Whether a capture may be of use: of a registered host, no error, no part of a frame."""
        if not self.registry.allows(url) or urlsplit(url).path == "/robots.txt":
            return False
        if row.status not in (*_GOOD, *MOVED) and row.mime != "warc/revisit":
            return False
        if FRAME.match(row.mime) and not is_attachment(url):
            return False
        return match is not Match.HOST or bool(WORDS.search(url)) or is_attachment(url)

    def _known(self, url: str) -> FrontierRequest:
        """The request that would bring an address, as our queue has it or as it looks."""
        row = self.archive.db.execute(
            "select kind, source_id, meta, depth from request where url = ? and method = 'GET'", (url,)
        ).fetchone()
        if row is None:
            return self._importer.asked(url)
        meta = json.loads(row["meta"])
        return FrontierRequest(url, RequestKind(row["kind"]), source_id=row["source_id"], meta=meta)

    def _keep_again(self, row: Row, asked: FrontierRequest, same: Same) -> None:
        """A capture whose bytes are here already, by the archive's digest: nothing has to be asked for, nor read."""
        headers = {str(name): str(value) for name, value in json.loads(same.headers).items()}
        heard = Heard(asked.url, row.at, same.status, headers, self.archive.blob(same.sha256))
        by, reading = Witness(self.past.name, self._since, row.digest), Reading(RequestKind(same.kind))
        done = self._importer.put(heard, asked, Verdict(Outcome.OK), reading, by)
        self.found.again += 1
        self._count(Outcome.OK, done.new_capture)

    async def _keep(self, row: Row, heard: Heard, asked: FrontierRequest) -> None:
        self.found.unlike += heard.cut
        by = Witness(self.past.name, self._since, row.digest)
        guess = self._is_guess(asked)
        seen = None if guess else await self._look(heard, asked)
        # With what it leads to, or not at all: a walk that was killed between would never ask for that.
        with self.archive.transaction():
            if seen is None:
                kept = self._take(heard, asked, by)
                if kept is None:
                    return
                done, outcome, children = kept
            else:
                done = self._importer.put(heard, asked, seen.verdict, seen.reading, by)
                outcome, children = seen.verdict.outcome, _led_to(seen, asked)
            self._follow(children)
        self._count(outcome, done.new_capture)

    def _take(self, heard: Heard, asked: FrontierRequest, by: Witness) -> _Kept | None:
        """Keeps an answer to an address that nobody has named; None where it takes too long to read."""
        try:
            with within(MOST_SECONDS, of_processor=True):
                done, outcome, reading = self._importer.take(heard, asked, by)
        except TooSlow:
            self._problem(f"{asked.url}: takes more than {MOST_SECONDS:g} s to read")
            return None
        return done, outcome, reading.children

    def _count(self, outcome: Outcome, is_new: bool) -> None:
        self.found.answers += 1
        self.found.captures += is_new
        self.found.outcomes[outcome.value] = self.found.outcomes.get(outcome.value, 0) + 1

    def _is_guess(self, asked: FrontierRequest) -> bool:
        """Whether nobody has said yet what an address is."""
        return asked.kind is RequestKind.DOCUMENT and not asked.meta and not asked.referer

    async def _look(self, heard: Heard, asked: FrontierRequest) -> Seen:
        """What the crawl would have said of this answer."""
        source = self.registry.sources.get(asked.source_id)
        if asked.kind is RequestKind.PORTAL:
            self._steps[asked.source_id] += 1
        sight = Sight(
            asked,
            heard.status,
            heard.headers,
            heard.body or b"",
            cut=heard.cut,
            source=source,
            steps=self._steps[asked.source_id],
        )
        seen = await self._readers.look(sight)
        if heard.cut and seen.verdict.outcome is Outcome.OK:
            unlike = Verdict(Outcome.PARTIAL, "the bytes are not those of the archive's digest")
            return Seen(unlike, Reading(asked.kind))
        return _of_portal(seen, asked)

    def _was_slow(self, sight: Sight, words: str) -> None:
        self._problem(f"{sight.asked.url}: {words}")

    def _problem(self, text: str) -> None:
        if text not in self.found.problems:
            self.found.problems.append(text)


def _address(asked: FrontierRequest) -> str:
    """The address under which archives keep an answer: that of a form has the form in it."""
    if asked.method == "GET":
        return asked.url
    return f"{asked.url}{'&' if '?' in asked.url else '?'}{POSTED}&{asked.body}"


def _led_to(seen: Seen, asked: FrontierRequest) -> tuple[FrontierRequest, ...]:
    """What an answer leads to: its links, or where it had moved."""
    children = tuple(seen.reading.children)
    target = tidy(seen.verdict.target) if seen.verdict.outcome is Outcome.REDIRECTED else None
    return (*children, replace(asked, url=target)) if target else children


def _of_portal(seen: Seen, asked: FrontierRequest) -> Seen:
    """Columns that a home page of the past led to are that portal's own: no source of today comes of them."""
    found = {source.id for source, _portal, _evidence in seen.found}
    if not found:
        return seen
    reading = seen.reading
    links = tuple(replace(e, source_id=asked.source_id) if e.source_id in found else e for e in reading.links)
    children = tuple(
        replace(e, source_id=asked.source_id) if e.source_id in found else e for e in reading.children
    )
    return replace(seen, found=(), reading=replace(reading, links=links, children=children))
