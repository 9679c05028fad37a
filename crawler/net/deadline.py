"""A bound on the time that reading one page may take: markup can be made so that it takes hours."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_running: list[tuple[int, float]] = []
"""The bounds that run now, each its clock and its seconds, the innermost last."""
_SOON = 1e-6
"""Seconds after which a clock rings that has none left."""


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
        raise _too_slow(seconds)

    clock = signal.ITIMER_PROF if of_processor else signal.ITIMER_REAL
    number = signal.SIGPROF if of_processor else signal.SIGALRM
    before = signal.signal(number, over)
    _running.append((clock, seconds))
    signal.setitimer(clock, seconds)
    try:
        yield
    finally:
        signal.setitimer(clock, 0)
        _running.pop()
        signal.signal(number, before)
    if fired:  # and somebody took the exception for his own
        raise _too_slow(seconds)


@contextmanager
def held_back() -> Iterator[float]:
    """No TooSlow is raised in the block but after it: for code in C that calls Python and dies of an exception there.

    Gives the seconds that are left of the bound, on its clock, which the block has to keep by itself; without a bound,
    and in other threads, there is no end of them.
    """
    if not _running or threading.current_thread() is not threading.main_thread():
        yield math.inf
        return
    clock, seconds = _running[-1]
    now = time.process_time if clock == signal.ITIMER_PROF else time.monotonic
    left, began = signal.setitimer(clock, 0)[0], now()
    try:
        yield left
    finally:
        rest = left - (now() - began)
        signal.setitimer(clock, max(_SOON, rest))
    if rest <= 0:  # the clock itself rings a little later, when the block of the bound may have ended
        raise _too_slow(seconds)


def _too_slow(seconds: float) -> TooSlow:
    return TooSlow(f"took more than {seconds:g} s to read")
