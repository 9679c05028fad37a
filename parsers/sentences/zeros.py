"""Zero said in words: 未收到任何申请, 没有发生行政复议, 无超期情况, 未收取任何费用, 数量为零.

Each function looks at the words after one negation, up to the next comma or stop, and says which codes are 0.
A negation of something narrower (未收到重复申请, 未发生行政复议纠错) says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from parsers.sentences.claims import Claim
from parsers.sentences.prose import told
from parsers.words.chars import Span

Ends = Callable[[str, str], Iterator[int]]
"""The ends of what says zero in the words after a negation; the second text is the sentences around them."""


@dataclass(frozen=True, slots=True)
class Zero:
    """How a negation says that something is none.

    `finds`: sentences that say 0 of `code` and nothing else. `leaves`: sentences that say nothing of it.
    """

    code: str
    ends: Ends
    finds: tuple[str, ...]
    leaves: tuple[str, ...]


_NEGATION = re.compile(
    r"(?:均未|从未|并未|尚未|未曾|未有|没有|未|并无|均无|暂无|也无|无|没|不存在|不(?=收取))"
    r"(?!经|审结|审理|法|正当|理由|按|明确|能|必|论|关|形|障|成年|完|及时|做到|落实|办结|答复|公开|纳入|予|被纳|现成|条件|偿)"
)
_AFTER = re.compile(r"[^,;。!?\n]{1,80}")
_SPEAKS = re.compile(r"申请|要求公开|复议|诉讼|超期|逾期|超时|费|不予公开|规范性文件|结转|转结|转入|顺延")
_BEFORE = 60
_PART_OF = re.compile(
    r"(?:部分|个别|其余|其他|另外|各(?:乡镇|镇|街道|县|区|部门|单位)|\d个(?:部门|单位|乡镇|镇|街道))[^,]{0,12}$"
)

_REQUEST = (
    r"(?:(?:政府|政务)?信息公开的?申请|公开(?:政府|政务)?信息的?申请|信息申请|申请公开(?:政府)?(?:信息)?"
    r"|依申请公开(?:政府信息|信息|事项|申请|案件|办件|件|情况)?|公开申请|要求公开的?(?:政府)?信息(?:的申请)?|申请(?!人(?!民)|表))"
)
_NO_REQUEST = re.compile(
    r"(?:有|再|曾|任何)?(?P<verb>接收到|收到|接到|接收|受理|处理|办理|发生|产生|出现|涉及)?(?:过|和处理|和受理|、受理|或受理|、处理|并处理)?"
    rf"(?P<middle>.{{0,48}}?)(?P<noun>{_REQUEST})(?P<after>.{{0,14}})"
)
_NOT_ALL_REQUESTS = re.compile(
    r"复议|诉讼|举报|投诉|超期|逾期|重复|补正|结转|收费|收取|费用|不予|撤回|商业|科研|行政许可|其他部门|规范性文件|更正|转办|未|(?:因|针对|由于)|^向"
)
_ASKED_BY = re.compile(r"^(?:任何)?(?:公民|法人|个人|群众|单位|组织)[^,;。]{0,30}(?:提出|提交|要求)")
_ONE_CHANNEL = re.compile(r"当面|信函|传真|邮件|网络|网上|邮寄")
_REQUEST_GOES_ON = re.compile(
    r"(?:对象|不|未|答复|(?:办理|处理)(?!件|事项|情况)|的(?:文件|通知|投诉|举报|意见|反馈|答复)|而|引发|引起|被|提起|提请|提出行政|的?行政(?:复议|诉讼)|复议|行政|人(?!民)|表|的?平台|的?渠道|的?内容|量大|产生|导致|超|逾|的?收费|收取|公开行政"
    r"|.{0,4}(?:超期|逾期|费用|复议|诉讼|败诉)|.{0,8}信息类型)"
)
_REVIEW = re.compile(r"(?P<before>.{0,56}?)(?P<noun>复议)(?P<after>.{0,40})")
_SUIT = re.compile(r"(?P<before>.{0,56}?)(?P<noun>诉讼)(?P<after>.{0,40})")
_LOST = re.compile(r"纠错|败诉|纠正|撤销|维持|变更|超期|超时|违法|不当|尚未|问题|费用|支出")
_NOT_DISPUTE = re.compile(r"^与|经$|败诉|纠错|纠正|撤销|及时|解决|化解|机关$")
_JOINT = re.compile(r".{0,14}?诉讼")
_JOINT_BEFORE = re.compile(r"诉讼(?:案件)?(?:[、和及与或]|以及|或者)(?:行政)?$")
_OVERDUE = re.compile(r"(?:任何|发生|出现|存在|产生|有){0,4}(?:超期|逾期|超时限|超时)(?!不补|未按|不缴|未缴)")
_FEE = re.compile(r"(?P<before>.{0,44}?)(?P<noun>处理费用?|收费|费用|费)(?P<after>.{0,12})")
_NOT_FEE = re.compile(
    r"行政事业性?|经费|缴|培训|会议|三公|免费|财政|工作$|专项|消费|交费|诉讼|复议|减免$|水电|按"
)
_TAKEN_AND_LET_OFF = re.compile(r"收取[^,]{0,4}减免(?!$)")
"""未收取和减免任何费用: neither the one nor the other."""
_FEE_CONTEXT = re.compile(r"信息公开|依申请|处理费|申请")
_DENIED = re.compile(
    r"(?:任何|发生|出现|存在|有){0,4}[“\"]?不予公开[”\"]?(?:的?(?:政府)?(?:信息|申请|情况|情形|现象|件|答复|事项)|$)(?!目录)"
)
_NORMATIVE = re.compile(
    r"(?:新?制定|制发|出台|印发|发布|新增){1,2}(?:和发布|、发布|并发布|公开)?(?:任何|过)?(?:规章[和及或、与])?(?:行政)?规范性文件(?!.{0,8}(?:清理|解读|目录))"
)
_CARRIED_IN = re.compile(r"(?:任何|有){0,4}(?:上年度?|上一年度?|去年)(?:结转|转结|转入)")
_CARRIED_OUT = re.compile(
    r"(?:任何|有){0,4}(?:(?:结转|转结|顺延)(?:至|到)?(?:下一?年度?|次年|20\d{2}年)|(?:下一?年度?|次年)(?:结转|转结))"
)
_AS_ZERO = re.compile(
    r"(?P<noun>信息公开申请(?:公开)?(?:申请)?|依申请(?:公开)?(?:申请)?|复议|诉讼)(?:案件|事项|件)?(?:数量|数|量|情况)?[均各都]?(?:为|是|:)(?:零|无)"
)


def zeros_in(plain: str, spans: Sequence[Span]) -> Iterator[Claim]:
    """The statements of 0 in sentences, each with the span of the words that say it."""
    for negation, start, end in told(_NEGATION, plain, spans):
        after = _AFTER.match(plain, negation.end(), end)
        if not after or not _SPEAKS.search(after[0]):
            continue
        begin = _clause_start(plain, start, negation.start())
        if _PART_OF.search(plain[begin : negation.start()]):
            continue
        context = plain[max(0, start - 160) : end][:400]
        for zero in ZEROS:
            unit = "元" if zero.code.endswith("_yuan") else "件"
            for length in zero.ends(after[0], context):
                yield Claim(zero.code, 0, unit, begin, negation.end() + length, rank=5)
    for match, start, end in told(_AS_ZERO, plain, spans):
        if match.end() == end or plain[match.end()] in ",件":
            yield from _as_zero(plain, start, match)


def _clause_start(plain: str, start: int, place: int) -> int:
    if plain[max(start, place - 1) : place] == "、":
        return place
    start = max(start, place - _BEFORE)
    return max([start, *(plain.rfind(mark, start, place) + 1 for mark in ",:)")])


def _no_requests(words: str, context: str) -> Iterator[int]:
    match = _NO_REQUEST.match(words)
    if not match:
        return
    middle, after = match["middle"], match["after"]
    asked = _ASKED_BY.search(middle) or middle.endswith(("提出", "提交", "递交"))
    if match["verb"] is None and len(middle) > 6 and not asked:
        return  # 没有公民、法人和其他组织向我局提出…申请 needs no verb of the body's own
    listed = "任何" in middle or "等" in middle or len(_ONE_CHANNEL.findall(middle)) > 1
    if _NOT_ALL_REQUESTS.search(middle) or (_ONE_CHANNEL.search(middle) and not listed):
        return
    if not _REQUEST_GOES_ON.match(after):
        yield match.end("noun")


def _no_reviews(words: str, context: str) -> Iterator[int]:
    review = _REVIEW.match(words)
    if review and _is_none(review):
        yield review.end("noun")


def _no_suits(words: str, context: str) -> Iterator[int]:
    """The ends of what says it of suits: alone, or in one breath with reviews."""
    review, suit = _REVIEW.match(words), _SUIT.match(words)
    if not review and suit and _is_none(suit):
        yield suit.end("noun")
    if review and _is_none(review):
        if _JOINT_BEFORE.search(review["before"]):
            yield review.end("noun")
        joint = _JOINT.match(review["after"])
        if joint:
            yield review.start("after") + joint.end()


def _is_none(match: re.Match[str]) -> bool:
    return not _NOT_DISPUTE.search(match["before"]) and not _LOST.search(match["after"])


def _no_fee(words: str, context: str) -> Iterator[int]:
    fee = _FEE.match(words)
    if not fee or _NOT_FEE.search(fee["before"]) or not _FEE_CONTEXT.search(context):
        return
    if "减免" not in fee["before"] or _TAKEN_AND_LET_OFF.search(fee["before"]):
        yield fee.end("noun")


def _starts(pattern: re.Pattern[str], context: re.Pattern[str]) -> Ends:
    """Zero is what the words begin with, where the sentences around it speak of `context`."""

    def ends(words: str, around: str) -> Iterator[int]:
        match = pattern.match(words)
        if match and context.search(around):
            yield match.end()

    return ends


def _as_zero(plain: str, start: int, match: re.Match[str]) -> Iterator[Claim]:
    """行政复议、行政诉讼数量为零: one word of zero after one or two nouns."""
    begin = _clause_start(plain, start, match.start())
    nouns = {"复议": ["n_reviews"], "诉讼": ["n_suits"]}.get(match["noun"], ["n_requests_received"])
    if match["noun"] == "诉讼" and "复议" in plain[max(begin, match.start() - 14) : match.start()]:
        nouns = ["n_reviews", "n_suits"]
    for code in nouns:
        yield Claim(code, 0, "件", begin, match.end(), rank=5)


_REQUESTS_TOLD = re.compile("申请|答复")
_ANYTHING = re.compile("")
ZEROS = (
    Zero(
        "n_requests_received", _no_requests,
        finds=("本镇未收到任何公民、法人和其他组织提出的公开政府信息的申请。", "本中心未收到依申请公开件。",
               "全年没有接到群众要求公开政府信息的申请。", "并未接收到一例政府信息公开申请。",
               "未收到和受理政府信息公开申请,实行零报告。",
               "未收到通过当面、信函等方式提出的政府信息公开申请。", "我镇2016年度无申请。",
               "依申请公开：无。", "没有依申请公开政府信息办理事项。",
               "没有公民、法人和其他组织向我局提出政府信息公开申请。", "未收到申请人提出的依申请公开事项。",
               "全年没有公民、法人和其他组织提出信息公开的申请。", "全年未接到群众要求公开的信息。"),
        leaves=("没有收到信访、重复申请。", "全年未收到行政许可申请。", "未收到要求更正政府信息的申请。",
                "未收到上级关于信息公开申请的文件。", "未接到对信息公开申请答复不满意的反映。",
                "未出现依申请公开不及时、不规范的情况。", "依申请公开中无未办结的申请。"),
    ),
    Zero(
        "n_reviews", _no_reviews,
        finds=("没有发生针对政府信息公开的行政复议案。", "行政复议案件数量为零。"),
        leaves=("未发生因依申请公开被复议纠正或诉讼败诉的情况。", "未经复议直接起诉"),
    ),
    Zero(
        "n_suits", _no_suits,
        finds=("未发生政府信息公开行政诉讼。", "未发生信息公开诉讼。因具体行政行为被提起行政诉讼5起。",
               "行政诉讼数量为零。"),
        leaves=("未发生因依申请公开被复议纠正或诉讼败诉的情况。",
                "无与诉讼(行政复议,行政诉讼)有关的费用支出。"),
    ),
    Zero(
        "n_requests_overdue", _starts(_OVERDUE, _REQUESTS_TOLD),
        finds=("申请均已办理,不存在超期答复情形。",),
        leaves=("图书均已归还,不存在超期情形。", "申请均已办理,无逾期不补正情形。"),
    ),
    Zero(
        "n_denied", _starts(_DENIED, _REQUESTS_TOLD),
        finds=("依申请公开中没有“不予公开”的情况。",),
        leaves=("依申请公开中没有不予公开目录。",),
    ),
    Zero(
        "n_normative_issued", _starts(_NORMATIVE, _ANYTHING),
        finds=("没有制发规章和行政规范性文件。", "未制定行政规范性文件。",
               "未制定出台规章和行政规范性文件。"),
        leaves=("未制定规范性文件清理计划。",),
    ),
    Zero(
        "n_requests_carried_in", _starts(_CARRIED_IN, _REQUESTS_TOLD),
        finds=("依申请公开工作中，无上年度结转件。",),
        leaves=("预算资金中，无上年度结转。",),
    ),
    Zero(
        "n_requests_carried_out", _starts(_CARRIED_OUT, _REQUESTS_TOLD),
        finds=("受理申请均已答复，无转结下年度继续办理件。",),
        leaves=("预算资金均已拨付，无结转下年度。",),
    ),
    Zero(
        "n_processing_fee_yuan", _no_fee,
        finds=("信息公开申请未向当事人收取任何费用。", "本年度未收取信息公开处理费。",
               "没有因办理政府信息公开而产生的收费。", "未收取与政府信息申请有关的任何费用。",
               "某厅未收取和减免任何与政府信息公开相关的费用。"),
        leaves=("没有发生行政事业性收费情况。", "未减免信息公开申请的费用。",
                "无与诉讼(行政复议,行政诉讼)有关的费用支出。"),
    ),
)  # fmt: skip
