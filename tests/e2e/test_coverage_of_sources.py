"""`nianbao sources coverage` and `export`: divisions with and without a source, what proved to be one, and what of it is held."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made import HOST, Country, inline, says

from archive import pool
from archive.publish import publish
from archive.state.lives import Life, Lived
from archive.state.standings import NO_SOURCE, NOT_ASKED, Area, standings, tallies, total, with_areas
from archive.store import Archive
from crawler.registry import Entry, Source, load, write
from web import app

CODES = ("410000", "410700", "410724", "410702", "410703", "410704")
STATES = (Life.VERIFIED, Life.COLUMN_FOUND, Life.BLOCKED, Life.DEAD, None, Life.ANSWERS)


def _source(code: str) -> Source:
    level = "province" if code == "410000" else "city" if code == "410700" else "county"
    url = f"http://www.s{code}.gov.cn/"
    return Source(f"s-{code}", f"{code}人民政府", code, level, "government", Entry.PORTAL, url)


def _lived(code: str, state: Life, vantage: str = "", at: str = "2026-01-02T03:04:05Z") -> Lived:
    return Lived(f"s-{code}", vantage, at, state, "ok", "vsb", "two reports read", "r")


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, Path]:
    """An archive and a registry of six divisions, each in another state."""
    db, registry = tmp_path / "a.db", tmp_path / "r.csv"
    write(registry, map(_source, CODES))
    with Archive.open(db) as archive:
        archive.keep_lives(
            [_lived(code, state) for code, state in zip(CODES, STATES, strict=True) if state is not None]
            + [_lived("410724", Life.VERIFIED, "elsewhere")]
        )
        row = {**_source("410000").row(), "id": "s-410000-abc123", "url": "http://www.s410000.gov.cn/nb/"}
        archive.keep_found(row, "s-410000", "named 信息公开年报")
    return db, registry


def test_each_division_is_what_its_best_source_is(made: tuple[Path, Path]) -> None:
    db, registry = made
    with Archive.read_only(db) as archive:
        found = {each.division: each for each in standings(load(registry).sources.values(), archive.lives())}
    assert [found[code].state for code in CODES] == [
        "verified",
        "column found",
        "verified",
        "dead",
        NOT_ASKED,
        "answers",
    ]
    assert found["410711"].state == NO_SOURCE
    assert (found["410724"].vantages, found["410724"].elsewhere) == (("elsewhere",), True)


def test_had_elsewhere_is_not_missing() -> None:
    lives = {"s-410724": [_lived("410724", Life.BLOCKED), _lived("410724", Life.VERIFIED, "chengdu")]}
    (found,) = [each for each in standings([_source("410724")], lives) if each.division == "410724"]
    assert (found.state, found.elsewhere, found.vantages) == ("verified", True, ("chengdu",))
    (tally,) = tallies([found])
    assert (tally.divisions, tally.with_source, tally.elsewhere) == (1, 1, 1)


def test_each_area_counts_within_the_highest_above_it() -> None:
    areas = {
        "410000": Area("410000", "", 1000, 600),
        "410700": Area("410700", "410000", 400, 300),
        "410724": Area("410724", "410700", 50, 80),
        "420100": Area("420100", "", 1000, 0),
    }
    found = with_areas(standings([], {}), areas)
    assert {row.share_held for row in tallies(found) if row.province == "410000"} == {0.6, 0.75, 1.0, None}
    assert total(tallies(found)).share_held == 600 / 2000
    (county,) = [each for each in found if each.division == "410724"]
    assert county.as_json()["share_held"] == 1.0, "more than is reported is no more than all"
    assert "area" not in county.as_json()


def test_a_zone_is_no_source_of_its_parent() -> None:
    zone = Source("z", "某开发区管理委员会", "410700", "zone", "zone", Entry.PORTAL, "http://www.z.gov.cn/")
    (city,) = [each for each in standings([zone], {}) if each.division == "410700"]
    assert city.state == NO_SOURCE


def test_the_packaged_registry_covers_the_country() -> None:
    rows = list(tallies(standings(load().sources.values(), {})))
    divided = [row for row in rows if row.level != "zone"]
    assert sum(row.with_source for row in divided) >= 0.99 * sum(row.divisions for row in divided)


def test_the_commands(made: tuple[Path, Path], nianbao: Callable[..., Any], tmp_path: Path) -> None:
    db, registry = made
    said = nianbao("sources", "coverage", "--db", db, "--registry", registry, "--province", "河南").out
    assert "河南" in said
    assert "No source: " in said
    found = json.loads(
        nianbao("sources", "coverage", "--db", db, "--registry", registry, "--level", "city", "--json").out
    )
    (henan,) = [row for row in found["rows"] if row["province"] == "410000"]
    assert (henan["level"], henan["states"]["column found"], henan["with_source"]) == ("city", 1, 1)
    assert henan["share_held"] is None
    assert nianbao("sources", "coverage", "--db", db, "--province", "无").code == 2
    out = tmp_path / "verified.csv"
    assert nianbao("sources", "export", "--db", db, "--registry", registry, "--out", out).code == 0
    (row,) = load(out).sources.values()
    assert (row.entry, row.url, row.family) == (Entry.COLUMN, "http://www.s410000.gov.cn/nb/", "vsb")
    assert row.note.startswith("verified 2026-01-02: two reports read")


def test_the_share_held_is_that_of_the_publication(nianbao: Callable[..., Any], tmp_path: Path) -> None:
    country = Country(tmp_path / "a.db")
    code = "t3_new_received__total"
    for number, (issuer, scope, value) in enumerate([("获嘉县", "area", 10), ("获嘉县教育局", "body", 4)]):
        said = says(issuer=issuer, scope=scope, values={code: value}, text=f"第{number}份。")
        country.shows(f"{HOST}/{number}.html", said)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool, "run", lambda *a, **k: (each for each in inline(*a, **k)))
        country.read()
    country.archive.close()
    publish(tmp_path / "a.db", tmp_path / "public")
    files = ("--db", tmp_path / "a.db", "--out", tmp_path / "public")
    command = ("sources", "coverage", *files, "--province", "河南")
    found = json.loads(nianbao(*command, "--json").out)
    assert found["totals"]["share_held"] == 0.4
    (county,) = [each for each in found["divisions"] if each["share_held"] is not None]
    assert (county["division"], county["share_held"]) == ("410724", 0.4)
    assert "40.0 %" in nianbao(*command).out
    site = app(tmp_path / "public")
    page = asyncio.run(site.client.get("/sources?province=410000")).text
    assert page.count("40.0 %") == 3, "the county level, the province, the county itself"
    shown = asyncio.run(site.client.get("/sources.json?province=410000")).json()
    assert [row["share_held"] for row in shown["rows"]] == [row["share_held"] for row in found["rows"]]
