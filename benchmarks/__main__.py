"""`python -m benchmarks [corpus|reading|crawl|find|browse|nights|alike|archive|kills|hostile|fuzz]`: without a name all are run. `--help` tells the sizes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import alike, archive, browse, corpus, crawl, find, fuzz, hostile, kills, nights, reading


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one measurement or all; the exit code is 1 when a silent error was met or a bar was missed."""
    options = _parser().parse_args(arguments)
    silent = 0
    if options.name in ("corpus", "all"):
        silent = corpus.run(options.size, options.mutations, options.seed, options.failures)
    if options.name in ("reading", "all"):
        reading.run(options.seconds, options.seed)
    missed = False
    if options.name in ("crawl", "all"):
        missed = crawl.run(options.pages, options.rounds, options.known) < crawl.BAR
    if options.name in ("find", "all"):
        missed |= find.run()
    if options.name in ("browse", "all"):
        missed |= browse.run(options.reports, options.visits, options.keep)
    if options.name in ("archive", "kills", "all"):
        missed |= archive.run(options.kept, options.shard) < archive.BAR
    if options.name in ("kills", "all"):
        missed |= bool(kills.run(options.kills, 1000, options.seed))
    if options.name in ("alike", "all"):
        alike.run(options.seconds)
    if options.name in ("nights", "all"):
        missed |= not nights.run(options.noisy, options.nights, options.jobs).holds
    if options.name in ("hostile", "all"):
        missed |= hostile.run(options.scale) > 0
    if options.name in ("fuzz", "all"):
        missed |= fuzz.run(options.seconds, options.seed, options.case, options.keep) > 0
    return 1 if silent or missed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "name",
        nargs="?",
        choices=(
            "corpus",
            "reading",
            "crawl",
            "find",
            "browse",
            "nights",
            "alike",
            "archive",
            "hostile",
            "fuzz",
            "all",
        ),
        default="all",
    )
    parser.add_argument("--size", type=int, default=2000, help="documents of the corpus (default 2000)")
    parser.add_argument("--mutations", type=int, default=500, help="damaged documents (default 500)")
    parser.add_argument("--seed", type=int, default=1, help="another country and other chances")
    parser.add_argument("--failures", type=int, default=0, help="print the first N failing documents")
    parser.add_argument(
        "--seconds", type=float, default=4.0, help="how long each reader is measured, or fuzz runs"
    )
    parser.add_argument("--case", type=int, help="of fuzz: this case of the seed alone")
    parser.add_argument("--scale", type=float, default=1.0, help="of the hostile files (default 1: as met)")
    parser.add_argument("--pages", type=int, default=2000, help="pages that are crawled (default 2000)")
    parser.add_argument("--rounds", type=int, default=3, help="crawls of each kind, taking turns (default 3)")
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
    parser.add_argument("--shard", type=int, default=1000, help="reports of each of ten archives to merge")
    parser.add_argument("--noisy", type=int, default=1000, help="reports of the noisy nights (default 1000)")
    parser.add_argument("--nights", type=int, default=30, help="noisy nights (default 30)")
    parser.add_argument("--jobs", type=int, default=2, help="processes that read in the nights (default 2)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
