"""The Atom feeds: reports that are new, revised or withdrawn, of the whole country or of one division."""

from __future__ import annotations

import re
import sqlite3
import uuid

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from web.behind.addressed import home_of
from web.data import queries, tree
from web.data.queries import Facts
from web.respond import NAME, environment, query
from web.saying.missing import Missing
from web.saying.speech import Speech, speech

ENTRIES = 50
_FORBIDDEN = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


async def feed(datasette: Datasette, request: Request) -> Response:
    """The newest changes as Atom (RFC 4287), as JSON under `.json`; `?division=` narrows it."""
    code = request.args.get("division") or tree.COUNTRY
    t = speech(request)

    def work(conn: sqlite3.Connection) -> Facts:
        place = tree.division(conn, code) if code else {"code": "", "name": "", "path": []}
        if place is None:
            raise Missing("error.division")
        return {
            **place,
            "as_of": queries.as_of(conn),
            "changes": tree.changes(conn, code, ENTRIES),
        }

    facts = await datasette.get_database(NAME).execute_fn(work)
    for change in facts["changes"]:
        change["id"] = entry_id(change)
    if request.url_vars.get("json"):
        return Response.json(facts)
    home = home_of(request)
    return atom(
        t,
        key=f"feed {code}",
        title=t("feed.of", name=facts["name"] or code) if code else t("feed.title"),
        me=home + query("/feed.atom", division=code),
        page=f"{home}/division/{code}" if code else f"{home}/",
        as_of=facts["as_of"],
        entries=[_entry(t, home, change) for change in facts["changes"]],
    )


def _entry(t: Speech, home: str, change: Facts) -> Facts:
    return {
        "id": change["id"],
        "title": f"{t.member('CHANGES', change['kind'])}: {change['body']} {t('year', year=change['year'])}",
        "at": change["at"],
        "link": home + query(f"/report/{change['report_id']}", version=change["version"]),
        "kind": change["kind"],
        "summary": f"{change['title'] or change['body']} {change['url']}",
    }


def atom(
    t: Speech, *, key: str, title: str, me: str, page: str, as_of: str, entries: list[Facts]
) -> Response:
    """A feed. `key` is what its id is made of; entries are dicts of `id`, `title`, `at`, `link`, `kind`, `summary`."""
    updated = max([moment(entry["at"]) for entry in entries], default=moment(as_of))
    values = {"uuid": identifier(key), "title": title, "me": me, "page": page, "updated": updated}
    more = {"t": t, "moment": moment, "printable": printable, "entries": entries}
    text = environment().get_template("feed.xml").render({**values, **more})
    return Response(text, content_type="application/atom+xml; charset=utf-8", headers={"Vary": "Cookie"})


def entry_id(change: Facts) -> str:
    """An id that stays: the same change has it in every feed and every release."""
    return identifier(f"{change['report_id']} {change['version']} {change['kind']}")


def identifier(text: str) -> str:
    """An id as Atom wants it, the same for the same text."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"nianbao {text}").urn


def moment(at: str) -> str:
    """A time as Atom wants it (RFC 3339); a mere day begins at midnight."""
    return at if "T" in at else f"{at or '1970-01-01'}T00:00:00Z"


def printable(text: str) -> str:
    """Text without the characters that XML forbids."""
    return _FORBIDDEN.sub("", text)
