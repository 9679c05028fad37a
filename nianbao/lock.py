"""One night at a time: a lock that the kernel takes back when its holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from nianbao.front.exits import CommandError, Exit


@contextmanager
def only_one(path: Path, what: str) -> Iterator[None]:
    """Holds the lock file at `path`; CommandError when another living process holds it.

    The file stays: it says who held the lock last. Only the lock on it counts, never its presence.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip() or "another process"
            message = f"{path}: {what} is running already ({holder}); wait for it to end, or stop it"
            raise CommandError(message, Exit.NIGHT_RUNNING) from error
        file.truncate(0)
        file.write(f"process {os.getpid()} since {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n")
        file.flush()
        yield
