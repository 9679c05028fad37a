"""The published database: one snapshot of the archive, with what readers need beside it. It is never written again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import lru_cache
from itertools import chain
from pathlib import Path

from archive import search
from archive.care import fixity
from archive.csvs import packaged
from archive.database import blobs, seals
from archive.database.schema import CAPTURED, CHANGES_VIEW, DERIVED, EVENT, KEEPING, VIEWS
from archive.derived import audit, completeness
from archive.errors import ArchiveDamaged
from archive.ids import content_id
from archive.lineage import lineages
from archive.publication import book, mementos, sources, summaries, watch
from archive.publication.datapackage import LICENCE
from archive.rows import compact
from parsers.records import Proof
from parsers.rulebook import rules

FORMAT = "15"  # raised when the pages need what an older database lacks
PATIENCE = 10.0  # seconds to wait for a locked archive
CACHE = 256 << 20  # bytes of each file that are held, and of an index as it is sorted
LARGE = {"cell", "checked"}
LOOKED_AT = 2000  # rows of an index of these that tell the planner how its values lie

# table -> the columns that put its rows in order
COPIED = {
    "body": "id",
    "report": "id",
    "version": "report_id, number",
    "rendition": "version_id, capture_id, ordinal",
    "finding": "version_id, position",
    "statement": "version_id, position",
    "section": "version_id, position",
    "extra_row": "version_id, position",
    "coverage": "body_id, year",
    "event": "report_id, at, url, class, capture_id, ordinal",
    "judgement": "id",
}

PUBLIC = (
    *COPIED,
    *compact.NAMES,
    "capture",
    "blob",
    "fetch",
    "codebook",
    "statement_code",
    "rule",
    "latest",
    "tally",
    "audit",
    "unit",
    "body_edge",
    *summaries.NAMES,
    *watch.NAMES,
    *completeness.NAMES,
    *sources.NAMES,
    *mementos.NAMES,
)

ADDED = """
create table fetch (url text not null, outcome text not null, status integer, at text not null) strict;
create table codebook (
    position integer primary key, generation text not null, "table" text not null, block text not null,
    row_label text not null, col_label text not null, code text not null,
    unit text not null, type text not null, layout text not null, title_zh text not null, title_en text not null
) strict;
create table statement_code (
    code text primary key, unit text not null, meaning text not null, compare_with text not null
) strict, without rowid;
create table rule (
    id text primary key, kind text not null, part text not null, severity text not null, law text not null,
    article text not null, zh text not null, en text not null, generations text not null,
    precision text not null, passes text not null, fails text not null
) strict, without rowid;
create table latest (
    report_id text primary key references report(id), version_id text not null references version(id),
    number integer not null, figures integer not null, proven integer not null, unproven integer not null,
    contradicted integer not null, cleared integer not null, findings integer not null
) strict, without rowid;
create table tally (
    name text not null, year integer not null, kind text not null, number integer not null,
    primary key (name, year, kind)
) strict, without rowid;
create table meta (key text primary key, value text not null) strict, without rowid;
"""

INDEXES = """
create index body_name on body(name);
create index report_year on report(year);
create index report_body on report(body_id, year);
create index version_first_seen on version(first_seen);
create index finding_kind on finding(kind);
create index rendition_capture on rendition(capture_id);
create index capture_sha256 on capture(sha256);
create index fetch_url on fetch(url, at);
create index fetch_outcome on fetch(outcome);
create index codebook_code on codebook(code);
create index latest_version on latest(version_id);
"""

# Cells are counted in their order, so that nothing is sorted but the versions.
LATEST = f"""
insert into latest
with counted as (select f.version, count(*) as figures, {", ".join(f"sum({compact.proven(p)}) as {p}" for p in Proof)}
                 from cell f group by f.version)
select v.report_id, v.id, v.number, coalesce(c.figures, 0), {", ".join(f"coalesce(c.{p}, 0)" for p in Proof)},
       (select count(*) from finding n where n.version_id = v.id)
from version v left join counted c on c.version = v.position
where v.number = (select max(w.number) from version w where w.report_id = v.report_id)
order by v.report_id
"""

# What the pages would have to count at every visit.
TALLY = """
insert into tally
select 'report', r.year, case when l.contradicted > 0 then 'contradicted' when l.proven > 0 then 'proven'
       else 'unproven' end as kind, count(*)
from latest l join report r on r.id = l.report_id group by r.year, kind;
"""

SHOWN = """
insert into capture select id, url, sha256, kind, content_type, first_seen, last_seen from source.capture
where id in (select capture_id from rendition union select capture_id from version) or (kind = 'listing' and sha256 in
    (select substr(evidence, instr(evidence, '(capture ') + 9, 64) from coverage where evidence like '%(capture %'))
order by id;
insert into blob select sha256, size, encoding, data from source.blob
where sha256 in (select sha256 from capture union select substr(encoding, 6) from source.blob
    where encoding like 'zstd:%' and sha256 in (select sha256 from capture)) order by sha256;
insert into fetch select url, outcome, status, at from source.fetch order by at, url, id;
"""


STAGES = ("copying", "cells", "proof", "latest", "summaries", "search", "analysis")
"""What `build_database` says as it begins with each."""


def build_database(db: Path, target: Path, say: Callable[[str], None] = lambda _stage: None) -> None:
    """Write the published database to `target`, a new file, from one snapshot of the archive at `db`."""
    with closing(sqlite3.connect(target, isolation_level=None, timeout=PATIENCE, uri=True)) as conn:
        conn.execute("pragma page_size = 4096")
        conn.execute("pragma journal_mode = off")
        conn.execute("pragma synchronous = off")
        conn.execute("attach ? as source", [f"{db.absolute().as_uri()}?mode=ro"])
        for database in ("main", "source", "temp"):
            conn.execute(f"pragma {database}.cache_size = -{CACHE // 1024}")
        conn.execute("begin")
        _recognise(conn, db)
        say("copying")
        beside = (audit, lineages, summaries, watch, completeness, sources, mementos)
        compact.run(conn, _tables() + ADDED + "".join(each.TABLES for each in beside))
        _copy(conn)
        say("cells")
        compact.fill(conn)
        say("proof")
        _prove(conn, db)
        say("latest")
        _add(conn)
        compact.run(conn, INDEXES + TALLY + VIEWS + CHANGES_VIEW)
        say("summaries")
        audit.fill(conn)
        lineages.fill(conn)
        summaries.fill(conn)
        watch.fill(conn)
        completeness.fill(conn)
        sources.fill(conn)
        mementos.fill(conn)
        say("search")
        search.index(conn)
        say("analysis")
        _say(conn)
        conn.execute("commit")
        conn.execute("detach source")
        _analyse(conn)


def _recognise(conn: sqlite3.Connection, db: Path) -> None:
    found = {
        row[0]
        for row in conn.execute("select name from source.sqlite_master where type in ('table', 'view')")
    }
    if (
        missing := {
            *COPIED,
            *compact.WRITTEN,
            "blob",
            "capture",
            "fetch",
            "seal",
            "fetch_seal",
            "body_join",
            "source_life",
        }
        - found
    ):
        if "_sqlite_migrations" in found:
            raise ArchiveDamaged(f"{db} is an archive of an older version; run `nianbao status` on it once")
        raise ArchiveDamaged(
            f"{db} is not an archive: it has no table {min(missing)}; give the path of an archive"
        )


def _tables() -> str:
    """The definitions of the copied tables, as archive/schema.py has them."""
    names = {*COPIED, "blob", "capture"}
    statements = (part.strip() for part in (CAPTURED + DERIVED + EVENT + KEEPING).split(";\n"))
    return "".join(f"{s};\n" for s in statements if s.startswith("create table") and s.split()[2] in names)


def _copy(conn: sqlite3.Connection) -> None:
    for table, order in COPIED.items():
        names = [row[1] for row in conn.execute(f"pragma main.table_info({table})")]
        columns = ", ".join(f'"{name}"' for name in names)
        conn.execute(
            f"insert into main.{table} ({columns}) select {columns} from source.{table} order by {order}"
        )
    compact.run(conn, SHOWN)


def _prove(conn: sqlite3.Connection, db: Path) -> None:
    """What was copied is what was derived and captured: held against the digests that were made with it."""
    if not seals.is_sealed(conn, "source"):
        return
    altered = chain(
        (f"{table} {identifier}" for table, identifier in seals.altered(conn, "main", "source")),
        ("coverage" for _ in range(seals.coverage_altered(conn, "main", "source"))),
        (f"fetch of run {run_id}" for run_id in seals.runs_altered(conn, "source")),
        (f"{table} {identifier}" for table, identifier in fixity.false_derived_ids(conn)),
        _false_captures(conn),
        _unsound(conn),
    )
    if wrong := next(altered, None):
        raise ArchiveDamaged(
            f"{db}: {wrong} was altered after it was kept or derived; run `nianbao verify`, restore a copy or run"
            " `nianbao rebuild`, and publish again"
        )


# When a capture was seen is when it was fetched.
_SEEN = """
select c.id, c.url, c.sha256, exists (select 1 from source.fetch f where f.url = c.url and f.at = c.first_seen)
    and exists (select 1 from source.fetch f where f.url = c.url and f.at = c.last_seen)
from main.capture c
"""


def _false_captures(conn: sqlite3.Connection) -> Iterator[str]:
    """The copied captures whose id does not follow from them, or that no fetch saw at their times."""
    for identifier, url, sha256, seen in conn.execute(_SEEN):
        if not seen or content_id("capture", url, sha256) != identifier:
            yield f"capture {identifier}"


def _unsound(conn: sqlite3.Connection) -> Iterator[str]:
    """The copied blobs that do not give the bytes of their names."""
    find = lru_cache(maxsize=64)(blobs.finder(conn))
    for sha256, size, encoding, data in conn.execute("select sha256, size, encoding, data from main.blob"):
        if not blobs.is_sound(sha256, size, encoding, data, find):
            yield f"blob {sha256}"


def _add(conn: sqlite3.Connection) -> None:
    """What readers need and the archive does not hold: the codebooks, the rules and the latest versions."""
    entries = [tuple(entry.values()) for entry in book.entries()]
    conn.executemany(f"insert into codebook values (null, {', '.join('?' * len(entries[0]))})", entries)
    said = sorted(tuple(row.values()) for row in packaged("statements.csv"))
    conn.executemany("insert into statement_code values (?, ?, ?, ?)", said)
    book_of_rules = [each.columns() for each in rules()]
    conn.executemany(f"insert into rule values ({', '.join('?' * len(book_of_rules[0]))})", book_of_rules)
    conn.execute(LATEST)
    compact.show_newest(conn)


# Some rows of an index tell too little of how often a code is met: as often as its mean.
_CODES = """
update sqlite_stat1 set stat = format('%d %d 1 1', c.cells, c.cells / c.codes)
from (select (select count(*) from cell) as cells, (select count(*) from cell_code) as codes) c where idx = 'cell_of_code'
"""


def _analyse(conn: sqlite3.Connection) -> None:
    """What the planner knows of the tables: of large ones from some of their rows."""
    tables = conn.execute(
        "select name from main.sqlite_schema where type = 'table' and rootpage > 0 and name not like 'sqlite_%'"
    )
    for (name,) in tables.fetchall():
        conn.execute(f"pragma analysis_limit = {LOOKED_AT if name in LARGE else 0}")
        conn.execute(f'analyze main."{name}"')
    conn.execute(_CODES)


def _say(conn: sqlite3.Connection) -> None:
    """As of when, and how much there is."""
    as_of = conn.execute("select coalesce(max(at), '') from source.fetch").fetchone()[0]
    counted = {table: _count(conn, table) for table in sorted(PUBLIC)}
    numbers = json.dumps({**counted, "figure": counted["cell"], "identity": counted["checked"]})
    facts = [("as_of", as_of), ("counts", numbers), ("format", FORMAT), ("licence", LICENCE["name"])]
    conn.executemany("insert into meta values (?, ?)", facts)


def counts(conn: sqlite3.Connection) -> tuple[int, int, int, int]:
    """How many reports, versions, figures and findings a published database holds."""
    found = json.loads(meta(conn, "counts"))
    return found["report"], found["version"], found["figure"], found["finding"]


def _count(conn: sqlite3.Connection, table: str) -> int:
    return int(conn.execute(f"select count(*) from main.{table}").fetchone()[0])


def meta(conn: sqlite3.Connection, key: str) -> str:
    """One fact about a published database: `as_of`, `counts`, `format`, `licence`."""
    return str(conn.execute("select value from meta where key = ?", [key]).fetchone()[0])
