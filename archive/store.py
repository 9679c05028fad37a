"""The archive: runs, sources, blobs, and (through `frontier`) the queue and what it brought home."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import uuid4

from archive.database.blobs import finder, unpack
from archive.errors import ArchiveDamaged
from archive.ids import blob_id, content_id
from archive.outcomes import utc_now
from archive.state.frontier import Frontier
from archive.state.lives import Lives
from archive.state.mornings import Mornings
from archive.state.nights import Nights
from archive.state.witnesses import Witnesses


class Archive(Frontier, Nights, Mornings, Lives, Witnesses):
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
        data = unpack(row["encoding"], row["data"], row["size"], finder(self.db))
        if data is None or blob_id(data) != sha256:
            raise ArchiveDamaged(f"{self.path}: blob {sha256} does not match its checksum; restore a copy")
        return data
