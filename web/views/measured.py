"""How good the data is, in the words of a Quality and Methodology page: relevance, accuracy, timeliness, comparability."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

from datasette.utils.asgi import Request, Response

from archive.publish import QUALITY
from web.data.queries import Facts, as_of, one, rows
from web.respond import Page, page

_PROOFS = """
select sum(proven) as proven, sum(unproven) as unproven, sum(contradicted) as contradicted, sum(cleared) as cleared,
       sum(figures) as figures from latest
"""
_FORMS = "select distinct generation from codebook order by position desc"


def quality(out: Path) -> Callable[..., Awaitable[Response]]:
    """What was measured of this release, and what else tells how far to trust it."""

    @page
    def shown(conn: sqlite3.Connection, _request: Request) -> Page:
        generations = list(dict.fromkeys(row["generation"] for row in rows(conn, _FORMS)))
        facts = {
            "as_of": as_of(conn),
            "measured": _measured(out),
            "proofs": one(conn, _PROOFS),
            "generations": generations,
        }
        return "quality.html", facts, {}

    return shown


def _measured(out: Path) -> Facts | None:
    """What quality.json of the release says; None where nothing was measured."""
    path = out / QUALITY
    if not path.is_file():
        return None
    found: Facts = json.loads(path.read_text(encoding="utf-8"))
    return found
