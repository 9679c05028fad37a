"""`python -m benchmarks [corpus|reading]`: without a name both are run. `--help` tells the sizes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from benchmarks import corpus, reading


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one measurement or both; the exit code is 1 when a silent error was met."""
    options = _parser().parse_args(arguments)
    silent = 0
    if options.name in ("corpus", "all"):
        silent = corpus.run(options.size, options.mutations, options.seed, options.failures)
    if options.name in ("reading", "all"):
        reading.run(options.seconds, options.seed)
    return 1 if silent else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="?", choices=("corpus", "reading", "all"), default="all")
    parser.add_argument("--size", type=int, default=2000, help="documents of the corpus (default 2000)")
    parser.add_argument("--mutations", type=int, default=500, help="damaged documents (default 500)")
    parser.add_argument("--seed", type=int, default=1, help="another country and other chances")
    parser.add_argument("--failures", type=int, default=0, help="print the first N failing documents")
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each reader is measured")
    return parser


if __name__ == "__main__":
    sys.exit(main())
