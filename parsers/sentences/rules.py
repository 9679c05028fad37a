"""The rules by which a number says a statement: the words to its left and right, its unit, and the vetoes.

Patterns come from real sentences; each has a made twin in tests/unit/test_statements.py. `left` is matched against
the words back to the comma or number before, so a pattern that ends in END stands right before the number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

END = r"[数量总件条项次计共累为有是达到了合份篇各均分别:]{0,10}$"
_SORT = r"[各类年度本级机关局相有全部种所的项省市县区乡镇街道]{0,10}"
_TRADE = "海关|环境|气象|税务|财政|审计|统计|教育|卫生健康|卫生|民政|水利|交通|农业|林业|司法|公安|市场监管|自然资源|住建|人社|医保|应急"
INFO = (
    rf"(?:{_SORT}(?:文件)?(?:{_TRADE})?(?:政务公开|政府公开|政府|政务|公开)?(?:各类)?信息(?:公开)?"
    r"|[^,;。]{0,80}?等(?:各?个?(?:方面|领域|类|类别|内容|各类)|(?:社会|公众|群众|百姓|企业)[^,;。]{0,8})?的?(?:政府|政务|公开)?信息)"
)
_INFO_NEXT = r"^(?:各类)?(?:政府|政务|公开)?(?:各类)?信息(?!公开申请|公开依申请|处理费)"
PUBLISH = r"(?:公开公示|公开|发布|公布|上传|更新|推送|推出|编发)(?:了)?"
_REQUEST = (
    r"(?:(?:政府|政务)?信息公开的?(?:有效)?申请|公开(?:政府|政务)?信息的?申请|(?:政府|政务)?信息依申请公开|政府信息申请"
    r"|依?申请(?:政府|政务)?信息公开|依申请公开(?:政府信息|信息|事项|申请|案件|办件|信件|件)?|依申请(?:案件|办件|件)?|申请公开(?:政府)?(?:信息)?(?:的?要求)?"
    r"|公开申请|书面申请|有效申请|申请)(?:办理)?(?:事项|案件|件|书|请求)?(?:的(?=数))?"
)
_RECEIVING = "收到|接到|接收|受理|新收|新增|登记"
_RECEIVED = (
    rf"(?<!不予)(?<!未)(?:接收到|{_RECEIVING})(?:和处理|并处理|、处理|、办理|并办理|和办理|、受理|并受理|了)?"
)
_CASES = frozenset(
    {"件", "条", "起", "宗", "例", "份", "个", "次", "件次", "条次", "人次", "批", "单", "项", "只"}
)
ITEMS = frozenset({"条", "件", "篇", "份", "则", "个", "项", "只", "条次", "期"})
_EVENTS = frozenset({"场", "次", "场次", "期", "个"})
_YUAN = frozenset({"元"})
_FEEDBACK = r"提案|建议|留言|来信|来电|咨询|投诉|举报|信访件|热线|工单"


@dataclass(frozen=True, slots=True)
class Rule:
    """A number says `code` when its left and right words match, the right ones from the first, and no veto speaks.

    `before`, `behind`: words of which one stands there wherever the rule holds; without any it may hold everywhere. Most
    numbers have none of them, and to look for words takes a part of the time of the patterns.
    """

    code: str
    units: frozenset[str]
    left: re.Pattern[str]
    right: re.Pattern[str] | None = None
    veto: re.Pattern[str] = re.compile(r"(?!)")
    context: re.Pattern[str] = re.compile("")
    rank: int = 0
    bare: bool = False  # the unit may be missing when a share follows: 部分公开67,占4.61%
    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()


def _rule(
    code: str, units: frozenset[str], left: str, right: str = "", *, veto: str = r"(?!)", context: str = "",
    rank: int = 0, bare: bool = False, before: str = "", behind: str = "",
) -> Rule:  # fmt: skip
    return Rule(
        code,
        units,
        re.compile(left),
        re.compile(right) if right else None,
        re.compile(veto),
        re.compile(context),
        rank,
        bare,
        tuple(filter(None, before.split("|"))),
        tuple(filter(None, behind.split("|"))),
    )


_MANY = r"(?:网站|微信|微博|公众号|新媒体)[^,;。]{0,60}等[^,;。]{0,12}(?:平台|渠道|方式|载体|形式|途径|媒体|媒介)[^,;。]{0,12}"
_ANY_CHANNEL = r"网站|门户网|政府网|官网|网页|微信|公众号|微博|平台|栏目|公示栏|公告栏|报刊|视频号|抖音|客户端|电视|专栏|媒体"
_NOT_TOTAL = r"其中|类别|依申请|申请公开|其[他它][^,;。]{0,6}(?:主动|渠道|方式|形式|途径)"
_NO_CHANNEL = rf"{_NOT_TOTAL}|{_ANY_CHANNEL}"
_NOT_ALL = rf"{_NO_CHANNEL}|方面|领域|申请"
# 通过区网站公开230条,通过省网站公开137条: each is a part of what nobody summed up.
_BY_CHANNELS = r"[,;、](?:同时|另外?|并)?(?:通过|在|利用|依托|经)[^,;。\d]{0,40}"
_ALONE = rf"(?!{_BY_CHANNELS}(?:公开|发布)[^,;。\d]{{0,20}}\d)"
_FIRST = rf"^(?![\s\S]*\d[条件篇个]{_BY_CHANNELS}$)"
_MADE = r"(?:制作|形成|产生|生成|制发|累计)[^。;]{0,20}信息[^。;\d]{0,10}\d+[条件],其中[^,;。]*$"
_HEAD_OF_DISCLOSED = r"主动公开(?:政府|政务)?(?:信息)?(?:的)?(?:工作)?(?:的)?情况[。:\n][^。;]*$"
"""The noun stands in the head of the line, its number in the next sentence."""
_DISCLOSED = (
    _rule("n_items_disclosed", ITEMS, rf"主动(?:向社会|新增)?{PUBLISH}{INFO}{END}", veto=rf"{_NO_CHANNEL}|领域", before="主动"),
    _rule("n_items_disclosed", ITEMS, rf"主动{PUBLISH}{END}", _INFO_NEXT, veto=_NO_CHANNEL, before="主动"),
    _rule("n_items_disclosed", ITEMS, rf"信息主动{PUBLISH}{END}", r"^(?=[,;。(]|$)", veto=_NO_CHANNEL, rank=1, before="主动"),
    _rule("n_items_disclosed", ITEMS, _MANY + rf"(?:主动)?{PUBLISH}{INFO}{END}", veto=rf"{_NOT_TOTAL}|^[^网]*$", rank=1, before="等"),
    _rule("n_items_disclosed", ITEMS, rf"^其中(?:本年度?|20\d{{2}}年度?|属于?)?(?:共|新增)?主动公开的?{INFO}{END}", context=_MADE, rank=1, before="其中"),
    _rule("n_items_disclosed", ITEMS, rf"^其中(?:本年度?|20\d{{2}}年度?)(?:新增|新公开){END}", context=r"主动公开[^。;\d]{0,24}\d+[条件],其中[^,;。]*$", rank=1, before="其中"),
    _rule("n_items_disclosed", ITEMS, rf"主动[^,;。”]{{0,24}}?{PUBLISH}{INFO}{END}", rf"^{_ALONE}", veto=_NOT_TOTAL, context=_FIRST, rank=2, before="主动"),
    _rule("n_items_disclosed", ITEMS, rf"{PUBLISH}(?:各类)?(?:政府|政务)(?:公开)?信息(?:公开)?{END}", veto=_NO_CHANNEL, rank=3, before="信息"),
    _rule("n_items_disclosed", ITEMS, rf"向社会{PUBLISH}{INFO}{END}", veto=_NO_CHANNEL, rank=3, before="向社会"),
    _rule("n_items_disclosed", ITEMS, rf"^[^,;。]{{0,16}}(?:共计?|累计|总计|合计|全[年镇乡街县区市局])公开(?:各类)?信息{END}", veto=_NOT_ALL, rank=4, before="信息"),
    _rule("n_items_disclosed", ITEMS, r"^[^,;。]{0,16}公开(?:各类)?信息[总共合]计?[为达]?$", veto=_NOT_ALL, rank=4, before="信息"),
    _rule("n_items_disclosed", ITEMS, rf"^[^,;。]{{0,16}}(?:共计?|累计|总计|合计)(?:主动)?公开{END}", r"^(?=[,;。(]|$)", veto=_NOT_ALL, context=_HEAD_OF_DISCLOSED, rank=4, before="公开"),
    _rule("n_items_disclosed", ITEMS, rf"{PUBLISH}{END}", _INFO_NEXT, veto=_NO_CHANNEL, rank=3, behind="信息"),
    _rule("n_items_disclosed", ITEMS, rf"主动公开的?(?:相关)?内容{END}", veto=_NOT_ALL, rank=3, before="内容"),
    _rule("n_items_disclosed", ITEMS, rf"(?:公开|发布)信息总[数量]{END}", veto=rf"{_NO_CHANNEL}|累计", rank=3, before="信息总"),
)  # fmt: skip
_OF_NORMATIVE = r"规范性文件(?:(?!规章)[^。]){0,32}$"
_DOCUMENTS = (
    _rule("n_interpretations", ITEMS, rf"(?:政策解读?|解读)类?(?:信息|材料|稿件?|文章|文件|产品|文本)?(?:发布|公开)?{END}", veto="[、和及与](?:政策)?解读[^,;。]{0,6}$", before="解读|政策解"),
    _rule("n_interpretations", ITEMS, rf"(?:发布|公开|制作|推出|编发|解读){END}", r"^(?:政策)?解读(?:信息|材料|稿件|文章|文件)", behind="解读"),
    _rule("n_press_conferences", _EVENTS, rf"新闻发布(?:会|活动)[”\"]?{END}", veto="其中", before="新闻发布"),
    _rule("n_press_conferences", _EVENTS, r"(?:举办|召开|举行|组织)[数量总共计累了]{0,4}$", r"^[^,;。\d]{0,10}新闻发布(?:会|活动)", veto="其中", behind="新闻发布"),
    _rule("n_regulations_disclosed", ITEMS, rf"公开[^,;。]{{0,20}}(?<!行政)规章{END}", before="规章"),
    _rule("n_normative_issued", ITEMS, rf"(?:制定|制发|印发|出台|制作|新发)[^,;。]{{0,12}}规范性文件{END}", veto="废止|有效|累计制", before="规范性"),
    _rule("n_normative_issued", ITEMS, r"(?:制定|制发|印发|出台|制作)(?:了)?$", r"^(?:行政)?规范性文件", behind="规范性"),
    _rule("n_normative_issued", ITEMS, rf"规范性文件(?:制定|制发|印发|出台|发布){END}", veto="废止|有效|解读", before="规范性"),
    _rule("n_normative_repealed", ITEMS, rf"(?:废止|宣布失效)[^,;。]{{0,12}}规范性文件{END}", veto="修改", before="规范性"),
    _rule("n_normative_repealed", ITEMS, r"(?:废止|失效)(?:了)?$", r"^(?:行政)?规范性文件", behind="规范性"),
    _rule("n_normative_repealed", ITEMS, rf"^(?:其中)?(?:废止|宣布失效)(?:了)?{END}", context=_OF_NORMATIVE, before="废止|失效"),
    _rule("n_normative_in_force", ITEMS, rf"^(?:其中)?现行有效的?{END}", context=_OF_NORMATIVE, before="有效"),
    _rule("n_normative_in_force", ITEMS, rf"现行有效的?[^,;。]{{0,10}}规范性文件{END}", before="有效"),
)  # fmt: skip
_CARRIED = (
    r"(?:(?:上年度?|上一年度?|去年|前一年度?|20\d{2}年度?)(?:末|底)?(?:度)?(?:未办结)?(?:结转|转结|转入|结余)"
    r"|(?:结转|转结)上一?年度?)(?![至到]?(?:下|次|明))"
)
_NEXT = r"(?:结转|转结|顺延|转)(?:至|到|入)?(?:下一?年度?|次年|20\d{2}年度?)"
_TROUBLE = r"复议|诉讼|" + _FEEDBACK
_FEW_REQUEST = r"信息公开|依申请|公开申请|申请公开|申请"
_WITH_CARRIED = r"[(,]*(?:其中|含|包括|包含),?(?:[^。;,]{0,16},)?[^。;,]{0,12}(?:上年|上一年|去年|(?:结转|转结)(?![至到]?(?:下|次|明|20)))"
_CHANNELS = r"网络|网上|在线|互联网|网站|线上|当面|现场|窗口|信函|邮寄|书信|传真|邮件|邮箱"
_BY_ONE_CHANNEL = r"(?:通过|经由?)[^,;。]{0,16}(?:网站|平台|邮箱|窗口|信函)"
_RECEIVED_REQUESTS = (
    _rule("n_requests_received", _CASES, rf"{_RECEIVED}[^,;。]{{0,60}}?{_REQUEST}{END}", rf"^(?!{_WITH_CARRIED})",
          veto=rf"{_TROUBLE}|结转|上年|去年|不予|部分公开|重复|(?:{_CHANNELS})[^,;。]{{0,6}}$", context=_FEW_REQUEST, before=_RECEIVING),
    _rule("n_requests_received", _CASES, rf"{_RECEIVED}{END}", rf"^(?!{_WITH_CARRIED})(?:[^,;。\d()]{{0,25}}(?:公开|信息)[^,;。\d()]{{0,6}}申请(?!行政复议)|申请公开(?:政府)?信息(?=事项|[,;。]|$))",
          veto=_TROUBLE, before=_RECEIVING, behind="申请"),
    _rule("n_requests_received", _CASES, rf"{_RECEIVED}{END}", rf"^(?!{_WITH_CARRIED})[^,;。\d()]{{0,12}}依申请公开(?:政府信息|信息|申请|请求|事项|件)?(?=[,;。、(]|$)",
          veto=_TROUBLE, before=_RECEIVING, behind="依申请公开"),
    _rule("n_requests_received", _CASES, rf"(?:新收|新接收|(?<!不予)(?<!未)受理|收到){END}", rf"^(?!{_WITH_CARRIED})(?=$|[,;。()])", veto=rf"{_TROUBLE}|(?:{_CHANNELS})[^,;。]{{0,6}}$",
          context=r"依申请|信息公开申请|公开申请", rank=1, before="新收|新接收|受理|收到"),
    _rule("n_requests_received", _CASES, rf"^[^,;。]{{0,16}}(?:政府信息公开申请|依申请公开(?:政府信息|信息|申请|请求|事项)?)(?:总)?{END}", rf"^(?!{_WITH_CARRIED})",
          veto=rf"{_TROUBLE}|结转|办结|答复|办理|处理|公布|发布|统计|收办", rank=2, before="信息公开申请|依申请公开"),
)  # fmt: skip
_HANDLED_REQUESTS = (
    _rule("n_requests_handled", _CASES, rf"{_RECEIVED}[^,;。]{{0,60}}?{_REQUEST}{END}", rf"^(?={_WITH_CARRIED})", veto=_TROUBLE, before=_RECEIVING, behind="其中|含|包括"),
    _rule("n_requests_handled", _CASES, rf"(?:受理|收到){END}", rf"^(?={_WITH_CARRIED})", veto=_TROUBLE, context="申请", before=_RECEIVING, behind="其中|含|包括"),
    _rule("n_requests_handled", _CASES, rf"收办(?:[^,;。]{{0,20}}?{_REQUEST})?{END}", veto=_TROUBLE, before="收办"),
    _rule("n_requests_handled", _CASES, rf"(?<!收到和)(?<!收到并)(?<!收到、)(?<!受理、)共?(?:处理|办理)[^,;。]{{0,16}}?{_REQUEST}{END}", veto=rf"{_TROUBLE}|收到|接到|受理|{_CARRIED}|{_BY_ONE_CHANNEL}", before="处理|办理"),
    _rule("n_requests_handled", _CASES, r"共(?:处理|办理)$", veto=_TROUBLE, context=r"依申请|信息公开申请|公开申请", rank=1, before="共处理|共办理"),
)  # fmt: skip
_CARRIED_REQUESTS = (
    _rule("n_requests_carried_in", _CASES, rf"{_CARRIED}[^,;。]{{0,4}}?(?:{_REQUEST})?{END}", veto=_TROUBLE, before="转|结余"),
    _rule("n_requests_carried_in", _CASES, "", rf"^(?:申请)?(?:为|系|属于?|是){_CARRIED}", veto=_TROUBLE, context="申请|办结|处理", behind="转|结余"),
    _rule("n_requests_carried_out", _CASES, rf"{_NEXT}[^,;。]{{0,6}}?(?:{_REQUEST}|继续办理|办理|答复)?{END}", veto=_TROUBLE, context="申请|答复|办结|公开", before="转|顺延"),
    _rule("n_requests_carried_out", _CASES, r"(?<!上年)(?<!上年度)$", rf"^(?:申请)?(?:正在办理|按照?《[^》]{{1,20}}》(?:规定|要求)?)?{_NEXT}", veto=_TROUBLE, context="申请|答复|办结|公开", behind="转|顺延"),
    _rule("n_requests_carried_out", _CASES, r"^[、,]?(?:另有?|其余|剩余|尚有)?$", r"^(?:申请)?结转(?=[,;。)]|$)", veto=rf"上年|上一年|去年|{_TROUBLE}", context="申请|答复|办结|公开", behind="结转"),
)  # fmt: skip
_REASON = r"不掌握|现成|另行制作|不明确|信访|投诉|重复|出版物|反复|秘密|禁止|安全|第三方|内部事务|过程性|案卷|查询|补正|缴纳"
_CONCLUDED_REQUESTS = (
    _rule("n_requests_concluded", _CASES, rf"(?:(?<!未)办结|答复(?:完毕)?|办理完毕)(?:[^,;。]{{0,6}}?{_REQUEST})?{END}", r"^(?!,(?:不予|撤回|终止|申请人|主动撤))", veto=rf"{_TROUBLE}|{_NEXT}|{_BY_ONE_CHANNEL}|未答复|超期|逾期|不予|不同意|(?:予以|同意|部分)公开|{_REASON}",
          context="依申请|信息(?:公开申请|申请公开)|公开申请|受理[^。;]{0,12}公开|予以公开", before="办结|答复|办理完毕"),
    _rule("n_requests_concluded", _CASES, r"(?:^|已|共|其中)$", r"^(?:均|全部)?已?经?(?:按[期时规]|依法|及时|全部)*(?:完成)?(?:办结|答复)(?=[,;。]|$)", veto=_TROUBLE, context="依申请|信息公开申请|公开申请", behind="办结|答复"),
)  # fmt: skip
_OVERDUE_REQUESTS = (
    _rule("n_requests_overdue", _CASES, rf"(?:超期|逾期)(?:未)?(?:答复|办理|办结|回复)?{END}", veto=rf"{_TROUBLE}|补正|未按|缴", context="申请|答复|办结", before="超期|逾期"),
)  # fmt: skip


def _channel(code: str, word: str, bare: str) -> Rule:
    """Requests by channel: the channel's word, then 申请 or nothing, then the number."""
    left = rf"(?:{word})(?:平台|渠道|方式|形式|途径)?(?:提交申请表|提交|提出|递交|受理|收到|方式|接收)*的?(?:(?:{_REQUEST})表?|(?:政府)?信息公开请求)的?{END}|(?:{bare})(?:平台|渠道|方式|形式)?(?:提交|提出|递交|收到|受理)?的?{END}"
    veto = rf"{_TROUBLE}|(?:{_CHANNELS})[、和及或与](?:{_CHANNELS})|公开栏|网站公开"
    return _rule(code, _CASES, left, veto=veto, context="申请", before=f"{word}|{bare}")


_BY_CHANNEL: tuple[Rule, ...] = (
    _channel("n_requests_online", "网络|网上|在线|互联网|网站|网页|线上", "网络|网上|在线|互联网"),
    _channel("n_requests_in_person", "当面|现场|窗口|上门|到场", "当面|现场当面"),
    _channel("n_requests_letter", "信函|邮寄|书信|来信|信件|邮政|寄信", "信函|邮寄|书信"),
    _channel("n_requests_fax", "传真", "传真"),
    _channel("n_requests_email", "电子邮件|电子邮箱|邮箱|邮件", "电子邮件|电子邮箱"),
    _channel("n_requests_natural", "自然人|公民个人", "自然人"),
)
_BY_CHANNEL += tuple(
    _rule(code, _CASES, rf"{_RECEIVED}{END}", rf"^(?:以|通过|采用|采取)(?:{word})(?:方式|形式|途径|渠道)?(?:提出|提交|递交|申请)[^,;。]{{0,24}}申请(?!行政复议)",
          veto=_TROUBLE, before=_RECEIVING, behind=word)
    for code, word in (
        ("n_requests_online", "网络|网上|在线|互联网"), ("n_requests_in_person", "当面|现场"), ("n_requests_letter", "信函|邮寄|书信"),
        ("n_requests_fax", "传真"), ("n_requests_email", "电子邮件|邮件"),
    )
)  # fmt: skip
"""收到2份以信函形式提出的申请: all that was received, and how."""
CHANNEL_CODES = frozenset(rule.code for rule in _BY_CHANNEL)
_ANSWER = "申请|答复|办理|办结|受理|不予公开|部分公开"
_AFTER = r"(?=[,;。)、(]|$|的)"
_QUOTE = r"[”\"’]?"
_BOTH = r"(?:予以|(?<!不)同意|准予|全部)公开(?:[及和与、或]|以及|或者)(?:予以|同意)?部分公开"
_OUTCOMES = (
    _rule("n_granted_and_partial", _CASES, rf"{_BOTH}的?{END}", context=_ANSWER, bare=True, before="部分公开"),
    _rule("n_granted", _CASES, rf"(?<![不未])(?:予以|同意|全部|准予|给予)公开{_QUOTE}(?:的|答复|类|政府信息)?{END}",
          veto=r"部分公开|不予以|主动|复议|诉讼", context=_ANSWER, bare=True, before="予以公开|同意公开|全部公开|准予公开|给予公开"),
    _rule("n_granted", _CASES, r"^[、,和]?(?:其中)?$", rf"^(?:申请)?(?:按申请(?:事项|内容))?(?:已|均|属|为|答复)?(?:全部)?予以公开{_AFTER}", context=_ANSWER, behind="予以公开"),
    _rule("n_partial", _CASES, rf"部分公开{_QUOTE}(?:的|答复|类)?{END}", veto=r"公开(?:[及和与、或]|以及|或者)(?:予以|同意)?部分公开|主动|复议", context=_ANSWER, bare=True, before="部分公开"),
    _rule("n_partial", _CASES, r"^[、,和]?(?:其中)?$", rf"^(?:申请)?(?:已|均|属|为|答复)?(?:(?:予以)?部分公开|公开部分内容){_AFTER}", context=_ANSWER, behind="部分公开|公开部分"),
)  # fmt: skip


def _outcome(code: str, word: str) -> tuple[Rule, ...]:
    """An outcome that has causes below it: with a cause before it the number may be a part only (rank 1)."""
    left = rf"(?:{word}){_QUOTE}(?:的|答复|类|情形|情况)?{END}"
    right = rf"^(?:申请)?(?:已|均|属|为|答复)?(?:{word}){_AFTER}"
    return (
        _rule(code, _CASES, left, veto=f"复议|诉讼|主动|{_REASON}", context=_ANSWER, bare=True, before=word),
        _rule(
            code,
            _CASES,
            rf"(?:{_REASON})[^,;。]*{left}",
            veto="复议|诉讼|主动",
            context=_ANSWER,
            rank=1,
            bare=True,
            before=word,
        ),
        _rule(code, _CASES, r"^[、,和]?(?:其中)?$", right, context=_ANSWER, behind=word),
    )


_CAUSES = (
    *_outcome("n_denied", "不予公开|否决公开"),
    *_outcome("n_unable", "无法提供"),
    *_outcome("n_refused", "不予处理"),
    *_outcome("n_other", "其他处理"),
)
CAUSED_CODES = frozenset(rule.code for rule in _CAUSES)
_ABOUT = r"信息公开|依申请|申请公开|公开申请"
CASE = r"(?:案件|申请|事项|案|件)?"
_OTHER_CASE = r"具体行政行为|行政处罚|行政许可|工伤|征收|拆迁|治安|(?:办理|审理|审结|代理|承办|备案|应诉)(?![^,;。]*信息公开)"
_REVIEWS = (
    _rule("n_reviews", _CASES, rf"复议{CASE}(?:情况)?{END}", veto=rf"尚未|上年|去年|结转|诉讼|纠|败|撤销|维持|经复议|{_OTHER_CASE}", context=_ABOUT, before="复议"),
    _rule("n_reviews", _CASES, "", r"^(?:政府)?(?:信息公开)?(?:类|的)?(?:行政)?复议(?!机关|[^,;。]{0,6}诉讼|[^,;。]{0,4}(?:纠|撤))",
          veto=rf"尚未|上年|去年|结转|诉讼|纠|败|{_OTHER_CASE}", context=_ABOUT, behind="复议"),
    _rule("n_reviews", _CASES, "", r"^(?:涉及)?(?:政府)?信息公开(?:工作)?(?:类|的)?(?:行政)?复议(?:案件)?(?=[,;。、]|$)", behind="复议"),
)  # fmt: skip
_SUITS = (
    _rule("n_suits", _CASES, rf"诉讼{CASE}(?:情况)?{END}", veto=rf"尚未|上年|去年|结转|复议|败|纠|维持|{_OTHER_CASE}", context=_ABOUT, before="诉讼"),
    _rule("n_suits", _CASES, "", r"^(?:政府)?(?:信息公开)?(?:类|的)?(?:行政)?诉讼(?![^,;。]{0,4}败)", veto=rf"尚未|上年|去年|结转|复议|败|{_OTHER_CASE}", context=_ABOUT, behind="诉讼"),
    _rule("n_suits", _CASES, "", r"^(?:涉及)?(?:政府)?信息公开(?:工作)?(?:类|的)?(?:行政)?诉讼(?:案件)?(?=[,;。、]|$)", behind="诉讼"),
)  # fmt: skip
_FEES = (
    _rule(
        "n_processing_fee_yuan",
        _YUAN,
        r"信息(?:公开)?处理费用?[总额金共计合用为是了:人民币]{0,8}$",
        veto="减免|退",
        before="处理费",
    ),
    _rule(
        "n_processing_fee_yuan",
        _YUAN,
        r"收取[了共计合]{0,4}$",
        r"^的?(?:政府)?信息(?:公开)?处理费",
        veto="减免|退",
        behind="处理费",
    ),
)
RULES: tuple[Rule, ...] = (
    *_DISCLOSED, *_DOCUMENTS, *_RECEIVED_REQUESTS, *_HANDLED_REQUESTS, *_CARRIED_REQUESTS, *_CONCLUDED_REQUESTS,
    *_OVERDUE_REQUESTS, *_BY_CHANNEL, *_OUTCOMES, *_CAUSES, *_REVIEWS, *_SUITS, *_FEES,
)  # fmt: skip
"""All rules; of those of one code the first that holds counts."""


def candidates(unit: str, left: str, right: str) -> tuple[Rule, ...]:
    """The rules for numbers of a unit that words on both sides allow, in their order; without a unit those that can do
    without one."""
    bits = _rules_for(unit)
    before, behind = _WITHOUT_BEFORE, _WITHOUT_BEHIND
    for word in _BEFORE.findall(left):
        before |= _BY_BEFORE[word]
    for word in _BEHIND.findall(right):
        behind |= _BY_BEHIND[word]
    return _rules(bits & before & behind)


@lru_cache(maxsize=4096)
def _rules(bits: int) -> tuple[Rule, ...]:
    return tuple(rule for number, rule in enumerate(RULES) if bits >> number & 1)


@cache
def _rules_for(unit: str) -> int:
    return _bits(unit in rule.units or (rule.bare and not unit) for rule in RULES)


def _index(needed: Sequence[tuple[str, ...]]) -> tuple[re.Pattern[str], Mapping[str, int], int]:
    """What finds the words that rules need, the rules that each found word allows, as bits, and those that need none.

    A search goes on behind what it found; so a word allows what the words within it and those that begin in it do.
    """
    words = sorted({word for several in needed for word in several}, key=len, reverse=True)
    hidden = {word: [other for other in words if _may_hide(word, other)] for word in words}
    allows = {word: _bits(not set(hidden[word]).isdisjoint(several) for several in needed) for word in words}
    return re.compile("|".join(words)), allows, _bits(not several for several in needed)


def _may_hide(word: str, other: str) -> bool:
    return other in word or any(word.endswith(other[:length]) for length in range(1, len(other)))


def _bits(said: Iterable[bool]) -> int:
    return sum(1 << number for number, one in enumerate(said) if one)


_BEFORE, _BY_BEFORE, _WITHOUT_BEFORE = _index([rule.before for rule in RULES])
_BEHIND, _BY_BEHIND, _WITHOUT_BEHIND = _index([rule.behind for rule in RULES])
