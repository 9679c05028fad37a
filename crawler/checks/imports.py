"""What other crawlers fetched, judged and kept as if we had fetched it then: history from before us.

A WARC file becomes fetches with their dates and outcomes, captures, and the links of its listings. The queue is left
as it is, but for reports that an old listing names and nobody has asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from os.path import commonpath
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.http import Request, Response

from archive.outcomes import Completed, Fetch, FrontierRequest, Outcome, RequestKind, host_of, utc_now
from archive.state.witnesses import FILE, RUN, Witness, browser_of
from archive.store import Archive
from archive.warcs.foreign import ForeignError, Heard
from archive.warcs.handed import read
from crawler.discovery.decisions import reads_as_report
from crawler.discovery.reading import Reader, Reading
from crawler.links import is_attachment, tidy
from crawler.registry import Registry, Source
from crawler.signatures import EVIDENCE_BYTES, Verdict
from crawler.verdicts.answers import Came, came, sniff
from parsers.titles import TitleKind, classify

TOGETHER = 50
FRAME = re.compile(r"(?:text/css|\S*javascript|font/|application/\S*font|image/|audio/|video/)", re.I)
"""Types of what stands in the frame of pages and is no document."""


@dataclass
class Imported:
    """What an import brought, and what it passed over.

    `frame` are style sheets, scripts and pictures; `unresolved` repeat an answer that is not there.
    """

    answers: int = 0
    captures: int = 0
    not_registered: int = 0
    frame: int = 0
    unresolved: int = 0
    others: int = 0
    problems: list[str] = field(default_factory=list)


Progress = Callable[[int, str], None]
"""Told how many records are read, and of which file."""


def import_warcs(
    archive: Archive,
    registry: Registry,
    paths: Sequence[Path],
    *,
    any_host: bool = False,
    by: str = "",
    progress: Progress | None = None,
) -> Imported:
    """Keeps the answers of these files, WARC or WACZ; `by` is who recorded them in his own browser. A file that breaks off is a problem; what stood before the break is kept.

    Repeating an import changes nothing. Raises the archive's errors.
    """
    importer = Importer(archive, registry, any_host=any_host, via=browser_of(by) if by else FILE)
    archive.keep_sources(source.row() for source in registry.sources.values())
    number = 0
    for path in paths:
        records = _until_it_breaks(path, importer.found)
        while batch := list(islice(records, TOGETHER)):
            with archive.transaction():
                for heard in batch:
                    importer.keep(heard)
            number += len(batch)
            if progress is not None:
                progress(number, path.name)
    return importer.found


def _until_it_breaks(path: Path, found: Imported) -> Iterator[Heard | None]:
    try:
        yield from read(path)
    except ForeignError as error:
        found.problems.append(str(error))


class Importer:
    """Judges and keeps one answer after the other."""

    def __init__(
        self, archive: Archive, registry: Registry, *, any_host: bool = False, via: str = FILE
    ) -> None:
        self.archive = archive
        self.registry = registry
        self.any_host = any_host
        self.by = Witness(via, utc_now())
        self.found = Imported()
        self._sources: dict[str, list[Source]] = {}
        for source in registry.sources.values():
            self._sources.setdefault(host_of(source.url), []).append(source)

    def keep(self, heard: Heard | None) -> None:
        """Keeps an answer, or counts why it is passed over."""
        url = tidy(heard.url) if heard is not None else None
        if heard is None or url is None:
            self.found.others += 1
        elif not self.any_host and not self.registry.allows(url):
            self.found.not_registered += 1
        elif self._is_frame(url, heard):
            self.found.frame += 1
        else:
            self._keep(url, heard)

    def _keep(self, url: str, heard: Heard) -> None:
        body = heard.body
        if heard.again is not None:
            body = self._again(*heard.again)
            if body is None:
                self.found.unresolved += 1
                return
            if heard.status == 304:
                body = None
        done, _outcome, _reading = self.take(replace(heard, url=url, body=body), self.asked(url), self.by)
        self.found.answers += 1
        self.found.captures += done.new_capture

    def take(self, heard: Heard, asked: FrontierRequest, by: Witness) -> tuple[Completed, Outcome, Reading]:
        """Keeps an answer to an address of which nobody has said what it is; what it was, and what follows."""
        answer = _judged(asked, heard, heard.body or b"")
        reading = Reading(asked.kind)
        if answer.verdict.outcome is Outcome.OK:
            answer, reading = self._read(answer)
        done = self.put(replace(heard, headers=dict(answer.headers)), asked, answer.verdict, reading, by)
        return done, answer.verdict.outcome, reading

    def put(
        self, heard: Heard, asked: FrontierRequest, verdict: Verdict, reading: Reading, by: Witness
    ) -> Completed:
        """Keeps an answer as what it was seen to be, and by what way it came."""
        good, body = verdict.outcome is Outcome.OK, heard.body
        children = [child for child in reading.children if self._is_to_be_asked(child)]
        fetch = Fetch(
            asked.id,
            RUN,
            asked.url,
            reading.kind,
            verdict.outcome,
            heard.at,
            final_url=verdict.target or asked.url,
            source_id=asked.source_id,
            status=heard.status,
            reason=verdict.reason or reading.reason,
            headers=heard.headers,
        )
        kept = body if good or body is None else body[:EVIDENCE_BYTES]
        with self.archive.transaction():
            done = self.archive.witness(fetch, kept, reading.links, children)
            self.archive.keep_witness(fetch.id, by)
        return done

    def _again(self, url: str, at: str) -> bytes | None:
        """The body of the answer that is repeated, when it was kept before."""
        row = self.archive.db.execute(
            "select sha256 from fetch where url = ? and at <= ? and outcome = 'ok' and sha256 is not null"
            " order by at desc limit 1",
            (tidy(url) or url, at or "9999"),
        ).fetchone()
        return self.archive.blob(row["sha256"]) if row else None

    def _is_frame(self, url: str, heard: Heard) -> bool:
        """Whether this belongs to the frame of pages and is no document, as far as we know."""
        kind = heard.headers.get("content-type", "")
        return (
            bool(FRAME.match(kind))
            and sniff(heard.body or b"") not in ("pdf", "ole", "zip")
            and not self._known(url)
        )

    def _known(self, url: str) -> RequestKind | None:
        """What the queue takes an address for."""
        identifier = FrontierRequest(url, RequestKind.DOCUMENT).id
        row = self.archive.db.execute("select kind from request where id = ?", (identifier,)).fetchone()
        return RequestKind(row["kind"]) if row else None

    def asked(self, url: str) -> FrontierRequest:
        """The request that an address looks like."""
        kind = RequestKind.ATTACHMENT if is_attachment(url) else RequestKind.DOCUMENT
        source = self._source(url)
        return FrontierRequest(url, kind, source_id=source.id if source else "")

    def _source(self, url: str) -> Source | None:
        """The source of the registry in whose folder an address lies, or the only one of its host."""
        sources = self._sources.get(host_of(url), [])
        if len(sources) < 2:
            return sources[0] if sources else None
        path = urlsplit(url).path
        shared = {source.id: len(commonpath([path, urlsplit(source.url).path])) for source in sources}
        best = max(shared.values())
        nearest = [source for source in sources if shared[source.id] == best]
        return nearest[0] if len(nearest) == 1 and best > 1 else None

    def _read(self, answer: Came) -> tuple[Came, Reading]:
        """What a good answer is: a report, a file, or a listing with its links."""
        asked, page = answer.asked, answer.page
        source = self.registry.sources.get(asked.source_id)
        reader = Reader(self.registry.allows, *((source.name, source.family) if source else ()))
        if not page.is_markup or asked.kind is RequestKind.ATTACHMENT:
            return answer, reader.read(page, asked)
        known = self._known(asked.url)
        title = classify(page.title).kind
        is_report = title in (TitleKind.REPORT, TitleKind.MAYBE) or reads_as_report(page)
        kind = RequestKind.DOCUMENT if known is RequestKind.DOCUMENT or is_report else RequestKind.LISTING
        # A column is named like the reports that it lists: what it lists decides.
        seen = FrontierRequest(asked.url, RequestKind.LISTING, source_id=asked.source_id)
        reading = reader.read(page, seen)
        if reading.kind is RequestKind.LISTING and kind is RequestKind.DOCUMENT and len(reading.links) < 3:
            reading = reader.read(page, FrontierRequest(asked.url, kind, source_id=asked.source_id))
        return answer, reading

    def _is_to_be_asked(self, child: FrontierRequest) -> bool:
        wanted = (RequestKind.DOCUMENT, RequestKind.ATTACHMENT)
        return child.kind in wanted and self.registry.allows(child.url)


def _judged(asked: FrontierRequest, heard: Heard, body: bytes) -> Came:
    """The answer, judged as the crawl judges its own."""
    headers = {
        name: value
        for name, value in heard.headers.items()
        if name not in ("content-encoding", "transfer-encoding")
    }
    response = Response(
        asked.url,
        heard.status,
        headers=headers,
        body=body,
        flags=["partial"] if heard.cut else [],
        request=Request(asked.url, meta={"asked": asked}),
    )
    found = came(response)
    if heard.too_large:
        return found.judged(Outcome.TOO_LARGE, "the body is longer than we keep")
    if heard.cut and found.verdict.outcome is Outcome.OK:
        verdict = Verdict(Outcome.PARTIAL, "the record is cut or does not match its digest")
        return found.judged(verdict.outcome, verdict.reason)
    return found
