"""The index of a WARC file as CDXJ: which record answers which address at which moment, and where it lies.

One line a record: `KEY TIMESTAMP {JSON}`, sorted; the key is the address turned round (SURT), so that what
belongs to a site stands together.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import IO, Any

from warcio.archiveiterator import ArchiveIterator

from archive.warcs.keys import key_of, stamp_of

LINES_A_BLOCK = 1024
"""Lines that are packed together, as ArchiveWeb.page and py-wacz do: what a reader fetches to find one."""
_KINDS = ("response", "revisit", "resource")
_MOST_FORM = 4096
"""Characters of a form that are part of its key."""


def lines(warcs: Iterable[Path]) -> Iterator[str]:
    """The sorted index of WARC files, under their names. Memory stays small: SQLite sorts in a file."""
    with closing(sqlite3.connect("")) as db:
        db.execute("create table line (text text not null)")
        for warc in warcs:
            with warc.open("rb") as file:
                db.executemany(
                    "insert into line values (?)", ((line,) for line in _unsorted(file, warc.name))
                )
        yield from (row[0] for row in db.execute("select distinct text from line order by text"))


def _unsorted(file: IO[bytes], name: str) -> Iterator[str]:
    """The lines as the records stand; a form belongs to the key of its answer, whose request follows it."""
    waiting: tuple[str, dict[str, str]] | None = None
    records: Any = ArchiveIterator(file)
    for record in records:
        head = record.rec_headers
        if waiting:
            if record.rec_type == "request" and head.get_header("WARC-Concurrent-To") == waiting[0]:
                _ask_by(record, waiting[1])
            yield _line(waiting[1])
            waiting = None
        if record.rec_type in _KINDS:
            entry = _entry(record, name)
            record.content_stream().read()
            records.read_to_end()
            entry |= {
                "offset": str(records.get_record_offset()),
                "length": str(records.get_record_length()),
            }
            waiting = head.get_header("WARC-Record-ID"), entry
    if waiting:
        yield _line(waiting[1])


def _entry(record: Any, name: str) -> dict[str, str]:
    head, http = record.rec_headers, record.http_headers
    kind = (http.get_header("Content-Type") if http else head.get_header("Content-Type")) or ""
    mime = "warc/revisit" if record.rec_type == "revisit" else kind.partition(";")[0].strip()
    entry = {"at": head.get_header("WARC-Date"), "url": head.get_header("WARC-Target-URI")}
    entry |= {"mime": mime, "status": http.get_statuscode() if http else "", "filename": name}
    entry["digest"] = head.get_header("WARC-Payload-Digest") or ""
    return {key: value for key, value in entry.items() if value}


def _ask_by(request: Any, entry: dict[str, str]) -> None:
    """What a form sent, as players of archives tell its answers apart."""
    if request.http_headers.protocol == "GET":
        return
    body = request.content_stream().read(_MOST_FORM).decode("utf-8", "replace")
    entry |= {"method": request.http_headers.protocol, "requestBody": body}


def _line(entry: dict[str, str]) -> str:
    fields = dict(entry)
    stamp, url = stamp_of(fields.pop("at")), fields["url"]
    if "method" in fields:
        url += ("&" if "?" in url else "?") + f"__wb_method={fields['method']}&{fields['requestBody']}"
    return f"{key_of(url)} {stamp} {json.dumps(fields)}\n"


def pack(index: Iterable[str], out: IO[bytes], name: str) -> str:
    """Writes an index to `out`, called `name`, in blocks, and gives the index of the blocks."""
    told = ["!meta 0 " + json.dumps({"format": "cdxj-gzip-1.0", "filename": name}) + "\n"]
    offset, rest = 0, iter(index)
    while block := list(islice(rest, LINES_A_BLOCK)):
        data = gzip.compress("".join(block).encode(), mtime=0)
        where = {
            "offset": offset,
            "length": len(data),
            "digest": f"sha256:{hashlib.sha256(data).hexdigest()}",
            "filename": name,
        }
        told.append(f"{block[0].partition('{')[0].strip()} {json.dumps(where)}\n")
        out.write(data)
        offset += len(data)
    return "".join(told)
