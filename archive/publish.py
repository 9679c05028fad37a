"""The publication, made from the archive: one read-only database and the download files beside it.

All is built in a folder beside and swapped in with renames, the database last: a reader sees the old
publication or the new one. The same archive gives the same bytes: rows stand in order and no clock is read.
"""

from __future__ import annotations

import csv
import errno
import fcntl
import hashlib
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.resources import files
from io import StringIO
from itertools import groupby, islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from archive.errors import ArchiveDamaged, ArchiveError, ArchiveLocked, ArchiveMissing, DiskFull, translated
from archive.schema import CAPTURED, DERIVED, VIEWS

DATABASE = "nianbao.db"
FORMAT = "1"  # of the published database: raised when the pages need what an older one lacks
CHECKSUMS = "SHA256SUMS"
LICENCE = {"name": "MIT", "title": "MIT License", "path": "https://opensource.org/license/mit"}
BATCH = 50_000
PATIENCE = 10.0  # seconds to wait for a locked archive

Progress = Callable[[str], None]
Row = tuple[object, ...]


class PublishError(ArchiveError):
    """The publication could not be made; the one that stood before stands still."""


@dataclass(frozen=True)
class Published:
    """What was published: the database's path, how much it holds, how many files and bytes lie beside it."""

    path: Path
    reports: int
    versions: int
    figures: int
    findings: int
    files: int
    bytes: int


@dataclass(frozen=True)
class Field:
    """A column of a download: its name, its type (`string`, `integer`, `number`), and what it says."""

    name: str
    type: str
    zh: str
    en: str


@dataclass(frozen=True)
class Download:
    """A table that is published as CSV and as Parquet. `rows` yields tuples in the order of `fields`."""

    name: str
    title: str
    fields: tuple[Field, ...]
    rows: Callable[[sqlite3.Connection], Iterator[Row]]


def publish(db: Path, out: Path, progress: Progress | None = None) -> Published:
    """Make OUT/nianbao.db and the download files from the archive at `db`.

    Raises ArchiveMissing, ArchiveLocked or ArchiveDamaged for the archive, PublishError for the folder.
    """
    say = progress or (lambda _stage: None)
    if not db.is_file():
        raise ArchiveMissing(
            f"{db}: there is no archive here; run `nianbao crawl` first or give another --db"
        )
    with _workshop(out) as shop:
        say("database")
        _build(db, shop / DATABASE, out)
        with closing(sqlite3.connect(f"{(shop / DATABASE).as_uri()}?mode=ro", uri=True)) as conn:
            counts, as_of = _counts(conn), _meta(conn, "as_of")
            write_downloads(conn, shop, as_of, say)
        say("checksums")
        _write_text(shop / CHECKSUMS, "".join(f"{_sha256(p)}  {p.name}\n" for p in _listed(shop)))
        size = sum(path.stat().st_size for path in _listed(shop))
        number = len(_listed(shop))
        _swap_in(shop, out)
    return Published(out / DATABASE, *counts, number, size)


def _build(db: Path, target: Path, out: Path) -> None:
    try:
        with translated(db):
            build_database(db, target)
    except DiskFull as error:  # the archive is only read: it is the publication that had no room
        raise DiskFull(_no_room(out)) from error


def _no_room(out: Path) -> str:
    return f"{out} could not be written: no room on the disk; free some and publish again"


# --- the folder: built beside, swapped in ---------------------------------------------------------


@contextmanager
def _workshop(out: Path) -> Iterator[Path]:
    """An empty folder inside `out` to build in; one publication at a time, leftovers swept away."""
    shop = out.absolute() / ".publishing"
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = os.open(out, os.O_RDONLY)
    except OSError as error:
        raise PublishError(f"{out} cannot be written ({error.strerror}); give another --out") from error
    try:
        _lock(lock, out)
        shutil.rmtree(shop, ignore_errors=True)
        shop.mkdir()
        yield shop
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(_no_room(out)) from error
        raise PublishError(f"{out} could not be written ({error.strerror}); look at the disk") from error
    finally:
        shutil.rmtree(shop, ignore_errors=True)
        os.close(lock)


def _lock(descriptor: int, out: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise ArchiveLocked(f"{out} is being published by another process; wait for it to end") from error


def _swap_in(shop: Path, out: Path) -> None:
    """Flush every file, then rename all over the old ones, the database last."""
    paths = sorted(shop.iterdir(), key=lambda path: (path.name == DATABASE, path.name))
    for path in paths:
        _flush(path)
    for path in paths:
        path.replace(out / path.name)
    _flush(out)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _listed(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and path.name != CHECKSUMS)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


# --- the database ---------------------------------------------------------------------------------

# table -> the columns that put its rows in order
COPIED = {
    "body": "id",
    "report": "id",
    "version": "report_id, number",
    "rendition": "version_id, capture_id, ordinal",
    "figure": "version_id, code",
    "identity": "version_id, id",
    "finding": "version_id, position",
    "statement": "version_id, position",
    "section": "version_id, position",
    "extra_row": "version_id, position",
    "coverage": "body_id, year",
}

PUBLIC = (*COPIED, "capture", "blob", "fetch", "codebook", "statement_code", "latest", "tally")

ADDED = """
create table fetch (url text not null, outcome text not null, status integer, at text not null) strict;
create table codebook (
    position integer primary key, generation text not null, "table" text not null, block text not null,
    row_label text not null, col_label text not null, code text not null,
    unit text not null, type text not null
) strict;
create table statement_code (
    code text primary key, unit text not null, meaning text not null, compare_with text not null
) strict, without rowid;
create table latest (
    report_id text primary key references report(id), version_id text not null references version(id),
    number integer not null, figures integer not null, proven integer not null, unproven integer not null,
    contradicted integer not null, findings integer not null
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
create index version_first_seen on version(first_seen);
create index figure_code on figure(code, version_id, value);
create index finding_kind on finding(kind);
create index rendition_capture on rendition(capture_id);
create index capture_sha256 on capture(sha256);
create index fetch_url on fetch(url, at);
create index fetch_outcome on fetch(outcome);
create index codebook_code on codebook(code);
create index latest_version on latest(version_id);
"""

LATEST = """
insert into latest
select v.report_id, v.id, v.number, count(f.code), coalesce(sum(f.proof = 'proven'), 0),
       coalesce(sum(f.proof = 'unproven'), 0), coalesce(sum(f.proof = 'contradicted'), 0),
       (select count(*) from finding n where n.version_id = v.id)
from version v left join figure f on f.version_id = v.id
where v.number = (select max(w.number) from version w where w.report_id = v.report_id)
group by v.id order by v.report_id
"""

# What the pages would have to count at every visit.
TALLY = """
insert into tally
select 'report', r.year, case when l.contradicted > 0 then 'contradicted' when l.proven > 0 then 'proven'
       else 'unproven' end as kind, count(*)
from latest l join report r on r.id = l.report_id group by r.year, kind;
insert into tally
select 'finding', r.year, f.kind, count(*)
from finding f join latest l on l.version_id = f.version_id join report r on r.id = l.report_id
group by r.year, f.kind;
"""

SHOWN = """
insert into capture select id, url, sha256, kind, content_type, first_seen, last_seen from source.capture
where id in (select capture_id from rendition union select capture_id from version) order by id;
insert into blob select sha256, size, encoding, data from source.blob
where sha256 in (select sha256 from capture) order by sha256;
insert into fetch select url, outcome, status, at from source.fetch order by at, url, id;
"""


def build_database(db: Path, target: Path) -> None:
    """Write the published database to `target`, a new file, from one snapshot of the archive at `db`."""
    with closing(sqlite3.connect(target, isolation_level=None, timeout=PATIENCE, uri=True)) as conn:
        conn.execute("pragma page_size = 4096")
        conn.execute("pragma journal_mode = off")
        conn.execute("pragma synchronous = off")
        conn.execute("attach ? as source", [f"{db.absolute().as_uri()}?mode=ro"])
        conn.execute("begin")
        _recognise(conn, db)
        _run(conn, _tables() + ADDED)
        _copy(conn)
        _add(conn)
        _run(conn, INDEXES + TALLY + VIEWS)
        _say(conn)
        conn.execute("commit")
        conn.execute("detach source")
        conn.execute("analyze")
        conn.execute("vacuum")


def _recognise(conn: sqlite3.Connection, db: Path) -> None:
    found = {row[0] for row in conn.execute("select name from source.sqlite_master where type = 'table'")}
    if missing := {*COPIED, "blob", "capture", "fetch"} - found:
        raise ArchiveDamaged(
            f"{db} is not an archive: it has no table {min(missing)}; give the path of an archive"
        )


def _run(conn: sqlite3.Connection, script: str) -> None:
    for statement in script.split(";\n"):
        if statement.strip():
            conn.execute(statement)


def _tables() -> str:
    """The definitions of the copied tables, as archive/schema.py has them."""
    names = {*COPIED, "blob", "capture"}
    statements = (part.strip() for part in (CAPTURED + DERIVED).split(";\n"))
    return "".join(f"{s};\n" for s in statements if s.startswith("create table") and s.split()[2] in names)


def _copy(conn: sqlite3.Connection) -> None:
    for table, order in COPIED.items():
        names = [row[1] for row in conn.execute(f"pragma main.table_info({table})")]
        columns = ", ".join(f'"{name}"' for name in names)
        conn.execute(
            f"insert into main.{table} ({columns}) select {columns} from source.{table} order by {order}"
        )
    _run(conn, SHOWN)


def _add(conn: sqlite3.Connection) -> None:
    """What readers need and the archive does not hold: the codebooks and the latest versions."""
    book = [tuple(row.values())[:8] for row in packaged("codebook.csv")]
    conn.executemany(f"insert into codebook values (null{', ?' * 8})", book)
    said = sorted(tuple(row.values()) for row in packaged("statements.csv"))
    conn.executemany("insert into statement_code values (?, ?, ?, ?)", said)
    conn.execute(LATEST)


def _say(conn: sqlite3.Connection) -> None:
    """As of when, and how much there is."""
    as_of = conn.execute("select coalesce(max(at), '') from source.fetch").fetchone()[0]
    counts = json.dumps({table: _count(conn, table) for table in sorted(PUBLIC)})
    facts = [("as_of", as_of), ("counts", counts), ("format", FORMAT), ("licence", LICENCE["name"])]
    conn.executemany("insert into meta values (?, ?)", facts)


def packaged(name: str, package: str = "parsers") -> list[dict[str, str]]:
    """The rows of a CSV file that lies in a package."""
    return list(csv.DictReader(StringIO(files(package).joinpath(name).read_text(encoding="utf-8"))))


def _counts(conn: sqlite3.Connection) -> tuple[int, int, int, int]:
    counts = json.loads(_meta(conn, "counts"))
    return counts["report"], counts["version"], counts["figure"], counts["finding"]


def _count(conn: sqlite3.Connection, table: str) -> int:
    return int(conn.execute(f"select count(*) from main.{table}").fetchone()[0])


def _meta(conn: sqlite3.Connection, key: str) -> str:
    return str(conn.execute("select value from meta where key = ?", [key]).fetchone()[0])


# --- the download files ---------------------------------------------------------------------------


def write_downloads(conn: sqlite3.Connection, folder: Path, as_of: str, say: Progress) -> None:
    """Write every download as CSV and Parquet into `folder`, and `datapackage.json` that describes them."""
    resources = []
    for download in downloads():
        say(download.name)
        _write_table(conn, download, folder)
        resources += [_csv_resource(download, folder), _file_resource(folder / f"{download.name}.parquet")]
    resources.append(_file_resource(folder / DATABASE))
    text = json.dumps(_package(resources, as_of), ensure_ascii=False, indent=1)
    _write_text(folder / "datapackage.json", text + "\n")


KEYS = ("report_id", "body", "division", "year", "scope", "version")
REPORT = ("body_id", "kind", "title", "issuer", "url", "first_seen", "last_seen")
CELL = ("code", "value", "state", "raw", "unit", "proof", "place")
FINDING = ("kind", "message", "codes")
JOINED = "from version v join report r on r.id = v.report_id join body b on b.id = r.body_id"
KEY_COLUMNS = "r.id, b.name, b.division, r.year, r.scope, v.number"
ORDER = "order by r.id, v.number"


def downloads() -> tuple[Download, ...]:
    """The tables that are published as files."""
    report = "b.id, b.kind, v.title, v.issuer, v.url, v.first_seen, v.last_seen"
    cell = "f.code, f.value, f.state, f.raw, f.unit, f.proof, f.place"
    return (
        Download(
            "reports", "报告的各个版本 Reports, a row a version", described(KEYS + REPORT), _query(report)
        ),
        Download(
            "figures", "数据（长表） Figures of every version", described(KEYS + CELL), _query(cell, "figure")
        ),
        Download(
            "panel", "面板（宽表） Latest versions, a column a code", described(KEYS) + codes(), panel_rows
        ),
        Download(
            "findings",
            "问题 Findings",
            described(KEYS + FINDING),
            _query("f.kind, f.message, f.codes", "finding"),
        ),
    )


def described(names: Iterable[str]) -> tuple[Field, ...]:
    """The columns of these names, with the descriptions that the pages show too."""
    known = {row["column"]: Field(*row.values()) for row in packaged("columns.csv", "archive.browse")}
    return tuple(known[name] for name in names)


def _query(columns: str, table: str = "") -> Callable[[sqlite3.Connection], Iterator[Row]]:
    joined = f"{JOINED} join {table} f on f.version_id = v.id" if table else JOINED
    order = {"figure": ", f.code", "finding": ", f.position"}.get(table, "")
    return lambda conn: conn.execute(f"select {KEY_COLUMNS}, {columns} {joined} {ORDER}{order}")


def codes() -> tuple[Field, ...]:
    """A column for every code of the codebook, in its order, described in both languages."""
    fields: dict[str, Field] = {}
    for row in packaged("codebook.csv"):
        zh = "·".join((row["block"], row["row_label"], row["col_label"])) + f"（{row['unit']}）"
        fields.setdefault(row["code"], Field(row["code"], "number", zh, english(row["code"])))
    return tuple(fields.values())


def english(code: str) -> str:
    """What a code says in English words: `t3_new_received__total` -> `table 3, new received: total`."""
    table, _, rest = code.partition("_")
    place = {
        "t2": "table 2",
        "t3": "table 3",
        "t4": "table 4",
        "s14": "form of 2014",
        "l08": "local form",
    }.get(table)
    return f"{place or table}, {rest.replace('__', ': ').replace('_', ' ')}"


def panel_rows(conn: sqlite3.Connection) -> Iterator[Row]:
    """One row a report: its latest version, a value a code; None where no number is printed."""
    names = [field.name for field in codes()]
    rows = conn.execute(
        f"select {KEY_COLUMNS}, f.code, f.value {JOINED} join latest l on l.version_id = v.id "
        f"left join figure f on f.version_id = v.id {ORDER}, f.code"
    )
    for key, group in groupby(rows, key=lambda row: row[:6]):
        values = {code: value for *_key, code, value in group}
        yield (*key, *(values.get(code) for code in names))


ARROW = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64()}


def _write_table(conn: sqlite3.Connection, download: Download, folder: Path) -> None:
    """Stream one download into its CSV and its Parquet file."""
    schema = pa.schema([_arrow_field(field) for field in download.fields])
    rows = download.rows(conn)
    path = folder / f"{download.name}.csv"
    parquet = pq.ParquetWriter(path.with_suffix(".parquet"), schema, compression="zstd")
    with path.open("w", encoding="utf-8", newline="") as file, parquet:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(schema.names)
        while batch := list(islice(rows, BATCH)):
            writer.writerows([safe(cell) for cell in row] for row in batch)
            columns = zip(*batch, strict=True)
            arrays = [pa.array(c, f.type, from_pandas=False) for c, f in zip(columns, schema, strict=True)]
            parquet.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _arrow_field(field: Field) -> pa.Field:
    return pa.field(field.name, ARROW[field.type], metadata={"zh": field.zh, "en": field.en})


_DANGEROUS = re.compile(r"[\s\x00]*[=+\-@＝＋－＠\t\r]")
_HARMLESS = re.compile(r"[+\-－]?[\d.,]*[+\-－]?")


def safe(cell: object) -> object:
    """A CSV cell that no spreadsheet takes for a formula: an apostrophe before `=`, `+`, `-`, `@`.

    Plain numbers (`-1`, `+2`) and a lone dash stay as printed.
    """
    if isinstance(cell, str) and _DANGEROUS.match(cell) and not _HARMLESS.fullmatch(cell):
        return "'" + cell
    return cell


def _package(resources: list[dict[str, object]], as_of: str) -> dict[str, object]:
    return {
        "name": "nianbao",
        "title": "年报：政府信息公开工作年度报告 China's annual reports on open government information",
        "description": "CSV 中以 = + - @ 开头的文字前加撇号，Parquet 为原文。"
        " In the CSV an apostrophe precedes texts that begin with = + - @; Parquet holds them as printed.",
        "version": as_of or "0",
        "licenses": [LICENCE],
        "sources": [
            {"title": "各级行政机关网站公布的年度报告 Reports as published by the bodies; see reports.url"}
        ],
        "resources": resources,
    }


def _csv_resource(download: Download, folder: Path) -> dict[str, object]:
    fields = [{"name": f.name, "type": f.type, "description": f"{f.zh} — {f.en}"} for f in download.fields]
    facts = _file_facts(folder / f"{download.name}.csv")
    form = {"type": "table", "scheme": "file", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
    schema = {"fields": fields, "missingValues": [""]}
    return {"name": download.name, "title": download.title, **facts, **form, "schema": schema}


def _file_resource(path: Path) -> dict[str, object]:
    return {
        "name": path.name.replace(".", "-"),
        **_file_facts(path),
        "type": "file",
        "format": path.suffix[1:],
    }


def _file_facts(path: Path) -> dict[str, object]:
    return {"path": path.name, "bytes": path.stat().st_size, "hash": f"sha256:{_sha256(path)}"}
