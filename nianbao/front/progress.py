"""How long work shows that it goes on: a live line on a terminal, a plain line now and then elsewhere.

Whoever does the work tells a `Step` after each piece; how often that is shown is decided here.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from nianbao.front.terminal import console, unwritten_is_lost

EVERY = 10.0
"""Seconds between two plain lines; work that takes less prints none."""
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Step:
    """Where a piece of work stands: pieces done, of how many when that is known, what is at hand, and counts."""

    done: int = 0
    total: int | None = None
    words: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


Tell = Callable[[Step], None]
"""Told after each piece of work. Cheap: it may be called thousands of times a second."""


@contextmanager
def progress(what: str, unit: str) -> Iterator[Tell]:
    """Shows on stderr how `what` goes on, counted in `unit` (a plural): `with progress("Crawling", "requests") as tell`."""
    shown = _live(what, unit) if sys.stderr.isatty() else _plain(what, unit)
    with shown as tell:
        yield tell


def line(what: str, unit: str, step: Step, seconds: float) -> str:
    """One step as a plain line: `Crawling: 120 of 400 requests, 2.0 a second, 2 min left; 3 hosts; http://…`."""
    of = "" if step.total is None else f" of {step.total}"
    rate = step.done / seconds if seconds > 0 else 0.0
    said = [f"{step.done}{of} {unit}", f"{rate:.1f} a second"]
    if step.total is not None and step.done < step.total and rate > 0:
        said.append(f"{_span((step.total - step.done) / rate)} left")
    return "; ".join(filter(None, (f"{what}: {', '.join(said)}", _counts(step), step.words)))


def _counts(step: Step) -> str:
    return ", ".join(f"{count} {name}" for name, count in step.counts.items())


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"


@contextmanager
def _plain(what: str, unit: str) -> Iterator[Tell]:
    began = said = time.monotonic()

    def tell(step: Step) -> None:
        nonlocal said
        now = time.monotonic()
        if now - said >= EVERY:
            said = now
            with unwritten_is_lost(sys.stderr):
                print(line(what, unit, step, now - began), file=sys.stderr, flush=True)

    yield tell


@contextmanager
def _live(what: str, unit: str) -> Iterator[Tell]:
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns: list[Any] = [
        TextColumn("{task.description}"),
        BarColumn(20),
        MofNCompleteColumn(),
        TextColumn(unit),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[counts]}"),
        TextColumn("[dim]{task.fields[words]}"),
    ]
    began = time.monotonic()
    with Progress(*columns, console=console(stderr=True), transient=True) as shown:
        task = shown.add_task(what, total=None, rate="", counts="", words="")

        def tell(step: Step) -> None:
            seconds = time.monotonic() - began
            rate = f"{step.done / seconds:.1f}/s" if seconds > 0 else ""
            words = escape(step.words[-_SHOWN:])
            with unwritten_is_lost(sys.stderr):
                shown.update(
                    task, completed=step.done, total=step.total, rate=rate, counts=_counts(step), words=words
                )

        yield tell
