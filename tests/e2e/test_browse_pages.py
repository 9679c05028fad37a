"""The pages that compare: divisions, the map, bodies side by side, feeds; both languages; what is told in errors."""

from __future__ import annotations

import asyncio
import csv
import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import lxml.etree
import lxml.html
import pytest
from PIL import Image
from published import BUREAU_ID, COUNTY, COUNTY_ID, OLD, PDF, REVISED, add_version, figure, make_archive
from reportlab.pdfgen.canvas import Canvas

from archive.csvs import packaged
from archive.ids import blob_id
from archive.outcomes import Outcome
from archive.publication.indicators import indicators
from archive.publish import publish
from archive.state import judging
from web import app
from web.data import standings, tree
from web.drawing import charts, picture, tiles
from web.drawing.charts import Series
from web.saying import words
from web.saying.speech import Speech, phrases

HOUSE = Path(__file__).parents[2] / "web"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    with closing(sqlite3.connect(make_archive(folder / "archive.db"))) as archive, archive:
        run = ["r", "crawl", "", "2023-03-01T00:00:00Z", "2023-03-02T12:00:00Z", "ok"]
        archive.execute("insert into run values (?, ?, ?, ?, ?, ?)", run)
        archive.execute("insert into body values ('gov', '云岭县人民政府', '530199', 'government')")
    publish(folder / "archive.db", folder / "public")
    return folder / "public"


@pytest.fixture(scope="module")
def get(out: Path) -> Any:
    """`get(path)` answers as the server would."""
    site = app(out)
    return lambda path, **more: asyncio.run(site.client.get(path, **more))


def page(answer: Any) -> Any:
    assert answer.status_code == 200, answer.text
    return lxml.html.fromstring(answer.text)


def text(element: Any) -> str:
    return "".join(element.text_content().split())


PAGES = (
    "/",
    f"/body/{COUNTY_ID}",
    "/body/gov",
    f"/report/{REVISED}",
    f"/report/{OLD}",
    f"/report/{REVISED}/diff",
    f"/figure/{OLD}/t2_procurement_amount",
    "/findings",
    "/findings?rule=NB-0003",
    "/late",
    "/changed",
    "/contradicted?sort=gravest",
    "/quality",
    "/rules",
    "/rules/NB-0003",
    "/rules/NB-0015",
    "/sources",
    "/sources?province=530000",
    "/search?q=云岭",
    "/search",
    "/downloads",
    "/releases",
    "/releases/2023-03-02",
    "/map",
    "/division/530000?year=2022",
    "/division/410000",
    f"/compare?body={COUNTY_ID}&body={BUREAU_ID}&peers=1",
    "/compare",
)


# --- languages ---


@pytest.mark.parametrize("path", PAGES)
def test_an_english_page_has_no_chinese_words_of_ours(get: Any, path: str) -> None:
    tree_ = page(get(path, cookies={"lang": "en"}))
    assert tree_.get("lang") == "en"
    for element in tree_.xpath("//*[@lang='zh-Hans'] | //code | //option | //input | //*[@class='evidence']"):
        element.clear()
    left = [word for word in tree_.xpath("//main//text()") if re.search(r"[\u4e00-\u9fff]", word)]
    assert [word for word in left if not re.search("云|勾稽|缺|第.项|<|一处标签", word)] == []


@pytest.mark.parametrize("path", PAGES)
def test_a_chinese_page_says_so_and_leads_to_the_english_one(get: Any, path: str) -> None:
    answer = get(path)
    tree_ = page(answer)
    assert (tree_.get("lang"), answer.headers["content-language"]) == ("zh-Hans", "zh-Hans")
    (switch,) = tree_.xpath("//a[@class='switch']/@href")
    other = get(switch)
    assert page(other).get("lang") == "en"
    assert "lang=en;" in other.headers["set-cookie"]
    assert "Cookie" in other.headers["vary"]


def test_the_language_stays_by_a_cookie_and_json_knows_none(get: Any) -> None:
    english = page(get("/findings", cookies={"lang": "en"}))
    assert text(english.xpath("//h1")[0]) == "Findings"
    assert text(page(get("/findings", cookies={"lang": "xx"})).xpath("//h1")[0]) == "问题"
    assert get("/findings.json?lang=en").json() == get("/findings.json").json()


def test_every_phrase_has_both_languages_and_the_same_blanks() -> None:
    rows = packaged("phrases.csv", "web")
    assert [key for key, number in Counter(row["key"] for row in rows).items() if number > 1] == []
    for row in rows:
        blanks = [sorted(re.findall(r"{\w+}", row[lang])) for lang in ("zh", "en")]
        assert blanks[0] == blanks[1] or row["key"] == "coverage.held_of", row["key"]


def test_no_template_has_words_of_its_own() -> None:
    for path in (HOUSE / "templates" / "nianbao").iterdir():
        found = re.findall(r"[\u4e00-\u9fff]+", path.read_text(encoding="utf-8"))
        assert set(found) <= {"缺"}, path.name


def test_every_phrase_is_used_somewhere() -> None:
    sources = [*HOUSE.rglob("*.py"), *(HOUSE / "templates" / "nianbao").iterdir()]
    code = "".join(path.read_text(encoding="utf-8") for path in sources)
    made = ("chart.", "count.", "diff.", "map.", "late.", "changed.", "contradicted.", "watched.")
    unused = [key for key in phrases() if not re.search(rf"['\"]{re.escape(key)}['\"]", code)]
    assert [key for key in unused if not key.startswith(made)] == []


def test_every_outcome_and_state_has_words() -> None:
    assert set(words.OUTCOMES) == {outcome.value for outcome in Outcome}
    assert set(words.SIGNS) == set(words.COVERAGE)
    assert len(set(words.SIGNS.values())) == len(words.SIGNS)
    assert {each.unit for each in indicators()} <= set(words.UNITS)
    assert {row["unit"] for row in packaged("codebook.csv")} - set(words.UNITS) <= {
        "元 (no unit in the form: keep raw + unit)"
    }


# --- home and divisions ---


def test_home_has_a_grid_of_provinces_and_years_with_numbers_and_signs(get: Any) -> None:
    grid = page(get("/")).xpath("//table[@class='grid']")[0]
    assert [text(cell) for cell in grid.xpath("./thead//th")] == ["区划", "2022", "2021", "2020"]
    held, absent, _old = grid.xpath("./tbody/tr[1]/td")
    assert text(held) == "1，应有1"
    assert text(absent) == "0，应有1✕1栏目中未见"
    assert held.xpath("./a/@href") == ["/division/530000?year=2022"]


def test_home_tells_of_the_last_night(get: Any) -> None:
    told = text(page(get("/")).xpath("//section[@aria-labelledby='night']")[0])
    assert "2023-03-0100:00（UTC）开始，结果：ok。" in told
    assert "新收录报告3" in told
    assert "取得2" in told


def test_a_division_leads_up_and_down(get: Any) -> None:
    found = page(get("/division/530000"))
    assert "/division/530100" in found.xpath("//table[@class='grid']//a/@href")
    below = page(get("/division/530199"))
    assert below.xpath("//nav[@class='crumbs']//a/@href") == ["/", "/division/530000", "/division/530100"]
    assert text(below.xpath("//h1")[0]) == "云岭县"
    facts = get("/division/530199.json").json()
    assert [body["id"] for body in facts["bodies"]] == ["gov", COUNTY_ID, BUREAU_ID]


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 3),
        ("?year=2021&state=not_found", 1),
        ("?year=2022&state=not_found", 0),
        ("?kind=department", 1),
        ("?page=2", 0),
    ],
)
def test_bodies_of_a_division_can_be_filtered(get: Any, query: str, number: int) -> None:
    assert len(get(f"/division/530000.json{query}").json()["bodies"]) == number


def test_a_body_leads_up_and_draws_its_years(get: Any) -> None:
    found = page(get(f"/body/{COUNTY_ID}"))
    assert found.xpath("//nav[@class='crumbs']//a/@href")[-1] == "/division/530199"
    assert len(found.xpath("//svg[@class='chart']")) == 3
    row = found.xpath("//section[@aria-labelledby='numbers']//tbody/tr[1]")[0]
    assert text(row) == "新收申请件1212"
    assert get(f"/body/{COUNTY_ID}.json").json()["indicators"]["granted"] == {"2020": 7, "2022": 7}


def test_a_body_without_reports_says_so(get: Any) -> None:
    assert "尚无这个机关的报告" in text(page(get("/body/gov")))


# --- standings, map, comparison ---


@pytest.fixture
def grown(tmp_path: Path) -> sqlite3.Connection:
    """Five offices of one province with 1, 2, 4, 10 and 12 requests."""
    with closing(sqlite3.connect(make_archive(tmp_path / "archive.db"))) as archive, archive:
        for place, requests in enumerate((1, 2, 10, 4), 1):
            archive.execute(
                "insert into body values (?, ?, ?, 'office')", [f"b{place}", f"县{place}", f"53012{place}"]
            )
            archive.execute("insert into report values (?, ?, 2022, 'body')", [f"r{place}", f"b{place}"])
            row = [f"v{place}", f"r{place}", 1, "f", "c", "题", "", "u", "t", "{}", "[]", "2023", "2023"]
            add_version(archive, row, [figure(requests)])
    publish(tmp_path / "archive.db", tmp_path / "public")
    return sqlite3.connect(tmp_path / "public" / "nianbao.db")


def test_a_body_is_placed_among_its_peers(grown: sqlite3.Connection) -> None:
    (group,) = standings.peers(grown, COUNTY_ID)
    own = standings.values(grown, COUNTY_ID, "body")
    first = standings.compared(grown, group["id"], 2022, own)[0]
    assert first["indicator"] == "requests_received"
    assert (first["value"], first["above"], first["reports"], first["median"]) == (12, 0, 5, 4)
    assert standings.place(grown, group["id"], 2022, "requests_received", 2)["above"] == 3  # type: ignore[index]
    assert standings.medians(grown, group["id"], "requests_received") == {2022: 4.0}, "2020 has no peers"


# What a page asks must come by an index: these tables grow with the reports.
GROWING = "report|version|cell|figure|measure|member|body|coverage|change|listed_finding|finding|latest|identity|section"


@pytest.mark.parametrize(
    ("read", "values"),
    [
        (tree._CHANGES, ["530000", 8]),
        (standings._PEERS, [COUNTY_ID]),
        (standings._REPORTS, [COUNTY_ID, "body"]),
        (standings._CLASSES, {"name": "reviews", "year": 2022}),
        (
            standings._PROVINCES,
            {"name": "reviews", "year": 2022, "level": "county", "kind": "office", "scope": "body"},
        ),
    ],
)
def test_no_page_scans_what_grows(grown: sqlite3.Connection, read: str, values: Any) -> None:
    plan = [row[3] for row in grown.execute(f"explain query plan {read}", values)]
    assert [step for step in plan if re.match(rf"SCAN (?:{GROWING}|[bcflmrv])\b(?!.*INDEX)", step)] == []


def test_the_map_tells_no_data_from_zero(get: Any) -> None:
    facts = get("/map.json?code=suits&of=county.office.body&year=2022").json()
    assert [(row["province"], row["total"]) for row in facts["provinces"]] == [("530000", 0.0)]
    found = page(get("/map?code=suits&of=county.office.body&year=2022"))
    shown = {text(tile): tile.get("class") for tile in found.xpath("//svg[@class='tiles']//text")}
    squares = Counter(found.xpath("//figure/svg//rect/@class"))
    assert squares == {"none": 33, "zero": 1}
    assert shown["云南"] == "name zero"
    assert "行政诉讼件数" in text(found.xpath("//p[@class='definition']")[0])


def test_shades_hold_as_many_provinces_each() -> None:
    values = [float(number) for number in range(1, 26)]
    cuts = tiles.breaks(values)
    assert Counter(tiles.shade(value, cuts) for value in values) == {f"q{n}": 5 for n in range(5)}
    assert [tiles.shade(value, cuts) for value in (None, 0)] == ["none", "zero"]
    assert tiles.breaks([]) == tiles.breaks([0.0]) == tiles.breaks([7.0]) == []


def test_every_province_has_a_square_of_its_own() -> None:
    spots = Counter((place.column, place.row) for place in tiles.places().values())
    assert set(spots.values()) == {1}
    provinces = {row["code"] for row in packaged("divisions.csv", "archive") if row["code"].endswith("0000")}
    assert provinces <= set(tiles.places())


def test_bodies_stand_side_by_side(get: Any) -> None:
    address = f"/compare?body={COUNTY_ID}&body={BUREAU_ID}&code=t3_granted__natural"
    facts = get(address.replace("?", ".json?")).json()
    assert [row["values"] for row in facts["bodies"]] == [{"2020": 7, "2022": 6}, {"2022": 7}]
    found = page(get(address))
    rows = found.xpath("//section[@aria-labelledby='shown']//tbody/tr")
    assert text(rows[0]) == f"{COUNTY}76"
    assert "—无数字7" in text(rows[1])
    assert len(found.xpath("//svg[@class='chart']//circle")) == 3


def test_a_comparison_is_csv_too(get: Any) -> None:
    answer = get(f"/compare.csv?body={COUNTY_ID}&body={BUREAU_ID}&code=requests_received")
    rows = list(csv.DictReader(StringIO(answer.text)))
    assert [(row["body_id"], row["year"], row["value"]) for row in rows] == [
        (COUNTY_ID, "2020", "12"),
        (COUNTY_ID, "2022", "12"),
        (BUREAU_ID, "2022", "12"),
    ]


def test_bodies_are_added_by_search_and_left_out_again(get: Any) -> None:
    found = page(get(f"/compare?body={COUNTY_ID}&q=水务局"))
    (add,) = found.xpath("//ul[contains(@class, 'adds')]//a/@href")
    assert len(get(add.replace("/compare?", "/compare.json?")).json()["bodies"]) == 2
    (drop,) = found.xpath("//a[@class='drop']/@href")
    assert get(drop.replace("/compare?", "/compare.json?")).json()["bodies"] == []


# --- versions, feeds, errors ---


@pytest.mark.parametrize(("day", "version"), [("2023-03-01", 1), ("2023-03-02", 2), ("2030-01-01", 2)])
def test_a_report_as_of_a_day(get: Any, day: str, version: int) -> None:
    assert get(f"/report/{REVISED}.json?as_of={day}").json()["version"] == version


def test_a_diff_says_whether_the_identities_hold_now(get: Any) -> None:
    found = text(page(get(f"/report/{REVISED}/diff")))
    assert "第2版有1条勾稽关系不成立" in found
    assert "✓→✗T3-I3:t3_granted" in found


@pytest.mark.parametrize(("query", "number"), [("", 4), ("?division=530000", 4), ("?division=110000", 0)])
def test_a_feed_is_atom(get: Any, query: str, number: int) -> None:
    answer = get(f"/feed.atom{query}")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = lxml.etree.fromstring(answer.content)
    for name in ("id", "title", "updated", "author/{http://www.w3.org/2005/Atom}name"):
        assert feed.find(f"{ATOM}{name}").text
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == number
    for entry in [feed, *entries]:
        assert entry.find(f"{ATOM}id").text.startswith("urn:uuid:")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", entry.find(f"{ATOM}updated").text)
        assert all(link.get("href").startswith("http") for link in entry.findall(f"{ATOM}link"))
    assert len({entry.find(f"{ATOM}id").text for entry in entries}) == number
    assert len(get(f"/feed.atom.json{query}").json()["changes"]) == number


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/body/none", "没有这个机关"),
        ("/division/999999", "没有这个区划代码"),
        ("/report/none", "没有这份报告"),
        (f"/report/{REVISED}?version=9", "没有第 9 版"),
        (f"/report/{REVISED}?version=x", "version 应为正整数"),
        (f"/report/{REVISED}?as_of=yesterday", "as_of 应为日期"),
        (f"/report/{REVISED}?as_of=2000-01-01", "2000-01-01 时还没有见到"),
        ("/map?code=none", "没有这个指标"),
        ("/map?of=county", "层级.类别.范围"),
        ("/map?show=none", "median total reports"),
        ("/compare?body=none", "没有这个机关"),
        ("/compare?code=none", "没有这个指标或单元格代码"),
        ("/compare?" + "&".join(f"body={n}" for n in range(7)), "最多比较 6 个机关"),
        ("/feed.atom?division=999999", "没有这个区划代码"),
        ("/nope", "这个地址没有页面"),
    ],
)
def test_an_address_that_leads_nowhere_says_what_to_do(get: Any, path: str, told: str) -> None:
    answer = get(path)
    assert answer.status_code == 404
    assert told in answer.text
    assert lxml.html.fromstring(answer.text).xpath("//main//input[@name='q']")
    assert "云" not in get(path, cookies={"lang": "en"}).text


# --- charts ---


def test_no_number_is_printed_upon_the_point_of_another_line() -> None:
    first = Series("甲", {2020: 15, 2021: 14})
    alone = str(charts.lines([first], "图"))
    beside = str(charts.lines([first, Series("乙", {2020: 17, 2021: 6}, "s1")], "图"))
    assert (">15</text>" in alone, ">15</text>" in beside, ">14</text>" in beside) == (True, False, True)


def test_a_chart_dashes_over_years_without_a_number() -> None:
    drawn = str(charts.lines([Series("甲", {2019: 1, 2020: None, 2021: 3, 2022: 0})], "图"))
    assert drawn.count("<circle") == 3
    assert drawn.count('class="line gap s0"') == 1
    assert drawn.count('class="line s0"') == 1
    assert 'role="img" aria-label="图"' in drawn
    assert str(charts.lines([Series("甲", {2019: None})], "图")) == ""


def test_a_chart_of_zeros_and_one_of_one_year_are_drawn() -> None:
    drawn = str(charts.lines([Series("<甲>", {2020: 0})], '"'))
    assert "nan" not in drawn
    assert "&lt;甲&gt;" in drawn
    assert "<rect" in str(charts.bars({2020: {"granted": 3}}, {"granted": "予以公开"}, "图"))
    assert "nan" not in str(charts.strip(0, 0, 0, 0, "图"))


@pytest.mark.parametrize(
    ("value", "shown"),
    [(12, "12"), (1234.0, "1,234"), (350_000, "35万"), (2.5e8, "2.5亿"), (12.345, "12.3"), (0, "0")],
)
def test_numbers_in_charts_are_short(value: float, shown: str) -> None:
    assert charts.short(value) == shown
    assert charts.short(350_000, "en") == "350k"


def test_speech_falls_back_to_chinese() -> None:
    assert Speech("en").of(("仅中文", "")) == "仅中文"
    with pytest.raises(KeyError):
        Speech("zh")("no.such.phrase")


# --- what persons say ---


def test_a_review_stands_beside_its_finding(out: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(make_archive(tmp_path / "archive.db"))) as archive, archive:
        kind, message, codes = archive.execute("select kind, message, codes from finding").fetchone()
        row = [judging.key(REVISED, kind, json.loads(codes), message), REVISED, kind, codes, message]
        archive.execute(
            "insert into judgement values (?, ?, ?, ?, ?, 'confirmed', '与公报核对过', '2024-01-02')", row
        )
        archive.execute(
            "insert into event values (?, '2023', 'u', 'number revised', 'c', 0, 1, 2, 'e')", [REVISED]
        )
    publish(tmp_path / "archive.db", tmp_path / "public")
    site = app(tmp_path / "public")
    for path in (f"/report/{REVISED}", "/findings"):
        assert "人工复核：属实:与公报核对过2024-01-02" in text(page(asyncio.run(site.client.get(path))))
    facts = asyncio.run(site.client.get(f"/report/{REVISED}.json")).json()
    assert facts["findings"][0]["review"]["verdict"] == "confirmed"
    assert [event["class"] for event in facts["events"]] == ["number revised"]


# --- a place in a PDF ---


@pytest.fixture(scope="module")
def printed() -> bytes:
    """A page of a PDF on which 1988 stands at (100, 100) from its upper left corner."""
    target = BytesIO()
    canvas = Canvas(target, pagesize=(400, 600))
    canvas.drawString(100, 500, "1988")
    canvas.save()
    return target.getvalue()


PLACE = "page 1 98.0,88.0,130.0,104.0"


def test_a_place_in_a_pdf_is_drawn_and_marked(printed: bytes) -> None:
    drawn = picture.drawn(printed, PLACE)
    assert drawn is not None
    image = Image.open(BytesIO(drawn)).convert("RGB")
    assert image.width == round(400 * picture.SCALE)
    marks = [colour for _number, colour in image.getcolors() if colour[0] > 150 > colour[2] + 100]  # type: ignore[union-attr]
    assert marks, "the cell is outlined"


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"%PDF-1.4 broken", PLACE),
        (b"", PLACE),
        (None, "page 9 1,2,3,4"),
        (None, "page 1 1,2,3"),
        (None, "table[1]"),
    ],
)
def test_a_place_that_cannot_be_drawn_is_none(printed: bytes, data: bytes | None, place: str) -> None:
    assert picture.drawn(printed if data is None else data, place) is None


def test_pictures_of_places_over_the_web(get: Any) -> None:
    for query in ("", "?place=table[1]", f"?place={PLACE}"):
        assert get(f"/capture/{blob_id(PDF)}.png{query}").status_code == 404, "a PDF that is none"
