"""A file that is written complete or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def written(out: Path) -> Iterator[IO[bytes]]:
    """What to write to: it takes the place of `out` at the end of the block; after an error nothing is left.

    The folder of `out` is made. Raises OSError when the file cannot be written.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_name(f".{out.name}.part")
    try:
        with beside.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
