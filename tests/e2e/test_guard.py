"""No answer hangs a crawl: whatever a server sends, there is an outcome, and the host is free again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import crawling
import pytest
from mockserver import MockServer, Reply

from archive.store import Archive
from crawler.hosts import is_private
from crawler.links import tidy
from crawler.net.patience import retry_after

TITLE = "某县财政局2020年政府信息公开工作年度报告"
WHOLE = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>公开8条。</p></body></html>"


def raw(head: str, body: str = WHOLE) -> Reply:
    data = body.encode()
    return Reply(raw=f"HTTP/1.1 {head}\r\nContent-Length: {len(data)}\r\n\r\n".encode("latin-1") + data)


SICK = {
    "bracket": (raw("302 F\r\nLocation: http://["), "not_registered"),
    "label": (raw(f"302 F\r\nLocation: http://{'a' * 70}.gov.cn/"), "not_registered"),
    "later": (raw("503 x\r\nRetry-After: \xb2"), "throttled"),
    "never": (raw("503 x\r\nRetry-After: Mon, 01 Jan 0001 00:00:00 +2359"), "throttled"),
    "part": (raw("206 P\r\nContent-Range: bytes 0-9/1000"), "partial"),
    "minus": (raw("-1 x"), "http_error"),
    "many": (raw("999 x"), "http_error"),
    "lines": (raw("200 OK\r\n" + "\r\n".join(f"a{n}: 1" for n in range(3000))), "too_large"),
    "digits": (raw(f"{'2' * 3000} x"), "http_error"),
    "refresh": (Reply('<html><meta http-equiv=refresh content="0;url=http://["></html>'), "not_registered"),
}


@pytest.mark.parametrize("name", SICK)
def test_an_answer_that_makes_no_sense_has_an_outcome(tmp_path: Path, name: str) -> None:
    answer, outcome = SICK[name]
    with MockServer({"/nb/": answer}) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        result = crawling.crawl(tmp_path / "a.db", registry)
    assert outcome in result["outcomes"]
    assert not any("fault of the program" in problem for problem in result["problems"])


def test_a_base_that_is_no_address_and_half_a_character(tmp_path: Path) -> None:
    rows = f'<a href="t20200101_1.html">{TITLE}</a>'
    script = f'<script>var d=[{{"title":"{TITLE}\\ud83d","url":"/nb/t20200101_2.html"}}]</script>'
    routes = {
        "/nb/": f'<html><head><base href="http://["></head><body><ul><li>{rows}</li></ul>{script}</body></html>',
        "/nb/t20200101_1.html": WHOLE,
        "/nb/t20200101_2.html": WHOLE,
    }
    with MockServer(routes) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        result = crawling.crawl(tmp_path / "a.db", registry)
    assert result["problems"] == []
    assert result["fetched"] >= 2


def test_markup_that_keeps_a_parser_busy_holds_up_nobody(tmp_path: Path) -> None:
    """What was made to take for ever is read apart, ended, and kept; the other host is done long before."""
    endless = f"<html><body><p {' '.join(f'a{n}=1' for n in range(150_000))}>{TITLE}</p></body></html>"
    column = f'<html><body><ul><li><a href="/nb/t20200101_1.html">{TITLE}</a></li></ul></body></html>'
    with (
        MockServer({"/nb/": endless}, "127.0.3.41") as sick,
        MockServer({"/nb/": column, "/nb/t20200101_1.html": WHOLE}, "127.0.3.42") as well,
    ):
        registry = crawling.registry(tmp_path / "r.csv", [sick.url("/nb/"), well.url("/nb/")])
        result = crawling.crawl(tmp_path / "a.db", registry)
    assert result["new_captures"] == 3
    assert result["left"] == 0


def test_an_odd_row_of_the_queue_is_given_up_with_why(tmp_path: Path) -> None:
    with MockServer({"*": WHOLE}) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        with Archive.open(tmp_path / "a.db") as archive:
            for number, (column, value) in enumerate(
                [("meta", "[1]"), ("meta", "{"), ("kind", "robots2"), ("url", b"\xff\xfe")]
            ):
                values = {
                    **{"id": f"x{number}", "url": server.url(f"/{number}"), "method": "GET", "body": ""},
                    **{"host": server.host, "kind": "document", "source_id": "s0", "referer": "", "depth": 0},
                    **{"priority": 99, "meta": "{}", "queued_at": "2020", "due_at": "2020", "run_id": ""},
                    column: value,
                }
                names = ", ".join(values)
                places = ", ".join("cast(? as text)" if name == column else "?" for name in values)
                archive.db.execute(f"insert into request ({names}) values ({places})", list(values.values()))
        result = crawling.crawl(tmp_path / "a.db", registry)
        assert result["left"] == 0
        assert sum("cannot be asked for" in problem for problem in result["problems"]) >= 3
    with Archive.open(tmp_path / "a.db") as archive:
        sql = "select count(*) from fetch where outcome = 'failed' and reason like '%cannot be asked for%'"
        assert archive.db.execute(sql).fetchone()[0] == 4


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        (Reply(raw=b"HTTP/1.1 302 F\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n"), True),
        (Reply(raw=b"HTTP/1.1 302 F\r\nLocation: http://a.cn/x\r\nContent-Length: 0\r\n\r\n"), True),
        (Reply("User-agent: *\nDisallow: /nb/\n" + "Disallow: /x\n" * 700_000), False),
        (Reply("# x\n" * 150_000 + "User-agent: *\nDisallow: /nb/\n"), True),
    ],
)
def test_robots_txt_counts_as_far_as_it_has_to(tmp_path: Path, robots: Reply, allowed: bool) -> None:
    """Elsewhere is nowhere, and the first 500 KiB count (RFC 9309)."""
    with MockServer({"/robots.txt": robots, "/nb/": WHOLE}) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        result = crawling.crawl(tmp_path / "a.db", registry)
    assert set(result["outcomes"]) == {"ok" if allowed else "robots_disallowed"}


@pytest.mark.parametrize(
    "address",
    "::127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::a00:1 2002:7f00:1:: fec0::1 ::ffff:127.0.0.1 ::ffff:0:127.0.0.1"
    " 2001:0:0:0:0:0:80ff:fffe fe80::1%eth0 [::ffff:127.0.0.1]:80 fd00::5efe:7f00:1 0.0.0.0 169.254.169.254".split(),
)
def test_a_private_address_in_whatever_clothes(address: str) -> None:
    assert is_private(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2400:3200::1", "64:ff9b::808:808", "[::ffff:8.8.8.8]:80"])
def test_public_addresses_are_public(address: str) -> None:
    assert not is_private(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://[",
        f"http://{'a' * 64}.cn/",
        "http://a..cn/",
        "http://a%2fb.cn/",
        "http://a.cn/\ud83d",
        "http://a℀.cn/",
    ],
)
def test_what_is_no_address_is_none(url: str) -> None:
    assert tidy(url) is None


@pytest.mark.parametrize("value", ["²", "-1", "x", "Mon, 01 Jan 0001 00:00:00 +2359", "9" * 5000])
def test_any_retry_after(value: str) -> None:
    retry_after({"retry-after": value})


def test_output_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "nianbao", "status", "--db", "/nonexistent/a.db"]
    with Path("/dev/full").open("w") as full:
        assert subprocess.run(command, stderr=full, check=False).returncode == 2
    column = f'<html><body><ul><li><a href="/nb/t20200101_1.html">{TITLE}</a></li></ul></body></html>'
    with MockServer({"/nb/": column, "/nb/t20200101_1.html": WHOLE}) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        words = ["--registry", registry, "--allow-private", "--delay", "0", "--db", tmp_path / "a.db"]
        command = [sys.executable, "-m", "nianbao", "crawl", *map(str, words)]
        code = "import nianbao.front.progress as p; p.EVERY = 0.0; import sys; from nianbao.cli import main; sys.exit(main())"
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [sys.executable, "-c", code, *command[3:]], stdout=full, stderr=full, timeout=100, check=False
            )
    assert done.returncode == 0
    with Archive.open(tmp_path / "a.db") as archive:
        assert archive.db.execute("select count(*) from capture").fetchone()[0] == 2
