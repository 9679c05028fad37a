"""One figure of a report: its sums, and what it was in other years and versions."""

from __future__ import annotations

import sqlite3

from web.data.queries import Facts, rows

_YEARS = """
select r.year, r.id as report_id, l.number as version, f.value, f.state, f.raw, f.proof
from report r join latest l on l.report_id = r.id
left join figure f on f.version_id = l.version_id and f.code = :code
where r.body_id = :body and r.scope = :scope order by r.year desc
"""
_VERSIONS = """
select v.number as version, v.first_seen, f.value, f.state, f.raw, f.proof from version v
left join figure f on f.version_id = v.id and f.code = :code where v.report_id = :report order by v.number desc
"""
KEPT = ("report_id", "body_id", "body", "division", "year", "scope", "version", "title", "url", "sha256",
        "first_seen", "last_seen", "renditions")  # fmt: skip
"""What a page of a figure repeats of its report."""


def figure(conn: sqlite3.Connection, report: Facts, code: str) -> Facts | None:
    """One figure of a version of a report (as `queries.report` gives it); None for a cell that it does not have.

    `identities` are the sums that it stands in, `findings` those about it; `years` the same cell in the newest version
    of each report of the body, newest first; `versions` the same cell in each version of this report, newest first.
    """
    found = next((each for each in report["figures"] if each["code"] == code), None)
    if found is None:
        return None
    values = {
        "code": code,
        "body": report["body_id"],
        "scope": report["scope"],
        "report": report["report_id"],
    }
    return {
        **{name: report[name] for name in KEPT},
        "figure": found,
        "identities": [each for each in report["identities"] if code in each["codes"]],
        "findings": [each for each in report["findings"] if code in each["codes"]],
        "years": rows(conn, _YEARS, values),
        "versions": rows(conn, _VERSIONS, values),
    }
