"""The part of a kept PDF where a figure was read, as a picture with the cell marked.

A PDF from the web is hostile: it is drawn in a process of its own (`python -m web.picture`), which gets
little time and room, and of which nothing is believed but a PNG.
"""

from __future__ import annotations

import asyncio
import io
import re
import resource
import subprocess
import sys
import threading

SECONDS, ROOM = 10, 2 << 30
"""What drawing may take: seconds of processor, bytes of memory."""
AT_ONCE = 2
"""So many are drawn at once; others wait their turn."""
SCALE, MOST_DOTS, AROUND = 1.6, 4_000_000, 130
"""Dots a point, dots in all, and points that are shown above and below the cell."""
COLOUR, FILL = (200, 140, 0), (255, 224, 138)
_PLACE = re.compile(r"page (\d{1,5}) (-?\d{1,6}(?:\.\d+)?(?:,-?\d{1,6}(?:\.\d+)?){3})")
_TURN = threading.Semaphore(AT_ONCE)


def drawable(place: str) -> bool:
    """Whether a place stands on a page: `page 3 72.0,100.5,120.0,115.0` (left, top, right, bottom in points)."""
    return _PLACE.fullmatch(place) is not None


async def drawn(data: bytes, place: str) -> bytes | None:
    """The picture of a place in a PDF as PNG; None when it cannot be drawn within the limits."""
    found = _PLACE.fullmatch(place)
    if found is None:
        return None
    return await asyncio.to_thread(_apart, data, found[1], found[2])


def _apart(data: bytes, page: str, box: str) -> bytes | None:
    command = [sys.executable, "-m", "web.picture", page, box]
    try:
        with _TURN:
            ended = subprocess.run(command, input=data, capture_output=True, timeout=2 * SECONDS)
    except subprocess.TimeoutExpired:
        return None
    return ended.stdout if ended.returncode == 0 and ended.stdout.startswith(b"\x89PNG") else None


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


def main() -> None:
    """Draw what standard input holds; the page and the box are the arguments."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (ROOM, ROOM))
    left, top, right, bottom = map(float, sys.argv[2].split(","))
    sys.stdout.buffer.write(draw(sys.stdin.buffer.read(), int(sys.argv[1]), (left, top, right, bottom)))


if __name__ == "__main__":
    main()
