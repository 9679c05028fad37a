"""PDF: where things stand on a page as it is seen, what is not seen, and pages that ask for too much."""

from __future__ import annotations

import io
import re
from importlib.util import find_spec

import pytest
from pypdfium2 import PdfDocument
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from parsers.document import Document, Paragraph, ParseError, Table
from parsers.readers import ocr, read_documents
from parsers.readers.pdf import limits
from parsers.remarks import Remark, RemarkKind
from parsers.visible import Doubt
from tests.corpus.by_hand import TABLE, file_of, page_of, stream, words
from tests.corpus.documents import plain

WORDS = words((110, 725, "A"), (210, 705, "42"))
MANY = words((100, 600, "a line of text that tells how the page lies"))
RED_CELL = b"1 0 0 rg 200 700 100 20 re f 0 g " + TABLE + WORDS + MANY


def read(data: bytes) -> Document:
    (document,) = read_documents(data)
    return document


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def grid(document: Document) -> list[list[str]]:
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    return [[cell.text for cell in row] for row in table.rows()]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize(
    "boxes",
    [
        b"/MediaBox[0 0 595 842]",
        b"/MediaBox[-30 20 565 862]",
        b"/MediaBox[0 0 595 842]/CropBox[50 60 500 800]",
    ],
)
def test_a_place_is_where_a_viewer_shows_it(boxes: bytes, turn: int) -> None:
    data = page_of(RED_CELL, boxes + b"/Rotate %d" % turn)
    (table,) = [block for block in read(data).blocks if isinstance(block, Table)]
    (place,) = [cell.place for cell in table.cells if cell.text == "42"]
    x0, top, x1, bottom = map(float, re.findall(r"-?[\d.]+", place.removeprefix("page 1 ")))
    picture = PdfDocument(data)[0].render().to_pil().convert("RGB")
    assert picture.getpixel((round(x0 + 4), round(top + 4))) == (255, 0, 0)
    assert picture.getpixel((round(x1 - 4), round(bottom - 4))) == (255, 0, 0)


def test_what_is_cut_away_from_sight_is_not_read() -> None:
    content = words((100, 400, "seen"), (100, 20, "cut away"))
    assert texts(read(page_of(content, b"/MediaBox[0 0 595 842]/CropBox[0 100 595 842]"))) == ["seen"]


def test_the_foot_of_a_page_is_left_out_at_its_edge_alone() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(out := io.BytesIO())
    canvas.setFont("STSong-Light", 10)
    for height in (400, 20):
        canvas.drawString(100, height, "第3页（共9页）")
    canvas.save()
    assert texts(read(out.getvalue())) == ["第3页（共9页）"]


def test_a_row_cut_open_by_the_end_of_a_page_is_a_row() -> None:
    rules = TABLE.replace(b"100 740 m 300 740 l S ", b"")
    assert grid(read(page_of(rules + WORDS))) == [["A", ""], ["", "42"]]


def test_bold_print_drawn_twice_is_one_sign() -> None:
    twice = words((210, 705, "11"), (210.4, 705, "11"))
    assert grid(read(page_of(TABLE + twice))) == [["", ""], ["", "11"]]


def test_a_watermark_askew_is_not_in_the_cells() -> None:
    mark = b"BT /F1 40 Tf 0.7 0.7 -0.7 0.7 205 700 Tm (9) Tj ET "
    assert grid(read(page_of(TABLE + WORDS + mark))) == [["A", ""], ["", "42"]]


def test_a_page_of_nothing_says_so() -> None:
    assert read(page_of(b"")).warnings == ("the PDF shows no text and no picture",)


def scanned(text_over: bytes = b"", text_under: bytes = b"") -> bytes:
    """A page that is one white picture, with text drawn before and after it."""
    image = stream(
        b"\xff" * 100,
        b"/Type/XObject/Subtype/Image/Width 10/Height 10/ColorSpace/DeviceGray/BitsPerComponent 8",
    )
    content = text_under + b"q 595 0 0 842 0 0 cm /Im1 Do Q " + text_over
    return page_of(content, more=[image], resources=b"/XObject<</Im1 6 0 R>>")


@pytest.mark.parametrize(
    "data",
    [
        scanned(text_over=words((100, 400, "hidden text 17"), mode=3)),
        scanned(text_under=words((100, 400, "hidden text 17"))),
    ],
    ids=["without ink", "covered"],
)
def test_the_hidden_text_of_a_scan_is_the_last_resort(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    if find_spec("rapidocr"):
        assert texts(read(data)) == []

    def missing(*_: object) -> None:
        raise ParseError(ocr.MISSING)

    monkeypatch.setattr(ocr, "read_pdf_pages", missing)
    document = read(data)
    assert texts(document) == ["hidden text 17"]
    assert "hidden text that may be wrong" in document.warnings[0]


def test_text_over_a_picture_is_text() -> None:
    assert texts(read(scanned(text_over=words((100, 400, "seen 17"))))) == ["seen 17"]


def test_signs_without_characters_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []
    monkeypatch.setattr(ocr, "read_pdf_pages", lambda data, pages: looked.append(pages) or [])
    font = b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>]>>"
    data = page_of(b"BT /F2 10 Tf 100 400 Td <00120013> Tj ET", more=[font], resources=b"")
    data = data.replace(b"/F1 5 0 R", b"/F2 6 0 R")
    assert "have no characters" in read(data).warnings[0]
    assert looked == [[1]]


def test_a_page_that_draws_itself_over_and_over_is_given_up() -> None:
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>"
    forms = [stream(b"/X Do " * 10, form % (number + 1)) for number in range(6, 20)]
    data = page_of(b"/X Do", more=[*forms, stream(b"0 0 m", form % 6)], resources=b"/XObject<</X 6 0 R>>")
    assert read(data).warnings == ("page 1 draws more than is followed: it was not read",)


def test_a_form_within_itself_ends() -> None:
    form = stream(b"/X Do ", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>")
    data = page_of(words((10, 10, "end")) + b"/X Do", more=[form], resources=b"/XObject<</X 6 0 R>>")
    assert texts(read(data)) == ["end"]


@pytest.mark.parametrize("times", [1, 2])
def test_a_stream_that_swells_is_refused(times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    import zlib

    monkeypatch.setattr(limits, "LARGEST_STREAM", 1_000_000)
    content = b" " * 3_000_000 if times == 1 else zlib.compress(b" " * 3_000_000)
    with pytest.raises(ParseError, match="unpacks to more than"):
        read_documents(page_of(content, packed=True))


def test_a_hatching_is_no_table() -> None:
    lines = b" ".join(b"%d 0 m %d 800 l S 0 %d m 590 %d l S" % (at, at, at, at) for at in range(0, 590, 2))
    document = read(page_of(lines + WORDS))
    assert "too many rules" in document.warnings[0]
    assert "42" in texts(document)


def test_a_pdf_that_lost_its_table_of_objects_is_read_as_a_viewer_mends_it() -> None:
    whole = plain("pdf", "G2021", 1).data
    root = re.search(rb"/Root \d+ \d+ R", whole)
    assert root
    lost = read(whole[: whole.rindex(b"\nxref")] + b"\ntrailer<<%b>>" % root[0])
    assert lost.blocks == read(whole).blocks
    assert lost.remarks == (Remark(RemarkKind.PDF_MENDED),)


def test_a_pdf_that_no_viewer_opens_is_refused_in_a_line() -> None:
    with pytest.raises(ParseError, match=r"^the PDF cannot be read: .+$"):
        read(plain("pdf", "G2021", 1).data[:-400])


def test_a_page_tree_that_is_a_loop_ends() -> None:
    data = file_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 9>>"])
    assert read(data).blocks == ()


def rule(x0: float, x1: float, y: float) -> bytes:
    return b"%.1f %.1f m %.1f %.1f l S " % (x0, y, x1, y)


def test_what_a_rule_crosses_out_is_no_digit_of_a_figure() -> None:
    content = TABLE + words((110, 725, "A"), (210, 705, "4219 4291"))
    assert grid(read(page_of(content + rule(210, 232, 708.5)))) == [["A", ""], ["", "4291"]]


def test_a_cell_that_is_crossed_out_whole_is_in_doubt() -> None:
    read_page = read(page_of(TABLE + WORDS + rule(209, 222, 708.5)))
    assert grid(read_page) == [["A", ""], ["", ""]]
    ((place, said),) = read_page.doubts.items()
    assert place.startswith("page 1 200.0,")
    assert said == (Doubt.STRUCK,)


@pytest.mark.parametrize("y", [704.0, 715.0])
def test_a_rule_below_or_above_a_figure_is_no_strike(y: float) -> None:
    assert grid(read(page_of(TABLE + WORDS + rule(210, 221, y)))) == [["A", ""], ["", "42"]]


def test_a_rule_of_the_grid_through_a_figure_is_no_strike() -> None:
    content = TABLE + words((110, 725, "A"), (210, 716.5, "42"))
    assert "42" in "".join(cell for row in grid(read(page_of(content))) for cell in row)
