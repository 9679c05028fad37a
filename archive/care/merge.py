"""Many archives into one: what was captured is joined row by row, what is derived is left to `read`.

Nothing in a foreign archive is believed (archive.care.incoming, archive.care.admission): each row passes or is refused by name,
each blob is unpacked and held against its name, and the rest goes on. What passes lies in a file of ours first, and is
joined from there.

Ids are derived from content and URL, so that a row has the same key wherever it was written. Where two archives
hold a row of one key, a join decides that does not depend on who comes first: `first_seen` is the earlier,
`last_seen` the later, and of everything else that may differ one row wins as a whole, by a total order. Hence a
merge may be repeated and done in any order and grouping, and ends with the same rows.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from archive.care import admission
from archive.care.admission import BLOB, Row
from archive.care.incoming import Incoming, Refusal, Refusals
from archive.database import blobs, seals
from archive.errors import ArchiveMissing, no_file, translated
from archive.outcomes import now_utc
from archive.store import Archive

BATCH = 500
"""So many blobs are copied in one transaction: a long one would keep everybody else waiting."""
TOGETHER = 50
"""So many archives are open at once; what one lacks another of them may bring."""


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
    # Its bytes decide, not its columns (`_better`).
    Join("blob", ("sha256",)),
    Join("run", rank=("coalesce({0}.ended_at, '')",)),
    Join("source", rank=("{0}.at",)),
    Join("fetch"),
    Join("witness", ("fetch_id",), ("{0}.at",), first_wins=True),
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
    Join("source_life", ("source_id", "vantage", "at"), ("{0}.state",)),
    Join("candidate", rank=("{0}.at",), first_wins=True),
    Join("judgement", rank=("{0}.at",)),
    Join("absence", rank=("{0}.at",)),
    Join("body_join", rank=("{0}.at",)),
    Join("parser_change", ("capture_id", "ordinal", "code", "old_parser", "new_parser", "at")),
    Join("stage", ("run_id", "name"), ("coalesce({0}.ended_at, '')", "{0}.at")),
    Join("measure", ("run_id", "name", "subject"), ("{0}.at",)),
    Join("morning", ("run_id",), ("{0}.at",)),
    Join("alarm", ("run_id", "monitor"), ("{0}.at",)),
)
"""Every table that is captured, those first that others point to."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge brought: how many archives were joined, and how many rows are new.

    `refused` counts the rows that were not taken, by table; `refusals` names the first of them. `unfinished` counts
    runs that had not ended: a run that goes on belongs to the archive in which it does, and comes when it has ended.
    """

    archives: int
    captures: int
    blobs: int
    fetches: int
    requests: int
    refused: dict[str, int]
    refusals: tuple[Refusal, ...]
    unfinished: int = 0


Progress = Callable[[int, int], None]
"""Told how many rows are joined, and of how many."""


def merge(into: Path, sources: Sequence[Path], progress: Progress | None = None) -> Merged:
    """Joins every source into the archive at `into`, which is made when it does not exist.

    The sources are only read. Each is joined in one transaction, after the blobs of all; a merge that was killed is
    repeated. Raises ArchiveMissing, ArchiveDamaged, ArchiveLocked or DiskFull.
    """
    for path in sources:
        if not path.is_file():
            raise ArchiveMissing(f"{no_file(path)}; give the paths of archives to merge")
    into.parent.mkdir(parents=True, exist_ok=True)
    folder = tempfile.TemporaryDirectory(prefix=".merging-", dir=into.parent)
    with folder as name, Archive.open(into) as archive:
        others = [path for path in sources if not path.samefile(into)]
        before = _counts(archive.db)
        work = _Merge(archive, Path(name) / "taken.db", progress or (lambda done, total: None))
        for start in range(0, len(others), TOGETHER):
            work.join(others[start : start + TOGETHER])
        new = [after - old for after, old in zip(_counts(archive.db), before, strict=True)]
    captures, blob_count, fetches, requests = new
    refused, named = dict(work.refusals.counts), tuple(work.refusals.named)
    return Merged(len(others), captures, blob_count, fetches, requests, refused, named, work.unfinished)


def _counts(db: sqlite3.Connection) -> list[int]:
    return [_count(db, table) for table in ("capture", "blob", "fetch", "request")]


def _count(db: sqlite3.Connection, table: str) -> int:
    number: int = db.execute(f"select count(*) from {table}").fetchone()[0]
    return number


class _Merge:
    """One merge on its way: where it goes, and what was refused so far. `taken` is the file of what passed."""

    def __init__(self, archive: Archive, taken: Path, progress: Progress) -> None:
        self.archive, self.taken, self.progress = archive, taken, progress
        self.refusals, self.unfinished = Refusals(), 0
        self._tables = admission.tables(now_utc())
        self._done = self._total = 0

    def join(self, sources: Sequence[Path]) -> None:
        """Joins some archives: first the blobs of all, so that a row that needs one finds it."""
        with ExitStack() as stack:
            opened = [stack.enter_context(Incoming.opened(path, self.refusals)) for path in sources]
            self._total += sum(found.count(table) for found in opened for table in (BLOB, *self._tables))
            for found in opened:
                self._take_blobs(found)
            for found in opened:
                self._take_rows(found)

    def _step(self, rows: int) -> None:
        self._done += rows
        self.progress(self._done, max(self._done, self._total))

    def _take_blobs(self, found: Incoming) -> None:
        # Bases first: a merge that is killed leaves no blob that cannot be unpacked.
        for which in ("encoding in ('raw', 'zstd')", "encoding not in ('raw', 'zstd')"):
            rows = found.rows(BLOB, which)
            while batch := list(islice(rows, BATCH)):
                with self.archive.transaction() as db:
                    for row in batch:
                        _take_blob(db, found, row)
                self._step(len(batch))

    def _take_rows(self, found: Incoming) -> None:
        """What passes of one archive goes into a file of ours, which is joined in one transaction."""
        self._stage(found)
        db = self.archive.db
        with _attached(db, self.taken):
            self._drop(found)
            with self.archive.transaction():
                _note_touched(db)
                fetched = _changing_fetches(db)
                seals.add_fetches(db, fetched, -1)
                for join in JOINS[1:]:
                    _join(db, join)
                    self._step(_count(db, f"other.{join.table}"))
                seals.add_fetches(db, fetched)
                _reread_touched(db)

    def _stage(self, found: Incoming) -> None:
        """A new file with our tables, which nobody needs after a crash, and the rows that pass in it."""
        self.taken.unlink(missing_ok=True)
        Archive.open(self.taken).close()
        with translated(self.taken), closing(sqlite3.connect(self.taken, isolation_level=None)) as db:
            for pragma in ("journal_mode = off", "synchronous = off", "foreign_keys = off"):
                db.execute(f"pragma {pragma}")
            db.execute("begin immediate")
            for table in self._tables:
                names = [column.name for column in table.columns]
                db.executemany(_insertion(table.name, names), _values(found.rows(table), names))
            db.execute("commit")

    def _drop(self, found: Incoming) -> None:
        """Takes away what needs something that was not taken, and the runs that have not ended."""
        db = self.archive.db
        for table, key, why, which in _NEEDS:
            for row in db.execute(f"select {key} from other.{table} t where {which}"):
                found.refuse(table, " ".join(map(str, row)), why)
            db.execute(f"delete from other.{table} as t where {which}")
        db.execute(_STAGES_OF_UNFINISHED)
        self.unfinished += db.execute(_UNFINISHED).rowcount


@contextmanager
def _attached(db: sqlite3.Connection, path: Path) -> Iterator[None]:
    """The file of what passed as the schema `other`."""
    with translated(path):
        db.execute("attach ? as other", [str(path)])
        try:
            yield
        finally:
            db.execute("detach other")


def _insertion(table: str, names: Sequence[str]) -> str:
    """Of two rows of one key the first is taken: no honest archive has two."""
    columns, places = ", ".join(names), ", ".join("?" * len(names))
    return f"insert into {table} ({columns}) values ({places}) on conflict do nothing"


def _values(rows: Iterable[Row], names: Sequence[str]) -> Iterator[tuple[object, ...]]:
    return (tuple(row[name] for name in names) for row in rows)


_FETCH = ", ".join(f"{{0}}.{name}" for name in seals.FETCH_COLUMNS)
_CHANGING = (
    "select o.id from other.fetch o left join main.fetch m on m.id = o.id"
    f" where m.id is null or ({_FETCH.format('m')}) is not ({_FETCH.format('o')})"
)


def _changing_fetches(db: sqlite3.Connection) -> list[str]:
    """The fetches that are new, or that another archive tells otherwise."""
    return [str(row[0]) for row in db.execute(_CHANGING)]


_UNFINISHED = "delete from other.run where ended_at is null"
_STAGES_OF_UNFINISHED = (
    "delete from other.stage where run_id in (select id from other.run where ended_at is null)"
)
_NO_BLOB = "not exists (select 1 from main.blob b where b.sha256 = t.sha256)"
_ANSWER = "(select 1 from {}.fetch f where f.url = t.url and f.request_id = t.id)"
# What rows that pass each by itself need of others: table, key, why a row is refused, and which are.
_NEEDS = (
    ("fetch", "id", "its blob was not taken", f"t.sha256 is not null and {_NO_BLOB}"),
    ("capture", "id", "its blob was not taken", _NO_BLOB),
    ("base", "host, kind", "its blob was not taken", _NO_BLOB),
    (
        "request",
        "id",
        "is done, but no fetch answers it",
        f"t.state = 'done' and not exists {_ANSWER.format('main')} and not exists {_ANSWER.format('other')}",
    ),
)


def _take_blob(db: sqlite3.Connection, found: Incoming, row: Row) -> None:
    """Keeps a blob that gives the bytes of its name, where there is none or one that is not as good."""
    sha256, size, encoding, data = (row[name] for name in ("sha256", "size", "encoding", "data"))
    new = (int(size or 0), str(encoding), bytes(data if isinstance(data, bytes) else b""))
    kept = db.execute(_KEPT, (sha256,)).fetchone()
    if kept is not None and tuple(kept) == new:
        return
    find = blobs.finder(db)
    if not blobs.is_sound(str(sha256), *new, find):
        found.refuse("blob", str(sha256), "its bytes are not those of its name")
    elif kept is None:
        db.execute("insert into blob (sha256, size, encoding, data) values (?, ?, ?, ?)", (sha256, *new))
    elif not blobs.is_sound(str(sha256), kept[0], kept[1], kept[2], find):
        blobs.replace(db, blobs.unpack(new[1], new[2], new[0], find) or b"")
    elif _rank(new) > _rank(tuple(kept)):
        sql = "update blob set size = ?, encoding = ?, data = ? where sha256 = ?"
        db.execute(sql, (*new, sha256))


_KEPT = "select size, encoding, data from blob where sha256 = ?"


def _rank(blob: tuple[int, str, bytes]) -> tuple[object, ...]:
    """Of two that are sound: what is packed alone stays so, for others may be packed upon it; then the shorter."""
    _size, encoding, data = blob
    return (encoding in blobs.ALONE, -len(data), encoding, data)


def _join(db: sqlite3.Connection, join: Join) -> None:
    columns = [row[1] for row in db.execute(f"pragma main.table_info({join.table})")]
    names = ", ".join(columns)
    db.execute(
        f"insert into main.{join.table} ({names}) select {names} from other.{join.table} where true"
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
