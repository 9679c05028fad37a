"""What strangers may ask of the database: bounded in time, in memory, in number, and never in the way of the pages.

Their questions are answered in processes of their own (web/asking.py), so that no question takes a page's time, and
one that brings SQLite down brings down nothing else.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import timedelta
from typing import Any

from datasette import hookimpl
from datasette.database import Database, QueryInterrupted, Results
from datasette.utils.asgi import Request, Response
from datasette.views.base import DatasetteError

from archive.pool import Failure
from web.behind import allowed
from web.behind.apart import BUSY, Apart, Busy, mark_of
from web.behind.asking import INTERRUPTED, LIMITS, Answer, Question, answer
from web.respond import NAME

AT_ONCE, WAITING = 2, 30
"""So many questions are answered at once, and so many wait; the next one is told to come back."""
PATIENCE = timedelta(seconds=10)
"""After which the process of a question is ended: ten times what it has, for what SQLite cannot interrupt."""


class Guarded(Database):  # type: ignore[misc]
    """The published database: `execute` is what strangers ask, `execute_fn` what our pages do."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._apart: Apart[Question, Answer] = Apart(
            answer, at_once=AT_ONCE, waiting=WAITING, timeout=PATIENCE
        )

    def warm_up(self) -> None:
        """Start a process before the first question comes."""
        self._apart.give(Question(self.path, mark_of(self.path), "select 1", (), None, 1))

    async def execute(
        self,
        sql: str,
        params: Any = None,
        truncate: bool = False,
        custom_time_limit: int | None = None,
        page_size: int | None = None,
        log_sql_errors: bool = True,
    ) -> Results:
        """A question: it waits for its turn, or DatasetteError (503) when too many wait already.

        Raises QueryInterrupted when its time is over, sqlite3.OperationalError for all else that it cannot be given.
        """
        most = self.ds.max_returned_rows + (page_size == self.ds.max_returned_rows)
        limit = min(custom_time_limit or self.ds.sql_time_limit_ms, self.ds.sql_time_limit_ms)
        values = dict(params) if hasattr(params, "keys") else tuple(params or ())
        question = Question(
            self.path, mark_of(self.path), sql, values, most if truncate else None, limit / 1000
        )
        try:
            found = await self._apart.ask(question)
        except Busy:
            raise DatasetteError(BUSY, status=503) from None
        if isinstance(found, Failure) or found.refused == INTERRUPTED:
            raise QueryInterrupted(sqlite3.OperationalError(INTERRUPTED), sql, params)
        if found.refused:
            raise sqlite3.OperationalError(found.refused)
        return _results(found, most if truncate else len(found.rows))

    def close(self) -> None:
        """End the processes of the questions, and close the files."""
        self._apart.close()
        super().close()


def _results(found: Answer, most: int) -> Results:
    """Rows as Datasette has them from SQLite, by number and by name."""
    names = ", ".join(f'null as "{name.replace(chr(34), chr(34) * 2)}"' for name in found.columns)
    with closing(sqlite3.connect(":memory:")) as conn:
        cursor = conn.execute(f"select {names or 'null'}")
        rows = [sqlite3.Row(cursor, row) for row in found.rows[:most]]
    return Results(rows, len(found.rows) > most, cursor.description if names else ())


@hookimpl  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection, database: str) -> None:
    """The connections of our own pages: nothing but what is listed, though values may be long."""
    for category, limit in LIMITS.items():
        conn.setlimit(category, limit)
    # The others are Datasette's own, in memory, and answer nobody's questions.
    if database == NAME:
        allowed.bound(conn)


@hookimpl(tryfirst=True)  # type: ignore[untyped-decorator]
def handle_exception(request: Request, exception: Exception) -> Response | None:
    """What Datasette calls a fault of its own, and is one of the question: 400, not 500."""
    if isinstance(exception, DatasetteError) and exception.status == 500:
        exception.status = 400
    if isinstance(exception, MISREAD) and request.path.startswith(f"/{NAME}") and request.query_string:
        name = next((each for each in UNCHECKED if each in request.args), "?")
        error = f"{name}: 无法理解。 This cannot be understood: see /nianbao for what may be asked"
        return Response.json({"ok": False, "status": 400, "error": error}, status=400)
    return None


UNCHECKED = ("_next", "_through", "_size", "_sort", "_where", "_search")
"""What Datasette takes from an address without a look at its shape."""
MISREAD = (ValueError, LookupError, TypeError, AttributeError, AssertionError, ArithmeticError)
"""What comes of that."""


OPEN = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"content-length, content-range, etag, link, memento-datetime"),
]
"""Everything here is public and carries no session: pages of other sites may read it."""
PREFLIGHT = [
    (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
    (b"access-control-allow-headers", b"accept-datetime, range, if-none-match, if-range"),
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
