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
"""The resolution to render a scanned PDF page at: that of its picture, within the fewest dots that lost no cell when
measured and the most that gained one."""

FEWEST_DPI = 95
"""Below so many dots an inch digits were misread, now and then, by all readings of one cell alike."""

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


def coarsest(data: bytes, pages: list[int]) -> float:
    """The fewest dots an inch of pictures that fill one of these pages (from 1) of a PDF; infinite where none does."""
    from pypdfium2 import PdfDocument

    pdf = PdfDocument(data)
    try:
        return min((max(_resolutions(pdf[number - 1], 0.5), default=inf) for number in pages), default=inf)
    finally:
        pdf.close()


def _render_scale(page: PdfPage) -> float:
    """Dots a point at which to render a page; a poster gets fewer."""
    width, height = page.get_size()
    dpi = min(HIGHEST_DPI, max([DPI, *_resolutions(page)]))
    return float(min(dpi / 72, (MOST_DOTS / max(1.0, width * height)) ** 0.5))


def _resolutions(page: PdfPage, share: float = 0.0) -> Iterator[float]:
    """The dots an inch of the pictures that fill such a share of a page. Raises ParseError for one too large to unpack."""
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    for image in islice(page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=3), MOST_PICTURES):
        (across, down), (left, low, right, high) = image.get_px_size(), image.get_bounds()
        if across * down > MOST_PICTURE_DOTS:
            raise ParseError(f"a page holds a picture of {across} x {down} dots: it is not read")
        if (right - left) * (high - low) >= share * page.get_width() * page.get_height():
            yield across / max(1.0, right - left) * 72


def _reader() -> Callable[[Any, int, float], list[Block]]:
    """The reader of pages, or one line that says what to install."""
    try:
        from parsers.readers.ocr.page import read
    except ImportError as error:
        raise ParseError(MISSING) from error
    return read
