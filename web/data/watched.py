"""The rows of the three lists: who is late, what changed, what contradicts itself. Read from the publication."""

from __future__ import annotations

import json
import sqlite3

from web.data.queries import Facts, rows

PAGE = 50
FILTERS = ("kind", "province", "year")
ORDERS = {
    "newest": "l.day desc, l.weight desc, l.amount desc, l.id",
    "gravest": "l.weight desc, l.amount desc, l.day desc, l.id",
}
_ROWS = """
select l.id, l.kind, l.province, l.year, l.body_id, b.name as body, m.division, l.report_id, r.scope, l.version, l.day,
       l.amount, l.capture, l.evidence, n.message, n.message_zh, n."values"
from listed l join body b on b.id = l.body_id join member m on m.body_id = l.body_id
left join report r on r.id = l.report_id
left join version v on v.report_id = l.report_id and v.number = l.version
left join finding n on n.version_id = v.id and n.position = l.position
where {where} order by {order} limit :limit offset :offset
"""


def listed(
    conn: sqlite3.Connection, name: str, chosen: Facts, order: str, page: int = 1, limit: int = PAGE
) -> Facts:
    """A page of the list `name`, in one of `ORDERS`; `chosen` may name what is in `FILTERS`, empty for all.

    `total` is how many rows fit, `next` the page after.
    """
    values = {**chosen, "list": name, "limit": limit, "offset": (page - 1) * limit}
    found = rows(conn, _ROWS.format(where=_where(chosen, "l."), order=ORDERS[order]), values)
    for row in found:
        row["values"] = json.loads(row["values"] or "{}")
    where = _where(chosen)
    counted = rows(conn, f"select sum(number) as n from listed_tally where {where}", values)
    total = int(counted[0]["n"] or 0)
    return {"total": total, "rows": found, "next": page + 1 if page * limit < total else None}


def counts(conn: sqlite3.Connection, name: str, chosen: Facts) -> dict[str, list[Facts]]:
    """How many rows there are by each filter, given the other ones: `{"year": [{"value": 2023, "number": 4}, …]}`."""
    made = {}
    for column in FILTERS:
        others = {**chosen, column: ""}
        where, order = _where(others), "1 desc" if column == "year" else "2 desc, 1"
        sql = f"""select {column} as value, sum(number) as number from listed_tally where {where}
            group by 1 order by {order}"""
        made[column] = rows(conn, sql, {**others, "list": name})
    return made


def _where(chosen: Facts, table: str = "") -> str:
    """The conditions, in both tables the same."""
    asked = ["list", *(each for each in FILTERS if chosen[each])]
    return " and ".join(f"{table}{each} = :{each}" for each in asked)


def by_place(conn: sqlite3.Connection, name: str) -> list[Facts]:
    """How many rows there are by province and year."""
    sql = "select province, year, sum(number) as number from listed_tally where list = ? group by 1, 2"
    return rows(conn, sql, [name])
