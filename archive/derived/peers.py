"""Peers of a body: the same authority of the divisions beside its own, as the education bureaus of the counties of one city.

Their names are those of their divisions and the same rest, and stand in the archive with the code of their division, or with
that of the division above, whose site listed them. So their ids follow, and nothing is searched for. Who is a peer of one
body has it as a peer, too. Townships and others that a division has several of have no peers here.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from functools import cache

from archive.divisions import CENTRE, beginning, divisions
from archive.ids import content_id

_OWN = """
select b.name, b.division, r.year, r.scope from report r join body b on b.id = r.body_id where r.id = ?
"""
_DUE = """
insert into due select id from report
where body_id in (select value from json_each(?)) and year = ? and scope = ? on conflict do nothing
"""
_NUMBERS = """
select f.code, b.name, f.value from report r join body b on b.id = r.body_id
join version v on v.report_id = r.id and v.number = (select max(w.number) from version w where w.report_id = r.id)
join figure f on f.version_id = v.id and f.code in (select value from json_each(?)) and f.value > 0
where r.body_id in (select value from json_each(?)) and r.year = ? and r.scope = ? order by f.code, f.value, b.name
"""


def of(name: str, division: str) -> list[str]:
    """The ids that the peers of a body of this name in this division may have; whether there are such, nobody asks."""
    named = (code for code in _may_be_of(division) if name.startswith(divisions()[code]))
    own = max(named, key=lambda code: len(divisions()[code]), default="")
    rest = name.removeprefix(divisions()[own]) if own else ""
    if not rest:
        return []
    above = _above(own)
    return [content_id(at, other + rest) for code, other in _beside(own) for at in (code, above)]


@cache
def _may_be_of(division: str) -> tuple[str, ...]:
    """The division itself and those just below it."""
    return tuple(code for code in divisions() if division in (code, _above(code)))


@cache
def _beside(division: str) -> tuple[tuple[str, str], ...]:
    """The other divisions of its level just below the one above it, with their names."""
    above, digits = _above(division), len(beginning(division))
    return tuple(
        (code, name)
        for code, name in divisions().items()
        if code != division and _above(code) == above and len(beginning(code)) == digits
    )


def _above(code: str) -> str:
    """The division above; districts of a municipality, and counties under a province, lie below that."""
    above = beginning(code)[:-2].ljust(6, "0")
    return above if above in divisions() or above == CENTRE else _above(above)


def make_due(db: sqlite3.Connection, report_id: str) -> None:
    """Notes that the reports of its peers on the same year have to be looked at again."""
    name, division, year, scope = db.execute(_OWN, (report_id,)).fetchone()
    if ids := of(name, division):
        db.execute(_DUE, (json.dumps(ids), year, scope))


def numbers(db: sqlite3.Connection, report_id: str, codes: Sequence[str]) -> dict[str, list[int | float]]:
    """What the peers print above 0 in these cells for the same year, in their latest versions; in order.

    A peer that stands in the archive under two codes counts once.
    """
    name, division, year, scope = db.execute(_OWN, (report_id,)).fetchone()
    found: dict[str, dict[str, int | float]] = {}
    if ids := of(name, division):
        for code, peer, value in db.execute(_NUMBERS, (json.dumps(codes), json.dumps(ids), year, scope)):
            found.setdefault(code, {})[peer] = value
    return {code: sorted(values.values()) for code, values in found.items()}
