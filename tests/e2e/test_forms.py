"""A generation of the form is rows of data: one that nobody built in is read, proven, published and shown, every cell."""

from __future__ import annotations

import ast
import asyncio
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import lxml.html
import pytest
from inventing import BEFORE, GENERATION, NEW_ROWS, YEAR, invent
from made import Country

from archive.derived import derive
from archive.publication.indicators import indicator
from archive.publish import publish
from nianbao.front.exits import Exit
from parsers import forms
from parsers.codebook import codebook
from parsers.forms import FormsError, using
from parsers.identities import equations
from parsers.records import Proof
from parsers.report import parse
from sample.forms.sheet import Sheet, sheet_of
from sample.make import country
from tests.corpus.excel import xlsx_of
from tests.corpus.quirks import PRINTERS
from web import app
from web.data import standings

PACKAGES = ("parsers", "archive", "web", "crawler", "nianbao", "sample")
ROOT = Path(__file__).parents[2]
CONTAINERS = ("html", "text", "docx", "pdf", "xlsx", "odt", "ods")
NEW = [prefix for _, prefix in NEW_ROWS.values()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return invent(tmp_path_factory.mktemp("forms"))


@pytest.fixture(scope="module")
def sheets(folder: Path) -> dict[int, list[Sheet]]:
    """Reports of the invented generation, and of the one before it, by year; no figure of them is a misprint."""
    with using(folder):
        reports = country(bodies=len(CONTAINERS) + 2, years=range(YEAR - 1, YEAR + 1)).reports
        whole = [report for report in reports if not report.printed_errors]
        return {
            year: [sheet_of(report) for report in whole if report.year == year] for year in (YEAR - 1, YEAR)
        }


def printed(sheet: Sheet, container: str) -> bytes:
    return xlsx_of(sheet) if container == "xlsx" else PRINTERS[container](sheet, Random(1))


@pytest.mark.parametrize("container", CONTAINERS)
def test_every_cell_of_an_invented_generation_is_read_and_proven(
    folder: Path, sheets: dict[int, list[Sheet]], container: str
) -> None:
    sheet = sheets[YEAR][CONTAINERS.index(container)]
    report = parse(printed(sheet, container), forms=folder)
    assert {figure.code: figure.value for figure in report.figures} == sheet.figures
    assert set(report.generations.values()) == {GENERATION}
    assert (report.findings, report.extra_rows, report.warnings) == ((), (), ())
    with using(folder):
        rules = [rule for table in report.generations for rule in equations(table, GENERATION)]
    assert all(identity.holds for identity in report.identities)
    proven = {code for rule in rules for code in rule.codes}
    assert {prefix + "__total" for prefix in NEW} | {"t4_review_mediated"} <= proven
    assert {figure.code for figure in report.figures if figure.proof is Proof.PROVEN} == proven


@pytest.mark.parametrize("container", CONTAINERS)
def test_the_generation_before_is_read_as_before(
    folder: Path, sheets: dict[int, list[Sheet]], container: str
) -> None:
    sheet = sheets[YEAR - 1][0]
    report = parse(printed(sheet, container), forms=folder)
    assert {figure.code: figure.value for figure in report.figures} == sheet.figures
    assert set(report.generations.values()) == {BEFORE}
    assert report == parse(printed(sheet, container))


def test_forms_are_of_one_call_and_the_packaged_ones_come_back(
    folder: Path, sheets: dict[int, list[Sheet]]
) -> None:
    data = printed(sheets[YEAR][0], "html")
    assert GENERATION in parse(data, forms=folder).generations.values()
    report = parse(data)
    assert GENERATION not in report.generations.values()
    assert {row.label for row in report.extra_rows} >= {label for label, _ in NEW_ROWS.values()}


def test_a_report_without_a_table_of_its_generation_says_so(
    folder: Path, sheets: dict[int, list[Sheet]]
) -> None:
    sheet = sheets[YEAR][0]
    without = sheet.with_grids(lambda grid: [] if grid is sheet.grids()[-1] else [grid])
    assert parse(printed(without, "html"), forms=folder).warnings == ("no table was found for x27",)


@dataclass(frozen=True)
class Site:
    """A publication of reports of the invented generation, and how its pages are asked for."""

    public: Path
    sheets: list[Sheet]

    def get(self, path: str) -> Any:
        response = asyncio.run(app(self.public).client.get(path))
        assert response.status_code == 200, response.text
        return response


@pytest.fixture(scope="module")
def site(folder: Path, sheets: dict[int, list[Sheet]], tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A report in each container, kept, derived and published with the invented forms."""
    place = tmp_path_factory.mktemp("site")
    shown = [sheets[YEAR][number] for number in range(len(CONTAINERS))]
    filled = Country(place / "archive.db")
    for number, (container, sheet) in enumerate(zip(CONTAINERS, shown, strict=True)):
        filled.shows(f"http://www.huojia.gov.cn/{number}.html", printed(sheet, container), title=sheet.title)
    with pytest.MonkeyPatch.context() as patch, using(folder):
        patch.setenv(forms.SETTING, str(folder))  # for the processes that read
        derive.read(filled.archive)
        filled.archive.close()
        publish(place / "archive.db", place / "public")
    return Site(place / "public", shown)


def test_every_cell_is_derived_and_published(site: Site) -> None:
    with closing(sqlite3.connect(site.public / "nianbao.db")) as conn:
        rows = conn.execute("select body, code, value from v_figures where year = ?", [YEAR]).fetchall()
    found: dict[str, dict[str, Any]] = {}
    for body, code, value in rows:
        found.setdefault(body, {})[code] = value
    assert found == {sheet.issuer: sheet.figures for sheet in site.sheets}
    panel = (site.public / "panel.csv").read_text("utf-8").splitlines()
    assert {*site.sheets[0].figures} <= {*panel[0].split(",")}


def test_new_rows_are_counted_in_the_indicators(folder: Path, site: Site) -> None:
    with using(folder), closing(sqlite3.connect(site.public / "nianbao.db")) as conn:
        conn.row_factory = sqlite3.Row
        bodies = {row["name"]: row["id"] for row in conn.execute("select id, name from body")}
        scopes = {row["body"]: row["scope"] for row in conn.execute("select body, scope from v_reports")}
        for sheet in site.sheets:
            told = standings.values(conn, bodies[sheet.issuer], scopes[sheet.issuer])
            for name in ("unable", "refused"):
                rows = [code for code in sheet.figures if re.fullmatch(rf"t3_{name}_.*__total", code)]
                assert {prefix for prefix in NEW if f"t3_{name}_" in prefix} <= {row[:-7] for row in rows}
                assert told[name][YEAR] == sum(sheet.figures[code] or 0 for code in rows)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_cell_is_shown_in_its_table_in_both_languages(site: Site, language: str) -> None:
    with closing(sqlite3.connect(site.public / "nianbao.db")) as conn:
        (report, body) = conn.execute("select report_id, body from v_reports").fetchone()
    (sheet,) = (sheet for sheet in site.sheets if sheet.issuer == body)
    page = lxml.html.fromstring(site.get(f"/report/{report}?lang={language}").text)
    shown = {cell.get("id"): cell.xpath("string(a)") for cell in page.xpath("//table//td[@id]")}
    assert {code: text.strip("\u200b") for code, text in shown.items()} == {
        code: "" if value is None else str(value) for code, value in sheet.figures.items()
    }
    headings = [heading.text_content() for heading in page.xpath("//section[@class='statutory']/h2")]
    assert headings[-1] == ("年度补充指标表" if language == "zh" else "Further indicators of the year")
    assert len(headings) == 4
    (matrix,) = page.xpath("//table[@id='t3']")
    labels = {heading.text_content() for heading in matrix.xpath(".//th")}
    assert labels >= {label for label, _ in NEW_ROWS.values()}


def test_a_command_reads_with_other_forms(
    nianbao: Any,
    folder: Path,
    sheets: dict[int, list[Sheet]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "report.docx"
    path.write_bytes(printed(sheets[YEAR][0], "docx"))
    told = json.loads(nianbao("parse", path, "--json", "--forms", folder).out)
    assert {figure["code"]: figure["value"] for figure in told["figures"]} == sheets[YEAR][0].figures
    nowhere = nianbao("parse", path, "--forms", tmp_path)
    assert nowhere.code == Exit.CONFIGURATION
    assert "no forms are there" in nowhere.err
    with using(folder):  # all that was remembered is forgotten, here and behind it
        pass
    monkeypatch.setenv(forms.SETTING, str(folder))
    assert json.loads(nianbao("parse", path, "--json").out) == told
    monkeypatch.delenv(forms.SETTING)
    with using(folder):
        pass


def test_forms_that_do_not_fit_together_say_what_is_missing(folder: Path, tmp_path: Path) -> None:
    lines = (folder / "forms.csv").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "codebook.csv").write_bytes((folder / "codebook.csv").read_bytes())

    def reads(old: str, new: str) -> None:
        (tmp_path / "forms.csv").write_text("".join(lines).replace(old, new), "utf-8")
        with using(tmp_path):
            for cell in codebook():
                equations(cell.code.partition("_")[0], cell.generation)

    with pytest.raises(FormsError, match=r"has G2027 T3, but forms.csv has no row"):
        reads("G2027,T3", "G2028,T3")
    with pytest.raises(FormsError, match=r"forms.csv line 3: 'grid' is not a valid Layout"):
        reads("matrix", "grid")
    with pytest.raises(FormsError, match=r"names t3_received__natural, and codebook.csv has none"):
        reads("t3_new_received__{column}", "t3_received__{column}")
    with pytest.raises(FormsError, match="is no identity"):
        reads("T4-I1:{group} t4", "t4")


def test_an_indicator_names_groups_and_no_group_is_empty() -> None:
    refused = indicator("refused")
    assert refused is not None
    assert "t3_refused_repeat__total" in refused.used
    assert not any("*" in code for code in refused.used)


def code_of(package: str) -> Iterator[tuple[Path, str]]:
    """The code of each module, without what its docstrings and comments say."""
    for path in sorted((ROOT / package).rglob("*.py")):
        text = re.sub(r'"""(?:[^"\\]|\\.|"(?!""))*"""', "", path.read_text("utf-8"))
        yield path.relative_to(ROOT), re.sub(r"(?m)#.*$", "", text)


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_holds_a_generation(package: str) -> None:
    named = {entry.generation for entry in forms.entries()}
    literal = re.compile(r"\bG20\d\d[A-Z]?\b")
    assert named
    assert all(literal.fullmatch(name) for name in named)
    assert [(path, literal.findall(text)) for path, text in code_of(package) if literal.search(text)] == []


KNOWING = (
    *(ROOT / "parsers" / "tables").glob("*.py"),
    *(ROOT / "sample" / "forms").glob("*.py"),
    *(ROOT / "parsers" / f"{name}.py" for name in ("codebook", "forms", "identities", "report", "second")),
    ROOT / "sample" / "codebook.py",
    ROOT / "web" / "drawing" / "form.py",
)
"""The modules that read, print or show tables."""


def test_no_module_that_knows_forms_holds_the_size_of_a_table() -> None:
    tables = tables_of(codebook()).values()
    cells, rows = (
        {*map(len, tables)},
        {len({(cell.block, cell.row_label) for cell in table}) for table in tables},
    )
    sizes = {size for size in {7, 15} | cells | rows if size == 7 or size > 12}
    held = {
        (path.name, number)
        for path in KNOWING
        for number in numbers_in(path.read_text("utf-8"))
        if number in sizes
    }
    assert held == {("values.py", 15)}, "but for the digits of a number"


def numbers_in(text: str) -> Iterator[int]:
    """The whole numbers in code; those in strings are none."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and type(node.value) is int:
            yield node.value


def tables_of(cells: Any) -> dict[tuple[str, str], list[Any]]:
    found: dict[tuple[str, str], list[Any]] = {}
    for cell in cells:
        found.setdefault((cell.generation, cell.table), []).append(cell)
    return found
