"""What is published of the sources: what each turned out to be, from where, and what that is for each division.

The sources are those of the archive: rows of the registry as crawls and surveys were last given it, and candidates that
pages name. A column that a portal led to is told of with its portal.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.state.lives import Life, Lived, best, newest
from archive.state.standings import NOT_ASKED, had_elsewhere, standings

TABLES = """
create table source_state (
    id text primary key, name text not null, division text not null, level text not null, kind text not null,
    entry text not null, url text not null, family text not null, origin text not null, state text not null,
    outcome text not null, at text not null, vantage text not null, evidence text not null, elsewhere integer not null
) strict, without rowid;
create table source_life (
    source_id text not null, vantage text not null, at text not null, state text not null, outcome text not null,
    family text not null, evidence text not null, run_id text not null, primary key (source_id, vantage, at)
) strict, without rowid;
create table division_source (
    division text primary key, level text not null, state text not null, source_id text not null,
    evidence text not null, vantages text not null, elsewhere integer not null
) strict, without rowid;
"""
NAMES = tuple(line.split()[2] for line in TABLES.splitlines() if line.startswith("create table"))

REGISTRY, PAGE = "registry", "page"
"""Where a source is from: a row of the registry, or a page that names it and nobody took up yet."""

_REGISTERED = """
select id, name, division, level, kind, entry, url, family, 'registry' as origin, '' as evidence, '' as at
from source.source where id not in (select id from source.found_source)
union all
select id, name, division, level, kind, entry, url, family, 'page', evidence, at
from source.candidate where id not in (select id from source.source)
order by id
"""


@dataclass(frozen=True, slots=True)
class Known:
    """A source as the archive has it; `evidence` and `at` are those of the page that named it."""

    id: str
    name: str
    division: str
    level: str
    kind: str
    entry: str
    url: str
    family: str
    origin: str
    evidence: str
    at: str


def fill(conn: sqlite3.Connection) -> None:
    """Fill the tables of this module; the archive as `source` must be there."""
    conn.execute("insert into source_life select * from source.source_life order by source_id, vantage, at")
    lives = newest(conn)
    known = [Known(*row) for row in conn.execute(_REGISTERED)]
    _write(conn, "source_state", (_state(each, lives.get(each.id, [])) for each in known))
    found = standings((each for each in known if each.origin == REGISTRY), lives)
    _write(
        conn,
        "division_source",
        (
            (s.division, s.level, s.state, s.source_id, s.evidence, json.dumps(s.vantages), int(s.elsewhere))
            for s in found
        ),
    )


def _write(conn: sqlite3.Connection, table: str, rows: Iterator[tuple[object, ...]]) -> None:
    width = len(conn.execute(f"pragma table_info({table})").fetchall())
    conn.executemany(f"insert into {table} values ({', '.join('?' * width)})", rows)


def _state(known: Known, lived: Sequence[Lived]) -> tuple[object, ...]:
    top = best(lived)
    own = (known.id, known.name, known.division, known.level, known.kind, known.entry, known.url)
    if top is None:
        state = NOT_ASKED if known.origin == REGISTRY else Life.CANDIDATE.value
        return (*own, known.family, known.origin, state, "", known.at, "", known.evidence, 0)
    elsewhere = int(had_elsewhere(top, lived))
    seen = (top.state.value, top.outcome, top.at, top.vantage, top.evidence, elsewhere)
    return (*own, known.family or top.family, known.origin, *seen)
