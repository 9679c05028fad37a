"""Monitors of the machine: is there room for the nights to come, does the log shrink, is the clock right?"""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from archive.clock import behind
from archive.database.connection import log_of, size_of
from nianbao.monitors.base import Alarm, Night

_MIB = 1024 * 1024


def little_room(night: Night) -> Alarm | None:
    """Rings when a disk has little room left, or not enough for the next publication beside the last one."""
    published = night.out / "nianbao.db"
    free, folder = min(
        (shutil.disk_usage(each).free, each) for each in (_archive(night).parent, _existing(night.out))
    )
    wanted = night.thresholds["disk_mib"] * _MIB
    if published.exists():
        whole = sum(path.stat().st_size for path in night.out.iterdir() if path.is_file())
        wanted = max(wanted, night.thresholds["disk_publications"] * whole)
    if free >= wanted:
        return None
    what = f"{free // _MIB} MiB are free for {folder}, {wanted / _MIB:.0f} are wanted"
    return Alarm("disk", what, "make room, or move the archive to a larger disk")


def clock_behind(night: Night) -> Alarm | None:
    """Rings when the archive was written later than the clock of this machine says: now, or then, it is wrong."""
    late = behind()
    if late < timedelta(minutes=night.thresholds["clock_minutes"]):
        return None
    what = (
        f"the clock of this machine is {late.total_seconds() / 60:.0f} minutes behind what the archive holds"
    )
    remedy = (
        "set the clock; what is kept meanwhile is dated after all that was kept before, and not by the clock"
    )
    return Alarm("clock", what, remedy)


def long_log(night: Night) -> Alarm | None:
    """Rings when the log of the archive did not shrink: somebody holds on to a state of long ago."""
    archive = _archive(night)
    log = log_of(archive)
    size = size_of(log)
    if size < night.thresholds["log_mib"] * _MIB:
        return None
    what = f"{log} has {size // _MIB} MiB, for some process has been reading {archive} since before they were written"
    return Alarm("log", what, f"find it with `fuser {archive}` and end it; the next write shrinks the log")


def _archive(night: Night) -> Path:
    (_seq, _name, file) = night.db.execute("pragma database_list").fetchone()
    return Path(file)


def _existing(folder: Path) -> Path:
    folder = folder.absolute()
    return folder if folder.exists() else _existing(folder.parent)
