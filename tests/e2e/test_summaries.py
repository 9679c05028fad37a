"""What is counted at publication for the pages: indicators, peers, coverage, findings, changes, nights."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from statistics import median

import pytest
from published import BUREAU_ID, COUNTY_ID, HOSTILE, OLD, REVISED, add_version, figure, make_archive

from archive.csvs import packaged
from archive.ids import content_id
from archive.publication.indicators import Indicator, indicator, indicators
from archive.publication.summaries import NEWEST
from archive.publish import publish

CODES = {row["code"] for row in packaged("codebook.csv")}


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    folder = tmp_path_factory.mktemp("summaries")
    with closing(sqlite3.connect(make_archive(folder / "archive.db"))) as archive, archive:
        _grow(archive)
    publish(folder / "archive.db", folder / "public")
    return sqlite3.connect(folder / "public" / "nianbao.db")


def _grow(archive: sqlite3.Connection) -> None:
    """A withdrawn report, a run, a body of the centre, and five counties' requests in one province."""
    archive.execute("insert into body values ('centre', '外交部', '', 'department')")
    archive.execute("insert into body values ('gov', '云岭县人民政府', '530199', 'government')")
    for place, requests in enumerate((1, 2, 10, 4), 1):
        body, report = f"b{place}", f"r{place}"
        archive.execute("insert into body values (?, ?, ?, 'office')", [body, f"县{place}", f"53012{place}"])
        archive.execute("insert into report values (?, ?, 2022, 'body')", [report, body])
        seen = f"2023-05-0{place}T00:00:00Z"
        row = [f"v{place}", report, 1, "f", "c", "题", "", "u", "t", "{}", "[]", seen, seen]
        add_version(archive, row, [figure(requests)])
        archive.execute("insert into coverage values (?, 2022, 'found', '')", [body])
    evidence = "not listed since 2023-06-01: http://x"
    archive.execute("update coverage set state = 'withdrawn', evidence = ? where body_id = 'b4'", [evidence])
    run = ["r", "crawl", "", "2023-03-01T00:00:00Z", "2023-03-02T12:00:00Z", "ok"]
    archive.execute("insert into run values (?, ?, ?, ?, ?, ?)", run)
    archive.execute("insert into morning values ('r', '2023-03-02T12:00:00Z', 'partial', 'One thing.', '{}')")
    since = "2023-03-01T12:00:00Z"
    values = ("r", "disk", "wrong", since, "/srv/nianbao is full", "make room", "2023-03-02T12:00:00Z")
    archive.execute("insert into alarm values (?, ?, ?, ?, ?, ?, ?)", values)


@pytest.mark.parametrize("each", indicators(), ids=lambda each: each.name)
def test_an_indicator_is_made_of_known_cells_and_has_words(each: Indicator) -> None:
    assert set(each.used) <= CODES
    assert all((each.name, each.unit, each.zh, each.en, each.zh_means, each.en_means))


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("requests_received", {"t3_new_received__total": 0.0}, 0.0),
        ("requests_received", {"s14_req_received": 3.0}, 3.0),
        ("requests_received", {"t3_new_received__total": 5.0, "s14_req_received": 3.0}, 5.0),
        ("requests_received", {"t3_granted__total": 5.0}, None),
        ("suits", {"t4_direct_suit_total": 2.0, "t4_post_review_suit_total": None}, 2.0),
        ("suits", {"t4_direct_suit_total": None}, None),
        ("granted_share", {"t3_granted__total": 1.0, "t3_result_total__total": 4.0}, 25.0),
        ("granted_share", {"t3_granted__total": 0.0, "t3_result_total__total": 0.0}, None),
        ("granted_share", {"t3_result_total__total": 4.0}, None),
    ],
)
def test_an_indicator_never_makes_a_zero_of_nothing(
    name: str, values: dict[str, float | None], expected: float | None
) -> None:
    found = indicator(name)
    assert found is not None
    assert found.of(values) == expected


def test_measures_are_the_indicators_of_the_latest_versions(conn: sqlite3.Connection) -> None:
    sql = (
        "select code, value from figure f join latest l on l.version_id = f.version_id where l.report_id = ?"
    )
    for report in (REVISED, OLD, HOSTILE):
        values = dict(conn.execute(sql, [report]).fetchall())
        expected = {each.name: v for each in indicators() if (v := each.of(values)) is not None}
        found = conn.execute(
            "select i.name, m.value from measure m join indicator i on i.position = m.indicator"
            " join version v on v.position = m.version where v.report_id = ?",
            [report],
        )
        assert dict(found.fetchall()) == expected


def test_a_standing_is_that_of_its_measures(conn: sqlite3.Connection) -> None:
    groups = conn.execute(
        "select indicator, year, peers, reports, total, lowest, median, highest from standing"
    )
    for place, year, peers, *told in groups.fetchall():
        sql = "select value from measure where indicator = ? and year = ? and peers = ?"
        values = [row[0] for row in conn.execute(sql, [place, year, peers])]
        assert told == [len(values), sum(values), min(values), median(values), max(values)]
    offices = "select s.median, s.reports from standing s join peers p on p.id = s.peers"
    offices += " where p.province = '530000' and p.kind = 'office' and s.year = 2022 and s.indicator = 1"
    assert conn.execute(offices).fetchall() == [(4.0, 5)]


def test_a_body_counts_in_all_divisions_above_it(conn: sqlite3.Connection) -> None:
    sql = "select state, number from coverage_tally where division = ? and year = 2022 order by state"
    assert conn.execute(sql, ["530121"]).fetchall() == [("found", 1)]
    expected = [("found", 4), ("withdrawn", 1)]
    assert [conn.execute(sql, [d]).fetchall() for d in ("530100", "530000", "")] == [expected] * 3


def test_divisions_know_what_is_above_them(conn: sqlite3.Connection) -> None:
    sql = "select name, above from division where code = ?"
    assert conn.execute(sql, ["530121"]).fetchone()[1] == "530100"
    assert conn.execute(sql, ["110101"]).fetchone() == ("东城区", "110000")
    assert conn.execute(sql, ["530199"]).fetchone() == ("云岭县", "530100")
    assert conn.execute(sql, ["000000"]).fetchone() == ("", "")
    levels = dict(conn.execute("select body_id, level from member"))
    assert (levels["centre"], levels["gov"], levels[COUNTY_ID]) == ("centre", "county", "county")


@pytest.mark.parametrize("how", ["not listed", "gone"])
def test_a_report_is_withdrawn_on_the_day_that_the_coverage_tells(tmp_path: Path, how: str) -> None:
    with closing(sqlite3.connect(make_archive(tmp_path / "archive.db"))) as archive, archive:
        evidence = f"{how} since 2023-06-01: http://x"
        archive.execute("update coverage set state = 'withdrawn', evidence = ? where year = 2020", [evidence])
    publish(tmp_path / "archive.db", tmp_path / "public")
    with closing(sqlite3.connect(tmp_path / "public" / "nianbao.db")) as conn:
        told = conn.execute("select at, report_id from change where kind = 'withdrawn' and division = ''")
        assert told.fetchall() == [("2023-06-01", OLD)]


def test_changes_are_told_for_each_division(conn: sqlite3.Connection) -> None:
    sql = "select at, kind, report_id, number from change where division = ? order by at desc, kind"
    assert conn.execute(sql, ["530124"]).fetchall() == [
        ("2023-06-01", "withdrawn", "r4", 1),
        ("2023-05-04T00:00:00Z", "new", "r4", 1),
    ]
    whole = conn.execute(sql, [""]).fetchall()
    assert ("2023-03-02T00:00:00Z", "revised", REVISED, 2) in whole
    assert len(whole) == 9 <= NEWEST


def test_findings_are_counted_where_they_stand(conn: sqlite3.Connection) -> None:
    assert conn.execute("select * from finding_tally").fetchall() == [
        ("identity_fails", "NB-0003", "530000", 2022, 1)
    ]
    listed = conn.execute("select version_id, body_id from listed_finding").fetchall()
    assert listed == [(content_id(REVISED, 2), COUNTY_ID)]
    assert BUREAU_ID != COUNTY_ID


def test_the_last_night_is_told(conn: sqlite3.Connection) -> None:
    assert conn.execute("select command, outcome, added, revised from night").fetchall() == [
        ("crawl", "ok", 3, 1)
    ]
    assert conn.execute("select outcome, number from night_tally").fetchall() == [("ok", 2)]
    counts = json.loads(conn.execute("select value from meta where key = 'counts'").fetchone()[0])
    assert counts["night"] == 1


def test_the_morning_is_told_without_what_only_the_machine_needs(conn: sqlite3.Connection) -> None:
    assert conn.execute("select outcome, sentence from morning").fetchall() == [("partial", "One thing.")]
    rang = conn.execute("select * from morning_alarm").fetchall()
    assert rang == [("r", "disk", "wrong", "2023-03-01T12:00:00Z")]
