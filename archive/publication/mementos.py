"""When which address answered with which kept bytes: the looks behind the captures that are published (RFC 7089).

A look that brought the same bytes again is one too, and so is an answer "not modified": it vouches for what the same
request had brought before. What other archives saw stands among them at its own date.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby

from archive.outcomes import Outcome
from archive.warcs.keys import key_of

TABLES = """
create table memento (
    key text not null, at text not null, url text not null, sha256 text not null, primary key (key, at, url)
) strict, without rowid;
"""
NAMES = ("memento",)

# A form sent to the same address is another question: its answer is no memento of the address.
_LOOKS = """
select f.url, f.request_id, f.at, f.outcome, f.sha256 from source.fetch f
where f.url in (select url from main.capture) and f.status is not null and f.outcome in ('ok', 'not_modified')
    and not exists (select 1 from source.request r where r.id = f.request_id and r.method <> 'GET')
order by f.url, f.at, f.rowid
"""
_Row = tuple[str, str, str, str]


def fill(conn: sqlite3.Connection) -> None:
    """Fill the table of this module; the captures and the archive as `source` must be there."""
    conn.executemany("insert or ignore into memento values (?, ?, ?, ?)", _rows(conn))
    conn.execute("delete from memento where sha256 not in (select sha256 from blob)")


def _rows(conn: sqlite3.Connection) -> Iterator[_Row]:
    for url, looks in groupby(conn.execute(_LOOKS), lambda look: str(look[0])):
        key = key_of(url)
        last: dict[str, str] = {}
        for _url, request, at, outcome, sha256 in looks:
            if outcome == Outcome.OK and sha256:
                last[request] = sha256
            if request in last:
                yield key, at, url, last[request]
