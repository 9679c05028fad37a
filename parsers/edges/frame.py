"""What a site puts around a report, as one word: two looks at one skin give words that are alike, two skins
do not."""

from __future__ import annotations

import heapq
import zlib
from collections.abc import Iterable

_MOST = 16
"""Marks that are kept of a page: the smallest, so that those of two pages can be compared (a bottom-k
sketch)."""
_MARK = "{:04x}"
ALIKE = 0.5
"""The share of marks in common from which two pages are in one skin."""


def frame_of(names: Iterable[str]) -> str:
    """The word for a page with boxes that are called so."""
    marks = {zlib.crc32(name.encode("utf-8", "replace")) & 0xFFFF for name in names}
    return " ".join(map(_MARK.format, heapq.nsmallest(_MOST, marks)))


def is_other_skin(one: str, other: str) -> bool:
    """Whether two pages are in different skins, by their words; never where one of them has none."""
    if one == other or not one or not other:
        return False
    mine, its = set(one.split()), set(other.split())
    both = set(heapq.nsmallest(_MOST, mine | its))
    return len(both & mine & its) < ALIKE * len(both)
