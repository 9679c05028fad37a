"""What is a report and what is none: prose beside a box of other years, and what sounds like a report."""

from __future__ import annotations

import pytest

from archive.outcomes import FrontierRequest, RequestKind
from crawler.discovery.decisions import Column, decide
from crawler.discovery.reading import Reader
from crawler.page import Page, Row

HOST = "http://www.mou.gov.cn"
NAME = "某县教育局{}年政府信息公开工作年度报告"
PROSE = (
    "<p>根据《中华人民共和国政府信息公开条例》的规定，现公布某县教育局2012年政府信息公开工作年度报告。</p>"
    "<p>一、概述</p><p>2012年，我局认真推行政府信息公开工作。</p><p>二、主动公开政府信息的情况</p><p>主动公开政府信息28条。</p>"
    "<p>三、依申请公开政府信息办理情况</p><p>共收到申请3件，均已答复。</p><p>四、行政复议、行政诉讼的情况</p><p>无。</p>"
    "<p>五、政府信息公开收费及减免情况</p><p>未收取费用。</p><p>六、存在的主要问题和改进措施</p><p>公开不够及时，今后改进。</p>"
)


@pytest.mark.parametrize("decision", ["report", "maybe", "wrapper"])
def test_a_prose_report_beside_a_box_of_other_years_is_no_listing(decision: str) -> None:
    box = "".join(
        f'<li><a href="/nb/t{year + 1}0120_{year}.html">{NAME.format(year)}</a><span>{year + 1}-01-20</span></li>'
        for year in range(2008, 2020)
    )
    title = NAME.format(2012)
    markup = f"<html><title>{title}</title><body><ul>{box}</ul><h1>{title}</h1>{PROSE}</body></html>"
    url = f"{HOST}/nb/t20130120_9.html"
    asked = FrontierRequest(url, RequestKind.DOCUMENT, meta={"root": f"{HOST}/nb/", "decision": decision})
    reading = Reader(lambda _url: True).read(Page(url, markup.encode(), "text/html"), asked)
    assert reading.kind is RequestKind.DOCUMENT


@pytest.mark.parametrize(
    "title",
    [
        "某县2022年国民经济和社会发展统计公报",
        "某县政府网站工作年报",
        "某县2022年政府网站工作年度报表",
        "某县教育局2022年法治政府建设年度报告",
    ],
)
def test_what_sounds_like_a_report_is_not_asked_for(title: str) -> None:
    column = Column(f"{HOST}/nb/", f"{HOST}/nb/")
    decision = decide(Row(f"{HOST}/nb/t20230120_9.html", title, "2023-01-20"), column)
    assert decision is not None
    assert not decision.follow


def test_the_bare_name_of_the_form_is_a_report_where_a_list_has_it() -> None:
    column = Column(f"{HOST}/nb/", f"{HOST}/nb/")
    for title in ("政府信息公开年报", "政府信息公开工作年度报告"):
        decision = decide(Row(f"{HOST}/nb/t20230120_9.html", title, "2023-01-20"), column)
        assert decision is not None
        assert decision.follow
