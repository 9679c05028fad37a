"""No value is ever part of a statement: whatever is put into one is a name of ours, and stands here with its reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("archive", "crawler", "nianbao", "parsers", "sample", "web")
SQL = re.compile(
    r"\s*(?:where|order by|on conflict|union|select|insert|update|delete|create|drop|alter|with|pragma|attach|detach|analyze|replace|explain) ",
    re.I,
)
EXECUTES = {"execute", "executemany", "executescript"}

CONSTANT = re.compile(r"(?:\w+\.)?_?[A-Z][A-Z0-9_]*(?:\.\w+)?(?:\.r?strip\((?:'.')?\))*")
"""A constant of a module, and what is made of one."""
LISTED = re.compile(r"'[^']*'\.join\(.*\)|', \?' \* \d+|_line\(.*\)|int\(.*\)")
"""Question marks, names or expressions in a row; digits."""
ALLOWED = {
    "table table_name table.name join.table database side": "a table, of a constant list or of our own schema",
    "name names name. column columns key fourth third ', '.join(columns)": "columns, of a constant list or our schema",
    "schema sealed source": "a schema that we attached under a name of ours",
    "places marks": "question marks",
    "which due condition where order extra joined counted line view": "a condition or expression from a constant",
    "part": "a statement of the seals, all of them constants",
    "self._scope(None)": "conditions from constants",
    "stated(State.NUMBER) proven(Proof.PROVEN) proven(Proof.CONTRADICTED)": "a condition with numbers of ours",
    "_insertion(table.name, names) _selection(table.name, columns, which)": "of the columns of our schema",
    "citations.tidy(sql)": "a stranger's question: that is what its page is for, and SQLite allows it little",
    "pragma setting patience default value": "a setting from a constant, or a number that SQLite said",
    "owner added": "a table and its key, from a constant",
    "_resolution(join, columns)": "of the columns of our schema",
    "_where(asked) _where(others)": "conditions with question marks, one a field of ours",
    "names or 'null'": "question marks of the readers' questions",
}
CALL = re.compile(r"\S+\([^)]*\)|\S+")
NAMES = {name for names in ALLOWED for name in CALL.findall(names)} | set(ALLOWED)

QUOTED = {
    "archive/releases/chain.py": set(
        "_name(MOVING) _name(now) _name(table) _name(view) _name(was) _text(parquet) _text(target)"
        " all_ keys moved moving paths rows said seen types whole".split()
    )
}
"""DuckDB takes no parameter in a view or a copy: what stands there is quoted, each name and each text by one function."""


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    """What a statement is put together from, but for what stands there as it is."""
    if isinstance(node, ast.JoinedStr):
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                yield from _parts(value.value)
    elif isinstance(node, ast.BinOp):
        yield from (*_parts(node.left), *_parts(node.right))
    elif isinstance(node, ast.IfExp):
        yield from (*_parts(node.body), *_parts(node.orelse))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        given = (*node.args, *(keyword.value for keyword in node.keywords))
        yield from (part for each in (node.func.value, *given) for part in _parts(each))
    elif not isinstance(node, ast.Constant):
        yield node


def _text(node: ast.expr) -> str:
    """How a text begins that is put together, as far as it is written down."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else "?" for each in node.values)
    return _text(node.left) if isinstance(node, ast.BinOp) else ""


def _statements(tree: ast.AST) -> Iterator[ast.expr]:
    """What is given to an execute, and every text put together that begins as a statement does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in EXECUTES:
            if node.args and isinstance(node.args[0], ast.JoinedStr | ast.BinOp | ast.Call):
                yield node.args[0]
        elif isinstance(node, ast.JoinedStr | ast.BinOp) and SQL.match(_text(node)):
            yield node


def _unjustified(source: str) -> set[str]:
    found = {ast.unparse(part) for each in _statements(ast.parse(source)) for part in _parts(each)}
    return {
        part
        for part in found
        if part not in NAMES and not CONSTANT.fullmatch(part) and not LISTED.fullmatch(part)
    }


@pytest.mark.parametrize("room", ROOMS)
def test_only_names_of_ours_are_part_of_a_statement(room: str) -> None:
    found = {
        f"{path.relative_to(ROOT)}: {part}"
        for path in (ROOT / room).rglob("*.py")
        for part in _unjustified(path.read_text("utf-8")) - QUOTED.get(str(path.relative_to(ROOT)), set())
    }
    assert found == set()


@pytest.mark.parametrize(
    "source",
    [
        "db.execute(f\"select 1 from t where a = '{sha256}'\")",
        'db.execute("select 1 from t where a = \'" + sha256 + "\'")',
        "db.execute(\"select 1 from t where a = '{}'\".format(sha256))",
        "db.execute(\"select 1 from t where a = '%s'\" % sha256)",
        "sql = f\"select 1 from t where a > '{first}'\"",
        "db.execute(made(sha256))",
    ],
)
def test_a_value_in_a_statement_is_seen(source: str) -> None:
    assert _unjustified(source) != set()
