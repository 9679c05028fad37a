"""The statutory forms, built from codebook.csv. The code knows no label that is not in it.

A Form is one table of one generation: rows in printed order, each with the codes of its cells. Sources of the
labels: 国办公开办函〔2021〕30号 (G2021), 国办公开办函〔2019〕60号 (G2019), 国办发〔2014〕32号 (G2014S), local forms (G2008L).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from parsers.labels import fold

_NOTE = re.compile(r"（[^）]{3,}）$")
NUMBERS = re.compile(
    r"^(?:其中[:：]?\s*|[（(][一二三四五六七八九十\d]+[)）]\s*|[一二三四五六七八九十]、\s*|\d+[.．、]\s*)+"
)
"""What may stand before a label: its number, and 其中."""
_NUMBER = re.compile(r"(?:[（(][一二三四五六七八九十][)）])?(\d+)[.．、]")
RESULTS = "三本年度办理结果"
TABLES = {"T2": "t2", "T3": "t3", "T4": "t4", "统计表": "s14", "local statistics form": "l08"}


@dataclass(frozen=True, slots=True)
class CodebookCell:
    """One line of codebook.csv."""

    generation: str
    table: str
    block: str
    row_label: str
    col_label: str
    code: str
    unit: str
    type: str


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One printed row: its label, the folded names it goes by, its cells and their codes in column order."""

    label: str
    block: str
    group: str
    names: tuple[str, ...]
    cells: tuple[CodebookCell, ...]
    codes: tuple[str, ...]

    @property
    def own_label(self) -> str:
        """The label without the heads above it."""
        return self.label.rpartition(" ")[2]

    @property
    def number(self) -> str:
        """The number that the form prints before the label, behind （一）; "" for none."""
        found = _NUMBER.match(self.own_label)
        return found[1] if found else ""

    @property
    def form_code(self) -> str:
        """The form's own code of the row (代码), in two digits; for forms without codes the name of the block."""
        return self.block.removeprefix("code ")


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """One statutory table of one generation, e.g. t3 of G2021."""

    table: str
    generation: str
    rows: tuple[Row, ...]

    @property
    def cells(self) -> tuple[CodebookCell, ...]:
        """All cells in printed order."""
        return tuple(cell for row in self.rows for cell in row.cells)


@cache
def codebook() -> tuple[CodebookCell, ...]:
    """Every cell of every generation, in the order of codebook.csv."""
    with (files("parsers") / "codebook.csv").open(encoding="utf-8") as stream:
        rows = csv.DictReader(stream)
        return tuple(CodebookCell(*(row[name] for name in CodebookCell.__slots__)) for row in rows)


@cache
def forms() -> dict[tuple[str, str], Form]:
    """The forms by (table, generation): ("t3", "G2021")."""
    found: dict[tuple[str, str], list[CodebookCell]] = {}
    for cell in codebook():
        found.setdefault((TABLES[cell.table], cell.generation), []).append(cell)
    return {key: Form(*key, _rows(cells)) for key, cells in found.items()}


@cache
def local_labels() -> tuple[tuple[str, str, str], ...]:
    """Labels of local forms by table, each with the code of the row that it names; "" where no form has that row.

    Sources: the forms of Fujian (本年度 | 历年累计) and of Shanghai from 2010, whose reasons are not those of 2008.
    """
    with (files("parsers") / "local_rows.csv").open(encoding="utf-8") as stream:
        return tuple((row["table"], row["label"], row["code"]) for row in csv.DictReader(stream))


@cache
def strangers(table: str) -> frozenset[str]:
    """The bare labels of rows that local forms print in a table and that are none of its rows, however like one."""
    return frozenset(bare(label) for owner, label, code in local_labels() if owner == table and not code)


@cache
def _local_names() -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for _, label, code in local_labels():
        names.setdefault(code, []).append(fold(label))
    return names


@cache
def units() -> dict[str, str]:
    """The printed unit by code; an amount whose unit the form does not print has none."""
    return {cell.code: "" if "no unit" in cell.unit else cell.unit for cell in codebook()}


@lru_cache(maxsize=16384)
def row_name(label: str) -> str:
    """The folded label without the heads above it (本年度办理结果, 不予公开), which some print before each of its rows."""
    folded = fold(label)
    return _heads().sub("", folded) or folded


@cache
def groups() -> frozenset[str]:
    """The folded heads of the groups of rows of table 3: 三不予公开, …"""
    return frozenset(
        row.group for form in forms().values() if form.table == "t3" for row in form.rows if row.group
    )


@cache
def _heads() -> re.Pattern[str]:
    names = "|".join(sorted(groups()))
    return re.compile(rf"^{RESULTS}(?=.)(?:(?:{names})(?=\d))?|^(?:{names})(?=\d)")


def _rows(cells: Iterable[CodebookCell]) -> tuple[Row, ...]:
    grouped: dict[tuple[str, str], list[CodebookCell]] = {}
    for cell in cells:
        block = "" if cell.table == "T4" else cell.block
        grouped.setdefault((block, cell.row_label), []).append(cell)
    return tuple(_row(block, label, members) for (block, label), members in grouped.items())


def _row(block: str, label: str, members: list[CodebookCell]) -> Row:
    group, _, own = label.rpartition(" ")
    same = fold(block) if bare(block) == bare(own) else ""
    local = _local_names().get(members[0].code, []) if len(members) == 1 else []
    spellings = [*local, fold(own), fold(_NOTE.sub("", own)), fold(label), same, bare(own)]
    names = dict.fromkeys(filter(None, spellings))
    return Row(label, block, fold(group), tuple(names), tuple(members), tuple(cell.code for cell in members))


@lru_cache(maxsize=16384)
def bare(label: str) -> str:
    """The folded label without its number and without what it explains in brackets."""
    unnumbered = NUMBERS.sub("", label)
    return fold(re.sub(r"（.*?）", "", unnumbered))
