"""The page of the sources: the same numbers as the command, what each vantage saw, and the sources with their evidence."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from published import make_archive

from archive.publish import publish
from archive.state.lives import Life, Lived
from archive.store import Archive
from crawler.registry import Entry, Source, write
from web import app
from web.saying import words

HENAN = "410000"
AT = "2026-01-0{}T03:04:05Z"
SOURCES = {
    "410000": ("province", [("", Life.VERIFIED)]),
    "410700": ("city", [("", Life.COLUMN_FOUND)]),
    "410724": ("county", [("home", Life.BLOCKED), ("chengdu", Life.VERIFIED)]),
    "410702": ("county", [("home", Life.DEAD)]),
    "410703": ("county", []),
}


def _source(code: str, level: str) -> Source:
    url = f"http://www.s{code}.gov.cn/"
    return Source(f"s-{code}", f"{code}人民政府", code, level, "government", Entry.PORTAL, url)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive, the registry that it was given, and the publication."""
    folder = tmp_path_factory.mktemp("sources")
    rows = [_source(code, level) for code, (level, _seen) in SOURCES.items()]
    write(folder / "r.csv", rows)
    make_archive(folder / "a.db")
    named = _source("410711", "county").row() | {"id": "named", "from_url": "http://www.s410700.gov.cn/"}
    with Archive.open(folder / "a.db") as archive:
        archive.keep_sources(row.row() for row in rows)
        archive.keep_lives(_lives())
        archive.keep_candidates([named | {"evidence": "linked as 牧野区 from s-410700"}])
        column = rows[0].row() | {"id": "s-410000-nb", "url": "http://www.s410000.gov.cn/nb/"}
        archive.keep_sources([column])
        archive.keep_found(column, "s-410000", "named 信息公开年报")
    publish(folder / "a.db", folder / "public")
    return folder


def _lives() -> list[Lived]:
    found = [Lived("s-410000", "", AT.format(1), Life.ANSWERS, "ok", "", "no column found", "r")]
    for code, (_level, seen) in SOURCES.items():
        for day, (vantage, state) in enumerate(seen, 2):
            outcome = "blocked_waf" if state is Life.BLOCKED else "ok"
            found.append(Lived(f"s-{code}", vantage, AT.format(day), state, outcome, "", f"why {code}", "r"))
    return found


@pytest.fixture(scope="module")
def get(made: Path) -> Callable[[str], Any]:
    site = app(made / "public")
    return lambda path: asyncio.run(site.client.get(path))


@pytest.mark.parametrize(("province", "level"), [("", ""), (HENAN, ""), (HENAN, "county"), ("", "city")])
def test_the_page_and_the_command_say_the_same(
    made: Path, get: Callable[[str], Any], nianbao: Callable[..., Any], province: str, level: str
) -> None:
    chosen = [*(["--province", province] if province else []), *(["--level", level] if level else [])]
    files = ("--db", made / "a.db", "--registry", made / "r.csv", "--out", made / "public")
    command = ("sources", "coverage", *files, "--json")
    said = json.loads(nianbao(*command, *chosen).out)
    shown = get(f"/sources.json?province={province}&level={level}").json()
    assert (shown["totals"], shown["rows"]) == (said["totals"], said["rows"])
    assert shown.get("divisions") == (said["divisions"] if province else None)


def test_a_province_is_shown_division_by_division(get: Callable[[str], Any]) -> None:
    page = lxml.html.fromstring(get(f"/sources?province={HENAN}").text)
    rows = page.xpath("//section[@aria-labelledby='divisions']//tbody/tr")
    found = {row.xpath("string(.//th/span[@class='quiet'])"): row for row in rows}
    assert "已验证" in found["410724"].text_content()
    assert "他处取得" in found["410724"].text_content()
    assert "chengdu" in found["410724"].text_content()
    assert "没有来源" in found["410711"].text_content(), "a page that names a host makes it no source"
    only = lxml.html.fromstring(get(f"/sources?province={HENAN}&state=dead").text)
    assert len(only.xpath("//section[@aria-labelledby='divisions']//tbody/tr")) == 1


def test_each_source_tells_its_state_with_evidence_and_date(get: Callable[[str], Any]) -> None:
    found = {each["id"]: each for each in get("/sources.json").json()["sources"]}
    assert set(found) == {*(f"s-{code}" for code in SOURCES), "named"}, (
        "a found column stands with its portal"
    )
    first = found["s-410000"]
    assert (first["state"], first["at"], first["evidence"]) == ("verified", AT.format(2), "why 410000")
    blocked = found["s-410724"]
    assert (blocked["state"], blocked["vantage"], blocked["elsewhere"]) == ("verified", "chengdu", True)
    assert [(each["vantage"], each["state"]) for each in blocked["seen"]] == [
        ("chengdu", "verified"),
        ("home", "blocked"),
    ]
    assert (found["s-410703"]["state"], found["s-410703"]["seen"]) == ("not asked", [])
    named = found["named"]
    assert (named["state"], named["origin"]) == ("candidate", "page")
    assert named["evidence"].startswith("linked as ")
    assert [each["id"] for each in get("/sources.json?state=dead").json()["sources"]] == ["s-410702"]


def test_what_each_vantage_saw(get: Callable[[str], Any]) -> None:
    seen = get("/sources.json").json()["vantages"]
    assert [(each["vantage"], each["sources"], each["states"]) for each in seen] == [
        ("", 2, {"column found": 1, "verified": 1}),
        ("chengdu", 1, {"verified": 1}),
        ("home", 2, {"blocked": 1, "dead": 1}),
    ]
    assert get("/sources.json?province=110000").json()["vantages"] == []


def test_every_change_of_a_source_is_published(made: Path) -> None:
    with closing(sqlite3.connect(made / "public" / "nianbao.db")) as conn:
        states = conn.execute(
            "select state from source_life where source_id = 's-410000' order by at"
        ).fetchall()
    assert states == [("answers",), ("verified",)]


@pytest.mark.parametrize("path", ["/", "/map"])
def test_home_and_map_lead_there(get: Callable[[str], Any], path: str) -> None:
    assert lxml.html.fromstring(get(path).text).xpath("//main//a[@href='/sources']")


def test_an_unknown_province_says_what_to_do(get: Callable[[str], Any]) -> None:
    answer = get("/sources?province=999999")
    assert answer.status_code == 404
    assert "/division/410000" in answer.text


def test_every_state_has_words_and_a_sign() -> None:
    from archive.state.standings import NO_SOURCE, NOT_ASKED

    assert set(words.LIVES) == set(words.LIFE_SIGNS) == {*map(str, Life), NOT_ASKED, NO_SOURCE}
    assert len(set(words.LIFE_SIGNS.values())) == len(words.LIFE_SIGNS)
