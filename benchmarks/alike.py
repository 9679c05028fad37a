"""What it costs to tell which reports repeat last year's text or another body's figures, and what two million would.

Measured on the prose and the figures of the sample country: marking a report (once, when it changes), and comparing
two marks (once a pair of neighbouring years; copies are found by an index and cost no comparison).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

from rich.console import Console

from archive.rows import alike
from archive.rows.reduced import reduce
from sample.make import country

T = TypeVar("T")

REPORTS = 2_000_000
TOGETHER = 6


def run(seconds: float) -> None:
    """Prints the cost of a mark and of a comparison in processor time, their size, and both for all reports."""
    console = Console(width=120)
    reports = country(bodies=24).reports
    texts = [
        reduce("".join(section.title + section.text for section in report.sections)) for report in reports
    ]
    # The prose of the sample is short; so many in a row are about as long as a real report's.
    texts = ["".join(texts[place : place + TOGETHER]) for place in range(len(texts))]
    numbers = [[(code, value) for code, value in report.figures.items() if value] for report in reports]
    sketches = [alike.sketch(text) for text in texts]
    mean = sum(map(len, texts)) / len(texts)
    marking = _each(
        lambda pair: (alike.sketch(pair[0]), alike.mark(pair[1])),
        list(zip(texts, numbers, strict=True)),
        seconds,
    )
    comparing = _each(lambda pair: alike.share(*pair), list(pairwise(sketches)), seconds)
    size = sum(len(sketch.pack()) for sketch in sketches) / len(sketches)
    console.print(
        f"{len(reports)} reports of {mean:.0f} characters: {marking * 1e3:.2f} ms to mark one, {comparing * 1e6:.0f} µs"
        f" to compare two, {size:.0f} bytes a mark"
    )
    console.print(
        f"{REPORTS} reports: {marking * REPORTS / 60:.0f} min to mark, {comparing * REPORTS / 60:.0f} min to compare each"
        f" with the year before, {size * REPORTS / 1e9:.1f} GB"
    )


def _each(work: Callable[[T], object], items: Sequence[T], seconds: float) -> float:
    """Seconds of processor time for one item, over so many seconds."""
    done, began = 0, time.process_time()
    while time.process_time() - began < seconds:
        for item in items:
            work(item)
        done += len(items)
    return (time.process_time() - began) / done
