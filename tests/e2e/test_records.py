"""A report that is kept comes back equal, also one that an older version kept with the names of every field."""

from __future__ import annotations

import json
from pathlib import Path

import zstandard
from made import report as made_report
from made import says

from archive.rows.records import pack, unpack
from parsers.records import Identity, Report
from parsers.report import parse
from sample.forms.markup import as_html
from sample.make import country


def real() -> Report:
    page = as_html(country(bodies=2).reports[0])
    return parse(f"<html><body><h1>某县2021年政府信息公开工作年度报告</h1>{page}</body></html>".encode())


def test_a_report_comes_back_equal(tmp_path: Path) -> None:
    for report in (real(), made_report(says(others=[says(year=2021)]))):
        assert unpack(pack(report)) == report
    assert real().figures
    assert isinstance(unpack(pack(real())).identities[0], Identity)


def test_records_of_an_older_version_are_read() -> None:
    report = real()
    older = zstandard.ZstdCompressor().compress(json.dumps(report.as_dict()).encode())
    assert unpack(older) == report
    assert len(pack(report)) < len(
        zstandard.ZstdCompressor(level=6).compress(json.dumps(report.as_dict()).encode())
    )
