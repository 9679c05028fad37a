"""Download files narrowed to a year, a division, a kind: the rows that are asked for, and nothing without a word."""

from __future__ import annotations

import asyncio
import csv
import gzip
import sqlite3
from contextlib import closing
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import lxml.html
import pyarrow.parquet as pq
import pytest
from published import URL, add_version, figure, make_archive, report_id

from archive.divisions import beginning
from archive.ids import content_id
from archive.publish import publish
from web import app
from web.data import filtering
from web.data.filtering import Chosen, Shape

# A city whose code ends in 0, and its neighbours in the count; bodies of the centre and of a longer code.
DIVISIONS = ("411000", "411102", "120110", "120111", "500000", "510100", "000000", "", "530199001")
KINDS = ("government", "office", "department")


def _more_bodies(db: Path) -> None:
    """A body of each kind in each division, with a report of 2021 or 2022."""
    with closing(sqlite3.connect(db)) as conn, conn:
        bodies = [(division, kind) for division in DIVISIONS for kind in KINDS]
        for number, (division, kind) in enumerate(bodies):
            body, year = content_id(division, kind), 2021 + number % 2
            conn.execute("insert into body values (?, ?, ?, ?)", [body, f"机关{number}", division, kind])
            conn.execute("insert into coverage values (?, ?, 'found', '')", [body, year])
            report = report_id(body, year)
            conn.execute("insert into report values (?, ?, ?, 'body')", [report, body, year])
            about = [content_id(report, 1), report, 1, f"f{number}", content_id("a.html"), '=年报,"新"', body]
            seen = ["{}", "[]", *["2023-03-01T00:00:00Z"] * 2]
            add_version(
                conn, [*about, URL, "title", *seen], [figure(number), figure(0, "t3_carried_in__total")]
            )


def shown_in(text: str) -> Any:
    return lxml.html.fromstring(text)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filters")
    db = make_archive(folder / "archive.db")
    _more_bodies(db)
    publish(db, folder / "public")
    return folder / "public"


@pytest.fixture(scope="module")
def get(out: Path) -> Any:
    site = app(out)
    return lambda path, **more: asyncio.run(site.client.get(path, **more))


TABLES = ("panel", "figures", "reports", "versions", "findings", "coverage", "statements", "changes")
ASKED = [
    Chosen(),
    Chosen(2022),
    Chosen(2020, "530000"),
    Chosen(None, "411000"),
    Chosen(None, "410000"),
    Chosen(None, "500000"),
    Chosen(None, "120110", "office"),
    Chosen(2021, "000000"),
    Chosen(None, "530199", "government"),
    Chosen(2022, "", "department"),
    Chosen(None, "", "branch"),
]


def wanted(out: Path, name: str, chosen: Chosen) -> list[list[str]]:
    """The rows of the whole file that a filter should leave, found one by one."""
    with closing(sqlite3.connect(out / "nianbao.db")) as conn:
        kinds = dict(conn.execute("select r.id, b.kind from report r join body b on b.id = r.body_id"))
        kinds |= dict(conn.execute("select id, kind from body"))
    head, *rows = csv.reader(StringIO((out / f"{name}.csv").read_text("utf-8")))
    at = {column: place for place, column in enumerate(head)}
    key = at.get("report_id", at.get("body_id", 0))

    def fits(row: list[str]) -> bool:
        place = row[at["division"]][:6]
        return (
            (chosen.year is None or row[at["year"]] == str(chosen.year))
            and (not chosen.division or _inside(place, chosen.division))
            and (not chosen.kind or kinds.get(row[key]) == chosen.kind)
        )

    return [head, *filter(fits, rows)]


def _inside(place: str, division: str) -> bool:
    above = {place or "000000", place[:4] + "00", place[:2] + "0000"}
    return division in (above if place.isdigit() else {"000000"})


@pytest.mark.parametrize("chosen", ASKED, ids=str)
@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_narrowed_to_the_rows_that_are_asked_for(
    out: Path, get: Any, name: str, chosen: Chosen
) -> None:
    pairs = {"year": chosen.year, "division": chosen.division, "kind": chosen.kind}
    asked = urlencode({key: value for key, value in pairs.items() if value})
    rows = wanted(out, name, chosen)
    answer = get(f"/downloads/{name}.csv?{asked}")
    assert [*csv.reader(StringIO(answer.text))] == rows
    table = pq.read_table(BytesIO(get(f"/downloads/{name}.parquet?{asked}").content))
    assert table.schema.equals(pq.read_schema(out / f"{name}.parquet"), check_metadata=True)
    first = table[table.column_names[0]].to_pylist()
    assert (table.column_names, first) == (rows[0], [row[0] for row in rows[1:]])


def test_a_narrowed_table_is_the_lines_of_the_file(out: Path, get: Any) -> None:
    whole = (out / "reports.csv").read_text("utf-8").splitlines()
    found = get("/downloads/reports.csv?division=411000&bom=1").content.decode("utf-8")
    assert found.splitlines() == ["\ufeff" + whole[0], *(line for line in whole if ",411000," in line)]


def test_rows_are_looked_for_a_part_at_a_time(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row groups that cannot have a row are passed over; the others come in more than one piece."""
    small = tmp_path / "reports.parquet"
    pq.write_table(pq.read_table(out / "reports.parquet").sort_by("division"), small, row_group_size=2)
    monkeypatch.setattr(filtering, "CELLS", 1)
    found = [*filtering.pieces(small, out / "nianbao.db", Chosen(None, "411000"), Shape.CSV)]
    assert sum(map(bool, found)) in (3, 4)
    assert len([*csv.DictReader(StringIO(b"".join(found).decode()))]) == 3
    packed = [*filtering.pieces(small, out / "nianbao.db", Chosen(None, "411000"), Shape.PACKED)]
    assert gzip.decompress(b"".join(packed)) == b"".join(found)
    parquet = [*filtering.pieces(small, out / "nianbao.db", Chosen(None, "411000"), Shape.PARQUET)]
    assert pq.read_table(BytesIO(b"".join(parquet)))["division"].to_pylist() == ["411000"] * 3


def test_findings_are_narrowed_by_their_own_kind_too(get: Any) -> None:
    rows = [*csv.DictReader(StringIO(get("/downloads/findings.csv?kind=identity_fails").text))]
    assert [row["kind"] for row in rows] == ["identity_fails"]
    assert len(get("/downloads/findings.csv?kind=unit_differs").text.splitlines()) == 1
    assert get("/downloads/reports.csv?kind=identity_fails").status_code == 400


@pytest.mark.parametrize(
    ("path", "remedy"),
    [
        ("panel.csv?yaer=2022", "year division kind bom"),
        ("panel.parquet?bom=1", "year division kind"),
        ("codebook.csv?year=2020", "bom"),
        ("codebook.parquet?kind=office", "kind"),
        ("nianbao.db?year=2022", "year"),
        ("SHA256SUMS?x=1", "x"),
        ("panel.csv?year=1999", "2022 2021 2020"),
        ("panel.csv?year=2o22", "?year=1"),
        ("panel.csv?division=999999", "?division=410000"),
        ("panel.csv?division=53", "?division=410000"),
        ("panel.csv?division=%2553", "?division=410000"),
        ("panel.csv?kind=ministry", "government office department"),
        ("panel.csv?year=2022&year=2021", "year"),
        ("panel.csv?bom=yes", "?bom=1"),
    ],
)
def test_what_a_file_does_not_take_is_told(get: Any, path: str, remedy: str) -> None:
    answer = get(f"/downloads/{path}")
    assert answer.status_code == 400
    assert remedy in shown_in(answer.text).text_content()


def test_an_empty_filter_is_none(get: Any, out: Path) -> None:
    answer = get("/downloads/panel.csv?year=&division=&kind=")
    assert answer.content == (out / "panel.csv").read_bytes()


def test_the_rows_of_a_province_are_one_click_from_its_page(get: Any) -> None:
    shown = shown_in(get("/division/530000").text)
    links = shown.xpath("//section[@aria-labelledby='data']//a/@href")
    assert "/downloads/panel.csv?division=530000" in links
    for link in links:
        assert get(link).status_code == 200, link
    chosen = shown_in(get("/division/530000?year=2022&kind=office").text)
    assert "/downloads/figures.parquet?year=2022&division=530000&kind=office" in chosen.xpath("//a/@href")


def test_the_list_narrows_its_links(get: Any) -> None:
    shown = shown_in(get("/downloads?division=411000&year=2022").text)
    links = shown.xpath("//table//th//a/@href")
    assert {
        "/downloads/panel.csv?year=2022&division=411000",
        "/downloads/panel.csv",
        "/downloads/codebook.csv",
    } <= {*links}
    assert shown.xpath("//select[@name='division']/option[@selected]/text()") == ["411000"]
    assert get("/downloads?division=1").status_code == 400


def test_a_filter_has_a_tag_of_its_own(get: Any) -> None:
    asked = ("", "?year=2022", "?division=530000", "?division=530000&kind=office", "?bom=1")
    tags = [get(f"/downloads/panel.csv{each}").headers["etag"] for each in asked]
    assert len({*tags}) == len(asked)


@pytest.mark.parametrize(
    ("code", "begins"),
    [
        ("500000", "50"),
        ("411000", "4110"),
        ("120110", "120110"),
        ("120100", "1201"),
        ("000000", "000000"),
        ("", ""),
    ],
)
def test_a_division_is_what_begins_like_it(code: str, begins: str) -> None:
    assert beginning(code) == begins


def test_neighbours_by_number_are_not_below(get: Any) -> None:
    """重庆 (500000) is not above 四川, nor 许昌 (411000) above 漯河, nor 东丽 (120110) above 西青."""
    for code in ("500000", "411000", "120110"):
        assert {row["division"] for row in get(f"/division/{code}.json").json()["bodies"]} == {code}
