"""Titles: what is a report, whose, of which year; and the choice between all that a page says of itself."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest

from parsers.records import Scope
from parsers.remarks import messages
from parsers.report import parse
from parsers.titles import (
    TitleKind,
    choose,
    classify,
    clean_title,
    issuer_in,
    report_score,
    scope_of,
    year_in,
)

TITLES = Path(__file__).parents[3] / "shared" / "field" / "titles.tsv"


@pytest.mark.skipif(not TITLES.exists(), reason="the list of real titles is not beside this checkout")
def test_every_title_of_the_field_list_has_its_class_and_year() -> None:
    with TITLES.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            decision = classify(row["title"])
            assert (decision.kind, str(decision.year or "")) == (row["expected"], row["year"] or ""), row[
                "title"
            ]


@pytest.mark.parametrize(
    ("title", "kind", "reason"),
    [
        ("青禾县2021年政府信息公开工作年度报告", TitleKind.REPORT, "A"),
        ("青禾县财政局2021年政府信息公开年报", TitleKind.REPORT, "B"),
        ("青禾县财政局2021年度政府信息公开工作报告", TitleKind.REPORT, "C"),
        ("青禾县财政局政府信息公开工作报告", TitleKind.MAYBE, "column"),
        ("青禾县财政局政府信息公开工作2021年度报告", TitleKind.REPORT, "D"),
        ("白石乡2011年政府信息公开报告", TitleKind.REPORT, "E"),
        ("青禾縣審計局2021年政府信息公開工作年度報告", TitleKind.REPORT, "A"),
        ("青禾县审计局2021年政府信息公开工作年度报告", TitleKind.REPORT, "A"),
        ("青禾市住房公积金管理中心2020年政府信息公开工作年度报告", TitleKind.REPORT, "A"),
        ("青禾县政务服务平台管理中心2020年政府信息公开年度报告", TitleKind.REPORT, "A"),
        ("青禾县水利局2022年政府信息公开工作年度报", TitleKind.REPORT, "A"),
        ("关于发布青禾县2021年政府信息公开工作年度报告的公告", TitleKind.WRAPPER, "A"),
        ("关于印发青禾县2021年政府信息公开工作年度报告的通知", TitleKind.WRAPPER, "A"),
        ("关于报送2021年政府信息公开工作年度报告的函", TitleKind.WRAPPER, "A"),
        ("关于报送2021年政府信息公开工作年度报告的通知", TitleKind.NEGATIVE, "制度"),
        ("图解:青禾县2021年政府信息公开工作年度报告", TitleKind.NEGATIVE, "解读"),
        ("青禾县政府信息公开工作年度报告编制培训会召开", TitleKind.NEGATIVE, "制度"),
        ("2022年", TitleKind.MAYBE, "column"),
        ("年度报告", TitleKind.MAYBE, "column"),
        ("查看详情", TitleKind.MAYBE, "column"),
        ("青禾县水利局", TitleKind.MAYBE, "column"),
        ("青禾县召开春耕动员会议纪实", TitleKind.OTHER, ""),
    ],
)
def test_classify(title: str, kind: TitleKind, reason: str) -> None:
    decision = classify(title)
    assert (decision.kind, decision.reason) == (kind, reason)


def test_a_known_body_is_taken_out_before_negatives_are_tested() -> None:
    title = "2021年绩效评估指导站信息公开工作年度报告"
    assert classify("绩效指导处年度报告").kind is TitleKind.NEGATIVE
    assert classify(title, body="绩效评估指导站").kind is TitleKind.REPORT


def test_a_body_outside_the_executive_is_out_of_scope() -> None:
    assert classify("2021年信息公开工作年度报告", body="青禾师范学院").kind is TitleKind.OUT_OF_SCOPE


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("青禾县2022年政府信息公开工作年度报告", 2022),
        ("青禾县政府信息公开工作年度报告(2023年度)", 2023),
        ("青禾县政府信息公开工作年度报告（２０２３年度）", 2023),
        ("青禾县二〇二二年政府信息公开年度报告", 2022),
        ("青禾县二○○九年政府信息公开年度报告", 2009),
        ("青禾县二零二零年政府信息公开年度报告", 2020),
        ("青禾县二O二二年政府信息公开年度报告", 2022),
        ("2022 年青禾县政府信息公开年度报告", 2022),
        ("2021政府信息公开年度报告", 2021),
        ("青禾县2021年政府信息公开工作年度报告（2022年1月20日发布）", 2021),
        ("青禾大学2021-2022学年信息公开年度报告", 2021),
        ("国办公开办函〔2021〕30号文件", None),
        ("国办公开办函[2021]30号", None),
        ("青禾县2021-2025年政务公开规划", None),
        ("2019年修订的政府信息公开条例", None),
        ("2007年政府信息公开条例年度报告", None),
        ("政府信息公开工作年度报告", None),
    ],
)
def test_year_in(title: str, year: int | None) -> None:
    assert year_in(title) == year


@pytest.mark.parametrize(
    ("title", "issuer"),
    [
        ("青禾县人民政府办公室2022年政府信息公开工作年度报告", "青禾县人民政府办公室"),
        ("2022年青禾市政府信息公开工作年度报告", "青禾市"),
        ("青禾区人民政府信息公开工作年度报告(2023年度)", "青禾区人民政府"),
        ("青禾新区商务局关于2023年政府信息公开工作年度报告", "青禾新区商务局"),
        ("关于青禾县水利局2023年政府信息公开工作年度报告", "青禾县水利局"),
        ("青禾县 白石镇 人民政府2022年 政府信息公开\n工作年度报告", "青禾县白石镇人民政府"),
        ("青禾县白石乡人民政府信息公开工作2021年度报告", "青禾县白石乡人民政府"),
        ("泸县2022年政府信息公开工作年度报告", "泸县"),
        ("青禾高新区（东区）2022年政府信息公开工作年度报告", "青禾高新区（东区）"),
        ("我局2022年政府信息公开工作年度报告", None),
        ("2022年政府信息公开工作年度报告", None),
        ("政府信息公开工作年度报告", None),
        ("政府政务公开年报", None),
    ],
)
def test_issuer_in(title: str, issuer: str | None) -> None:
    assert issuer_in(title) == issuer


@pytest.mark.parametrize(
    ("title", "issuer"),
    [
        ("青禾海关2015年海关政府信息公开年度报告", "青禾海关"),
        ("青禾海关2016年海关政府信息公开年度工作报告", "青禾海关"),
        ("青禾县2015年教育局政府信息公开年度报告", "青禾县教育局"),
    ],
)
def test_a_year_inside_a_name(title: str, issuer: str) -> None:
    assert issuer_in(title) == issuer


@pytest.mark.parametrize(
    ("issuer", "scope"),
    [
        ("青禾省", Scope.AREA),
        ("青禾县人民政府", Scope.AREA),
        ("青禾自治旗人民政府", Scope.AREA),
        ("青禾县人民政府办公室", Scope.BODY),
        ("青禾县水利局", Scope.BODY),
        ("白石镇人民政府", Scope.BODY),
        ("白石街道", Scope.BODY),
        ("青禾经济开发区", Scope.BODY),
        (None, None),
    ],
)
def test_scope_of(issuer: str | None, scope: Scope | None) -> None:
    assert scope_of(issuer) == scope


def test_text_that_says_it_is_consolidated_makes_an_area_report() -> None:
    text = "本报告由县政府办公室汇总各乡镇、各部门的情况编制而成。"
    assert scope_of("青禾县人民政府办公室", text) is Scope.AREA
    assert scope_of(None, text) is Scope.AREA
    assert scope_of("青禾县水利局", text) is Scope.BODY
    shorter = "本报告根据条例(以下简称《条例》)要求及青禾区各委、办、局,各街道办事处的年度报告编制而成。"
    assert scope_of(None, shorter) is Scope.AREA


def test_clean_title_drops_space_site_name_label_and_second_printing() -> None:
    title = "青禾县水利局2022年政府信息公开工作年度报告"
    assert clean_title(f"{title}_青禾县人民政府门户网站") == title
    assert clean_title(f"{title}-青禾县水利局") == title
    assert clean_title(f"标题: {title}") == title
    assert clean_title(title + title) == title
    assert clean_title("青禾县水利局 2022年政府信息\n公开工作年度报告") == title


class TestChoose:
    """One page, many things it says of itself."""

    def test_a_title_broken_over_lines_below_page_chrome(self) -> None:
        text = "正文\n2025 年青禾市人民政府办公厅政府信息公开\n工作年度报告\n本年度报告根据条例编制。"
        heading = choose([], text, {})
        assert heading.title == "2025年青禾市人民政府办公厅政府信息公开工作年度报告"
        assert (heading.issuer, heading.year, heading.year_from) == ("青禾市人民政府办公厅", 2025, "title")
        assert heading.scope is Scope.BODY

    def test_the_name_on_a_line_of_its_own(self) -> None:
        heading = choose([], "青禾县财政局\n2022年政府信息公开工作年度报告\n一、总体情况", {})
        assert heading.title == "青禾县财政局2022年政府信息公开工作年度报告"

    def test_a_fuller_title_in_the_text_beats_a_bare_candidate(self) -> None:
        heading = choose(["政府信息公开工作年度报告"], "青禾县2022年政府信息公开工作年度报告\n正文", {})
        assert heading.title == "青禾县2022年政府信息公开工作年度报告"
        assert heading.scope is Scope.AREA

    def test_a_title_that_lost_its_last_character(self) -> None:
        heading = choose([], "青禾省水利厅2022年政府信息公开工作年度报\n\n　　一、总体情况　　2022年", {})
        assert (heading.issuer, heading.year) == ("青禾省水利厅", 2022)

    def test_title_wins_over_the_period_and_the_conflict_is_told(self) -> None:
        text = "青禾县2022年政府信息公开工作年度报告\n统计期限自2023年1月1日起至12月31日止。"
        heading = choose([], text, {})
        assert (heading.year, heading.year_from) == (2022, "title")
        assert messages(heading.remarks) == (
            "the title says 2022, the statistics period in the text says 2023",
        )

    @pytest.mark.parametrize(
        ("text", "meta", "url", "year", "evidence"),
        [
            ("本报告所列数据的统计期限为2020年1月1日至12月31日。", {}, "", 2020, "period"),
            ("数据统计期限为202111日至1231日。", {}, "", 2021, "period"),
            ("统计期限自2008年5月1日条例实施之日起,至2008年12月31日止。", {}, "", 2008, "period"),
            ("现公布青禾县二〇一二年政府信息公开工作年度报告。", {}, "", 2012, "heading"),
            ("现公布青禾县2019年政府信息公开工作年度报告。", {}, "", 2019, "heading"),
            ("我局认真落实。", {}, "http://a.test/xxgk.jsp?fbtime=2017", 2017, "column"),
            ("我局认真落实。", {}, "http://a.test/zfxxgknb_2023/1.html", 2023, "column"),
            ("我局认真落实。", {"ColumnName": ["2018年"]}, "", 2018, "column"),
            ("我局认真落实。", {}, "http://a.test/f/2016年度报告.pdf", 2016, "attachment"),
            ("我局认真落实。", {"PubDate": ["2022-01-18"]}, "", 2021, "published"),
            ("我局认真落实。", {"PubDate": ["2022-09-18"]}, "", None, None),
            ("现将2013年我区信息公开情况报告如下:", {}, "", 2013, "heading"),
            ("现公开青禾经济开发区信息公开2018年度报告。", {}, "", 2018, "heading"),
            ("依据国办公开办函〔2021〕30号和2019年修订的条例。", {}, "", None, None),
        ],
    )
    def test_year_evidence(
        self, text: str, meta: dict[str, list[str]], url: str, year: int | None, evidence: str | None
    ) -> None:
        heading = choose(["政府信息公开工作年度报告"], text, meta, url)
        assert (heading.year, heading.year_from) == (year, evidence)

    @pytest.mark.parametrize(
        ("text", "meta", "issuer"),
        [
            ("我局认真落实。", {"ContentSource": ["青禾县水利局"]}, "青禾县水利局"),
            ("我局认真落实。", {"ContentSource": ["本站原创"]}, None),
            ("索引号: 1 发布机构: 白石镇 公开日期: 2022-01-01", {}, "白石镇"),
            ("发布机构: 党政综合办公室", {}, None),
            ("首页 > 政务公开 > 乡镇街道 > 白石镇 > 政府信息公开年报", {}, "白石镇"),
            ("特此报告。\n\n    青禾县白石镇人民政府\n\n  2018年12月31日", {}, "青禾县白石镇人民政府"),
            ("现公布白石镇2019年政府信息公开年度报告。", {}, "白石镇"),
            ("根据条例要求,特编制青禾县卫生局2008年政府信息公开年度报告。", {}, "青禾县卫生局"),
            ("现公开青禾经济开发区信息公开2018年度报告。", {}, "青禾经济开发区"),
            (
                "本报告由青禾县审批局(青禾县数据局)编制的2017年度政府信息公开工作年度报告。",
                {},
                "青禾县审批局(青禾县数据局)",
            ),
            (
                "根据《条例》(国务院令第711号)的要求,青禾县审计局编制本报告。报告由六个部分组成。",
                {},
                "青禾县审计局",
            ),
            ("根据《条例》,青禾县人民政府办公室编制2018年度报告。", {}, "青禾县人民政府办公室"),
            ("根据《条例》要求,结合工作实际,编制2018年度报告。", {}, None),
            ("本年度报告是根据条例要求,由青禾市人民政府外事办公室编制。", {}, "青禾市人民政府外事办公室"),
            ("本报告由青禾市水利局根据条例的规定,汇总各科室情况编制。", {}, "青禾市水利局"),
            ("本年度报告由青禾县政府办公室编制。", {}, None),
            ("本报告由青禾市人民政府信息公开工作领导小组办公室编制。", {}, None),
            ("本报告由市政府办公厅综合各区的年度报告编制而成。", {}, None),
            ("特公布2012年度环保局政府信息公开工作年度报告。", {}, None),
            ("发布机构: 教育局 公开日期: 2022-01-01", {}, None),
            ("特此报告。\n\n    教育和体育局\n\n  2018年12月31日", {}, None),
            ("我镇认真落实。", {}, None),
        ],
    )
    def test_issuer_evidence(self, text: str, meta: dict[str, list[str]], issuer: str | None) -> None:
        assert choose(["2021年政府信息公开工作年度报告"], text, meta).issuer == issuer

    def test_nothing_is_guessed(self) -> None:
        heading = choose([], "我镇认真落实各项要求。", {})
        assert (heading.title, heading.issuer, heading.year, heading.year_from, heading.scope) == (None,) * 5


def test_report_score_tells_a_report_from_its_explanation() -> None:
    report = (
        "一、总体情况\n二、主动公开政府信息情况\n三、收到和处理政府信息公开申请情况\n"
        "四、政府信息公开行政复议、行政诉讼情况\n五、存在的主要问题及改进情况\n六、其他需要报告的事项\n"
        + "本镇落实要求。"
        * 30
    )
    early = "一、概述\n依申请公开情况\n收费及减免情况\n附表\n" + "本镇落实要求。" * 30
    assert report_score(report) >= 5
    assert report_score(early) >= 5
    assert report_score("编制背景" + report) < report_score(report)
    assert report_score("本县召开年度报告编制培训会。" * 20) < 2


@pytest.mark.parametrize("piece", ["9", "年", "政府信息公开", "2022年", "统计期限", "政府信息公开年度报告"])
def test_a_megabyte_of_one_thing_is_read_in_time(piece: str) -> None:
    hostile = piece * (1_000_000 // len(piece))
    start = time.process_time()
    choose([hostile], hostile, {"ContentSource": [hostile]}, hostile, hostile)
    report_score(hostile)
    assert time.process_time() - start < 4


@pytest.mark.parametrize(
    "head",
    [
        "某县财政局\n政府信息公开工作年度报告\n（2022年度）",
        "2022年度\n某县财政局政府信息公开工作年度报告",
        "政府信息公开工作年度报告\n（2022年）\n某县财政局",
        "2022年政府信息公开工作年度报告\n某县财政局\n（2023年1月10日）",
        "某县财政局2022年\n政府信息公开工作\n年度报告",
        "某县财政局2022年政府信息公开工作年度报告.docx",
        "关于某县财政局2022年政府信息公开工作年度报告的公示",
        "# **某县财政局2022年政府信息公开工作年度报告** {#某县}",
        "【年度报告】某县财政局2022年政府信息公开工作年度报告",
    ],
)
def test_titles_over_lines_with_their_year_or_body_beside_them(head: str) -> None:
    heading = choose([], f"{head}\n一、总体情况\n认真贯彻落实条例。", {})
    assert (heading.year, heading.year_from, heading.issuer) == (2022, "title", "某县财政局")


@pytest.mark.parametrize(
    "above",
    [
        "登录 注册\n无障碍浏览",
        "选择搜索类型\n请输入搜索",
        "发布机构 教育局 发文日期 2026-01-15",
        "统一编号:",
        "区政府信息公开办:",
        "青禾县教育和体育局政府信息公开",
        "青禾县教育局文件\n青教〔2012〕7号",
        "青禾县教育局\n青教[2012]7号",
        "• 发布机构:白石镇人民政府\n• 公文生成日期:2012-03-31",
    ],
)
def test_what_stands_above_a_title_is_no_piece_of_it(above: str) -> None:
    heading = choose([], f"{above}\n青禾县教育局2011年政府信息公开报告\n一、概述\n认真贯彻落实条例。", {})
    assert (heading.title, heading.issuer) == ("青禾县教育局2011年政府信息公开报告", "青禾县教育局")


@pytest.mark.parametrize(
    "head",
    [
        "青禾县教育局2012年\n政府信息公开工作年度报告",
        "2012年青禾县教育局\n政府信息公开年度报告",
        "青禾县教育局\n政府信息公开年度报告\n（2012年度）",
        "青禾县教育局二〇一二年度\n政府信息公开工作年度报告",
    ],
)
@pytest.mark.parametrize(
    "site", ["青禾县人民政府", "青禾县人民政府门户网站", "政府信息公开年报_青禾县人民政府"]
)
def test_a_broken_title_counts_more_than_the_name_of_the_site(site: str, head: str) -> None:
    heading = choose([site], f"登录 注册\n{head}\n一、概述\n认真贯彻落实条例。", {})
    assert (heading.year, heading.year_from, heading.issuer) == (2012, "title", "青禾县教育局")


def test_a_list_of_titles_is_not_one_title() -> None:
    heading = choose([], "青禾县教育局2012年工作总结\n政府信息公开工作年度报告\n一、概述\n认真贯彻落实。", {})
    assert (heading.title, heading.issuer) == ("政府信息公开工作年度报告", None)


@pytest.mark.parametrize(
    ("site", "issuer"), [("青禾县人民政府", None), ("青禾省气象局", "青禾省气象局"), ("教育局", None)]
)
def test_a_portal_carries_the_reports_of_all_its_bodies(site: str, issuer: str | None) -> None:
    """The site's name tells the body where nothing else does, but not that of a government."""
    heading = choose([site], "2012年政府信息公开工作年度报告\n一、概述\n我局认真贯彻落实条例。", {})
    assert (heading.year, heading.issuer) == (2012, issuer)


def test_the_part_of_a_sites_title_that_says_most_is_the_title() -> None:
    title = "青禾县教育局2012年政府信息公开工作年度报告"
    assert clean_title(f"青禾县人民政府 | 政府信息公开年报 | {title}") == title
    assert clean_title(f"{title}_政府信息公开年报_青禾县人民政府") == title


def test_a_signed_date_tells_the_year_where_nothing_else_does() -> None:
    text = "政府信息公开工作年度报告\n一、总体情况\n认真贯彻落实条例。\n某县财政局\n2023年1月12日"
    heading = choose([], text, {})
    assert (heading.year, heading.year_from, heading.issuer) == (2022, "published", "某县财政局")


@pytest.mark.parametrize("word", ["报送", "呈报", "上报", "印发", "发布", "公布", ""])
def test_a_body_that_hands_its_report_on_is_its_issuer(word: str) -> None:
    assert issuer_in(f"某县教育局关于{word}2022年政府信息公开工作年度报告的报告") == "某县教育局"


@pytest.mark.parametrize(
    "first", ["本报告根据条例和考核办法编制，", "索引号 | 1 | 分类 | 公开目录 |\n本报告"]
)
def test_a_first_paragraph_is_no_title_that_says_what_the_file_is(first: str) -> None:
    """The words of other papers (考核, 目录) in a sentence or in a row of particulars reject nothing."""
    text = (
        f"{first}电子版可在平台下载，统计期限自2013年1月1日起至12月31日止。\n一、概述\n认真落实。\n二、主动公开政府信息情况\n"
        "主动公开政府信息67条。"
    )
    report = parse(text.encode())
    assert report.is_report
    assert (report.year, report.year_from) == (2013, "period")


@pytest.mark.parametrize(
    ("year", "annex", "missing"),
    [
        (2010, "", []),
        (2010, "附 表", ["l08"]),
        (2015, "", ["s14"]),
        (2019, "", ["t2, t3, t4"]),
        (2024, "", ["t2, t3, t4"]),
    ],
)
def test_a_report_says_which_table_of_its_year_is_not_there(
    year: int, annex: str, missing: list[str]
) -> None:
    text = f"青禾县教育局{year}年政府信息公开工作年度报告\n一、概述\n主动公开政府信息67条。\n{annex}\n"
    report = parse(text.encode())
    assert [warning.removeprefix("no table was found for ") for warning in report.warnings] == missing
