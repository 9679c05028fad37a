"""What one year's report must take over from the year before: pure functions of two sets of cells.

Sources: 上年结转 is by its name what the year before carried out (the form of 国办公开办函〔2019〕60号 and 〔2021〕30号); that what
is in force follows from what was issued and repealed holds in most reports and is no rule, so it is advice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from parsers.codebook import codebook
from parsers.forms import forms_cache
from parsers.records import Finding, FindingKind, State

_EMPTY = (State.BLANK, State.DASH)


class Cell(NamedTuple):
    """What a version says in one cell."""

    value: int | float | None
    state: str


Cells = Mapping[str, Cell]

CARRIED_OUT, CARRIED_IN = "t3_carried_out__", "t3_carried_in__"
"""What the codes of these rows begin with; their columns are those of the codebook."""
_STOCKS = ("regulation", "normative")
IN_FORCE = tuple(f"t2_{name}_{part}" for name in _STOCKS for part in ("in_force", "issued", "repealed"))


@forms_cache()
def columns() -> tuple[str, ...]:
    """The columns in which applications are carried from one year into the next: natural, …"""
    codes = dict.fromkeys(cell.code for cell in codebook() if cell.code.startswith(CARRIED_OUT))
    return tuple(code.removeprefix(CARRIED_OUT) for code in codes)


@forms_cache()
def used_codes() -> tuple[str, ...]:
    """The codes that are looked at here."""
    return (*(row + column for row in (CARRIED_OUT, CARRIED_IN) for column in columns()), *IN_FORCE)


def _count(cells: Cells, code: str) -> int | float | None:
    """The number in a cell, 0 for an empty one; None when the version does not have it or it cannot be read."""
    cell = cells.get(code)
    if cell is None:
        return None
    return 0 if cell.state in _EMPTY else cell.value


def carry_over(last: Cells, now: Cells, year: int) -> Finding | None:
    """The columns in which this year carries in something else than last year (`year`) carried out."""
    codes: list[str] = []
    differing: list[dict[str, Any]] = []
    for column in columns():
        before, after = _count(last, CARRIED_OUT + column), _count(now, CARRIED_IN + column)
        if before is not None and after is not None and before != after:
            codes.append(CARRIED_IN + column)
            differing.append({"column": column, "carried_in": after, "carried_out": before})
    if not differing:
        return None
    return Finding(FindingKind.CARRY_OVER_DIFFERS, tuple(codes), {"year": year, "differing": differing})


def in_force(last: Cells, now: Cells, year: int) -> Finding | None:
    """Advice: the documents in force that do not follow from last year's (`year`), those issued and those repealed."""
    codes: list[str] = []
    differing: list[dict[str, Any]] = []
    for name in _STOCKS:
        code = f"t2_{name}_in_force"
        before, after = last.get(code), now.get(code)
        issued, repealed = _count(now, f"t2_{name}_issued"), _count(now, f"t2_{name}_repealed")
        numbers = (before.value if before else None, issued, repealed, after.value if after else None)
        if any(number is None for number in numbers):
            continue
        old, new, gone, left = (number or 0 for number in numbers)
        if old + new - gone != left:
            due = {"stock": name, "before": old, "issued": new, "repealed": gone, "due": old + new - gone}
            differing.append({**due, "in_force": left})
            codes.append(code)
    if not codes:
        return None
    return Finding(FindingKind.IN_FORCE_DIFFERS, tuple(codes), {"year": year, "differing": differing})
