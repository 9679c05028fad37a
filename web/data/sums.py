"""How much of what areas report is held below them. Read from the publication."""

from __future__ import annotations

import sqlite3

from web.data.queries import Facts, rows

_OF_BODY = """
select t.area, t.year, t.requests, t.held, t.share_held, t.summed, t.equal, t.less, t.more, t.report_id
from area_total t join report r on r.id = t.report_id where r.body_id = ? order by t.year desc
"""
# A province without a report of its own is the sum of the highest areas in it.
_BY_PROVINCE = """
select substr(area, 1, 2) || '0000' as province, sum(requests) as requests, sum(min(held, requests)) as held
from area_total where above = '' and requests > 0 and year = ? group by 1 order by 1
"""


def of_body(conn: sqlite3.Connection, body_id: str) -> list[Facts]:
    """The area reports of a body, newest first: their requests, and those behind which reports are held."""
    return rows(conn, _OF_BODY, [body_id])


def by_province(conn: sqlite3.Connection, year: int) -> dict[str, float]:
    """Of the requests that a province's area reports count for a year, the share behind which reports are held."""
    return {row["province"]: row["held"] / row["requests"] for row in rows(conn, _BY_PROVINCE, [year])}
