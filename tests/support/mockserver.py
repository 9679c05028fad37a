"""A local server whose routes a test writes as functions, and which remembers what was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass
class Reply:
    """What a route answers. `raw` is sent as it is, and then the connection is closed."""

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    body: str
    headers: Mapping[str, str]


Route = Callable[[Asked], Reply]


class MockServer:
    """Serves `routes` (exact path with query, else path alone, else "*") on a loopback address; use it as a context."""

    def __init__(self, routes: Mapping[str, Route | Reply | str], address: str = "127.0.0.1") -> None:
        self.routes = dict(routes)
        self.log: list[Asked] = []
        self.peak = 0
        self._now = 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer((address, 0), self._handler())
        self._server.daemon_threads = True
        # A killed client is part of the tests, not news.
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.host = f"{address}:{self._server.server_address[1]}"

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://{self.host}{path}"

    def paths(self) -> list[str]:
        """What was asked in order, but for robots.txt and for what shows how missing pages look."""
        return [asked.path for asked in self.log if not self._aside(asked.path)]

    def _aside(self, path: str) -> bool:
        """Whether a path is asked by the manners of the crawl and not for its reports."""
        return path == "/robots.txt" or "nianbao-looks" in path or (path == "/" and "/" not in self.routes)

    def reply(self, asked: Asked) -> Reply:
        """The answer to a request."""
        route = self.routes.get(asked.path, self.routes.get(asked.path.split("?")[0]))
        if route is None and asked.path not in ("/", "/robots.txt"):
            route = self.routes.get("*")
        if route is None:
            return Reply("not here", 404)
        if isinstance(route, str):
            return Reply(route)
        return route if isinstance(route, Reply) else route(asked)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length).decode()
                asked = Asked(self.command, self.path, body, dict(self.headers))
                with server._lock:
                    server._now += 1
                    server.peak = max(server.peak, server._now)
                    server.log.append(asked)
                try:
                    self._send(server.reply(asked))
                finally:
                    with server._lock:
                        server._now -= 1

            do_POST = do_GET

            def _send(self, reply: Reply) -> None:
                if reply.raw is not None:
                    self.wfile.write(reply.raw)
                    self.wfile.flush()
                    self.close_connection = True
                    return
                body = reply.body.encode() if isinstance(reply.body, str) else reply.body
                self.send_response(reply.status)
                headers = {"Content-Type": "text/html", "Content-Length": str(len(body)), **reply.headers}
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
                self.wfile.flush()

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        return Handler
