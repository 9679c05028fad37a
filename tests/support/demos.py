"""The demo, run as a user runs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

IN_TURN = pytest.mark.xdist_group("demo")
"""Of tests that run demos: each takes a port that is free, and another one could take it between two runs of the first."""


def run_demo(folder: Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """A demo with its archive and its release in this folder, run to its end."""
    places = ("--db", str(folder / "archive.db"), "--out", str(folder / "public"))
    command = [sys.executable, "-m", "nianbao", "demo", *places]
    return subprocess.run(command, capture_output=True, text=True, check=False, **more)
