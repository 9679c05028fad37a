"""What a statement on the publication may use: lists of functions, tables and pragmas. Whatever is not in them is refused.

They hold what our pages, Datasette's own, and the documented questions (docs/research.md, docs/api.md) need. None of the
functions reads or writes anything but its arguments.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

AGGREGATES = (
    "avg count group_concat json_group_array json_group_object max min string_agg sum total "
    "cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number"
)
TEXTS = (
    "char coalesce concat concat_ws format glob hex ifnull iif instr length like likelihood likely lower ltrim nullif "
    "printf quote replace rtrim substr substring trim typeof unicode unlikely upper"
)
NUMBERS = (
    "abs acos asin atan atan2 ceil ceiling cos degrees exp floor ln log log10 log2 mod pi pow power radians random round "
    "sign sin sqrt tan trunc"
)
TIMES = "current_date current_time current_timestamp date datetime julianday strftime time timediff unixepoch"
JSON = "-> ->> json json_array json_array_length json_extract json_object json_quote json_type json_valid"
SEARCH = "escape_fts match"
"""Datasette's own function, and the operator of FTS5."""
FUNCTIONS = frozenset(" ".join((AGGREGATES, TEXTS, NUMBERS, TIMES, JSON, SEARCH)).split())

MODULES = frozenset(("json_each", "json_tree"))
"""Tables that are no tables of the file: Datasette's facets and filters of lists need these."""
SCHEMA = frozenset(("sqlite_master", "sqlite_schema"))
STATISTICS = frozenset(("sqlite_stat1", "sqlite_stat4"))
"""Of the file like any other, and read by the planner."""
INDEX = "fts5"
"""The only kind of virtual table that the publication has."""

PRAGMAS = frozenset(("foreign_key_list", "index_list", "schema_version", "table_info", "table_xinfo"))
"""By which Datasette knows the tables; `data_version` is what FTS5 asks of the file."""
_OF_FTS5 = frozenset(("data_version",))
_HIDDEN = "database_list"
"""Where the file lies is nobody's business: Datasette asks, and gets no row."""

Authorizer = Callable[[int, str | None, str | None, str | None, str | None], int]


def bound(conn: sqlite3.Connection) -> None:
    """Let only through what is allowed on this connection to a publication, for good."""
    for setting in ("trusted_schema = off", "query_only = on", "cell_size_check = on"):
        conn.execute(f"pragma {setting}")
    _configure(conn)
    modules = {row[0].lower() for row in conn.execute("pragma module_list")}
    tables, others = tables_of(conn)
    conn.set_authorizer(authorizer(tables, frozenset(modules | others)))


def _configure(conn: sqlite3.Connection) -> None:
    """The switches that Python knows from 3.12 on; below, the lists have to do, and they do without these."""
    configure = getattr(conn, "setconfig", None)
    if configure is None:
        return
    for name, value in (
        ("DEFENSIVE", True),
        ("TRUSTED_SCHEMA", False),
        ("ENABLE_FTS3_TOKENIZER", False),
        ("ENABLE_LOAD_EXTENSION", False),
    ):
        configure(getattr(sqlite3, f"SQLITE_DBCONFIG_{name}"), value)


def tables_of(conn: sqlite3.Connection) -> tuple[frozenset[str], frozenset[str]]:
    """The tables and views of the file; apart from them its virtual tables of other kinds than its index."""
    found = conn.execute("select name, sql from sqlite_master where type in ('table', 'view')").fetchall()
    others = frozenset(name.lower() for name, sql in found if _foreign(sql or ""))
    return frozenset(name.lower() for name, _sql in found) - others | STATISTICS, others


def _foreign(sql: str) -> bool:
    words = sql.lower().split()
    if words[:2] != ["create", "virtual"]:
        return False
    return f" using {INDEX}(" not in " ".join(words)


def authorizer(tables: frozenset[str], others: frozenset[str]) -> Authorizer:
    """The function that SQLite asks about each thing that a statement would do.

    `others` are what else could be meant by a name: the modules of SQLite, and tables that may not be read.
    """
    readable = tables | MODULES | SCHEMA

    def decide(action: int, one: str | None, other: str | None, _where: str | None, _by: str | None) -> int:
        name = (one or "").lower()
        if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE):
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ:
            return _answer(name in readable or (not other and _is_of_the_question(name)))
        if action == sqlite3.SQLITE_FUNCTION:
            return _answer((other or "").lower() in FUNCTIONS)
        if action == sqlite3.SQLITE_PRAGMA:
            return sqlite3.SQLITE_IGNORE if name == _HIDDEN else _answer(name in PRAGMAS | _OF_FTS5)
        return sqlite3.SQLITE_DENY

    def _is_of_the_question(name: str) -> bool:
        """A name without a column may be that of a `with`: nothing is read of it that was not asked about before."""
        return not (name in others or name.startswith(("sqlite_", "pragma_")))

    return decide


def _answer(allowed: bool) -> int:
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY
