"""Hostile files, each read in a process of its own: how long, how much memory, and what is said about it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.hostile_files import ATTACKS, Attack

PATIENCE = 600
"""Seconds after which a reading is given up."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file; `seconds` are the processor's, `said` is a warning, an error, or how it died."""

    seconds: float
    megabytes: float
    said: str
    died: bool = False


def run(size: float = 1.0, only: str = "") -> int:
    """Prints the table of all attacks (or those with `only` in their name); the number that broke their bounds."""
    print(f"{'hostile file':40} {'MB':>6} {'s':>6} {'of':>4} {'peak MB':>8} {'of':>5}  what was said")
    broken = 0
    for attack in ATTACKS:
        if only not in attack.name:
            continue
        data = attack.make(size)
        outcome = measured(data)
        bad = outcome.died or outcome.seconds > attack.seconds or outcome.megabytes > attack.megabytes
        broken += bad
        print(_line(attack, len(data), outcome) + ("  BROKEN" if bad else ""), flush=True)
    return broken


def _line(attack: Attack, size: int, outcome: Outcome) -> str:
    return (
        f"{attack.name:40} {size / 1e6:6.1f} {outcome.seconds:6.1f} {attack.seconds:4.0f} "
        f"{outcome.megabytes:8.0f} {attack.megabytes:5}  {outcome.said[:110]}"
    )


def measured(data: bytes) -> Outcome:
    """Reads a file in a process of its own."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        command = [sys.executable, "-m", "benchmarks.hostile", file.name]
        try:
            ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        except subprocess.TimeoutExpired:
            return Outcome(PATIENCE, 0, "it did not end", died=True)
    if ended.returncode:
        return Outcome(0, 0, f"exit {ended.returncode}: {ended.stderr.strip()[-100:]}", died=True)
    return Outcome(**json.loads(ended.stdout))


def said_of(data: bytes) -> str:
    """What the parser says of a file: its error, its warnings, or how much it read."""
    from parsers.document import ParseError
    from parsers.report import parse

    try:
        report = parse(data)
    except ParseError as error:
        return f"refused: {error}"
    return "; ".join(report.warnings) or f"{len(report.figures)} figures"


def main(path: str) -> None:
    """Read one file and print the outcome as JSON."""
    from benchmarks.readers import peak

    data = Path(path).read_bytes()
    start = time.process_time()
    said = said_of(data)
    seconds = time.process_time() - start
    print(json.dumps({"seconds": seconds, "megabytes": peak() / 1024, "said": said}))


if __name__ == "__main__":
    main(sys.argv[1])
