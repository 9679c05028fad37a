"""What a survey takes of a source: the way to its column, the first list, and a few reports; nothing of the rest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from archive.outcomes import FrontierRequest, Link, RequestKind
from crawler.discovery.reading import Reading

MOST_LISTS = 12
"""Lists of a source beyond its columns' own pages that are asked until enough reports are known."""
MOST_WAYS = 3
"""Sites of bodies to which a column leads that are tried while it lists no report itself."""
MOST_FILES = 2
"""Files beside a report that are taken: one of them may be the report."""
_YEAR = re.compile(r"(?<!\d)20\d{2}(?=年)")


class Taking:
    """Counts what was taken of each source; with `most` 0 everything is."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._documents: Counter[str] = Counter()
        self._lists: Counter[str] = Counter()

    def some(self, asked: FrontierRequest, reading: Reading, source_id: str) -> Reading:
        """What follows from an answer, without what a survey leaves for the crawl. The links stay all."""
        if not self._most or not reading.children:
            return reading
        if asked.kind in (RequestKind.DOCUMENT, RequestKind.ATTACHMENT):
            files = [each for each in reading.children if not _is_hop(asked, each)][:MOST_FILES]
            return replace(reading, children=(*_hops(asked, reading.children), *files))
        documents = self._reports(reading, source_id)
        return replace(reading, children=(*documents, *self._ways(asked, reading.children, source_id)))

    def _reports(self, reading: Reading, source_id: str) -> list[FrontierRequest]:
        """The likeliest and newest reports of a page, until there are enough of their source."""
        told = {link.to_url: link for link in reading.links}
        found = [
            each for each in reading.children if each.kind in (RequestKind.DOCUMENT, RequestKind.ATTACHMENT)
        ]
        taken = sorted(found, key=lambda each: _rank(each, told))[: self._most - self._documents[source_id]]
        self._documents[source_id] += len(taken)
        return taken

    def _ways(
        self, asked: FrontierRequest, children: Iterable[FrontierRequest], source_id: str
    ) -> list[FrontierRequest]:
        """Pages on the way; of lists and of sites of bodies no more once there are reports enough."""
        enough, kept, tried = self._documents[source_id] >= self._most, [], 0
        for each in children:
            if each.kind is RequestKind.LISTING:
                is_wanted = bool(each.meta.get("entry")) or _is_hop(asked, each) or not enough
                if is_wanted and self._lists[source_id] < MOST_LISTS:
                    self._lists[source_id] += 1
                    kept.append(each)
            elif each.kind is RequestKind.PORTAL:
                is_body = bool(each.meta.get("body"))
                tried += is_body
                if not is_body or (not enough and tried <= MOST_WAYS):
                    kept.append(each)
        return kept


def _is_hop(asked: FrontierRequest, child: FrontierRequest) -> bool:
    """Whether a request is the same one at the place to which it was redirected."""
    return child.kind is asked.kind and child.meta.get("hops") != asked.meta.get("hops")


def _hops(asked: FrontierRequest, children: Iterable[FrontierRequest]) -> list[FrontierRequest]:
    return [each for each in children if _is_hop(asked, each)]


def _rank(request: FrontierRequest, told: Mapping[str, Link]) -> tuple[bool, int]:
    """Links that say 年报 first, then the newest year."""
    link = told.get(request.url)
    years = [int(year) for year in _YEAR.findall(link.title)] if link else []
    return link is None or link.decision != "report", -max(years, default=0)
