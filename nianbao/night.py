"""One night: crawl, read, look, publish when nothing speaks against it, verify a part, and report in the morning.

Each stage is kept in the archive when it is done. A night that was cut short, by whatever, is gone on with at the
first stage that was not.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from archive.derive import ReadResult
from archive.errors import ArchiveError
from archive.fixity import Problem
from archive.mornings import Rung
from archive.outcomes import now_utc
from archive.publish import HeldBack, Published
from archive.store import Archive
from nianbao import delivery, reporting, steps
from nianbao.budgets import Budget
from nianbao.exits import CommandError, Exit
from nianbao.keeping import Verified, verify
from nianbao.lock import only_one
from nianbao.measures import measures
from nianbao.monitors import Alarm, Level, Night, watch
from nianbao.morning import Morning
from nianbao.settings import Settings
from nianbao.steps import Crawled
from nianbao.stops import Stop
from nianbao.terminal import complain

_HOPELESS = {Exit.USAGE, Exit.CONFIGURATION, Exit.LOCKED, Exit.DISK_FULL, Exit.DAMAGED, Exit.INTERRUPTED}
"""A crawl that ends so leaves nothing to read: the night ends with the same code."""
_RESERVE = 1.5
"""So many times as long as last time is kept free for what comes after a stage."""
_FORCE = "find out why; if it is right, run `nianbao publish --force REASON`"
_UNVERIFIED = Verified("", 0, ())
_LATE = "its time was over"
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a night is to do. `about` tells nights of single sources or hosts apart; `reports` is where reports go."""

    db: Path
    out: Path
    crawl_options: Sequence[str] = ()
    about: str = ""
    jobs: int = 1
    budget: Budget = field(default_factory=Budget)
    settings: Settings = field(default_factory=Settings)
    reports: Path | None = None

    @property
    def command(self) -> str:
        """The night as the archive names it: a night goes on only with one of the same command."""
        return f"night {self.about}".rstrip()


class OutOfTime(Exception):
    """The time of the night is over; what is left is for the next one."""


def night(plan: Plan) -> Morning:
    """Runs one night under its lock. CommandError when it could not be run to its end."""
    with only_one(plan.db.parent / "night.lock", "another night"), Stop() as stop:
        _want_room(plan)
        with Archive.open(plan.db) as archive:
            run = _resumed(archive, plan) or archive.start_run(plan.command)
        try:
            morning = _Run(plan, run, stop).to_its_end()
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


@dataclass
class _Run:
    """One night while it runs."""

    plan: Plan
    run: str
    stop: Stop
    late: str = ""

    def to_its_end(self) -> Morning:
        self.began = self._began()
        crawled = self._crawled()
        read = self._read()
        alarms = self._alarms(crawled, read)
        self._keep(replace(self._morning(crawled, read, None, _UNVERIFIED, alarms), ended=False))
        try:
            published = self._published(alarms)
        except HeldBack as held:
            published = None
            alarms.append(Alarm("gates", "; ".join(map(str, held.verdict.failed)), _FORCE, Level.GRAVE))
        verified = self._verified()
        morning = self._morning(crawled, read, published, verified, alarms)
        self._keep(morning)
        return self._told(morning)

    # --- stages ---

    def _crawled(self) -> Crawled:
        done = self._done("crawl")
        if done is not None:
            return Crawled(**{**done, "problems": tuple(done["problems"])})
        options = [*self.plan.crawl_options, *self._left().options()]
        crawled = steps.crawl(self.plan.db, options)
        if crawled.code in _HOPELESS:
            raise CommandError(
                "the night stopped: its crawl could not run, as said above", Exit(crawled.code)
            )
        with Archive.read_only(self.plan.db) as archive:
            crawled = _since(archive, self.began, crawled)
        return self._end("crawl", asdict(crawled), crawled)

    def _left(self) -> Budget:
        """What the crawl may use: what the night has left, and time enough for what comes after the crawl."""
        budget = self.plan.budget
        with Archive.read_only(self.plan.db) as archive:
            used, size = archive.db.execute(
                "select count(*), coalesce(sum(size), 0) from fetch where at >= ?", (self.began,)
            ).fetchone()
            after = sum(
                (archive.last_stage_took(name) for name in ("read", "publish", "verify")), timedelta()
            )
        return Budget(
            budget.until and self._before(budget.until, after),
            None if budget.requests is None else max(0, budget.requests - used),
            None if budget.bytes is None else max(0, budget.bytes - size),
        )

    def _before(self, until: datetime, after: timedelta) -> datetime:
        now = datetime.now(UTC)
        return max(until - _RESERVE * after, now + (until - now) / 2)

    def _read(self) -> ReadResult:
        done = self._done("read")
        if done is not None:
            return ReadResult(**done)
        with Archive.read_only(self.plan.db) as archive:
            after = archive.last_stage_took("publish")
        until = self.plan.budget.until and self._before(self.plan.budget.until, after)
        try:
            with self.stop.patiently() as check:
                read = steps.read(self.plan.db, jobs=self.plan.jobs, check=lambda: _check(check, until))
        except OutOfTime:
            self.late = f"{_LATE} while it read"
            return ReadResult()
        return self._end("read", asdict(read), read)

    def _published(self, alarms: Sequence[Alarm]) -> Published | None:
        if any(alarm.level is Level.GRAVE for alarm in alarms):
            return None
        done = self._done("publish")
        if done is not None:
            return Published(**{**done, "path": Path(done["path"]), "forced": tuple(done["forced"])})
        if _is_over(self.plan.budget.until):
            self.late = self.late or f"{_LATE} before it published"
            return None
        with self.stop.patiently() as check:
            published = steps.publish(self.plan.db, self.plan.out, check=check)
        return self._end("publish", {**asdict(published), "path": str(published.path)}, published)

    def _verified(self) -> Verified:
        done = self._done("verify")
        if done is not None:
            return Verified(done["part"], done["blobs"], tuple(Problem(**each) for each in done["problems"]))
        if _is_over(self.plan.budget.until):
            self.late = self.late or f"{_LATE} before it verified"
            return _UNVERIFIED
        parts = self.plan.settings.thresholds.whole("verify_parts")
        verified = verify(self.plan.db, f"{now_utc().toordinal() % parts + 1}/{parts}", None)
        return self._end("verify", asdict(verified), verified)

    # --- looking ---

    def _alarms(self, crawled: Crawled, read: ReadResult) -> list[Alarm]:
        thresholds = self.plan.settings.thresholds
        with Archive.read_only(self.plan.db) as archive:

            def history(name: str, subject: str) -> list[float]:
                return archive.measured(name, subject, self.run, thresholds.whole("history_nights"))

            fixtures = self.plan.db.parent / "fixtures"
            seen = Night(archive.db, self.plan.out, self.began, crawled, read, thresholds, history, fixtures)
            return watch(seen)

    # --- the morning ---

    def _morning(
        self,
        crawled: Crawled,
        read: ReadResult,
        published: Published | None,
        verified: Verified,
        alarms: Sequence[Alarm],
    ) -> Morning:
        with Archive.read_only(self.plan.db) as archive:
            since = {alarm.monitor: archive.rings_since(alarm.monitor, self.run) for alarm in alarms}
            stages = archive.stages(self.run)
        return Morning(
            self.run,
            self.began,
            crawled,
            read,
            published,
            verified,
            tuple(alarms),
            since,
            self.late,
            stages,
        )

    def _keep(self, morning: Morning) -> None:
        """Into the archive: before the publication, so that it is in it, and again at the end."""
        rung = [
            Rung(a.monitor, a.level.value, morning.since[a.monitor], a.what, a.remedy) for a in morning.alarms
        ]
        least = self.plan.settings.thresholds.whole("rate_versions")
        with Archive.open(self.plan.db) as archive:
            kept = list(measures(archive.db, self.began, morning.crawled, least))
            archive.keep_morning(
                self.run, morning.outcome.value, morning.sentence, morning.as_json(), rung, kept
            )

    def _told(self, morning: Morning) -> Morning:
        """Writes the report, takes it where it should go, and tells the dead man's switch of a good night."""
        report = morning.as_json()
        folder = self.plan.reports or self.plan.db.parent / "nights"
        reporting.write(report, folder, self.plan.settings.thresholds.whole("reports_kept"))
        failed = delivery.deliver(self.plan.settings.deliver, report, reporting.page(report))
        if not failed and morning.code is Exit.OK:
            failed = delivery.ping(self.plan.settings.deliver)
        for said in failed:
            complain(said)
        if not failed:
            return morning
        alarm = Alarm("delivery", "; ".join(failed), "see [deliver] in the settings")
        morning = replace(
            morning, alarms=(*morning.alarms, alarm), since={**morning.since, "delivery": self.began}
        )
        self._keep(morning)
        return morning

    # --- what is kept of a stage ---

    def _began(self) -> str:
        with Archive.read_only(self.plan.db) as archive:
            row = archive.db.execute("select started_at from run where id = ?", (self.run,)).fetchone()
            return str(row[0])

    def _done(self, name: str) -> dict[str, Any] | None:
        """What a stage did when it was done before this night was cut short; else it begins."""
        with Archive.open(self.plan.db) as archive:
            done = archive.stage(self.run, name)
            if done is None:
                archive.begin_stage(self.run, name)
            return done

    def _end(self, name: str, facts: dict[str, Any], result: Result) -> Result:
        with Archive.open(self.plan.db) as archive:
            archive.end_stage(self.run, name, facts)
        return result


def _check(check: steps.Check, until: datetime | None) -> None:
    check()
    if _is_over(until):
        raise OutOfTime


def _is_over(until: datetime | None) -> bool:
    return until is not None and datetime.now(UTC) >= until


_OUTCOMES = """
select outcome, count(*) from fetch where at >= ? and kind not in ('robots', 'probe') group by outcome
"""


def _since(archive: Archive, began: str, crawled: Crawled) -> Crawled:
    """A crawl with all that the night asked, also before it was cut short."""
    outcomes = dict(map(tuple, archive.db.execute(_OUTCOMES, (began,))))
    new = archive.db.execute("select count(*) from capture where first_seen >= ?", (began,)).fetchone()[0]
    if not crawled.ended or sum(outcomes.values()) <= crawled.requests:
        return crawled
    fetched = outcomes.get("ok", 0) + outcomes.get("not_modified", 0)
    return replace(
        crawled, requests=sum(outcomes.values()), fetched=fetched, new_captures=new, outcomes=outcomes
    )
