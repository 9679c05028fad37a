"""Many archives into one: what was captured is joined row by row, what is derived is left to `read`.

Ids are derived from content and URL, so that a row has the same key wherever it was written. Where two archives
hold a row of one key, a join decides that does not depend on who comes first: `first_seen` is the earlier,
`last_seen` the later, and of everything else that may differ one row wins as a whole, by a total order. Hence a
merge may be repeated and done in any order and grouping, and ends with the same rows.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from archive.blobs import finder, is_sound
from archive.connection import is_outdated
from archive.errors import ArchiveMissing, no_file, translated
from archive.store import Archive

BATCH = 500
"""So many blobs are copied in one transaction: a long one would keep everybody else waiting."""


@dataclass(frozen=True, slots=True)
class Join:
    """How two rows of one key become one.

    `rank` orders the rows: expressions of SQL with `{0}` for the row, before all its other columns. The greater
    one wins, or the smaller one where the first to say it is right (`first_wins`).
    """

    table: str
    key: tuple[str, ...] = ("id",)
    rank: tuple[str, ...] = ()
    lowest: tuple[str, ...] = ()
    highest: tuple[str, ...] = ()
    first_wins: bool = False


JOINS = (
    # The same bytes, packed in two ways or damaged in one of the archives. What is packed alone stays so: in one of
    # them others may be packed upon it.
    Join(
        "blob",
        ("sha256",),
        (
            "is_sound({0}.sha256, {0}.size, {0}.encoding, {0}.data)",
            "{0}.encoding in ('raw', 'zstd')",
            "-length({0}.data)",
        ),
    ),
    Join("run", rank=("coalesce({0}.ended_at, '')",)),
    Join("source", rank=("{0}.at",)),
    Join("fetch"),
    # What was read as a report stays one, whoever met the same bytes as a listing.
    Join(
        "capture",
        rank=("instr('portal listing document attachment', {0}.kind)",),
        lowest=("first_seen",),
        highest=("last_seen",),
    ),
    Join("link", rank=("{0}.last_seen",), lowest=("first_seen",)),
    # A listing is walked, whatever else the address was taken for; then the later answer, then the later wish.
    Join(
        "request",
        rank=(
            "instr('portal document attachment listing', {0}.kind)",
            "coalesce({0}.done_at, '')",
            "{0}.queued_at",
            "{0}.attempts",
            "instr('queued failed done', {0}.state)",
        ),
    ),
    Join("base", ("host", "kind"), ("{0}.at",)),
    Join("host", ("host",), ("{0}.at",)),
    Join("host_event", rank=("{0}.at",), first_wins=True),
    Join("listing_page", rank=("{0}.at",)),
    Join("source_night", ("source_id", "run_id"), ("{0}.at",)),
    Join("found_source", rank=("{0}.at",), first_wins=True),
    Join("judgement", rank=("{0}.at",)),
    Join("parser_change", ("capture_id", "ordinal", "code", "old_parser", "new_parser", "at")),
    Join("stage", ("run_id", "name"), ("coalesce({0}.ended_at, '')", "{0}.at")),
    Join("measure", ("run_id", "name", "subject"), ("{0}.at",)),
    Join("morning", ("run_id",), ("{0}.at",)),
    Join("alarm", ("run_id", "monitor"), ("{0}.at",)),
)
"""Every table that is captured, those first that others point to."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge brought: how many archives were joined, and how many rows are new."""

    archives: int
    captures: int
    blobs: int
    fetches: int
    requests: int


Progress = Callable[[int, int], None]
"""Told how many rows are joined, and of how many."""


def merge(into: Path, sources: Sequence[Path], progress: Progress | None = None) -> Merged:
    """Joins every source into the archive at `into`, which is made when it does not exist.

    The sources are only read. Each is joined in one transaction, after its blobs; a merge that was killed is
    repeated. Raises ArchiveMissing, ArchiveDamaged, ArchiveLocked or DiskFull.
    """
    for path in sources:
        if not path.is_file():
            raise ArchiveMissing(f"{no_file(path)}; give the paths of archives to merge")
    into.parent.mkdir(parents=True, exist_ok=True)
    folder = tempfile.TemporaryDirectory(prefix=".merging-", dir=into.parent)
    with folder as name, Archive.open(into) as archive:
        others = [path for path in sources if not path.samefile(into)]
        total = sum(_rows(path) for path in others)
        before = _counts(archive.db)
        done = 0
        for path in others:
            with _attached(archive, path, Path(name)):
                for joined in _join_all(archive):
                    done += joined
                    if progress is not None:
                        progress(done, total)
        new = [after - old for after, old in zip(_counts(archive.db), before, strict=True)]
    return Merged(len(others), *new)


def _rows(path: Path) -> int:
    """How many rows of captured tables an archive holds."""
    with translated(path), closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
        tables = {row[0] for row in db.execute("select name from sqlite_master where type = 'table'")}
        if "capture" not in tables:
            raise ArchiveMissing(f"{path} is not an archive; give the paths of archives to merge")
        return sum(_count(db, join.table) for join in JOINS if join.table in tables)


def _counts(db: sqlite3.Connection) -> list[int]:
    return [_count(db, table) for table in ("capture", "blob", "fetch", "request")]


def _count(db: sqlite3.Connection, table: str) -> int:
    number: int = db.execute(f"select count(*) from {table}").fetchone()[0]
    return number


@contextmanager
def _attached(archive: Archive, path: Path, folder: Path) -> Iterator[None]:
    """The archive at `path` as the schema `other`, read only; an older one as a copy that is brought up to date."""
    with translated(path):
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            if is_outdated(db):
                path = _renewed(db, folder / "other.db")
        find = finder(archive.db, "main", "other")
        archive.db.create_function("is_sound", 4, partial(is_sound, find=find))
        archive.db.execute("attach ? as other", [f"{path.absolute().as_uri()}?mode=ro"])
    try:
        yield
    finally:
        archive.db.execute("detach other")


def _renewed(db: sqlite3.Connection, copy: Path) -> Path:
    copy.unlink(missing_ok=True)
    with closing(sqlite3.connect(copy)) as target:
        db.backup(target)
    Archive.open(copy).close()
    return copy


def _join_all(archive: Archive) -> Iterator[int]:
    """Joins what is attached; gives, step by step, how many rows were joined."""
    # Bases first: a merge that is killed leaves no blob that cannot be unpacked.
    for which in ("encoding in ('raw', 'zstd')", "encoding not in ('raw', 'zstd')"):
        for first, last, number in _blob_batches(archive.db, which):
            with archive.transaction() as db:
                _join(db, JOINS[0], f"where {which} and sha256 > '{first}' and sha256 <= '{last}'")
            yield number
    with archive.transaction() as db:
        # A source that is written meanwhile: what came since its blobs were copied.
        _join(db, JOINS[0], f"where sha256 in ({_UNKNOWN_BLOBS})")
        _note_touched(db)
        for join in JOINS[1:]:
            _join(db, join)
            yield _count(db, f"other.{join.table}")
        _reread_touched(db)


_UNKNOWN_BLOBS = """
select o.sha256 from other.blob o where not exists (select 1 from main.blob m where m.sha256 = o.sha256)
"""


def _blob_batches(db: sqlite3.Connection, which: str) -> Iterator[tuple[str, str, int]]:
    """Spans of checksums (after the first, up to the last) and how many blobs of a kind lie in each."""
    last = ""
    sql = "select max(sha256), count(*) from"
    sql += f" (select sha256 from other.blob where {which} and sha256 > ? order by sha256 limit ?)"
    while (found := db.execute(sql, (last, BATCH)).fetchone())[0] is not None:
        yield last, found[0], found[1]
        last = found[0]


def _join(db: sqlite3.Connection, join: Join, which: str = "where true") -> None:
    columns = [row[1] for row in db.execute(f"pragma main.table_info({join.table})")]
    names = ", ".join(columns)
    db.execute(
        f"insert into main.{join.table} ({names}) select {names} from other.{join.table} {which}"
        f" on conflict ({', '.join(join.key)}) do {_resolution(join, columns)}"
    )


def _resolution(join: Join, columns: Sequence[str]) -> str:
    """What an upsert does where the row is there already."""
    own = {*join.key, *join.lowest, *join.highest}
    chosen = [name for name in columns if name not in own]
    ours, theirs = (
        ", ".join(
            [*(part.format(row) for part in join.rank), *(f"coalesce({row}.{name}, '')" for name in chosen)]
        )
        for row in (join.table, "excluded")
    )
    differs = " or ".join(f"excluded.{name} is not {join.table}.{name}" for name in chosen)
    wins = f"(({differs}) and ({theirs}) {'<' if join.first_wins else '>'} ({ours}))"
    sets = [f"{name} = iif({wins}, excluded.{name}, {join.table}.{name})" for name in chosen]
    changes = [wins]
    for names, function, sign in ((join.lowest, "min", "<"), (join.highest, "max", ">")):
        for name in names:
            sets.append(f"{name} = {function}({join.table}.{name}, excluded.{name})")
            changes.append(f"excluded.{name} {sign} {join.table}.{name}")
    return f"update set {', '.join(sets)} where {' or '.join(changes)}"


# Where a report belongs depends on the links to it, and on those to the page beside which it lies. `cross join` begins
# with what is touched, mostly nothing, where SQLite would go through all that the archive holds.
_TOUCHED = """
insert or ignore into temp.touched
select o.to_url from other.link o where not exists (select 1 from main.link m where m.id = o.id
    and m.first_seen <= o.first_seen and m.source_id = o.source_id)
union select o.url from other.request o where (o.referer <> '' or o.source_id <> '') and not exists
    (select 1 from main.request m where m.id = o.id and m.referer = o.referer and m.source_id = o.source_id)
union select o.url from other.capture o join main.capture m on m.id = o.id
    where o.first_seen < m.first_seen or o.kind <> m.kind
"""
_BESIDE = """
insert or ignore into temp.touched
select l.to_url from temp.touched t cross join main.link l on l.from_url = t.url where l.kind = 'attachment'
"""
_REREAD = """
update reading set parser = '' where capture_id in
    (select c.id from temp.touched t cross join capture c on c.url = t.url)
"""


def _note_touched(db: sqlite3.Connection) -> None:
    """Notes the addresses of which `other` tells something that bears on how they are read."""
    db.execute("create temp table if not exists touched (url text primary key) without rowid")
    db.execute("delete from temp.touched")
    if db.execute("select 1 from reading limit 1").fetchone() is not None:
        db.execute(_TOUCHED)


def _reread_touched(db: sqlite3.Connection) -> None:
    """Lets the next `read` read anew what was read knowing less."""
    db.execute(_BESIDE)
    db.execute(_REREAD)
