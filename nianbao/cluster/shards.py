"""Where the shards of a cluster's crawl lie: a folder that all machines see, or storage like S3.

A shard is the archive of one part of all hosts. In a folder it is used where it lies; its crawl's own lock keeps
others out, and nothing that was captured is lost with a worker. In object storage it is used as a copy that is
put back every half minute, under a lease that its holder renews as often: who takes a part over goes on from the
last copy, and what was fetched after it is queued there still.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4

from crawler.engine.parts import Part
from nianbao.front.exits import CommandError, Exit

if TYPE_CHECKING:
    from obstore.store import ObjectStore

EVERY = 30.0
"""Seconds between two copies of a shard to object storage."""
LEASE = 90.0
"""A lease that was not renewed for so many seconds has lost its holder."""


class LeaseLost(Exception):
    """Another worker has taken the part over: whatever this one still does must end."""


class Shard(Protocol):
    """A shard while it is used."""

    path: Path
    every: float

    def keep(self) -> None:
        """Puts what it is now where others find it. Raises LeaseLost."""


class Shards(Protocol):
    """All shards of a cluster."""

    def opened(self, part: Part) -> Any:
        """A context manager that gives a Shard to crawl into, alone."""

    def collected(self, part: Part, folder: Path) -> Path | None:
        """A file to read the shard from; None when there is none yet. `folder` is for copies."""


def shards_at(place: str) -> Shards:
    """The shards at a path, or at a URL such as s3://bucket/prefix (with AWS_… in the environment)."""
    if "://" not in place or place.startswith("file://"):
        return FolderShards(Path(place.removeprefix("file://")).absolute())
    try:
        from obstore.store import from_url
    except ImportError as error:
        raise CommandError(
            f"{place}: object storage needs obstore; install it: pip install 'nianbao[cluster]'",
            Exit.CONFIGURATION,
        ) from error
    return StoredShards(from_url(place))


def _name(part: Part) -> str:
    return f"part-{part.number:03}-of-{part.of:03}.db"


@dataclass
class _Local:
    path: Path
    every: float = EVERY

    def keep(self) -> None:
        """It lies where it belongs."""


@dataclass(frozen=True)
class FolderShards:
    """Shards in a folder."""

    folder: Path

    @contextmanager
    def opened(self, part: Part) -> Iterator[Shard]:
        """The shard where it lies."""
        self.folder.mkdir(parents=True, exist_ok=True)
        yield _Local(self.folder / _name(part))

    def collected(self, part: Part, folder: Path) -> Path | None:
        """The shard where it lies."""
        path = self.folder / _name(part)
        return path if path.exists() else None


@dataclass(frozen=True)
class StoredShards:
    """Shards in object storage."""

    store: ObjectStore

    @contextmanager
    def opened(self, part: Part) -> Iterator[Shard]:
        """A copy of the shard, under a lease; waits until the lease of another has ended."""
        lease = _Lease(self.store, f"{_name(part)}.lease")
        lease.take()
        try:
            with TemporaryDirectory(prefix="nianbao-shard-") as folder:
                path = Path(folder) / _name(part)
                self._fetch(part, path)
                shard = _Copied(path, self.store, lease)
                yield shard
                shard.keep()
        finally:
            lease.give_back()

    def collected(self, part: Part, folder: Path) -> Path | None:
        """A copy of the shard."""
        path = folder / _name(part)
        return path if self._fetch(part, path) else None

    def _fetch(self, part: Part, path: Path) -> bool:
        import obstore

        try:
            answer = obstore.get(self.store, _name(part))
        except FileNotFoundError:
            return False
        with path.open("wb") as file:
            for piece in answer.stream(min_chunk_size=8 * 1024 * 1024):
                file.write(bytes(piece))
        return True


@dataclass
class _Copied:
    path: Path
    store: ObjectStore
    lease: _Lease
    every: float = EVERY

    def keep(self) -> None:
        import obstore

        self.lease.renew()
        if not self.path.exists():
            return
        copy = self.path.with_suffix(".copy")
        copy.unlink(missing_ok=True)
        with closing(sqlite3.connect(self.path)) as db, closing(sqlite3.connect(copy)) as target:
            db.backup(target)
        with copy.open("rb") as file:
            obstore.put(self.store, self.path.name, file)
        self.lease.renew()


class _Lease:
    """An object that only its holder rewrites; the storage decides who was first."""

    def __init__(self, store: ObjectStore, name: str) -> None:
        self._store = store
        self._name = name
        self._holder = uuid4().hex
        self._tag: str | None = None

    def take(self) -> None:
        """Takes the lease, at once when it is free, else when its holder has not renewed it for LEASE seconds."""
        import obstore
        from obstore.exceptions import AlreadyExistsError, PreconditionError

        seen, since = "", time.monotonic()
        while self._tag is None:
            try:
                self._tag = self._put(mode="create")
                return
            except AlreadyExistsError:
                pass
            try:
                tag = obstore.head(self._store, self._name)["e_tag"] or ""
            except FileNotFoundError:
                continue
            if tag != seen:
                seen, since = tag, time.monotonic()
            elif time.monotonic() - since > LEASE:
                try:
                    self._tag = self._put(mode={"e_tag": tag})
                except (PreconditionError, FileNotFoundError):
                    continue
            time.sleep(min(1.0, LEASE / 10))

    def renew(self) -> None:
        """Says that its holder lives; raises LeaseLost when another has it now."""
        from obstore.exceptions import PreconditionError

        try:
            self._tag = self._put(mode={"e_tag": self._tag})
        except (PreconditionError, FileNotFoundError) as error:
            raise LeaseLost(self._name) from error

    def give_back(self) -> None:
        """Lets the next one take it at once."""
        import obstore

        try:
            self.renew()
        except LeaseLost:
            return
        obstore.delete(self._store, self._name)

    def _put(self, mode: Any) -> str:
        import obstore

        body = f"{self._holder} {time.time()}".encode()
        return obstore.put(self._store, self._name, body, mode=mode, use_multipart=False)["e_tag"] or ""
