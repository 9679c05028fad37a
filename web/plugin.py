"""The hooks by which the pages, the headers and the errors come into Datasette."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Base400, NotFound, Request, Response

from archive.publication.watch import List
from archive.releases.manifest import FILE, RELEASE
from web import respond
from web.behind.caching import thrifty
from web.saying.missing import Missing, Unclear
from web.saying.speech import speech
from web.views import (
    citing,
    comparison,
    downloads,
    feed,
    figures,
    measured,
    mementos,
    pages,
    places,
    released,
    rulepages,
    sitemaps,
    sourcepages,
    watched,
)

# Datasette's own pages need their inline scripts; everything still comes from this server.
DATASETTE_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    b"content-security-policy": DATASETTE_POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
}
Asgi = Callable[..., Awaitable[None]]


def _out(datasette: Datasette) -> Path:
    return Path(datasette.get_database(respond.NAME).path).parent


@hookimpl  # type: ignore[untyped-decorator]
def register_routes(datasette: Datasette) -> list[tuple[str, Any]]:
    """The addresses of DESIGN.md that this release has."""
    out = _out(datasette)
    json = r"(?P<json>\.json)?$"
    return [
        (r"^/" + json, pages.home),
        (r"^/index(?P<json>\.json)$", pages.home),
        (r"^/body/(?P<id>[^/.]+)" + json, pages.body),
        (r"^/report/(?P<id>[^/.]+)" + json, pages.report),
        (r"^/report/(?P<id>[^/.]+)\.csv$", pages.report_file),
        (r"^/report/(?P<id>[^/.]+)/diff" + json, pages.diff),
        (r"^/figure/(?P<id>[^/.]+)/(?P<code>[^/.]+)" + json, figures.figure),
        (r"^/figure/(?P<id>[^/.]+)/(?P<code>[^/.]+)\.svg$", figures.as_svg),
        (r"^/figure/(?P<id>[^/.]+)/(?P<code>[^/.]+)\.png$", figures.as_png),
        (r"^/division/(?P<id>\d{6})" + json, places.division(out)),
        (r"^/map" + json, places.china),
        (r"^/compare" + json, comparison.compare),
        (r"^/compare\.csv$", comparison.compare_file),
        (r"^/feed\.atom" + json, feed.feed),
        (r"^/findings" + json, pages.findings),
        *((rf"^/{name}" + json, watched.listing(name)) for name in List),
        *((rf"^/{name}\.atom$", watched.atom(name)) for name in List),
        (r"^/rules" + json, rulepages.book),
        (r"^/rules/(?P<id>NB-\d{4})" + json, rulepages.rule),
        (r"^/sources" + json, sourcepages.sources),
        (r"^/quality" + json, measured.quality(out)),
        (r"^/search" + json, pages.search),
        (r"^/downloads" + json, downloads.listed(out)),
        (r"^/downloads/(?P<name>[^/]+)$", downloads.file(out)),
        (r"^/releases" + json, released.listed(out)),
        (rf"^/releases/(?P<name>{RELEASE})" + json, released.release(out)),
        (rf"^/releases/(?P<name>{RELEASE})/(?P<file>{FILE})$", released.file(out)),
        (r"^/cite" + json, citing.make),
        (r"^/cite/(?P<id>[0-9A-Fa-f]{32})" + json, citing.show),
        (r"^/robots\.txt$", sitemaps.robots),
        (r"^/sitemap\.xml$", sitemaps.index),
        (r"^/sitemap-(?P<kind>body|report)-(?P<number>\d{1,6})\.xml$", sitemaps.sitemap),
        (r"^/capture/(?P<id>[0-9A-Fa-f]{64})" + json, pages.source),
        (r"^/capture/(?P<id>[0-9A-Fa-f]{64})\.png$", pages.source_picture),
        (r"^/timegate/(?P<url>.+)$", mementos.timegate),
        (r"^/timemap/(?P<form>link|json|cdxj)/(?P<url>.+)$", mementos.timemap),
    ]


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper() -> Callable[[Asgi], Asgi]:
    """Headers that every answer carries, with tags and gzip; one that has a policy of its own keeps it."""

    def wrap(app: Asgi) -> Asgi:
        async def guarded(scope: dict[str, Any], receive: Any, send: Any) -> None:
            async def send_guarded(message: dict[str, Any]) -> None:
                if message["type"] == "http.response.start":
                    message = {**message, "headers": _with_headers(list(message.get("headers", [])))}
                await send(message)

            await app(scope, receive, send_guarded)

        return thrifty(guarded)

    return wrap


def _with_headers(headers: list[Any]) -> list[Any]:
    present = {bytes(name).lower() for name, _value in headers}
    return [*headers, *([name, value] for name, value in HEADERS.items() if name not in present)]


@hookimpl(tryfirst=True)  # type: ignore[untyped-decorator]
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Response | None:
    """A missing page says what to do instead; a search that takes too long too. The rest is Datasette's."""
    t = speech(request)
    if isinstance(exception, NotFound):
        text = exception.said(t) if isinstance(exception, Missing) else t("error.page")
        return _sorry(request, 404, "error.not_found", text)
    if isinstance(exception, sqlite3.OperationalError) and "interrupted" in str(exception):
        return _sorry(request, 503, "error.slow", t("error.narrow"))
    if isinstance(exception, Base400) and exception.status == 400:
        text = exception.said(t) if isinstance(exception, Unclear) else str(exception)
        return _sorry(request, 400, "error.bad", text)
    return None


def _sorry(request: Request, status: int, title: str, text: str) -> Response:
    if request.path.endswith(".json"):
        return respond.as_json({"ok": False, "status": status, "error": text}, status)
    return respond.as_html(request, "error.html", {"title": title, "text": text, "json_url": ""}, status)
