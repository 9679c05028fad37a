"""What was fetched, as a WARC file (ISO 28500:2017, 1.1) that any tool of web archives reads.

A response record for each answer with its request; a revisit record where the same bytes came again, or where the
server said that nothing had changed. The archive keeps the headers that it works with, not all of them, and bodies
as they were after the transfer: the records say which of their headers were made again from that.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.errors import ArchiveError
from archive.outcomes import Outcome, host_of
from archive.store import Archive
from archive.whole import written

IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
UNCHANGED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
DESCRIPTION = (
    "Bodies are kept after content and transfer decoding; a Content-Encoding or Transfer-Encoding that was sent is"
    " renamed to X-Archive-Orig-... and Content-Length is that of the kept body. Of the response headers those that"
    " the archive keeps are given, in alphabetical order, and no block of a 304; the status line's phrase and the request"
    " headers are made again from what the crawler sends. WARC-Truncated marks answers that are no report, of which only the"
    " beginning, or nothing, is kept as evidence."
)
_ENCODINGS = ("content-encoding", "transfer-encoding")
_WHOLE = (Outcome.OK, Outcome.NOT_MODIFIED, Outcome.EMPTY)
_COLUMNS = """
select f.id, f.url, f.request_id, f.at, f.outcome, f.status, f.headers, f.sha256,
       coalesce(r.method, 'GET') as method, coalesce(r.body, '') as body, coalesce(r.referer, '') as referer
from fetch f left join request r on r.id = f.request_id
"""
_FETCHES = f"{_COLUMNS} where f.status is not null and f.at >= ? order by f.url, f.at, f.rowid"
_VOUCHED = (
    f"{_COLUMNS} where f.url = ? and f.request_id = ? and f.at <= ? and f.outcome = 'ok' and f.sha256 is not null"
    " order by f.at desc, f.rowid desc limit 1"
)
_ANSWERED = "select 1 from fetch where url = ? and outcome = 'ok' and sha256 is not null limit 1"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: answers in full, answers that came again, and bytes of the file."""

    responses: int
    revisits: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Software:
    """What wrote the file, and what the crawler says of itself."""

    name: str
    user_agent: str


@dataclass(frozen=True, slots=True)
class _Shown:
    """A response record to which a revisit refers."""

    id: str
    at: str
    digest: str
    headers: Mapping[str, str]


Progress = Callable[[int], None]
"""Told how many answers are written."""


def export(
    archive: Archive,
    out: Path,
    software: Software,
    *,
    host: str | None = None,
    since: str = "",
    urls: Collection[str] | None = None,
    progress: Progress | None = None,
) -> Exported:
    """Writes all answers (of one host, since a moment, of these addresses) to `out`, gzipped when it ends in .gz, complete or not at all.

    An answer from before that moment is written where a later one says that nothing has changed since.

    Raises OSError when the file cannot be written and ArchiveDamaged for a blob that cannot be read.
    """
    with written(out) as file:
        writer = _Writer(archive, file, software, gzip=out.suffix == ".gz")
        writer.info(out.name, last_fetch(archive.db))
        rows = archive.db.execute(_FETCHES, (since,))
        for url, fetches in groupby(rows, lambda row: str(row["url"])):
            if is_wanted(url, host, urls):
                writer.address(fetches)
                if progress is not None:
                    progress(writer.responses + writer.revisits)
    return Exported(writer.responses, writer.revisits, out.stat().st_size)


def is_wanted(url: str, host: str | None, urls: Collection[str] | None) -> bool:
    """Whether an export of this host and these addresses (None: of all) has this address."""
    return host in (None, host_of(url)) and (urls is None or url in urls)


def last_fetch(db: sqlite3.Connection) -> str:
    """When the last fetch was (UTC, ISO 8601), which dates an export. Raises ArchiveError if none was."""
    at: str | None = db.execute("select max(at) from fetch").fetchone()[0]
    if at is None:
        raise ArchiveError("the archive holds no fetch yet; run `nianbao crawl` first")
    return at


class _Writer:
    """Writes records, and counts them."""

    def __init__(self, archive: Archive, file: IO[bytes], software: Software, *, gzip: bool) -> None:
        self.archive = archive
        self.software = software
        self.responses = self.revisits = 0
        self._warc: Any = WARCWriter(file, gzip=gzip, warc_version="1.1")

    def info(self, name: str, at: str) -> None:
        """The record that says what the file is. Its date is that of the last fetch: no clock is read."""
        fields = {
            "software": self.software.name,
            "format": "WARC file version 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "http-header-user-agent": self.software.user_agent,
            "robots": "obey",
            "description": DESCRIPTION,
        }
        self.info_id = _record_id("warcinfo", name, at)
        text = "".join(f"{key}: {value}\r\n" for key, value in fields.items()).encode()
        headers = {"WARC-Record-ID": self.info_id, "WARC-Date": at, "WARC-Filename": name}
        record = self._warc.create_warc_record(
            "", "warcinfo", payload=BytesIO(text), length=len(text), warc_headers_dict=headers
        )
        self._warc.write_record(record)

    def address(self, fetches: Iterator[sqlite3.Row]) -> None:
        """All answers of one address, the oldest first."""
        shown: dict[str, _Shown] = {}
        last: dict[str, _Shown] = {}
        for row in fetches:
            request = row["request_id"]
            if row["outcome"] == Outcome.NOT_MODIFIED and request not in last:
                self._vouched(row, shown, last)
            if row["outcome"] == Outcome.NOT_MODIFIED and request in last:
                self._revisit(row, last[request], UNCHANGED)
            elif row["status"] == HTTPStatus.NOT_MODIFIED and (shown or self._has_body(row["url"])):
                continue  # one that nobody asked for, which would hide the body that the address has
            elif row["outcome"] == Outcome.OK and row["sha256"] in shown:
                last[request] = shown[row["sha256"]]
                self._revisit(row, last[request], IDENTICAL)
            else:
                found = self._response(row)
                if row["outcome"] == Outcome.OK and row["sha256"]:
                    shown[row["sha256"]] = last[request] = found

    def _has_body(self, url: str) -> bool:
        """Whether an address ever answered with a body that is kept."""
        return self.archive.db.execute(_ANSWERED, (url,)).fetchone() is not None

    def _vouched(self, row: sqlite3.Row, shown: dict[str, _Shown], last: dict[str, _Shown]) -> None:
        """Writes the answer that a 304 vouches for, where it is older than what is asked for."""
        key = (row["url"], row["request_id"], row["at"])
        found = self.archive.db.execute(_VOUCHED, key).fetchone()
        if found is not None:
            shown[found["sha256"]] = last[row["request_id"]] = self._response(found)

    def _response(self, row: sqlite3.Row) -> _Shown:
        body = self.archive.blob(row["sha256"]) if row["sha256"] else b""
        kept = json.loads(row["headers"])
        headers = self._headers(row, "response")
        if row["outcome"] not in _WHOLE:
            headers["WARC-Truncated"] = "unspecified"
        headers["WARC-Payload-Digest"] = digest = _digest(body)
        self._write(row, "response", headers, _answer(row["status"], kept, len(body)), body)
        self._request(row, headers, None)
        self.responses += 1
        return _Shown(headers["WARC-Record-ID"], row["at"], digest, kept)

    def _revisit(self, row: sqlite3.Row, first: _Shown, profile: str) -> None:
        headers = self._headers(row, "revisit")
        headers |= {
            "WARC-Profile": profile,
            "WARC-Refers-To": first.id,
            "WARC-Refers-To-Target-URI": row["url"],
            "WARC-Refers-To-Date": first.at,
            "WARC-Payload-Digest": first.digest,
        }
        # Players show a 304 as it stands; one without a block they show as the answer that it vouches for.
        http = None if profile == UNCHANGED else _answer(row["status"], json.loads(row["headers"]), None)
        self._write(row, "revisit", headers, http, b"")
        self._request(row, headers, first if profile == UNCHANGED else None)
        self.revisits += 1

    def _request(self, row: sqlite3.Row, answer: Mapping[str, str], known: _Shown | None) -> None:
        body = row["body"].encode()
        headers = self._headers(row, "request")
        headers["WARC-Concurrent-To"] = answer["WARC-Record-ID"]
        headers["WARC-Payload-Digest"] = _digest(body)
        self._write(row, "request", headers, _question(row, body, known, self.software.user_agent), body)

    def _headers(self, row: sqlite3.Row, kind: str) -> dict[str, str]:
        record_id = _record_id(kind, row["id"])
        return {"WARC-Record-ID": record_id, "WARC-Date": row["at"], "WARC-Warcinfo-ID": self.info_id}

    def _write(
        self, row: sqlite3.Row, kind: str, headers: dict[str, str], http: StatusAndHeaders | None, body: bytes
    ) -> None:
        record = self._warc.create_warc_record(
            row["url"],
            kind,
            payload=BytesIO(body),
            length=len(body),
            warc_headers_dict=headers,
            http_headers=http,
        )
        self._warc.write_record(record)


def _record_id(*parts: str) -> str:
    """The same record of the same archive has the same id in every export."""
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, 'nianbao:' + ':'.join(parts))}>"


def _digest(body: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


def _answer(status: int, kept: Mapping[str, str], length: int | None) -> StatusAndHeaders:
    """The head of a response; `length` is that of its body, None where the record has none."""
    headers = []
    for name, value in sorted(kept.items()):
        if name == "content-length":
            continue
        title = name.title() if name not in _ENCODINGS else f"X-Archive-Orig-{name.title()}"
        headers += [(title, line) for line in _lines(value)]
    if length is not None:
        headers.append(("Content-Length", str(length)))
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Unknown"
    return StatusAndHeaders(f"{status} {phrase}", headers, protocol="HTTP/1.1")


def _question(row: sqlite3.Row, body: bytes, known: _Shown | None, user_agent: str) -> StatusAndHeaders:
    """The head of a request as the crawler sends it."""
    parts = urlsplit(row["url"])
    target = quote(parts.path or "/", safe="/%:;,@&=+$!*'()~-._") + (f"?{parts.query}" if parts.query else "")
    headers = [("Host", parts.netloc), ("User-Agent", user_agent)]
    headers += [("Accept", "*/*"), ("Accept-Language", "zh-CN,zh;q=0.9")]
    if row["referer"]:
        headers.append(("Referer", row["referer"]))
    for name, ours in (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified")):
        if known is not None and known.headers.get(ours):
            headers += [(name, line) for line in _lines(known.headers[ours])]
    if body:
        headers += [
            ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),
            ("Content-Length", str(len(body))),
        ]
    return StatusAndHeaders(f"{row['method']} {target} HTTP/1.1", headers, is_http_request=True)


def _lines(value: str) -> list[str]:
    """A header's value without what would begin another header."""
    return [" ".join(value.split())] if value.strip() else []
