"""What a night came to: the facts, the one word, the one sentence, and the exit code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from nianbao.front.exits import Exit
from nianbao.front.terminal import say
from nianbao.monitors.base import Alarm, Level

if TYPE_CHECKING:
    from archive.derived.derive import ReadResult
    from archive.publish import Published
    from nianbao.crawl_process import Crawled
    from nianbao.keeping import Verified


class Outcome(StrEnum):
    """How a night ended that came to its end. The gravest one that is true is said."""

    OK = "ok"
    PARTIAL = "partial"
    BLOCKED = "blocked"
    DEGRADED = "degraded"
    DAMAGED = "damaged"


CODES = {
    Outcome.OK: Exit.OK,
    Outcome.PARTIAL: Exit.WRONG,
    Outcome.BLOCKED: Exit.BLOCKED,
    Outcome.DEGRADED: Exit.DEGRADED,
    Outcome.DAMAGED: Exit.DAMAGED,
}


@dataclass(frozen=True, slots=True)
class Morning:
    """What a night did and what is wrong.

    `published` is None when the publication was held back or there was no time for it; `late` says what was left
    undone because the time was over; `ended` is False for what the publication says of its own night; `since` says of each alarm since when it has rung every night.
    """

    run: str
    began: str
    crawled: Crawled
    read: ReadResult
    published: Published | None
    verified: Verified
    alarms: tuple[Alarm, ...]
    since: Mapping[str, str]
    late: str = ""
    stages: Sequence[Mapping[str, Any]] = ()
    ended: bool = True

    @property
    def outcome(self) -> Outcome:
        """The word for it (docs/exit-codes.md)."""
        ringing = [alarm for alarm in self.alarms if alarm.level is not Level.NOTE]
        if self.verified.problems:
            return Outcome.DAMAGED
        if any(alarm.level is Level.GRAVE for alarm in ringing):
            return Outcome.DEGRADED
        if any(alarm.monitor == "blocked" for alarm in ringing):
            return Outcome.BLOCKED
        return Outcome.PARTIAL if ringing or self.late or self.crawled.spent else Outcome.OK

    @property
    def code(self) -> Exit:
        """What the exit code tells cron."""
        return CODES[self.outcome]

    @property
    def needs_a_person(self) -> tuple[Alarm, ...]:
        """What does not mend itself."""
        return tuple(alarm for alarm in self.alarms if alarm.level is not Level.NOTE)

    @property
    def sentence(self) -> str:
        """What is well and what needs a person."""
        did = f"{self.crawled.requests} requests, {self.read.versions} new versions"
        shown = (
            f"{self.published.reports} reports are published" if self.published else "nothing was published"
        )
        wrong = list(dict.fromkeys(alarm.monitor for alarm in self.needs_a_person))
        wrong += ["the archive is damaged"] if self.verified.problems else []
        if wrong:
            needs = "1 thing needs" if len(wrong) == 1 else f"{len(wrong)} things need"
            return f"{needs} a person ({', '.join(wrong)}); {did}, {shown}."
        rest = self.late or self.crawled.spent
        if rest:
            return f"Well as far as it came, for {rest}; {did}, {shown}."
        return f"Nothing is wrong. {did[0].upper()}{did[1:]}, {shown}."

    def as_json(self) -> dict[str, Any]:
        """The report as it is printed with --json, sent, and kept."""
        return {
            "outcome": self.outcome.value,
            "code": int(self.code),
            "sentence": self.sentence,
            "run": self.run,
            "began": self.began,
            "crawl": asdict(self.crawled),
            "read": asdict(self.read),
            "published": self.published and {**asdict(self.published), "path": str(self.published.path)},
            "verified": self.verified.as_json(),
            "late": self.late,
            "alarms": [
                {**asdict(alarm), "since": self.since.get(alarm.monitor, self.began)} for alarm in self.alarms
            ],
            "stages": [dict(stage) for stage in self.stages],
        }


def behind(published: Mapping[str, Any]) -> str:
    """The country in one number, from a publication as a report of a night has it."""
    share = 100 * published["held"] / published["requests"]
    reported = f"{published['requests']} requests that the highest areas report for {published['year']}"
    return f"of {reported} the reports behind {published['held']} are held ({share:.1f} %)"


def show(morning: Morning) -> None:
    """The morning report as text."""
    crawled, read, published = morning.crawled, morning.read, morning.published
    new = f"{crawled.new_captures} new captures"
    say(f"crawled: {crawled.requests} requests, {crawled.fetched} fetched, {new}")
    for outcome, count in sorted((crawled.outcomes or {}).items()):
        say(f"  {outcome}: {count}")
    say(f"read: {read.read} captures, {read.reports} with a report, {read.unreadable} unreadable")
    say(f"new: {read.versions} versions, {read.figures} figures, {read.findings} findings")
    if published is not None:
        say(f"published: {published.reports} reports in {published.versions} versions, at {published.path}")
        if published.unkept:
            say(f"not kept as a release: {published.unkept}")
        if published.requests:
            say(f"whole: {behind(asdict(published))}")
    else:
        why = morning.late or "held back for what is said below"
        say(f"published: nothing, {why}; readers see the last publication")
    say(f"verified: {morning.verified.blobs} blobs, {len(morning.verified.problems)} problems")
    for alarm in morning.alarms:
        say(f"{'note' if alarm.level is Level.NOTE else 'WRONG'}: {alarm}")
    say(morning.sentence)
