"""A release on many machines: each of its tables is a task, written into the draft that all machines see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from archive.publish import Spans, Tables, write_one

if TYPE_CHECKING:
    from distributed import Client


def tables(client: Client) -> Tables:
    """What `archive.publish.publish` takes instead of this process."""

    def write(database: Path, names: Sequence[str], bom: bool) -> Iterator[tuple[str, Spans]]:
        from distributed import as_completed

        futures = [client.submit(write_one, (database, name, bom), pure=False) for name in names]
        for future in as_completed(futures):
            yield future.result()

    return write
