"""The versions of one report, and what happened to it from night to night."""

from __future__ import annotations

import sqlite3
from collections import Counter
from typing import Any

from archive.derived.comparing import compare, content_of
from nianbao.front.exits import CommandError, Exit
from nianbao.front.terminal import show_table

_REPORTS = """
select r.id, r.scope, b.name as body from report r join body b on b.id = r.body_id
where b.id = ? and r.year = ? order by r.scope
"""
_YEARS = "select distinct year from report where body_id = ? order by year"
_VERSIONS = "select * from version where report_id = ? order by number"
_EVENTS = """
select at, class, url, before, version, evidence from event where report_id = ? order by at, url, class, ordinal
"""
_HASHES = """
select c.sha256 as bytes, r.text_hash as text, r.figures_hash as figures from capture c
join reading r on r.capture_id = c.id join rendition n on n.capture_id = r.capture_id and n.ordinal = r.ordinal
where n.version_id = ? and c.id = ?
"""


def history(db: sqlite3.Connection, body: str, year: int) -> list[dict[str, Any]]:
    """Every version of the body's reports of that year: what changed since the one before, and what happened to it."""
    found = []
    for report in reports_of(db, body, year):
        before = None
        events = [dict(row) for row in db.execute(_EVENTS, (report["id"],))]
        versions = versions_of(db, report["id"])
        for event in events:
            # A report that went or came back did so in its last version.
            event["version"] = event["version"] or event["before"] or versions[-1]["number"]
        for version in versions:
            found.append({**named(report, year), **_told(db, version, before, events)})
            before = version
    return found


def show_history(found: list[dict[str, Any]]) -> None:
    """The versions as a table, and below it what happened, without the noise."""
    rows = [
        (v["scope"], v["version"], v["first_seen"], v["last_seen"], v["figures"], _summary(v), v["url"])
        for v in found
    ]
    columns = ("scope", "version", "first seen", "last seen", "figures", "changed", "url")
    show_table(f"{found[0]['body']} {found[0]['year']}", columns, rows)
    happened = [(e["at"], e["class"], _step(e), e["url"], e["evidence"]) for v in found for e in v["events"]]
    if happened:
        show_table("What happened", ("at", "class", "version", "url", "evidence"), happened)


def reports_of(db: sqlite3.Connection, body: str, year: int) -> list[sqlite3.Row]:
    """The reports of the one body that is called so, in one year; CommandError when there is none."""
    found = body_of(db, body)["id"]
    reports = db.execute(_REPORTS, (found, year)).fetchall()
    if not reports:
        years = [str(row[0]) for row in db.execute(_YEARS, (found,))]
        said = f"it has those of {', '.join(years)}" if years else "it has none at all"
        raise CommandError(f"{body} has no report of {year} here; {said}", Exit.USAGE)
    return reports


def versions_of(db: sqlite3.Connection, report_id: str) -> list[sqlite3.Row]:
    """All versions of a report, oldest first."""
    return db.execute(_VERSIONS, (report_id,)).fetchall()


def named(report: sqlite3.Row, year: int) -> dict[str, Any]:
    """Which report it is, as every answer says it."""
    return {"body": report["body"], "year": year, "scope": report["scope"], "report_id": report["id"]}


def body_of(db: sqlite3.Connection, name: str) -> sqlite3.Row:
    """The one body (id, name, division) of this name or id, or of which this is a part of the name; CommandError."""
    for sql in ("select id, name, division from body where name = ? or id = ?", _PART):
        found = db.execute(sql, (name, name)).fetchall()
        if len(found) == 1:
            one: sqlite3.Row = found[0]
            return one
        if found:
            several = "; ".join(f"{row['name']} ({row['id']}, {row['division']})" for row in found[:8])
            raise CommandError(f"{name} stands for {len(found)} bodies, name one: {several}", Exit.USAGE)
    raise CommandError(f"no body is called {name}; a part of a name will do, such as 水利局", Exit.USAGE)


_PART = "select id, name, division from body where instr(name, ?) or id = ? order by name"


def _told(
    db: sqlite3.Connection, version: sqlite3.Row, before: sqlite3.Row | None, events: list[dict[str, Any]]
) -> dict[str, Any]:
    now = content_of(db, version["id"])
    change = compare(content_of(db, before["id"]), now).as_json() if before else {"figures": [], "prose": []}
    own = [event for event in events if event["version"] == version["number"]]
    hashes = db.execute(_HASHES, (version["id"], version["capture_id"])).fetchone()
    return {
        "version": version["number"],
        "title": version["title"],
        "url": version["url"],
        "first_seen": version["first_seen"],
        "last_seen": version["last_seen"],
        "hashes": dict(hashes) if hashes else {},
        "figures": len(now.cells),
        "changed": change["figures"],
        "prose": change["prose"],
        "events": [event for event in own if event["class"] != "noise"],
        "classes": dict(Counter(event["class"] for event in own)),
    }


def _summary(version: dict[str, Any]) -> str:
    noise = version["classes"].get("noise", 0)
    said = f", {noise} times noise" if noise else ""
    if version["version"] == 1:
        return f"first version{said}"
    return f"{len(version['changed'])} cells, {len(version['prose'])} passages{said}"


def _step(event: dict[str, Any]) -> str:
    before, version = event["before"], event["version"]
    if before is None or before == version:
        return str(version)
    return f"{before} → {version}"
