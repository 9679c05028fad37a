"""Reports as real tools flatten them to text: what is printed comes back, and nothing in silence."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from random import Random

import pdfplumber
import pypdfium2
import pytest
from bs4 import BeautifulSoup

from benchmarks.flattened import flattened, in_every_way
from parsers.report import parse
from tests.corpus.documents import draw, plain
from tests.corpus.grading import Grade, grade
from tests.corpus.quirks import QUIRKS

EVERY = ("G2008L", "G2014S", "G2019", "G2021")
SEEDS = (3, 4)


def plumber(pdf: bytes) -> str:
    """The lines of each page."""
    with pdfplumber.open(BytesIO(pdf)) as file:
        return "\n".join(page.extract_text() for page in file.pages)


def plumber_with_layout(pdf: bytes) -> str:
    """The lines of each page where they stand on it."""
    with pdfplumber.open(BytesIO(pdf)) as file:
        return "\n".join(page.extract_text(layout=True) for page in file.pages)


def plumber_with_tables(pdf: bytes) -> str:
    """What stands outside of the tables of each page, and below it these with bars."""
    parts = []
    with pdfplumber.open(BytesIO(pdf)) as file:
        for page in file.pages:
            tables, rest = page.find_tables(), page
            for table in tables:
                rest = rest.outside_bbox(table.bbox)
            parts.append(rest.extract_text())
            rows = (row for table in tables for row in table.extract())
            parts += [f"| {' | '.join((cell or '').replace(chr(10), '') for cell in row)} |" for row in rows]
    return "\n".join(parts)


def pdfium(pdf: bytes) -> str:
    """The text of each page in the order of the file."""
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def poppler(pdf: bytes) -> str:
    """What `pdftotext -layout` says."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed (poppler-utils)")
    command = ["pdftotext", "-layout", "-", "-"]
    done = subprocess.run(command, input=pdf, capture_output=True, check=True)
    if b"Missing language pack" in done.stderr:
        pytest.skip("pdftotext knows no Chinese encodings (poppler-data)")
    return done.stdout.decode()


def soup(page: bytes) -> str:
    """The texts of a page, each on a line of its own."""
    return BeautifulSoup(page, "lxml").get_text("\n")


def soup_stripped(page: bytes) -> str:
    """The same without blanks."""
    return BeautifulSoup(page, "lxml").get_text("\n", strip=True)


@pytest.mark.parametrize("generation", EVERY)
@pytest.mark.parametrize(
    ("container", "flatten"),
    [
        ("pdf", plumber),
        ("pdf", plumber_with_layout),
        ("pdf", plumber_with_tables),
        ("pdf", pdfium),
        ("pdf", poppler),
        ("html", soup),
        ("html", soup_stripped),
    ],
)
def test_what_a_tool_flattens_is_read(
    container: str, flatten: Callable[[bytes], str], generation: str, tmp_path: Path
) -> None:
    whole = Grade()
    for seed in SEEDS:
        made = plain(container, generation, seed, seed)
        text = flatten(made.data)
        (tmp_path / f"{seed}.txt").write_text(text)  # to look at, where this fails
        whole += grade(made.sheet, parse(text.encode()))
    assert (whole.silent, whole.wrong, whole.missing) == (0, 0, 0), (whole.errors[:5], whole.gaps[:5])
    assert whole.said_missing == 0


@pytest.mark.parametrize("generation", EVERY)
@pytest.mark.parametrize("ends", ["{address} {page}/{pages}", "{address}\n{page}/{pages}", ""])
def test_what_is_printed_at_each_page_begins_no_report(ends: str, generation: str) -> None:
    made = draw(QUIRKS["spaces"], "text", generation, Random(3), 3)
    lines = made.data.decode().split("\n")
    pages = [lines[at : at + 20] for at in range(0, len(lines), 20)]
    address = "https://qinghe.example/zwgk/202301/t20230112_881.html"
    for number, page in enumerate(pages, 1):
        page[:0] = [made.sheet.title, "2023/1/12 09:31"] if ends else [made.sheet.title]
        page += [ends.format(address=address, page=number, pages=len(pages))] if ends else []
    report = parse("\n".join(line for page in pages for line in page).encode())
    result = grade(made.sheet, report)
    assert (result.silent, result.wrong, result.missing) == (0, 0, 0), (result.errors[:5], result.gaps[:5])
    assert report.others == ()
    assert report.title == made.sheet.title


def test_a_fraction_at_the_end_of_a_line_is_no_page() -> None:
    text = "某局2021年政府信息公开工作年度报告\n一、总体情况\n已办结的占 3/5\n收到政府信息公开申请5件，办结的占 3/5\n其余 2/5"
    assert parse(text.encode()).text == text


def bold(text: str, title: str) -> str:
    """The title as Markdown has it."""
    return text.replace(title, f"**{title}**")


def centred(text: str, title: str) -> str:
    """The title in the middle of a wide page."""
    return text.replace(title, f"{title:>110}")


def without_ends(text: str, title: str) -> str:
    """All on one line."""
    return " ".join(text.split())


@pytest.mark.parametrize("generation", ["G2019", "G2021"])
@pytest.mark.parametrize("printed", [bold, centred, without_ends])
def test_a_report_without_tables_gets_none_of_the_one_below_it(
    printed: Callable[[str, str], str], generation: str
) -> None:
    made = draw(QUIRKS["two_reports_of_one_form"], "html", generation, Random(3), 3)
    text = soup_stripped(made.data)
    for sheet in (made.sheet, *made.sheet.others):
        text = printed(text, sheet.title)
    report = parse(text.encode())
    result = grade(made.sheet, report)
    assert (result.silent, result.wrong, result.missing) == (0, 0, 0), (result.errors[:5], result.gaps[:5])
    assert [report.title, *(other.title for other in report.others)] == [
        made.sheet.title,
        *(sheet.title for sheet in made.sheet.others),
    ]


@pytest.mark.parametrize("generation", EVERY)
def test_a_page_as_converters_make_text_of_it_loses_no_cell(generation: str) -> None:
    for text in in_every_way(plain("html", generation, 8, 8)):
        result = grade(text.sheet, parse(text.data))
        assert (result.silent, result.wrong, result.missing) == (0, 0, 0), (text.quirk, result.errors[:5])


def test_nothing_is_wrong_in_silence_where_a_page_with_a_quirk_became_text() -> None:
    count = 0
    for text in flattened(45, 9):
        count += 1
        result = grade(text.sheet, parse(text.data))
        assert result.silent == 0, (text.quirk, text.generation, result.errors[:5])
    assert count == 45 * 16
