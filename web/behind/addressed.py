"""Where the site is for its readers: what a visitor says of it is not believed.

A `Host:` of a stranger's choice would otherwise stand in citations, feeds and sitemaps, and in what a cache keeps of them.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from datasette.utils.asgi import Request

Asgi = Callable[..., Awaitable[None]]
_CONFIGURED = "nianbao.home"
"""The key of an ASGI scope under which the configured address is."""


class Addressed:
    """An application that is asked under its own address, `http(s)://HOST[:PORT]`, whatever the visitor calls it."""

    def __init__(self, app: Asgi, home: str) -> None:
        self._app = app
        self._home = home.rstrip("/")
        self._scheme, self._host = urlsplit(home).scheme, urlsplit(home).netloc

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Pass a visit on, with the right name."""
        if scope["type"] == "http":
            headers = [pair for pair in scope["headers"] if bytes(pair[0]).lower() != b"host"]
            named = [*headers, (b"host", self._host.encode())]
            scope = {**scope, "scheme": self._scheme, "headers": named, _CONFIGURED: self._home}
        await self._app(scope, receive, send)


def home_of(request: Request) -> str:
    """`https://nianbao.example` as it is configured; else what the visitor says, when it is a name of this machine.

    Empty when it is neither: what begins with it is a relative address then.
    """
    if home := request.scope.get(_CONFIGURED):
        return str(home)
    return f"{request.scheme}://{request.host}" if _is_ours(request) else ""


def _is_ours(request: Request) -> bool:
    """Whether the host that a visitor names is this machine: by its loopback, or by the address where he came in."""
    try:
        name = urlsplit(f"//{request.host}").hostname or ""
        if name in ("localhost", (request.scope.get("server") or ("",))[0]):
            return True
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
