"""A stricter check of WARC files than `warcio check`: nothing of it is shared with what writes them.

Each record is a gzip member of its own, whole, with the fields that ISO 28500 wants for its type; lengths, digests,
dates, ids and what refers to them agree; HTTP heads fit their bodies.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

TYPES = {
    "warcinfo": "application/warc-fields",
    "request": "application/http; msgtype=request",
    "response": "application/http; msgtype=response",
    "revisit": "application/http; msgtype=response",
}
ALWAYS = ("WARC-Type", "WARC-Record-ID", "WARC-Date", "Content-Length", "Content-Type", "WARC-Block-Digest")
Record = tuple[dict[str, str], bytes]


def check(path: Path) -> list[str]:
    """Everything that is wrong with a file; empty when nothing is."""
    try:
        records = list(_records(path))
    except ValueError as error:
        return [str(error)]
    wrong = [] if records and records[0][0]["WARC-Type"] == "warcinfo" else ["does not begin with a warcinfo"]
    ids = {fields.get("WARC-Record-ID", "") for fields, _ in records}
    if len(ids) < len(records):
        wrong.append("two records have one id")
    responses = {
        (fields.get("WARC-Target-URI"), fields["WARC-Date"]): fields.get("WARC-Payload-Digest")
        for fields, _ in records
        if fields["WARC-Type"] == "response"
    }
    for fields, block in records:
        where = f"{fields['WARC-Type']} {fields.get('WARC-Target-URI', '')}: "
        wrong += [where + what for what in _record(fields, block, ids, responses)]
    return wrong


def _records(path: Path) -> Iterator[Record]:
    data = path.read_bytes()
    while data:
        if path.suffix == ".gz":
            member = zlib.decompressobj(31)
            text = member.decompress(data)
            if not member.eof:
                raise ValueError("the last gzip member is cut")
            data = member.unused_data
            record, rest = _record_at(text)
            if rest:
                raise ValueError("a gzip member holds more than one record")
            yield record
        else:
            record, data = _record_at(data)
            yield record


def _record_at(text: bytes) -> tuple[Record, bytes]:
    head, mark, rest = text.partition(b"\r\n\r\n")
    lines = head.decode("utf-8").split("\r\n")
    if not mark or lines[0] != "WARC/1.1":
        raise ValueError("a record does not begin with WARC/1.1 and end its head with an empty line")
    fields = dict(line.split(": ", 1) for line in lines[1:])
    if len(fields) != len(lines) - 1:
        raise ValueError("a record has a field twice")
    length = int(fields["Content-Length"])
    if rest[length : length + 4] != b"\r\n\r\n":
        raise ValueError(f"{fields.get('WARC-Target-URI')}: the block is not as long as its Content-Length")
    return (fields, rest[:length]), rest[length + 4 :]


def _record(
    fields: dict[str, str], block: bytes, ids: set[str], responses: dict[tuple[str | None, str], str | None]
) -> Iterator[str]:
    kind = fields["WARC-Type"]
    yield from (f"has no {name}" for name in ALWAYS if not fields.get(name))
    if TYPES.get(kind) != fields.get("Content-Type"):
        yield f"has the type {fields.get('Content-Type')}"
    if not re.fullmatch(r"<urn:uuid:[0-9a-f-]{36}>", fields.get("WARC-Record-ID", "")):
        yield "its id is no URN"
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z", fields["WARC-Date"]):
        yield f"has the date {fields['WARC-Date']}"
    datetime.fromisoformat(fields["WARC-Date"])
    if fields.get("WARC-Block-Digest") != _digest(block):
        yield "its block does not match its digest"
    for name in ("WARC-Warcinfo-ID", "WARC-Concurrent-To", "WARC-Refers-To"):
        if name in fields and fields[name] not in ids:
            yield f"{name} refers to no record of the file"
    if kind == "warcinfo":
        return
    if not re.fullmatch(r"https?://[!-~]+", fields.get("WARC-Target-URI", "")):
        yield "has no target address"
    yield from _http(fields, block, responses)


def _http(
    fields: dict[str, str], block: bytes, responses: dict[tuple[str | None, str], str | None]
) -> Iterator[str]:
    kind = fields["WARC-Type"]
    # What a 304 vouches for is shown with the head that it had: it needs none of its own.
    if kind == "revisit" and fields.get("WARC-Profile", "").endswith("/server-not-modified"):
        block = block or b"HTTP/1.1 304 Not Modified\r\n\r\n"
    head, mark, body = block.partition(b"\r\n\r\n")
    first, *lines = filter(None, head.decode("ascii").split("\r\n"))
    pattern = r"(?:GET|POST) /\S* HTTP/1\.1" if kind == "request" else r"HTTP/1\.[01] \d{3} [ -~]*"
    if not mark or not re.fullmatch(pattern, first):
        yield f"begins with {first!r}"
    if not all(re.fullmatch(r"[!#-'*+.0-9A-Z^-z|~-]+: [ -~]*", line) for line in lines):
        yield "has a header line that is none"
    headers = {line.split(": ", 1)[0].lower(): line.split(": ", 1)[1] for line in lines}
    if "transfer-encoding" in headers or "content-encoding" in headers:
        yield "speaks of an encoding that its body does not have"
    if kind == "revisit":
        yield from _revisit(fields, body, responses)
        return
    if fields.get("WARC-Payload-Digest") != _digest(body):
        yield "its payload does not match its digest"
    if kind == "request" and "host" not in headers:
        yield "names no host"
    if (kind == "response" or body) and headers.get("content-length") != str(len(body)):
        yield f"says {headers.get('content-length')} bytes and has {len(body)}"


def _revisit(
    fields: dict[str, str], body: bytes, responses: dict[tuple[str | None, str], str | None]
) -> Iterator[str]:
    first_seen = (fields.get("WARC-Refers-To-Target-URI"), fields.get("WARC-Refers-To-Date", ""))
    if not fields.get("WARC-Profile", "").startswith("http://netpreserve.org/warc/1.1/revisit/"):
        yield "has no profile"
    if responses.get(first_seen) != fields.get("WARC-Payload-Digest"):
        yield "refers to an answer with another body"
    if first_seen[1] > fields["WARC-Date"] or body:
        yield "comes before what it refers to, or has a body"


def _digest(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()
