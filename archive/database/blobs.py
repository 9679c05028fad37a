"""The bytes of a capture as they lie in the table `blob`: packed when that helps, proven when they are taken out.

The pages of a host share all but their text. A page is packed as what it has beside an earlier page of its host, its
base, when that makes it much smaller (docs/decisions/0005-pages-upon-pages.md). A base is itself packed alone, always:
so whatever is merged, healed or copied, nothing needs more than one other blob.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import zstandard

from archive.ids import blob_id

LEVEL = 3
ALONE = ("raw", "zstd")
"""The encodings that need no other blob; `zstd:SHA256` needs that one."""
UPON = "zstd:"
LARGEST_BASE = 512 * 1024
"""Bytes of the largest page that others are packed upon."""
_SMALLEST = 1024
_GAIN = 2
"""A page is packed upon another when that makes it so many times smaller."""
_PLAINLY = 8
_REMEMBERED = 64
"""So many bases are held, each with what was made of it: half a megabyte for a page of 85 KB."""

Find = Callable[[str], bytes | None]
"""Gives the bytes of a blob that is packed alone, by its SHA-256; None when there is none."""


@dataclass(frozen=True)
class Base:
    """A page that other pages of its host are packed upon."""

    sha256: str
    data: bytes

    @cached_property
    def words(self) -> zstandard.ZstdCompressionDict:
        """The page taken in by the packer, once for all that are packed upon it: four times as quick."""
        words = _words(self.data)
        words.precompute_compress(level=LEVEL)
        return words


def pack(body: bytes, base: Base | None = None) -> tuple[str, bytes]:
    """Encoding and data for the table. A PDF or a zip mostly is compressed already, and stays as it is."""
    upon = _upon(body, base) if base is not None else None
    if upon is not None and len(upon) * _PLAINLY < len(body) and base is not None:
        return UPON + base.sha256, upon
    packed = zstandard.ZstdCompressor(level=LEVEL).compress(body)
    if upon is not None and len(upon) * _GAIN < len(packed) and base is not None:
        return UPON + base.sha256, upon
    return ("zstd", packed) if len(packed) < len(body) else ("raw", body)


def unpack(encoding: str, data: bytes, size: int, find: Find) -> bytes | None:
    """The bytes as they came, or None when they cannot be had. Never makes more than was put in."""
    if encoding == "raw":
        return data
    words = None
    if encoding.startswith(UPON):
        base = find(encoding.removeprefix(UPON))
        if base is None:
            return None
        words = _words(base)
    elif encoding != "zstd":
        return None
    try:
        # A frame that says its size is unpacked to that size, whatever was asked for.
        if zstandard.frame_content_size(data) not in (-1, size):
            return None
        return zstandard.ZstdDecompressor(dict_data=words).decompress(data, max_output_size=size or 1)
    except (zstandard.ZstdError, OverflowError, MemoryError):
        return None


def finder(db: sqlite3.Connection, *schemas: str) -> Find:
    """Finds bases in the table `blob` of a database, of several attached ones in the first that has it."""

    def find(sha256: str) -> bytes | None:
        for schema in schemas or ("main",):
            sql = f"select size, encoding, data from {schema}.blob where sha256 = ?"
            row = db.execute(sql, (sha256,)).fetchone()
            if row is not None and row[1] in ALONE:
                data = unpack(row[1], row[2], row[0], _nothing)
                if data is not None and blob_id(data) == sha256:
                    return data
        return None

    return find


def is_sound(sha256: str, size: int, encoding: str, data: bytes, find: Find) -> bool:
    """Whether a row of the table still gives the bytes that it is named after."""
    body = unpack(encoding, data, size, find)
    return body is not None and len(body) == size and blob_id(body) == sha256


_ROW = "select size, encoding, data from blob where sha256 = ?"
# What was read from damaged bytes is read again, also that of pages which are packed upon them.
_READ_AGAIN = """
update reading set parser = '' where capture_id in (select id from capture where sha256 = :sha256
    or sha256 in (select sha256 from blob where encoding = :upon))
"""


def replace(db: sqlite3.Connection, body: bytes) -> None:
    """Puts sound bytes in the place of damaged ones, packed alone, for others may be packed upon them."""
    sha256 = blob_id(body)
    db.execute(
        "insert into blob (sha256, size, encoding, data) values (?, ?, ?, ?) on conflict (sha256) do update"
        " set size = excluded.size, encoding = excluded.encoding, data = excluded.data",
        (sha256, len(body), *pack(body)),
    )
    db.execute(_READ_AGAIN, {"sha256": sha256, "upon": UPON + sha256})


class Packer:
    """Packs what comes from hosts, and remembers upon which pages. `store` is called inside a transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._bases: OrderedDict[tuple[str, str], Base | None] = OrderedDict()

    def store(self, body: bytes, host: str, kind: str, at: str) -> tuple[str, bool]:
        """Puts the bytes into the table unless they are there; gives their SHA-256 and whether they are new.

        What is there and does not give these bytes any more is replaced by them.
        """
        sha256 = blob_id(body)
        kept = self._db.execute(_ROW, (sha256,)).fetchone()
        if kept is not None:
            size, encoding, data = kept
            if not is_sound(sha256, size, encoding, data, finder(self._db)):
                replace(self._db, body)
            return sha256, False
        shared = is_markup(body)
        base = self._base(host, kind) if shared else None
        encoding, data = pack(body, base)
        self._db.execute(
            "insert into blob (sha256, size, encoding, data) values (?, ?, ?, ?)",
            (sha256, len(body), encoding, data),
        )
        if shared and encoding == "zstd" and _SMALLEST <= len(body) <= LARGEST_BASE:
            self._remember(host, kind, Base(sha256, body), at)
        return sha256, True

    def _has(self, sha256: str, condition: str = "") -> bool:
        sql = f"select 1 from blob where sha256 = ?{condition}"
        return self._db.execute(sql, (sha256,)).fetchone() is not None

    def _base(self, host: str, kind: str) -> Base | None:
        """The base for a host; what a transaction that was rolled back has put into memory does not count."""
        key = (host, kind)
        base = self._bases.get(key)
        if base is None or not self._has(base.sha256, " and encoding = 'zstd'"):
            sql = "select sha256 from base where host = ? and kind = ?"
            row = self._db.execute(sql, key).fetchone()
            data = finder(self._db)(row[0]) if row else None
            base = Base(row[0], data) if data is not None else None
        return self._keep(key, base)

    def _keep(self, key: tuple[str, str], base: Base | None) -> Base | None:
        self._bases[key] = base
        self._bases.move_to_end(key)
        if len(self._bases) > _REMEMBERED:
            self._bases.popitem(last=False)
        return base

    def _remember(self, host: str, kind: str, base: Base, at: str) -> None:
        self._keep((host, kind), base)
        self._db.execute(
            "insert into base (host, kind, sha256, at) values (?, ?, ?, ?) on conflict (host, kind) do update"
            " set sha256 = excluded.sha256, at = excluded.at",
            (host, kind, base.sha256, at),
        )


def is_markup(body: bytes) -> bool:
    """Whether these bytes begin as HTML or XML does."""
    return body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def _upon(body: bytes, base: Base | None) -> bytes | None:
    if base is None or len(body) < _SMALLEST:
        return None
    return zstandard.ZstdCompressor(level=LEVEL, dict_data=base.words).compress(body)


def _words(data: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(data, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


def _nothing(_sha256: str) -> None:
    return None
