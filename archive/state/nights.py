"""What the archive remembers from night to night: hosts that fail, listings as they were, columns that were found.

None of it can be derived from captures: it is what the crawl met, and the reason for what it does next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from archive.database.connection import Connected
from archive.ids import content_id
from archive.outcomes import Outcome, utc_now

HEALTHY_NIGHTS = 3
"""So many healthy nights of its source must miss a report before it counts as withdrawn."""


@dataclass(frozen=True, slots=True)
class HostState:
    """How a host last failed, how many nights in a row, and until when it is left alone."""

    host: str
    outcome: Outcome
    nights: int
    until: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ListingPage:
    """One page of a listing as one run saw it.

    `column` is the URL of the listing's first page, `announced` what it says it lists, `rows` the addresses
    that it does list.
    """

    run_id: str
    source_id: str
    column: str
    url: str
    body: str
    number: int
    announced: int | None
    rows: tuple[str, ...]
    site: str = ""

    @property
    def id(self) -> str:
        """A page is seen once a run."""
        return content_id("listing", self.run_id, self.column, self.url, self.body)


@dataclass(frozen=True, slots=True)
class Night:
    """How a source came through one run: healthy, or what was wrong with its listings."""

    source_id: str
    run_id: str
    at: str
    rows: int
    problem: str = ""


class Nights(Connected):
    """Reads and writes the memory of the crawl."""

    def hosts_to_leave(self, now: str) -> dict[str, HostState]:
        """The hosts that are in a cool-down."""
        rows = self.db.execute("select * from host where until > ?", (now,))
        return {row["host"]: _state(row) for row in rows}

    def host_state(self, host: str) -> HostState | None:
        """What is remembered of a host's failures; None when it is well."""
        sql = "select * from host where host = ? and nights > 0"
        row = self.db.execute(sql, (host,)).fetchone()
        return _state(row) if row else None

    def keep_host(self, state: HostState, run_id: str) -> None:
        """Writes how a host failed tonight."""
        with self.transaction() as db:
            db.execute(
                "insert into host (host, outcome, nights, until, at, run_id, reason) values (?, ?, ?, ?, ?, ?, ?)"
                " on conflict (host) do update set outcome = excluded.outcome, nights = excluded.nights,"
                " until = excluded.until, at = excluded.at, run_id = excluded.run_id, reason = excluded.reason",
                (state.host, state.outcome.value, state.nights, state.until, utc_now(), run_id, state.reason),
            )

    def forgive_hosts(self, hosts: Iterable[str]) -> None:
        """Forgets the failures of hosts that answered well. The row stays: a merge must see that it is newer."""
        with self.transaction() as db:
            db.executemany(
                "update host set outcome = 'ok', nights = 0, until = '', reason = '', at = ? where host = ? and nights > 0",
                [(utc_now(), host) for host in hosts],
            )

    def host_event(self, host: str, kind: str, run_id: str, evidence: str) -> None:
        """Writes what befell a whole host: site_relaunched, host_gone, lying_304."""
        values = (content_id("event", host, kind, run_id), host, kind, utc_now(), run_id, evidence)
        with self.transaction() as db:
            db.execute(
                "insert into host_event (id, host, kind, at, run_id, evidence) values (?, ?, ?, ?, ?, ?)"
                " on conflict (id) do nothing",
                values,
            )

    def hosts_with_event(self, kind: str, since: str) -> set[str]:
        """The hosts that something befell since then."""
        sql = "select host from host_event where kind = ? and at >= ?"
        return {row[0] for row in self.db.execute(sql, (kind, since))}

    def keep_listing(self, page: ListingPage) -> None:
        """Writes how a page of a listing was seen; call it in the transaction that keeps the page."""
        with self.transaction() as db:
            db.execute(
                "insert into listing_page (id, run_id, source_id, column_url, url, body, number, announced,"
                " rows, site, at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do update set"
                " announced = excluded.announced, rows = excluded.rows, site = excluded.site, at = excluded.at",
                (
                    page.id,
                    page.run_id,
                    page.source_id,
                    page.column,
                    page.url,
                    page.body,
                    page.number,
                    page.announced,
                    "\n".join(page.rows),
                    page.site,
                    utc_now(),
                ),
            )

    def listings(self, run_id: str) -> list[ListingPage]:
        """Every page of every listing that a run saw, column by column, in order."""
        sql = "select * from listing_page where run_id = ? order by source_id, column_url, number, url, body"
        return [_page(row) for row in self.db.execute(sql, (run_id,))]

    def last_listing(self, column: str, run_id: str) -> list[ListingPage]:
        """The same column as the last run before this one saw it."""
        sql = (
            "select run_id from listing_page where column_url = ? and run_id <> ? order by at desc, rowid desc"
            " limit 1"
        )
        row = self.db.execute(sql, (column, run_id)).fetchone()
        if row is None:
            return []
        sql = "select * from listing_page where run_id = ? and column_url = ? order by number, url, body"
        return [_page(each) for each in self.db.execute(sql, (row[0], column))]

    def forget_listings(self, source_id: str, run_id: str) -> None:
        """Drops how a source's listings were on healthy nights before this one; the evidence of bad ones stays."""
        with self.transaction() as db:
            db.execute(
                "delete from listing_page where source_id = ? and run_id <> ? and run_id in"
                " (select run_id from source_night where source_id = ? and problem = '')",
                (source_id, run_id, source_id),
            )

    def keep_nights(self, nights: Iterable[Night]) -> None:
        """Writes how sources came through a run."""
        with self.transaction() as db:
            db.executemany(
                "insert into source_night (source_id, run_id, at, rows, problem) values"
                " (:source_id, :run_id, :at, :rows, :problem) on conflict (source_id, run_id) do update"
                " set at = excluded.at, rows = excluded.rows, problem = excluded.problem",
                [asdict(night) for night in nights],
            )

    def keep_found(self, source: Mapping[str, str], portal_id: str, evidence: str) -> None:
        """Writes a column that was found from a portal: a source of its own from now on."""
        columns = ("id", "name", "division", "level", "kind", "url", "family")
        with self.transaction() as db:
            db.execute(
                "insert into found_source (id, name, division, level, kind, url, family, portal_id, evidence,"
                " at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do nothing",
                (*(source[name] for name in columns), portal_id, evidence, utc_now()),
            )

    def found_sources(self) -> list[dict[str, str]]:
        """The columns that portals led to, as rows of a registry with `portal_id` and `evidence`."""
        sql = "select id, name, division, level, kind, url, family, portal_id, evidence from found_source order by id"
        return [dict(row) for row in self.db.execute(sql)]


def _state(row: Mapping[str, object]) -> HostState:
    return HostState(
        str(row["host"]),
        Outcome(str(row["outcome"])),
        int(str(row["nights"])),
        str(row["until"]),
        str(row["reason"]),
    )


def _page(row: Mapping[str, object]) -> ListingPage:
    announced = row["announced"]
    return ListingPage(
        str(row["run_id"]),
        str(row["source_id"]),
        str(row["column_url"]),
        str(row["url"]),
        str(row["body"]),
        int(str(row["number"])),
        None if announced is None else int(str(announced)),
        tuple(str(row["rows"]).splitlines()),
        str(row["site"]),
    )
