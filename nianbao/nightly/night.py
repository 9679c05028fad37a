"""One night: crawl, read, look, publish when nothing speaks against it, verify a part, and report in the morning.

A night that was cut short, by whatever, is gone on with at the first stage that was not done.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from archive.derived.derive import ReadResult
from archive.errors import ArchiveError
from archive.outcomes import now_utc
from archive.publish import HeldBack, Published
from archive.store import Archive
from nianbao.crawl_process import Crawled
from nianbao.front.exits import CommandError, Exit
from nianbao.front.stops import Stop
from nianbao.keeping import Verified
from nianbao.lock import only_one
from nianbao.monitors import Alarm, Level, Night, watch
from nianbao.nightly.morning import Morning
from nianbao.nightly.plan import Plan
from nianbao.nightly.stages import UNVERIFIED, Stages
from nianbao.nightly.telling import keep, tell

_FORCE = "find out why; if it is right, run `nianbao publish --force REASON`"


def night(plan: Plan) -> Morning:
    """Runs one night under its lock. CommandError when it could not be run to its end."""
    with only_one(plan.db.parent / "night.lock", "another night"), Stop() as stop:
        _want_room(plan)
        with Archive.open(plan.db) as archive:
            run = _resumed(archive, plan) or archive.start_run(plan.command)
            (began,) = archive.db.execute("select started_at from run where id = ?", (run,)).fetchone()
        try:
            morning = _run(Stages(plan, run, began, stop))
        except BaseException as error:
            # Whatever ends it: the archive may be what failed, and then it cannot be told.
            with suppress(ArchiveError), Archive.open(plan.db) as archive:
                archive.finish_run(run, "interrupted" if _goes_on(error) else "failed")
            raise
        with Archive.open(plan.db) as archive:
            archive.finish_run(run, morning.outcome.value)
        return morning


def _goes_on(error: BaseException) -> bool:
    return isinstance(error, KeyboardInterrupt) or getattr(error, "code", None) is Exit.INTERRUPTED


def _want_room(plan: Plan) -> None:
    """A night does not begin on a disk that is as good as full: what it could write would be cut short."""
    folder = plan.db.parent
    free, wanted = shutil.disk_usage(folder).free, plan.settings.thresholds["disk_least_mib"] * 2**20
    if free < wanted:
        said = f"{folder}: only {free >> 20} MiB are free, a night wants {wanted / 2**20:g}; make room and run it again"
        raise CommandError(said, Exit.DISK_FULL)


def _resumed(archive: Archive, plan: Plan) -> str | None:
    """The last night when it was cut short and is not too long ago; an older one is closed."""
    run = archive.unfinished_run(plan.command)
    if run is None:
        return None
    (began,) = archive.db.execute("select started_at from run where id = ?", (run,)).fetchone()
    if now_utc() - datetime.fromisoformat(began) < timedelta(hours=plan.settings.thresholds["resume_hours"]):
        return run
    archive.finish_run(run, "abandoned")
    return None


def _run(stages: Stages) -> Morning:
    """All stages in order, and what they come to."""
    crawled = stages.crawled()
    read = stages.read()
    alarms = _alarms(stages, crawled, read)
    # Told to the archive before the publication, so that it is in it, and again at the end.
    so_far = _morning(stages, crawled, read, None, UNVERIFIED, alarms)
    keep(stages.plan, replace(so_far, ended=False))
    published = None
    try:
        published = stages.published(alarms)
    except HeldBack as held:
        alarms.append(Alarm("gates", "; ".join(map(str, held.verdict.failed)), _FORCE, Level.GRAVE))
    morning = _morning(stages, crawled, read, published, stages.verified(), alarms)
    keep(stages.plan, morning)
    return tell(stages.plan, morning)


def _alarms(stages: Stages, crawled: Crawled, read: ReadResult) -> list[Alarm]:
    thresholds = stages.plan.settings.thresholds
    with Archive.read_only(stages.plan.db) as archive:

        def history(name: str, subject: str) -> list[float]:
            return archive.measured(name, subject, stages.run, thresholds.whole("history_nights"))

        fixtures = stages.plan.db.parent / "fixtures"
        seen = Night(archive.db, stages.plan.out, stages.began, crawled, read, thresholds, history, fixtures)
        return watch(seen)


def _morning(
    stages: Stages,
    crawled: Crawled,
    read: ReadResult,
    published: Published | None,
    verified: Verified,
    alarms: Sequence[Alarm],
) -> Morning:
    with Archive.read_only(stages.plan.db) as archive:
        since = {
            alarm.monitor: archive.rings_since(alarm.monitor, stages.run, stages.began) for alarm in alarms
        }
        took = archive.stages(stages.run)
    return Morning(
        stages.run,
        stages.began,
        crawled,
        read,
        published,
        verified,
        tuple(alarms),
        since,
        stages.late,
        took,
    )
