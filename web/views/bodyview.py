"""What the page of a body draws of its indicators: charts over the years, its place among its peers."""

from __future__ import annotations

import sqlite3

from archive.publication.indicators import indicator, indicators
from web.data import standings
from web.data.queries import Facts
from web.drawing import charts
from web.drawing.charts import Series
from web.saying.speech import Speech

Own = dict[str, dict[int, float | None]]
"""indicator -> year -> value; None where a report has no number."""

OUTCOMES = ("granted", "partial", "denied", "unable", "refused", "otherwise")
"""The parts of the requests concluded: all of them, so that bars and table tell the same."""
DISPUTES = ("reviews", "suits", "reviews_corrected", "suits_corrected")


def peers(conn: sqlite3.Connection, group: Facts | None, own: Own) -> Facts | None:
    """The newest year in which the body can be compared, and how; None when there is none."""
    if group is None:
        return None
    for year in sorted({year for values in own.values() for year in values}, reverse=True):
        if found := standings.compared(conn, group["id"], year, own):
            kept = ("province", "level", "kind", "scope")
            return {**{name: group[name] for name in kept}, "year": year, "indicators": found}
    return None


def strips(t: Speech, found: Facts | None) -> dict[str, str]:
    """For each indicator a small drawing of the body's place between the lowest and the highest."""
    made: dict[str, str] = {}
    for row in found["indicators"] if found else []:
        numbers = {name: row[name] for name in ("value", "lowest", "median", "highest")}
        label = t("body.range_label", **{name: f"{number:,.4g}" for name, number in numbers.items()})
        made[row["indicator"]] = charts.strip(**numbers, label=label)
    return made


def charts_of(conn: sqlite3.Connection, t: Speech, group: Facts | None, own: Own) -> Facts:
    """The charts, and the same numbers as a table: `table` has a row an indicator that any year has."""
    years = sorted({year for values in own.values() for year in values})
    if group is None or not years:
        return {"charts": [], "table": [], "table_years": []}
    medians = standings.medians(conn, group["id"], "requests_received")
    shown = {year: medians[year] for year in years if year in medians}
    beside = [("s1 gap", t("body.median"))] if shown else []
    drawn = [
        ("requests", _requests(t, own, shown), [*_legend(t, ("requests_received",)), *beside]),
        ("outcomes", _outcomes(t, own), _legend(t, OUTCOMES, boxes=True)),
        ("disputes", _disputes(t, own), _legend(t, DISPUTES)),
    ]
    made = [{"name": name, "chart": chart, "legend": legend} for name, chart, legend in drawn if chart]
    table = [each for each in indicators() if any(value is not None for value in own[each.name].values())]
    return {"charts": made, "table": table, "table_years": years}


def word(t: Speech, name: str) -> str:
    """What an indicator is called."""
    found = indicator(name)
    return t.of((found.zh, found.en)) if found else name


def _legend(t: Speech, names: tuple[str, ...], boxes: bool = False) -> list[tuple[str, str]]:
    return [(name if boxes else f"s{place}", word(t, name)) for place, name in enumerate(names)]


def _requests(t: Speech, own: Own, medians: dict[int, float]) -> str:
    """The body's requests; the median of its peers beside them where it has peers."""
    made = [Series(word(t, "requests_received"), own["requests_received"])]
    if made[0].points:
        made.append(Series(t("body.median"), dict(medians), "s1 gap"))
    return charts.lines(made, t("chart.requests"), t.unit("件"), t.lang)


def _outcomes(t: Speech, own: Own) -> str:
    years = {
        year: {name: value for name in OUTCOMES if (value := own[name].get(year))}
        for year, total in own["requests_concluded"].items()
        if total is not None
    }
    kinds = {name: word(t, name) for name in OUTCOMES}
    return charts.bars(years, kinds, t("chart.outcomes"), t.unit("件"), t.lang) if any(years.values()) else ""


def _disputes(t: Speech, own: Own) -> str:
    made = [Series(word(t, name), own[name], f"s{place}") for place, name in enumerate(DISPUTES)]
    return charts.lines(made, t("chart.disputes"), t.unit("件"), t.lang)
