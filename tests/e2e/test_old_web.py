"""A web archive is asked as a guest asks: within limits, by its rules, and what it says is believed by its digests."""

from __future__ import annotations

import asyncio
import io
import json
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from made import HOST
from oldweb import OldWeb, digest, serving
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Request, Response
from test_warc import REPORT, rows
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.store import Archive
from crawler.past.asking import Guest
from crawler.past.cdx import Match, Row
from crawler.past.cdx import rows as read_rows
from crawler.past.walking import Backfilled, Scope, Walk
from crawler.past.web import CommonCrawl, Past, Question, Wayback, pages_of, target_of
from crawler.registry import load
from nianbao.front.exits import Exit

LIST, OLD = f"{HOST}/nb/", "20130501000000"
PAGES = [f"{HOST}/nb/2013{n:02}/t{n}.html" for n in range(1, 5)]


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    path = tmp_path / "registry.csv"
    header = "id,name,division,level,kind,entry,url,family,note\n"
    path.write_text(f"{header}s1,获嘉县人民政府,410724,county,government,column,{LIST},,\n", "utf-8")
    return path


def report(year: int) -> bytes:
    return REPORT.replace(b"2022", str(year).encode())


@pytest.fixture
def web() -> OldWeb:
    """An old list of four reports, and the reports as they were."""
    items = "".join(
        f'<li><a href="{url}">获嘉县{2009 + n}年政府信息公开工作年度报告</a><span>{2010 + n}-03-01</span></li>'
        for n, url in enumerate(PAGES)
    )
    listing = f"<html><body><ul>{items}</ul></body></html>".encode()
    kept = {(OLD, LIST): listing}
    kept |= {("20130502000000", url): report(2009 + n) for n, url in enumerate(PAGES)}
    return OldWeb(kept, robots=b"User-agent: *\nDisallow: /private\n")


def walk(db: Path, registry: Path, web: OldWeb, past: type[Past] | Any = None, **scope: Any) -> Backfilled:
    """A walk in this process: what asks is the web archive itself, without a network."""
    found, guest = load(registry), Guest(web.ask, 0.0)
    with Archive.open(db) as archive:
        asked = past(guest) if past else Wayback(guest, web.cdx)
        return asyncio.run(Walk(archive, found, asked, Scope(tuple(found.sources.values()), **scope)).run())


def start(web: OldWeb, registry: Path, db: Path, *options: object) -> subprocess.Popen[str]:
    """`nianbao backfill` in a process of its own, for Scrapy runs once in one."""
    words = ["--cdx", web.cdx, "--registry", registry, "--db", db, "--delay", 0, "--allow-private", "--json"]
    command = [sys.executable, "-m", "nianbao", "backfill", *map(str, [*words, *options])]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> tuple[int, dict[str, Any]]:
    """Its exit code, and what it said."""
    out, err = process.communicate(timeout=120)
    assert out, err
    return process.returncode, json.loads(out)


CAPTURES = "select url, first_seen, kind from capture order by url"


def test_an_old_list_is_walked_as_it_stood(
    nianbao: Callable[..., Any], web: OldWeb, registry: Path, tmp_path: Path
) -> None:
    """By Scrapy, over HTTP; the archive is busy at first."""
    db = tmp_path / "a.db"
    web.instead["/cdx/search/cdx"] = [(429, {"Retry-After": "0"}, b""), (503, {"Retry-After": "0"}, b"")]
    with serving(web):
        code, said = ended(start(web, registry, db, "--budget-requests", 5))
        assert (code, said["requests"], "spent" in said["spent"]) == (Exit.WRONG, 5, True)
        assert (said["captures"], said["left"] > 0) == (1, True)
        code, said = ended(start(web, registry, db))
    assert code == Exit.OK, said
    assert (said["captures"], said["left"], said["unlike"]) == (4, 0, 0)
    assert rows(db, CAPTURES) == [
        (LIST, "2013-05-01T00:00:00Z", "listing"),
        *((url, "2013-05-02T00:00:00Z", "document") for url in PAGES),
    ]
    assert rows(db, "select distinct via from witness") == [(web.cdx,)]
    assert rows(db, "select count(*) from witness where digest = ''") == [(0,)]
    assert nianbao("read", "--db", db).code == Exit.OK
    assert rows(db, "select year from v_reports order by year") == [(2009,), (2010,), (2011,), (2012,)]


def test_one_that_is_interrupted_says_so_and_is_gone_on_with(
    web: OldWeb, registry: Path, tmp_path: Path
) -> None:
    with serving(web):
        process = start(web, registry, tmp_path / "a.db", "--delay", 0.3)
        while process.poll() is None and not any(path.startswith("/web/") for path in web.asked):
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        code, said = ended(process)
    assert (code, said["interrupted"]) == (Exit.INTERRUPTED, True)
    assert said["captures"] + walk(tmp_path / "a.db", registry, web).captures == 5


def test_what_is_here_is_not_asked_for_again(web: OldWeb, registry: Path, tmp_path: Path) -> None:
    walk(tmp_path / "a.db", registry, web)
    asked = len(web.asked)
    again = walk(tmp_path / "a.db", registry, web)
    assert (again.captures, again.known >= 5, again.left) == (0, True, 0)
    assert not [path for path in web.asked[asked:] if path.startswith("/web/")]


def test_it_goes_on_where_it_was_stopped(web: OldWeb, registry: Path, tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    first = walk(db, registry, web, limit=2)
    assert (first.answers, first.left > 0) == (2, True)
    rest = walk(db, registry, web)
    assert (rest.answers, rest.left) == (3, 0)
    fetched = [path for path in web.asked if path.startswith("/web/")]
    assert len(fetched) == len(set(fetched)) == 5


def test_a_list_is_kept_with_what_it_named_or_not_at_all(
    web: OldWeb, registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A walk that is killed between both would take the list for known, and never ask for its reports."""
    with monkeypatch.context() as patch:
        patch.setattr(Walk, "_follow", lambda self, children: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            walk(tmp_path / "a.db", registry, web)
    assert walk(tmp_path / "a.db", registry, web).captures == 5


def test_one_that_wants_to_be_left_alone_is(web: OldWeb, registry: Path, tmp_path: Path) -> None:
    web.instead["/cdx/search/cdx"] = [(429, {"Retry-After": "86400"}, b"")]
    done = walk(tmp_path / "a.db", registry, web)
    assert done.left > 0
    assert "left alone" in done.spent
    assert len([path for path in web.asked if path.startswith("/cdx")]) == 1


def test_its_robots_are_obeyed(web: OldWeb, registry: Path, tmp_path: Path) -> None:
    web.robots = b"User-agent: Nianbao\nDisallow: /web/\n"
    done = walk(tmp_path / "a.db", registry, web)
    assert (done.answers, bool(done.problems)) == (0, True)
    assert not [path for path in web.asked if path.startswith("/web/")]


def test_bytes_that_do_not_match_the_digest_are_no_report(
    web: OldWeb, registry: Path, tmp_path: Path
) -> None:
    web.wrong.add(PAGES[0])
    done = walk(tmp_path / "a.db", registry, web)
    assert done.unlike == 1
    kept = rows(tmp_path / "a.db", f"select outcome from fetch where url = '{PAGES[0]}'")
    assert kept == [("partial",)]
    assert rows(tmp_path / "a.db", f"select 1 from capture where url = '{PAGES[0]}'") == []


def test_what_comes_again_is_not_asked_for(web: OldWeb, registry: Path, tmp_path: Path) -> None:
    for year in range(2014, 2024):
        web.captures[f"{year}0601000000", PAGES[0]] = report(2009)
    done = walk(tmp_path / "a.db", registry, web)
    assert (done.captures, done.again) == (5, 10)
    assert len([path for path in web.asked if path.startswith("/web/")]) == 5
    sql = f"select first_seen, last_seen from capture where url = '{PAGES[0]}'"
    assert rows(tmp_path / "a.db", sql) == [("2013-05-02T00:00:00Z", "2023-06-01T00:00:00Z")]


def test_a_redirect_of_old_is_followed_to_its_target(web: OldWeb, registry: Path, tmp_path: Path) -> None:
    moved = f"{HOST}/other/moved.html"
    body = web.captures.pop(("20130502000000", PAGES[0]))
    web.captures["20130502000000", moved] = body
    web.moved["20130502000000", PAGES[0]] = moved
    done = walk(tmp_path / "a.db", registry, web)
    assert (done.captures, done.outcomes["redirected"]) == (5, 1)
    assert (moved,) in rows(tmp_path / "a.db", "select url from capture")


def listed(ask: Callable[[Request], Any], cdx: str) -> int:
    """How many rows a server gives for one address."""

    async def count() -> int:
        found = Wayback(Guest(ask, 0.0), cdx).ask(Question(PAGES[0], Match.EXACT))
        return len({row.stamp async for row in found})

    return asyncio.run(count())


def test_ten_thousand_rows_take_no_more_memory_than_a_page_of_them() -> None:
    async def ask(request: Request) -> Response:
        start = int(parse_qs(urlsplit(request.url).query).get("resumeKey", ["0"])[0])
        days = (date.fromordinal(date(1997, 1, 1).toordinal() + n) for n in range(start, start + 1000))
        lines = [f"key {day:%Y%m%d}000000 {PAGES[0]} text/html 200 {digest(b'')} 9" for day in days]
        more = ["", str(start + 1000)] if start < 9000 else []
        is_robots = request.url.endswith("robots.txt")
        return Response(request.url, body=b"" if is_robots else "\n".join([*lines, *more]).encode())

    tracemalloc.start()
    try:
        assert listed(ask, "http://old.example/cdx/search/cdx") == 10_000
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()


def test_a_server_without_keys_that_says_too_much_is_asked_about_shorter_times() -> None:
    days = [date.fromordinal(date(2013, 1, 1).toordinal() + n) for n in range(300)]

    async def ask(request: Request) -> Response:
        if request.url.endswith("robots.txt"):
            return Response(request.url, 404)
        query = parse_qs(urlsplit(request.url).query)
        found = [day for day in days if query["from"][0] <= f"{day:%Y%m%d}" <= query["to"][0]]
        if len(found) > 40:
            raise DownloadCancelledError("too large")
        lines = [f"key {day:%Y%m%d}000000 {PAGES[0]} text/html 200 - 9" for day in found]
        return Response(request.url, body="\n".join(lines).encode())

    assert listed(ask, "http://old.example/coll/cdx") == len(days)


@pytest.mark.parametrize("odd", ["--cdx", "--commoncrawl", ""])
def test_what_is_no_archive(nianbao: Callable[..., Any], registry: Path, tmp_path: Path, odd: str) -> None:
    given = [odd, "ftp://x/"] if odd else []
    done = nianbao("backfill", *given, "--registry", registry, "--db", tmp_path / "a.db")
    assert done.code == Exit.USAGE


HOSTILE = [
    b"\xff\xfe\x00", b"a b", b"{", b"[[[[", b"[" * 5000, b'key 20130101000000 {"url": ["x"], "status": {}}',
    b"k 99999999999999 http://a.gov.cn/ text/html 200 X 1", b"k 20139901000000 http://a.gov.cn/ - 200 - -",
    b"k 20130101000000 file:///etc/passwd text/html 200 - -", b"k 29990101000000 http://a.gov.cn/ - - - -",
]  # fmt: skip


@pytest.mark.parametrize("line", HOSTILE)
def test_lines_that_are_no_rows(line: bytes) -> None:
    assert [row for row in read_rows([line]) if isinstance(row, Row)] == []


def test_the_three_forms_of_a_row_are_one() -> None:
    key = digest(b"x")
    wanted = Row("http://a.gov.cn/", OLD, "text/html", 200, key)
    fields = {"url": wanted.url, "mime": "text/html", "status": "200", "digest": f"sha1:{key}"}
    forms = (
        f"cn,gov,a)/ {OLD} http://a.gov.cn/ text/html 200 {key} 12",
        f"cn,gov,a)/ {OLD} {json.dumps(fields)}",
        json.dumps({"timestamp": OLD, **fields}),
    )
    assert list(read_rows([form.encode() for form in forms])) == [wanted] * 3


def test_where_captures_are() -> None:
    assert pages_of("https://web.archive.org/cdx/search/cdx") == "https://web.archive.org/web"
    assert pages_of("http://localhost:8080/coll/cdx") == "http://localhost:8080/coll"
    assert target_of("https://web.archive.org/web/2013id_/http:/a.gov.cn/1") == "http://a.gov.cn/1"
    assert target_of("/nb/2.html") == "/nb/2.html"


def test_common_crawl_is_read_by_ranges(web: OldWeb, registry: Path, tmp_path: Path) -> None:
    out, lines = io.BytesIO(), []
    writer = WARCWriter(out, gzip=True)
    for (stamp, url), body in web.captures.items():
        begin = out.tell()
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        at = f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}T00:00:00Z"
        dated = {"WARC-Date": at}
        writer.write_record(
            writer.create_warc_record(
                url, "response", io.BytesIO(body), warc_headers_dict=dated, http_headers=head
            )
        )
        fields = {
            "url": url,
            "timestamp": stamp,
            "status": "200",
            "mime": "text/html",
            "digest": digest(body),
        }
        fields |= {"filename": "crawl/x.warc.gz", "offset": str(begin), "length": str(out.tell() - begin)}
        lines.append(json.dumps(fields))
    web.files["crawl/x.warc.gz"] = out.getvalue()
    body = "\n".join(lines).encode()
    web.instead["/CC-index"] = [(200, {}, body)] * 30
    past = lambda guest: CommonCrawl(guest, f"{web.home}/CC-index", web.home)  # noqa: E731
    done = walk(tmp_path / "a.db", registry, web, past)
    assert (done.captures, done.unlike, done.missing) == (5, 0, 0)
    assert [row[0] for row in rows(tmp_path / "a.db", CAPTURES)] == [LIST, *PAGES]
