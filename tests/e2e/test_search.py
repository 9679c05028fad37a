"""Search: exact from one character up, folded, ranked, with snippets, and never at a loss for an answer."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from published import BUREAU, COUNTY, REVISED, make_archive

from archive import search
from archive.publication import snapshot
from archive.publish import publish
from archive.search import blocks, finding
from archive.search.characters import apart, marked, pattern, tokens
from web import app

PROSE = {
    "一": "全年共收到政府信息公開申請１２件，涉及徵地補償。行政复议 2 件，行政訴訟0件。",
    "二": "卡若区、勾稽关系、𬱖字也在其中；Wi-Fi 覆盖率 ９５％，面积 30㎡。",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = make_archive(tmp_path_factory.mktemp("search") / "archive.db")
    with closing(sqlite3.connect(path)) as conn, conn:
        for position, text in enumerate(PROSE.values()):
            conn.execute(
                "update section set text = ? where position = ? and version_id in"
                " (select id from version where report_id = ? and number = 2)",
                [text, position, REVISED],
            )
    return path


@pytest.fixture(scope="module")
def out(archive: Path) -> Path:
    publish(archive, archive.parent / "public")
    return archive.parent / "public"


@pytest.fixture
def conn(out: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{(out / 'nianbao.db').as_uri()}?mode=ro", uri=True)) as opened:
        yield opened


@pytest.fixture(scope="module")
def get(out: Path) -> Any:
    site = app(out)
    return lambda path, **more: asyncio.run(site.client.get(path, **more))


def ids(conn: sqlite3.Connection, text: str) -> list[str]:
    return [report["report_id"] for report in search.find(conn, text)["reports"]]


def shown(pieces: list[dict[str, Any]]) -> str:
    return "".join(f"[{p['text']}]" if p["hit"] else p["text"] for p in pieces)


@pytest.mark.parametrize(
    "text",
    ["徵", "征", "征地", "徵地補償", "征地补偿", "收到政府信息公开申请12件", "信息公開申請 12 徵", "95", "９５", "卡若", "𬱖", "勾稽关系",
     "wi-fi", "WI", "行政诉讼", "行政訴訟", "30㎡", "30m2", "95%", "复议 征地", "云岭 征地 2022", "2022年 补偿", "云南 征地"],
)  # fmt: skip
def test_what_is_there_is_found(conn: sqlite3.Connection, text: str) -> None:
    assert ids(conn, text) == [REVISED]


@pytest.mark.parametrize(
    "text",
    ["地征", "申请1件", "5%", "公开申请112", "征地 2020", "征地 没有这话", "fi-wi", "报政府", "湖北 征地"],
)
def test_what_is_not_there_is_not_found(conn: sqlite3.Connection, text: str) -> None:
    found = search.find(conn, text)
    assert (found["reports"], found["total"], found["answered"]) == ([], 0, True)
    assert [note["code"] for note in found["notes"]] == ["nothing"]


def test_it_finds_what_a_reader_of_the_text_finds(conn: sqlite3.Connection) -> None:
    """Every run of characters of the prose, and some that are not there, against a plain search in the text."""
    text = "".join(PROSE.values())
    chance = random.Random(1)
    sections = [f" {' '.join(tokens(section))} " for section in PROSE.values()]
    for _ in range(300):
        start = chance.randrange(len(text) - 8)
        asked = list(text[start : start + chance.randint(1, 8)])
        if chance.random() < 0.3:
            chance.shuffle(asked)
        term = "".join("".join(asked).split())
        wanted = tokens(term)
        if not wanted or finding.understand(term).years:
            continue
        there = any(f" {' '.join(wanted)} " in section for section in sections)
        assert (REVISED in ids(conn, term)) >= there, term


def test_bodies_are_found_by_name_and_place(conn: sqlite3.Connection) -> None:
    assert [body["name"] for body in search.find(conn, "水務局")["bodies"]] == [BUREAU]
    assert {body["name"] for body in search.find(conn, "昆明")["bodies"]} == {COUNTY, BUREAU}
    (body,) = search.find(conn, "办公室 云岭")["bodies"]
    assert shown(body["pieces"]) == "[云岭]县人民政府[办公室]"


def test_a_hit_in_the_name_comes_before_one_in_the_prose(archive: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(archive, tmp_path / "archive.db"))
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("update section set text = '水务局水务局' where version_id in"
                   " (select id from version where report_id = ? and number = 2)", [REVISED])  # fmt: skip
    snapshot.build_database(path, tmp_path / "made.db")
    with closing(sqlite3.connect(tmp_path / "made.db")) as db:
        found = search.find(db, "水务局")
    assert [report["body"] for report in found["reports"]] == [BUREAU, COUNTY]


def test_snippets_mark_what_was_asked_for_as_it_was_printed(conn: sqlite3.Connection) -> None:
    (report,) = search.find(conn, "征地补偿 12件")["reports"]
    assert shown(report["snippet"]).startswith(
        "总体情况 全年共收到政府信息公開申請[１２件]，涉及[徵地補償]。"
    )


def test_a_name_is_marked_over_the_signs_in_it() -> None:
    pieces = marked("Wi-Fi 覆蓋", pattern([tokens("wi fi"), tokens("盖")]))
    assert shown([piece._asdict() for piece in pieces]) == "[Wi-Fi] 覆[蓋]"


@pytest.mark.parametrize(
    ("typed", "apart"),
    [
        ("北坡县2021", "北坡县 2021"),
        ("审计局2023年", "审计局 2023"),
        ("北坡县人民政府2021年度报告", "北坡县人民政府 2021"),
        ("北坡县２０２１年政府信息公开工作年度报告", "北坡县 2021"),
    ],
)
def test_a_year_behind_a_name_is_a_year(typed: str, apart: str) -> None:
    assert finding.understand(typed) == finding.understand(apart)
    assert finding.understand(typed).years


@pytest.mark.parametrize("typed", ["2021年北坡县", "北坡县20211", "截至2021", "北坡县2021年计划", "北坡县"])
def test_other_words_stay_whole(typed: str) -> None:
    assert not finding.understand(typed).years


def test_apart() -> None:
    assert apart("２０２２年：公開A1").split() == ["2022", "年", "公", "开", "a1"]


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty"), (" 　", "empty"), ("%'\"*", "no_words"), ("公" * 101, "cut"), ("a b c d e f g h i", "cut")]
)  # fmt: skip
def test_it_says_what_it_did_not_look_for(conn: sqlite3.Connection, text: str, code: str) -> None:
    found = search.find(conn, text)
    assert code in [note["code"] for note in found["notes"]]
    assert found["answered"] == (code == "cut")


@pytest.fixture
def narrow(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """The same release with one report a block, each asked for by itself."""
    monkeypatch.setattr(blocks, "SIZE", 1)
    monkeypatch.setattr(finding, "AT_ONCE", 1)
    snapshot.build_database(archive, tmp_path / "narrow.db")
    with closing(sqlite3.connect(tmp_path / "narrow.db")) as opened:
        yield opened


@pytest.mark.parametrize(("limit", "listed"), [("ENOUGH", 1), ("LOOKED", 1), ("LOOKED", 0)])
def test_an_answer_that_stops_says_so_and_goes_on(
    narrow: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, limit: str, listed: int
) -> None:
    whole = search.find(narrow, "云岭县")
    assert whole["total"] == whole["listed"] == len(whole["reports"]) == 3
    assert (whole["older"], whole["notes"]) == (None, [])
    monkeypatch.setattr(finding, limit, listed)
    found = search.find(narrow, "云岭县")
    assert (found["total"], found["listed"], [note["code"] for note in found["notes"]]) == (
        None,
        listed,
        ["stopped"],
    )
    assert found["reports"] == whole["reports"][:listed]
    assert f"到 {whole['reports'][listed]['year']} 年" in found["notes"][0]["zh"]
    if listed:
        assert _followed(narrow, found) == whole["reports"]


def _followed(conn: sqlite3.Connection, found: dict[str, Any]) -> list[dict[str, Any]]:
    """The reports of an answer and of all that go on with it."""
    reports = list(found["reports"])
    while found["older"]:
        found = search.find(conn, found["q"], start=found["older"])
        assert (found["bodies"], found["total"]) == ([], None)
        reports += found["reports"]
    return reports


def test_blocks_change_no_answer(conn: sqlite3.Connection, narrow: sqlite3.Connection) -> None:
    text = "".join([*PROSE.values(), COUNTY, "昆明市"])
    chance = random.Random(2)
    for _ in range(200):
        runs = [(at, at + chance.randint(1, 4)) for at in chance.sample(range(len(text)), 2)]
        asked = " ".join(text[start:end] for start, end in runs)
        whole = ids(conn, asked)
        assert ids(narrow, asked) == whole, asked


def test_only_blocks_that_have_all_pairs_are_looked_through(narrow: sqlite3.Connection) -> None:
    asked: list[str] = []
    narrow.set_trace_callback(lambda sql: asked.append(sql) if "report_text match" in sql else None)
    assert ids(narrow, "征地补偿") == [REVISED]
    assert len(asked) == 2  # its block, once for those that are named so
    asked.clear()
    assert ids(narrow, "府公申地") == []
    assert asked == []


@given(st.text("公開公开12a-b ，𬱖é"), st.data())
def test_a_block_has_the_pairs_of_every_run_of_its_words(text: str, data: st.DataObject) -> None:
    pairs = blocks.Pairs()
    pairs.add(f"{apart('机关')} {apart(text)}", {"2022"})
    words = set(str(pairs).split())
    start = data.draw(st.integers(0, len(tokens(text))))
    run = tokens(text)[start : start + data.draw(st.integers(1, 5))]
    assert words.issuperset([*(blocks.of_term(run) if run else []), blocks.of_year("2022"), "机关", "机"])


def test_a_search_that_takes_too_long_says_so(conn: sqlite3.Connection) -> None:
    asked: list[str] = []
    conn.set_trace_callback(lambda sql: asked.append(sql) if "match" in sql else None)
    conn.set_progress_handler(lambda: bool(asked), 1)
    found = search.find(conn, "云岭")
    conn.set_progress_handler(None, 0)
    assert (found["answered"], found["total"], [n["code"] for n in found["notes"]]) == (
        False,
        None,
        ["too_slow"],
    )


def test_pages_follow_one_another(conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "PAGE", 2)
    first, second = (search.find(conn, "云岭", page) for page in (1, 2))
    assert (first["next"], second["next"], second["bodies"]) == (2, None, [])
    seen = [report["report_id"] for found in (first, second) for report in found["reports"]]
    assert len(seen) == len(set(seen)) == first["total"] == 3


HOSTILE = [
    '"', "'", "' or 1=1 --", 'NEAR("a" "b", 1)', "name : x", "{name} : x", "a* OR b", "NOT", "AND AND", "^a", "a + b", "-x",
    "(((", "\x00", "\x00公", "\ud800", "<script>alert(1)</script>", "公" * 10_000, "公 " * 5_000, "%" * 10_000, "[" * 50,
    "(?:a|", "\\", "1e309", "२०२२", "ǅ ﬁ ㍿", "😀", "\u202e公",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:20])
def test_anything_has_an_answer(conn: sqlite3.Connection, text: str) -> None:
    assert len(search.find(conn, text)["q"]) <= finding.LONGEST


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:20])
def test_anything_typed_gets_an_answer(get: Any, text: str) -> None:
    asked = quote(text.encode("utf-8", "surrogatepass")[:15_000])  # no server takes longer addresses
    answer = get(f"/search?q={asked}")
    assert answer.status_code == 200
    tree = lxml.html.fromstring(answer.text)
    assert not tree.xpath("//script | //*[@onerror]")
    assert get(f"/search.json?q={asked}").status_code == 200


def test_the_page_shows_what_its_json_says(get: Any) -> None:
    found = get("/search.json", params={"q": "徵地"}).json()
    assert json.dumps(found, ensure_ascii=False)
    tree = lxml.html.fromstring(get("/search", params={"q": "徵地"}).text)
    assert tree.xpath("//main//mark/text()") == ["徵地"]
    assert tree.xpath(f"//main//a[starts-with(@href, '/report/{REVISED}')]")
