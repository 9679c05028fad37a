"""`/releases`: every release that is kept, what it holds, and the files that its tables are made of."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path

from datasette.utils.asgi import Request, Response

from archive.releases.manifest import Manifest, Unkept, beside, read, releases
from web.behind.addressed import home_of
from web.data.queries import as_of
from web.respond import Page, View, page, part, query, unchanged
from web.saying.missing import Missing, Unclear
from web.saying.references import reference
from web.sending import FileResponse


def listed(out: Path) -> View:
    """The releases of this publication, the newest first."""

    @page
    def shown(conn: sqlite3.Connection, _request: Request) -> Page:
        return "releases.html", {"as_of": as_of(conn), "releases": _names(out)}, {}

    return shown


def release(out: Path) -> View:
    """One release: its tables, with their rows, digests and files, and how to cite it or, with `table`, one of them.

    Raises Missing for a release that is not kept, Unclear for a table that it has not.
    """

    @page
    def shown(_conn: sqlite3.Connection, request: Request) -> Page:
        found = _manifest(out, request.url_vars["name"])
        table = _table(request, found)
        url = home_of(request) + query(f"/releases/{found.name}", table=table)
        cited = reference(found, url, table)
        more = {"table": table, "csl": json.dumps(cited.csl, ensure_ascii=False, indent=1)}
        return "release.html", {**asdict(found), "reference": asdict(cited)}, more

    return shown


def newest(out: Path, request: Request) -> Response:
    """Leads to a table of the newest release, with how to cite it. Raises Missing where none is kept."""
    names = _names(out)
    if not names:
        raise Missing("error.release")
    table = _table(request, _manifest(out, names[0]))
    ending = ".json" if request.url_vars.get("json") else ""
    return Response.redirect(query(f"/releases/{names[0]}{ending}", table=table))


def _table(request: Request, release: Manifest) -> str:
    table = request.args.get("table") or ""
    if table and table not in release.tables:
        raise Unclear("error.no_release_table", name=table, known=" ".join(release.tables))
    return table


def file(out: Path) -> Callable[..., Awaitable[FileResponse | Response]]:
    """A file of a release: whole, or the part of a Range header. Raises Missing for one that its manifest lacks."""

    async def respond(request: Request) -> FileResponse | Response:
        manifest = _manifest(out, request.url_vars["name"])
        digests = {each.name: each.sha256 for table in manifest.tables.values() for each in table.files}
        name = request.url_vars["file"]
        path = beside(out) / manifest.name / name
        if name not in digests or not path.is_file():
            raise Missing("error.release")
        return unchanged(request, digests[name]) or FileResponse(
            path, part(request, digests[name]), digests[name]
        )

    return respond


def _names(out: Path) -> list[str]:
    """The names of the releases; none where the folder keeps those of another publication."""
    names = releases(beside(out))
    try:
        ours = bool(names) and read(beside(out) / names[0]).publication == out.absolute().name
    except Unkept:
        ours = False
    return names if ours else []


def _manifest(out: Path, name: str) -> Manifest:
    try:
        found = read(beside(out) / name)
    except Unkept as error:
        raise Missing("error.release") from error
    if found.publication != out.absolute().name or found.name != name:
        raise Missing("error.release")
    return found
