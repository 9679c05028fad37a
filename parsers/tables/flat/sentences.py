"""Sentences and labels of flattened text whose numbers stand apart, as the marks of a page had them: 受理申请
/ 12 / 件，"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from parsers.words.text import UNSEEN
from parsers.words.units import COUNTED, one_of

MOST_NUMBERS = 3  # on end: 20 and 23 of 2023年
_UNSEEN = rf"[\s{UNSEEN}]*+"
_NUMBER = re.compile(rf"{_UNSEEN}\d{{1,9}}(?:\.\d{{1,6}})?{_UNSEEN}")
_MARK = re.compile(r"\s*[,，.．]\s*")
_GOES_ON = re.compile(rf"\s*(?:年|月|日|号|[%％，。；、”〕】]|{one_of(COUNTED)}(?=[，。；、：（及和与其]))")
_ENDS = re.compile(r"[。；！？：]\s*$")
_OPENS, _BRACKETS = "（([〔【", re.compile(r"[（([〔【）)\]〕】]")


def joined(pieces: Sequence[str]) -> Iterator[slice]:
    """The pieces that follow one another, in groups that are one text: a number between words that go on
    after it, or within brackets that are closed after it, or the digits on both sides of a mark. Pieces
    without anything stand alone.
    """
    start, depth, place = 0, 0, 0
    while place < len(pieces):
        end = _after_parts(pieces, place)
        if end > place + 1:
            if start < place:
                yield slice(start, place)
            yield slice(place, end)
            start, place, depth = end, end, 0
            continue
        end = _after_numbers(pieces, place)
        begins = not (place and _NUMBER.fullmatch(pieces[place - 1]))  # a longer run is a row
        goes_on = begins and place < end < len(pieces) and end - place <= MOST_NUMBERS
        inside = start < place and depth > 0 and goes_on and _closes(pieces[end])
        if inside or (goes_on and _GOES_ON.match(pieces[end])):
            if start < place and _ends_before(pieces[place - 1]):
                yield slice(start, place)
                start, depth = place, 0
            depth += _opened(pieces[end])
            place = end + 1
            continue
        if start < place:
            yield slice(start, place)
        start, place, depth = place, place + 1, _opened(pieces[place])
    if start < place:
        yield slice(start, place)


def _after_parts(pieces: Sequence[str], place: int) -> int:
    """The first piece after a number whose marks stand apart from its digits: 122 / , / 893."""
    while (
        place + 2 < len(pieces)
        and _MARK.fullmatch(pieces[place + 1])
        and _NUMBER.fullmatch(pieces[place])
        and _NUMBER.fullmatch(pieces[place + 2])
    ):
        place += 2
    return place + 1


def _ends_before(text: str) -> bool:
    """Whether a number after this text begins another one."""
    return not text.strip() or bool(_NUMBER.fullmatch(text) or _ENDS.search(text))


def _after_numbers(pieces: Sequence[str], place: int) -> int:
    """The first of the next pieces that is no number; where numbers go on and on, one of them."""
    last = min(place + MOST_NUMBERS + 1, len(pieces))
    return next((at for at in range(place, last) if not _NUMBER.fullmatch(pieces[at])), last)


def _closes(text: str) -> bool:
    bracket = _BRACKETS.search(text)
    return bracket is not None and bracket[0] not in _OPENS


def _opened(text: str) -> int:
    """How many brackets a text opens that it does not close."""
    return sum(1 if bracket in _OPENS else -1 for bracket in _BRACKETS.findall(text))
