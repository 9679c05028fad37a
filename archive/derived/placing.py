"""Where a reading belongs: the body, the year and the scope of the report that it shows."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass

from archive.bodies import Body, Source, known_bodies, resolve
from archive.ids import content_id
from archive.rows.heads import COLUMNS, Head
from parsers.heading import names
from parsers.records import Scope

_LINKS = """
select l.from_url, l.title, l.source_id from link l where l.to_url = ?
order by l.first_seen, l.from_url, l.title
"""
_REFERERS = """
select referer, '' as title, source_id from request where url = ? and (referer <> '' or source_id <> '')
order by queued_at, id
"""
_FETCHED = "select source_id from fetch where url = ? and source_id <> '' order by at, id limit 1"
_PAGE = f"""
select {COLUMNS} from record d join capture c on c.id = d.capture_id
where c.url = ? and d.ordinal = 0 order by c.first_seen, c.id limit 1
"""
_BESIDE = """
select d.scope from link l join capture c on c.url = l.to_url join record d on d.capture_id = c.id
where l.from_url = ? and c.kind = 'attachment' and d.numbers > 0
order by l.to_url, c.first_seen, d.ordinal limit 1
"""
_MOST_STEPS = 8
"""From a report upwards through the pages and the columns that led to it."""


@dataclass(frozen=True, slots=True)
class Place:
    """The report that a reading belongs to."""

    body: Body
    year: int
    scope: Scope

    @property
    def report_id(self) -> str:
        """A report is a body, a year and a scope."""
        return content_id(self.body.id, self.year, self.scope.value)


@dataclass(frozen=True, slots=True)
class _Link:
    from_url: str
    title: str
    source_id: str


def link_title(db: sqlite3.Connection, url: str) -> str:
    """What the oldest link to this URL that speaks of a report or a year calls it."""
    titles = [link.title for link in _links(db, url) if link.title]
    telling = [title for title in titles if re.search(r"报告|年报|20\d\d", title)]
    return (telling or titles or [""])[0]


def _links(db: sqlite3.Connection, url: str) -> list[_Link]:
    rows = [*db.execute(_LINKS, (url,)), *db.execute(_REFERERS, (url,))]
    return [_Link(*row) for row in rows]


class Placer:
    """Places readings by what they say, by the links that led to them, and by the pages that carry those."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        rows = db.execute("select id, name, division from source order by id")
        self.sources = {row["id"]: Source(row["name"], row["division"]) for row in rows}
        self.known = known_bodies(self.sources.values())

    def source(self, url: str) -> Source | None:
        """The source that led to this URL first."""
        for link in _links(self.db, url):
            if link.source_id in self.sources:
                return self.sources[link.source_id]
        # An answer that came from another crawler, to whom nothing led.
        row = self.db.execute(_FETCHED, (url,)).fetchone()
        return self.sources.get(row["source_id"]) if row else None

    def place(self, url: str, head: Head, *, attachment: bool = False) -> Place | str:
        """The report's place; or, in a few words, why it has none.

        A file beside a page takes from the page what it does not say itself, and a page without figures takes
        the scope from the file beside it, whose text may say that it speaks for the whole area.
        """
        issuer, year, scope = head.issuer, head.year, head.scope
        if attachment:
            issuer, year, scope = self._filled(url, issuer, year, scope)
        elif not head.numbers:
            scope = self._scope_beside(url) or scope
        if not issuer:
            issuer = self._body_of_column(url)
        body = resolve(issuer, self.source(url), self.known)
        if year is None:
            return "no year in its title, its text, or the page that links to it"
        if body is None:
            return "no issuer in its title, and its source names no single body"
        return Place(body, year, scope or names.scope_of(body.name) or Scope.BODY)

    def expected(self, url: str) -> tuple[Body, int] | None:
        """The body and the year of the report that the link to this URL promises, when it says both."""
        title = link_title(self.db, url)
        year = names.year_in(title)
        body = resolve(names.issuer_in(title), self.source(url), self.known)
        return None if year is None or body is None else (body, year)

    def moved_bodies(self) -> str:
        """A JSON list of the bodies to which the registry has since given another division."""
        rows = self.db.execute("select id, name, division from body order by id")
        return json.dumps(
            [
                row["id"]
                for row in rows
                if row["name"] in self.known and self.known[row["name"]].division != row["division"]
            ]
        )

    def _filled(
        self, url: str, issuer: str | None, year: int | None, scope: Scope | None
    ) -> tuple[str | None, int | None, Scope | None]:
        """What a file says of itself, filled up from the pages that link to it and from their titles."""
        for link in _links(self.db, url):
            if issuer is not None and year is not None:
                break
            for title, page in self._pages(link):
                if page is not None:
                    issuer, year, scope = issuer or page.issuer, year or page.year, scope or page.scope
                issuer, year = issuer or names.issuer_in(title), year or names.year_in(title)
        return issuer, year, scope

    def _pages(self, link: _Link) -> list[tuple[str, Head | None]]:
        """The page that a link stands on, with its own title and those of the links to it."""
        row = self.db.execute(_PAGE, (link.from_url,)).fetchone()
        page = Head.from_row(row) if row is not None else None
        return [((page and page.title) or "", page), (link_title(self.db, link.from_url), None)]

    def _body_of_column(self, url: str) -> str | None:
        """The body whose name leads to the column that a report stands in, where the report says 我局 only."""
        for link in _links(self.db, url):
            at, seen = link.from_url, {url}
            while at and at not in seen and len(seen) < _MOST_STEPS:
                seen.add(at)
                above = _links(self.db, at)
                named = next((each.title for each in above if names.is_body(each.title.strip())), None)
                if named is not None:
                    return named.strip()
                at = above[0].from_url if above else ""
        return None

    def _scope_beside(self, url: str) -> Scope | None:
        """The scope that the first file with figures beside a page says of itself."""
        row = self.db.execute(_BESIDE, (url,)).fetchone()
        return Scope(row["scope"]) if row is not None and row["scope"] is not None else None
