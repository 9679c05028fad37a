"""The statutory forms, built from codebook.csv. The code knows no label that is not in it.

A Form is one table of one generation: rows in printed order, each with the codes of its cells. How it is
printed and where its labels are from says forms.csv; a table goes by what stands before the first _ of its
codes: t3, s14.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from parsers.forms import Layout, entries, entry_of, forms_cache, generations, table_of_rows
from parsers.words.labels import fold

_NOTE = re.compile(r"（[^）]{3,}）$")
NUMBERS = re.compile(
    r"^(?:其中[:：]?\s*|[（(][一二三四五六七八九十\d]+[)）]\s*|[一二三四五六七八九十]、\s*|\d+[.．、]\s*)+"
)
"""What may stand before a label: its number, and 其中."""
_NUMBER = re.compile(r"(?:[（(][一二三四五六七八九十][)）])?(\d+)[.．、]")
RESULTS = "三本年度办理结果"


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
        """The form's own code of the row (代码), in two digits; for forms without codes the name of the
        block."""
        return self.block.removeprefix("code ")


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """One statutory table of one generation. `table`: what its codes begin with."""

    table: str
    generation: str
    rows: tuple[Row, ...]
    layout: Layout

    @property
    def cells(self) -> tuple[CodebookCell, ...]:
        """All cells in printed order."""
        return tuple(cell for row in self.rows for cell in row.cells)

    @property
    def row_names(self) -> frozenset[str]:
        """The folded names that its rows go by."""
        return frozenset(name for row in self.rows for name in row.names)

    @property
    def blocks(self) -> tuple[str, ...]:
        """The blocks of its cells, in printed order."""
        return tuple(dict.fromkeys(cell.block for cell in self.cells))

    @property
    def groups(self) -> tuple[tuple[CodebookCell, ...], ...]:
        """The cells that stand below one head each, block by block: of a form of one row, the groups of its
        columns."""
        return tuple(tuple(cells) for _, cells in groupby(self.cells, key=lambda cell: cell.block))


def table_of_code(code: str) -> str:
    """The table that a code is of: t3 of t3_granted__total."""
    return code.partition("_")[0]


@forms_cache()
def codebook() -> tuple[CodebookCell, ...]:
    """Every cell of every generation, in the order of codebook.csv."""
    rows = table_of_rows("codebook.csv")
    return tuple(CodebookCell(*(row[name] for name in CodebookCell.__slots__)) for row in rows)


@forms_cache()
def forms() -> dict[tuple[str, str], Form]:
    """The forms by table and generation."""
    found: dict[tuple[str, str], list[CodebookCell]] = {}
    for cell in codebook():
        found.setdefault((table_of_code(cell.code), cell.generation), []).append(cell)
    return {key: _form(*key, cells) for key, cells in found.items()}


def _form(table: str, generation: str, cells: list[CodebookCell]) -> Form:
    layout = entry_of(generation, cells[0].table).layout
    return Form(table, generation, _rows(cells, layout), layout)


@forms_cache()
def tables(*layouts: Layout) -> frozenset[str]:
    """The tables that are printed in one of these ways."""
    return frozenset(form.table for form in forms().values() if form.layout in layouts)


@forms_cache()
def known_tables() -> frozenset[str]:
    """All tables, of all generations."""
    return frozenset(table for table, _ in forms())


@forms_cache()
def forms_in(*layouts: Layout) -> tuple[Form, ...]:
    """The forms of all generations that are printed in one of these ways, in the order of codebook.csv."""
    return tuple(form for form in forms().values() if form.layout in layouts)


@forms_cache()
def row_widths() -> frozenset[int]:
    """How many figures the rows of the forms have."""
    return frozenset(len(row.codes) for form in forms().values() for row in form.rows)


@forms_cache()
def list_tables() -> frozenset[str]:
    """The tables that are lists of indicators."""
    return tables(Layout.LIST, Layout.LOCAL)


@forms_cache()
def forms_of(table: str) -> tuple[Form, ...]:
    """The forms of a table, that of the newest generation first."""
    return tuple(forms()[table, of] for of in reversed(generations()) if (table, of) in forms())


@forms_cache()
def expected_of(generation: str) -> dict[str, str]:
    """The tables of a generation, each with whether a report must have it, as forms.csv says."""
    names = {cell.table: table_of_code(cell.code) for cell in codebook() if cell.generation == generation}
    own = (entry for entry in entries() if entry.generation == generation and entry.table in names)
    return {names[entry.table]: entry.expected for entry in own}


@forms_cache()
def local_labels() -> tuple[tuple[str, str, str], ...]:
    """Labels of local forms by table, each with the code of the row that it names; "" where no form has that
    row. The code of a row of several columns is theirs up to __.

    Sources: the forms of Fujian (本年度 | 历年累计) and of Shanghai from 2010, whose reasons are not those of
    2008.
    """
    return tuple((row["table"], row["label"], row["code"]) for row in table_of_rows("local_rows.csv"))


@forms_cache()
def strangers(table: str) -> frozenset[str]:
    """The bare labels of rows that local forms print in a table and that are none of its rows, however like
    one."""
    return frozenset(bare(label) for owner, label, code in local_labels() if owner == table and not code)


@forms_cache()
def _local_names() -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for _, label, code in local_labels():
        names.setdefault(code, []).append(fold(label))
    return names


@forms_cache()
def units() -> dict[str, str]:
    """The printed unit by code; an amount whose unit the form does not print has none."""
    return {cell.code: "" if "no unit" in cell.unit else cell.unit for cell in codebook()}


@forms_cache(16384)
def row_name(label: str) -> str:
    """The folded label without the heads above it (本年度办理结果, 不予公开), which some print before each of
    its rows."""
    folded = fold(label)
    return _heads().sub("", folded) or folded


@forms_cache()
def groups() -> frozenset[str]:
    """The folded heads of the groups of rows of a matrix: 三不予公开, …"""
    return frozenset(row.group for form in forms_in(Layout.MATRIX) for row in form.rows if row.group)


@forms_cache()
def _heads() -> re.Pattern[str]:
    names = "|".join(sorted(groups()))
    return re.compile(rf"^{RESULTS}(?=.)(?:(?:{names})(?=\d))?|^(?:{names})(?=\d)")


def _rows(cells: Iterable[CodebookCell], layout: Layout) -> tuple[Row, ...]:
    grouped: dict[tuple[str, str], list[CodebookCell]] = {}
    for cell in cells:
        block = "" if layout is Layout.ROW else cell.block
        grouped.setdefault((block, cell.row_label), []).append(cell)
    return tuple(_row(block, label, members) for (block, label), members in grouped.items())


def _row(block: str, label: str, members: list[CodebookCell]) -> Row:
    group, _, own = label.rpartition(" ")
    same = fold(block) if bare(block) == bare(own) else ""
    local = _local_names().get(members[0].code.partition("__")[0], [])
    spellings = [*local, fold(own), fold(_NOTE.sub("", own)), fold(label), same, bare(own)]
    names = dict.fromkeys(filter(None, spellings))
    return Row(label, block, fold(group), tuple(names), tuple(members), tuple(cell.code for cell in members))


@forms_cache(16384)
def bare(label: str) -> str:
    """The folded label without its number and without what it explains in brackets."""
    unnumbered = NUMBERS.sub("", label)
    return fold(re.sub(r"（.{0,200}?）", "", unnumbered))
