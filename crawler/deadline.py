"""A bound on the time that reading one page may take: markup can be made so that it takes hours."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TooSlow(Exception):
    """Reading was given up."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raises TooSlow in the block when its time is over, inside of a regular expression too.

    It works by a timer of the process, which only the main thread can have; elsewhere nothing is bounded.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def over(_number: int, _frame: FrameType | None) -> None:
        raise TooSlow(f"took more than {seconds:g} s to read")

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
