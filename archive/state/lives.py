"""What each source turned out to be: its life, with evidence and dates, as each vantage saw it.

The registry says where reports may be; only asking says what is there. A row is written when the state of a source
changes, or what backs it: the newest row of a vantage is what it is from there. A source without a row was never asked.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterable, Mapping
from dataclasses import astuple, dataclass
from enum import StrEnum

from archive.database.connection import Connected
from archive.outcomes import GONE, TURNED_AWAY, Outcome, utc_now

VERIFIED_BY = 2
"""So many reports of a source must have been read before it is verified."""
SILENT_NIGHTS = 10
"""Nights in a row without an answer after which a source is dead; without an address, `DNS_NIGHTS` are enough."""
DNS_NIGHTS = 3


class Life(StrEnum):
    """What a source is known to be, from least to most."""

    CANDIDATE = "candidate"
    DEAD = "dead"
    MOVED = "moved"
    BLOCKED = "blocked"
    ASKED = "asked"
    ANSWERS = "answers"
    COLUMN_FOUND = "column found"
    VERIFIED = "verified"


RANK: Mapping[Life, int] = {life: place for place, life in enumerate(Life)}
"""Of what several vantages saw, the greater counts: what one had, another only could not have."""
_NOT_LET_IN = TURNED_AWAY | {Outcome.SUSPICIOUS_CONTENT, Outcome.ROBOTS_DISALLOWED}
"""Outcomes after which a source counts as blocked from a vantage."""


@dataclass(frozen=True, slots=True)
class Lived:
    """What a source was seen as from a vantage at a time; `outcome` is that of its own page, `evidence` words."""

    source_id: str
    vantage: str
    at: str
    state: Life
    outcome: str
    family: str
    evidence: str
    run_id: str


@dataclass(frozen=True, slots=True)
class Asked:
    """How a run asked a source: whether a page of it answered, and how the last one did that was asked."""

    answered: bool
    outcome: Outcome
    reason: str
    url: str


_ASKED = """
select f.source_id, s.portal_id, f.outcome, f.reason, f.url from fetch f
left join found_source s on s.id = f.source_id
where f.run_id = ? and f.source_id <> '' and f.kind in ('portal', 'listing') order by f.rowid
"""
_GOOD = (Outcome.OK, Outcome.NOT_MODIFIED)
_OF = "(select :source union select id from found_source where portal_id = :source)"
_LISTED = f"""
select count(distinct to_url) from link where source_id in {_OF} and kind in ('document', 'attachment')
and decision not like 'rejected%'
"""
_READ = f"""
select distinct r.report_id, c.url from link l join capture c on c.url = l.to_url
join reading r on r.capture_id = c.id where l.source_id in {_OF} and l.kind in ('document', 'attachment')
and r.state = 'report' limit 20
"""
_COLUMNS = "select url from found_source where portal_id = :source order by at, id"
_NIGHTS = "select nights from host where host = ?"
_LAST = """
select source_id, vantage, at, state, outcome, family, evidence, run_id from source_life l
where at = (select max(at) from source_life m where m.source_id = l.source_id and m.vantage = l.vantage)
order by source_id, vantage
"""


class Lives(Connected):
    """Reads and writes the lives of sources."""

    def keep_lives(self, lived: Iterable[Lived]) -> None:
        """Writes what sources were seen as."""
        with self.transaction() as db:
            db.executemany(
                "insert into source_life (source_id, vantage, at, state, outcome, family, evidence, run_id)"
                " values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (source_id, vantage, at) do update set"
                " state = excluded.state, outcome = excluded.outcome, family = excluded.family,"
                " evidence = excluded.evidence, run_id = excluded.run_id",
                [astuple(each) for each in lived],
            )

    def lives(self) -> dict[str, list[Lived]]:
        """What each source is, by its id: the newest row of each vantage."""
        return newest(self.db)

    def life_of(self, source_id: str) -> list[Lived]:
        """All that a source was seen as, the oldest first."""
        sql = "select * from source_life where source_id = ? order by at, vantage"
        return [_lived(row) for row in self.db.execute(sql, (source_id,))]

    def keep_candidates(self, rows: Iterable[Mapping[str, str]]) -> None:
        """Writes sites that pages name, as rows of a registry with `from_url` and `evidence`; the first page counts."""
        names = (
            "id",
            "name",
            "division",
            "level",
            "kind",
            "entry",
            "url",
            "family",
            "note",
            "from_url",
            "evidence",
        )
        sql = (
            f"insert into candidate ({', '.join(names)}, at) values ({', '.join('?' * len(names))}, ?)"
            " on conflict (id) do nothing"
        )
        with self.transaction() as db:
            db.executemany(sql, [[*(row[name] for name in names), utc_now()] for row in rows])

    def candidates(self) -> list[dict[str, str]]:
        """The sites that pages named, as `keep_candidates` has them."""
        return [dict(row) for row in self.db.execute("select * from candidate order by id")]


def newest(db: sqlite3.Connection) -> dict[str, list[Lived]]:
    """What each source is by the `source_life` of an archive or a publication: the newest row of each vantage."""
    cursor = db.cursor()
    cursor.row_factory = sqlite3.Row
    found: dict[str, list[Lived]] = {}
    for row in cursor.execute(_LAST):
        found.setdefault(row["source_id"], []).append(_lived(row))
    return found


def best(lived: Iterable[Lived]) -> Lived | None:
    """Of what several vantages saw, what counts: what any of them could have."""
    return max(lived, key=lambda each: (RANK[each.state], each.at, each.vantage), default=None)


def asked(db: sqlite3.Connection, run_id: str, sources: Container[str]) -> dict[str, Asked]:
    """How a run asked each of these sources; what it asked of a found column counts for the portal that led there."""
    found: dict[str, Asked] = {}
    for row in db.execute(_ASKED, (run_id,)):
        name = row["source_id"] if row["source_id"] in sources else row["portal_id"]
        if name not in sources:
            continue
        outcome = Outcome(row["outcome"])
        answered = outcome in _GOOD
        if answered or name not in found or not found[name].answered:
            outcome = Outcome.OK if answered else outcome
            found[name] = Asked(answered, outcome, row["reason"], row["url"])
    return found


def judge(db: sqlite3.Connection, source_id: str, how: Asked, host: str) -> tuple[Life, str]:
    """What a source is after it was asked, and what backs that, in words."""
    if how.answered:
        return _answering(db, source_id)
    said = f"{how.outcome}: {how.reason or how.url}"[:300]
    if how.outcome in _NOT_LET_IN:
        return Life.BLOCKED, said
    if how.outcome is Outcome.NOT_REGISTERED:
        return Life.MOVED, said
    nights = (db.execute(_NIGHTS, (host,)).fetchone() or (0,))[0]
    enough = DNS_NIGHTS if how.outcome is Outcome.DNS_FAILED else SILENT_NIGHTS
    if how.outcome in GONE or nights >= enough:
        return Life.DEAD, f"{said}; {nights} nights" if nights else said
    return Life.ASKED, said


def _answering(db: sqlite3.Connection, source_id: str) -> tuple[Life, str]:
    of = {"source": source_id}
    columns = [row["url"] for row in db.execute(_COLUMNS, of)]
    (listed,) = db.execute(_LISTED, of).fetchone()
    where = f" at {columns[0]}" if columns else ""
    if not listed:
        return Life.ANSWERS, f"a column{where} that lists no report" if columns else "no column found"
    read = {row["report_id"]: row["url"] for row in db.execute(_READ, of)}
    if len(read) >= VERIFIED_BY:
        return Life.VERIFIED, f"{VERIFIED_BY} reports read, {min(read.values())} among them"
    return Life.COLUMN_FOUND, f"{listed} reports listed{where}, {len(read)} of them read"


def changes(before: Lived | None, state: Life, outcome: str, family: str) -> bool:
    """Whether a source is to have a new row: one bad night takes nothing from what it was."""
    if before is None:
        return True
    if state is Life.ASKED and before.state not in (Life.CANDIDATE, Life.ASKED):
        return False
    return (before.state, before.outcome, before.family) != (state, outcome, family or before.family)


def _lived(row: sqlite3.Row) -> Lived:
    names = ("source_id", "vantage", "at", "state", "outcome", "family", "evidence", "run_id")
    values = {name: str(row[name]) for name in names}
    return Lived(**{**values, "state": Life(values["state"])})  # type: ignore[arg-type]
