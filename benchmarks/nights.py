"""Noisy nights over a country of many pages: how many versions they make (none), and what one digit makes (one).

The sites run in this process, each night's crawl in one of its own, as `nianbao night` does it. Between the nights
nothing changes but the noise (`tests.corpus.noise`); on the last one a single digit of a single cell does.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from archive.derived.comparing import Comparison, compare, content_of
from nianbao import crawl_process, steps
from sample.make import country
from sample.server import Server
from sample.sites.files import Resource
from sample.truth import Country, Form
from tests.corpus.noise import noisy

YEARS = range(2019, 2026)
CELL = "t2_licensing_decisions"
"""A cell of every generation since 2019 that stands in no identity: only the other version can tell of its change."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the nights came to."""

    reports: int
    noisy_versions: int
    last_versions: int
    classes: dict[str, int]
    cells: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """No version from noise, exactly one from the digit, of the right class, and its cell named."""
        return (self.noisy_versions, self.last_versions, self.cells) == (0, 1, (CELL,)) and (
            self.classes.get("number revised") == 1 and not self.classes.keys() & {"text revised", "worse"}
        )


class NoisyServer(Server):
    """The sample country as real sites serve it: no page twice with the same bytes."""

    day = 1

    def fill(self, resource: Resource) -> bytes:
        """The body of an answer with the noise of this request; files beside pages have none."""
        body = super().fill(resource)
        if not resource.content_type.startswith("text/html"):
            return body
        for charset in ("utf-8", "gb18030"):
            try:
                text = body.decode(charset)
            except UnicodeDecodeError:
                continue
            return noisy(text, self.day, self._views).encode(charset)
        return body


def one_digit(made: Country) -> Country:
    """The country in which, on its second night, one cell of one report has another last digit, and nothing else."""
    chosen = next(
        report
        for report in reversed(made.reports)
        if report.form is Form.PAGE and report.figures.get(CELL) is not None
    )
    old = chosen.figures[CELL]
    assert isinstance(old, int)
    figures = {**chosen.figures, CELL: old - old % 10 + (old % 10 + 1) % 10}
    revised = replace(chosen, revisions=(replace(chosen.text, figures=figures),))
    reports = (revised if report is chosen else replace(report, revisions=()) for report in made.reports)
    return replace(made, reports=tuple(reports))


def run(pages: int, nights: int, jobs: int) -> Outcome:
    """Prints and gives what so many nights over so many reports come to."""
    console = Console(width=120)
    made = one_digit(country(bodies=-(-pages // len(YEARS)), years=YEARS))
    with tempfile.TemporaryDirectory() as folder, NoisyServer(made) as server:
        db, registry = Path(folder) / "archive.db", Path(folder) / "registry.csv"
        registry.write_text(server.registry_csv(), "utf-8")
        options = ["--registry", str(registry), "--allow-private", "--delay", "0", "--recheck", "all"]
        made_versions = []
        for night in range(1, nights + 2):
            server.day = night
            server.set_night(2 if night > nights else 1)
            started = time.monotonic()
            crawled = crawl_process.crawl(db, options)
            between = time.monotonic()
            read = steps.read(db, jobs=jobs)
            made_versions.append(read.versions)
            if night in (1, 2, nights, nights + 1):
                console.print(
                    f"night {night}: {crawled.requests} requests, {crawled.new_captures} new captures,"
                    f" {read.versions} new versions; crawl {between - started:.0f} s, read {time.monotonic() - between:.0f} s"
                )
        outcome = _outcome(db, made_versions)
        size = db.stat().st_size / 1e6
    console.print(
        f"{outcome.reports} reports, {nights} noisy nights: {outcome.noisy_versions} new versions; one digit:"
        f" {outcome.last_versions} new version, cells {', '.join(outcome.cells)}; classes {outcome.classes};"
        f" {size:.0f} MB; {'holds' if outcome.holds else 'DOES NOT HOLD'}"
    )
    return outcome


def _outcome(db: Path, versions: list[int]) -> Outcome:
    with closing(sqlite3.connect(db)) as conn:
        (reports,) = conn.execute("select count(*) from report").fetchone()
        classes = dict(conn.execute("select class, count(*) from event group by class order by class"))
        found = _difference(conn)
    cells = tuple(cell.code for cell in found.cells) if found else ()
    return Outcome(reports, sum(versions[1:-1]), versions[-1], classes, cells)


def _difference(conn: sqlite3.Connection) -> Comparison | None:
    """What differs between the two versions of the one report that has two."""
    pair = conn.execute(
        "select o.id, n.id from version o join version n on n.report_id = o.report_id and n.number = 2 where o.number = 1"
    ).fetchall()
    if len(pair) != 1:
        return None
    return compare(*(content_of(conn, version) for version in pair[0]))
