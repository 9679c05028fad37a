"""Sources that are pages to look at (PDF, pictures): each page with figures as a picture, boxes over it."""

from __future__ import annotations

import io
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from nianbao.show.marks import Drawing, Mark
from parsers.document import ParseError

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfDocument

DPI, MOST_PAGES, MOST_DOTS, COLOURS = 110, 40, 4_000_000, 32
_PLACE = re.compile(r"page (\d{1,6}) (-?[\d.]+),(-?[\d.]+),(-?[\d.]+),(-?[\d.]+)")

Box = tuple[float, float, float, float]
Boxes = dict[int, list[tuple[Box, Mark]]]
Page = tuple[int, "Image", float, float]
"""A page's number, its picture, and its width and height in the measure of the places."""


def drawn_pdf(data: bytes, marks: Mapping[str, Mark]) -> Drawing:
    """The pages of a PDF on which figures were read; without any, the first page."""
    from pypdfium2 import PdfDocument, PdfiumError

    boxes = _boxes(marks)
    try:
        pdf = PdfDocument(data)
        try:
            return _drawing(_rendered(pdf, _chosen(boxes)), boxes)
        finally:
            pdf.close()
    except PdfiumError as error:
        raise ParseError(f"a page of the PDF cannot be drawn: {error}") from error


def drawn_picture(data: bytes, marks: Mapping[str, Mark]) -> Drawing:
    """The frames of a picture on which figures were read; without any, the first."""
    boxes = _boxes(marks)
    return _drawing(_frames(data, _chosen(boxes)), boxes)


def _boxes(marks: Mapping[str, Mark]) -> Boxes:
    found: Boxes = {}
    for place, mark in marks.items():
        if numbers := _PLACE.fullmatch(place):
            x0, top, x1, bottom = map(float, numbers.groups()[1:])
            found.setdefault(int(numbers[1]), []).append(((x0, top, x1, bottom), mark))
    return found


def _chosen(boxes: Boxes) -> list[int]:
    return sorted(boxes)[:MOST_PAGES] or [1]


def _rendered(pdf: PdfDocument, numbers: Iterable[int]) -> Iterator[Page]:
    for number in numbers:
        if number > len(pdf):
            continue
        page = pdf[number - 1]
        width, height = page.get_size()
        scale = min(DPI / 72, (MOST_DOTS / max(1.0, width * height)) ** 0.5)
        yield number, page.render(scale=scale).to_pil(), width, height
        page.close()


def _frames(data: bytes, numbers: Iterable[int]) -> Iterator[Page]:
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(data)) as picture:
        for number in numbers:
            picture.seek(number - 1)
            frame = ImageOps.exif_transpose(picture).convert("RGB")
            width, height = frame.size
            frame.thumbnail((1600, 2400))
            yield number, frame, width, height


def _drawing(pages: Iterable[Page], boxes: Boxes) -> Drawing:
    html, css, drawn = [], [], set()
    for number, image, width, height in pages:
        here = boxes.get(number, [])
        marks = "".join(f"<div {m.attributes(box[2] * 2 > width)}>{m.label()}</div>" for box, m in here)
        source = f"data:image/png;base64,{b64encode(_png(image)).decode()}"
        html.append(
            f'<figure><figcaption>第 {number} 页 page {number}</figcaption><div class="page"><img src="{source}" '
            f'alt="第 {number} 页" width="{image.width}" height="{image.height}">{marks}</div></figure>'
        )
        css += [_at(mark.id, box, width, height) for box, mark in here]
        drawn |= {mark.id for _, mark in here}
    left = len(boxes) - MOST_PAGES
    notes = (f"另有 {left} 页未画出。 {left} more pages are not drawn.",) if left > 0 else ()
    return Drawing("".join(html), frozenset(drawn), "\n".join(css), notes)


def _at(name: str, box: Box, width: float, height: float) -> str:
    """Where a box stands on its page, in hundredths of the picture, which may be shown in any size."""
    x0, top, x1, bottom = box
    across, down = 100 / max(width, 1.0), 100 / max(height, 1.0)
    return (
        f"#{name} {{ left: {x0 * across:.2f}%; top: {top * down:.2f}%; "
        f"width: {(x1 - x0) * across:.2f}%; height: {(bottom - top) * down:.2f}% }}"
    )


def _png(image: Image) -> bytes:
    """A small PNG: a page of print needs few colours."""
    from PIL.Image import Dither, Quantize

    few = image.convert("RGB").quantize(COLOURS, method=Quantize.FASTOCTREE, dither=Dither.NONE)
    target = io.BytesIO()
    few.save(target, "PNG", optimize=True)
    return target.getvalue()
