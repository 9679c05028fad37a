"""A foreign archive, read as what it may be: a file that somebody made to hurt its reader.

It has a connection of its own, read only, that may run nothing but our own selections. They name our own columns and
ask real tables alone: no view, no virtual table, no generated column is ever evaluated, and no trigger runs. A file
gives no more bytes than it holds, and reading it takes no more of the processor than its size allows.
"""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from archive.care.admission import Column, Row, Table
from archive.care.values import LONG, Value
from archive.database.connection import log_of, size_of
from archive.errors import ArchiveDamaged, ArchiveMissing, translated

SECONDS, SECONDS_A_MEGABYTE = 20.0, 1.0
"""Of the processor, for all that is read of one archive: an honest one takes a tenth of it."""
STEPS = 20_000
"""Steps of SQLite between two looks at the clock."""
EXAMPLES = 100
"""So many rows that were refused are named; all are counted."""

_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_TRANSACTION}
_FUNCTIONS = {"octet_length", "coalesce", "count"}
_PRAGMAS = {"table_xinfo", "trusted_schema", "cell_size_check", "mmap_size"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row of a foreign archive that was not taken: the archive, the table, the key of the row, and why."""

    archive: str
    table: str
    key: str
    why: str


@dataclass(slots=True)
class Refusals:
    """What was refused: the first are named, and all are counted by table."""

    named: list[Refusal] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, refusal: Refusal, number: int = 1) -> None:
        """Counts rows that were refused for one reason."""
        self.counts[refusal.table] += number
        if len(self.named) < EXAMPLES:
            self.named.append(refusal)


class Incoming:
    """An open foreign archive: `Incoming.opened(path, refusals)`. It is seen as it was when it was opened."""

    def __init__(self, db: sqlite3.Connection, path: Path, refusals: Refusals) -> None:
        self.path, self.refusals = path, refusals
        self._db = db
        self.bytes = path.stat().st_size + size_of(log_of(path))
        self._left = SECONDS + SECONDS_A_MEGABYTE * self.bytes / (1 << 20)
        self._tables = {row[0] for row in db.execute(_REAL)}

    @classmethod
    @contextmanager
    def opened(cls, path: Path, refusals: Refusals) -> Iterator[Incoming]:
        """The archive at `path`. Raises ArchiveMissing for what is no archive, ArchiveDamaged for a broken file."""
        with translated(path):
            db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
            try:
                _restrain(db)
                db.execute("begin")
                found = cls(db, path, refusals)
                if "capture" not in found._tables:
                    raise ArchiveMissing(f"{path} is not an archive; give the paths of archives to merge")
                yield found
            finally:
                db.close()

    def refuse(self, table: str, key: str, why: str, number: int = 1) -> None:
        """Says that something of this archive is not taken."""
        self.refusals.add(Refusal(str(self.path), table, key, why), number)

    def count(self, table: Table) -> int:
        """About how many rows of a table will be looked at; 0 where it is not there."""
        if table.name not in self._tables:
            return 0
        with self._bounded():
            number: int = self._db.execute(f"select count(*) from main.{table.name}").fetchone()[0]
        return number

    def rows(self, table: Table, which: str = "true") -> Iterator[Row]:
        """The rows of a table that pass; `which` is a condition of ours."""
        columns = self._columns(table)
        if not columns:
            return
        left = self.bytes
        with self._bounded():
            for values in self._db.execute(_selection(table.name, columns, which)):
                # Each value lies in the file once, and a row has a byte for each of its columns beside.
                left -= len(values) + sum(len(value) for value in values if isinstance(value, str | bytes))
                if left < 0:
                    raise self._bomb()
                row = self._row(table, columns, values)
                if row is not None:
                    yield row

    def _columns(self, table: Table) -> list[Column]:
        """Those of our columns that the table has; none where it is not to be read."""
        if table.name not in self._tables:
            if self._db.execute(_NAMED, (table.name,)).fetchone() is not None:
                self.refuse(table.name, "", "is a view or a virtual table")
            return []
        found = {row[1]: row[6] for row in self._db.execute(f"pragma main.table_xinfo({table.name})")}
        for column in table.columns:
            if found.get(column.name, column.before is None):
                missing = column.name not in found
                why = (
                    f"has no column {column.name}"
                    if missing
                    else f"has a column {column.name} that is computed"
                )
                self.refuse(table.name, "", f"the table {why}", max(1, self.count(table)))
                return []
        return [column for column in table.columns if column.name in found]

    def _row(
        self, table: Table, columns: Sequence[Column], values: Sequence[Value]
    ) -> dict[str, Value] | None:
        row: dict[str, Value] = {column.name: column.before for column in table.columns}
        row |= {column.name: value for column, value in zip(columns, values, strict=False)}
        wrong = table.wrong(row) if values[-1] else "a value is too long"
        if not wrong:
            return row
        self.refuse(table.name, " ".join(_shown(row[name]) for name in table.key), wrong)
        return None

    @contextmanager
    def _bounded(self) -> Iterator[None]:
        """Ends what takes longer than the size of the file allows."""
        begun = time.thread_time()
        self._db.set_progress_handler(lambda: time.thread_time() - begun > self._left, STEPS)
        try:
            with translated(self.path):
                yield
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
                raise self._bomb() from error
            raise
        finally:
            self._db.set_progress_handler(None, STEPS)
            self._left -= time.thread_time() - begun

    def _bomb(self) -> ArchiveDamaged:
        return ArchiveDamaged(
            f"{self.path} gives more than a file of its size holds; it is damaged or a trap: leave it out"
        )


_NAMED = "select 1 from main.sqlite_master where name = ? and type in ('view', 'table')"
_REAL = "select name from main.sqlite_master where type = 'table' and rootpage > 0"


def _restrain(db: sqlite3.Connection) -> None:
    for pragma in ("trusted_schema = off", "cell_size_check = on", "mmap_size = 0"):
        db.execute(f"pragma {pragma}")
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONG + (1 << 20))
    db.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    db.text_factory = _decoded
    db.set_authorizer(_authorized)


def _authorized(action: int, first: str | None, second: str | None, *_where: str | None) -> int:
    allowed = (
        action in _ALLOWED
        or (action == sqlite3.SQLITE_FUNCTION and second in _FUNCTIONS)
        or (action == sqlite3.SQLITE_PRAGMA and first in _PRAGMAS)
    )
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _decoded(data: bytes) -> str:
    """Text as it is; bytes that are no UTF-8 become what no check lets through."""
    return data.decode("utf-8", "surrogateescape")


def _selection(table: str, columns: Sequence[Column], which: str) -> str:
    """All rows with our columns, null for each value that is too long; and last whether none is."""
    fits = [f"coalesce(octet_length({_quoted(column.name)}), 0) <= {column.bytes}" for column in columns]
    values = [
        f"case when {fit} then {_quoted(column.name)} end" for fit, column in zip(fits, columns, strict=True)
    ]
    return f"select {', '.join(values)}, {' and '.join(fits)} from main.{table} not indexed where {which}"


def _quoted(name: str) -> str:
    return f'"{name}"'


def _shown(value: Value) -> str:
    """A key as it is told: short, in one line, and of characters that every terminal bears."""
    text = str(value) if not isinstance(value, bytes) else value[:20].hex()
    return ascii(text[:80])[1:-1] if not text.isprintable() or len(text) > 80 else text
