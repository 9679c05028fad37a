"""The lists of who is late, what changed, what contradicts itself: nobody in them without its capture, nothing unsure."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import lxml.etree
import lxml.html
import pytest
from made import HOST, Country, inline, says
from published import BUREAU_ID, COUNTY_ID, HOSTILE, OLD, REVISED, make_archive

from archive.ids import blob_id, content_id
from archive.publish import publish
from archive.state import absences, judging
from web import app

LISTING = b"<html>2019 2020 2022</html>"
CAPTURE = blob_id(LISTING)
AT = "2023-04-02T00:00:00Z"
ATOM = "{http://www.w3.org/2005/Atom}"


def events(archive: sqlite3.Connection) -> None:
    """A revision seen at two addresses, one that nobody confirmed, one of whose version there is nothing."""
    first, second = content_id("a.html"), content_id("b.pdf")
    for at, url, kind, capture, version in (
        (AT, "http://a.example/", "number revised", second, 2),
        ("2023-04-03T00:00:00Z", "http://b.example/", "number revised", second, 2),
        (AT, "http://c.example/", "unconfirmed", first, None),
        (AT, "http://d.example/", "noise", first, 1),
    ):
        row = [REVISED, at, url, kind, capture, 0, 1, version, ""]
        archive.execute(f"insert into event values ({', '.join('?' * len(row))})", row)


def standings(archive: sqlite3.Connection) -> None:
    """Who is late or published nothing with the listing that shows it, and who is said to be without one."""
    archive.execute("insert into blob values (?, ?, 'raw', ?)", [CAPTURE, len(LISTING), LISTING])
    capture = ["listing", "http://l.example/", CAPTURE, "listing", "text/html", AT, AT]
    archive.execute("insert into capture values (?, ?, ?, ?, ?, ?, ?)", capture)
    dated = "listed with the date 2023-03-01: http://l.example/1.html (国务院令第711号第四十九条)"
    shown = "on 2023-04-02 http://l.example/ lists 2020, not 2021"
    archive.execute("delete from coverage")
    archive.executemany(
        "insert into coverage values (?, ?, ?, ?)",
        [
            (BUREAU_ID, 2022, "late", f"{dated} (capture {CAPTURE})"),
            (BUREAU_ID, 2021, "not_published", f"a person: asked (absence x); {shown} (capture {CAPTURE})"),
            (BUREAU_ID, 2020, "late", dated),
            (BUREAU_ID, 2019, "late", f"{dated} (capture {'0' * 64})"),
            (BUREAU_ID, 2018, "not_found", f"{shown} (capture {CAPTURE})"),
            (COUNTY_ID, 2020, "withdrawn", "not listed since 2023-05-06: http://l.example/2.html"),
        ],
    )


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = make_archive(tmp_path_factory.mktemp("watch") / "archive.db")
    with closing(sqlite3.connect(path)) as conn, conn:
        events(conn)
        standings(conn)
    return path


@pytest.fixture(scope="module")
def out(archive: Path) -> Path:
    publish(archive, archive.parent / "public")
    return archive.parent / "public"


@pytest.fixture(scope="module")
def get(out: Path) -> Any:
    site = app(out)
    return lambda path, **more: asyncio.run(site.client.get(path, **more))


def of(get: Any, path: str) -> list[tuple[Any, ...]]:
    return [
        (row["kind"], row["report_id"], row["year"], row["day"], row["amount"])
        for row in get(path).json()["rows"]
    ]


def test_late_is_only_what_a_kept_listing_shows(get: Any) -> None:
    found = get("/late.json").json()
    assert of(get, "/late.json") == [
        ("not_published", None, 2021, "2023-04-02", 426.0),
        ("late", HOSTILE, 2022, "2023-03-01", 29.0),
    ]
    assert {row["capture"] for row in found["rows"]} == {CAPTURE}
    assert [row["due"] for row in found["rows"]] == ["2022-01-31", "2023-01-31"]
    assert get(f"/capture/{CAPTURE}").content == LISTING


def test_a_change_is_listed_once_and_only_when_it_was_confirmed(get: Any) -> None:
    assert of(get, "/changed.json") == [
        ("withdrawn", OLD, 2020, "2023-05-06", None),
        ("number revised", REVISED, 2022, "2023-04-02", 2.0),
    ]


def test_every_row_leads_to_its_capture_in_both_languages(get: Any) -> None:
    for path in ("/late", "/changed", "/contradicted"):
        for lang in ("zh", "en"):
            page = lxml.html.fromstring(get(path, cookies={"lang": lang}).text)
            rows = page.xpath("//ul[contains(@class, 'watched')]/li")
            assert rows
            for row in rows:
                (capture,) = row.xpath(".//a[starts-with(@href, '/capture/')]/@href")
                assert get(capture).status_code == 200
            assert page.xpath("//nav//a[@aria-current='page']/@href") == [path]


def variant(archive: Path, folder: Path, *statements: tuple[str, list[object]]) -> list[tuple[str, int]]:
    """What is listed as contradicted when the archive has this besides."""
    path = folder / "archive.db"
    path.write_bytes(archive.read_bytes())
    with closing(sqlite3.connect(path)) as conn, conn:
        for statement, values in statements:
            conn.execute(statement, values)
    release = publish(path, folder / "public").path
    with closing(sqlite3.connect(release)) as conn:
        sql = "select kind, amount from listed where list = 'contradicted' order by weight desc"
        return [(kind, int(number)) for kind, number in conn.execute(sql)]


def finding(position: int, kind: str, values: dict[str, Any]) -> tuple[str, list[object]]:
    """A finding more about the newest version of the revised report."""
    said = {"message": f"{kind} {position}", **values}
    row = [content_id(REVISED, 2), position, kind, said["message"], "[]", json.dumps(said)]
    columns = 'version_id, position, kind, severity, message, message_zh, codes, "values"'
    return f"insert into finding ({columns}) values (?, ?, ?, 'error', ?, '', ?, ?)", row


FAILS = ("identity_fails", 1)


def test_a_contradiction_that_may_be_our_reading_is_not_listed(archive: Path, tmp_path: Path) -> None:
    for number, (more, listed) in enumerate((
        (finding(1, "statement_contradicts_table", {}), [FAILS, ("statement_contradicts_table", 1)]),
        (finding(1, "identity_fails", {"case": "source_wrong"}), [("identity_fails", 2)]),
        (finding(1, "identity_fails", {"case": "unsure"}), [FAILS]),
        (finding(1, "misprint", {"case": "several"}), [FAILS]),
        (finding(1, "misprint", {"case": "only"}), [FAILS, ("misprint", 1)]),
        (finding(1, "unit_differs", {}), [FAILS]),
        (finding(1, "reading_in_doubt", {"case": "identities"}), []),
    )):  # fmt: skip
        folder = tmp_path / str(number)
        folder.mkdir()
        assert variant(archive, folder, more) == listed


def test_a_contradiction_that_a_person_dismissed_is_not_listed(archive: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(archive)) as conn:
        kind, codes, message = conn.execute("select kind, codes, message from finding").fetchone()
    key = judging.key(REVISED, kind, json.loads(codes), message)
    row = [key, REVISED, kind, codes, message, "dismissed", "", AT]
    insert = "insert into judgement values (?, ?, ?, ?, ?, ?, ?, ?)"
    assert variant(archive, tmp_path, (insert, row)) == []


@pytest.mark.parametrize(
    ("path", "number"),
    [("/late", 2), ("/late?kind=late", 1), ("/late?year=2021", 1), ("/late?province=530000", 2), ("/changed", 2),
     ("/late?kind=late&year=2021", 0), ("/changed?kind=withdrawn", 1), ("/contradicted?province=530000&year=2022", 1)],
)  # fmt: skip
def test_a_list_is_narrowed_on_its_page_and_in_its_feed(get: Any, path: str, number: int) -> None:
    name, _, asked = path.partition("?")
    found = get(f"{name}.json?{asked}").json()
    assert (len(found["rows"]), found["total"]) == (number, number)
    feed = lxml.etree.fromstring(get(f"{name}.atom?{asked}").content)
    entries = feed.findall(f"{ATOM}entry")
    assert len({entry.find(f"{ATOM}id").text for entry in entries}) == number
    for entry in entries:
        assert f"/capture/{found['rows'][0]['capture']}"[:9] in entry.find(f"{ATOM}summary").text


@pytest.mark.parametrize("asked", ["kind=none", "year=1999", "province=110000", "sort=oldest"])
def test_what_a_list_does_not_have_is_400_with_what_would_do(get: Any, asked: str) -> None:
    answer = get(f"/late?{asked}")
    assert answer.status_code == 400
    assert "可用的" in answer.text
    assert get(f"/late.json?{asked}").status_code == 400


def test_the_gravest_first(get: Any) -> None:
    kinds = [row["kind"] for row in get("/changed.json?sort=gravest").json()["rows"]]
    assert kinds == ["withdrawn", "number revised"]


def test_the_coverage_names_the_listing_that_dates_a_late_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a crawl to the list: late, and never published, each with the listing that shows it."""
    monkeypatch.setattr("archive.pool.run", inline)
    country = Country(tmp_path / "a.db")
    for year in (2019, 2022):
        title = f"获嘉县{year}年政府信息公开年度报告"
        country.shows(f"{HOST}/{year}.html", says(year=year), title=title, day=1)
    country.lists(2, run=country.night(2))
    country.archive.db.execute("update link set date = '2020-04-20' where to_url like '%2019.html'")
    body = content_id("410724", "获嘉县人民政府")
    absences.declare(country.archive, body, "获嘉县人民政府", 2020, "asked by telephone")
    country.read()
    country.archive.close()
    release = publish(country.archive.path, tmp_path / "out").path
    with closing(sqlite3.connect(release)) as conn:
        found = conn.execute("select kind, year, day, amount, capture from listed order by year").fetchall()
    capture = blob_id(b"list of day 2")
    assert found == [
        ("late", 2019, "2020-04-20", 20.0, capture),
        ("not_published", 2020, "2023-03-02", 701.0, capture),
    ]
