"""What an audit by hand asks of each report, one row a report: on time, parts complete, platforms that agree, changed.

Filled at publication, with the archive as `source`. The questions are those of the yearly assessments by the Academy
of Social Sciences; the answers are facts and no marks.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from archive.derived import duty
from archive.outcomes import host_of
from parsers.forms import Expected, entries, forms_cache

TABLES = """
create table audit (
    report_id text primary key references report(id), published text not null, due text not null, law text not null,
    certainty text not null, parts integer not null, parts_due integer, platforms integer not null,
    agreeing integer not null, revisions integer not null
) strict, without rowid;
"""
SECTIONS = "一二三四五六"
"""The parts that the form asks for: 国办公开办函〔2019〕60号, for reports from that on 2019 on."""
FIRST_FORM = 2019

_REPORTS = """
select r.id, r.year, r.scope, b.kind, b.name, b.division, v.generations,
       coalesce((select min(l.date) from source.link l where l.to_url = v.url and length(l.date) = 10), '') as published,
       (select count(distinct s.number) from section s where s.version_id = v.id
        and length(s.number) = 1 and instr(:sections, s.number)) as sections,
       (select count(distinct host(n.url)) from rendition n join version w on w.id = n.version_id
        where w.report_id = r.id) as platforms,
       (select count(distinct host(n.url)) from rendition n where n.version_id = v.id) as agreeing, l.number - 1
from latest l join report r on r.id = l.report_id join version v on v.id = l.version_id
join body b on b.id = r.body_id order by r.id
"""


def fill(conn: sqlite3.Connection) -> None:
    """Fill `audit`; the copied tables, `latest` and the archive as `source` must be there."""
    conn.create_function("host", 1, host_of, deterministic=True)
    conn.executemany("insert into audit values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _audited(conn))


def _audited(conn: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
    for row in conn.execute(_REPORTS, {"sections": SECTIONS}).fetchall():
        report_id, year, scope, kind, name, division, generations, published, sections, *platforms = row
        owed = duty.of(duty.who(kind, name, division), scope, year)
        said = (owed.day.isoformat(), owed.law, owed.certainty) if owed else ("", "", "")
        tables = _tables(year)
        read = sum(table in tables for table in json.loads(generations))
        due = len(tables) + len(SECTIONS) if year >= FIRST_FORM else None
        yield report_id, published, *said, read + (sections if due else 0), due, *platforms


@forms_cache()
def _tables(year: int) -> frozenset[str]:
    """The tables that a report on this year must have, as `version.generations` names them: t2, …"""
    fitting = (each for each in entries() if each.expected is Expected.ALWAYS and each.in_force(year))
    return frozenset(each.table.lower() for each in fitting)
