"""How a command is stopped: SIGINT, SIGTERM and SIGHUP alike, at once or at the next place where nothing is torn."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any, Self

from nianbao.front.terminal import complain

_AGAIN = 0.25
"""Seconds until a signal is sent again whose exception may have been lost."""
_ASKED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(KeyboardInterrupt):
    """A signal that asks the command to end.

    A kind of its own, for Python ends a process as killed when a plain KeyboardInterrupt was ever raised while it
    ran generated code, such as that of a data class that is being imported, even if it was caught.
    """


class _Bell:
    """Sends a signal to this process again, and knows it from one that somebody sent."""

    def __init__(self) -> None:
        self._set = self._rang = False

    def set(self) -> None:
        """Rings in a moment, unless it is stopped before. Safe where a signal is handled: it takes no lock."""
        if not self._set:
            self._set = True
            _thread.start_new_thread(self._ring, ())

    def stop(self) -> None:
        """Does not ring."""
        self._set = False

    def rang(self) -> bool:
        """Whether the signal that is being handled is ours."""
        rang, self._rang = self._rang, False
        return rang

    def _ring(self) -> None:
        time.sleep(_AGAIN)
        if self._set:
            self._set, self._rang = False, True
            os.kill(os.getpid(), signal.SIGTERM)


_BELL = _Bell()


def listen() -> None:
    """Makes SIGINT, SIGTERM and SIGHUP end this process alike; a SIGINT or SIGHUP that is ignored (nohup) stays so.

    What a signal raises can be lost: Python drops it where it takes an object away, and libraries in C do (lxml, while
    it is loaded). So the signal is sent again until what it raised is on its way, or `heeded` says that it arrived.
    """
    reported = sys.unraisablehook

    def unless_asked(unraisable: Any) -> None:
        if unraisable.exc_type is not Stopped:
            reported(unraisable)
        else:
            _BELL.set()

    sys.unraisablehook = unless_asked
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        # By way of SIGTERM, for a crawl has its own answer to that.
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))


def heeded() -> None:
    """Says that the command goes on on purpose, or is at its end: the signal is not sent again."""
    _BELL.stop()


def _interrupt(number: int, frame: FrameType | None) -> None:
    is_needless = _BELL.rang() and _is_on_its_way()
    _BELL.set()
    if not is_needless:
        raise Stopped


def _is_on_its_way() -> bool:
    """Whether the code that runs now is what ends things in order for a Stopped."""
    error = sys.exc_info()[1]
    while error is not None and not isinstance(error, Stopped):
        error = error.__context__
    return error is not None


class Stop:
    """Ends a night in order: a context, in the main thread.

    A signal raises KeyboardInterrupt at once. Inside `patiently()` it only takes note, and `check()` raises; who
    asks a second time is not kept waiting.
    """

    def __init__(self) -> None:
        self.asked = False
        self._patient = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        wanted = [number for number in _ASKED if signal.getsignal(number) is not signal.SIG_IGN]
        self._before = {number: signal.signal(number, self._take) for number in wanted}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @contextmanager
    def patiently(self) -> Iterator[Callable[[], None]]:
        """For work that must not be torn: gives `check`, to be called where it may end."""
        self._patient = True
        try:
            yield self.check
        finally:
            self._patient = False
        self.check()

    def check(self) -> None:
        """Raises KeyboardInterrupt when a signal came."""
        if self.asked:
            raise Stopped

    def _take(self, number: int, _frame: FrameType | None) -> None:
        if self.asked or not self._patient:
            self.asked = True
            raise Stopped
        self.asked = True
        complain(f"{signal.Signals(number).name}: stops at the next safe place; once more stops at once")
