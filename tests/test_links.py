"""Lines of links: taken out of the markup, a page says the same as by its tree."""

from __future__ import annotations

from random import Random

import pytest

from benchmarks.reading import pages
from parsers.document import Document
from parsers.readers import html
from parsers.readers.links import as_lines
from sample.corpus import plain
from tests.test_regular import page, read_with, scarred

LINE = '<li class="fl"><a href="/zwgk/1.html" target="_blank" title="机构职能">机构职能</a></li>'
MENU = f"<div><ul>\n{LINE}\n{LINE.replace('机构职能', '政策&amp;文件')}</ul></div>"
DATED = LINE.replace("</a>", '</a> <span class="date">2024-01-18</span>')
DATES = "".join(
    f"<ul>{21 * line}</ul>"
    for line in (
        DATED,
        DATED.replace("> <", "><"),
        LINE.replace("<a", "<em>01-18</em>\n<a"),
        LINE.replace("</a>", "</a>新"),
    )
)
REPORTS = MENU.replace("机构职能", "云水县2022年政府信息公开工作年度报告")


def by_tree(data: bytes, monkeypatch: pytest.MonkeyPatch) -> Document:
    return read_with("as_lines", lambda source: source, data, monkeypatch)


@pytest.mark.parametrize(
    "around",
    [
        "<p>前</p>{}<p>后</p>",
        "前{}后",
        "<h1>年报{}</h1>",
        "<p>前{}后</p>",
        "<!--{}-->",
        "<script>var menu = '{}';</script>",
        "<table><tr><td>{}</td><td>甲</td></tr><tr><td>乙</td><td>1</td></tr></table>",
        "<div id='zoom'>{}</div>",
        "</body></html>{}",
    ],
)
def test_lines_of_links_say_the_same_without_their_tags(around: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for lines in (MENU, DATES) if "h1" not in around else (MENU,):
        data = page(around.format(lines))
        assert b"<li" not in as_lines(data)
        assert html.read(data)[0] == by_tree(data, monkeypatch)


@pytest.mark.parametrize(
    "odd",
    [
        LINE.replace("</a>", ""),
        LINE.replace("</li>", ""),
        LINE.replace("机构职能</a>", "<b>机构职能</b></a>"),
        LINE.replace('html"', "html"),
        LINE.replace("</a></li>", "</a><span>2024-01-18</span></li>"),
        30 * DATED.replace("<span", "<span><span"),
        30 * DATED.replace("<span", "<font"),
        LINE.upper(),
        f'<a href="/other/">{LINE}',
        f"<A HREF='/other/'>{LINE}",
    ],
)
def test_other_lines_and_pages_with_links_that_do_not_end_are_left_to_the_tree(odd: str) -> None:
    data = page(odd)
    assert as_lines(data) == data


@pytest.mark.parametrize("around", ["{}", "前{}后", "<div id='zoom'>{}</div>", "</body></html>{}"])
@pytest.mark.parametrize(
    ("line", "is_told"),
    [
        (LINE, True),
        (LINE.replace(' target="_blank"', ""), True),
        (LINE.replace("机构职能</a>", "机构职能 的&#160;报告</a>"), True),
        (LINE.replace("/zwgk/1.html", "/zwgk/1.PDF"), False),
        (LINE.replace("/zwgk/1.html", "/download?id=1"), False),
        (LINE.replace("/zwgk/1.html", "#top"), False),
        (LINE.replace(' href="/zwgk/1.html"', ""), False),
        (LINE.replace("</a>", "公布</a>"), True),
        (DATED, True),
        (DATED.replace("2024-01-18", "报告公开"), True),
        (DATED.replace(' <span class="date">2024-01-18</span>', " 年报"), True),
        (LINE.replace("机构职能</a>", "机构职能报</a>"), False),
    ],
)
def test_links_to_other_reports_are_still_told(
    line: str, is_told: bool, around: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = line.replace("机构职能 的", "云水县公开 的")
    named = named.replace("机构职能</a>", "云水县2022年政府信息公开工作年度报告</a>")
    named = named.replace("机构职能公布", "云水县2022年政府信息公开工作年度报告公布")
    data = page(around.format(f"{MENU}{22 * named}"))
    assert b"<li" not in as_lines(data)
    read = html.read(data)[0]
    assert bool(read.linked) == is_told
    assert read == by_tree(data, monkeypatch)


@pytest.mark.parametrize(
    "hidden",
    [
        "<!--{}-->",
        "<script>var menu = '{}';</script>",
        "<style>{}</style>",
        "<title>{}</title>",
        "<textarea>{}</textarea>",
    ],
)
def test_what_is_no_link_on_the_page_leads_nowhere(hidden: str) -> None:
    assert not html.read(page(hidden.format(REPORTS) + "<p>后</p>"))[0].linked


def test_a_page_that_holds_the_mark_is_left_to_the_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    data = page(f"<p>\ufdd9</p>{REPORTS}")
    assert as_lines(data) == data
    assert html.read(data)[0].linked


def test_a_byte_that_is_damaged_where_a_line_of_links_leads_is_no_lost_character() -> None:
    data = page(f"{MENU}<p>后</p>")
    whole = html.read(data)[0]
    assert html.read(data.replace(b"/zwgk/1", b"/zwgk/\xff"))[0] == whole
    assert html.read(data.replace("后".encode(), b"\xff"))[0].warnings == (
        "some characters could not be decoded",
    )


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_lines_of_links_in_another_encoding(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = page(f"{MENU}{REPORTS}{DATES}").decode().encode(encoding)
    assert html.read(data)[0] == by_tree(data, monkeypatch)
    assert html.read(data)[0].linked


def test_damaged_pages_say_the_same_either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(2)
    made = plain("html", "G2021", 1).data.replace(b"</body>", f"{MENU}{REPORTS}{DATES}</body>".encode())
    sources = [*(data for skin in range(3) for data in pages(3, skin)[:1]), made]
    damaged = (scarred(random.choice(sources), random) for _ in range(300))
    # In a title without end tags are words, and a heading without one ends where the parser likes.
    told = [
        data for data in damaged if _ends(data, "title") and _ends(data, "h1") and b"<textarea" not in data
    ]
    differ = [data for data in told if html.read(data)[0] != by_tree(data, monkeypatch)]
    assert len(told) > 250
    assert not differ


def _ends(data: bytes, name: str) -> bool:
    return data.count(f"<{name}".encode()) == data.count(f"</{name}>".encode())
