"""What others saw: looks that are not ours, each with who says so, and the questions to web archives that are left."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.database.connection import Connected
from archive.ids import content_id
from archive.outcomes import FrontierRequest, RequestKind

RUN = content_id("warc")
"""All that others saw counts as one run, so that the same record has the same id from wherever it comes."""
FILE = "warc"
"""What an answer came by that stood in a file which somebody handed in."""
BROWSER = "browser:"
"""Before the name of a person who recorded an answer in his own browser."""


def browser_of(name: str) -> str:
    """What an answer came by that a person recorded: `browser:` and who, on one line."""
    return BROWSER + " ".join(name.split())


@dataclass(frozen=True, slots=True)
class Witness:
    """By what way an answer came: `FILE`, `browser:WHO`, or the address of a web archive; its digest (SHA-1, base 32).

    `at` is since when we know; a whole import or walk has one.
    """

    via: str
    at: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Same:
    """A capture of a web archive that was kept: what a later one with the same digest at the same address repeats."""

    sha256: str
    status: int
    headers: str
    kind: str


@dataclass(frozen=True, slots=True)
class PastQuestion:
    """What a web archive is asked: `match` is exact, prefix or host; `asked` is the request that it would answer."""

    via: str
    scope: str
    match: str
    url: str
    priority: int
    asked: FrontierRequest | None = None


_KNOWN = """
select url, kind, source_id from request where host = :host and method = 'GET'
union select l.to_url, l.kind, l.source_id from link l where l.to_url >= :low and l.to_url < :high
    and l.kind in ('document', 'attachment') and l.decision not like 'rejected%'
"""
_SAME = """
select f.sha256, f.status, f.headers, f.kind from fetch f join witness w on w.fetch_id = f.id
where f.url = ? and w.digest = ? and f.outcome = 'ok' and f.sha256 is not null order by f.at limit 1
"""


class Witnesses(Connected):
    """Reads and writes who saw what, and how far the questions to web archives have come."""

    def keep_witness(self, fetch_id: str, by: Witness) -> None:
        """Writes by what way an answer came; the first who brought it stays."""
        with self.transaction() as db:
            db.execute(
                "insert into witness (fetch_id, via, digest, at) values (?, ?, ?, ?)"
                " on conflict (fetch_id) do nothing",
                (fetch_id, by.via, by.digest, by.at),
            )

    def has_witnessed(self, request_id: str, at: str) -> bool:
        """Whether somebody's answer to a request at a moment is here."""
        name = content_id("fetch", RUN, request_id, 0, at)
        return self.db.execute("select 1 from fetch where id = ?", (name,)).fetchone() is not None

    def same_witness(self, url: str, digest: str) -> Same | None:
        """The bytes that a web archive gave for an address under a digest, where they were those."""
        row = self.db.execute(_SAME, (url, digest)).fetchone()
        return Same(row["sha256"], row["status"], row["headers"], row["kind"]) if row else None

    def known_addresses(self, host: str) -> Iterator[tuple[str, str, str]]:
        """The addresses of a host that were asked for or seen linked: URL, kind, source."""
        seen = set()
        for scheme in ("http", "https"):
            low = f"{scheme}://{host}/"
            for row in self.db.execute(_KNOWN, {"host": host, "low": low, "high": low[:-1] + "0"}):
                if row["url"] not in seen and row["kind"] in ("portal", "listing", "document", "attachment"):
                    seen.add(row["url"])
                    yield row["url"], row["kind"], row["source_id"]

    def ask_past(self, questions: Iterable[PastQuestion], at: str) -> None:
        """Queues questions that were not asked yet in this walk, which began at a moment."""
        with self.transaction() as db:
            db.executemany(
                "insert into past (via, scope, match, url, priority, asked, state, at)"
                " values (?, ?, ?, ?, ?, ?, 'queued', ?) on conflict do nothing",
                [(q.via, q.scope, q.match, q.url, q.priority, _written(q.asked), at) for q in questions],
            )

    def next_past(self, via: str, scope: str) -> PastQuestion | None:
        """The first question that is left; it stays so until `answered_past`."""
        row = self.db.execute(
            "select * from past where via = ? and scope = ? and state = 'queued'"
            " order by priority desc, url, match limit 1",
            (via, scope),
        ).fetchone()
        return _question(row) if row else None

    def answered_past(self, question: PastQuestion) -> None:
        """A question is answered, and all that came of it kept."""
        with self.transaction() as db:
            db.execute(
                "update past set state = 'done' where (via, scope, match, url) = (?, ?, ?, ?)",
                (question.via, question.scope, question.match, question.url),
            )

    def past_left(self, via: str, scope: str) -> int:
        """How many questions of a walk are left."""
        sql = "select count(*) from past where via = ? and scope = ? and state = 'queued'"
        number: int = self.db.execute(sql, (via, scope)).fetchone()[0]
        return number

    def past_since(self, via: str, scope: str) -> str:
        """When a walk began that has questions left; empty where there is none."""
        sql = "select min(at) from past where via = ? and scope = ? and state = 'queued'"
        at: str | None = self.db.execute(sql, (via, scope)).fetchone()[0]
        return at or ""

    def forget_past(self, via: str, scope: str) -> None:
        """Lets a walk begin anew."""
        with self.transaction() as db:
            db.execute("delete from past where via = ? and scope = ?", (via, scope))

    def past_covers(self, question: PastQuestion) -> bool:
        """Whether a folder in which an address lies was asked for in this walk; not so for lists."""
        if question.asked is None or question.asked.kind in (RequestKind.LISTING, RequestKind.PORTAL):
            return False
        sql = "select 1 from past where via = ? and scope = ? and match = 'prefix' and state = 'done' and instr(?, url) = 1"
        key = (question.via, question.scope, question.url)
        return self.db.execute(sql, key).fetchone() is not None


_ASKED = ("url", "method", "body", "source_id", "referer", "depth")


def _written(asked: FrontierRequest | None) -> str:
    if asked is None:
        return ""
    told = {name: getattr(asked, name) for name in _ASKED}
    told |= {"kind": asked.kind.value, "meta": dict(asked.meta)}
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def _question(row: sqlite3.Row) -> PastQuestion:
    asked = None
    if row["asked"]:
        told = json.loads(row["asked"])
        asked = FrontierRequest(**{**told, "kind": RequestKind(told["kind"])})
    return PastQuestion(row["via"], row["scope"], row["match"], row["url"], row["priority"], asked)
