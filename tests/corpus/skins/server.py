"""Serves a country of made sites: a loopback address each, one port for all, as they are on a night."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from .page import Look
from .sites import Country, Rendered

_TRIES = 20


@dataclass
class Shown:
    """What the server shows: which night it is, from when reports are revised, and which sites have their new skin."""

    night: int = 1
    is_revised: bool = False
    is_redesigned: bool = False


class Server:
    """Serves `country` while its context is open; `shown` may be changed at any time."""

    def __init__(self, country: Country) -> None:
        """Bind nothing yet."""
        self.country = country
        self.shown = Shown()
        self.asked: list[tuple[str, str]] = []
        self.port = 0
        self._requests = 0
        self._lock = threading.Lock()
        self._listeners: list[_Listener] = []

    def __enter__(self) -> Self:
        """Bind an address a site, all on a port that is free on each."""
        for _ in range(_TRIES):
            try:
                self._bind()
                break
            except OSError:
                self._close()
        else:
            raise OSError("no port is free on the addresses of all sites")
        for one in self._listeners:
            threading.Thread(target=one.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop answering."""
        for one in self._listeners:
            one.shutdown()
        self._close()

    def _bind(self) -> None:
        port = 0
        for site in self.country.sites:
            made = _Listener((site.address, port), Rendered(site), self)
            self._listeners.append(made)
            port = made.server_address[1]
        self.port = port

    def _close(self) -> None:
        for one in self._listeners:
            one.server_close()
        self._listeners = []

    def look(self, host: str, path: str) -> Look:
        """Note a request and say when it came."""
        with self._lock:
            self._requests += 1
            self.asked.append((host, path))
            return Look(self.shown.night, self._requests // 40 % 24, self._requests)


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], rendered: Rendered, owner: Server) -> None:
        self.rendered = rendered
        self.owner = owner
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 20
    server: _Listener

    def do_GET(self) -> None:
        """Answer a page."""
        self._answer({})

    def do_POST(self) -> None:
        """Answer a form."""
        body = self.rfile.read(min(int(self.headers.get("Content-Length", "0")), 65536))
        self._answer(dict(parse_qsl(body.decode("utf-8", "replace"))))

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _answer(self, form: dict[str, str]) -> None:
        owner, rendered = self.server.owner, self.server.rendered
        parts = urlsplit(self.path)
        given = dict(parse_qsl(parts.query, keep_blank_values=True)) | form
        look = owner.look(rendered.site.address, self.path)
        shown = owner.shown
        skin = 1 if shown.is_redesigned and rendered.site.index % 3 == 0 else 0
        answer = rendered.answer(unquote(parts.path), given, look, skin, shown.is_revised)
        body = (
            answer.body
            if answer
            else b"<html><head><title>404</title></head><body>404 Not Found</body></html>"
        )
        self.send_response(answer.status if answer else 404)
        self.send_header("Content-Type", answer.content_type if answer else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
