"""Clocks of tests: one of a machine that can be set while processes run, and the wait for a second to be over."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.outcomes import iso

# Python runs a module of this name first. Not all of `datetime` is replaced: libraries in C would not bear it.
_CODE = """
import os
from datetime import datetime, timedelta
from archive import clock
class Set:
    @staticmethod
    def now(zone):
        with open(os.environ["CLOCK_IS_OFF_BY"]) as file:
            return datetime.now(zone) + timedelta(seconds=float(file.read()))
clock.datetime = Set
clock.MACHINE, clock.KEPT = clock.Clock(), clock.Clock()
"""


class MachineClock:
    """The clock of the processes that get `environment`; it is right until it is set."""

    def __init__(self, folder: Path) -> None:
        self._off = folder / "off"
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(_CODE, "utf-8")
        self.set_by(timedelta(0))
        path = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))
        self.environment = {"PYTHONPATH": path, "CLOCK_IS_OFF_BY": str(self._off)}

    def set_by(self, off: timedelta) -> None:
        """Sets the clock to the real time and so much more."""
        fresh = self._off.with_suffix(".new")
        fresh.write_text(str(off.total_seconds()))
        fresh.replace(self._off)


def await_second_after(db: Path) -> None:
    """Waits until the second of an archive's last answer is over: web archives know one content of an address at a second.

    By the machine's own clock: that of what is kept may be ahead of it in this process, where another test opened an
    archive of a later day.
    """
    with closing(sqlite3.connect(db)) as opened:
        (last,) = opened.execute("select max(at) from fetch").fetchone()
    while iso(datetime.now(UTC)) <= last:
        time.sleep(0.1)
