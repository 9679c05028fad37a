"""How much sooner two Dask workers have read everything again than one: whole commands by the clock, taking turns.

Scheduler, workers and the command that gives the work away share the cores of this machine.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

from rich.console import Console

from archive.store import Archive
from benchmarks.archive import answers
from benchmarks.clusters import Host, cluster
from benchmarks.reading import page_of
from nianbao import steps
from tests.corpus.documents import sheets

BAR = 1.7
_PLACES = ("云水", "临溪", "北坡", "柳岭")
"""What is called otherwise in each round over the pages."""
_NAMES = str.maketrans("0123456789", "安宁康泰昌隆兴盛丰裕")


class Pages:
    """Pages of 64 to 80 KB, each the report of a body and a year of its own."""

    def __init__(self, seed: int) -> None:
        self._made = [page_of(sheet) for sheet in (*sheets("G2019", seed), *sheets("G2021", seed))]

    def page(self, number: int) -> bytes:
        """The page of a report."""
        round_, place = divmod(number, len(self._made))
        page = self._made[place]
        for name in _PLACES:
            page = page.replace(name, name[0] + str(round_).translate(_NAMES))
        return page.encode()


def run(captures: int, rounds: int, seed: int) -> float:
    """Prints what each command took; gives how many times sooner two workers are done."""
    console = Console(width=120)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        db = Path(name) / "archive.db"
        _make(db, captures, seed)
        pair = [stack.enter_context(cluster(_folder(name, n), [Host()] * n)) for n in (1, 2)]
        took: list[tuple[float, float]] = []
        for _ in range(rounds):
            took += [_read(db, each.address, captures) for each in pair]
            console.print(
                " ".join(f"{clock:.1f} s (of our processor: {own:.1f} s)" for clock, own in took[-2:])
            )
    ratio = median(clock for clock, _ in took[::2]) / median(clock for clock, _ in took[1::2])
    console.print(
        f"{captures} pages, {os.cpu_count()} cores: two workers are done {ratio:.2f} times sooner than one"
    )
    return ratio


def _folder(name: str, number: int) -> Path:
    folder = Path(name) / f"cluster-{number}"
    folder.mkdir()
    return folder


def _make(db: Path, captures: int, seed: int) -> None:
    """An archive with so many pages, read once."""
    with Archive.open(db) as archive:
        answers(archive, Pages(seed), range(captures), archive.start_run("benchmark"))
    steps.read(db, jobs=os.cpu_count() or 1)


def _read(db: Path, address: str, captures: int) -> tuple[float, float]:
    """Seconds of the clock, and of the processor in the process that gives the work away."""
    words = ["read", "--all", "--json", "--db", str(db), "--cluster", address]
    began, before = time.perf_counter(), getrusage(RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "nianbao", *words], check=True, capture_output=True, text=True
    )
    clock, after = time.perf_counter() - began, getrusage(RUSAGE_CHILDREN)
    read = json.loads(done.stdout)["reports"]
    if read != captures:
        raise SystemExit(f"{read} of {captures} pages were read as reports")
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
