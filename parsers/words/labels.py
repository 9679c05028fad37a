"""Labels as they are compared: folded copies, and how alike two of them are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from parsers.words import chars

_NOT_TEXT = re.compile(r"[^0-9A-Za-z\u3400-\u9fff\U00020000-\U0003ffff〇]+")


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """A copy to compare labels by: NFKC, radicals, simplified characters, no spaces, marks, brackets or
    pinyin, and one word for sums."""
    return _NOT_TEXT.sub("", chars.compact(text)).replace("合计", "总计")


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


class Vocabulary:
    """Folded words, of which the one that a folded text is most like is found without comparing it with
    each."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._sizes = [len(bigrams(word)) for word in words]
        self._holding: dict[str, list[int]] = {}
        for number, word in enumerate(words):
            for pair in bigrams(word):
                self._holding.setdefault(pair, []).append(number)

    def nearest(self, text: str, least: float) -> str | None:
        """The word with the highest `likeness` to the text, of equals the first; None when it is below
        `least`."""
        pairs = bigrams(text)
        known = pairs & self._holding.keys()
        if 2 * len(known) < least * len(pairs):
            return None
        shared = Counter(number for pair in known for number in self._holding[pair])
        scores = {number: 2 * count / (len(pairs) + self._sizes[number]) for number, count in shared.items()}
        best = min(scores, key=lambda number: (-scores[number], number), default=None)
        return self._words[best] if best is not None and scores[best] >= least else None
