"""What is measured of a night, so that the next nights have a history to be held against."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from archive.state.mornings import Measure
from nianbao.crawl_process import Crawled

_LISTED = "select source_id, max(rows) from source_night where at >= ? and problem = '' group by source_id"
_CELLS = """
select count(distinct v.id), count(*), coalesce(sum(f.state = 'number'), 0), coalesce(sum(f.proof = 'proven'), 0)
from version v join figure f on f.version_id = v.id where v.first_seen >= ?
"""


@dataclass(frozen=True, slots=True)
class Rates:
    """The new versions of a night: how many, the part of their cells with a number, the part of those proven."""

    versions: int
    fill: float
    proof: float


def rates(db: sqlite3.Connection, since: str) -> Rates | None:
    """The rates of the versions first seen since then; None when there is no cell."""
    versions, cells, numbers, proven = db.execute(_CELLS, (since,)).fetchone()
    return Rates(versions, numbers / cells, proven / numbers if numbers else 0.0) if cells else None


def outcome_shares(crawled: Crawled) -> dict[str, float]:
    """The part of the requests that ended so, by outcome."""
    outcomes = crawled.outcomes or {}
    total = sum(outcomes.values())
    return {outcome: count / total for outcome, count in outcomes.items()} if total else {}


def measures(db: sqlite3.Connection, since: str, crawled: Crawled, rate_versions: int) -> Iterator[Measure]:
    """Everything that is kept of a night. Rates of fewer than `rate_versions` new versions say nothing."""
    if not crawled.spent:
        yield Measure("requests", "", crawled.requests)
        yield Measure("new captures", "", crawled.new_captures)
    for outcome, share in outcome_shares(crawled).items():
        yield Measure("outcome", outcome, share)
    for source_id, rows in db.execute(_LISTED, (since,)).fetchall():
        yield Measure("rows", source_id, rows)
    found = rates(db, since)
    if found is not None and found.versions >= rate_versions:
        yield Measure("fill", "", found.fill)
        yield Measure("proof", "", found.proof)
