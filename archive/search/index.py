"""The search index of the publication: every body, and every report in its latest version."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from itertools import groupby

from archive.search import blocks
from archive.search.characters import apart

NAMES = ("body_text", "report_text", "block_text")
"""The tables of the index; a row of report_text has the position of its version as its number, one of block_text that of
its block."""

SHADOWS = tuple(f"{name}{part}" for name in NAMES for part in ("", "_config", "_data", "_idx"))
"""These, and the tables in which FTS5 keeps them."""

# So many bytes of new words are held before they are written: the larger, the less there is to be merged.
HELD = 128 << 20

# Contentless: the words are found by their number, the texts are those of the other tables. They are set apart
# and folded already, so that the plainest tokenizer, the quickest, finds the words.
TABLES = """
create virtual table body_text using fts5(name, place, content='', columnsize=0, tokenize='ascii');
create virtual table report_text using fts5(body, place, year, title, text, block, content='', columnsize=0, tokenize='ascii');
create virtual table block_text using fts5(pairs, content='', columnsize=0, detail='none', tokenize='ascii');
alter table body add column position integer;
with placed as (select id, row_number() over (order by length(name), name, id) as position from body)
update body set position = placed.position from placed where placed.id = body.id;
create unique index body_position on body(position);
"""

# A body's place: its division, and all divisions above it.
_PLACES = """
with recursive upward(code, within, name) as (
    select code, above, name from division union all
    select u.code, d.above, d.name || u.name from upward u join division d on d.code = u.within where u.within <> '')
select code, name from upward where within = ''
"""
_BODIES = (
    "select b.position, b.name, m.division from body b join member m on m.body_id = b.id order by b.position"
)
Row = tuple[int, str, str, str, str, str]
_REPORTS = """
select v.position, b.name, m.division, r.year, v.title, v.id
from version v indexed by version_position cross join latest l on l.version_id = v.id
cross join report r on r.id = v.report_id cross join body b on b.id = r.body_id
cross join member m on m.body_id = b.id order by v.position
"""
_REPORT = (
    "insert into report_text (rowid, body, place, year, title, text, block) values (?, ?, ?, ?, ?, ?, ?)"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_SECTIONS = "select title, text from section where version_id = ? order by position"


def index(conn: sqlite3.Connection) -> None:
    """Write the index; bodies, versions, sections and divisions must be there."""
    for statement in TABLES.split(";\n"):
        if statement.strip():
            conn.execute(statement)
    for name in NAMES:
        conn.execute(f"insert into {name} ({name}, rank) values ('hashsize', ?)", [HELD])
    places = {code: apart(name) for code, name in conn.execute(_PLACES)}
    conn.executemany("insert into body_text (rowid, name, place) values (?, ?, ?)", _bodies(conn, places))
    for block, found in groupby(_reports(conn, places), lambda row: blocks.block_of(row[0])):
        rows = list(found)
        conn.executemany(_REPORT, [(*row, blocks.label(block)) for row in rows])
        conn.execute("insert into block_text (rowid, pairs) values (?, ?)", [block, _pairs(rows)])
    for name in NAMES:
        conn.execute(f"insert into {name} ({name}) values ('optimize')")


def _bodies(conn: sqlite3.Connection, places: dict[str, str]) -> Iterator[tuple[object, ...]]:
    for position, name, division in conn.execute(_BODIES).fetchall():
        yield position, apart(name), places.get(division, "")


def _reports(conn: sqlite3.Connection, places: dict[str, str]) -> Iterator[Row]:
    """Position, name of the body, place, year, title and prose of each report, all set apart."""
    for position, name, division, year, title, version in conn.execute(_REPORTS):
        text = "\n".join(f"{heading}\n{text}" for heading, text in conn.execute(_SECTIONS, [version]))
        yield position, apart(name), places.get(division, ""), str(year), apart(title), apart(text)


def _pairs(rows: list[Row]) -> str:
    pairs = blocks.Pairs()
    for _position, name, place, year, title, text in rows:
        pairs.add(f"{name} {place} {year} {title} {text}", {year, *_YEAR.findall(title)})
    return str(pairs)
