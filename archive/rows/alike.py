"""Which texts and which tables are alike, from small marks that are made once: pure functions.

A text is marked by the smallest hashes of its runs of characters (a bottom-k sketch: Broder 1997), so that two
reports are compared without their texts. A table is marked by a hash of its numbers, and by how telling they are.
"""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from heapq import nsmallest
from zlib import crc32

RUN = 5
KEPT = 128
"""Hashes of a sketch: the share that two texts have in common is told within some 4 of 100 parts."""
TELLING = 24.0
"""Bits that the numbers of a report must hold before it can be called a copy: a few small ones agree by chance."""
LEAST_RUNS = 60
"""Texts of fewer runs are formulas; that they are the same says nothing."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """The number of different runs of a text, and the smallest of their hashes in order."""

    size: int
    hashes: tuple[int, ...]

    def pack(self) -> bytes:
        """The sketch as bytes for the archive, the same on every machine."""
        return _swapped(array("I", (self.size, *self.hashes))).tobytes()

    @classmethod
    def unpack(cls, data: bytes) -> Sketch:
        """The sketch that `pack` made these bytes from."""
        numbers = array("I")
        numbers.frombytes(data)
        size, *hashes = _swapped(numbers)
        return cls(size, tuple(hashes))


def _swapped(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def sketch(text: str) -> Sketch:
    """The mark of a text of which blanks and marks are gone (`archive.versions.reduce`)."""
    data = text.encode("utf-32-le", "replace")
    runs = {crc32(data[i : i + 4 * RUN]) for i in range(0, len(data) - 4 * RUN + 1, 4)}
    return Sketch(len(runs), tuple(nsmallest(KEPT, runs)))


def share(one: Sketch, other: Sketch) -> float:
    """About how much of the first text stands in the other one, 0 to 1; exact for texts of up to `KEPT` runs."""
    if one.size < LEAST_RUNS or other.size < LEAST_RUNS:
        return 0.0
    ours, theirs = set(one.hashes), set(other.hashes)
    sample = sorted(ours | theirs)[:KEPT] if max(one.size, other.size) > KEPT else sorted(ours | theirs)
    both = sum(number in ours and number in theirs for number in sample)
    alike = both / len(sample)
    return min(1.0, alike * (one.size + other.size) / (1 + alike) / one.size)


def mark(numbers: Iterable[tuple[str, float]]) -> tuple[str, float]:
    """A hash of the numbers that are not zero, by their codes, and how many bits the different ones hold."""
    said = sorted((code, value) for code, value in numbers if value)
    bits = sum(math.log2(1 + abs(value)) for value in {value for _, value in said})
    digest = sha256("\n".join(f"{code}={value:g}" for code, value in said).encode()).hexdigest()[:32]
    return digest, round(bits, 3)
