"""Markup is brought within bounds before a parser meets it, and is left alone where it is within them."""

from __future__ import annotations

from time import perf_counter

import pytest
from lxml import etree

from crawler import page
from parsers.readers.bounds import DEEPEST, MOST_ATTRIBUTES, Cut, bounded
from parsers.readers.html import read, root_of
from tests.corpus.documents import corpus

MANY = 40_000
TITLE = "某县2020年政府信息公开工作年度报告"


def _attributes(one: str, apart: str = " ") -> str:
    return f"<p {apart.join(one.replace('#', str(number)) for number in range(MANY))}>{TITLE}</p>"


ATTRIBUTES = {
    "plain": _attributes("a#=1"),
    "without a value": _attributes("a#", "/"),
    "nothing between": _attributes('a#="1"', ""),
    "ends of tags in values": _attributes('a#="<b>"'),
    "tags in values of the other quotation mark": _attributes("a#='\"><b x=\"'"),
    "blanks before values": _attributes('a# = \n                    ">"'),
    "of an end tag": f"<p>{TITLE}" + _attributes("a#=1").replace("<p ", "</p "),
    "of the end of a script": f"<script>{TITLE}" + _attributes("a#=1").replace("<p ", "</script "),
    "behind an empty comment": "<!-->" + _attributes("a#=1") + "-->",
    "in a style of a drawing": "<svg><style>" + _attributes("a#=1") + "</style></svg>",
}


@pytest.mark.parametrize("markup", ATTRIBUTES.values(), ids=ATTRIBUTES.keys())
def test_attributes_of_a_tag_are_bounded(markup: str) -> None:
    data = f"<html><body>{markup}</body></html>".encode()
    within = bounded(data)
    assert [cut for cut, _ in within.cuts] == [Cut.ATTRIBUTES]
    assert within.cuts[0][1] == MANY - MOST_ATTRIBUTES
    assert TITLE in within.markup.decode()
    assert within.remarks
    assert bounded(data.decode()).markup.encode() == within.markup


NESTED = {
    "never closed": "<div>" * MANY,
    "closed": "<div>" * MANY + "</div>" * MANY,
    "ended outside of its cell": "<div><table><td></div>" * MANY,
    "a sign behind each": "<span>>" * MANY,
    "in tables": "<table><tr><td>" * MANY,
    "in tables without rows": "<table><td>" * MANY,
}


@pytest.mark.parametrize("markup", NESTED.values(), ids=NESTED.keys())
def test_depth_is_bounded_and_no_text_is_lost(markup: str) -> None:
    within = bounded(f"<html><body>{markup}{TITLE}".encode())
    assert Cut.DEPTH in dict(within.cuts)
    root = root_of(within.markup, [])
    assert max(len(list(element.iterancestors())) for element in root.iter()) <= DEEPEST + 80
    assert TITLE in "".join(map(str, root.itertext()))


def test_what_is_open_is_not_repeated_without_end() -> None:
    """A parser of HTML5 begins all open formats anew in each paragraph."""
    formats = "".join(f"<b a{number}=1>" for number in range(MANY))
    within = bounded(f"<html><body>{formats}{'<p>x</p>' * MANY}{TITLE}")
    assert within.markup.count("<b ") < 100
    assert TITLE in within.markup


def test_a_page_of_too_many_elements_ends() -> None:
    within = bounded("<div>" * 400 + "<p>x" * 400_000)
    assert Cut.WORK in dict(within.cuts)
    assert len(within.markup) < 1_700_000


def test_a_table_in_too_many_wrappers_is_read_and_said() -> None:
    cells = "".join(f"<tr><td>{number}</td><td>规章</td></tr>" for number in range(40))
    document = read(f"<html><body>{'<div>' * 3000}<table>{cells}</table></body></html>".encode())[0]
    assert any("nested too deep" in warning for warning in document.warnings)
    assert len(document.blocks) == 1


def test_the_tree_of_the_crawl_is_bounded() -> None:
    root = page.parse("<html><body>" + _attributes("a#=1") + "</body></html>")
    assert max(len(element.attrib) for element in root.iter()) <= MOST_ATTRIBUTES


def test_scripts_and_comments_stay_as_they_are() -> None:
    code = "for(var i=0;i<n;i++){" + "x = y ; " * 90 + "}"
    markup = f"<html><script>{code * 20}</script><!--{'<div>' * 4000}--><p>{TITLE}</p></html>"
    assert bounded(markup).markup is markup
    assert bounded(markup, closely=True).markup is markup


def test_ordinary_pages_are_the_same_objects_for_little_time() -> None:
    pages = [drawn.data for drawn in corpus(150) if drawn.container == "html"]
    assert all(bounded(data).markup is data for data in pages)
    looked = min(_seconds(bounded, pages) for _ in range(3))
    parsed = min(_seconds(etree.HTML, pages) for _ in range(3))
    assert looked < parsed / 4  # measured: a fifteenth


def _seconds(work: object, pages: list[bytes]) -> float:
    start = perf_counter()
    for data in pages:
        work(data)  # type: ignore[operator]
    return perf_counter() - start


@pytest.mark.parametrize("mark", ["\ufddc", "\ufddd", "\ufdda", "&#xFDDD;", "&#064989;", "&#xfddd"])
def test_no_character_of_a_page_is_taken_for_a_mark_of_the_walk(mark: str) -> None:
    """An open mark of a link would make all that follows one: no paragraph would be the report's."""
    inner = f"<p>{TITLE}</p><p>一、概述</p><p class='a{mark}'>全年收到申请5件。</p>"
    plain, marked = read(f"<html><body>{inner}".encode())[0], read(f"<html><body>{mark}{inner}".encode())[0]
    assert marked.blocks == plain.blocks
    assert marked.outline == plain.outline
