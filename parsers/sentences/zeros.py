"""Zero said in words: 未收到任何申请, 没有发生行政复议, 无超期情况, 未收取任何费用, 数量为零.

Each function looks at the words after one negation, up to the next comma or stop, and says which codes are 0.
A negation of something narrower (未收到重复申请, 未发生行政复议纠错) says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from parsers.sentences.claims import Claim
from parsers.sentences.prose import told
from parsers.words.chars import Span

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
        for says in (_no_requests, _no_disputes, _no_rest):
            for code, length in says(after[0], context):
                unit = "元" if code.endswith("_yuan") else "件"
                yield Claim(code, 0, unit, begin, negation.end() + length, rank=5)
    for match, start, end in told(_AS_ZERO, plain, spans):
        if match.end() == end or plain[match.end()] in ",件":
            yield from _as_zero(plain, start, match)


def _clause_start(plain: str, start: int, place: int) -> int:
    if plain[max(start, place - 1) : place] == "、":
        return place
    start = max(start, place - _BEFORE)
    return max([start, *(plain.rfind(mark, start, place) + 1 for mark in ",:)")])


def _no_requests(words: str, context: str) -> Iterator[tuple[str, int]]:
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
        yield "n_requests_received", match.end("noun")


def _no_disputes(words: str, context: str) -> Iterator[tuple[str, int]]:
    review, suit = _REVIEW.match(words), _SUIT.match(words)
    if review and _is_none(review):
        yield "n_reviews", review.end("noun")
        if _JOINT_BEFORE.search(review["before"]):
            yield "n_suits", review.end("noun")
        joint = _JOINT.match(review["after"])
        if joint:
            yield "n_suits", review.start("after") + joint.end()
    elif suit and not review and _is_none(suit):
        yield "n_suits", suit.end("noun")


def _is_none(match: re.Match[str]) -> bool:
    return not _NOT_DISPUTE.search(match["before"]) and not _LOST.search(match["after"])


def _no_rest(words: str, context: str) -> Iterator[tuple[str, int]]:
    """Zero of what one pattern at the start of the words can tell."""
    for code, pattern, needs in _SIMPLE:
        match = pattern.match(words)
        if match and needs(context):
            yield code, match.end()
    fee = _FEE.match(words)
    if (
        fee
        and not _NOT_FEE.search(fee["before"])
        and _FEE_CONTEXT.search(context)
        and ("减免" not in fee["before"] or _TAKEN_AND_LET_OFF.search(fee["before"]))
    ):
        yield "n_processing_fee_yuan", fee.end("noun")


def _about_requests(context: str) -> bool:
    return "申请" in context or "答复" in context


def _always(context: str) -> bool:
    return True


_SIMPLE: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("n_requests_overdue", _OVERDUE, _about_requests),
    ("n_denied", _DENIED, _about_requests),
    ("n_normative_issued", _NORMATIVE, _always),
    ("n_requests_carried_in", _CARRIED_IN, _about_requests),
    ("n_requests_carried_out", _CARRIED_OUT, _about_requests),
)


def _as_zero(plain: str, start: int, match: re.Match[str]) -> Iterator[Claim]:
    """行政复议、行政诉讼数量为零: one word of zero after one or two nouns."""
    begin = _clause_start(plain, start, match.start())
    nouns = {"复议": ["n_reviews"], "诉讼": ["n_suits"]}.get(match["noun"], ["n_requests_received"])
    if match["noun"] == "诉讼" and "复议" in plain[max(begin, match.start() - 14) : match.start()]:
        nouns = ["n_reviews", "n_suits"]
    for code in nouns:
        yield Claim(code, 0, "件", begin, match.end(), rank=5)
