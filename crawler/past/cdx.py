"""The answers of CDX servers: which address was captured when, with which digest. Three forms, told by the line.

Columns as the Internet Archive's server gives them, CDXJ as pywb's does, and objects of JSON as Common Crawl's does.
A line is hostile like all that comes from the web: what is not well formed is no row.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from archive.outcomes import iso, now_utc

POSTED = "__wb_method=POST"
"""What archives add to an address that a form was sent to, with the form behind it."""
MAX_LINE = 32 * 1024
"""Bytes of one line; a longer one is passed over."""
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
_STAMP = re.compile(r"[12]\d{13}", re.A)
_ADDRESS = re.compile(r"https?://[^\s/]+\S{0,4000}", re.I)
_DIGEST = re.compile(r"(?:sha-?1:)?([A-Z2-7]{32})", re.I)


class Match(StrEnum):
    """Which addresses a question is about: one, all that begin with it, or all of its host."""

    EXACT = "exact"
    PREFIX = "prefix"
    HOST = "host"


@dataclass(frozen=True, slots=True)
class Row:
    """One capture of an archive: `stamp` has 14 digits, `digest` is the SHA-1 in base 32 or empty.

    `status` is 0 where the archive does not say it, as of a revisit. `filename`, `offset` and `length` name the record
    where the archive gives its WARC files; `method` is how it was asked for.
    """

    url: str
    stamp: str
    mime: str = ""
    status: int = 0
    digest: str = ""
    filename: str = ""
    offset: int = 0
    length: int = 0
    method: str = "GET"

    @property
    def at(self) -> str:
        """The moment as the archive writes it."""
        return iso(_moment(self.stamp))


def rows(lines: Iterable[bytes]) -> Iterator[Row | str]:
    """The rows of an answer, as they come; a text is the key under which the server goes on."""
    blank = False
    for raw in lines:
        line = raw.strip().decode("utf-8", "replace")
        if not line:
            blank = True
            continue
        row = _row(line)
        if row is not None:
            yield row
        elif blank and " " not in line and not line.startswith(("[", "{", "<")):
            yield line[:2000]
        blank = False


def _row(line: str) -> Row | None:
    try:
        if line.startswith("{"):
            return _of_fields(json.loads(line))
        key, stamp, rest = line.split(" ", 2)
        if rest.startswith("{"):
            return _of_fields({"timestamp": stamp, **json.loads(rest)})
    except (ValueError, TypeError, RecursionError):
        return None
    names = ("timestamp", "url", "mime", "status", "digest")
    return _of_fields(dict(zip(names, line.split(" ")[1:], strict=False))) if key else None


def _of_fields(fields: Mapping[str, Any]) -> Row | None:
    """A row of what a server says; None where it says no address or no moment on which there was a web."""
    if not isinstance(fields, dict):
        return None
    url, stamp = str(fields.get("url", "")), str(fields.get("timestamp", ""))
    if not _ADDRESS.fullmatch(url) or not _is_moment(stamp):
        return None
    status, digest = str(fields.get("status", "")), _DIGEST.fullmatch(str(fields.get("digest", "")))
    return Row(
        url,
        stamp,
        str(fields.get("mime", ""))[:200].lower(),
        int(status) if re.fullmatch(r"[1-5]\d\d", status) else 0,
        digest[1].upper() if digest else "",
        str(fields.get("filename", ""))[:500],
        _number(fields.get("offset")),
        _number(fields.get("length")),
        str(fields.get("method") or ("POST" if POSTED in url else "GET"))[:10],
    )


def _number(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


def _moment(stamp: str) -> datetime:
    """The moment of 14 digits; ValueError where there is none."""
    parts = (stamp[:4], *(stamp[start : start + 2] for start in range(4, 14, 2)))
    year, month, day, hour, minute, second = map(int, parts)
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def _is_moment(stamp: str) -> bool:
    if not _STAMP.fullmatch(stamp):
        return False
    try:
        return _OLDEST <= _moment(stamp) <= now_utc() + timedelta(days=1)
    except ValueError:
        return False
