"""Signs that a rule crosses out: a rule through the middle of them that is no longer than they are and no
part of a grid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Item = Mapping[str, Any]
_NEAR = 2.0  # points by which rules that meet may miss each other
_MIDDLE = 0.22  # of a sign's height: so far from its middle a rule still crosses it, and underlines none
_COVERED = 0.6  # of a sign's width
_BEYOND = 0.6  # of a sign's width: so far a rule reaches beyond what it crosses
MOST_RULES = 2000
"""Of a page: where there are more, what looks like strikes is a pattern."""


def struck(chars: Sequence[Item], edges: Iterable[Item]) -> list[Item]:
    """The signs that rules cross out."""
    every = list(edges)
    upright = [edge for edge in every if edge["orientation"] == "v"]
    level = [edge for edge in every if edge["orientation"] == "h"]
    if not chars or len(level) > MOST_RULES:
        return []
    ends = {(round(edge["x0"] / _NEAR), round(y / _NEAR)) for edge in upright for y in _heights(edge)}
    tall = max(char["height"] for char in chars)
    by_height: dict[int, list[int]] = {}
    for number, char in enumerate(chars):
        by_height.setdefault(int(char["top"] // tall), []).append(number)
    found: set[int] = set()
    for edge in level:
        row = int(edge["top"] // tall)
        near = [number for at in (row - 1, row) for number in by_height.get(at, ())]
        crossed = [number for number in near if _crosses(edge, chars[number])]
        if crossed and _is_as_long(edge, [chars[number] for number in crossed]) and not _meets(edge, ends):
            found.update(crossed)
    return [chars[number] for number in sorted(found)]


def _heights(edge: Item) -> Iterator[float]:
    """The heights that an upright rule passes, in steps that no level rule falls between."""
    height = edge["top"]
    while height <= edge["bottom"]:
        yield height
        height += _NEAR
    yield edge["bottom"]


def _crosses(edge: Item, char: Item) -> bool:
    middle = (char["top"] + char["bottom"]) / 2
    covered = min(edge["x1"], char["x1"]) - max(edge["x0"], char["x0"])
    near = abs(edge["top"] - middle) <= _MIDDLE * char["height"]
    return bool(near and char["text"].strip() and covered >= _COVERED * char["width"])


def _is_as_long(edge: Item, crossed: Sequence[Item]) -> bool:
    beyond = _BEYOND * max(char["width"] for char in crossed)
    first, last = min(char["x0"] for char in crossed), max(char["x1"] for char in crossed)
    return bool(edge["x0"] >= first - beyond and edge["x1"] <= last + beyond)


def _meets(edge: Item, ends: set[tuple[int, int]]) -> bool:
    """Whether an upright rule stands at one end of a level one: then it is of a grid."""
    y = round(edge["top"] / _NEAR)
    places = (round(edge[end] / _NEAR) for end in ("x0", "x1"))
    return any((x + dx, y + dy) in ends for x in places for dx in (-1, 0, 1) for dy in (-1, 0, 1))
