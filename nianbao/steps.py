"""The steps that several commands take: crawl in a process of its own, read, publish."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao.exits import Exit
from nianbao.progress import Step, progress

if TYPE_CHECKING:
    from archive.derive import ReadResult
    from archive.merge import Merged
    from archive.publish import Published
    from archive.reports import Written

Check = Callable[[], None]
"""Called at safe places; what it raises ends the work."""
PARENT = "NIANBAO_PARENT"
"""Names the process without which this one has nothing to do."""
_PR_SET_PDEATHSIG = 1
LOOK, TO_END = 2.0, 30.0
"""Seconds between two looks at a crawl, and those that it has to put away what it has in its hands."""


@dataclass(frozen=True, slots=True)
class Crawled:
    """How a crawl in its own process ended: its exit code and what it printed."""

    code: int
    outcome: str = "failed"
    requests: int = 0
    fetched: int = 0
    new_captures: int = 0
    outcomes: dict[str, int] | None = None
    problems: tuple[str, ...] = ()
    bytes: int = 0
    left: int = 0
    spent: str = ""

    @property
    def ended(self) -> bool:
        """Did it go through all that it had to ask, even if not all was answered?"""
        return self.code in (Exit.OK, Exit.WRONG) and self.outcome in ("ok", "partial")


def crawl(
    db: Path,
    options: Sequence[str],
    begun: Callable[[subprocess.Popen[str]], object] = lambda process: None,
    overdue: Callable[[], str] = lambda: "",
) -> Crawled:
    """`nianbao crawl` in a process of its own, for Scrapy runs only once in one. It ends when we end.

    `begun` is told the process. It has a session of its own: Ctrl-C reaches it once, through us, and then it puts away what it has in its hands.
    It is ended (SIGTERM, then SIGKILL) when `overdue`, asked now and then, says why; that is its problem then.
    """
    command = [sys.executable, "-m", "nianbao", "crawl", "--db", str(db), "--json", *options]
    environment = {**os.environ, PARENT: str(os.getpid())}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, env=environment, text=True, start_new_session=True
    ) as process:
        begun(process)
        try:
            printed, why = _ended(process, overdue)
        except KeyboardInterrupt:
            process.terminate()
            process.communicate()
            raise
    crawled = _crawled(process.returncode, printed)
    if not why:
        return crawled
    code = process.returncode if process.returncode < 0 else -signal.SIGTERM
    return replace(crawled, code=code, outcome="ended", problems=(*crawled.problems, why), spent=why)


def _ended(process: subprocess.Popen[str], overdue: Callable[[], str]) -> tuple[str, str]:
    """What a process printed until its end, and why it had to be ended, if it had to be."""
    while True:
        try:
            return process.communicate(timeout=LOOK)[0], ""
        except subprocess.TimeoutExpired:
            why = overdue()
        if why:
            break
    process.terminate()
    try:
        return process.communicate(timeout=TO_END)[0], why
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.communicate()[0], f"{why}; it did not heed SIGTERM and was killed"


def _crawled(code: int, printed: str) -> Crawled:
    try:
        said: dict[str, Any] = json.loads(printed)
    except ValueError:
        return Crawled(code)
    return Crawled(**{**said, "code": code, "problems": tuple(said["problems"])})


def end_with_parent() -> None:
    """Ends this process when the one that started it is killed, so that a crawl never outlives its night."""
    parent = os.environ.pop(PARENT, "")
    if not parent or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(parent):
        os.kill(os.getpid(), signal.SIGKILL)


def read(
    db: Path,
    *,
    everything: bool = False,
    jobs: int = 1,
    cluster: str | None = None,
    check: Check = lambda: None,
) -> ReadResult:
    """Captures to reports, and how far it is: in processes here, or by the workers of a `cluster`.

    `check` is called where the work may end without being torn.
    """
    from archive.derive import read as derive
    from archive.store import Archive

    with Archive.open(db, create=False) as archive, progress("Reading", "captures") as tell:
        now = Step()

        def step(done: int, total: int) -> None:
            nonlocal now
            now = Step(done, total)
            tell(now)
            check()

        def written(new: Written) -> None:
            counts = {"new versions": new.versions, "findings": new.findings}
            tell(replace(now, words="writing reports", counts=counts))
            check()

        if cluster is None:
            return derive(archive, all=everything, jobs=jobs, progress=step, written=written)
        from nianbao.cluster import connected
        from nianbao.cluster.read import runner, unchanging

        with connected(cluster) as client, unchanging(archive):
            return derive(archive, all=everything, progress=step, runner=runner(client), written=written)


@dataclass(frozen=True, slots=True)
class Reread:
    """What was read, and what a newer parser reads otherwise in what was read before: how much, and the report of it."""

    result: ReadResult
    changed: int = 0
    report: Path | None = None

    def as_json(self) -> dict[str, Any]:
        """The counts of the reading, `parser_changes` and the path of their `report`."""
        report = None if self.report is None else str(self.report)
        return {**asdict(self.result), "parser_changes": self.changed, "report": report}


def reread(
    db: Path, *, everything: bool, jobs: int, cluster: str | None = None, report: Path | None = None
) -> Reread:
    """`read`, and the report of what the parser changed: always after reading everything, else when there is any."""
    from archive.outcomes import utc_now
    from archive.rereading import count_since, write_report
    from archive.store import Archive

    with Archive.open(db, create=False) as archive:
        run = (archive.unfinished_run(_ALL) or archive.start_run(_ALL)) if everything else None
        sql = "select started_at from run where id = ?"
        since = archive.db.execute(sql, (run,)).fetchone()[0] if run else utc_now()
    result = read(db, everything=everything, jobs=jobs, cluster=cluster)
    with Archive.open(db) as archive:
        changed = count_since(archive.db, since)
        path = None
        if changed or everything:
            path = report or db.with_name(f"{db.stem}-parser-changes.csv")
            write_report(archive.db, since, path)
        if run:
            archive.finish_run(run, "ok")
    return Reread(result, changed, path)


_ALL = "read --all"


def rebuild(db: Path, *, jobs: int) -> ReadResult:
    """Everything derived made anew, and how far it is."""
    from archive.derive import How
    from archive.rebuild import rebuild as again
    from archive.store import Archive

    with Archive.open(db, create=False) as archive, progress("Rebuilding", "captures") as tell:
        return again(archive, How(jobs), lambda done, total: tell(Step(done, total)))


def merge(into: Path, archives: Sequence[Path]) -> Merged:
    """Several archives joined into one, and how far it is."""
    from archive.merge import merge as join

    with progress("Merging", "rows") as tell:
        return join(into, archives, lambda done, total: tell(Step(done, total)))


def backup(db: Path, out: Path) -> int:
    """A copy of an archive, and how far it is; gives its size in bytes."""
    from archive.backup import backup as copy

    with progress("Copying", "pages") as tell:
        return copy(db, out, lambda done, total: tell(Step(done, total)))


def publish(
    db: Path,
    out: Path,
    force: str = "",
    bom: bool = False,
    *,
    cluster: str | None = None,
    check: Check = lambda: None,
) -> Published:
    """The archive to a publication, and what was written last. `cluster` and `check` as for `read`."""
    from archive.publish import publish as make

    stages = count()
    with progress("Publishing", "stages") as tell:

        def step(stage: str) -> None:
            tell(Step(next(stages), words=stage))
            check()

        if cluster is None:
            return make(db, out, step, force=force, bom=bom)
        from nianbao.cluster import connected
        from nianbao.cluster.build import tables

        with connected(cluster) as client:
            return make(db, out, step, force=force, bom=bom, tables=tables(client))
