"""The documents for researchers are true: every query, script and example runs over the sample country."""

from __future__ import annotations

import asyncio
import json
import math
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from demos import run_demo

from web import app

pytestmark = pytest.mark.slow

DOCS = Path(__file__).parents[2] / "docs"


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


RESEARCH = (DOCS / "research.md").read_text("utf-8")
QUESTIONS = re.split(r"^## (?=\d)", RESEARCH.partition("\n## Citing")[0], flags=re.M)[1:]
NUMBERS = range(len(QUESTIONS))


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample country, crawled, read and published."""
    folder = tmp_path_factory.mktemp("demo")
    ended = run_demo(folder)
    assert ended.returncode == 0, ended.stderr
    return folder / "public"


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


Rows = list[tuple[Any, ...]]


def plain(rows: Any) -> Rows:
    """Rows of any source: numbers as floats, nothing as None."""

    def cell(value: Any) -> Any:
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return None
        return value if isinstance(value, str) else float(value)

    return [tuple(cell(value) for value in row) for row in rows]


def asked(public: Path, number: int) -> Rows:
    (sql,) = blocks(QUESTIONS[number], "sql")
    with closing(sqlite3.connect(f"{(public / 'nianbao.db').as_uri()}?mode=ro", uri=True)) as conn:
        return plain(conn.execute(sql))


SCRIPTS = ("pandas", "library")
"""In what the scripts of Python of a question are written, in their order."""


def test_there_are_five_questions_each_in_four_ways() -> None:
    assert len(QUESTIONS) == 5
    wanted = {"sql": 1, "python": len(SCRIPTS), "r": 1}
    assert all(len(blocks(q, language)) == count for q in QUESTIONS for language, count in wanted.items())


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("script", SCRIPTS)
def test_sql_and_python_give_the_same_answer(public: Path, number: int, script: str) -> None:
    scope: dict[str, Any] = {}
    with inside(public):
        exec(blocks(QUESTIONS[number], "python")[SCRIPTS.index(script)], scope)
    answer = plain(scope["answer"].itertuples(index=False))
    assert answer
    assert answer == asked(public, number)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_site_answers_the_same(public: Path, number: int) -> None:
    (sql,) = blocks(QUESTIONS[number], "sql")
    found = asyncio.run(app(public).client.get("/nianbao.json", params={"sql": sql, "_size": "max"})).json()
    assert plain(found["rows"]) == asked(public, number)


@pytest.mark.skipif(
    shutil.which("Rscript") is None, reason="no R on this machine: apt-get install r-base-core"
)
@pytest.mark.parametrize("number", NUMBERS)
def test_r_gives_the_same_answer(public: Path, number: int) -> None:
    have = "quit(status = as.integer(!all(c('arrow', 'dplyr') %in% rownames(installed.packages()))))"
    if subprocess.run(["Rscript", "-e", have], check=False).returncode:
        pytest.skip("R lacks the packages arrow and dplyr")
    script = blocks(QUESTIONS[number], "r")[0] + '\nwrite.csv(answer, "answer.csv", row.names = FALSE)'
    subprocess.run(["Rscript", "-e", script], check=True, cwd=public)
    answer = pd.read_csv(public / "answer.csv")
    (public / "answer.csv").unlink()
    assert plain(answer.itertuples(index=False)) == asked(public, number)


def test_the_data_is_read_as_documented(public: Path) -> None:
    text = (DOCS / "data.md").read_text("utf-8")
    scope: dict[str, Any] = {}
    with inside(public):
        exec(blocks(text, "python")[0], scope)
        (sql,) = blocks(text, "sql")
        sums = duckdb.sql(sql).fetchall()
    assert len(scope["panel"]) == len(scope["reports"]) == 83
    assert scope["reports"]["division"].str.fullmatch(r"\d{6}").all()
    with closing(sqlite3.connect(public / "nianbao.db")) as conn:
        codes = "select year, sum(value) from v_figures where code = 't3_new_received__total' group by year order by year"
        assert plain(sums) == plain(conn.execute(codes))


@pytest.mark.parametrize(
    "path", ["panel", "figures", "reports", "versions", "findings", "coverage", "statements", "changes"]
)
def test_every_reader_sees_the_same_rows(public: Path, path: str) -> None:
    """CSV and Parquet, by pandas and DuckDB; and by them, what the database holds."""
    with inside(public):
        (table,) = (each.name for each in Path().glob(f"{path}.csv*"))
        numbers = {
            len(pd.read_csv(table, low_memory=False)),
            len(pd.read_parquet(f"{path}.parquet")),
            duckdb.sql(f"select count(*) from '{path}.parquet'").fetchall()[0][0],
            duckdb.sql(f"select count(*) from read_csv('{table}', header = true)").fetchall()[0][0],
        }
    assert len(numbers) == 1


def test_downloads_have_the_rows_of_the_pages(public: Path) -> None:
    """Every figure, finding and coverage of a page is in the files, and the other way round."""
    site = app(public)

    def get(path: str) -> Any:
        return asyncio.run(site.client.get(path)).json()

    figures = pd.read_parquet(public / "figures.parquet")
    panel = pd.read_parquet(public / "panel.parquet").set_index("report_id")
    for report_id in list(panel.index)[::9]:
        page = get(f"/report/{report_id}.json")
        mine = figures[(figures["report_id"] == report_id) & (figures["version"] == page["version"])]
        wanted = sorted(
            (f["code"], f["value"], f["state"], f["raw"], f["unit"], f["proof"], f["place"])
            for f in page["figures"]
        )
        columns = ["code", "value", "state", "raw", "unit", "proof", "place"]
        rows = [
            (code, None if math.isnan(value) else value, *rest)
            for code, value, *rest in sorted(mine[columns].itertuples(index=False, name=None))
        ]
        assert rows == wanted
        row = panel.loc[report_id]
        assert all(row[f["code"]] == f["value"] for f in page["figures"] if f["value"] is not None)
    findings = pd.read_parquet(public / "findings.parquet")
    latest = pd.read_parquet(public / "reports.parquet")[["report_id", "version"]]
    assert len(findings.merge(latest)) == get("/findings.json")["total"]


API = (DOCS / "api.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```http\nGET (\S+)\n```\n+```json\n(.*?)^```", API, re.M | re.S)


def fits(wanted: Any, found: Any) -> bool:
    """Whether an answer has what the example shows; … stands for anything."""
    if wanted == "…":
        return True
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(
            k in found and fits(v, found[k]) for k, v in wanted.items() if k != "…"
        )
    if isinstance(wanted, list):
        if wanted[-1:] == ["…"]:
            wanted, found = wanted[:-1], found[: len(wanted) - 1]
        return isinstance(found, list) and len(wanted) == len(found) and all(map(fits, wanted, found))
    return bool(wanted == found)


def test_the_api_has_an_example_of_each_address() -> None:
    shown = {re.sub(r"[?].*", "", path) for path, _ in EXAMPLES}
    for address in ("/index.json", "/body/", "/report/", "/diff.json", "/findings.json", "/compare.json", "/search.json",
                    "/downloads.json", "/capture/", "/cite.json", "/feed.atom.json", "/nianbao.json"):  # fmt: skip
        assert any(address in path for path in shown), address


@pytest.mark.parametrize(("path", "text"), EXAMPLES, ids=[path for path, _ in EXAMPLES])
def test_the_examples_of_the_api_are_true(public: Path, path: str, text: str) -> None:
    with closing(sqlite3.connect(public / "nianbao.db")) as conn:
        sha256 = conn.execute(
            "select sha256 from capture where content_type like 'text/html%' order by id"
        ).fetchone()[0]
    answer = asyncio.run(app(public).client.get(path.replace("{sha256}", sha256)))
    assert answer.status_code == 200
    assert fits(json.loads(text), answer.json()), answer.text[:3000]
