"""What follows an article is left out where nothing there is asked for: the page says the same as when all is parsed."""

from __future__ import annotations

from random import Random
from time import process_time

import pytest

from benchmarks.reading import pages
from parsers.document import Document
from parsers.readers import html
from parsers.readers.article import up_to_its_end
from parsers.readers.regular import taken_out
from tests.test_regular import GRID, page, read_with, scarred

LINKS = (
    "<ul>"
    + 200 * '<li><a href="/zwgk/202401/t20240118_1.html" title="机构">机构职能</a><b>新</b></li>'
    + "</ul>"
)
ARTICLE = f"<h1>年报</h1><div id='zoom'><p>前</p><div>{GRID}</div><p>后</p></div>"


def whole(data: bytes, monkeypatch: pytest.MonkeyPatch) -> Document:
    return read_with("up_to_its_end", lambda rest, grids: rest, data, monkeypatch)


def is_cut(data: bytes) -> bool:
    rest, grids = taken_out(data)
    return up_to_its_end(rest, len(grids)) is not rest


def test_what_follows_an_article_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    data = page(f"<div class='main'>{ARTICLE}<div class='side'>{LINKS}</div></div><p>主办：某办公室</p>")
    rest, grids = taken_out(data)
    assert len(up_to_its_end(rest, len(grids))) < len(rest) / 20
    read = html.read(data)[0]
    assert read == whole(data, monkeypatch)
    assert len(read.blocks) == 3


@pytest.mark.parametrize(
    "asked",
    [
        "<h1>年报</h1>",
        "<H2>年报</H2>",
        "<ucaptitle>年报</ucaptitle>",
        "<meta name='PubDate' content='2024-01-18'>",
        "<table><tr><td>1</td></tr></table>",
        GRID,
        "<TD>1</TD>",
        "<a href='/1.html'>云水县2022年政府信息公开工作年度报告</a>",
    ],
)
def test_what_is_asked_for_is_parsed_wherever_it_stands(asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = page(f"{ARTICLE}{LINKS}{asked}{LINKS}")
    assert not is_cut(data)
    assert html.read(data)[0] == whole(data, monkeypatch)


@pytest.mark.parametrize(
    "before", ["", LINKS, "<p class='zoom-in'>大</p>", "<div class='zoom'>大中小</div>", GRID]
)
@pytest.mark.parametrize(
    "article",
    [
        ARTICLE,
        ARTICLE.replace("zoom", "main"),
        ARTICLE.replace("<p>后", "<div>中<p>后"),
        ARTICLE.replace("<p>后", "</div><p>后"),
        ARTICLE.replace("<p>后", "</div><div><p>后"),
        ARTICLE.replace("<p>后", "<div class='TRS_Editor'><p>后</p></div><p>"),
        ARTICLE.replace("<p>前", "<!--</div>--><p>前"),
        ARTICLE.replace("<p>前", "<script>write('</div>')</script><p>前"),
        ARTICLE.replace("<p>前", "<p title='</div>'>前"),
        ARTICLE.replace("<div id", "<!-- <div id").replace("<p>前", "--><p>前"),
        ARTICLE.replace("<div id", "<script><div id").replace("<p>前", "</script><p>前"),
        ARTICLE.replace("<div id", "<textarea><div id").replace("<p>前", "</textarea><p>前"),
        ARTICLE.replace("<div id", "<a href='/'><div id"),
        ARTICLE.replace("<div id", "<p><div id"),
        f"<div class='wzcon'><p>题</p>{ARTICLE}</div>",
        f"<div class='wzcon'><p>题</p>{ARTICLE}尾</div>",
        f"{ARTICLE}{ARTICLE}",
        f"<div id='zoom'><p>前</p></div>{GRID}",
        f"<table><tr><td id='zoom'><p>前</p>{GRID}</td></tr></table>",
        f"<table><tr><td><div id='zoom'><p>前</p>{GRID}</div></td><td>旁</td></tr></table>",
        ARTICLE.replace("<div", "<section").replace("</div", "</section"),
        ARTICLE.replace("<div", "<DIV").replace("</div", "</DIV"),
        ARTICLE.replace("</td>", "", 1),
    ],
)
def test_any_article_says_the_same_with_what_follows_it_and_without(
    before: str, article: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for after in (LINKS, f"尾{LINKS}", f"</div>{LINKS}", f"<!-- {LINKS}", f"--></script></textarea>{LINKS}"):
        data = page(f"{before}{article}{after}")
        assert html.read(data)[0] == whole(data, monkeypatch)


@pytest.mark.parametrize(
    "piece", ["<div class='zoom'>", "<div zoom ", "zoom ", "</div>", "<div>", "<ul><li><a href='zoom'>"]
)
def test_a_megabyte_of_one_thing_is_looked_through_in_time(piece: str) -> None:
    many = piece * (1024 * 1024 // len(piece))
    for data in (
        page(f"<div {many}{GRID}{LINKS}"),
        page(f"{many}{GRID}</div>{LINKS}"),
        page(f"{ARTICLE}{many}"),
    ):
        rest, grids = taken_out(data)
        start = process_time()
        up_to_its_end(rest, len(grids))
        assert process_time() - start < 2


def test_damaged_pages_say_the_same_either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(5)
    sources = [data for skin in range(2) for data in pages(3, skin)[:3]]
    assert all(map(is_cut, sources))
    damaged = [scarred(random.choice(sources), random) for _ in range(300)]
    assert sum(map(is_cut, damaged)) > 100
    # A byte that is lost in a line of links is none of the report's.
    assert not [data for data in damaged if _said(html.read(data)[0]) != _said(whole(data, monkeypatch))]


def _said(document: Document) -> tuple[object, ...]:
    return document.blocks, document.titles, document.meta, document.linked
