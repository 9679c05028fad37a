"""Regular grids: read from the markup, they are what the tree of the page says, and all else is left to the tree."""

from __future__ import annotations

import re
from random import Random

import pytest

from benchmarks.reading import pages
from parsers.document import Document, Table
from parsers.readers import html
from parsers.readers.regular import MARK, taken_out
from sample.corpus import plain

GRID = (
    '<table border="1"><tr><td>类别</td><td colspan="2">数量</td></tr>'
    "<tr><td><p>许可</p></td><td>1</td><td>2</td></tr></table>"
)
WORD = (
    "<table class=MsoNormalTable width=568 style='width:426.1pt'><colgroup><col width=56></colgroup><tbody>"
    "<tr style='height:1.0cm'><td width=96 nowrap valign=top style='width:72.0pt;\nborder:solid windowtext 1.0pt'>"
    "<p class=MsoNormal align=center><span lang=EN-US>1<o:p></o:p></span></p></td><td>&nbsp;</td></tr>"
    "<tr><td>A&amp;B&#160;&#38271;</td><td>甲<br clear=all>乙<sup>①</sup><a name='OLE_LINK1'></a></td></tr>"
    "<!--[if !supportMisalignedColumns]><tr height=0><td width=56></td></tr><![endif]--></tbody></table>"
)
HEADS = "<table><thead><tr><th>甲</th><th>乙</th></tr></thead><tbody><tr><th>1</th><td>2</td></tr></tbody></table>"
SCARS = (
    "<p> </p> </td> <td> </tr> <tr> <br> </span> <span> <div> </div> <table> </table> <!-- --> <tbody> </tbody> <th> "
    "</th> <script> </script> </a> \" ' > < <TD> <col> <caption> <select> <textarea> <style> #PAGE_BREAK# <font/> <p/> "
    "<td/> </br> <h1> </h1> <center> </body> </html> <title> <noscript> <thead> </thead> &nbsp; &#160; &lt; \0 \xff"
).split(" ")
_TAG = re.compile(rb"<[^<>]*>")


def page(body: str) -> bytes:
    return f"<html><head><title>年报</title></head><body>{body}</body></html>".encode()


def read_with(step: str, instead: object, data: bytes, monkeypatch: pytest.MonkeyPatch) -> Document:
    """The page as it is read with something else in the place of a step of the reader."""
    with monkeypatch.context() as patch:
        patch.setattr(html, step, instead)
        return html.read(data)[0]


def by_tree(data: bytes, monkeypatch: pytest.MonkeyPatch) -> Document:
    return read_with("taken_out", lambda page: (page, []), data, monkeypatch)


def words(document: Document) -> list[list[str]]:
    return [[cell.text for cell in block.cells] for block in document.blocks if isinstance(block, Table)]


@pytest.mark.parametrize("grid", [GRID, WORD, HEADS])
def test_a_regular_grid_is_read_without_the_tree_and_says_the_same(
    grid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = page(f"<p>前</p>{grid}<p>后</p>{grid}")
    rest, grids = taken_out(data)
    assert len(grids) == 2
    assert b"<td" not in rest
    read = html.read(data)[0]
    assert read == by_tree(data, monkeypatch)
    assert [isinstance(block, Table) for block in read.blocks] == [False, True, False, True]
    assert read.blocks[3].place == "table[2]"


def test_all_grids_of_a_page_pasted_from_word_are_regular(monkeypatch: pytest.MonkeyPatch) -> None:
    for data in pages(1):
        rest, grids = taken_out(data)
        assert len(grids) == 3
        assert b"<td" not in rest
        assert html.read(data)[0] == by_tree(data, monkeypatch)


@pytest.mark.parametrize(
    "odd",
    [
        GRID.replace("<td>1</td>", "<td>1"),
        GRID.replace("</tr><tr>", "<tr>"),
        GRID.replace("<td>1</td>", "<td>1</td>3"),
        GRID.replace("<p>许可</p>", "<p>许<p>可</p></p>"),
        GRID.replace("<p>许可</p>", "<b>许<p>可</b></p>"),
        GRID.replace("<p>许可</p>", "</p>许可"),
        GRID.replace("许可", "许 > 可"),
        GRID.replace("许可", "许&#150;可"),
        GRID.replace("许可", "许&#55297;可"),
        GRID.replace("许可", "许&copy;可"),
        GRID.replace("许可", "<a href='x'>年报</a>"),
        GRID.replace("许可", "许#PAGE_BREAK#可"),
        GRID.replace("许可", "许\0可"),
        GRID.replace("许可", "许" * 401),
        GRID.replace("<td>1</td>", '<td style="a>b">1</td>'),
        GRID.replace("<td>1</td>", '<td colspan="一">1</td>'),
        GRID.replace("<td>1</td>", "<td/>1</td>"),
        GRID.replace("<td>1</td>", "<TD>1</TD>"),
        GRID.replace("<td>1</td>", "<td><!-- 1</td>"),
        GRID.replace("<tr>", "<caption>表</caption><tr>", 1),
        GRID.replace("</table>", ""),
        GRID.replace("<table", f"<table style='{'x' * 5000}'"),
        GRID.replace("<td>1", f"<td style='{'x' * 5000}'>1"),
    ],
)
def test_what_is_not_regular_is_left_to_the_tree(odd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = page(f"<p>前</p>{odd}<p>后</p>")
    assert taken_out(data) == (data, [])
    assert html.read(data)[0] == by_tree(data, monkeypatch)


@pytest.mark.parametrize(
    "around",
    [
        "<!--{}-->",
        "<script>var a = '{}';</script>",
        "<textarea>{}</textarea>",
        "<h1>年报{}</h1>",
        '<a href="/other/">年度报告公开{}</a>',
        '<div data-table="{}">',
        "<table><tr><td>{}</td><td>甲</td></tr></table>",
        "<noscript>{}</noscript>",
        "</body></html>{}",
    ],
)
def test_where_a_grid_stands_is_told_by_the_tree(around: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = page(f"<p>前</p>{around.format(GRID)}<p>后</p>")
    read = html.read(data)[0]
    assert MARK not in repr(read)
    assert read == by_tree(data, monkeypatch)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_grids_of_a_page_in_another_encoding(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """联 in GB18030 is valid UTF-8 for something else; the page as a whole says in what its cells are."""
    data = page(f"<p>本机关</p>{GRID.replace('许可', '联')}").decode().encode(encoding)
    read = html.read(data)[0]
    assert words(read) == [["类别", "数量", "联", "1", "2"]]
    assert read == by_tree(data, monkeypatch)


def test_a_character_that_is_lost_in_a_grid_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("类别".encode(), b'border="1"', b"</td>", b"</table>"):
        data = page(f"<p>前</p>{GRID}").replace(place, b"\xff" + place, 1)
        read = html.read(data)[0]
        assert read == by_tree(data, monkeypatch)
        assert read.warnings == ("some characters could not be decoded",)


def test_radicals_are_repaired_in_grids() -> None:
    assert words(html.read(page(GRID.replace("许可", "部⻔")))[0])[0][2] == "部门"


def test_damaged_pages_say_the_same_either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(1)
    sources = [
        *pages(2)[:2],
        *(plain("html", generation, 1).data for generation in ("G2019", "G2021", "G2014S")),
    ]
    differ = [
        data for data in (scarred(random.choice(sources), random) for _ in range(400))
        if _without_torn(html.read(data)[0]) != _without_torn(by_tree(data, monkeypatch))
    ]  # fmt: skip
    assert not differ


def scarred(data: bytes, random: Random) -> bytes:
    """A page with up to three tags lost, or others put beside them."""
    for _ in range(random.choice((1, 1, 2, 3))):
        first, last = random.choice([tag.span() for tag in _TAG.finditer(data)])
        scar = random.choice(SCARS).encode("latin-1", "replace")
        data = data[:first] + data[last:] if random.random() < 0.4 else data[:last] + scar + data[last:]
    return data


def _without_torn(document: Document) -> tuple[object, ...]:
    """A quotation mark alone in the words of a cell tears nothing, which only a look at its own tags can tell."""
    return document.blocks, document.titles, document.meta, document.warnings, document.linked
