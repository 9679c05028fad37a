"""The archive: runs, sources, blobs, and (through `frontier`) the queue and what it brought home."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import uuid4

from archive.blobs import unpack
from archive.errors import ArchiveDamaged
from archive.frontier import Frontier
from archive.ids import blob_id, content_id
from archive.nights import Nights
from archive.outcomes import utc_now


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the archive that does not hold: where, and what."""

    where: str
    what: str


class Archive(Frontier, Nights):
    """An archive file: `Archive.open(path)`, or `Archive.read_only(path)`."""

    def start_run(self, command: str, vantage: str = "") -> str:
        """Begins a run and gives its id. A run is an event, not content: its id is unique, not derived."""
        now = utc_now()
        run_id = content_id("run", command, now, uuid4().hex)
        with self.transaction() as db:
            db.execute(
                "insert into run (id, command, vantage, started_at) values (?, ?, ?, ?)",
                (run_id, command, vantage, now),
            )
        return run_id

    def finish_run(self, run_id: str, outcome: str) -> None:
        """Says how a run ended. An interrupted run keeps no end: the next one goes on with it."""
        ended = None if outcome == "interrupted" else utc_now()
        with self.transaction() as db:
            db.execute("update run set ended_at = ?, outcome = ? where id = ?", (ended, outcome, run_id))

    def unfinished_run(self, command: str) -> str | None:
        """The last run of a command when it was killed or interrupted; None when it ended."""
        row = self.db.execute(
            "select id, ended_at from run where command = ? order by started_at desc, rowid desc limit 1",
            (command,),
        ).fetchone()
        return row["id"] if row and row["ended_at"] is None else None

    def keep_sources(self, sources: Iterable[Mapping[str, str]]) -> None:
        """Writes the rows of the registry as they are now; the archive shows what each source was."""
        columns = ("id", "name", "division", "level", "kind", "entry", "url", "family", "note", "at")
        sql = (
            f"insert into source ({', '.join(columns)}) values ({', '.join('?' * len(columns))})"
            + " on conflict (id) do update set "
            + ", ".join(f"{name} = excluded.{name}" for name in columns[1:])
        )
        with self.transaction() as db:
            now = utc_now()
            db.executemany(sql, [[*(row[name] for name in columns[:-1]), now] for row in sources])

    def blob(self, sha256: str) -> bytes:
        """The bytes that were captured under this SHA-256, proven to be those."""
        row = self.db.execute("select size, encoding, data from blob where sha256 = ?", (sha256,)).fetchone()
        if row is None:
            raise ArchiveDamaged(f"{self.path}: no blob {sha256}; restore a copy, then run `nianbao verify`")
        data = unpack(row["encoding"], row["data"], row["size"])
        if data is None or blob_id(data) != sha256:
            raise ArchiveDamaged(f"{self.path}: blob {sha256} does not match its checksum; restore a copy")
        return data

    def verify(self) -> Iterator[Problem]:
        """Every way in which the archive is not what it should be; nothing when all is well."""
        for row in self.db.execute("pragma integrity_check"):
            if row[0] != "ok":
                yield Problem(str(self.path), row[0])
        for row in self.db.execute("pragma foreign_key_check"):
            yield Problem(f"table {row[0]}", f"row {row[1]} points to a missing row of {row[2]}")
        yield from self._bad_blobs()
        yield from self._lost_answers()

    def _bad_blobs(self) -> Iterator[Problem]:
        for (sha256,) in self.db.execute("select sha256 from blob order by sha256"):
            try:
                self.blob(sha256)
            except ArchiveDamaged as error:
                yield Problem(f"blob {sha256}", str(error))

    def _lost_answers(self) -> Iterator[Problem]:
        for table, what, sql in _CHECKS:
            for (identifier,) in self.db.execute(sql):
                yield Problem(f"{table} {identifier}", what)


_CHECKS = (
    (
        "fetch",
        "its blob is missing",
        "select id from fetch where sha256 is not null"
        " and not exists (select 1 from blob where blob.sha256 = fetch.sha256)",
    ),
    (
        "request",
        "is done, but no fetch answers it",
        "select id from request where state = 'done' and not exists"
        " (select 1 from fetch where fetch.url = request.url and fetch.request_id = request.id)",
    ),
)
