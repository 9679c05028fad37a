"""What is published as files: the tables, their columns in both languages, and the rows that fill them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from archive.csvs import packaged

Row = tuple[object, ...]


@dataclass(frozen=True)
class Field:
    """A column of a download: its name, its type (`string`, `integer`, `number`), and what it says."""

    name: str
    type: str
    zh: str
    en: str


@dataclass(frozen=True)
class Download:
    """A table that is published as CSV and as Parquet. `rows` yields tuples in the order of `fields`."""

    name: str
    title: str
    fields: tuple[Field, ...]
    rows: Callable[[sqlite3.Connection], Iterator[Row]]


KEYS = ("report_id", "body", "division", "year", "scope", "version")
REPORT = ("body_id", "kind", "title", "issuer", "url", "first_seen", "last_seen")
CELL = ("code", "value", "state", "raw", "unit", "proof", "place")
FINDING = ("kind", "message", "codes")
JOINED = "from version v join report r on r.id = v.report_id join body b on b.id = r.body_id"
KEY_COLUMNS = "r.id, b.name, b.division, r.year, r.scope, v.number"
ORDER = "order by r.id, v.number"


def downloads() -> tuple[Download, ...]:
    """The tables that are published as files."""
    report = "b.id, b.kind, v.title, v.issuer, v.url, v.first_seen, v.last_seen"
    cell = "f.code, f.value, f.state, f.raw, f.unit, f.proof, f.place"
    return (
        Download(
            "reports", "报告的各个版本 Reports, a row a version", described(KEYS + REPORT), _query(report)
        ),
        Download(
            "figures", "数据（长表） Figures of every version", described(KEYS + CELL), _query(cell, "figure")
        ),
        Download(
            "panel", "面板（宽表） Latest versions, a column a code", described(KEYS) + codes(), panel_rows
        ),
        Download(
            "findings",
            "问题 Findings",
            described(KEYS + FINDING),
            _query("f.kind, f.message, f.codes", "finding"),
        ),
    )


def described(names: Iterable[str]) -> tuple[Field, ...]:
    """The columns of these names, with the descriptions that the pages show too."""
    known = {row["column"]: Field(*row.values()) for row in packaged("columns.csv", "archive.browse")}
    return tuple(known[name] for name in names)


def _query(columns: str, table: str = "") -> Callable[[sqlite3.Connection], Iterator[Row]]:
    joined = f"{JOINED} join {table} f on f.version_id = v.id" if table else JOINED
    order = {"figure": ", f.code", "finding": ", f.position"}.get(table, "")
    return lambda conn: conn.execute(f"select {KEY_COLUMNS}, {columns} {joined} {ORDER}{order}")


def codes() -> tuple[Field, ...]:
    """A column for every code of the codebook, in its order, described in both languages."""
    fields: dict[str, Field] = {}
    for row in packaged("codebook.csv"):
        zh = "·".join((row["block"], row["row_label"], row["col_label"])) + f"（{row['unit']}）"
        fields.setdefault(row["code"], Field(row["code"], "number", zh, english(row["code"])))
    return tuple(fields.values())


def english(code: str) -> str:
    """What a code says in English words: `t3_new_received__total` -> `table 3, new received: total`."""
    table, _, rest = code.partition("_")
    place = {
        "t2": "table 2",
        "t3": "table 3",
        "t4": "table 4",
        "s14": "form of 2014",
        "l08": "local form",
    }.get(table)
    return f"{place or table}, {rest.replace('__', ': ').replace('_', ' ')}"


def panel_rows(conn: sqlite3.Connection) -> Iterator[Row]:
    """One row a report: its latest version, a value a code; None where no number is printed."""
    names = [field.name for field in codes()]
    rows = conn.execute(
        f"select {KEY_COLUMNS}, f.code, f.value {JOINED} join latest l on l.version_id = v.id "
        f"left join figure f on f.version_id = v.id {ORDER}, f.code"
    )
    for key, group in groupby(rows, key=lambda row: row[:6]):
        values = {code: value for *_key, code, value in group}
        yield (*key, *(values.get(code) for code in names))
