"""What can go wrong with an archive: what, where, and what to do about it, in one line each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def no_file(path: Path) -> str:
    """Why there is no file to be read at a path."""
    return f"{path} is a folder" if path.is_dir() else f"{path} does not exist"


class ArchiveError(Exception):
    """Something is wrong with an archive file. `str()` is one clear line."""


class ArchiveLocked(ArchiveError):
    """Another process holds the archive, and went on holding it."""


class ArchiveMissing(ArchiveError):
    """There is no archive at this path, or it cannot be opened."""


class ArchiveDamaged(ArchiveError):
    """The file is not an archive, or what it holds does not match its own checksums."""


class Unwritable(ArchiveError):
    """What a command is to write cannot be written at the place that was given."""


class DiskFull(ArchiveError):
    """The disk has no room. What was written before is safe; the last transaction was rolled back."""


_BY_NAME: tuple[tuple[str, type[ArchiveError], str], ...] = (
    (
        "SQLITE_BUSY",
        ArchiveLocked,
        "is locked by another process; wait for it to end, or stop it, and try again",
    ),
    ("SQLITE_LOCKED", ArchiveLocked, "is locked by another connection of this process; try again"),
    (
        "SQLITE_FULL",
        DiskFull,
        "could not be written: no room on the disk; free some and run the command again",
    ),
    (
        "SQLITE_IOERR",
        DiskFull,
        "could not be written or read; look for a full or failing disk, then run again",
    ),
    (
        "SQLITE_NOTADB",
        ArchiveDamaged,
        "is not an SQLite database; give the path of an archive, or restore a copy",
    ),
    ("SQLITE_CORRUPT", ArchiveDamaged, "is damaged; restore a copy, then run `nianbao verify`"),
    ("SQLITE_CANTOPEN", ArchiveMissing, "cannot be opened; check the path and who may write to its folder"),
    (
        "SQLITE_READONLY",
        Unwritable,
        "needs its log (-wal) beside it even to be read, and you may not write there; ask for the right to write to"
        " the file and its folder, or copy it to a folder of your own",
    ),
)


def translate(error: sqlite3.Error, path: Path) -> ArchiveError | None:
    """The archive's own error for one of SQLite's, or None when it is a fault of the program."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if str(error).startswith("Could not decode to UTF-8"):
        return ArchiveDamaged(
            f"{path} holds a text that is none; restore a copy, then run `nianbao verify` ({error})"
        )
    for prefix, kind, text in _BY_NAME:
        if name.startswith(prefix):
            return kind(f"{path} {text} ({error})")
    return None


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turns SQLite's errors inside the block into the archive's own."""
    try:
        yield
    except sqlite3.Error as error:
        ours = translate(error, path)
        if ours is None:
            raise
        raise ours from error
