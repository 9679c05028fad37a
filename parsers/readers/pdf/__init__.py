"""PDF: ruled tables and the text around them through pdfplumber; pages that are only a picture go to OCR.

The parts: `limits` (what a file may ask for), `layout` (a page drawn within them), `page` (its tables and
lines). Places are `page P x0,top,x1,bottom` in points from the upper left corner of what a viewer shows of
the page.
"""

from __future__ import annotations

import io
import logging
import re
from dataclasses import dataclass, field, replace
from typing import Any

from parsers.document import Block, Container, Document, ParseError
from parsers.readers.damage import one_line
from parsers.readers.pdf.limits import MOST_PAGES, MOST_SCANNED, Budget, TooMuch, check_streams
from parsers.visible import Doubt

ORDER = 10
_UNMAPPED = re.compile(r"\(cid:\d+\)|[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f]")
_ILLEGIBLE = 0.3  # of the signs of a page: when so many have no character, none is believed
MENDED = "the PDF is damaged: what stands where in it is lost or wrong; it was read as a viewer mends it"
_DRAWN = 40  # curves and rectangles on a page without text: letters may have been made into shapes


def claims(data: bytes) -> bool:
    """The PDF mark within the first kilobyte."""
    return b"%PDF-" in data[:1024]


@dataclass(slots=True)
class _Pages:
    """What was read of each page, and which are left to OCR; `hidden` pages also have a text that is not
    seen."""

    blocks: dict[int, list[Block]] = field(default_factory=dict)
    scanned: list[int] = field(default_factory=list)
    hidden: dict[int, list[Block]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    coarse: set[int] = field(default_factory=set)
    doubts: dict[str, tuple[Doubt, ...]] = field(default_factory=dict)


def read(data: bytes) -> list[Document]:
    """One document of at most 200 pages; raises ParseError for an encrypted or damaged file.

    A file whose table of objects is lost or wrong is read as a viewer mends it, with a warning.
    """
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    try:
        return [_opened(data)]
    except ParseError:
        raise
    except Exception as error:  # pdfminer raises whatever a damaged object makes it raise
        if "ncrypt" in repr(error) or "assword" in repr(error):
            raise ParseError("the PDF cannot be read: it is encrypted: save it without a password") from None
        return [_mended(data, one_line(error))]


def _opened(data: bytes) -> Document:
    import pdfplumber

    check_streams(data)
    with pdfplumber.open(io.BytesIO(data), pages=[*range(1, MOST_PAGES + 1)]) as pdf:
        return _document(pdf, data)


def _mended(data: bytes, reason: str) -> Document:
    """The document in the file as pdfium writes it anew; raises ParseError with the reason where that cannot
    open it."""
    from pypdfium2 import PdfDocument

    written = io.BytesIO()
    try:
        with PdfDocument(data) as pdf:
            pdf.save(written)
        document = _opened(written.getvalue())
    except Exception:
        raise ParseError(f"the PDF cannot be read: {reason}") from None
    return replace(document, warnings=(MENDED, *document.warnings))


def _document(pdf: Any, data: bytes) -> Document:
    pages, budget = _Pages(), Budget()
    count = _page_count(pdf)
    if count > MOST_PAGES:
        pages.warnings.append(f"the PDF has {count} pages; only the first {MOST_PAGES} were read")
    for page in pdf.pages:
        _read_page(page, budget, pages)
        page.close()
    if pages.scanned:
        _read_scanned(data, pages)
    blocks = tuple(block for number in sorted(pages.blocks) for block in pages.blocks[number])
    if not blocks and not pages.warnings:
        pages.warnings.append("the PDF shows no text and no picture")
    warnings, coarse = tuple(pages.warnings), frozenset(pages.coarse)
    return Document(Container.PDF, blocks, warnings=warnings, coarse=coarse, doubts=pages.doubts)


def _page_count(pdf: Any) -> int:
    """How many pages there are, as the file declares: walking thousands of pages takes a minute."""
    from pdfminer.pdftypes import resolve1

    try:
        declared = resolve1(resolve1(pdf.doc.catalog.get("Pages"))["Count"])
    except Exception:
        declared = None
    return declared if isinstance(declared, int) and declared > len(pdf.pages) else len(pdf.pages)


def _read_page(page: Any, budget: Budget, pages: _Pages) -> None:
    """Adds the blocks of a page, or says why there are none; a damaged page says nothing about the others."""
    try:
        _look_at(page, budget, pages)
    except TooMuch:
        pages.warnings.append(f"page {page.page_number} draws more than is followed: it was not read")
    except Exception as error:
        pages.warnings.append(f"page {page.page_number} cannot be read: {one_line(error)}")


def _look_at(page: Any, budget: Budget, pages: _Pages) -> None:
    """Reads the text of a page, or notes that it has to be looked at as a picture."""
    from parsers.readers.pdf.layout import lay_out
    from parsers.readers.pdf.page import blocks_of, directions, doubts_of, seen, sheet_of, struck_out, turned

    number = page.page_number
    pages.blocks[number] = []
    lay_out(page, budget)
    lying = directions(page, sheet_of(page))
    for turns in lying:
        if turns != lying[0] or turns:
            page = turned(page, turns)
            lay_out(page, budget)
        sheet = sheet_of(page, turns)
        crossed = struck_out(page, sheet)
        visible = seen(page, sheet, crossed)
        if not visible.chars:
            _note_picture(page, pages)
        elif _is_illegible(visible.chars):
            pages.scanned.append(number)
            pages.warnings.append(f"the signs of page {number} have no characters: it was read as a picture")
            return
        else:
            blocks, remarks = blocks_of(visible, sheet)
            pages.blocks[number] += blocks
            pages.doubts.update(doubts_of(blocks, crossed, sheet))
            pages.warnings += remarks


def _note_picture(page: Any, pages: _Pages) -> None:
    """A page without text that is seen: a picture, letters made into shapes, or nothing."""
    from parsers.readers.pdf.page import blocks_of, sheet_of

    if page.images or len(page.curves) + len(page.rects) > _DRAWN:
        pages.scanned.append(page.page_number)
        if page.chars:
            pages.hidden[page.page_number] = blocks_of(page, sheet_of(page))[0]


def _is_illegible(chars: list[Any]) -> bool:
    return sum(bool(_UNMAPPED.match(char["text"])) for char in chars) > _ILLEGIBLE * len(chars)


def _read_scanned(data: bytes, pages: _Pages) -> None:
    """Fills in the pages without a text layer, or warns of what is missing to read them."""
    from parsers.readers import ocr

    scanned = pages.scanned
    if len(scanned) > MOST_SCANNED:
        pages.warnings.append(
            f"{len(scanned)} pages are images; only the first {MOST_SCANNED} of them were read"
        )
    try:
        for number in scanned[:MOST_SCANNED]:
            pages.blocks[number] = ocr.read_pdf_pages(data, [number])
    except ParseError as error:
        pages.blocks.update(pages.hidden)
        left = len(scanned) - len(pages.hidden)
        if pages.hidden:
            pages.warnings.append(
                f"{len(pages.hidden)} pages are images, read from a hidden text that may be wrong: {error}"
            )
        if left:
            pages.warnings.append(f"{left} pages are images and were not read: {error}")
        return
    pages.warnings.append(f"{min(len(scanned), MOST_SCANNED)} pages are images, read by OCR")
    dots = ocr.dots_of(data, scanned[:MOST_SCANNED])
    pages.coarse = {number for number, of_page in dots.items() if of_page < ocr.FEWEST_DPI}
    if pages.coarse:
        pages.warnings.append(
            f"a page was scanned with {min(dots.values()):.0f} dots an inch:"
            " so few that a digit may be misread"
        )
