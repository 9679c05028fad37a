"""Which way up a page lies: told by how its longest lines read."""

from __future__ import annotations

import numpy as np

from parsers.readers.ocr.engine import Box, Gray, detect, recognise

LINES = 8
TALL = 1.5  # times as high as wide: a line of a page on its side
BETTER = 0.15  # of certainty by which another way must read better


def quarters(gray: Gray) -> int:
    """Quarter turns counterclockwise that bring a page upright; 0 for one that cannot be told."""
    boxes = sorted(detect(gray), key=lambda box: -max(box.width, box.height))[:LINES]
    if not boxes:
        return 0
    tall = [box for box in boxes if box.height > TALL * box.width]
    ways = (1, 3) if 2 * len(tall) > len(boxes) else (0, 2)
    lines = tall if ways == (1, 3) else [box for box in boxes if box not in tall]
    first, second = (_certainty(gray, lines, way) for way in ways)
    return ways[second > first + (BETTER if ways[0] == 0 else 0.0)]


def _certainty(gray: Gray, boxes: list[Box], way: int) -> float:
    strips = [turned(gray[box.y0 : box.y1, box.x0 : box.x1], way) for box in boxes]
    return float(np.mean([reading.score for reading in recognise(strips)]))


def turned(gray: Gray, way: int) -> Gray:
    """A picture after so many quarter turns counterclockwise."""
    return np.ascontiguousarray(np.rot90(gray, way))


def matrix(way: int, height: int, width: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """The 2x3 matrix from the dots of a picture of this size to those of the picture after the turns."""
    return np.array(
        {
            0: ((1, 0, 0), (0, 1, 0)),
            1: ((0, 1, 0), (-1, 0, width)),
            2: ((-1, 0, width), (0, -1, height)),
            3: ((0, -1, height), (1, 0, 0)),
        }[way],
        dtype=np.float64,
    )
