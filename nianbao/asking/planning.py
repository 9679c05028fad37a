"""`nianbao plan`: how many nights a first harvest, or what is left of it, takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao.front.terminal import say, show_table

if TYPE_CHECKING:
    from crawler.country.planning import Harvest


def plan(db: Path, registry: Path | None, hours: float, delay: float, rate: float) -> list[Harvest]:
    """What is left by province, and at the end of all together."""
    from archive.store import Archive
    from crawler.country.planning import NOTHING, Ask, known
    from crawler.country.planning import plan as planned
    from crawler.registry import load

    found = NOTHING
    if db.exists():
        with Archive.read_only(db) as archive:
            found = known(archive.db, archive.lives())
    return planned(load(registry).sources.values(), found, Ask(hours, delay, rate))


def as_json(found: Sequence[Harvest]) -> list[dict[str, Any]]:
    """One object a province, the last of all together under the division `all`."""
    return [asdict(each) for each in found]


def show(found: Sequence[Harvest], hours: float) -> None:
    """A row a province, and the sentence that a person wants."""
    from archive.divisions import divisions

    names = {**divisions(), "": "中央", "all": "all"}
    columns = (
        "where",
        "sources",
        "lists known",
        "out of reach",
        "requests left",
        "nights",
        "slowest site",
        "its nights",
    )
    rows = [
        (names.get(each.division, each.division), each.sources, each.known, each.out_of_reach, each.requests,
         each.nights, each.slowest, each.slowest_nights)
        for each in found
    ]  # fmt: skip
    show_table("What is left to be asked", columns, rows)
    whole = found[-1]
    say(
        f"{whole.requests} requests are left: {whole.nights} nights of {hours:g} hours, for {whole.slowest_nights} of them"
        f" at one site at most ({whole.slowest}). Of {whole.sources - whole.known - whole.out_of_reach} sources the lists"
        " are not known yet; what they hold is expected from those that are."
    )
