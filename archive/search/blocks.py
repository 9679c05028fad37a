"""Blocks of reports that stand together, and the pairs of characters that are met in each.

A phrase that is rare, of characters that are not, stands nearly nowhere; but whoever looks for it goes through all
reports that have its characters. The pairs of its characters are much rarer than they are. So a small index knows the
pairs of each block of reports, and a phrase is looked for in those blocks alone that have all its pairs.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Sequence

SIZE = 128
"""Reports of a block: of fewer the index is larger, of more a search takes longer."""
_UTF32 = f"utf-32-{sys.byteorder[0]}e"
_BLANK = ord(" ")


def block_of(position: int) -> int:
    """The block that a position stands in."""
    return position // SIZE


def label(block: int) -> str:
    """The word by which the reports of a block are found: with a sign that no text keeps."""
    return f"·{block}"


class Pairs:
    """The pairs of characters of one block, taken in text by text; a pair is held as one number."""

    def __init__(self) -> None:
        self._pairs: set[int] = set()
        self._years: set[str] = set()

    def add(self, apart: str, years: Iterable[str]) -> None:
        """Take in a text of two characters or more, set apart, and the years that it is found by."""
        data = memoryview(apart.replace(" ", "").encode(_UTF32))
        for start in (0, 4):
            self._pairs.update(data[start : start + (len(data) - start) // 8 * 8].cast("Q"))
        self._years.update(years)

    def __str__(self) -> str:
        """As the index takes it: every pair, every character of one, every year."""
        chars = memoryview(array("Q", self._pairs)).cast("B").cast("I")
        words = array("I", [_BLANK]) * (len(chars) // 2 * 3)
        words[::3], words[1::3] = array("I", chars[::2]), array("I", chars[1::2])
        pairs = words.tobytes().decode(_UTF32)
        return " ".join([pairs, *set(pairs), *map(of_year, self._years)])


def of_term(term: Sequence[str]) -> list[str]:
    """The words of the index that a block has which has these tokens one after the other."""
    text = "".join(term)
    return [text[at : at + 2] for at in range(max(len(text) - 1, 1))]


def of_year(year: str) -> str:
    """The word of the index that a block has which has a report of this year."""
    return f"y{year}"
