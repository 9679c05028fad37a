"""What is published as files: the tables, their columns in both languages, and the rows that fill them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from archive.publication import batches, cells
from archive.publication.batches import Batch, Field, Row, described
from archive.publication.cells import CELL, JOINED, KEY_COLUMNS, KEYS, LATEST
from parsers.codebook import codebook, table_of_code
from parsers.forms import entry_of, forms_cache
from parsers.rulebook import rule_of

Rows = Callable[[sqlite3.Connection], Iterator[Row]]


@dataclass(frozen=True)
class Download:
    """A table that is published as CSV and as Parquet. `batches` yields its rows; those of a year stand together.

    With `packed` the CSV is compressed. The rows of one thing (a version, a report, a code) have the same `key`:
    what changes of it is kept together.
    """

    name: str
    title: str
    fields: tuple[Field, ...]
    batches: Callable[[sqlite3.Connection], Iterator[Batch]]
    packed: bool = False
    key: tuple[str, ...] = ("report_id", "version")

    @property
    def csv(self) -> str:
        """The name of its CSV file."""
        return f"{self.name}.csv.gz" if self.packed else f"{self.name}.csv"


def plain(
    name: str,
    title: str,
    fields: tuple[Field, ...],
    rows: Rows,
    *,
    packed: bool = False,
    key: tuple[str, ...] = Download.key,
) -> Download:
    """A download of the rows that `rows` yields, tuples in the order of `fields`."""
    return Download(name, title, fields, lambda conn: batches.batches(fields, rows(conn)), packed, key)


REPORT = ("body_id", "kind", "title", "issuer", "url", "first_seen", "last_seen")
PROOFS = ("figures", "proven", "unproven", "contradicted", "cleared", "findings")
FINDING = ("kind", "rule", "severity", "message", "message_zh", "codes", "values")
STATEMENT = ("code", "value", "unit", "text", "start", "end", "meaning")
COVERAGE = ("body_id", "body", "division", "kind", "year", "state", "evidence")

REPORT_COLUMNS = "b.id, b.kind, v.title, v.issuer, v.url, v.first_seen, v.last_seen"


def _select(columns: str, joined: str = "", order: str = "") -> Rows:
    """Rows of versions that begin with their keys."""
    sql = f"select {KEY_COLUMNS}, {columns} {JOINED} {joined} order by v.position{order}"
    return lambda conn: conn.execute(sql)


_STATEMENTS = _select(
    """s.code, s.value, s.unit, s.text, s.start, s."end", m.meaning""",
    "cross join statement s on s.version_id = v.id left join statement_code m on m.code = s.code",
    ", s.position",
)
_WITHOUT_RULE = _select(
    'f.kind, f.severity, f.message, f.message_zh, f.codes, f."values"',
    "cross join finding f on f.version_id = v.id",
    ", f.position",
)


def finding_rows(conn: sqlite3.Connection) -> Iterator[Row]:
    """One row a finding of every version, with the number of the rule that it is a failure of."""
    for *keys, kind, severity, english_, chinese, of, values in _WITHOUT_RULE(conn):
        yield (
            *keys,
            kind,
            rule_of(str(kind), json.loads(str(values))),
            severity,
            english_,
            chinese,
            of,
            values,
        )


_UNITS = "coalesce(u.unit, b.id), coalesce(u.unit_2025, '')"
_PROVEN = "l.figures, l.proven, l.unproven, l.contradicted, l.cleared, l.findings"


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


RULE = (
    "id",
    "kind",
    "part",
    "severity",
    "law",
    "article",
    "zh",
    "en",
    "generations",
    "precision",
    "passes",
    "fails",
)


def rule_rows(conn: sqlite3.Connection) -> Iterator[Row]:
    """One row a rule of the book, by its number."""
    return conn.execute(f"select {', '.join(RULE)} from rule order by id")


def said_rows(conn: sqlite3.Connection) -> Iterator[Row]:
    """One row a code of a number said in prose."""
    return conn.execute("select code, unit, meaning, compare_with from statement_code order by code")


SHEET = 1_048_575
"""Rows below the head of a sheet of Excel: a longer table is read by programs, which know gzip, and would fill a disk."""


def downloads(figures: int = 0) -> tuple[Download, ...]:
    """The tables that are published as files, the long ones packed where there are more figures than a sheet takes."""
    return _downloads(figures > SHEET)


@forms_cache()
def _downloads(packed: bool) -> tuple[Download, ...]:
    columns = described(KEYS + REPORT)
    return (
        Download(
            "panel",
            "面板（宽表） Latest versions, a column a code",
            described(KEYS + cells.UNITS) + codes() + described(("suggested",)),
            cells.panel(codes()),
            key=("report_id",),
        ),
        Download(
            "figures",
            "数据（长表） Figures of every version",
            described(KEYS + CELL),
            cells.figures,
            packed=packed,
        ),
        plain(
            "reports",
            "报告（最新版） Reports in their latest version",
            described(KEYS + cells.UNITS + REPORT + PROOFS),
            _select(
                f"{_UNITS}, {REPORT_COLUMNS}, {_PROVEN}", f"{LATEST} left join unit u on u.body_id = b.id"
            ),
            key=("report_id",),
        ),
        plain("versions", "报告的各个版本 Versions of the reports", columns, _select(REPORT_COLUMNS)),
        plain("findings", "问题 Findings", described(KEYS + FINDING), finding_rows),
        plain(
            "coverage",
            "收录情况 Coverage, a row a body and year",
            described(COVERAGE),
            coverage_rows,
            key=("body_id", "year"),
        ),
        plain(
            "statements",
            "文字所述数字 Numbers said in prose",
            described(KEYS + STATEMENT),
            _STATEMENTS,
            packed=packed,
        ),
        plain(
            "codebook",
            "单元格代码 Codes of the cells",
            described(BOOK),
            codebook_rows,
            key=("generation", "table"),
        ),
        plain("rules", "规则 Rules that reports are checked by", described(RULE), rule_rows, key=("id",)),
        plain(
            "statement_codes",
            "文字数字代码 Codes of numbers said in prose",
            described(("code", "unit", "meaning", "compare_with")),
            said_rows,
            key=("code",),
        ),
    )


def codes() -> tuple[Field, ...]:
    """A column for every code of the codebook, in its order, described in both languages."""
    fields: dict[str, Field] = {}
    for cell in codebook():
        zh = "·".join((cell.block, cell.row_label, cell.col_label)) + f"（{cell.unit}）"
        fields.setdefault(cell.code, Field(cell.code, "number", zh, english(cell.code)))
    return tuple(fields.values())


@forms_cache()
def _names() -> dict[str, str]:
    """What the tables are called in English, by the beginnings of their codes."""
    return {
        table_of_code(cell.code): entry_of(cell.generation, cell.table).name_en
        for cell in reversed(codebook())
    }


def english(code: str) -> str:
    """What a code says in English words: `t3_new_received__total` -> `table 3, new received: total`."""
    table, _, rest = code.partition("_")
    return f"{_names().get(table, table)}, {rest.replace('__', ': ').replace('_', ' ')}"
