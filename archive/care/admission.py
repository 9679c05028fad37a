"""What a row of a foreign archive must be before it is believed: our own columns, each with its check.

One table of columns for each table that is captured. An id that follows from its row is computed again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

from archive.care.values import (
    AHEAD,
    JSON,
    LONG,
    SKEW,
    WORDS,
    Check,
    Value,
    address,
    codes,
    day,
    headers,
    hex_id,
    json_object,
    json_text,
    line,
    meta,
    moment,
    number,
    one_of,
    optional,
    sha256,
    shaped,
    text,
    whole,
)
from archive.ids import content_id
from archive.outcomes import Outcome, RequestKind, RequestState, host_of
from archive.state.judging import Verdict, key
from archive.state.lives import Life

Row = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of ours: its check, the bytes that a value may have, and its value in archives older than itself."""

    name: str
    check: Check
    bytes: int = 4 * WORDS
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A captured table as it is read from a foreign archive. `between` gives what is wrong between columns."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("id",)
    between: Callable[[Row], str] = lambda row: ""

    def wrong(self, row: Row) -> str:
        """Why a row is refused; empty for one that passes."""
        for column in self.columns:
            if said := column.check(row[column.name]):
                return f"{column.name} {said}"
        return self.between(row)


def _follows(*names: str, prefix: str = "") -> Callable[[Row], str]:
    """The id must be that of these columns."""
    first = (prefix,) if prefix else ()

    def check(row: Row) -> str:
        found = content_id(*first, *(row[name] for name in names))
        return "" if row["id"] == found else "id does not follow from the row"

    return check


def _request(row: Row) -> str:
    if host_of(str(row["url"])) != row["host"]:
        return "host is not that of its address"
    if (row["state"] == RequestState.DONE) and row["done_at"] is None:
        return "state is done, and done_at says nothing"
    return _follows("method", "url", "body")(row)


def _fetch(row: Row) -> str:
    return "sha256 is missing, though size is not 0" if row["size"] and row["sha256"] is None else ""


def _run(row: Row) -> str:
    return "ended_at is before started_at" if str(row["ended_at"] or "~") < str(row["started_at"]) else ""


def _seen(row: Row) -> str:
    return "last_seen is before first_seen" if str(row["last_seen"]) < str(row["first_seen"]) else ""


def _all(*checks: Callable[[Row], str]) -> Callable[[Row], str]:
    return lambda row: next(filter(None, (check(row) for check in checks)), "")


def _judgement(row: Row) -> str:
    named = json.loads(str(row["codes"]))
    found = key(str(row["report_id"]), str(row["kind"]), named, str(row["message"]))
    return "" if row["id"] == found else "id does not follow from the row"


JOIN_VERDICTS = frozenset({"joined", "parted"})
_KINDS = frozenset(RequestKind)
_QUEUED = _KINDS - {RequestKind.ROBOTS, RequestKind.PROBE}


def tables(now: datetime) -> tuple[Table, ...]:
    """Every captured table but `blob`, with the columns that are read of it, as of now."""
    past, ahead = (lru_cache(maxsize=65_536)(partial(moment, until=now + by)) for by in (SKEW, AHEAD))
    maybe = partial(optional, check=past)
    kind, queued = partial(one_of, allowed=_KINDS), partial(one_of, allowed=_QUEUED)
    outcome = partial(one_of, allowed=frozenset(Outcome))
    address_or_none = partial(optional, check=address, empty="")

    def columns(**checks: Check) -> tuple[Column, ...]:
        return tuple(Column(name, check) for name, check in checks.items())

    def long(name: str, check: Check, size: int = 4 * JSON) -> Column:
        return Column(name, check, size)

    def written(allowed: Callable[[Any], str]) -> Check:
        return partial(json_text, allowed=allowed)

    return (
        Table(
            "run",
            columns(id=hex_id, command=line, vantage=line, started_at=past, ended_at=maybe,
                    outcome=partial(optional, check=line)),
            between=_run,
        ),
        Table(
            "source",
            (
                *columns(id=line, name=line, division=line, level=line, kind=line,
                         entry=line, url=address, family=line, note=text),
                Column("at", partial(optional, check=past, empty=""), before=""),
            ),
        ),
        Table(
            "request",
            (
                *columns(id=hex_id, url=address, method=partial(one_of, allowed=("GET", "POST")), body=text,
                         host=line, kind=queued, source_id=line, referer=address_or_none,
                         depth=partial(whole, most=1000), priority=partial(whole, least=-1000, most=1000)),
                long("meta", written(meta)),
                *columns(state=partial(one_of, allowed=frozenset(RequestState)),
                         attempts=partial(whole, most=1_000_000), queued_at=past, due_at=ahead, done_at=maybe,
                         run_id=line),
            ),
            between=_request,
        ),
        Table(
            "fetch",
            (
                *columns(id=hex_id, request_id=hex_id, run_id=line, url=address, final_url=address, kind=kind,
                         source_id=line, at=past, outcome=outcome,
                         status=partial(optional, check=partial(whole, most=999)), reason=text),
                long("headers", written(headers)),
                *columns(size=whole, sha256=partial(optional, check=sha256), elapsed_ms=whole),
            ),
            between=_fetch,
        ),
        Table(
            "witness",
            columns(fetch_id=hex_id, via=line, digest=line, at=past),
            ("fetch_id",),
        ),
        Table(
            "capture",
            columns(id=hex_id, url=address, sha256=sha256, kind=kind, content_type=text, first_seen=past,
                    last_seen=past),
            between=_all(_seen, _follows("url", "sha256", prefix="capture")),
        ),
        Table(
            "link",
            columns(id=hex_id, from_url=address, to_url=address, title=text, date=day, kind=queued,
                    decision=text, reason=text, source_id=line, first_seen=past, last_seen=past),
            between=_all(_seen, _follows("from_url", "to_url", "title", prefix="link")),
        ),
        Table("base", columns(host=line, kind=kind, sha256=sha256, at=past), ("host", "kind")),
        Table(
            "host",
            columns(host=line, outcome=outcome, nights=partial(whole, most=100_000),
                    until=partial(optional, check=ahead, empty=""), at=past, run_id=line, reason=text),
            ("host",),
        ),
        Table(
            "host_event",
            columns(id=hex_id, host=line, kind=line, at=past, run_id=line, evidence=text),
            between=_follows("host", "kind", "run_id", prefix="event"),
        ),
        Table(
            "listing_page",
            (
                *columns(id=hex_id, run_id=line, source_id=line, column_url=address, url=address,
                         body=line, number=whole, announced=partial(optional, check=whole)),
                long("rows", partial(text, most=4 * JSON), 16 * JSON),
                *columns(site=line, at=past),
            ),
            between=_follows("run_id", "column_url", "url", "body", prefix="listing"),
        ),
        Table(
            "source_night",
            columns(source_id=line, run_id=line, at=past, rows=whole, problem=text),
            ("source_id", "run_id"),
        ),
        Table(
            "found_source",
            columns(id=line, name=line, division=line, level=line, kind=line, url=address,
                    family=line, portal_id=line, evidence=text, at=past),
        ),
        Table(
            "source_life",
            columns(source_id=line, vantage=line, at=past,
                    state=partial(one_of, allowed=frozenset(Life)), outcome=outcome, family=line, evidence=text,
                    run_id=line),
            ("source_id", "vantage", "at"),
        ),
        Table(
            "candidate",
            columns(id=line, name=line, division=line, level=line, kind=line, entry=line, url=address,
                    family=line, note=text, from_url=address, evidence=text, at=past),
        ),
        Table(
            "judgement",
            (
                *columns(id=hex_id, report_id=hex_id, kind=line),
                long("codes", written(codes)),
                *columns(message=text, verdict=partial(one_of, allowed=frozenset(Verdict)), note=text, at=past),
            ),
            between=_judgement,
        ),
        Table(
            "absence",
            columns(id=hex_id, body_id=hex_id, body=line, year=whole, note=text, withdrawn=partial(whole, most=1), at=past),
            between=_follows("body_id", "year", prefix="absence"),
        ),
        Table(
            "body_join",
            columns(id=hex_id, one=hex_id, other=hex_id, verdict=partial(one_of, allowed=JOIN_VERDICTS), note=text,
                    at=past),
            between=_follows("one", "other", prefix="join"),
        ),
        Table(
            "parser_change",
            columns(capture_id=hex_id, ordinal=whole, code=line, old_parser=line, new_parser=line,
                    old=text, new=text, at=past),
            ("capture_id", "ordinal", "code", "old_parser", "new_parser", "at"),
        ),
        Table(
            "stage",
            (
                *columns(run_id=line, name=line, at=past, ended_at=maybe),
                long("facts", partial(optional, check=written(json_object), empty="")),
            ),
            ("run_id", "name"),
        ),
        Table(
            "measure",
            columns(run_id=line, name=line, subject=line, value=number, at=past),
            ("run_id", "name", "subject"),
        ),
        Table(
            "morning",
            (
                *columns(run_id=line, at=past, outcome=line, sentence=text),
                long("report", written(json_object)),
            ),
            ("run_id",),
        ),
        Table(
            "alarm",
            columns(run_id=line, monitor=line, level=line, since=past, what=text, remedy=text, at=past),
            ("run_id", "monitor"),
        ),
    )  # fmt: skip


BLOB = Table(
    "blob",
    (
        Column("sha256", sha256),
        Column("size", partial(whole, most=LONG)),
        Column(
            "encoding",
            partial(shaped, shape=re.compile("raw|zstd(?::[0-9a-f]{64})?"), what="none that we know"),
        ),
        Column("data", lambda value: "" if isinstance(value, bytes) else "is no bytes", LONG + (1 << 16)),
    ),
    ("sha256",),
)
"""The table of the bytes; whether they are those of their name is seen when they are unpacked."""
