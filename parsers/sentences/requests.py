"""Rules for requests: received, handled, carried over, concluded, late, and by the channel."""

from __future__ import annotations

from parsers.sentences.rule import CASES, END, Rule, rule

_REQUEST = (
    r"(?:(?:政府|政务)?信息公开的?(?:有效)?申请|公开(?:政府|政务)?信息的?申请|(?:政府|政务)?信息依申请公开"
    r"|政府信息申请|依?申请(?:政府|政务)?信息公开"
    r"|依申请公开(?:政府信息|信息|事项|申请|案件|办件|信件|件)?|依申请(?:案件|办件|件)?"
    r"|申请公开(?:政府)?(?:信息)?(?:的?要求)?"
    r"|公开申请|书面申请|有效申请|申请)(?:办理)?(?:事项|案件|件|书|请求)?(?:的(?=数))?"
)
_RECEIVING = "收到|接到|接收|受理|新收|新增|登记"
_RECEIVED = (
    rf"(?<!不予)(?<!未)(?:接收到|{_RECEIVING})(?:和处理|并处理|、处理|、办理|并办理|和办理|、受理|并受理|了)?"
)
_FEEDBACK = r"提案|建议|留言|来信|来电|咨询|投诉|举报|信访件|热线|工单"
_CARRIED = (
    r"(?:(?:上年度?|上一年度?|去年|前一年度?|20\d{2}年度?)(?:末|底)?(?:度)?(?:未办结)?(?:结转|转结|转入|结余)"
    r"|(?:结转|转结)上一?年度?)(?![至到]?(?:下|次|明))"
)
_NEXT = r"(?:结转|转结|顺延|转)(?:至|到|入)?(?:下一?年度?|次年|20\d{2}年度?)"
_TROUBLE = r"复议|诉讼|" + _FEEDBACK
_FEW_REQUEST = r"信息公开|依申请|公开申请|申请公开|申请"
_WITH_CARRIED = (
    r"[(,]*(?:其中|含|包括|包含),?(?:[^。;,]{0,16},)?[^。;,]{0,12}"
    r"(?:上年|上一年|去年|(?:结转|转结)(?![至到]?(?:下|次|明|20)))"
)
_CHANNELS = r"网络|网上|在线|互联网|网站|线上|当面|现场|窗口|信函|邮寄|书信|传真|邮件|邮箱"
_BY_ONE_CHANNEL = r"(?:通过|经由?)[^,;。]{0,16}(?:网站|平台|邮箱|窗口|信函)"
RECEIVED_REQUESTS = (
    rule(
        "n_requests_received", CASES, rf"{_RECEIVED}[^,;。]{{0,60}}?{_REQUEST}{END}",
        rf"^(?!{_WITH_CARRIED})",
        veto=rf"{_TROUBLE}|结转|上年|去年|不予|部分公开|重复|(?:{_CHANNELS})[^,;。]{{0,6}}$",
        context=_FEW_REQUEST, before=_RECEIVING,
        finds=("本局收到政府信息公开申请数量为[0]。", "本机关收到信息公开申请：[15]件。",
               "收到申請公開[3]條。", "受理依申请信息公开[8]件。", "受理政府信息公开申请[１２３]件。",
               "收到依申请公开请求[3]件。", "接收到政府信息公开申请书[21]份。",
               "收到和处理信息公开申请办理事项为[0]件。", "受理依申请公开信息的数量为[4]件。",
               "受理依申请公开信件[15]件。", "全年共收到政府信息公开申请[两]件。"),
        leaves=("收到公民通过网站提交的政府信息公开申请3件。", "收到行政复议申请8件。",
                "受理政府信息公开申请90件，其中上年结转5件。"),
    ),
    rule(
        "n_requests_received", CASES, rf"{_RECEIVED}{END}",
        rf"^(?!{_WITH_CARRIED})(?:[^,;。\d()]{{0,25}}(?:公开|信息)[^,;。\d()]{{0,6}}申请(?!行政复议)"
        r"|申请公开(?:政府)?信息(?=事项|[,;。]|$))", veto=_TROUBLE, before=_RECEIVING, behind="申请",
        finds=("全年收到[1]件政府信息公开申请。", "本年度我局受理[3]个申请公开信息事项，均已答复。",
               "受理[7]件申请公开政府信息，均为信函申请。"),
        leaves=("收到6件信息公开申请行政复议。", "受理6件许可申请。", "投诉后收到6件信息公开申请。"),
    ),
    rule(
        "n_requests_received", CASES, rf"{_RECEIVED}{END}",
        rf"^(?!{_WITH_CARRIED})[^,;。\d()]{{0,12}}依申请公开(?:政府信息|信息|申请|请求|事项|件)?"
        r"(?=[,;。、(]|$)", veto=_TROUBLE, before=_RECEIVING, behind="依申请公开",
        finds=("本局共接到[7]件依申请公开,均已答复。",),
        leaves=("本局共接到7件依申请公开投诉。", "投诉后接到7件依申请公开。"),
    ),
    rule(
        "n_requests_received", CASES, rf"(?:新收|新接收|(?<!不予)(?<!未)受理|收到){END}",
        rf"^(?!{_WITH_CARRIED})(?=$|[,;。()])", veto=rf"{_TROUBLE}|(?:{_CHANNELS})[^,;。]{{0,6}}$",
        context=r"依申请|信息公开申请|公开申请", rank=1, before="新收|新接收|受理|收到",
        finds=("依申请公开工作规范，新收[23]件。",),
        leaves=("信息公开工作规范，新收申请人来信23件。", "许可工作规范，新收23件。",
                "信息公开申请和投诉新收23件。", "信息公开申请增多，新收23件许可。"),
    ),
    rule(
        "n_requests_received", CASES,
        rf"^[^,;。]{{0,16}}(?:政府信息公开申请|依申请公开(?:政府信息|信息|申请|请求|事项)?)(?:总)?{END}",
        rf"^(?!{_WITH_CARRIED})", veto=rf"{_TROUBLE}|结转|办结|答复|办理|处理|公布|发布|统计|收办", rank=2,
        before="信息公开申请|依申请公开",
        finds=("2020年依申请公开信息数[6]条。",),
        leaves=("2020年办结依申请公开6件。", "2020年依申请公开6件，其中上年结转2件。"),
    ),
)  # fmt: skip
HANDLED_REQUESTS = (
    rule(
        "n_requests_handled", CASES, rf"{_RECEIVED}[^,;。]{{0,60}}?{_REQUEST}{END}",
        rf"^(?={_WITH_CARRIED})", veto=_TROUBLE, before=_RECEIVING, behind="其中|含|包括",
        finds=("受理、答复依申请公开[16]件（含去年转来）。",),
        leaves=("受理、答复依申请公开16件（含网络申请）。", "受理复议、依申请公开16件（含去年转来）。"),
    ),
    rule(
        "n_requests_handled", CASES, rf"(?:受理|收到){END}", rf"^(?={_WITH_CARRIED})", veto=_TROUBLE,
        context="申请", before=_RECEIVING, behind="其中|含|包括",
        finds=("依申请公开工作中，收到[25]件，其中去年转来少数。",),
        leaves=("收到来信25件，其中去年转来少数。", "依申请公开工作中，收到25件，其中少数来自外省。",
                "许可工作中，收到25件，其中去年转来少数。"),
    ),
    rule(
        "n_requests_handled", CASES, rf"收办(?:[^,;。]{{0,20}}?{_REQUEST})?{END}", veto=_TROUBLE,
        before="收办",
        finds=("全年收办政府信息公开申请[360]件。",),
        leaves=("全年收办信息公开投诉举报360件。",),
    ),
    rule(
        "n_requests_handled", CASES,
        rf"(?<!收到和)(?<!收到并)(?<!收到、)(?<!受理、)共?(?:处理|办理)[^,;。]{{0,16}}?{_REQUEST}{END}",
        veto=rf"{_TROUBLE}|收到|接到|受理|{_CARRIED}|{_BY_ONE_CHANNEL}", before="处理|办理",
        finds=("办理依申请公开[9]件,本机关不掌握答复4件。", "共处理信息公开申请[80]件。"),
        leaves=("通过门户网站办理信息公开申请5件。", "处理上年结转信息公开申请2件。"),
    ),
    rule(
        "n_requests_handled", CASES, r"共(?:处理|办理)$", veto=_TROUBLE,
        context=r"依申请|信息公开申请|公开申请", rank=1, before="共处理|共办理",
        finds=("信息公开申请渠道畅通，全年共办理[82]件。",),
        leaves=("许可渠道畅通，全年共办理82件。",),
    ),
)  # fmt: skip
CARRIED_REQUESTS = (
    rule(
        "n_requests_carried_in", CASES, rf"{_CARRIED}[^,;。]{{0,4}}?(?:{_REQUEST})?{END}", veto=_TROUBLE,
        before="转|结余",
        finds=("上年度结转政府信息公开申请[2]件。",),
        leaves=("上年结转行政复议2件。", "去年底结转至下年2件申请。"),
    ),
    rule(
        "n_requests_carried_in", CASES, "", rf"^(?:申请)?(?:为|系|属于?|是){_CARRIED}", veto=_TROUBLE,
        context="申请|办结|处理", behind="转|结余",
        finds=("申请中有[1]件为上年度结转。",),
        leaves=("车辆中有1件为上年度结转。", "申请中有1件系下年度结转。"),
    ),
    rule(
        "n_requests_carried_out", CASES, rf"{_NEXT}[^,;。]{{0,6}}?(?:{_REQUEST}|继续办理|办理|答复)?{END}",
        veto=_TROUBLE, context="申请|答复|办结|公开", before="转|顺延",
        finds=("申请均已答复，结转下年度[3]件。",
               "通过门户网站办理并答复信息公开申请5件、纸质申请31件，顺延至下一年答复[3]件。"),
        leaves=("预算资金结转下年度3件。", "申请复议、结转下年度3件。"),
    ),
    rule(
        "n_requests_carried_out", CASES, r"(?<!上年)(?<!上年度)$",
        rf"^(?:申请)?(?:正在办理|按照?《[^》]{{1,20}}》(?:规定|要求)?)?{_NEXT}", veto=_TROUBLE,
        context="申请|答复|办结|公开", behind="转|顺延",
        finds=("其余申请[2]件正在办理结转下年度。",),
        leaves=("其余资金2件正在办理结转下年度。",),
    ),
    rule(
        "n_requests_carried_out", CASES, r"^[、,]?(?:另有?|其余|剩余|尚有)?$",
        r"^(?:申请)?结转(?=[,;。)]|$)", veto=rf"上年|上一年|去年|{_TROUBLE}", context="申请|答复|办结|公开",
        behind="结转",
        finds=("申请均及时答复，另有[2]件结转。",),
        leaves=("申请均及时答复，上年2件结转。", "资金及时拨付，另有2件结转。"),
    ),
)  # fmt: skip
REASON = (
    r"不掌握|现成|另行制作|不明确|信访|投诉|重复|出版物|反复|秘密|禁止|安全|第三方|内部事务|过程性|案卷"
    r"|查询|补正|缴纳"
)
CONCLUDED_REQUESTS = (
    rule(
        "n_requests_concluded", CASES,
        rf"(?:(?<!未)办结|答复(?:完毕)?|办理完毕)(?:[^,;。]{{0,6}}?{_REQUEST})?{END}",
        r"^(?!,(?:不予|撤回|终止|申请人|主动撤))",
        veto=rf"{_TROUBLE}|{_NEXT}|{_BY_ONE_CHANNEL}|未答复|超期|逾期|不予|不同意|(?:予以|同意|部分)公开"
             rf"|{REASON}",
        context="依申请|信息(?:公开申请|申请公开)|公开申请|受理[^。;]{0,12}公开|予以公开",
        before="办结|答复|办理完毕",
        finds=("信息公开申请答复完毕[6]件。",),
        leaves=("信息公开申请因不掌握答复4件。", "按期办结代表建议、委员提案29件。",
                "政务热线受理群众诉求500件，办结498件。", "许可事项办结4件。",
                "信息公开申请答复6件,不予公开。"),
    ),
    rule(
        "n_requests_concluded", CASES, r"(?:^|已|共|其中)$",
        r"^(?:均|全部)?已?经?(?:按[期时规]|依法|及时|全部)*(?:完成)?(?:办结|答复)(?=[,;。]|$)", veto=_TROUBLE,
        context="依申请|信息公开申请|公开申请", behind="办结|答复",
        finds=("依申请公开工作中，共[26]件均按期办结。",),
        leaves=("信访工作中，共26件均按期办结。", "依申请公开工作中，共26件未按期办结。"),
    ),
)  # fmt: skip
OVERDUE_REQUESTS = (
    rule(
        "n_requests_overdue", CASES, rf"(?:超期|逾期)(?:未)?(?:答复|办理|办结|回复)?{END}",
        veto=rf"{_TROUBLE}|补正|未按|缴", context="申请|答复|办结", before="超期|逾期",
        finds=("信息公开申请逾期答复[1]件。",),
        leaves=("信息公开申请逾期未补正的1件，逾期补正1件。", "图书逾期1件。", "信息公开申请缴费逾期1件。"),
    ),
)  # fmt: skip


def _channel(code: str, word: str, bare: str) -> Rule:
    """Requests by channel: the channel's word, then 申请 or nothing, then the number."""
    first = word.partition("|")[0]
    return rule(
        code, CASES,
        rf"(?:{word})(?:平台|渠道|方式|形式|途径)?(?:提交申请表|提交|提出|递交|受理|收到|方式|接收)*的?"
        rf"(?:(?:{_REQUEST})表?|(?:政府)?信息公开请求)的?{END}"
        rf"|(?:{bare})(?:平台|渠道|方式|形式)?(?:提交|提出|递交|收到|受理)?的?{END}",
        veto=rf"{_TROUBLE}|(?:{_CHANNELS})[、和及或与](?:{_CHANNELS})|公开栏|网站公开",
        context="申请", before=f"{word}|{bare}",
        finds=(f"信息公开申请中，{first}申请[3]件。", f"信息公开申请中，通过{first}提交的[2]件。"),
        leaves=(f"信访投诉中的{first}申请3件。", f"新闻稿件中，{first}提交的2件。"),
    )  # fmt: skip


def _received_by(code: str, word: str) -> Rule:
    """收到2份以信函形式提出的申请: all that was received, and how."""
    first = word.partition("|")[0]
    return rule(
        code, CASES, rf"{_RECEIVED}{END}",
        rf"^(?:以|通过|采用|采取)(?:{word})(?:方式|形式|途径|渠道)?(?:提出|提交|递交|申请)[^,;。]{{0,24}}"
        r"申请(?!行政复议)",
        veto=_TROUBLE, before=_RECEIVING, behind=word,
        finds=(f"某厅收到[2]份以{first}形式提交的书面申请。",),
        leaves=(f"某厅收到2份以{first}形式提交的申请行政复议书。",),
    )  # fmt: skip


BY_CHANNEL: tuple[Rule, ...] = (
    _channel("n_requests_online", "网络|网上|在线|互联网|网站|网页|线上", "网络|网上|在线|互联网"),
    _channel("n_requests_in_person", "当面|现场|窗口|上门|到场", "当面|现场当面"),
    _channel("n_requests_letter", "信函|邮寄|书信|来信|信件|邮政|寄信", "信函|邮寄|书信"),
    _channel("n_requests_fax", "传真", "传真"),
    _channel("n_requests_email", "电子邮件|电子邮箱|邮箱|邮件", "电子邮件|电子邮箱"),
    _channel("n_requests_natural", "自然人|公民个人", "自然人"),
    _received_by("n_requests_online", "网络|网上|在线|互联网"),
    _received_by("n_requests_in_person", "当面|现场"),
    _received_by("n_requests_letter", "信函|邮寄|书信"),
    _received_by("n_requests_fax", "传真"),
    _received_by("n_requests_email", "电子邮件|邮件"),
)
CHANNEL_CODES = frozenset(one.code for one in BY_CHANNEL)
