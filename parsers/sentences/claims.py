"""Numbers in sentences: which number with a unit says which statement.

A rule (parsers/sentences/rules.py) looks at the few words to the left of a number, up to the comma or the
number before, and to its right. Windows are short and numbers are capped, so time grows with the length of
the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from parsers.sentences.channels import channels_in, only_channel
from parsers.sentences.disclosure import INFO, PUBLISH
from parsers.sentences.outcomes import CASE
from parsers.sentences.prose import told
from parsers.sentences.requests import CHANNEL_CODES
from parsers.sentences.rule import END, ITEMS, Rule
from parsers.sentences.rules import candidates
from parsers.words.chars import Span

_CHINESE = {char: value for value, char in enumerate("零一二三四五六七八九十")} | {"〇": 0, "两": 2}
# What may not stand before a number is asked after its first character: a search for one class of
# characters is fast,
# and twice as fast for one that is spelt out as for \d.
_NUMBER = re.compile(
    r"(?P<first>[0-9零〇一二两三四五六七八九十])(?:"
    r"(?<=[0-9])(?<![\d.].)(?<!\d,.)"
    r"(?P<rest>\d{0,2}(?:,\d{3})+(?!\d)|\d{0,11}(?!\d))(?P<d>\.\d{1,6})?(?P<w>万|亿)?(?P<r>余|多|几)?"
    r"(?P<u>件次|条次|人次|场次|元|件|条|起|宗|例|份|篇|则|项|个|场|次|期|只|批|单)?"
    r"|(?<![0-9])(?<![一二三四五六七八九十百千万第零〇两].)(?P<cu>件|起|宗|例|份|场|次(?=[^,;。\d]{0,10}新闻发布))(?!事))"
)
_ROUNDED = ("近", "约", "超", "超过", "逾", "至少", "不少于", "突破", "上")
_NONE_OF_IT = re.compile(r"(?:未|没有|无)(?:有)?(?:收到|接到|接收到|受理|发生|产生|出现|存在)[^,;。]{0,16}$")
_ROUNDED_AFTER = re.compile(r"(?:以上|左右|多|余|上下|[-—~至到]\d)")
_SHARE_FOLLOWS = re.compile(r"[,(]?占|\(\d")
_SPEAKS = re.compile(
    r"公开|发布|推送|更新|新增|申请|解读|规章|规范性|废止|失效|有效|复议|诉讼|处理|结转|顺延|期|办理|办结|答复|收|受理|无法提供|网|微|传真|信函|邮|当面|现场|窗口|自然人"
)
_LARGEST = 10**10
_LEFT, _RIGHT, _WIDE = 90, 40, 160
_NEW = tuple.__new__  # twice as fast as a named tuple's own way


class Count(NamedTuple):
    """An exact number with its unit: where it stands, and the words around it."""

    start: int
    end: int
    value: int | float
    unit: str
    left: str  # back to the number or comma before it
    since: str  # back to the number before it, over commas
    right: str
    wide: str  # back to the start of the sentence
    before: str  # the words before the sentence


class Claim(NamedTuple):
    """A statement as found in plain prose; of the same code the lowest `rank` counts."""

    code: str
    value: int | float
    unit: str
    start: int
    end: int
    rank: int = 0


def counts(plain: str, spans: Iterable[Span]) -> Iterator[Count]:
    """The exact numbers of sentences that may say something; a rounded one (10余条, 近300个) is left out."""
    since = sentence = -1
    for match, start, end in told(_NUMBER, plain, spans):
        if start != sentence:
            since = sentence = start
        first, after = match.span()
        unit = match["u"] or match["cu"] or ""
        right = plain[after : min(end, after + _RIGHT)]
        value = _value(match)
        if value is not None and (unit or value == 0 or _SHARE_FOLLOWS.match(right)):
            left = plain[max(since, first - _LEFT) : first]
            if _may_say(left, right, value):
                wide, before = plain[max(start, first - _WIDE) : first], plain[max(0, start - _WIDE) : start]
                yield _NEW(Count, (first, after, value, unit, _item(left), left, right, wide, before))
        # A year or a number in a name has no unit: it ends no item, and says nothing but 0 or what a share
        # follows.
        since = after if unit else since


def _may_say(left: str, right: str, value: int | float) -> bool:
    """Whether an exact number is said between these words, of something that statements are about."""
    if left.endswith(_ROUNDED) or _ROUNDED_AFTER.match(right):
        return False
    if value and _NONE_OF_IT.search(left):
        return False
    return bool(_SPEAKS.search(left) or _SPEAKS.search(right))


def _item(left: str) -> str:
    """What stands after the last comma, colon or bracket; a colon right before the number belongs to it."""
    bare = left.rstrip(":")
    item = bare[max(map(bare.rfind, ",:()")) + 1 :]
    return f"{item}:" if left.endswith(":") else item


def _value(match: re.Match[str]) -> int | float | None:
    """The number said, or None when it is rounded or too large to be a count."""
    first, rest, decimals, myriads, rounded, _, counted = match.groups()
    if counted:
        return _CHINESE[first]
    if rounded:
        return None
    printed = first + rest
    whole = printed.replace(",", "")
    if not decimals and not myriads:
        number = int(whole)
        return number if number <= _LARGEST else None
    exact = Decimal(whole + (decimals or "")) * {"万": 10**4, "亿": 10**8}.get(myriads or "", 1)
    if exact > _LARGEST or (myriads and not decimals and len(printed) > 4):
        return None  # 173769万条: the unit cannot be meant
    return int(exact) if exact == exact.to_integral_value() else float(exact)


_BOTH_DISPUTES = re.compile(
    rf"复议{CASE}[、和及与或,](?:被)?(?:提起|引发)?(?:行政)?诉讼{CASE}(?:情况)?的?{END}"
)


_POSTED = re.compile(
    rf"(?:公开)?{PUBLISH}(?:(?P<info>{INFO})"
    rf"|(?P<pieces>[^,;。\d]{{0,6}}(?:类信息|工作信息|宣传信息|动态|文章|推文|图文|稿件|消息|作品|内容)|[^,;。\d]{{2,50}}等))?{END}"
)
_SHARE = re.compile(
    r"^(?:其中|通过|在)*[^,;。、]{0,16}(?:网站|官网|微信|公众号|公众平台|微博)[:为共计]{0,3}$"
)
_OF_DISCLOSED = re.compile(
    r"主动(?:公开|发布)|公开(?:本[机关局]{1,2})?(?:政府|政务)?信息|发布(?:各类)?(?:政府|政务)?信息"
)
_OTHER_MATTER = re.compile(r"热线|诉求|工单|提案|留言|12345|行政许可|行政审批")
_REQUESTS_TOLD = re.compile(r"依申请|申请公开|公开申请|信息公开")
# Information sorted by how open it is (制作信息90条,其中主动公开60条,依申请公开20条,不予公开10条): no
# requests.
_SORTED = re.compile(r"主动公开[^,;。]{0,12}\d")
_OF_INFORMATION = re.compile(r"(?:依申请|不予)公开的?(?:政府)?信息数?")
_NEARBY = 40  # characters of the sentence before
_ASKED = re.compile(r"收到|受理|答复|办结|办理")
_ITEMS_FOLLOW = re.compile(r"[^,;。\d]{0,12}\d+[条篇]")  # 公众号发布44期116篇
_DISPUTES = frozenset({"n_reviews", "n_suits"})
_NOTHING = re.compile(r"[,;。)、]|$")
_GOES_ON = re.compile(
    r"(?:全年|年内|共计?|累计|今年|截[至止](?:目前|年底)?|20\d{2}年(?:12月31日|年?底|末)?)*$"
)
_NOT_POSTED = re.compile(r"报送|采用|采纳|转载|留言|粉丝|关注(?!的)|浏览|阅读|点击|访问")


def claims_in(count: Count) -> Iterator[Claim]:
    """All that one number says: usually nothing or one thing; a total on one website says two."""
    told = rules_that_hold(count)
    channel = _channel_of(count)
    if told:
        _leave_one(told, channel)
    for code, rule in told.items():
        elsewhere = code in _DISPUTES and not _REQUESTS_TOLD.search(count.wide + count.right)
        yield _claim(code, count, max(rule.rank, int(elsewhere)), rule.right)
    if channel:
        yield _claim(channel, count)
    if count.value == 0 and _BOTH_DISPUTES.search(count.wide[-60:]):
        yield _claim("n_reviews", count)
        yield _claim("n_suits", count)


def rules_asked(count: Count) -> tuple[Rule, ...]:
    """The rules whose units and words a number has."""
    if not (count.unit or (_SHARE_FOLLOWS if count.value else _NOTHING).match(count.right)):
        return ()
    return candidates(count.unit if count.unit or count.value else "件", count.left, count.right)


def rules_that_hold(count: Count) -> dict[str, Rule]:
    """Of each code the first rule that holds for a number."""
    told: dict[str, Rule] = {}
    for rule in rules_asked(count):
        if rule.code not in told and _holds(rule, count):
            told[rule.code] = rule
    return told


def _leave_one(told: dict[str, Rule], channel: str) -> None:
    """Takes out of what one number seems to say what another thing that it says denies."""
    channels = [told[code] for code in CHANNEL_CODES & told.keys()]
    if "n_requests_received" in told and any(rule.right is None for rule in channels):
        del told["n_requests_received"]  # 收到网上申请3件 is not all that was received
    if "n_requests_handled" in told:
        told.pop("n_requests_concluded", None)  # 受理、答复申请9件,其中上年结转2件
    if channel and "n_items_disclosed" in told and told["n_items_disclosed"].rank > 2:
        del told["n_items_disclosed"]  # what one channel published, and nothing says that it is all


def _holds(rule: Rule, count: Count) -> bool:
    """Whether a number with a unit, or one that can do without, says the rule's code; first what most often
    says no."""
    if rule.right is not None and not rule.right.match(count.right):
        return False
    if not rule.left.search(count.left) or rule.veto.search(count.left):
        return False
    if _of_other_matter(rule, count):
        return False
    return count.value == 0 or bool(rule.context.search(count.before + count.wide))


def _of_other_matter(rule: Rule, count: Count) -> bool:
    """Whether the sentence is about something that only looks like what the rule says."""
    if rule.code.startswith("n_requests") and _OTHER_MATTER.search(count.wide):
        return not _REQUESTS_TOLD.search(count.wide)
    if rule.code == "n_denied" or (rule.code == "n_requests_received" and rule.rank == 2):
        about = count.before[-_NEARBY:] + count.wide if _OF_INFORMATION.search(count.left) else count.wide
        return bool(_SORTED.search(about)) and not _ASKED.search(count.wide)
    return rule.code == "n_items_disclosed" and rule.rank > 2 and _hidden_channel(count, rule)


def _hidden_channel(count: Count, rule: Rule) -> bool:
    """Whether a channel is named where the veto of a rule does not look: before a bracket, or in the
    sentence."""
    before = count.wide if rule.rank > 3 else count.since.removesuffix(count.left)
    return (rule.rank > 3 or before.endswith(")")) and any(channels_in(before))


def _channel_of(count: Count) -> str:
    """The one channel that published `count` items, or ""; two channels in one breath say nothing."""
    since = count.since
    if count.unit not in ITEMS or not ("网" in since or "微" in since or "公众号" in since):
        return ""  # of which one is in every word that names one channel
    if _NOT_POSTED.search(count.left):
        return ""
    if count.unit == "期" and _ITEMS_FOLLOW.match(count.right):
        return ""
    item = count.left.lstrip("、,和")
    about = count.before + count.wide if count.wide.startswith("其中") else count.wide
    if _SHARE.match(item) and _OF_DISCLOSED.search(about):
        return only_channel(item)
    posted = _POSTED.search(count.left)
    if not posted:
        return ""
    head = count.left[: posted.start()]
    channel = only_channel(",".join(since.split(",")[-2:]) if _GOES_ON.match(head) else head)
    told = posted["info"] or (_OF_DISCLOSED.search(about) and not posted["pieces"])
    return "" if channel == "n_website_items" and not told else channel


def _claim(code: str, count: Count, rank: int = 0, right: re.Pattern[str] | None = None) -> Claim:
    tail = right.match(count.right) if right else None
    unit = count.unit or "件"
    start = count.start - len(count.left.lstrip("、,和"))
    return Claim(code, count.value, unit, start, count.end + (tail.end() if tail else 0), rank)
