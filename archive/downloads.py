"""What is published as files: the tables, their columns in both languages, and the rows that fill them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from archive import compact
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
PROOFS = ("figures", "proven", "unproven", "contradicted", "findings")
CELL = ("code", "value", "state", "raw", "unit", "proof", "place")
FINDING = ("kind", "message", "codes")
STATEMENT = ("code", "value", "unit", "text", "start", "end", "meaning")
COVERAGE = ("body_id", "body", "division", "kind", "year", "state", "evidence")

# Read in the order in which the versions are numbered (the newest year first), so that nothing is sorted
# however much there is.
JOINED = """from version v indexed by version_position cross join report r on r.id = v.report_id
cross join body b on b.id = r.body_id"""
KEY_COLUMNS = "r.id, b.name, b.division, r.year, r.scope, v.number"
REPORT_COLUMNS = "b.id, b.kind, v.title, v.issuer, v.url, v.first_seen, v.last_seen"
LATEST = "cross join latest l on l.version_id = v.id"


def _select(columns: str, joined: str = "", order: str = "") -> Callable[[sqlite3.Connection], Iterator[Row]]:
    """Rows of versions that begin with their keys."""
    sql = f"select {KEY_COLUMNS}, {columns} {JOINED} {joined} order by v.position{order}"
    return lambda conn: conn.execute(sql)


_FIGURES = _select(
    f"c.code, f.value, {compact.STATE}, {compact.RAW}, c.unit, {compact.PROOF}, coalesce(p.text, f.place)",
    "cross join cell f on f.version = v.position cross join cell_code c on c.id = f.code"
    " left join place p on p.id = f.place",
    ", f.code",
)
_STATEMENTS = _select(
    """s.code, s.value, s.unit, s.text, s.start, s."end", m.meaning""",
    "cross join statement s on s.version_id = v.id left join statement_code m on m.code = s.code",
    ", s.position",
)
_FINDINGS = _select(
    "f.kind, f.message, f.codes", "cross join finding f on f.version_id = v.id", ", f.position"
)
_PROVEN = "l.figures, l.proven, l.unproven, l.contradicted, l.findings"


def coverage_rows(conn: sqlite3.Connection) -> Iterator[Row]:
    """One row a body and year: what is held, and on what that rests."""
    return conn.execute(
        "select b.id, b.name, b.division, b.kind, c.year, c.state, c.evidence"
        " from coverage c join body b on b.id = c.body_id order by c.year desc, b.division, b.name, b.id"
    )


BOOK = ("generation", "table", "block", "row_label", "col_label", "code", "unit", "type", "zh", "en")


def codebook_rows(conn: sqlite3.Connection) -> Iterator[Row]:
    """One row a cell of a generation of the form, with its name in both languages."""
    said = {field.name: (field.zh, field.en) for field in codes()}
    sql = """select generation, "table", block, row_label, col_label, code, unit, type from codebook
        order by position"""
    for row in conn.execute(sql):
        yield (*row, *said[row[5]])


def said_rows(conn: sqlite3.Connection) -> Iterator[Row]:
    """One row a code of a number said in prose."""
    return conn.execute("select code, unit, meaning, compare_with from statement_code order by code")


@cache
def downloads() -> tuple[Download, ...]:
    """The tables that are published as files."""
    return (
        Download(
            "panel", "面板（宽表） Latest versions, a column a code", described(KEYS) + codes(), panel_rows
        ),
        Download("figures", "数据（长表） Figures of every version", described(KEYS + CELL), _FIGURES),
        Download(
            "reports",
            "报告（最新版） Reports in their latest version",
            described(KEYS + REPORT + PROOFS),
            _select(f"{REPORT_COLUMNS}, {_PROVEN}", LATEST),
        ),
        Download(
            "versions",
            "报告的各个版本 Versions of the reports",
            described(KEYS + REPORT),
            _select(REPORT_COLUMNS),
        ),
        Download("findings", "问题 Findings", described(KEYS + FINDING), _FINDINGS),
        Download("coverage", "收录情况 Coverage, a row a body and year", described(COVERAGE), coverage_rows),
        Download(
            "statements", "文字所述数字 Numbers said in prose", described(KEYS + STATEMENT), _STATEMENTS
        ),
        Download("codebook", "单元格代码 Codes of the cells", described(BOOK), codebook_rows),
        Download(
            "statement_codes",
            "文字数字代码 Codes of numbers said in prose",
            described(("code", "unit", "meaning", "compare_with")),
            said_rows,
        ),
    )


def described(names: Iterable[str]) -> tuple[Field, ...]:
    """The columns of these names, with the descriptions that the pages show too."""
    known = {row["column"]: Field(*row.values()) for row in packaged("columns.csv", "archive.browse")}
    return tuple(known[name] for name in names)


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
    code_of = dict(conn.execute("select id, code from cell_code"))
    rows = conn.execute(
        f"select {KEY_COLUMNS}, f.code, f.value {JOINED} {LATEST}"
        " left join cell f on f.version = v.position order by v.position, f.code"
    )
    for key, group in groupby(rows, key=lambda row: row[:6]):
        values = {code_of.get(code): value for *_key, code, value in group}
        yield (*key, *(values.get(name) for name in names))
