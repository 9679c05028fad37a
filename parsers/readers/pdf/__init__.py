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
from parsers.remarks import Remark, RemarkKind
from parsers.visible import Doubt

ORDER = 10
_UNMAPPED = re.compile(r"\(cid:\d+\)|[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f]")
_ILLEGIBLE = 0.3  # of the signs of a page: when so many have no character, none is believed
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
    remarks: list[Remark] = field(default_factory=list)
    coarse: set[int] = field(default_factory=set)
    doubts: dict[str, tuple[Doubt, ...]] = field(default_factory=dict)

    def remark(self, kind: RemarkKind, **values: str | int) -> None:
        """Adds a remark."""
        self.remarks.append(Remark(kind, values))


def read(data: bytes) -> list[Document]:
    """One document of at most 200 pages; raises ParseError for an encrypted or damaged file.

    A file whose table of objects is lost or wrong is read as a viewer mends it, with a remark.
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
    return replace(document, remarks=(Remark(RemarkKind.PDF_MENDED), *document.remarks))


def _document(pdf: Any, data: bytes) -> Document:
    pages, budget = _Pages(), Budget()
    count = _page_count(pdf)
    if count > MOST_PAGES:
        pages.remark(RemarkKind.PDF_PAGES_LEFT_OUT, pages=count, most=MOST_PAGES)
    for page in pdf.pages:
        _read_page(page, budget, pages)
        page.close()
    if pages.scanned:
        _read_scanned(data, pages)
    blocks = tuple(block for number in sorted(pages.blocks) for block in pages.blocks[number])
    if not blocks and not pages.remarks:
        pages.remark(RemarkKind.PDF_EMPTY)
    remarks, coarse = tuple(pages.remarks), frozenset(pages.coarse)
    return Document(Container.PDF, blocks, remarks=remarks, coarse=coarse, doubts=pages.doubts)


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
        pages.remark(RemarkKind.PDF_PAGE_OVERDRAWN, page=page.page_number)
    except Exception as error:
        pages.remark(RemarkKind.PDF_PAGE_UNREADABLE, page=page.page_number, reason=one_line(error))


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
            pages.remark(RemarkKind.PDF_PAGE_WITHOUT_CHARACTERS, page=number)
            return
        else:
            blocks, remarks = blocks_of(visible, sheet)
            pages.blocks[number] += blocks
            pages.doubts.update(doubts_of(blocks, crossed, sheet))
            pages.remarks += remarks


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
    """Fills in the pages without a text layer, or remarks what is missing to read them."""
    from parsers.readers import ocr

    scanned = pages.scanned
    if len(scanned) > MOST_SCANNED:
        pages.remark(RemarkKind.PDF_SCANS_LEFT_OUT, pages=len(scanned), most=MOST_SCANNED)
    try:
        for number in scanned[:MOST_SCANNED]:
            pages.blocks[number] = ocr.read_pdf_pages(data, [number])
    except ParseError as error:
        pages.blocks.update(pages.hidden)
        hidden, reason = len(pages.hidden), str(error)
        if hidden:
            pages.remark(RemarkKind.PDF_SCANS_OF_HIDDEN_TEXT, pages=hidden, reason=reason)
        if len(scanned) > hidden:
            pages.remark(RemarkKind.PDF_SCANS_NOT_READ, pages=len(scanned) - hidden, reason=reason)
        return
    pages.remark(RemarkKind.PDF_SCANS_READ, pages=min(len(scanned), MOST_SCANNED))
    dots = ocr.dots_of(data, scanned[:MOST_SCANNED])
    pages.coarse = {number for number, of_page in dots.items() if of_page < ocr.FEWEST_DPI}
    if pages.coarse:
        pages.remark(RemarkKind.PDF_SCAN_COARSE, dots=round(min(dots.values())))
