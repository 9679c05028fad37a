"""Patterns that meet foreign text: twice the text must not be four times the work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks import growth
from benchmarks.attacks import Outcome, rig

PACKAGES = ("parsers", "crawler", "archive", "web", "nianbao")
PROBES = 10_000
"""Of each pattern: all that are made of its parts."""


@rig("patterns")
def patterns(_folder: Path) -> Iterator[Outcome]:
    """Every pattern of every package, with every probe."""
    found = growth.patterns(PACKAGES)
    broken = [(used, said) for used, said in growth.grown(found, PROBES) if said]
    yield Outcome(
        f"{len(found)} patterns", held=not broken, said=f"{len(broken)} grow faster than their text"
    )
    for used, said in broken:
        yield Outcome(f"{used.module} {used.name}", held=False, said=said)
