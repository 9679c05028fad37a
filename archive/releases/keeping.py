"""A publication is kept as a release, before it takes the place of the last one."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from archive.digests import sha256
from archive.publication.downloads import Download
from archive.publication.swap import flush
from archive.releases import chain
from archive.releases.manifest import NAME, File, Manifest, Table, Unkept, check, read, releases

DRAFT = ".keeping"
LONGEST = 60
"""So many changes of a table follow one another before it is kept whole again: each makes reading it slower."""


def keep(draft: Path, folder: Path, published: Sequence[Download], publication: str, as_of: str) -> str:
    """Keep the Parquet files of a finished draft as a release in `folder`; gives the release's name.

    A draft that says what the newest release says, as of the same time, is that release. Raises Unkept where the
    folder holds the releases of another publication or is in use, OSError for the disk; nothing is left behind then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        last = _last(folder, publication)
        name = _named(as_of, releases(folder))
        aside = folder / DRAFT
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir()
        try:
            with chain.room(aside / "spill") as conn:
                work = _Work(conn, draft, aside, name, folder / last.name if last else None)
                tables = {
                    each.name: work.kept(each, last.tables.get(each.name) if last else None)
                    for each in published
                }
            shutil.rmtree(aside / "spill", ignore_errors=True)
            if last and last.as_of == as_of and last.tables == tables:
                return last.name
            manifest = Manifest(name, as_of, publication, last.name if last else "", tables)
            (aside / NAME).write_text(manifest.written(), encoding="utf-8", newline="\n")
            for path in (*aside.iterdir(), aside):
                flush(path)
            aside.rename(folder / name)
            flush(folder)
        except duckdb.Error as error:
            raise Unkept(f"{folder / name} could not be made ({str(error).splitlines()[0]})") from error
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return name


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Unkept(
            f"{folder}: another process keeps a release here; publish again when it has ended"
        ) from error
    finally:
        os.close(held)


def _last(folder: Path, publication: str) -> Manifest | None:
    """The newest release of a folder, which must be of this publication."""
    names = releases(folder)
    if not names:
        return None
    last = read(folder / names[0])
    if last.publication != publication:
        raise Unkept(
            f"{folder} keeps the releases of the publication {last.publication}; give {publication} a folder of its"
            " own with --releases"
        )
    return last


def _named(as_of: str, names: Sequence[str]) -> str:
    """The day, with a number from the second of that day on."""
    day = as_of[:10] or "0000-00-00"
    taken = {name for name in names if name.partition(".")[0] == day}
    number = 2
    while f"{day}.{number}" in taken:
        number += 1
    return f"{day}.{number}" if taken else day


@dataclass
class _Work:
    """One release on its way: the tables of `draft` go into `aside`."""

    conn: duckdb.DuckDBPyConnection
    draft: Path
    aside: Path
    name: str
    last: Path | None

    def kept(self, download: Download, last: Table | None) -> Table:
        """A table: as it was, with its changes, or whole where there is nothing to change or that costs more."""
        whole = self.draft / f"{download.name}.parquet"
        columns = chain.columns(self.conn, whole)
        chain.of_file(self.conn, "now", whole)
        chain.digests(self.conn, "now", "now_of", download.key, list(columns))
        rows, digest = chain.digest(self.conn, "now_of", download.key)
        now = Table(download.key, rows, digest, ())
        if self.last and last and last.key == now.key and self._shared(self.last, last, columns):
            if digest == last.digest:
                return replace(now, files=last.files)
            if files := self._changed(download.name, last, now, list(columns)):
                return replace(now, files=files)
        file = self.aside / f"{download.name}.{self.name}.parquet"
        shutil.copyfile(whole, file)
        return replace(now, files=(_described(file),))

    def _shared(self, release: Path, last: Table, columns: dict[str, str]) -> bool:
        """Whether the files of the last release are what was kept, with these columns: they are then shared."""
        try:
            check(release, last)
        except Unkept:
            return False
        kept = [release / file.name for file in last.files]
        if chain.columns(self.conn, kept[0]) != columns:
            return False
        for path in kept:
            here = self.aside / path.name
            try:
                os.link(path, here)
            except OSError:  # a disk that knows no hard links
                shutil.copyfile(path, here)
        return True

    def _changed(self, name: str, last: Table, now: Table, columns: Sequence[str]) -> tuple[File, ...]:
        """The files of the last release and the changes since; none where the table had better be kept whole."""
        target = self.aside / f"{name}.{self.name}.jsonl.zst"
        chain.of_release(self.conn, "was", self.aside, last)
        chain.digests(self.conn, "was", "was_of", now.key, columns)
        chain.compare(self.conn, "was_of", "now_of", now.key)
        chain.write_changes(self.conn, "now", target, now.key, columns)
        after = replace(now, files=(*last.files, _described(target)))
        changes = after.files[1:]
        if (
            len(changes) <= LONGEST
            and 2 * sum(file.bytes for file in changes) <= after.files[0].bytes
            and self._reads(after, columns)
        ):
            return after.files
        for file in after.files:
            (self.aside / file.name).unlink()
        return ()

    def _reads(self, table: Table, columns: Sequence[str]) -> bool:
        """Whether the files of a table give the rows that it has to have; a line may be longer than DuckDB reads."""
        try:
            return chain.proves(self.conn, "then", self.aside, table, columns)
        except duckdb.InvalidInputException:
            return False


def _described(path: Path) -> File:
    return File(path.name, sha256(path), path.stat().st_size)
