"""The second reader: BeautifulSoup over html5lib with a table walk of its own, asked when an identity fails in HTML, or
tags of its tables are torn.

It shares no code with readers/html.py, so that an error of one is not an error of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from parsers.document import Cell, Container, Document, Table
from parsers.encoding import decode
from parsers.records import Figure, Finding, FindingKind, State
from parsers.tables.lines import lines_of
from parsers.tables.read import read_tables
from parsers.tables.recognise import segments_of
from parsers.text import repair

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

LARGEST = 2 * 1024 * 1024
MOST_NAMED = 5
"""So many cells that a second reader reads otherwise are named in a finding."""


def consult(
    data: bytes, findings: list[Finding], figures: Mapping[str, Figure], *, torn: bool = False
) -> list[Finding]:
    """The findings, those of failed identities with what a second reading of the page says of their cells.

    Where tags are `torn` all figures of the page's grids are compared: those that are read otherwise get a finding.
    """
    if len(data) > LARGEST or not (
        torn or any(finding.kind is FindingKind.IDENTITY_FAILS for finding in findings)
    ):
        return findings
    try:
        second = _read(data)
    except (RecursionError, ValueError, AssertionError):  # html5lib gives up on what is nested without end
        return findings
    told = [
        _with_verdict(finding, figures, second) if finding.kind is FindingKind.IDENTITY_FAILS else finding
        for finding in findings
    ]
    return [*told, *_in_doubt(figures, second)] if torn else told


def _in_doubt(figures: Mapping[str, Figure], second: Mapping[str, Figure]) -> Iterator[Finding]:
    """The figures that stand in cells of torn tables and are read otherwise, all in one finding."""
    in_cells = [code for code, figure in figures.items() if figure.value is not None and figure.place]
    differing = _differing(in_cells, figures, second)
    if differing:
        values = {"case": "torn", "differing": _named(differing)}
        yield Finding(FindingKind.READING_IN_DOUBT, tuple(differing), values)


def _with_verdict(finding: Finding, figures: Mapping[str, Figure], second: Mapping[str, Figure]) -> Finding:
    differing = _differing(finding.codes, figures, second)
    told = {"case": "unsure", "differing": _named(differing)} if differing else {"case": "source_wrong"}
    return replace(finding, values={**finding.values, **told})


def _differing(
    codes: Iterable[str], figures: Mapping[str, Figure], second: Mapping[str, Figure]
) -> dict[str, str]:
    """The codes of which the second reading says something else, and what stands there."""
    others = ((code, second.get(code)) for code in codes)
    return {
        code: other.raw if other else "nothing"
        for code, other in others
        if other is None or _says(other) != _says(figures[code])
    }


def _says(figure: Figure) -> tuple[object, ...]:
    return figure.state, figure.value, "".join(figure.raw.split()) if figure.state is State.ILLEGIBLE else ""


def _named(differing: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"code": code, "raw": raw[:40]} for code, raw in islice(differing.items(), MOST_NAMED)]


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
