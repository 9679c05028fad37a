"""What a statement may use: the lists against everything that the SQLite at hand has, and what strangers may ask."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from published import make_archive

from archive.publish import publish
from web.behind import allowed, asking
from web.behind.apart import mark_of
from web.behind.asking import Answer, Question

ROOT = Path(__file__).parents[2]
REFUSED = re.compile("not authorized|prohibited")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("allowed")
    publish(make_archive(folder / "archive.db"), folder / "public")
    return folder / "public" / "nianbao.db"


@pytest.fixture
def conn(path: Path) -> Iterator[sqlite3.Connection]:
    """As strangers have it."""
    with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as made:
        asking.prepare(made)
        yield made


def at_hand(sql: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(":memory:")) as free:
        return free.execute(sql).fetchall()


def is_refused(conn: sqlite3.Connection, sql: str, values: tuple[object, ...] = ()) -> bool:
    """Refused by the lists before it runs: not by a missing argument, and not for what it found."""
    try:
        conn.execute(sql, values).fetchall()
    except sqlite3.DatabaseError as error:
        return bool(REFUSED.search(str(error)))
    return False


def test_every_function_that_is_not_listed_is_refused(conn: sqlite3.Connection) -> None:
    found = set(at_hand("select name, narg, type from pragma_function_list"))
    assert len(found) > 100
    for name, number, kind in found:
        bound = ", ".join("?" * max(int(number), 1 if int(number) < 0 else 0))
        # Bound parameters, for that is how fts3_tokenizer was let through.
        sql = f'select "{name}"({bound}){" over ()" if kind == "w" and name in WINDOWS else ""} from meta'
        values = ("simple",) * bound.count("?")
        assert is_refused(conn, sql, values) is (name not in allowed.FUNCTIONS), name


WINDOWS = "cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number".split()


def test_nothing_is_listed_that_reaches_beyond_its_arguments() -> None:
    dangerous = "fts3_tokenizer fts5 load_extension sqlite_log readfile writefile edit matchinfo offsets optimize zeroblob randomblob"
    assert not allowed.FUNCTIONS & set(dangerous.split())


def test_every_module_that_is_not_listed_is_refused(conn: sqlite3.Connection) -> None:
    modules = {row[0] for row in at_hand("pragma module_list")}
    pragmas = {f"pragma_{row[0]}" for row in at_hand("pragma pragma_list")}
    assert {"dbstat", "fts3tokenize", "sqlite_dbpage"} <= modules | {
        "sqlite_dbpage",
        "dbstat",
        "fts3tokenize",
    }
    for name in modules | pragmas:
        if name in allowed.MODULES:
            continue
        for sql in (
            "select * from {}",
            "select count(*) from {}",
            "select 1 from {}",
            "select 1 from {}('x')",
        ):
            for spelt in (name, name.upper(), f'"{name}"', f"main.{name}"):
                try:
                    rows = conn.execute(sql.format(spelt)).fetchall()
                except sqlite3.DatabaseError:
                    continue
                pytest.fail(f"{sql.format(spelt)} gave {rows[:1]}")


def test_every_pragma_that_is_not_listed_is_refused(conn: sqlite3.Connection) -> None:
    for (name,) in at_hand("pragma pragma_list"):
        if name in allowed.PRAGMAS | allowed._OF_FTS5:
            continue
        if name == "database_list":
            assert conn.execute("pragma database_list").fetchall() == []
        else:
            assert is_refused(conn, f"pragma {name}"), name
            assert is_refused(conn, f"pragma {name} = 1"), name


@pytest.mark.parametrize(
    "sql",
    [
        "attach ':memory:' as x", "detach x", "begin", "savepoint x", "vacuum into 'x'", "reindex", "analyze",
        "create table t (x)", "create temp table t (x)", "create virtual table temp.t using fts3(x)",
        "create temp view v as select 1", "create temp trigger t after insert on meta begin select 1; end",
        "insert into meta values ('a', 'b')", "update meta set value = ''", "delete from meta", "drop table meta",
        "alter table meta rename to m", "insert into body_text (body_text) values ('rebuild')",
        "with dbstat as (select 1) select count(*) from main.dbstat", "explain select fts3_tokenizer(?1)",
    ],
)  # fmt: skip
def test_every_statement_but_reading_is_refused(conn: sqlite3.Connection, sql: str) -> None:
    with pytest.raises(sqlite3.DatabaseError):
        conn.execute(sql, ("simple",) if "?" in sql else ()).fetchall()


@pytest.mark.parametrize(
    ("sql", "count"),
    [
        ("with c as (select 1 union all select 2) select count(*) from c", 1),
        ("with recursive c(n) as (select 1 union all select n + 1 from c limit 3) select n from c", 3),
        ("select count(*) from v_figures", 1),
        ("select sum(value) over (order by code) from figure limit 2", 2),
        ("select value from json_each('[1, 2]')", 2),
        ("select count(*) from (select 1)", 1),
        ("select name from sqlite_master where type = 'table' limit 1", 1),
        ("select count(*) from sqlite_stat1", 1),
        ("select rowid from body_text where body_text match '\"县\"' limit 1", 1),
        ("select code from figure where code glob 't3_denied_*__total' group by code limit 1", 1),
    ],
)
def test_what_readers_ask_is_let_through(conn: sqlite3.Connection, sql: str, count: int) -> None:
    assert len(conn.execute(sql).fetchall()) == count


def test_every_table_of_the_publication_may_be_read(conn: sqlite3.Connection) -> None:
    names = conn.execute("select name from sqlite_master where type in ('table', 'view')").fetchall()
    for (name,) in names:
        assert not is_refused(conn, f'select count(*) from "{name}"'), name


def test_a_file_with_tables_of_other_kinds_does_not_open_them(tmp_path: Path) -> None:
    path = tmp_path / "odd.db"
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("create virtual table stat using dbstat")
        made.execute("create virtual table old using fts4(x)")
        made.execute("create table plain (x)")
    with closing(sqlite3.connect(path)) as conn:
        allowed.bound(conn)
        assert is_refused(conn, "select * from stat")
        assert is_refused(conn, "select count(*) from old")
        assert conn.execute("select * from plain").fetchall() == []


def test_a_view_may_call_nothing_more_than_a_question(tmp_path: Path) -> None:
    path = tmp_path / "odd.db"
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("create view v as select load_extension('x')")
    with closing(sqlite3.connect(path)) as conn:
        allowed.bound(conn)
        assert conn.execute("pragma table_info(meta)").fetchall() == []
        with pytest.raises(sqlite3.DatabaseError):
            conn.execute("select * from v").fetchall()


# --- a question in its own process ---


def ask(path: Path, sql: str, values: object = (), rows: int | None = 1000, seconds: float = 1.0) -> Answer:
    """Here in this process, for what is asked is harmless."""
    question = Question(str(path), mark_of(str(path)), sql, values, rows, seconds)  # type: ignore[arg-type]
    conn = sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True, check_same_thread=False)
    with closing(conn):
        asking.prepare(conn)
        try:
            with asking._limited(conn, seconds):
                return asking._rows(conn, question)
        except sqlite3.Error as error:
            return Answer(refused=str(error))


LINES = "with recursive c(n) as (select 1 union all select n + 1 from c limit 1000)"


def test_an_answer_has_so_many_rows_cells_and_bytes(path: Path) -> None:
    assert len(ask(path, f"{LINES} select n from c", rows=10).rows) == 11
    wide = ", ".join(["n"] * 100)
    assert "narrow the question" in ask(path, f"{LINES} select {wide} from c").refused
    assert "narrow the question" in ask(path, f"{LINES} select printf('%.*c', 100000, 'x') from c").refused


def test_a_question_is_over_when_its_time_is_whatever_it_does(path: Path) -> None:
    long = "instr(printf('%.*c', 120000, 'a') || n, printf('%.*c', 60000, 'a') || 'b' || n)"
    assert ask(path, f"{LINES} select sum({long}) from c", seconds=0.3).refused == asking.INTERRUPTED
