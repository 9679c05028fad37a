"""Runs the examples of the book of rules through the code that checks: the parser, or an archive that holds them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from made import HOST, Country, inline, says

from archive import pool
from archive.divisions import divisions
from parsers import identities
from parsers.codebook import forms, table_of_code
from parsers.findings import FindingKind
from parsers.records import Figure, Proof, State
from parsers.report import parse
from parsers.rulebook import Said, example
from parsers.templates import Values

BODY = "获嘉县教育局"
Found = tuple[str, Values]
"""Kind and values of a finding."""
ACROSS = {
    FindingKind.CARRY_OVER_DIFFERS,
    FindingKind.IN_FORCE_DIFFERS,
    FindingKind.TEXT_REPEATS_LAST_YEAR,
    FindingKind.FIGURES_OF_ANOTHER_BODY,
    FindingKind.WRONG_NAME_INSIDE,
    FindingKind.FIGURE_UNUSUAL,
    FindingKind.FIGURES_REPEAT_LAST_YEAR,
}
"""What takes more than the report alone to tell."""


def found_in(text: str, kind: FindingKind, generation: str, folder: Path) -> list[Found]:
    """What is found in an example of a rule of this kind; cells are those of a table of `generation`."""
    reports = example(text)
    if kind in ACROSS:
        return list(_in_archive(reports, folder))
    (report,) = reports
    return list(_in_cells(report, generation) if report.cells else _in_text(report))


def _in_cells(report: Said, generation: str) -> Iterator[Found]:
    """A whole table with these cells and no others that are not 0."""
    table = table_of_code(next(iter(report.cells)))
    codes = [code for row in forms()[table, generation].rows for code in row.codes]
    assert report.cells.keys() <= set(codes)
    values = {code: report.cells.get(code, 0) for code in codes}
    figures = {
        code: Figure(code, value, State.NUMBER, str(value), "", Proof.UNPROVEN, "")
        for code, value in values.items()
    }
    checked = identities.check({table: generation}, figures)
    for finding in identities.failures(checked, figures):
        yield finding.kind, finding.values


def _in_text(report: Said) -> Iterator[Found]:
    title = f"{report.body or BODY}{report.year}年政府信息公开工作年度报告"
    for finding in parse(f"{title}\n{report.text}".encode()).findings:
        yield finding.kind, finding.values


def _in_archive(reports: tuple[Said, ...], folder: Path) -> Iterator[Found]:
    """What the newest report of an archive of these is found to say."""
    country = Country(folder / "archive.db")
    with closing(country.archive), pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool, "run", lambda *a, **k: (each for each in inline(*a, **k)))
        for number, report in enumerate(reports):
            body, source = report.body or BODY, f"source {number}"
            code, place = next(each for each in divisions().items() if body.startswith(each[1]))
            country.source(source, f"{place}人民政府", code)
            own = {"issuer": body, "year": report.year, "values": report.cells}
            said = says(**own, text=report.text or f"第{number}份。")
            country.shows(f"{HOST}/{number}.html", said, source=source)
        country.read()
        for kind, values in country.rows('select kind, "values" from finding'):
            yield kind, json.loads(values)
