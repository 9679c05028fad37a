"""How long to wait with what failed: within a run, and over nights.

Three measures, by outcome. A request is asked again in the same run a few times (`PATIENCE`). A host that
fails several times in a row is left alone for the run (`HOST_TROUBLE`). A host that turned us away two
nights in a row is left alone for days (`cool_down`): it is a refusal, and asking daily would be pestering.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime

from archive.outcomes import Outcome, now_utc


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a failure is asked again within one run, and how long to wait, as a multiple of the usual."""

    retries: int
    wait: float = 1.0


PATIENCE: Mapping[Outcome, Patience] = {
    Outcome.TIMEOUT: Patience(1),
    Outcome.RESET: Patience(2),
    Outcome.PARTIAL: Patience(2),
    Outcome.SERVER_ERROR: Patience(2),
    Outcome.UNREACHABLE_CONNECT: Patience(2),
    Outcome.DNS_FAILED: Patience(1),
    Outcome.EMPTY: Patience(1),
    Outcome.THROTTLED: Patience(3, wait=4.0),
}
"""Whatever is not here is asked once a run."""

REFUSALS = frozenset(
    {
        Outcome.CHALLENGE_JS,
        Outcome.BLOCKED_WAF,
        Outcome.CAPTCHA,
        Outcome.LOGIN_REQUIRED,
        Outcome.SUSPICIOUS_CONTENT,
    }
)
"""Outcomes that no second request changes: somebody has to look, or the site has to change its mind."""

TRANSIENT = frozenset(PATIENCE) | REFUSALS | {Outcome.TLS_INVALID, Outcome.ATTACHMENT_MISMATCH}
"""Outcomes that say nothing about the document: the run was not complete, and the next one asks again."""

HOST_TROUBLE = frozenset(
    {
        Outcome.TIMEOUT,
        Outcome.RESET,
        Outcome.UNREACHABLE_CONNECT,
        Outcome.DNS_FAILED,
        Outcome.THROTTLED,
        Outcome.TLS_INVALID,
        Outcome.CHALLENGE_JS,
        Outcome.BLOCKED_WAF,
        Outcome.CAPTCHA,
    }
)
"""Outcomes that, several in a row, say that the host wants to be left alone for this run."""

_FIRST = {
    Outcome.CHALLENGE_JS: timedelta(days=7),
    Outcome.BLOCKED_WAF: timedelta(days=7),
    Outcome.CAPTCHA: timedelta(days=7),
    Outcome.TLS_INVALID: timedelta(days=7),
    Outcome.DNS_FAILED: timedelta(days=3),
    Outcome.UNREACHABLE_CONNECT: timedelta(days=1),
    Outcome.RESET: timedelta(days=1),
    Outcome.TIMEOUT: timedelta(days=1),
}
_LONGEST = timedelta(days=60)
HOST_GONE = 3
"""Nights in a row without an address after which a host counts as gone."""


def cool_down(outcome: Outcome, nights: int) -> timedelta:
    """How long a host is left alone that failed like this so many nights in a row.

    The first night costs nothing: many a refusal is over the next evening, and one request finds that out.
    """
    first = _FIRST.get(outcome)
    if first is None or nights < 2:
        return timedelta(0)
    doubled: int = 1 << min(nights - 2, 10)
    return min(first * doubled, _LONGEST)


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """How long a server asks to be left alone, in seconds or until a date; a day at most."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdecimal():
        return timedelta(seconds=min(int(value[:9]), 86_400))
    try:
        wait = parsedate_to_datetime(value) - now_utc()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, timedelta(0)), timedelta(days=1))
