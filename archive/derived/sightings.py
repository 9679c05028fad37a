"""When a URL showed what: every answer to it, in order, and what may be believed of them. Pure but for `load`.

A change of a page counts when the crawl saw it twice in a row, which it does in one night by asking again. A page is
gone when it was missed on so many healthy nights that no sick server explains it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise

from archive.outcomes import GONE, Outcome
from archive.state.nights import HEALTHY_NIGHTS
from archive.state.witnesses import RUN


class Sight(StrEnum):
    """What a URL was seen to do."""

    SHOWS = "shows"
    GONE = "gone"
    LEADS_ON = "leads on"


@dataclass(frozen=True, slots=True)
class Sighting:
    """One answer of one URL. `content` is what the archive read of the capture, empty when that was no report.

    `crawled` tells an answer to a crawl, which can ask again, from one that was imported; `healthy` that the night
    was well for the source that led there.
    """

    url: str
    at: str
    sight: Sight
    capture_id: str = ""
    content: str = ""
    run_id: str = ""
    crawled: bool = False
    healthy: bool = True


_LEADS_ON = (Outcome.REDIRECTED, Outcome.JS_REDIRECT)
_SEEN = f"""
select f.at, f.outcome, c.id as capture_id, f.run_id, coalesce(u.command, '') as command,
       coalesce(n.problem, '') as problem
from fetch f left join capture c on c.url = f.url and c.sha256 = f.sha256 and f.outcome = 'ok'
left join run u on u.id = f.run_id left join source_night n on (n.source_id, n.run_id) = (f.source_id, f.run_id)
where f.url = ? and f.outcome in ({", ".join(f"'{o}'" for o in ("ok", "not_modified", *sorted(GONE), *_LEADS_ON))})
order by f.at, f.id
"""
_CONTENTS = """
select c.id, c.first_seen, r.fingerprint from capture c left join reading r
on r.capture_id = c.id and r.state in ('report', 'read', 'unplaced')
where c.url = ? order by c.first_seen, c.id, r.ordinal
"""


def load(db: sqlite3.Connection, urls: Iterable[str]) -> dict[str, list[Sighting]]:
    """All sightings of each URL, the oldest first."""
    return {url: _of(db, url) for url in urls}


def _of(db: sqlite3.Connection, url: str) -> list[Sighting]:
    contents, first = _contents(db, url)
    found: list[Sighting] = []
    shown = ""
    for row in db.execute(_SEEN, (url,)):
        outcome, sight = Outcome(row["outcome"]), Sight.SHOWS
        if outcome in GONE:
            sight = Sight.GONE
        elif outcome in _LEADS_ON:
            sight = Sight.LEADS_ON
        capture = ""
        if sight is Sight.SHOWS:
            # A 304 vouches for what was shown before it.
            capture = row["capture_id"] or shown
            shown = capture
        crawled = row["command"].startswith("crawl")
        if row["run_id"] == RUN and sight is not Sight.SHOWS:
            continue  # what others did not get, or when, is nothing that we missed
        found.append(
            Sighting(
                url,
                row["at"],
                sight,
                capture,
                contents.get(capture, ""),
                row["run_id"],
                crawled,
                not row["problem"],
            )
        )
    seen = {sighting.capture_id for sighting in found}
    # A capture of which no fetch tells was seen when it says that it was.
    found += [
        Sighting(url, at, Sight.SHOWS, capture, contents[capture]) for capture, at in first.items() if capture not in seen
    ]  # fmt: skip
    return sorted(found, key=lambda sighting: sighting.at)


def _contents(db: sqlite3.Connection, url: str) -> tuple[dict[str, str], dict[str, str]]:
    """What each capture of a URL says, as one word, and when it was first seen."""
    contents, first = {}, {}
    rows = db.execute(_CONTENTS, (url,)).fetchall()
    for capture, readings in groupby(rows, key=lambda row: row["id"]):
        each = list(readings)
        contents[capture] = " ".join(row["fingerprint"] for row in each if row["fingerprint"])
        first[capture] = each[0]["first_seen"]
    return contents, first


def doubted(sightings: Sequence[Sighting]) -> set[str]:
    """The captures of one URL whose content was met once and not confirmed: a flickering page, or a change met today.

    What the URL showed a crawl first, and what was not crawled, stands without a second look; a look of others
    between two of ours parts them as little as it joins them.
    """
    shown = [sighting for sighting in sightings if sighting.capture_id]
    said = [sighting for sighting in shown if sighting.content]
    sure = {sighting.content for sighting in said if not sighting.crawled}
    ours = [sighting for sighting in shown if sighting.crawled]
    sure |= {each.content for each in (*said[:1], *[s for s in ours if s.content][:1])}
    sure |= {one.content for one, other in pairwise(ours) if one.content == other.content}
    return {sighting.capture_id for sighting in said if sighting.content not in sure}


@dataclass(frozen=True, slots=True)
class Absence:
    """From when to when a report was nowhere to be found; `until` is None while it is not back."""

    since: str
    until: str | None
    url: str


def absences(seen: Mapping[str, Sequence[Sighting]]) -> list[Absence]:
    """When all the URLs of a report were gone at once, each on `HEALTHY_NIGHTS` healthy nights, the oldest first."""
    found: list[Absence] = []
    gone: dict[str, tuple[str, set[str]]] = {}
    moments = sorted((s for sightings in seen.values() for s in sightings), key=lambda s: (s.at, s.url))
    known: set[str] = set()
    away: tuple[str, str] | None = None
    for sighting in moments:
        if sighting.sight is Sight.GONE:
            _since, nights = gone.setdefault(sighting.url, (sighting.at, set()))
            if sighting.healthy:
                nights.add(sighting.run_id or sighting.at)
        elif sighting.sight is Sight.LEADS_ON:
            # It shows nothing any more; whether the report is anywhere, its other addresses tell.
            known.discard(sighting.url)
            gone.pop(sighting.url, None)
        else:
            known.add(sighting.url)
            gone.pop(sighting.url, None)
            if away:
                found.append(Absence(away[0], sighting.at, away[1]))
                away = None
        missed = {url for url, (_, nights) in gone.items() if len(nights) >= HEALTHY_NIGHTS}
        if known and known <= missed and away is None:
            away = max(gone[url][0] for url in known), min(known)
    return [*found, Absence(away[0], None, away[1])] if away else found
