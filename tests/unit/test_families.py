"""Every family has saved pages with golden results; and what is said of links, titles and the registry."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archive.outcomes import FrontierRequest, RequestKind
from crawler.checks.fixtures import reading
from crawler.discovery.decisions import Column, decide, reads_as_report
from crawler.discovery.reading import Reader
from crawler.families import detect, families
from crawler.hosts import is_private, parent_of, site_of, slot_of
from crawler.links import absolute, date_in, tidy
from crawler.page import MAX_TAGS, Page, Row, decode
from crawler.registry import Registry, RegistryError, load

LISTS = Path(__file__).parents[1] / "data" / "lists"
GOLDEN = sorted(LISTS.glob("*.json"))
CASES = Path(__file__).parents[3] / "shared" / "cases" / "lists"


def page_of(golden: dict[str, Any], name: str) -> Page:
    """The saved page of a golden result."""
    body = (LISTS / name).read_bytes()
    page = Page(golden["url"], body, "text/html", golden.get("method", "GET"), golden.get("body", ""))
    return page.within(golden.get("shown_on", ""), golden.get("announced"), golden.get("seen", 0))


def result(page: Page) -> dict[str, Any]:
    """What a page is read as, in the shape of the golden results."""
    return reading(page, detect(page)[0])


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden(path: Path) -> None:
    golden = json.loads(path.read_text("utf-8"))
    assert golden["result"], f"{path.name} waits for what its page really shows (docs/CONTRIBUTING.md)"
    assert result(page_of(golden, golden["file"])) == golden["result"]


def test_every_family_and_every_page_has_a_golden_result() -> None:
    goldens = [json.loads(path.read_text("utf-8")) for path in GOLDEN]
    assert {golden["result"]["family"] for golden in goldens if golden["result"]} == set(families())
    assert {golden["file"] for golden in goldens} == {path.name for path in LISTS.iterdir()} - {
        path.name for path in GOLDEN
    }


@pytest.mark.skipif(not CASES.is_dir(), reason="the real cases (../shared/cases) are not here")
@pytest.mark.parametrize("number", range(1, 6))
def test_real_answers_of_jiangsu(number: int) -> None:
    url = "http://gxt.jiangsu.gov.cn/module/web/jpage/dataproxy.jsp?startrecord=1&endrecord=75&perpage=25"
    body = (CASES / f"hanweb-jiangsu-dataproxy-{number}.xml").read_bytes()
    found = result(Page(url, body, "text/xml", "POST", "columnid=80179"))
    assert found["family"] == "hanweb"
    assert found["total"] == 756
    assert len(found["rows"]) == 76
    assert all(
        row["title"] and not row["title"].endswith("...") and len(row["date"]) == 10 for row in found["rows"]
    )
    assert [page["url"].partition("?")[2] for page in found["pages"]] == [
        "startrecord=77&endrecord=151&perpage=25"
    ]


@pytest.mark.skipif(not CASES.is_dir(), reason="the real cases (../shared/cases) are not here")
def test_real_page_of_gansu_hides_its_rows_in_comments() -> None:
    """Its rows and its pager stand in comments, and its script searches for them: never TRS, whose call looks alike."""
    url = "http://jyt.gansu.gov.cn/jyt/c110634/zwgklist.shtml"
    found = result(Page(url, (CASES / "ucap-gansu-education.html").read_bytes(), "text/html"))
    assert found["family"] == "ucap"
    assert not any("174162355" in row["url"] for row in found["rows"])
    (page,) = found["pages"]
    assert page["url"].startswith("http://jyt.gansu.gov.cn/common/search/e5eb2abb5014415399847ba2bb99b31f?")
    assert "_pageSize=20" in page["url"]


# --- bytes and addresses ---


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb2312", "gb18030", "utf-16"])
def test_decode(encoding: str) -> None:
    text = "<meta charset=iso-8859-1>政府信息公开工作年度报告"
    assert decode(text.encode(encoding)) == text


def test_decode_with_one_broken_byte() -> None:
    assert "工作年度报告" in decode(
        "政府信息公开".encode("gb18030") + b"\xff" + "工作年度报告".encode("gb18030")
    )
    assert "工作年度报告" in decode("政府信息公开".encode() + b"\xff" + "工作年度报告".encode())


@pytest.mark.parametrize(
    ("url", "tidied"),
    [
        ("HTTP://WWW.A.gov.CN:80/x#top", "http://www.a.gov.cn/x"),
        ("https://a.gov.cn:8443", "https://a.gov.cn:8443/"),
        ("http://a.gov.cn/gate/big5/www.b.gov.cn/x.html", "http://www.b.gov.cn/x.html"),
        ("http://a.gov.cn/a b", "http://a.gov.cn/a%20b"),
        ("http://[::1]:8000/", "http://[::1]:8000/"),
        ("file:///etc/passwd", None),
        ("ftp://a.gov.cn/", None),
        ("http://", None),
        ("http://a:99999/", None),
        ("http://[", None),
        ("http://a.gov.cn/?token=5&a-sessionid=1", "http://a.gov.cn/?token=5&a-sessionid=1"),
    ],
)
def test_tidy(url: str, tidied: str | None) -> None:
    assert tidy(url) == tidied


@pytest.mark.parametrize("href", ["javascript:go(1)", "mailto:a@b.cn", "#top", "", "  ", "tel:1", "http://["])
def test_what_is_no_address(href: str) -> None:
    assert absolute("http://a.gov.cn/", href) is None


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("[2024.1.5]", "2024-01-05"),
        ("2024年01月30日", "2024-01-30"),
        ("2026-\n 01-\n 23", "2026-01-23"),
        ("01-30", "01-30"),
        ("2023年", ""),
    ],
)
def test_dates(text: str, date: str) -> None:
    assert date_in(text) == date


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("127.0.0.1", True),
        ("127.0.0.1:80", True),
        ("10.1.2.3", True),
        ("169.254.169.254", True),
        ("[::1]", True),
        ("[::ffff:10.0.0.1]:80", True),
        ("0.0.0.0", True),
        ("224.0.0.1", True),
        ("114.114.114.114", False),
        ("www.gov.cn", False),
    ],
)
def test_private_addresses(host: str, private: bool) -> None:
    assert is_private(host) == private


def test_hosts_and_parents() -> None:
    assert parent_of("www.huojia.gov.cn") == parent_of("rsj.huojia.gov.cn") == "huojia.gov.cn"
    assert parent_of("127.0.0.1") == parent_of("localhost") == ""
    assert slot_of("www.a.gov.cn:8080") == slot_of("www.a.gov.cn")
    assert site_of("rsj.km.gov.cn:8080") == site_of("czj.km.gov.cn") == "km.gov.cn"
    assert site_of("127.0.0.1:80") == site_of("127.0.0.1:81") == "127.0.0.1"


# --- decisions ---

COLUMN = Column("http://a.gov.cn/zwgk/nb/", "http://a.gov.cn/zwgk/nb/index.html", body="某县审计局")


@pytest.mark.parametrize(
    ("href", "title", "decision", "kind"),
    [
        ("202401/t20240130_1.html", "某县审计局2023年政府信息公开工作年度报告", "report", "document"),
        ("202401/P0202401301.pdf", "某县2023年政府信息公开工作年度报告", "report", "attachment"),
        ("202401/t20240130_2.html", "某县2023年政府信息公开工作年度报告解读", "rejected:解读", "document"),
        ("202401/t20240130_3.html", "年度报告", "maybe", "document"),
        ("202401/t20240130_4.html", "某镇人民政府", "maybe", "document"),
        ("202401/t20240130_5.html", "关于天气的说明", "rejected:other", "document"),
        ("2023nb/", "2023年", "column", "listing"),
        ("2023nb/", "2023年政府信息公开工作年度报告", "column", "listing"),
        ("bm/", "县政府部门", "column", "listing"),
        ("xz/zgz.htm", "某镇人民政府", "column", "listing"),
        ("/zwgk/zn/", "政府信息公开指南", None, None),
        ("/", "首页", None, None),
        ("/tzgg/", "2023年", None, None),
    ],
)
def test_decisions(href: str, title: str, decision: str | None, kind: str | None) -> None:
    url = absolute(COLUMN.url, href)
    assert url is not None
    found = decide(Row(url, title), COLUMN)
    assert (found.decision, found.kind.value) == (decision, kind) if found else decision is None


def test_columns_end_at_depth_four() -> None:
    deep = Column(COLUMN.root, COLUMN.url, depth=4)
    found = decide(Row("http://a.gov.cn/zwgk/nb/2023nb/", "2023年"), deep)
    assert found is not None
    assert (found.decision, found.follow) == ("rejected:depth", False)


def test_columns_with_ids_are_siblings() -> None:
    column = Column("http://a.gov.cn/col/col100/index.html", "http://a.gov.cn/col/col100/index.html")
    found = decide(Row("http://a.gov.cn/col/col101/index.html", "2023年"), column)
    assert found is not None
    assert found.decision == "column"


def test_a_twin_for_small_screens_is_not_fetched() -> None:
    html = "".join(
        f"<li><a href='t20240130_1{end}.html'>某县2023年政府信息公开年报</a>2024-01-30</li>"
        for end in ("", "_wap")
    )
    page = Page("http://a.gov.cn/nb/", f"<ul>{html}</ul>".encode(), "text/html")
    reading = Reader(lambda _: True).read(page, FrontierRequest(page.url, RequestKind.LISTING))
    assert [link.decision for link in reading.links] == ["report", "rejected:twin"]
    assert len(reading.children) == 1


def test_the_report_inside_a_notice_is_found() -> None:
    html = "<p>现予公布。</p><p><a href='t20240130_9.html'>某县2023年政府信息公开年报</a></p>"
    page = Page("http://a.gov.cn/nb/t20240130_1.html", html.encode(), "text/html")
    asked = FrontierRequest(page.url, RequestKind.DOCUMENT, meta={"decision": "wrapper"})
    reading = Reader(lambda _: True).read(page, asked)
    assert [child.url for child in reading.children] == ["http://a.gov.cn/nb/t20240130_9.html"]


# --- walks over the pages of a listing ---

API = (
    "http://a.gov.cn/api-gateway/jpaas-publish-server/front/page/build/unit?paramJson=%7B%22pageNo%22%3A{}%7D"
)


def _answer(*numbers: int, count: int = 90) -> bytes:
    rows = "".join(
        f"<li><a href='/art/2024/art_{number:032x}.html'>某{number}局2023年政府信息公开年报</a>2024-01-30</li>"
        for number in numbers
    )
    return json.dumps({"data": {"html": f"<ul>{rows}</ul><p rows='15' count='{count}'></p>"}}).encode()


def _walked(body: bytes, **meta: object) -> tuple[list[str], str]:
    asked = FrontierRequest(
        API.format(2), RequestKind.LISTING, meta={"page": 2, "shown_on": COLUMN.url, **meta}
    )
    reading = Reader(lambda _: True).read(Page(asked.url, body, "application/json"), asked)
    return [child.url for child in reading.children if child.kind is RequestKind.LISTING], reading.reason


def test_a_walk_goes_on_to_the_next_page() -> None:
    pages, reason = _walked(_answer(3, 4), total=90)
    assert len(pages) == 1
    assert reason == ""


@pytest.mark.parametrize("name", ["rows", "first"])
def test_a_walk_ends_where_the_rows_repeat(name: str) -> None:
    first = Page(API.format(1), _answer(1, 2), "application/json")
    asked = FrontierRequest(first.url, RequestKind.LISTING, meta={"shown_on": COLUMN.url})
    (further,) = (
        child for child in Reader(lambda _: True).read(first, asked).children if child.meta.get("first")
    )
    pages, reason = _walked(_answer(1, 2), **{name: further.meta["first"]})
    assert pages == []
    assert "repeat" in reason


def test_an_empty_page_ends_nothing_until_three_were_empty() -> None:
    empty = b'{"data": {"html": ""}}'
    pages, reason = _walked(empty, total=90)
    assert len(pages) == 1
    assert reason == "page 2 of the listing is empty"
    assert _walked(empty, total=90, empty=3)[0] == []
    assert _walked(empty)[0] == []


def test_a_walk_ends_at_its_limit() -> None:
    assert _walked(_answer(3, 4), page=300)[0] == []


# --- articles and columns that look like one another ---


def _read(html: str, **meta: object) -> RequestKind:
    page = Page("http://a.gov.cn/zwgk/nb/12.html", html.encode(), "text/html")
    asked = FrontierRequest(page.url, RequestKind.LISTING, meta={"root": COLUMN.url, **meta})
    return Reader(lambda _: True).read(page, asked).kind


FILE = "<p>详见附件。</p><a href='a.pdf'>附件</a>"
ROW = "<li><a href='t20240130_1.html'>某局2023年政府信息公开年报</a></li>"


@pytest.mark.parametrize(
    ("html", "meta", "kind"),
    [
        (FILE, {}, "document"),
        (FILE, {"entry": True}, "listing"),
        (FILE + "<a href='/zwgk/nb/2023nb/'>2023年</a>", {}, "listing"),
        (FILE + ROW, {}, "listing"),
        ("<meta name='ArticleTitle' content='x'>" + FILE + ROW, {}, "document"),
        ("<p>正在整理</p>", {}, "listing"),
        ("<li><a href='a.pdf'>某局2023年政府信息公开年报</a><b>2024-01-30</b></li>", {}, "listing"),
    ],
)
def test_what_looked_like_a_column(html: str, meta: dict[str, object], kind: str) -> None:
    assert _read(html, **meta).value == kind


def test_a_document_that_is_a_list_is_read_as_one() -> None:
    html = "".join(ROW.replace("_1.", f"_{n}.").replace("某局", f"某{n}局") for n in range(3))
    page = Page("http://a.gov.cn/zwgk/nb/2023.htm", html.encode(), "text/html")
    asked = FrontierRequest(page.url, RequestKind.DOCUMENT, meta={"decision": "report", "root": COLUMN.url})
    reading = Reader(lambda _: True).read(page, asked)
    assert reading.kind is RequestKind.LISTING
    assert len(reading.children) == 3


def test_a_report_held_in_a_script_is_one() -> None:
    text = "<p>一、主动公开政府信息情况</p><p>收到和处理政府信息公开申请情况</p>" + "<p>正文。</p>" * 80
    html = (
        f"<div id='app'></div><script>window._CONFIG = {{DETAIL: {{content: {json.dumps(text)}}}}}</script>"
    )
    page = Page("http://a.gov.cn/gkmlpt/content/1/1/post_1.html", html.encode(), "text/html")
    assert reads_as_report(page)


@pytest.mark.parametrize(
    ("href", "title", "decision"),
    [
        ("/nw2023/index.html", "2023年", "column"),
        ("/nw2022/index.html", "2023年", None),
        ("old/", "2008-2018年", "column"),
        ("old/", "2019年及以前", "column"),
        ("old/", "二〇二三年", "column"),
        ("bm23/", "市级部门2023年", "column"),
        ("2023nb/", "更多>>", "column"),
        ("/tzgg/", "更多>>", None),
        ("/public/column/12?type=3", "政府信息公开年报", "column"),
        ("bm/sjj/", "某县审计局", "column"),
        ("/index.php?m=content&c=index&a=show&id=3", "某县2023年政府信息公开年报", "report"),
        ("/index.php?m=content&c=index&a=lists&catid=3", "某县2023年政府信息公开年报", "column"),
        ("/OpennessAnnualReport/year/show/341/2022.html", "2022年", "column"),
    ],
)
def test_decisions_by_address(href: str, title: str, decision: str | None) -> None:
    url = absolute(COLUMN.url, href)
    assert url is not None
    found = decide(Row(url, title), COLUMN)
    assert (found.decision if found else None) == decision


# --- the registry ---

HEADER = "id,name,division,level,kind,entry,url,family,note\n"


def _load(tmp_path: Path, text: str) -> Registry:
    path = tmp_path / "r.csv"
    path.write_text(text, "utf-8")
    return load(path)


def test_the_packaged_registry() -> None:
    registry = load()
    assert registry.sources
    assert all("unverified" in source.note for source in registry.sources.values())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id,name\n", r"r\.csv line 1: no column division.*must be id,name"),
        (HEADER + ",某县,1,,,column,http://a.gov.cn/,,\n", "line 2: id is empty"),
        (HEADER + "a,某县,1,,,column,www.a.gov.cn,,\n", "line 2: 'www.a.gov.cn' is no web address"),
        (HEADER + "a,某县,1,,,page,http://a.gov.cn/,,\n", "line 2: entry is 'page'; write column or portal"),
        (HEADER + 2 * "a,某县,11,,,column,http://a.gov.cn/,,\n", "line 3: the id 'a' stands twice"),
        (HEADER + "a,某县\n", "line 2: url is empty"),
    ],
)
def test_registry_errors(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(RegistryError, match=says):
        _load(tmp_path, text)


def test_a_registry_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="there is no registry here"):
        load(tmp_path / "none.csv")
    (tmp_path / "gbk.csv").write_bytes(HEADER.encode() + "某县".encode("gb18030"))
    with pytest.raises(RegistryError, match="UTF-8"):
        load(tmp_path / "gbk.csv")


def test_what_the_registry_allows(tmp_path: Path) -> None:
    registry = _load(tmp_path, HEADER + "a,某县,41072x,,,column,http://www.a.gov.cn/nb/,,\n")
    assert registry.warnings == (
        "%s line 2: the division '41072x' is not a GB/T 2260 code; the row is kept" % (tmp_path / "r.csv"),
    )
    assert registry.allows("http://www.a.gov.cn/x")
    assert registry.allows("https://rsj.a.gov.cn/x")
    assert not registry.allows("http://www.b.gov.cn/x")
    assert not registry.allows("http://www.a.gov.cn.evil.com/x")
    assert not registry.allows("http://www.a.gov.cn@evil.com/x")


# --- pagers in words of their own ---

TURNS = {
    "more words after the names": (
        "http://a.gov.cn/nb/",
        '<script>createPageHTML(3,0,"index","html","black",16);</script>',
        ["http://a.gov.cn/nb/index_1.html", "http://a.gov.cn/nb/index_2.html"],
    ),
    "a number alone": (
        "http://a.gov.cn/OpennessContent/showList/3/4/page_1.html",
        "<ul><li>1/2</li></ul>",
        ["http://a.gov.cn/OpennessContent/showList/3/4/page_2.html"],
    ),
    "laypage": (
        "http://a.gov.cn/nb/zf/1.html",
        "<script>laypage.render({elem:'p', count:16, limit:8, curr:1})</script>"
        "<a href='/nb/zf/1881268348977905193.html'>某局</a>",
        ["http://a.gov.cn/nb/zf/2.html"],
    ),
    "an address in a variable": (
        "http://a.gov.cn/nb/index.htm",
        "<a href='javascript:void(0)' onclick='to(2)'>下一页</a>"
        "<script>function to(n){ var u = 'index_'+n+'.htm'; window.location.href = u; }</script>",
        ["http://a.gov.cn/nb/index_2.htm"],
    ),
    "an arrow with the number in its query": (
        "http://a.gov.cn/list.jsp?id=7",
        "<a href='?PAGENUM=2&id=7'>&gt;</a>",
        ["http://a.gov.cn/list.jsp?PAGENUM=2&id=7"],
    ),
}


@pytest.mark.parametrize("name", TURNS)
def test_how_a_list_is_turned(name: str) -> None:
    url, markup, wanted = TURNS[name]
    page = Page(url, f"<html><body>{markup}</body></html>".encode(), "text/html")
    assert [further.url for further in detect(page)[1].pages(page)] == wanted


@pytest.mark.parametrize(
    ("script", "spelled"),
    [
        ('var c = "77"; get("/list?c=" + c + "&page=" + n + "&x=1")', '"/list?c=77&page=&x=1"'),
        ("var n = 1; n++; get('/list?page=' + n + '&x=1')", "'/list?page=&x=1'"),
        ("let c = 5;\nget(`/list?c=${c}&page=${n}`)", '"/list?c=5&page="'),
    ],
)
def test_an_address_that_a_script_puts_together(script: str, spelled: str) -> None:
    page = Page("http://a.gov.cn/", f"<script>{script}</script>".encode(), "text/html")
    assert spelled in page.spelled


def test_a_page_of_nothing_but_tags_is_read_in_part() -> None:
    page = Page("http://a.gov.cn/", b"<p>" * 1_000_000, "text/html")
    assert page.text.count("<") == MAX_TAGS
