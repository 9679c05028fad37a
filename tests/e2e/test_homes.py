"""From home pages as they are: what a person would follow, on made pages of each shape and on real ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import crawling
import pytest
from mockserver import MockServer, Reply

from archive.outcomes import FrontierRequest, Outcome, RequestKind
from archive.store import Archive
from crawler.engine.looking import Sight, look
from crawler.engine.portals import FOUND, Lead, leads
from crawler.links import absolute
from crawler.page import Page
from crawler.registry import Entry, Registry, Source
from crawler.signatures import judge

HOST = "http://www.mou.gov.cn/"
TITLE = "某县教育局2025年政府信息公开工作年度报告"
CASES = Path(__file__).parents[3] / "shared" / "cases"
COLUMN = f'<html><body><ul><li><a href="1.html">{TITLE}</a>2026-01-20</li></ul></body></html>'
PAPER = f"<html><title>{TITLE}</title><body><h1>{TITLE}</h1></body></html>"
BLOCK = (
    '<div><a href="/zn/">政府信息公开指南</a><a href="/zd/">政府信息公开制度</a>'
    '<a href="/nb/">政府信息公开年报</a><a href="/ysq/">依申请公开</a></div>'
)


def _page(markup: str, url: str = HOST) -> Page:
    return Page(url, f"<html><body>{markup}</body></html>".encode(), "text/html")


def _leads(markup: str) -> dict[str, Lead]:
    return {lead.url.removeprefix(HOST): lead for lead in leads(_page(markup))}


REDIRECTS = {
    "a comment behind it": "<script>\n<!--////\nwindow.location.href='/web/index.htm'//\n//-->\n</script>",
    "in pieces": "<script>var a = '/web', b = 'index.htm'; location.href = a + '/' + b;</script>",
    "by a function": "<script>function go(w){location.replace('/'+w+'/index.htm')} window.onload = () => go('web');</script>",
    "after a moment": "<script>setTimeout(function(){ top.location = ['','web','index.htm'].join('/'); }, 3000)</script>",
}


@pytest.mark.parametrize("name", REDIRECTS)
def test_a_redirect_by_script_is_followed(name: str) -> None:
    verdict = judge(200, {}, _page(REDIRECTS[name]))
    assert (verdict.outcome, verdict.target) == (Outcome.JS_REDIRECT, f"{HOST}web/index.htm")


def test_a_script_that_sets_a_cookie_before_it_goes_on_is_not_run() -> None:
    script = "<script>document.cookie = 'k=' + 6 * 7; location.href = location.pathname + '?k';</script>"
    assert judge(200, {}, _page(script)).target == ""


def test_an_exact_name_beats_a_word_in_its_address() -> None:
    found = _leads('<a href="/zfgzbg">政府信息公开工作年度报告</a><a href="/zfgzbg/2.htm">政府工作报告</a>')
    assert set(found) == {"zfgzbg"}


def test_a_statutory_name_inside_a_longer_one() -> None:
    found = _leads('<div><a href="/a/">政府信息公开专栏年报</a><a href="/b/">政府信息公开指南</a></div>')
    assert found["a/"].points >= FOUND


def test_articles_and_rules_are_no_ways() -> None:
    found = _leads(
        '<a href="/xxgk/2018-0117001.htm">2018年工作安排</a><a href="/xxgk/201801/t20180117_88.html">会议</a>'
        '<a href="/a/">政府信息公开条例</a><a href="/b/">政府信息公开意见箱</a><a href="/xxgk/list.htm">目录</a>'
    )
    assert set(found) == {"xxgk/list.htm"}


def test_a_picture_without_a_word_is_a_way_by_its_address() -> None:
    assert _leads('<a href="/zwgk/branch/index.htm"><img src="a.jpg"></a>')["zwgk/branch/index.htm"].way


def test_what_a_click_puts_into_the_page_may_be_the_column() -> None:
    names = {"zn": "政府信息公开指南", "nb": "政府信息公开年度报告", "sq": "依申请公开"}
    menu = "".join(f"<li><a href=\"javascript:get('{key}')\">{name}</a></li>" for key, name in names.items())
    script = (
        "<script>function get(k){ $.post('z.htm?loc=' + k, function (d) { $('#m').html(d[1]); }); }</script>"
    )
    assert _leads(f"<ul>{menu}</ul><div id=m></div>{script}")["z.htm?loc=nb"].points >= FOUND


WALKS: dict[str, dict[str, Any]] = {
    "a page before the home page": {
        "/": "<html><body>欢迎<a href='javascript:void(0)' onclick=\"self.location='index'\">点击进入</a></body></html>",
        "/index": f"<html><body>{BLOCK}</body></html>",
    },
    "a picture to click": {
        "/": "<html><body><table onclick='jump()'><tr><td><embed src='a.swf'></td></tr></table>欢迎光临"
        "<script>function jump(){ self.location = 'index'; }</script></body></html>",
        "/index": f"<html><body>{BLOCK}</body></html>",
    },
    "the map of the site": {
        "/": "<html><body><a href='/about.htm'>关于我们</a><a href='/x/'>外事</a><a href='/y/'>友城</a>"
        "<a href='/z/'>动态</a><a href='sitemap.htm'>网站地图</a></body></html>",
        "/sitemap.htm": f"<html><body>{BLOCK}</body></html>",
    },
    "a redirect in pieces": {
        "/": "<html><script>var p='/index'; location.href = p + '';</script></html>",
        "/index": f"<html><body>{BLOCK}</body></html>",
    },
}


@pytest.mark.parametrize("name", WALKS)
def test_the_column_is_found_behind(tmp_path: Path, name: str) -> None:
    with MockServer({**WALKS[name], "/nb/": COLUMN, "/nb/1.html": PAPER}) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/")], entry="portal")
        crawling.crawl(tmp_path / "a.db", registry)
        assert "/nb/1.html" in server.paths()


def test_a_column_on_another_registered_host_is_followed(tmp_path: Path) -> None:
    with MockServer({"/nb/": COLUMN, "/nb/1.html": PAPER}, "127.0.3.92") as other:
        home = f"<html><body>{BLOCK.replace('/nb/', other.url('/nb/'))}</body></html>"
        with MockServer({"/": home}, "127.0.3.91") as server:
            registry = tmp_path / "r.csv"
            crawling.registry(registry, [server.url("/")], entry="portal")
            row = f"o,某市人民政府,410700,city,government,column,{other.url('/elsewhere/')},,test\n"
            registry.write_text(registry.read_text("utf-8") + row, "utf-8")
            crawling.crawl(tmp_path / "a.db", registry, source="s0")
        assert "/nb/1.html" in other.paths()


def test_a_column_on_a_host_that_is_not_registered_is_named(tmp_path: Path) -> None:
    home = BLOCK.replace("/nb/", "http://zfxxgk.qita.gov.cn/nb/")
    with MockServer({"/": Reply(f"<html><body>{home}</body></html>")}) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/")], entry="portal")
        result = crawling.crawl(tmp_path / "a.db", registry)
    (problem,) = [each for each in result["problems"] if "no annual-report column" in each]
    assert "zfxxgk.qita.gov.cn, not registered" in problem
    with Archive.open(tmp_path / "a.db") as archive:
        assert archive.db.execute("select count(*) from fetch where url like '%qita%'").fetchone()[0] == 0


def _cases() -> list[Path]:
    found = [*CASES.glob("homes/*.json"), *CASES.glob("menus/*.json"), *CASES.glob("pages/*home*.json")]
    return sorted(found)


@pytest.mark.skipif(not CASES.is_dir(), reason="the real pages (../shared/cases) are not here")
@pytest.mark.parametrize("path", _cases(), ids=lambda path: path.stem)
def test_a_real_home_page_leads_where_a_person_would_go(path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    source = Source("s0", "某县人民政府", "410724", "county", "government", Entry.PORTAL, case["url"])
    asked = FrontierRequest(case["url"], RequestKind.PORTAL, source_id="s0", meta={"root": case["url"]})
    headers = {"content-type": "text/html"}
    sight = Sight(asked, 200, headers, path.with_suffix(".html").read_bytes(), source=source)
    followed = {child.url for child in look(_Everywhere({"s0": source}), sight).reading.children}
    for one in case.get("expected") or [case["column"]]:
        wanted = {absolute(case["url"], each["href"]) for each in (one, *one.get("or", []))}
        assert wanted & followed, one["title"]


class _Everywhere(Registry):
    """A registry in which every host stands."""

    def allows(self, url: str) -> bool:
        return True
