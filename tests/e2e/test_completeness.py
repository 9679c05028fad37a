"""The sum over what is held below an area against what its report says: whole, so many missing, or too many."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from published import add_version, figure, make_archive

from archive.derived import completeness
from archive.derived.completeness import Behind
from archive.ids import content_id
from archive.publication.snapshot import build_database
from sample.make import country
from sample.truth import Truth
from web import app

COUNTRY = country(seed=1, bodies=12, years=(2023, 2024))
CITY, COUNTY, YEAR = "990100", "990121", 2024
RECEIVED = "t3_new_received__total"
Change = Callable[[sqlite3.Connection], None]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All reports of a sample country, none of them misprinted."""
    path = make_archive(tmp_path_factory.mktemp("completeness") / "archive.db")
    with closing(sqlite3.connect(path)) as conn, conn:
        for report in COUNTRY.reports:
            assert not report.printed_errors
            _keep(conn, report)
    return path


def _keep(conn: sqlite3.Connection, report: Truth, body_id: str = "", number: int = 1) -> None:
    body, body_id = report.body, body_id or content_id(report.body.name)
    row = (body_id, report.body.name, body.division, body.kind.value)
    conn.execute("insert into body values (?, ?, ?, ?) on conflict do nothing", row)
    report_id = f"{body_id} {report.year}"
    keys = (report_id, body_id, report.year, report.scope)
    conn.execute("insert into report values (?, ?, ?, ?) on conflict do nothing", keys)
    version = [f"{report_id} {number}", report_id, number, f"f{number}", "c", "题", "", "u", "t", "{}", "[]"]
    seen = ["2025-03-01T00:00:00Z"] * 2
    printed = ((code, value) for code, value in report.figures.items() if value is not None)
    add_version(conn, version + seen, [figure(value, code) for code, value in printed])  # type: ignore[arg-type]


@contextmanager
def _published(
    archive: Path, folder: Path, change: Change = lambda _conn: None
) -> Iterator[sqlite3.Connection]:
    path = folder / "changed.db"
    with closing(sqlite3.connect(archive)) as old, closing(sqlite3.connect(path)) as new, new:
        old.backup(new)
        change(new)
    build_database(path, folder / "nianbao.db")
    with closing(sqlite3.connect(folder / "nianbao.db")) as conn:
        yield conn


def _cells(conn: sqlite3.Connection, area: str) -> dict[str, tuple[float, float, int, str]]:
    sql = "select code, total, held, unread, state from completeness where (area, year) = (?, ?)"
    return {code: tuple(rest) for code, *rest in conn.execute(sql, (area, YEAR))}  # type: ignore[misc]


def _share(conn: sqlite3.Connection, area: str) -> tuple[str, int, float | None]:
    sql = "select above, summed, share_held from area_total where (area, year) = (?, ?)"
    row: tuple[str, int, float | None] = conn.execute(sql, (area, YEAR)).fetchone()
    return row


def _report(kind: str, division: str = COUNTY) -> Truth:
    return next(
        r
        for r in COUNTRY.reports
        if (r.body.division, r.year) == (division, YEAR) and r.body.kind == kind and r.figures[RECEIVED]
    )


def test_a_country_held_whole_is_proven_whole(archive: Path, tmp_path: Path) -> None:
    with _published(archive, tmp_path) as conn:
        states = dict(conn.execute("select state, count(*) from completeness group by state"))
        areas = {report.body.division for report in COUNTRY.reports if report.scope == "area"}
        assert set(states) == {"equal"}
        assert {row[0] for row in conn.execute("select area from completeness")} == areas
        assert _share(conn, CITY)[0] == ""
        assert _share(conn, COUNTY)[0] == CITY
        assert {share for (share,) in conn.execute("select share_held from area_total")} == {1.0}
        requests = next(r for r in COUNTRY.reports if r.body.division == CITY and r.year == YEAR).figures[
            RECEIVED
        ]
        assert completeness.behind(conn) == Behind(YEAR, requests, requests)  # type: ignore[arg-type]


def test_a_body_that_is_not_held_leaves_its_own_figures_missing(archive: Path, tmp_path: Path) -> None:
    """In its own area; the area above has the county's report, and lacks nothing."""
    dropped = _report("department")
    with _published(archive, tmp_path, lambda conn: _drop(conn, content_id(dropped.body.name))) as conn:
        found = _cells(conn, COUNTY)
        lacking = {
            code: total - held for code, (total, held, _unread, state) in found.items() if state == "less"
        }
        assert lacking == pytest.approx({code: value for code, value in dropped.figures.items() if value})
        assert {state for *_rest, state in found.values()} <= {"equal", "less"}
        assert {state for *_rest, state in _cells(conn, CITY).values()} == {"equal"}
        total, held, _unread, _state = found[RECEIVED]
        assert _share(conn, COUNTY)[2] == pytest.approx(held / total)


def test_an_area_without_a_report_is_the_sum_of_its_bodies(archive: Path, tmp_path: Path) -> None:
    """Where a county's report is missing the reports of its bodies go into the city's sum: still nothing is missing."""
    county = _report("government")
    with _published(archive, tmp_path, lambda conn: _drop(conn, content_id(county.body.name))) as conn:
        assert not _cells(conn, COUNTY)
        assert {state for *_rest, state in _cells(conn, CITY).values()} == {"equal"}


def test_a_body_that_is_held_twice_is_a_surplus(archive: Path, tmp_path: Path) -> None:
    doubled = _report("department")
    with _published(archive, tmp_path, lambda conn: _keep(conn, doubled, "the same once more")) as conn:
        found = _cells(conn, COUNTY)
        surplus = {
            code: held - total for code, (total, held, _unread, state) in found.items() if state == "more"
        }
        assert surplus == pytest.approx({code: value for code, value in doubled.figures.items() if value})
        behind = completeness.behind(conn)
        assert behind
        assert behind.held == behind.requests, "a surplus is no more of the requests"


def test_who_is_no_part_of_an_area(archive: Path, tmp_path: Path) -> None:
    """Branches report to their own superiors; an older version, and a second area report, count for nothing."""
    source = _report("department")

    def more(conn: sqlite3.Connection) -> None:
        _keep(conn, source, "税务局")
        conn.execute("update body set kind = 'branch' where id = '税务局'")
        _keep(conn, source, number=2)
        _keep(conn, _report("government"), "办公室")
        conn.execute("update body set kind = 'office' where id = '办公室'")

    with _published(archive, tmp_path, more) as conn:
        assert {state for *_rest, state in _cells(conn, COUNTY).values()} == {"equal"}


def test_a_cell_that_a_part_does_not_show_is_told(archive: Path, tmp_path: Path) -> None:
    """What is missing then need not be a missing report."""
    source = _report("department")

    def illegible(conn: sqlite3.Connection) -> None:
        codes = {code: number for number, code in conn.execute("select id, code from cell_code")}
        sql = """delete from cell where code = ? and version = (select position from version where report_id = ?)"""
        conn.execute(sql, (codes[RECEIVED], f"{content_id(source.body.name)} {YEAR}"))

    with _published(archive, tmp_path, illegible) as conn:
        total, held, unread, state = _cells(conn, COUNTY)[RECEIVED]
        assert (total - held, unread, state) == (source.figures[RECEIVED], 1, "less")


def test_pages_tell_how_whole_an_area_is(archive: Path, tmp_path: Path) -> None:
    """Home the country in one number, the map the share of each province, the body its years with their cells."""
    dropped, county = _report("department", CITY), _report("government", CITY)
    requests, lost = county.figures[RECEIVED] or 0, dropped.figures[RECEIVED] or 0
    with _published(archive, tmp_path, lambda conn: _drop(conn, content_id(dropped.body.name))):
        site = app(tmp_path)
        home = asyncio.run(site.client.get("/.json")).json()["behind"]
        assert home == {"year": YEAR, "requests": requests, "held": requests - lost}
        front = asyncio.run(site.client.get("/")).text
        assert f"{requests} 件，其中 {requests - lost} 件所在的报告已收录" in front
        share = (requests - lost) / requests
        chosen = f"year={YEAR}&of=city.government.area"
        shown = asyncio.run(site.client.get(f"/map.json?{chosen}")).json()["share_held"]
        assert shown == {"990000": pytest.approx(share)}
        assert f"{100 * share:.1f} %" in asyncio.run(site.client.get(f"/map?{chosen}")).text
        body = f"/body/{content_id(county.body.name)}"
        (newest, _older) = asyncio.run(site.client.get(f"{body}.json")).json()["sums"]
        assert (newest["area"], newest["less"] > 0, newest["more"]) == (CITY, True, 0)
        page = asyncio.run(site.client.get(body)).text
        assert f"/nianbao/completeness?area={CITY}&amp;year={YEAR}" in page
        assert f"不足 {newest['less']}" in page


def _drop(conn: sqlite3.Connection, body_id: str) -> None:
    conn.execute(
        "delete from cell where version in (select position from version where report_id glob ? || ' *')",
        (body_id,),
    )
    conn.execute(
        "delete from version where report_id in (select id from report where body_id = ?)", (body_id,)
    )
    conn.execute("delete from report where body_id = ?", (body_id,))
