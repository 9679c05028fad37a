"""Rows out of the values that scripts and answers hold: what is one of a list, and what is the page's settings."""

from __future__ import annotations

import json

from crawler.page import Page, Row
from crawler.paging import scripted
from crawler.paging.records import rows_of

BASE = "http://www.mou.gov.cn/nb/"
TITLE = "某县教育局2023年政府信息公开工作年度报告"


def test_a_list_with_names_of_its_own_is_read_by_its_values() -> None:
    (row,) = rows_of({"list": [{"bt": TITLE, "dz": "/nb/1.html", "rq": "2024-01-20", "tp": "/a.png"}]}, BASE)
    assert row == Row("http://www.mou.gov.cn/nb/1.html", TITLE, "2024-01-20")


def test_what_is_no_part_of_a_list_is_read_by_known_names_alone() -> None:
    """The settings of a page hold its folder and the name of the body, and are no link."""
    assert rows_of({"BASE": "/jyj", "NAME": "某县教育局", "path": "/"}, BASE) != []
    assert rows_of({"root": "/jyj/", "webname": "某县人民政府"}, BASE) == []
    assert rows_of({"param": {"root": "/jyj/", "webname": "某县人民政府"}}, BASE) == []


def test_a_list_without_an_address_or_words_is_none() -> None:
    assert rows_of([{"a": "1", "b": "某县教育局"}, {"a": "/img/1.png", "b": "某县财政局"}], BASE) == []
    assert rows_of([{"url": "/nb/1.html", "n": 7}], BASE) == []


def test_what_a_script_that_writes_has_named_is_a_row() -> None:
    markup = f'<ul><li><script>var url="./1.html"; var title="{TITLE}"; document.writeln(title);</script></li></ul>'
    page = Page(BASE, f"<html><body>{markup}</body></html>".encode(), "text/html")
    assert Row(f"{BASE}1.html", TITLE) in list(scripted.rows(page, BASE))


def test_what_a_script_names_and_does_not_write_is_none() -> None:
    script = f"<script>var dz='./1.html'; var bt={json.dumps(TITLE)};</script>"
    page = Page(BASE, f"<html><body>{script}</body></html>".encode(), "text/html")
    assert list(scripted.rows(page, BASE)) == []


def test_the_first_option_is_chosen_only_where_the_page_says_so_or_it_leads_nowhere() -> None:
    def chosen(options: str) -> list[str]:
        menu = f'<select onchange="location=this.value">{options}</select>'
        page = Page(BASE, f"<html><body>{menu}</body></html>".encode(), "text/html")
        return [row.url for row in scripted.rows(page, BASE)]

    years = '<option value="/d?id=5">2023年</option><option value="/d?id=4">2022年</option>'
    said = years.replace("<option", "<option selected", 1)
    host = "http://www.mou.gov.cn"
    assert chosen(years) == [f"{host}/d?id=5", f"{host}/d?id=4"]
    assert chosen(said) == [f"{host}/d?id=4"]
    assert chosen(f"<option>选择年份</option>{years}") == chosen(years)
