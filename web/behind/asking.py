"""One question of a stranger, answered in a process of its own: bounded in time, in memory, and in what comes back."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from web.behind import allowed, apart
from web.behind.apart import Mark

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
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
CELLS, BYTES = 30_000, 8 << 20
"""What one answer may hold; each cell is drawn by Datasette where the pages are made."""
STEPS = 1000
"""Of SQLite's machine, between two looks at the clock: less than a tenth of a millisecond."""
INTERRUPTED = "interrupted"
"""SQLite's own word for a question whose time was over."""


@dataclass(frozen=True, slots=True)
class Question:
    """A statement with its parameters on the publication at `path`; `rows` is None for all, `mark` changes with the file."""

    path: str
    mark: Mark
    sql: str
    parameters: Mapping[str, Any] | Sequence[Any]
    rows: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The names of the columns and the rows; `refused` says why there are none. One row more than `rows` may come."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    refused: str = ""


def answer(question: Question) -> Answer:
    """The answer to a question, or why it has none; what Python or SQLite say of it never ends the process."""
    try:
        conn = _connected(question.path, question.mark)
        with _limited(conn, question.seconds):
            return _rows(conn, question)
    except Exception as error:
        return Answer(refused=str(error) or type(error).__name__)


@lru_cache(maxsize=1)
def _connected(path: str, _mark: Mark) -> sqlite3.Connection:
    apart.stand_back()
    conn = sqlite3.connect(f"{Path(path).as_uri()}?immutable=1", uri=True, check_same_thread=False)
    prepare(conn)
    return conn


def prepare(conn: sqlite3.Connection) -> None:
    """Bound what a statement may be, what it may use, and how large a value it may make."""
    from datasette.utils import escape_fts

    conn.text_factory = lambda data: str(data, "utf-8", "replace")
    conn.create_function("escape_fts", 1, escape_fts)
    allowed.bound(conn)
    for category, limit in LIMITS.items():
        conn.setlimit(category, limit)
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LENGTH)


@contextmanager
def _limited(conn: sqlite3.Connection, seconds: float) -> Iterator[None]:
    """SQLite looks at the clock between steps, and is told of it within the long ones (a search, a row of many columns)."""
    deadline = time.perf_counter() + seconds
    conn.set_progress_handler(lambda: time.perf_counter() >= deadline, STEPS)
    over = threading.Timer(seconds, conn.interrupt)
    over.daemon = True
    over.start()
    try:
        yield
    finally:
        over.cancel()
        conn.set_progress_handler(None, STEPS)


def _rows(conn: sqlite3.Connection, question: Question) -> Answer:
    cursor = conn.execute(question.sql, question.parameters)
    columns = tuple(column[0] for column in cursor.description or ())
    rows: list[tuple[Any, ...]] = []
    size = 0
    for row in cursor:
        size += sum(len(value) for value in row if isinstance(value, (str, bytes)))
        rows.append(row)
        if size > BYTES or len(rows) * len(columns) > CELLS:
            cursor.close()
            return Answer(
                refused=f"the answer has more than {CELLS} cells or {BYTES >> 20} MB: narrow the question"
            )
        if question.rows is not None and len(rows) > question.rows:
            cursor.close()
            break
    return Answer(columns, tuple(rows))
