"""The columns that portals led to, by their id, their address and their portal: looked up at every answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from crawler.registry import Source


class Columns:
    """Sources that were found, each with the id of its portal."""

    def __init__(self) -> None:
        self._by_id: dict[str, tuple[Source, str]] = {}
        self._by_url: dict[str, Source] = {}
        self._bodies: defaultdict[str, set[str]] = defaultdict(set)

    def __iter__(self) -> Iterator[tuple[Source, str]]:
        return iter(self._by_id.values())

    def update(self, found: Mapping[str, tuple[Source, str]]) -> None:
        """Adds columns by their ids."""
        for source, portal_id in found.values():
            self.add(source, portal_id)

    def add(self, source: Source, portal_id: str) -> None:
        """Adds one; of several at one address the first is the one that `at` gives."""
        self._by_id[source.id] = (source, portal_id)
        self._by_url.setdefault(source.url, source)
        self._bodies[portal_id].add(source.name)

    def get(self, source_id: str) -> tuple[Source, str] | None:
        """A column and its portal's id."""
        return self._by_id.get(source_id)

    def at(self, url: str) -> Source | None:
        """The column at an address."""
        return self._by_url.get(url)

    def has(self, portal_id: str, body: str = "") -> bool:
        """Whether a portal led to a column, or to one of this body."""
        found = self._bodies.get(portal_id, set())
        return body in found if body else bool(found)
