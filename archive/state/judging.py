"""What a person says of a finding, kept apart from what can be rebuilt.

A judgement is found again by what the finding says: its report, kind, cells, and the numbers in its message (its words
where it speaks of no cell). So it survives every re-read, and a finding that changed is a new one to judge.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from archive.database.connection import Connected
from archive.errors import ArchiveError
from archive.ids import content_id
from archive.outcomes import utc_now
from archive.rows.reduced import reduce


class Verdict(StrEnum):
    """What a person says. `open` is a note without a decision."""

    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding of a latest version with what was said of it; `gone` when no version has the finding any more."""

    id: str
    report_id: str
    body: str
    year: int
    scope: str
    version: int | None
    kind: str
    message: str
    codes: tuple[str, ...]
    verdict: Verdict
    note: str
    at: str
    gone: bool = False

    def as_json(self) -> dict[str, Any]:
        """All fields."""
        return asdict(self)


class NoFinding(ArchiveError):
    """There is no finding of this id."""


def key(report_id: str, kind: str, codes: Sequence[str], message: str) -> str:
    """The id of a finding, made of what it says and not of where it is stored."""
    said = re.findall(r"\d+(?:\.\d+)?", message) if codes else [reduce(message)]
    return content_id("finding", report_id, kind, *sorted(codes), "|", *said)


_FINDINGS = """
select b.name as body, r.year, r.scope, v.number as version, f.kind, f.message, f.codes, r.id as report_id
from finding f join version v on v.id = f.version_id join report r on r.id = v.report_id
join body b on b.id = r.body_id
where v.number = (select max(w.number) from version w where w.report_id = r.id)
order by r.year desc, b.name, r.scope, f.position
"""
_JUDGED = """
select j.*, b.name as body, r.year, r.scope from judgement j left join report r on r.id = j.report_id
left join body b on b.id = r.body_id order by j.at, j.id
"""


def findings(db: sqlite3.Connection) -> Iterator[Judged]:
    """Every finding of every latest version with its judgement; then the judgements whose finding is gone."""
    judged = {row["id"]: row for row in db.execute(_JUDGED)}
    seen = set()
    for row in db.execute(_FINDINGS):
        codes = tuple(json.loads(row["codes"]))
        found = key(row["report_id"], row["kind"], codes, row["message"])
        seen.add(found)
        said = judged.get(found)
        verdict, note, at = (
            (Verdict(said["verdict"]), said["note"], said["at"]) if said else (Verdict.OPEN, "", "")
        )
        where = (row["report_id"], row["body"], row["year"], row["scope"], row["version"])
        yield Judged(found, *where, row["kind"], row["message"], codes, verdict, note, at)
    for identifier, row in judged.items():
        if identifier not in seen:
            where = (row["report_id"], row["body"] or "", row["year"] or 0, row["scope"] or "", None)
            codes = tuple(json.loads(row["codes"]))
            said = (Verdict(row["verdict"]), row["note"], row["at"])
            yield Judged(identifier, *where, row["kind"], row["message"], codes, *said, gone=True)


def judge(archive: Connected, identifier: str, verdict: Verdict | None, note: str | None) -> Judged:
    """Writes what a person says; what is None stays as it was said before. An id may be cut short when it is one's own."""
    matching = [found for found in findings(archive.db) if found.id.startswith(identifier)]
    if len({found.id for found in matching}) != 1:
        what = "no finding" if not matching else f"{len(matching)} findings"
        raise NoFinding(f"{what} with the id {identifier}; `nianbao review list` shows them")
    found = matching[0]
    judged = replace(
        found, verdict=verdict or found.verdict, note=found.note if note is None else note, at=utc_now()
    )
    with archive.transaction() as db:
        codes = json.dumps(found.codes)
        db.execute(
            "insert or replace into judgement (id, report_id, kind, codes, message, verdict, note, at)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                found.id,
                found.report_id,
                found.kind,
                codes,
                found.message,
                judged.verdict.value,
                judged.note,
                judged.at,
            ),
        )
    return judged
