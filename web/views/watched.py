"""`/late`, `/changed`, `/contradicted`: by province and year, the newest or the gravest first; each as an Atom feed."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive.publication.watch import List
from parsers.findings import FindingKind
from web.behind.addressed import home_of
from web.data import queries, tree, watched
from web.data.queries import Facts
from web.respond import NAME, Page, View, number, page, query, whole
from web.saying.missing import Unclear
from web.saying.speech import Speech, speech
from web.views import feed

ENTRIES = 50


def listing(name: List) -> View:
    """The page of a list."""

    @page
    def respond(conn: sqlite3.Connection, request: Request) -> Page:
        return _page(conn, request, name)

    return respond


def _page(conn: sqlite3.Connection, request: Request, name: List) -> Page:
    """The rows that were chosen, and how many there are by kind, province and year."""
    counted, chosen, order = _chosen(conn, request, name)
    current = max(whole(request, "page") or 1, 1)
    found = watched.listed(conn, name, chosen, order, current)
    facts = {"list": name.value, **chosen, "sort": order, "page": current, **found}
    for row in facts["rows"]:
        row["due"] = due(row) if name is List.LATE else None
    places = {row["code"]: row for row in tree.provinces(conn)}
    names = {
        each["value"]: places.get(each["value"], _unnamed(each["value"])) for each in counted["province"]
    }
    t = speech(request)
    more = {
        "counted": counted,
        "chosen": chosen,
        "said": lambda row: said(t, name, row),
        "names": names,
        "orders": tuple(watched.ORDERS),
        "feed_url": query(f"/{name}.atom", **chosen),
        "by_place": _grid(watched.by_place(conn, name)),
        "as_of": queries.as_of(conn),
    }
    return "watched.html", facts, more


def _unnamed(code: str) -> Facts:
    return {"code": code, "name": ""}


def _grid(found: list[Facts]) -> Facts:
    """Numbers by province and year: `years` newest first, `rows` by code, each with a number for each year."""
    years = sorted({row["year"] for row in found}, reverse=True)
    cells: dict[str, dict[int, int]] = defaultdict(dict)
    for row in found:
        cells[row["province"]][row["year"]] = row["number"]
    made = [(code, [each.get(year, 0) for year in years]) for code, each in sorted(cells.items())]
    return {"years": years, "rows": made}


def due(row: Facts) -> str:
    """The day on which a report that is late was due."""
    return (date.fromisoformat(row["day"]) - timedelta(row["amount"])).isoformat()


def _chosen(
    conn: sqlite3.Connection, request: Request, name: List
) -> tuple[dict[str, list[Facts]], Facts, str]:
    """The counts by each filter, what is chosen, and the order. Raises Unclear for what this list does not have."""
    chosen = {each: request.args.get(each) or "" for each in watched.FILTERS}
    chosen["year"] = whole(request, "year") or ""
    everything = watched.counts(conn, name, dict.fromkeys(watched.FILTERS, ""))
    for each, value in chosen.items():
        known = [row["value"] for row in everything[each]]
        if value and known and value not in known:
            raise Unclear("error.no_choice", name=each, value=value, known=" ".join(map(str, sorted(known))))
    order = request.args.get("sort") or next(iter(watched.ORDERS))
    if order not in watched.ORDERS:
        raise Unclear("error.no_choice", name="sort", value=order, known=" ".join(watched.ORDERS))
    return watched.counts(conn, name, chosen), chosen, order


# --- the feed ---


def atom(name: List) -> Any:
    """The newest rows of a list as Atom; `?kind=`, `?province=` and `?year=` narrow it as they do the page."""

    async def respond(datasette: Datasette, request: Request) -> Response:
        def work(conn: sqlite3.Connection) -> Facts:
            _counted, chosen, _order = _chosen(conn, request, name)
            found = watched.listed(conn, name, chosen, "newest", limit=ENTRIES)
            return {**found, "chosen": chosen, "as_of": queries.as_of(conn)}

        facts = await datasette.get_database(NAME).execute_fn(work)
        home, t = home_of(request), speech(request)
        entries = [_entry(t, home, name, row) for row in facts["rows"]]
        return feed.atom(
            t,
            key=query(str(name), **facts["chosen"]),
            title=t(f"{name}.title"),
            me=home + query(f"/{name}.atom", **facts["chosen"]),
            page=home + query(f"/{name}", **facts["chosen"]),
            as_of=facts["as_of"],
            entries=entries,
        )

    return respond


def _entry(t: Speech, home: str, name: List, row: Facts) -> Facts:
    words = {"late": "COVERAGE", "changed": "CLASSES"}.get(name)
    kind = t.member(words, row["kind"]) if words else t.kind(row["kind"])
    report = query(f"/report/{row['report_id']}", version=row["version"])
    return {
        "id": feed.identifier(row["id"]),
        "title": f"{kind}: {row['body']} {t('year', year=row['year'])}",
        "at": row["day"],
        "link": home + (report if row["report_id"] else f"/body/{row['body_id']}"),
        "kind": row["kind"],
        "summary": f"{said(t, name, row)} {home}/capture/{row['capture']}",
    }


def said(t: Speech, name: List, row: Facts) -> str:
    """What a row says, in one sentence."""
    amount = int(row["amount"] or 0)
    if name is List.CONTRADICTED:
        message = _sums(t, row) or t.of((row["message_zh"] or "", row["message"] or ""))
        return message if amount < 2 else f"{message} {t('contradicted.more', number=amount)}"
    values = {"day": row["day"], "number": number(amount), "version": row["version"]}
    if name is List.LATE:
        values["due"] = due(row)
    key = f"{name}.{row['kind'].replace(' ', '_')}"
    return t(f"{key}.some" if name is List.CHANGED and amount else key, **values)


def _sums(t: Speech, row: Facts) -> str:
    """For a sum that fails, what it says and what is printed on both sides; empty for all else."""
    values = row["values"]
    if row["kind"] != FindingKind.IDENTITY_FAILS or not values.get("left"):
        return ""
    sides = (number(values[side]["total"]) for side in ("left", "right"))
    return f"{t.identity(values['identity'])}: {' ≠ '.join(sides)}"
