"""The channels through which a body publishes, as sentences name them: website, WeChat, Weibo, and others."""

from __future__ import annotations

import re
from dataclasses import dataclass

_QUOTED = re.compile(r"[“\"][^“”\"]{1,24}[”\"]")


@dataclass(frozen=True, slots=True)
class Channel:
    """The words that name a channel, and the code of what it published; examples as a rule has them."""

    code: str
    words: re.Pattern[str]
    finds: tuple[str, ...]
    leaves: tuple[str, ...]


CHANNELS = (
    Channel(
        "n_website_items",
        re.compile(r"网站|网页|(?:门户|政府|政务|信息|公开|官)网"),
        finds=("门户网站发布工作动态、通知公告等各类信息[635]条。",
               "通过门户网站公开信息[210]条,通过微信公众号、今日头条等新媒体公开信息130条。",
               "通过门户网站主动公开政府信息[230]条，通过省政府网站主动公开政府信息17条。",
               "通过政府网站(含各局网站)发布政府信息[600]条。", "在清河县政府网，截至年底共发布信息[31]条。",
               "门户网站“主动公开”栏目公开政府信息[88]条。"),
        leaves=("向上级网站报送信息140条。", "公开政府信息19条，在县政府网站发布工作动态47条。",
                "门户网站、政务新媒体和主流媒体共公开信息6300条。"),
    ),
    Channel(
        "n_wechat_posts",
        re.compile(r"微信|公众号"),
        finds=("“青禾科技”微信公众号坚持更新,全年发布信息[1146]篇。", "微信发布社会关切类信息[318]条。",
               "“青禾政府网”微信公众号推送各类信息[75]条。", "微信公众号粉丝3万,累计公开信息[41]条。",
               "“清河发布”微信公众号发布政务动态[73]条。", "“清河科技”微信公众号共编发文章[380]篇。",
               "本街道官方微信“青禾先锋”，截至2022年12月31日共推送[302]条信息。",
               "通过“清河教育”微信公众号向社会公开工作信息[14]条。",
               "依托“青禾之声”公众号公开发布通知、图解、活动预告等共计[25]条。"),
        leaves=("公众号发布信息22期90条。", "公众号转载信息90条。"),
    ),
    Channel(
        "n_weibo_posts",
        re.compile(r"微博"),
        finds=("官方微博全年发布信息[62]条。",),
        leaves=("官方微博收到留言和发布信息62条。", "官方微博与微信公众号发布信息62条。"),
    ),
)  # fmt: skip
_OTHER_CHANNELS = re.compile(
    r"公示栏|公告栏|报刊|报纸|广播|展板|视频号|抖音|客户端|电视|头条|显示屏|宣传栏|(?:主流|传统|新闻|融)媒体"
    r"|[、和及与][^,、]{0,4}新媒体|新媒体[、和及与]|等[^,;。、]{0,4}(?:平台|渠道|方式|载体|形式|途径|媒体)"
)
"""Of which no code tells what they published."""


def channels_in(words: str) -> list[str]:
    """The codes of the channels that words name, "" for others."""
    named = [channel.code for channel in CHANNELS if channel.words.search(words)]
    return [*named, ""] if _OTHER_CHANNELS.search(words) else named


def only_channel(words: str) -> str:
    """The code of the one channel that words name, or ""."""
    named = channels_in(words)
    if len(named) > 1:
        named = channels_in(_QUOTED.sub("", words))  # “青禾政府网”微信公众号: a name is no channel of its own
    return named[0] if len(named) == 1 else ""
