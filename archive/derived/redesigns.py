"""When a site drew a page anew around a report, and what of it only that changed: pure functions of what was read.

What a page puts around its report is read as one word (parsers.edges.frame). Where two looks on end have words that are
not alike, the page was redesigned: then the report says something else where figures differ, or where a sentence stands
in the place of another one in its midst. What is only there more or less, or differs at its edges, is the skin's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

from archive.versions import Reading
from parsers.edges.frame import is_other_skin

T = TypeVar("T")


def more_or_less(one: Sequence[T], other: Sequence[T]) -> Iterator[T]:
    """The sentences of two looks that are only there in one of them, or differ at the edges."""
    steps = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    for tag, begin, end, its_begin, its_end in steps:
        at_edge = begin == 0 or end == len(one)
        if tag in ("insert", "delete") or (tag == "replace" and at_edge and len(steps) > 1):
            yield from one[begin:end]
            yield from other[its_begin:its_end]


def redesigned(shown: Iterable[Reading]) -> set[tuple[str, int]]:
    """The readings (capture, ordinal) of one place, in order of time, with which another skin begins.

    A skin lasts: of many readings only a few are unpacked to find where one ends.
    """
    readings = list(shown)
    return {
        (readings[number].capture_id, readings[number].ordinal)
        for number in _changes(readings, 0, len(readings) - 1)
    }


def _changes(readings: Sequence[Reading], first: int, last: int) -> Iterator[int]:
    if last <= first or not is_other_skin(readings[first].report.frame, readings[last].report.frame):
        return
    if last == first + 1:
        yield last
        return
    middle = (first + last) // 2
    yield from _changes(readings, first, middle)
    yield from _changes(readings, middle, last)
