"""When is it a new version, and what changed: pure functions of the readings of one report.

The answer depends on the set of readings only, never on the order in which they came, so that a merge and
a rebuild give the same versions. At one URL any change that a reader would see is a new version, unless it is
worse than what stood there: cut, garbled, or with empty tables. At another URL a reading joins the version that
it agrees with; one that agrees with none is a version only if its evidence is as good, for a PDF that is read
worse than the page beside it is no correction.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from archive.rows.reduced import prose, reduce
from parsers.codebook import known_tables, table_of_code
from parsers.records import Figure, Finding, FindingKind, Report, State

if TYPE_CHECKING:
    from archive.rows.heads import Head

AS_GOOD = 0.9
"""The share of the best rendition's numbers that a reading must have to stand as a version of its own."""
ALIKE = 0.9
"""The share of common runs of text from which two texts without tables are one."""
RUN = 5
CUT = 0.8
"""A text that begins as the one before and is shorter than this share of it was cut."""


def fingerprint(report: Report) -> str:
    """A hash of what a reader would call the content: numbers, illegible cells, extra rows, prose."""
    figures = spoken(report)
    rows = [(row.table, reduce(row.label), *map(reduce, row.cells)) for row in report.extra_rows]
    said = repr((figures, rows, prose(report)))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def text_hash(report: Report) -> str:
    """A hash of the canonical text: the prose without tables, chrome, counters and page dates."""
    return hashlib.sha256(prose(report).encode()).hexdigest()[:32]


def figures_hash(report: Report) -> str:
    """A hash of what the tables say: numbers and illegible cells by their codes."""
    return hashlib.sha256(repr(spoken(report)).encode()).hexdigest()[:32]


def spoken(report: Report) -> list[tuple[str, str, str]]:
    """What the tables say, in order: the code, the state and the number of each figure that is one, or is illegible."""
    return sorted(_said(figure) for figure in report.figures if figure.state in _SPEAKING)


_SPEAKING = {State.NUMBER, State.ILLEGIBLE}


def _said(figure: Figure) -> tuple[str, str, str]:
    value = figure.value
    number = "" if value is None else repr(int(value) if value == int(value) else value)
    return figure.code, figure.state.value, number


@dataclass(frozen=True)
class Reading:
    """One report as one capture shows it. `attachment` tells a file beside a page from the page itself.

    `core` is what it says without what nobody confirmed (archive.derived.looks); empty where all of it stands. `ours` is
    when a crawl of ours met it first, empty where only others did; `known` is since when the archive knows of it, which
    is later than `first_seen` where others met it first; empty where that is the same.
    """

    capture_id: str
    ordinal: int
    url: str
    attachment: bool
    first_seen: str
    last_seen: str
    fingerprint: str
    head: Head
    load: Callable[[], Report] = field(compare=False)
    figures_hash: str = ""
    core: str = ""
    ours: str = ""
    known: str = ""

    @property
    def content(self) -> str:
        """What tells it from other contents of its report."""
        return self.core or self.fingerprint

    @property
    def since(self) -> str:
        """Since when the archive knows of it."""
        return self.known or self.first_seen

    @property
    def looks(self) -> set[str]:
        """The moments at which it was met that are known."""
        return {look for look in (self.first_seen, self.ours, self.last_seen) if look}

    @cached_property
    def report(self) -> Report:
        """All that was read: unpacked when it is asked for, for most readings never."""
        return self.load()


@dataclass(frozen=True, slots=True)
class Version:
    """One distinct content of a report: the rendition its figures come from, and all that show it.

    `weaker` names the renditions (capture, ordinal) that are kept as evidence and are not what it says.
    """

    number: int
    fingerprint: str
    best: Reading
    renditions: tuple[Reading, ...]
    first_seen: str
    last_seen: str
    findings: tuple[Finding, ...]
    weaker: frozenset[tuple[str, int]] = frozenset()


def arrange(readings: Iterable[Reading]) -> list[Version]:
    """All versions of one report, oldest first, numbered from 1."""
    groups: list[_Group] = []
    for content in sorted(_contents(readings), key=lambda content: content.strength):
        _place(content, groups)
    for group in groups:
        group.begin = _begin(group, [other for other in groups if other is not group])
    groups.sort(key=lambda group: (group.begin, group.age))
    return [group.version(number) for number, group in enumerate(groups, 1)]


def _begin(group: _Group, others: Sequence[_Group]) -> str:
    """Since when a version counts as seen.

    What others saw moves the beginning of a version of ours back, but never before another version that was seen between:
    an old look of theirs at what is shown today again makes today's version no older one.
    """
    ours = min((reading.ours for reading in group.supporting if reading.ours), default="")
    if not ours:
        return group.age[0]
    looks = {
        look for other in others for reading in other.supporting for look in reading.looks if look < ours
    }
    between = max(looks, default="")
    return min(look for reading in group.supporting for look in reading.looks if look > between)


@dataclass
class _Content:
    """All readings with one content, best first."""

    readings: list[Reading]

    @cached_property
    def strength(self) -> tuple[object, ...]:
        return _strength(self.readings[0])

    @cached_property
    def numbers(self) -> dict[str, object]:
        figures = self.readings[0].report.figures
        return {figure.code: figure.value for figure in figures if figure.state is State.NUMBER}

    @cached_property
    def text(self) -> str:
        return prose(self.readings[0].report)

    @property
    def raw(self) -> str:
        """The prose as it was read, with whatever `text` leaves out."""
        report = self.readings[0].report
        return "".join(section.title + section.text for section in report.sections) or report.text

    @cached_property
    def runs(self) -> frozenset[str]:
        text = self.text.replace("\n", "")
        return frozenset(text[i : i + RUN] for i in range(max(1, len(text) - RUN + 1)))

    @property
    def places(self) -> set[tuple[str, int]]:
        return {(reading.url, reading.ordinal) for reading in self.readings}


@dataclass
class _Group:
    """A version in the making: the content it stands on, those that agree, and weaker ones laid beside it."""

    anchor: _Content
    agreeing: list[_Content] = field(default_factory=list)
    weaker: list[_Content] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    begin: str = ""

    @property
    def supporting(self) -> list[Reading]:
        return [reading for content in (self.anchor, *self.agreeing) for reading in content.readings]

    @property
    def places(self) -> set[tuple[str, int]]:
        return self.anchor.places.union(*(content.places for content in self.agreeing))

    @property
    def age(self) -> tuple[str, str, str]:
        return min((reading.first_seen, reading.url, reading.fingerprint) for reading in self.supporting)

    @property
    def name(self) -> str:
        """The fingerprint by which it is known: what is learnt later, however old, does not rename it."""
        return min((r.since, r.first_seen, r.url, r.fingerprint) for r in self.supporting)[-1]

    def version(self, number: int) -> Version:
        """This group as the record that is kept."""
        supporting = self.supporting
        others = [reading for content in self.weaker for reading in content.readings]
        renditions = sorted(
            supporting + others, key=lambda reading: (reading.first_seen, reading.url, reading.capture_id)
        )
        return Version(
            number=number,
            fingerprint=self.name,
            best=min(supporting, key=_strength),
            renditions=tuple(renditions),
            first_seen=self.begin,
            last_seen=max(reading.last_seen for reading in supporting),
            findings=tuple(sorted(self.findings, key=lambda finding: (finding.kind, finding.message))),
            weaker=frozenset((reading.capture_id, reading.ordinal) for reading in others),
        )


def _strength(reading: Reading) -> tuple[object, ...]:
    """Sorts the best evidence first: most figures, fewest contradictions, page before file, the longest known, the oldest."""
    return (
        -reading.head.numbers,
        reading.head.contradictions,
        reading.attachment,
        reading.since,
        reading.first_seen,
        reading.url,
        reading.capture_id,
        reading.ordinal,
    )


def _contents(readings: Iterable[Reading]) -> list[_Content]:
    by_content: dict[str, list[Reading]] = {}
    for reading in sorted(readings, key=_strength):
        by_content.setdefault(reading.content, []).append(reading)
    return [_Content(found) for found in by_content.values()]


def _place(content: _Content, groups: list[_Group]) -> None:
    """Let the content join the version it agrees with, found one of its own, or lie beside the nearest."""
    here = [group for group in groups if content.places & group.places]
    agreeing = [group for group in groups if group not in here and _agree(content, group.anchor)]
    if agreeing:
        _nearest(content, agreeing).agreeing.append(content)
    elif not groups or _stands(content, groups, here):
        groups.append(_Group(content))
    else:
        nearest = _nearest(content, here or groups)
        nearest.weaker.append(content)
        nearest.findings.extend(_complaints(content, nearest, here=bool(here)))


def _agree(one: _Content, other: _Content) -> bool:
    """Do the figures agree on the codes both have, or, where neither has any, the texts and their digits?"""
    common = one.numbers.keys() & other.numbers.keys()
    if common:
        return all(one.numbers[code] == other.numbers[code] for code in common)
    if one.numbers or other.numbers:
        return False
    return _digits(one.text) == _digits(other.text) and _likeness(one, other) >= ALIKE


def _digits(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _likeness(one: _Content, other: _Content) -> float:
    """The share of common runs of characters, 0 to 1."""
    return len(one.runs & other.runs) / len(one.runs | other.runs)


def _stands(content: _Content, groups: Sequence[_Group], here: Sequence[_Group]) -> bool:
    """Is it evidence enough for a version of its own? A change at one URL is, unless it is worse."""
    if here and _worse(content, _nearest(content, here)):
        return False
    most = max(len(group.anchor.numbers) for group in groups)
    if most == 0:
        longest = max(len(group.anchor.text) for group in groups)
        return bool(here) or len(content.text) >= AS_GOOD * longest
    if here:
        return bool(content.numbers)
    nearest = _nearest(content, groups).anchor.readings[0]
    enough = len(content.numbers) >= AS_GOOD * most
    return enough and content.readings[0].head.contradictions <= nearest.head.contradictions


def _worse(content: _Content, group: _Group) -> dict[str, Any]:
    """Why a content is worse than the one that stood at its place before it (values of a finding); empty when not."""
    if content.readings[0].first_seen <= group.age[0]:
        return {}
    before = group.anchor
    states = {figure.code: figure.state for figure in content.readings[0].report.figures}
    lost = [code for code in before.numbers if states.get(code, State.ABSENT) in _UNREAD]
    if len(lost) > (1 - AS_GOOD) * len(before.numbers):
        return {"case": "missing", "missing": len(lost), "of": len(before.numbers)}
    emptied = {_table(code) for code in before.numbers} - {_table(code) for code in content.numbers}
    if emptied:
        return {"case": "emptied", "tables": sorted(emptied)}
    if len(_GARBLED.findall(content.raw)) > len(_GARBLED.findall(before.raw)):
        return {"case": "garbled"}
    text, whole = content.text.replace("\n", ""), before.text.replace("\n", "")
    return {"case": "cut"} if whole.startswith(text) and len(text) < CUT * len(whole) else {}


_UNREAD = {State.ABSENT, State.ILLEGIBLE}
_GARBLED = re.compile("[\ufffd\ue000-\uf8ff]|锟斤拷|烫烫烫|Ã.|â€")


def _table(code: str) -> str:
    """The table of a code: t3 of t3_granted__total; empty for one of no form."""
    table = table_of_code(code)
    return table if table in known_tables() else ""


def _nearest(content: _Content, groups: Sequence[_Group]) -> _Group:
    """The version that shares most numbers with this content, then most text, then the oldest."""

    def nearness(group: _Group) -> tuple[object, ...]:
        numbers = group.anchor.numbers
        shared = sum(numbers.get(code) == value for code, value in content.numbers.items())
        return (-shared, -_likeness(content, group.anchor), group.age)

    return min(groups, key=nearness)


def _complaints(content: _Content, group: _Group, *, here: bool) -> list[Finding]:
    """What a reader should know of a reading that was not good enough to be a version."""
    url, anchor = content.readings[0].url, group.anchor.numbers
    if not content.numbers:
        since = content.readings[0].first_seen
        gone = Finding(FindingKind.FIGURES_GONE, (), {"url": url, "since": since})
        return [gone] if here and anchor else []
    codes = sorted(code for code, value in content.numbers.items() if anchor.get(code, value) != value)
    why = _worse(content, group) if here else {}
    if why:
        since = content.readings[0].first_seen
        return [Finding(FindingKind.WORSE_CAPTURE, tuple(codes), {**why, "url": url, "since": since})]
    counts = {"figures": len(content.numbers), "best": len(anchor), "differing": len(codes)}
    return [Finding(FindingKind.WEAKER_RENDITION, tuple(codes), {"url": url, **counts})]
