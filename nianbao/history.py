"""The versions of one report, and what changed between two of them."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict
from typing import Any

from archive.versions import Change, changed_figures, changed_prose
from nianbao.exits import CommandError, Exit
from nianbao.terminal import say, show_table

_REPORTS = """
select r.id, r.scope, b.name as body from report r join body b on b.id = r.body_id
where b.id = ? and r.year = ? order by r.scope
"""
_VERSIONS = "select * from version where report_id = ? order by number"
_SHOWN = {"dash": "—", "illegible": "?", "absent": "", "blank": ""}


def history(db: sqlite3.Connection, body: str, year: int) -> list[dict[str, Any]]:
    """Every version of the body's reports of that year, each with what changed since the one before."""
    return [
        _told(db, report, version, before)
        for report in _reports(db, body, year)
        for before, version in _pairs(_versions(db, report))
    ]


def diff(
    db: sqlite3.Connection, body: str, year: int, old: int | None, new: int | None
) -> list[dict[str, Any]]:
    """What changed from one version to another (the last two, if none is named), one entry a report."""
    found = []
    for report in _reports(db, body, year):
        versions = {version["number"]: version for version in _versions(db, report)}
        first, second = _chosen(list(versions), old, new)
        for number in (first, second):
            if number not in versions:
                have = ", ".join(map(str, versions))
                raise CommandError(
                    f"{report['body']} {year} ({report['scope']}) has no version {number}; it has {have}",
                    Exit.USAGE,
                )
        change = _changes(db, versions[first]["id"], versions[second]["id"])
        found.append({**_name(report, year), "from": first, "to": second, **change})
    return found


def show_history(found: list[dict[str, Any]]) -> None:
    """The versions as a table."""
    rows = [
        (v["scope"], v["version"], v["first_seen"], v["last_seen"], v["figures"], _summary(v), v["url"])
        for v in found
    ]
    columns = ("scope", "version", "first seen", "last seen", "figures", "changed", "url")
    show_table(f"{found[0]['body']} {found[0]['year']}", columns, rows)


def show_diff(found: list[dict[str, Any]]) -> None:
    """The changed cells as a table, the changed sentences below."""
    for change in found:
        numbers = f"version {change['from']} → {change['to']}"
        title = f"{change['body']} {change['year']} ({change['scope']}): {numbers}"
        if not change["figures"] and not change["prose"]:
            say(f"{title}: no difference")
            continue
        rows = [(c["code"], _printed(c["old"]), _printed(c["new"])) for c in change["figures"]]
        show_table(title, ("code", "old", "new"), rows)
        for line in change["prose"]:
            say(line)


def _printed(value: str | None) -> str:
    return "(no such cell)" if value is None else value or "(blank)"


def _summary(version: dict[str, Any]) -> str:
    if version["version"] == 1:
        return "first version"
    sentences = len(version["prose"])
    return f"{len(version['changed'])} cells, {sentences} sentences"


def _reports(db: sqlite3.Connection, body: str, year: int) -> list[sqlite3.Row]:
    reports = db.execute(_REPORTS, (_body(db, body), year)).fetchall()
    if not reports:
        raise CommandError(f"{body} has no report of {year} here; `nianbao status` says why", Exit.USAGE)
    return reports


def _body(db: sqlite3.Connection, name: str) -> str:
    """The id of the one body of this name, or of which this is a part of the name."""
    for sql in ("select id, name, division from body where name = ? or id = ?", _PART):
        found = db.execute(sql, (name, name)).fetchall()
        if len(found) == 1:
            return str(found[0]["id"])
        if found:
            several = "; ".join(f"{row['name']} ({row['id']}, {row['division']})" for row in found[:8])
            raise CommandError(f"{name} stands for {len(found)} bodies, name one: {several}", Exit.USAGE)
    raise CommandError(f"no body is called {name}; `nianbao status` shows what the archive holds", Exit.USAGE)


_PART = "select id, name, division from body where instr(name, ?) or id = ? order by name"


def _versions(db: sqlite3.Connection, report: sqlite3.Row) -> list[sqlite3.Row]:
    return db.execute(_VERSIONS, (report["id"],)).fetchall()


def _pairs(versions: list[sqlite3.Row]) -> list[tuple[sqlite3.Row | None, sqlite3.Row]]:
    return list(zip([None, *versions[:-1]], versions, strict=True))


def _chosen(numbers: list[int], old: int | None, new: int | None) -> tuple[int, int]:
    last = max(numbers)
    first = old if old is not None else max(1, last - 1)
    return first, new if new is not None else last


def _name(report: sqlite3.Row, year: int) -> dict[str, Any]:
    return {"body": report["body"], "year": year, "scope": report["scope"], "report_id": report["id"]}


def _told(
    db: sqlite3.Connection, report: sqlite3.Row, version: sqlite3.Row, before: sqlite3.Row | None
) -> dict[str, Any]:
    year = db.execute("select year from report where id = ?", (report["id"],)).fetchone()[0]
    change = _changes(db, before["id"], version["id"]) if before else {"figures": [], "prose": []}
    return {
        **_name(report, year),
        "version": version["number"],
        "title": version["title"],
        "url": version["url"],
        "first_seen": version["first_seen"],
        "last_seen": version["last_seen"],
        "figures": len(_figures(db, version["id"])),
        "changed": change["figures"],
        "prose": change["prose"],
    }


def _changes(db: sqlite3.Connection, old: str, new: str) -> dict[str, Any]:
    changes: list[Change] = changed_figures(_figures(db, old), _figures(db, new))
    prose = changed_prose(_prose(db, old), _prose(db, new))
    return {"figures": [asdict(change) for change in changes], "prose": prose}


def _figures(db: sqlite3.Connection, version_id: str) -> dict[str, str]:
    rows = db.execute(
        "select code, value, state from figure where version_id = ? order by code", (version_id,)
    )
    return {row["code"]: _SHOWN.get(row["state"], str(row["value"])) for row in rows}


def _prose(db: sqlite3.Connection, version_id: str) -> list[str]:
    rows = db.execute("select text from section where version_id = ? order by position", (version_id,))
    return [row["text"] for row in rows]
