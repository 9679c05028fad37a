"""A picture made ready: grey, of a working scale, upright; its ink; and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from parsers.document import ParseError
from parsers.readers.ocr.engine import Box, Gray
from parsers.readers.ocr.turn import matrix as quarters_matrix
from parsers.readers.ocr.turn import quarters, turned

SHORT_SIDE = (1500, 2500)  # dots of the shorter side to work at: A4 at 180 to 300 dpi
MAX_DOTS = 60_000_000
MAX_ENLARGEMENT = 3.0
SKEW_LIMIT = 6.0  # degrees
SKEW_IGNORED = 0.1
PROFILE_SIDE = 900  # dots of the longer side when looking for the skew


@dataclass(frozen=True, slots=True)
class Picture:
    """A page to work on; `back` is the 2x3 matrix from its dots to those of the picture as given."""

    gray: Gray
    ink: Gray
    back: np.ndarray[Any, np.dtype[np.float64]]

    def place(self, box: Box, page: int, scale: float) -> str:
        """Where a box stood in the picture as given."""
        corners = [(box.x0, box.y0), (box.x1, box.y0), (box.x0, box.y1), (box.x1, box.y1)]
        points = np.array([(x, y, 1.0) for x, y in corners]) @ self.back.T * scale
        (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
        return f"page {page} {x0:.0f},{y0:.0f},{x1:.0f},{y1:.0f}"


def prepare(image: Any) -> Picture:
    """A PIL image or an array, made ready to read."""
    gray = _stretched(_gray(image))
    matrix = np.eye(2, 3)
    gray, matrix = _rescaled(gray, matrix)
    gray, matrix = _upright(gray, matrix)
    gray, matrix = _straightened(gray, matrix)
    return Picture(gray, ink_of(gray), cv2.invertAffineTransform(matrix))


def ink_of(gray: Gray) -> Gray:
    """255 where something is printed, judged against its surroundings, so that shading is not ink."""
    smooth = cv2.GaussianBlur(gray, (3, 3), 0)
    return _bytes(
        cv2.adaptiveThreshold(smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 51, 14)
    )


def _bytes(array: Any) -> Gray:
    return np.ascontiguousarray(array, dtype=np.uint8)


def _gray(image: Any) -> Gray:
    """8-bit grey; what is transparent is white."""
    if not isinstance(image, np.ndarray):
        if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
            from PIL import Image

            layer = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
        image = np.asarray(image.convert("L"))
    if image.ndim == 3:
        image = (
            image[:, :, 0]
            if image.shape[2] == 1
            else cv2.cvtColor(_bytes(image[:, :, :3]), cv2.COLOR_RGB2GRAY)
        )
    if image.ndim != 2 or 0 in image.shape:
        raise ParseError("a picture without dots cannot be read")
    if image.size > MAX_DOTS:
        raise ParseError(f"a picture of {image.size} dots is too large to read (limit {MAX_DOTS})")
    return _bytes(image)


def _stretched(gray: Gray) -> Gray:
    """Paper made white and print black, as a faded copy has neither."""
    dark, light = (float(np.percentile(gray[::3, ::3], share)) for share in (0.3, 95))
    if light - dark < 20 or (dark < 40 and light > 230):
        return gray
    return _bytes(np.clip((gray.astype(np.float32) - dark) * (255 / (light - dark)), 0, 255))


def _rescaled(gray: Gray, matrix: Any) -> tuple[Gray, Any]:
    """The picture at a scale where small print is about 25 dots high."""
    height, width = gray.shape
    least, most = SHORT_SIDE
    short = min(height, width)
    ratio = min(MAX_ENLARGEMENT, least / short) if short < least else min(1.0, most / short)
    ratio = min(ratio, (MAX_DOTS / (height * width)) ** 0.5)
    if abs(ratio - 1) < 0.01:
        return gray, matrix
    size = (max(1, round(width * ratio)), max(1, round(height * ratio)))
    how = cv2.INTER_CUBIC if ratio > 1 else cv2.INTER_AREA
    return _bytes(cv2.resize(gray, size, interpolation=how)), matrix * ratio


def _upright(gray: Gray, matrix: Any) -> tuple[Gray, Any]:
    """The picture turned by quarters so that its text stands upright."""
    way = quarters(gray)
    if not way:
        return gray, matrix
    whole = _square(quarters_matrix(way, *gray.shape)) @ _square(matrix)
    return turned(gray, way), whole[:2]


def _square(matrix: Any) -> Any:
    return np.vstack([matrix, [0, 0, 1]])


def _straightened(gray: Gray, matrix: Any) -> tuple[Gray, Any]:
    """The picture turned so that lines of text lie level."""
    angle = skew(gray)
    if abs(angle) < SKEW_IGNORED:
        return gray, matrix
    height, width = gray.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    background = int(np.percentile(gray, 90))
    turned = cv2.warpAffine(gray, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=background)
    whole = _square(turn) @ _square(matrix)
    return _bytes(turned), whole[:2]


def skew(gray: Gray) -> float:
    """Degrees to turn a page counterclockwise so that its lines lie level: where rows of dots differ most."""
    ratio = PROFILE_SIDE / max(gray.shape)
    small = cv2.resize(gray, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA) if ratio < 1 else gray
    ink = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12)
    best = 0.0
    for step, reach in ((0.5, SKEW_LIMIT), (0.1, 0.4), (0.03, 0.09)):
        angles = best + np.arange(-reach, reach + step / 2, step)
        best = float(max(angles, key=lambda angle: (_sharpness(ink, float(angle)), -abs(angle))))
    return best


def _sharpness(ink: Any, angle: float) -> float:
    """How much neighbouring rows of ink differ when the page is turned by an angle."""
    height, width = ink.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    rows = cv2.warpAffine(ink, turn, (width, height), flags=cv2.INTER_LINEAR).sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(rows)).sum())
