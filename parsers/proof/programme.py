"""The smallest sets of cells that explain failing identities, as an integer programme (scipy's HiGHS)."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

SECONDS = 1.0
"""All programmes of one report together; what takes longer gives nothing: no explanation is better than a
hurried one."""
TIME_IS_UP = 1
"""The status of a programme that scipy ended."""
ROOM = 10
"""A change is at most so many times the largest number of the table: what bounds the programme."""


def smallest_sets(
    columns: Mapping[str, Mapping[int, int]],
    lacks: Sequence[Fraction],
    values: Mapping[str, Fraction],
    most_cells: int,
    most_sets: int,
) -> list[dict[str, Fraction]]:
    """The sets of the fewest cells (at most `most_cells`) whose changes make all rows hold, each with its
    changes.

    `columns`: for each cell the rows it stands in with its sign; `lacks`: what each row lacks. At most
    `most_sets`; an empty list where there is none within the bounds, or where the changes of such a set are
    not the only ones.
    """
    found: list[dict[str, Fraction]] = []
    codes = sorted(columns)
    try:
        for chosen in _chosen(codes, columns, lacks, values, most_cells):
            if found and len(chosen) > len(found[0]):
                return found
            changes = _exact_changes(chosen, columns, lacks)
            if changes is None:
                return []
            found.append(changes)
            if len(found) >= most_sets:
                return found
    except TimeoutError:
        return []
    return found


def _chosen(
    codes: Sequence[str],
    columns: Mapping[str, Mapping[int, int]],
    lacks: Sequence[Fraction],
    values: Mapping[str, Fraction],
    most_cells: int,
) -> Iterator[list[str]]:
    """Sets of cells, the smallest first; each that was given is forbidden to those that follow."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    count = len(codes)
    room = ROOM * max([1.0, *(abs(float(one)) for one in (*values.values(), *lacks))])
    rows = np.zeros((len(lacks), 2 * count))
    for at, code in enumerate(codes):
        for row, sign in columns[code].items():
            rows[row, at] = sign
    lack = np.array([float(one) for one in lacks])
    eye = np.eye(count)
    linked = [
        LinearConstraint(rows, lack, lack),
        LinearConstraint(np.hstack([eye, -room * eye]), -np.inf, 0),
        LinearConstraint(np.hstack([-eye, -room * eye]), -np.inf, 0),
        LinearConstraint(np.hstack([np.zeros(count), np.ones(count)]), 0, most_cells),
    ]
    lowest = [max(-room, -float(values[code])) for code in codes]
    bounds = Bounds([*lowest, *[0] * count], [*[room] * count, *[1] * count])
    cost = np.hstack([np.zeros(count), np.ones(count)])
    kinds = np.hstack([np.zeros(count), np.ones(count)])
    ends = time.monotonic() + SECONDS
    while (left := ends - time.monotonic()) > 0:
        limits = {"time_limit": left}
        result = milp(cost, constraints=linked, bounds=bounds, integrality=kinds, options=limits)
        if result.status == TIME_IS_UP:
            raise TimeoutError
        if not result.success:
            return
        used = [at for at in range(count) if result.x[count + at] > 0.5]
        yield [codes[at] for at in used]
        cut = np.zeros(2 * count)
        cut[[count + at for at in used]] = 1
        linked.append(LinearConstraint(cut, 0, len(used) - 1))
    raise TimeoutError


def _exact_changes(
    chosen: Sequence[str], columns: Mapping[str, Mapping[int, int]], lacks: Sequence[Fraction]
) -> dict[str, Fraction] | None:
    """The changes of these cells by exact elimination; None where there are none, not one answer, or a cell
    needs none."""
    rows = [
        [Fraction(columns[code].get(row, 0)) for code in chosen] + [lack] for row, lack in enumerate(lacks)
    ]
    width = len(chosen)
    for pivot in range(width):
        at = next((number for number in range(pivot, len(rows)) if rows[number][pivot]), None)
        if at is None:
            return None
        rows[pivot], rows[at] = rows[at], rows[pivot]
        rows[pivot] = [one / rows[pivot][pivot] for one in rows[pivot]]
        for number, row in enumerate(rows):
            if number != pivot and row[pivot]:
                rows[number] = [one - row[pivot] * own for one, own in zip(row, rows[pivot], strict=True)]
    if any(row[width] for row in rows[width:]):
        return None
    changes = {code: rows[at][width] for at, code in enumerate(chosen)}
    return changes if all(changes.values()) else None
