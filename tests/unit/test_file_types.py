"""The types of files that stand beside pages: one list, and all that looks for such files knows each of them."""

from __future__ import annotations

import pytest

from crawler.links import is_attachment, tells_of_files
from crawler.page import Page
from crawler.verdicts.answers import BEGINS_AS
from parsers.heading.names import FILE_TYPES, normalise
from parsers.readers import read_documents
from parsers.titles import choose

TITLE = "某县财政局2022年政府信息公开工作年度报告"
EVERY = pytest.mark.parametrize("ending", FILE_TYPES)


@EVERY
def test_an_ending_is_no_part_of_a_title(ending: str) -> None:
    assert normalise(f"{TITLE}.{ending.upper()}") == TITLE


@EVERY
def test_the_name_of_a_file_tells_its_year(ending: str) -> None:
    heading = choose([], "我局认真落实。", {}, f"http://a.test/f/2016年度报告.{ending}?id=2")
    assert (heading.year, heading.year_from) == (2016, "attachment")


@EVERY
def test_a_link_to_a_file_leads_to_no_other_page(ending: str) -> None:
    page = f'<p>正文</p><a href="/f/1.{ending}">{TITLE}</a><a href="/f/2.html">{TITLE}1</a>'
    (found,) = read_documents(f"<html><body>{page}</body></html>".encode())
    assert found.linked == {f"{TITLE}1"}


@EVERY
def test_a_link_to_a_file_is_followed_as_one(ending: str) -> None:
    url = f"http://a.test/f/1.{ending}"
    assert is_attachment(url)
    assert tells_of_files(Page("http://a.test/", url.encode()))


def test_what_each_type_begins_as_is_known() -> None:
    assert set(BEGINS_AS) == set(FILE_TYPES)
