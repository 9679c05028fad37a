"""`/figure/REPORT/CODE`: one figure with all that is known of it; its card alone; the same as a picture."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from web.behind.addressed import home_of
from web.data import figures, queries, tree
from web.data.queries import Facts
from web.drawing import cards
from web.drawing.cards import Card
from web.drawing.form import forms
from web.drawing.neighbours import beside
from web.respond import NAME, Page, number, page, query
from web.saying.missing import Missing
from web.saying.speech import Speech, speech
from web.views import pages, view

ALONE = "card"
"""`?part=card`: what the page of a report shows when a figure is pressed."""


@page
def figure(conn: sqlite3.Connection, request: Request) -> Page:
    """What was printed, how it proves, where it stands, what it was in other years and versions."""
    report, facts, book = _found(conn, request)
    labels = view.label_of(book, report["generations"])
    facts |= {
        "label": labels.get(facts["figure"]["code"], ""),
        "path": tree.path(conn, facts["division"][:6]),
    }
    more = {
        "labels": labels,
        "framed": queries.shown_as(conn, facts["sha256"]),
        "newest": report["versions"][-1]["version"],
        "address": f"{home_of(request)}{_here(facts, facts['version'])}",
        "figures": {each["code"]: each for each in report["figures"]},
        "said": [view.said(each, facts["identities"], {}) for each in facts["findings"]],
    }
    if request.args.get("part") == ALONE:
        return "figure_card.html", facts, more
    tables = forms(book, report["generations"], more["figures"].keys())
    more["beside"] = beside(tables, facts["figure"]["code"], set(more["figures"]))
    return "figure.html", facts, more


def _found(conn: sqlite3.Connection, request: Request) -> tuple[Facts, Facts, list[Facts]]:
    """The report, the figure and the codebook; Missing for a figure that is none."""
    report = pages.report_of(conn, request, pages.version_of(conn, request))
    facts = figures.figure(conn, report, request.url_vars["code"])
    if facts is None:
        raise Missing("error.figure")
    return report, facts, queries.codebook(conn)


def _here(facts: Facts, version: int | None = None) -> str:
    return query(f"/figure/{facts['report_id']}/{facts['figure']['code']}", version=version)


def _card(conn: sqlite3.Connection, request: Request) -> Card:
    """What the picture says, in the language that is asked for."""
    t = speech(request)
    report, facts, book = _found(conn, request)
    return card_of(t, facts, view.label_of(book, report["generations"]), f"{home_of(request)}{_here(facts)}")


def card_of(t: Speech, facts: Facts, labels: dict[str, str], address: str) -> Card:
    """The card of a figure; what is no number is shown as its state."""
    found = facts["figure"]
    value = t.member("STATES", found["state"])
    if found["value"] is not None:
        value = f"{number(found['value'])} {t.unit(found['unit'])}"
    about = f"{facts['body']} {t('year', year=facts['year'])} · {t.member('SCOPES', facts['scope'])}"
    label = labels.get(found["code"], found["code"])
    return Card(about, label, value, found["proof"], t.member("PROOFS", found["proof"]), address)


def _picture(draw: Callable[[Card, str], Response]) -> Callable[..., object]:
    async def respond(datasette: Datasette, request: Request) -> Response:
        database = datasette.get_database(NAME)
        made = await database.execute_fn(lambda conn: draw(_card(conn, request), speech(request).tag))
        made.headers["Vary"] = "Cookie"
        return made

    return respond


def _svg(card: Card, tag: str) -> Response:
    policy = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
    return Response(cards.svg(card, tag), headers=policy, content_type="image/svg+xml; charset=utf-8")


def _png(card: Card, _tag: str) -> Response:
    font = cards.font_file()
    if font is None:
        raise Missing("error.font")
    return Response(cards.png(card, font), content_type="image/png")


as_svg, as_png = _picture(_svg), _picture(_png)
