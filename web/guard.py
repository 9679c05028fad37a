"""What strangers may ask of the database: bounded in time, in memory, in number, and never in the way of the pages.

Our pages and the questions of strangers share the threads of Datasette. Questions wait for each other here, so
that a few heavy ones leave most threads to the pages.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any, TypeVar

from datasette import hookimpl
from datasette.database import Database
from datasette.utils.asgi import Request, Response
from datasette.views.base import DatasetteError

T = TypeVar("T")

AT_ONCE, WAITING = 2, 30
"""So many questions are answered at once, and so many wait; the next one is told to come back."""

LENGTH = 128 * 1024
"""Bytes of one value in an answer to a stranger; our own pages read whole sources."""
LIMITS = {
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 50_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 1000,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 30,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 100,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 200,
}
BUSY = "正忙，请稍后再试。 Too many questions at once: try again in a few seconds."

_asked: ContextVar[bool] = ContextVar("asked", default=False)


class Guarded(Database):  # type: ignore[misc]
    """The published database: `execute` is what strangers ask, `execute_fn` what our pages do."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def execute(self, *arguments: Any, **more: Any) -> Any:
        """A question: it waits for its turn, or DatasetteError (503) when too many wait already."""
        if self._waiting >= WAITING:
            raise DatasetteError(BUSY, status=503)
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1
        token = _asked.set(True)
        try:
            return await super().execute(*arguments, **more)
        finally:
            _asked.reset(token)
            self._turn.release()

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        """Run `fn` on a connection in a thread, with the length of values bounded for a question alone."""
        if _asked.get():
            return await super().execute_fn(fn)  # type: ignore[no-any-return]

        def whole(conn: sqlite3.Connection) -> T:
            narrow = conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 1 << 30)
            try:
                return fn(conn)
            finally:
                conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, narrow)

        return await super().execute_fn(whole)  # type: ignore[no-any-return]


@hookimpl  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Bound what a statement may be, and how large a value it may make."""
    for category, limit in LIMITS.items():
        conn.setlimit(category, limit)
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LENGTH)
    conn.set_authorizer(_authorised)


def _authorised(action: int, name: str | None, *_rest: str | None) -> int:
    """Where the file lies is nobody's business."""
    hidden = action == sqlite3.SQLITE_PRAGMA and name == "database_list"
    return sqlite3.SQLITE_IGNORE if hidden else sqlite3.SQLITE_OK


@hookimpl(tryfirst=True)  # type: ignore[untyped-decorator]
def handle_exception(request: Request, exception: Exception) -> Response | None:
    """What Datasette calls a fault of its own, and is one of the question: 400, not 500."""
    if isinstance(exception, DatasetteError) and exception.status == 500:
        exception.status = 400
    if isinstance(exception, ValueError) and request.args.get("_next"):
        return Response.json(
            {"ok": False, "status": 400, "error": "_next: take it from next_url"}, status=400
        )
    return None


OPEN = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"content-length, content-range, etag, link"),
]
"""Everything here is public and carries no session: pages of other sites may read it."""
PREFLIGHT = [
    (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
    (b"access-control-allow-headers", b"range"),
    (b"access-control-max-age", b"86400"),
]
HIDDEN = ("/-/databases", "/-/threads")
"""Pages of Datasette that tell where files lie and what the server is doing."""
REFUSED = {"ok": False, "status": 405, "error": "这里只能读取。 This site can only be read: use GET."}
Asgi = Callable[..., Awaitable[None]]


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper() -> Callable[[Asgi], Asgi]:
    """Answers to methods other than reading, and the headers by which other sites may read."""

    def wrap(app: Asgi) -> Asgi:
        async def guarded(scope: dict[str, Any], receive: Any, send: Any) -> None:
            async def send_open(message: dict[str, Any]) -> None:
                if message["type"] == "http.response.start":
                    known = {bytes(name).lower() for name, _value in message.get("headers", [])}
                    more = [pair for pair in OPEN if pair[0] not in known]
                    message = {**message, "headers": [*message.get("headers", []), *map(list, more)]}
                await send(message)

            if scope["type"] != "http":
                await app(scope, receive, send)
            elif scope["method"] == "OPTIONS":
                await _answer(send_open, 204, PREFLIGHT, b"")
            elif scope["method"] not in ("GET", "HEAD"):
                allow = [(b"allow", PREFLIGHT[0][1]), (b"content-type", b"application/json; charset=utf-8")]
                await _answer(send_open, 405, allow, json.dumps(REFUSED, ensure_ascii=False).encode())
            elif scope["path"].startswith(HIDDEN):
                await app({**scope, "path": "/-/hidden", "raw_path": b"/-/hidden"}, receive, send_open)
            else:
                await app(scope, receive, send_open)

        return guarded

    return wrap


async def _answer(send: Any, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    start = {"type": "http.response.start", "status": status, "headers": [list(pair) for pair in headers]}
    await send(start)
    await send({"type": "http.response.body", "body": body})
