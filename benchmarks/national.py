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
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from archive.publication.snapshot import STAGES
from archive.publish import DATABASE
from archive.store import Archive
from benchmarks import browse, crawl, harvest
from benchmarks.archive import Material, answers

QUESTIONS = Path(__file__).parents[1] / "docs" / "research.md"
PATIENCE = 600
"""Seconds after which a question is given up."""
JOBS = (1, 2)

_MAKE = "from benchmarks import made; made.make(Path(sys.argv[1]), int(sys.argv[2]))"
_PUBLISH = (
    "import os; from archive.publish import publish;"
    " publish(Path(sys.argv[1]), Path(sys.argv[2]), lambda stage: print(sum(os.times()[:4]), stage, flush=True))"
)
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


@dataclass(frozen=True, slots=True)
class Mark:
    """What a process said of its course: seconds since it began, of the clock and of the processor, and the stage."""

    at: float
    processor: float
    stage: str


def run(reports: int, pages: int, visits: int, keep: Path | None = None) -> None:
    """Measure all parts and print each; `keep` is a folder for what is made.

    Crawl and reading are measured with `pages` pages, those of the release with `visits` visits; 0 leaves them out.
    An archive or a release that lies in the folder already is not made anew; the archive goes when it is published.
    """
    console = Console(width=120, highlight=False)
    with TemporaryDirectory() if keep is None else _folder(keep) as name:
        folder = Path(name)
        console.print(f"{reports:,} reports; {os.cpu_count()} cores under a load of {os.getloadavg()[0]:.1f}")
        if pages:
            _plan(console, harvest.Rates(_crawl(console, pages), _reading(console, folder, pages)))
        archive, out = folder / "archive.db", folder / "public"
        if not (out / DATABASE).exists():
            if not archive.exists():
                _load(console, archive, reports)
            _publish(console, archive, out)
        _sizes(console, out)
        _questions(console, out / DATABASE)
        if visits:
            _pages(console, out, reports, visits)


@contextmanager
def _folder(keep: Path) -> Iterator[str]:
    keep.mkdir(parents=True, exist_ok=True)
    yield str(keep)


# --- processes ---


def _spend(command: list[str], marks: list[Mark] | None = None) -> Spent:
    """Run a command to its end. The marks that it says, line by line, are put into `marks` and shown on the way."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if marks is not None:
            processor, stage = line.split()
            marks.append(Mark(time.monotonic() - began, float(processor), stage))
            print(f"  {marks[-1].at:8.1f} s {stage}", file=sys.stderr, flush=True)
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
    marks: list[Mark] = []
    took = _spend(_python(_PUBLISH, archive, out), marks)
    console.print(f"publish: {took}")
    table = Table("part", "seconds", "of the processor", title="By part, the tables by a process a core")
    for part, seconds, processor in parts(marks, Mark(took.seconds, took.processor, "")):
        table.add_row(part, f"{seconds:.1f}", "" if processor is None else f"{processor:.1f}")
    console.print(table)
    archive.unlink()


def parts(marks: list[Mark], end: Mark) -> Iterator[tuple[str, float, float | None]]:
    """How long each stage took that says when it begins, and how long after the gates each table was ready."""
    begins = [mark for mark in marks if mark.stage in (*STAGES, "gates", "checksums")]
    for mark, after in zip(begins, [*begins[1:], end], strict=True):
        name = "gates and tables" if mark.stage == "gates" else mark.stage
        yield name, after.at - mark.at, after.processor - mark.processor
        if mark.stage == "gates":
            ready = [each for each in marks if mark.at < each.at < after.at]
            yield from ((f"  {each.stage} ready after", each.at - mark.at, None) for each in ready)


def _sizes(console: Console, out: Path) -> None:
    kinds = {".db": "SQLite", ".parquet": "Parquet", ".csv": "CSV", ".gz": "CSV"}
    sizes, files = Counter[str](), {path.name: path.stat().st_size for path in sorted(out.iterdir())}
    for name, size in files.items():
        sizes[kinds.get(Path(name).suffix, "others")] += size
    console.print("release: " + ", ".join(f"{kind} {size / 1e9:.3f} GB" for kind, size in sizes.items()))
    large = (f"{name} {size / 1e6:.1f} MB" for name, size in files.items() if size > 1e6)
    console.print("  " + ", ".join(large))


# --- questions ---


def _questions(console: Console, database: Path) -> None:
    """The questions of docs/research.md, each asked once of the file alone."""
    text = QUESTIONS.read_text("utf-8")
    asked = re.findall(r"^## (\d\. .*?)$.*?^```sql\n(.*?)^```", text, re.M | re.S)
    for title, sql in [*asked, ("One indicator over all years", browse.INDICATOR)]:
        with closing(
            sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as conn:
            began, worked = time.monotonic(), time.process_time()
            conn.set_progress_handler(lambda began=began: int(time.monotonic() - began > PATIENCE), 1_000_000)
            try:
                rows = f"{len(conn.execute(sql).fetchall())} rows"
            except sqlite3.OperationalError as error:
                rows = str(error)
            spent = (
                f"{time.monotonic() - began:.2f} s ({time.process_time() - worked:.2f} s of the processor)"
            )
            console.print(f"SQL, {title}: {spent}, {rows}")


def _pages(console: Console, out: Path, reports: int, visits: int) -> None:
    with browse.serving(out) as server:
        took = [browse.visit(server, each) for each in browse.pages(out / DATABASE, visits)]
        console.print(browse.table(reports, took))
        status = Path(f"/proc/{server.pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+)", status)
    console.print(f"the server took at most {int(found[1]) / 1024 if found else 0:.0f} MB")
