"""The size of the country: how an archive of many reports is filled, read, published and asked, and a plan of its crawl.

Each part runs in processes of its own, and its figures are printed as soon as they are there: a run that is cut
still tells. Times are of the clock, and of the processor where it says so.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from archive.publish import DATABASE
from archive.snapshot import STAGES
from archive.store import Archive
from benchmarks import browse, crawl, harvest
from benchmarks.archive import Material, answers

QUESTIONS = Path(__file__).parents[1] / "docs" / "research.md"
PATIENCE = 600
"""Seconds after which a question is given up."""
JOBS = (1, 2)

_MAKE = "from benchmarks import made; made.make(Path(sys.argv[1]), int(sys.argv[2]))"
_PUBLISH = "from archive.publish import publish; publish(Path(sys.argv[1]), Path(sys.argv[2]), lambda stage: print(stage, flush=True))"
_COMMAND = "import sys; from pathlib import Path\nif __name__ == '__main__': "


@dataclass(frozen=True, slots=True)
class Spent:
    """What a process and its children took: seconds of the clock and of the processor, megabytes at the peak."""

    seconds: float
    processor: float
    megabytes: float

    def __str__(self) -> str:
        return (
            f"{self.seconds:.0f} s ({self.processor:.0f} s of the processor), at most {self.megabytes:.0f} MB"
        )


def run(reports: int, pages: int, visits: int, keep: Path | None = None) -> None:
    """Measure all parts and print each; `keep` is a folder for what is made.

    Crawl and reading are measured with `pages` pages, those of the release with `visits` visits; 0 leaves them out.
    A release that lies in the folder already is not made anew.
    """
    console = Console(width=120, highlight=False)
    with TemporaryDirectory() if keep is None else _folder(keep) as name:
        folder = Path(name)
        console.print(f"{reports:,} reports; {os.cpu_count()} cores under a load of {os.getloadavg()[0]:.1f}")
        if pages:
            _plan(console, harvest.Rates(_crawl(console, pages), _reading(console, folder, pages)))
        out = folder / "public"
        if not out.exists():
            _load(console, folder / "archive.db", reports)
            _publish(console, folder / "archive.db", out)
        _sizes(console, out)
        _questions(console, out / DATABASE)
        if visits:
            _pages(console, out, reports, visits)


@contextmanager
def _folder(keep: Path) -> Iterator[str]:
    keep.mkdir(parents=True, exist_ok=True)
    yield str(keep)


# --- processes ---


def _spend(command: list[str], each: list[tuple[float, str]] | None = None) -> Spent:
    """Run a command to its end. What it says is put into `each`, line by line with the second it was said."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if each is not None:
            each.append((time.monotonic() - began, line.strip()))
            print(f"  {each[-1][0]:8.1f} s {each[-1][1]}", file=sys.stderr, flush=True)
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command}: {process.returncode}")
    return Spent(time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _python(code: str, *arguments: object) -> list[str]:
    return [sys.executable, "-c", _COMMAND + code, *map(str, arguments)]


def _nianbao(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "nianbao", *map(str, arguments)]


# --- the crawl and the reading ---


def _crawl(console: Console, pages: int) -> float:
    """Pages a second of one core, kept durably, from sites on this machine."""
    with crawl.sites(crawl.HOSTS, max(1, pages // crawl.HOSTS)) as urls:
        found = crawl.measured("ours", urls)
    console.print(
        f"crawl of {found.pages} pages: {found.rate:.0f} pages/s, {found.pages / found.processor:.0f} a second of the"
        f" processor, at most {found.megabytes:.0f} MB"
    )
    return found.pages / found.processor


def _reading(console: Console, folder: Path, pages: int) -> float:
    """Pages a second of one core, from capture to findings, in one process and in two."""
    kept, taken = folder / "unread.db", []
    with Archive.open(kept) as archive:
        answers(archive, Material(), range(pages), archive.start_run("benchmark"))
    for jobs in JOBS:
        copy = folder / "read.db"
        shutil.copyfile(kept, copy)
        taken.append(_spend(_nianbao("read", "--db", copy, "--jobs", jobs)))
        console.print(
            f"read --jobs {jobs}: {pages} pages in {taken[-1]}, {pages / taken[-1].seconds:.0f} pages/s"
        )
        _remove(copy)
    _remove(kept)
    console.print(f"two readers are {taken[0].seconds / taken[-1].seconds:.2f} times as quick as one")
    return pages / taken[0].processor


def _remove(database: Path) -> None:
    for path in database.parent.glob(f"{database.name}*"):
        path.unlink()


def _plan(console: Console, rates: harvest.Rates) -> None:
    table = Table("the crawl on paper", "", title="From the rates above, by arithmetic")
    for row in harvest.plan(rates):
        table.add_row(*row)
    console.print(table)


# --- the archive and its release ---


def _load(console: Console, path: Path, reports: int) -> None:
    took = _spend(_python(_MAKE, path, reports))
    with closing(sqlite3.connect(path)) as conn:
        tables = [row[0] for row in conn.execute("select name from sqlite_master where type = 'table'")]
        rows = {table: conn.execute(f"select count(*) from {table}").fetchone()[0] for table in tables}
    total = sum(rows.values())
    console.print(
        f"load: {total:,} rows, {rows['cell']:,} of them cells, in {took}: {total / took.seconds:,.0f} rows/s,"
        f" {path.stat().st_size / 1e9:.2f} GB"
    )


def _publish(console: Console, archive: Path, out: Path) -> None:
    said: list[tuple[float, str]] = []
    took = _spend(_python(_PUBLISH, archive, out), said)
    console.print(f"publish: {took}")
    table = Table(
        "part",
        "seconds",
        title="By part, the tables by a process a core",
    )
    for part, seconds in parts(said, took.seconds):
        table.add_row(part, f"{seconds:.1f}")
    console.print(table)
    archive.unlink()


def parts(said: list[tuple[float, str]], end: float) -> Iterator[tuple[str, float]]:
    """How long each stage took that says when it begins, and how long after the gates each table was ready."""
    begins = [(at, name) for at, name in said if name in (*STAGES, "gates", "checksums")]
    for (at, name), (after, _next) in zip(begins, [*begins[1:], (end, "")], strict=True):
        yield name if name != "gates" else "gates and tables", after - at
        if name == "gates":
            yield from ((f"  {table} ready after", ready - at) for ready, table in said if at < ready < after)


def _sizes(console: Console, out: Path) -> None:
    sizes: dict[str, int] = defaultdict(int)
    for path in sorted(out.iterdir()):
        sizes[
            {".db": "SQLite", ".parquet": "Parquet", ".csv": "CSV", ".gz": "CSV"}.get(path.suffix, "others")
        ] += path.stat().st_size
    console.print("release: " + ", ".join(f"{name} {size / 1e9:.3f} GB" for name, size in sizes.items()))
    console.print(
        "  "
        + ", ".join(
            f"{p.name} {p.stat().st_size / 1e6:.1f} MB"
            for p in sorted(out.iterdir())
            if p.stat().st_size > 1e6
        )
    )


# --- questions ---


def _questions(console: Console, database: Path) -> None:
    """The questions of docs/research.md, each asked once of the file alone."""
    text = QUESTIONS.read_text("utf-8")
    asked = re.findall(r"^## (\d\. .*?)$.*?^```sql\n(.*?)^```", text, re.M | re.S)
    for title, sql in [*asked, ("One indicator over all years", browse.INDICATOR)]:
        with closing(
            sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as conn:
            began = time.monotonic()
            conn.set_progress_handler(lambda began=began: int(time.monotonic() - began > PATIENCE), 1_000_000)
            try:
                rows = f"{len(conn.execute(sql).fetchall())} rows"
            except sqlite3.OperationalError as error:
                rows = str(error)
            console.print(f"SQL, {title}: {time.monotonic() - began:.2f} s, {rows}")


def _pages(console: Console, out: Path, reports: int, visits: int) -> None:
    with browse.serving(out) as server:
        took = [browse.visit(server, each) for each in browse.pages(out / DATABASE, visits)]
        console.print(browse.table(reports, took))
        status = Path(f"/proc/{server.pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+)", status)
    console.print(f"the server took at most {int(found[1]) / 1024 if found else 0:.0f} MB")
