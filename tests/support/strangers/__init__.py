"""The strangers: a second country of sites, a module a family or a way of listing; imported, each adds its sites."""

from __future__ import annotations

from collections.abc import Iterable

from strangers import (
    articles,
    columns,
    forms,
    frames,
    gkmlpt,
    hanweb,
    jpaas,
    links,
    lonsun,
    portals,
    programs,
    provinces,
    scripts,
    trs,
    ucap,
    vsb,
    ways,
)
from strangers.site import PLACES, SITES, Stranger

__all__ = [
    "SITES",
    "Stranger",
    "articles",
    "columns",
    "country",
    "forms",
    "frames",
    "gkmlpt",
    "hanweb",
    "jpaas",
    "links",
    "lonsun",
    "portals",
    "programs",
    "provinces",
    "scripts",
    "trs",
    "ucap",
    "vsb",
    "ways",
]


def country() -> dict[str, Stranger]:
    """Every site, each in a county of its own."""
    return {key: make(place) for (key, make), place in zip(SITES.items(), _places(), strict=False)}


def _places() -> Iterable[str]:
    yield from PLACES
    yield from (f"{one}{two}" for one in PLACES for two in "东西")
