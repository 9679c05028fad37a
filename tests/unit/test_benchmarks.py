"""Benchmarks are programs, too: each is told of by --help, and their pages are what they are said to be."""

from __future__ import annotations

import pytest

from benchmarks.__main__ import MEASUREMENTS, main
from benchmarks.cluster import Pages
from parsers.report import parse


def test_help_names_every_measurement(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    printed = capsys.readouterr().out
    assert all(name in printed for name in MEASUREMENTS)


def test_a_cluster_reads_pages_of_real_size_each_a_report_of_its_own() -> None:
    pages = Pages(1)
    every = 81
    made = [pages.page(number) for number in (0, 1, every, 12 * every)]
    assert all(60_000 < len(page) < 90_000 for page in made)
    read = [parse(page) for page in made]
    assert all(report.is_report and not report.findings for report in read)
    assert len({(report.issuer, report.year) for report in read}) == len(made)
