"""Is all well, what needs a person, and since when; then what an archive holds and what waits in its queue."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from archive.outcomes import ANSWERS
from archive.store import Archive
from nianbao.front.terminal import say, show_table
from nianbao.nightly.morning import behind

_COUNTS = ("source", "capture", "blob", "body", "report", "version", "figure", "finding")
SHOWN = 20
"""So many rows of a list are shown; --json has them all."""
_LINES = 10
"""The short status has no more lines than this, whatever is wrong."""

_GROUPS = {
    "outcomes": "select outcome, count(*) from fetch group by outcome order by 2 desc, 1",
    "queue": "select state, count(*) from request group by state order by 1",
    "readings": "select state, count(*) from reading group by state order by 1",
    "sources": "select state, count(*) from source_life l where at = (select max(at) from source_life m"
    " where m.source_id = l.source_id) group by state order by 2 desc, 1",
    "coverage": "select state, count(*) from coverage group by state order by 1",
}
_READ_AS = """
select c.url, r.message as why from reading r join capture c on c.id = r.capture_id
where r.state = ? order by c.url, r.ordinal
"""
# What the last crawl did not get, each address as it was answered last.
_FAILED = """
select url, outcome as why, max(at) from fetch
where outcome not in (select value from json_each(?)) and kind not in ('robots', 'probe')
and run_id = (select id from run where command = 'crawl' or command like 'crawl %'
              order by started_at desc, rowid desc limit 1)
group by url order by url
"""


# The country in one number, as the last night that published had it.
_WHOLE = """
select json_extract(report, '$.published') as published from morning
where json_extract(report, '$.published.requests') > 0 order by at desc, rowid desc limit 1
"""


def status(archive: Archive) -> dict[str, Any]:
    """All of it, as it is printed with --json."""
    db = archive.db
    groups = {name: dict(map(tuple, db.execute(sql))) for name, sql in _GROUPS.items()}
    morning = archive.last_morning()
    night = _last(archive, "night")
    unended = night is not None and night["outcome"] in (None, "interrupted", "failed")
    needs = [alarm for alarm in morning["alarms"] if alarm["level"] != "note"] if morning else []
    return {
        "well": morning["outcome"] == "ok" and not unended if morning else None,
        "unended": unended,
        "needs_a_person": needs,
        "morning": morning,
        "last_well": _last_well(archive),
        "whole": _whole(archive),
        "holds": {name: _count(archive, name) for name in _COUNTS},
        "bytes": db.execute("select coalesce(sum(length(data)), 0) from blob").fetchone()[0],
        **groups,
        "unplaced": _rows(db.execute(_READ_AS, ("unplaced",))),
        "unreadable": _rows(db.execute(_READ_AS, ("unreadable",))),
        "failed": _rows(db.execute(_FAILED, (json.dumps(sorted(ANSWERS)),))),
        "last_night": night,
        "last_crawl": _last(archive, "crawl"),
    }


def show(found: dict[str, Any]) -> None:
    """In ten lines: is all well, what needs a person, since when."""
    lines = [_headline(found), *_last_runs(found)]
    holds = found["holds"]
    counts = f"{holds['report']} reports in {holds['version']} versions, {holds['capture']} captures"
    waiting = f"{found['queue'].get('queued', 0)} requests queued"
    lines.append(f"Holds: {counts}, {waiting}, {len(found['unplaced'])} reports of unknown body or year")
    if found["whole"]:
        lines.append(f"Whole: {behind(found['whole'])}")
    if found["sources"]:
        states = ", ".join(f"{number} {state}" for state, number in found["sources"].items())
        lines.append(f"Sources: {found['holds']['source']}; {states}")
    room = _LINES - len(lines) - 1
    needs = found["needs_a_person"]
    lines += [
        f"since {alarm['since'][:10]} {alarm['monitor']}: {alarm['what']}; {alarm['remedy']}"
        for alarm in needs[:room]
    ]
    if len(needs) > room:
        lines.append(f"and {len(needs) - room} more; the report of the night names them all")
    else:
        lines.append("More: nianbao status --all")
    for line in lines:
        say(line)


def show_all(found: dict[str, Any]) -> None:
    """The tables behind it."""
    show_table("The archive holds", ("what", "how many"), found["holds"].items())
    show_table("Fetches by outcome", ("outcome", "how many"), found["outcomes"].items())
    show_table("Requests", ("state", "how many"), found["queue"].items())
    show_table("Captures as read", ("state", "how many"), found["readings"].items())
    show_table("Sources: what they turned out to be", ("state", "how many"), found["sources"].items())
    show_table("Coverage: a body and a year", ("state", "how many"), found["coverage"].items())
    _show_some("Reports of unknown body or year", found["unplaced"])
    _show_some("Captures that cannot be read", found["unreadable"])
    _show_some("Addresses that the last crawl could not have", found["failed"])


def _show_some(title: str, items: list[dict[str, str]]) -> None:
    if items:
        rows = [(item["url"], item["why"]) for item in items[:SHOWN]]
        show_table(f"{title} ({len(items)})", ("url", "why"), rows)


def _rows(found: Iterable[sqlite3.Row]) -> list[dict[str, str]]:
    return [{"url": row["url"], "why": row["why"]} for row in found]


def _headline(found: dict[str, Any]) -> str:
    morning = found["morning"]
    if morning is None:
        return "No night has come to its end yet; run `nianbao night`"
    if found["unended"]:
        began = found["last_night"]["started_at"]
        return f"The night that began {began} did not come to its end, or runs still. Before: {morning['sentence']}"
    if found["well"]:
        return f"All is well, as of {morning['at']}: {morning['sentence']}"
    last = f" The last good night was {found['last_well']}." if found["last_well"] else ""
    return f"{morning['outcome'].capitalize()}, as of {morning['at']}: {morning['sentence']}{last}"


def _last_runs(found: dict[str, Any]) -> list[str]:
    return [f"Last {name}: {_sentence(found[f'last_{name}'])}" for name in ("night", "crawl")]


def _count(archive: Archive, table: str) -> int:
    count: int = archive.db.execute(f"select count(*) from {table}").fetchone()[0]
    return count


def _last_well(archive: Archive) -> str | None:
    at: str | None = archive.db.execute("select max(at) from morning where outcome = 'ok'").fetchone()[0]
    return at


def _whole(archive: Archive) -> dict[str, int] | None:
    row = archive.db.execute(_WHOLE).fetchone()
    published = json.loads(row["published"]) if row else None
    return {name: published[name] for name in ("year", "requests", "held")} if published else None


def _last(archive: Archive, command: str) -> dict[str, Any] | None:
    row = archive.db.execute(
        "select started_at, ended_at, outcome from run where command = ? or command like ?"
        " order by started_at desc, rowid desc limit 1",
        (command, f"{command} %"),
    ).fetchone()
    return dict(row) if row else None


def _sentence(run: dict[str, Any] | None) -> str:
    if run is None:
        return "none yet"
    if run["ended_at"] is None:
        return f"began {run['started_at']} and did not end; run it again, it goes on where it stopped"
    return f"{run['outcome']}, from {run['started_at']} to {run['ended_at']}"
