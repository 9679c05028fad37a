"""A machine whose clock can be set while processes run: what they and their children take for the time."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

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
