"""Who is late, what changed silently, what contradicts itself: three lists, written when the archive is published.

Nobody stands in a list without the kept capture that shows it, nor for what is not sure: only `late` and `not_published`
of the coverage, only revisions that were confirmed, and no contradiction that may be our reading or that a person
dismissed.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from archive.derived import duty
from archive.derived.events import Class
from archive.derived.standing import Standing
from archive.ids import content_id
from archive.state import judging
from archive.state.judging import Verdict
from parsers.findings import FindingKind

TABLES = """
create table listed (
    id text primary key, list text not null, kind text not null, province text not null, year integer not null,
    body_id text not null references body(id), report_id text references report(id), version integer,
    day text not null, weight integer not null, amount real, capture text not null, position integer,
    evidence text not null
) strict, without rowid;
create table listed_tally (
    list text not null, kind text not null, province text not null, year integer not null, number integer not null,
    primary key (list, kind, province, year)
) strict, without rowid;
"""
NAMES = ("listed", "listed_tally")
_AFTER = """
insert into listed_tally
select list, kind, province, year, count(*) from listed group by list, kind, province, year;
create index listed_newest on listed(list, day desc, weight desc, amount desc, id);
create index listed_gravest on listed(list, weight desc, amount desc, day desc, id);
create index listed_province on listed(list, province, year);
create index listed_body on listed(body_id);
"""


class List(StrEnum):
    """The lists. A closed set."""

    LATE = "late"
    CHANGED = "changed"
    CONTRADICTED = "contradicted"


WEIGHTS: dict[str, int] = {
    Standing.NOT_PUBLISHED: 2,
    Standing.LATE: 1,
    Class.WITHDRAWN: 3,
    Class.NUMBER: 2,
    Class.TEXT: 1,
    FindingKind.IDENTITY_FAILS: 3,
    FindingKind.MISPRINT: 2,
    FindingKind.STATEMENT_CONTRADICTS_TABLE: 1,
}
"""Each kind that is listed, and which is graver than another one of its list: our judgement, and shown as such."""


class Row(NamedTuple):
    """A row of a list.

    `day` is that of the date of the report, of the look, of the change, or since which the contradiction stands.
    `amount` is the number of days beyond the due one, of cells that changed, of findings of the kind; `capture` is the
    SHA-256 of what shows it; `position` that of the (first) finding in its version; `evidence` the row of the coverage,
    or an address.
    """

    list: List
    kind: str
    province: str
    year: int
    body_id: str
    report_id: str | None
    version: int | None
    day: str
    amount: float | None
    capture: str
    position: int | None
    evidence: str

    def columns(self) -> tuple[object, ...]:
        """As the table has them. The id stays from release to release, and a revision has one wherever it was seen."""
        about = (self.list, self.kind, self.body_id, self.year, self.report_id or "", self.version or "")
        day = self.day if self.kind == Class.WITHDRAWN else ""
        weight = WEIGHTS[self.kind]
        first = (content_id("listed", *about, day), *self[:8])
        return *first, weight, self.amount, self.capture, self.position, self.evidence


def fill(conn: sqlite3.Connection) -> None:
    """Fill `listed`; coverage, events, captures, the audit and the tables of `summaries` must be there."""
    rows = (row.columns() for each in (_late, _withdrawn, _revised, _contradicted) for row in each(conn))
    conn.executemany(f"insert or ignore into listed values ({', '.join('?' * 14)})", rows)
    conn.execute("delete from listed where capture not in (select sha256 from blob)")
    for statement in _AFTER.split(";\n"):
        if statement.strip():
            conn.execute(statement)


# --- who is late ---

_LATE = """
select m.province, c.year, c.body_id, b.kind, b.name, b.division, c.state, c.evidence,
       (select r.id from report r where r.body_id = c.body_id and r.year = c.year order by r.scope limit 1) as report
from coverage c join body b on b.id = c.body_id join member m on m.body_id = c.body_id
where c.state in (?, ?) order by c.body_id, c.year
"""
_CAPTURE = re.compile(r"\(capture ([0-9a-f]{64})\)")
_DATED = re.compile(r"(?:listed with the date|on) (\d{4}-\d\d-\d\d)")


def _late(conn: sqlite3.Connection) -> Iterator[Row]:
    """Reports that came after their day, or never: with the listing that dates them, or shows the others."""
    for province, year, body, kind, name, division, state, evidence, report in conn.execute(
        _LATE, [Standing.LATE, Standing.NOT_PUBLISHED]
    ).fetchall():
        capture, dated = _CAPTURE.search(evidence), _DATED.search(evidence)
        scope = "area" if kind == "government" else "body"
        owed = duty.of(duty.who(kind, name, division), scope, year)
        if capture is None or dated is None or owed is None:
            continue
        days = (date.fromisoformat(dated[1]) - owed.day).days
        held = report if state == Standing.LATE else None
        about = (province, year, body, held, None)
        yield Row(List.LATE, state, *about, dated[1], days, capture[1], None, evidence)


# --- what changed ---

_WITHDRAWN = """
select m.province, c.year, c.body_id, r.id, l.number,
       substr(c.evidence, instr(c.evidence, ' since ') + length(' since '), 10), p.sha256, c.evidence
from coverage c join report r on r.body_id = c.body_id and r.year = c.year join latest l on l.report_id = r.id
join version v on v.id = l.version_id join capture p on p.id = v.capture_id join member m on m.body_id = c.body_id
where c.state = ? and c.evidence like '% since ____-__-__: %' order by r.id
"""
_REVISED = """
select m.province, r.year, r.body_id, r.id, e.version, e.before, e.class, substr(e.at, 1, 10), c.sha256, e.url
from event e join report r on r.id = e.report_id join member m on m.body_id = r.body_id
join capture c on c.id = e.capture_id
where e.class in (?, ?) and e.before is not null and e.version is not null
order by e.report_id, e.at, e.url
"""
_CELLS = """
with old as (select code, value from cell where version = :old), new as (select code, value from cell where version = :new)
select count(distinct code) from (select * from (select * from old except select * from new)
                                  union all select * from (select * from new except select * from old))
"""
_POSITION = "select position from version where report_id = ? and number = ?"


def _withdrawn(conn: sqlite3.Connection) -> Iterator[Row]:
    """Reports that their sites show no more; what is kept of them is the capture."""
    found = conn.execute(_WITHDRAWN, [Standing.WITHDRAWN]).fetchall()
    for province, year, body, report, version, day, sha256, evidence in found:
        about = (province, year, body, report, version)
        yield Row(List.CHANGED, Class.WITHDRAWN, *about, day, None, sha256, None, evidence)


def _revised(conn: sqlite3.Connection) -> Iterator[Row]:
    """Revisions of numbers and of text, each once, by the first capture that shows it."""
    found = conn.execute(_REVISED, [Class.NUMBER, Class.TEXT]).fetchall()
    for province, year, body, report, version, before, kind, day, sha256, url in found:
        old, new = (conn.execute(_POSITION, [report, n]).fetchone() for n in (before, version))
        cells = conn.execute(_CELLS, {"old": old[0], "new": new[0]}).fetchone()[0] if old and new else 0
        about = (province, year, body, report, version)
        yield Row(List.CHANGED, kind, *about, day, cells or None, sha256, None, url)


# --- what contradicts itself ---

_CONTRADICTED = """
select f.kind, f.province, f.year, f.body_id, v.report_id, v.number, f.position, substr(v.first_seen, 1, 10), c.sha256,
       v.url, n."values", n.codes, n.message
from listed_finding f join finding n on n.version_id = f.version_id and n.position = f.position
join version v on v.id = f.version_id join capture c on c.id = v.capture_id
where f.kind in (?, ?, ?) and not exists (select 1 from finding d where d.version_id = f.version_id and d.kind = ?)
order by v.report_id, f.kind, f.position
"""
_UNSURE = {FindingKind.IDENTITY_FAILS: "unsure", FindingKind.MISPRINT: "several"}
"""Cases that name no sure contradiction: another reader reads otherwise, or it may stand in any of several cells."""


def _contradicted(conn: sqlite3.Connection) -> Iterator[Row]:
    """Contradictions that stand in print, one row a report and kind."""
    kinds = [FindingKind.IDENTITY_FAILS, FindingKind.MISPRINT, FindingKind.STATEMENT_CONTRADICTS_TABLE]
    dismissed = {
        row[0] for row in conn.execute("select id from judgement where verdict = ?", [Verdict.DISMISSED])
    }
    found = conn.execute(_CONTRADICTED, [*kinds, FindingKind.READING_IN_DOUBT])
    standing = (row for row in found if _stands(row, dismissed))
    for _key, group in groupby(standing, key=lambda row: (row[4], row[0])):
        rows = list(group)
        kind, province, year, body, report, version, position, day, sha256, url = rows[0][:10]
        about = (province, year, body, report, version)
        yield Row(List.CONTRADICTED, kind, *about, day, len(rows), sha256, position, url)


def _stands(row: tuple[object, ...], dismissed: set[str]) -> bool:
    """Whether a finding is sure, and nobody dismissed it."""
    kind, report, values, codes, message = (str(row[place]) for place in (0, 4, 10, 11, 12))
    if json.loads(values).get("case", "") == _UNSURE.get(FindingKind(kind)):
        return False
    return not dismissed or judging.key(report, kind, json.loads(codes), message) not in dismissed
