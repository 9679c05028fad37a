"""The text around the tables: lines found by the detector, joined to the paragraphs they were set in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from parsers.readers.ocr import ILLEGIBLE
from parsers.readers.ocr.engine import Box, Gray, detect, recognise

LEAST = 0.5  # a line read with less is not believed
SURE = 0.9  # digits read with less are read again
NUMBER = re.compile(r"\d[\d,，.．]*")
PAGE_NUMBER = re.compile(r"[-—–一·\s]*+\d{1,3}[-—–一·\s]*+|第\s*+\d{1,3}\s*+页(\s*+共\s*+\d{1,3}\s*+页)?")
FOOT = 0.08  # of the page, at its foot and its head, where a page number stands


@dataclass(frozen=True, slots=True)
class Line:
    """A line of print: where it stands, what it says, and whether it has a wide gap in it."""

    box: Box
    text: str
    gapped: bool = False


def paragraphs(gray: Gray, breaks: list[int]) -> list[tuple[Box, str]]:
    """The paragraphs of a page without its tables, from the top; no paragraph runs over a row in `breaks`."""
    lines = [line for line in _lines(gray) if not _is_page_number(line, gray.shape[0])]
    if not lines:
        return []
    left = float(np.percentile([line.box.x0 for line in lines], 15))
    right = float(np.percentile([line.box.x1 for line in lines], 85))
    found: list[list[Line]] = []
    for line in lines:
        if found and _goes_on(found[-1][-1], line, left, right, breaks):
            found[-1].append(line)
        else:
            found.append([line])
    return [(_around([line.box for line in run]), "".join(line.text for line in run)) for run in found]


def _goes_on(above: Line, line: Line, left: float, right: float, breaks: list[int]) -> bool:
    """Is a line the next of the same paragraph? The one above is full, and this one is not indented."""
    letter = max(above.box.height, line.box.height) * 0.75
    full = above.box.x1 > right - 2 * letter and not (above.gapped or line.gapped)
    flush = abs(line.box.x0 - left) < 1.2 * letter
    near = line.box.y0 - above.box.y1 < 1.6 * letter
    alike = min(above.box.height, line.box.height) > 0.6 * max(above.box.height, line.box.height)
    return full and flush and near and alike and not any(above.box.y0 < at < line.box.y1 for at in breaks)


def _is_page_number(line: Line, height: int) -> bool:
    outside = line.box.y1 > height * (1 - FOOT) or line.box.y0 < height * FOOT
    return outside and PAGE_NUMBER.fullmatch(line.text) is not None


def _lines(gray: Gray) -> list[Line]:
    """The lines of a page, from the top, each from its left."""
    rows: list[list[Box]] = []
    for box in sorted(detect(gray), key=lambda box: box.y0 + box.y1):
        if rows and _same_row(rows[-1][-1], box):
            rows[-1].append(box)
        else:
            rows.append([box])
    boxes = [box for row in rows for box in row]
    texts = dict(zip(boxes, _texts([_cut(gray, box) for box in boxes]), strict=True))
    return [line for row in rows if (line := _line(sorted(row, key=lambda box: box.x0), texts)).text]


def _same_row(one: Box, other: Box) -> bool:
    shared = min(one.y1, other.y1) - max(one.y0, other.y0)
    return shared > 0.5 * min(one.height, other.height)


def _line(row: list[Box], texts: dict[Box, str]) -> Line:
    """The boxes of one row as one line; a gap wider than a letter is a blank."""
    text = texts[row[0]]
    gapped = False
    for before, box in pairwise(row):
        wide = box.x0 - before.x1 > box.height
        gapped = gapped or wide
        text += (" " if wide else "") + texts[box]
    return Line(_around(row), text.strip(), gapped)


def _around(boxes: list[Box]) -> Box:
    return Box(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )


def _cut(gray: Gray, box: Box) -> Gray:
    return np.ascontiguousarray(gray[box.y0 : box.y1, box.x0 : box.x1])


def _texts(strips: list[Gray]) -> list[str]:
    """What each strip says; digits that a second reading does not confirm are not believed."""
    first = recognise(strips)
    texts = [reading.text if reading.score >= LEAST or not reading.text else ILLEGIBLE for reading in first]
    again = [n for n, reading in enumerate(first) if reading.score < SURE and NUMBER.search(texts[n])]
    second = recognise([_enlarged(strips[number]) for number in again])
    for number, reading in zip(again, second, strict=True):
        texts[number] = _confirmed(texts[number], reading.text)
    return texts


def _enlarged(strip: Gray) -> Gray:
    large = cv2.resize(strip, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.copyMakeBorder(large, 8, 8, 8, 8, cv2.BORDER_REPLICATE), dtype=np.uint8)


def _confirmed(text: str, other: str) -> str:
    """A text whose numbers stand only where another reading has the same."""
    if NUMBER.findall(text) == NUMBER.findall(other):
        return text
    confirmed = NUMBER.findall(other)
    return NUMBER.sub(lambda found: found[0] if found[0] in confirmed else ILLEGIBLE, text)
