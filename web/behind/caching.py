"""What saves a visitor bytes: tags and 304 for what has not changed, how long an answer keeps, and gzip of text.

It stands around the whole application, so that pages, JSON, files and Datasette's own pages are treated alike.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import re
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

Asgi = Callable[..., Awaitable[None]]
Message = dict[str, Any]

FRESH = "max-age=300"
"""Seconds that an answer keeps: a release changes once a night, and its paths stay."""
WRONG = "public, max-age=60"
"""For a question that was wrong: what was missing may be there after the next publication."""
WHOLE = 1 << 19
"""Bytes of an answer that is held until it is whole, so that it can be tagged; a longer one goes by in pieces."""
LEAST = 1000
"""Bytes below which gzip saves no packet."""
LEVEL, QUICK = 6, 1
"""Of gzip: for what is whole, and for what goes by."""
ASIDE = 1 << 15
"""Bytes from which on squeezing is done in another thread than the one that takes every visit."""
_PERSONAL = "private, no-store"
"""What Datasette says to whoever has a cookie; here one only keeps the language."""
_TEXT = re.compile(
    r"(?:text/|application/(?:json|xml|[a-z-]+\+(?:xml|json)|javascript|x-javascript)|image/svg)"
)
_GZIP = re.compile(r"(?:^|,)\s*(?:gzip|x-gzip|\*)\s*(?:;\s*q=([01](?:\.[0-9]*)?)\s*)?(?=,|$)", re.I)
_TOOK = re.compile(rb'"query_ms": [0-9.e-]+|Queries took [0-9.e-]+(?=ms)')
"""How long a question took: Datasette says it in an answer that is otherwise the same."""
_OF_304 = ("cache-control", "content-location", "date", "etag", "expires", "set-cookie", "vary")


def same(asked: str, tag: str) -> bool:
    """Whether an If-None-Match header names a tag (RFC 9110: `W/` does not matter, `*` is any)."""
    bare = tag.removeprefix("W/")
    return bool(bare) and any(each.strip().removeprefix("W/") in (bare, "*") for each in asked.split(","))


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header lets an answer be squeezed."""
    found = _GZIP.search(accepted)
    return found is not None and float(found[1] or 1) > 0


def thrifty(app: Asgi) -> Asgi:
    """An application whose answers are tagged, kept and squeezed."""

    async def answered(scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        asked = {
            bytes(name).lower().decode("latin-1"): bytes(value).decode("latin-1")
            for name, value in scope["headers"]
        }
        await app(scope, receive, _Answer(asked, send).take)

    return answered


class _Answer:
    """One answer on its way out."""

    def __init__(self, asked: dict[str, str], send: Any) -> None:
        self._asked, self._send = asked, send
        self._status = 0
        self._headers: list[tuple[str, str]] = []
        self._held: list[bytes] | None = []
        self._squeeze: Any = None

    async def take(self, message: Message) -> None:
        """A message of the application: a whole answer waits for its end, a long one goes on in pieces."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = [
                (bytes(n).lower().decode("latin-1"), bytes(v).decode("latin-1"))
                for n, v in message["headers"]
            ]
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._held is None:
            await self._pass(body, more)
        elif more and not self._short():
            await self._begin_pieces()
            await self._pass(body, more)
        else:
            self._held.append(body)
            if not more:
                await self._finish(b"".join(self._held))

    def _get(self, name: str) -> str:
        return next((value for known, value in self._headers if known == name), "")

    def _set(self, name: str, value: str) -> None:
        self._headers = [pair for pair in self._headers if pair[0] != name]
        self._headers += [(name, value)] if value else []

    def _short(self) -> bool:
        length = self._get("content-length")
        return length.isdigit() and int(length) <= WHOLE

    def _is_text(self) -> bool:
        return bool(_TEXT.match(self._get("content-type"))) and not self._get("content-encoding")

    async def _finish(self, body: bytes) -> None:
        if self._status == 200 and not self._get("etag"):
            self._set("etag", f'W/"{hashlib.sha256(_TOOK.sub(b"", body)).hexdigest()[:32]}"')
        self._about()
        if self._status == 200 and same(self._asked.get("if-none-match", ""), self._get("etag")):
            self._status, body = 304, b""
        elif self._squeezed() and len(body) >= LEAST:
            self._mark_squeezed()
            if len(body) < ASIDE:
                body = gzip.compress(body, LEVEL, mtime=0)
            else:
                body = await asyncio.to_thread(gzip.compress, body, LEVEL, mtime=0)
            self._set("content-length", str(len(body)))
        await self._start()
        await self._send({"type": "http.response.body", "body": body})

    async def _begin_pieces(self) -> None:
        self._held = None
        self._about()
        if self._squeezed():
            self._mark_squeezed()
            self._set("content-length", "")
            self._squeeze = zlib.compressobj(QUICK, wbits=31)
        await self._start()

    async def _pass(self, body: bytes, more: bool) -> None:
        if self._squeeze is not None:
            body = (
                await asyncio.to_thread(self._squeeze.compress, body)
                if len(body) > ASIDE
                else self._squeeze.compress(body)
            )
            body += b"" if more else self._squeeze.flush()
        if body or not more:
            await self._send({"type": "http.response.body", "body": body, "more_body": more})

    def _about(self) -> None:
        """How long the answer keeps, and that it differs by what is accepted."""
        if self._get("cache-control") in ("", _PERSONAL):
            self._set("cache-control", self._keeps())
        if self._is_text():
            named = [each.strip() for each in self._get("vary").split(",") if each.strip()]
            self._set("vary", ", ".join([*named, "Accept-Encoding"]))

    def _keeps(self) -> str:
        if self._status >= 500:
            return "no-store"
        if self._status >= 400:
            return WRONG
        if self._status >= 300 and self._status != 304:
            return "no-cache"
        private = self._get("cache-control") == _PERSONAL or self._get("set-cookie")
        return f"{'private' if private else 'public'}, {FRESH}"

    def _squeezed(self) -> bool:
        return self._status != 206 and self._is_text() and takes_gzip(self._asked.get("accept-encoding", ""))

    def _mark_squeezed(self) -> None:
        """The bytes are others than those that were tagged, and no parts of them can be asked for."""
        self._set("content-encoding", "gzip")
        self._set("accept-ranges", "")
        if (tag := self._get("etag")) and not tag.startswith("W/"):
            self._set("etag", f"W/{tag}")

    async def _start(self) -> None:
        if self._status == 304:
            self._headers = [pair for pair in self._headers if pair[0] in _OF_304]
        raw = [[name.encode("latin-1"), value.encode("latin-1")] for name, value in self._headers]
        await self._send({"type": "http.response.start", "status": self._status, "headers": raw})
