"""What a crawl or a night may use, as a person says it: until 06:00, 20G bytes, 50000 requests, 270 minutes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from archive.clock import MACHINE
from nianbao.front.exits import CommandError, Exit
from nianbao.front.options import words

_SIZES = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that a command may use; None is no limit. `until` is in UTC."""

    until: datetime | None = None
    requests: int | None = None
    bytes: int | None = None

    def options(self) -> list[str]:
        """The same as options of `nianbao crawl`."""
        until = self.until and self.until.isoformat(timespec="seconds")
        return words({"--until": until, "--budget-requests": self.requests, "--budget-bytes": self.bytes})


def budget(
    until: str | None = None,
    budget_minutes: float | None = None,
    budget_requests: int | None = None,
    budget_bytes: str | None = None,
    *,
    now: datetime | None = None,
) -> Budget:
    """A budget out of options; the earlier of both times counts. CommandError (USAGE) when it is malformed."""
    now = now or MACHINE.now()
    ends = [_moment(until, now)] if until else []
    ends += [now + timedelta(minutes=budget_minutes)] if budget_minutes is not None else []
    size = None if budget_bytes is None else _bytes(budget_bytes)
    return Budget(min(ends, default=None), budget_requests, size)


def _moment(text: str, now: datetime) -> datetime:
    """06:00 is the next one by the clock of this machine; a whole date and time is taken as it stands."""
    try:
        if re.fullmatch(r"\d{1,2}:\d{2}", text):
            hour, minute = map(int, text.split(":"))
            local = now.astimezone().replace(hour=hour, minute=minute, second=0, microsecond=0)
            return (local if local > now else local + timedelta(days=1)).astimezone(UTC)
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as error:
        said = f"--until {text}: is no time; give HH:MM, such as 06:00, or a date and time in ISO 8601"
        raise CommandError(said, Exit.USAGE) from error


def _bytes(text: str) -> int:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?)B?", text.strip(), re.I)
    if found is None:
        raise CommandError(
            f"--budget-bytes {text}: is no size; give bytes, or such as 500M or 20G", Exit.USAGE
        )
    return int(float(found[1]) * _SIZES[found[2].upper()])
