"""Labels as they are compared: folded copies, and how alike two of them are."""

from __future__ import annotations

import re
from functools import lru_cache

from parsers import chars

_NOT_TEXT = re.compile(r"[^0-9A-Za-z\u3400-\u9fff\U00020000-\U0003ffff〇]+")


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """A copy to compare labels by: NFKC, radicals, no spaces, marks or brackets, simplified characters."""
    return _NOT_TEXT.sub("", chars.fold(text))


def bigrams(text: str) -> set[str]:
    """The pairs of neighbouring characters; a single character stands for itself."""
    return {text[i : i + 2] for i in range(len(text) - 1)} or {text}


@lru_cache(maxsize=16384)
def likeness(one: str, other: str) -> float:
    """How alike two folded labels are, 0 to 1: the Dice share of their character pairs."""
    if one == other:
        return 1.0
    if not one or not other:
        return 0.0
    pairs, others = bigrams(one), bigrams(other)
    return 2 * len(pairs & others) / (len(pairs) + len(others))
