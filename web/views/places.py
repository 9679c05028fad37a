"""The pages of a division and of the map: what is held where, and how an indicator stands in each province."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from datasette.utils.asgi import Request

from archive.publication.indicators import Indicator, indicator, indicators
from web.data import standings, sums, tree
from web.data.filtering import Chosen
from web.data.queries import Facts
from web.drawing import tiles
from web.respond import Page, View, page, query, whole
from web.saying import speech, words
from web.saying.missing import Missing
from web.views import downloads

SHOWN = 8
MEASURES = ("median", "total", "reports")
"""What a square of the map may say of the reports of one province."""
MINIATURES = 8
"""So many years stand as small maps below the large one."""


def division(out: Path) -> View:
    """The page of a division of the publication in `out`."""

    @page
    def respond(conn: sqlite3.Connection, request: Request) -> Page:
        return _division(conn, request, out)

    return respond


def _division(conn: sqlite3.Connection, request: Request, out: Path) -> Page:
    """A division: what is held of its bodies by year, the divisions below, its bodies, its rows, what changed last."""
    code = request.url_vars["id"]
    facts = tree.division(conn, code)
    if facts is None:
        raise Missing("error.division")
    chosen = {name: request.args.get(name) or "" for name in ("state", "kind")}
    chosen["year"] = str(whole(request, "year") or "")
    current = max(whole(request, "page") or 1, 1)
    below = tree.children(conn, code)
    years, covered = tree.coverage_rows(conn, [*below, {"code": code, "name": facts["name"]}])
    facts |= {
        **chosen,
        "page": current,
        **tree.bodies(conn, code, chosen, current),
        "coverage": dict(zip(years, (cell["states"] for cell in covered[-1]["cells"]), strict=True)),
        "children": below,
        "changes": tree.changes(conn, code, SHOWN),
    }
    kind = chosen["kind"] if chosen["kind"] in tree.KINDS else ""
    offered = Chosen(int(chosen["year"]) if chosen["year"] else None, code, kind)
    more = {"grid": covered, "grid_years": years, "kinds": tree.KINDS, "state_chosen": chosen["state"]}
    return "division.html", facts, {**more, "tables": downloads.tables(out, offered) if covered else []}


@page
def china(conn: sqlite3.Connection, request: Request) -> Page:
    """The map: one indicator of one year, for one class of reports, province by province."""
    t = speech.speech(request)
    shown, years = _indicator(request), standings.years(conn)
    year = whole(request, "year") or _newest(conn, shown, years)
    classes = standings.classes(conn, shown.name, year)
    which = _class(request, classes)
    measure = request.args.get("show") or MEASURES[0]
    if measure not in MEASURES:
        raise Missing("error.show", known=" ".join(MEASURES))
    stands = standings.by_province(conn, shown.name, year, which) if which else {}
    values = {code: row[measure] for code, row in stands.items()}
    cuts = tiles.breaks(list(values.values()))
    facts: Facts = {
        "indicator": shown.name,
        "unit": shown.unit,
        "year": year,
        "show": measure,
        "class": which,
        "provinces": list(stands.values()),
        "share_held": sums.by_province(conn, year),
    }
    names = {row["code"]: row["name"] for row in tree.provinces(conn)}
    drawn = tiles.tiles(values, cuts, t("map.label"), t.lang, lambda code: f"/division/{code}?year={year}")
    more = {
        "map": drawn, "cuts": cuts, "years": years, "classes": classes, "indicators": indicators(), "shown": shown,
        "measures": MEASURES, "names": {code: tiles.name(code, t.lang, names.get(code, "")) for code in values},
        "smallest": min((v for v in values.values() if v > 0), default=0), "largest": max(values.values(), default=0),
        "small": _miniatures(conn, t, shown, years, which, measure),
    }  # fmt: skip
    return "map.html", facts, more


def _indicator(request: Request) -> Indicator:
    found = indicator(request.args.get("code") or indicators()[0].name)
    if found is None:
        raise Missing("error.indicator")
    return found


def _newest(conn: sqlite3.Connection, shown: Indicator, years: list[int]) -> int:
    """The newest year in which any report has a number for the indicator."""
    return next(
        (year for year in years if standings.classes(conn, shown.name, year)), years[0] if years else 0
    )


def _class(request: Request, classes: list[Facts]) -> Facts | None:
    """The class of reports that is asked for, `level.kind.scope`; else the one with the most reports."""
    wanted = request.args.get("of") or ""
    if not wanted:
        return classes[0] if classes else None
    parts = wanted.split(".")
    known = (("centre", "province", "city", "county"), tree.KINDS, words.SCOPES)
    if len(parts) != len(known) or any(part not in names for part, names in zip(parts, known, strict=True)):
        raise Missing("error.class")
    asked = dict(zip(("level", "kind", "scope"), parts, strict=True))
    empty = {**asked, "reports": 0, "provinces": 0}
    return next((each for each in classes if all(each[k] == v for k, v in asked.items())), empty)


def _miniatures(
    conn: sqlite3.Connection,
    t: speech.Speech,
    shown: Indicator,
    years: list[int],
    which: Facts | None,
    measure: str,
) -> list[Facts]:
    """The same map for each of the newest years, oldest first, in the shades of all of them together."""
    if which is None:
        return []
    found = {
        year: {
            code: row[measure] for code, row in standings.by_province(conn, shown.name, year, which).items()
        }
        for year in sorted(years[:MINIATURES])
    }
    cuts = tiles.breaks([value for values in found.values() for value in values.values()])
    of = f"{which['level']}.{which['kind']}.{which['scope']}"
    return [
        {
            "year": year,
            "map": tiles.small(values, cuts, t("map.small", year=year, number=len(values))),
            "link": query("/map", code=shown.name, year=year, of=of, show=measure),
        }
        for year, values in found.items()
    ]
