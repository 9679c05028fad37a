"""The library over a published archive: panels, bodies, reports and tables, and its errors."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from browsing import served
from published import BUREAU_ID, COUNTY, COUNTY_ID, REVISED, cells, make_archive

import nianbao
from archive.publish import publish
from nianbao.library import Archive, LibraryError, NotFound

COUNTY_GOVERNMENT = "云岭县人民政府"
IMPORT_SECONDS = 0.3


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made archive, published, with a government of the county and a second office of its name."""
    folder = tmp_path_factory.mktemp("public")
    path = make_archive(folder / "archive.db")
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("insert into body values ('a1', ?, '530199', 'government')", [COUNTY_GOVERNMENT])
        conn.execute("insert into body values ('b2', ?, '110199', 'office')", [COUNTY])
        for body in ("a1", "b2"):
            conn.execute("insert into coverage values (?, 2022, 'not_found', 'column list')", [body])
    publish(path, folder / "public")
    return folder / "public"


@pytest.fixture(scope="module")
def archive(out: Path) -> Archive:
    return nianbao.open(out)


def test_the_import_is_light() -> None:
    heavy = "scrapy twisted duckdb pandas pyarrow sqlite_utils lxml".split()
    script = (
        f"import sys, nianbao; assert nianbao.open; print([name for name in {heavy} if name in sys.modules])"
    )
    taken = []
    for _time in range(3):
        started = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        taken.append(time.perf_counter() - started)
        assert done.stdout == "[]\n"
    assert min(taken) <= IMPORT_SECONDS, taken


@pytest.mark.parametrize("module", ["duckdb", "pandas"])
def test_what_is_not_installed_is_named_with_the_remedy(out: Path, module: str) -> None:
    ask = f"nianbao.open({str(out)!r}).panel('t3_granted__total').pandas()"
    script = f"import sys; sys.modules[{module!r}] = None\nimport nianbao\n{ask}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert f"{module} is not installed: pip install 'nianbao[research]'" in done.stderr


def test_every_table_is_a_view(archive: Archive) -> None:
    assert {"panel", "figures", "reports", "versions", "coverage", "codebook"} <= set(archive.tables)
    for table in archive.tables:
        (row,) = archive.sql(f"select count(*) as rows from {table}")
        assert row["rows"] == archive.sql(f"from {table}").arrow().num_rows
    assert archive.release
    assert len(archive.sql("from reports where body_id = ? and year = $2", [COUNTY_ID, 2022])) == 1
    assert len(archive.sql("from reports where body_id = $body", {"body": COUNTY_ID})) == 2


def test_a_panel_has_the_codes_that_were_asked_for(archive: Archive) -> None:
    rows = archive.panel(["t3_granted__total", "t2_*"], years=2022, division="530000", kind="office")
    assert [(row["report_id"], row["version"], row["t3_granted__total"]) for row in rows] == [(REVISED, 2, 7)]
    assert rows.columns[0] == "report_id"
    codes = [name for name in rows.columns if name in archive.codes]
    assert codes == ["t3_granted__total", *(code for code in archive.codes if code.startswith("t2_"))]
    whole = archive.panel()
    assert [row["year"] for row in whole] == [2022, 2022, 2020]
    assert set(archive.codes) < set(whole.columns)
    assert "suggested" in whole.columns
    assert whole.pandas()["year"].tolist() == whole.arrow()["year"].to_pylist()


def test_figures_are_of_the_latest_versions_unless_all_are_wanted(archive: Archive) -> None:
    code = "t2_licensing_decisions"
    assert [(row["version"], row["value"]) for row in archive.figures(code, years=[2022], kind="office")] == [
        (2, 1988)
    ]
    rows = archive.figures(code, years=range(2022, 2023), kind="office", latest=False)
    assert [(row["version"], row["value"]) for row in rows] == [(1, 0), (2, 1988)]
    assert len(archive.figures([])) == len(archive.panel(years=[])) == 0
    assert len(archive.figures(scope="body", latest=False)) == len(archive.sql("from figures"))
    assert len(archive.figures(division="000000")) == 0


def test_a_table_is_as_the_form_has_it(archive: Archive) -> None:
    report = archive.body(COUNTY_ID).report(2022)
    assert (report.id, report.version, report.tables) == (REVISED, 2, ("T2", "T3", "T4"))
    rows = list(report.table(3))
    form = [cell for cell in archive.codebook if (cell["generation"], cell["table"]) == ("G2021", "T3")]
    assert [(row["row_label"], row["col_label"], row["code"]) for row in rows] == [
        (cell["row_label"], cell["col_label"], cell["code"]) for cell in form
    ]
    wanted = cells("G2021", t3_granted__natural=(6, "number", "6", "contradicted"))
    found = {row["code"]: row for row in rows}
    assert all(found[row["code"]]["value"] == wanted[row["code"]][0] for row in rows)
    assert found["t3_granted__natural"]["proof"] == "contradicted"
    assert archive.body(COUNTY_ID).report(2022, version=1).figure("t3_granted__natural").value == 7


def test_a_table_of_an_older_generation_has_its_own_rows(archive: Archive) -> None:
    report = archive.body(COUNTY, division="53").report(2020)
    rows = {row["code"]: row for row in report.table(2)}
    form = {cell["code"]: cell for cell in archive.codebook if cell["generation"] == "G2019"}
    assert rows["t2_licensing_decisions"]["col_label"] == form["t2_licensing_decisions"]["col_label"]
    assert (rows["t2_procurement_amount"]["value"], rows["t2_procurement_amount"]["state"]) == (None, "dash")
    figure = report.figure("t2_penalty_items_prev")
    assert (figure.value, figure.state, figure.raw) == (None, "illegible", "3〇?")
    assert report.table(4).pandas()["value"].isna().sum() == 1


def test_a_body_is_found_by_id_name_and_place(archive: Archive) -> None:
    assert archive.body(BUREAU_ID).kind == "department"
    assert archive.body("云岭县").name == COUNTY_GOVERNMENT
    assert archive.body("云岭县").reports() == ()
    assert [report.year for report in archive.body(COUNTY, division="530000").reports()] == [2022, 2020]


Asks = Callable[[Archive], object]

WRONG: dict[str, tuple[Asks, str]] = {
    "code": (lambda a: a.panel("t3_grnted__total"), "no code 't3_grnted__total' .* t3_granted__total"),
    "pattern": (lambda a: a.figures(["t3_granted__total", "t9_*"]), "no code 't9_\\*' in the codebook"),
    "year": (lambda a: a.panel(years=[2022, 1999]), "no report on 1999 .*: 2020, 2022"),
    "kind": (lambda a: a.figures(kind="offices"), "of the kind 'offices' .*: department, office"),
    "scope": (lambda a: a.panel(scope="area"), "of the scope 'area' .*: body"),
    "division": (lambda a: a.panel(division="440000"), "division '440000' .*530199"),
    "short division": (lambda a: a.panel(division="53"), "six digits are wanted, as .*530199"),
    "no body": (lambda a: a.body("岭县水"), "no body has .*'岭县水'; .*云岭县水务局"),
    "misspelt body": (lambda a: a.body("云领县人民政府办公室"), "near it: .*云岭县人民政府办公室"),
    "two bodies": (lambda a: a.body(COUNTY), f"name of 2 bodies; .*110199, b2.*530199, {COUNTY_ID}"),
    "no report": (lambda a: a.body(COUNTY_ID).report(2021), "on 2021; its coverage is not_found .*2022"),
    "version": (lambda a: a.body(COUNTY_ID).report(2022, version=3), "in a version 3"),
    "no table": (lambda a: a.body(COUNTY_ID).report(2022).table(5), "no table 'T5'; it has: T2, T3, T4"),
    "no cell": (lambda a: a.body(COUNTY_ID).report(2022).figure("t3_granted"), "near it: t3_granted__"),
    "column": (lambda a: a.sql("select vlaue from figures"), '"vlaue" not found .*"value"'),
    "table of SQL": (lambda a: a.sql("select * from panal"), "panal does not exist.*The tables are: panel"),
    "no SQL": (lambda a: a.sql("selec 1"), "DuckDB cannot answer: Parser Error"),
    "no value": (lambda a: a.sql("select ? + ?", [1]), "DuckDB cannot answer: .*parameters: 2"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_named(archive: Archive, wrong: str) -> None:
    ask, said = WRONG[wrong]
    with pytest.raises(LibraryError, match=said):
        ask(archive)


def test_values_are_never_part_of_the_sql(archive: Archive) -> None:
    quoted = "' or 1 = 1 --"
    for ask in (
        lambda: archive.body(quoted),
        lambda: archive.panel(kind=quoted),
        lambda: archive.panel(division=quoted),
        lambda: archive.panel(f'"{quoted}'),
        lambda: archive.body(COUNTY_ID).report(quoted),  # type: ignore[arg-type]
    ):
        with pytest.raises((NotFound, LibraryError)):
            ask()
    assert archive.body('云岭县水务局<script>alert("x")</script>').id == BUREAU_ID


def test_variables_of_the_caller_are_no_tables(archive: Archive) -> None:
    panal = archive.panel().pandas()
    with pytest.raises(NotFound, match="panal does not exist"):
        archive.sql("select * from panal")
    assert len(panal) == 3


@pytest.fixture
def copy(out: Path, tmp_path: Path) -> Path:
    """A copy of the publication under a name that means something to a shell."""
    folder = tmp_path / "it's [a-b] *"
    shutil.copytree(out, folder)
    return folder


def test_a_folder_may_have_any_name(copy: Path) -> None:
    assert len(nianbao.open(str(copy)).panel()) == 3


def test_wrong_folders_are_named(copy: Path, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="none: no such folder"):
        nianbao.open(tmp_path / "none")
    with pytest.raises(LibraryError, match=r"not a publication, it has no datapackage\.json"):
        nianbao.open(tmp_path)
    for text in ("{", "[]", '{"resources": [], "version": 1}', '{"resources": [{}], "version": 1}'):
        (tmp_path / "datapackage.json").write_text(text)
        with pytest.raises(LibraryError, match=r"datapackage.json|not a publication"):
            nianbao.open(tmp_path)
    (copy / "panel.parquet").unlink()
    with pytest.raises(LibraryError, match=r"panel\.parquet is missing"):
        nianbao.open(copy).panel()


@pytest.mark.parametrize("where", ["head", "middle", "end"])
def test_a_damaged_file_is_named(copy: Path, where: str) -> None:
    data = bytearray((copy / "figures.parquet").read_bytes())
    start = {"head": 0, "middle": len(data) // 4, "end": len(data) - 400}[where]
    data[start : start + 400] = bytes(400)
    (copy / "figures.parquet").write_bytes(data)
    archive = nianbao.open(copy)
    if where == "head":
        archive._source.path("figures").write_bytes(b"no Parquet")
    with pytest.raises(LibraryError, match=r"figures.parquet is damaged: .*copy it again"):
        archive.figures(latest=False)


@contextmanager
def folder_served(folder: Path) -> Iterator[str]:
    """The address of a plain file server over a folder."""
    handler = partial(SimpleHTTPRequestHandler, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_the_site_is_opened_as_the_folder_is(out: Path, archive: Archive) -> None:
    with served(out) as site:
        far = nianbao.open(f"{site}/downloads")
        assert far.panel("t3_*").arrow() == archive.panel("t3_*").arrow()
        assert list(far.body(COUNTY_ID).report(2022).table(3)) == list(
            archive.body(COUNTY_ID).report(2022).table(3)
        )
        with pytest.raises(LibraryError, match=r"datapackage\.json answers 404; name the address"):
            nianbao.open(f"{site}/nowhere")


def test_files_of_an_address_are_fetched_when_needed_and_kept(out: Path, tmp_path: Path) -> None:
    with folder_served(out) as address:
        assert len(nianbao.open(f"{address}/", cache=tmp_path).sql("select figures from reports")) == 3
    (kept,) = tmp_path.iterdir()
    assert kept.read_bytes() == (out / "reports.parquet").read_bytes()
    with pytest.raises(LibraryError, match=r"cannot be fetched \(.*refused"):
        nianbao.open(address)


def test_a_file_that_comes_damaged_is_not_kept(copy: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    (copy / "reports.parquet").write_bytes((copy / "reports.parquet").read_bytes()[:-9])
    with folder_served(copy) as address:
        archive = nianbao.open(address, cache=cache)
        with pytest.raises(
            LibraryError, match=r"reports\.parquet is not the file that .*open the archive again"
        ):
            archive.body(COUNTY_ID).reports()
        (copy / "findings.parquet").unlink()
        with pytest.raises(LibraryError, match=r"findings\.parquet answers 404"):
            archive.sql("from findings")
    assert {path.name.partition("-")[0] for path in cache.iterdir()} == {"coverage", "versions"}


def test_other_addresses_are_not_opened() -> None:
    with pytest.raises(LibraryError, match="only http and https"):
        nianbao.open("ftp://example.org/downloads")


def test_a_kept_release_is_read_as_it_was_published(archive: Archive, out: Path, tmp_path: Path) -> None:
    (release,) = (out.parent / "releases").iterdir()
    kept = nianbao.open(release)
    assert kept.release == archive.release
    assert set(kept.tables) == set(archive.tables)
    for table in archive.tables:
        asked = f"select * from {table} order by all"
        assert list(kept.sql(asked)) == list(archive.sql(asked)), table
    assert [*kept.panel()] == [*archive.panel()]
    hurt = tmp_path / release.name
    shutil.copytree(release, hurt)
    next(hurt.glob("figures.*")).write_bytes(b"PAR1")
    with pytest.raises(LibraryError, match=r"figures\..* is not what was kept"):
        nianbao.open(hurt).figures()
    (hurt / "manifest.json").write_text("{}")
    with pytest.raises(LibraryError, match=r"manifest\.json is damaged"):
        nianbao.open(hurt)
