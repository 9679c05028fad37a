"""What other reports of a host say beside it: a line that comes or goes on their pages as well is the host's.

The answer follows from the set of readings of the host alone, never from the order in which they came, nor from the
night: a merge and a rebuild give the same.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator
from math import ceil
from urllib.parse import urlsplit

from archive.derived.looks import lines_of
from archive.rows.records import unpack

LOOKED_AT = 13
"""So many addresses of a host are looked at: always the same ones, drawn by the hash of the address."""
SHARE = 0.3
"""The share of them on which a line must come or go: two offices may make one correction on one night."""
# All that shows a report below an address, placed already or not.
_ADDRESSES = """
select distinct c.url from capture c join reading r on r.capture_id = c.id
where c.url >= :begin and c.url < :end and r.state in ('report', 'read', 'unplaced')
"""
_RECORDS = """
select d.data from reading r join capture c on c.id = r.capture_id
join record d on (d.capture_id, d.ordinal) = (r.capture_id, r.ordinal)
where c.url = ? and r.ordinal = 0 and r.state in ('report', 'read', 'unplaced') group by r.fingerprint
"""
_CHANGED = """
select distinct r.report_id from reading r join capture c on c.id = r.capture_id
where c.url >= :begin and c.url < :end and r.state = 'report' and exists (select 1 from capture o join reading s
on s.capture_id = o.id where o.url = c.url and s.ordinal = r.ordinal and s.fingerprint <> r.fingerprint)
"""


class Neighbours:
    """The lines that come or go on the pages of each host; a host is looked at when it is asked about."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._hosts: dict[str, dict[str, frozenset[str]]] = {}

    def passing(self, url: str, own: Collection[str]) -> frozenset[str]:
        """The lines that come or go on enough pages of the host of `url`, those of the report's `own` addresses left out."""
        others = [lines for other, lines in self._host(url).items() if other not in own]
        counts: defaultdict[str, int] = defaultdict(int)
        for lines in others:
            for line in lines:
                counts[line] += 1
        return frozenset(line for line, times in counts.items() if times >= max(1, ceil(SHARE * len(others))))

    def _host(self, url: str) -> dict[str, frozenset[str]]:
        begin = _host_of(url)
        if begin not in self._hosts:
            urls = [row[0] for row in self._db.execute(_ADDRESSES, _below(begin))]
            drawn = sorted(urls, key=lambda each: hashlib.sha256(each.encode()).digest())[:LOOKED_AT]
            self._hosts[begin] = {each: self._passing_at(each) for each in drawn}
        return self._hosts[begin]

    def _passing_at(self, url: str) -> frozenset[str]:
        said = [frozenset(lines_of(unpack(data))) for (data,) in self._db.execute(_RECORDS, (url,))]
        return (
            frozenset().union(*said) - frozenset(said[0]).intersection(*said)
            if len(said) > 1
            else frozenset()
        )


def beside(db: sqlite3.Connection, urls: Collection[str]) -> Iterator[str]:
    """The reports whose versions may have to be made anew because something was read at these addresses."""
    for begin in sorted({_host_of(url) for url in urls}):
        yield from (row[0] for row in db.execute(_CHANGED, _below(begin)))


def _host_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def _below(begin: str) -> dict[str, str]:
    return {"begin": begin, "end": f"{begin[:-1]}0"}  # 0 follows / in ASCII
