"""kill -9 again and again while pages are crawled: what is lost, kept twice, or asked for too often.

A thousand pages at random moments, chosen by pages kept and a few milliseconds more, from a seed: each crawl goes on
where the last one was killed, and the last one ends by itself. And a small site at every commit: just before it and
just after it, a crawl that goes on to its end for each.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

from rich.console import Console

from archive.care import fixity
from archive.store import Archive
from benchmarks import crawl
from crawler.run import CrawlOptions
from crawler.run import crawl as crawl_all

HOSTS = 10
HEADER = "id,name,division,level,kind,entry,url,family,note\n"
_LOST = """
select count(*) from link where decision not like 'rejected%'
and not exists (select 1 from request where url = to_url)
"""
_TWICE = """
select count(*) from (select 1 from fetch where outcome = 'ok' and kind <> 'robots'
    group by url, request_id, run_id having count(*) > 1)
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What an archive holds in the end: pages that are missing, kept twice, and what `verify` finds."""

    lost: int
    twice: int
    problems: int

    @property
    def bad(self) -> int:
        """All of it."""
        return self.lost + self.twice + self.problems


def run(kills: int, pages: int, seed: int) -> int:
    """Prints what became of the pages; gives how many are lost or kept twice."""
    with tempfile.TemporaryDirectory() as name:
        return _at_random(Path(name), kills, pages, seed) + _at_commits(Path(name))


def kept(db: Path, pages: int) -> Kept:
    """What became of a crawl of so many pages."""
    with Archive.open(db) as archive:
        problems = len(list(fixity.verify(archive)))
        captures, twice, lost = (
            archive.db.execute(sql).fetchone()[0]
            for sql in ("select count(*) from capture where kind <> 'robots'", _TWICE, _LOST)
        )
    return Kept(max(0, pages - captures) + lost, twice, problems)


def _at_random(folder: Path, kills: int, pages: int, seed: int) -> int:
    chance, db = random.Random(seed), folder / "a.db"
    with crawl.sites(HOSTS, max(1, pages // HOSTS)) as urls:
        registry = _registry(folder, urls)
        killed = 0
        for threshold in sorted(chance.sample(range(pages - HOSTS), kills)):
            process = _start(db, registry)
            while process.poll() is None and _stored(db) < threshold:
                time.sleep(0.002)
            time.sleep(chance.uniform(0.0, 0.02))
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += process.returncode == -signal.SIGKILL
        code = _start(db, registry).wait()
    wanted = HOSTS * (1 + pages // HOSTS)
    found = kept(db, wanted)
    Console(width=120).print(
        f"{killed} kills over {wanted} pages (seed {seed}): {found.lost} lost, {found.twice} kept twice,"
        f" {found.problems} problems; the last crawl ended with {code}"
    )
    return found.bad


def _at_commits(folder: Path, documents: int = 8) -> int:
    with crawl.sites(1, documents) as urls:
        found = at_commits(folder / "points", _registry(folder, urls), documents + 1)
    bad = sum(each.bad for each in found)
    Console(width=120).print(
        f"a kill before and after each of {len(found) // 2} commits over {documents + 1} pages: {bad} lost, kept"
        " twice, or problems"
    )
    return bad


# --- at every commit ---


def at_commits(folder: Path, registry: Path, pages: int, stride: int = 1) -> list[Kept]:
    """Crawls a registry of loopback sites anew for each commit, is killed there, and crawls to the end.

    Gives what each archive holds then, in turns for a kill before and after the commit; `stride` takes only every
    so manieth of these points. The crawls are forks of one process, which has everything imported.
    """
    command = [sys.executable, "-m", "benchmarks.kills", str(folder), str(registry), str(stride)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return [kept(db, pages) for db in sorted(folder.glob("*.db"))]


def _fork_crawls(folder: Path, registry: Path, stride: int) -> None:
    folder.mkdir()
    for point in count(0, stride):
        db = folder / f"{point:05}.db"
        if _forked(db, registry, point) != -signal.SIGKILL:
            db.unlink()  # a crawl has no more commits than that
            return
        if code := _forked(db, registry, None):
            raise SystemExit(f"the crawl after a kill at point {point} ended with {code}")


def _forked(db: Path, registry: Path, point: int | None) -> int:
    """Crawls in a fork of this process, which is killed at a point; gives how it ended."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    _Dying.left = -1 if point is None else point
    with patch("sqlite3.connect", partial(sqlite3.connect, factory=_Dying)):
        outcome = crawl_all(CrawlOptions(db, registry, delay=0, allow_private=True)).outcome
    os._exit(0 if outcome == "ok" else 1)


class _Dying(sqlite3.Connection):
    """A connection whose process is killed before (an even point) or after (an odd one) one of all its commits."""

    left = -1

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        """Counts the commits."""
        if sql != "commit":
            return super().execute(sql, *values)
        _Dying._count()
        cursor = super().execute(sql)
        _Dying._count()
        return cursor

    @classmethod
    def _count(cls) -> None:
        if cls.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        cls.left -= 1


def _registry(folder: Path, urls: Sequence[str]) -> Path:
    rows = [f"s{n},某县人民政府,410724,county,government,column,{url},,\n" for n, url in enumerate(urls)]
    path = folder / "registry.csv"
    path.write_text(HEADER + "".join(rows), "utf-8")
    return path


def _start(db: Path, registry: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "nianbao", "crawl", "--db", str(db), "--registry", str(registry)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen([*command, "--delay", "0", "--allow-private"], stdout=quiet, stderr=quiet)


def _stored(db: Path) -> int:
    if not db.exists():
        return 0
    try:
        with closing(sqlite3.connect(f"{db.as_uri()}?mode=ro", uri=True)) as opened:
            number: int = opened.execute("select count(*) from fetch where outcome = 'ok'").fetchone()[0]
            return number
    except sqlite3.OperationalError:
        return 0


if __name__ == "__main__":
    _fork_crawls(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
