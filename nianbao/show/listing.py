"""What was read, for the list beside the source: figures in the form's own order, findings in plain words."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from archive.publication.book import entries
from nianbao.show.marks import Mark, said, spot, squeezed
from parsers.forms import Layout
from parsers.records import Figure, Report, State
from web.drawing.form import Entry, entries_of
from web.views import view

_SINGLE = "(single row)"


@dataclass(frozen=True, slots=True)
class Item:
    """One figure of the list. `mark` is the name of its mark in the source, empty when none is drawn."""

    row: str
    name: str
    code: str
    said: str
    raw: str
    kind: str
    mark: str


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of one table in official order, by printed row."""

    name: str
    title: str
    generation: str
    rows: list[tuple[str, list[Item]]]


@dataclass(frozen=True, slots=True)
class Listing:
    """One report as its list shows it."""

    report: Report
    tables: list[Table]
    findings: list[dict[str, Any]]
    labels: dict[str, str]
    marked: dict[str, str]
    counts: dict[str, int]


def listing(report: Report, marks: Mapping[str, Mark], drawn: Container[str]) -> Listing:
    """The list of one report; `drawn` are the marks that stand in the drawing."""
    items = {figure.code: _item(figure, marks.get(spot(figure.place)), drawn) for figure in report.figures}
    book = entries()
    tables = [_table(book, name, report.generations[name], items) for name in sorted(report.generations)]
    told = view.report(report.as_dict(), book)
    return Listing(
        report=report,
        tables=tables,
        findings=told["findings_said"],
        labels=told["labels"],
        marked={code: item.mark for code, item in items.items() if item.mark},
        counts=_counts(list(items.values())),
    )


def _item(figure: Figure, mark: Mark | None, drawn: Container[str]) -> Item:
    shown = mark.id if mark and mark.id in drawn else ""
    row = mark.row(figure) if mark else f"absent-{figure.code}"
    value = said(figure)
    plain = squeezed(figure.raw) == f"{figure.value}" or not figure.raw.strip()
    kind = Mark("", "", (figure,)).kind if figure.state is not State.ABSENT else "absent"
    return Item(row, "", figure.code, value, "" if plain else figure.raw, kind, shown)


def _counts(items: list[Item]) -> dict[str, int]:
    kinds = ("proven", "unproven", "contradicted", "illegible", "absent")
    return {kind: sum(item.kind == kind for item in items) for kind in kinds}


def _table(book: Sequence[Entry], name: str, generation: str, items: Mapping[str, Item]) -> Table:
    cells = entries_of(book, name, generation, items)
    rows = [(label, list(_named(of_row, items))) for label, of_row in groupby(cells, key=_row)]
    title = str(cells[0]["title_zh"]) if cells else name
    return Table(name, title, generation, [(label, figures) for label, figures in rows if figures])


def _row(cell: Entry) -> str:
    """The words above a group of the list: the printed row, with its block where the row alone says little."""
    block, label = str(cell["block"]), str(cell["row_label"])
    if label == _SINGLE:
        return block
    return f"{block} {label}" if cell["layout"] == Layout.BLOCKS else label


def _named(cells: Iterable[Entry], items: Mapping[str, Item]) -> Iterator[Item]:
    for cell in cells:
        if item := items.get(cell["code"]):
            yield replace(item, name=cell["col_label"])
