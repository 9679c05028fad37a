"""The survey: what it asks of a source and what not, in which order, resumed, on one page, and only what is due."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import crawling
import launching
import pytest
from mockserver import MockServer, Reply

from archive.outcomes import FrontierRequest, Link, RequestKind, iso, utc_now
from archive.state.lives import Life, Lived
from archive.store import Archive
from benchmarks.survey import survey
from crawler.country.survey import AGAIN, due
from crawler.discovery.reading import Reading
from crawler.engine.portals import entry_of, leads
from crawler.engine.taking import Taking
from crawler.page import Page
from crawler.registry import Entry, Source

TITLE = "某县教育局{}年政府信息公开工作年度报告"
LAW = "一、总体情况 本机关根据《中华人民共和国政府信息公开条例》编制本报告。二、主动公开政府信息情况"
YEARS = range(2016, 2024)


def _site() -> dict[str, Any]:
    """A home page, the column of eight reports over three pages, and a guide."""
    rows = [
        f'<li><a href="/nb/t{year + 1}0130_1.html">{TITLE.format(year)}</a><span>{year + 1}-01-30</span></li>'
        for year in YEARS
    ]
    pages: dict[str, Any] = {
        "/": '<html><a href="/nb/">政府信息公开年报</a><a href="/zn/">政府信息公开指南</a>'
        '<a href="/zd/">政府信息公开制度</a><a href="/ysq/">依申请公开</a></html>',
    }
    for number in range(3):
        call = f'<script>createPageHTML(3,{number},"index","html");</script>'
        name = "/nb/" if number == 0 else f"/nb/index_{number}.html"
        part = "".join(rows[::-1][number * 3 : number * 3 + 3])
        pages[name] = f"<html><title>政府信息公开年报</title><ul>{part}</ul>{call}</html>"
    for year in YEARS:
        title = TITLE.format(year)
        pages[f"/nb/t{year + 1}0130_1.html"] = (
            f"<html><title>{title}</title><h1>{title}</h1><p>{LAW}</p></html>"
        )
    return pages


def _survey(db: Path, registry: Path, *words: object) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "-m", "nianbao", "sources", "survey", "--db", db, "--registry", registry]
    command += ["--allow-private", "--delay", "0", "--json", *words]
    done = launching.run(command)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_a_portal_is_asked_for_no_more_than_it_takes(tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    with MockServer(_site()) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/")], entry="portal")
        code, found = _survey(db, registry)
        asked = server.paths()
        again, nothing = _survey(db, registry)
        assert server.paths() == asked
        whole = crawling.crawl(db, registry)
        listed = [path for path in server.paths() if path.startswith("/nb/t")]
    assert code == 0
    assert sorted(asked) == ["/", "/nb/", "/nb/t20230130_1.html", "/nb/t20240130_1.html"]
    (met,) = found["sources"]
    assert (met["state"], met["outcome"], met["family"]) == ("verified", "ok", "trs")
    assert "2 reports read" in met["evidence"]
    assert (again, nothing["chosen"], nothing["sources"]) == (0, 0, [])
    # What a survey left is the crawl's, and it takes the partial look for no fallen list.
    assert whole["problems"] == []
    assert len(set(listed)) == len(YEARS)


def test_it_ends_at_its_time_and_goes_on(tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    with MockServer(_site()) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/")], entry="portal")
        past = iso(datetime.now(UTC) - timedelta(minutes=1))
        code, found = _survey(db, registry, "--until", past)
        assert (code, server.paths(), found["chosen"]) == (1, [], 1)
        code, found = _survey(db, registry)
    assert (code, found["sources"][0]["state"]) == (0, "verified")
    with Archive.read_only(db) as archive:
        assert archive.db.execute("select count(*) from run where command = 'survey'").fetchone()[0] == 1


def test_a_page_for_a_person_whatever_the_number(tmp_path: Path) -> None:
    """Forty sick sites of two causes: their counts and three examples, not forty lines."""
    db = tmp_path / "a.db"
    with MockServer({"*": Reply(b"", status=404), "/robots.txt": Reply(b"", status=404)}) as server:
        urls = [server.url(f"/{number}/") for number in range(40)]
        registry = crawling.registry(tmp_path / "r.csv", urls, entry="portal")
        command = [sys.executable, "-m", "nianbao", "sources", "survey", "--db", db, "--registry", registry]
        command += ["--allow-private", "--delay", "0"]
        done = launching.run(command)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) < 40
    assert "40 sources: 0 answer" in done.stdout
    assert "dead: gone" in done.stdout


def _source(name: str, level: str = "county", told: str = "high", kind: str = "government") -> Source:
    note = f"unverified; {told}; maps=a" if told else "unverified"
    return Source(name, name, "410724", level, kind, Entry.PORTAL, f"http://www.{name}.gov.cn/", "", note)


def test_the_best_evidence_first_and_only_what_is_due(tmp_path: Path) -> None:
    sources = [
        _source("low", told="low"),
        _source("office", kind="department"),
        _source("county"),
        _source("medium", told="medium"),
        _source("province", "province"),
        _source("hand", told=""),
    ]
    now = datetime.now(UTC)
    with Archive.open(tmp_path / "a.db") as archive:
        order = [each.id for each in due(archive, sources, "", now)]
        assert order == ["hand", "province", "county", "office", "medium", "low"]
        assert [each.id for each in due(archive, sources, "", now, 2)] == order[:2]
        archive.restart(entry_of(sources[2]))
        archive.db.execute("update request set state = 'done', done_at = ?", (utc_now(),))
        archive.keep_lives([Lived("county", "", utc_now(), Life.BLOCKED, "captcha", "", "", "r")])
        assert "county" not in {each.id for each in due(archive, sources, "", now)}
        later = now + AGAIN[Life.BLOCKED] + timedelta(minutes=1)
        # It comes after all that nobody ever asked.
        assert [each.id for each in due(archive, sources, "", later)][-1] == "county"
        # Another vantage has never asked it.
        assert "county" in {each.id for each in due(archive, sources, "chengdu", now)}


def test_newest_reports_are_taken_and_further_pages_left() -> None:
    asked = FrontierRequest("http://a.gov.cn/nb/", RequestKind.LISTING, source_id="s", meta={"entry": True})
    links = tuple(
        Link(asked.url, f"http://a.gov.cn/nb/{year}.html", TITLE.format(year), RequestKind.DOCUMENT, "report")
        for year in YEARS
    )
    documents = tuple(FrontierRequest(link.to_url, RequestKind.DOCUMENT, source_id="s") for link in links)
    page = FrontierRequest("http://a.gov.cn/nb/2/", RequestKind.LISTING, source_id="s", meta={"page": 2})
    reading = Reading(RequestKind.LISTING, links, (*documents, page))
    taking = Taking(2)
    some = taking.some(asked, reading, "s")
    assert [each.url[-9:-5] for each in some.children] == ["2023", "2022"]
    assert some.links == links
    assert taking.some(asked, reading, "s").children == ()
    assert len(taking.some(asked, reading, "other").children) == 2
    assert Taking(0).some(asked, reading, "s") is reading


@pytest.mark.parametrize("name", ["部门年报", "乡镇街道年度报告", "政府办年报", "县政府年报"])
def test_a_column_of_one_kind_of_bodies_is_one(name: str) -> None:
    beside = "".join(
        f'<a href="/x/{n}/">{word}</a>' for n, word in enumerate(("公开指南", "公开制度", "依申请公开"))
    )
    wrong = '<a href="/y/">事业单位年报</a><a href="/z/">统计部门年报</a>'
    page = Page(
        "http://a.gov.cn/", f'<html><div>{beside}<a href="/nb/">{name}</a>{wrong}</div></html>'.encode()
    )
    columns = [lead.url for lead in leads(page) if lead.points >= 5]
    assert columns == ["http://a.gov.cn/nb/"]


def test_a_report_that_a_home_page_shows_is_no_column(tmp_path: Path) -> None:
    """Home pages show the newest reports under a title that is the column's, too; their own frame lists others."""
    bare, pages = "政府信息公开工作年度报告", _site()
    box = "".join(f'<a href="/show.jsp?id={n}">{bare}</a>' for n in range(3))
    box += f'<a href="/show.jsp?id=7">{TITLE.format(2020)}</a>'
    box += f'<a href="/zwgk/nb/202301/t20230130_9.html">{bare}</a>'
    pages["/"] = f'<html><div>{box}</div><div><a href="/zwgk/">政务公开</a></div></html>'
    pages["/zwgk/"] = '<html><a href="/nb/">政府信息公开年报</a><a href="/zn/">政府信息公开指南</a></html>'
    side = "".join(f'<a href="/show.jsp?id={year}">{TITLE.format(year)}</a>' for year in YEARS)
    pages["/show.jsp"] = f"<html><title>{bare}</title>{side}<h1>{bare}</h1><p>详见附件</p></html>"
    with MockServer(pages) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/")], entry="portal")
        _survey(tmp_path / "a.db", registry)
        with Archive.read_only(tmp_path / "a.db") as archive:
            assert [row["url"] for row in archive.found_sources()] == [server.url("/nb/")]


def test_made_sites_are_found_from_their_home_pages(tmp_path: Path) -> None:
    """Six sites of the grammar of unseen skins; `python -m benchmarks survey` has sixty."""
    done = survey(11, 6, tmp_path)
    assert (done.found, done.wrong, done.missed) == (6, (), ())
    assert done.requests < 6 * 15
