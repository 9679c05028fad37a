"""What became of the divisions since 2007: lives of a code under a name, what goes on as what, constant boundaries.

lineage.csv and territory.csv come from the public list areacodes (CC0), made from the ministry's decrees. A life ends
with the last 31 December on which code and name stand: whoever stands then writes the report on that year. Moves of
single villages are not in them; townships and zones without a code are not covered.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from archive.csvs import packaged

CONSTANT = 2025
"""The year whose boundaries `boundaries` gives."""
_GOES_ON = frozenset({"renamed", "code_changed", "upgraded_to_district", "upgraded_to_city", "transferred"})


@dataclass(frozen=True, slots=True)
class Life:
    """One code under one name, from the first to the last year-end on which it stood (`last` None: it stands)."""

    code: str
    name: str
    first: int
    last: int | None
    kind: str
    successors: tuple[str, ...]
    formed_from: tuple[str, ...]
    divided: bool
    date: str
    law: str


def _codes(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(";")))


@cache
def lives() -> dict[str, tuple[Life, ...]]:
    """The lives of every code that changed, the oldest first; a code that never did is not in it."""
    found: dict[str, list[Life]] = defaultdict(list)
    for row in packaged("lineage.csv", "archive"):
        life = Life(
            row["code"], row["name"], int(row["from_year"]), int(row["to_year"]) if row["to_year"] else None,
            row["kind"], _codes(row["successors"]), _codes(row["formed_from"]), row["divided"] == "yes",
            row["date"], row["law"],
        )  # fmt: skip
        found[life.code].append(life)
    return {code: tuple(sorted(each, key=lambda life: life.first)) for code, each in found.items()}


def next_lives(life: Life) -> tuple[Life, ...]:
    """The lives that got its territory, as they began in the year after it ended."""
    if life.last is None:
        return ()
    year = life.last + 1
    codes = life.successors or (life.code,)
    return tuple(
        each
        for code in codes
        for each in lives().get(code, ())
        if each != life and each.first <= year <= (each.last or year)
    )


def goes_on_as(life: Life) -> Life | None:
    """The one life that is the same place under another name or code; None where territory was joined or divided."""
    following = next_lives(life)
    if life.kind not in _GOES_ON or life.divided or len(following) != 1:
        return None
    after = following[0]
    alone = set(after.formed_from) <= {life.code} and after.first == (life.last or 0) + 1
    return after if alone else None


def chain(life: Life) -> str:
    """The name of the place through all its names and codes: the code and first year of its last life."""
    seen = life
    while (after := goes_on_as(seen)) is not None:
        seen = after
    return f"{seen.code}@{seen.first}"


def life_of(code: str, place: str) -> Life | None:
    """The life of which a body of this division is that calls its place so; None where neither ever changed.

    The name decides: the registry may give a body of 密云县 the code of 密云区.
    """
    own = lives().get(code, ())
    before = [each for life in own for each in _before(life)]
    fitting = [life for life in (*reversed(own), *before) if place and place.endswith(life.name)]
    if fitting:
        return fitting[0]
    return next((life for life in own if life.last is None), None)


def _before(life: Life) -> list[Life]:
    found: list[Life] = []
    for code in life.formed_from:
        for each in lives().get(code, ()):
            if each.last == life.first - 1:
                found += [each, *_before(each)]
    return found


@cache
def _areas() -> dict[str, str]:
    """code -> the first code of all that exchanged territory with it since 2007, directly or through others."""
    above: dict[str, str] = {}

    def top(code: str) -> str:
        while (up := above.get(code, code)) != code:
            code = up
        return code

    for row in packaged("territory.csv", "archive"):
        if int(row["year"]) <= CONSTANT:
            one, other = sorted((top(row["from_code"]), top(row["to_code"])))
            above[other] = one
    for life in (each for some in lives().values() for each in some if each.last is not None):
        for after in next_lives(life):
            one, other = sorted((top(life.code), top(after.code)))
            above[other] = one
    return {code: top(code) for code in [*above, *above.values()]}


@cache
def _standing() -> dict[str, tuple[str, ...]]:
    """The codes of each area that stood at the end of `CONSTANT`."""
    found: dict[str, list[str]] = defaultdict(list)
    for code, area in _areas().items():
        if (
            any(life.last is None or life.last >= CONSTANT for life in lives().get(code, ()))
            or code not in lives()
        ):
            found[area].append(code)
    return {area: tuple(codes) for area, codes in found.items()}


def boundaries(code: str, life: Life | None = None) -> str:
    """The one unit of 2025 whose territory this code's is a part of all the time since 2008; empty where there is none.

    Units that exchanged territory with others that stand still have none: nobody knows the shares.
    """
    code = life.code if life else code
    if code not in _areas():
        return code if code.isdecimal() and len(code) == 6 else ""
    standing = _standing().get(_areas()[code], ())
    return standing[0] if len(standing) == 1 else ""
