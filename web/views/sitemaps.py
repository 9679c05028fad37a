"""What search engines read: robots.txt, and sitemaps of the bodies and the reports."""

from __future__ import annotations

import sqlite3
from xml.sax.saxutils import escape

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from web.behind.addressed import home_of
from web.respond import NAME
from web.saying.missing import Missing

MOST = 20_000
"""Addresses of one sitemap; the protocol takes 50,000 and 50 MB."""
SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
ROBOTS = """User-agent: *
Disallow: /nianbao
Disallow: /capture/
Disallow: /cite
Disallow: /search
Disallow: /compare
Allow: /
Sitemap: {home}/sitemap.xml
"""
_OF = {
    "body": "select id, '' from body order by id limit ? offset ?",
    "report": """select r.id, substr(v.first_seen, 1, 10) from (select id from report order by id limit ? offset ?) r
        left join latest l on l.report_id = r.id left join version v on v.id = l.version_id order by r.id""",
}


async def robots(request: Request) -> Response:
    """What need not be crawled: questions, kept sources, what is typed; and where the sitemaps are."""
    return Response(ROBOTS.format(home=home_of(request)), content_type="text/plain; charset=utf-8")


async def index(datasette: Datasette, request: Request) -> Response:
    """The sitemaps there are."""

    def counted(conn: sqlite3.Connection) -> list[str]:
        sizes = {table: conn.execute(f"select count(*) from {table}").fetchone()[0] for table in _OF}
        return [f"/sitemap-{kind}-{n}.xml" for kind, size in sizes.items() for n in range(-(-size // MOST))]

    paths = await datasette.get_database(NAME).execute_fn(counted)
    return _xml("sitemapindex", "sitemap", [(home_of(request) + path, "") for path in paths])


async def sitemap(datasette: Datasette, request: Request) -> Response:
    """One of them: the pages of bodies or of reports, with the day since which a report reads as it does."""
    kind, number = request.url_vars["kind"], int(request.url_vars["number"])

    def listed(conn: sqlite3.Connection) -> list[tuple[str, str]]:
        return conn.execute(_OF[kind], [MOST, MOST * number]).fetchall()

    found = await datasette.get_database(NAME).execute_fn(listed)
    if not found:
        raise Missing("error.page")
    home = home_of(request)
    return _xml("urlset", "url", [(f"{home}/{kind}/{each}", day or "") for each, day in found])


def _xml(root: str, element: str, found: list[tuple[str, str]]) -> Response:
    rows = [
        f"<{element}><loc>{escape(url)}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</{element}>"
        for url, day in found
    ]
    text = "\n".join(
        ['<?xml version="1.0" encoding="UTF-8"?>', f'<{root} xmlns="{SCHEMA}">', *rows, f"</{root}>"]
    )
    return Response(text, content_type="application/xml; charset=utf-8")
