"""The pages at their lasting addresses, each also as JSON under `.json`; made in one worker thread."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from collections.abc import Awaitable, Callable
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

from datasette.app import Datasette
from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import NotFound, Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from archive import search as searching
from archive.browse import charts, files, queries, view, words
from archive.browse.queries import Facts
from archive.csvs import safe

HERE = Path(__file__).parent
NAME = "nianbao"
# Our pages run no script and load nothing but the style sheet.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
Page = tuple[str, Facts, Facts]
"""A template, the facts (which are the JSON too), and what only the template needs."""
Maker = Callable[[sqlite3.Connection, Request], Page]


@cache
def environment() -> Environment:
    """The templates: all escaped, and an unknown name is an error."""
    loader = FileSystemLoader(HERE / "templates" / "nianbao")
    made = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters.update(
        number=number, day=lambda at: (at or "")[:10], web=web, segment=lambda text: quote(text, safe="")
    )
    made.globals.update(words=words, where=files.where)
    return made


def number(value: object) -> str:
    """A number as a yearbook prints it: 12,345; nothing for None."""
    if value is None:
        return ""
    return f"{value:,.10g}" if isinstance(value, float) else f"{value:,}"


def web(url: str) -> bool:
    """Whether an address may be a link: only http and https ever are."""
    return url.startswith(("http://", "https://"))


def page(make: Maker) -> Callable[..., Awaitable[Response]]:
    """A view of Datasette's kind out of a function that reads the database and names a template."""

    async def respond(datasette: Datasette, request: Request) -> Response:
        def work(conn: sqlite3.Connection) -> Response:
            with sqlite_timelimit(conn, datasette.setting("sql_time_limit_ms")):
                template, facts, more = make(conn, request)
            if request.url_vars.get("json"):
                return as_json(facts)
            return as_html(template, {**facts, **more, "json_url": _json_url(request)})

        return await datasette.get_database(NAME).execute_fn(work)

    return respond


def as_json(facts: Facts, status: int = 200) -> Response:
    """Facts as JSON that a person can read too."""
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    return Response(text, status=status, content_type="application/json; charset=utf-8")


def as_html(template: str, context: dict[str, Any], status: int = 200) -> Response:
    """A rendered page under the strict policy."""
    text = environment().get_template(template).render(context)
    return Response.html(text, status=status, headers={"Content-Security-Policy": POLICY})


def _json_url(request: Request) -> str:
    path = request.path.rstrip("/")
    return (
        f"{path}/.json"
        if not path
        else f"{path}.json" + (f"?{request.query_string}" if request.query_string else "")
    )


@page
def home(conn: sqlite3.Connection, _request: Request) -> Page:
    """What this is, how much there is, and what came last."""
    facts = queries.home(conn)
    chart = charts.bars(
        facts["years"], ("proven", "unproven", "contradicted"), "各年度报告数 Reports by year"
    )
    return "home.html", facts, {"chart": chart}


@page
def body(conn: sqlite3.Connection, request: Request) -> Page:
    """A body: its years, and the requests it received."""
    facts = queries.body(conn, request.url_vars["id"])
    if facts is None:
        raise NotFound("没有这个机关。请用搜索框按名称查找。 No such body: search for its name.")
    years = _received(facts["years"])
    return "body.html", facts, {"chart": charts.line(years, "各年度新收申请数 Requests received by year")}


def _received(years: list[Facts]) -> dict[int, float]:
    """Requests received by year; where a year has two reports, those of the first that prints a number."""
    found = {y["year"]: [r["received"] for r in y["reports"] if r["received"] is not None] for y in years}
    return {year: numbers[0] for year, numbers in found.items() if numbers}


@page
def report(conn: sqlite3.Connection, request: Request) -> Page:
    """A report: the statutory tables as printed, with proof marks, findings, prose and versions."""
    facts = _report(conn, request, _whole(request, "version"))
    return "report.html", facts, view.report(facts, queries.codebook(conn))


def report_csv(conn: sqlite3.Connection, request: Request) -> str:
    """The figures of one version as CSV, safe to open in a spreadsheet."""
    facts = _report(conn, request, _whole(request, "version"))
    labels = view.label_of(queries.codebook(conn), facts["generations"])
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("code", "label", "value", "state", "raw", "unit", "proof", "place"))
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
    new = _report(conn, request, _whole(request, "to"))
    old = _report(conn, request, _whole(request, "from") or max(new["version"] - 1, 1))
    found = view.difference(old, new, queries.codebook(conn))
    names = ("report_id", "body_id", "body", "year", "title", "versions")
    numbers = {"from": old["version"], "to": new["version"]}
    return (
        "diff.html",
        {**{n: new[n] for n in names}, **numbers, **found},
        {"old": numbers["from"], "new": numbers["to"]},
    )


def _report(conn: sqlite3.Connection, request: Request, version: int | None) -> Facts:
    report_id = request.url_vars["id"]
    if found := queries.report(conn, report_id, version):
        return found
    if version is not None and queries.report(conn, report_id):
        raise NotFound(
            f"本报告没有第 {version} 版。去掉 ?version= 可看最新版。 No version {version}: drop ?version=."
        )
    raise NotFound("没有这份报告。请用搜索框按机关名称或标题查找。 No such report: search by body or title.")


def _whole(request: Request, name: str) -> int | None:
    """A whole number from the query, None without one; anything else is told, not guessed."""
    text = request.args.get(name) or ""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFound(f"{name} 应为正整数，例如 ?{name}=1。 {name} must be a whole number, as in ?{name}=1.")
    return int(text)


@page
def findings(conn: sqlite3.Connection, request: Request) -> Page:
    """Findings by kind and year."""
    chosen = {name: request.args.get(name) or "" for name in queries.FILTERS}
    chosen["year"] = str(_whole(request, "year") or "")
    current = max(_whole(request, "page") or 1, 1)
    facts = {**chosen, "page": current, **queries.findings(conn, chosen, current)}
    return "findings.html", facts, queries.finding_counts(conn, chosen)


@page
def search(conn: sqlite3.Connection, request: Request) -> Page:
    """Bodies and reports that fit what was typed, ranked, with what was asked for marked."""
    page = max(_whole(request, "page") or 1, 1)
    return "search.html", searching.find(conn, request.args.get("q") or "", page), {}


@page
def capture(conn: sqlite3.Connection, request: Request) -> Page:
    """Facts about a kept source: only its JSON is made here, its bytes come from `source`."""
    found = _capture(conn, request)
    return "", {name: value for name, value in found.items() if name not in ("data", "encoding")}, {}


def _capture(conn: sqlite3.Connection, request: Request) -> Facts:
    found = queries.capture(conn, request.url_vars["id"].lower())
    if found is None:
        raise NotFound(
            "没有留存这个文件。报告页列有全部来源。 Nothing is kept under this SHA-256; see a report page."
        )
    return found


async def source(datasette: Datasette, request: Request) -> Response:
    """The kept bytes themselves, or what is known of them under `.json`."""
    if request.url_vars.get("json"):
        return await capture(datasette, request)
    place = request.args.get("place") or ""
    return await datasette.get_database(NAME).execute_fn(
        lambda conn: files.kept(_capture(conn, request), place)
    )


def downloads(out: Path) -> Callable[..., Awaitable[Response]]:
    """The list of the files that may be downloaded."""

    @page
    def listed(conn: sqlite3.Connection, _request: Request) -> Page:
        as_of = conn.execute("select value from meta where key = 'as_of'").fetchone()[0]
        offers = [{"name": o.name, "size": o.size, "sha256": o.sha256} for o in files.offers(out)]
        return "downloads.html", {"as_of": as_of, "files": offers}, {}

    return listed


def download(out: Path) -> Callable[..., Awaitable[files.FileResponse]]:
    """One of these files, whole or the part that a Range header asks for."""

    async def respond(request: Request) -> files.FileResponse:
        wanted = request.url_vars["name"]
        if wanted not in {offer.name for offer in files.offers(out)}:
            raise NotFound(
                "没有这个下载文件。全部文件列于 /downloads。 No such file: all are listed at /downloads."
            )
        return files.FileResponse(out / wanted, request.headers.get("range", ""))

    return respond
