"""What the pages show, read from the published database: dicts, the same that `.json` addresses give."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from archive.database.blobs import finder, unpack
from archive.publication.indicators import indicator
from archive.state import judging
from parsers.rulebook import rule_of

Facts = dict[str, Any]

RECEIVED = "requests_received"
"""The indicator that a report is listed with."""
PAGE = 100
REPORT = """
select r.id as report_id, r.year, r.scope, b.id as body_id, b.name as body, v.title, v.number as version,
       v.first_seen, v.last_seen, l.figures, l.proven, l.unproven, l.contradicted, l.cleared, l.findings
from latest l join report r on r.id = l.report_id join version v on v.id = l.version_id
join body b on b.id = r.body_id
"""
Values = Sequence[object] | Mapping[str, object]


def rows(conn: sqlite3.Connection, sql: str, values: Values = ()) -> list[Facts]:
    """All rows of a query as dicts."""
    cursor = conn.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def one(conn: sqlite3.Connection, sql: str, values: Values = ()) -> Facts | None:
    """The first row of a query, or None."""
    return next(iter(rows(conn, sql, values)), None)


def as_of(conn: sqlite3.Connection) -> str:
    """When the last answer came that this publication knows of; empty for none."""
    found = one(conn, "select value from meta where key = 'as_of'")
    return str(found["value"]) if found else ""


def home(conn: sqlite3.Connection) -> Facts:
    """Counts, reports by year and how they prove, and the findings of the newest reports."""
    meta = {row["key"]: row["value"] for row in rows(conn, "select key, value from meta")}
    counts = json.loads(meta["counts"])
    years: dict[int, dict[str, int]] = defaultdict(dict)
    for row in rows(conn, YEARS):
        years[row["year"]][row["kind"]] = row["number"]
    return {
        "as_of": meta["as_of"],
        "counts": {name: counts[name] for name in ("body", "report", "version", "figure", "finding", "blob")},
        "years": dict(years),
        "findings": notable(conn, 8),
    }


YEARS = "select year, kind, number from tally where name = 'report' order by year, kind"


def division_of(conn: sqlite3.Connection, body_id: str) -> str:
    """The division that a body stands in; `000000` for the centre and what is not placed."""
    found = one(conn, "select division from member where body_id = ?", [body_id])
    return found["division"] if found else ""


def name_of(conn: sqlite3.Connection, body_id: str) -> str:
    """The name of a body; empty when there is none."""
    found = one(conn, "select name from body where id = ?", [body_id])
    return found["name"] if found else ""


def number_of(conn: sqlite3.Connection, report_id: str, version_id: str) -> int | None:
    """The number that a version has now; None where the report has none of this id."""
    found = one(conn, "select number from version where (report_id, id) = (?, ?)", [report_id, version_id])
    return found["number"] if found else None


def version_at(conn: sqlite3.Connection, report_id: str, day: str) -> int | None:
    """The number of the version that was the newest one on a day (YYYY-MM-DD); None before the first."""
    sql = "select max(number) as number from version where report_id = ? and substr(first_seen, 1, 10) <= ?"
    found = one(conn, sql, [report_id, day])
    return found["number"] if found else None


def body(conn: sqlite3.Connection, body_id: str) -> Facts | None:
    """A body, its reports by year with the requests received, and the years without one."""
    found = one(conn, "select id, name, division, kind from body where id = ?", [body_id])
    if found is None:
        return None
    reports = rows(conn, f"{REPORT} where r.body_id = ? order by r.year desc, r.scope", [body_id])
    for report in reports:
        report["received"] = _received(conn, report["report_id"])
    return {
        "body": found,
        "years": _years(conn, body_id, reports),
        "audit": rows(conn, AUDIT, [body_id]),
        **_line(conn, body_id),
    }


def _line(conn: sqlite3.Connection, body_id: str) -> Facts:
    """The unit that a body is of, the bodies of that unit, and what was renamed, merged or split around it."""
    own = one(
        conn, "select unit, unit_2025, from_year, to_year, known_by from unit where body_id = ?", [body_id]
    )
    unit = own["unit"] if own else body_id
    return {"unit": own or {}, "line": rows(conn, LINE, [unit]), "edges": rows(conn, EDGES, [unit, unit])}


LINE = """
select b.id, b.name, u.from_year, u.to_year, min(r.year) as first, max(r.year) as last from unit u
join body b on b.id = u.body_id left join report r on r.body_id = b.id where u.unit = ?
group by b.id order by coalesce(u.from_year, first, 9999), b.id
"""
EDGES = """
select e.kind, e.year, e.date, e.law, o.id as one, o.name as one_name, t.id as other, t.name as other_name
from body_edge e join body o on o.id = e.one join body t on t.id = e.other
where e.one in (select body_id from unit where unit = ?) or e.other in (select body_id from unit where unit = ?)
order by e.year, e.one, e.other
"""


AUDIT = """
select r.year, r.scope, a.*, coalesce(c.state, '') as state from audit a join report r on r.id = a.report_id
left join coverage c on (c.body_id, c.year) = (r.body_id, r.year)
where r.body_id = ? order by r.year desc, r.scope
"""


def _years(conn: sqlite3.Connection, body_id: str, reports: list[Facts]) -> list[Facts]:
    """Every year that is covered or reported, newest first: its state, on what that rests, its reports."""
    coverage = "select year, state, evidence from coverage where body_id = ?"
    years = {row["year"]: {**row, "reports": []} for row in rows(conn, coverage, [body_id])}
    for report in reports:
        year = {"year": report["year"], "state": "", "evidence": "", "reports": []}
        years.setdefault(report["year"], year)["reports"].append(report)
    return sorted(years.values(), key=lambda year: -int(year["year"]))


def _received(conn: sqlite3.Connection, report_id: str) -> float | None:
    """Requests newly received, by whichever form counts them; None when no number is printed."""
    known = indicator(RECEIVED)
    codes = known.used if known else ()
    sql = (
        "select f.code, f.value from latest l join figure f on f.version_id = l.version_id"
        f" where l.report_id = ? and f.code in ({', '.join('?' * len(codes))}) and f.value is not null"
    )
    found = {row["code"]: row["value"] for row in rows(conn, sql, [report_id, *codes])}
    return known.of(found) if known else None


def report(conn: sqlite3.Connection, report_id: str, number: int | None = None) -> Facts | None:
    """One version of a report with all that was read from it; the latest when no number is given."""
    versions = rows(conn, VERSIONS, [report_id])
    shown = [v for v in versions if v["version"] == number] if number is not None else versions[-1:]
    if not shown:
        return None
    version = shown[0]
    for name in ("generations", "warnings"):
        version[name] = json.loads(version[name])
    return {
        **version,
        "versions": [_brief(v) for v in versions],
        "events": rows(conn, EVENTS, [report_id]),
        **_parts(conn, version["version_id"]),
    }


VERSIONS = """
select r.id as report_id, b.id as body_id, b.name as body, b.division, r.year, r.scope,
       v.id as version_id, v.number as version, v.title, v.issuer, v.url, v.year_from, v.generations,
       v.warnings, v.first_seen, v.last_seen, c.sha256
from version v join report r on r.id = v.report_id join body b on b.id = r.body_id
left join capture c on c.id = v.capture_id where r.id = ? order by v.number
"""
EVENTS = "select at, class, before, version, url, evidence from event where report_id = ? order by at desc, class, url"
# part of a report -> its rows; lists in JSON are under `codes` and `cells`
PARTS = {
    "figures": "select code, value, state, raw, unit, proof, place from figure where version_id = ?",
    "identities": "select id, holds, left, right, codes from identity where version_id = ? order by id",
    "findings": """select n.kind, n.severity, n.message, n.message_zh, n.codes, n."values", v.report_id from finding n join version v on v.id = n.version_id
        where n.version_id = ? order by n.position""",
    "sections": "select number, title, text from section where version_id = ? order by position",
    "statements": """select s.code, s.value, s.unit, s.text, s.start, s."end", c.meaning from statement s
        left join statement_code c on c.code = s.code where s.version_id = ? order by s.position""",
    "extra_rows": 'select "table", label, cells, place from extra_row where version_id = ? order by position',
    "renditions": """select r.url, c.sha256, c.content_type, c.first_seen, c.last_seen from rendition r
        left join capture c on c.id = r.capture_id where r.version_id = ? order by r.url, c.first_seen""",
}


def _parts(conn: sqlite3.Connection, version_id: str) -> Facts:
    made = {name: rows(conn, sql, [version_id]) for name, sql in PARTS.items()}
    for row in made["identities"] + made["findings"]:
        row["codes"] = json.loads(row["codes"])
    for row in made["extra_rows"]:
        row["cells"] = json.loads(row["cells"])
    for row in made["findings"]:
        row["values"] = json.loads(row["values"])
        row["rule"] = rule_of(row["kind"], row["values"])
        row["review"] = _review(conn, row)
        del row["report_id"]
    for row in made["identities"]:
        row["holds"] = bool(row["holds"])
    made["figures"] = _with_suggested(made["figures"], made["findings"])
    return made


def _with_suggested(figures: list[Facts], findings: list[Facts]) -> list[Facts]:
    """Figures with what would make all identities hold, before their place; None where nothing is sure."""
    cells = (
        cell
        for finding in findings
        if finding["kind"] == "misprint"
        for cell in finding["values"].get("cells", ())
    )
    suggested = {cell["code"]: cell["suggested"] for cell in cells}
    for figure in figures:
        place = figure.pop("place")
        figure |= {"suggested": suggested.get(figure["code"]), "place": place}
    return figures


def _brief(version: Facts) -> Facts:
    return {name: version[name] for name in ("version", "title", "url", "first_seen", "last_seen")}


def codebook(conn: sqlite3.Connection) -> list[Facts]:
    """Every cell of every generation, in the order of the forms."""
    sql = """select generation, "table", block, row_label, col_label, code, unit, layout, title_zh, title_en
        from codebook order by position"""
    return rows(conn, sql)


FILTERS = ("kind", "rule", "province", "year", "body")
FINDINGS = """
select f.id, b.id as body_id, b.name as body, r.id as report_id, r.year, r.scope, v.number as version, v.first_seen,
       f.kind, f.rule, n.severity, n.message, n.message_zh, n.codes, n."values", v.id as version_id
from ({chosen}) f
join finding n on n.version_id = f.version_id and n.position = f.position join version v on v.id = f.version_id
join report r on r.id = v.report_id join body b on b.id = r.body_id order by f.id
"""


def findings(
    conn: sqlite3.Connection, chosen: Facts | None = None, page: int = 1, limit: int = PAGE
) -> Facts:
    """Findings of the latest versions, newest first; `next` is the page after.

    `chosen` may name a kind, a rule, a province, a year and a body (`FILTERS`); what is empty is not asked for.
    """
    asked = {name: value for name in FILTERS if (value := (chosen or {}).get(name))}
    total = _total(conn, asked)
    chosen_ones = f"select * from listed_finding {_where(asked)} order by id limit :limit offset :offset"
    found = _findings(conn, chosen_ones, {**asked, "limit": limit, "offset": (page - 1) * limit})
    return {"total": total, "findings": found, "next": page + 1 if page * limit < total else None}


NOTABLE = ("identity_fails", "statement_contradicts_table", "carry_over_differs", "figures_of_another_body")
"""What stands out: a reader can check it in print."""
NEWEST = 500
_NOTABLE = f"""
select * from listed_finding where id in (
    select min(id) from (select id, kind, version_id from listed_finding order by id limit {NEWEST})
    group by version_id order by min(kind not in {NOTABLE}), 1 limit :limit)
"""


def notable(conn: sqlite3.Connection, limit: int) -> list[Facts]:
    """Of the newest findings one a report, those first that a reader can check in print."""
    found = _findings(conn, _NOTABLE, {"limit": limit})
    return sorted(found, key=lambda row: row["kind"] not in NOTABLE)


def _findings(conn: sqlite3.Connection, chosen: str, values: Facts) -> list[Facts]:
    """The rows of some listed findings, with both sums of the identity that one is about."""
    found = rows(conn, FINDINGS.format(chosen=chosen), values)
    for row in found:
        row |= _sums(conn, row.pop("version_id"), row)
        del row["id"]
        row["codes"] = json.loads(row["codes"])
        row["values"] = json.loads(row["values"])
        row["review"] = _review(conn, row)
    return found


def _review(conn: sqlite3.Connection, finding: Facts) -> Facts | None:
    """What a person says of a finding: verdict, note, at; None when nobody did."""
    key = judging.key(finding["report_id"], finding["kind"], finding["codes"], finding["message"])
    return one(conn, "select verdict, note, at from judgement where id = ?", [key])


def _sums(conn: sqlite3.Connection, version_id: str, finding: Facts) -> Facts:
    """The identity that a finding is about and both its sums; None for a finding about none."""
    sql = """select id as identity, "left", "right" from identity
        where version_id = ? and not holds and codes = ? limit 1"""
    found = one(conn, sql, [version_id, finding["codes"]]) if finding["kind"] == "identity_fails" else None
    return found or {"identity": None, "left": None, "right": None}


def _where(asked: Facts) -> str:
    """The conditions on the list of findings; a year is a number however it was given."""
    sides = {"year": "cast(:year as integer)"}
    columns = {"body": "body_id"}
    parts = [f"{columns.get(name, name)} = {sides.get(name, ':' + name)}" for name in asked]
    return f"where {' and '.join(parts)}" if parts else ""


def _total(conn: sqlite3.Connection, asked: Facts) -> int:
    counted = (
        "count(*) as total from listed_finding"
        if "body" in asked
        else ("coalesce(sum(number), 0) as total from finding_tally")
    )
    found = one(conn, f"select {counted} {_where(asked)}", asked)
    return int(found["total"]) if found else 0


def finding_counts(conn: sqlite3.Connection, chosen: Facts) -> Facts:
    """How many findings there are of each kind, province and year, given what else is chosen (but no body)."""
    made: Facts = {}
    for name, plural in (("kind", "kinds"), ("rule", "rules"), ("province", "provinces"), ("year", "years")):
        others = {key: chosen[key] for key in FILTERS[:4] if key != name and chosen.get(key)}
        order = "year desc" if name == "year" else "2 desc, 1"
        sql = f"select {name}, sum(number) as number from finding_tally {_where(others)} group by 1 order by {order}"
        made[plural] = rows(conn, sql, others)
    return made


def shown_as(conn: sqlite3.Connection, sha256: str | None) -> str:
    """How a kept source can be shown within our pages: `page`, `pdf`, or not at all (empty)."""
    found = one(conn, "select content_type from capture where sha256 = ? limit 1", [sha256])
    kind = found["content_type"] if found else ""
    return "page" if "html" in kind else "pdf" if "pdf" in kind else ""


def capture(conn: sqlite3.Connection, sha256: str) -> Facts | None:
    """The kept bytes of a source, their type and where they were found; None also when they are damaged."""
    sql = """select b.sha256, b.size, b.encoding, b.data, c.content_type, c.url, c.first_seen
        from blob b join capture c on c.sha256 = b.sha256
        where b.sha256 = ? order by c.first_seen, c.id limit 1"""
    found = one(conn, sql, [sha256])
    if found is not None:
        found["data"] = unpack(found.pop("encoding"), found["data"], found["size"], finder(conn))
    return found if found and found["data"] is not None else None
