"""Pictures: ruled tables by their rules, numbers read twice, and what to say when the extra is missing."""

from __future__ import annotations

import builtins
import importlib.util
import io
import os
import subprocess
import sys
from dataclasses import replace
from math import inf
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import scans
from parsers.document import Block, Container, Paragraph, ParseError, Table
from parsers.readers import image, ocr, read_documents
from parsers.records import Proof, State
from parsers.report import parse
from sample.forms.pdf import pdf_of
from tests.corpus.documents import plain
from tests.corpus.grading import grade

needs_ocr = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("rapidocr", "onnxruntime", "cv2")),
    reason="the extra ocr is not installed",
)

ROWS = [
    ["甲类", "0", "1", "11", "447228"],
    ["乙类", "7", "", "-", "96171.6"],
    ["丙类", "3001", "53", "0", "1,362"],
    ["丁类", "8", "6", "9", "105"],
]


def drawn(rows: list[list[str]], *, spans: bool = True, dpi: int = 200, angle: float = 0.0) -> Any:
    """A page with a heading and a ruled table, rendered: two header rows, the first over all columns but one."""
    import pypdfium2
    from reportlab.lib import colors
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Table as Drawn

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.setFont("STSong-Light", 16)
    canvas.drawString(150, 760, "Report of 2031")
    table = [["", "A B C", "", "", ""], ["", "A1", "B2", "C3", "D4"], *rows]
    style: list[Any] = [
        ("FONT", (0, 0), (-1, -1), "STSong-Light", 10),
        ("GRID", (0, 0), (-1, -1), 0.7, colors.black),
        ("ALIGN", (0, 0), (-1, -1), "CENTER"),
        ("BACKGROUND", (1, 0), (-1, 0), colors.lightgrey),
    ]
    if spans:
        style += [("SPAN", (1, 0), (-1, 0)), ("SPAN", (0, 0), (0, 1))]
    made = Drawn(table, colWidths=[110, 70, 70, 70, 90], style=style)
    made.wrapOn(canvas, 500, 700)
    made.drawOn(canvas, 90, 500)
    canvas.save()
    page = pypdfium2.PdfDocument(out.getvalue())[0]
    picture = page.render(scale=dpi / 72).to_pil()
    return picture.rotate(angle, fillcolor="white", resample=3) if angle else picture


def table_of(blocks: list[Block]) -> Table:
    """The only table of a page."""
    (table,) = [block for block in blocks if isinstance(block, Table)]
    return table


def figures(table: Table) -> list[list[str]]:
    """The texts of the rows below the header, without the labels."""
    return [[cell.text for cell in row[1:]] for row in table.rows()[2:]]


def as_png(picture: Any) -> bytes:
    """The bytes of a picture file."""
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@needs_ocr
def test_every_figure_of_a_drawn_table_is_read_in_its_place() -> None:
    assert figures(table_of(ocr.read_page(drawn(ROWS)))) == [row[1:] for row in ROWS]


@needs_ocr
def test_a_missing_rule_is_a_span() -> None:
    cells = {(cell.row, cell.column): cell for cell in table_of(ocr.read_page(drawn(ROWS))).cells}
    assert (cells[0, 1].colspan, cells[0, 0].rowspan, cells[0, 1].text.replace(" ", "")) == (4, 2, "ABC")


@needs_ocr
def test_a_page_askew_is_read_like_a_straight_one() -> None:
    assert figures(table_of(ocr.read_page(drawn(ROWS, angle=2.3)))) == [row[1:] for row in ROWS]


@needs_ocr
@pytest.mark.parametrize("turn", [180, 270])
def test_a_page_on_its_side_or_head_is_read_like_an_upright_one(turn: int) -> None:
    upright = drawn(ROWS)
    table = table_of(ocr.read_page(upright.rotate(turn, expand=True)))
    assert figures(table) == [row[1:] for row in ROWS]
    x0, y0, x1, y1 = (float(number) for number in table.cells[0].place.split()[-1].split(","))
    straight = table_of(ocr.read_page(upright)).cells[0].place.split()[-1].split(",")
    a, b, c, d = (float(number) for number in straight)
    width, height = upright.size
    wanted = {
        180: (width - c, height - d, width - a, height - b),
        270: (height - d, a, height - b, c),
    }[turn]
    assert max(abs(one - other) for one, other in zip((x0, y0, x1, y1), wanted, strict=True)) < 6


@needs_ocr
@pytest.mark.parametrize("dpi", [110, 300])
def test_the_resolution_of_the_scan_does_not_matter(dpi: int) -> None:
    assert figures(table_of(ocr.read_page(drawn(ROWS, dpi=dpi)))) == [row[1:] for row in ROWS]


@needs_ocr
def test_text_outside_the_table_is_a_paragraph_before_it() -> None:
    first, second = ocr.read_page(drawn(ROWS))
    assert isinstance(first, Paragraph)
    assert first.text.replace(" ", "") == "Reportof2031"
    assert isinstance(second, Table)


@needs_ocr
def test_places_are_in_the_units_asked_for_and_on_the_page_given() -> None:
    table = table_of(ocr.read_page(drawn(ROWS), page=3, scale=72 / 200))
    page, box = table.place.rsplit(" ", 1)
    assert page == "page 3"
    x0, y0, x1, _ = (float(number) for number in box.split(","))
    assert (abs(x0 - 90), abs(x1 - 500)) < (3, 3)
    assert 100 < y0 < 400


@needs_ocr
def test_places_of_a_page_askew_are_those_of_the_page_as_given() -> None:
    straight = table_of(ocr.read_page(drawn(ROWS))).cells[-1].place.split()[-1].split(",")
    askew = table_of(ocr.read_page(drawn(ROWS, angle=2.0))).cells[-1].place.split()[-1].split(",")
    assert straight != askew


@needs_ocr
def test_ink_that_is_no_sign_is_illegible_and_never_nothing() -> None:
    from PIL import ImageDraw

    picture = drawn(ROWS)
    box = {(c.row, c.column): c for c in table_of(ocr.read_page(picture)).cells}[3, 2].place.split()[-1]
    x0, y0, x1, y1 = (float(number) for number in box.split(","))
    pen = ImageDraw.Draw(picture)
    for shift in range(0, 30, 6):
        pen.line([(x0 + 50 + shift, y0 + 12), (x1 - 90 + shift, y1 - 12)], fill="black", width=2)
        pen.line([(x1 - 90 + shift, y0 + 12), (x0 + 50 + shift, y1 - 12)], fill="black", width=3)
    text = {(c.row, c.column): c.text for c in table_of(ocr.read_page(picture)).cells}[3, 2]
    assert text
    assert not text.isdigit()


@needs_ocr
def test_the_strokes_of_letters_are_no_rules_however_low_the_rows() -> None:
    """Rows as low as their print, as a word processor sets them by default."""
    import cv2
    import numpy as np

    from parsers.readers.ocr import ruled

    page = np.full((400, 700), 255, dtype=np.uint8)
    for y in (50, 86, 122, 158):
        page[y : y + 2, 50:650] = 0
    for x in (50, 350, 648):
        page[50:160, x : x + 2] = 0
    for y in (55, 91, 127):
        for x in range(80, 340, 34):
            page[y : y + 28, x + 13 : x + 16] = (
                0  # the upright stroke and the two bars of 王, nearly as high as the row
            )
            page[y + 8 : y + 11, x : x + 28] = page[y + 20 : y + 23, x : x + 28] = 0
    rules = ruled.find_rules(cv2.GaussianBlur(page, (3, 3), 0), 27)
    (grid,) = ruled.find_grids(rules, 27)
    assert len(grid.areas) == 6


@needs_ocr
def test_an_empty_page_has_no_blocks() -> None:
    from PIL import Image

    assert ocr.read_page(Image.new("RGB", (900, 1200), "white")) == []


@needs_ocr
def test_a_frame_around_a_page_is_no_table() -> None:
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (900, 1200), "white")
    ImageDraw.Draw(picture).rectangle((40, 40, 860, 1160), outline="black", width=3)
    assert not [block for block in ocr.read_page(picture) if isinstance(block, Table)]


@needs_ocr
def test_pages_of_a_scanned_pdf_are_read() -> None:
    out = io.BytesIO()
    drawn(ROWS).save(out, "PDF", resolution=200)
    table = table_of(ocr.read_pdf_pages(out.getvalue(), [1]))
    assert figures(table) == [row[1:] for row in ROWS]


@needs_ocr
@pytest.mark.slow
def test_a_scanned_list_is_read_whole() -> None:
    sheet = scans.fullest("G2014S", 1)
    pages = list(scans.scanned(pdf_of(sheet), 200, Random(1)))
    result = grade(sheet, parse(scans.wrapped(pages, 200)))
    assert (result.missing, result.wrong, result.notes) == (0, 0, [])


@pytest.mark.parametrize(("dpi", "coarse"), [(80, True), (200, False)])
def test_a_scan_with_few_dots_is_named(dpi: int, coarse: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "read_pdf_pages", lambda *_: [])
    out = io.BytesIO()
    drawn(ROWS, dpi=dpi).save(out, "PDF", resolution=dpi)
    (document,) = read_documents(out.getvalue())
    assert any(f"{dpi} dots an inch" in warning for warning in document.warnings) == coarse
    assert document.coarse == ({1} if coarse else frozenset())
    assert abs(ocr.dots_of(out.getvalue(), [1])[1] - dpi) < 2


def laid(*strips: tuple[float, float, float, float, int]) -> bytes:
    """A page with white pictures: where each stands, and its dots an inch."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(600, 800))
    for x, y, wide, high, dpi in strips:
        picture = Image.new("L", (int(wide * dpi / 72), int(high * dpi / 72)), 255)
        canvas.drawImage(ImageReader(picture), x, y, wide, high)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize(
    ("strips", "dots"),
    [
        ([(0, 0, 600, 800, 80)], 80),
        ([(0, y, 600, 100, 80) for y in range(0, 800, 100)], 80),  # as some scanners cut a page
        ([(0, 0, 600, 800, 80), (0, 0, 600, 800, 300)], 300),  # paper below and letters above
        ([(0, 0, 600, 800, 80), (500, 0, 60, 60, 300)], 80),  # a stamp
        ([(0, 0, 600, 100, 80)], inf),
        ([], inf),
    ],
)
def test_the_dots_of_a_page_are_those_of_the_pictures_that_fill_it(
    strips: list[tuple[float, float, float, float, int]], dots: float
) -> None:
    (found,) = ocr.dots_of(laid(*strips), [1]).values()
    assert found == dots or abs(found - dots) < 2


@pytest.mark.parametrize(("dpi", "doubt"), [(80, True), (200, False)])
def test_figures_of_a_coarse_page_that_nothing_proves_are_in_doubt(
    dpi: int, doubt: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn_of = plain("docx", "G2021", 1)
    (document,) = read_documents(drawn_of.data)
    blocks = [
        replace(block, cells=tuple(cell._replace(place="page 1 0,0,1,1") for cell in block.cells))
        if isinstance(block, Table)
        else block
        for block in document.blocks
    ]
    monkeypatch.setattr(ocr, "read_pdf_pages", lambda *_: blocks)
    report = parse(laid((0, 0, 600, 800, dpi)))
    named = {
        code for finding in report.findings if finding.kind == "reading_in_doubt" for code in finding.codes
    }
    numbers = [figure for figure in report.figures if figure.state is State.NUMBER]
    unproven = {figure.code for figure in numbers if figure.proof is Proof.UNPROVEN}
    assert len(unproven) == 10
    assert len(numbers) == 200
    assert named == (unproven if doubt else set())


@needs_ocr
def test_a_picture_file_is_one_document() -> None:
    data = as_png(drawn(ROWS))
    assert image.claims(data)
    (document,) = image.read(data)
    assert document.container is Container.IMAGE
    assert figures(table_of(list(document.blocks))) == [row[1:] for row in ROWS]
    assert document.warnings


@needs_ocr
def test_numbers_are_put_right_only_where_all_is_number() -> None:
    from parsers.readers.ocr.figures import is_number_like, plain

    assert [plain(text) for text in ("O", "l1", "一", "-", "１２", "1，234", "8件")] == [
        *("0", "11", "—", "-", "12", "1,234", "8件"),
    ]
    assert plain("Ⅱ类 O") == "Ⅱ类 O"
    assert not is_number_like("其他")


@needs_ocr
def test_two_readings_that_differ_are_not_believed() -> None:
    from parsers.readers.ocr import figures as numbers
    from parsers.readers.ocr.engine import Reading
    from parsers.readers.ocr.lines import Strip

    ink = numbers.np.full((20, 10), 255, dtype=numbers.np.uint8)
    strip = Strip(255 - ink, ink, 0)
    assert (
        numbers._settled(strip, [Reading("3", 0.99), Reading("8", 0.99), Reading("5", 0.99)]) == ocr.ILLEGIBLE
    )
    assert numbers._settled(strip, [Reading("3", 0.99), Reading("8", 0.99), Reading("3", 0.99)]) == "3"
    assert numbers._settled(strip, [Reading("33", 0.85)] * 3) == ocr.ILLEGIBLE


@needs_ocr
def test_the_recogniser_leaves_no_trace_of_the_machine(tmp_path: Path) -> None:
    """Of the telemetry of onnxruntime: an identifier of the machine and a database of what is to be sent."""
    read = "import numpy; from parsers.readers.ocr import engine; engine.recognise([numpy.full((48, 48), 255, 'uint8')])"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ORT_", "CI", "XDG_"))}
    subprocess.run([sys.executable, "-B", "-c", read], check=True, env={**kept, "HOME": str(tmp_path)})
    assert list(tmp_path.rglob("*")) == []


def test_without_the_extra_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: Any, **named: Any) -> Any:
        if name.split(".")[0] in ("cv2", "rapidocr", "onnxruntime"):
            raise ImportError(name)
        return real(name, *arguments, **named)

    for name in [name for name in sys.modules if name.startswith("parsers.readers.ocr.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ParseError, match=r"needs the extra: pip install 'nianbao\[ocr\]'"):
        ocr.read_page(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("head", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"II*\x00"])
def test_a_damaged_picture_is_one_clear_line(head: bytes) -> None:
    assert image.claims(head)
    with pytest.raises(ParseError, match="cannot be opened"):
        image.read(head + b"nothing that was ever a picture")


def test_a_picture_too_large_is_refused_before_it_is_unpacked() -> None:
    from PIL import Image

    with pytest.raises(ParseError, match="more than"):
        image.read(as_png(Image.new("1", (12_000, 12_000))))


def test_an_icon_is_too_small() -> None:
    from PIL import Image

    with pytest.raises(ParseError, match="too small"):
        image.read(as_png(Image.new("RGB", (16, 16))))


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_claims_takes_any_bytes(data: bytes) -> None:
    assert image.claims(data) in (True, False)
