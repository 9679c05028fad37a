"""A web archive of a test's own: a CDX server in the Internet Archive's form with its captures, and files with ranges."""

from __future__ import annotations

import base64
import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Request, Response

Answer = tuple[int, dict[str, str], bytes]


def digest(body: bytes) -> str:
    """As indexes write it."""
    return base64.b32encode(hashlib.sha1(body).digest()).decode()


@dataclass
class OldWeb:
    """What it holds: (stamp, URL) -> body, or where it had moved; and how it answers some paths instead, the first answers first."""

    captures: dict[tuple[str, str], bytes] = field(default_factory=dict)
    instead: dict[str, list[Answer]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    wrong: set[str] = field(default_factory=set)
    moved: dict[tuple[str, str], str] = field(default_factory=dict)
    page: int = 1000
    asked: list[str] = field(default_factory=list)
    robots: bytes = b""
    home: str = "http://old.example"

    @property
    def cdx(self) -> str:
        return f"{self.home}/cdx/search/cdx"

    def answer(self, path: str, wanted: str) -> Answer:
        """The answer to a path, with the range that was asked for."""
        self.asked.append(path)
        parts = urlsplit(path)
        if self.instead.get(parts.path):
            return self.instead[parts.path].pop(0)
        if parts.path == "/robots.txt":
            return 200, {}, self.robots
        if parts.path == "/cdx/search/cdx":
            return 200, {"Content-Type": "text/plain"}, self._rows(parse_qs(parts.query))
        if found := re.match(r"/web/(\d{14})id_/(.+)", path):
            return self._capture(found[1], found[2])
        if parts.path.lstrip("/") in self.files and (span := re.fullmatch(r"bytes=(\d+)-(\d+)", wanted)):
            return 206, {}, self.files[parts.path.lstrip("/")][int(span[1]) : int(span[2]) + 1]
        return 404, {}, b""

    async def ask(self, request: Request) -> Response:
        """What Scrapy's downloader would bring, without a network."""
        wanted = (request.headers.get("Range") or b"").decode()
        status, headers, body = self.answer(request.url.removeprefix(self.home), wanted)
        if len(body) > request.meta["download_maxsize"]:
            raise DownloadCancelledError("too large")
        return Response(request.url, status, headers, body)

    def _capture(self, stamp: str, url: str) -> Answer:
        if (stamp, url) in self.moved:
            place = f"{self.home}/web/{stamp}id_/{self.moved[stamp, url]}"
            return 302, {"Location": place, "Memento-Datetime": _dated(stamp)}, b""
        body = self.captures.get((stamp, url))
        if body is None:
            return 404, {}, b""
        return 200, {"Content-Type": "text/html", "Memento-Datetime": _dated(stamp)}, body

    def _rows(self, query: dict[str, list[str]]) -> bytes:
        url, match = query["url"][0], query["matchType"][0]
        first, last = query["from"][0], query["to"][0] + "9"
        start = int(query.get("resumeKey", ["0"])[0])
        everything = {**self.captures, **dict.fromkeys(self.moved, b"")}
        found = [
            (stamp, kept, body)
            for (stamp, kept), body in sorted(everything.items(), key=lambda each: each[0][::-1])
            if (kept == url or (match != "exact" and kept.startswith(url))) and first <= stamp <= last
        ]
        lines = [
            f"key {stamp} {kept} text/html {302 if (stamp, kept) in self.moved else 200} {digest(b'?' if kept in self.wrong else body)} {len(body)}\n"
            for stamp, kept, body in found[start : start + self.page]
        ]
        more = f"\n{start + self.page}\n" if start + self.page < len(found) else ""
        return ("".join(lines) + more).encode()


def _dated(stamp: str) -> str:
    at = datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return format_datetime(at, usegmt=True)


@contextmanager
def serving(web: OldWeb) -> Iterator[OldWeb]:
    """The archive on loopback until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, headers, body = web.answer(self.path, self.headers.get("Range", ""))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    web.home = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
