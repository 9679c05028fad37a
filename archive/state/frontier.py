"""The frontier: what is still to be asked, and the one transaction in which an answer is kept.

A URL is done only in the transaction that stores its answer, and the links of a listing are queued in the
transaction that stores the listing. A crawl may be killed at any moment: what it had not kept is queued.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from functools import cached_property

from archive.database import seals
from archive.database.blobs import Packer
from archive.database.connection import Connected
from archive.ids import content_id
from archive.outcomes import (
    Completed,
    Fetch,
    FrontierRequest,
    Link,
    Outcome,
    RequestKind,
    RequestState,
    Validators,
    host_of,
    utc_now,
)

_INSERT_REQUEST = """
insert into request (id, url, method, body, host, kind, source_id, referer, depth, priority, meta,
                     queued_at, due_at, run_id)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '') on conflict (id) do nothing
"""
# A listing is walked once a run, whatever was known of it; a document only when it is due.
_REQUEUE_LISTING = """
update request set state = 'queued', attempts = 0, queued_at = ?, due_at = ?
where id = ? and kind in ('listing', 'portal') and state <> 'queued' and run_id <> ?
"""
# A page on the way from a home page turns out to be the column that was looked for.
_TO_COLUMN = """
update request set kind = 'listing', source_id = ?, meta = ?, depth = ?, priority = ?, state = 'queued',
    attempts = 0, queued_at = ?, due_at = ?
where id = ? and kind = 'portal'
"""
_INSERT_FETCH = """
insert into fetch (id, request_id, run_id, url, final_url, kind, source_id, at, outcome, status, reason,
                   headers, size, sha256, elapsed_ms)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do nothing
"""
_UPSERT_LINK = """
insert into link (id, from_url, to_url, title, date, kind, decision, reason, source_id, first_seen, last_seen)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (id) do update set date = excluded.date, kind = excluded.kind, decision = excluded.decision,
    reason = excluded.reason, source_id = excluded.source_id, last_seen = excluded.last_seen
where excluded.last_seen >= last_seen
"""
_AGE_LINK = "update link set first_seen = ? where id = ? and first_seen > ?"
_AGE_CAPTURE = "update capture set first_seen = ? where id = ? and first_seen > ?"
# What a version says of its time follows from its captures.
_READ_AGAIN = "update reading set parser = '' where capture_id = ?"
_INSERT_CAPTURE = """
insert into capture (id, url, sha256, kind, content_type, first_seen, last_seen) values (?, ?, ?, ?, ?, ?, ?)
on conflict (id) do nothing
"""
_NEXT = """
select *, rowid as row_number from request where state = 'queued' and host = :host and due_at <= :now {extra}
order by priority desc, queued_at, id limit 1
"""
# A portal stands for the columns that were found from it.
_OF_SOURCE = (
    " and (source_id = :source or source_id in (select id from found_source where portal_id = :source))"
)
_CONFINED = (
    " and (source_id in (select id from temp.confined) or source_id in"
    " (select f.id from found_source f join temp.confined c on c.id = f.portal_id))"
)
_WITHIN = (
    f" and (:source is null or (true{_OF_SOURCE})) and (:host is null or host = :host or host like :ports)"
)
# Walks the index from host to host instead of over every queued row.
_HOSTS = """
with recursive step(host) as (
    select min(host) from request where state = 'queued'
    union all
    select (select min(host) from request where state = 'queued' and host > step.host)
    from step where step.host is not null)
select host from step where host is not null
"""


class OddRequest(Exception):
    """A row of the queue that is no request: its host, its row number, and what is odd."""

    def __init__(self, host: str, row: int, words: str) -> None:
        super().__init__(words)
        self.host, self.row, self.words = host, row, words


class Frontier(Connected):
    """The queue of the crawl and what it brings home."""

    _is_confined = False

    def confine(self, source_ids: Iterable[str]) -> None:
        """Gives out nothing, as long as this is open, but what these sources, and the columns found from them, queued."""
        self.db.execute("create temp table if not exists confined (id text primary key)")
        self.db.execute("delete from temp.confined")
        self.db.executemany(
            "insert or ignore into temp.confined values (?)", [(each,) for each in source_ids]
        )
        self._is_confined = True

    def _scope(self, source_id: str | None) -> str:
        return (_CONFINED if self._is_confined else "") + ("" if source_id is None else _OF_SOURCE)

    def enqueue(self, requests: Iterable[FrontierRequest]) -> int:
        """Queues requests that are not known yet; gives how many were new."""
        with self.transaction() as db:
            now = utc_now()
            return sum(_insert(db, request, now) for request in requests)

    def restart(self, request: FrontierRequest) -> None:
        """Queues a request whether or not it is known: where a run begins."""
        with self.transaction() as db:
            now = utc_now()
            if not _insert(db, request, now):
                db.execute(
                    "update request set state = 'queued', attempts = 0, queued_at = ?, due_at = ?, meta = ?,"
                    " source_id = ?, kind = ?, depth = ?, priority = ? where id = ?",
                    (
                        now,
                        now,
                        _json(request.meta),
                        request.source_id,
                        request.kind.value,
                        request.depth,
                        request.priority,
                        request.id,
                    ),
                )

    def queue_known(
        self, *, everything: bool = False, source_id: str | None = None, host: str | None = None
    ) -> int:
        """Queues the known documents and attachments that are due again (or all of them); gives how many."""
        with self.transaction() as db:
            due = "" if everything else " and due_at <= :now"
            cursor = db.execute(
                "update request set state = 'queued', attempts = 0, queued_at = :now, due_at = :now"
                f" where kind in ('document', 'attachment') and state in ('done', 'failed'){due}{_WITHIN}",
                {"now": utc_now(), "source": source_id, "host": host, "ports": f"{host}:%"},
            )
            return cursor.rowcount

    def queued(self, *, source_id: str | None = None, host: str | None = None) -> int:
        """How many requests are queued, due or not."""
        values = {"source": source_id, "host": host, "ports": f"{host}:%"}
        sql = "select count(*) from request where state = 'queued'" + self._scope(None) + _WITHIN
        number: int = self.db.execute(sql, values).fetchone()[0]
        return number

    def hosts(self) -> list[str]:
        """The hosts that were ever asked or are to be."""
        return [row[0] for row in self.db.execute("select distinct host from request order by host")]

    def queued_hosts(self) -> list[str]:
        """The hosts that have something queued."""
        return [row[0] for row in self.db.execute(_HOSTS)]

    def next_for(self, host: str, *, source_id: str | None = None) -> FrontierRequest | None:
        """The first request of a host that is queued and due. It stays queued until `complete`."""
        extra = self._scope(source_id)
        values = {"host": host, "now": utc_now(), "source": source_id}
        try:
            row = self.db.execute(_NEXT.format(extra=extra), values).fetchone()
        except sqlite3.OperationalError as error:
            if "decode" not in str(error):  # a text that is none
                raise
            sql = _NEXT.replace("select *,", "select", 1).format(extra=extra)
            raise OddRequest(host, self.db.execute(sql, values).fetchone()[0], str(error)) from error
        return _request(row) if row else None

    def refuse(self, odd: OddRequest, run_id: str) -> None:
        """Gives up a row of the queue that cannot be asked for, with why."""
        at = utc_now()
        with self.transaction() as db:
            sql = "update request set state = 'failed', due_at = ?, run_id = ? where rowid = ? returning id"
            (name,) = db.execute(sql, ("9999-12-31T00:00:00Z", run_id, odd.row)).fetchone()
            url = f"http://{odd.host}/"
            reason = f"a row of the queue that cannot be asked for: {odd.words}"
            fetch = Fetch(name, run_id, url, RequestKind.DOCUMENT, Outcome.FAILED, at, reason=reason)
            _insert_fetch(db, fetch, None, None)

    def next_due(self, host: str, *, source_id: str | None = None) -> str | None:
        """When the earliest queued request of a host is due; None when nothing is queued there."""
        extra = self._scope(source_id)
        sql = "select min(due_at) from request where state = 'queued' and host = :host" + extra
        due: str | None = self.db.execute(sql, {"host": host, "source": source_id}).fetchone()[0]
        return due

    def complete(
        self,
        request_id: str,
        fetch: Fetch,
        body: bytes | None = None,
        links: Sequence[Link] = (),
        children: Sequence[FrontierRequest] = (),
        *,
        state: RequestState = RequestState.DONE,
        due_at: str | None = None,
    ) -> Completed:
        """Keeps an answer with all that follows from it, in one transaction.

        `body` becomes a capture only when the outcome is ok; that of any other outcome is kept as evidence.
        `state` queued asks again at `due_at`; otherwise `due_at` is when a later run should look again.
        """
        with self.transaction() as db:
            sha256, new_blob = self._store_blob(fetch, body)
            _insert_fetch(db, fetch, body, sha256)
            new_capture = _store_capture(db, fetch, sha256)
            _touch_unchanged(db, fetch)
            db.executemany(_UPSERT_LINK, [_link_row(link, fetch.at) for link in links])
            queued = _queue_children(db, children, fetch)
            _finish(db, request_id, fetch, state, due_at)
        return Completed(new_capture, new_blob, queued)

    def record(self, fetch: Fetch, body: bytes | None = None) -> None:
        """Keeps a fetch that no request of the frontier asked for: robots.txt."""
        with self.transaction() as db:
            sha256, _new = self._store_blob(fetch, body)
            _insert_fetch(db, fetch, body, sha256)

    def witness(
        self,
        fetch: Fetch,
        body: bytes | None = None,
        links: Sequence[Link] = (),
        children: Sequence[FrontierRequest] = (),
    ) -> Completed:
        """Keeps an answer that somebody else got, at his time, in one transaction.

        The queue goes on as if it had not come; only `children` that nobody knew are queued.
        """
        with self.transaction() as db:
            sha256, new_blob = self._store_blob(fetch, body)
            _insert_fetch(db, fetch, body, sha256)
            new_capture = _store_capture(db, fetch, sha256)
            _touch_unchanged(db, fetch)
            db.executemany(_UPSERT_LINK, [_link_row(link, fetch.at) for link in links])
            db.executemany(_AGE_LINK, [(fetch.at, link.id, fetch.at) for link in links])
            queued = sum(_insert(db, child, utc_now()) for child in children)
        return Completed(new_capture, new_blob, queued)

    def _store_blob(self, fetch: Fetch, body: bytes | None) -> tuple[str | None, bool]:
        if not body:
            return None, False
        return self._packer.store(body, host_of(fetch.url), fetch.kind.value, fetch.at)

    @cached_property
    def _packer(self) -> Packer:
        return Packer(self.db)

    def validators(self, request_id: str, url: str) -> Validators | None:
        """What the last good answer to this request said of itself, when changes can be asked for."""
        row = self.db.execute(
            "select headers, sha256 from fetch where url = ? and request_id = ? and outcome = 'ok'"
            " order by at desc, rowid desc limit 1",
            (url, request_id),
        ).fetchone()
        if row is None or row["sha256"] is None:
            return None
        headers = json.loads(row["headers"])
        etag, modified = headers.get("etag", ""), headers.get("last-modified", "")
        return Validators(etag, modified, row["sha256"]) if etag or modified else None

    def last_asked(self, request_id: str) -> str | None:
        """When a request was last answered for good."""
        row = self.db.execute("select done_at from request where id = ?", (request_id,)).fetchone()
        return row["done_at"] if row else None

    def last_good(self, request_id: str, url: str) -> tuple[str, str] | None:
        """The run and the blob of the last good answer to this request; None when there was none."""
        row = self.db.execute(
            "select run_id, sha256 from fetch where url = ? and request_id = ? and outcome = 'ok'"
            " and sha256 is not null order by at desc, rowid desc limit 1",
            (url, request_id),
        ).fetchone()
        return (row["run_id"], row["sha256"]) if row else None

    def missed(self, request_id: str, url: str, run_id: str) -> int:
        """In how many runs before this one nothing came since the last good answer; -1 when none was good."""
        rows = self.db.execute(
            "select run_id, outcome from fetch where url = ? and request_id = ? order by at desc, rowid desc",
            (url, request_id),
        )
        runs: set[str] = set()
        for row in rows:
            if row["outcome"] in (Outcome.OK, Outcome.NOT_MODIFIED):
                return len(runs - {run_id})
            runs.add(row["run_id"])
        return -1

    def last_outcome(self, request_id: str, url: str) -> tuple[Outcome, str | None] | None:
        """How the last fetch of this request ended, and the blob it left; None when there was none."""
        row = self.db.execute(
            "select outcome, sha256 from fetch where url = ? and request_id = ?"
            " order by at desc, rowid desc limit 1",
            (url, request_id),
        ).fetchone()
        return (Outcome(row["outcome"]), row["sha256"]) if row else None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _insert(db: sqlite3.Connection, request: FrontierRequest, now: str) -> bool:
    values = (
        request.id,
        request.url,
        request.method,
        request.body,
        request.host,
        request.kind.value,
        request.source_id,
        request.referer,
        request.depth,
        request.priority,
        _json(dict(request.meta)),
        now,
        now,
    )
    return db.execute(_INSERT_REQUEST, values).rowcount == 1


def _request(row: sqlite3.Row) -> FrontierRequest:
    """A row as a request. OddRequest for one that would not be answered as it is asked."""
    try:
        request = FrontierRequest(
            url=row["url"],
            kind=RequestKind(row["kind"]),
            method=row["method"],
            body=row["body"],
            source_id=row["source_id"],
            referer=row["referer"],
            depth=int(row["depth"]),
            priority=int(row["priority"]),
            meta=json.loads(row["meta"]),
            attempts=int(row["attempts"]),
        )
        if not isinstance(request.meta, dict):
            raise ValueError("its meta is no object")
        if (request.id, request.host) != (row["id"], row["host"]):
            raise ValueError("its id or its host is not that of its address")
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise OddRequest(
            str(row["host"]), row["row_number"], f"{type(error).__name__}: {error}"[:300]
        ) from error
    return request


def _insert_fetch(db: sqlite3.Connection, fetch: Fetch, body: bytes | None, sha256: str | None) -> None:
    values = (
        fetch.id,
        fetch.request_id,
        fetch.run_id,
        fetch.url,
        fetch.final_url or fetch.url,
        fetch.kind.value,
        fetch.source_id,
        fetch.at,
        fetch.outcome.value,
        fetch.status,
        fetch.reason,
        _json(dict(fetch.headers)),
        len(body or b""),
        sha256,
        fetch.elapsed_ms,
    )
    if db.execute(_INSERT_FETCH, values).rowcount:
        seals.add_fetches(db, [fetch.id])


def _store_capture(db: sqlite3.Connection, fetch: Fetch, sha256: str | None) -> bool:
    if fetch.outcome is not Outcome.OK or sha256 is None:
        return False
    capture = content_id("capture", fetch.url, sha256)
    content_type = fetch.headers.get("content-type", "")
    values = (capture, fetch.url, sha256, fetch.kind.value, content_type, fetch.at, fetch.at)
    if db.execute(_INSERT_CAPTURE, values).rowcount == 1:
        return True
    db.execute("update capture set last_seen = max(last_seen, ?) where id = ?", (fetch.at, capture))
    if db.execute(_AGE_CAPTURE, (fetch.at, capture, fetch.at)).rowcount:
        db.execute(_READ_AGAIN, (capture,))
    return False


def _touch_unchanged(db: sqlite3.Connection, fetch: Fetch) -> None:
    """A 304 says that the last good answer is still what the page shows."""
    if fetch.outcome is Outcome.NOT_MODIFIED:
        db.execute(
            "update capture set last_seen = max(last_seen, ?) where url = ? and sha256 ="
            " (select sha256 from fetch where url = ? and request_id = ? and outcome = 'ok' and at <= ?"
            " order by at desc, rowid desc limit 1)",
            (fetch.at, fetch.url, fetch.url, fetch.request_id, fetch.at),
        )


def _link_row(link: Link, at: str) -> tuple[str, ...]:
    return (
        link.id,
        link.from_url,
        link.to_url,
        link.title,
        link.date,
        link.kind.value,
        link.decision,
        link.reason,
        link.source_id,
        at,
        at,
    )


def _queue_children(db: sqlite3.Connection, children: Sequence[FrontierRequest], fetch: Fetch) -> int:
    queued = 0
    for child in children:
        if _insert(db, child, fetch.at) or _becomes_column(db, child, fetch):
            queued += 1
        else:
            values = (fetch.at, fetch.at, child.id, fetch.run_id)
            queued += db.execute(_REQUEUE_LISTING, values).rowcount
    return queued


def _becomes_column(db: sqlite3.Connection, child: FrontierRequest, fetch: Fetch) -> bool:
    if child.kind is not RequestKind.LISTING or not child.meta.get("entry"):
        return False
    meta = _json(dict(child.meta))
    values = (child.source_id, meta, child.depth, child.priority, fetch.at, fetch.at, child.id)
    return db.execute(_TO_COLUMN, values).rowcount == 1


def _finish(
    db: sqlite3.Connection, request_id: str, fetch: Fetch, state: RequestState, due_at: str | None
) -> None:
    due = due_at or fetch.at
    if state is RequestState.QUEUED:
        sql = "update request set attempts = attempts + 1, due_at = ?, run_id = ? where id = ?"
        db.execute(sql, (due, fetch.run_id, request_id))
        return
    db.execute(
        "update request set state = ?, attempts = attempts + 1, done_at = ?, due_at = ?, run_id = ?"
        " where id = ?",
        (state.value, fetch.at, due, fetch.run_id, request_id),
    )
