"""A crawl of a country that has a site for each dialect of each CMS family, scored by its truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import crawling
import pytest
from skins import SKINS, truth, walk

from archive.store import Archive
from crawler.families import families
from sample.make import every_family
from sample.places import Site
from sample.server import Hit, Server
from sample.sites import FAMILIES
from sample.truth import LookAlike, Truth

COUNTRY = every_family()
SITES = {f"{site.family}-{site.dialect or 'plain'}-{site.nesting}": site for site in COUNTRY.sites}


@dataclass
class Night:
    """One crawl of the country: what it said, what it asked, what it kept and what it linked."""

    server: Server
    result: dict[str, Any]
    hits: list[Hit]
    captured: Counter[str]
    links: dict[str, str]
    reasons: set[str]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    folder = tmp_path_factory.mktemp("families")
    db, registry = folder / "a.db", folder / "r.csv"
    with Server(COUNTRY, noise=False) as server:
        registry.write_text(server.registry_csv(), "utf-8")
        result = crawling.crawl(db, registry)
        return _night(server, result, db)


def _night(server: Server, result: dict[str, Any], db: Path) -> Night:
    with Archive.open(db) as archive:
        rows = archive.db.execute("select url from capture where kind in ('document', 'attachment')")
        links = archive.db.execute("select to_url, decision from link where decision <> 'page'")
        reasons = archive.db.execute("select distinct reason from fetch")
        return Night(
            server,
            result,
            list(server.log),
            Counter(row[0] for row in rows),
            {row[0]: row[1] for row in links},
            {row[0] or "" for row in reasons},
        )


def _urls(server: Server, site: Site, path: Callable[[Truth], str | None]) -> set[str]:
    found = (path(report) for report in COUNTRY.at_site(site))
    return {site.base(server.port) + each for each in found if each}


def _of(night: Night, site: Site) -> set[str]:
    return {url for url in night.captured if url.startswith(f"{site.base(night.server.port)}/")}


def test_every_family_has_a_site() -> None:
    assert {site.family for site in COUNTRY.sites} == set(FAMILIES)
    assert set(families()) - {"nfcms"} == set(FAMILIES)


@pytest.mark.parametrize("name", SITES)
def test_every_report_is_found(night: Night, name: str) -> None:
    site = SITES[name]
    wanted = _urls(night.server, site, lambda report: report.place.path)
    assert len(wanted) == 15
    assert wanted - _of(night, site) == set()


@pytest.mark.parametrize("name", SITES)
def test_every_attachment_is_found(night: Night, name: str) -> None:
    site = SITES[name]
    wanted = _urls(night.server, site, lambda report: report.place.attachment)
    assert wanted
    assert wanted - _of(night, site) == set()


@pytest.mark.parametrize("name", SITES)
def test_nothing_else_is_taken_for_a_report(night: Night, name: str) -> None:
    site, server = SITES[name], night.server
    wanted = _urls(server, site, lambda report: report.place.path)
    wanted |= _urls(server, site, lambda report: report.place.attachment)
    wanted |= _urls(server, site, lambda report: report.place.twin if site.family == "shaanxi" else None)
    assert _of(night, site) - wanted == set()


@pytest.mark.parametrize("name", SITES)
def test_every_row_of_every_column_is_seen(night: Night, name: str) -> None:
    site, server = SITES[name], night.server
    base = site.base(server.port)
    items: list[Truth | LookAlike] = [*COUNTRY.at_site(site), *COUNTRY.look_alikes, *COUNTRY.forbidden]
    listed = {base + item.place.path for item in items if item.site == site}
    assert listed - set(night.links) == set()


def test_nothing_disallowed_is_asked(night: Night) -> None:
    asked = {f"http://{hit.host}:{night.server.port}{hit.path}" for hit in night.hits}
    assert not asked & {other["url"] for other in night.server.truth()["forbidden"]}
    assert not [hit for hit in night.hits if "/internal/" in hit.path]


def test_one_request_at_a_time_a_host(night: Night) -> None:
    for site in COUNTRY.sites:
        spans = sorted((hit.started, hit.ended) for hit in night.hits if hit.host == site.address)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_nothing_is_asked_twice(night: Night) -> None:
    asked = Counter((hit.host, hit.method, hit.path) for hit in night.hits if hit.method == "GET")
    assert [each for each, times in asked.items() if times > 1] == []


def test_no_page_is_asked_that_is_not_there(night: Night) -> None:
    """But for the one address that is asked to learn how a host shows what is missing."""
    missing = [(hit.host, hit.path) for hit in night.hits if hit.status == 404]
    assert [each for each in missing if "missing-page" not in each[1]] == []


def test_the_night_is_a_success(night: Night) -> None:
    """A page that is empty or deaf is no harm where all that was announced is listed."""
    assert night.result["problems"] == []
    assert night.result["outcome"] == "ok"


def test_what_was_odd_is_recorded(night: Night) -> None:
    said = "\n".join(night.reasons)
    assert "the rows repeat the page before" in said
    assert "of the listing is empty" in said
    assert "a postback of __VIEWSTATE, which is not followed" in said


# --- the same protocols in other skins ---


@pytest.mark.parametrize("skin", SKINS)
@pytest.mark.parametrize("name", SITES)
def test_other_skins_of_the_same_protocol(name: str, skin: str) -> None:
    wanted, twins = truth(COUNTRY, SITES[name])
    kept = walk(COUNTRY, SITES[name], SKINS[skin])
    assert wanted - kept == set()
    assert kept - wanted - twins == set()
