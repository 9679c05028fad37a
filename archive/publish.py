"""The publication, made from the archive: one read-only database and the download files beside it.

All is built in a folder beside and swapped in with renames (docs/decisions/0004-checksums-last.md). The same
archive gives the same bytes: rows stand in order and no clock is read.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive.datapackage import sha256, write_package
from archive.downloads import downloads
from archive.errors import ArchiveError, ArchiveLocked, ArchiveMissing, DiskFull, translated
from archive.snapshot import build_database, counts, meta
from archive.tabular import write_table

DATABASE = "nianbao.db"
CHECKSUMS = "SHA256SUMS"
LAST = {DATABASE: 1, CHECKSUMS: 2}

Progress = Callable[[str], None]


class PublishError(ArchiveError):
    """The publication could not be made; the one that stood before stands still."""


@dataclass(frozen=True)
class Published:
    """What was published: the database's path, how much it holds, how many files and bytes lie beside it."""

    path: Path
    reports: int
    versions: int
    figures: int
    findings: int
    files: int
    bytes: int


def publish(db: Path, out: Path, progress: Progress | None = None) -> Published:
    """Make OUT/nianbao.db and the download files from the archive at `db`.

    Raises ArchiveMissing, ArchiveLocked or ArchiveDamaged for the archive, PublishError for the folder.
    """
    say = progress or (lambda _stage: None)
    if not db.is_file():
        raise ArchiveMissing(
            f"{db}: there is no archive here; run `nianbao crawl` first or give another --db"
        )
    with _workshop(out) as shop:
        say("database")
        _build(db, shop / DATABASE, out)
        with closing(sqlite3.connect(f"{(shop / DATABASE).as_uri()}?mode=ro", uri=True)) as conn:
            found = counts(conn)
            write_files(conn, shop, say)
        say("checksums")
        files = _listed(shop)
        sums = "".join(f"{sha256(path)}  {path.name}\n" for path in files)
        (shop / CHECKSUMS).write_text(sums, encoding="utf-8", newline="\n")
        size = sum(path.stat().st_size for path in files)
        _swap_in(shop, out)
    return Published(out / DATABASE, *found, len(files), size)


def write_files(conn: sqlite3.Connection, folder: Path, say: Progress) -> None:
    """Write every download of a published database into `folder`, and the data package that describes them."""
    for download in downloads():
        say(download.name)
        write_table(conn, download, folder)
    write_package(folder, downloads(), DATABASE, meta(conn, "as_of"))


def _build(db: Path, target: Path, out: Path) -> None:
    try:
        with translated(db):
            build_database(db, target)
    except DiskFull as error:  # the archive is only read: it is the publication that had no room
        raise DiskFull(_no_room(out)) from error


def _no_room(out: Path) -> str:
    return f"{out} could not be written: no room on the disk; free some and publish again"


@contextmanager
def _workshop(out: Path) -> Iterator[Path]:
    """An empty folder inside `out` to build in; one publication at a time, leftovers swept away."""
    shop = out.absolute() / ".publishing"
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = os.open(out, os.O_RDONLY)
    except OSError as error:
        raise PublishError(f"{out} cannot be written ({error.strerror}); give another --out") from error
    try:
        _lock(lock, out)
        shutil.rmtree(shop, ignore_errors=True)
        shop.mkdir()
        yield shop
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(_no_room(out)) from error
        raise PublishError(f"{out} could not be written ({error.strerror}); look at the disk") from error
    finally:
        shutil.rmtree(shop, ignore_errors=True)
        os.close(lock)


def _lock(descriptor: int, out: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise ArchiveLocked(f"{out} is being published by another process; wait for it to end") from error


def _swap_in(shop: Path, out: Path) -> None:
    """Flush every file, then rename all over the old ones: the database after the files, the checksums last.

    The old checksums go first, so that what they name is never there in part: with SHA256SUMS, a folder is whole.
    """
    paths = sorted(shop.iterdir(), key=lambda path: (LAST.get(path.name, 0), path.name))
    for path in paths:
        _flush(path)
    (out / CHECKSUMS).unlink(missing_ok=True)
    _flush(out)
    for path in paths:
        if path.name == CHECKSUMS:
            _flush(out)
        path.replace(out / path.name)
    _flush(out)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _listed(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and path.name != CHECKSUMS)
