"""A download file on its way: whole, the part that a Range header asks for, or some of its rows."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from archive.publication.datapackage import NAME as PACKAGE
from archive.publication.tabular import MARK, packed

CHUNK = 1 << 20
TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".cff": "text/plain; charset=utf-8",
    ".gz": "application/gzip",
}
_RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)")
_FAR = 10**18
"""Beyond any file: for numbers that have more digits than this."""
AT_ONCE = 2
"""So many tables are looked through at once."""
Span = tuple[int, int]
"""First byte and length."""


def span(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte that a Range header asks for; None for all, ValueError when there are none."""
    found = _RANGE.fullmatch(header.strip())
    if not found or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        start, end = max(size - _place(last), 0), size - 1
    else:
        start, end = _place(first), min(_place(last) if last else size - 1, size - 1)
    if start > end:
        raise ValueError(f"bytes */{size}")
    return start, end


def _place(digits: str) -> int:
    return int(digits) if len(digits) <= len(str(_FAR)) else _FAR


def of_year(path: Path, year: int) -> list[Span] | None:
    """Where in a CSV file its header and the rows of one year stand; None where that is not known."""
    years = _spans(path.parent).get(path.name, {})
    return [years["0"], years[str(year)]] if str(year) in years else None


def years_of(out: Path) -> list[int]:
    """The years of which some table of a publication has rows, newest first."""
    found = {int(year) for spans in _spans(out).values() for year in spans}
    return sorted(found - {0}, reverse=True)


def _spans(out: Path) -> dict[str, dict[str, Span]]:
    package = out / PACKAGE
    return _years(package, package.stat().st_mtime_ns) if package.is_file() else {}


@lru_cache(maxsize=2)
def _years(package: Path, _changed: int) -> dict[str, dict[str, Span]]:
    resources = json.loads(package.read_text("utf-8"))["resources"]
    return {each["path"]: {y: (s, n) for y, (s, n) in each.get("years", {}).items()} for each in resources}


@dataclass(frozen=True, slots=True)
class FileResponse:
    """A file, or the part of it that was asked for, sent in chunks; `etag` is its digest, where it has one."""

    path: Path
    range: str = ""
    etag: str = ""

    async def asgi_send(self, send: Any) -> None:
        """Send status, headers and bytes."""
        size = self.path.stat().st_size
        tag = [("etag", f'"{self.etag}"')] if self.etag else []
        try:
            part = span(self.range, size)
        except ValueError as error:
            await _start(send, self.path, 416, [("content-range", str(error))])
            await send({"type": "http.response.body", "body": b""})
            return
        start, end = part or (0, size - 1)
        extra = [("content-range", f"bytes {start}-{end}/{size}")] if part else []
        length = ("content-length", str(end - start + 1))
        await _start(
            send, self.path, 206 if part else 200, [length, ("accept-ranges", "bytes"), *tag, *extra]
        )
        await _send(send, self.path, [(start, end - start + 1)])


@dataclass(frozen=True, slots=True)
class TableResponse:
    """Parts of a CSV file in their order, with the mark by which Excel knows UTF-8 if it is wanted."""

    path: Path
    spans: list[Span]
    bom: bool = False
    etag: str = ""

    async def asgi_send(self, send: Any) -> None:
        """Send status, headers and bytes."""
        mark = _mark(self.path) if self.bom else b""
        length = len(mark) + sum(part[1] for part in self.spans)
        tag = [("etag", f'"{self.etag}"')] if self.etag else []
        await _start(send, self.path, 200, [("content-length", str(length)), *tag])
        await send({"type": "http.response.body", "body": mark, "more_body": True})
        await _send(send, self.path, self.spans)


@dataclass(frozen=True, slots=True)
class RowsResponse:
    """Chosen rows of a table, made while they are sent: few at once, and never in the way of the pages."""

    name: str
    make: Callable[[], Iterator[bytes]]
    etag: str

    async def asgi_send(self, send: Any) -> None:
        """Send status, headers and bytes."""
        loop, rows = asyncio.get_running_loop(), self.make()
        await _start(send, Path(self.name), 200, [("etag", f'"{self.etag}"')])
        while (piece := await loop.run_in_executor(_makers(), next, rows, None)) is not None:
            if piece:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


@cache
def _makers() -> ThreadPoolExecutor:
    """The threads that look for rows, a part of a table at a time for whoever comes next."""
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="rows")


def _mark(path: Path) -> bytes:
    """The mark of Excel as the file has to begin with it; nothing where it does so already."""
    mark = MARK.encode()
    squeezed = path.suffix == ".gz"
    with gzip.open(path) if squeezed else path.open("rb") as file:
        if file.read(len(mark)) == mark:
            return b""
    return packed(mark) if squeezed else mark


async def _start(send: Any, path: Path, status: int, extra: list[tuple[str, str]]) -> None:
    headers = [
        ("content-type", TYPES.get(path.suffix, "application/octet-stream")),
        ("content-disposition", f'attachment; filename="{path.name}"'),
        *extra,
    ]
    raw = [[name.encode(), value.encode()] for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": raw})


async def _send(send: Any, path: Path, spans: list[Span]) -> None:
    for start, length in spans:
        for chunk in _chunks(path, start, length):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _chunks(path: Path, start: int, left: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while left > 0 and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
