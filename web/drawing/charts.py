"""Charts as SVG that the style sheet colours: lines, stacked bars, a place among peers. Numbers in, markup out.

They run no script. Each carries its label for screen readers; the page has the same numbers as a table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, log10

from markupsafe import Markup

WIDTH, HEIGHT, LEFT, RIGHT, BOTTOM, TOP = 520, 230, 46, 14, 26, 22
FEWEST, GAP, NEAR = 10, 15, 26
"""Up to so many points all bear their number; so far apart must two labels be, in units of the drawing, and the point
of another line be above one that bears its number."""


@dataclass(frozen=True, slots=True)
class Series:
    """A line: its name, its values by year (None: no number), and the class that the style sheet knows."""

    name: str
    values: Mapping[int, float | None]
    kind: str = "s0"

    @property
    def points(self) -> dict[int, float]:
        """The years that have a number."""
        return {year: value for year, value in sorted(self.values.items()) if value is not None}


def lines(series: Sequence[Series], label: str, unit: str = "", lang: str = "zh") -> Markup:
    """Lines over the years; years without a number are dashed over. Empty when nothing has a number."""
    drawn = [each for each in series if each.points]
    if not drawn:
        return Markup()
    first = min(min(each.points) for each in drawn)
    last = max(max(each.points) for each in drawn)
    scale = _Scale(first, last, max(max(each.points.values()) for each in drawn), lang=lang)
    parts = [*_frame(scale, unit), *_years(scale)]
    for each in reversed(drawn):  # the first lies above the others
        parts += _line(each, scale)
    return _svg([*parts, *_numbers(drawn[0], drawn[1:], scale)], label)


def bars(
    years: Mapping[int, Mapping[str, float]],
    kinds: Mapping[str, str],
    label: str,
    unit: str = "",
    lang: str = "zh",
) -> Markup:
    """Stacked bars, one a year: `years` gives for each year how much of each kind, `kinds` their names."""
    if not years:
        return Markup()
    most = max(sum(counts.values()) for counts in years.values())
    scale = _Scale(min(years), max(years), most, lang)
    parts = [*_frame(scale, unit), *_years(scale)]
    for year, counts in sorted(years.items()):
        parts += _stack(counts, kinds, year, scale)
    return _svg(parts, label)


def strip(value: float, lowest: float, median: float, highest: float, label: str) -> Markup:
    """Where a value stands between the lowest and the highest of its peers, with their median as a tick."""
    span = (highest - lowest) or 1.0
    at = {name: 6 + 148 * (number - lowest) / span for name, number in (("value", value), ("median", median))}
    parts = [
        _stroke(6, 9, 154, 9, "axis"),
        _stroke(at["median"], 3, at["median"], 15, "median"),
        Markup('<circle class="dot" cx="{:.1f}" cy="9" r="4.5"/>').format(at["value"]),
    ]
    frame = Markup('<svg class="strip" viewBox="0 0 160 18" role="img" aria-label="{}">{}</svg>')
    return frame.format(label, Markup().join(parts))


@dataclass(frozen=True, slots=True)
class _Scale:
    """From years and numbers to places in the drawing, and the language of its numbers."""

    first: int
    last: int
    most: float
    lang: str = "zh"

    @property
    def top(self) -> float:
        """A round number that nothing exceeds."""
        if self.most <= 0:
            return 1.0
        size = 10.0 ** floor(log10(self.most))
        return next(step * size for step in (1, 2, 4, 6, 8, 10) if step * size >= self.most)

    @property
    def ticks(self) -> tuple[float, ...]:
        """The numbers of the axis: whole ones, unless all are small."""
        half = self.top / 2
        return (0.0, half, self.top) if half == int(half) or self.top < 1 else (0.0, self.top)

    @property
    def step(self) -> float:
        bands = self.last - self.first + 1
        return (WIDTH - LEFT - RIGHT) / bands

    def x(self, year: int) -> float:
        return LEFT + self.step * (year - self.first + 0.5)

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * max(value, 0.0) / self.top


def _frame(scale: _Scale, unit: str) -> list[Markup]:
    parts = []
    for value in scale.ticks:
        y = scale.y(value)
        parts.append(_stroke(LEFT, y, WIDTH - RIGHT, y, "grid" if value else "axis"))
        parts.append(_text(LEFT - 6, y + 4, short(value, scale.lang), "tick"))
    return [*parts, _text(LEFT - 6, 10, unit, "tick")] if unit else parts


def _years(scale: _Scale) -> list[Markup]:
    every = max(1, -int(-34 // scale.step))
    shown = range(scale.last, scale.first - 1, -every)
    return [_text(scale.x(year), HEIGHT - 8, year) for year in shown]


def _line(series: Series, scale: _Scale) -> list[Markup]:
    points = series.points
    at = {year: (scale.x(year), scale.y(value)) for year, value in points.items()}
    parts = [
        _stroke(*at[a], *at[b], f"line {series.kind}" if b == a + 1 else f"line gap {series.kind}")
        for a, b in pairwise(at)
    ]
    for year, (x, y) in at.items():
        told = f"{series.name} {year}: {points[year]:,.10g}"
        dot = Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="3.5"><title>{}</title></circle>')
        parts.append(dot.format(series.kind, x, y, told))
    return parts


def _numbers(series: Series, others: Sequence[Series], scale: _Scale) -> list[Markup]:
    """The numbers above the points of a line, but for those where the point of another would lie under them."""
    parts = []
    for year in _numbered(series.points):
        y = scale.y(series.points[year])
        above = [y - scale.y(each.points[year]) for each in others if year in each.points]
        if not any(0 < distance < NEAR for distance in above):
            parts.append(_text(scale.x(year), y - 8, short(series.points[year], scale.lang)))
    return parts


def _numbered(points: Mapping[int, float]) -> list[int]:
    """The years whose number is printed: all of a few, else the highest, the first and the last."""
    if len(points) <= FEWEST:
        return list(points)
    highest = max(points, key=lambda year: points[year])
    return sorted({min(points), highest, max(points)})


def _stack(counts: Mapping[str, float], kinds: Mapping[str, str], year: int, scale: _Scale) -> list[Markup]:
    parts: list[Markup] = []
    below, width = 0.0, min(scale.step * 0.62, 46)
    for kind, name in kinds.items():
        if number := counts.get(kind, 0):
            top, foot = scale.y(below + number), scale.y(below)
            shape = Markup(
                '<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}</title></rect>'
            )
            told = f"{year} {name}: {number:,.10g}"
            parts.append(
                shape.format(kind, scale.x(year) - width / 2, top, width, max(foot - top, 0.5), told)
            )
            below += number
    return (
        [*parts, _text(scale.x(year), scale.y(below) - 4, short(below, scale.lang))]
        if scale.step >= GAP
        else parts
    )


SIZES = {
    "zh": ((100_000_000, "亿"), (100_000, "万")),
    "en": ((1_000_000_000, "bn"), (1_000_000, "m"), (100_000, "k")),
}
ONE = {"亿": 100_000_000, "万": 10_000, "bn": 1_000_000_000, "m": 1_000_000, "k": 1000}


def short(value: float, lang: str = "zh") -> str:
    """A number that fits a chart: 12, 1,234, 12.5; 35万 and 1.2亿, or 350k and 120m."""
    for least, name in SIZES[lang]:
        if abs(value) >= least:
            return f"{value / ONE[name]:,.4g}{name}"
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:.3g}"


def _stroke(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    return Markup('<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>').format(
        kind, x1, y1, x2, y2
    )


def _text(x: float, y: float, text: object, kind: str = "") -> Markup:
    named = Markup(' class="{}"').format(kind) if kind else Markup()
    return Markup('<text{} x="{:.1f}" y="{:.1f}">{}</text>').format(named, x, y, text)


def _svg(parts: Sequence[Markup], label: str) -> Markup:
    frame = Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>')
    return frame.format(WIDTH, HEIGHT, label, Markup().join(parts))
