"""What a site answers: resources by path, and the noise that changes with each request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import md5
from urllib.parse import parse_qsl

VIEWS = b"@VIEWS@"
"""Stands in a body where the view counter is put in."""

NOW = b"@NOW@"
"""Stands in a body where the time at which the page was made is put in."""

Maker = Callable[[], "Resource"]
Program = Callable[[Mapping[str, str]], "Resource | None"]


@dataclass(frozen=True, slots=True)
class Resource:
    """One answer. `modified` is set for a static file, which then answers conditional requests."""

    body: bytes
    content_type: str
    modified: datetime | None = None
    location: str | None = None

    @property
    def etag(self) -> str | None:
        """The weak ETag of a static file: the view counter does not count."""
        if self.modified is None:
            return None
        return f'W/"{md5(self.body, usedforsecurity=False).hexdigest()[:16]}"'

    def filled(self, views: int, now: datetime) -> bytes:
        """The body with its noise."""
        made = now.strftime("%Y-%m-%d %H:%M:%S").encode()
        return self.body.replace(VIEWS, str(views).encode()).replace(NOW, made)


class SiteFiles:
    """The files and programs of one site; a file is made when it is first asked for."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._makers: dict[str, Maker] = {}
        self._programs: dict[str, Program] = {}
        self._asked: dict[str, dict[frozenset[tuple[str, str]], str]] = {}
        self._made: dict[str, Resource] = {}

    def add(self, path: str, maker: Maker) -> None:
        """Answer at `path` (with its query, if it has one) with what `maker` makes."""
        self._makers[path] = maker
        plain, _mark, query = path.partition("?")
        if query:
            self._asked.setdefault(plain, {})[frozenset(parse_qsl(query, keep_blank_values=True))] = path

    def add_program(self, path: str, program: Program) -> None:
        """Answer at `path` with what `program` makes of the parameters; None is a 404."""
        self._programs[path] = program

    def paths(self) -> tuple[str, ...]:
        """The paths of all files (not of programs), in the order they were added."""
        return tuple(self._makers)

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Resource | None:
        """The answer at `path`, None when there is nothing."""
        if path in self._programs:
            return self._programs[path](params or {})
        if path in self._asked:
            path = self._asked[path].get(frozenset((params or {}).items()), path)
        if path not in self._made and path in self._makers:
            self._made[path] = self._makers[path]()
        return self._made.get(path) or self._redirect(path)

    def _redirect(self, path: str) -> Resource | None:
        """A directory without its slash is answered with a redirect, as static servers do."""
        if f"{path}/" not in self._makers:
            return None
        return Resource(b"", "text/html", location=f"{path}/")
