"""Monitors of what was read: unreadable files, contradictions, and cells that are filled or proven less than usual."""

from __future__ import annotations

import sqlite3

from nianbao.monitors.base import Alarm, Level, Night, percent, some
from nianbao.monitors.measures import rates


def unreadable(night: Night) -> Alarm | None:
    """Rings for captures that cannot be read; a flood of them stops the publication."""
    count, read = night.read.unreadable, night.read.read
    if not count:
        return None
    level = Level.GRAVE if night.is_flood(count, read) else Level.NOTE
    what = f"{count} of {read} captures cannot be read"
    return Alarm(
        "unreadable", what, "`nianbao status --all` names them; mend the reader, then `nianbao read`", level
    )


_CONTRADICTED = """
select b.name || ' ' || r.year from version v
join report r on r.id = v.report_id join body b on b.id = r.body_id
where v.first_seen >= :since and exists (select 1 from identity i where i.version_id = v.id and not i.holds)
order by 1
"""


def new_contradictions(night: Night) -> Alarm | None:
    """Rings for versions first seen tonight whose own arithmetic fails: a few misprints, or all misread."""
    names = [row[0] for row in night.db.execute(_CONTRADICTED, {"since": night.since})]
    if not names:
        return None
    sql = "select count(*) from version where first_seen >= ?"
    (new,) = night.db.execute(sql, (night.since,)).fetchone()
    level = Level.WRONG if night.is_flood(len(names), new) else Level.NOTE
    what = f"{len(names)} of {new} new versions: {some(names)}"
    return Alarm("contradictions", what, "compare them with their sources", level)


def fewer_figures(night: Night) -> Alarm | None:
    """Rings when fewer cells of the new versions hold a number than is usual: tables that are misread or missed."""
    found = rates(night.db, night.since)
    usual = night.usual("fill")
    if found is None or usual is None or found.versions < night.thresholds["rate_versions"]:
        return None
    if found.fill >= usual - night.thresholds["fill_fall"]:
        return None
    what = f"{percent(found.fill)} of the cells of {found.versions} new versions hold a number, usually {percent(usual)}"
    return Alarm("fill rate", what, "look at a few of them with `nianbao parse --show`")


def fewer_proofs(night: Night) -> Alarm | None:
    """Rings when fewer numbers of the new versions are proven than is usual, or hardly any."""
    found = rates(night.db, night.since)
    if found is None or found.versions < night.thresholds["rate_versions"]:
        return None
    usual = night.usual("proof")
    least = night.thresholds["proof_least"]
    floor = least if usual is None else max(least, usual - night.thresholds["proof_fall"])
    if found.proof >= floor:
        return None
    than = "" if usual is None else f", usually {percent(usual)}"
    what = f"{percent(found.proof)} of the numbers of {found.versions} new versions are proven{than}"
    return Alarm("proof rate", what, "look at a few of them with `nianbao parse --show`")


def fewer_reports(night: Night) -> Alarm | None:
    """Rings, and stops the publication, when it would show fewer reports than the last one."""
    published = night.out / "nianbao.db"
    if not published.exists():
        return None
    with sqlite3.connect(f"{published.absolute().as_uri()}?mode=ro", uri=True) as last:
        before = last.execute("select count(distinct report_id) from v_reports").fetchone()[0]
    now = night.db.execute("select count(*) from report").fetchone()[0]
    if now >= before:
        return None
    what = f"{now} reports, {before} in the last publication"
    return Alarm("fewer reports", what, "find out why before you run `nianbao publish` yourself", Level.GRAVE)
