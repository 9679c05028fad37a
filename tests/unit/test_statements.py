"""Numbers said in prose: every way of saying them that was met, in sentences of our own making."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.records import Figure, Finding, Proof, Scope, State, Statement
from parsers.sentences.rule import Rule
from parsers.sentences.rules import RULES, candidates
from parsers.statements import compare, find

CASES = Path(__file__).parents[3] / "shared" / "cases"
needs_cases = pytest.mark.skipif(not CASES.exists(), reason="the real cases are not beside this checkout")


def said(text: str) -> dict[str, int | float]:
    return {statement.code: statement.value for statement in find(text)}


def test_a_statement_is_the_clause_as_printed() -> None:
    text = "前言。\n  2022年，我局共收到 政府信息公开申请 1，234 件，\n均已答复。"
    (statement,) = find(text)
    assert statement.text == "我局共收到 政府信息公开申请 1，234 件"
    assert text[statement.start : statement.end] == statement.text
    assert (statement.code, statement.value, statement.unit) == ("n_requests_received", 1234, "件")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("共收到依申请公开7件,其中,网络申请数为4件,当面申请数为1件,信函申请数为2件。已全部办结,无超期情况。",
         {"n_requests_received": 7, "n_requests_online": 4, "n_requests_in_person": 1, "n_requests_letter": 2,
          "n_requests_overdue": 0}),
        ("全年收到1件政府信息公开申请,1件予以公开。", {"n_requests_received": 1, "n_granted": 1}),
        ("收到政府信息公开申请9件，因本机关不掌握相关信息无法提供4件。", {"n_requests_received": 9, "n_unable": 4}),
        ("收到政府信息公开申请9件，因信访不予处理4件，因重复申请不予处理2件。", {"n_requests_received": 9}),
        ("收到公民通过网站提交的政府信息公开申请3件。", {"n_requests_online": 3}),
        ("全县处理政府信息依申请公开92件,其中,本年度新接收91件,2020年结转办理1件。",
         {"n_requests_handled": 92, "n_requests_received": 91, "n_requests_carried_in": 1}),
        ("受理政府信息公开申请9件。其中，当面申请的为3件，占33.3%；以信函形式申请的为6件，占66.7%。",
         {"n_requests_received": 9, "n_requests_in_person": 3, "n_requests_letter": 6}),
        ("9件申请中，“同意公开”的6件，“同意部分公开”的2件，“不予公开”的1件。",
         {"n_granted": 6, "n_partial": 2, "n_denied": 1}),
        ("对申请的答复中，同意公开答复数6件，否决公开答复数3件。", {"n_granted": 6, "n_denied": 3}),
        ("某厅收到2份以信函形式提出的信息公开申请，已答复。", {"n_requests_received": 2, "n_requests_letter": 2}),
        ("收到以信函形式提出的信息公开申请3份。", {"n_requests_letter": 3}),
        ("二、主动公开政府信息情况\n某局共公开1635条，其中微信公开20条。", {"n_items_disclosed": 1635, "n_wechat_posts": 20}),
        ("收到政府信息公开申请25件,其中上年结转2件,本年新收23件,结转下年1件。",
         {"n_requests_handled": 25, "n_requests_carried_in": 2, "n_requests_received": 23, "n_requests_carried_out": 1}),
        ("受理政府信息公开申请90件,答复88件（含上年度结转申请5件，另有7件顺延到下年度答复）。",
         {"n_requests_received": 90, "n_requests_concluded": 88, "n_requests_carried_in": 5,
          "n_requests_carried_out": 7}),
        ("共收到政府信息公开申请4件,办结4件,1件为上年度结转。",
         {"n_requests_received": 4, "n_requests_concluded": 4, "n_requests_carried_in": 1}),
        ("答复政府信息公开申请90件。其中，予以公开及部分公开58件（64.4%），不予公开10件，因本机关不掌握等原因无法提供12件，"
         "不予处理6件，其他处理4件。",
         {"n_requests_concluded": 90, "n_granted_and_partial": 58, "n_denied": 10, "n_unable": 12, "n_refused": 6,
          "n_other": 4}),
        ("答复申请61件,予以公开50,占82%;部分公开11,占18%。", {"n_granted": 50, "n_partial": 11}),
        ("收到传真申请2件、电子邮件申请3件、自然人申请5件。",
         {"n_requests_fax": 2, "n_requests_email": 3, "n_requests_natural": 5}),
        ("政府信息公开行政复议35件,其中结果维持20件;政府信息公开行政诉讼4件。", {"n_reviews": 35, "n_suits": 4}),
        ("因政府信息公开引发行政复议1起、行政诉讼2起。", {"n_reviews": 1, "n_suits": 2}),
        ("行政复议、行政诉讼数量为0件。", {"n_reviews": 0, "n_suits": 0}),
        ("行政复议和行政诉讼均为零。", {"n_reviews": 0, "n_suits": 0}),
        ("收到依申请公开31件,其中,办结29件,结转下年度继续办理2件。",
         {"n_requests_received": 31, "n_requests_concluded": 29, "n_requests_carried_out": 2}),
        ("受理、答复依申请公开16件,其中上年结转3件。", {"n_requests_handled": 16, "n_requests_carried_in": 3}),
        ("收到依申请公开6件,结转上年5件。", {"n_requests_received": 6, "n_requests_carried_in": 5}),
        ("受理政府信息公开申请9件。窗口受理许可事项88件,不予受理17件。", {"n_requests_received": 9}),
        ("制作政府信息95条,其中主动公开信息61条,依申请公开信息22条,不予公开12条。", {"n_items_disclosed": 61}),
        ("制发公文95件,主动公开61件,依申请公开22件,不予公开12件。", {}),
        ("办结信息公开申请30件。其中同意公开或部分公开21件。", {"n_requests_concluded": 30, "n_granted_and_partial": 21}),
        ("答复信息公开申请9件。“同意公开”的7件,“同意部分公开”1件,“不予公开”的1件。",
         {"n_requests_concluded": 9, "n_granted": 7, "n_partial": 1, "n_denied": 1}),
        ("收到申请8件,答复5件,不予受理3件。", {"n_requests_received": 8}),
        ("收到依申请公开9件,其中自然人申请9件,法人申请0件,上年结转2件。",
         {"n_requests_received": 9, "n_requests_natural": 9, "n_requests_carried_in": 2}),
        ("收到依申请公开7件,答复完毕6件。", {"n_requests_received": 7, "n_requests_concluded": 6}),
        ("因政府信息公开引发行政复议2件。全年共办理行政复议案件66件。", {"n_reviews": 2}),
        ("收到信息公开申请2件。全年收到行政复议申请6件;因信息公开被申请行政复议1件。",
         {"n_requests_received": 2, "n_reviews": 1}),
        ("共收到21件依申请公开请求，办结19件，结转下年2件。",
         {"n_requests_received": 21, "n_requests_concluded": 19, "n_requests_carried_out": 2}),
        ("收到信息公开申请30件，其中26件已经按时按规完成答复，另有4件按照《条例》规定顺延到下年度答复。",
         {"n_requests_received": 30, "n_requests_concluded": 26, "n_requests_carried_out": 4}),
        ("延续办理2020年结转申请3件，新收到信息公开申请50件。", {"n_requests_carried_in": 3, "n_requests_received": 50}),
        ("收到政府信息申请公开共计8件，办结8件，其中6件按申请事项全部予以公开，2件公开部分内容。",
         {"n_requests_received": 8, "n_requests_concluded": 8, "n_granted": 6, "n_partial": 2}),
        ("受理信息公开申请18件，其中通过网上提交申请表方式提出的政府信息公开请求11件，通过信函方式提出申请7件。",
         {"n_requests_received": 18, "n_requests_online": 11, "n_requests_letter": 7}),
        ("收到信息公开申请52件。其中，通过局官网网站提交申请表的48件，当面提交的4件。",
         {"n_requests_received": 52, "n_requests_online": 48, "n_requests_in_person": 4}),
        ("我委有3件涉及政府信息公开工作的行政复议，有2件涉及信息公开的行政诉讼。", {"n_reviews": 3, "n_suits": 2}),
        ("本镇依申请公开请求7件，其中网络平台收到2件。", {"n_requests_received": 7, "n_requests_online": 2}),
    ],
)  # fmt: skip
def test_requests_and_what_became_of_them(text: str, expected: dict[str, int]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("主动公开政务信息6063条,通过县政府网站公开信息5条,在各级媒体网站、报刊等载体公开信息5327条。",
         {"n_items_disclosed": 6063, "n_website_items": 5}),
        ("主动公开信息158条,其中:政府网站发布信息50条,“青禾发布”微信公众号发布信息108条。",
         {"n_items_disclosed": 158, "n_website_items": 50, "n_wechat_posts": 108}),
        ("主动公开政府信息1000条,其中政府网站800条、微信150条、微博50条。",
         {"n_items_disclosed": 1000, "n_website_items": 800, "n_wechat_posts": 150, "n_weibo_posts": 50}),
        ("在门户网站主动公开政府信息34条。", {"n_items_disclosed": 34, "n_website_items": 34}),
        ("召开新闻发布会12场,发布政策解读材料35篇。", {"n_press_conferences": 12, "n_interpretations": 35}),
        ("制发行政规范性文件6件，废止2件，现行有效行政规范性文件23件。",
         {"n_normative_issued": 6, "n_normative_repealed": 2, "n_normative_in_force": 23}),
        ("规范性文件制发5件,废止数量1件,现行有效件数31件。",
         {"n_normative_issued": 5, "n_normative_repealed": 1, "n_normative_in_force": 31}),
        ("利用广播、报纸和微信群等其他方式公开政府信息22条。", {}),
        ("主动公开信息120条。其中门户网站公开80条、微信发布40条。",
         {"n_items_disclosed": 120, "n_website_items": 80, "n_wechat_posts": 40}),
        ("在政府信息公开网上主动公开信息49条。", {"n_items_disclosed": 49, "n_website_items": 49}),
        ("主动公开政府信息300条。在民生领域共主动公开信息40条。", {"n_items_disclosed": 300}),
        ("在政府官网上主动公开街道信息215条。", {"n_items_disclosed": 215, "n_website_items": 215}),
        ("通过政府网站主动公开预算决算、就业举措等群众关心关注的信息共计64条。",
         {"n_items_disclosed": 64, "n_website_items": 64}),
        ("公开政府信息19条，在县政府网站发布工作动态47条。", {"n_items_disclosed": 19}),
        ("网站发布政务信息410条，解读类信息发布26条。", {"n_website_items": 410, "n_interpretations": 26}),
        ("通过门户网站及时、主动公开发布各类信息16条。", {"n_items_disclosed": 16, "n_website_items": 16}),
    ],
)  # fmt: skip
def test_what_was_disclosed(text: str, expected: dict[str, int]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("新收政府信息公开申请0起,上年结转0起。", {"n_requests_received", "n_requests_carried_in"}),
        ("未发生因政府信息公开申请行政复议和提起行政诉讼的案件。", {"n_reviews", "n_suits"}),
        ("未发生举报、投诉、行政复议或提起行政诉讼等情况。", {"n_reviews", "n_suits"}),
        ("無一例行政復議、行政訴訟。", {"n_reviews", "n_suits"}),
        ("收到申请2件,不存在超期答复情形。", {"n_requests_received", "n_requests_overdue"}),
        ("收到申请2件,无结转2023年继续办理件。", {"n_requests_received", "n_requests_carried_out"}),
        ("收到信息公开申请2件,均已答复。无下年度结转。", {"n_requests_received", "n_requests_carried_out"}),
        ("未发生因依申请公开引起的行政诉讼、行政复议。", {"n_reviews", "n_suits"}),
    ],
)
def test_zero_in_words(text: str, codes: set[str]) -> None:
    found = said(text)
    assert set(found) == codes
    assert all(value in (0, 2) for value in found.values())


@pytest.mark.parametrize(
    "text",
    [
        "主动公开政府信息10余条。",
        "主动公开政府信息约300条，另有近200条。",
        "主动公开信息1.2万余条。",
        "主动公开政府信息  条。",
        "主动公开政府信息173769万条。",
        "历年累计主动公开政府信息52条。",
        "自2008年条例实施以来，累计主动公开政府信息12000条。",
        "政府信息公开申请答复率100%。",
        "公众号粉丝达3000人，阅读量50万次。",
        "受理群众投诉举报15件。",
        "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        "本局到2017年底累计主动公开政府信息401条。",
    ],
)
def test_what_is_not_said_gives_nothing(text: str) -> None:
    assert said(text) == {}


def test_other_years_and_lower_bodies_are_left_out() -> None:
    title = "青禾县2022年政府信息公开工作年度报告\n"
    assert said(title + "2021年收到申请10件，2022年收到申请12件。") == {"n_requests_received": 12}
    assert said(title + "收到信息公开申请123件，去年收到100件。") == {"n_requests_received": 123}
    assert said(title + "县政府收到信息公开申请2件，各部门收到信息公开申请4件。") == {
        "n_requests_received": 2
    }
    assert said(title + "办公室收到信息公开申请2件。全县共收到信息公开申请9件。") == {
        "n_requests_received": 9
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021年结转3件,2022年收到申请12件。", {"n_requests_carried_in": 3, "n_requests_received": 12}),
        ("2021年结转至2022年3件。", {"n_requests_carried_in": 3}),
        ("收到申请12件,转入2023年办理2件。", {"n_requests_received": 12, "n_requests_carried_out": 2}),
        ("收到申请12件,2022年结转至下年2件。", {"n_requests_received": 12, "n_requests_carried_out": 2}),
        ("收到申请12件,2020年结转5件。", {"n_requests_received": 12}),
    ],
)
def test_the_year_that_is_named_tells_which_way_requests_are_carried(
    text: str, expected: dict[str, int]
) -> None:
    assert said(f"青禾县2022年政府信息公开工作年度报告\n{text}") == expected


def test_the_year_known_counts_where_the_text_has_no_title() -> None:
    text = "本报告统计期限自2020年1月1日起。2021年收到申请12件。"
    assert said(text) == {}
    assert [statement.value for statement in find(text, 2021)] == [12]


@pytest.mark.parametrize(
    ("since", "year", "own"),
    [
        ("自2008年5月1日起", 2008, True),
        ("自2008年5月1日《条例》施行以来", 2008, True),
        ("《条例》实施以来", 2008, True),
        ("《条例》实施以来", 2010, False),
        ("自2008年5月1日起", 2010, False),
        ("自2008年5月1日至2010年底", 2010, False),
        ("自2010年1月1日至2010年12月31日", 2010, True),
        ("历年", 2008, False),
    ],
)
def test_a_total_since_the_first_year_is_that_years_own(since: str, year: int, own: bool) -> None:
    text = f"某局{year}年政府信息公开工作年度报告\n{since}，我局共主动公开政府信息96条。"
    assert said(text) == ({"n_items_disclosed": 96} if own else {})


def test_a_part_of_another_year_is_not_the_years() -> None:
    text = "某局2010年政府信息公开工作年度报告\n累计主动公开政府信息96条，其中2009年新增20条。"
    assert said(text) == {}


def test_lines_that_a_page_broke_are_joined_and_page_numbers_skipped() -> None:
    text = "本年度市政府办公厅共受理公民、法人提出的政府信息公开申\n- 3 -\n请 31 件，均按期答复。"
    (statement,) = find(text)
    assert statement.value == 31
    assert text[statement.start : statement.end] == statement.text


def test_flattened_tables_say_nothing() -> None:
    text = (
        "一、本年新收政府信息公开申请数量\t8\t0\t8\n行政规范性文件 8 26 66\n| 部分公开 | 2 |\n"
        "第二十条第（一）项信息内容本年制发件数规章000行政规范性文件81153三、收到和处理政府信息公开申请情况"
        "（本列数据的勾稽关系为：略）一、本年新收政府信息公开申请数量2000002四、结转下年度继续办理0000000\n"
        "行政复议行政诉讼结果维持结果纠正000000000000000\n0\n0\n"
    )
    assert find(text) == ()


def test_heads_in_one_line_belong_to_no_statement() -> None:
    text = "一、总体情况好。　　三、收到和处理政府信息公开申请情况　　2020年未收到政府信息公开申请。"
    assert [statement.text for statement in find(text)] == ["2020年未收到政府信息公开申请"]


def against(
    said: Sequence[Statement], values: Mapping[str, int | float | None], scope: Scope | None = None
) -> list[Finding]:
    """What comes of comparing with tables that hold these values."""
    figures = {
        code: Figure(
            code, value, State.BLANK if value is None else State.NUMBER, "", "件", Proof.UNPROVEN, ""
        )
        for code, value in values.items()
    }
    return compare(said, figures, scope=scope)


class TestCompare:
    """Statements against the tables: only a sure contradiction is one."""

    @staticmethod
    def statement(code: str, value: float, text: str = "共收到申请8件") -> Statement:
        return Statement(code, value, "件", text, 0, len(text))

    def test_a_contradiction_names_both_numbers_and_the_sentence(self) -> None:
        figures = {"t3_new_received__total": 9, "t3_carried_in__total": 2}
        (finding,) = against([self.statement("n_requests_received", 8)], figures)
        assert finding.kind == "statement_contradicts_table"
        assert finding.codes == ("n_requests_received", "t3_new_received__total")
        assert all(part in finding.message for part in ("8", "9", "共收到申请8件"))

    def test_received_may_mean_new_and_carried_in_together(self) -> None:
        figures = {"t3_new_received__total": 6, "t3_carried_in__total": 2}
        assert against([self.statement("n_requests_received", 8)], figures) == []

    def test_handled_may_mean_the_new_ones_or_the_results(self) -> None:
        figures = {"t3_new_received__total": 80, "t3_carried_in__total": 2, "t3_result_total__total": 74}
        for value in (80, 82, 74):
            assert against([self.statement("n_requests_handled", value)], figures) == []
        assert len(against([self.statement("n_requests_handled", 79)], figures)) == 1

    @pytest.mark.parametrize(
        "figures",
        [
            {"t3_new_received__total": None, "t3_carried_in__total": 0},
            {"t3_new_received__total": 9, "t3_carried_in__total": None},
            {},
        ],
    )
    def test_a_missing_figure_gives_no_finding(self, figures: dict[str, int | float | None]) -> None:
        assert against([self.statement("n_requests_received", 8)], figures) == []

    def test_sums_of_codes(self) -> None:
        suits = {"t4_direct_suit_total": 3, "t4_post_review_suit_total": 1}
        assert against([self.statement("n_suits", 4)], suits) == []
        assert against([self.statement("n_suits", 3)], suits)[0].codes == ("n_suits", *suits)

    def test_a_family_of_rows_is_summed_when_all_are_there(self) -> None:
        names = ("not_held", "needs_creation", "unclear")
        figures = {f"t3_unable_{name}__total": number for number, name in enumerate(names)}
        assert against([self.statement("n_unable", 3)], figures) == []
        assert len(against([self.statement("n_unable", 4)], figures)) == 1
        assert against([self.statement("n_unable", 4)], {"t3_unable_not_held__total": 1}) == []

    def test_another_scope_is_no_contradiction(self) -> None:
        figures = {"t3_new_received__total": 9, "t3_carried_in__total": 0}
        area = self.statement("n_requests_received", 8, "全市共收到申请8件")
        assert against([area], figures) == []
        assert len(against([area], figures, scope=Scope.AREA)) == 1
        for text in ("市政府本级收到申请8件", "2022年政府新收依申请公开8件"):
            office = self.statement("n_requests_received", 8, text)
            assert against([office], figures, scope=Scope.AREA) == []

    def test_a_code_without_a_table_is_not_compared(self) -> None:
        assert against([self.statement("n_items_disclosed", 8)], {"t3_new_received__total": 9}) == []


@needs_cases
def test_the_real_excerpts() -> None:
    """Of the numbers that a reader found in the excerpts: none read wrongly, nearly all found."""
    tally: Counter[str] = Counter()
    for path in sorted((CASES / "excerpts").glob("*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        values = said(case["text"])
        for code, value in case["narrative_figures"].items():
            if code in CODES:
                tally["missing" if code not in values else "right" if values[code] == value else "wrong"] += 1
    assert tally["wrong"] == 0
    assert tally["right"] / tally.total() > 0.95


CODES = {
    line.split(",")[0]
    for line in (Path(__file__).parents[2] / "parsers" / "statements.csv")
    .read_text(encoding="utf-8")
    .splitlines()[1:]
}


@needs_cases
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("huojia-office-2022.txt",
         {"n_items_disclosed": 1988, "n_requests_received": 8, "n_requests_online": 2, "n_requests_in_person": 3,
          "n_requests_letter": 3, "n_requests_overdue": 0, "n_processing_fee_yuan": 0}),
        ("hebei_kjt_2020.txt",
         {"n_items_disclosed": 316, "n_website_items": 316, "n_press_conferences": 7, "n_requests_received": 0,
          "n_reviews": 0, "n_suits": 0}),
        ("hebei_kjt_2021.txt",
         {"n_website_items": 4818, "n_wechat_posts": 1261, "n_requests_received": 2, "n_press_conferences": 7,
          "n_processing_fee_yuan": 0}),
        ("hebei_kjt_2023.txt",
         {"n_website_items": 4987, "n_wechat_posts": 1010, "n_requests_received": 17, "n_reviews": 0, "n_suits": 0,
          "n_processing_fee_yuan": 0}),
        ("shanghai-office-2025.md",
         {"n_regulations_disclosed": 22, "n_press_conferences": 42, "n_requests_received": 1295,
          "n_requests_concluded": 1191, "n_requests_carried_in": 189, "n_granted_and_partial": 208, "n_denied": 20,
          "n_unable": 564, "n_refused": 80, "n_other": 319, "n_processing_fee_yuan": 0}),
    ],
)  # fmt: skip
def test_the_real_whole_reports(name: str, expected: dict[str, int]) -> None:
    """Read by eye, all that each report says and nothing more; none contradicts its tables."""
    text = (CASES / "whole" / name).read_text(encoding="utf-8")
    assert said(text) == expected
    figures = json.loads(
        (CASES / "whole" / f"{name.rsplit('.', 1)[0]}.figures.json").read_text(encoding="utf-8")
    )
    assert against(find(text), figures["figures"]) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_a_rule_matches_has_words_that_allow_it(rule: Rule, data: st.DataObject) -> None:
    left = data.draw(st.from_regex(rule.left, fullmatch=True))
    only_looks = rule.right and rule.right.pattern.startswith("^(?=")
    right = data.draw(st.from_regex(rule.right, fullmatch=True)) if rule.right and not only_looks else ""
    right = f",{rule.behind[0]}" if only_looks and rule.behind else right
    assert rule in candidates(next(iter(rule.units)), left, right)


@pytest.mark.parametrize(
    ("left", "code"), [("书信息", "n_items_disclosed"), ("不予公开主动", "n_items_disclosed")]
)
def test_a_word_that_begins_in_another_one_allows_its_rules(left: str, code: str) -> None:
    assert code in {rule.code for rule in candidates("条", left, "")}


@pytest.mark.parametrize(
    "piece",
    [
        "9",
        "1,234",
        "1件",
        "未",
        "\n",
        "共计",
        "收到政府信息公开申请1件，",
        "未收到申请，",
        "第二十条第（一）项信息内容",
    ],
)
def test_a_megabyte_of_one_thing_is_read_in_time(piece: str) -> None:
    start = time.process_time()
    find(piece * (1_000_000 // len(piece)))
    assert time.process_time() - start < 5


def test_the_margin_of_a_page_begins_no_paragraph() -> None:
    lines = [
        "  一、总体情况",
        "    本局全年主动公开政府信息12条，共收到政府信息公开申请31件，其中网络申请30件，信",
        "",
        "  函申请1件，全部按期答复，没有一件因为答复而被申请行政复议。",
    ]
    kept = "\n".join(" " * 9 + line for line in lines)
    assert said(kept) == {
        "n_items_disclosed": 12,
        "n_requests_received": 31,
        "n_requests_online": 30,
        "n_requests_letter": 1,
        "n_reviews": 0,
    }
