"""From cell to cell of a statutory table as the form lays it out."""

from __future__ import annotations

from collections.abc import Sequence

from web.drawing.form import Form, placed

SIDES = ("left", "right", "up", "down")


def beside(tables: Sequence[Form], code: str, known: set[str]) -> dict[str, str]:
    """The nearest cell that is `known` on each side of a cell in its table: `left`, `right`, `up`, `down`."""
    for table in tables:
        places = {box.code: (row, column) for row, column, box in placed(table.rows) if box.code}
        if code in places:
            return _nearest(places, code, known)
    return {}


def _nearest(places: dict[str, tuple[int, int]], code: str, known: set[str]) -> dict[str, str]:
    row, column = places[code]
    found: dict[str, tuple[int, str]] = {}
    for other, (at_row, at_column) in places.items():
        if other not in known or (at_row != row and at_column != column) or other == code:
            continue
        down, over = at_row - row, at_column - column
        side = ("right" if over > 0 else "left") if not down else ("down" if down > 0 else "up")
        step = (abs(down) + abs(over), other)
        found[side] = min(found.get(side, step), step)
    return {side: found[side][1] for side in SIDES if side in found}
