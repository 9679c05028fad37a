"""What of a report its looks agree on, part by part: pure functions of its readings and of when a URL showed them.

A report is told apart into parts: each figure, each extra row, each sentence. A part counts when two looks on end say it,
whatever stands beside it; what never comes twice alike is noise by definition, and so is a sentence that is another one
on every night, and a line that comes or goes on other pages of the host as well.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

from archive.derived.redesigns import more_or_less
from archive.derived.sightings import Sighting
from archive.rows.reduced import reduce
from archive.versions import Reading, spoken
from parsers.edges.frame import is_other_skin
from parsers.records import Report

NIGHTS_OF_NOISE = 3
"""A sentence that was another one on each of so many nights is the site's: no body revises its report night after night."""
_ENDS = re.compile(r"[。；！？;!?\n]")

Part = tuple[str, str]
"""What kind of part it is with its name (a code, the label of a row; none for a sentence), and what it says."""


@dataclass(frozen=True)
class _Look:
    """One look at one report of a URL: the night, whether a crawl saw it, its parts in order, and what stood around it."""

    capture_id: str
    run_id: str
    crawled: bool
    parts: tuple[Part, ...]
    frame: str
    lines: Mapping[str, tuple[Part, ...]]


def settled(
    readings: Sequence[Reading],
    seen: Mapping[str, Sequence[Sighting]],
    passing: Callable[[str], Set[str]] = lambda _url: frozenset(),
) -> tuple[list[Reading], dict[str, list[Sighting]]]:
    """Readings and sightings whose content is what the looks at their URL agree on.

    Nothing is unpacked of a URL that always said the same. `passing` gives the lines that come or go elsewhere on the
    host of a URL; it is asked only about one whose content differs.
    """
    cores: dict[tuple[str, int], str] = {}
    for url, sightings in seen.items():
        here = [reading for reading in readings if reading.url == url]
        for ordinal in {reading.ordinal for reading in here}:
            own = {reading.capture_id: reading for reading in here if reading.ordinal == ordinal}
            if len({reading.fingerprint for reading in own.values()}) > 1:
                found = _cores(_looks(own, sightings), partial(passing, url))
                cores |= {(capture, ordinal): core for capture, core in found.items()}
    if not cores:
        return list(readings), {url: list(sightings) for url, sightings in seen.items()}
    told = [replace(r, core=cores.get((r.capture_id, r.ordinal), "")) for r in readings]
    contents: dict[str, list[str]] = defaultdict(list)
    for reading in sorted(told, key=lambda reading: reading.ordinal):
        contents[reading.capture_id].append(reading.content)
    return told, {
        url: [replace(s, content=" ".join(contents.get(s.capture_id, [s.content]))) for s in sightings]
        for url, sightings in seen.items()
    }


def parts_of(report: Report) -> tuple[Part, ...]:
    """The parts of a report in order."""
    figures = [(f"figure {code}", f"{state} {number}") for code, state, number in spoken(report)]
    rows = [
        (f"row {row.table} {reduce(row.label)}", " ".join(map(reduce, row.cells)))
        for row in report.extra_rows
    ]
    told = (section for section in report.sections if section.text)
    texts = [text for section in told for text in (section.title, section.text)]
    texts = texts if report.sections else [report.text]
    return (*figures, *rows, *(part for text in texts for part in _sentences(text)))


def lines_of(report: Report) -> dict[str, tuple[Part, ...]]:
    """The sentences of each line of a report's prose, by the line as it counts when two are compared."""
    told = [f"{section.title}\n{section.text}" for section in report.sections if section.text]
    texts = told if report.sections else [report.text]
    lines = (line for text in texts for line in text.split("\n"))
    return {reduced: tuple(_sentences(line)) for line in lines if (reduced := reduce(line))}


def _sentences(text: str) -> Iterator[Part]:
    return (("", said) for sentence in _ENDS.split(text) if (said := reduce(sentence)))


def _looks(own: Mapping[str, Reading], sightings: Iterable[Sighting]) -> list[_Look]:
    known: dict[str, tuple[tuple[Part, ...], dict[str, tuple[Part, ...]]]] = {}
    looks = []
    for sighting in sightings:
        reading = own.get(sighting.capture_id)
        if reading is not None:
            if reading.fingerprint not in known:
                known[reading.fingerprint] = parts_of(reading.report), lines_of(reading.report)
            parts, lines = known[reading.fingerprint]
            night, frame = sighting.run_id or sighting.at, reading.report.frame
            looks.append(_Look(reading.capture_id, night, sighting.crawled, parts, frame, lines))
    return looks


def _cores(looks: Sequence[_Look], passing: Callable[[], Set[str]]) -> dict[str, str]:
    """What each capture says without noise, as one word."""
    if not looks:
        return {}
    places = _places(looks)
    noise = _unconfirmed(looks, places) | _nightly(looks, places)
    noise |= _of_a_skin(looks, noise)
    cores = _words(looks, noise)
    return cores if len(set(cores.values())) == 1 else _words(looks, noise | _of_the_host(looks, passing()))


def _words(looks: Sequence[_Look], noise: Set[Part]) -> dict[str, str]:
    return {look.capture_id: _word(part for part in look.parts if part not in noise) for look in looks}


def _of_the_host(looks: Sequence[_Look], passing: Set[str]) -> set[Part]:
    """The sentences of lines that come or go here and elsewhere on the host."""
    stable = set(looks[0].lines).intersection(*(look.lines for look in looks[1:]))
    own = {part for line in stable for part in looks[0].lines[line]}
    gone = {part for look in looks for line, parts in look.lines.items() if line in passing for part in parts}
    return gone - own


def _word(parts: Iterable[Part]) -> str:
    kept = list(parts)
    said = sorted(part for part in kept if part[0]), "".join(text for name, text in kept if not name)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def _places(looks: Sequence[_Look]) -> dict[Part, str]:
    """Where each part stands: its name, or for a sentence the last one above it that every look shows."""
    stable = set[Part](looks[0].parts).intersection(*(look.parts for look in looks[1:]))
    places: dict[Part, str] = {}
    for look in looks:
        above = ""
        for part in look.parts:
            places.setdefault(part, part[0] or f"below {above}")
            if part in stable and not part[0]:
                above = part[1]
    return places


def _unconfirmed(looks: Sequence[_Look], places: Mapping[Part, str]) -> set[Part]:
    """The parts that no two looks of ours on end agree on. What the first says stands where no later one is unconfirmed."""
    sure = {part for look in looks if not look.crawled for part in look.parts}
    ours = [look for look in looks if look.crawled]
    for one, other in pairwise(ours):
        sure.update(set(one.parts).intersection(other.parts))
    later = {part for look in ours[1:] for part in look.parts} - sure
    unsettled = {places[part] for part in later}
    first = {
        part for look in ours[:1] for part in look.parts if part not in sure and places[part] in unsettled
    }
    return later | first


def _nightly(looks: Sequence[_Look], places: Mapping[Part, str]) -> set[Part]:
    """The sentences that were said on one night only, where so many nights had one of their own."""
    nights: dict[Part, set[str]] = defaultdict(set)
    for look in looks:
        for part in look.parts:
            nights[part].add(look.run_id)
    at_place: dict[str, set[str]] = defaultdict(set)
    once = {part for part, runs in nights.items() if len(runs) == 1 and not part[0]}
    for part in once:
        at_place[places[part]] |= nights[part]
    return {part for part in once if len(at_place[places[part]]) >= NIGHTS_OF_NOISE}


def _of_a_skin(looks: Sequence[_Look], noise: set[Part]) -> set[Part]:
    """The sentences that came or went when the page around the report was drawn anew.

    Where our own looks differ they decide alone: what others saw takes no version away.
    """
    ours = [look for look in looks if look.crawled]
    said = [set(look.parts) for look in ours]
    disputed = set[Part]().union(*said) - (set[Part].intersection(*said) if said else set())
    return _drawn_anew(ours, noise) | (_drawn_anew(looks, noise) - disputed)


def _drawn_anew(looks: Sequence[_Look], noise: set[Part]) -> set[Part]:
    found: set[Part] = set()
    for one, other in pairwise(looks):
        if is_other_skin(one.frame, other.frame):
            said = [
                [part for part in look.parts if not part[0] and part not in noise] for look in (one, other)
            ]
            found.update(more_or_less(*said))
    return found
