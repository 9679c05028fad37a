"""Unseen sites as a whole: found, whole, and a version only where a report changed, over nights on a random grammar.

The nights: the first; so many without news; one on which reports are revised, and one after it; one on which a third
of the sites has a new skin, and one after it. A seed whose pages somebody looked at is used up.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from archive.store import Archive
from nianbao import crawl_process, steps
from tests.corpus.skins import Grade, Server, grade, make
from tests.corpus.skins.grading import has_revision, versions
from tests.corpus.skins.server import Shown
from tests.corpus.skins.sites import Country

Counts = dict[tuple[str, int, str], int]


def run(seed: int, sites: int, nights: int, jobs: int, keep: Path | None = None, details: int = 0) -> bool:
    """Prints the table of one seed; whether every bar is reached."""
    console = Console(width=150)
    country = make(seed, sites)
    with tempfile.TemporaryDirectory() as folder, Server(country) as server:
        db = (keep or Path(folder)) / "skins.db"
        registry = Path(folder) / "registry.csv"
        registry.write_text(country.registry(server.port), "utf-8")
        night = _Nights(db, registry, server, jobs, console)
        night.go(1)
        first = grade(db, server)
        before = versions(db)
        for number in range(2, nights + 1):
            night.go(number)
        quiet = versions(db)
        night.go(nights + 1, is_revised=True)
        night.go(nights + 2, is_revised=True)
        after = versions(db)
        lost = [
            one for site in country.sites for one in site.reports if one.revised and not has_revision(db, one)
        ]
        night.go(nights + 3, is_revised=True, is_redesigned=True)
        night.go(nights + 4, is_revised=True, is_redesigned=True)
        redesigned = versions(db)
        accused = _accused(db, country)
    revised = {
        (one.body.name, one.year, one.body.scope)
        for site in country.sites
        for one in site.reports
        if one.revised
    }
    false_quiet = _more(before, quiet)
    false_revised = {key: n for key, n in _more(quiet, after).items() if key not in revised}
    false_skin = _more(after, redesigned)
    return _printed(
        console,
        country,
        first,
        sum(false_quiet.values()) + sum(false_revised.values()),
        (len(lost), len(revised)),
        sum(false_skin.values()),
        accused,
        details,
    )


class _Nights:
    """Crawls and reads, night after night."""

    def __init__(self, db: Path, registry: Path, server: Server, jobs: int, console: Console) -> None:
        self.db, self.server, self.jobs, self.console = db, server, jobs, console
        self.options = ["--registry", str(registry), "--allow-private", "--delay", "0", "--recheck", "all"]

    def go(self, number: int, is_revised: bool = False, is_redesigned: bool = False) -> None:
        self.server.shown = Shown(number, is_revised, is_redesigned)
        begun = time.monotonic()
        crawled = crawl_process.crawl(self.db, self.options)
        between = time.monotonic()
        read = steps.read(self.db, jobs=self.jobs)
        self.console.print(
            f"night {number}: {crawled.requests} requests, {crawled.new_captures} new captures, {read.versions} new"
            f" versions; crawl {between - begun:.0f} s, read {time.monotonic() - between:.0f} s"
        )


def _accused(db: Path, country: Country) -> tuple[int, int]:
    """Of what is `not_found`: without the capture of a listing that is kept, and though the site has the report."""
    there = {(one.body.name, one.year) for site in country.sites for one in site.reports}
    with Archive.read_only(db) as archive:
        kept = {row[0] for row in archive.db.execute("select sha256 from capture where kind = 'listing'")}
        sql = "select body, year, evidence from v_coverage where state = 'not_found'"
        found = archive.db.execute(sql).fetchall()
    bare = [row for row in found if row["evidence"].rpartition("(capture ")[2][:-1] not in kept]
    return len(bare), sum((row["body"], row["year"]) in there for row in found)


def _more(before: Counts, after: Counts) -> Counts:
    return {key: after[key] - before[key] for key in before if after.get(key, 0) > before[key]}


def _printed(
    console: Console,
    country: Country,
    first: Grade,
    false: int,
    lost: tuple[int, int],
    skin: int,
    accused: tuple[int, int],
    details: int,
) -> bool:
    true = max(1, first.true_characters)
    rows: list[tuple[str, str, str, bool]] = [
        (
            "reports found",
            f"{first.found} of {first.reports}",
            ">= 99 %",
            first.found >= 0.99 * first.reports,
        ),
        _none("look-alikes", first.strangers),
        _none("forbidden fetches", first.forbidden),
        _none("silent cells", first.silent),
        _none("two reports for one", first.twice),
        ("prose whole", f"{first.whole} of {first.found}", ">= 97 %", first.whole >= 0.97 * first.found),
        ("foreign characters", f"{first.foreign / true:.2%}", "<= 0.3 %", first.foreign <= 0.003 * true),
        ("true characters missing", f"{first.missing / true:.2%}", "<= 0.3 %", first.missing <= 0.003 * true),
        _none("false versions without news", false),
        ("real revisions lost", f"{lost[0]} of {lost[1]}", "0", lost[0] == 0),
        _none("false versions from a new skin", skin),
        _none("not found, without a capture", accused[0]),
        _none("not found, though the site has it", accused[1]),
    ]
    table = Table(f"seed {country.seed}, {len(country.sites)} sites", "measured", "bar", "")
    for name, measured, bar, holds in rows:
        table.add_row(name, measured, bar, "" if holds else "missed")
    console.print(table)
    _by_trait(console, first)
    for note in first.notes[:details]:
        console.print(f"  {note}")
    return all(row[3] for row in rows)


def _none(name: str, count: int) -> tuple[str, str, str, bool]:
    return name, str(count), "0", count == 0


def _by_trait(console: Console, first: Grade) -> None:
    table = Table("kind", "reports", "found", "whole")
    for trait, (reports, found, whole) in sorted(first.by_trait.items()):
        if found < reports or whole < found:
            table.add_row(trait, str(reports), str(found), str(whole))
    console.print(table)
