"""Hostile files for `nianbao parse`: each ends within the bounds of time and memory, read or refused."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.attacks import Outcome, rig
from benchmarks.attacks.apart import run_apart
from benchmarks.hostile_files import ATTACKS

READ_OR_REFUSED = (0, 2)
"""Exit codes: what was read, and one line for a file that cannot be."""


@rig("files")
def files(folder: Path) -> Iterator[Outcome]:
    """Every file at the size that was met."""
    for attack in ATTACKS:
        path = folder / "file"
        path.write_bytes(attack.make(1.0))
        yield run_apart([sys.executable, "-m", "nianbao", "parse", path]).outcome(
            attack.name, READ_OR_REFUSED
        )
