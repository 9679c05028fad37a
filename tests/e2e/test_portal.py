"""From a home page to the annual-report column, and the column as a source of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import crawling
import pytest
from mockserver import Asked, MockServer, Reply

from archive.outcomes import FrontierRequest, RequestKind
from archive.store import Archive
from crawler.discovery.decisions import sites_in
from crawler.discovery.reading import Reader
from crawler.engine.portals import FOUND, column_tag, leads
from crawler.page import Page, Row

TITLE = "某县{}2025年政府信息公开工作年度报告"
NEIGHBOURS = (
    '<a href="/zfxxgk/zn/">政府信息公开指南</a><a href="/zfxxgk/zd/">政府信息公开制度</a>'
    '<a href="/zfxxgk/fdzdgknr/">法定主动公开内容</a><a href="/zfxxgk/ysq/">依申请公开</a>'
)
MENU = '<div><a href="/">首页</a><a href="/xw/">新闻动态</a><a href="/bs/">办事服务</a><a href="/hd/">互动交流</a></div>'
WRONG = (
    '<div><a href="/zfgzbg/">政府工作报告</a><a href="/wzndbb/">政府网站工作年度报表</a>'
    '<a href="/tjgb/">统计年报</a></div>'
)


def _home(column: str, links: str = "") -> str:
    return f"<html><body>{MENU}{WRONG}<div class=zl>{NEIGHBOURS}{column}</div>{links}</body></html>"


def _column(names: list[str], folder: str, tag: str = "", more: str = "") -> dict[str, Any]:
    """A column and its reports."""
    rows = "".join(
        f'<li><a href="{folder}t20260130_{n}.html">{TITLE.format(name)}</a><span>2026-01-30</span></li>'
        for n, name in enumerate(names)
    )
    pages: dict[str, Any] = {
        folder: f"<html><head>{tag}</head><body>{MENU}<ul>{rows}</ul>{more}</body></html>"
    }
    for n, name in enumerate(names):
        title = TITLE.format(name)
        pages[f"{folder}t20260130_{n}.html"] = (
            f"<html><title>{title}</title><body><h1>{title}</h1></body></html>"
        )
    return pages


PORTALS: dict[str, tuple[dict[str, Any], str, int]] = {
    "beside its neighbours": (
        {
            "/": _home('<a href="/zfxxgk/zfxxgknb/">政府信息公开年报</a>'),
            **_column(["教育局", "财政局"], "/zfxxgk/zfxxgknb/"),
        },
        "/zfxxgk/zfxxgknb/",
        2,
    ),
    "one page further": (
        {
            "/": f'<html><body>{MENU}<a href="/zfxxgk/">政府信息公开</a></body></html>',
            "/zfxxgk/": _home('<a href="/col/col9/">信息公开年报</a>'),
            **_column(["教育局"], "/col/col9/"),
        },
        "/col/col9/",
        1,
    ),
    "by its ColumnType": (
        {
            "/": f'<html><body>{MENU}<a href="/zwgk/">政务公开</a></body></html>',
            "/zwgk/": '<html><body><a href="/zwgk/c7/">公开年报</a><a href="/zwgk/c8/">预算公开</a></body></html>',
            **_column(["教育局"], "/zwgk/c7/", '<meta name="ColumnType" content="信息公开年报">'),
        },
        "/zwgk/c7/",
        1,
    ),
    "by what it lists": (
        {
            "/": '<html><body><a href="/gk/">政务公开</a></body></html>',
            "/gk/": '<html><body><a href="/gk/12/">政府信息公开年报</a></body></html>',
            **_column(["教育局", "财政局", "民政局"], "/gk/12/"),
        },
        "/gk/12/",
        3,
    ),
    "with years and kinds of bodies below": (
        {
            "/": _home('<a href="/zfxxgk/nb/">政府信息公开年度报告</a>'),
            "/zfxxgk/nb/": '<html><ul><li><a href="2025n/">2025年</a></li></ul></html>',
            "/zfxxgk/nb/2025n/": '<html><ul><li><a href="xzjd/">乡镇街道</a></li><li><a href="bm/">县直部门</a></li></ul></html>',
            **_column(["石桥镇人民政府"], "/zfxxgk/nb/2025n/xzjd/"),
            **_column(["教育局", "财政局"], "/zfxxgk/nb/2025n/bm/"),
        },
        "/zfxxgk/nb/",
        3,
    ),
}


@pytest.mark.parametrize("name", PORTALS)
def test_the_column_is_found_and_becomes_a_source(tmp_path: Path, name: str) -> None:
    routes, column, reports = PORTALS[name]
    with MockServer(routes) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/")], entry="portal")
        first = crawling.crawl(tmp_path / "a.db", registry)
        asked = len(server.log)
        second = crawling.crawl(tmp_path / "a.db", registry)
        again = [asked.path for asked in server.log[asked:]]
    assert (first["outcome"], first["problems"]) == ("ok", [])
    assert second["outcome"] == "ok"
    with Archive.open(tmp_path / "a.db") as archive:
        (found,) = archive.found_sources()
        documents = archive.db.execute("select count(*) from capture where kind = 'document'").fetchone()[0]
        kept = archive.db.execute("select name, entry from source where id = ?", (found["id"],)).fetchone()
    assert found["url"] == server.url(column)
    assert found["portal_id"] == "s0"
    assert found["evidence"]
    assert tuple(kept) == ("某县人民政府", "column")
    assert documents == reports
    # The next night begins at the column; the way to it is not walked again.
    assert again[:2] == ["/robots.txt", column]


def test_a_column_that_leads_to_the_sites_of_bodies_walks_each_of_them(tmp_path: Path) -> None:
    """A column of links to the departments' own sites, each with a column somewhere (discovery.md 6h)."""
    bodies = {"jyj": "某县教育局", "czj": "某县财政局", "mzj": "某县民政局"}
    names = {f"{host}.mou.gov.cn": ["127.0.3.90"] for host in ("www", *bodies)}

    def answer(asked: Asked) -> Reply:
        host = asked.headers["Host"].partition(".")[0]
        if host == "www":
            links = "".join(
                f'<li><a href="http://{one}.mou.gov.cn:{port}/">{bodies[one]}</a></li>' for one in bodies
            )
            page = f"<html><body>{MENU}<ul>{links}</ul></body></html>" if asked.path == "/nb/" else None
        else:
            pages = {
                "/": _home('<a href="/xxgk/nb/">政府信息公开年报</a>'),
                **_column([""], "/xxgk/nb/"),  # who reports is not in the title
            }
            page = pages.get(asked.path)
        return Reply(page) if page else Reply("not here", 404)

    with MockServer({"*": answer, "/": answer}, "127.0.3.90") as server:
        port = server.host.partition(":")[2]
        # The departments are registered so that their ports are allowed; only the column is crawled.
        urls = [f"http://{name}:{port}/nb/" for name in names]
        registry = crawling.registry(tmp_path / "r.csv", urls)
        first = crawling.crawl(tmp_path / "a.db", registry, names=names, source="s0")
        asked = len(server.log)
        crawling.crawl(tmp_path / "a.db", registry, names=names, source="s0")
        again = {(one.headers["Host"].partition(".")[0], one.path) for one in server.log[asked:]}
    assert (first["outcome"], first["problems"]) == ("ok", [])
    with Archive.open(tmp_path / "a.db") as archive:
        found = {(row["name"], row["kind"], row["portal_id"]) for row in archive.found_sources()}
        documents = archive.db.execute("select count(*) from capture where kind = 'document'").fetchone()[0]
        walked = archive.db.execute("select count(*) from fetch where kind = 'portal'").fetchone()[0]
    assert found == {(body, "department", "s0") for body in bodies.values()}
    assert documents == 3
    assert {(host, "/xxgk/nb/") for host in bodies} <= again
    assert walked == 3  # the second night begins at the columns


def test_links_to_other_bodies_below_a_list_are_not_walked() -> None:
    rows = [
        Row(f"http://{at}.mou.gov.cn/", name)
        for at, name in enumerate(["某县教育局", "某县财政局", "某县民政局"])
    ]
    assert len(sites_in(rows, "http://www.mou.gov.cn/nb/")) == 3
    assert sites_in(rows[:2], "http://www.mou.gov.cn/nb/") == []
    assert sites_in(rows, "http://www.elsewhere.gov.cn/nb/") == []
    list_ = "".join(f'<li><a href="/nb/t20260130_{n}.html">{TITLE.format(n)}</a></li>' for n in range(2))
    links = "".join(f'<a href="{row.url}">{row.title}</a>' for row in rows)
    page = Page(
        "http://www.mou.gov.cn/nb/", f"<html><body>{list_}{links}</body></html>".encode(), "text/html"
    )
    asked = FrontierRequest(page.url, RequestKind.LISTING, source_id="s0")
    kinds = [child.kind for child in Reader(lambda _url: True, "某县人民政府").read(page, asked).children]
    assert kinds == [RequestKind.DOCUMENT] * 2


def test_look_alikes_are_no_columns() -> None:
    page = Page("http://a.gov.cn/", _home('<a href="/zfxxgk/nb/">政府信息公开年报</a>').encode(), "text/html")
    found = [lead for lead in leads(page) if lead.points >= FOUND]
    assert [lead.url for lead in found] == ["http://a.gov.cn/zfxxgk/nb/"]
    assert "beside 4 of its statutory neighbours" in found[0].evidence


@pytest.mark.parametrize(
    ("tags", "is_column"),
    [
        ('<meta name="ColumnType" content="信息公开年报">', True),
        ('<meta name="columntype" content="政务公开;信息公开年报">', True),
        ('<meta name="ColumnType" content="工作动态">', False),
        ('<meta name="ColumnType" content="信息公开年报"><meta name="ArticleTitle" content="某年报">', False),
    ],
)
def test_the_tag_of_a_column(tags: str, is_column: bool) -> None:
    page = Page("http://a.gov.cn/c/", f"<html><head>{tags}</head></html>".encode(), "text/html")
    assert column_tag(page) == is_column


def test_a_portal_without_a_column_is_a_problem(tmp_path: Path) -> None:
    with MockServer({"/": f"<html><body>{MENU}{WRONG}</body></html>"}) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/")], entry="portal")
        result = crawling.crawl(tmp_path / "a.db", registry)
    assert result["outcome"] == "partial"
    assert any("no annual-report column" in problem for problem in result["problems"])


def test_a_walk_that_finds_nothing_says_so(tmp_path: Path) -> None:
    routes = {
        "/": '<html><body><a href="/zwgk/">政务公开</a></body></html>',
        "/zwgk/": "<html><body>建设中，敬请期待</body></html>",
    }
    with MockServer(routes) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/")], entry="portal")
        result = crawling.crawl(tmp_path / "a.db", registry)
    assert result["outcome"] == "partial"
    assert any("s0" in problem and "no annual-report column" in problem for problem in result["problems"])


def test_one_portal_only_means_its_columns_too(tmp_path: Path) -> None:
    routes, _column_path, reports = PORTALS["beside its neighbours"]
    with MockServer(routes) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/")], entry="portal")
        result = crawling.crawl(tmp_path / "a.db", registry, source="s0")
    assert result["outcomes"]["ok"] == 2 + reports
