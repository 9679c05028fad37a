"""Text and ruled tables from the picture of a page; needs the extra `ocr` and no network.

The parts: `engine` (the recogniser), `picture` (scale, skew, ink), `ruled` (tables by their rules),
`lines` (where text stands in a cell), `figures` (numbers read twice), `page` (all of it, in reading order).
Nothing heavy is imported before the first page is read.
"""

from __future__ import annotations

from itertools import islice
from math import inf
from typing import TYPE_CHECKING, Any

from parsers.document import Block, ParseError
from parsers.readers.damage import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy
    from PIL.Image import Image
    from pypdfium2 import PdfPage

DPI, HIGHEST_DPI = 200, 300
"""The resolution to render a scanned PDF page at: that of its picture, within the fewest dots that lost no
cell when measured and the most that gained one."""

FEWEST_DPI = 95
"""Below so many dots an inch digits were misread, now and then, by all readings of one cell alike."""

FILLED, SMALLEST_STRIP = 0.5, 0.02
"""The share of a page that its scan fills at least, and that of a picture that may be a strip of it and is no
stamp."""

MOST_DOTS = 30_000_000
"""Dots of a rendered page at most, whatever its size."""

MOST_PICTURES, MOST_PICTURE_DOTS = 100, 150_000_000
"""How many pictures of a page are asked for their resolution, and the largest that is unpacked."""

ILLEGIBLE = "\ufffd"
"""The whole text of a cell that has ink in it and no reading that can be trusted."""

MISSING = "reading a picture needs the extra: pip install 'nianbao[ocr]'"


def read_page(image: Image | numpy.ndarray[Any, Any], page: int = 1, scale: float = 1.0) -> list[Block]:
    """The paragraphs and tables of one page, in reading order.

    `image` is a PIL image or an array of 8-bit grey or RGB. Every place is `page N x0,y0,x1,y1` in dots of
    the picture as given, times `scale` (72 / dpi gives PDF points, y growing downwards). Raises ParseError
    when the extra `ocr` is not installed or the picture cannot be read.
    """
    return _reader()(image, page, scale)


def read_pdf_pages(data: bytes, pages: list[int]) -> list[Block]:
    """The blocks of some pages (from 1) of a PDF, each rendered and read; places are in PDF points."""
    from pypdfium2 import PdfDocument, PdfiumError

    read = _reader()
    blocks: list[Block] = []
    try:
        pdf = PdfDocument(data)
        try:
            for number in pages:
                page = pdf[number - 1]
                scale = _render_scale(page)
                blocks += read(page.render(scale=scale).to_pil(), number, 1 / scale)
                page.close()
        finally:
            pdf.close()
    except (PdfiumError, IndexError) as error:
        raise ParseError(f"a page of the PDF cannot be drawn: {one_line(error)}") from error
    return blocks


def dots_of(data: bytes, pages: list[int]) -> dict[int, float]:
    """The dots an inch of the pictures that fill each of these pages (from 1) of a PDF, whole or in strips;
    infinite where none do."""
    from pypdfium2 import PdfDocument

    pdf = PdfDocument(data)
    try:
        return {number: _dots(pdf[number - 1]) for number in pages}
    finally:
        pdf.close()


def _dots(page: PdfPage) -> float:
    filling = [(share, dots) for share, dots in _pictures(page) if share >= SMALLEST_STRIP]
    if sum(share for share, _ in filling) < FILLED:
        return inf
    return max(dots for _, dots in filling)


def _render_scale(page: PdfPage) -> float:
    """Dots a point at which to render a page; a poster gets fewer."""
    width, height = page.get_size()
    dpi = min(HIGHEST_DPI, max([DPI, *(dots for _, dots in _pictures(page))]))
    return float(min(dpi / 72, (MOST_DOTS / max(1.0, width * height)) ** 0.5))


def _pictures(page: PdfPage) -> Iterator[tuple[float, float]]:
    """The share of the page that each picture fills, and its dots an inch. Raises ParseError for one too
    large to unpack."""
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    for image in islice(page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=3), MOST_PICTURES):
        (across, down), (left, low, right, high) = image.get_px_size(), image.get_bounds()
        if across * down > MOST_PICTURE_DOTS:
            raise ParseError(f"a page holds a picture of {across} x {down} dots: it is not read")
        share = (right - left) * (high - low) / max(1.0, page.get_width() * page.get_height())
        yield share, across / max(1.0, right - left) * 72


def _reader() -> Callable[[Any, int, float], list[Block]]:
    """The reader of pages, or one line that says what to install."""
    try:
        from parsers.readers.ocr.page import read
    except ImportError as error:
        raise ParseError(MISSING) from error
    return read
