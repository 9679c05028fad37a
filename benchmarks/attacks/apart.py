"""A command under attack, in a process of its own: how it ended, how long it took, and how much it held."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.attacks import MEGABYTES, SECONDS, Outcome

ROOM = 8 << 30
"""Bytes of address space after which a command is refused more: an attack that works must not take the machine."""

_WATCH = """
import os, resource, signal, subprocess, sys
code = subprocess.call(sys.argv[2:])
with open(sys.argv[1], "w") as file:
    file.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
if code < 0:
    os.kill(os.getpid(), -code)
sys.exit(code)
"""
"""Runs a command for us: a process that we start ourselves counts what we hold as its own."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code (negative: the signal that ended it), and what it used and printed."""

    code: int
    seconds: float
    megabytes: float
    out: str
    err: str
    late: bool
    """Whether it had to be ended because its time was over."""

    def outcome(self, attack: str, codes: Sequence[int] = (0,), seconds: float = SECONDS) -> Outcome:
        """Held when it ended by itself, in bounds, with one of the documented exit codes and no traceback."""
        last = next(reversed((self.err or self.out).strip().splitlines()), "")
        bounded = not self.late and self.seconds <= seconds and self.megabytes <= MEGABYTES
        held = bounded and self.code in codes and "Traceback" not in self.err
        return Outcome(attack, held, f"exit {self.code}: {last}", self.seconds, self.megabytes)


def run_apart(
    command: Sequence[str | Path],
    *,
    seconds: float = SECONDS,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> Ended:
    """Run a command to its end, or for some seconds; nothing that it started outlives it."""
    with (
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
        tempfile.NamedTemporaryFile() as most,
    ):
        limited = [
            sys.executable,
            "-S",
            "-c",
            _WATCH,
            most.name,
            "prlimit",
            f"--as={ROOM}",
            *map(str, command),
        ]
        began = time.monotonic()
        process = subprocess.Popen(
            limited,
            cwd=cwd,
            env=env,
            stdout=out,
            stderr=err,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        over = threading.Timer(seconds, _kill, [process.pid])
        over.start()
        _pid, status = os.waitpid(process.pid, 0)
        took, late = time.monotonic() - began, not over.is_alive()
        over.cancel()
        _kill(process.pid)
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
        kilobytes = float(Path(most.name).read_text() or 0)
    return Ended(process.returncode, took, kilobytes / 1024, texts[0], texts[1], late)


def _kill(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
