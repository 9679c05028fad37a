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
def within(seconds: float, *, of_processor: bool = False) -> Iterator[None]:
    """Raises TooSlow in the block when its time is over, inside of a regular expression too.

    `of_processor` counts the processor's seconds, which are no more on a busy machine than on an idle one.

    It works by a timer of the process, which only the main thread can have; elsewhere nothing is bounded.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    fired = False

    def over(_number: int, _frame: FrameType | None) -> None:
        nonlocal fired
        fired = True
        raise TooSlow(f"took more than {seconds:g} s to read")

    clock = signal.ITIMER_PROF if of_processor else signal.ITIMER_REAL
    number = signal.SIGPROF if of_processor else signal.SIGALRM
    before = signal.signal(number, over)
    signal.setitimer(clock, seconds)
    try:
        yield
    finally:
        signal.setitimer(clock, 0)
        signal.signal(number, before)
    if fired:  # and somebody took the exception for his own: the sandbox of scripts does
        raise TooSlow(f"took more than {seconds:g} s to read")
