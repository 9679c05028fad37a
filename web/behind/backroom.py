"""Datasette's own pages are drawn in a thread of their own, so that no page of ours waits for a table of a stranger.

Datasette draws its tables in the thread that also takes every visit: a thousand rows of fifty columns take seconds, and
meanwhile nobody is answered. Here they have a thread and an event loop of their own, and so many may wait for it.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable, Coroutine
from functools import cache
from typing import Any

from web.behind.apart import BUSY

Asgi = Callable[..., Awaitable[None]]

FRONT = re.compile(
    r"/(?:(?:index|map|compare|feed\.atom|findings|rules|sources|quality|search|downloads)(?:[./].*)?|(?:body|report|figure|division|capture|timegate|timemap|assets)/.*)?"
    r"(?:\.json)?",
    re.DOTALL,
)
"""Addresses of our own pages, which are made in worker threads and are quick; all others go to the back."""
MOST = 64
"""So many visits may be in the back at once."""


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """The event loop of the back room, in a thread that ends with the process."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="backroom", daemon=True).start()
    return loop


class Backroom:
    """An application whose visits to Datasette's own pages are answered in another thread than all others."""

    def __init__(self, app: Asgi) -> None:
        self._app = app
        self._inside = 0

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer a visit, here or in the back; 503 when too many are there."""
        if scope["type"] != "http" or FRONT.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
        elif self._inside >= MOST:
            await _busy(send)
        else:
            self._inside += 1
            try:
                await self._behind(scope, send)
            finally:
                self._inside -= 1

    async def _behind(self, scope: dict[str, Any], send: Any) -> None:
        front = asyncio.get_running_loop()

        async def receive() -> dict[str, Any]:
            """Only reading is let in: there is never more to a visit than its headers."""
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send_in_front(message: dict[str, Any]) -> None:
            await _across(send(message), front)

        await _across(self._app(scope, receive, send_in_front), _loop())


async def _across(work: Any, loop: asyncio.AbstractEventLoop) -> None:
    """Wait for work in the event loop of another thread."""
    coroutine: Coroutine[Any, Any, None] = work
    await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(coroutine, loop))


async def _busy(send: Any) -> None:
    headers = [
        [b"content-type", b"text/plain; charset=utf-8"],
        [b"x-content-type-options", b"nosniff"],
        [b"retry-after", b"5"],
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": BUSY.encode()})
