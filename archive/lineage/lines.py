"""Who is who over the years: the life of each body, the bodies that one authority was, and what was joined or divided.

A `unit` is the chain of bodies that are one authority under other names and codes; its id is that of its first body and
stays. A merger or a split is an edge with its date and law: nobody knows shares, and none are made up.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from archive.bodies import Kind, places_of
from archive.lineage import departments, territory


class EdgeKind(StrEnum):
    """How two bodies belong together; the first three make one unit, the others join two."""

    SAME = "same"
    RENAMED = "renamed"
    JOINED = "joined"
    MERGED = "merged"
    SPLIT = "split"


ONE_UNIT = frozenset({EdgeKind.SAME, EdgeKind.RENAMED, EdgeKind.JOINED})


@dataclass(frozen=True, slots=True)
class Known:
    """A body as the archive has it, with the first and last year of its reports (None: it holds none)."""

    id: str
    name: str
    division: str
    kind: str
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """The report years in which a body was there, as far as they are known, and what began and ended it."""

    first: int | None
    last: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Edge:
    """From one body to another: the first year on which the other reports, the day and the law, where they are known."""

    one: str
    other: str
    kind: EdgeKind
    year: int | None
    date: str
    law: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person says of two bodies: that they are one authority (`joined`), or that they are not."""

    one: str
    other: str
    joined: bool
    note: str


@dataclass(frozen=True)
class Lines:
    """By the ids of bodies: the unit, the unit of 2025 (empty where there is none), the life; and all edges."""

    units: dict[str, str] = field(default_factory=dict)
    units_2025: dict[str, str] = field(default_factory=dict)
    lives: dict[str, Span] = field(default_factory=dict)
    edges: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True)
class _Placed:
    body: Known
    life: territory.Life | None
    place: str
    role: tuple[str, object]


_BODIES = """
select b.id, b.name, b.division, b.kind, min(r.year), max(r.year) from body b left join report r on r.body_id = b.id
group by b.id order by b.id
"""


def known(db: sqlite3.Connection) -> list[Known]:
    """All bodies of an archive or of a publication."""
    return [Known(*row) for row in db.execute(_BODIES)]


def load(db: sqlite3.Connection, schema: str = "main") -> Lines:
    """The lines of all bodies of an archive, with what persons decided (`schema` has the table body_join)."""
    said = db.execute(f"select one, other, verdict, note from {schema}.body_join order by id")
    return lines(
        known(db), [Decision(one, other, verdict == "joined", note) for one, other, verdict, note in said]
    )


def lines(bodies: Iterable[Known], decisions: Iterable[Decision] = ()) -> Lines:
    """The lines of these bodies."""
    placed = [_placed(body) for body in bodies]
    decided = list(decisions)
    apart = {frozenset((each.one, each.other)) for each in decided if not each.joined}
    there = {each.body.id for each in placed}
    edges = [
        edge
        for edge in (*_chains(placed), *_breaks(placed))
        if frozenset((edge.one, edge.other)) not in apart
    ]
    edges += [
        Edge(each.one, each.other, EdgeKind.JOINED, None, "", each.note)
        for each in decided
        if each.joined and {each.one, each.other} <= there
    ]
    spans = {each.body.id: _span(each) for each in placed}
    return Lines(
        _units(placed, spans, edges),
        {each.body.id: territory.boundaries(each.body.division[:6], each.life) for each in placed},
        spans,
        tuple(edges),
    )


def _placed(body: Known) -> _Placed:
    places = places_of(body.name)
    place = places[-1] if places else ""
    life = territory.life_of(body.division[:6], place)
    named = life is not None and place.endswith(life.name)
    where = territory.chain(life) if life is not None and named else f"{body.division[:6]} {place}"
    return _Placed(body, life if named or not place else None, where, _role(body, "".join(places)))


def _role(body: Known, place: str) -> tuple[str, object]:
    """What the body is within its place: told by its kind, its concepts, or its name where that is not understood."""
    if body.kind in (Kind.GOVERNMENT, Kind.OFFICE):
        return body.kind, ""
    rest = body.name.removeprefix(place)
    found = departments.concepts(rest) if body.kind == Kind.DEPARTMENT else frozenset()
    return body.kind, found or rest


def _chains(placed: list[_Placed]) -> Iterator[Edge]:
    """Bodies with one role in one place through all its names and codes."""
    groups: dict[tuple[object, ...], list[_Placed]] = defaultdict(list)
    for each in placed:
        if each.body.division[:6] not in ("", "000000"):
            groups[(each.place, each.role)].append(each)
    for group in groups.values():
        ordered = sorted(group, key=lambda each: (_begin(each), each.body.first or 0, each.body.id))
        for one, other in pairwise(ordered):
            if not _two_at_once(one.body, other.body):
                yield _link(one, other)


def _begin(each: _Placed) -> int:
    return max(each.life.first if each.life else 0, departments.years_of(_own_name(each.body))[0] or 0)


def _link(one: _Placed, other: _Placed) -> Edge:
    """Renamed with its place, or by a reform; else one authority under two spellings."""
    ids = (one.body.id, other.body.id)
    if one.life and other.life and one.life != other.life and one.life.last is not None:
        return Edge(*ids, EdgeKind.RENAMED, one.life.last + 1, one.life.date, one.life.law)
    first, _, reform = departments.years_of(_own_name(other.body))
    _, last, _ = departments.years_of(_own_name(one.body))
    if first is not None and last is not None:
        return Edge(*ids, EdgeKind.RENAMED, first, "", f"机构改革 {reform}")
    return Edge(*ids, EdgeKind.SAME, None, "", "")


def _own_name(body: Known) -> str:
    return body.name.removeprefix("".join(places_of(body.name)))


def _two_at_once(one: Known, other: Known) -> bool:
    """Whether both reported on one year, and are no two spellings of one kind of authority (局, 委, 办)."""
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return False
    overlap = one.first <= other.last and other.first <= one.last
    return overlap and _ending(one.name) != _ending(other.name)


def _ending(name: str) -> str:
    return re.sub(r"委员会$", "委", re.sub(r"办公[室厅]$", "办", name))[-1:]


def _breaks(placed: list[_Placed]) -> Iterator[Edge]:
    """Where the territory of a place was joined to others or divided: to the bodies with the same role there."""
    at: dict[tuple[object, ...], list[_Placed]] = defaultdict(list)
    for each in placed:
        if each.life is not None:
            at[(each.life, each.role)].append(each)
        elif each.body.division:
            at[(each.body.division[:6], each.role)].append(each)
    for each in placed:
        life = each.life
        if life is None or life.last is None or territory.goes_on_as(life) is not None:
            continue
        following = territory.next_lives(life)
        kind = EdgeKind.SPLIT if life.divided or len(following) > 1 else EdgeKind.MERGED
        for after in following:
            for heir in at[(after, each.role)]:
                yield Edge(each.body.id, heir.body.id, kind, life.last + 1, life.date, life.law)


def _span(each: _Placed) -> Span:
    """The life of a body by its place and by its name; its own reports are believed before either."""
    life, body = each.life, each.body
    first, last, reform = departments.years_of(_own_name(body))
    why = [f"机构改革 {reform}"] if reform and (first or last) else []
    if life is not None:
        first = max(filter(None, (first, life.first)))
        last = min(filter(None, (last, life.last)), default=None)
        why.append(f"{life.code} {life.name} {life.first}-{life.last or ''} {life.law}".strip())
    if first is not None and body.first is not None and body.first < first:
        first = None
    if last is not None and body.last is not None and body.last > last:
        last = None
    return Span(first, last, "; ".join(why))


def _units(placed: list[_Placed], spans: dict[str, Span], edges: list[Edge]) -> dict[str, str]:
    """The id of the first body of each chain, for all its bodies."""
    above = {each.body.id: each.body.id for each in placed}
    begin = {each.body.id: (_begin(each), each.body.first or 9999, each.body.id) for each in placed}

    def top(body: str) -> str:
        while above[body] != body:
            body = above[body]
        return body

    for edge in edges:
        if edge.kind in ONE_UNIT:
            one, other = sorted((top(edge.one), top(edge.other)), key=begin.__getitem__)
            above[other] = one
    return {body: top(body) for body in spans}
