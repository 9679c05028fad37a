"""`nianbao bodies list|history|join|part` as a person calls them, on a small archive of a county that became a district."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import made
import pytest
from made import HOST, Country, says

from archive.store import Archive

OLD, NEW = "密云区住建局", "密云区住房建设局"
COUNTY, DISTRICT = "密云县人民政府", "密云区人民政府"


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four bodies: a government under two names, and two departments that somebody should look at."""
    monkeypatch.setattr("archive.pool.run", made.inline)
    country = Country(tmp_path / "a.db")
    country.source("s1", DISTRICT, "110118")
    for year, name in ((2013, "密云县"), (2016, "密云区")):
        title = f"{name}{year}年政府信息公开工作年度报告"
        country.shows(f"{HOST}/{year}.html", says(issuer=name, year=year), title=title)
    for year, name in ((2017, OLD), (2018, NEW)):
        report = says(issuer=name, year=year, scope="body", values={"b": year})
        country.shows(f"{HOST}/d{year}.html", report, title=f"{name}{year}年政府信息公开工作年度报告")
    country.read()
    country.archive.close()
    return tmp_path / "a.db"


@pytest.fixture
def bodies(db: Path, nianbao: Callable[..., Any]) -> Callable[..., Any]:
    """Runs `nianbao bodies ARGUMENTS` on the archive."""
    return lambda *arguments: nianbao("bodies", *arguments, "--db", db)


def _read(bodies: Callable[..., Any], *arguments: str) -> Any:
    ended = bodies(*arguments, "--json")
    assert ended.code == 0, ended.err
    return json.loads(ended.out)


def test_list_has_every_body_with_its_unit_and_years(bodies: Callable[..., Any]) -> None:
    found = {each["body"]: each for each in _read(bodies, "list")}
    assert set(found) == {COUNTY, DISTRICT, OLD, NEW}
    assert found[COUNTY]["unit"] == found[DISTRICT]["unit"]
    assert found[OLD]["unit"] != found[NEW]["unit"]
    assert {each["unit_2025"] for each in found.values()} == {"110118"}
    assert (found[OLD]["first"], found[OLD]["last"]) == (2017, 2017)


def test_list_takes_the_beginning_of_a_code(bodies: Callable[..., Any]) -> None:
    every = _read(bodies, "list")
    code = next(each["division"] for each in every if each["body"] == DISTRICT)
    assert {each["body"] for each in _read(bodies, "list", "--division", code)} == {
        each["body"] for each in every if each["division"] == code
    }
    assert _read(bodies, "list", "--division", "65") == []
    ended = bodies("list", "--division", "65")
    assert (ended.code, ended.err) == (0, "")


def test_list_names_candidates_with_what_speaks_for_them(bodies: Callable[..., Any]) -> None:
    (pair,) = _read(bodies, "list", "--candidates")
    assert set(pair["names"]) == {OLD, NEW}
    assert {pair["one"], pair["other"]} == {
        each["id"] for each in _read(bodies, "list") if each["body"] in (OLD, NEW)
    }
    assert f"{OLD} 2017-2017" in pair["evidence"]
    shown = bodies("list", "--candidates")
    assert shown.code == 0
    assert "1 pairs" in shown.out


def test_history_is_the_same_under_either_name(bodies: Callable[..., Any]) -> None:
    first, second = _read(bodies, "history", COUNTY), _read(bodies, "history", DISTRICT)
    assert first == second
    assert {each["body"] for each in first["bodies"]} == {COUNTY, DISTRICT}
    (edge,) = [each for each in first["edges"] if each["kind"] == "renamed"]
    assert (edge["from"], edge["to"], edge["year"], edge["law"]) == (
        COUNTY,
        DISTRICT,
        2015,
        "国函〔2015〕182号",
    )
    shown = bodies("history", DISTRICT)
    assert shown.code == 0
    assert "What happened" in shown.out
    assert "renamed" in shown.out


def test_join_makes_one_unit_and_part_takes_it_back(bodies: Callable[..., Any], db: Path) -> None:
    alone = _read(bodies, "history", OLD)
    assert [each["body"] for each in alone["bodies"]] == [OLD]
    joined = _read(bodies, "join", OLD, NEW, "--note", "2019年机构改革")
    assert (joined["bodies"], joined["verdict"], joined["note"]) == ([OLD, NEW], "joined", "2019年机构改革")
    together = _read(bodies, "history", OLD)
    assert {each["body"] for each in together["bodies"]} == {OLD, NEW}
    assert {edge["kind"] for edge in together["edges"]} == {"joined"}
    assert _read(bodies, "list", "--candidates") == []

    said = bodies("part", NEW, OLD)
    assert (said.code, f"{NEW}, {OLD}: parted" in said.out) == (0, True)
    assert [each["body"] for each in _read(bodies, "history", OLD)["bodies"]] == [OLD]
    with Archive.read_only(db) as archive:
        rows = archive.db.execute("select id, verdict, note from body_join").fetchall()
    assert [tuple(row) for row in rows] == [(joined["id"], "parted", "")], "the last word of a pair counts"


def test_a_body_is_named_by_its_id_or_a_part_of_its_name(bodies: Callable[..., Any]) -> None:
    own = next(each["id"] for each in _read(bodies, "list") if each["body"] == NEW)
    assert (
        _read(bodies, "history", own) == _read(bodies, "history", NEW) == _read(bodies, "history", "住房建设")
    )


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (("history", "无此机关"), "no body is called 无此机关"),
        (("history", "密云区"), "stands for 3 bodies"),
        (("join", OLD, OLD), "name two bodies"),
        (("join", OLD, "无此机关"), "a part of a name will do"),
        (("part", NEW, "住房建设"), "name two bodies"),
        (("join", OLD), "OTHER"),
    ],
)
def test_a_name_that_will_not_do_is_a_usage_error_and_changes_nothing(
    bodies: Callable[..., Any], db: Path, arguments: tuple[str, ...], remedy: str
) -> None:
    ended = bodies(*arguments)
    assert ended.code == 2
    assert remedy in ended.err
    with Archive.read_only(db) as archive:
        assert archive.db.execute("select count(*) from body_join").fetchone()[0] == 0


@pytest.mark.parametrize(
    "words", [("list",), ("history", "某局"), ("join", "甲", "乙"), ("part", "甲", "乙")]
)
def test_without_an_archive_none_is_made(
    nianbao: Callable[..., Any], tmp_path: Path, words: tuple[str, ...]
) -> None:
    none = tmp_path / "none.db"
    ended = nianbao("bodies", *words, "--db", none)
    assert ended.code == 2
    assert str(none) in ended.err
    assert not none.exists()
