"""Is a title that of a report, of something that only speaks of one, or of neither?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from parsers.heading.names import ANCHOR, is_body, normalise, year_in
from parsers.words.chars import compact, fold


class TitleKind(StrEnum):
    """What a title promises."""

    REPORT = "report"
    MAYBE = "maybe"
    WRAPPER = "wrapper"
    NEGATIVE = "negative"
    OUT_OF_SCOPE = "out_of_scope"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TitleDecision:
    """The decision, the rule that made it (a family A to E, or a negative family), and the year said."""

    kind: TitleKind
    reason: str
    year: int | None


_DISCLOSURE = r"(?:政府|政务)?信息公开"
_YEAR = r"[(]?20\d{2}年?(?:度)?[)]?"
_REPORT = r"报(?:告|$)"  # a clipped title has lost its last character
_ANY_YEAR, _NAMES_REPORT = re.compile(_YEAR), re.compile(r"报告|年报|报$")

FAMILIES: dict[str, re.Pattern[str]] = {
    "A": re.compile(
        rf"{_DISCLOSURE}(?:工作)?(?:情况)?(?:的)?(?:年度)?(?:工作)?(?:情况)?(?:的)?年度(?:工作)?(?:情况)?(?:总结)?{_REPORT}"
    ),
    "B": re.compile(rf"{_DISCLOSURE}(?:工作)?(?:年度)?年报(?!表)"),
    "D": re.compile(rf"{_DISCLOSURE}(?:工作)?{_YEAR}(?:年度|工作)?(?:工作)?{_REPORT}"),
    "E": re.compile(rf"20\d{{2}}年?(?:度)?(?:政府|政务)信息公开(?:年度)?{_REPORT}"),
    "C": re.compile(rf"(?:政府|政务)信息公开(?:年度)?工作(?:情况)?(?:的)?(?:总结)?{_REPORT}"),
}
"""The positive families; C counts only with a year in the title."""

_EXPLAINS = re.compile(r"解读|图解|一图|读懂|问答|H5|动漫|视频|答记者问|图说")
_RULES = re.compile(
    r"制度|办法|规定|细则|方案|通知|的函|要点|考核|评估|通报|培训|格式|模板|样表|填报说明|编制说明"
)
_RULES_ANYWHERE = re.compile(r"^(?:做好|开展|报送|编制|编报|填报|规范|加强|进一步).*(?:通知|方案|要求)")
_NEGATIVES: dict[str, re.Pattern[str]] = {
    "指南": re.compile(r"指南|目录|平台|流程|申请表|须知"),
    "网站": re.compile(r"网站(?:工作|监管)?(?:年度)?(?:工作)?(?:报表|报告|年报)|新媒体"),
    "他报": re.compile(
        r"法治政府|依法行政|预算|决算|统计公报|住房公积金|绩效|审计|环境状况|企业年报|法人年报|年检|政府工作报告"
    ),
    "期间": re.compile(r"[上下]半年|半年度?(?:政府)?信息|第?[一二三四1-4]季度"),
    "状态": re.compile(r"公布情况|发布情况|集中公开(?:专题|专栏)|专题页面|汇总表?$"),
}
_ANY_NEGATIVE = re.compile("|".join(f"(?:{pattern.pattern})" for pattern in _NEGATIVES.values()))
_WRAPPER = re.compile(
    r"^(?>.*?(?:印发|发布|公布|刊发|公告)).*(?:通知|公告|通告|公示)$|报告的(?:公告|通告|公示)$|^(?>.*?报送).*函$"
)
_WRAPPER_NOT = re.compile(r"做好|编制|格式|模板|有关事项|填报|工作的通知")
_MAYBE = re.compile(
    rf"(?:年度(?:工作)?报告|年报)(?:\([^()]{{1,12}}\))?$|^报告$|^{_YEAR}$|查看详情|详情|信息公开.*(?:报告|情况$)|公开.*总结"
)
_OUTSIDE = re.compile(r"大学|学院|学校|中学|小学|幼儿园|医院|公司|集团|党委|人大|政协|科学院|研究院")


def classify(title: str, *, body: str = "") -> TitleDecision:
    """What `title` (a heading or the text of a link) promises, with the rule that says so.

    `body` is the name of the body when the caller knows it; it is taken out before the negative words are
    tested, so that 审计局 or 住房公积金管理中心 does not reject its own report. A school, hospital or company
    known by `body` makes it `out_of_scope`. In a known annual-report column all but negatives are worth a
    visit: `other` there means only that the title itself promises nothing. A `wrapper` is a notice that only
    carries the report (关于发布…年度报告的通知).
    """
    plain = normalise(title)
    year = year_in(title)
    family = _family(plain, year)
    negative = _negative(plain, body, family)
    if family and negative in ("", "制度") and _WRAPPER.search(plain) and not _WRAPPER_NOT.search(plain):
        return TitleDecision(TitleKind.WRAPPER, family, year)
    if negative:
        return TitleDecision(TitleKind.NEGATIVE, negative, year)
    if family and _OUTSIDE.search(fold(body)):
        return TitleDecision(TitleKind.OUT_OF_SCOPE, family, year)
    if family:
        return TitleDecision(TitleKind.REPORT, family, year)
    return _uncertain(plain, year)


def _family(plain: str, year: int | None) -> str:
    for name, pattern in FAMILIES.items():
        if (name != "C" or year) and pattern.search(plain):
            return name
    return ""


def _negative(plain: str, body: str, family: str) -> str:
    """The negative family that speaks, or "". Rules and forms only speak after the report's own words."""
    if _EXPLAINS.search(plain):
        return "解读"
    rest = _without_body(plain, body)
    tail = rest[_end_of_report(rest) :] if family else rest
    if _RULES.search(tail) or _RULES_ANYWHERE.search(rest):
        return "制度"
    if not _ANY_NEGATIVE.search(rest):
        return ""
    return next((name for name, pattern in _NEGATIVES.items() if pattern.search(rest)), "")


def _end_of_report(plain: str) -> int:
    """The place after the last 报告 or 年报 of the title."""
    return max((match.end() for match in _NAMES_REPORT.finditer(plain)), default=0)


def _without_body(plain: str, body: str) -> str:
    """The title without the known name of the body, or without the name that it itself begins with."""
    known = compact(body)
    if known and known in plain:
        return plain.replace(known, "")
    anchor = ANCHOR.search(plain)
    head = _ANY_YEAR.sub("", plain[: anchor.start()]).removesuffix("关于") if anchor else ""
    if anchor and is_body(head) and not _RULES_ANYWHERE.search(plain):
        return plain[anchor.start() :]
    return plain


def _uncertain(plain: str, year: int | None) -> TitleDecision:
    if "政务公开" in plain:
        return TitleDecision(TitleKind.OTHER, "政务公开", year)
    if _MAYBE.search(plain) or is_body(plain):
        return TitleDecision(TitleKind.MAYBE, "column", year)
    return TitleDecision(TitleKind.OTHER, "", year)


_MARKS: tuple[tuple[int, str], ...] = (
    (3, r"主动公开政府信息(?:的)?情况"),
    (3, r"收到和处理政府信息公开申请(?:的)?情况"),
    (2, r"政府信息公开(?:工作)?(?:被申请)?行政复议"),
    (2, r"存在的?(?:主要)?问题(?:及|和|与)改进(?:情况|措施)"),
    (1, r"其他(?:需要)?报告(?:的)?事项"),
    (2, r"第二十条第\(一\)项"),
    (2, r"本年新收政府信息公开申请数量"),
    (1, r"结转下年度继续办理"),
    (1, r"统计(?:期限|时限|时间)"),
)
_TALK = re.compile(r"编制背景|解读要点|编制依据及背景")


def report_score(text: str) -> int:
    """How much `text` reads as a report: 5 and more is one, 2 to 4 needs an attachment, less is none.

    The weights were set on real pages of both kinds. The marks of the free form before 2019 count only
    where the statutory table of later years is missing.
    """
    plain = compact(text)
    score = sum(weight for weight, mark in _MARKS if re.search(mark, plain))
    if "本年新收政府信息公开申请数量" not in plain:
        score += _early_score(plain)
    if _TALK.search(plain[:300]):
        score -= 4
    return score - 3 if len(plain) < 200 else score


def _early_score(plain: str) -> int:
    """The marks of the reports for 2008 to 2018, found without a search that could run long."""
    score = 2 if "依申请公开" in plain and ("收费" in plain or "减免" in plain) else 0
    score += 2 if re.search(r"^概[述况]|一、概[述况]", plain) else 0
    return score + (1 if "附表" in plain else 0)
