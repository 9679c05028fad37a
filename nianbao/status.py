"""What an archive holds, what waits in its queue, and how its last night went."""

from __future__ import annotations

import sqlite3
from typing import Any

from nianbao.terminal import say, show_table

_COUNTS = ("source", "capture", "blob", "body", "report", "version", "figure", "finding")
UNPLACED_SHOWN = 20

_GROUPS = {
    "outcomes": "select outcome, count(*) from fetch group by outcome order by 2 desc, 1",
    "queue": "select state, count(*) from request group by state order by 1",
    "readings": "select state, count(*) from reading group by state order by 1",
    "coverage": "select state, count(*) from coverage group by state order by 1",
}
_UNPLACED = """
select c.url, r.message as why from reading r join capture c on c.id = r.capture_id
where r.state = 'unplaced' order by c.url, r.ordinal
"""


def status(db: sqlite3.Connection) -> dict[str, Any]:
    """All of it, as it is printed with --json."""
    groups = {name: dict(map(tuple, db.execute(sql))) for name, sql in _GROUPS.items()}
    return {
        "holds": {name: _count(db, name) for name in _COUNTS},
        "bytes": db.execute("select coalesce(sum(length(data)), 0) from blob").fetchone()[0],
        **groups,
        "unplaced": [dict(row) for row in db.execute(_UNPLACED)],
        "last_night": _last(db, "night"),
        "last_crawl": _last(db, "crawl"),
    }


def show(found: dict[str, Any]) -> None:
    """The same for a reader."""
    show_table("The archive holds", ("what", "how many"), found["holds"].items())
    show_table("Fetches by outcome", ("outcome", "how many"), found["outcomes"].items())
    show_table("Requests", ("state", "how many"), found["queue"].items())
    show_table("Captures as read", ("state", "how many"), found["readings"].items())
    show_table("Coverage: a body and a year", ("state", "how many"), found["coverage"].items())
    unplaced = found["unplaced"]
    if unplaced:
        rows = [(item["url"], item["why"]) for item in unplaced[:UNPLACED_SHOWN]]
        show_table(f"Reports of unknown body or year ({len(unplaced)})", ("url", "why"), rows)
    for name in ("crawl", "night"):
        say(f"Last {name}: {_sentence(found[f'last_{name}'])}")


def _count(db: sqlite3.Connection, table: str) -> int:
    count: int = db.execute(f"select count(*) from {table}").fetchone()[0]
    return count


def _last(db: sqlite3.Connection, command: str) -> dict[str, Any] | None:
    row = db.execute(
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
