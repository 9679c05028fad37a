"""The codebook as the sample country sees it: the cells of a table, in the order of the form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR

from parsers.codebook import codebook
from parsers.forms import Layout, entry_of, forms_cache, generation_for, generations
from parsers.forms import entries as form_entries

APPLICANTS = ("natural", "business", "research", "public_welfare", "legal_service", "other")
SUIT_GROUPS = ("t4_review", "t4_direct_suit", "t4_post_review_suit")
SUIT_RESULTS = ("upheld", "corrected", "other", "pending")


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell of one statutory table."""

    generation: str
    table: str
    block: str
    row: str
    column: str
    code: str
    type: str
    unit: str = ""


@forms_cache()
def _all() -> tuple[Entry, ...]:
    return tuple(
        Entry(
            cell.generation,
            cell.table,
            cell.block,
            cell.row_label,
            cell.col_label,
            cell.code,
            cell.type,
            cell.unit,
        )
        for cell in codebook()
    )


@forms_cache()
def entries(generation: str, table: str) -> tuple[Entry, ...]:
    """The cells of a table, by the name that the codebook gives it, in reading order."""
    return tuple(entry for entry in _all() if (entry.generation, entry.table) == (generation, table))


@forms_cache()
def codes(generation: str) -> tuple[str, ...]:
    """Every code of the statutory tables of `generation`, in reading order."""
    return tuple(entry.code for table in tables(generation) for entry in entries(generation, table))


@forms_cache()
def tables(generation: str) -> tuple[str, ...]:
    """The tables of a generation, by the names that the codebook gives them, in the order of forms.csv."""
    return tuple(entry.table for entry in form_entries() if entry.generation == generation and entry.table)


def layout(generation: str, table: str) -> Layout:
    """How a table is printed."""
    return entry_of(generation, table).layout


def tables_in(generation: str, how: Layout) -> tuple[str, ...]:
    """The tables of a generation that are printed in one way."""
    return tuple(table for table in tables(generation) if layout(generation, table) is how)


def title(generation: str, table: str) -> str:
    """The title of a table as printed."""
    return entry_of(generation, table).title_zh


def notice(generation: str) -> str:
    """The notice that a generation of the form was laid down in; "" for local ones."""
    return next((entry.notice for entry in form_entries() if entry.generation == generation), "")


def printed_as(*layouts: Layout) -> tuple[tuple[str, str], ...]:
    """The generations that have a table printed in one of these ways, each with the table, the oldest first."""
    found = [(entry.generation, entry.table) for entry in form_entries() if entry.layout in layouts]
    return tuple(sorted(found, key=lambda pair: generations().index(pair[0])))


def in_force(generation: str) -> range:
    """The years that reports of a generation are about; ValueError for one that is still in force."""
    of_it = [entry for entry in form_entries() if entry.generation == generation]
    years = range(min(entry.first_year for entry in of_it), max(entry.last_year for entry in of_it) + 1)
    if years.stop > MAXYEAR:
        raise ValueError(f"{generation} is still in force")
    return years


def printing(*names: str) -> tuple[str, ...]:
    """The generations that have a cell with one of these codes, the oldest first."""
    having = {entry.generation for entry in _all() if entry.code in names}
    return tuple(generation for generation in generations() if generation in having)


def statutory() -> tuple[str, ...]:
    """The generations with tables under a head, and not with a list of indicators alone, the oldest first."""
    return tuple(generation for generation, _ in printed_as(Layout.MATRIX))


@forms_cache()
def signed_codes() -> frozenset[str]:
    """The codes whose figure is a change, printed with its sign by some bodies."""
    return frozenset(entry.code for entry in _all() if entry.type == "signed int")


@forms_cache()
def applicants(generation: str) -> tuple[str, ...]:
    """The columns of the table of applications, but for the sum of them."""
    codes = (entry.code.split("__") for entry in _laid_out(generation, Layout.MATRIX))
    return tuple(dict.fromkeys(column for _, column in codes if column != "total"))


@forms_cache()
def suit_groups(generation: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """The codes of each group of reviews and suits, and that of their sum."""
    blocks: dict[str, list[str]] = {}
    for entry in _laid_out(generation, Layout.ROW):
        blocks.setdefault(entry.block, []).append(entry.code)
    return tuple((tuple(codes[:-1]), codes[-1]) for codes in blocks.values())


def _laid_out(generation: str, how: Layout) -> tuple[Entry, ...]:
    return entries(
        generation, next(table for table in tables(generation) if layout(generation, table) is how)
    )


@forms_cache()
def request_rows(generation: str) -> tuple[str, ...]:
    """The row codes of the table of applications, from `t3_new_received` to `t3_carried_out`."""
    return tuple(dict.fromkeys(entry.code.split("__")[0] for entry in _laid_out(generation, Layout.MATRIX)))


@forms_cache()
def result_rows(generation: str) -> tuple[str, ...]:
    """The leaf rows of 三、本年度办理结果: what (七) 总计 adds up."""
    rows = request_rows(generation)
    return rows[rows.index("t3_carried_in") + 1 : rows.index("t3_result_total")]


def generation_of(year: int) -> str:
    """The generation of the form that was in force for reports about `year`; ValueError for years of lists and prose."""
    generation = generation_for(year)
    if generation not in statutory():
        raise ValueError(f"the sample country keeps reports with statutory tables, and {year} had none")
    return generation
