"""The recogniser: where text stands in a picture, and what a strip of one line says. Offline."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np

from parsers.document import ParseError
from parsers.readers.damage import one_line

Gray = np.ndarray[Any, np.dtype[np.uint8]]

THREADS = 2
DETECT_SIDE = 1280  # dots of the longer side when looking for text: no line more was found at 2,339
FLAT = 20  # shades of grey: what differs less is bare paper
STRIP_RATIO = 1.6  # pictures longer than this are searched in strips


@dataclass(frozen=True, slots=True)
class Reading:
    """What the recogniser makes of one strip, and how sure it is (0 to 1)."""

    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle in dots; x1 and y1 are outside."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def width(self) -> int:
        """Dots across."""
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        """Dots down."""
        return self.y1 - self.y0

    def shifted(self, right: int, down: int) -> Box:
        """The same box moved."""
        return Box(self.x0 + right, self.y0 + down, self.x1 + right, self.y1 + down)


@cache
def _engine() -> Any:
    """The loaded models; 0.8 s once a process."""
    # From 1.32 on, onnxruntime reports to its maker what it runs on, unless told not to before it is loaded.
    for name in ("ORT_DISABLE_TELEMETRY", "ORT_TELEMETRY_DISABLED"):
        os.environ.setdefault(name, "1")
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": 4 * DETECT_SIDE,
            "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            # Strips of one digit are as wide as high: padding each to 320 dots costs four times the time.
            "Rec.rec_img_shape": [3, 48, 48],
        }
    )


def recognise(strips: list[Gray]) -> list[Reading]:
    """One reading a strip, in order; a strip that says nothing has an empty text."""
    if not strips:
        return []
    pictures = [cv2.cvtColor(strip, cv2.COLOR_GRAY2BGR) for strip in strips]
    try:
        result = _engine().recognize_txt(pictures)
    except Exception as error:  # the library raises bare Exceptions of many kinds
        raise ParseError(f"the text of a picture cannot be recognised: {one_line(error)}") from error
    return [
        Reading(str(text).strip(), float(score))
        for text, score in zip(result.txts, result.scores, strict=True)
    ]


def detect(gray: Gray) -> list[Box]:
    """Where lines of text stand, in no order; a long picture is searched strip by strip."""
    height, width = gray.shape
    step = int(width * STRIP_RATIO)
    if height <= step:
        return _detect(gray)
    found: list[Box] = []
    top = 0
    while top < height:
        bottom = _quiet_row(gray, top + step * 3 // 4, min(top + step, height))
        found += [box.shifted(0, top) for box in _detect(gray[top:bottom])]
        top = bottom
    return found


def _quiet_row(gray: Gray, first: int, last: int) -> int:
    """The row with the least contrast between two rows: where to cut without cutting a line of text."""
    if last >= gray.shape[0] or first >= last:
        return gray.shape[0] if last >= gray.shape[0] else last
    return first + int(np.argmin(gray[first:last].std(axis=1)))


def _detect(gray: Gray) -> list[Box]:
    """The boxes of text in a picture of ordinary proportions."""
    height, width = gray.shape
    if min(height, width) < 8 or int(gray.max()) - int(gray.min()) < FLAT:
        return []
    ratio = min(1.0, DETECT_SIDE / max(height, width))
    size = (max(8, round(width * ratio)), max(8, round(height * ratio)))
    small = cv2.cvtColor(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), cv2.COLOR_GRAY2BGR)
    try:
        boxes = _engine()(small, use_det=True, use_cls=False, use_rec=False).boxes
    except Exception as error:
        raise ParseError(f"the text of a picture cannot be found: {one_line(error)}") from error
    if boxes is None:
        return []
    return [_upright(corners / ratio, width, height) for corners in np.asarray(boxes)]


def _upright(corners: Any, width: int, height: int) -> Box:
    """The rectangle around four corners, within the picture."""
    x0, y0 = np.floor(corners.min(axis=0)).astype(int)
    x1, y1 = np.ceil(corners.max(axis=0)).astype(int)
    return Box(max(0, int(x0)), max(0, int(y0)), min(width, int(x1)), min(height, int(y1)))
