"""An archive against the truth of the made sites: what was found, how whole, and which versions are true."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, fields
from difflib import SequenceMatcher
from pathlib import Path
from urllib.parse import urlsplit

from sample.forms.layout import Grid
from sample.forms.sheet import Heading

from .server import Server
from .sites import Country, Site
from .truth import Report

_BLANK = re.compile(r"[\s　\xa0]+")
MOST_FOREIGN = 10
"""Characters that are not the report's with which its prose still counts as whole."""


@dataclass
class Grade:
    """Counts over all reports; rates are made of them when they are printed."""

    reports: int = 0
    found: int = 0
    twice: int = 0
    strangers: int = 0
    forbidden: int = 0
    silent: int = 0
    whole: int = 0
    true_characters: int = 0
    missing: int = 0
    foreign: int = 0
    by_trait: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    notes: list[str] = field(default_factory=list)

    def as_row(self) -> dict[str, int]:
        """The counts by name."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.type == "int"}


@dataclass(frozen=True)
class _Held:
    """A report of the archive with its last version."""

    report_id: str
    version_id: str
    number: int
    urls: frozenset[str]


def grade(db: Path, server: Server, is_revised: bool = False) -> Grade:
    """Everything that one look at the archive tells."""
    made = Grade()
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as conn:
        held = _held(conn)
        wanted = {(one.body.name, one.year, one.body.scope) for _site, one in _reports(server.country)}
        for key in held.keys() - wanted:
            made.strangers += 1
            made.notes.append(f"no report: {key} {sorted(held[key].urls)[:1]}")
        for site, report in _reports(server.country):
            _grade_one(conn, made, held, site, report, is_revised, server.port)
    made.forbidden = sum(path.startswith("/internal/") for _host, path in server.asked)
    return made


def versions(db: Path) -> dict[tuple[str, int, str], int]:
    """How many versions each report has."""
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as conn:
        return {key: one.number for key, one in _held(conn).items()}


def has_revision(db: Path, report: Report) -> bool:
    """Does the last version of a revised report say what the revision changed, and is there an earlier one?"""
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as conn:
        one = _held(conn).get((report.body.name, report.year, report.body.scope))
        if one is None or one.number < 2 or report.revised is None:
            return False
        old, new = report.sheet, report.revised
        if old.grids() != new.grids():
            changed = set(_cells(new.grids())) - set(_cells(old.grids()))
            values = dict(_figures(conn, one.version_id))
            return all(values.get(code) == value for code, value in changed)
        text = _plain("".join(body for _title, body in _sections(conn, one.version_id)))
        return all(_plain(part) in text for part in set(new.parts) - set(old.parts) if isinstance(part, str))


def _reports(country: Country) -> Iterator[tuple[Site, Report]]:
    return ((site, report) for site in country.sites for report in site.reports)


def _held(conn: sqlite3.Connection) -> dict[tuple[str, int, str], _Held]:
    rows = conn.execute(
        "select b.name, r.year, r.scope, r.id, v.id, v.number from version v join report r on r.id = v.report_id"
        " join body b on b.id = r.body_id order by v.number"
    ).fetchall()
    urls: dict[str, set[str]] = defaultdict(set)
    for report_id, url in conn.execute(
        "select v.report_id, d.url from rendition d join version v on v.id = d.version_id"
    ):
        urls[report_id].add(url)
    return {
        (name, year, scope): _Held(report_id, version_id, number, frozenset(urls[report_id]))
        for name, year, scope, report_id, version_id, number in rows
    }


def _grade_one(
    conn: sqlite3.Connection,
    made: Grade,
    held: dict[tuple[str, int, str], _Held],
    site: Site,
    report: Report,
    is_revised: bool,
    port: int,
) -> None:
    made.reports += 1
    one = held.get((report.body.name, report.year, report.body.scope))
    owners = {other.report_id for other in held.values() if _is_at(other, site, report, port)}
    made.twice += len(owners) > 1
    is_found = one is not None
    is_whole = False
    if one is None:
        made.notes.append(
            f"not found: {report.title} ({site.forms[report.number]}, {', '.join(site.traits)})"
        )
    else:
        made.found += 1
        made.silent += _silent(conn, one.version_id, report, is_revised)
        is_whole = _prose(conn, made, one.version_id, report, is_revised, site)
        made.whole += is_whole
    for trait in (*site.traits, f"form {site.forms[report.number]}"):
        counts = made.by_trait[trait]
        counts[0] += 1
        counts[1] += is_found
        counts[2] += is_whole


def _is_at(held: _Held, site: Site, report: Report, port: int) -> bool:
    base = f"http://{site.address}:{port}"
    own = {base + path for path in (site.path(report.number, report.day), site.files(report)) if path}
    return bool(own & {_without_session(url) for url in held.urls})


def _without_session(url: str) -> str:
    parts = urlsplit(url)
    return url.replace(f";{parts.path.partition(';')[2]}", "") if ";" in parts.path else url


def _silent(conn: sqlite3.Connection, version_id: str, report: Report, is_revised: bool) -> int:
    """Figures that are wrong although nothing says so."""
    truth = dict(_cells(report.at(is_revised).grids()))
    named = {
        code
        for (codes,) in conn.execute("select codes from finding where version_id = ?", (version_id,))
        for code in codes.replace("[", " ").replace("]", " ").replace('"', " ").replace(",", " ").split()
    }
    wrong = 0
    for code, value, proof in _figure_rows(conn, version_id):
        is_wrong = code in truth and value is not None and value != truth[code]
        wrong += is_wrong and proof != "contradicted" and code not in named
    return wrong


def _figure_rows(conn: sqlite3.Connection, version_id: str) -> Iterator[tuple[str, float | None, str]]:
    rows = conn.execute(
        "select f.code, f.value, f.proof from v_figures f join version v on v.report_id = f.report_id"
        " and v.number = f.version where v.id = ?",
        (version_id,),
    )
    return ((code, None if value is None else float(value), proof) for code, value, proof in rows)


def _figures(conn: sqlite3.Connection, version_id: str) -> Iterator[tuple[str, float | None]]:
    return ((code, value) for code, value, _proof in _figure_rows(conn, version_id))


def _cells(grids: Iterable[Grid]) -> Iterator[tuple[str, float]]:
    for grid in grids:
        for slot in grid.slots:
            if slot.code and re.fullmatch(r"-?\d+(\.\d+)?", slot.text):
                yield slot.code, float(slot.text)


def _sections(conn: sqlite3.Connection, version_id: str) -> list[tuple[str, str]]:
    query = "select title, text from section where version_id = ? order by position"
    return list(conn.execute(query, (version_id,)))


def _prose(
    conn: sqlite3.Connection, made: Grade, version_id: str, report: Report, is_revised: bool, site: Site
) -> bool:
    true, missing, foreign = prose(_sections(conn, version_id), report, is_revised)
    made.true_characters += true
    made.missing += missing
    made.foreign += foreign
    if missing or foreign > MOST_FOREIGN:
        made.notes.append(
            f"prose of {report.title}: {missing} missing, {foreign} foreign ({', '.join(site.traits)})"
        )
    return not missing and foreign <= MOST_FOREIGN


def prose(sections: list[tuple[str, str]], report: Report, is_revised: bool = False) -> tuple[int, int, int]:
    """Characters that are true, that are missing in the sections, and that are not the report's there.

    What stands in tables or below the text is allowed, not asked for.
    """
    text = "".join(_plain(title) + _plain(body) for title, body in sections)
    paragraphs = [_plain(part) for part in report.paragraphs(is_revised)]
    missing = sum(_absent(one, text) for one in paragraphs)
    foreign = sum(len(line) for line in _foreign(sections, report, is_revised))
    return sum(map(len, paragraphs)), missing, foreign


def _absent(paragraph: str, text: str) -> int:
    if paragraph in text:
        return 0
    blocks = SequenceMatcher(None, paragraph, text, autojunk=False).get_matching_blocks()
    return len(paragraph) - sum(one.size for one in blocks if one.size >= 4)


def _foreign(sections: list[tuple[str, str]], report: Report, is_revised: bool) -> Iterator[str]:
    allowed = _plain(report.title) + _plain("政府信息公开工作年度报告") + "".join(map(_plain, report.closing))
    for part in report.at(is_revised).parts:
        if isinstance(part, Grid):
            allowed += "".join(_plain(slot.text) for slot in part.slots)
        else:
            allowed += _plain(part.text if isinstance(part, Heading) else part)
    for title, body in sections:
        for line in (title, *body.split("\n")):
            yield from _left(_plain(line), allowed)


def _left(line: str, allowed: str) -> Iterator[str]:
    if not line or line in allowed:
        return
    blocks = SequenceMatcher(None, line, allowed, autojunk=False).get_matching_blocks()
    at = 0
    for one in blocks:
        if one.size >= 4 or one.size == 0:
            if one.a > at:
                yield line[at : one.a]
            at = one.a + one.size


def _plain(text: str) -> str:
    return _BLANK.sub("", text)
