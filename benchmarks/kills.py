"""kill -9 again and again while a thousand pages are crawled: what is lost, kept twice, or asked for too often.

The moments are chosen by pages kept and a few milliseconds more, from a seed. Each crawl goes on where the last one
was killed; the last one ends by itself.
"""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from rich.console import Console

from archive.store import Archive
from benchmarks import crawl

HOSTS = 10
HEADER = "id,name,division,level,kind,entry,url,family,note\n"
_LOST = """
select count(*) from link where decision not like 'rejected%'
and not exists (select 1 from request where url = to_url)
"""
_TWICE = "select count(*) from (select url, request_id from fetch where outcome = 'ok' and kind <> 'robots' group by 1, 2 having count(*) > 1)"


def run(kills: int, pages: int, seed: int) -> int:
    """Prints what became of the pages; gives how many are lost or kept twice."""
    chance, console = random.Random(seed), Console(width=120)
    with tempfile.TemporaryDirectory() as name, crawl.sites(HOSTS, max(1, pages // HOSTS)) as urls:
        db, registry = Path(name) / "a.db", Path(name) / "registry.csv"
        rows = [f"s{n},某县人民政府,410724,county,government,column,{url},,\n" for n, url in enumerate(urls)]
        registry.write_text(HEADER + "".join(rows), "utf-8")
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
        with Archive.open(db) as archive:
            problems = len(list(archive.verify()))
            count = [
                archive.db.execute(sql).fetchone()[0]
                for sql in (
                    "select count(*) from capture where kind <> 'robots'",
                    _TWICE,
                    _LOST,
                )
            ]
    lost = max(0, wanted - count[0]) + count[2]
    console.print(
        f"{killed} kills over {wanted} pages (seed {seed}): {lost} lost, {count[1]} kept twice, {problems} problems;"
        f" the last crawl ended with {code}"
    )
    return lost + int(count[1]) + problems


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
