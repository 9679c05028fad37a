"""WARC files: what we write passes every check and is replayed; what others wrote is read in, whatever it is like."""

from __future__ import annotations

import gzip
import io
import json
import re
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import brotli
import pytest
import warc_strict
import webarchives
from made import HOST, PAGE
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.care import fixity
from archive.outcomes import Fetch, FrontierRequest, Outcome, RequestKind
from archive.store import Archive
from archive.warcs import foreign
from crawler.checks.imports import import_warcs
from crawler.registry import Registry, load
from nianbao.front.exits import Exit

REPORT = (
    "<html><head><meta charset='utf-8'><title>获嘉县人民政府2022年政府信息公开工作年度报告</title></head><body><h1>获嘉县"
    "人民政府2022年政府信息公开工作年度报告</h1>"
    + "<p>一、总体情况</p><p>主动公开政府信息8条，依申请公开3件。</p>" * 20
    + "</body></html>"
).encode()


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    path = tmp_path / "registry.csv"
    header = "id,name,division,level,kind,entry,url,family,note\n"
    path.write_text(f"{header}s1,获嘉县人民政府,410724,county,government,column,{HOST}/nb/,,\n", "utf-8")
    return load(path)


def night(path: Path, day: int, answers: dict[str, tuple[Outcome, int, bytes]]) -> None:
    """One night's answers, kept as a crawl keeps them."""
    with Archive.open(path) as archive:
        for url, (outcome, status, body) in answers.items():
            asked = FrontierRequest(url, RequestKind.DOCUMENT, source_id="s1", referer=f"{HOST}/nb/")
            archive.enqueue([asked])
            headers = {"content-type": "text/html; charset=utf-8", "etag": '"1"', "server": "某 server"}
            if outcome is Outcome.OK and day == 1:
                headers["last-modified"] = "Wed, 01 Mar 2023 00:00:00 GMT"
            at = f"2023-03-{day:02}T01:02:03Z"
            fetch = Fetch(asked.id, f"r{day}", url, asked.kind, outcome, at, status=status, headers=headers)
            archive.complete(asked.id, fetch, body or None)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Three nights: a page that stays, one that says so, one that changes, and some that fail."""
    path = tmp_path / "a.db"
    ok, same = Outcome.OK, Outcome.NOT_MODIFIED
    first = {
        PAGE: (ok, 200, REPORT),
        f"{HOST}/2.html?a=%E5%B9%B4&b": (ok, 200, b"<p>one</p>"),
        f"{HOST}/gone.html": (Outcome.GONE, 404, b"<p>missing</p>"),
        f"{HOST}/moved.html": (Outcome.REDIRECTED, 302, b""),
        f"{HOST}/lost.html": (Outcome.TIMEOUT, 0, b""),
    }
    night(path, 1, first)
    night(path, 2, {PAGE: (same, 304, b""), f"{HOST}/2.html?a=%E5%B9%B4&b": (ok, 200, b"<p>one</p>")})
    night(
        path,
        3,
        {PAGE: (ok, 200, REPORT + b"<!-- -->"), f"{HOST}/2.html?a=%E5%B9%B4&b": (ok, 200, b"<p>2</p>")},
    )
    with Archive.open(path) as archive:
        archive.db.execute("update fetch set status = null where outcome = 'timeout'")
    return path


# --- out ---


@pytest.mark.parametrize("name", ["out.warc.gz", "out.warc"])
def test_an_export_passes_every_check(
    nianbao: Callable[..., Any], kept: Path, tmp_path: Path, name: str
) -> None:
    out = tmp_path / "new" / name
    ended = nianbao("warc", "export", out, "--db", kept, "--json")
    assert ended.code == Exit.OK, ended.err
    said = json.loads(ended.out)
    assert (said["responses"], said["revisits"]) == (6, 2)
    assert said["bytes"] == out.stat().st_size
    assert warc_strict.check(out) == []
    command = [sys.executable, "-m", "warcio.cli", "check", "-v", str(out)]
    checked = subprocess.run(command, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
    assert "fail" not in checked.stdout
    assert sorted(path.name for path in out.parent.iterdir()) == [name]


def test_an_export_is_the_same_again(nianbao: Callable[..., Any], kept: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert nianbao("warc", "export", tmp_path / name / "x.warc", "--db", kept).code == Exit.OK
    assert (tmp_path / "a" / "x.warc").read_bytes() == (tmp_path / "b" / "x.warc").read_bytes()


def test_the_records_say_what_was_asked_and_answered(
    nianbao: Callable[..., Any], kept: Path, tmp_path: Path
) -> None:
    out = tmp_path / "x.warc"
    assert nianbao("warc", "export", out, "--db", kept).code == Exit.OK
    text = out.read_bytes().decode("utf-8", "replace")
    assert "GET /2.html?a=%E5%B9%B4&b HTTP/1.1\r\nHost: www.huojia.gov.cn\r\nUser-Agent: " in text
    assert "HTTP/1.1 404 Not Found\r\n" in text
    assert 'If-None-Match: "1"\r\nIf-Modified-Since: Wed, 01 Mar 2023' in text
    assert "revisit/server-not-modified" in text
    assert "WARC-Date: 2023-03-01T01:02:03Z" in text
    assert "made again from what the crawler sends" in text


def test_a_part_of_an_export_stands_alone(nianbao: Callable[..., Any], kept: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.warc.gz"
    ended = nianbao("warc", "export", out, "--since", "2023-03-02", "--db", kept, "--json")
    assert json.loads(ended.out)["responses"] == 4
    assert warc_strict.check(out) == []
    ended = nianbao("warc", "export", out, "--host", "other.gov.cn", "--db", kept, "--json")
    assert json.loads(ended.out)["responses"] == 0
    assert nianbao("warc", "export", out, "--since", "yesterday", "--db", kept).code == Exit.USAGE


@pytest.mark.parametrize("damage", ["cut", "flip", "length"])
def test_the_strict_check_sees_damage(
    nianbao: Callable[..., Any], kept: Path, tmp_path: Path, damage: str
) -> None:
    out = tmp_path / "x.warc"
    assert nianbao("warc", "export", out, "--db", kept).code == Exit.OK
    data = out.read_bytes()
    changed = {
        "cut": data[:-20],
        "flip": data.replace(b"<p>one</p>", b"<p>One</p>"),
        "length": data.replace(b"Content-Length: 10\r\n\r\n<p>one", b"Content-Length: 11\r\n\r\n<p>one"),
    }
    out.write_bytes(changed[damage])
    assert warc_strict.check(out)


def test_an_export_that_finds_no_room_leaves_nothing(kept: Path, tmp_path: Path) -> None:
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (90_000, 90_000)); from nianbao.cli import main;"
        "sys.argv[0] = 'nianbao'; sys.exit(main())"
    )
    out = tmp_path / "out" / "x.warc"
    command = [sys.executable, "-c", code, "warc", "export", str(out), "--db", str(kept)]
    night(kept, 4, {PAGE: (Outcome.OK, 200, REPORT * 50)})
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == Exit.DISK_FULL, ended.stderr
    assert list(out.parent.iterdir()) == []


@pytest.mark.slow
def test_pywb_replays_a_page(nianbao: Callable[..., Any], kept: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.warc.gz"
    assert nianbao("warc", "export", out, "--db", kept).code == Exit.OK
    with webarchives.pywb(tmp_path / "pywb", [out]) as server:
        # The third night's revision; the second night, which has a revisit record alone, and one that says 304.
        assert b"<!-- -->" in server.raw("20230303010203", PAGE)
        assert server.raw("20230302010203", f"{HOST}/2.html?a=%E5%B9%B4&b") == b"<p>one</p>"
        assert server.raw("20230302010203", PAGE) == REPORT


def test_no_304_stands_without_what_it_vouches_for(
    nianbao: Callable[..., Any], kept: Path, tmp_path: Path
) -> None:
    out = tmp_path / "x.warc"
    assert nianbao("warc", "export", out, "--since", "2023-03-02", "--db", kept).code == Exit.OK
    heard = [each for each in foreign.read(out) if each is not None and each.url == PAGE]
    assert [(each.at[:10], each.status, each.again is None) for each in heard] == [
        ("2023-03-01", 200, True),
        ("2023-03-02", 304, False),
        ("2023-03-03", 200, True),
    ]
    assert warc_strict.check(out) == []


@pytest.mark.slow
def test_a_304_before_any_body_hides_none(nianbao: Callable[..., Any], tmp_path: Path) -> None:
    """A server said 304 to a first visit, which asked for no such thing; later it gave the page."""
    db, out, lonely = tmp_path / "b.db", tmp_path / "x.warc.gz", f"{HOST}/lonely.html"
    nothing = (Outcome.NOT_MODIFIED, 304, b"")
    night(db, 1, {PAGE: nothing, lonely: nothing})
    night(db, 2, {PAGE: (Outcome.OK, 200, REPORT)})
    assert nianbao("warc", "export", out, "--db", db).code == Exit.OK
    heard = [(each.url, each.status) for each in foreign.read(out) if each is not None]
    assert heard == [(PAGE, 200), (lonely, 304)]
    assert warc_strict.check(out) == []
    with webarchives.pywb(tmp_path / "pywb", [out]) as server:
        assert server.raw("20230301010203", PAGE) == REPORT


# --- in ---


def chunked(body: bytes) -> bytes:
    pieces = [body[start : start + 700] for start in range(0, len(body), 700)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def warc(path: Path, *records: tuple[Any, ...], **how: Any) -> Path:
    """A WARC as another crawler writes it: (url, moment, status, headers, body as sent, and WARC fields)."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=path.suffix == ".gz", **how)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "Wget/1.21"}))
        for url, at, status, headers, body, *fields in records:
            head = StatusAndHeaders(f"{status} Said", list(headers.items()), protocol="HTTP/1.1")
            dated = {"WARC-Date": at, **(fields[0] if fields else {})}
            kind = "revisit" if "WARC-Refers-To-Date" in dated else "response"
            writer.write_record(
                writer.create_warc_record(
                    url, kind, io.BytesIO(body), len(body), warc_headers_dict=dated, http_headers=head
                )
            )
    return path


HTML = {"Content-Type": "text/html"}
OLD = "2015-05-05T05:05:05Z"
SENT = {
    "plain": ({}, REPORT),
    "chunked": ({"Transfer-Encoding": "chunked"}, chunked(REPORT)),
    "gzip": ({"Content-Encoding": "gzip"}, gzip.compress(REPORT)),
    "both": ({"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}, chunked(gzip.compress(REPORT))),
    "brotli": ({"Content-Encoding": "br"}, brotli.compress(REPORT)),
    "deflate": ({"Content-Encoding": "deflate"}, zlib.compress(REPORT)[2:-4]),
    "undone": ({"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}, REPORT),
}


@pytest.mark.parametrize("suffix", [".warc", ".warc.gz"])
@pytest.mark.parametrize("sent", SENT)
def test_bodies_of_other_crawlers_are_decoded(tmp_path: Path, sent: str, suffix: str) -> None:
    headers, body = SENT[sent]
    path = warc(tmp_path / f"x{suffix}", (PAGE, OLD, 200, {**HTML, **headers}, body))
    (heard,) = [each for each in foreign.read(path) if each is not None]
    assert heard.body == REPORT
    assert (heard.at, heard.status, heard.cut) == (OLD, 200, False)


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return list(db.execute(sql))


def test_answers_of_other_crawlers_become_captures_with_their_dates(
    tmp_path: Path, registry: Registry
) -> None:
    listing = '<html><body><ul><li><a href="/nb/201503/t20150301_7.html">获嘉县2014年政府信息公开工作年度报告</a><span>2015-03-01</span></li>'
    path = warc(
        tmp_path / "x.warc.gz",
        (f"{HOST}/nb/", "2015-05-05T05:00:00Z", 200, HTML, (listing * 3).encode()),
        (PAGE, OLD, 200, HTML, REPORT),
        (
            PAGE,
            "2016-05-05T05:05:05Z",
            200,
            HTML,
            b"",
            {"WARC-Refers-To-Date": OLD, "WARC-Refers-To-Target-URI": PAGE},
        ),
        (f"{HOST}/gone.html", OLD, 404, HTML, b"<p>404 Not Found</p>"),
        (f"{HOST}/style.css", OLD, 200, {"Content-Type": "text/css"}, b"p {}"),
        ("http://www.example.com/", OLD, 200, HTML, REPORT),
        ("dns:example.com", OLD, 200, HTML, REPORT),
    )
    with Archive.open(tmp_path / "a.db") as archive:
        found = import_warcs(archive, registry, [path])
        again = import_warcs(archive, registry, [path])
        assert archive.queued() == 1
        assert list(fixity.verify(archive)) == []
    assert (found.answers, found.captures, found.not_registered, found.frame, found.unresolved) == (
        4,
        2,
        1,
        1,
        0,
    )
    assert again.captures == 0
    kept = rows(tmp_path / "a.db", "select url, kind, first_seen, last_seen from capture order by url")
    assert kept == [
        (PAGE, "document", OLD, "2016-05-05T05:05:05Z"),
        (f"{HOST}/nb/", "listing", "2015-05-05T05:00:00Z", "2015-05-05T05:00:00Z"),
    ]
    outcomes = rows(tmp_path / "a.db", "select url, outcome, status, at from v_fetches order by at, url")
    assert [row[1:3] for row in outcomes] == [("ok", 200), ("ok", 200), ("gone", 404), ("ok", 200)]


def test_the_queue_goes_on_as_if_nothing_had_come(tmp_path: Path, registry: Registry) -> None:
    path = warc(tmp_path / "x.warc", (PAGE, OLD, 200, HTML, REPORT))
    with Archive.open(tmp_path / "a.db") as archive:
        archive.enqueue([FrontierRequest(PAGE, RequestKind.DOCUMENT)])
        import_warcs(archive, registry, [path])
        assert archive.queued() == 1


def test_history_from_before_us_is_read(nianbao: Callable[..., Any], tmp_path: Path) -> None:
    """The whole way: our own answer of 2023, an older one of the same bytes, and the report's age."""
    (tmp_path / "r.csv").write_text(
        "id,name,division,level,kind,entry,url,family,note\n"
        f"s1,获嘉县人民政府,410724,county,government,column,{HOST}/nb/,,\n"
    )
    db = tmp_path / "a.db"
    night(db, 1, {PAGE: (Outcome.OK, 200, REPORT)})
    with Archive.open(db) as archive:
        archive.keep_sources([next(iter(load(tmp_path / "r.csv").sources.values())).row()])
    assert nianbao("read", "--db", db).code == Exit.OK
    assert rows(db, "select first_seen from v_reports") == [("2023-03-01T01:02:03Z",)]
    older = REPORT.replace("8条".encode(), "7条".encode())
    path = warc(
        tmp_path / "x.warc", (PAGE, OLD, 200, HTML, older), (PAGE, "2016-01-01T00:00:00Z", 200, HTML, REPORT)
    )
    ended = nianbao("warc", "import", path, "--registry", tmp_path / "r.csv", "--db", db, "--json")
    assert json.loads(ended.out)["captures"] == 1
    assert nianbao("read", "--db", db).code == Exit.OK
    versions = rows(db, "select body, year, version, first_seen from v_reports order by version")
    assert versions == [("获嘉县人民政府", 2022, 1, OLD), ("获嘉县人民政府", 2022, 2, "2016-01-01T00:00:00Z")]


def test_what_we_wrote_comes_back_as_it_was(nianbao: Callable[..., Any], kept: Path, tmp_path: Path) -> None:
    out, back = tmp_path / "x.warc.gz", tmp_path / "b.db"
    assert nianbao("warc", "export", out, "--db", kept).code == Exit.OK
    ended = nianbao("warc", "import", out, "--any-host", "--db", back)
    assert ended.code == Exit.OK, ended.err
    sql = "select url, sha256, first_seen, last_seen from capture order by id"
    assert rows(back, sql) == rows(kept, sql)


def test_hosts_that_are_not_registered(nianbao: Callable[..., Any], tmp_path: Path) -> None:
    path = warc(tmp_path / "x.warc", ("http://www.example.com/1.html", OLD, 200, HTML, REPORT))
    ended = nianbao("warc", "import", path, "--db", tmp_path / "a.db")
    assert ended.code == Exit.OK
    assert "1 of hosts that are not registered" in ended.out
    assert "1 new captures" in nianbao("warc", "import", path, "--any-host", "--db", tmp_path / "a.db").out


# --- hostile ---


def test_a_file_that_breaks_off_gives_what_stands_before(nianbao: Callable[..., Any], tmp_path: Path) -> None:
    path = warc(
        tmp_path / "x.warc.gz", (PAGE, OLD, 200, HTML, REPORT), (f"{HOST}/2.html", OLD, 200, HTML, REPORT * 9)
    )
    path.write_bytes(path.read_bytes()[:-200])
    ended = nianbao("warc", "import", path, "--any-host", "--db", tmp_path / "a.db")
    assert ended.code == Exit.WRONG
    assert "1 new captures" in ended.out
    assert "x.warc.gz breaks off" in ended.err


@pytest.mark.parametrize(
    "data", [b"", b"no warc at all", gzip.compress(b"nothing", mtime=0), b"WARC/1.0\r\n", b"\x1f\x8b\x08"]
)
def test_what_is_no_warc(nianbao: Callable[..., Any], tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(data)
    ended = nianbao("warc", "import", path, "--db", tmp_path / "a.db")
    assert ended.code == Exit.WRONG
    assert "x.warc" in ended.err
    assert nianbao("warc", "import", tmp_path / "none.warc", "--db", tmp_path / "a.db").code == Exit.USAGE


def test_flipped_bytes_are_no_capture(tmp_path: Path, registry: Registry) -> None:
    path = warc(tmp_path / "x.warc", (PAGE, OLD, 200, HTML, REPORT))
    path.write_bytes(path.read_bytes().replace("8条".encode(), "9条".encode()))
    with Archive.open(tmp_path / "a.db") as archive:
        import_warcs(archive, registry, [path])
    assert rows(tmp_path / "a.db", "select outcome from fetch") == [("partial",)]
    assert rows(tmp_path / "a.db", "select count(*) from capture") == [(0,)]


def test_bombs_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign, "MAX_BODY", 200_000)
    bomb = bytes(50_000_000)
    sent = {
        "gzip": gzip.compress(bomb),
        "br": brotli.compress(bomb, quality=1),
        "deflate": zlib.compress(bomb),
        "gzip, gzip": gzip.compress(gzip.compress(bomb)),
        "": bomb[:300_000],
    }
    records = [
        (f"{HOST}/{n}", OLD, 200, {**HTML, "Content-Encoding": name}, body)
        for n, (name, body) in enumerate(sent.items())
    ]
    heard = [each for each in foreign.read(warc(tmp_path / "x.warc.gz", *records)) if each is not None]
    assert [each.too_large for each in heard] == [True] * len(sent)


def test_headers_without_an_end(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(gzip.compress(b"WARC/1.0\r\nWARC-Type: response\r\nX: " + b"x" * 50_000_000))
    with pytest.raises(foreign.ForeignError, match="without an end"):
        list(foreign.read(path))


@pytest.mark.parametrize("date", ["", "yesterday", "0001-01-01T00:00:00Z", "2999-01-01T00:00:00Z"])
def test_dates_that_are_none(tmp_path: Path, date: str) -> None:
    path = warc(tmp_path / "x.warc", (PAGE, OLD, 200, HTML, REPORT))
    path.write_bytes(re.sub(rb"WARC-Date: 2015\S*", b"WARC-Date: " + date.encode(), path.read_bytes()))
    assert [each for each in foreign.read(path) if each is not None] == []
