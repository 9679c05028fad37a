"""Where text stands in a ruled cell: its ink without the rules, its lines, and the strips to recognise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from parsers.readers.ocr.engine import Box, Gray, detect
from parsers.readers.ocr.ruled import Rules

SIGN = 6  # dots: the least width or height of a sign, and how far a rule's own thickness reaches
SPECK = 2  # dots: what is no larger is dirt
FOOT = 0.2  # of the height of the print in a cell: where a decimal point stands
WIDE_GAP = 1.5  # of the height of a line: a wider gap parts two texts
PART, APART, WHOLE = 0.7, 0.5, 2.0
"""Of the height of the larger pieces of print in a cell: a part of a sign, how far it is from the other, and
both; a 5 may be in two, its bar above its bow."""
MARGIN = 0.25  # of the height of a line, around a strip


@dataclass(frozen=True, slots=True)
class Strip:
    """One line of a cell: its grey dots and its ink, cut to the text, and the line's number in the cell."""

    gray: Gray
    ink: Gray
    line: int


def cell_ink(gray: Gray, ink: Gray, rules: Rules, letter: float) -> Gray:
    """The ink of a cell without dirt and without its (thickened) rules; all are cut to the cell.

    Ink is darker than the ground of its own cell: the edge of a shaded cell is dark only against white.
    """
    ground, darkest = float(np.percentile(gray, 80)), float(gray.min())
    clean = np.where(gray < ground - max(12.0, 0.25 * (ground - darkest)), ink, 0).astype(np.uint8)
    clean[_own_rules(rules, max(SIGN, round(letter * 0.4)))] = 0
    count, labels, stats, _ = cv2.connectedComponentsWithStats(clean, connectivity=8)
    points = _points(stats)
    dirt = [label for label in range(1, count) if _is_dirt(stats[label], ink.shape) and label not in points]
    clean[np.isin(labels, dirt)] = 0
    return clean


def _own_rules(rules: Rules, reach: int) -> Any:
    """Where the cell's own rules are, which may stray inwards; the upright stroke of a large 1 is not one."""
    near, above, beside = (np.ones(rules.level.shape, dtype=bool) for _ in range(3))
    near[SIGN:-SIGN, SIGN:-SIGN] = False
    above[reach:-reach, :] = False
    beside[:, reach:-reach] = False
    height = rules.upright.shape[0]
    count, labels, stats, _ = cv2.connectedComponentsWithStats(rules.upright, connectivity=8)
    top, tall = stats[:, cv2.CC_STAT_TOP], stats[:, cv2.CC_STAT_HEIGHT]
    through = (top == 0) | (top + tall == height) | (tall > 0.75 * height)
    upright = np.isin(labels, [label for label in range(1, count) if through[label]])
    return (above & (rules.level > 0)) | (beside & upright) | (near & (rules.both() > 0))


def _points(stats: Any) -> set[int]:
    """The specks that may be a decimal point: square, at the foot of the print, with signs on both sides."""
    left, top, width, height, area = (stats[1:, place] for place in range(5))
    signs = np.maximum(width, height) > SIGN
    if not signs.any():
        return set()
    foot, head = (top + height)[signs].max(), top[signs].min()
    between = (left > left[signs].min()) & (left + width < (left + width)[signs].max())
    low = (top + height >= foot - FOOT * (foot - head)) & (top + height <= foot + SPECK)
    found = between & low & (width == SPECK) & (height == SPECK) & (area == SPECK**2)
    return {int(label) + 1 for label in np.flatnonzero(found)}


def _is_dirt(stat: Any, shape: tuple[int, ...]) -> bool:
    """A speck, or what is left of a rule: thin, along an edge, and as long as half the cell."""
    x, y, width, height, _ = (int(value) for value in stat)
    if max(width, height) <= SPECK:
        return True
    level = height <= SIGN and width > shape[1] * 0.5 and (y < SIGN or y + height > shape[0] - SIGN)
    upright = width <= SIGN and height > shape[0] * 0.9 and (x < SIGN or x + width > shape[1] - SIGN)
    return level or upright


def has_print(ink: Gray) -> bool:
    """Is there a mark large enough to be a sign (a dash is the smallest)?"""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    return bool((stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1, initial=0) >= SIGN).any())


def strips(gray: Gray, ink: Gray) -> list[Strip]:
    """The lines of a cell, from the top; a line with a wide gap in it gives two strips."""
    letter = _letter(ink)
    return [
        _strip(gray, ink, box, number)
        for number, (top, bottom) in enumerate(_lines(gray, ink, letter))
        for left, right in _pieces(ink[top:bottom], max(letter * 0.6, bottom - top))
        if (box := _tight(ink, Box(left, top, right, bottom)))
    ]


def _letter(ink: Gray) -> float:
    """The height of the larger signs in a cell."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    return float(np.percentile(stats[1:, cv2.CC_STAT_HEIGHT], 90)) if len(stats) > 1 else 0.0


def _tight(ink: Gray, box: Box) -> Box | None:
    """The box of the ink within a box."""
    rows, columns = np.nonzero(ink[box.y0 : box.y1, box.x0 : box.x1])
    if not rows.size:
        return None
    left, right = int(columns.min()), int(columns.max()) + 1
    return Box(left, int(rows.min()), right, int(rows.max()) + 1).shifted(box.x0, box.y0)


def _strip(gray: Gray, ink: Gray, box: Box, line: int) -> Strip:
    """A strip with a margin, in which nothing but the text of this box is printed."""
    margin = max(3, round(box.height * MARGIN))
    own = np.zeros_like(ink)
    own[box.y0 : box.y1, box.x0 : box.x1] = ink[box.y0 : box.y1, box.x0 : box.x1]
    cut = np.s_[box.y0 : box.y1 + 2 * margin, box.x0 : box.x1 + 2 * margin]
    picture = cv2.copyMakeBorder(gray, margin, margin, margin, margin, cv2.BORDER_REPLICATE)[cut]
    near = cv2.dilate(_framed(own, margin)[cut], np.ones((5, 5), np.uint8)) > 0
    background = np.uint8(np.percentile(gray, 80))
    alone = np.where(near, picture, background).astype(np.uint8)
    return Strip(alone, own[box.y0 : box.y1, box.x0 : box.x1], line)


def _framed(ink: Gray, margin: int) -> Any:
    return cv2.copyMakeBorder(ink, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=0)


def _runs(present: Any) -> list[tuple[int, int]]:
    """The runs (start, end) of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], present.astype(np.int8), [0]))))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def _lines(gray: Gray, ink: Gray, letter: float) -> list[tuple[int, int]]:
    """The rows (top, bottom) of each line: by the white between them, else as the detector sees them."""
    lines = list(_joined(_runs(ink.any(axis=1)), letter))
    if all(bottom - top <= 1.9 * letter for top, bottom in lines):
        return lines
    return _detected(gray) or lines


def _joined(runs: list[tuple[int, int]], letter: float) -> Iterator[tuple[int, int]]:
    """Runs of rows made whole: the strokes of 二 or 三 are one line."""
    current: tuple[int, int] | None = None
    for run in runs:
        if current is None:
            current = run
        elif _belongs(current, run, letter):
            current = (current[0], run[1])
        else:
            yield current
            current = run
    if current is not None:
        yield current


def _belongs(above: tuple[int, int], below: tuple[int, int], letter: float) -> bool:
    """Is one of two runs too low for a line, and near enough to be a part of the other's?"""
    lower = min(above[1] - above[0], below[1] - below[0])
    return (
        lower < PART * letter
        and below[0] - above[1] <= APART * letter
        and below[1] - above[0] <= WHOLE * letter
    )


def _detected(gray: Gray) -> list[tuple[int, int]]:
    """The rows of the lines in a cell that is askew, in order and apart."""
    lines: list[tuple[int, int]] = []
    for box in sorted(detect(gray), key=lambda box: box.y0 + box.y1):
        if lines and box.y0 < (lines[-1][0] + lines[-1][1]) // 2:
            lines[-1] = (lines[-1][0], max(lines[-1][1], box.y1))
        else:
            lines.append((box.y0, box.y1))
    return lines


def _pieces(ink: Gray, height: float) -> list[tuple[int, int]]:
    """The columns (left, right) of the texts of one line."""
    pieces: list[tuple[int, int]] = []
    for left, right in _runs(ink.any(axis=0)):
        if pieces and left - pieces[-1][1] <= WIDE_GAP * height:
            pieces[-1] = (pieces[-1][0], right)
        else:
            pieces.append((left, right))
    return pieces
