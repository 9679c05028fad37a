"""Serves the sample country over HTTP: one loopback address a site, all on one port."""

from __future__ import annotations

import json
import socket
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from socketserver import TCPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from sample.answers import answers, registry_csv
from sample.places import Site
from sample.sites import render_site
from sample.sites.files import Resource, SiteFiles
from sample.truth import Country, Truth

_NOT_FOUND = "<html><head><title>404</title></head><body><h1>您访问的页面不存在</h1></body></html>".encode()
_QUIET = datetime(2020, 1, 1)
_ATTEMPTS = 20
_MOST_FORM_BYTES = 65536


@dataclass(frozen=True, slots=True)
class Hit:
    """One request as the server saw it; times are seconds of `time.monotonic`."""

    host: str
    method: str
    path: str
    status: int
    started: float
    ended: float
    agent: str
    client: tuple[str, int]


class Server:
    """Serves `country` while its context is open.

    `noise=False` stops the counters and clocks in pages; `latency` is the seconds before each answer.
    """

    def __init__(
        self, country: Country, night: int = 1, port: int = 0, noise: bool = True, latency: float = 0.0
    ) -> None:
        """Bind nothing yet; `port=0` takes a port that is free on all addresses."""
        self.country = country
        self.night = night
        self.port = port
        self.noise = noise
        self.latency = latency
        self.log: list[Hit] = []
        self._views = 0
        self._lock = threading.Lock()
        self._files: dict[str, SiteFiles] = {}
        self._listeners: list[_Listener] = []

    def __enter__(self) -> Self:
        """Bind every address and begin to answer."""
        self._listeners = _bind(self)
        self.port = self._listeners[0].server_address[1]
        self.set_night(self.night)
        for listener in self._listeners:
            threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop answering and free the port."""
        for listener in self._listeners:
            listener.shutdown()
            listener.server_close()
            listener.hang_up()
        self._listeners = []

    def set_night(self, night: int) -> None:
        """Show the country as it is on `night`."""
        self._files = {
            site.key: render_site(self.country, site, night, site.base(self.port))
            for site in self.country.sites
        }
        self.night = night

    def url(self, report: Truth) -> str:
        """The URL of a report's page."""
        return report.site.base(self.port) + report.place.path

    def urls(self) -> list[str]:
        """The home page of each site."""
        return [f"{site.base(self.port)}/" for site in self.country.sites]

    def registry_csv(self) -> str:
        """The registry to crawl with."""
        return registry_csv(self.country, self.port)

    def truth(self) -> dict[str, Any]:
        """What a crawl of the present night should come to."""
        return answers(self.country, self.port, self.night)

    def truth_json(self) -> str:
        """`truth` as JSON."""
        return json.dumps(self.truth(), ensure_ascii=False, indent=1)

    def find(self, site: Site, path: str, params: dict[str, str]) -> Resource | None:
        """What `site` answers at `path`."""
        return self._files[site.key].get(path, params)

    def fill(self, resource: Resource) -> bytes:
        """The body of an answer, with the noise of this request."""
        with self._lock:
            self._views += 1
            views = self._views
        if not self.noise:
            return resource.filled(0, _QUIET)
        return resource.filled(1000 + views, datetime.now())


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, server: Server, site: Site, port: int) -> None:
        if not ip_address(site.address).is_loopback:
            raise ValueError(f"{site.address} is not a loopback address")
        self.country_server = server
        self.site = site
        self._open: set[socket.socket] = set()
        super().__init__((site.address, port), _Handler)

    def server_bind(self) -> None:
        """Take the address without asking the network for its name, as http.server would."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]

    def hang_up(self) -> None:
        """Cut the connections that clients keep alive."""
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer a connection in a thread of its own, and remember it until it ends."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that has ended."""
        self._open.discard(request)
        super().shutdown_request(request)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Sample"
    sys_version = ""
    disable_nagle_algorithm = True
    timeout = 30
    wbufsize = -1
    server: _Listener

    def do_GET(self) -> None:
        """Answer a page, a program or a file."""
        self._answer({})

    def do_HEAD(self) -> None:
        """Answer without the body."""
        self._answer({})

    def do_POST(self) -> None:
        """Answer a program that takes its parameters as a form."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > _MOST_FORM_BYTES:
            self.close_connection = True
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        form = self.rfile.read(int(length)).decode("utf-8", "replace")
        self._answer(dict(parse_qsl(form, keep_blank_values=True)))

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the log is `Server.log`."""

    def _answer(self, form: dict[str, str]) -> None:
        started = time.monotonic()
        time.sleep(self.server.country_server.latency)
        parts = urlsplit(self.path)
        params = dict(parse_qsl(parts.query, keep_blank_values=True)) | form
        resource = self.server.country_server.find(self.server.site, parts.path, params)
        status, headers, body = self._response(resource)
        self.send_response(status)
        for name, value in (*headers, ("Content-Length", str(len(body)))):
            if status != HTTPStatus.NOT_MODIFIED or name != "Content-Length":
                self.send_header(name, value)
        hidden = self.command == "HEAD" or status == HTTPStatus.NOT_MODIFIED
        self.end_headers()
        if not hidden:
            self.wfile.write(body)
        self._note(started, status)

    def _response(self, resource: Resource | None) -> tuple[HTTPStatus, list[tuple[str, str]], bytes]:
        if resource is None:
            return HTTPStatus.NOT_FOUND, [("Content-Type", "text/html; charset=utf-8")], _NOT_FOUND
        if resource.location:
            return HTTPStatus.MOVED_PERMANENTLY, [("Location", resource.location)], b""
        headers = [("Content-Type", resource.content_type)]
        if resource.modified and resource.etag:
            headers += [("ETag", resource.etag), ("Last-Modified", _http_date(resource.modified))]
            if self._is_known(resource.modified, resource.etag):
                return HTTPStatus.NOT_MODIFIED, headers, b""
        return HTTPStatus.OK, headers, self.server.country_server.fill(resource)

    def _is_known(self, modified: datetime, etag: str) -> bool:
        """An ETag that the client sends decides; without one, the date does."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return etag in (tag.strip() for tag in tags.split(","))
        since = self.headers.get("If-Modified-Since")
        if since is None:
            return False
        try:
            return parsedate_to_datetime(since) >= modified.replace(tzinfo=UTC, microsecond=0)
        except (TypeError, ValueError):
            return False

    def _note(self, started: float, status: HTTPStatus) -> None:
        agent = self.headers.get("User-Agent", "")
        hit = Hit(
            host=self.server.site.address,
            method=self.command,
            path=self.path,
            status=status.value,
            started=started,
            ended=time.monotonic(),
            agent=agent,
            client=self.client_address,
        )
        self.server.country_server.log.append(hit)


def _http_date(at: datetime) -> str:
    return format_datetime(at.replace(tzinfo=UTC), usegmt=True)


def _bind(server: Server) -> list[_Listener]:
    """A listener a site; with port 0, tries until one port is free on all addresses."""
    error: OSError | None = None
    for _ in range(1 if server.port else _ATTEMPTS):
        try:
            return _listeners(server)
        except OSError as failed:
            error = failed
    raise error or OSError("no port is free on all addresses of the sample country")


def _listeners(server: Server) -> list[_Listener]:
    with ExitStack() as bound:
        made: list[_Listener] = []
        for site in server.country.sites:
            port = made[0].server_address[1] if made else server.port
            made.append(bound.enter_context(_Listener(server, site, port)))
        bound.pop_all()
    return made
