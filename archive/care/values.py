"""What a value of a foreign archive must be before it is believed: ids, dates, closed sets, shapes and sizes.

A check gives what is wrong with a value, or nothing. Sizes: the longest that a crawl writes, several times over.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from typing import Any

from archive.outcomes import host_of

Value = str | bytes | int | float | None
Check = Callable[[Value], str]
"""Gives why a value is refused; empty for one that passes."""

OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
"""There was no web before."""
SKEW = timedelta(days=1)
"""So far two honest clocks may be apart."""
AHEAD = timedelta(days=120)
"""The furthest that a crawl plans: a document is due again after 90 days, a host is left alone for 60 at most."""
LONG = 64 * 1024 * 1024
"""Bytes of the longest body that a crawl keeps, and with it of every value."""
_NAME, WORDS, _URL, JSON = 400, 16_000, 8_000, 256 * 1024
"""Characters of a name, a text, an address and what is written as JSON."""
_MANY = 1 << 31
_META_KEYS, _DEEPEST = 40, 20
_COUNTS = frozenset({"page", "total", "seen", "empty", "year"})
"""What the crawl counts with in the `meta` of a request."""

_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_CONTROL = re.compile("[\0-\x1f\x7f\ud800-\udfff]")
_ADDRESS = re.compile(r"https?://[^\s\0-\x20\x7f\ud800-\udfff]+", re.I)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.A)
_DAY = re.compile(r"(?:\d{4}(?:-\d\d(?:-\d\d)?)?)?", re.A)
_ID = re.compile(r"[0-9a-f]{16}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


# --- values ---


def text(value: Value, most: int = WORDS) -> str:
    if not isinstance(value, str):
        return "is no text"
    if len(value) > most:
        return f"is longer than {most} characters"
    return "holds a NUL or what is no character" if _NO_TEXT.search(value) else ""


def line(value: Value) -> str:
    """Text in one line that names something."""
    if wrong := text(value, _NAME):
        return wrong
    return "holds control characters" if _CONTROL.search(str(value)) else ""


def shaped(value: Value, shape: re.Pattern[str], what: str) -> str:
    return "" if isinstance(value, str) and shape.fullmatch(value) else f"is {what}"


hex_id = partial(shaped, shape=_ID, what="no id of 16 hexadecimal digits")
sha256 = partial(shaped, shape=_SHA256, what="no SHA-256 of 64 hexadecimal digits")
day = partial(shaped, shape=_DAY, what="no day")


def optional(value: Value, check: Check, empty: Value = None) -> str:
    return "" if value is empty or value == empty else check(value)


def one_of(value: Value, allowed: Collection[str]) -> str:
    return "" if isinstance(value, str) and value in allowed else "is none of the words that we know"


def address(value: Value) -> str:
    if not isinstance(value, str) or len(value) > _URL or not _ADDRESS.fullmatch(value):
        return "is no address of the web"
    try:
        return "" if host_of(value) else "is an address without a host"
    except ValueError:
        return "is no address of the web"


def whole(value: Value, least: int = 0, most: int = _MANY) -> str:
    return "" if isinstance(value, int) and least <= value <= most else "is no number that can be"


def number(value: Value) -> str:
    return "" if isinstance(value, int | float) and math.isfinite(value) else "is no number"


@lru_cache(maxsize=65_536)
def _at(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
    except ValueError:
        return None


def moment(value: Value, until: datetime) -> str:
    at = _at(value) if isinstance(value, str) else None
    if at is None:
        return "is no moment as the archive writes it"
    if at < OLDEST:
        return "is older than the web"
    return "lies in the future" if at > until else ""


def json_text(value: Value, allowed: Callable[[Any], str], most: int = JSON) -> str:
    if wrong := text(value, most):
        return wrong
    try:
        found = json.loads(str(value))
        return _characters(found) or allowed(found)
    except (ValueError, RecursionError):
        return "is no JSON"


def _characters(value: Any, depth: int = 0) -> str:
    """JSON can spell what no text may hold, and nest deeper than any reader goes."""
    if depth > _DEEPEST:
        return "is nested too deep"
    if isinstance(value, str):
        return "holds a NUL or what is no character" if _NO_TEXT.search(value) else ""
    if isinstance(value, dict):
        inside: list[Any] = [*value, *value.values()]
    else:
        inside = value if isinstance(value, list) else []
    return next(filter(None, (_characters(each, depth + 1) for each in inside)), "")


def headers(found: Any) -> str:
    said = isinstance(found, dict) and all(isinstance(value, str) for value in found.values())
    return "" if said else "is no list of headers"


def codes(found: Any) -> str:
    said = isinstance(found, list) and all(isinstance(code, str) for code in found)
    return "" if said else "is no list of codes"


def json_object(found: Any) -> str:
    return "" if isinstance(found, dict) else "is no object of JSON"


def meta(found: Any) -> str:
    """What a request carries on: flat, and numbers where the crawl counts with them."""
    if not isinstance(found, dict) or len(found) > _META_KEYS:
        return "is no object of JSON that a crawl writes"
    for name, value in found.items():
        counted = type(value) is int and 0 <= value <= _MANY
        plain = counted or value is None or type(value) in (bool, str)
        if name not in _COUNTS and type(value) in (int, float):
            plain = math.isfinite(value) and abs(value) <= _MANY
        if not plain or (name in _COUNTS and not counted and value is not None):
            return f"has an odd {name}"
        if isinstance(value, str) and len(value) > _URL:
            return f"has a {name} that is too long"
    return ""
