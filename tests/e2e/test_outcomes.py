"""Every way in which a site fails has its name, its retries and its cool-down; and no other site pays for it."""

from __future__ import annotations

import datetime as dt
import ssl
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import crawling
import pytest
from mockserver import Asked, MockServer, Reply, Route

from archive.outcomes import Fetch, FrontierRequest, Link, Outcome, RequestKind, utc_now
from archive.store import Archive
from crawler.engine.work import CrawlOptions, Work
from crawler.net.patience import PATIENCE, cool_down, retry_after
from crawler.page import Page
from crawler.redirects import unencrypted
from crawler.registry import Registry
from crawler.signatures import judge
from tests.corpus.certificates import certificate, server_context

DOCUMENT = "/nb/t20260130_1.html"
TITLE = "某局2025年政府信息公开工作年度报告"
WHOLE = f"<html><title>{TITLE}</title><body><h1>{TITLE}</h1><p>本年度主动公开。</p></body></html>"
HOME = "<html><title>某县人民政府</title><body>" + "".join(f"<p>要闻{n}：今日召开会议</p>" for n in range(40))
RUISHU = "<html><meta r='m'><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script></html>"
JSL = '<script>document.cookie="__jsl_clearance_s=1";location.href=location.pathname+location.search</script>'


def listing(*links: tuple[str, str]) -> str:
    """A column of these links."""
    rows = "".join(f'<li><a href="{url}">{title}</a><span>2026-01-30</span></li>' for url, title in links)
    return f"<html><body><ul>{rows}</ul></body></html>"


def many(number: int) -> list[tuple[str, str]]:
    """Links to so many reports."""
    return [
        (f"/nb/t20260130_{n}.html", f"某{n}局2025年政府信息公开工作年度报告") for n in range(1, number + 1)
    ]


# --- what an answer is ---

SIGNATURES: dict[str, tuple[int, dict[str, str], str, str]] = {
    "ruishu 412": (412, {}, RUISHU, "challenge_js"),
    "ruishu 202": (202, {}, RUISHU, "challenge_js"),
    "ruishu 400": (400, {}, RUISHU, "challenge_js"),
    "ruishu in a normal page": (200, {}, WHOLE.replace("<h1>", RUISHU + "<h1>"), "ok"),
    "ruishu and nothing else": (200, {}, RUISHU, "challenge_js"),
    "jsl first step": (521, {"set-cookie": "__jsluid_h=1"}, JSL, "challenge_js"),
    "jsl second step": (521, {}, '<script>go({"bts":["a"],"chars":"x","ct":"y"})</script>', "challenge_js"),
    "412 for a condition": (412, {}, "<html>Precondition Failed</html>", "http_error"),
    "firewall": (403, {}, "<html>您的请求可能存在攻击行为，已被网站防火墙拦截</html>", "blocked_waf"),
    "firewall 405": (405, {}, "<html>请求被拦截 event_id: 42</html>", "blocked_waf"),
    "firewall 567": (567, {}, "<html>云防护 拦截</html>", "blocked_waf"),
    "firewall with 200": (200, {}, "<html><body>访问被阻断</body></html>", "blocked_waf"),
    "a report that says 拦截": (200, {}, f"<html><body>{'主动公开信息拦截' * 100}</body></html>", "ok"),
    "forbidden": (403, {}, "<html>Forbidden</html>", "forbidden"),
    "abroad": (403, {}, "<html>境外地址不可访问</html>", "forbidden"),
    "captcha": (200, {}, "<html><body>请输入验证码<form><input></form></body></html>", "captcha"),
    "captcha form": (200, {}, "<form><input name='captcha'></form>", "captcha"),
    "slider": (200, {}, "<html><body>请拖动滑块完成拼图</body></html>", "captcha"),
    "login by status": (401, {}, "", "login_required"),
    "login by redirect": (302, {"location": "/sso/login?x=1"}, "", "login_required"),
    "login by form": (200, {}, "<body>请先登录<form><input type=password></form></body>", "login_required"),
    "throttle 429": (429, {}, "", "throttled"),
    "throttle 503": (503, {"retry-after": "60"}, "", "throttled"),
    "throttle in words": (200, {}, "<html><body>访问过于频繁，请稍后再试</body></html>", "throttled"),
    "server error": (503, {}, "<html>down</html>", "server_error"),
    "gone": (404, {}, "", "gone"),
    "soft 404": (200, {}, "<html><title>404</title><body>您访问的页面不存在</body></html>", "soft_404"),
    "meta refresh": (200, {}, "<meta http-equiv=refresh content='0;url=/a/'>", "js_redirect"),
    "literal script": (200, {}, "<script>window.location.href='/a/';</script>", "js_redirect"),
    "replace": (200, {}, "<script>top.location.replace('/a/')</script>", "js_redirect"),
    "computed script": (200, {}, "<script>location.href=a+b()</script>", "js_redirect"),
    "hijacked": (
        200,
        {},
        "<html><head><title>澳门新葡京娱乐城</title></head><body>县政府</body></html>",
        "suspicious_content",
    ),
    "hijacked keywords": (
        200,
        {},
        "<html><head><title>某县</title><meta name=keywords content='百家乐,老虎机'></head><body>年报</body></html>",
        "suspicious_content",
    ),
    "a notice against it": (
        200,
        {},
        "<html><head><title>关于打击网络赌场的通告</title></head><body>通告</body></html>",
        "ok",
    ),
    "hijacked, in capitals": (
        200,
        {},
        "<META NAME='Keywords' CONTENT='时时彩,百家乐'><body>年报</body>",
        "suspicious_content",
    ),
    "throttle, otherwise": (200, {}, "<body>访问太频繁，请稍候再访问</body>", "throttled"),
    "slider, otherwise": (200, {}, "<body>请按住滑块，拖动到最右边</body>", "captcha"),
    "firewall 418": (418, {}, "<body>Request blocked by WAF</body>", "blocked_waf"),
    "WZWS": (
        200,
        {},
        "<script src='/WZWSREL2luZGV4.js'></script><script>wzwschallenge()</script>",
        "blocked_waf",
    ),
    "acw": (
        200,
        {},
        "<script>var arg1='A1';setCookie('acw_sc__v2', x);location.reload()</script>",
        "blocked_waf",
    ),
    "asks for scripts": (
        200,
        {},
        "<noscript>Please turn JavaScript on and reload the page.</noscript><script>challenge()</script>",
        "blocked_waf",
    ),
    "a report with a challenge's script": (
        200,
        {},
        f"<script src='/challenge.js'></script><body>{'主动公开政府信息' * 20}</body>",
        "ok",
    ),
    "refresh, the other way round": (
        200,
        {},
        "<meta content='0;url=/a/' http-equiv=refresh>正在跳转",
        "js_redirect",
    ),
    "soft 404, lost": (200, {}, "<title>提示</title><body>哎呀，您访问的网页走丢了</body>", "soft_404"),
    "soft 404, not seen": (
        200,
        {},
        "<title>错误</title><body>很抱歉，您要访问的页面不见了</body>",
        "soft_404",
    ),
    "soft 404, gone": (200, {}, "<body>对不起，您所查找的内容已不存在</body>", "soft_404"),
    "soft 404, withdrawn": (200, {}, "<body>该信息已过期或已被撤销，请返回首页</body>", "soft_404"),
    "soft 404 in English": (200, {}, "<title>Not Found</title><h1>Not Found</h1>", "soft_404"),
    "a list without a row": (200, {}, "<title>年报</title><body>暂无相关信息</body>", "ok"),
    "empty": (200, {}, " \n", "empty"),
}


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_signature(name: str) -> None:
    status, headers, body, outcome = SIGNATURES[name]
    page = Page("http://a.gov.cn/nb/1.html", body.encode(), "text/html")
    assert judge(status, headers, page).outcome == outcome


def test_only_a_target_that_is_written_out_is_followed() -> None:
    page = Page("http://a.gov.cn/nb/1.html", b"<script>location.href=a+b()</script>", "text/html")
    assert judge(200, {}, page).target == ""
    page = Page("http://a.gov.cn/nb/1.html", b"<script>location.href='../c.html'</script>", "text/html")
    assert judge(200, {}, page).target == "http://a.gov.cn/c.html"


def test_a_refusal_is_not_retried_and_cools_down() -> None:
    for outcome in (Outcome.CHALLENGE_JS, Outcome.BLOCKED_WAF, Outcome.CAPTCHA):
        assert outcome not in PATIENCE
        assert [cool_down(outcome, nights).days for nights in (1, 2, 3, 4, 9)] == [0, 7, 14, 28, 60]
    assert cool_down(Outcome.SERVER_ERROR, 9).days == 0


def test_retry_after_in_seconds_and_as_a_date() -> None:
    assert retry_after({"retry-after": "90"}) == dt.timedelta(seconds=90)
    assert retry_after({"retry-after": "999999"}) == dt.timedelta(days=1)
    later = retry_after({"retry-after": "Wed, 21 Oct 2099 07:28:00 GMT"})
    assert later == dt.timedelta(days=1)
    assert retry_after({"retry-after": "soon"}) is None
    assert retry_after({}) is None


# --- one thing each ---


def _one(
    tmp_path: Path, routes: dict[str, Any], **options: Any
) -> tuple[dict[str, Any], MockServer, Archive]:
    with MockServer(routes) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        result = crawling.crawl(tmp_path / "a.db", registry, **options)
    return result, server, Archive.open(tmp_path / "a.db")


def test_the_home_page_for_everything_is_a_throttle(tmp_path: Path) -> None:
    """After five pages every address shows the home page: the host is left alone, and goes on the next night."""
    served: Counter[str] = Counter()

    def hurried(body: str) -> Route:
        def answer(asked: Asked) -> Reply:
            served["all"] += 1
            return Reply(HOME if 5 < served["all"] < 12 else body)

        return answer

    routes: dict[str, Any] = {"/nb/": hurried(listing(*many(6))), "*": hurried("<html>404</html>"), "/": HOME}
    routes |= {path: hurried(WHOLE.replace("某局", title[:3])) for path, title in many(6)}
    with MockServer(routes) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        first = crawling.crawl(tmp_path / "a.db", registry)
        assert first["outcomes"] == {"ok": 5, "throttled": 3}
        assert any("3 times throttled in a row" in problem for problem in first["problems"])
        served["all"] = 20
        assert crawling.crawl(tmp_path / "a.db", registry, recheck="all")["outcomes"]["ok"] >= 2
    with Archive.open(tmp_path / "a.db") as archive:
        found = archive.db.execute("select count(*) from capture where kind = 'document'").fetchone()
    assert found[0] == 6


def test_a_host_that_refuses_cools_down_over_nights_and_recovers(tmp_path: Path) -> None:
    site: dict[str, Route | Reply | str] = {"/nb/": Reply(RUISHU, 412)}
    with MockServer(site) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        db = tmp_path / "a.db"
        for _night in range(2):
            assert crawling.crawl(db, registry)["outcomes"] == {"challenge_js": 1}
        third = crawling.crawl(db, registry)
        assert third["outcomes"] == {}
        assert "left alone until" in third["problems"][0]
        server.routes |= {"/nb/": listing((DOCUMENT, TITLE)), DOCUMENT: WHOLE}
        assert crawling.crawl(db, registry, recheck="all")["outcomes"] == {"ok": 2}
        with Archive.open(db) as archive:
            assert archive.host_state(server.host) is None
        assert crawling.crawl(db, registry)["outcome"] == "ok"


def test_a_rebuilt_site_is_noticed_and_its_old_pages_are_kept(tmp_path: Path) -> None:
    links = many(5)
    old: dict[str, Any] = {"/nb/": listing(*links), **{path: WHOLE for path, _title in links}}
    with MockServer(old) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        assert crawling.crawl(tmp_path / "a.db", registry)["outcome"] == "ok"
        moved = [(path.replace("/nb/", "/xxgknb/"), title) for path, title in links]
        home = '<div><a href="/zn/">信息公开指南</a><a href="/sq/">依申请公开</a><a href="/xxgknb/">政府信息公开年报</a></div>'
        server.routes = {"/": home, "/xxgknb/": listing(*moved), **{path: WHOLE for path, _title in moved}}
        result = crawling.crawl(tmp_path / "a.db", registry, recheck="all")
        again = crawling.crawl(tmp_path / "a.db", registry, recheck="all")
    assert result["outcome"] == "partial"
    assert any("site_relaunched: 6 of 6" in problem for problem in result["problems"])
    with Archive.open(tmp_path / "a.db") as archive:
        documents = archive.db.execute("select count(*) from capture where kind = 'document'").fetchone()[0]
        assert documents == 10
        assert [row["url"] for row in archive.found_sources()] == [server.url("/xxgknb/")]
        assert archive.db.execute("select kind from host_event").fetchall()[0][0] == "site_relaunched"
    assert again["outcomes"]["ok"] >= 6


def test_a_304_that_lies_is_caught_by_the_audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = {path: WHOLE for path, _title in many(60)}

    def lying(path: str) -> Route:
        def answer(asked: Asked) -> Reply:
            if asked.headers.get("If-None-Match"):
                return Reply("", 304, {"ETag": '"1"'})
            return Reply(bodies[path], headers={"ETag": '"1"'})

        return answer

    site: dict[str, Any] = {"/nb/": listing(*many(60)), **{path: lying(path) for path in bodies}}
    with MockServer(site) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        crawling.crawl(tmp_path / "a.db", registry)
        for path in bodies:
            bodies[path] = WHOLE.replace("主动公开", "主动公开9条")
        second = crawling.crawl(tmp_path / "a.db", registry, recheck="all", today=0)
        third = crawling.crawl(tmp_path / "a.db", registry, recheck="all")
    assert any("its 304 cannot be trusted" in problem for problem in second["problems"])
    assert second["new_captures"] >= 1
    assert second["new_captures"] + third["new_captures"] == 60
    assert "not_modified" not in third["outcomes"]


def test_the_budget_of_a_night(tmp_path: Path) -> None:
    site: dict[str, Any] = {"/nb/": listing(*many(9)), **{path: WHOLE for path, _title in many(9)}}
    with MockServer(site) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        first = crawling.crawl(tmp_path / "a.db", registry, budget=5)
        assert len(server.paths()) == 5
        assert any("5 requests a night are spent" in problem for problem in first["problems"])
        assert first["outcome"] == "partial"
        assert crawling.crawl(tmp_path / "a.db", registry)["outcome"] == "ok"
        assert set(server.paths()) == set(site)


def test_hosts_of_one_registered_domain_are_asked_one_at_a_time(tmp_path: Path) -> None:
    """What stands on one platform, all of chinatax.gov.cn or of a county, is one place to us."""
    names = {name: ["127.0.3.77"] for name in ("www.hd.gov.cn", "rsj.hd.gov.cn", "czj.hd.gov.cn")}

    def slow(asked: Asked) -> Reply:
        time.sleep(0.05)
        return Reply("not here", 404) if asked.path == "/robots.txt" else Reply(listing(*many(2)))

    with MockServer({"*": slow, "/robots.txt": slow}, "127.0.3.77") as server:
        port = server.host.partition(":")[2]
        registry = crawling.registry(tmp_path / "r.csv", [f"http://{name}:{port}/nb/" for name in names])
        crawling.crawl(tmp_path / "a.db", registry, names=names)
    assert {asked.headers["Host"].partition(":")[0] for asked in server.log} == set(names)
    assert server.peak == 1


def test_crawl_delay_is_obeyed(tmp_path: Path) -> None:
    routes: dict[str, Any] = {"/robots.txt": "User-agent: *\nCrawl-delay: 1", "/nb/": listing(*many(2))}
    routes |= {path: WHOLE for path, _title in many(2)}
    started = time.monotonic()
    result, _server, _archive = _one(tmp_path, routes)
    assert result["outcomes"]["ok"] == 3
    assert time.monotonic() - started > 2


def test_robots_that_changed_is_obeyed_the_next_night(tmp_path: Path) -> None:
    routes: dict[str, Any] = {"/robots.txt": "", "/nb/": listing((DOCUMENT, TITLE)), DOCUMENT: WHOLE}
    with MockServer(routes) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        crawling.crawl(tmp_path / "a.db", registry)
        server.routes["/robots.txt"] = "User-agent: *\nDisallow: /nb/t2026"
        result = crawling.crawl(tmp_path / "a.db", registry, recheck="all")
    assert result["outcomes"] == {"ok": 1, "robots_disallowed": 1}
    with Archive.open(tmp_path / "a.db") as archive:
        assert archive.db.execute("select count(*) from fetch where kind = 'robots'").fetchone()[0] == 2
        assert archive.db.execute("select count(*) from capture where kind = 'document'").fetchone()[0] == 1


def test_robots_that_changes_is_obeyed_within_a_long_run(tmp_path: Path) -> None:
    read: list[str] = []

    def robots(_: Asked) -> Reply:
        read.append("robots")
        return Reply("" if len(read) == 1 else "User-agent: *\nDisallow: /nb/t")

    site: dict[str, Any] = {"/robots.txt": robots, "/nb/": listing(*many(6))}
    site |= {path: WHOLE for path, _title in many(6)}
    result, _server, _archive = _one(tmp_path, site, patch={"crawler.engine.robots.REREAD_REQUESTS": 3})
    assert result["outcomes"]["ok"] >= 2
    assert result["outcomes"]["ok"] + result["outcomes"]["robots_disallowed"] == 7
    assert len(read) > 1


def test_a_name_that_becomes_private_gets_nowhere(tmp_path: Path) -> None:
    """DNS rebinding: the first look-up gives a public address, the next one that of this machine."""
    with MockServer({"/nb/": listing((DOCUMENT, TITLE))}) as server:
        url = f"http://rebind.example:{server.host.split(':')[1]}/nb/"
        result = crawling.crawl(
            tmp_path / "a.db",
            crawling.registry(tmp_path / "r.csv", [url]),
            allow_private=False,
            timeout=1,
            names={"rebind.example": ["192.88.99.1", "127.0.0.1"]},
            patch={"crawler.settings.DNSCACHE_ENABLED": False},
        )
        assert server.log == []
    assert "private_address" in result["outcomes"]
    assert "ok" not in result["outcomes"]


@pytest.mark.parametrize(
    ("shown_on", "linked", "plain"),
    [
        ("http://www.a.gov.cn/", "http://www.a.gov.cn/x.html", "http://www.a.gov.cn/nb/1.html"),
        ("http://zwgk.a.gov.cn/", "http://www.a.gov.cn/x.html", "http://www.a.gov.cn/nb/1.html"),
        ("http://www.b.gov.cn/", "http://www.a.gov.cn/x.html", ""),
        ("http://www.a.gov.cn/", "https://www.a.gov.cn/x.html", ""),
        ("http://www.a.gov.cn/", "http://www.a.gov.cn:8080/x.html", ""),
        ("http://www.a.gov.cn/", "http://www.a.gov.cn:8080/nb/1.html", "http://www.a.gov.cn:8080/nb/1.html"),
    ],
)
def test_http_only_where_the_site_itself_links_it(
    tmp_path: Path, shown_on: str, linked: str, plain: str
) -> None:
    asked = FrontierRequest("https://www.a.gov.cn/nb/1.html", RequestKind.DOCUMENT, meta={"title": TITLE})
    with Archive.open(tmp_path / "a.db") as archive:
        run_id = archive.start_run("crawl")
        shown = FrontierRequest(shown_on, RequestKind.LISTING)
        archive.enqueue([shown])
        fetch = Fetch(shown.id, run_id, shown_on, RequestKind.LISTING, Outcome.OK, utc_now())
        links = [Link(shown_on, linked, "年报", RequestKind.LISTING, "column")]
        archive.complete(shown.id, fetch, b"<html>", links)
        work = Work(CrawlOptions(tmp_path / "a.db"), archive, Registry({}), run_id)
        assert work.plain_link(asked) == plain
    reading = unencrypted(asked, plain, lambda url: True)
    assert [child.url for child in reading.children] == ([plain] if plain else [])
    assert [link.decision for link in reading.links] == (["redirect"] if plain else [])


def test_a_name_without_an_address(tmp_path: Path) -> None:
    registry = crawling.registry(tmp_path / "r.csv", ["http://no-such-name.invalid/nb/"])
    result = crawling.crawl(tmp_path / "a.db", registry)
    assert result["outcomes"] == {"dns_failed": 2}


# --- TLS, with real certificates ---


@contextmanager
def _tls(server: MockServer, pem: Path, newest: ssl.TLSVersion | None = None) -> Iterator[str]:
    """A server behind TLS, and its address."""
    plain = server._server.socket
    server._server.socket = server_context(pem, newest=newest).wrap_socket(
        plain, server_side=True, do_handshake_on_connect=True
    )
    with server:
        yield server.url("/nb/").replace("http:", "https:")


def test_tls_by_its_reason(tmp_path: Path) -> None:
    root, issuer = certificate(tmp_path, "test root", ca=True)
    certificates = {
        "self_signed": certificate(tmp_path, "127.0.5.1")[0],
        "expired": certificate(tmp_path, "127.0.5.2", issuer=issuer, days=-3)[0],
        "wrong_name": certificate(tmp_path, "other.gov.cn", issuer=issuer)[0],
        "": certificate(tmp_path, "127.0.5.4", issuer=issuer)[0],
    }
    site: dict[str, Any] = {"/nb/": listing((DOCUMENT, TITLE)), DOCUMENT: WHOLE}
    with ExitStack() as stack:
        urls = {
            reason: stack.enter_context(_tls(MockServer(site, f"127.0.5.{number}"), certificate))
            for number, (reason, certificate) in enumerate(certificates.items(), 1)
        }
        registry = crawling.registry(tmp_path / "r.csv", urls.values())
        result = crawling.crawl(tmp_path / "a.db", registry, environment={"SSL_CERT_FILE": str(root)})
    with Archive.open(tmp_path / "a.db") as archive:
        rows = archive.db.execute("select url, outcome, reason from fetch where kind = 'listing'").fetchall()
    found = {row["url"]: (row["outcome"], row["reason"].partition(":")[0]) for row in rows}
    assert found == {url: ("tls_invalid", reason) if reason else ("ok", "") for reason, url in urls.items()}
    assert result["outcome"] == "partial"


def test_old_servers_are_asked_as_they_speak_and_no_others(tmp_path: Path) -> None:
    """What is old is the way of speaking: a certificate for another name is refused all the same."""
    root, issuer = certificate(tmp_path, "test root", ca=True)
    site: dict[str, Any] = {"/nb/": listing((DOCUMENT, TITLE)), DOCUMENT: WHOLE}
    tls11, tls10 = ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1
    kinds: dict[str, tuple[Path, ssl.TLSVersion | None]] = {
        "old TLS": (certificate(tmp_path, "127.0.5.11", issuer=issuer)[0], tls11),
        "old TLS, 1.0": (certificate(tmp_path, "127.0.5.12", issuer=issuer)[0], tls10),
        "old TLS, a short key": (certificate(tmp_path, "127.0.5.13", issuer=issuer, bits=1024)[0], None),
        "wrong_name": (certificate(tmp_path, "old.gov.cn", issuer=issuer)[0], tls11),
        "": (certificate(tmp_path, "127.0.5.15", issuer=issuer)[0], None),
    }
    with ExitStack() as stack:
        urls = {
            kind: stack.enter_context(_tls(MockServer(site, f"127.0.5.{number}"), pem, newest))
            for number, (kind, (pem, newest)) in enumerate(kinds.items(), 11)
        }
        registry = crawling.registry(tmp_path / "r.csv", urls.values())
        crawling.crawl(tmp_path / "a.db", registry, environment={"SSL_CERT_FILE": str(root)})
    with Archive.open(tmp_path / "a.db") as archive:
        rows = archive.db.execute(
            "select url, outcome, reason from fetch where kind in ('listing', 'document')"
        ).fetchall()
    found = {
        kind: {(r["outcome"], r["reason"].partition(":")[0]) for r in rows if r["url"].startswith(url[:-4])}
        for kind, url in urls.items()
    }
    old = {("ok", "old TLS")}
    assert found == {
        "old TLS": old,
        "old TLS, 1.0": old,
        "old TLS, a short key": old,
        "wrong_name": {("tls_invalid", "wrong_name")},
        "": {("ok", "")},
    }
