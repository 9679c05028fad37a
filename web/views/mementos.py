"""Memento (RFC 7089): what an address answered with at a moment, and when it was looked at, for clients of web archives.

`/timegate/URL` leads to the capture nearest to `Accept-Datetime`; `/timemap/link|json|cdxj/URL` lists them all. URL is the
address as it stands, with its query; one that is escaped as a whole is understood too.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, unquote

from datasette.app import Datasette
from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import Request, Response

from web import respond
from web.behind.addressed import home_of
from web.data import mementos
from web.data.mementos import Memento
from web.respond import NAME
from web.saying.speech import speech

LINK_FORMAT = "application/link-format"
FORMS = {"link": LINK_FORMAT, "json": "text/x-ndjson", "cdxj": "text/x-cdxj"}
"""The forms of a TimeMap, and their media types: those of pywb."""
_IN_HEADERS = "%/:?#[]@!$&'()*+,;=~"
Link = tuple[str, str, dict[str, str]]
"""An address, its relation and what else is said of it."""


async def timegate(datasette: Datasette, request: Request) -> Response:
    """302 to the memento nearest to Accept-Datetime, to the newest without one; 400 and 404 say why not."""
    url, home = address(request), home_of(request)
    found = await _found(datasette, url)
    wanted = request.headers.get("accept-datetime") or ""
    moment = mementos.moment_of(wanted)
    if not found:
        answer = _sorry(request, 404, "error.no_memento", url)
    elif wanted and moment is None:
        answer = _sorry(request, 400, "error.accept_datetime", wanted)
        answer.headers["Link"] = header([_original(url), _timemap(home, url, found), *_ends(home, found)])
    else:
        chosen = mementos.nearest(found, moment)
        answer = Response("", status=302, headers={"Location": home + chosen.path})
        links = [_original(url), _timemap(home, url, found), *_ends(home, found, chosen)]
        answer.headers["Link"] = header(links)
    named = answer.headers.get("Vary")
    answer.headers["Vary"] = f"{named}, accept-datetime" if named else "accept-datetime"
    return answer


async def timemap(datasette: Datasette, request: Request) -> Response:
    """All mementos of an address in one of FORMS; 404 where there are none."""
    url, home, form = address(request), home_of(request), request.url_vars["form"]
    found = await _found(datasette, url)
    if not found:
        return _sorry(request, 404, "error.no_memento", url)
    if form == "link":
        body = ",\n".join(map(_written, _listed(home, url, found))) + "\n"
    else:
        body = "".join(_lines(home, found, form))
    return Response(body, content_type=f"{FORMS[form]}; charset=utf-8")


def headers(request: Request, found: Memento) -> dict[str, str]:
    """What the answer with a memento says of it: when it was, of what, and where the others are."""
    home = home_of(request)
    gate: Link = (f"{home}/timegate/{_ascii(found.url)}", "timegate", {})
    itself = (home + found.path, "memento", {"datetime": found.date})
    links = [_original(found.url), gate, _timemap(home, found.url), itself]
    return {"Memento-Datetime": found.date, "Link": header(links)}


def address(request: Request) -> str:
    """The address that stands after the name of the page: with its query, and with its scheme."""
    path, query = request.url_vars["url"], request.query_string
    if re.match(r"https?%3a", path, re.I):
        path = unquote(path)
    path = re.sub(r"^(https?):/+", r"\1://", path, flags=re.I)
    if "://" not in path.partition("?")[0]:
        path = f"http://{path}"
    return f"{path}?{query}" if query else path


async def _found(datasette: Datasette, url: str) -> list[Memento]:
    def work(conn: sqlite3.Connection) -> list[Memento]:
        with sqlite_timelimit(conn, datasette.setting("sql_time_limit_ms")):
            return mementos.of(conn, url)

    found: list[Memento] = await datasette.get_database(NAME).execute_fn(work)
    return found


def _sorry(request: Request, status: int, key: str, what: str) -> Response:
    """A page that says why; made here, since Datasette would lead an address that ends in a slash elsewhere."""
    title, text = "error.not_found" if status == 404 else "error.bad", speech(request)(key, what=what)
    context: dict[str, Any] = {"title": title, "text": text, "json_url": ""}
    return respond.as_html(request, "error.html", context, status)


def _original(url: str) -> Link:
    return url, "original", {}


def _timemap(home: str, url: str, found: list[Memento] | None = None, rel: str = "timemap") -> Link:
    spans = {"from": found[0].date, "until": found[-1].date} if found else {}
    return f"{home}/timemap/link/{_ascii(url)}", rel, {"type": LINK_FORMAT, **spans}


def _ends(home: str, found: list[Memento], chosen: Memento | None = None) -> Iterator[Link]:
    """The first and the last memento, and the chosen one where it is neither."""
    for each in dict.fromkeys([found[0], *([chosen] if chosen else []), found[-1]]):
        yield _link(home, each, found)


def _link(home: str, each: Memento, found: list[Memento]) -> Link:
    names = ["first"] * (each == found[0]) + ["last"] * (each == found[-1]) + ["memento"]
    return home + each.path, " ".join(names), {"datetime": each.date}


def _listed(home: str, url: str, found: list[Memento]) -> Iterator[Link]:
    yield _timemap(home, url, found, "self")
    yield f"{home}/timegate/{_ascii(url)}", "timegate", {}
    yield _original(url)
    for each in found:
        yield _link(home, each, found)


def _lines(home: str, found: list[Memento], form: str) -> Iterator[str]:
    """A line for each memento: JSON, or CDXJ (key, 14 digits, JSON)."""
    for each in found:
        told = {
            "url": each.url,
            "mime": each.mime.partition(";")[0].strip(),
            "status": "200",
            "digest": f"sha256:{each.sha256}",
            "memento": home + each.path,
        }
        if form == "json":
            yield json.dumps({"urlkey": each.key, "timestamp": each.stamp, **told}) + "\n"
        else:
            yield f"{each.key} {each.stamp} {json.dumps(told)}\n"


def header(links: Iterable[Link]) -> str:
    """The value of a Link header."""
    return ", ".join(map(_written, links))


def _written(link: Link) -> str:
    target, rel, more = link
    said = "".join(f'; {name}="{value}"' for name, value in more.items())
    return f'<{_ascii(target)}>; rel="{rel}"{said}'


def _ascii(url: str) -> str:
    """An address that ends no header and no link of one."""
    return quote(url, safe=_IN_HEADERS)
