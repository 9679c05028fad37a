"""The pages at their lasting addresses, each also as JSON under `.json`; made in one worker thread."""

from __future__ import annotations

import csv
import re
import sqlite3
from dataclasses import asdict
from io import StringIO

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from datasette.views.base import DatasetteError

from archive import search as searching
from archive.csvs import safe
from archive.derived import comparing, completeness
from archive.marking import is_place
from archive.publication.indicators import indicators
from archive.warcs.keys import stamp_of
from web import files
from web.behind.addressed import home_of
from web.behind.apart import BUSY, Busy, mark_of
from web.data import queries, standings, sums, tree
from web.data.mementos import Memento, one
from web.data.queries import Facts
from web.drawing import picture
from web.respond import NAME, Page, page, whole
from web.saying import speech
from web.saying.missing import Missing
from web.showing import Kind, Shown, Spot, showing
from web.views import bodyview, mementos, view

SHOWN = 8
"""So many changes and findings stand on a page that has a link to all."""


@page
def home(conn: sqlite3.Connection, _request: Request) -> Page:
    """What is here: how much, of which provinces and years, what the last night brought, what stands out."""
    facts, behind = queries.home(conn), completeness.behind(conn)
    provinces = [each for each in tree.provinces(conn) if each["covered"]]
    years, covered = tree.coverage_rows(conn, [*provinces, {"code": tree.COUNTRY, "name": ""}])
    facts |= {
        "coverage": {
            row["code"]: dict(zip(years, (c["states"] for c in row["cells"]), strict=True)) for row in covered
        },
        "changes": tree.changes(conn, tree.COUNTRY, SHOWN),
        "last_night": next(iter(tree.nights(conn)), None),
        "behind": asdict(behind) if behind else None,
    }
    absent = [each for each in tree.provinces(conn) if not each["covered"]]
    return "home.html", facts, {"grid_years": years, "grid": covered, "absent": absent}


@page
def body(conn: sqlite3.Connection, request: Request) -> Page:
    """A body: its years, its indicators over time, its findings, its place among its peers."""
    body_id = request.url_vars["id"]
    facts = queries.body(conn, body_id)
    if facts is None:
        raise Missing("error.body")
    groups = standings.peers(conn, body_id)
    group = next(
        (g for g in groups if g["scope"] == request.args.get("scope")), groups[0] if groups else None
    )
    own = standings.values(conn, body_id, group["scope"]) if group else {}
    facts["sums"] = sums.of_body(conn, body_id)
    facts["path"] = tree.path(conn, queries.division_of(conn, body_id))
    facts["scope"] = group["scope"] if group else ""
    facts["indicators"] = own
    facts["peers"] = bodyview.peers(conn, group, own)
    facts |= {"findings": queries.findings(conn, {"body": body_id}, limit=SHOWN)}
    t = speech.speech(request)
    more = {"groups": groups, "named": {each.name: each for each in indicators()}}
    strips = bodyview.strips(t, facts["peers"])
    return "body.html", facts, {**bodyview.charts_of(conn, t, group, own), **more, "strips": strips}


@page
def report(conn: sqlite3.Connection, request: Request) -> Page:
    """A report: the statutory tables as printed, with proof marks, findings, prose and versions."""
    facts = report_of(conn, request, version_of(conn, request))
    facts["path"] = tree.path(conn, queries.division_of(conn, facts["body_id"]))
    more = view.report(facts, queries.codebook(conn))
    return (
        "report.html",
        facts,
        {**more, "framed": queries.shown_as(conn, facts["sha256"]), "address": _address(request, facts)},
    )


def _address(request: Request, facts: Facts) -> str:
    """The lasting address of the version that is shown."""
    return f"{home_of(request)}/report/{facts['report_id']}?version={facts['version_id']}"


def version_of(conn: sqlite3.Connection, request: Request) -> int | None:
    """The version that is asked for; None: the latest.

    By its id, which stays; by its number, which moves when an older version is met later; or by a day on which it was
    the newest one.
    """
    day, given = request.args.get("as_of") or "", request.args.get("version") or ""
    if not day and re.fullmatch(r"[0-9a-f]{16}", given):
        number = queries.number_of(conn, request.url_vars["id"], given)
        if number is None:
            raise Missing("error.version", number=given)
        return number
    if not day:
        return whole(request, "version")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", day):
        raise Missing("error.day")
    found = queries.version_at(conn, request.url_vars["id"], day)
    if found is None:
        raise Missing("error.not_yet", day=day)
    return found


def report_csv(conn: sqlite3.Connection, request: Request) -> str:
    """The figures of one version as CSV, safe to open in a spreadsheet."""
    facts = report_of(conn, request, version_of(conn, request))
    labels = view.label_of(queries.codebook(conn), facts["generations"])
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("code", "label", "value", "state", "raw", "unit", "proof", "suggested", "place"))
    for figure in facts["figures"]:
        code, *rest = figure.values()
        writer.writerow([safe(cell) for cell in (code, labels.get(code, ""), *rest)])
    return text.getvalue()


async def report_file(datasette: Datasette, request: Request) -> Response:
    """One report's figures to download."""
    text = await datasette.get_database(NAME).execute_fn(lambda conn: report_csv(conn, request))
    name = re.sub(r"[^0-9A-Za-z_-]", "_", request.url_vars["id"])
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(text, headers=headers, content_type="text/csv; charset=utf-8")


@page
def diff(conn: sqlite3.Connection, request: Request) -> Page:
    """What differs between two versions of a report; by default the last two."""
    new = report_of(conn, request, whole(request, "to"))
    old = report_of(conn, request, whole(request, "from") or max(new["version"] - 1, 1))
    contents = [comparing.content_of(conn, version["version_id"]) for version in (old, new)]
    found = comparing.compare(*contents)
    names = ("report_id", "body_id", "body", "year", "title", "versions")
    numbers = {"from": old["version"], "to": new["version"]}
    facts = {**{n: new[n] for n in names}, **numbers, **found.as_json()}
    return "diff.html", facts, {"old": old, "new": new, "broken": view.broken(contents[1])}


def report_of(conn: sqlite3.Connection, request: Request, version: int | None) -> Facts:
    """The version of the report that the address names; the latest for None. Raises Missing."""
    report_id = request.url_vars["id"]
    if found := queries.report(conn, report_id, version):
        return found
    if version is not None and queries.report(conn, report_id):
        raise Missing("error.version", number=version)
    raise Missing("error.report")


@page
def findings(conn: sqlite3.Connection, request: Request) -> Page:
    """Findings by kind and year."""
    chosen = {name: request.args.get(name) or "" for name in queries.FILTERS}
    chosen["year"] = str(whole(request, "year") or "")
    current = max(whole(request, "page") or 1, 1)
    facts = {**chosen, "page": current, **queries.findings(conn, chosen, current)}
    more = {"names": tree.provinces(conn), "named": queries.name_of(conn, chosen["body"])}
    return "findings.html", facts, {**queries.finding_counts(conn, chosen), **more}


@page
def search(conn: sqlite3.Connection, request: Request) -> Page:
    """Bodies and reports that fit what was typed, ranked, with what was asked for marked."""
    number, start = max(whole(request, "page") or 1, 1), whole(request, "start") or 0
    return "search.html", searching.find(conn, request.args.get("q") or "", number, start), {"start": start}


@page
def capture(conn: sqlite3.Connection, request: Request) -> Page:
    """Facts about a kept source: only its JSON is made here, its bytes come from `source`."""
    found = _capture(conn, request)
    return "", {name: value for name, value in found.items() if name != "data"}, {}


def _capture(conn: sqlite3.Connection, request: Request) -> Facts:
    found = queries.capture(conn, request.url_vars["id"].lower())
    if found is None:
        raise Missing("error.capture")
    return found


async def source(datasette: Datasette, request: Request) -> Response:
    """The kept bytes themselves, or what is known of them under `.json`."""
    if request.url_vars.get("json"):
        return await capture(datasette, request)
    place, alone = request.args.get("place") or "", request.args.get("part") == "table"
    if is_place(place):
        shown = await _shown(datasette, request, place, Kind.TABLE if alone else Kind.PAGE)
        if shown.data is not None:
            return files.copy(shown.data)
        if shown.given_up or (alone and shown.readable):
            return files.unmarked(shown.given_up)
    found, seen = await datasette.get_database(NAME).execute_fn(lambda conn: _seen(conn, request))
    if alone and files.shown_type(found):
        return files.unmarked(given_up=False)
    answer = files.kept(found)
    answer.headers.update(mementos.headers(request, seen) if seen else {})
    return answer


def _seen(conn: sqlite3.Connection, request: Request) -> tuple[Facts, Memento | None]:
    """A kept source as its address was seen at a moment (`?url=`, `?at=`): when it was first seen without them."""
    found = _capture(conn, request)
    url, at = request.args.get("url") or "", request.args.get("at") or ""
    if not url and not at:
        return found, one(conn, found["sha256"], found["url"], stamp_of(found["first_seen"]))
    seen = one(conn, found["sha256"], url, at)
    if seen is None:
        raise Missing("error.memento")
    return found, seen


async def source_picture(datasette: Datasette, request: Request) -> Response:
    """The part of a kept PDF around a place, as a picture with the cell marked."""
    place = request.args.get("place") or ""
    if not picture.drawable(place):
        raise Missing("error.place")
    drawn = (await _shown(datasette, request, place, Kind.PICTURE)).data
    if drawn is None or not drawn.startswith(b"\x89PNG"):
        raise Missing("error.undrawn")
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(drawn, headers=headers, content_type="image/png")


async def _shown(datasette: Datasette, request: Request, place: str, kind: Kind) -> Shown:
    """A place in a kept source; DatasetteError (503) when too many are looked up already."""
    path = datasette.get_database(NAME).path
    spot = Spot(path, mark_of(path), request.url_vars["id"].lower(), place, kind)
    try:
        return await showing().shown(spot)
    except Busy:
        raise DatasetteError(BUSY, status=503) from None
