"""Web archives as the walk sees them: what they hold of an address, and each capture as it was.

`Wayback` is a CDX server with the pages beside it (the Internet Archive, pywb); `CommonCrawl` an index with WARC files,
of which the one record is asked for.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from scrapy.http import Response

from archive.clock import MACHINE
from archive.outcomes import iso
from archive.warcs import foreign
from archive.warcs.foreign import MAX_BODY, ForeignError, Heard
from crawler.engine.robots import MAX_HOPS
from crawler.past.asking import Answer, Guest, Refused
from crawler.past.cdx import Match, Row, rows
from crawler.verdicts.answers import headers_of

PAGE = 1000
"""Rows for which a server is asked at a time, where it can go on by a key."""
MOST_ROWS = 1_000_000
"""Rows that are taken of one question."""
MAX_RECORD = 2 * MAX_BODY
"""Bytes of one record of a WARC file, packed."""
FIRST_YEAR = 1996
"""In which the first web archive began."""
_OK, _PARTIAL, _NOT_FOUND = 200, 206, 404
_KEPT_REDIRECT = re.compile(r"/\d{1,14}[a-z]{0,2}_?/(https?:/{1,2}.+)", re.I)
"""Where an archive writes itself before the target of a redirect that it kept."""
_ORIGINAL = "x-archive-orig-"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of an archive: captures of `url`, from one year to another, all where 0."""

    url: str
    match: Match
    first: int = 0
    last: int = 0

    @property
    def span(self) -> Span:
        """The days that it is about."""
        today = MACHINE.now().date()
        last = date(self.last, 12, 31) if 0 < self.last < today.year else today + timedelta(days=1)
        return Span(date(max(self.first, FIRST_YEAR), 1, 1), last)


@dataclass(frozen=True, slots=True)
class Span:
    """From one day to another, both included."""

    begin: date
    end: date

    @property
    def params(self) -> dict[str, str]:
        """As CDX servers understand it."""
        return {"from": f"{self.begin:%Y%m%d}", "to": f"{self.end:%Y%m%d}"}

    def holds(self, row: Row) -> bool:
        """Whether a capture is of these days; not every server heeds them."""
        return f"{self.begin:%Y%m%d}" <= row.stamp[:8] <= f"{self.end:%Y%m%d}"

    def halves(self) -> tuple[Span, ...]:
        """Both halves, the later first; nothing of a single day."""
        if self.begin >= self.end:
            return ()
        middle = self.begin + (self.end - self.begin) // 2
        return Span(middle + timedelta(days=1), self.end), Span(self.begin, middle)


class Past(Protocol):
    """A web archive."""

    @property
    def name(self) -> str:
        """The address by which its captures are remembered (`via`)."""

    def ask(self, question: Question) -> AsyncIterator[Row]:
        """What it holds. Raises Unanswered, Refused or Spent."""

    async def fetch(self, row: Row) -> Heard | None:
        """A capture as it was; None where the archive cannot give it. Raises as `ask` does."""


async def _listed(guest: Guest, url: str, params: Mapping[str, str], span: Span) -> AsyncIterator[Row]:
    """The rows of a question: a page at a time where the server gives keys, by halves of the time where it gives too much."""
    number, spans = 0, [span]
    while spans and number < MOST_ROWS:
        now, key = spans.pop(), ""
        while True:
            more = {"resumeKey": key} if key else {}
            answer = await guest.answer(url, {**params, **now.params, **more})
            if answer.body is None:
                halves = now.halves()
                if not halves:
                    raise Refused(f"{params['url']}: more captures on {now.begin} than are taken")
                spans.extend(halves)
                break
            if answer.status == _NOT_FOUND:
                break  # what pywb and Common Crawl say of an address of which they hold nothing
            if answer.status != _OK:
                raise Refused(f"{url} answers {answer.status} about {params['url']}")
            found, following = 0, ""
            for row in rows(answer.body.splitlines()):
                if isinstance(row, str):
                    following = row
                elif now.holds(row) and number < MOST_ROWS:
                    found, number = found + 1, number + 1
                    yield row
            if not following or following == key or not found or number >= MOST_ROWS:
                break
            key = following


class Wayback:
    """A CDX server at `cdx`, and beside it the captures as they were: `TIMESTAMPid_/URL` below `pages`."""

    def __init__(self, guest: Guest, cdx: str, pages: str = "") -> None:
        self.guest, self.name, self.pages = guest, cdx, (pages or pages_of(cdx)).rstrip("/")

    def ask(self, question: Question) -> AsyncIterator[Row]:
        """What it holds, by address and date."""
        params = {"url": question.url, "matchType": question.match.value}
        params |= {"showResumeKey": "true", "limit": str(PAGE)} if self._goes_on else {}
        return _listed(self.guest, self.name, params, question.span)

    @property
    def _goes_on(self) -> bool:
        """Whether the server gives keys by which it goes on: the Internet Archive's does."""
        return urlsplit(self.name).path.rstrip("/").endswith("/search/cdx")

    async def fetch(self, row: Row) -> Heard | None:
        """The bytes of a capture with the headers that the site sent."""
        url = f"{self.pages}/{row.stamp}id_/{row.url}"
        for _hop in range(MAX_HOPS):
            answer = await self.guest.answer(url, most=MAX_BODY)
            if not answer.target:
                return _heard(row, answer)
            url = answer.target
        return None


class CommonCrawl:
    """An index at `index`, and the WARC files that it names below `data`."""

    def __init__(self, guest: Guest, index: str, data: str = "https://data.commoncrawl.org/") -> None:
        self.guest, self.name, self.data = guest, index, data.rstrip("/")

    def ask(self, question: Question) -> AsyncIterator[Row]:
        """What it holds, by address and date."""
        params = {"url": question.url, "matchType": question.match.value, "output": "json"}
        return _listed(self.guest, self.name, params, question.span)

    async def fetch(self, row: Row) -> Heard | None:
        """The record of a capture, asked for by its range."""
        if not row.length or row.length > MAX_RECORD or ".." in row.filename.split("/"):
            return None
        wanted = {"Range": f"bytes={row.offset}-{row.offset + row.length - 1}"}
        url = f"{self.data}/{row.filename.lstrip('/')}"
        answer = await self.guest.answer(url, headers=wanted, most=row.length)
        return _record(row, answer.body or b"") if answer.status == _PARTIAL else None


def _heard(row: Row, answer: Answer) -> Heard | None:
    if answer.body is None:
        return Heard(row.url, row.at, row.status or _OK, {}, None, too_large=True)
    if not answer.is_capture and not any(name.startswith(_ORIGINAL) for name in answer.headers):
        return None
    sent = _sent(answer)
    body = foreign.decoded(answer.body, sent)
    cut = body is not None and bool(row.digest) and not foreign.has_digest(row.digest, answer.body, body)
    kept = headers_of(Response(answer.url, headers=sent))
    return Heard(row.url, _moment(answer) or row.at, answer.status, kept, body, cut, too_large=body is None)


def _record(row: Row, data: bytes) -> Heard | None:
    with tempfile.TemporaryDirectory(prefix="nianbao-range-") as folder:
        path = Path(folder) / "one.warc.gz"
        path.write_bytes(data)
        try:
            heard = next((each for each in foreign.read(path) if each is not None), None)
        except ForeignError:
            return None
    if heard is None or heard.url != row.url:
        return None
    same = not row.digest or heard.body is None or foreign.has_digest(row.digest, heard.body, heard.body)
    return heard if same or heard.headers.get("content-encoding") else replace(heard, cut=True)


def pages_of(cdx: str) -> str:
    """Where an archive shows its pages, by the address of its CDX server."""
    home = re.sub(r"/cdx/search/cdx/?$", "/web", cdx)
    return home if home != cdx else re.sub(r"/(?:cdx|index)/?$", "", cdx)


def target_of(location: str) -> str:
    """Where a redirect that was kept led to, without the archive's own address before it."""
    found = _KEPT_REDIRECT.search(location)
    return re.sub(r"^(https?:)/+", r"\1//", found[1], flags=re.I) if found else location


def _sent(answer: Answer) -> dict[str, str]:
    """The headers that the site sent, those that the archive tells apart first."""
    kept = {
        name.removeprefix(_ORIGINAL): value
        for name, value in answer.headers.items()
        if name.startswith(_ORIGINAL)
    }
    found = {**answer.headers, **kept}
    found.pop("transfer-encoding", None)  # of this answer, and undone
    if "location" in found:
        found["location"] = target_of(found["location"])
    return found


def _moment(answer: Answer) -> str | None:
    """The date of a capture as the archive says it (RFC 7089)."""
    try:
        told = answer.headers.get("memento-datetime", "")
        return iso(datetime.strptime(told + "+0000", "%a, %d %b %Y %H:%M:%S GMT%z"))
    except ValueError:
        return None
