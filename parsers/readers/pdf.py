"""PDF: ruled tables and the text around them through pdfplumber; pages that are only an image go to OCR.

Places are `page P x0,top,x1,bottom` in points from the upper left corner of the page.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from typing import Any

from parsers.document import Block, Cell, Container, Document, Paragraph, ParseError, Table
from parsers.text import repair

ORDER = 10
MOST_PAGES, MOST_SCANNED = 200, 40
_PAGE_NUMBER = re.compile(r"\s*(?:[-—－–]*\s*\d{1,4}\s*[-—－–]*|第\s*\d+\s*页.*)\s*")


def claims(data: bytes) -> bool:
    """The PDF mark within the first kilobyte."""
    return b"%PDF-" in data[:1024]


def read(data: bytes) -> list[Document]:
    """One document of at most 200 pages; raises ParseError for an encrypted or damaged file."""
    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            return [_document(pdf, data)]
    except ParseError:
        raise
    except Exception as error:  # pdfminer raises whatever a damaged object makes it raise
        reason = (
            "it is encrypted" if "ncrypt" in repr(error) or "assword" in repr(error) else repr(error)[:200]
        )
        raise ParseError(f"the PDF cannot be read: {reason}") from None


def _document(pdf: Any, data: bytes) -> Document:
    pages: dict[int, list[Block]] = {}
    scanned: list[int] = []
    warnings: list[str] = []
    if len(pdf.pages) > MOST_PAGES:
        warnings.append(f"the PDF has {len(pdf.pages)} pages; only the first {MOST_PAGES} were read")
    for page in pdf.pages[:MOST_PAGES]:
        if not page.chars and page.images:
            scanned.append(page.page_number)
        pages[page.page_number] = list(_page(page))
        page.close()
    if scanned:
        _read_scanned(data, scanned, pages, warnings)
    blocks = tuple(block for number in sorted(pages) for block in pages[number])
    return Document(Container.PDF, blocks, warnings=tuple(warnings))


def _read_scanned(
    data: bytes, scanned: list[int], pages: dict[int, list[Block]], warnings: list[str]
) -> None:
    """Fills in the pages without a text layer, or warns of what is missing to read them."""
    from parsers.readers import ocr

    if len(scanned) > MOST_SCANNED:
        warnings.append(f"{len(scanned)} pages are images; only the first {MOST_SCANNED} of them were read")
    try:
        for number in scanned[:MOST_SCANNED]:
            pages[number] = ocr.read_pdf_pages(data, [number])
    except ParseError as error:
        warnings.append(f"{len(scanned)} pages are images and were not read: {error}")
        return
    warnings.append(f"{min(len(scanned), MOST_SCANNED)} pages are images, read by OCR")


def _page(page: Any) -> Iterator[Block]:
    tables = [table for table in page.find_tables() if _is_grid(table)]
    outside = page
    for table in tables:
        box = table.bbox
        outside = outside.filter(lambda item, box=box: not _within(item, box))
    items: list[tuple[float, Block]] = [(table.bbox[1], _table(table, page)) for table in tables]
    for line in outside.extract_text_lines(return_chars=False):
        text = repair(line["text"])
        edge = line["top"] > page.height * 0.9 or line["bottom"] < page.height * 0.08
        if text.strip() and not (edge and _PAGE_NUMBER.fullmatch(text)):
            items.append(
                (
                    line["top"],
                    Paragraph(text, _place(page, line["x0"], line["top"], line["x1"], line["bottom"])),
                )
            )
    return iter([block for _, block in sorted(items, key=lambda item: item[0])])


def _is_grid(table: Any) -> bool:
    return len(table.rows) > 0 and max(len([c for c in row.cells if c]) for row in table.rows) > 1


def _within(item: Any, box: tuple[float, float, float, float]) -> bool:
    if item.get("object_type") != "char":
        return False
    x, y = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _table(table: Any, page: Any) -> Table:
    """The cells with spans, found from which column edges each box covers."""
    lefts = _edges(cell[0] for row in table.rows for cell in row.cells if cell)
    tops = _edges(cell[1] for row in table.rows for cell in row.cells if cell)
    texts = table.extract()
    cells = []
    for row, words in zip(table.rows, texts, strict=True):
        for box, text in zip(row.cells, words, strict=True):
            if box:
                cells.append(_cell(box, repair(text or ""), lefts, tops, page))
    return Table(tuple(cells), f"page {page.page_number}")


def _edges(values: Iterator[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > 2:
            edges.append(value)
    return edges


def _cell(
    box: tuple[float, float, float, float], text: str, lefts: list[float], tops: list[float], page: Any
) -> Cell:
    column = sum(left <= box[0] + 2 for left in lefts) - 1
    row = sum(top <= box[1] + 2 for top in tops) - 1
    width = max(1, sum(box[0] - 2 <= left < box[2] - 2 for left in lefts))
    height = max(1, sum(box[1] - 2 <= top < box[3] - 2 for top in tops))
    return Cell(_joined(text), row, column, height, width, _place(page, *box))


def _joined(text: str) -> str:
    """Line breaks inside a cell are the print's, not the text's."""
    return re.sub(r"\s*\n\s*", "", text).strip()


def _place(page: Any, x0: float, top: float, x1: float, bottom: float) -> str:
    return f"page {page.page_number} {x0:.1f},{top:.1f},{x1:.1f},{bottom:.1f}"
