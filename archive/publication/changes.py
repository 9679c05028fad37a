"""What changed since the last release: reports that are new, revised, withdrawn or back, and their figures."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from archive.publication.batches import Row, described
from archive.publication.downloads import Download, plain

FIELDS = (
    "change",
    "report_id",
    "body",
    "division",
    "year",
    "scope",
    "version_from",
    "version_to",
    "code",
    "state_from",
    "value_from",
    "state_to",
    "value_to",
)

# In the order of years, as the other files; within them by body.
_CHANGED = """
with held as (select report_id, version_id, number from main.latest),
was as (select report_id, version_id, number from last.latest),
hidden as (select r.id from main.report r join main.coverage c using (body_id, year) where c.state = 'withdrawn'),
hid as (select r.id from last.report r join last.coverage c using (body_id, year) where c.state = 'withdrawn')
select case when w.report_id is null then 'new' when h.report_id is null then 'removed'
            when h.report_id in hidden and h.report_id not in hid then 'withdrawn'
            when h.report_id not in hidden and h.report_id in hid then 'restored' else 'revised' end,
       coalesce(h.report_id, w.report_id) as id, w.number, h.number, w.version_id, h.version_id
from held h full join was w on w.report_id = h.report_id
where w.report_id is null or h.report_id is null or h.version_id <> w.version_id
   or (h.report_id in hidden) <> (h.report_id in hid)
"""
_REPORT = "select b.name, b.division, r.year, r.scope from {0}.report r join {0}.body b on b.id = r.body_id where r.id = ?"


def changes(last: Path | None) -> Download:
    """The change file against the database of the last release; empty without one."""
    title = "自上次发布以来的变化 Changes since the last release"
    return plain("changes", title, described(FIELDS), _rows(last), key=("report_id",))


def _rows(last: Path | None) -> Callable[[sqlite3.Connection], Iterator[Row]]:
    def rows(conn: sqlite3.Connection) -> Iterator[Row]:
        if last is None:
            return
        conn.execute("attach ? as last", [f"{last.absolute().as_uri()}?mode=ro&immutable=1"])
        try:
            yield from _changed(conn)
        finally:
            conn.execute("detach last")

    return rows


def _changed(conn: sqlite3.Connection) -> Iterator[Row]:
    found = []
    for kind, report, number, now, old, new in conn.execute(_CHANGED).fetchall():
        side = "last" if kind == "removed" else "main"
        key = conn.execute(_REPORT.format(side), [report]).fetchone()
        found.append((-key[2], *key[:2], kind, report, key, (number, now), (old, new)))
    for *_order, kind, report, key, numbers, versions in sorted(found):
        yield (kind, report, *key, *numbers, None, None, None, None, None)
        if all(versions) and versions[0] != versions[1]:
            for code, was, is_ in _figures(conn, *versions):
                yield (kind, report, *key, *numbers, code, *was, *is_)


Said = tuple[str | None, float | None]
"""State and value of a cell, None and None where a version does not have it."""


def _figures(conn: sqlite3.Connection, old: str, new: str) -> Iterator[tuple[str, Said, Said]]:
    was, now = _said(conn, "last", old), _said(conn, "main", new)
    for code in sorted({*was, *now}):
        before, after = was.get(code, (None, None)), now.get(code, (None, None))
        if before != after:
            yield code, before, after


def _said(conn: sqlite3.Connection, side: str, version: str) -> dict[str, Said]:
    sql = f"select code, state, value from {side}.figure where version_id = ?"
    return {code: (state, value) for code, state, value in conn.execute(sql, [version])}
