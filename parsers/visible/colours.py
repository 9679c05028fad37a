"""Colours of markup, and which of them cannot be told apart."""

from __future__ import annotations

import re

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""
WHITE: Colour = (255, 255, 255)
_NAMED = {
    "white": WHITE, "black": (0, 0, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240),
    "ghostwhite": (248, 248, 255),
    "whitesmoke": (245, 245, 245), "red": (255, 0, 0), "blue": (0, 0, 255), "green": (0, 128, 0),
    "gray": (128, 128, 128),
    "navy": (0, 0, 128), "yellow": (255, 255, 0), "windowtext": (0, 0, 0),
}  # fmt: skip
_ALIKE = 12
"""Of 255: colours whose every part differs by no more cannot be told apart on a screen."""
_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})(?:[0-9a-f]{2})?")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]+)%?)?\s*\)")


def colour(said: str) -> Colour | None:
    """A colour of CSS, of HTML or of Word; None for one that is not known."""
    said = said.strip().lower()
    if said in _NAMED:
        return _NAMED[said]
    if found := _HEX.fullmatch(said):
        digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if found := _RGB.match(said):
        return min(int(found[1]), 255), min(int(found[2]), 255), min(int(found[3]), 255)
    return None


def is_see_through(said: str) -> bool:
    """Whether a colour is none: transparent, or with an alpha of 0."""
    said = said.strip().lower()
    found = _RGB.match(said)
    return said == "transparent" or bool(found and found[4] and float(found[4].rstrip(".") or 1) == 0)


def alike(one: Colour | None, other: Colour | None) -> bool:
    """Whether two colours look the same; one that is not known is like no other."""
    if one is None or other is None:
        return False
    return all(abs(part - same) <= _ALIKE for part, same in zip(one, other, strict=True))
