"""`nianbao explain URL`: everything that was decided about an address, with the reasons that were stored."""

from __future__ import annotations

import sqlite3
from typing import Any

from nianbao.front.terminal import say

_QUERIES = {
    "links": (
        "select from_url, title, date, kind, decision, reason, source_id, first_seen, last_seen from link"
        " where to_url = ? order by first_seen, from_url"
    ),
    "requests": (
        "select method, kind, state, source_id, referer, depth, attempts, queued_at, done_at, due_at from request"
        " where id in (select request_id from fetch where url = :url) or id = :id order by queued_at"
    ),
    "fetches": "select at, kind, outcome, status, reason, final_url, size, sha256 from fetch where url = ? order by rowid",
    "captures": "select sha256, kind, content_type, first_seen, last_seen from capture where url = ? order by first_seen",
    "readings": (
        "select c.sha256, r.ordinal, r.state, r.message, b.name as body, r.year, r.scope, r.report_id from capture c"
        " join reading r on r.capture_id = c.id left join body b on b.id = r.body_id where c.url = ?"
        " order by c.first_seen, r.ordinal"
    ),
    "leads_to": (
        "select to_url, title, kind, decision, reason from link where from_url = ? order by decision, to_url limit 500"
    ),
}


def explain(db: sqlite3.Connection, url: str) -> dict[str, Any]:
    """What the archive knows of an address: links to it, requests, fetches, captures, readings, its host."""
    from archive.outcomes import FrontierRequest, RequestKind, host_of
    from crawler.links import tidy

    address = tidy(url) or url
    values = {"url": address, "id": FrontierRequest(address, RequestKind.DOCUMENT).id}
    found: dict[str, Any] = {"url": address}
    for name, sql in _QUERIES.items():
        rows = db.execute(sql, values if ":url" in sql else (address,))
        found[name] = [dict(row) for row in rows]
    sql = "select outcome, nights, until, reason from host where host = ? and nights > 0"
    found["host"] = [dict(row) for row in db.execute(sql, (host_of(address),))]
    sql = "select kind, at, evidence from host_event where host = ? order by at"
    found["events"] = [dict(row) for row in db.execute(sql, (host_of(address),))]
    return found


def is_known(found: dict[str, Any]) -> bool:
    """Whether the archive has ever met the address."""
    return any(found[name] for name in ("links", "requests", "fetches"))


def show(found: dict[str, Any]) -> None:
    """The decisions for a reader, in the order in which they were made."""
    say(found["url"])
    for link in found["links"]:
        named = f"“{link['title']}”" if link["title"] else "a link without a title"
        say(f"  linked from {link['from_url']} as {named} {link['date']}".rstrip())
        say(
            f"    decided: {link['decision']} ({link['reason'] or 'no further reason'}), last seen {link['last_seen']}"
        )
    for request in found["requests"]:
        source = request["source_id"] or "no source"
        say(f"  asked as a {request['kind']} of {source}, {request['state']}, due again {request['due_at']}")
    for fetch in found["fetches"]:
        status = f" status {fetch['status']}" if fetch["status"] else ""
        reason = f" ({fetch['reason']})" if fetch["reason"] else ""
        say(f"  {fetch['at']} {fetch['kind']}: {fetch['outcome']}{status}{reason}")
    for reading in found["readings"]:
        place = f" {reading['body']} {reading['year']} {reading['scope']}" if reading["body"] else ""
        message = f" ({reading['message']})" if reading["message"] else ""
        say(f"  read as {reading['state']}{place}{message}")
    for state in found["host"]:
        say(
            f"  its host: {state['outcome']}, {state['nights']} nights in a row, left alone until {state['until']}"
        )
    for event in found["events"]:
        say(f"  its host {event['at']}: {event['kind']} ({event['evidence']})")
    if found["leads_to"]:
        say(f"  it links to {len(found['leads_to'])} addresses that were decided upon; --json lists them")
