"""Bodies in time: lives, names, what goes on, what was joined or divided; the hard examples of the data."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import made
import pytest
from made import HOST, Country, says

from archive.bodies import make
from archive.care.merge import merge
from archive.lineage import departments, joins, territory
from archive.lineage import lines as lines_of
from archive.lineage.lines import Decision, EdgeKind, Known, Lines, lines
from archive.publish import publish
from archive.store import Archive


def body(name: str, division: str, first: int | None = None, last: int | None = None) -> Known:
    made = make(name, division)
    return Known(made.id, made.name, made.division, made.kind.value, first, last)


def edges(found: Lines) -> set[tuple[str, str, str, int | None]]:
    return {(edge.one, edge.other, edge.kind.value, edge.year) for edge in found.edges}


def one_unit(found: Lines, *bodies: Known) -> bool:
    return len({found.units[each.id] for each in bodies}) == 1


@pytest.mark.parametrize(
    ("one", "other", "division"),
    [
        ("获嘉县住建局", "获嘉县住房和城乡建设局", "410724"),
        ("获嘉县文旅局", "获嘉县文化和旅游局", "410724"),
        ("获嘉县文化广电旅游体育局", "获嘉县文化体育广电和旅游局", "410724"),
        ("获嘉县发改委", "获嘉县发展和改革委员会", "410724"),
    ],
)
def test_an_abbreviation_is_the_same_authority(one: str, other: str, division: str) -> None:
    two = body(one, division, 2012, 2015), body(other, division, 2014, 2022)
    found = lines(two)
    assert one_unit(found, *two)
    assert [edge.kind for edge in found.edges] == [EdgeKind.SAME]


def test_a_reform_renames_a_department() -> None:
    old, new = body("获嘉县国土资源局", "410724", 2010, 2017), body("获嘉县自然资源局", "410724", 2019, 2024)
    found = lines((new, old))
    assert found.units[new.id] == old.id
    assert edges(found) == {(old.id, new.id, "renamed", 2019)}
    assert found.lives[old.id].last == 2017
    assert found.lives[new.id].first == 2019


def test_names_that_only_look_alike_stay_apart() -> None:
    bodies = (
        body("获嘉县教育局", "410724"),
        body("获嘉县教育体育局", "410724"),
        body("获嘉县生态环境局", "410724"),
        body("新乡市生态环境局获嘉分局", "410724"),
        body("新乡市水利局", "410700"),
        body("获嘉县水利局", "410700"),
    )
    found = lines(bodies)
    assert len(set(found.units.values())) == len(bodies)
    assert found.edges == ()


def test_a_county_that_became_a_district_is_one_unit() -> None:
    old, new = body("密云县人民政府", "110118", 2008, 2014), body("密云区人民政府", "110118", 2015, 2024)
    found = lines((old, new))
    assert one_unit(found, old, new)
    assert edges(found) == {(old.id, new.id, "renamed", 2015)}
    assert {*found.units_2025.values()} == {"110118"}
    assert (found.lives[old.id].last, found.lives[new.id].first) == (2014, 2015)


def test_split_and_the_name_misleads() -> None:
    old = body("曾都区人民政府", "421302", 2008, 2008)
    new, sui = body("曾都区人民政府", "421303"), body("随县人民政府", "421321")
    found = lines((old, new, sui))
    assert len(set(found.units.values())) == 3
    assert edges(found) == {(old.id, new.id, "split", 2009), (old.id, sui.id, "split", 2009)}
    assert set(found.units_2025.values()) == {""}
    county = body("邯郸县人民政府", "130421")
    heirs = body("邯山区人民政府", "130402"), body("丛台区人民政府", "130403")
    found = lines((county, *heirs))
    assert {edge.kind for edge in found.edges} == {EdgeKind.SPLIT}
    assert len(found.edges) == 2
    assert not one_unit(found, county, heirs[0])


def test_a_code_that_was_reused() -> None:
    wansheng, qijiang = body("万盛区人民政府", "500110"), body("綦江区人民政府", "500110")
    county = body("綦江县人民政府", "500222")
    found = lines((wansheng, qijiang, county))
    assert len(set(found.units.values())) == 3
    assert edges(found) == {
        (wansheng.id, qijiang.id, "merged", 2011),
        (county.id, qijiang.id, "merged", 2011),
    }
    assert found.lives[wansheng.id].last == 2010
    assert set(found.units_2025.values()) == {"500110"}


def test_a_name_that_was_reused() -> None:
    city = body("巢湖市人民政府", "341400")
    county, former = body("巢湖市人民政府", "340181"), body("居巢区人民政府", "341402")
    found = lines((city, county, former))
    assert one_unit(found, county, former)
    assert not one_unit(found, county, city)


def test_renamed_recoded_and_moved_at_once_and_the_reverse() -> None:
    old, new = body("莱城区人民政府", "371202"), body("莱芜区人民政府", "370116")
    found = lines((old, new))
    assert edges(found) == {(old.id, new.id, "renamed", 2018)}
    assert {*found.units_2025.values()} == {"370116"}
    small, large = body("崇川区人民政府", "320602"), body("崇川区人民政府", "320613")
    found = lines((small, large))
    assert edges(found) == {(small.id, large.id, "merged", 2020)}
    assert not one_unit(found, small, large)


def test_a_zone_that_became_a_district() -> None:
    new, old = body("两江新区人民政府", "500157"), body("江北区人民政府", "500105")
    found = lines((new, old))
    assert edges(found) == {(old.id, new.id, "merged", 2025)}
    assert found.lives[old.id].last == 2024
    assert set(found.units_2025.values()) == {""}  # 渝北区 and 北碚区 exchanged parts


def test_a_break_without_any_change_of_code_or_name() -> None:
    jingan, zhabei = (
        body("静安区人民政府", "310106", 2008, 2024),
        body("闸北区人民政府", "310108", 2008, 2014),
    )
    found = lines((jingan, zhabei))
    assert edges(found) == {(zhabei.id, jingan.id, "merged", 2015)}
    assert {*found.units_2025.values()} == {"310106"}
    assert found.units[jingan.id] == jingan.id
    part = body("鄞州区人民政府", "330212")
    assert lines([part]).units_2025[part.id] == ""


def test_persons_join_and_part() -> None:
    one, other = body("获嘉县教育局", "410724"), body("获嘉县教育体育局", "410724")
    assert one_unit(lines((one, other), [Decision(one.id, other.id, True, "同一机关")]), one, other)
    short, long = body("获嘉县住建局", "410724"), body("获嘉县住房和城乡建设局", "410724")
    assert not one_unit(lines((short, long), [Decision(short.id, long.id, False, "")]), short, long)


def test_two_that_report_on_one_year_are_two() -> None:
    board, bureau = (
        body("获嘉县民族宗教事务委员会", "410724", 2010, 2020),
        body("获嘉县民族宗教事务局", "410724", 2015, 2020),
    )
    assert not one_unit(lines((board, bureau)), board, bureau)


def test_names_are_understood_whole_or_not_at_all() -> None:
    assert departments.concepts("文化和旅游局") == departments.concepts("文旅局") != frozenset()
    assert departments.concepts("公安局交警支队") == frozenset()
    assert departments.concepts("生态环境分局") == frozenset()


def test_a_place_that_never_changed_has_its_own_boundaries() -> None:
    assert territory.life_of("410724", "获嘉县") is None
    assert territory.boundaries("410724") == "410724"
    assert territory.boundaries("") == ""


@pytest.fixture
def country(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Country]:
    monkeypatch.setattr("archive.pool.run", made.inline)
    found = Country(tmp_path / "a.db")
    found.source("s1", "密云区人民政府", "110118")
    for year, name in ((2013, "密云县"), (2016, "密云区")):
        title = f"{name}{year}年政府信息公开工作年度报告"
        found.shows(f"{HOST}/{year}.html", says(issuer=name, year=year), title=title)
    for year, name in ((2017, "密云区住建局"), (2018, "密云区住房建设局")):
        said = says(issuer=name, year=year, scope="body", values={"b": year})
        found.shows(f"{HOST}/d{year}.html", said, title=f"{name}{year}年政府信息公开工作年度报告")
    found.read()
    yield found
    found.archive.close()


def test_the_line_is_published_and_nothing_is_due_outside_a_life(country: Country, tmp_path: Path) -> None:
    release = publish(country.archive.path, tmp_path / "out").path
    with closing(sqlite3.connect(release)) as conn:
        units = dict(
            conn.execute("select name, unit from unit join body on id = body_id where kind = 'government'")
        )
        assert len(set(units.values())) == 1
        edge = conn.execute("select kind, year, date, law from body_edge where kind = 'renamed'").fetchone()
        assert edge == ("renamed", 2015, "2015-10-13", "国函〔2015〕182号")
    with (tmp_path / "out" / "panel.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["unit"] for row in rows if row["scope"] == "area"} == {*units.values()}
    assert {row["unit_2025"] for row in rows} == {"110118"}
    sql = "select state, evidence from v_coverage where body = ? and year = ?"
    for name, year in (("密云县人民政府", 2016), ("密云区人民政府", 2013)):
        state, evidence = country.archive.db.execute(sql, (name, year)).fetchone()
        assert state == "not_due"
        assert evidence.startswith("outside its life: ")


def test_a_person_looks_at_candidates_and_joins_them(country: Country, tmp_path: Path) -> None:
    found = lines_of.load(country.archive.db)
    pairs = list(joins.candidates(lines_of.known(country.archive.db), found))
    assert [pair.names for pair in pairs] == [("密云区住建局", "密云区住房建设局")] or [
        set(pair.names) for pair in pairs
    ] == [{"密云区住建局", "密云区住房建设局"}]
    joins.decide(country.archive, pairs[0].one, pairs[0].other, joined=True, note="同一机关")
    country.read(all=True)
    after = lines_of.load(country.archive.db)
    assert after.units[pairs[0].one] == after.units[pairs[0].other]
    with Archive.open(tmp_path / "b.db"):
        pass
    merge(tmp_path / "b.db", [country.archive.path])
    with Archive.open(tmp_path / "b.db") as other:
        assert other.db.execute("select verdict, note from body_join").fetchall()[0]["note"] == "同一机关"
