"""China as equal squares, one a province: what a square says is its number, never its size. Numbers in, SVG out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from markupsafe import Markup

from archive.csvs import packaged
from web.drawing.charts import short

SIDE, GAP = 64, 4
CLASSES = 5
"""So many shades; each holds as many provinces as the others, as far as that can be."""


class Place(NamedTuple):
    """Where a province stands in the map and what it is called."""

    column: int
    row: int
    zh: str
    en: str


@cache
def places() -> dict[str, Place]:
    """The provinces by their codes."""
    found = packaged("provinces.csv", "web")
    return {r["code"]: Place(int(r["column"]), int(r["row"]), r["zh"], r["en"]) for r in found}


def name(code: str, lang: str, otherwise: str = "") -> str:
    """The short name of a province in one language; `otherwise` (or its code) when the map has no such one."""
    place = places().get(code)
    return getattr(place, lang) if place else otherwise or code


def breaks(values: Sequence[float]) -> list[float]:
    """The lowest number of each shade but the first: quantiles of the numbers above 0."""
    known = sorted(value for value in values if value > 0)
    if not known:
        return []
    cuts = [known[len(known) * place // CLASSES] for place in range(1, CLASSES)]
    return sorted({cut for cut in cuts if cut > known[0]})


def shade(value: float | None, cuts: Sequence[float]) -> str:
    """The class of a square: `none` without a number, `zero`, or `q0` (lowest) to `q4`."""
    if value is None:
        return "none"
    return "zero" if value == 0 else f"q{sum(value >= cut for cut in cuts)}"


def tiles(
    values: Mapping[str, float | None],
    cuts: Sequence[float],
    label: str,
    lang: str,
    link: Callable[[str], str],
) -> Markup:
    """The map: `values` by province code; codes that the map does not know stand in its empty corner."""
    parts = [
        Markup(
            '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse"'
            ' patternTransform="rotate(45)"><line class="hatch" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>'
        )
    ]
    extra = [code for code in sorted(values) if code not in places()]
    spots = {code: (place.column, place.row) for code, place in places().items()}
    spots |= {code: (1 + nth % 3, nth // 3) for nth, code in enumerate(extra[:6])}
    for code, (column, row) in sorted(spots.items()):
        tile = _tile(column, row, name(code, lang), values.get(code), shade(values.get(code), cuts), lang)
        parts.append(
            Markup('<a href="{}">{}</a>').format(link(code), tile) if values.get(code) is not None else tile
        )
    frame = Markup('<svg class="tiles" viewBox="{} 0 {} {}" role="group" aria-label="{}">{}</svg>')
    step = SIDE + GAP
    return frame.format(step - GAP, 7 * step + GAP, 8 * step, label, Markup().join(parts))


def _tile(column: int, row: int, named: str, value: float | None, kind: str, lang: str) -> Markup:
    x, y = column * (SIDE + GAP), row * (SIDE + GAP)
    shape = Markup('<rect class="{0}" x="{1}" y="{2}" width="{3}" height="{3}" rx="4"/>').format(
        kind, x, y, SIDE
    )
    size = "tiny" if len(named) > 9 else "middle" if len(named) > 6 else "name"
    texts = Markup('<text class="{} {}" x="{}" y="{}">{}</text>').format(
        size, kind, x + SIDE / 2, y + 25, named
    )
    told = "—" if value is None else short(round(value, 1), lang)
    texts += Markup('<text class="number {}" x="{}" y="{}">{}</text>').format(
        kind, x + SIDE / 2, y + 47, told
    )
    return shape + texts


def small(values: Mapping[str, float | None], cuts: Sequence[float], label: str) -> Markup:
    """The same map without words, to stand beside others."""
    spots = [(place.column - 1, place.row, shade(values.get(code), cuts)) for code, place in places().items()]
    shapes = [
        Markup('<rect class="{}" x="{}" y="{}" width="11" height="11"/>').format(kind, column * 13, row * 13)
        for column, row, kind in spots
    ]
    frame = Markup('<svg class="tiles small" viewBox="0 0 90 104" role="img" aria-label="{}">{}</svg>')
    return frame.format(label, Markup().join(shapes))
