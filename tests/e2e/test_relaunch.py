"""A host is rebuilt, crawled and read for real: its reports keep their identity, and addresses alone make no version."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import crawling
from clocks import MachineClock
from mockserver import MockServer

from archive.derived import derive
from archive.store import Archive
from sample.forms.markup import as_html
from sample.make import country
from sample.truth import Form, Truth

MADE = country()
BODY = next(
    body for body in MADE.bodies if sum(r.body == body and r.form is Form.PAGE for r in MADE.reports) > 4
)
REPORTS = [r for r in MADE.reports if r.body == BODY and r.form is Form.PAGE][:4]


def site(path: str, template: str, shown: list[Truth]) -> dict[str, Any]:
    """A column and its reports under one naming of addresses, in one template."""
    paths = {path.format(report.year): report for report in shown}
    rows = "".join(
        f'<li><a href="{at}">{r.title}</a><span>{r.published:%Y-%m-%d}</span></li>' for at, r in paths.items()
    )
    pages = {at: template.format(title=r.title, text=as_html(r)) for at, r in paths.items()}
    return {"/nb/": f"<html><body><ul>{rows}</ul></body></html>", **pages}


OLD = "<html><head><title>{title}</title></head><body><h1>{title}</h1>{text}</body></html>"
NEW = (
    "<html><head><title>{title}_政府网</title></head><body><div class='top'>今天是2026年3月1日</div>"
    "<div class='content'><h2>{title}</h2><p>发布时间：2026-03-01</p>{text}</div><p>版权所有</p></body></html>"
)


def test_a_relaunched_host_keeps_its_reports_and_makes_no_version(tmp_path: Path) -> None:
    clock = MachineClock(tmp_path / "clock")
    with MockServer(site("/nb/t20260130_{}.html", OLD, REPORTS)) as server:
        db = tmp_path / "a.db"
        registered = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")], name=BODY.name)
        crawling.crawl(db, registered, environment=clock.environment)
        with Archive.open(db) as archive:
            assert derive.read(archive).versions == len(REPORTS)
            before = rows(archive, "select id, report_id, number, first_seen from version order by id")
        server.routes = site("/art/2026/3/1/art_1229002000_{}.html", NEW, REPORTS)
        clock.set_by(timedelta(days=1))
        crawling.crawl(db, registered, recheck="all", environment=clock.environment)
        with Archive.open(db) as archive:
            assert derive.read(archive).versions == 0
            assert (
                rows(archive, "select id, report_id, number, first_seen from version order by id") == before
            )
            assert rows(archive, "select class, count(*) from event group by class") == [
                ("moved", len(REPORTS))
            ]
            assert rows(archive, "select count(*) from rendition") == [(2 * len(REPORTS),)]


def rows(archive: Archive, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in archive.db.execute(sql)]
