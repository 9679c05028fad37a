"""The publication, made from the archive: draft, gates, swap.

A finished draft is held against the last release (gates.py) and takes its place in one step (swap.py), or the last
release stays and `held.json` beside it says why. The same archive gives the same bytes: rows stand in order and no
clock is read.
"""

from __future__ import annotations

import errno
import filecmp
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from archive import pool
from archive.derived import completeness
from archive.digests import sha256
from archive.errors import ArchiveDamaged, ArchiveError, ArchiveMissing, DiskFull, Unwritable, translated
from archive.publication import gates
from archive.publication.changes import changes
from archive.publication.datapackage import write_package
from archive.publication.downloads import Download, downloads
from archive.publication.gates import Verdict
from archive.publication.notices import write_notices
from archive.publication.snapshot import FORMAT, build_database, counts, meta
from archive.publication.swap import CHECKSUMS, draft, flush, swap_in
from archive.publication.tabular import Span, write_table
from archive.releases.manifest import Unkept, beside

DATABASE = "nianbao.db"
HELD = "held.json"
FEW = 1_000_000
"""Up to so many figures one process has written its tables before others have started."""
PATIENCE = timedelta(hours=12)
"""A table that takes longer will not come to an end."""

Progress = Callable[[str], None]


class HeldBack(ArchiveError):
    """The draft did not pass the gates; the last release stays. `verdict` says which, and how it measured."""

    def __init__(self, message: str, verdict: Verdict) -> None:
        super().__init__(message)
        self.verdict = verdict


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
    requests: int = 0
    """What the highest areas report of the newest year, and of these those behind which reports are held."""
    held: int = 0
    year: int = 0
    forced: tuple[str, ...] = ()
    """The gates that it did not pass and was published all the same."""
    release: str = ""
    """The release that it is kept as; none where `unkept` says why it could not be kept."""
    unkept: str = ""


Spans = dict[int, Span]
Tables = Callable[[Path, Sequence[str], bool], Iterable[tuple[str, Spans]]]
"""Writes the downloads of these names beside a published database, with or without `bom`; gives where years stand."""


def publish(
    db: Path,
    out: Path,
    progress: Progress | None = None,
    *,
    force: str = "",
    bom: bool = False,
    tables: Tables | None = None,
    releases: Path | None = None,
) -> Published:
    """Make OUT/nianbao.db and the download files from the archive at `db`, and keep the release.

    `force` is the reason to publish what the gates would hold back; it is recorded. With `bom` the CSV files begin
    with the mark by which Excel knows UTF-8. `tables` writes the files elsewhere than in this process. Releases are
    kept in `releases`, else beside OUT; one that cannot be kept is published all the same. Raises ArchiveMissing,
    ArchiveLocked or ArchiveDamaged for the archive, Unwritable for the folder, HeldBack for the draft.
    """
    say = progress or (lambda _stage: None)
    if not db.is_file():
        raise ArchiveMissing(
            f"{db}: there is no archive here; run `nianbao crawl` first or give another --db"
        )
    with _told(out), draft(out) as shop:
        _build(db, shop / DATABASE, out, say)
        with closing(sqlite3.connect(f"{(shop / DATABASE).as_uri()}?mode=ro", uri=True)) as conn:
            found, behind = counts(conn), completeness.behind(conn)
            say("gates")
            verdict = gates.judge(gates.measure(conn), gates.last_measures(out), force)
            if verdict.failed and not force:
                raise _held_back(out, verdict)
            if not _repeated(shop, out):
                _write(shop / gates.NAME, verdict.as_json())
            written = write_files(conn, shop, say, out, bom=bom, tables=tables or write_tables)
            as_of = meta(conn, "as_of")
        if db.with_name(QUALITY).is_file():
            shutil.copyfile(db.with_name(QUALITY), shop / QUALITY)
        say("checksums")
        files = _listed(shop)
        sums = "".join(f"{sha256(path)}  {path.name}\n" for path in files)
        (shop / CHECKSUMS).write_text(sums, encoding="utf-8", newline="\n")
        size = sum(path.stat().st_size for path in files)
        say("release")
        release, unkept = _kept(shop, releases or beside(out), written, out.absolute().name, as_of)
        swap_in(shop, out, DATABASE, {HELD, f".{HELD}"})
        (out / HELD).unlink(missing_ok=True)
    forced = tuple(result.gate for result in verdict.failed)
    whole = (behind.requests, behind.held, behind.year) if behind else (0, 0, 0)
    return Published(out / DATABASE, *found, len(files), size, *whole, forced, release, unkept)


def write_files(
    conn: sqlite3.Connection, folder: Path, say: Progress, last: Path, *, bom: bool, tables: Tables
) -> tuple[Download, ...]:
    """Write every download of a published database into `folder`, and what describes them; gives the downloads.

    `last` is the folder of the last release, for what changed since.
    """
    years, published = {}, downloads(counts(conn)[2])
    for name, spans in tables(folder / DATABASE, [download.name for download in published], bom):
        say(name)
        years[name] = spans
    changed = changes(_comparable(last))
    if not (folder / changed.csv).exists():
        say(changed.name)
        write_table(conn, changed, folder, bom=bom)
    as_of = meta(conn, "as_of")
    write_notices(folder, as_of)
    write_package(folder, (*published, changed), DATABASE, as_of, years, bom=bom)
    return (*published, changed)


def write_tables(database: Path, names: Sequence[str], bom: bool) -> Iterator[tuple[str, Spans]]:
    """The downloads of these names: one after the other, or many rows by a process a core."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro&immutable=1", uri=True)) as conn:
        few = counts(conn)[2] <= FEW
    tasks = [(database, name, bom) for name in names]
    if few:
        yield from map(write_one, tasks)
        return
    with closing(pool.Pool(_tried, jobs=os.cpu_count() or 1, timeout=PATIENCE)) as writers:
        for (_database, name, _bom), result in writers.run(tasks):
            if isinstance(result, OSError):
                raise result
            if isinstance(result, pool.Failure):
                raise Unwritable(f"{name} could not be written: {result.message}; publish again")
            yield result


def write_one(task: tuple[Path, str, bool]) -> tuple[str, Spans]:
    """The download of one name beside a published database, with or without `bom`: its name, and where years stand."""
    database, name, bom = task
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro&immutable=1", uri=True)) as conn:
        (download,) = (each for each in downloads(counts(conn)[2]) if each.name == name)
        return name, write_table(conn, download, database.parent, bom=bom)


def _tried(task: tuple[Path, str, bool]) -> tuple[str, Spans] | OSError:
    """An error of the disk is for the process that gave the task."""
    try:
        return write_one(task)
    except OSError as error:
        return error


def _comparable(last: Path) -> Path | None:
    """The database of the last release, if it is there and of this form."""
    path = last / DATABASE
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as conn:
            return path if meta(conn, "format") == FORMAT else None
    except sqlite3.DatabaseError:
        return None


QUALITY = "quality.json"
"""The measured error rate, beside the archive (`nianbao quality score`) and in the release."""
CARRIED = (gates.NAME, "changes.csv", "changes.parquet")
"""What a release says of the one before it."""


def _kept(
    shop: Path, folder: Path, written: Sequence[Download], publication: str, as_of: str
) -> tuple[str, str]:
    """The name of the release that the draft is kept as, or why it is not kept."""
    from archive.releases.keeping import keep  # DuckDB, which only this needs

    try:
        return keep(shop, folder, written, publication, as_of), ""
    except Unkept as error:
        return "", str(error)
    except OSError as error:
        return "", f"{folder} could not be written ({_why(error)}); give another --releases"


def _repeated(shop: Path, out: Path) -> bool:
    """Whether the draft says what the last release says already; then that tells of the one before it still."""
    if not all((out / name).is_file() for name in (DATABASE, *CARRIED)):
        return False
    if not filecmp.cmp(out / DATABASE, shop / DATABASE, shallow=False):
        return False
    for name in CARRIED:
        shutil.copyfile(out / name, shop / name)
    return True


def _held_back(out: Path, verdict: Verdict) -> HeldBack:
    """Leave a note beside the last release, and say why there is no new one."""
    failed = [asdict(result) for result in verdict.failed]
    note = {"as_of": verdict.as_of, "last": verdict.last, "failed": failed}
    aside = out / f".{HELD}"
    _write(aside, note)
    flush(aside)
    aside.replace(out / HELD)
    why = "; ".join(map(str, verdict.failed))
    stays = f"the release as of {verdict.last} stays" if verdict.last else "nothing is published"
    return HeldBack(
        f"{out}: held back, {stays}: {why}. Look at the archive; if it is right, publish with --force REASON",
        verdict,
    )


def _build(db: Path, target: Path, out: Path, say: Progress) -> None:
    try:
        with translated(db):
            build_database(db, target, say)
    except (sqlite3.IntegrityError, sqlite3.DataError) as error:
        raise ArchiveDamaged(
            f"{db} does not hold together ({error}); run `nianbao verify`, then restore a copy"
        ) from error
    except DiskFull as error:  # the archive is only read: it is the publication that had no room
        raise DiskFull(_no_room(out)) from error


def _no_room(out: Path) -> str:
    return f"{out} could not be written: no room on the disk; free some and publish again"


@contextmanager
def _told(out: Path) -> Iterator[None]:
    """What the system says about the folder, with its remedy."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(_no_room(out)) from error
        raise Unwritable(f"{out} could not be written ({_why(error)}); give another --out") from error


def _why(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _write(path: Path, value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _listed(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and path.name != CHECKSUMS)
