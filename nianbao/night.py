"""One night: crawl, read, look, publish when nothing speaks against it, and report in the morning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from archive.derive import ReadResult
from archive.publish import HeldBack, Published
from archive.store import Archive
from nianbao import steps
from nianbao.exits import CommandError, Exit
from nianbao.lock import only_one
from nianbao.monitors import Alarm, Level, Night, watch
from nianbao.steps import Crawled
from nianbao.terminal import say

_HOPELESS = {Exit.USAGE, Exit.CONFIGURATION, Exit.LOCKED, Exit.DISK_FULL, Exit.DAMAGED, Exit.INTERRUPTED}
"""A crawl that ends so leaves nothing to read: the night ends with the same code."""


@dataclass(frozen=True, slots=True)
class Morning:
    """What a night did and what is wrong. `published` is None when the publication was held back."""

    crawled: Crawled
    read: ReadResult
    published: Published | None
    alarms: tuple[Alarm, ...]

    @property
    def code(self) -> Exit:
        """What the exit code tells cron."""
        return Exit.WRONG if self.is_wrong else Exit.OK

    @property
    def is_wrong(self) -> bool:
        """Does an alarm ring that is more than a note?"""
        return any(alarm.level is not Level.NOTE for alarm in self.alarms)

    def as_json(self) -> dict[str, Any]:
        """The report as it is printed with --json."""
        return {
            "outcome": "wrong" if self.is_wrong else "ok",
            "crawl": asdict(self.crawled),
            "read": asdict(self.read),
            "published": None if self.published is None else _plain(self.published),
            "alarms": [asdict(alarm) for alarm in self.alarms],
        }


def night(db: Path, out: Path, crawl_options: Sequence[str], jobs: int = 1) -> Morning:
    """Runs one night under its lock. CommandError when it could not be run to its end."""
    with only_one(db.parent / "night.lock", "another night"):
        with Archive.open(db) as archive:
            run = archive.start_run("night")
        try:
            morning = _run(db, out, crawl_options, jobs, run)
        except BaseException as error:
            _finish(db, run, "interrupted" if isinstance(error, KeyboardInterrupt) else "failed")
            raise
        _finish(db, run, "wrong" if morning.is_wrong else "ok")
        return morning


def _run(db: Path, out: Path, crawl_options: Sequence[str], jobs: int, run: str) -> Morning:
    crawled = steps.crawl(db, crawl_options)
    if crawled.code in _HOPELESS:
        code = Exit(crawled.code)
        raise CommandError("the night stopped: its crawl could not run, as said above", code)
    read = steps.read(db, jobs=jobs)
    with Archive.read_only(db) as archive:
        since = archive.db.execute("select started_at from run where id = ?", (run,)).fetchone()[0]
        alarms = watch(Night(archive.db, out, since, crawled, read))
    held = any(alarm.level is Level.GRAVE for alarm in alarms)
    published, held_back = (None, []) if held else _publish(db, out)
    return Morning(crawled, read, published, (*alarms, *held_back))


def _publish(db: Path, out: Path) -> tuple[Published | None, list[Alarm]]:
    """The publication; or none and an alarm, when its draft did not pass the gates."""
    try:
        return steps.publish(db, out), []
    except HeldBack as error:
        what = "; ".join(map(str, error.verdict.failed))
        remedy = "find out why; if it is right, run `nianbao publish --force REASON`"
        return None, [Alarm("gates", what, remedy, Level.GRAVE)]


def _finish(db: Path, run: str, outcome: str) -> None:
    with Archive.open(db) as archive:
        archive.finish_run(run, outcome)


def show(morning: Morning) -> None:
    """The morning report."""
    crawled, read, published = morning.crawled, morning.read, morning.published
    new = f"{crawled.new_captures} new captures"
    say(f"crawled: {crawled.requests} requests, {crawled.fetched} fetched, {new}")
    for outcome, count in sorted((crawled.outcomes or {}).items()):
        say(f"  {outcome}: {count}")
    say(f"read: {read.read} captures, {read.reports} with a report, {read.unreadable} unreadable")
    say(f"new: {read.versions} versions, {read.figures} figures, {read.findings} findings")
    if published is None:
        say("published: nothing, held back for what is said below; readers see the last publication")
    else:
        say(f"published: {published.reports} reports in {published.versions} versions, at {published.path}")
    for alarm in morning.alarms:
        say(f"{'note' if alarm.level is Level.NOTE else 'WRONG'}: {alarm}")
    if not morning.is_wrong:
        say("Nothing is wrong.")


def _plain(published: Published) -> dict[str, Any]:
    return {**asdict(published), "path": str(published.path)}
