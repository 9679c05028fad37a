"""The second reader: lxml with a table walk of its own, asked what stands in the cells of an identity that
fails in HTML.

It shares with the first reader what a person sees of an element (`parsers.visible`) and neither parser nor
walk, so that an error of one is not an error of both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from lxml import etree

from parsers.document import Block, Cell, Table
from parsers.readers.bounds import bounded
from parsers.records import Figure, Finding, FindingKind
from parsers.tables.values import read_value
from parsers.visible import Doubt, Run, seen
from parsers.visible.elements import SHOWN, Style, shown_by, styled
from parsers.visible.rules import Found, found
from parsers.words.encoding import decode
from parsers.words.text import repair

LARGEST = 2 * 1024 * 1024
WIDEST = 60
"""Columns that one cell spans at most."""
MOST_NAMED = 5
"""So many cells that a second reader reads otherwise are named in a finding."""
_BROKEN_AROUND = frozenset(("br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "pre", "dd", "dt"))


def consult(
    data: bytes, blocks: Sequence[Block], findings: list[Finding], figures: Mapping[str, Figure]
) -> list[Finding]:
    """The findings, those of failed identities with what a second reading of the page says of their cells.

    `blocks`: those of the first reading, in which the figures stand.
    """
    if len(data) > LARGEST or not any(finding.kind is FindingKind.IDENTITY_FAILS for finding in findings):
        return findings
    try:
        second = {cell.place: cell for cell in _read(data)}
    except (etree.LxmlError, RecursionError, ValueError):
        return findings
    first = {cell.place: cell for block in blocks if isinstance(block, Table) for cell in block.cells}

    def differing(codes: Iterable[str]) -> dict[str, str]:
        """The codes whose cells are read otherwise, and what stands there."""
        cells = ((code, figures[code].place) for code in codes)
        return {
            code: second[place].text if place in second else "nothing"
            for code, place in cells
            if not _same(first.get(place), second.get(place))
        }

    return [
        _with_verdict(finding, differing) if finding.kind is FindingKind.IDENTITY_FAILS else finding
        for finding in findings
    ]


def _with_verdict(finding: Finding, differing: Callable[[Iterable[str]], dict[str, str]]) -> Finding:
    codes = differing(finding.codes)
    told = {"case": "unsure", "differing": _named(codes)} if codes else {"case": "source_wrong"}
    return replace(finding, values={**finding.values, **told})


def _same(one: Cell | None, other: Cell | None) -> bool:
    """Whether two readings of a cell say the same in the same row and column."""
    if one is None or other is None or (one.row, one.column) != (other.row, other.column):
        return False
    texts = ("".join(one.text.split()), "".join(other.text.split()))
    return texts[0] == texts[1] or (read_value(one.text) == read_value(other.text) is not None)


def _named(differing: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"code": code, "raw": raw[:40]} for code, raw in islice(differing.items(), MOST_NAMED)]


def _read(data: bytes) -> Iterator[Cell]:
    """The cells of all grids of a page, with their places."""
    page = bounded(repair(decode(data)[0]).replace("\0", "")).markup
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    root = etree.fromstring(page.encode("utf-8", "replace"), parser)
    sheets = ["".join(map(str, sheet.itertext())) for sheet in root.iter("style")]
    rules = found(sheets, lambda selector: _matching(root, selector))
    for number, table in enumerate(root.iter("table"), 1):
        if next(table.iterdescendants("table"), None) is None:
            yield from _cells(table, number, rules)


def _matching(root: Any, selector: str) -> list[Any]:
    from cssselect import SelectorError

    try:
        return list(root.cssselect(selector))
    except SelectorError:
        return []


def _cells(table: Any, number: int, rules: Found | None) -> Iterator[Cell]:
    """The cells row by row; what a rowspan above covers is pushed on, column by column."""
    hanging: dict[int, int] = {}
    row_number = 0
    for line, row in enumerate(table.iter("tr"), 1):
        around = _style(row, rules)
        if around.gone:
            continue
        column = 0
        for count, cell in enumerate(row.iterchildren("td", "th"), 1):
            style = _styled(around, cell, rules)
            if style.gone:
                continue
            while hanging.get(column, 0) > 0:
                column += 1
            height, width = _count(cell.get("rowspan")), _count(cell.get("colspan"))
            text = " ".join(seen(list(_runs(cell, style, rules))).text.split())
            yield Cell(text, row_number, column, height, width, f"table[{number}]/tr[{line}]/td[{count}]")
            hanging.update(dict.fromkeys(range(column, column + width), height))
            column += width
        hanging = {position: rows - 1 for position, rows in hanging.items() if rows > 1}
        row_number += 1


def _style(element: Any, rules: Found | None) -> Style:
    """What an element hands on, by all that is around it; that the page hides its article is the first
    reader's."""
    style = SHOWN
    for one in (*reversed(list(element.iterancestors())), element):
        inner = _styled(style, one, rules)
        style = inner if one.tag in ("tr", "table", "tbody") or not inner.gone else style
    return style._replace(own_doubt=None)


def _styled(style: Style, element: Any, rules: Found | None) -> Style:
    attributes = dict(element.attrib)
    return styled(style, element.tag, attributes, rules.declared.get(element) if rules else None)


def _runs(element: Any, style: Style, rules: Found | None) -> Iterator[Run]:
    """What stands within an element of a cell."""
    if rules and (written := rules.generated.get(element)):
        yield Run("".join(written), doubt=Doubt.GENERATED)
    yield Run(element.text or "", style.look)
    for child in element:
        broken = child.tag in _BROKEN_AROUND
        if broken:
            yield Run("\n")
        inner = _styled(style, child, rules)
        if child.tag == "select":
            options = child.xpath(".//option[@selected]") or child.xpath(".//option")[:1]
            yield Run("".join("".join(option.itertext()) for option in options), inner.look)
        elif not inner.gone:
            yield shown_by(child.tag, dict(child.attrib)) or Run("")
            if child.tag not in ("iframe", "embed"):
                yield from _runs(child, inner, rules)
        if broken:
            yield Run("\n")
        yield Run(child.tail or "", style.look)


def _count(declared: str | None) -> int:
    text = (declared or "1").strip()
    return min(max(int(text), 1), WIDEST) if text.isdecimal() and len(text) < 5 else 1
