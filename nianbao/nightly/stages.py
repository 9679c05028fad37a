"""The stages of a night: each is kept in the archive when it is done, and not done again when the night goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from archive.care.fixity import Problem
from archive.clock import MACHINE
from archive.derived.derive import ReadResult
from archive.errors import ArchiveError
from archive.outcomes import iso, now_utc
from archive.publish import Published
from archive.store import Archive
from nianbao import crawl_process, steps
from nianbao.crawl_process import Crawled
from nianbao.front.exits import CommandError, Exit
from nianbao.front.stops import Stop
from nianbao.keeping import Verified, verify
from nianbao.monitors import Alarm, Level
from nianbao.nightly.budgets import Budget
from nianbao.nightly.plan import Plan

_HOPELESS = {Exit.USAGE, Exit.CONFIGURATION, Exit.LOCKED, Exit.DISK_FULL, Exit.DAMAGED, Exit.INTERRUPTED}
"""A crawl that ends so leaves nothing to read: the night ends with the same code."""
_RESERVE = 1.5
"""So many times as long as last time is kept free for what comes after a stage."""
UNVERIFIED = Verified("", 0, ())
_LATE = "its time was over"
Result = TypeVar("Result")


AFTER = timedelta(minutes=3)
"""So long after its time a crawl has to have ended by itself: it waits for what is under way."""
STALLED = timedelta(minutes=20)
"""A crawl that kept no answer for so long has stopped: the longest that it waits for one is some minutes."""


class Overdue:
    """Why a crawl into `db` that should be over at `until` has to be ended, if it has to be."""

    def __init__(self, db: Path, until: datetime | None, *, stalls: bool = True) -> None:
        self._db, self._until, self._stalls = db, until, stalls
        self._last = 0
        self._since = MACHINE.now()

    def why(self) -> str:
        """Empty while nothing speaks against it."""
        now = MACHINE.now()
        if self._until is not None and now > self._until + AFTER:
            return f"its crawl went on after its time, {iso(self._until)}, and was ended"
        last = self._kept()
        if last != self._last:
            self._last, self._since = last, now
        if self._stalls and now - self._since > STALLED:
            return f"its crawl kept no answer for {STALLED.total_seconds() / 60:g} minutes and was ended"
        return ""

    def _kept(self) -> int:
        """A number that grows with each answer."""
        try:
            with Archive.read_only(self._db) as archive:
                return int(archive.db.execute("select coalesce(max(rowid), 0) from fetch").fetchone()[0])
        except ArchiveError:
            return self._last


class OutOfTime(Exception):
    """The time of the night is over; what is left is for the next one."""


@dataclass
class Stages:
    """The stages of one night, the run `run` of the archive that began at `began`; `late` says what time forbade."""

    plan: Plan
    run: str
    began: str
    stop: Stop
    late: str = ""

    def crawled(self) -> Crawled:
        """Crawls, within what the night has left. CommandError when that could not be done at all."""
        done = self._done("crawl")
        if done is not None:
            return Crawled(**{**done, "problems": tuple(done["problems"])})
        left = self._left()
        options = [*self.plan.crawl_options, *left.options()]
        # The workers of a cluster keep their answers elsewhere until the end.
        overdue = Overdue(self.plan.db, left.until, stalls=self.plan.cluster is None)
        crawled = crawl_process.crawl(self.plan.db, options, overdue=overdue.why)
        if crawled.code in _HOPELESS:
            raise CommandError(
                "the night stopped: its crawl could not run, as said above", Exit(crawled.code)
            )
        with Archive.read_only(self.plan.db) as archive:
            crawled = _since(archive, self.began, crawled)
        if crawled.outcome == "ended":
            self.late = crawled.spent
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
        now = MACHINE.now()
        return max(until - _RESERVE * after, now + (until - now) / 2)

    def read(self) -> ReadResult:
        """Reads what came, until the time is over."""
        done = self._done("read")
        if done is not None:
            return ReadResult(**done)
        with Archive.read_only(self.plan.db) as archive:
            after = archive.last_stage_took("publish")
        until = self.plan.budget.until and self._before(self.plan.budget.until, after)
        try:
            with self.stop.patiently() as check:
                read = steps.read(
                    self.plan.db,
                    jobs=self.plan.jobs,
                    cluster=self.plan.cluster,
                    check=lambda: _check(check, until),
                )
        except OutOfTime:
            self.late = f"{_LATE} while it read"
            return ReadResult()
        return self._end("read", asdict(read), read)

    def published(self, alarms: Sequence[Alarm]) -> Published | None:
        """Publishes, unless an alarm is too grave or the time is over. HeldBack when a gate is closed."""
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

    def verified(self) -> Verified:
        """Verifies the part of the archive whose turn it is."""
        done = self._done("verify")
        if done is not None:
            problems = tuple(Problem(**each) for each in done["problems"])
            return Verified(done["part"], done["blobs"], problems, unnamed=done.get("unnamed", 0))
        if _is_over(self.plan.budget.until):
            self.late = self.late or f"{_LATE} before it verified"
            return UNVERIFIED
        parts = self.plan.settings.thresholds.whole("verify_parts")
        verified = verify(self.plan.db, f"{now_utc().toordinal() % parts + 1}/{parts}", None)
        return self._end("verify", asdict(verified), verified)

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
    return until is not None and MACHINE.now() >= until


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
