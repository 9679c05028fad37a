"""A copy of an archive as it is at one moment, taken while others go on writing to it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from archive.database.connection import is_archive
from archive.errors import Unwritable, translated
from archive.store import Archive

PAGES = 4096
"""So many pages are copied at a time."""

Progress = Callable[[int, int], None]
"""Told how many pages are copied, and of how many."""


def backup(db: Path, out: Path, progress: Progress | None = None) -> int:
    """Copies the archive at `db` to `out`, complete or not at all; gives its size in bytes.

    What is committed after the copy began is not in it. A copy that stood at `out` is replaced at the end. Raises
    ArchiveMissing, DiskFull, and Unwritable, also for what is at `out` and no archive.
    """
    if out.exists() and db.exists() and out.samefile(db):
        raise Unwritable(f"{out} is the archive itself; give another place for the copy")
    if out.exists() and not is_archive(out):
        raise Unwritable(f"{out} is there and no archive; give another place for the copy")
    beside = out.with_name(f".{out.name}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        with Archive.read_only(db) as archive, translated(out), closing(sqlite3.connect(beside)) as target:
            # Held through all steps: without it, every write of somebody else would make the copy begin anew.
            archive.db.execute("begin")
            archive.db.execute("select 1 from run limit 1").fetchone()
            archive.db.backup(target, pages=PAGES, progress=_told(progress))
        with beside.open("rb") as file:
            os.fsync(file.fileno())
        beside.replace(out)
    except OSError as error:
        raise Unwritable(f"{out} cannot be written ({error.strerror}); give another place") from error
    finally:
        for left in (beside, beside.with_name(f"{beside.name}-journal")):
            with suppress(OSError):
                left.unlink(missing_ok=True)
    return out.stat().st_size


def _told(progress: Progress | None) -> Callable[[int, int, int], None] | None:
    if progress is None:
        return None
    return lambda _status, left, total: progress(total - left, total)
