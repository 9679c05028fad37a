"""The registry of the country, made from lists of portals."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.country.compiling import compiled, main
from crawler.country.naming import department_name, government_name, zone_name
from crawler.registry import Entry, Source, load, write

ROOT = Path(__file__).parents[2]
FIELD = ROOT.parent / "shared" / "field"
LISTS = {
    "portals.csv": """division,name,level,url,sources,confidence,note
410000,河南省,province,https://www.henan.gov.cn/,3,high,maps=a hosts=b
410700,新乡市,prefecture,http://www.xinxiang.gov.cn/,2,high,maps=a hosts=b
410702,红旗区,county,http://www.hongqiqu.gov.cn/,1,medium,maps=a
410704,凤泉区,county,http://www.fengquan.gov.cn/,1,low,maps=a
410772,新乡经济技术开发区,zone,http://www.xxkfq.gov.cn/,1,medium,maps=letters
320106,鼓楼区,county,http://www.njgl.gov.cn/,2,high,maps=a
""",
    "central.csv": """name,kind,url,sources
中国政府网（国务院办公厅）,portal,http://www.gov.cn/,4
国家航天局,sign-board,http://www.cnsa.gov.cn/,3
""",
    "departments.csv": """division,body_name,kind,url,sources,confidence,note
410000,河南省水利(水务)厅(局),department,https://slt.henan.gov.cn/,2,high,named
110000,北京市水利(水务)厅(局),department,https://swj.beijing.gov.cn/,2,high,named
410700,新乡市统计局,department,http://tjj.xinxiang.gov.cn/,1,low,derived
""",
    "columns.csv": """division,body_name,kind,url,evidence
410704,凤泉区人民政府 (organ 17),derived-lonsun,http://www.fengquan.gov.cn/public/column/17?type=3,organ seen
410000,河南省 (tjj),derived-gkmlpt,http://tjj.henan.gov.cn/gkmlpt/annualreport,host seen
410000,河南省 (xyz),derived-gkmlpt,http://xyz.henan.gov.cn/gkmlpt/annualreport,host seen
410700,新乡市人民政府,column,http://www.xinxiang.gov.cn/zfxxgknb/,link text
""",
}
HAND = Source("henan", "河南省人民政府", "410000", "province", "government", Entry.PORTAL, "https://www.henan.gov.cn/", "", "unverified")  # fmt: skip


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    for name, text in LISTS.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_trusted_rows_are_sources_and_the_others_candidates(lists: Path) -> None:
    made = compiled(lists, {"henan": [HAND]})
    henan = {source.id: source for source in made.sources["henan"]}
    assert made.sources["henan"][0] is HAND
    assert set(henan) == {
        "henan",
        "henan-xinxiang",
        "henan-hongqiqu",
        "henan-xxkfq",
        "henan-henan-slt",
        "henan-xinxiang-nb",
    }
    assert henan["henan-henan-slt"].name == "河南省水利厅"
    assert (henan["henan-xxkfq"].name, henan["henan-xxkfq"].level) == ("新乡经济技术开发区管理委员会", "zone")
    assert henan["henan-hongqiqu"].note == "unverified; medium; maps=a"
    assert [source.name for source in made.sources["beijing"]] == ["北京市水务局"]
    assert [source.name for source in made.sources["central"]] == ["国务院办公厅"]
    candidates = {source.id: source for source in made.candidates["henan"]}
    assert set(candidates) == {
        "henan-fengquan",
        "henan-xinxiang-tjj",
        "henan-fengquan-nb",
        "henan-henan-tjj-nb",
    }
    assert candidates["henan-fengquan-nb"].family == "lonsun"
    assert candidates["henan-henan-tjj-nb"].name == "河南省统计局"
    assert [source.id for source in made.candidates["central"]] == ["central-cnsa"]


def test_a_site_that_is_known_stays_one(lists: Path) -> None:
    column = Source(
        "mine", "新乡市", "410700", "city", "government", Entry.COLUMN, "http://xxgk.xinxiang.gov.cn/nb/"
    )
    made = compiled(lists, {"henan": [HAND, column]})
    assert "henan-xinxiang" not in {source.id for source in made.sources["henan"]}
    assert made.left_out["the body's column is there already"] == 2
    assert made.left_out["the address is there already"] == 1


def test_names_as_the_offices_write_them() -> None:
    assert government_name("320106", "鼓楼区") == "南京市鼓楼区人民政府"
    assert government_name("410724", "获嘉县") == "获嘉县人民政府"
    assert zone_name("贵州双龙航空港经济区") == "贵州双龙航空港经济区管理委员会"
    assert zone_name("新疆生产建设兵团") == "新疆生产建设兵团"
    assert department_name("410000", "河南省卫生健康委") == "河南省卫生健康委员会"
    assert department_name("310000", "上海市交通运输厅(局、委)") == "上海市交通委员会"
    assert department_name("440600", "佛山市生态环境部门") == "佛山市生态环境局"


def test_made_again_it_is_the_same(lists: Path) -> None:
    folder = lists / "sources"
    folder.mkdir()
    write(folder / "henan.csv", [HAND])
    assert main([str(lists), str(folder)]) == 0
    before = {path: path.read_bytes() for path in folder.rglob("*.csv")}
    assert main([str(lists), str(folder)]) == 0
    assert {path: path.read_bytes() for path in folder.rglob("*.csv")} == before


@pytest.mark.skipif(not FIELD.exists(), reason="the lists are not beside the project")
def test_the_packaged_registry_is_made_of_its_lists() -> None:
    folder = ROOT / "crawler" / "sources"
    known = {path.stem: list(load(path).sources.values()) for path in sorted(folder.glob("*.csv"))}
    made = compiled(FIELD, known)
    assert {name: list(rows) for name, rows in made.sources.items()} == known
    for name, rows in made.candidates.items():
        packaged = load(folder / "candidates" / f"{name}.csv").sources
        assert list(packaged.values()) == list(rows)
