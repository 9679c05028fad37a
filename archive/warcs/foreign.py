"""WARC and ARC files of other crawlers, as answers: who asked what when, and what came back.

The file is hostile like all that comes from the web: headers, bodies and unpacked sizes are bounded, and a file that
breaks off gives what stands before the break.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any, Protocol, cast

import brotli
import zstandard
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from archive.errors import ArchiveError
from archive.outcomes import iso, now_utc

MAX_HEAD = 1024 * 1024
"""Bytes of all headers of one record."""
MAX_BODY = 64 * 1024 * 1024
"""Bytes of one body, before and after unpacking; a longer one is given without its body."""
MAX_RECORD = 8 * 1024**3
"""A record that is longer ends the file."""
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
_ADDRESS = re.compile(r"https?://[^\s/]+\S{0,4000}", re.I)


class ForeignError(ArchiveError):
    """A file that is no WARC, or breaks off. What stood before it is safe."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer of a foreign file. `body` is decoded; None where it is too long or was not kept.

    `again` names the answer (URL, moment) whose body came again; `cut` says that the body is not whole.
    """

    url: str
    at: str
    status: int
    headers: dict[str, str]
    body: bytes | None
    cut: bool = False
    too_large: bool = False
    again: tuple[str, str] | None = None


def read(path: Path) -> Iterator[Heard | None]:
    """The answers of a file, as they stand in it; None for each record that holds none.

    Raises ForeignError where the file breaks off or is no WARC.
    """
    try:
        with path.open("rb") as file:
            yield from answers(str(path), file)
    except OSError as error:
        raise ForeignError(f"{path} cannot be read ({error.strerror or error})") from error


def answers(name: str, file: IO[bytes]) -> Iterator[Heard | None]:
    """The answers of an open file that can be read again from its beginning; `name` is what errors call it.

    Raises ForeignError where the file breaks off or is no WARC.
    """
    try:
        yield from _read(name, file)
    except (ArchiveLoadFailed, _Broken) as error:
        raise ForeignError(f"{name} breaks off or is no WARC file ({error})") from error


class _Broken(Exception):
    """A stream that ends before its end, or does not end where every honest one does."""


class _Pieces(Protocol):
    """A stream that gives what it has, `size` bytes at most."""

    def read1(self, size: int = -1, /) -> bytes:
        """Some bytes; none at its end."""


class _Metered:
    """A stream that gives out no more than it is allowed to."""

    def __init__(self, stream: _Pieces) -> None:
        self._stream = stream
        self.left = MAX_HEAD

    def read(self, size: int = -1) -> bytes:
        """Some bytes, `size` at most; _Broken when the meter has run out or the stream breaks off."""
        if self.left <= 0:
            raise _Broken("headers, or a record, without an end")
        try:
            data = self._stream.read1(size if size >= 0 else 16384)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise _Broken("its last gzip member is cut or damaged") from error
        self.left -= len(data)
        return data


def _read(name: str, file: IO[bytes]) -> Iterator[Heard | None]:
    packed = file.read(2) == b"\x1f\x8b"
    file.seek(0)
    stream = _Metered(gzip.GzipFile(fileobj=file) if packed else cast(_Pieces, file))
    records = iter(ArchiveIterator(stream, check_digests=True, arc2warc=True))
    found = False
    while True:
        stream.left = MAX_HEAD
        record: Any = next(records, None)
        if record is None:
            break
        if record.rec_type is None:
            raise _Broken("a record without a type")
        found = True
        stream.left = MAX_RECORD
        heard, whole = _heard(record)
        yield heard
        if not whole:
            raise ForeignError(
                f"{name} breaks off in the record of {record.rec_headers.get_header('WARC-Target-URI')}"
            )
    if not found:
        raise ForeignError(f"{name} holds no record; give a WARC file")


def _heard(record: Any) -> tuple[Heard | None, bool]:
    """The answer of a record, and whether all of the record was there."""
    raw, read = _drain(record.raw_stream)
    whole = record.payload_length is None or record.payload_length < 0 or read >= record.payload_length
    head = record.rec_headers
    url = (head.get_header("WARC-Target-URI") or "").strip("<> ")
    at = _moment(head.get_header("WARC-Date") or "")
    http = record.http_headers
    if record.rec_type not in ("response", "revisit") or at is None or not _ADDRESS.fullmatch(url):
        return None, whole
    status = re.match(r"\s*(\d{3})\b", http.statusline) if http else None
    again = _again(head, url) if record.rec_type == "revisit" else None
    if (status is None and again is None) or (again is None and record.rec_type == "revisit"):
        return None, whole
    headers = _headers(http.headers if http else [])
    code = int(status[1]) if status else 304 if _is_unchanged(head) else 200
    if again is not None:
        return Heard(url, at, code, headers, None, again=again), whole
    body = None if raw is None else decoded(raw, headers)
    cut = not whole or bool(head.get_header("WARC-Truncated")) or _damaged(record, raw, headers)
    cut = cut or (body is not None and _short(body, headers))
    return Heard(url, at, code, headers, body, cut, too_large=body is None), whole


def _drain(stream: Any) -> tuple[bytes | None, int]:
    """The rest of a record (None when it is too long), read to its end; and its length."""
    parts: list[bytes] = []
    read = 0
    while data := stream.read(65536):
        read += len(data)
        if read <= MAX_BODY:
            parts.append(data)
        else:
            parts.clear()
    return (b"".join(parts) if read <= MAX_BODY else None), read


def _moment(text: str) -> str | None:
    """A WARC-Date as the archive writes time; None for what is no date, or none on which there was a web."""
    try:
        moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return iso(moment) if _OLDEST <= moment <= now_utc() + timedelta(days=1) else None


def _is_unchanged(head: Any) -> bool:
    """Whether a revisit record stands for a 304, whose head is not always written."""
    return "server-not-modified" in (head.get_header("WARC-Profile") or "")


def _again(head: Any, url: str) -> tuple[str, str] | None:
    """Which answer a revisit record repeats."""
    at = _moment(head.get_header("WARC-Refers-To-Date") or "")
    return ((head.get_header("WARC-Refers-To-Target-URI") or url).strip("<> "), at or "")


def _headers(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Header lines by their name in lower case; of several of one name the last."""
    return {name.lower(): str(value)[:2000] for name, value in pairs}


def _damaged(record: Any, raw: bytes | None, headers: dict[str, str]) -> bool:
    """Whether the bytes are not those of the record's digests.

    Crawlers do not agree whether a payload's digest is that of the body as it was sent or as it was meant.
    """
    checker = record.digest_checker
    if checker.passed is not False or raw is None:
        return False
    if any("block digest" in str(problem) for problem in checker.problems):
        return True
    declared = record.rec_headers.get_header("WARC-Payload-Digest") or ""
    meant = dechunked(raw) if "chunked" in headers.get("transfer-encoding", "").lower() else raw
    return declared.lower() not in _digests(meant) | _digests(decoded(raw, headers) or b"")


def has_digest(digest: str, *bodies: bytes) -> bool:
    """Whether one of these bodies has a digest: the SHA-1 in base 32."""
    return any(f"sha1:{digest}".lower() in _digests(body) for body in bodies)


def _digests(body: bytes) -> set[str]:
    sha1 = hashlib.sha1(body, usedforsecurity=False)
    sha256 = hashlib.sha256(body)
    forms = set()
    for found in (sha1, sha256):
        base32 = base64.b32encode(found.digest()).decode()
        forms |= {f"{found.name}:{form}".lower() for form in (base32, base32.rstrip("="), found.hexdigest())}
    return forms


def _short(body: bytes, headers: dict[str, str]) -> bool:
    """Whether a body that was sent as it is has fewer bytes than its header said."""
    length = headers.get("content-length", "")
    plain = not headers.get("content-encoding") and not headers.get("transfer-encoding")
    return plain and length.isdecimal() and len(length) < 16 and len(body) < int(length)


# --- encodings ---


def decoded(raw: bytes, headers: dict[str, str]) -> bytes | None:
    """A body without its transfer and content encodings; None when it would be too long.

    Many crawlers keep the headers and undo what they speak of: an encoding that is not there is passed over.
    """
    if "chunked" in headers.get("transfer-encoding", "").lower():
        raw = dechunked(raw)
    for encoding in reversed(headers.get("content-encoding", "").lower().split(",")[:3]):
        unpacked = _unpacked(raw, encoding.strip())
        if unpacked is None or len(unpacked) > MAX_BODY:
            return None
        raw = unpacked
    return raw


def dechunked(raw: bytes) -> bytes:
    """A chunked body in one piece; as it is when it is not chunked at all."""
    parts: list[bytes] = []
    position = 0
    while match := re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r?\n").match(raw, position):
        size, begin = int(match[1], 16), match.end()
        if size == 0:
            return b"".join(parts)
        parts.append(raw[begin : begin + size])
        position = begin + size
        position += 2 if raw[position : position + 2] == b"\r\n" else raw[position : position + 1] == b"\n"
    return b"".join(parts) if parts and position >= len(raw) else raw


def _unpacked(raw: bytes, encoding: str) -> bytes | None:
    """One content encoding undone, one byte more than is allowed at most."""
    try:
        if encoding in ("gzip", "x-gzip") and raw[:2] == b"\x1f\x8b":
            return zlib.decompressobj(47).decompress(raw, MAX_BODY + 1)
        if encoding == "deflate":
            return _inflated(raw)
        if encoding == "br":
            return _unbrotlied(raw)
        if encoding == "zstd" and raw[:4] == b"\x28\xb5\x2f\xfd":
            return zstandard.ZstdDecompressor().stream_reader(raw).read(MAX_BODY + 1)
    except (zlib.error, zstandard.ZstdError):
        pass
    return raw


def _inflated(raw: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(raw, MAX_BODY + 1)
    except zlib.error:
        return zlib.decompressobj(-15).decompress(raw, MAX_BODY + 1)


def _unbrotlied(raw: bytes) -> bytes | None:
    parts: list[bytes] = []
    unpacker, size = brotli.Decompressor(), 0
    try:
        while not unpacker.is_finished():
            parts.append(unpacker.process(b"" if parts else raw, output_buffer_limit=1 << 20))
            size += len(parts[-1])
            if size > MAX_BODY:
                return None
            if not parts[-1] and unpacker.can_accept_more_data():
                break
    except brotli.error:
        return raw
    return b"".join(parts)
