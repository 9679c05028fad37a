"""Titles that a site cuts: what can be the beginning of a report's is looked at, and its page says what it is."""

from __future__ import annotations

import pytest

from archive.outcomes import RequestKind
from crawler.discovery.decisions import Column, decide
from crawler.links import rows_in
from crawler.page import Row, parse

COLUMN = Column("http://www.mou.gov.cn/nb/", "http://www.mou.gov.cn/nb/")
URL = "http://www.mou.gov.cn/zw/202101/t20210104_1.html"


@pytest.mark.parametrize(
    "title",
    [
        "某县财政局2020年政府信息公开…",
        "某县清泉镇人民政府2020年度政…",
        "某县人民政府办公室政府信息公开工...",
        "2020年某县人民政府办公室政府……",
        "某县2020年政府信息公开年度报...",
        "某县教育局信息公开年…",
        "某县教育局2020年度…",
        "某县教育局…",
    ],
)
def test_what_may_be_a_report_is_looked_at(title: str) -> None:
    decision = decide(Row(URL, title, "2021-01-04"), COLUMN)
    assert decision is not None
    assert (decision.decision, decision.kind, decision.follow) == ("maybe", RequestKind.DOCUMENT, True)


@pytest.mark.parametrize(
    "title",
    [
        "图解：某县2011年政府信息公开…",
        "某县2020年法治政府建设年度报…",
        "关于召开2020年政府工作会议…",
        "关于印发2020年…",
        "某县政府信息公开指…",
        "某县教育局二〇二〇年预算…",
    ],
)
def test_what_cannot_be_one_is_not(title: str) -> None:
    decision = decide(Row(URL, title, "2021-01-04"), COLUMN)
    assert decision is None or not decision.follow


def test_the_whole_title_beside_a_cut_one_decides() -> None:
    for cut in ("某县教育局2020年政…", "某县教育局2020年度政..."):
        whole = "某县教育局2020年政府信息公开工作年度报告"
        (row,) = rows_in(parse(f'<li><a href="{URL}" title="{whole}">{cut}</a></li>'), COLUMN.url)
        assert row.title == whole
