"""The area report of a government sums up its bodies and the areas below it, whether or not they published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from sample.figures import Figures
from sample.places import Body, Kind, Site

PLACES = 6
"""Decimals of amounts in 10,000 yuan."""


@dataclass(frozen=True)
class Drawn:
    """A body with its figures by year, and the generator that goes on to draw what its reports look like."""

    body: Body
    random: Random
    figures: dict[int, Figures]


def areas_sum_up(drawn: Mapping[Site, Sequence[Drawn]]) -> None:
    """Give each government the sums over what is below it, from the counties upwards; alone it keeps its own."""
    governments = [each for bodies in drawn.values() for each in bodies if each.body.kind is Kind.GOVERNMENT]
    for government in sorted(governments, key=lambda each: each.body.level == "city"):
        own = (each for bodies in drawn.values() for each in bodies if _is_part(each.body, government.body))
        areas = (each for each in governments if _is_below(each.body, government.body))
        parts = [*own, *areas]
        for year, figures in government.figures.items():
            if parts:
                figures.update(_sums(figures, [part.figures[year] for part in parts]))


def _is_part(body: Body, government: Body) -> bool:
    return body.kind is not Kind.GOVERNMENT and body.division == government.division


def _is_below(area: Body, government: Body) -> bool:
    within = government.division.removesuffix("00")
    return area.division != government.division and area.division.startswith(within)


def _sums(codes: Iterable[str], parts: Sequence[Figures]) -> Figures:
    """The sums by code; a cell that all parts leave blank is blank."""
    return {code: _sum([part[code] for part in parts]) for code in codes}


def _sum(values: Sequence[int | float | None]) -> int | float | None:
    printed = [value for value in values if value is not None]
    if not printed:
        return None
    total = round(sum(printed), PLACES)
    return int(total) if total == int(total) else total
