"""The codebook as the sample country sees it: the cells of a table, in the order of the form."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

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


@cache
def _all() -> tuple[Entry, ...]:
    text = (files("parsers") / "codebook.csv").read_text(encoding="utf-8")
    return tuple(
        Entry(
            line["generation"],
            line["table"],
            line["block"],
            line["row_label"],
            line["col_label"],
            line["code"],
            line["type"],
            line["unit"],
        )
        for line in csv.DictReader(text.splitlines())
    )


@cache
def entries(generation: str, table: str) -> tuple[Entry, ...]:
    """The cells of `table` (`T2`, `T3`, `T4`, or a list of an older form), in reading order."""
    return tuple(entry for entry in _all() if (entry.generation, entry.table) == (generation, table))


@cache
def codes(generation: str) -> tuple[str, ...]:
    """Every code of the three statutory tables of `generation`, in reading order."""
    return tuple(entry.code for table in ("T2", "T3", "T4") for entry in entries(generation, table))


@cache
def signed_codes() -> frozenset[str]:
    """The codes whose figure is a change, printed with its sign by some bodies."""
    return frozenset(entry.code for entry in _all() if entry.type == "signed int")


@cache
def request_rows(generation: str) -> tuple[str, ...]:
    """The row codes of table 3, from `t3_new_received` to `t3_carried_out`."""
    return tuple(dict.fromkeys(entry.code.split("__")[0] for entry in entries(generation, "T3")))


@cache
def result_rows(generation: str) -> tuple[str, ...]:
    """The leaf rows of 三、本年度办理结果: what (七) 总计 adds up."""
    rows = request_rows(generation)
    return rows[rows.index("t3_carried_in") + 1 : rows.index("t3_result_total")]


def generation_of(year: int) -> str:
    """The generation of the form that was in force for reports about `year` (from 2019 on)."""
    if year < 2019:
        raise ValueError(f"the sample country keeps reports from 2019 on, not {year}")
    return "G2019" if year < 2021 else "G2021"
