"""A crawl in a process of its own, watched, which never outlives the command that started it."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nianbao.front.exits import Exit

PARENT = "NIANBAO_PARENT"
"""Names the process without which this one has nothing to do."""
_PR_SET_PDEATHSIG = 1
LOOK, TO_END = 2.0, 30.0
"""Seconds between two looks at a crawl, and those that it has to put away what it has in its hands."""


@dataclass(frozen=True, slots=True)
class Crawled:
    """How a crawl in its own process ended: its exit code and what it printed."""

    code: int
    outcome: str = "failed"
    requests: int = 0
    fetched: int = 0
    new_captures: int = 0
    outcomes: dict[str, int] | None = None
    problems: tuple[str, ...] = ()
    bytes: int = 0
    left: int = 0
    spent: str = ""

    @property
    def ended(self) -> bool:
        """Did it go through all that it had to ask, even if not all was answered?"""
        return self.code in (Exit.OK, Exit.WRONG) and self.outcome in ("ok", "partial")


def crawl(
    db: Path,
    options: Sequence[str],
    begun: Callable[[subprocess.Popen[str]], object] = lambda process: None,
    overdue: Callable[[], str] = lambda: "",
) -> Crawled:
    """`nianbao crawl` in a process of its own, for Scrapy runs only once in one. It ends when we end.

    `begun` is told the process. It has a session of its own: Ctrl-C reaches it once, through us, and then it puts away what it has in its hands.
    It is ended (SIGTERM, then SIGKILL) when `overdue`, asked now and then, says why; that is its problem then.
    """
    command = [sys.executable, "-m", "nianbao", "crawl", "--db", str(db), "--json", *options]
    environment = {**os.environ, PARENT: str(os.getpid())}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, env=environment, text=True, start_new_session=True
    ) as process:
        begun(process)
        try:
            printed, why = _ended(process, overdue)
        except KeyboardInterrupt:
            process.terminate()
            process.communicate()
            raise
    crawled = _crawled(process.returncode, printed)
    if not why:
        return crawled
    code = process.returncode if process.returncode < 0 else -signal.SIGTERM
    return replace(crawled, code=code, outcome="ended", problems=(*crawled.problems, why), spent=why)


def _ended(process: subprocess.Popen[str], overdue: Callable[[], str]) -> tuple[str, str]:
    """What a process printed until its end, and why it had to be ended, if it had to be."""
    while True:
        try:
            return process.communicate(timeout=LOOK)[0], ""
        except subprocess.TimeoutExpired:
            why = overdue()
        if why:
            break
    process.terminate()
    try:
        return process.communicate(timeout=TO_END)[0], why
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.communicate()[0], f"{why}; it did not heed SIGTERM and was killed"


def _crawled(code: int, printed: str) -> Crawled:
    try:
        said: dict[str, Any] = json.loads(printed)
    except ValueError:
        return Crawled(code)
    return Crawled(**{**said, "code": code, "problems": tuple(said["problems"])})


def end_with_parent() -> None:
    """Ends this process when the one that started it is killed, so that a crawl never outlives its night."""
    parent = os.environ.pop(PARENT, "")
    if not parent or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(parent):
        os.kill(os.getpid(), signal.SIGKILL)
