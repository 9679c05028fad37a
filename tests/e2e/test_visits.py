"""What a site hands to each visitor anew is no part of an address; what it means something by is."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

import crawling
import pytest
from mockserver import Asked, MockServer, Reply

from archive.store import Archive
from crawler.links import lasting, tidy
from crawler.page import Row

HOST = "http://www.mou.gov.cn"
DRAWN = "8F3A09C2D7E14B6690AB12CD34EF5678"
TITLE = "某县教育局{}年政府信息公开工作年度报告"

TAKEN_OUT = {
    f"/a.jsp;jsessionid={DRAWN}": "/a.jsp",
    f"/a.jsp;jsessionid={DRAWN}!-123?id=7": "/a.jsp?id=7",
    "/a;JSESSIONID=1?id=7": "/a?id=7",
    "/(S(k3f0ab12cd34ef56gh78ij90))/list.aspx?id=1": "/list.aspx?id=1",
    f"/a.php?PHPSESSID={DRAWN}&id=7": "/a.php?id=7",
    f"/a?id=7&sessionid={DRAWN}": "/a?id=7",
    f"/a?session_id={DRAWN}": "/a",
    "/a?cfid=120934&cftoken=88123412&id=7": "/a?id=7",
    "/a?_csrf=x7&id=7": "/a?id=7",
}
KEPT = (
    "/meeting?sessionid=13",
    "/pg?assessid=1234567890123456",
    "/a?cfid=12",
    "/api/list?token=5f1d7a84a1b2c3d4e5f6a7b8&page=2",
    "/a?ticket=1",
    "/down?sign=5f1d7a84a1b2c3d4e5f6a7b8",
    "/a;id=7?x=1",
    f"/{DRAWN}.html",
    "/search?q=sessionid",
)


@pytest.mark.parametrize("linked", TAKEN_OUT)
def test_the_id_of_a_visit_is_taken_out(linked: str) -> None:
    assert tidy(HOST + linked) == HOST + TAKEN_OUT[linked]


@pytest.mark.parametrize("linked", KEPT)
def test_what_only_looks_like_it_stays(linked: str) -> None:
    assert tidy(HOST + linked) == HOST + linked


def test_a_token_is_taken_out_of_a_row_that_remembers_it() -> None:
    linked = f"{HOST}/d?id=7&_token={DRAWN}"
    row = lasting(Row(linked, "年报"))
    assert (row.url, row.linked) == (f"{HOST}/d?id=7", linked)
    assert lasting(Row(f"{HOST}/d?token=2", "年报")).linked == ""


def _site(name: str, needs: str = "") -> dict[str, Any]:
    """A column whose links have a new value of `name` at every look; with `needs`, its papers want one."""
    drawn = (f"{number:08d}{DRAWN[:16]}" for number in count(1))

    def column(asked: Asked) -> Reply:
        value = next(drawn)
        rows = "".join(
            f'<li><a href="/d?id={year}&amp;{name}={value}">{TITLE.format(year)}</a>{year + 1}-01-20</li>'
            for year in (2021, 2022)
        )
        return Reply(f"<html><body><ul>{rows}</ul></body></html>")

    def paper(asked: Asked) -> Reply:
        if needs and needs not in asked.path:
            return Reply("<html><body>forbidden</body></html>", 403)
        year = asked.path.partition("id=")[2][:4]
        return Reply(f"<html><title>{TITLE.format(year)}</title><h1>{TITLE.format(year)}</h1></html>")

    return {"/nb/": column, "/d": paper}


@pytest.mark.parametrize("name", ["sessionid", "_token"])
def test_a_second_night_asks_no_more_than_the_first(tmp_path: Path, name: str) -> None:
    with MockServer(_site(name)) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        crawling.crawl(tmp_path / "a.db", registry, recheck="all")
        first = len(server.log)
        crawling.crawl(tmp_path / "a.db", registry, recheck="all")
        second = [asked.path for asked in server.log[first:] if asked.path.startswith("/d")]
        with Archive.open(tmp_path / "a.db") as archive:
            kept = {row[0] for row in archive.db.execute("select url from capture where kind = 'document'")}
        assert kept == {server.url("/d?id=2021"), server.url("/d?id=2022")}
        assert sorted(second) == ["/d?id=2021", "/d?id=2022"]


def test_a_site_that_wants_its_token_gets_it(tmp_path: Path) -> None:
    with MockServer(_site("_token", needs="_token=")) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        crawling.crawl(tmp_path / "a.db", registry)
        with Archive.open(tmp_path / "a.db") as archive:
            kept = archive.db.execute("select url from capture where kind = 'document'").fetchall()
        assert sorted(url.partition("&")[0] for (url,) in kept) == [
            server.url("/d?id=2021"),
            server.url("/d?id=2022"),
        ]


def test_a_site_that_sends_each_visitor_to_an_address_of_his_own_is_followed(tmp_path: Path) -> None:
    own = "/(S(k3f0ab12cd34ef56gh78ij90))/nb.aspx"
    routes: dict[str, Any] = {
        "/nb.aspx": Reply("", 302, {"Location": own}),
        own: f'<html><body><a href="/1.html">{TITLE.format(2022)}</a></body></html>',
        "/1.html": f"<html><h1>{TITLE.format(2022)}</h1></html>",
    }
    with MockServer(routes) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb.aspx")])
        crawling.crawl(tmp_path / "a.db", registry)
        assert "/1.html" in server.paths()
