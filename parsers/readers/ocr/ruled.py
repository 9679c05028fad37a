"""Tables by their rules: the grid that the printed lines draw, and which rules are missing in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

import cv2
import numpy as np

from parsers.readers.ocr.engine import Box, Gray

MAX_UNITS = 6000  # unit cells in one grid; more is a hatching, not a table
SMOOTH = 7  # dots
GAP = 5  # dots by which lines that meet may miss each other
SHORT_UPRIGHT, SHORT_LEVEL = 2.0, 5.0  # letters: what is shorter may be a stroke, or strokes that join
ROOM, TAKEN = 6, 0.35  # dots beside a rule, and of its length so much at most has print in them
PRESENT = 0.7  # a rule is there when so much of its length is


@dataclass(frozen=True, slots=True)
class Area:
    """A cell of a ruled table: where it stands in the grid, and its inside in dots."""

    row: int
    column: int
    rowspan: int
    colspan: int
    box: Box


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table: its outline and its cells in reading order."""

    box: Box
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """The printed lines of a page: those that lie and those that stand."""

    level: Gray
    upright: Gray

    def cut(self, box: Box) -> Rules:
        """The lines within a box."""
        part = np.s_[box.y0 : box.y1, box.x0 : box.x1]
        return Rules(self.level[part], self.upright[part])

    def thickened(self) -> Rules:
        """The lines with their soft edges."""
        level, upright = (
            cv2.dilate(lines, np.ones((5, 5), np.uint8)) for lines in (self.level, self.upright)
        )
        return Rules(np.asarray(level, dtype=np.uint8), np.asarray(upright, dtype=np.uint8))

    def both(self) -> Gray:
        """Where any rule is."""
        return np.asarray(cv2.bitwise_or(self.level, self.upright), dtype=np.uint8)


def letter_height(ink: Gray) -> float:
    """The height of the page's print in dots (the upper range of what hangs together)."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    heights, widths = stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_WIDTH]
    usual = heights[(heights >= 8) & (heights <= 90) & (widths <= 120) & (widths >= 3)]
    return float(np.percentile(usual, 75)) if usual.size >= 5 else 24.0


def find_rules(gray: Gray, letter: float) -> Rules:
    """The lines too long to be a stroke of a letter; faint and broken ones too."""
    side = min(gray.shape)
    wide, high = max(20, int(min(letter * 2.5, side / 28))), max(14, int(min(letter * 1.3, side / 60)))
    level = cv2.morphologyEx(_faint_ink(gray, (SMOOTH, 1)), cv2.MORPH_OPEN, np.ones((1, wide), np.uint8))
    upright = cv2.morphologyEx(_faint_ink(gray, (1, SMOOTH)), cv2.MORPH_OPEN, np.ones((high, 1), np.uint8))
    # A rule between two cells as low as their print is no longer than a stroke, but it meets others at
    # both ends.
    bare = _faint_ink(gray, (1, 1))
    upright, level = (
        _anchored(_parted(upright, bare, level), level, SHORT_UPRIGHT * letter),
        _anchored(_parted(level.T, bare.T, upright.T), upright.T, SHORT_LEVEL * letter).T,
    )
    upright = _with_room(upright, bare, level)
    return Rules(np.ascontiguousarray(level, dtype=np.uint8), np.ascontiguousarray(upright, dtype=np.uint8))


def _parted(lines: Any, ink: Any, others: Any) -> Any:
    """Standing lines with the gaps that smoothing closed between them and the lines that they do not
    reach."""
    there = cv2.dilate(np.ascontiguousarray(ink), np.ones((1, GAP), np.uint8)) > 0
    beside = cv2.dilate(np.ascontiguousarray(others), np.ones((2 * SMOOTH + 1, 1), np.uint8)) > 0
    return np.where(beside & ~there, 0, lines).astype(np.uint8)


def _anchored(lines: Any, others: Any, short: float) -> Any:
    """Standing lines without those that are short and do not meet one of the others with both ends."""
    near = cv2.dilate(np.ascontiguousarray(others), np.ones((3, GAP), np.uint8)) > 0
    count, labels, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(lines), connectivity=8)
    loose = np.zeros(count, dtype=bool)
    for label in range(1, count):
        x, y, width, height, _ = (int(value) for value in stats[label])
        ends = (near[y, x : x + width].any(), near[y + height - 1, x : x + width].any())
        loose[label] = height < short and not all(ends)
    return np.where(loose[labels], 0, lines)


def _with_room(lines: Any, ink: Any, others: Any) -> Any:
    """Standing lines without those that have print at their sides: strokes of letters that stand one above
    another."""
    own = cv2.dilate(np.ascontiguousarray(lines), np.ones((1, GAP), np.uint8)) > 0
    crossing = cv2.dilate(np.ascontiguousarray(others), np.ones((SMOOTH, 1), np.uint8)) > 0
    letters = np.where(own | crossing, 0, ink).astype(np.uint8)
    beside = cv2.dilate(letters, np.ones((1, 2 * ROOM + 1), np.uint8)) > 0
    count, labels, _, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(lines), connectivity=8)
    dots = np.bincount(labels.ravel(), minlength=count)
    taken = np.bincount(labels.ravel(), beside.ravel(), count)
    return np.where((taken > TAKEN * dots)[labels], 0, lines)


def _faint_ink(gray: Gray, smooth: tuple[int, int]) -> Any:
    """255 where it is a little darker than around, after smoothing along one direction."""
    soft = cv2.blur(gray, smooth)
    return cv2.adaptiveThreshold(soft, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 51, 10)


def find_grids(rules: Rules, letter: float) -> list[Grid]:
    """The ruled tables of a page, from the top; a mere frame is none."""
    joined = cv2.dilate(rules.both(), np.ones((GAP, GAP), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    grids = []
    for label, (x, y, width, height, _) in enumerate(stats[1:], start=1):
        if width < 6 * letter or height < 1.5 * letter:
            continue
        box = Box(int(x), int(y), int(x + width), int(y + height))
        mask = (labels[y : y + height, x : x + width] == label).astype(np.uint8)
        cut = np.s_[y : y + height, x : x + width]
        if grid := _grid(rules.level[cut] * mask, rules.upright[cut] * mask, box, letter):
            grids.append(grid)
    return sorted(grids, key=lambda grid: (grid.box.y0, grid.box.x0))


def _grid(level: Any, upright: Any, box: Box, letter: float) -> Grid | None:
    """The grid of one figure of joined lines."""
    tolerance = max(3, round(letter * 0.3))
    ys, xs = _positions(level, 0, tolerance), _positions(upright, 1, tolerance)
    if len(ys) < 2 or len(xs) < 2 or (len(ys) - 1) * (len(xs) - 1) > MAX_UNITS:
        return None
    ys, xs = _reaching(ys, box.height, letter), _reaching(xs, box.width, letter)
    ys, xs = _used(level, ys, xs, tolerance), _used(upright.T, xs, ys, tolerance)
    across, along = _printed(level, ys, xs, tolerance), _printed(upright.T, xs, ys, tolerance).T
    areas = [_area(region, ys, xs, box) for region in _regions(across, along)]
    if len(areas) < 2:
        return None
    outline = Box(xs[0], ys[0], xs[-1], ys[-1]).shifted(box.x0, box.y0)
    return Grid(outline, tuple(sorted(areas, key=lambda area: (area.row, area.column))))


def _positions(lines: Any, axis: int, tolerance: int) -> list[int]:
    """Where lines stand across one axis (0 down, 1 right): the weighted middle of each bundle of lines."""
    _, _, stats, centres = cv2.connectedComponentsWithStats(lines, connectivity=8)
    thick, long = ((cv2.CC_STAT_HEIGHT, cv2.CC_STAT_WIDTH), (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT))[axis]
    bundles: list[list[tuple[float, int]]] = []
    for middle, stat in sorted(zip(centres[1:, 1 - axis].tolist(), stats[1:].tolist(), strict=True)):
        if stat[thick] > 3 * tolerance:
            continue
        if (
            bundles
            and middle - bundles[-1][0][0] <= 2 * tolerance
            and middle - bundles[-1][-1][0] <= tolerance * 1.3
        ):
            bundles[-1].append((middle, stat[long]))
        else:
            bundles.append([(middle, stat[long])])
    return [round(np.average([m for m, _ in bundle], weights=[w for _, w in bundle])) for bundle in bundles]


def _reaching(positions: list[int], size: int, letter: float) -> list[int]:
    """The same lines, and the edge where others stick out: a table cut by a page has no rule there."""
    before = [GAP // 2] if positions[0] > letter else []
    after = [size - 1 - GAP // 2] if size - positions[-1] > letter else []
    return before + positions + after


def _used(lines: Any, across: list[int], along: list[int], tolerance: int) -> list[int]:
    """The lines of a grid that bound at least one unit; the stroke of a letter does not."""
    present = _printed(lines, across, along, tolerance).any(axis=1)
    return [position for position, there in zip(across, present, strict=True) if there]


def _printed(lines: Any, across: list[int], along: list[int], tolerance: int) -> Any:
    """For each line of the grid and each unit along it: is a rule printed there? The outline always is."""
    present = np.ones((len(across), len(along) - 1), dtype=bool)
    for number in range(1, len(across) - 1):
        low, high = max(0, across[number] - tolerance), across[number] + tolerance + 1
        covered = lines[low:high].any(axis=0)
        for unit, (start, end) in enumerate(pairwise(along)):
            margin = min(tolerance, (end - start) // 4)
            present[number, unit] = covered[start + margin : end - margin].mean() >= PRESENT
    return present


def _regions(level: Any, upright: Any) -> Iterator[tuple[int, int, int, int]]:
    """Rectangles (row, column, rowspan, colspan) of unit cells with no rule between them.

    `level[i, c]` is the rule above row i in column c, `upright[r, j]` the one left of column j in row r.
    """
    rows, columns = upright.shape[0], level.shape[1]
    free = np.ones((rows, columns), dtype=bool)
    for row, column in product(range(rows), range(columns)):
        if not free[row, column]:
            continue
        wide = 1
        while column + wide < columns and free[row, column + wide] and not upright[row, column + wide]:
            wide += 1
        high = 1
        while row + high < rows and _continues(level, upright, free, row + high, column, wide):
            high += 1
        free[row : row + high, column : column + wide] = False
        yield row, column, high, wide


def _continues(level: Any, upright: Any, free: Any, row: int, column: int, wide: int) -> bool:
    """Does a region that is `wide` units wide go on into this row?"""
    span = slice(column, column + wide)
    inner = upright[row, column + 1 : column + wide]
    return bool(free[row, span].all() and not level[row, span].any() and not inner.any())


def _area(region: tuple[int, int, int, int], ys: list[int], xs: list[int], box: Box) -> Area:
    row, column, high, wide = region
    inside = Box(xs[column], ys[row], xs[column + wide], ys[row + high])
    return Area(row, column, high, wide, inside.shifted(box.x0, box.y0))
