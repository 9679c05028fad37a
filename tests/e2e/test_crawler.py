"""A crawl end to end: of the sample country, and of servers that are sick in one way each."""

from __future__ import annotations

import gzip
import random
import socket
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import crawling
import pytest
from mockserver import Asked, MockServer, Reply, Route

from archive.care import fixity
from archive.store import Archive
from sample.make import country
from sample.server import Hit, Server

DOCUMENT = "/nb/t20260130_1.html"
TITLE = "某局2025年政府信息公开工作年度报告"
WHOLE = f"<html><title>{TITLE}</title><body><p>本年度主动公开。</p></body></html>"


def listing(*links: tuple[str, str]) -> str:
    """A column of these links."""
    rows = "".join(
        f'<li><a href="{url}" title="{title}">{title}</a><span>2026-01-30</span></li>' for url, title in links
    )
    return f"<html><body><ul>{rows}</ul></body></html>"


# --- the sample country ---


@dataclass
class Nights:
    """Three crawls of the country: the first, one where nothing changed, one that asks for all."""

    server: Server
    results: list[dict[str, Any]]
    hits: list[list[Hit]]
    counts: list[dict[str, int]]
    captured: set[str]


def _counts(db: Path) -> dict[str, int]:
    with Archive.open(db) as archive:
        return {
            table: archive.db.execute(f"select count(*) from {table}").fetchone()[0]
            for table in ("blob", "capture")
        }


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    folder = tmp_path_factory.mktemp("country")
    db, registry = folder / "a.db", folder / "r.csv"
    with Server(country(), noise=False) as server:
        registry.write_text(server.registry_csv(), "utf-8")
        seen = Nights(server, [], [], [], set())
        for recheck in ("due", "due", "all"):
            server.log.clear()
            seen.results.append(crawling.crawl(db, registry, recheck=recheck))
            seen.hits.append(list(server.log))
            seen.counts.append(_counts(db))
    with Archive.open(db) as archive:
        seen.captured = {
            row[0] for row in archive.db.execute("select url from capture where kind <> 'listing'")
        }
        assert list(fixity.verify(archive)) == []
    return seen


def _wanted(server: Server) -> set[str]:
    reports = server.truth()["reports"]
    return {report["url"] for report in reports} | {
        report["attachment_url"] for report in reports if report["attachment_url"]
    }


def test_every_report_and_attachment_is_found(nights: Nights) -> None:
    assert nights.results[0]["outcome"] == "ok"
    assert _wanted(nights.server) - nights.captured == set()


def test_no_look_alike_is_fetched(nights: Nights) -> None:
    assert nights.captured - _wanted(nights.server) == set()


def test_nothing_disallowed_is_asked(nights: Nights) -> None:
    asked = {f"http://{hit.host}{hit.path}" for hits in nights.hits for hit in hits}
    assert not asked & {other["url"] for other in nights.server.truth()["forbidden"]}


def test_robots_comes_first_and_once(nights: Nights) -> None:
    for host in {hit.host for hit in nights.hits[0]}:
        paths = [hit.path for hit in nights.hits[0] if hit.host == host]
        assert paths[0] == "/robots.txt"
        assert paths.count("/robots.txt") == 1


def test_one_request_at_a_time_a_host(nights: Nights) -> None:
    for hits in nights.hits:
        for host in {hit.host for hit in hits}:
            spans = sorted((hit.started, hit.ended) for hit in hits if hit.host == host)
            assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_we_say_who_we_are(nights: Nights) -> None:
    agents = {hit.agent for hits in nights.hits for hit in hits}
    assert len(agents) == 1
    assert "Nianbao/" in agents.pop()


def test_an_unchanged_country_costs_no_blob(nights: Nights) -> None:
    assert nights.counts[0] == nights.counts[1] == nights.counts[2]
    assert [result["new_captures"] for result in nights.results[1:]] == [0, 0]
    assert Counter(hit.status for hit in nights.hits[2])[304] > 0


def test_old_reports_rest(nights: Nights) -> None:
    assert len(nights.hits[1]) < len(nights.hits[2]) == len(nights.hits[0])


# --- one thing each ---


def _one(
    tmp_path: Path, routes: dict[str, Any], **options: Any
) -> tuple[dict[str, Any], MockServer, Archive]:
    """A crawl of one site whose column is /nb/."""
    with MockServer(routes) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        result = crawling.crawl(tmp_path / "a.db", registry, **options)
    return result, server, Archive.open(tmp_path / "a.db")


def test_robots_that_fails_forbids(tmp_path: Path) -> None:
    result, server, archive = _one(
        tmp_path, {"/robots.txt": Reply("", 503), "/nb/": listing((DOCUMENT, TITLE))}
    )
    assert server.paths() == []
    assert result["outcomes"] == {"robots_disallowed": 1}
    assert result["outcome"] == "partial"
    outcomes = dict(archive.db.execute("select kind, outcome from fetch").fetchall())
    assert outcomes == {"robots": "server_error", "listing": "robots_disallowed"}


def test_robots_in_html_is_no_rule(tmp_path: Path) -> None:
    html = "<html>User-agent: *\nDisallow: /</html>"
    result, _server, archive = _one(
        tmp_path, {"/robots.txt": html, "/nb/": listing((DOCUMENT, TITLE)), DOCUMENT: WHOLE}
    )
    assert result["fetched"] == 2
    assert (
        archive.db.execute("select reason from fetch where kind = 'robots'").fetchone()[0] == "robots_is_html"
    )


def test_a_host_that_refuses_is_left_alone(tmp_path: Path) -> None:
    links = [(f"/nb/t20260130_{number}.html", f"某{number}局2025年政府信息公开年报") for number in range(9)]
    routes: dict[str, Any] = {"/nb/": listing(*links)}
    routes |= {path: Reply("<script r='m'>$_ts=window['$_ts']</script>", 412) for path, _title in links}
    result, server, archive = _one(tmp_path, routes)
    assert len(server.paths()) == 1 + 3
    assert result["outcome"] == "partial"
    assert any("left alone until the next run" in problem for problem in result["problems"])
    assert archive.queued() == 6


def test_no_private_address(tmp_path: Path) -> None:
    result, server, _archive = _one(tmp_path, {"/nb/": listing((DOCUMENT, TITLE))}, allow_private=False)
    assert server.log == []
    assert result["outcomes"] == {"private_address": 1}


def test_no_private_address_by_name(tmp_path: Path) -> None:
    """A registered name that resolves to a private address is not connected to."""
    with MockServer({"/nb/": listing((DOCUMENT, TITLE))}) as server:
        port = server.host.split(":")[1]
        registry = crawling.registry(
            tmp_path / "r.csv", [f"http://localhost:{port}/nb/", f"http://2130706433:{port}/"]
        )
        result = crawling.crawl(tmp_path / "a.db", registry, allow_private=False)
    assert server.log == []
    assert result["outcomes"] == {"private_address": 2}


def test_nothing_listens(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/nb/"
    result = crawling.crawl(tmp_path / "a.db", crawling.registry(tmp_path / "r.csv", [url]))
    assert result["outcomes"] == {"unreachable_connect": 3}
    assert result["outcome"] == "partial"


def test_tls_that_is_not(tmp_path: Path) -> None:
    with MockServer({}) as server:
        url = server.url("/nb/").replace("http:", "https:")
        result = crawling.crawl(tmp_path / "a.db", crawling.registry(tmp_path / "r.csv", [url]))
    assert result["outcomes"] == {"tls_invalid": 1}


def test_only_registered_hosts(tmp_path: Path) -> None:
    foreign = "http://127.0.2.98:9/nb/t20260130_2.html"
    result, _server, archive = _one(
        tmp_path, {"/nb/": listing((DOCUMENT, TITLE), (foreign, TITLE + "（转载）")), DOCUMENT: WHOLE}
    )
    assert result["fetched"] == 2
    decisions = dict(archive.db.execute("select to_url, decision from link").fetchall())
    assert decisions[foreign] == "rejected:not_registered"


def test_redirects_keep_the_title(tmp_path: Path) -> None:
    moved = Reply("", 301, {"Location": "/new/t20260130_1.html"})
    result, server, archive = _one(
        tmp_path, {"/nb/": listing((DOCUMENT, TITLE)), DOCUMENT: moved, "/new/t20260130_1.html": WHOLE}
    )
    assert result["outcomes"] == {"ok": 2, "redirected": 1}
    row = archive.db.execute("select to_url, title from link where decision = 'redirect'").fetchone()
    assert tuple(row) == (server.url("/new/t20260130_1.html"), TITLE)


def test_a_column_that_is_a_report(tmp_path: Path) -> None:
    text = (
        "一、主动公开政府信息情况 二、收到和处理政府信息公开申请情况 三、政府信息公开行政复议、行政诉讼情况"
        * 20
    )
    page = f"<html><body><h1>{TITLE}</h1><p>{text}</p><a href='./P020260130.pdf'>附件</a></body></html>"
    _result, server, archive = _one(
        tmp_path,
        {
            "/nb/": listing(("/nb/2025n/", "2025年")),
            "/nb/2025n/": page,
            "/nb/2025n/P020260130.pdf": Reply("%PDF"),
        },
    )
    kinds = dict(archive.db.execute("select url, kind from capture").fetchall())
    assert kinds == {
        server.url("/nb/"): "listing",
        server.url("/nb/2025n/"): "document",
        server.url("/nb/2025n/P020260130.pdf"): "attachment",
    }


def test_a_column_that_shows_nothing_is_a_problem(tmp_path: Path) -> None:
    result, _server, _archive = _one(tmp_path, {"/nb/": "<html><body>正在整理</body></html>"})
    assert result["outcome"] == "partial"
    assert "shows no report" in result["problems"][0]


def test_a_pager_that_never_ends(tmp_path: Path) -> None:
    """The server answers the same rows for every page number."""
    page = listing((DOCUMENT, TITLE)) + "<div class=page><a href='?p={}'>下一页</a></div>"

    def answer(asked: Asked) -> Reply:
        return Reply(page.format(int(asked.path.partition("=")[2] or 1) + 1))

    result, server, archive = _one(tmp_path, {"/nb/": answer, DOCUMENT: WHOLE})
    assert len(server.paths()) == 3
    assert archive.db.execute("select count(*) from fetch where reason like '%repeat%'").fetchone()[0] == 1
    assert result["outcome"] == "partial"
    assert any("page 2 repeats page 1" in problem for problem in result["problems"])


def test_pages_that_take_for_ever_to_read_are_kept_and_their_host_is_left_alone(tmp_path: Path) -> None:
    """No other host waits for one whose markup is made to keep us busy."""
    with MockServer({"*": listing((DOCUMENT, TITLE))}) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url(f"/{number}/") for number in range(5)])
        result = crawling.crawl(
            tmp_path / "a.db", registry, patch={"crawler.spiders.reports.MOST_SECONDS": 0.000001}
        )
    assert (result["requests"], result["new_captures"], result["left"]) == (3, 3, 2)
    assert any("took more than 1e-06 s to read; left alone" in problem for problem in result["problems"])


def test_one_source_only(tmp_path: Path) -> None:
    with (
        MockServer({"/nb/": listing((DOCUMENT, TITLE)), DOCUMENT: WHOLE}) as one,
        MockServer({}, "127.0.3.99") as two,
    ):
        registry = crawling.registry(tmp_path / "r.csv", [one.url("/nb/"), two.url("/nb/")])
        assert crawling.crawl(tmp_path / "a.db", registry, source="s0")["fetched"] == 2
        assert crawling.crawl(tmp_path / "b.db", registry, host="127.0.0.1")["fetched"] == 2
        assert two.log == []


def test_what_is_too_large_is_let_go(tmp_path: Path) -> None:
    """A body that says it is huge, and one that grows huge when it is unpacked."""
    bomb = gzip.compress(bytes(100 * 1024 * 1024), 1)
    huge = Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 99000000\r\nContent-Type: text/html\r\n\r\n<html>")
    routes: dict[str, Any] = {
        "/nb/": listing((DOCUMENT, TITLE), ("/nb/t20260130_2.html", "某所2025年政府信息公开年报")),
        DOCUMENT: Reply(bomb, headers={"Content-Encoding": "gzip"}),
        "/nb/t20260130_2.html": huge,
    }
    result, _server, archive = _one(tmp_path, routes)
    assert result["outcomes"] == {"ok": 1, "too_large": 2}
    assert archive.db.execute("select count(*) from capture").fetchone()[0] == 1


def test_a_full_disk_ends_the_crawl_and_loses_nothing(tmp_path: Path) -> None:
    links = [(f"/nb/t20260130_{number}.html", f"某{number}局2025年政府信息公开年报") for number in range(60)]
    routes: dict[str, Any] = {"/nb/": listing(*links)}
    routes |= {path: Reply(b"<html>" + random.Random(path).randbytes(20_000)) for path, _title in links}
    with MockServer(routes) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        process = crawling.start(tmp_path / "a.db", registry, limit=800_000)
        _out, err = process.communicate(timeout=60)
        assert process.returncode != 0
        assert "DiskFull" in err
        before = len(server.paths())
        assert 1 < before < 61
        assert crawling.crawl(tmp_path / "a.db", registry)["outcome"] == "ok"
        # Only the answer that could not be kept is asked for again.
        assert len(server.paths()) == 62
    with Archive.open(tmp_path / "a.db") as archive:
        assert archive.db.execute("select count(*), count(distinct url) from capture").fetchone()[:] == (
            61,
            61,
        )
        assert list(fixity.verify(archive)) == []


def test_a_changed_page_is_looked_at_twice_in_the_same_night(tmp_path: Path) -> None:
    """A revision is confirmed the night it is met; a counter is not worth a second look; a flicker is told apart."""
    said = {"steady": ["8"], "revised": ["8"], "flicker": ["8"]}
    asked: dict[str, int] = dict.fromkeys(said, 0)

    def page(name: str) -> Route:
        def answer(_: Asked) -> Reply:
            asked[name] += 1
            number = said[name][0] if len(said[name]) == 1 else said[name].pop(0)
            return Reply(f"<html><body><h1>某县{name}2025年政府信息公开工作年度报告</h1><p>公开{number}条。</p>"
                         f"<p>浏览次数：{sum(asked.values())}</p></body></html>")  # fmt: skip

        return answer

    rows = "".join(
        f'<li><a href="/t20260130_{n}.html">某县2025年政府信息公开工作年度报告</a><span>2026-01-30</span></li>'
        for n in range(3)
    )
    routes: dict[str, Any] = {f"/t20260130_{n}.html": page(name) for n, name in enumerate(said)}
    routes["/nb/"] = f"<html><body><ul>{rows}</ul></body></html>"
    with MockServer(routes) as server:
        db = tmp_path / "a.db"
        registered = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        crawling.crawl(db, registered)
        assert set(asked.values()) == {1}
        said.update(revised=["9"], flicker=["9", "8"])
        result = crawling.crawl(db, registered, recheck="all")
        assert asked == {"steady": 2, "revised": 3, "flicker": 3}
        assert result["outcome"] == "ok"
        crawling.crawl(db, registered, recheck="all")
        assert asked == {"steady": 3, "revised": 4, "flicker": 4}
