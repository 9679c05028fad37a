"""`nianbao check`: what an office should mend in its report before it publishes it.

A problem is a finding with the rule that it is a failure of, its cells under the labels of the form, and the misprint that
explains it. Nothing here asks a network or an archive.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from archive.derived import chains
from archive.derived.chains import Cell as Counted
from archive.publication.book import entries
from archive.rows.alike import share, sketch
from archive.rows.reduced import prose, reduce
from parsers.findings import Finding, FindingKind, Severity, words
from parsers.records import Figure, Report
from parsers.rulebook import Rule, rule, rule_of
from web.views import view

HALF = 0.5
"""So much of the text may stand in last year's report."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its code, what the form calls it, what is printed, and where it stands in the file."""

    code: str
    label: str
    raw: str
    place: str


@dataclass(frozen=True, slots=True)
class Misprint:
    """A cell that is likely misprinted, what would make all sums hold, and by which slip (`parsers.proof.misprints.Slip`)."""

    cell: Cell
    suggested: int | float
    slip: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend. `left` and `right` are the two sums of an identity, with the terms as printed.

    `rule` is None for what is no failure of the report, but of our reading of it. `misprints` name the only change that
    makes all hold; where there are several, `one_of` has the cells of which one is wrong.
    """

    rule: Rule | None
    finding: Finding
    cells: tuple[Cell, ...]
    left: Mapping[str, Any] | None = None
    right: Mapping[str, Any] | None = None
    misprints: tuple[Misprint, ...] = ()
    one_of: tuple[Cell, ...] = ()

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        return self.finding.severity

    def as_json(self) -> dict[str, Any]:
        """All that it says, with its words in both languages."""
        values, kind = self.finding.values, self.finding.kind
        return {
            "rule": self.rule.id if self.rule else None,
            "severity": self.severity.value,
            "kind": kind.value,
            "message": words(kind, values, "en"),
            "message_zh": words(kind, values, "zh"),
            "cells": [asdict(cell) for cell in self.cells],
            "left": self.left,
            "right": self.right,
            "misprints": [asdict(each) for each in self.misprints],
            "one_of": [asdict(cell) for cell in self.one_of],
        }


@dataclass(frozen=True, slots=True)
class Checked:
    """One report of a file and its problems, the gravest first."""

    file: str
    report: Report
    problems: tuple[Problem, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many problems there are of each severity."""
        found = Counter(problem.severity for problem in self.problems)
        return {severity.value: found[severity] for severity in Severity}

    @property
    def identities(self) -> dict[str, int]:
        """How many identities were `checked`, and how many `hold`."""
        of = self.report.identities
        return {"checked": len(of), "hold": sum(one.holds for one in of)}

    def as_json(self) -> dict[str, Any]:
        """The value that `nianbao check --json` prints for it."""
        report = self.report
        return {
            "file": self.file,
            "is_report": report.is_report,
            "title": report.title,
            "issuer": report.issuer,
            "year": report.year,
            "identities": self.identities,
            "counts": self.counts,
            "problems": [problem.as_json() for problem in self.problems],
        }


def checked(file: str, report: Report, last: Report | None = None) -> Iterator[Checked]:
    """The reports of a file with what is to be mended in each. `last`: that of the year before, of the same body."""
    for one in (report, *report.others):
        found = [*one.findings, *(_since(one, last) if last else ())]
        order = list(Severity)
        problems = sorted(_problems(one, found), key=lambda problem: order.index(problem.severity))
        yield Checked(file, one, tuple(problems))


def _problems(report: Report, found: list[Finding]) -> Iterator[Problem]:
    figures = {figure.code: figure for figure in report.figures}
    labels = view.label_of(entries(), report.generations)

    def cell(code: str) -> Cell:
        return _cell(code, figures.get(code), labels)

    misprints = [finding for finding in found if finding.kind is FindingKind.MISPRINT]
    for finding in found:
        if finding.kind is FindingKind.MISPRINT:
            continue
        cells = tuple(cell(code) for code in finding.codes)
        number = rule(rule_of(finding.kind, finding.values))
        if finding.kind is not FindingKind.IDENTITY_FAILS:
            yield Problem(number, finding, cells)
            continue
        sums = {side: finding.values[side] for side in ("left", "right")}
        about = [one for one in misprints if not set(one.codes).isdisjoint(finding.codes)]
        only = [each for one in about for each in one.values.get("cells", ())]
        likely = tuple(
            Misprint(cell(each["code"]), each["suggested"], each["slip"])
            for each in only
            if each["code"] in finding.codes
        )
        open_ = [code for one in about if "cells" not in one.values for code in one.codes]
        one_of = tuple(cell(code) for code in open_ if code in finding.codes)
        yield Problem(number, finding, cells, **sums, misprints=likely, one_of=one_of)


def _cell(code: str, figure: Figure | None, labels: Mapping[str, str]) -> Cell:
    return Cell(code, labels.get(code, code), figure.raw if figure else "", figure.place if figure else "")


def _since(now: Report, last: Report) -> Iterator[Finding]:
    """What does not follow from the report of the year before."""
    year = last.year or (now.year or 0) - 1
    before, after = (
        {figure.code: Counted(figure.value, figure.state) for figure in report.figures}
        for report in (last, now)
    )
    for finding in (chains.carry_over(before, after, year), chains.in_force(before, after, year)):
        if finding is not None:
            yield finding
    new, old = (sketch(reduce(prose(report))) for report in (now, last))
    if (part := share(new, old)) > HALF:
        yield Finding(FindingKind.TEXT_REPEATS_LAST_YEAR, (), {"percent": round(100 * part), "year": year})
