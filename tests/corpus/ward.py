"""The sick ward: a server for every way in which a site can fail, each with the outcome that a crawl must name.

Every patient has a loopback address of its own, a column at /nb/ that links one report, and one sickness. The
well ones beside them show whether a crawl lets others pay.
"""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path

from tests.corpus.certificates import certificate, server_context

DOCUMENT = "/nb/t20260130_1.html"
OTHER = "/nb/t20260130_2.html"
FILE = "/nb/P020260130.pdf"
TITLE = "某局2025年政府信息公开工作年度报告"
WHOLE = f"<html><title>{TITLE}</title><body><h1>{TITLE}</h1><p>本年度主动公开信息。</p></body></html>"
COLUMN = (
    f"<html><body><ul><li><a href='{DOCUMENT}'>{TITLE}</a><span>2026-01-30</span></li></ul></body></html>"
)
HOME = "<html><title>某县人民政府</title><body>" + "".join(f"<p>要闻{n}：今日召开会议</p>" for n in range(40))
_SORRY = f"<html><title>某县人民政府</title><body><p>{'欢迎访问本站，请从首页浏览。' * 20}</p></body></html>"
_RUISHU = "<html><meta r='m'><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script></html>"
_JSL = (
    '<script>document.cookie="__jsl_clearance_s=1";location.href=location.pathname+location.search</script>'
)
_BESIDE = WHOLE.replace("</body>", f'<a href="{FILE}">附件</a></body>')
MEGABYTE = 1024 * 1024
_BOMB = 90

Treat = Callable[[socket.socket], None]
"""What a patient does with a connection on which it was asked."""


@dataclass(frozen=True, slots=True)
class Patient:
    """One sickness: what is answered at each path, whose outcome counts, and what it has to be.

    `tries` is how often that address may be asked in one run; `slow` marks those that end only by a deadline.
    """

    outcome: str
    pages: Mapping[str, Treat]
    path: str = DOCUMENT
    tries: int = 1
    slow: bool = False
    tls: bool = False


def says(
    body: str | bytes = b"",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    kind: str = "text/html",
) -> Treat:
    """An answer as HTTP wants it."""
    data = body.encode() if isinstance(body, str) else body
    named = {"Content-Type": kind, "Content-Length": str(len(data)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return sends(f"HTTP/1.1 {status} Some\r\n{head}\r\n".encode() + data, close=False)


def sends(data: bytes, *, close: bool = True) -> Treat:
    """These bytes, and the end of the connection."""

    def treat(connection: socket.socket) -> None:
        connection.sendall(data)
        if close:
            connection.shutdown(socket.SHUT_WR)

    return treat


def _to(target: str) -> Treat:
    return says("", 302, {"Location": target})


def _drips(data: bytes, seconds: float = 0.5) -> Treat:
    """A byte now and then."""

    def treat(connection: socket.socket) -> None:
        for byte in data:
            connection.sendall(bytes([byte]))
            time.sleep(seconds)

    return treat


def _slowly(connection: socket.socket) -> None:
    """Not at once, but in time."""
    time.sleep(0.3)
    says(WHOLE)(connection)


def _stalls(connection: socket.socket) -> None:
    """The headers, and then nothing."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 900\r\n\r\n<html>")
    connection.recv(1)


def _resets(connection: socket.socket) -> None:
    """The connection torn down in the middle of a body."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 900\r\n\r\n<html>")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _endless(connection: socket.socket) -> None:
    """A body that goes on until somebody hangs up."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>")
    line = b"<p>" + b"a" * 65_000 + b"</p>"
    while True:
        connection.sendall(line)


def _headers(lines: int, size: int) -> Treat:
    def treat(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n")
        for start in range(0, lines, 1000):
            many = range(start, min(start + 1000, lines))
            connection.sendall(b"".join(b"X-%d: %s\r\n" % (n, b"a" * size) for n in many))
        connection.sendall(b"\r\n<html></html>")

    return treat


def _packed(pack: Callable[[], bytes], encoding: str) -> Treat:
    return lambda connection: says(pack(), headers={"Content-Encoding": encoding})(connection)


@cache
def _gzip_bomb() -> bytes:
    return gzip.compress(bytes(_BOMB * MEGABYTE), 1)


def _brotli_bomb() -> bytes:
    import brotli

    packer = brotli.Compressor(quality=1)
    return b"".join([*(packer.process(bytes(MEGABYTE)) for _ in range(_BOMB)), packer.finish()])


def _zstd_bomb() -> bytes:
    import zstandard

    packer = zstandard.ZstdCompressor().compressobj()
    return b"".join([*(packer.compress(bytes(MEGABYTE)) for _ in range(_BOMB)), packer.flush()])


def _hops(number: int) -> dict[str, Treat]:
    """So many redirects one after the other."""
    paths = [DOCUMENT, *(f"/nb/hop{n}.html" for n in range(number)), OTHER]
    return {**{one: _to(other) for one, other in pairwise(paths)}, OTHER: says(WHOLE)}


def _document(treat: Treat) -> dict[str, Treat]:
    return {DOCUMENT: treat}


def _http(body: bytes, *headers: str) -> bytes:
    return b"\r\n".join([b"HTTP/1.1 200 OK", *(each.encode() for each in headers), b"", body])


PATIENTS: dict[str, Patient] = {
    "well": Patient("ok", _document(says(WHOLE))),
    "slow": Patient("ok", _document(_slowly)),
    "whole without a length": Patient(
        "ok", _document(sends(_http(WHOLE.encode(), "Content-Type: text/html")))
    ),
    "ruishu in a page": Patient("ok", _document(says(WHOLE.replace("<h1>", f"{_RUISHU}<h1>")))),
    "mojibake": Patient("ok", _document(says(WHOLE.encode("gb18030"), kind="text/html; charset=utf-8"))),
    "a file that is another": Patient(
        "ok", {DOCUMENT: says(_BESIDE), FILE: says(b"PK\x03\x04" + bytes(500))}, FILE
    ),
    "a script that only moves": Patient(
        "ok", {DOCUMENT: says(f"<script>location.href='{OTHER}';</script>"), OTHER: says(WHOLE)}, OTHER
    ),
    # T12: time
    "a byte now and then, in the headers": Patient(
        "timeout", _document(_drips(b"HTTP/1.1 200 OK\r\n" + b"X-Slow: yes\r\n" * 99)), tries=2, slow=True
    ),
    "a byte now and then, in the body": Patient(
        "timeout", _document(_drips(_http(b"<html>" * 999, "Content-Length: 5994"))), tries=2, slow=True
    ),
    "nothing but tags": Patient("ok", _document(lambda connection: says(b"<p>" * 2_000_000)(connection))),
    "a stall after the headers": Patient("timeout", _document(_stalls), tries=2, slow=True),
    # Twisted itself asks once more when a kept connection turns out to be closed.
    "reset": Patient("reset", _document(_resets), tries=4),
    "a certificate of its own": Patient("tls_invalid", {}, "/nb/", tls=True),
    # T13: cut bodies
    "cut": Patient(
        "partial", _document(sends(_http(b"<html><body>half of", "Content-Type: text/html"))), tries=3
    ),
    "short": Patient("partial", _document(sends(_http(b"<html>half", "Content-Length: 900"))), tries=3),
    "cut in a chunk": Patient(
        "partial", _document(sends(_http(b"40\r\n<html>half", "Transfer-Encoding: chunked"))), tries=3
    ),
    "cut gzip": Patient(
        "partial",
        _document(says(gzip.compress(WHOLE.encode() * 99)[:-200], headers={"Content-Encoding": "gzip"})),
        tries=3,
    ),
    "empty": Patient("empty", _document(says(b"")), tries=2),
    # T14: bombs
    "bomb": Patient("too_large", _document(_packed(_gzip_bomb, "gzip"))),
    "double bomb": Patient(
        "too_large", _document(_packed(lambda: gzip.compress(_gzip_bomb()), "gzip, gzip"))
    ),
    "brotli bomb": Patient("too_large", _document(_packed(_brotli_bomb, "br"))),
    "zstd bomb": Patient("too_large", _document(_packed(_zstd_bomb, "zstd"))),
    "many headers": Patient("too_large", _document(_headers(1_000_000, 5))),
    "long headers": Patient("too_large", _document(_headers(24, 1_000_000))),
    "endless": Patient("too_large", _document(_endless)),
    "said to be huge": Patient("too_large", _document(sends(_http(b"<html>", "Content-Length: 99000000")))),
    "packed in its own way": Patient(
        "http_error", _document(says(b"\x1b\x03zz", headers={"Content-Encoding": "x-own"}))
    ),
    # T15: redirects
    "loop": Patient("redirect_loop", _document(_to(DOCUMENT))),
    "ring": Patient("redirect_loop", {DOCUMENT: _to(OTHER), OTHER: _to(DOCUMENT)}, OTHER),
    "many hops": Patient("redirect_loop", _hops(21), "/nb/hop4.html"),
    "loop in the page": Patient(
        "redirect_loop", _document(says(f"<meta http-equiv=refresh content='0;url={DOCUMENT}'>"))
    ),
    "to the home page": Patient("redirect_to_home", {DOCUMENT: _to("/"), "/": says(HOME)}),
    **{
        f"to {target}": Patient("not_registered", _document(_to(target)))
        for target in (
            *(
                "file:///etc/passwd",
                "ftp://127.0.0.1/",
                "http://127.0.0.1:1/",
                "http://10.0.0.1/",
                "http://[::1]/",
            ),
            *(
                "http://169.254.169.254/latest/",
                "http://0.0.0.0:1/",
                "http://2130706433:1/",
                "http://localhost:1/",
            ),
            *("https://www.example.com/", "gopher://127.0.0.1:1/"),
        )
    },
    # T16: refusals
    "ruishu": Patient("challenge_js", _document(says(_RUISHU, 412))),
    "jsl": Patient("challenge_js", _document(says(_JSL, 521, {"Set-Cookie": "__jsluid_s=1"}))),
    "wzws": Patient(
        "blocked_waf", _document(says("<html><script>var WZWS_METHOD='get';</script>WZWS</html>"))
    ),
    "firewall": Patient("blocked_waf", _document(says("<html>您的请求被网站防火墙拦截</html>", 403))),
    "captcha": Patient(
        "captcha", _document(says("<html><body>请输入验证码<form><input></form></body></html>"))
    ),
    "login": Patient("login_required", _document(_to("/login?to=x"))),
    "hurried": Patient(
        "throttled",
        _document(
            says("<html><body>访问过于频繁，请稍后再试</body></html>", headers={"Retry-After": "1800"})
        ),
    ),
    "throttle": Patient("throttled", _document(says("slow down", 429, {"Retry-After": "1800"}))),
    "hijacked": Patient(
        "suspicious_content", _document(says("<html><head><title>百家乐</title></head><body>x</body></html>"))
    ),
    # T17: pages that are none
    "says that it is missing": Patient(
        "soft_404", _document(says("<html><title>404</title><body>您访问的页面不存在</body></html>"))
    ),
    "missing by its looks": Patient("soft_404", {DOCUMENT: says(_SORRY), "*": says(_SORRY), "/": says(HOME)}),
    "the home page instead": Patient("soft_404", {DOCUMENT: says(HOME), "/": says(HOME)}),
    "gone": Patient("gone", _document(says("no", 404))),
    "gone for good": Patient("gone", _document(says("no", 410))),
    "forbidden": Patient("forbidden", _document(says("no", 403))),
    "teapot": Patient("http_error", _document(says("no", 418))),
    "broken": Patient("server_error", _document(says("no", 500)), tries=3),
    "not asked for": Patient("http_error", _document(sends(b"HTTP/1.1 304 Not Modified\r\n\r\n"))),
    "computed": Patient("js_redirect", _document(says("<script>location.href=a+b()</script>"))),
    "a file that is a page": Patient(
        "attachment_mismatch", {DOCUMENT: says(_BESIDE), FILE: says("<html><body>请稍候</body></html>")}, FILE
    ),
    # T21: robots.txt
    "robots that fail": Patient("robots_disallowed", {"/robots.txt": says("", 503)}, "/nb/"),
    "robots that forbid": Patient(
        "robots_disallowed", {"/robots.txt": says("User-agent: *\nDisallow: /nb/t")}
    ),
    "robots without end": Patient(
        "ok", {"/robots.txt": says("Disallow: /x\n" * 99_000), DOCUMENT: says(WHOLE)}
    ),
    "robots in HTML": Patient(
        "ok", {"/robots.txt": says("<html>User-agent: *\nDisallow: /</html>"), DOCUMENT: says(WHOLE)}
    ),
}


@dataclass
class Bed:
    """A patient on its address, and what it was asked."""

    name: str
    patient: Patient
    address: str
    asked: list[tuple[float, str]] = field(default_factory=list)
    peak: int = 0
    _now: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, path: str) -> str:
        """The address of one of its pages."""
        return f"{'https' if self.patient.tls else 'http'}://{self.address}{path}"

    @property
    def tries(self) -> int:
        """How often the address that counts was asked."""
        return Counter(path for _at, path in self.asked)[self.patient.path]

    def serve(self, listener: socket.socket, context: ssl.SSLContext | None) -> None:
        """Answers until the listener is closed, each connection in a thread of its own."""
        while True:
            try:
                connection, _client = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection, context), daemon=True).start()

    def _talk(self, connection: socket.socket, context: ssl.SSLContext | None) -> None:
        with suppress(OSError, ValueError), connection:
            talk = context.wrap_socket(connection, server_side=True) if context else connection
            while path := _path(talk):
                with self._lock:
                    self.asked.append((time.monotonic(), path))
                    self._now += 1
                    self.peak = max(self.peak, self._now)
                try:
                    self._treat(path)(talk)
                finally:
                    with self._lock:
                        self._now -= 1

    def _treat(self, path: str) -> Treat:
        pages = self.patient.pages
        usual = {"/nb/": says(COLUMN)}
        missing = says("no", 404) if path in ("/", "/robots.txt") else pages.get("*", says("no", 404))
        return pages.get(path) or usual.get(path) or missing


def _path(connection: socket.socket) -> str:
    """The path of the next request; empty when there is none."""
    head = b""
    while b"\r\n\r\n" not in head:
        more = connection.recv(65536)
        if not more:
            return ""
        head += more
    return head.split(b" ", 2)[1].decode("latin-1")


@contextmanager
def ward(
    names: Mapping[str, Patient] = PATIENTS, *, network: str = "127.0.4", folder: Path | None = None
) -> Iterator[dict[str, Bed]]:
    """Serves these patients, one an address of the network; `folder` takes the certificate of those with TLS."""
    with ExitStack() as stack:
        beds = {}
        for number, (name, patient) in enumerate(names.items(), 1):
            listener = stack.enter_context(socket.create_server((f"{network}.{number}", 0), backlog=64))
            # A thread that waits in accept() notices that its socket is shut down, not that it is closed.
            stack.callback(_shut, listener)
            bed = Bed(name, patient, f"{network}.{number}:{listener.getsockname()[1]}")
            context = (
                server_context(certificate(folder, f"{network}.{number}")[0])
                if patient.tls and folder
                else None
            )
            threading.Thread(target=bed.serve, args=(listener, context), daemon=True).start()
            beds[name] = bed
        yield beds


def _shut(listener: socket.socket) -> None:
    with suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
