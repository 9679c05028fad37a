"""A draft takes the place of a release: whole or not at all, whatever is killed (docs/decisions/0004-swap.md)."""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import ArchiveLocked

CHECKSUMS = "SHA256SUMS"
DRAFT = ".publishing"
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


@contextmanager
def draft(out: Path) -> Iterator[Path]:
    """An empty folder inside `out` to build in; one publication at a time, what a killed one left is swept away."""
    out = out.absolute()
    out.mkdir(parents=True, exist_ok=True)
    held = _lock(out)
    try:
        for left in (out / DRAFT, _beside(out)):
            shutil.rmtree(left, ignore_errors=True)
        (out / DRAFT).mkdir()
        yield out / DRAFT
    finally:
        for left in (out / DRAFT, _beside(out)):
            shutil.rmtree(left, ignore_errors=True)
        os.close(held)


def _lock(out: Path) -> int:
    """A lock on the folder; taken again when the folder was exchanged while we waited."""
    while True:
        held = os.open(out, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(held)
            raise ArchiveLocked(f"{out} is being published by another process; wait for it to end") from error
        if os.fstat(held).st_ino == out.stat().st_ino:
            return held
        os.close(held)


def _beside(out: Path) -> Path:
    return out.with_name(f".{out.name}{DRAFT}")


def swap_in(shop: Path, out: Path, last: str, ours: Collection[str] = ()) -> None:
    """Put the flushed draft in the place of the release.

    The two folders change places in one step where the system can do that and all that lies in `out` is ours: in
    its SHA256SUMS or named in `ours`. Elsewhere file after file is renamed over the old one, the file `last` after
    the others and the checksums at the end, so that with SHA256SUMS a folder is whole.
    """
    out = out.absolute()
    for path in (*shop.iterdir(), shop):
        flush(path)
    if _only_ours(out, {DRAFT, CHECKSUMS, *ours}) and _exchanged(shop, out):
        return
    _one_by_one(shop, out, last)


def _only_ours(out: Path, ours: set[str]) -> bool:
    sums = out / CHECKSUMS
    lines = sums.read_text(encoding="utf-8").splitlines() if sums.is_file() else []
    named = {line.split("  ", 1)[1] for line in lines if "  " in line}
    return all(path.name in ours | named for path in out.iterdir())


def _exchanged(shop: Path, out: Path) -> bool:
    """Whether draft and release could change places; if not, all is as it was."""
    aside = _beside(out)
    try:
        shop.rename(aside)
    except OSError:  # `out` is a disk of its own, or its parent is not ours to write
        return False
    try:
        exchange(aside, out)
    except OSError:
        aside.rename(shop)
        return False
    flush(out.parent)
    return True


def exchange(one: Path, other: Path) -> None:
    """Let two folders change places in one step. OSError where the system or the disk cannot."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        raise OSError("no renameat2 here")
    if libc.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE):
        raise OSError(ctypes.get_errno(), "renameat2 failed")


def _one_by_one(shop: Path, out: Path, last: str) -> None:
    rank = {last: 1, CHECKSUMS: 2}
    (out / CHECKSUMS).unlink(missing_ok=True)
    flush(out)
    for path in sorted(shop.iterdir(), key=lambda path: (rank.get(path.name, 0), path.name)):
        if path.name == CHECKSUMS:
            flush(out)
        path.replace(out / path.name)
    flush(out)


def flush(path: Path) -> None:
    """Bring a file or a folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
