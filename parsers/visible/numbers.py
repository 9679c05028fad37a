"""What a number format of a sheet shows of a number (ECMA-376 part 1, 18.8.31)."""

from __future__ import annotations

import re
from typing import NamedTuple

from parsers.words.units import UNITS

_PIECE = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*].|\[[^\[\]]*+\]|(?P<sign>.)', re.DOTALL)
"""Quoted and escaped text, what only fills or conditions, and signs of the format itself."""
_DIGITS, _DATE = frozenset("0#?"), frozenset("ymdhsYMDHS年月日时分秒")
_SCALED = re.compile(r"[0#?],+(?:$|[^0#?,])")
"""A comma behind the last digit divides by a thousand."""
_BUILT_IN = {9: "0%", 10: "0.00%", 37: "0;-0", 38: "0;-0", 39: "0.00;-0.00", 40: "0.00;-0.00"}
"""Of the formats that a file need not spell out those that show another number; dates are told by the
reader."""


class Shown(NamedTuple):
    """What a cell shows. `is_sure`: whether its number can be told from the value and the format."""

    text: str
    is_sure: bool = True


class _Section(NamedTuple):
    """One part of a format: its own signs, and its literal text before and behind the digits."""

    signs: str
    before: str
    behind: str


def built_in(number: int) -> str:
    """The format of an id below 164; "" for those that show the value as it is."""
    return _BUILT_IN.get(number, "")


def shown(value: float, plain: str, code: str) -> Shown:
    """What a format shows of a value; `plain`: the value as text, with all its digits, which rounding leaves
    out in print.

    The unit behind the digits is a part of what is seen; a percent is a hundred times the value. Where a
    format divides or hides what is there, the number stays as it is and is not sure.
    """
    if not code or code.lower() in ("general", "@"):
        return Shown(plain)
    section = _section(value, code)
    has_digits = not _DIGITS.isdisjoint(section.signs)
    if "general" in section.signs.lower() or not (has_digits or _DATE.isdisjoint(section.signs)):
        return Shown(plain)
    if not has_digits:
        literal = f"{section.before}{section.behind}".strip()
        return Shown(literal, is_sure=bool(literal))
    unit = section.behind.strip()
    if "%" in section.signs:
        return Shown(f"{_plain(value * 100)}%")
    text = plain + unit if unit in UNITS else plain
    has_literal_digits = any(map(str.isdigit, section.before + section.behind))
    return Shown(text, is_sure=not (has_literal_digits or _SCALED.search(section.signs)))


def _plain(value: float) -> str:
    rounded = round(value, 10)
    return str(int(rounded)) if rounded == int(rounded) else str(rounded)


def _section(value: float, code: str) -> _Section:
    """The part of a format that is for positive numbers, negative ones, or zeros."""
    sections = _sections(code)
    wanted = 0 if value > 0 or len(sections) < 2 else 1 if value < 0 else 2
    return sections[wanted] if wanted < len(sections) else sections[0]


def _sections(code: str) -> list[_Section]:
    found, signs, before, behind = [], "", "", ""
    for piece in _PIECE.finditer(f"{code};"):
        sign, literal = piece["sign"], piece["quoted"] or piece["escaped"] or ""
        if sign == ";":
            found.append(_Section(signs, before, behind))
            signs = before = behind = ""
        elif sign:
            signs += sign
            if sign in UNITS or sign in "-—/()（） ":
                literal = sign if sign in UNITS and sign != "%" else ""
        if literal and _DIGITS.isdisjoint(signs):
            before += literal
        elif literal:
            behind += literal
    return found
