"""How a command is stopped: SIGINT, SIGTERM and SIGHUP alike, at once or at the next place where nothing is torn."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any, Self

from nianbao.front.terminal import complain

_AGAIN = 0.05
"""Seconds until a signal is sent again whose exception was lost in a callback of Python."""
_ASKED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(KeyboardInterrupt):
    """A signal that asks the command to end.

    A kind of its own, for Python ends a process as killed when a plain KeyboardInterrupt was ever raised while it
    ran generated code, such as that of a data class that is being imported, even if it was caught.
    """


def listen() -> None:
    """Makes SIGINT, SIGTERM and SIGHUP end this process alike; a SIGINT or SIGHUP that is ignored (nohup) stays so.

    Python reports and drops what is raised while it takes an object away, as it does during an import: there the
    signal is sent again.
    """
    reported = sys.unraisablehook

    def unless_asked(unraisable: Any) -> None:
        if unraisable.exc_type is not Stopped:
            reported(unraisable)
            return
        again = threading.Timer(_AGAIN, os.kill, (os.getpid(), signal.SIGTERM))
        again.daemon = True
        again.start()

    sys.unraisablehook = unless_asked
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        # By way of SIGTERM, for a crawl has its own answer to that.
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise Stopped


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
