"""Answers that hang a careless crawl: each has an outcome, the host is free again, and the crawl ends."""

from __future__ import annotations

import socket
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from benchmarks.attacks import Outcome, rig
from benchmarks.attacks.apart import run_apart

ENDED = (0, 1)
"""Exit codes of a crawl: all could be had, or not all."""
_NO_ROBOTS = b"HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_HEADER = "id,name,division,level,kind,entry,url,family,note\n"


def _page(markup: str) -> bytes:
    body = markup.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


def _empty(status: str, header: bytes = b"") -> bytes:
    return b"HTTP/1.1 %b\r\n%bContent-Length: 0\r\nConnection: close\r\n\r\n" % (status.encode(), header)


_ROW = '<li><a href="t20200101_1.html">某县财政局2020年政府信息公开工作年度报告</a></li>'
_HALF = (
    r'<script>var d=[{"title":"某县财政局2020年政府信息公开工作年度报告\ud83d","url":"/nb/1.html"}]</script>'
)
ANSWERS = {
    "Location: http://[": _empty("302 F", b"Location: http://[\r\n"),
    "Location: a name too long": _empty("302 F", b"Location: http://" + b"a" * 70 + b".gov.cn/\r\n"),
    "a base that is no address": _page(f'<html><base href="http://["><ul>{_ROW}</ul></html>'),
    "a refresh that is no address": _page('<html><meta http-equiv=refresh content="0;url=http://["></html>'),
    "half a character in a script": _page(f"<html><body>{_HALF}</body></html>"),
    "Retry-After: ²": _empty("503 x", b"Retry-After: \xb2\r\n"),
    "a 206 that nobody asked for": _empty("206 Part", b"Content-Range: bytes 0-9/1000\r\n"),
    "a status of -1": _empty("-1 x"),
    "a status that is no number": _empty("abc x"),
    "a length of -1": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx",
    "a tag with 40,000 attributes": _page(f"<html><p {' '.join(f'a{n}=1' for n in range(40_000))}>x"),
    "96,000 elements with scripts": _page('<html><a onclick="go(1)">1</a><b onclick="go(2)">2</b>' * 48_000),
}


@contextmanager
def server(robots: bytes, answer: bytes) -> Iterator[str]:
    """Gives these bytes to whoever asks, whatever he asks for; the host and port."""

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                with connection, suppress(OSError):
                    asked = connection.recv(65536)
                    connection.sendall(robots if b" /robots.txt " in asked else answer)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)


def attacked(name: str, robots: bytes, answer: bytes, folder: Path) -> Outcome:
    """One crawl of a site that gives one answer."""
    db, registry = folder / "a.db", folder / "registry.csv"
    for path in folder.glob("a.db*"):
        path.unlink()
    with server(robots, answer) as host:
        row = f"x,某县财政局,530199,county,department,column,http://{host}/nb/,,\n"
        registry.write_text(_HEADER + row, "utf-8")
        options = ["--db", db, "--registry", registry, "--allow-private", "--delay", "0"]
        outcome = run_apart([sys.executable, "-m", "nianbao", "crawl", *options]).outcome(name, ENDED)
    if not outcome.held:
        return outcome
    with closing(sqlite3.connect(db)) as archive:
        outcomes = [row[0] for row in archive.execute("select outcome from fetch")]
    return Outcome(name, bool(outcomes), ", ".join(outcomes), outcome.seconds, outcome.megabytes)


@rig("answers")
def answers(folder: Path) -> Iterator[Outcome]:
    """Every answer, of a page and of robots.txt."""
    for name, answer in ANSWERS.items():
        yield attacked(name, _NO_ROBOTS, answer, folder)
    nowhere = ANSWERS["Location: http://["]
    yield attacked("robots.txt: Location: http://[", nowhere, _page(f"<html><ul>{_ROW}</ul></html>"), folder)
