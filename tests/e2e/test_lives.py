"""What sources turn out to be: states with evidence, from night to night and from vantage to vantage."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import crawling
import pytest
from mockserver import MockServer, Reply

from archive.care.merge import merge
from archive.state.lives import Life, Lived, best, changes
from archive.store import Archive

TITLE = "某县{}{}年政府信息公开工作年度报告"
LAW = "一、总体情况 本机关根据《中华人民共和国政府信息公开条例》编制本报告。二、主动公开政府信息情况"


def _site(years: tuple[int, ...] = (2022, 2023)) -> dict[str, Any]:
    rows = "".join(
        f'<li><a href="/nb/t{year + 1}0130_1.html">{TITLE.format("教育局", year)}</a><span>{year + 1}-01-30</span></li>'
        for year in years
    )
    pages: dict[str, Any] = {
        "/": '<html><a href="/nb/">政府信息公开年报</a><a href="/zn/">政府信息公开指南</a>'
        '<a href="/zd/">政府信息公开制度</a><a href="/ysq/">依申请公开</a></html>',
        "/nb/": f"<html><title>政府信息公开年报</title><ul>{rows}</ul></html>",
    }
    for year in years:
        title = TITLE.format("教育局", year)
        text = f"<h1>{title}</h1><p>{LAW}</p>"
        pages[f"/nb/t{year + 1}0130_1.html"] = f"<html><title>{title}</title><body>{text}</body></html>"
    return pages


def _state(db: Path, vantage: str = "") -> tuple[str, str, str]:
    with Archive.read_only(db) as archive:
        (lived,) = [each for each in archive.lives()["s0"] if each.vantage == vantage]
    return lived.state.value, lived.outcome, lived.evidence


def test_a_portal_is_verified_by_two_reports_that_were_read(tmp_path: Path) -> None:
    from nianbao import steps

    db = tmp_path / "a.db"
    with MockServer(_site()) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/")], entry="portal")
        crawling.crawl(db, registry)
        state, outcome, evidence = _state(db)
        assert (state, outcome) == ("column found", "ok")
        assert "2 reports listed at" in evidence
        assert "/nb/, 0 of them read" in evidence
        steps.read(db)
        crawling.crawl(db, registry)
    assert _state(db)[0] == "verified"
    with Archive.read_only(db) as archive:
        assert [each.state.value for each in archive.life_of("s0")] == ["column found", "verified"] or len(
            archive.life_of("s0")
        ) == 1  # both within one second


SICK: dict[str, tuple[Any, str]] = {
    "gone": (Reply(b"", status=404), "dead"),
    "a challenge": (Reply(b"<html>\xe8\xae\xbf\xe9\x97\xae\xe8\xa2\xab\xe6\x8b\xa6\xe6\x88\xaa</html>", status=403), "blocked"),
    "a fault": (Reply(b"", status=500), "asked"),
    "another place": (Reply(b"", status=302, headers={"Location": "http://203.0.113.9/"}), "moved"),
    "nothing of reports": ("<html><a href='/xw/'>新闻</a></html>", "answers"),
}  # fmt: skip


@pytest.mark.parametrize("name", SICK)
def test_what_a_home_page_is_met_as(tmp_path: Path, name: str) -> None:
    reply, state = SICK[name]
    with MockServer({"/": reply}) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/")], entry="portal")
        crawling.crawl(tmp_path / "a.db", registry, allow_private=True)
    found, _outcome, evidence = _state(tmp_path / "a.db")
    assert found == state
    assert evidence


def _lived(state: Life, at: str = "2026-01-01T00:00:00Z", vantage: str = "") -> Lived:
    return Lived("s", vantage, at, state, "ok", "", "", "r")


def test_one_bad_night_takes_nothing_away() -> None:
    assert not changes(_lived(Life.VERIFIED), Life.ASKED, "timeout", "")
    assert changes(_lived(Life.VERIFIED), Life.BLOCKED, "blocked_waf", "")
    assert changes(_lived(Life.BLOCKED), Life.ANSWERS, "ok", "")
    assert not changes(_lived(Life.ANSWERS), Life.ANSWERS, "ok", "")


def test_what_one_vantage_had_counts() -> None:
    here, there = _lived(Life.BLOCKED, "2026-02-01T00:00:00Z"), _lived(Life.VERIFIED, vantage="chengdu")
    assert best([here, there]) == there
    assert best([]) is None


def test_two_vantages_merge(tmp_path: Path) -> None:
    """Blocked from one place and had from another: both rows stand in the merged archive, whichever came first."""
    refusal = Reply("<html>访问被拦截</html>".encode(), status=403)
    site = _site()
    dbs = []
    with MockServer({**site, "/": refusal}) as server:
        url = server.url("/")
        registry = crawling.registry(tmp_path / "r.csv", [url], entry="portal")
        dbs.append(tmp_path / "here.db")
        crawling.crawl(dbs[0], registry, vantage="here")
        server.routes["/"] = site["/"]
        dbs.append(tmp_path / "there.db")
        crawling.crawl(dbs[1], registry, vantage="there")
    seen: list[list[Lived]] = []
    for order in (dbs, dbs[::-1]):
        into = tmp_path / f"m{len(seen)}.db"
        assert not merge(into, order).refused
        with Archive.read_only(into) as archive:
            seen.append(archive.lives()["s0"])
            vantages = {row[0] for row in archive.db.execute("select vantage from run")}
        assert vantages == {"here", "there"}
    assert seen[0] == seen[1]
    assert {each.vantage: each.state for each in seen[0]} == {
        "here": Life.BLOCKED,
        "there": Life.COLUMN_FOUND,
    }
    found = best(seen[0])
    assert found is not None
    assert found.vantage == "there"
