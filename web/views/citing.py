"""`/cite`: a lasting link to a query and its answer, which says in every later release whether it still holds."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.utils import InvalidSql, validate_sql_select
from datasette.utils.asgi import Request, Response

from web.behind.addressed import home_of
from web.data import citations, queries
from web.data.citations import Answer, Citation
from web.data.queries import Facts
from web.respond import NAME, as_html, as_json, query
from web.saying.missing import Missing
from web.views import released

_PARAMETER = re.compile(r"(?<![:\w]):(\w+)")


class NoAnswer(Exception):
    """A query that cannot be cited; the text says why."""


async def make(datasette: Datasette, request: Request) -> Response:
    """The form, or the citation of `?sql=` with its parameters: kept, and shown at its lasting address.

    `?table=` leads to that table of the newest release.
    """
    if request.args.get("table"):
        return released.newest(Path(str(datasette.get_database(NAME).path)).parent, request)
    sql = request.args.get("sql") or ""
    if not sql.strip():
        return _form(request, "", "")
    parameters = {name: request.args.get(name) or "" for name in _PARAMETER.findall(sql)}
    try:
        found = await _ask(datasette, sql, parameters)
    except NoAnswer as error:
        return _form(request, sql, str(error))
    citation = citations.cite(sql, parameters, await _as_of(datasette), found)
    kept = citations.keep(_folder(datasette), citation)
    if request.url_vars.get("json"):
        return as_json(_facts(request, citation, found, citation.as_of, kept))
    return Response.redirect(_short(citation) if kept else _long(citation))


def _form(request: Request, sql: str, problem: str) -> Response:
    status = 400 if problem else 200
    if request.url_vars.get("json"):
        return as_json({"ok": False, "status": 400, "error": problem or "give ?sql="}, 400)
    return as_html(request, "cite_form.html", {"sql": sql, "problem": problem, "json_url": ""}, status)


async def show(datasette: Datasette, request: Request) -> Response:
    """A citation: what was asked, what came of it then, and whether the same comes of it now."""
    name = request.url_vars["id"].lower()
    sql = request.args.get("sql") or ""
    citation = citations.known(_folder(datasette), name)
    if citation is None and not sql:
        raise Missing("error.citation")
    parameters = {each: request.args.get(each) or "" for each in _PARAMETER.findall(sql)}
    asked, values = (citation.sql, citation.parameters) if citation else (citations.tidy(sql), parameters)
    try:
        found: Answer | None = await _ask(datasette, asked, values)
        problem = ""
    except NoAnswer as error:
        found, problem = None, str(error)
    if citation is None:
        # A long link carries its question; when the answer is the same, so is the hash.
        same = found is not None and citations.named(asked, values, found.digest) == name
        citation = Citation(asked, values, "", [], 0, found.digest if same and found else "", None)
    facts = _facts(request, citation, found, await _as_of(datasette), kept=not sql)
    facts |= {"hash": name, "problem": problem}
    if request.url_vars.get("json"):
        return as_json(facts)
    return as_html(
        request,
        "cite.html",
        {"json_url": query(f"/cite/{name}.json", list(parameters.items()), sql=sql), **facts},
    )


def _facts(request: Request, citation: Citation, now: Answer | None, as_of: str, kept: bool) -> Facts:
    unchanged = now is not None and now.digest == citation.digest
    went, came = (
        citations.changes(citation.rows, now.rows)
        if now and citation.rows is not None and not unchanged
        else (None, None)
    )
    home = home_of(request)
    return {
        "hash": citation.hash,
        "url": home + (_short(citation) if kept else _long(citation)),
        "portable": home + _long(citation),
        "sql": citation.sql,
        "parameters": citation.parameters,
        "cited": {"as_of": citation.as_of, "result": citation.digest, "rows": citation.number}
        if citation.digest
        else None,
        "now": {"as_of": as_of, "result": now.digest, "rows": len(now.rows)} if now else None,
        "unchanged": unchanged,
        "columns": now.columns if now else citation.columns,
        "rows": now.rows if now else (citation.rows or []),
        "gone": went,
        "came": came,
        "problem": "",
    }


def _short(citation: Citation) -> str:
    return f"/cite/{citation.hash}"


def _long(citation: Citation) -> str:
    """The link that needs nothing kept: it carries the question."""
    return query(_short(citation), list(citation.parameters.items()), sql=citation.sql)


async def _ask(datasette: Datasette, sql: str, parameters: dict[str, str]) -> Answer:
    """The whole answer to a query, bounded as any stranger's."""
    try:
        validate_sql_select(citations.tidy(sql))
        found = await datasette.get_database(NAME).execute(citations.tidy(sql), parameters, truncate=True)
    except QueryInterrupted as error:
        raise NoAnswer("查询超时，请缩小范围。 The query took too long: narrow it.") from error
    except (InvalidSql, sqlite3.Error) as error:
        raise NoAnswer(str(error)) from error
    if found.truncated:
        most = datasette.setting("max_returned_rows")
        raise NoAnswer(f"结果超过 {most} 行，请缩小范围。 More than {most} rows: narrow the query.")
    return citations.answer(found.columns, [tuple(row) for row in found.rows])


async def _as_of(datasette: Datasette) -> str:
    found: str = await datasette.get_database(NAME).execute_fn(queries.as_of)
    return found


def _folder(datasette: Datasette) -> Path:
    """Beside the publication, so that a new one does not take it away."""
    return Path(datasette.get_database(NAME).path).parent.parent / "citations"
