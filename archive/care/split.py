"""A share of an archive as an archive of its own: what was captured from some hosts. `merge` joins it again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from archive.care.merge import JOINS
from archive.database import seals
from archive.errors import Unwritable, translated
from archive.outcomes import host_of
from archive.store import Archive

Holds = Callable[[str], bool]
"""Whether a host belongs to the share."""

_OWN = (
    "select sha256 from whole.fetch where holds_url(url) union"
    " select sha256 from whole.capture where holds_url(url) union"
    " select sha256 from whole.base where holds(host)"
)
# What of each captured table belongs to the hosts; a table that is not here belongs to every share.
_SHARES = {
    "request": "holds(host)",
    "blob": f"sha256 in ({_OWN} union select substr(encoding, 6) from whole.blob"
    f" where encoding like 'zstd:%' and sha256 in ({_OWN}))",
    "fetch": "holds_url(url)",
    "capture": "holds_url(url)",
    "link": "holds_url(from_url) or holds_url(to_url)",
    "base": "holds(host)",
    "host": "holds(host)",
    "host_event": "holds(host)",
    "listing_page": "holds_url(url)",
    "parser_change": "capture_id in (select id from whole.capture where holds_url(url))",
    "source_night": "source_id in (select id from whole.source where holds_url(url)"
    " union select id from whole.found_source where holds_url(url))",
}
_QUEUED = ("run", "source", "found_source", "request")


def split(db: Path, into: Path, holds: Holds, *, queued_only: bool = False) -> int:
    """Writes the share of the hosts that `holds` into a new archive at `into`; gives how many requests it has.

    With `queued_only` it is no more than what waits to be asked, for an archive that has the rest. Raises
    Unwritable where there is a file already.
    """
    if into.exists():
        raise Unwritable(f"{into} is there already; give another path, or merge into it")
    with Archive.open(into) as share, translated(db):
        share.db.create_function("holds", 1, holds, deterministic=True)
        share.db.create_function("holds_url", 1, lambda url: holds(host_of(url)), deterministic=True)
        share.db.execute("attach ? as whole", [f"{db.absolute().as_uri()}?mode=ro"])
        tables = _QUEUED if queued_only else tuple(join.table for join in JOINS)
        with share.transaction() as open_db:
            for table in tables:
                which = _SHARES.get(table, "true")
                which += " and state = 'queued'" if queued_only and table == "request" else ""
                _copy(open_db, table, which)
            seals.keep_fetches(open_db)
        share.db.execute("detach whole")
        number: int = share.db.execute("select count(*) from request").fetchone()[0]
    return number


def _copy(db: sqlite3.Connection, table: str, which: str) -> None:
    columns = ", ".join(row[1] for row in db.execute(f"pragma main.table_info({table})"))
    db.execute(f"insert into main.{table} ({columns}) select {columns} from whole.{table} where {which}")
