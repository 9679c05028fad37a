"""What one cell says: a number, a blank, a dash, or ink that cannot be read. Never a guess."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from parsers.records import State
from parsers.visible import NOTE_DIGITS
from parsers.words.text import UNSEEN
from parsers.words.units import UNITS, one_of

DASHES = frozenset("-－—–―─‐‑−ーー一/／\\无無")
_VALUE_BEGINS = DASHES | frozenset("零空增减")  # ideographs that a value can begin with
_LESS = frozenset({"-", "减", "减少"})
_BRACKETS = frozenset("（(《“")  # no value begins with one, and many a sentence does
_UNIT = one_of(UNITS)
_NUMBER = re.compile(
    r"(?P<sign>[+\-]|(?:增加?|减少?)\s*)?(?P<currency>[¥￥]\s*)?"
    rf"(?P<digits>[1-9]\d{{0,2}}(?:[, ]\d{{3}})+(?!\d)|\d+)(?P<fraction>\.\d+)?\s*(?P<unit>{_UNIT})?"
    r"(?P<note>\(.*\)|\[.*\]|\*+|[①②③④⑤])?",
    re.DOTALL,
)
# A digit among letters and marks that recognition and markup take for digits, and halves of numbers:
# 4O7, l2, 40\\, 1/2; numbers one above another, which may be one; a number in pieces: 0 . 5.
_GARBLED = re.compile(
    rf"(?=.*[0-9OoQ])(?=.*[OoQDIilSB|\\])[0-9OoQDIilSB|.,+\-\\]{{1,12}}{_UNIT}?|\d*[,./]\d+{_UNIT}?"
    rf"|\d+(?:[ ]*\n[ ]*\d+)+{_UNIT}?|(?=.*(?:[.,][ ]|[ ][.,]))\d[\d., ]{{2,40}}{_UNIT}?"
)
_ATTRIBUTED = re.compile(r"\[([^\[\]\n]*)\]\{[^{}\n]*\}")  # of markdown: [3]{lang="EN-US"}
_FOOTNOTE = re.compile(r"(?<=\d)\s*[①②③④⑤⑥⑦⑧⑨⑩*]+$")
_INVISIBLE = re.compile(rf"[{UNSEEN}\u00ad]")
_RAISED = re.compile(f"[{NOTE_DIGITS}]+")
_COMMAS = str.maketrans(
    {"，": ",", "．": ".", "＋": "+", "﹢": "+", "－": "-", "−": "-", "–": "-", "﹣": "-"}
)


class Value(NamedTuple):
    """A cell's state, its number when it has one, and the unit when one is printed with it. `noted`: a raised
    digit behind the number was taken for the mark of a note."""

    state: State
    number: int | float | None = None
    unit: str = ""
    noted: bool = False


BLANK = Value(State.BLANK)
DASH = Value(State.DASH)
ILLEGIBLE = Value(State.ILLEGIBLE)
ABSENT = Value(State.ABSENT)
_SAID = {
    **dict.fromkeys(("零", "〇"), Value(State.NUMBER, 0)),
    **dict.fromkeys(("空", "空白", "nan", "NaN", "None", "null"), BLANK),
    **dict.fromkeys(("N/A", "暂无", "没有", "无此项", "不涉及", "未涉及", "不适用"), DASH),
    **dict.fromkeys(("无变化", "无增减", "不变", "持平"), DASH),
}


def is_prose(text: str) -> bool:
    """Whether a text, by its first character, is surely no value; a look that costs next to nothing."""
    first = text[:1]
    if not ("\u3400" <= first <= "\u9fff" or first in _BRACKETS):
        return False
    return first not in _VALUE_BEGINS and "\ufffd" not in text


@lru_cache(maxsize=65536)
def read_value(text: str) -> Value | None:
    """The value a cell's text states, or None when the text is words and not a value.

    Full-width digits, thousands separators (1,234 1，234 1 234), a sign (减少 is one), a decimal part, one
    unit and a note in brackets are understood; the unit is reported and never applied.
    """
    stripped = text.strip()
    if stripped.isascii() and stripped.isdigit() and len(stripped) <= 15:
        return Value(State.NUMBER, int(stripped))
    if stripped.startswith("**") and stripped.endswith("**"):
        stripped = stripped[2:-2]  # bold, as markdown has it
    if "]{" in stripped:
        stripped = _ATTRIBUTED.sub(r"\1", stripped)
    stripped = _FOOTNOTE.sub("", _INVISIBLE.sub("", stripped)).strip()
    if not stripped:
        return BLANK
    if "\ufffd" in stripped:
        return ILLEGIBLE
    if len(stripped) <= 4 and set(stripped) <= DASHES:
        return DASH
    return _with_note(stripped) if _RAISED.search(stripped) else _number(stripped)


def _with_note(stripped: str) -> Value | None:
    """A number with raised digits: behind all others they are the mark of a note, and alone they are the
    number; anywhere else nobody knows."""
    bare = _RAISED.sub("", stripped)
    at_the_end = _RAISED.sub("", stripped.rstrip(NOTE_DIGITS)) == stripped.rstrip(NOTE_DIGITS)
    value = _number(bare if bare else stripped)
    if value is None or value.state is not State.NUMBER:
        return value
    return value._replace(noted=True) if at_the_end else ILLEGIBLE


def _number(stripped: str) -> Value | None:
    plain = unicodedata.normalize("NFKC", stripped.translate(_COMMAS)).strip()
    match = _NUMBER.fullmatch(plain)
    if match is None or len(match["digits"]) > 80:
        return _SAID.get(plain) or (ILLEGIBLE if _GARBLED.fullmatch(plain) else None)
    digits = re.sub(r"[, ]", "", match["digits"])
    number: int | float = float(digits + match["fraction"]) if match["fraction"] else int(digits)
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    unit = match["unit"] or ("元" if match["currency"] else "")
    return Value(State.NUMBER, -number if (match["sign"] or "").strip() in _LESS else number, unit)
