"""Reads what the sample country prints, with tools of others, for its tests."""

from __future__ import annotations

import csv
import re
from importlib.resources import files
from io import BytesIO

import docx
import pdfplumber
from lxml import html

from sample.codebook import codes
from sample.forms.layout import Grid, Slot
from sample.sites.files import SiteFiles

Rows = list[list[str]]


def squeezed(text: str | None) -> str:
    """A cell without white space."""
    return re.sub(r"\s+", "", text or "")


def statement_checks() -> dict[str, list[str]]:
    """For each statement code, the figures that it should equal when they are added up."""
    text = (files("parsers") / "statements.csv").read_text(encoding="utf-8")
    return {row["code"]: _figures_meant(row["compare_with"]) for row in csv.DictReader(text.splitlines())}


def _figures_meant(text: str) -> list[str]:
    pattern = text.removeprefix("sum of ")
    if "*" in pattern:
        matcher = re.compile(pattern.replace("*", r"[a-z_]+") + "$")
        return [code for code in codes("G2021") if matcher.match(code)]
    return [part for part in pattern.split(" + ") if part]


def html_tables(text: str) -> list[Rows]:
    """The tables of a page: the cells of each row in order."""
    return [
        [[squeezed(cell.text_content()) for cell in row.xpath("./td")] for row in table.xpath(".//tr")]
        for table in html.fromstring(text).xpath("//table[not(@class='box')]")
    ]


def docx_tables(data: bytes) -> list[Rows]:
    """The tables of a Word file, every merged cell repeated over its span."""
    return [
        [[squeezed(cell.text) for cell in row.cells] for row in table.rows]
        for table in docx.Document(BytesIO(data)).tables
    ]


def pdf_rows(data: bytes) -> tuple[Rows, int]:
    """All table rows of a PDF, page after page, without the gaps that spans leave; and the page count."""
    rows: Rows = []
    with pdfplumber.open(BytesIO(data)) as document:
        for page in document.pages:
            for table in page.extract_tables():
                rows += [[squeezed(cell) for cell in row if cell is not None] for row in table]
        return rows, len(document.pages)


def printed(grid: Grid) -> Rows:
    """The cells of each row of a grid, as HTML gives them."""
    return [[squeezed(slot.text) for slot in row] for row in grid.rows()]


def spread(grid: Grid) -> Rows:
    """The grid with every cell repeated over its span."""
    rows = [[""] * grid.width for _ in range(grid.height)]
    for slot in grid.slots:
        for row in range(slot.row, slot.row + slot.rowspan):
            for column in range(slot.column, slot.column + slot.colspan):
                rows[row][column] = squeezed(slot.text)
    return rows


def value_rows(grid: Grid) -> list[tuple[str, list[str]]]:
    """For each row with figures: the label before the first one, and the figures."""
    found = []
    for row in grid.rows():
        values = [slot for slot in row if slot.code]
        if values:
            found.append((_label(row), [slot.text for slot in values]))
    return found


def _label(row: list[Slot]) -> str:
    return next((squeezed(slot.text) for slot in reversed(row) if not slot.code), "")


def trs_rows(site: SiteFiles, column: str) -> tuple[list[str], int]:
    """The links of a TRS list, walked as its script call says, and the total that it announces."""
    links: list[str] = []
    number, pages, total = 0, 1, 0
    while number < pages:
        page = site.get(column + (f"index_{number}.html" if number else ""))
        assert page is not None
        tree = html.fromstring(page.body, parser=html.HTMLParser(encoding=_charset(page.body)))
        text = tree.text_content()
        found = re.search(r'createPage(?:HTML)?\((\d+), (\d+), "index", "html"\)', text)
        assert found is not None
        assert int(found[2]) == number
        pages = int(found[1])
        total = int(tree.xpath("string(//span[@class='total'])").strip("共条"))
        links += [str(link) for link in tree.xpath("//ul[@class='list']/li/a/@href")]
        number += 1
    return links, total


def _charset(body: bytes) -> str:
    return "gb18030" if b"charset=gb2312" in body else "utf-8"


def records(text: str) -> list[str]:
    """The links of a Hanweb datastore."""
    return re.findall(r'<record><!\[CDATA\[<li><a href="([^"]+)"', text)
