"""The lines of bodies as tables of the publication: whose unit a body is, its life, what was joined and divided."""

from __future__ import annotations

import sqlite3

from archive.lineage import lines

TABLES = """
create table unit (
    body_id text primary key references body(id), unit text not null, unit_2025 text not null, from_year integer,
    to_year integer, known_by text not null
) strict, without rowid;
create table body_edge (
    one text not null, other text not null, kind text not null, year integer, date text not null, law text not null,
    primary key (one, other, kind)
) strict, without rowid;
create index unit_unit on unit(unit);
create index body_edge_other on body_edge(other);
"""


def fill(conn: sqlite3.Connection) -> None:
    """Fill both; the bodies and reports must be there, and the archive as `source`."""
    found = lines.load(conn, "source")
    rows = [
        (
            body,
            unit,
            found.units_2025[body],
            found.lives[body].first,
            found.lives[body].last,
            found.lives[body].why,
        )
        for body, unit in sorted(found.units.items())
    ]
    conn.executemany("insert into unit values (?, ?, ?, ?, ?, ?)", rows)
    edges = [(e.one, e.other, e.kind.value, e.year, e.date, e.law) for e in found.edges]
    conn.executemany(
        "insert into body_edge values (?, ?, ?, ?, ?, ?) on conflict do nothing", sorted(edges, key=str)
    )
