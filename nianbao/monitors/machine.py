"""Monitors of the machine: is there room for the nights to come?"""

from __future__ import annotations

import shutil
from pathlib import Path

from nianbao.monitors.base import Alarm, Night

_MIB = 1024 * 1024


def little_room(night: Night) -> Alarm | None:
    """Rings when a disk has little room left, or not enough for the next publication beside the last one."""
    published = night.out / "nianbao.db"
    free, folder = min(
        (shutil.disk_usage(each).free, each) for each in (_of_archive(night), _existing(night.out))
    )
    wanted = night.thresholds["disk_mib"] * _MIB
    if published.exists():
        whole = sum(path.stat().st_size for path in night.out.iterdir() if path.is_file())
        wanted = max(wanted, night.thresholds["disk_publications"] * whole)
    if free >= wanted:
        return None
    what = f"{free // _MIB} MiB are free for {folder}, {wanted / _MIB:.0f} are wanted"
    return Alarm("disk", what, "make room, or move the archive to a larger disk")


def _of_archive(night: Night) -> Path:
    (_seq, _name, file) = night.db.execute("pragma database_list").fetchone()
    return Path(file).parent


def _existing(folder: Path) -> Path:
    folder = folder.absolute()
    return folder if folder.exists() else _existing(folder.parent)
