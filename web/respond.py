"""From a function that reads the database to an answer: a page in the visitor's language, or JSON under `.json`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from datasette.app import Datasette
from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from web import files
from web.behind.addressed import home_of
from web.behind.caching import same
from web.data.queries import Facts
from web.saying import speech, words
from web.saying.missing import Missing

HERE = Path(__file__).parent
NAME = "nianbao"
# Our pages run no script and load nothing but the style sheet; a kept source is framed, sandboxed.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
SCRIPTED = f"{POLICY}; script-src 'self'; connect-src 'self'"
WITH_SCRIPT = frozenset(("report.html", "figure.html"))
"""Pages that our own script makes quicker to use; without it their links lead to the same."""
Page = tuple[str, Facts, Facts]
"""A template, the facts (which are the JSON too), and what only the template needs."""
Maker = Callable[[sqlite3.Connection, Request], Page]
View = Callable[..., Awaitable[Response]]


@cache
def environment() -> Environment:
    """The templates: all escaped, and an unknown name is an error."""
    loader = FileSystemLoader(HERE / "templates" / "nianbao")
    made = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters.update(
        number=number,
        size=size,
        day=lambda at: (at or "")[:10],
        web=web,
        zh=_printed,
        segment=lambda s: quote(s, safe=""),
    )
    made.globals.update(words=words, where=files.where, query=query)
    return made


def number(value: object) -> str:
    """A number as a yearbook prints it: 12,345; nothing for None."""
    if value is None:
        return ""
    return f"{value:,.10g}" if isinstance(value, float) else f"{value:,}"


def size(number: int) -> str:
    """Bytes as a person reads them: 512 B, 12.3 KB, 1.2 GB."""
    value, units = float(number), ["B", "KB", "MB", "GB", "TB"]
    while value >= 1000 and len(units) > 1:
        value, units = value / 1000, units[1:]
    return f"{value:.3g} {units[0]}" if value < 1000 else f"{value:,.0f} {units[0]}"


def web(url: str) -> bool:
    """Whether an address may be a link: only http and https ever are."""
    return url.startswith(("http://", "https://"))


def query(path: str, pairs: list[tuple[str, object]] | None = None, **values: object) -> str:
    """An address with the values that are not empty."""
    wanted = [
        (name, str(value)) for name, value in [*(pairs or []), *values.items()] if value not in ("", None)
    ]
    return f"{path}?{urlencode(wanted)}" if wanted else path


@pass_context
def _printed(context: Context, text: str) -> str:
    """Text as some body wrote it: in an English page it says that it is Chinese."""
    return text if context["t"].lang == "zh" else Markup('<span lang="zh-Hans">{}</span>').format(text)


def page(make: Maker) -> View:
    """A view of Datasette's kind out of a function that reads the database and names a template."""

    async def respond(datasette: Datasette, request: Request) -> Response:
        def work(conn: sqlite3.Connection) -> Response:
            with sqlite_timelimit(conn, datasette.setting("sql_time_limit_ms")):
                template, facts, more = make(conn, request)
            if request.url_vars.get("json"):
                return as_json({**facts, **_next(request, facts)})
            return as_html(request, template, {"json_url": _json_url(request), **facts, **more})

        return await datasette.get_database(NAME).execute_fn(work)

    return respond


def _next(request: Request, facts: Facts) -> Facts:
    """The addresses of the next page of a list, and of a list that goes on with what is older."""
    pairs = [(name, value) for name, value in _pairs(request) if name != "page"]
    others = [(name, value) for name, value in pairs if name != "start"]
    made: Facts = {}
    if "next" in facts:
        made["next_url"] = query(request.path, pairs, page=facts["next"]) if facts["next"] else None
    if "older" in facts:
        made["older_url"] = query(request.path, others, start=facts["older"]) if facts["older"] else None
    return made


def as_json(facts: Facts, status: int = 200) -> Response:
    """Facts as JSON that a person can read too."""
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    return Response(text, status=status, content_type="application/json; charset=utf-8")


def as_html(request: Request, template: str, context: dict[str, Any], status: int = 200) -> Response:
    """A rendered page under the strict policy, in the visitor's language, which it keeps when asked for."""
    spoken = speech.speech(request)
    mine = home_of(request) + query(request.path, _pairs(request)) if status == 200 else ""
    known = {"canonical": mine, "t": spoken, "here": request.path, "switch": _switch(request, spoken.other)}
    text = environment().get_template(template).render({**known, **context})
    policy = SCRIPTED if template in WITH_SCRIPT else POLICY
    headers = {"Content-Security-Policy": policy, "Content-Language": spoken.tag, "Vary": "Cookie"}
    if wanted := speech.asked(request):
        headers["Set-Cookie"] = speech.cookie(wanted)
    return Response.html(text, status=status, headers=headers)


def _switch(request: Request, lang: str) -> str:
    """The same page in the other language."""
    return query(request.path, [*_pairs(request), ("lang", lang)])


def _pairs(request: Request) -> list[tuple[str, object]]:
    pairs = parse_qsl(request.query_string, keep_blank_values=False)
    return [(name, value) for name, value in pairs if name != "lang"]


def _json_url(request: Request) -> str:
    return query(f"{request.path.rstrip('/') or '/'}.json", _pairs(request))


def unchanged(request: Request, etag: str) -> Response | None:
    """The answer to a visitor who has the file of this tag already, if that is so; no file has an empty one."""
    tag = f'"{etag}"' if etag else ""
    known = same(request.headers.get("if-none-match", ""), tag)
    return Response("", status=304, headers={"ETag": tag}) if known else None


def part(request: Request, etag: str) -> str:
    """The part of a file that is asked for; all, where If-Range names one that has been replaced since."""
    known = request.headers.get("if-range", "")
    return request.headers.get("range", "") if known in ("", f'"{etag}"') else ""


def whole(request: Request, name: str) -> int | None:
    """A whole number from the query, None without one; anything else is told, not guessed."""
    text = request.args.get(name) or ""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Missing("error.whole", name=name)
    return int(text)
