"""Two small charts as SVG that the style sheet colours: stacked bars and a line. Numbers in, markup out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from markupsafe import Markup

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720, 220, 44, 28, 12


def bars(years: Mapping[int, Mapping[str, int]], kinds: Sequence[str], label: str) -> Markup:
    """Stacked bars, one a year: `years` gives for each year how many of each kind."""
    if not years:
        return Markup()
    most = max(sum(counts.values()) for counts in years.values()) or 1
    span = range(min(years), max(years) + 1)
    step = (WIDTH - LEFT) / len(span)
    parts = [_axis(most)]
    for place, year in enumerate(span):
        parts += _stack(
            years.get(year, {}), kinds, LEFT + step * place + step * 0.2, min(step * 0.6, 60), most, year
        )
    return _svg(parts, label)


def line(points: Mapping[int, float], label: str) -> Markup:
    """A line over the years with a dot and its number a year; years without a number are dashed over."""
    if not points:
        return Markup()
    first, last, most = min(points), max(points), max(points.values()) or 1
    step = (WIDTH - LEFT - 60) / max(last - first, 1)
    at = {year: (LEFT + 30 + step * (year - first), _height(value, most)) for year, value in points.items()}
    parts = [_axis(most)]
    parts += [_stroke(*at[a], *at[b], "series" if b == a + 1 else "gap") for a, b in pairwise(sorted(at))]
    parts += [_dot(*at[year], year, points[year]) for year in sorted(at)]
    return _svg(parts, label)


def _stack(
    counts: Mapping[str, int], kinds: Sequence[str], left: float, width: float, most: float, year: int
) -> list[Markup]:
    parts, below = [], 0
    for kind in kinds:
        if number := counts.get(kind, 0):
            top, foot = _height(below + number, most), _height(below, most)
            parts.append(_rect(left, top, width, foot - top, kind, f"{year} {kind}: {number}"))
            below += number
    middle = left + width / 2
    return [*parts, _text(middle, HEIGHT - 8, year), _text(middle, _height(below, most) - 4, below)]


def _height(value: float, most: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP - 12) * value / most


def _axis(most: float) -> Markup:
    base = HEIGHT - BOTTOM
    return _stroke(LEFT, base, WIDTH, base, "axis") + _stroke(
        LEFT, _height(most, most), WIDTH, _height(most, most), "grid"
    )


def _stroke(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    return Markup('<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>').format(
        kind, x1, y1, x2, y2
    )


def _rect(x: float, y: float, width: float, height: float, kind: str, title: str) -> Markup:
    shape = '<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}</title></rect>'
    return Markup(shape).format(kind, x, y, width, height, title)


def _dot(x: float, y: float, year: int, value: float) -> Markup:
    dot = Markup('<circle class="series" cx="{:.1f}" cy="{:.1f}" r="3.5"><title>{}: {:g}</title></circle>')
    return dot.format(x, y, year, value) + _text(x, HEIGHT - 8, year) + _text(x, y - 8, f"{value:g}")


def _text(x: float, y: float, text: object) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}">{}</text>').format(x, y, text)


def _svg(parts: Sequence[Markup], label: str) -> Markup:
    frame = Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>')
    return frame.format(WIDTH, HEIGHT, label, Markup().join(parts))
