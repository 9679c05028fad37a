"""The part of a kept PDF where a figure was read, as a picture with the cell marked.

A PDF from the web is hostile: it is drawn in a process of its own (web/showing.py), of which nothing is believed but a PNG.
"""

from __future__ import annotations

import io
import re

SCALE, MOST_DOTS, AROUND = 1.6, 4_000_000, 130
"""Dots a point, dots in all, and points that are shown above and below the cell."""
COLOUR, FILL = (200, 140, 0), (255, 224, 138)
_PLACE = re.compile(r"page (\d{1,5}) (-?\d{1,6}(?:\.\d+)?(?:,-?\d{1,6}(?:\.\d+)?){3})")


def drawable(place: str) -> bool:
    """Whether a place stands on a page: `page 3 72.0,100.5,120.0,115.0` (left, top, right, bottom in points)."""
    return _PLACE.fullmatch(place) is not None


def drawn(data: bytes, place: str) -> bytes | None:
    """The picture of a place in a PDF as PNG; None for a place that is none, or outside of the file."""
    from pypdfium2 import PdfiumError

    found = _PLACE.fullmatch(place)
    if found is None:
        return None
    left, top, right, bottom = map(float, found[2].split(","))
    try:
        return draw(data, int(found[1]), (left, top, right, bottom))
    except (PdfiumError, IndexError, ValueError):
        return None


def draw(data: bytes, number: int, box: tuple[float, float, float, float]) -> bytes:
    """A strip of a page around a box, the box marked, as PNG. Raises PdfiumError, IndexError, ValueError."""
    from PIL import Image, ImageChops, ImageDraw
    from pypdfium2 import PdfDocument

    page = PdfDocument(data)[number - 1]
    width, height = page.get_size()
    scale = min(SCALE, (MOST_DOTS / max(1.0, width * height)) ** 0.5)
    image = page.render(scale=scale).to_pil().convert("RGB")
    left, top, right, bottom = (round(each * scale) for each in box)
    pen = Image.new("RGB", image.size, "white")
    ImageDraw.Draw(pen).rectangle((left - 2, top - 2, right + 2, bottom + 2), FILL, COLOUR, width=3)
    around = round(AROUND * scale)
    strip = ImageChops.multiply(image, pen).crop(
        (0, max(top - around, 0), image.width, min(bottom + around, image.height))
    )
    target = io.BytesIO()
    strip.quantize(32).save(target, "PNG", optimize=True)
    return target.getvalue()
