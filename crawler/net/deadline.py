"""A bound on the time that reading one page may take: markup can be made so that it takes hours."""

from __future__ import annotations

import math
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_running: list[tuple[int, float]] = []
"""The bounds that run now, each its clock and its seconds, the innermost last."""
_SOON = 1e-6
"""Seconds after which a clock rings that has none left."""
_AGAIN = 0.1
"""Seconds between one ring and the next: what is raised in a callback of Python is lost there, and reading goes on.
No word is said of that one: the next ends the block."""


class TooSlow(Exception):
    """Reading was given up."""


@contextmanager
def within(seconds: float, *, of_processor: bool = False) -> Iterator[None]:
    """Raises TooSlow in the block when its time is over, inside of a regular expression too.

    `of_processor` counts the processor's seconds, which are no more on a busy machine than on an idle one.

    It works by a timer of the process, which only the main thread can have; elsewhere nothing is bounded. A bound
    within a bound keeps both.
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
    reported = sys.unraisablehook
    sys.unraisablehook = lambda lost: None if lost.exc_type is TooSlow else reported(lost)
    before = signal.signal(number, over)
    _running.append((clock, seconds))
    began = _now(clock)
    outer = signal.getitimer(clock)[0]
    signal.setitimer(clock, min(seconds, outer or math.inf), _AGAIN)
    try:
        try:
            yield
        finally:
            signal.setitimer(clock, 0)
    finally:  # a ring at the end of the block leaves the inner one undone
        signal.setitimer(clock, 0)
        _running.pop()
        signal.signal(number, before)
        sys.unraisablehook = reported
        if outer:
            signal.setitimer(clock, max(_SOON, outer - (_now(clock) - began)), _AGAIN)
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
    left, began = signal.setitimer(clock, 0)[0], _now(clock)
    try:
        yield left
    finally:
        rest = left - (_now(clock) - began)
        signal.setitimer(clock, max(_SOON, rest), _AGAIN)
    if rest <= 0:  # the clock itself rings a little later, when the block of the bound may have ended
        raise _too_slow(seconds)


def _now(clock: int) -> float:
    return time.process_time() if clock == signal.ITIMER_PROF else time.monotonic()


def _too_slow(seconds: float) -> TooSlow:
    return TooSlow(f"took more than {seconds:g} s to read")
