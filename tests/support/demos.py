"""The demo, run as a user runs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import launching


def run_demo(folder: Path, timeout: float = 300) -> subprocess.CompletedProcess[str]:
    """A demo with its archive and its release in this folder, run to its end."""
    places = ("--db", str(folder / "archive.db"), "--out", str(folder / "public"))
    command = [sys.executable, "-m", "nianbao", "demo", *places]
    return launching.run(command, timeout)
