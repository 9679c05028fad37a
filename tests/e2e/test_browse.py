"""The pages over a made publication: what they show, escape and refuse, and the headers they carry."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import socket
import sqlite3
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import lxml.etree
import lxml.html
import pytest
from PIL import Image
from published import BUREAU_ID, COUNTY, COUNTY_ID, HOSTILE, OLD, PAGE, PDF, REVISED, cells, make_archive

from archive.csvs import packaged
from archive.errors import ArchiveDamaged, ArchiveError
from archive.ids import blob_id
from archive.publication import downloads
from archive.publication.book import entries
from archive.publish import publish
from parsers.document import Table
from parsers.findings import FindingKind, Severity
from parsers.readers import read_documents
from parsers.rulebook import rules
from web import NotPublished, PortInUse, app, files, listen
from web.data import queries
from web.drawing import cards, form, marking
from web.saying import prose
from web.saying import words as browse_words
from web.views import view


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browse")
    publish(make_archive(folder / "archive.db"), folder / "public")
    return folder / "public"


@pytest.fixture(scope="module")
def get(out: Path) -> Any:
    """`get(path)` answers as the server would."""
    site = app(out)
    return lambda path, **more: asyncio.run(site.client.get(path, **more))


def page(response: Any) -> Any:
    assert response.status_code == 200, response.text
    return lxml.html.fromstring(response.text)


ADDRESSES = (
    "/",
    f"/body/{COUNTY_ID}",
    f"/body/{BUREAU_ID}",
    f"/report/{REVISED}",
    f"/report/{OLD}",
    f"/report/{HOSTILE}",
    f"/report/{REVISED}/diff",
    f"/figure/{REVISED}/t3_granted__total",
    f"/figure/{HOSTILE}/t2_regulation_issued",
    "/findings",
    "/findings?kind=identity_fails&year=2022",
    "/rules",
    "/rules/NB-0003",
    "/sources",
    "/sources?province=530000&level=county&state=no+source",
    "/search?q=云岭",
    "/search?q=<script>alert(1)</script>",
    "/downloads",
    "/map",
    "/map?code=granted_share&show=reports",
    "/division/530000",
    "/division/530199?year=2021&state=missing&kind=office",
    "/compare",
    f"/compare?body={COUNTY_ID}&body={BUREAU_ID}&code=reviews&peers=1&q=云岭",
    "/nianbao",
    "/nianbao/v_reports",
    "/nianbao/v_figures",
    "/nianbao/panel",
    "/nianbao/refusal_rate",
    "/nianbao/reports_with_findings",
)
OURS = [address for address in ADDRESSES if not address.startswith("/nianbao")]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_answers_without_a_hostile_element(get: Any, address: str) -> None:
    tree = page(get(address))
    assert not [e for e in tree.iter("script") if "alert" in (e.text or "")]
    assert not tree.xpath("//*[@onerror or @onload or @onclick]")
    assert not tree.xpath("//img[@src='x'] | //b[text()='=1+1']")


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_loads_from_this_server_alone(get: Any, address: str) -> None:
    tree = page(get(address))
    loaded = tree.xpath(
        "//script/@src | //link[not(@rel='alternate' or @rel='canonical')]/@href | //img/@src | //form/@action"
    )
    assert [url for url in loaded if re.match(r"(?:[a-z]+:)?//", url)] == []


@pytest.mark.parametrize("address", [*ADDRESSES, "/nope", f"/capture/{blob_id(PAGE.encode())}"])
def test_every_answer_carries_the_guarding_headers(get: Any, address: str) -> None:
    headers = get(address).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == ("SAMEORIGIN" if address.startswith("/capture") else "DENY")


@pytest.mark.parametrize("address", OURS)
def test_our_pages_allow_no_script_but_one_file_of_ours(get: Any, address: str) -> None:
    answer = get(address)
    own = re.match(r"/(?:report/\w+|figure/.*)$", address)
    allowed = re.findall(r"(?:script|connect)-src [^;]*", answer.headers["content-security-policy"])
    assert allowed == (["script-src 'self'", "connect-src 'self'"] if own else [])
    scripts = page(answer).xpath("//script[not(@type='application/ld+json')]")
    assert [(each.get("src"), each.text) for each in scripts] == [("/assets/nianbao.js", None)] * bool(own)
    assert not page(answer).xpath("//*[@style]")


@pytest.mark.parametrize("address", OURS)
def test_every_page_is_json_too(get: Any, address: str) -> None:
    link = page(get(address)).xpath("//link[@rel='alternate']/@href")[0]
    assert isinstance(get(link).json(), dict)
    assert "\\u" not in get(link).text


def test_home_counts(get: Any) -> None:
    facts = get("/.json").json()
    assert facts["counts"] == {"body": 2, "report": 3, "version": 4, "figure": 798, "finding": 1, "blob": 2}
    assert facts["years"] == {"2020": {"proven": 1}, "2022": {"contradicted": 1, "proven": 1}}
    assert facts["coverage"]["530000"]["2021"] == {"not_found": 1}
    assert [change["kind"] for change in facts["changes"]].count("revised") == 1


def test_body_shows_every_year_with_its_state(get: Any) -> None:
    years = get(f"/body/{COUNTY_ID}.json").json()["years"]
    assert [(y["year"], y["state"], len(y["reports"])) for y in years] == [
        (2022, "found", 1),
        (2021, "not_found", 0),
        (2020, "found", 1),
    ]
    assert years[0]["reports"][0]["received"] == 12
    assert len(page(get(f"/body/{COUNTY_ID}")).xpath("//svg[@class='chart'][1]//circle[@class='s0']")) >= 2


def spread(table: Any) -> list[list[Any]]:
    """The grid that a browser would lay out: every cell at all the places it spans."""
    grid: dict[tuple[int, int], Any] = {}
    rows = table.xpath(".//tr")
    for y, row in enumerate(rows):
        x = 0
        for cell in row.xpath("th|td"):
            while (y, x) in grid:
                x += 1
            for dy in range(int(cell.get("rowspan", 1))):
                for dx in range(int(cell.get("colspan", 1))):
                    assert (y + dy, x + dx) not in grid, "cells overlap"
                    grid[y + dy, x + dx] = cell
    width = max(x for _y, x in grid) + 1
    return [[grid[y, x] for x in range(width)] for y in range(len(rows))]


def words(cell: Any) -> str:
    return "".join(cell.text_content().split()).strip("\u200b")


SIZES = {("G2021", "t2"): (14, 4), ("G2021", "t3"): (28, 10), ("G2021", "t4"): (4, 15)}
SIZES |= {("G2019", "t2"): (18, 4), ("G2019", "t3"): (26, 10), ("G2019", "t4"): (4, 15)}


@pytest.mark.parametrize(("generation", "name"), SIZES)
def test_statutory_tables_have_no_hole_and_no_overlap(get: Any, generation: str, name: str) -> None:
    report = REVISED if generation == "G2021" else OLD
    grid = spread(page(get(f"/report/{report}")).xpath(f"//table[@id='{name}']")[0])
    assert (len(grid), len(grid[0])) == SIZES[generation, name]


@pytest.mark.parametrize("report", [REVISED, OLD])
def test_every_cell_of_table_3_stands_under_its_labels(get: Any, report: str) -> None:
    generation = "G2021" if report == REVISED else "G2019"
    grid = spread(page(get(f"/report/{report}")).xpath("//table[@id='t3']")[0])
    book = {r["code"]: r for r in packaged("codebook.csv") if r["generation"] == generation}
    seen = 0
    for row in grid:
        for x, cell in enumerate(row):
            if (entry := book.get(cell.get("id", ""))) is None:
                continue
            seen += 1
            assert words(grid[2][x]) == entry["col_label"]
            labels = [words(label) for label in row[:3]]
            assert all(words_of in "".join(labels) for words_of in entry["row_label"].split())
            assert ("三、本年度办理结果" in labels) == (entry["row_label"][0] in "（12345678")
    assert seen == (175 if generation == "G2021" else 161)


def test_every_figure_is_shown_once_as_printed(get: Any) -> None:
    tree = page(get(f"/report/{REVISED}?version=1"))
    for code, (_value, _state, raw, proof) in cells("G2021").items():
        (cell,) = tree.xpath(f"//td[@id='{code}']")
        assert words(cell) == raw
        assert proof in cell.get("class").split()


@pytest.mark.parametrize(
    ("code", "state", "text"),
    [
        ("t2_procurement_amount", "dash", "—"),
        ("t2_procurement_projects", "blank", ""),
        ("t2_penalty_items_prev", "illegible", "3〇?"),
        ("t4_review_total", "absent", "缺"),
        ("t2_fee_items_change", "number", "-1"),
        ("t3_partial__natural", "number", "0"),
    ],
)
def test_what_is_no_number_looks_like_none(get: Any, code: str, state: str, text: str) -> None:
    (cell,) = page(get(f"/report/{OLD}")).xpath(f"//td[@id='{code}']")
    assert state in cell.get("class").split()
    assert words(cell) == text


def test_a_report_is_light(get: Any) -> None:
    """Cards are fetched when a figure is pressed; with all of them inside it had 364 KB."""
    assert len(get(f"/report/{REVISED}").content) <= 120_000


def test_the_page_of_a_figure_has_its_years_versions_and_neighbours(get: Any) -> None:
    facts = get(f"/figure/{REVISED}/t3_granted__natural.json").json()
    assert (facts["figure"]["value"], facts["figure"]["proof"]) == (6, "contradicted")
    assert [(each["year"], each["value"]) for each in facts["years"]] == [(2022, 6), (2020, 7)]
    assert [(each["version"], each["value"]) for each in facts["versions"]] == [(2, 6), (1, 7)]
    assert [each["id"] for each in facts["identities"]] == ["T3-I3:t3_granted"]
    tree = page(get(f"/figure/{REVISED}/t3_granted__natural"))
    beside = {each.get("data-side"): each.get("href") for each in tree.xpath("//nav[@class='beside']//a")}
    rows = {"right": "granted__business", "up": "carried_in__natural", "down": "partial__natural"}
    assert beside == {side: f"/figure/{REVISED}/t3_{code}" for side, code in rows.items()}
    assert get(f"/figure/{REVISED}/t3_granted__natural?version=1").status_code == 200


@pytest.mark.parametrize(
    "path", [f"/figure/{REVISED}/t9_nope", f"/figure/{OLD}/t2_nope.svg", "/figure/none/t3_x"]
)
def test_a_figure_that_is_none_says_so(get: Any, path: str) -> None:
    assert get(path).status_code == 404


def test_a_card_is_a_picture_of_the_figure(get: Any) -> None:
    drawn = get(f"/figure/{HOSTILE}/t2_regulation_issued.svg?lang=en")
    root = lxml.etree.fromstring(drawn.content)
    assert root.get("width") == "1200"
    assert "illegible" in "".join(root.itertext())
    assert "default-src 'none'" in drawn.headers["content-security-policy"]
    if cards.font_file():
        size = Image.open(BytesIO(get(f"/figure/{REVISED}/t3_granted__total.png").content)).size
        assert size == (cards.WIDTH, cards.HEIGHT)


PLACE = "table%5B2%5D%2Ft3_granted__total"


def test_a_figure_tells_its_code_raw_place_and_identities(get: Any) -> None:
    (link,) = page(get(f"/report/{REVISED}")).xpath("//td[@id='t3_granted__total']/a/@href")
    card = page(get(f"{link}?part=card"))
    text = words(card)
    assert "t3_granted__total" in text
    assert "勾稽矛盾" in text
    assert "6≠7" in text
    assert card.xpath(".//dd/a/@href") == [f"/capture/{blob_id(PDF)}?place={PLACE}#{PLACE}"]


def test_findings_are_said_in_plain_words(get: Any) -> None:
    (alert,) = page(get(f"/report/{REVISED}")).xpath("//section[@class='alert']")
    assert "各类申请人之和，等于总计”，原文两边分别为6和7，不相等" in words(alert)
    assert "#t3_granted__total" in alert.xpath(".//a/@href")
    assert not page(get(f"/report/{OLD}")).xpath("//section[@class='alert']")


def test_a_finding_over_many_cells_names_those_that_are_no_zero() -> None:
    figures = {f"c{n}": {"value": n % 10} for n in range(21)}
    finding = {"kind": "identity_fails", "message": "", "codes": list(figures)}
    said = view.report(
        {
            **EMPTY,
            "findings": [finding],
            "figures": [{"code": code, "proof": "proven", **figure} for code, figure in figures.items()],
        },
        [],
    )["findings_said"][0]
    assert len(said["shown"]) == 18


EMPTY: dict[str, Any] = {"generations": {}, "identities": [], "statements": [], "sections": []}


def test_every_kind_of_finding_and_its_severity_has_words() -> None:
    assert {kind.value for kind in FindingKind} <= set(browse_words.KINDS), "say it in web/words.py"
    assert {each.value for each in Severity} == set(browse_words.SEVERITIES)
    assert browse_words.identity("T3-I3:natural")[0] == "各类申请人之和，等于总计"
    assert browse_words.identity("X9") == ("X9", "")


# --- the book of rules ---


def test_a_rule_says_on_what_it_rests_and_who_fails_it(get: Any) -> None:
    shown = page(get("/rules/NB-0003"))
    assert "各类申请人之和，等于总计" in words(shown.xpath("//h1")[0])
    assert "国办公开办函〔2021〕30号" in words(shown)
    assert [words(each) for each in shown.xpath("//section[@aria-labelledby='failures']//tbody/tr")] == [
        "云南省1"
    ]
    (link,) = shown.xpath("//tbody//td/a/@href")
    assert get(link.replace("?", ".json?")).json()["findings"][0]["rule"] == "NB-0003"
    facts = get("/rules/NB-0003.json").json()
    assert facts["failures"] == [{"province": "530000", "year": 2022, "number": 1}]
    assert (facts["number"], facts["severity"], facts["generations"]) == (1, "error", ["G2021", "G2019"])


def test_a_rule_shows_its_examples_as_the_form_has_them(get: Any) -> None:
    good, bad = (
        page(get("/rules/NB-0003")).xpath(f"//section[@aria-labelledby='{name}']")[0]
        for name in ("passes", "fails")
    )
    assert words(good.xpath(".//dl/div")[2]) == "（一）予以公开·总计t3_granted__total3"
    assert words(bad.xpath(".//dl/div")[2]).endswith("2")
    prose = page(get("/rules/NB-0015")).xpath("//section[@aria-labelledby='fails']//pre/text()")
    assert "收到政府信息公开申请9件" in prose[0]


def test_all_rules_are_listed_and_no_other_has_a_page(get: Any) -> None:
    listed = get("/rules.json").json()["rules"]
    assert [each["id"] for each in listed] == [each.id for each in rules()]
    assert {each["id"]: each["number"] for each in listed if each["number"]} == {"NB-0003": 1}
    assert page(get("/rules")).xpath("//a[@href='/rules/NB-0001']")
    for path in ("/rules/NB-9999", "/rules/NB-1", "/rules/x"):
        assert get(path).status_code == 404


def test_a_finding_leads_to_its_rule(get: Any) -> None:
    assert page(get("/findings?rule=NB-0003")).xpath("//ul[@class='findings']//a[@href='/rules/NB-0003']")
    assert page(get(f"/report/{REVISED}")).xpath("//section[@class='alert']//a[@href='/rules/NB-0003']")
    assert get("/findings.json?rule=NB-0001").json()["findings"] == []


def test_statements_are_marked_in_the_prose(get: Any) -> None:
    assert page(get(f"/report/{OLD}")).xpath("//mark/text()") == ["新收政府信息公开申请12件"]


def test_extra_rows_and_warnings_are_there(get: Any) -> None:
    text = page(get(f"/report/{OLD}")).text_content()
    assert "其中：乡镇" in text
    assert "一处标签与表样不同" in text


def test_an_older_version_stays_at_its_address(get: Any) -> None:
    first, second = (get(f"/report/{REVISED}.json?version={n}").json() for n in (1, 2))
    granted = [
        f["value"] for v in (first, second) for f in v["figures"] if f["code"] == "t3_granted__natural"
    ]
    assert granted == [7, 6]
    assert get(f"/report/{REVISED}.json").json()["version"] == 2


def test_a_version_is_cited_by_its_id(get: Any) -> None:
    """Its number moves when an older version is met later."""
    address = f"/report/{REVISED}?version={get(f'/report/{REVISED}.json?version=1').json()['version_id']}"
    tree = page(get(address))
    assert tree.xpath("//blockquote[@class='citation']")[0].text_content().endswith(address)
    assert get(address.replace("?", ".json?")).json()["version"] == 1


def test_diff_names_the_figures_and_the_prose_that_changed(get: Any) -> None:
    found = get(f"/report/{REVISED}/diff.json?from=1&to=2").json()
    assert [(f["code"], f["from"]["raw"], f["to"]["raw"]) for f in found["figures"]] == [
        ("t2_licensing_decisions", "0", "1,988"),
        ("t3_granted__natural", "7", "6"),
    ]
    assert found["prose"][0]["pieces"] == [["same", "第"], ["gone", "1"], ["come", "2"], ["same", "稿。"]]
    assert {"id": "T3-I3:t3_granted", "held": True, "holds": False} in found["figures"][1]["identities"]


def test_report_csv_is_safe_and_whole(get: Any) -> None:
    answer = get(f"/report/{HOSTILE}.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert len(answer.text.splitlines()) == 201
    assert "\n=" not in answer.text


@pytest.mark.parametrize(
    ("query", "number"),
    [("", 1), ("?kind=identity_fails", 1), ("?kind=x", 0), ("?year=2020", 0), ("?page=2", 0)],
)
def test_findings_can_be_filtered(get: Any, query: str, number: int) -> None:
    assert len(get(f"/findings.json{query}").json()["findings"]) == number


@pytest.mark.parametrize(
    ("text", "bodies", "reports"),
    [
        ("水务局", 1, 1),
        ("2020", 0, 1),
        ("云岭县", 2, 3),
        ("%", 0, 0),
        ("_", 0, 0),
        ("' or 1=1 --", 0, 0),
        ("", 0, 0),
    ],
)
def test_search_finds_names_and_titles(get: Any, text: str, bodies: int, reports: int) -> None:
    found = get("/search.json", params={"q": text}).json()
    assert (len(found["bodies"]), len(found["reports"])) == (bodies, reports)


def test_every_file_is_described(get: Any, out: Path) -> None:
    for path in out.iterdir():
        zh, en = browse_words.FILES[path.name.partition(".")[0]]
        assert zh in get("/downloads").text
        assert en in get("/downloads?lang=en").text


def test_downloads_are_listed_with_checksums(get: Any, out: Path) -> None:
    listed = get("/downloads.json").json()["files"]
    assert {f["name"] for f in listed} == {path.name for path in out.iterdir()}
    for file in listed:
        assert get(f"/downloads/{file['name']}").content == (out / file["name"]).read_bytes()


@pytest.mark.parametrize(
    ("header", "status", "part"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=10-", 206, slice(10, None)),
        ("bytes=-5", 206, slice(-5, None)),
        ("bytes=0-99999999", 206, slice(None)),
        ("bytes=99999999-", 416, slice(0, 0)),
        ("lines=1-2", 200, slice(None)),
        ("bytes=1-2,4-5", 200, slice(None)),
        (f"bytes=0-{'9' * 5000}", 206, slice(None)),
        (f"bytes=-{'9' * 5000}", 206, slice(None)),
        (f"bytes={'9' * 5000}-", 416, slice(0)),
        ("bytes=-0", 416, slice(0)),
    ],
)
def test_a_part_of_a_download(get: Any, out: Path, header: str, status: int, part: slice) -> None:
    answer = get("/downloads/reports.csv", headers={"range": header})
    assert (answer.status_code, answer.content) == (status, (out / "reports.csv").read_bytes()[part])


def test_the_rows_of_one_year_and_the_mark_of_excel(get: Any, out: Path) -> None:
    whole = (out / "panel.csv").read_text("utf-8").splitlines()
    answer = get("/downloads/panel.csv?year=2020", headers={"accept-encoding": "identity"})
    assert answer.text.splitlines() == [line for line in whole if line.split(",")[3] in ("year", "2020")]
    assert int(answer.headers["content-length"]) == len(answer.content)
    marked = get("/downloads/reports.csv?bom=1")
    assert marked.content == b"\xef\xbb\xbf" + (out / "reports.csv").read_bytes()
    assert get("/downloads/panel.csv?year=1999").status_code == 400
    assert get("/downloads/codebook.csv?year=2020").status_code == 400


def test_the_rows_of_one_year_of_a_packed_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "SHEET", 0)
    publish(make_archive(tmp_path / "archive.db"), tmp_path)
    asked = "/downloads/figures.csv.gz?year=2020&bom=1"
    packed = asyncio.run(app(tmp_path).client.get(asked)).content
    every = gzip.decompress((tmp_path / "figures.csv.gz").read_bytes()).decode().splitlines()
    assert gzip.decompress(packed).decode().splitlines() == [
        "\ufeff" + every[0],
        *(line for line in every if line.split(",")[3] == "2020"),
    ]
    (resource,) = (
        each
        for each in json.loads((tmp_path / "datapackage.json").read_text())["resources"]
        if each["path"] == "figures.csv.gz"
    )
    assert resource["compression"] == "gz"


def test_a_download_is_tagged_with_its_digest(get: Any, out: Path) -> None:
    listed = {file["name"]: file["sha256"] for file in get("/downloads.json").json()["files"]}
    plain = {"accept-encoding": "identity"}
    assert get("/downloads/reports.csv", headers=plain).headers["etag"] == f'"{listed["reports.csv"]}"'


@pytest.mark.parametrize(
    "path",
    [
        "/downloads/..%2farchive.db",
        "/downloads/../archive.db",
        "/downloads/.publishing",
        "/downloads/x",
        "/nianbao.db",
    ],
)
def test_no_other_file_can_be_had(get: Any, path: str) -> None:
    answer = get(path)
    assert answer.status_code in (302, 403, 404)
    assert b"SQLite format" not in answer.content


def test_a_kept_page_is_sandboxed(get: Any) -> None:
    answer = get(f"/capture/{blob_id(PAGE.encode())}")
    assert answer.text == PAGE
    assert answer.headers["content-security-policy"] == files.SANDBOX
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_every_place_that_the_reader_names_can_be_marked() -> None:
    (document,) = read_documents(PAGE.encode())
    cells = [cell for block in document.blocks if isinstance(block, Table) for cell in block.cells]
    assert [cell.text for cell in cells] == ["信息内容", "本年处理决定数量", "行政许可", "1988"]
    for cell in cells:
        copy = marking.marked(PAGE.encode(), "utf-8", cell.place)
        assert copy is not None
        (found,) = lxml.html.fromstring(copy.decode()).xpath("//*[@bgcolor]")
        assert (found.get("id"), "".join(found.text_content().split())) == (cell.place, cell.text)


@pytest.mark.parametrize("place", ["table[9]/tr[1]/td[1]", "table[1]/tr[1]/td[0]", "'><script>", "line 3"])
def test_a_place_that_is_not_there_marks_nothing(get: Any, place: str) -> None:
    assert get(f"/capture/{blob_id(PAGE.encode())}", params={"place": place}).text == PAGE


def test_a_marked_copy_is_sandboxed_too(get: Any) -> None:
    answer = get(f"/capture/{blob_id(PAGE.encode())}?place=table[2]/tr[2]/td[2]")
    assert "bgcolor" in answer.text
    assert answer.headers["content-security-policy"] == files.SANDBOX


DRESSED = """<html><head><link rel=stylesheet href=/a.css><meta http-equiv=refresh content="0;url=//x"></head>
<body onload=x() style="color:red"><p>前</p><table width=900><tr><td style="a:b"><a href=//x>7</a><img src=x></table>"""


def test_a_marked_copy_loads_nothing_and_is_refused_nothing() -> None:
    for alone in (False, True):
        copy = marking.marked(DRESSED.encode(), "utf-8", "table[1]/tr[1]/td[1]", alone)
        assert copy is not None
        assert not re.search(rb"style|http-equiv|onload|<img|900", copy)
        assert (b"<p>" in copy) is not alone
        assert lxml.html.fromstring(copy).xpath("//td[@bgcolor]/a/text()") == ["7"]


def test_another_kept_file_is_a_download(get: Any) -> None:
    answer = get(f"/capture/{blob_id(PDF)}")
    assert answer.content == PDF
    assert answer.headers["content-disposition"] == f'attachment; filename="{blob_id(PDF)[:16]}.pdf"'
    assert "sandbox" in answer.headers["content-security-policy"]


def test_a_kept_source_tells_about_itself(get: Any) -> None:
    facts = get(f"/capture/{blob_id(PDF)}.json").json()
    assert (facts["size"], facts["content_type"]) == (len(PDF), "application/pdf")
    assert "data" not in facts


@pytest.mark.parametrize(
    "kind", ["text/html", "image/svg+xml", "application/x-shockwave-flash", "", "text/xml"]
)
def test_no_kept_file_can_run_here(kind: str) -> None:
    capture = {"sha256": "0" * 64, "size": 9, "encoding": "raw", "data": b"<svg/>...", "content_type": kind}
    answer = files.kept(capture)
    sandboxed = answer.headers["Content-Security-Policy"] == files.SANDBOX
    harmless = answer.content_type.startswith(("text/html", "text/plain"))
    assert sandboxed
    assert harmless or "attachment" in answer.headers["Content-Disposition"]


def test_a_gbk_page_is_served_as_it_reads() -> None:
    assert files.charset("年报".encode("gbk")) == "gb18030"
    assert files.charset("年报".encode()) == "utf-8"


@pytest.mark.parametrize(
    ("path", "remedy"),
    [
        ("/nope", "/search"),
        ("/body/none", "搜索框"),
        ("/report/none", "搜索框"),
        (f"/report/{REVISED}?version=9", "去掉 ?version="),
        (f"/report/{REVISED}?version=x", "?version=1"),
        (f"/report/{REVISED}/diff?from=7", "?version="),
        (f"/capture/{'0' * 64}", "报告页"),
        ("/downloads/none.csv", "/downloads"),
        ("/findings?year=no", "?year=1"),
    ],
)
def test_a_missing_page_says_what_to_do(get: Any, path: str, remedy: str) -> None:
    answer = get(path)
    assert answer.status_code == 404
    assert remedy in answer.text


def test_a_missing_page_is_json_too(get: Any) -> None:
    answer = get("/report/none.json")
    assert (answer.status_code, answer.json()["ok"]) == (404, False)


@pytest.mark.parametrize(
    "sql",
    [
        "delete from body",
        "attach '/etc/passwd' as x",
        "pragma writable_schema = 1",
        "select load_extension('x')",
        "with recursive c(n) as (select 1 union all select n + 1 from c) select count(*) from c",
    ],
)
def test_the_query_page_only_reads_and_not_for_long(get: Any, sql: str) -> None:
    assert get("/nianbao.json", params={"sql": sql}).status_code == 400


def test_row_limit(get: Any) -> None:
    sql = "with recursive c(n) as (select 1 union all select n + 1 from c where n < 5000) select n from c"
    found = get("/nianbao.json", params={"sql": sql}).json()
    assert (len(found["rows"]), found["truncated"]) == (1000, True)


def test_ready_queries(get: Any) -> None:
    panel = get("/nianbao/panel.json?_shape=array&code=t3_granted__natural").json()
    assert [(r["body"], r["year"], r["value"]) for r in panel[:2]] == [(COUNTY, 2020, 7), (COUNTY, 2022, 6)]
    then = get("/nianbao/panel_as_of.json?_shape=array&code=t3_granted__natural&as_of=2023-03-01").json()
    assert [(r["body"], r["version"], r["value"]) for r in then[:2]] == [(COUNTY, 1, 7), (COUNTY, 1, 7)]
    rates = get("/nianbao/refusal_rate.json?_shape=array&year=2020").json()
    assert [(r["denied"], r["concluded"], r["rate"]) for r in rates] == [(2, 12, 0.1667)]
    found = get("/nianbao/reports_with_findings.json?_shape=array").json()
    assert [r["report_id"] for r in found] == [REVISED]


def test_every_public_table_and_column_is_described(out: Path) -> None:
    described = app(out)._metadata_local["databases"]["nianbao"]["tables"]
    with_columns = {name: table for name, table in described.items() if not table.get("hidden")}
    conn = sqlite3.connect(out / "nianbao.db")
    names = "select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite%'"
    for (name,) in conn.execute(names).fetchall():
        if described.get(name, {}).get("hidden"):
            continue
        columns = {row[1] for row in conn.execute(f"pragma table_info({name})")}
        assert set(with_columns[name]["columns"]) | {"value"} >= columns, name
        for text in with_columns[name]["columns"].values():
            assert not text.partition(" — ")[0].isascii()
    conn.close()


def test_nothing_published(tmp_path: Path) -> None:
    with pytest.raises(NotPublished, match="nianbao publish"):
        app(tmp_path)


def test_published_by_another_version(tmp_path: Path) -> None:
    for script in (
        "create table t (x)",
        "create table meta (key, value); insert into meta values ('format', '0')",
    ):
        (tmp_path / "nianbao.db").unlink(missing_ok=True)
        with closing(sqlite3.connect(tmp_path / "nianbao.db")) as conn:
            conn.executescript(script)
        with pytest.raises(NotPublished, match="publish` again"):
            app(tmp_path)


def test_damaged_publication(tmp_path: Path) -> None:
    (tmp_path / "nianbao.db").write_bytes(b"no database " * 100)
    with pytest.raises(ArchiveDamaged):
        app(tmp_path)


def test_port_in_use() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(PortInUse, match=f"--port, such as {port + 1}") as caught:
            listen("127.0.0.1", port)
    with pytest.raises(PortInUse, match="give --host an address of this machine"):
        listen("192.0.2.1", port)
    assert isinstance(caught.value, ArchiveError)


def test_older_forms_are_lists() -> None:
    book = entries()
    for generation, name in (("G2014S", "s14"), ("G2008L", "l08")):
        (table,) = form.forms(book, {name: generation})
        assert table.codes() == {row["code"] for row in book if row["generation"] == generation}


def test_one_report_can_mix_generations() -> None:
    made = form.forms(entries(), {"t2": "G2021", "t3": "G2019", "t9": "G1999"})
    assert [(f.name, f.generation) for f in made] == [("T2", "G2021"), ("T3", "G2019")]


def test_blocks_of_table_two_are_those_of_its_figures() -> None:
    book = entries()
    whole = {of: form.entries_of(book, "t2", of) for of in ("G2019", "G2021")}
    assert [len(cells) for cells in whole.values()] == [22, 10]
    first = {of: [row["code"] for row in cells[:6]] for of, cells in whole.items()}
    rest = {of: [row["code"] for row in cells[6:]] for of, cells in whole.items()}
    for own, other in (("G2019", "G2021"), ("G2021", "G2019")):
        codes = [*first[other], *rest[own]]
        assert [row["code"] for row in form.entries_of(book, "t2", own, codes)] == codes


def test_statements_that_overlap_are_marked_once() -> None:
    said = [{"text": "收到12件"}, {"text": "12件"}, {"text": "不在其中"}, {"text": ""}]
    assert [text for text, _s in prose.pieces("共收到12件。", said)] == ["共", "收到12件", "。"]


def test_page_and_parse_agree_on_the_figures(get: Any) -> None:
    shown = get(f"/report/{REVISED}.json").json()
    keys = {"code", "value", "state", "raw", "unit", "proof", "suggested", "place"}
    assert all(set(figure) == keys for figure in shown["figures"])
    assert json.dumps(shown, ensure_ascii=False)
    assert set(queries.PARTS) <= set(shown)
