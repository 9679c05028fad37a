"""The truth as JSON, for whoever scores a crawl: what should be found, and what should not."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

from sample import paths
from sample.figures import Broken
from sample.places import Body, Nesting, Site
from sample.truth import Country, LookAlike, Truth

REGISTRY_COLUMNS = ("id", "name", "division", "level", "kind", "entry", "url", "family", "note")


def answers(country: Country, port: int, night: int = 1) -> dict[str, Any]:
    """Everything that a crawl of the country on `night` should come to."""
    return {
        "seed": country.seed,
        "night": night,
        "sites": [_site(site, port) for site in country.sites],
        "reports": [report_answer(report, port, night) for report in country.reports],
        "negatives": [_negative(other, port) for other in country.look_alikes],
        "forbidden": [_negative(other, port) for other in country.forbidden],
        "gaps": [{"body": gap.body.name, "year": gap.year} for gap in country.gaps],
    }


def report_answer(report: Truth, port: int, night: int = 1) -> dict[str, Any]:
    """One report: who, which year, where, and every figure and statement by its code."""
    base = report.site.base(port)
    text = report.at(night)
    return {
        "site": report.site.key,
        "body": report.body.name,
        "division": report.body.division,
        "kind": report.body.kind.value,
        "year": report.year,
        "scope": report.scope,
        "title": report.title,
        "published": report.published.isoformat(timespec="minutes"),
        "generation": report.generation,
        "form": report.form.value,
        "url": base + report.place.path,
        "twin_url": base + report.place.twin if report.place.twin else None,
        "attachment_url": base + report.place.attachment if report.place.attachment else None,
        "revised": bool(report.revisions),
        "version": 1 + min(night - 1, len(report.revisions)),
        "figures": text.figures,
        "figures_by_version": [report.figures, *(later.figures for later in report.revisions)],
        "statements": text.statements,
        "sections": [
            {"number": section.number, "title": section.title, "text": section.text}
            for section in text.sections
        ],
        "printed_errors": [_error(error) for error in report.printed_errors],
    }


def registry_csv(country: Country, port: int) -> str:
    """The registry of the country: a row a column; the family is left empty on every other site."""
    target = StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(REGISTRY_COLUMNS)
    for site in country.sites:
        bodies = [body for body in country.bodies if body.site == site.key]
        own = bodies if site.nesting is Nesting.BODIES else bodies[:1]
        for body in own:
            writer.writerow(_row(site, body, port))
    return target.getvalue()


def _row(site: Site, body: Body, port: int) -> tuple[str, ...]:
    family = site.family if site.case in (0, 3) and not site.dialect else ""
    note = "" if site.nesting is Nesting.BODIES else "all bodies of the site"
    return (
        f"sample-{site.key}-{body.order}",
        body.name,
        body.division,
        body.level,
        body.kind.value,
        "column",
        site.base(port) + paths.entry(site, body),
        family,
        note,
    )


def _site(site: Site, port: int) -> dict[str, Any]:
    return {
        "key": site.key,
        "name": site.name,
        "host": site.address,
        "url": f"{site.base(port)}/",
        "family": site.family,
        "charset": site.charset,
        "nesting": site.nesting.value,
    }


def _negative(other: LookAlike, port: int) -> dict[str, Any]:
    return {
        "site": other.site.key,
        "kind": other.kind,
        "title": other.title,
        "url": other.site.base(port) + other.place.path,
    }


def _error(error: Broken) -> dict[str, Any]:
    return {"identity": error.id, "codes": list(error.codes)}
