"""How many nights a harvest takes: what is left at each site, how fast politeness lets it be asked, how fast we are."""

from __future__ import annotations

import math
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from archive.outcomes import host_of
from archive.state.lives import Life, Lived, best
from crawler.hosts import site_of
from crawler.registry import Source
from crawler.settings import BUDGET

HOURS = 8.0
"""Of a night, when nothing is said: from ten to six."""
RATE = 100.0
"""Requests a second of one machine: a core keeps 338 fetched pages (docs/scale.md), and has other work beside."""
OF_A_GOVERNMENT, OF_A_BODY = 730, 25
"""Documents expected of a source of which nothing is known: with its lists a host of the mean size of docs/scale.md, 52
bodies; and twelve years of one body with a file beside each."""
A_LIST = 10
"""Documents of a page of a list."""
WALK = 10
"""Pages on the way from a home page to its column."""
LEAST_KNOWN = 5
"""With so many sources of a level whose lists are known, their median is expected of the others."""
_LOST = (Life.DEAD, Life.MOVED, Life.BLOCKED)
_LISTED = """
select source_id, count(distinct to_url) from link where kind in ('document', 'attachment')
and decision not like 'rejected%' group by source_id
"""
_DONE = """
select source_id, count(*) from request where kind in ('document', 'attachment') and state <> 'queued'
group by source_id
"""
_QUEUED = "select host, count(*) from request where state = 'queued' group by host"


@dataclass(frozen=True, slots=True)
class Known:
    """What an archive knows: documents listed and answered by source (portals for their columns), requests queued by host."""

    listed: Mapping[str, int]
    done: Mapping[str, int]
    queued: Mapping[str, int]
    lives: Mapping[str, Sequence[Lived]]


NOTHING = Known({}, {}, {}, {})


@dataclass(frozen=True, slots=True)
class Ask:
    """Of a night: its hours, seconds between two requests to one site, and requests a second of the machine."""

    hours: float = HOURS
    delay: float = 3.0
    rate: float = RATE

    @property
    def of_a_site(self) -> int:
        """Requests that one site gets in a night."""
        return max(1, min(BUDGET, int(self.hours * 3600 / max(self.delay, 1 / self.rate))))

    @property
    def of_all(self) -> int:
        """Requests that the machine can ask in a night."""
        return max(1, int(self.hours * 3600 * self.rate))


@dataclass(frozen=True, slots=True)
class Harvest:
    """What is left in a province, or in all: requests, the nights they need, and the site that needs the most.

    `out_of_reach` are sources that are dead, moved or blocked; `known` says of how many sources the lists are known.
    """

    division: str
    sources: int
    known: int
    out_of_reach: int
    requests: int
    nights: int
    slowest: str
    slowest_nights: int


def known(db: sqlite3.Connection, lives: Mapping[str, Sequence[Lived]]) -> Known:
    """What an archive knows of what is left."""
    portals = {row[0]: row[1] for row in db.execute("select id, portal_id from found_source")}
    counts: list[Counter[str]] = []
    for sql in (_LISTED, _DONE):
        count: Counter[str] = Counter()
        for source_id, number in db.execute(sql):
            count[portals.get(source_id, source_id)] += number
        counts.append(count)
    queued = {row[0]: row[1] for row in db.execute(_QUEUED)}
    return Known(counts[0], counts[1], queued, lives)


def plan(sources: Iterable[Source], of: Known, ask: Ask) -> list[Harvest]:
    """What is left by province in order of codes, bodies of the State Council first, and at the end of all together."""
    groups: defaultdict[str, list[Source]] = defaultdict(list)
    everything = list(sources)
    for source in everything:
        groups[source.division[:2]].append(source)
    expected = _expected(everything, of)
    found = [
        _harvest(f"{code}0000" if code else "", group, of, ask, expected)
        for code, group in sorted(groups.items())
    ]
    return [*found, _harvest("all", everything, of, ask, expected)]


def _expected(sources: Iterable[Source], of: Known) -> dict[tuple[str, str], int]:
    """Documents of a source by level and kind: the median of those whose lists are known, where they are enough."""
    seen: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for source in sources:
        if of.listed.get(source.id):
            seen[source.level, source.kind].append(of.listed[source.id])
    return {key: round(median(counts)) for key, counts in seen.items() if len(counts) >= LEAST_KNOWN}


def _left(source: Source, of: Known, expected: Mapping[tuple[str, str], int]) -> int:
    """Requests that a source still needs; none of one that is out of reach."""
    if _is_lost(source, of):
        return 0
    listed = of.listed.get(source.id, 0)
    if listed:
        return max(0, listed - of.done.get(source.id, 0))
    usual = OF_A_GOVERNMENT if source.kind == "government" else OF_A_BODY
    documents = expected.get((source.level, source.kind), usual)
    return WALK + documents + math.ceil(documents / A_LIST)


def _is_lost(source: Source, of: Known) -> bool:
    lived = best(of.lives.get(source.id, ()))
    return lived is not None and lived.state in _LOST


def _harvest(
    division: str, sources: Sequence[Source], of: Known, ask: Ask, expected: Mapping[tuple[str, str], int]
) -> Harvest:
    sites: Counter[str] = Counter()
    for source in sources:
        sites[site_of(host_of(source.url))] += _left(source, of, expected)
    for host, number in of.queued.items():
        site = site_of(host)
        if site in sites:
            sites[site] = max(sites[site], number)
    requests = sum(sites.values())
    slowest, most = max(sites.items(), key=lambda each: (each[1], each[0]), default=("", 0))
    own = math.ceil(most / ask.of_a_site)
    nights = max(own, math.ceil(requests / ask.of_all))
    lost = sum(_is_lost(source, of) for source in sources)
    with_lists = sum(bool(of.listed.get(source.id)) for source in sources)
    return Harvest(division, len(sources), with_lists, lost, requests, nights, slowest, own)
