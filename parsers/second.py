"""The second reader: BeautifulSoup over html5lib with a table walk of its own, asked when an identity fails in HTML.

It shares no code with readers/html.py, so that an error of one is not an error of both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from parsers.document import Cell, Container, Document, Table
from parsers.encoding import decode
from parsers.records import Figure, Finding
from parsers.tables.lines import lines_of
from parsers.tables.read import read_tables
from parsers.tables.recognise import segments_of
from parsers.text import repair

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

LARGEST = 2 * 1024 * 1024
MISPRINT = "a second reader reads the same cells: the source itself is wrong"
UNSURE = "a second reader reads otherwise ({}): it is not sure what is printed"


def consult(data: bytes, findings: list[Finding], figures: Mapping[str, Figure]) -> list[Finding]:
    """The findings, those of failed identities with what a second reading of the page says of their cells."""
    if len(data) > LARGEST or not any(finding.kind == "identity_fails" for finding in findings):
        return findings
    try:
        second = _read(data)
    except (RecursionError, ValueError, AssertionError):  # html5lib gives up on what is nested without end
        return findings
    return [
        _with_verdict(finding, figures, second) if finding.kind == "identity_fails" else finding
        for finding in findings
    ]


def _with_verdict(finding: Finding, figures: Mapping[str, Figure], second: Mapping[str, Figure]) -> Finding:
    others = {code: second[code].raw if code in second else "nothing" for code in finding.codes}
    differing = [
        f"{code}: {raw!r}" for code, raw in others.items() if _plain(raw) != _plain(figures[code].raw)
    ]
    verdict = UNSURE.format(", ".join(differing[:5])) if differing else MISPRINT
    return replace(finding, message=f"{finding.message}; {verdict}")


def _plain(raw: str) -> str:
    return "".join(raw.split())


def _read(data: bytes) -> dict[str, Figure]:
    from bs4 import BeautifulSoup

    text, _ = decode(data)
    soup = BeautifulSoup(repair(text), "html5lib")
    blocks = tuple(_tables(soup))
    return read_tables(segments_of(lines_of(Document(Container.HTML, blocks))), "G2021").figures


def _tables(soup: BeautifulSoup) -> Iterator[Table]:
    for table in soup.find_all("table"):
        if table.find("table") is None:
            yield Table(tuple(_cells(table)))


def _cells(table: Tag) -> Iterator[Cell]:
    """The cells row by row; what a rowspan above covers is pushed on, column by column."""
    hanging: dict[int, int] = {}
    for number, row in enumerate(table.find_all("tr")):
        column = 0
        for cell in row.find_all(["td", "th"], recursive=False):
            while hanging.get(column, 0) > 0:
                column += 1
            height, width = _count(cell.get("rowspan")), _count(cell.get("colspan"))
            yield Cell(" ".join(cell.get_text().split()), number, column, height, width)
            hanging.update(dict.fromkeys(range(column, column + width), height))
            column += width
        hanging = {position: rows - 1 for position, rows in hanging.items() if rows > 1}


def _count(declared: object) -> int:
    text = str(declared or "1").strip()
    return min(max(int(text), 1), 60) if text.isdecimal() and len(text) < 5 else 1
