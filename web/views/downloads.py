"""The download files: their list, and each of them whole, in part, or narrowed to some of its rows."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive.divisions import CENTRE
from web import files
from web.behind.addressed import home_of
from web.data import filtering, queries, tree
from web.data.filtering import Chosen, Shape
from web.data.queries import Facts
from web.respond import NAME, Page, View, page, part, query, unchanged, whole
from web.saying.missing import Missing, Unclear
from web.sending import FileResponse, RowsResponse, TableResponse, of_year, years_of
from web.views.dataset import described

FILTERS = ("year", "division", "kind")
Sent = FileResponse | TableResponse | RowsResponse


def listed(out: Path) -> View:
    """The list of the files that may be downloaded; with filters, their links have them too."""

    @page
    def respond(conn: sqlite3.Connection, request: Request) -> Page:
        as_of = queries.as_of(conn)
        found = files.offers(out)
        offers = [{"name": o.name, "size": o.size, "sha256": o.sha256} for o in found]
        chosen = _chosen(conn, request, out, (*tree.KINDS, *sorted(filtering.OF_FINDING)))
        more = {
            "years": years_of(out),
            "dataset": described(conn, found, home_of(request), as_of, years_of(out)),
            "provinces": tree.provinces(conn),
            "kinds": tree.KINDS,
            "narrowed": {o["name"]: narrowed(out / str(o["name"]), chosen) for o in offers},
        }
        return "downloads.html", {"as_of": as_of, "files": offers, **_given(chosen)}, more

    return respond


def tables(out: Path, chosen: Chosen) -> list[Facts]:
    """The tables that can be narrowed to a division, each with the addresses of its files."""
    made: dict[str, list[Facts]] = {}
    for offer in files.offers(out):
        if chosen.division in (href := narrowed(out / offer.name, chosen)) and href:
            made.setdefault(_stem(out / offer.name), []).append({"name": offer.name, "href": href})
    return [{"name": name, "files": found} for name, found in made.items()]


def narrowed(path: Path, chosen: Chosen) -> str:
    """The address of a table with those of the filters that it takes; empty for a file that takes none of them."""
    taken = filtering.filters_of(_parquet(path)) if _is_table(path) else ()
    given = {name: value for name, value in _given(chosen).items() if value and name in taken}
    return query(f"/downloads/{path.name}", **given) if given else ""


def _given(chosen: Chosen) -> Facts:
    return {"year": str(chosen.year or ""), "division": chosen.division, "kind": chosen.kind}


def file(out: Path) -> Callable[..., Awaitable[Sent | Response]]:
    """One of the files: whole, the part of a Range header, or the rows of `year`, `division` and `kind`.

    `bom` puts the mark of Excel before a CSV. Raises Missing for another file, Unclear for what a file does not take.
    """

    async def respond(datasette: Datasette, request: Request) -> Sent | Response:
        digests = {offer.name: offer.sha256 for offer in files.offers(out)}
        path = out / request.url_vars["name"]
        if path.name not in digests:
            raise Missing("error.download")
        _checked(request, path)
        kinds = (*tree.KINDS, *sorted(filtering.OF_FINDING if _stem(path) == filtering.FINDINGS else ()))
        chosen = await datasette.get_database(NAME).execute_fn(
            lambda conn: _chosen(conn, request, out, kinds)
        )
        sent = _sent(path, chosen, request, digests)
        return unchanged(request, sent.etag) or sent

    return respond


def _sent(path: Path, chosen: Chosen, request: Request, digests: dict[str, str]) -> Sent:
    bom = request.args.get("bom") == "1"
    database, parquet = path.with_name(f"{NAME}.db"), _parquet(path)
    about = [digests.get(each.name) for each in (path, parquet, database)]
    tag = hashlib.sha256(repr([*about, *_given(chosen).values(), path.name, bom]).encode()).hexdigest()
    if chosen == Chosen(chosen.year) and (bom or chosen) and ".csv" in path.suffixes:
        # The rows of a year stand together: nothing has to be looked for.
        spans = [(0, path.stat().st_size)] if chosen.year is None else of_year(path, chosen.year)
        if spans is not None:
            return TableResponse(path, spans, bom, tag)
    if not chosen:
        return FileResponse(path, part(request, digests[path.name]), digests[path.name])
    make = partial(filtering.pieces, parquet, database, chosen, Shape(path.name.partition(".")[2]), bom)
    return RowsResponse(path.name, make, tag)


def _checked(request: Request, path: Path) -> None:
    """Unclear for a parameter that the file does not take, or one that is given twice."""
    known = [*filtering.filters_of(_parquet(path))] if _is_table(path) else []
    known += ["bom"] if ".csv" in path.suffixes else []
    for name in request.args:
        if name != "lang" and name not in known:
            key = "error.no_filter" if known else "error.no_table"
            raise Unclear(key, name=name, known=" ".join(known))
        if len(request.args.getlist(name)) > 1:
            raise Unclear("error.twice", name=name)
    if request.args.get("bom", "1") not in ("1", ""):
        raise Unclear("error.only_one", name="bom")


def _chosen(conn: sqlite3.Connection, request: Request, out: Path, kinds: tuple[str, ...]) -> Chosen:
    """What an address narrows to; Unclear for a year, a division or a kind that the release does not know."""
    try:
        year = whole(request, "year")
    except Missing as error:
        raise Unclear(error.key, **error.values) from None
    years = years_of(out)
    if year is not None and year not in years:
        raise Unclear("error.no_such_year", year=year, known=" ".join(map(str, years)))
    division, kind = (request.args.get(name) or "" for name in ("division", "kind"))
    if division not in ("", CENTRE) and tree.division(conn, division) is None:
        raise Unclear("error.no_such_division", code=division)
    if kind and kind not in kinds:
        raise Unclear("error.no_such_kind", kind=kind, known=" ".join(kinds))
    return Chosen(year, division, kind)


def _is_table(path: Path) -> bool:
    return _parquet(path).is_file() and path.name.partition(".")[2] in set(Shape)


def _parquet(path: Path) -> Path:
    """The Parquet file of a table."""
    return path.with_name(f"{_stem(path)}.parquet")


def _stem(path: Path) -> str:
    return path.name.partition(".")[0]
