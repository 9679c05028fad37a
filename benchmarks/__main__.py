"""`python -m benchmarks [NAME]`: one measurement, or without a name all. `--help` tells the names and the sizes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import (
    alike,
    archive,
    attacks,
    browse,
    cluster,
    corpus,
    country,
    crawl,
    find,
    flattened,
    fuzz,
    hostile,
    kills,
    lineage,
    misprints,
    national,
    nights,
    reading,
    scans,
    skins,
    slips,
    survey,
)

Measurement = Callable[[argparse.Namespace], bool]
MEASUREMENTS: dict[str, Measurement] = {
    "corpus": lambda o: corpus.run(o.size, o.mutations, o.seed, o.failures) == 0,
    "flattened": lambda o: flattened.run(o.size // 10, o.seed, o.failures) == 0,
    "scans": lambda o: scans.run(o.seed),
    "reading": lambda o: reading.run(o.seconds, o.seed),
    "crawl": lambda o: crawl.run(o.pages, o.rounds, o.known) >= crawl.BAR,
    "find": lambda o: not find.run(),
    "browse": lambda o: not browse.run(o.reports, o.visits, o.keep),
    "archive": lambda o: archive.run(o.kept, o.shard) >= archive.BAR,
    "cluster": lambda o: cluster.run(o.read, o.rounds, o.seed) >= cluster.BAR,
    "kills": lambda o: not kills.run(o.kills, 1000, o.seed),
    "alike": lambda o: _told(alike.run(o.seconds)),
    "misprints": lambda o: misprints.run(o.trials, o.seed),
    "slips": lambda o: slips.run(o.trials, o.seed),
    "lineage": lambda o: lineage.run(o.bodies, o.rounds),
    "nights": lambda o: nights.run(o.noisy, o.nights or 30, o.jobs).holds,
    "skins": lambda o: skins.run(o.seed, o.sites, o.nights or 5, o.jobs, o.keep, o.failures),
    "country": lambda o: country.run(o.hosts),
    "survey": lambda o: survey.run(o.seed, o.sites, o.failures),
    "hostile": lambda o: hostile.run(o.scale) == 0,
    "attacks": lambda o: attacks.run(o.only),
    "fuzz": lambda o: fuzz.run(o.seconds, o.seed, o.case, o.keep) == 0,
}
"""What each measures, and whether it holds: no silent error, no bar missed."""
BY_HAND: dict[str, Measurement] = {
    "national": lambda o: _told(national.run(o.reports, o.pages, o.visits, o.keep))
}
"""What takes hours at its full size, and is never run with all others."""


def _told(_figures: None) -> bool:
    """A measurement without a bar holds."""
    return True


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one measurement or all; the exit code is 1 when a silent error was met or a bar was missed."""
    options = _parser().parse_args(arguments)
    names = MEASUREMENTS if options.name == "all" else [options.name]
    held = [(MEASUREMENTS | BY_HAND)[name](options) for name in names]
    return 0 if all(held) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "name",
        nargs="?",
        choices=[*MEASUREMENTS, *BY_HAND, "all"],
        default="all",
    )
    parser.add_argument("--size", type=int, default=2000, help="documents of the corpus (default 2000)")
    parser.add_argument("--mutations", type=int, default=500, help="damaged documents (default 500)")
    parser.add_argument("--seed", type=int, default=1, help="another country and other chances")
    parser.add_argument("--failures", type=int, default=0, help="print the first N failing documents")
    parser.add_argument(
        "--seconds", type=float, default=4.0, help="how long each reader is measured, or fuzz runs"
    )
    parser.add_argument("--only", default="", help="of attacks: those of this room, or of rigs named so")
    parser.add_argument("--case", type=int, help="of fuzz: this case of the seed alone")
    parser.add_argument("--scale", type=float, default=1.0, help="of the hostile files (default 1: as met)")
    parser.add_argument("--pages", type=int, default=2000, help="pages that are crawled (default 2000)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each kind, taking turns (default 3)")
    parser.add_argument("--known", type=int, default=1_000_000, help="URLs that the queue knows, 0 for none")
    parser.add_argument(
        "--reports", type=int, default=100_000, help="reports that are shown (default 100000)"
    )
    parser.add_argument("--visits", type=int, default=100, help="visits to each page (default 100)")
    parser.add_argument(
        "--keep", type=Path, help="keep the release that is shown (or what fuzz found) in this folder"
    )
    parser.add_argument("--kills", type=int, default=100, help="kills of a crawl of 1000 pages (default 100)")
    parser.add_argument("--kept", type=int, default=20_000, help="reports kept and read (default 20000)")
    parser.add_argument(
        "--read",
        type=int,
        default=4000,
        help="pages that clusters of one and two workers read (default 4000)",
    )
    parser.add_argument("--bodies", type=int, default=10_000, help="bodies with lineage (default 10000)")
    parser.add_argument("--shard", type=int, default=1000, help="reports of each of ten archives to merge")
    parser.add_argument("--noisy", type=int, default=1000, help="reports of the noisy nights (default 1000)")
    parser.add_argument(
        "--nights", type=int, help="noisy nights (default 30), or nights of skins (default 5)"
    )
    parser.add_argument("--hosts", type=int, default=3300, help="hosts of the country (default 3300)")
    parser.add_argument("--sites", type=int, default=60, help="made sites of unseen skins (default 60)")
    parser.add_argument(
        "--trials",
        type=int,
        default=1000,
        help="misprints of each kind, or reports with slips (default 1000)",
    )
    parser.add_argument("--jobs", type=int, default=2, help="processes that read in the nights (default 2)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
