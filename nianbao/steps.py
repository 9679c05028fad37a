"""The steps that several commands take over one archive: read, rebuild, merge, back up, publish."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao.front.progress import Step, progress

if TYPE_CHECKING:
    from archive.care.merge import Merged
    from archive.derived.derive import ReadResult
    from archive.derived.reports import Written
    from archive.publish import Published

Check = Callable[[], None]
"""Called at safe places; what it raises ends the work."""


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
    from archive.derived.derive import read as derive
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
    from archive.derived.rereading import count_since, write_report
    from archive.outcomes import utc_now
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
    from archive.derived.derive import How
    from archive.derived.rebuild import rebuild as again
    from archive.store import Archive

    with Archive.open(db, create=False) as archive, progress("Rebuilding", "captures") as tell:
        return again(archive, How(jobs), lambda done, total: tell(Step(done, total)))


def merge(into: Path, archives: Sequence[Path]) -> Merged:
    """Several archives joined into one, and how far it is."""
    from archive.care.merge import merge as join

    with progress("Merging", "rows") as tell:
        return join(into, archives, lambda done, total: tell(Step(done, total)))


def backup(db: Path, out: Path) -> int:
    """A copy of an archive, and how far it is; gives its size in bytes."""
    from archive.care.backup import backup as copy

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
    releases: Path | None = None,
) -> Published:
    """The archive to a publication, and what was written last. `cluster` and `check` as for `read`."""
    from archive.publish import publish as make

    stages = count()
    with progress("Publishing", "stages") as tell:

        def step(stage: str) -> None:
            tell(Step(next(stages), words=stage))
            check()

        made = partial(make, db, out, step, force=force, bom=bom, releases=releases)
        if cluster is None:
            return made()
        from nianbao.cluster import connected
        from nianbao.cluster.build import tables

        with connected(cluster) as client:
            return made(tables=tables(client))
