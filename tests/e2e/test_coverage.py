"""The ledger: what is held, what is not, and nobody accused without a capture or a law that is sure."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import crawling
import made
import pytest
from ledger import broken
from made import HOST, Country, says

from archive.care.merge import merge
from archive.derived import derive, duty
from archive.derived.standing import Standing
from archive.ids import blob_id, content_id
from archive.outcomes import Outcome
from archive.publish import publish
from archive.state import absences
from archive.store import Archive
from sample import make
from sample.server import Server

TITLE = "获嘉县{}年政府信息公开年度报告"
LISTING = f"{HOST}/list.html"


@pytest.fixture
def country(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Country]:
    monkeypatch.setattr("archive.pool.run", made.inline)
    found = Country(tmp_path / "a.db")
    yield found
    found.archive.close()


def listed(country: Country, *years: int, day: int = 1) -> None:
    for year in years:
        country.shows(f"{HOST}/{year}.html", says(year=year), title=TITLE.format(year), day=day)


def standing(country: Country, year: int, body: str = "获嘉县人民政府") -> tuple[str, str]:
    country.read()
    rows = country.rows(f"select state, evidence from v_coverage where year = {year} and body = '{body}'")
    return str(rows[0][0]), str(rows[0][1])


def test_a_healthy_listing_that_shows_other_years_with_its_capture(country: Country) -> None:
    listed(country, 2017, 2019)
    country.lists(2, run=country.night(2))
    state, evidence = standing(country, 2018)
    assert state == "not_found"
    capture = blob_id(b"list of day 2")
    assert evidence == f"on 2023-03-02 {LISTING} lists 2017, 2019, not 2018 (capture {capture})"
    assert country.rows(f"select kind from capture where sha256 = '{capture}'") == [("listing",)]


def test_a_sick_night_accuses_nobody(country: Country) -> None:
    listed(country, 2017, 2019)
    country.lists(2, run=country.night(2, "the list shrank"))
    assert standing(country, 2018) == ("not_looked_for", "the list shrank (source s1, 2023-03-02)")


def test_a_source_that_no_night_asked_and_a_body_without_one(country: Country) -> None:
    listed(country, 2017, 2019)
    assert standing(country, 2018) == ("not_looked_for", "no night asked its source (source s1)")
    country.shows(f"{HOST}/x.html", says(issuer="获嘉县水利局", year=2019, scope="body"), source="")
    body = content_id("", "获嘉县水利局")
    assert standing(country, 2018, "获嘉县水利局") == (
        "not_looked_for",
        f"no source of it is known (body {body})",
    )


def test_a_listing_that_shows_nothing_of_a_body_says_nothing_of_it(country: Country) -> None:
    country.source("s1", "获嘉县教育局", "410724")
    listed(country, 2017, 2019)
    country.lists(2, run=country.night(2))
    state, evidence = standing(country, 2018, "获嘉县教育局")
    assert (state, evidence) == ("not_looked_for", "no report of it is listed (source s1, 2023-03-02)")


def test_what_was_last_looked_for_before_its_day_is_not_missed(country: Country) -> None:
    listed(country, 2020, 2021)
    country.lists(2, run=country.night(2))
    country.answers(f"{HOST}/robots.html", Outcome.TIMEOUT, day=3, run=later(country), title="概况")
    state, evidence = standing(country, 2022)
    assert state == "not_looked_for"
    assert evidence.startswith("not looked for since 2023-03-31: on 2023-03-02 ")


def test_a_dead_link_is_not_found_with_the_listing_that_shows_it(country: Country) -> None:
    listed(country, 2017, 2019)
    country.answers(f"{HOST}/9.html", Outcome.GONE, title=TITLE.format(2018))
    assert standing(country, 2018) == ("not_looked_for", f"gone: {HOST}/9.html")
    country.lists(2, run=country.night(2))
    capture = blob_id(b"list of day 2")
    assert standing(country, 2018) == (
        "not_found",
        f"gone: {HOST}/9.html, listed by {LISTING} (capture {capture})",
    )


def test_a_dead_link_accuses_nobody_on_a_sick_night_nor_before_the_day(country: Country) -> None:
    listed(country, 2017, 2019)
    for year in (2018, 2022):
        country.answers(f"{HOST}/{year}.html", Outcome.GONE, title=TITLE.format(year))
    country.lists(2, run=country.night(2, "the list shrank"))
    assert standing(country, 2018) == ("not_looked_for", f"gone: {HOST}/2018.html")
    country.lists(3, run=country.night(3))
    assert standing(country, 2018)[0] == "not_found"
    assert standing(country, 2022)[0] == "not_due"
    country.answers(f"{HOST}/x.html", Outcome.TIMEOUT, day=3, run=later(country), title="概况")
    assert standing(country, 2022)[0] == "not_looked_for", "its day is over, and nobody looked since"


def later(country: Country) -> str:
    """A run of months later, which asks no listing."""
    sql = "insert into run (id, command, started_at) values ('later', 'crawl', '2023-05-01T00:00:00Z')"
    country.archive.db.execute(sql)
    return "later"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"is_report": False}, "no report can be read there"),
        ({"year": 2019}, "another report can be read there"),
    ],
)
def test_a_page_that_is_listed_and_is_not_the_report_is_unreadable(
    country: Country, said: dict[str, object], why: str
) -> None:
    """A scan that nobody could read, a page under last year's name: it was published, and we have not got it."""
    listed(country, 2017, 2019)
    country.shows(f"{HOST}/9.html", says(**said), title=TITLE.format(2018))
    country.lists(2, run=country.night(2))
    assert standing(country, 2018) == ("unreadable", f"{why}: {HOST}/9.html")


def test_what_is_no_report_by_its_title_hides_nothing(country: Country) -> None:
    listed(country, 2017, 2019)
    country.shows(f"{HOST}/9.html", says(is_report=False), title="获嘉县2018年部门决算公开")
    country.lists(2, run=country.night(2))
    assert standing(country, 2018)[0] == "not_found"


def test_a_person_says_that_nothing_was_published(country: Country, tmp_path: Path) -> None:
    listed(country, 2017, 2019)
    country.lists(2, run=country.night(2))
    assert standing(country, 2018)[0] == "not_found"
    body = content_id("410724", "获嘉县人民政府")
    absence = absences.declare(country.archive, body, "获嘉县人民政府", 2018, "asked by telephone")
    seen = f"on 2023-03-02 {LISTING} lists 2017, 2019, not 2018 (capture {blob_id(b'list of day 2')})"
    said = f"a person: asked by telephone (absence {absence}); {seen}"
    assert standing(country, 2018) == ("not_published", said)
    with Archive.open(tmp_path / "b.db") as other:
        pass
    merge(tmp_path / "b.db", [country.archive.path])
    with Archive.open(tmp_path / "b.db") as other:
        assert other.db.execute("select id from absence").fetchone()[0] == absence
    absences.declare(country.archive, body, "获嘉县人民政府", 2018, "", withdrawn=True)
    assert standing(country, 2018)[0] == "not_found"


def dated(country: Country, url: str, day: str) -> None:
    country.archive.db.execute("update link set date = ? where to_url = ?", (day, url))


@pytest.mark.parametrize(
    ("year", "scope", "issuer", "day", "state"),
    [
        (2017, "body", "获嘉县水利局", "2018-03-31", "found"),
        (2017, "body", "获嘉县水利局", "2018-04-01", "late"),  # everybody by the end of March
        (2017, "area", "获嘉县", "2018-06-01", "found"),  # no article of 2007 asks for it
        (2020, "area", "获嘉县", "2021-04-01", "late"),
        (2020, "body", "获嘉县水利局", "2021-02-01", "late"),
        (2019, "body", "获嘉县水利局", "2020-02-03", "found"),  # the holiday ended on the day before
        (2019, "body", "获嘉县水利局", "2020-02-04", "late"),
        (2020, "body", "获嘉县人民政府办公室", "2021-06-01", "found"),
        (2020, "body", "获嘉县亢村镇", "2021-06-01", "found"),
        (2020, "body", "获嘉县税务局", "2021-06-01", "found"),
        (2017, "body", "获嘉县亢村镇", "2018-06-01", "late"),
        (2017, "body", "获嘉县城关街道", "2018-06-01", "found"),
    ],
)
def test_late_only_where_the_law_is_sure(
    country: Country, year: int, scope: str, issuer: str, day: str, state: str
) -> None:
    url = f"{HOST}/9.html"
    country.shows(url, says(issuer=issuer, year=year, scope=scope), title=f"{issuer}{year}年报")
    dated(country, url, day)
    country.read()
    found, evidence = country.rows(
        f"select state, evidence from v_coverage where year = {year} and state <> 'not_looked_for'"
    )[0]
    assert found == state
    assert ("令第" in evidence and day in evidence) == (state == "late")


def test_a_date_that_a_listing_gives_to_several_years_is_that_of_a_move(country: Country) -> None:
    listed(country, 2020, 2021)
    for year in (2020, 2021):
        dated(country, f"{HOST}/{year}.html", "2022-08-01")
    assert standing(country, 2020)[0] == "found"
    dated(country, f"{HOST}/2021.html", "2022-03-01")
    assert standing(country, 2020)[0] == "late"


def test_what_the_archive_saw_by_the_day_is_not_late(country: Country) -> None:
    listed(country, 2022)
    dated(country, f"{HOST}/2022.html", "2023-04-20")
    assert standing(country, 2022)[0] == "found"


def test_duties_by_year_and_kind() -> None:
    department = duty.of("department", "body", 2021)
    assert department is not None
    assert (department.day, department.late_after) == (date(2022, 1, 31), date(2022, 2, 7))
    township = duty.of("township", "body", 2021)
    assert township is not None
    assert township.late_after is None
    assert duty.of("department", "body", 2007) is None
    assert duty.who("department", "水利部", "") == "centre"
    assert duty.who("township", "城关街道办事处", "410724") == "subdistrict"
    assert {each.certainty for each in duty.every(2025)} == {"sure", "likely", "uncertain", "silent"}


def test_no_state_without_what_it_rests_on(country: Country) -> None:
    listed(country, 2008, 2017, 2019)
    country.source("s2", "获嘉县教育局", "410724")
    country.answers(f"{HOST}/8.html", Outcome.BLOCKED_WAF, title=TITLE.format(2016))
    country.lists(2, run=country.night(2))
    country.read()
    rows = country.rows("select state, evidence from coverage")
    assert all(evidence for _, evidence in rows)
    assert {state for state, _ in rows} <= set(Standing)


AUDITED = "select published, due, certainty, parts, parts_due, platforms, agreeing, revisions from audit"


def test_the_audit_sheet_of_a_report(country: Country, tmp_path: Path) -> None:
    """On time, parts that were read, sites that agree, revisions: as an audit by hand asks them."""
    listed(country, 2022)
    dated(country, f"{HOST}/2022.html", "2023-03-20")
    country.shows("http://www.xinxiang.gov.cn/9.html", says(), title=TITLE.format(2022))
    country.shows(f"{HOST}/2022.html", says(values={"a": 1, "b": 3}), day=2)
    country.read()
    release = publish(country.archive.path, tmp_path / "out").path
    with closing(sqlite3.connect(release)) as conn:
        assert conn.execute(AUDITED).fetchall() == [("2023-03-20", "2023-03-31", "sure", 1, 9, 2, 1, 1)]


def test_the_capture_of_a_listing_is_published_with_what_rests_on_it(
    country: Country, tmp_path: Path
) -> None:
    listed(country, 2017, 2019)
    country.lists(2, run=country.night(2))
    assert standing(country, 2018)[0] == "not_found"
    release = publish(country.archive.path, tmp_path / "out").path
    with closing(sqlite3.connect(release)) as conn:
        shown = conn.execute("select sha256 from capture where kind = 'listing'").fetchall()
        assert shown == [(blob_id(b"list of day 2"),)]


def test_the_sample_country_accuses_nobody_without_a_capture(tmp_path: Path) -> None:
    """Whoever is not found there really left the year out, and the listing that shows it is kept."""
    made_up = make.country()
    db, registry = tmp_path / "a.db", tmp_path / "r.csv"
    with Server(made_up, noise=False) as server:
        registry.write_text(server.registry_csv(), "utf-8")
        crawling.crawl(db, registry)
    with Archive.open(db) as archive:
        derive.read(archive)
        rows = archive.db.execute("select body, year, state, evidence from v_coverage").fetchall()
        assert list(broken(archive.db)) == []
        kept = {row[0] for row in archive.db.execute("select sha256 from capture where kind = 'listing'")}
    missed = {(row["body"], row["year"]): row["evidence"] for row in rows if row["state"] == "not_found"}
    assert set(missed) == {(gap.body.name, gap.year) for gap in made_up.gaps}
    for evidence in missed.values():
        found = re.search(r"\(capture ([0-9a-f]{64})\)$", evidence)
        assert found is not None
        assert found[1] in kept
    assert not [row for row in rows if row["state"] in ("late", "not_published")]
