"""Thirty noisy nights make no version, and one digit makes exactly one whose cell is named: the real parser, real pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from made import Country, inline

from archive import pool
from archive.derived import derive
from archive.derived.comparing import compare, content_of
from benchmarks.nights import CELL, one_digit
from crawler.page import Page
from crawler.verdicts.doubts import said
from sample import truth
from sample.make import country
from sample.places import Site
from sample.sites import render_site
from sample.sites.files import SiteFiles
from tests.corpus.noise import noisy

NIGHTS = 30
MADE = one_digit(country(years=range(2024, 2026)))
REVISED = next(report for report in MADE.reports if report.revisions)


@dataclass(frozen=True)
class Shown:
    """One report's page as its site has it on a night."""

    report: truth.Truth
    files: SiteFiles

    def body(self, day: int, request: int) -> bytes:
        """The page with the noise of one request."""
        page = self.files.get(self.report.place.path)
        assert page is not None
        filled = page.filled(1000 + request, datetime(2026, 1, 1, 3, request % 60))
        charset = self.report.site.charset
        return noisy(filled.decode(charset), day, request).encode(charset)


def pages(night: int) -> list[Shown]:
    """A page of each site, the one that will be revised among them."""
    found: dict[Site, truth.Truth] = {
        report.site: report for report in MADE.reports if report.form is truth.Form.PAGE
    }
    found[REVISED.site] = REVISED
    return [Shown(report, render_site(MADE, site, night)) for site, report in found.items()]


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Country]:
    monkeypatch.setattr(pool, "run", lambda *a, **k: (each for each in inline(*a, **k)))
    filled = Country(tmp_path / "archive.db")
    yield filled
    filled.archive.close()


def test_noise_makes_other_bytes_and_is_not_worth_a_second_look() -> None:
    for shown in pages(1):
        bodies = [shown.body(day, day * 7) for day in range(1, 6)]
        assert len(set(bodies)) == len(bodies)
        assert len({said(Page("http://a.gov.cn/1.html", body, "text/html")) for body in bodies}) == 1


def test_noisy_nights_make_no_version_and_one_digit_makes_one(archive: Country) -> None:
    first = pages(1)
    for day in range(1, NIGHTS + 1):
        night(archive, first, day, looks=1)
    derive.read(archive.archive)
    assert archive.rows("select count(*), max(number) from version") == [(len(first), 1)]
    assert archive.rows("select class, count(*) from event group by class") == [
        ("noise", len(first) * (NIGHTS - 1))
    ]
    night(archive, pages(2), NIGHTS + 1, looks=2)
    assert derive.read(archive.archive).versions == 1
    assert archive.rows("select class, before, version from event where class <> 'noise'") == [
        ("number revised", 1, 2)
    ]
    sql = "select v.id from version v join report r on r.id = v.report_id where r.year = ? and v.report_id in"
    sql += " (select report_id from version where number = 2) order by v.number"
    old, new = (row[0] for row in archive.archive.db.execute(sql, (REVISED.year,)))
    found = compare(content_of(archive.archive.db, old), content_of(archive.archive.db, new))
    assert ([cell.code for cell in found.cells], found.prose) == ([CELL], ())


def night(archive: Country, shown: list[Shown], day: int, looks: int) -> None:
    """Every page as one night's crawl brings it, a page that changed twice."""
    run = archive.night(min(day, 31))
    for number, each in enumerate(shown):
        url = f"http://{each.report.site.key}.gov.cn/{number}.html"
        for look in range(looks):
            body = each.body(day, day * 100 + number * 10 + look)
            archive.shows(url, body, min(day, 31), run=run, time=f"0{look}:00:00", title=each.report.title)
