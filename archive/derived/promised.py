"""What links promised and the archive does not hold: the body and year that a title names, and what came of it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from archive.derived.placing import Placer, link_title
from archive.derived.standing import Standing
from archive.outcomes import GONE, Outcome
from parsers.heading import names

# Links whose newest capture is no report; and reports that a title dates otherwise than they date themselves.
_LINKS = """
select l.to_url as url,
    (select r.state from capture c join reading r on r.capture_id = c.id where c.url = l.to_url
     order by c.last_seen desc, c.id, r.ordinal limit 1) as reading,
    (select f.outcome from fetch f where f.url = l.to_url order by f.at desc, f.id limit 1) as outcome
from link l where l.kind in ('document', 'attachment') group by l.to_url
having reading is null or reading <> 'report' or (max(l.title glob '*20[0-9][0-9]*') and not exists (
    select 1 from capture c join reading r on r.capture_id = c.id join link t on t.to_url = c.url
    where c.url = l.to_url and r.state = 'report' and instr(t.title, r.year)))
order by l.to_url
"""
# A listing that shows the link still, as a healthy night of its source saw it.
_LISTED_BY = """
select c.url, c.sha256 from link l join capture c on c.url = l.from_url
where l.to_url = ? and c.kind = 'listing' and l.last_seen >= (
    select max(u.started_at) from source_night s join run u on u.id = s.run_id
    where s.source_id = l.source_id and s.problem = '')
order by c.last_seen desc, c.id limit 1
"""
_REPORT = re.compile(r"信息公开.{0,8}(?:报告|年报)|政务公开.{0,8}年报")
_WAITING = {None: "not asked for yet", Outcome.OK: "not read yet", Outcome.NOT_MODIFIED: "not read yet"}
_WORST_FIRST = (Standing.UNREADABLE, Standing.BLOCKED, Standing.NOT_FOUND, Standing.NOT_LOOKED_FOR)


class Promise(NamedTuple):
    """A report that a link names and that is not held: what became of it, and the row or capture that says so."""

    body_id: str
    year: int
    url: str
    state: str
    evidence: str


def promises(db: sqlite3.Connection, placer: Placer) -> list[Promise]:
    """Every promise; of several for one body and year that first which says most of why there is no report."""
    return sorted(_promises(db, placer), key=lambda each: _WORST_FIRST.index(Standing(each.state)))


def _promises(db: sqlite3.Connection, placer: Placer) -> Iterator[Promise]:
    for row in db.execute(_LINKS).fetchall():
        became = _became(db, row)
        promised = placer.expected(row["url"]) if became is not None else None
        if promised is not None and became is not None:
            body, year = promised
            yield Promise(body.id, year, row["url"], became[0].value, became[1])


def _became(db: sqlite3.Connection, row: sqlite3.Row) -> tuple[Standing, str] | None:
    """The state of what a link promised, and its evidence; None where the title promised no report."""
    url, reading, outcome = row["url"], row["reading"], row["outcome"]
    if reading == "unreadable":
        return Standing.UNREADABLE, f"unreadable: {url}"
    if reading is not None:
        kept = "another report" if reading == "report" else "no report"
        promised = _REPORT.search(names.normalise(link_title(db, url)))
        return (Standing.UNREADABLE, f"{kept} can be read there: {url}") if promised else None
    if outcome in GONE:
        listing = db.execute(_LISTED_BY, (url,)).fetchone()
        if listing is None:
            return Standing.NOT_LOOKED_FOR, f"{outcome}: {url}"
        return Standing.NOT_FOUND, f"{outcome}: {url}, listed by {listing[0]} (capture {listing[1]})"
    if outcome in (Outcome.REDIRECTED, Outcome.JS_REDIRECT):
        return Standing.NOT_LOOKED_FOR, f"leads on: {url}"
    if outcome in _WAITING:
        return Standing.NOT_LOOKED_FOR, f"{_WAITING[outcome]}: {url}"
    return Standing.BLOCKED, f"{outcome}: {url}"
