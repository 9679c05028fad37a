"""Rules for what became of requests: answers by their kind, reviews, suits and fees."""

from __future__ import annotations

from parsers.sentences.requests import REASON
from parsers.sentences.rule import CASES, END, Rule, rule

_YUAN = frozenset({"元"})
_ANSWER = "申请|答复|办理|办结|受理|不予公开|部分公开"
_AFTER = r"(?=[,;。)、(]|$|的)"
_QUOTE = r"[”\"’]?"
_BOTH = r"(?:予以|(?<!不)同意|准予|全部)公开(?:[及和与、或]|以及|或者)(?:予以|同意)?部分公开"
OUTCOMES = (
    rule(
        "n_granted_and_partial", CASES, rf"{_BOTH}的?{END}", context=_ANSWER, bare=True, before="部分公开",
        finds=("办结的申请中，予以公开及部分公开[58]件（64.4%）。",
               "办结的申请中，同意公开或部分公开[21]件。"),
        leaves=("对申请的答复中，不同意公开或部分公开8件。",),
    ),
    rule(
        "n_granted", CASES,
        rf"(?<![不未])(?:予以|同意|全部|准予|给予)公开{_QUOTE}(?:的|答复|类|政府信息)?{END}",
        veto=r"部分公开|不予以|主动|复议|诉讼", context=_ANSWER, bare=True,
        before="予以公开|同意公开|全部公开|准予公开|给予公开",
        finds=("答复时予以公开[50],占82%。", "对申请的答复中，同意公开答复数[6]件。",
               "申请中“同意公开”的[7]件。"),
        leaves=("对申请的答复中，不同意公开6件。", "主动公开栏目，全部公开6件。"),
    ),
    rule(
        "n_granted", CASES, r"^[、,和]?(?:其中)?$",
        rf"^(?:申请)?(?:按申请(?:事项|内容))?(?:已|均|属|为|答复)?(?:全部)?予以公开{_AFTER}", context=_ANSWER,
        behind="予以公开",
        finds=("本局申请中,其中[6]件按申请事项全部予以公开。",),
        leaves=("本局公文中,其中6件予以公开。", "本局申请中,其中6件未予以公开。"),
    ),
    rule(
        "n_partial", CASES, rf"部分公开{_QUOTE}(?:的|答复|类)?{END}",
        veto=r"公开(?:[及和与、或]|以及|或者)(?:予以|同意)?部分公开|主动|复议", context=_ANSWER, bare=True,
        before="部分公开",
        finds=("答复时部分公开[11],占18%。", "申请中“同意部分公开”的[2]件。"),
        leaves=("办结的申请中，予以公开和部分公开11件。", "申请复议后部分公开11件。"),
    ),
    rule(
        "n_partial", CASES, r"^[、,和]?(?:其中)?$",
        rf"^(?:申请)?(?:已|均|属|为|答复)?(?:(?:予以)?部分公开|公开部分内容){_AFTER}", context=_ANSWER,
        behind="部分公开|公开部分",
        finds=("本局申请中,[2]件公开部分内容。",),
        leaves=("本局公文中,2件公开部分内容。", "本局申请中,2件拟部分公开。"),
    ),
)  # fmt: skip


def _outcome(code: str, word: str) -> tuple[Rule, ...]:
    """An outcome that has causes below it: with a cause before it the number may be a part only (rank 1)."""
    first = word.partition("|")[0]
    left = rf"(?:{word}){_QUOTE}(?:的|答复|类|情形|情况)?{END}"
    right = rf"^(?:申请)?(?:已|均|属|为|答复)?(?:{word}){_AFTER}"
    return (
        rule(
            code, CASES, left, veto=f"复议|诉讼|主动|{REASON}", context=_ANSWER, bare=True, before=word,
            finds=(f"答复申请时，{first}[4]件。", f"答复申请时，“{first}”的[4],占9%。"),
            leaves=(f"申请中经复议{first}4件。",),
        ),
        rule(
            code, CASES, rf"(?:{REASON})[^,;。]*{left}", veto="复议|诉讼|主动", context=_ANSWER, rank=1,
            bare=True, before=word,
            finds=(f"答复申请时，因重复{first}[4]件。",),
            leaves=(f"答复申请时，因重复{first}4件，因信访{first}2件。",),
        ),
        rule(
            code, CASES, r"^[、,和]?(?:其中)?$", right, context=_ANSWER, behind=word,
            finds=(f"申请答复中，[4]件{first}。",),
            leaves=(f"申请答复中，4件{first}目录。",),
        ),
    )  # fmt: skip


CAUSES = (
    *_outcome("n_denied", "不予公开|否决公开"),
    *_outcome("n_unable", "无法提供"),
    *_outcome("n_refused", "不予处理"),
    *_outcome("n_other", "其他处理"),
)
CAUSED_CODES = frozenset(one.code for one in CAUSES)
_ABOUT = r"信息公开|依申请|申请公开|公开申请"
CASE = r"(?:案件|申请|事项|案|件)?"
_OTHER_CASE = (
    r"具体行政行为|行政处罚|行政许可|工伤|征收|拆迁|治安"
    r"|(?:办理|审理|审结|代理|承办|备案|应诉)(?![^,;。]*信息公开)"
)
REVIEWS = (
    rule(
        "n_reviews", CASES, rf"复议{CASE}(?:情况)?{END}",
        veto=rf"尚未|上年|去年|结转|诉讼|纠|败|撤销|维持|经复议|{_OTHER_CASE}", context=_ABOUT, before="复议",
        finds=("因政府信息公开引发行政复议[1]起。",),
        leaves=("办理行政复议案件120件。", "政府信息公开行政复议维持、纠正复议2件。",
                "尚未审结的政府信息公开行政复议2件。", "全年行政复议12件。"),
    ),
    rule(
        "n_reviews", CASES, "",
        r"^(?:政府)?(?:信息公开)?(?:类|的)?(?:行政)?复议(?!机关|[^,;。]{0,6}诉讼|[^,;。]{0,4}(?:纠|撤))",
        veto=rf"尚未|上年|去年|结转|诉讼|纠|败|{_OTHER_CASE}", context=_ABOUT, behind="复议",
        finds=("因信息公开工作,有[3]件行政复议。",),
        leaves=("因信息公开工作,有3件行政复议纠错。", "因拆迁工作,有3件行政复议。",
                "因信息公开工作,尚未审结3件行政复议。"),
    ),
    rule(
        "n_reviews", CASES, "",
        r"^(?:涉及)?(?:政府)?信息公开(?:工作)?(?:类|的)?(?:行政)?复议(?:案件)?(?=[,;。、]|$)", behind="复议",
        finds=("我委有[3]件涉及政府信息公开工作的行政复议。",),
        leaves=("我委有3件涉及拆迁的行政复议。",),
    ),
)  # fmt: skip
SUITS = (
    rule(
        "n_suits", CASES, rf"诉讼{CASE}(?:情况)?{END}",
        veto=rf"尚未|上年|去年|结转|复议|败|纠|维持|{_OTHER_CASE}", context=_ABOUT, before="诉讼",
        finds=("政府信息公开行政诉讼[4]件。",),
        leaves=("应诉工伤行政诉讼4件。", "政府信息公开中因具体行政行为被提起行政诉讼5起。",
                "全年行政诉讼12件。"),
    ),
    rule(
        "n_suits", CASES, "", r"^(?:政府)?(?:信息公开)?(?:类|的)?(?:行政)?诉讼(?![^,;。]{0,4}败)",
        veto=rf"尚未|上年|去年|结转|复议|败|{_OTHER_CASE}", context=_ABOUT, behind="诉讼",
        finds=("因信息公开工作,有[2]件行政诉讼。",),
        leaves=("因信息公开工作,有2件行政诉讼败诉。", "因信息公开工作,尚未审结2件行政诉讼。"),
    ),
    rule(
        "n_suits", CASES, "",
        r"^(?:涉及)?(?:政府)?信息公开(?:工作)?(?:类|的)?(?:行政)?诉讼(?:案件)?(?=[,;。、]|$)", behind="诉讼",
        finds=("我委有[2]件涉及信息公开的行政诉讼。",),
        leaves=("我委有2件涉及拆迁的行政诉讼。",),
    ),
)  # fmt: skip
FEES = (
    rule(
        "n_processing_fee_yuan", _YUAN, r"信息(?:公开)?处理费用?[总额金共计合用为是了:人民币]{0,8}$",
        veto="减免|退", before="处理费",
        finds=("全年收取信息处理费[380]元。", "收取信息处理费[0.5万]元。"),
        leaves=("减免信息处理费380元。",),
    ),
    rule(
        "n_processing_fee_yuan", _YUAN, r"收取[了共计合]{0,4}$", r"^的?(?:政府)?信息(?:公开)?处理费",
        veto="减免|退", behind="处理费",
        finds=("全年收取[60]元信息公开处理费。",),
        leaves=("退还收取60元信息处理费。", "收取60元,另有信息处理费减免。"),
    ),
)  # fmt: skip
