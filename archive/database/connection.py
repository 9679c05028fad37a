"""One connection to an archive file: opened safely, migrated once, written in IMMEDIATE transactions."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from archive import clock
from archive.database.lean import Database
from archive.database.schema import migrations
from archive.errors import ArchiveDamaged, ArchiveMissing, translated

BUSY_SECONDS = 60.0
"""Seconds to wait for another writer: SQLite lets waiters in by chance, and a busy disk makes each turn long."""
LOG_LIMIT = 64 << 20
"""Bytes from which a writer folds the log (`-wal`) into the file. It grows beyond while somebody reads an old state."""
FOLD_SECONDS = 0.5
"""So long a writer waits for readers to be out of the log."""


def log_of(path: Path) -> Path:
    """The log (`-wal`) beside an archive, which is there while somebody writes or reads."""
    return path.with_name(f"{path.name}-wal")


def size_of(path: Path) -> int:
    """The bytes of a file, 0 when there is none."""
    return path.stat().st_size if path.exists() else 0


class Connected:
    """Holds the connection. `db` is in autocommit mode: whoever writes opens a `transaction()`."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self.db = db
        self.path = path
        self._log = log_of(path)
        self._fold_at = 0

    @classmethod
    def open(cls, path: Path, *, create: bool = True) -> Self:
        """Opens an archive to read and write, making the file (and its folder) if `create` says so."""
        path = Path(path)
        _require(path, create)
        with translated(path):
            db = _connect(path.absolute().as_uri())
            try:
                _prepare(db, path)
                _go_on(db)
            except BaseException:
                db.close()
                raise
        return cls(db, path)

    @classmethod
    def read_only(cls, path: Path, *, still: bool = False) -> Self:
        """Opens an archive that exists, to read only.

        `still` promises that the file does not change meanwhile: then its log is not looked at, and it may lie on
        another machine's disk.
        """
        path = Path(path)
        _require(path, create=False)
        with translated(path):
            how = "mode=ro&immutable=1" if still else "mode=ro"
            db = _connect(f"{path.absolute().as_uri()}?{how}")
            try:
                _require_ours(db, path)
                if is_outdated(db):
                    raise ArchiveDamaged(
                        f"{path} is not an archive of this version; run `nianbao status` on it once"
                    )
            except BaseException:
                db.close()
                raise
        return cls(db, path)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One write transaction: begun IMMEDIATE, committed at the end, rolled back on any error.

        Inside another one it joins it: the outer one commits.
        """
        if self.db.in_transaction:
            yield self.db
            return
        with translated(self.path):
            self.db.execute("begin immediate")
            try:
                yield self.db
                self.db.execute("commit")
            except BaseException:
                # A full disk rolls back by itself; then there is nothing left to undo.
                if self.db.in_transaction:
                    self.db.execute("rollback")
                raise
            self._fold()

    def _fold(self) -> None:
        """Begins the log anew when it is long; SQLite itself hopes for a moment in which nobody reads.

        Where a reader stays, it is tried again when the log has grown by a quarter of that.
        """
        size = size_of(self._log)
        if size < max(self._fold_at, LOG_LIMIT) or not _pragma(self.db, "wal_autocheckpoint"):
            return
        self._fold_at = size + LOG_LIMIT // 4
        patience = _pragma(self.db, "busy_timeout")
        self.db.execute(f"pragma busy_timeout = {int(FOLD_SECONDS * 1000)}")
        # What was written is committed, whatever comes of this.
        with suppress(sqlite3.OperationalError):
            if not _pragma(self.db, "wal_checkpoint(truncate)"):
                self._fold_at = 0
        self.db.execute(f"pragma busy_timeout = {patience}")

    def close(self) -> None:
        """Closes the connection; the last one to close folds the WAL into the file."""
        self.db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _require(path: Path, create: bool) -> None:
    if path.is_dir():
        raise ArchiveMissing(f"{path} is a folder; give the path of an archive file")
    if path.exists():
        return
    if not create:
        raise ArchiveMissing(f"{path} does not exist; run `nianbao crawl` first, or give --db")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveMissing(f"{path.parent} cannot be made ({error.strerror}); give another --db") from error


def _connect(uri: str) -> sqlite3.Connection:
    db = sqlite3.connect(uri, timeout=BUSY_SECONDS, isolation_level=None, uri=True)
    db.row_factory = sqlite3.Row
    db.execute("pragma foreign_keys = on")
    return db


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    """WAL with a commit that is on the disk when it returns, and the newest tables."""
    _require_ours(db, path)
    _use_wal(db)
    db.execute("pragma synchronous = full")
    if not is_outdated(db):
        return
    db.execute("begin immediate")
    try:
        # Looked at again under the lock: another opener may have been faster.
        if is_outdated(db):
            _migrate(Database(db, execute_plugins=False))
        db.execute("commit")
    except BaseException:
        if db.in_transaction:
            db.execute("rollback")
        raise


# A crawl that was killed kept answers later than all that its run says; those of an import have times of their own.
_LATEST = """
select max(max(started_at), coalesce(max(ended_at), ''), coalesce((select f.at from fetch f join run r on r.id = f.run_id
    where f.rowid = (select max(rowid) from fetch) and r.command like 'crawl%'), '')) from run
"""


def _go_on(db: sqlite3.Connection) -> None:
    """What will be kept is later than what is, also when the clock was set back meanwhile."""
    (latest,) = db.execute(_LATEST).fetchone()
    if latest:
        clock.KEPT.go_on_after(datetime.fromisoformat(latest))


def _migrate(db: Database) -> None:
    migrations.apply(db)


def _pragma(db: sqlite3.Connection, name: str) -> int:
    """The first number of what a pragma says."""
    return int(db.execute(f"pragma {name}").fetchone()[0])


def _use_wal(db: sqlite3.Connection) -> None:
    """Two first openers race for the journal mode, and SQLite does not wait there by itself."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            db.execute("pragma journal_mode = wal")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def is_outdated(db: sqlite3.Connection) -> bool:
    """Whether a migration is missing; one small query, so that opening is cheap."""
    applied = _applied(db)
    return any(migration.name not in applied for migration in migrations._migrations)


def _applied(db: sqlite3.Connection) -> set[str]:
    known = db.execute("select count(*) from sqlite_master where name = '_sqlite_migrations'").fetchone()[0]
    sql = "select name from _sqlite_migrations where migration_set = 'nianbao'"
    return {row[0] for row in db.execute(sql)} if known else set()


def is_archive(path: Path) -> bool:
    """Whether the file at this path is an archive, of whatever version; nothing is made beside it."""
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
            return bool(_applied(db))
    except sqlite3.Error:
        return False


def _require_ours(db: sqlite3.Connection, path: Path) -> None:
    """The database of another program is left as it is."""
    if not _applied(db) and db.execute("select count(*) from sqlite_master").fetchone()[0]:
        raise ArchiveMissing(f"{path} is a database, but no archive of Nianbao; give the path of an archive")
