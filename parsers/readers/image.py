"""A picture of a report (png, jpeg, bmp, tiff, gif, webp), read by OCR."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from parsers.document import Block, Container, Document, ParseError
from parsers.readers.damage import one_line
from parsers.remarks import Remark, RemarkKind

if TYPE_CHECKING:
    from PIL.Image import Image

ORDER = 50
MOST_PAGES = 50
MOST_DOTS = 60_000_000
LEAST_SIDE = 40  # dots: what is smaller is an icon
_FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "GIF", "WEBP")
_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"GIF87a", b"GIF89a")


def claims(data: bytes) -> bool:
    """Bytes that begin as a picture does."""
    if data.startswith(_MAGIC) or (data.startswith(b"RIFF") and data[8:12] == b"WEBP"):
        return True
    # BM alone begins many texts: the reserved bytes of a bitmap are zero.
    return data.startswith(b"BM") and len(data) > 26 and data[6:10] == bytes(4)


def read(data: bytes) -> list[Document]:
    """One document of the paragraphs and tables in the picture; a TIFF has a page for each of its frames.

    Raises ParseError when the picture is damaged or too large, or the extra `ocr` is not installed.
    """
    from parsers.readers.ocr import read_page

    blocks: list[Block] = []
    remarks = [Remark(RemarkKind.PICTURE_READ)]
    for number, frame in enumerate(frames(data), start=1):
        if number > MOST_PAGES:
            remarks.append(Remark(RemarkKind.PICTURE_PAGES_LEFT_OUT, {"most": MOST_PAGES}))
            break
        blocks += read_page(frame, number)
    return [Document(Container.IMAGE, tuple(blocks), remarks=tuple(remarks))]


def frames(data: bytes) -> Iterator[Image]:
    """The pages of a picture, upright; of a GIF the first, since others move it. Raises ParseError."""
    from PIL import ImageOps, ImageSequence

    try:
        with _opened(data) as picture:
            many = picture.format == "TIFF"
            for frame in ImageSequence.Iterator(picture):
                _check(frame)
                yield ImageOps.exif_transpose(frame).copy()
                if not many:
                    return
    except ParseError:
        raise
    except Exception as error:  # the decoders raise whatever damaged bytes make them raise
        raise ParseError(f"the picture cannot be opened: {one_line(error)}") from error


def _opened(data: bytes) -> Image:
    """The picture, not unpacked yet; what the library has to say about its size, `_check` says better."""
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Image.open(io.BytesIO(data), formats=_FORMATS)


def _check(frame: Image) -> None:
    width, height = frame.size
    if width * height > MOST_DOTS:
        raise ParseError(f"the picture has {width} x {height} dots, more than {MOST_DOTS}: it is not read")
    if min(width, height) < LEAST_SIDE:
        raise ParseError(f"the picture has {width} x {height} dots: too small to read")
