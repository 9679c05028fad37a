"""What changes on a page from one request to the next although nobody changed anything: the noise of real sites.

Counters and the time of generation are in the pages of the country already (`sample.sites.chrome`); this adds today's
date, tokens, advertisements and lists beside the article, white space, and attributes in another order.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from random import Random

_NEWS = (
    "我市召开优化营商环境推进会",
    "市领导调研重点项目建设",
    "关于做好防汛工作的提示",
    "春节期间市场供应平稳",
    "城区道路施工公告",
    "全民阅读活动启动",
    "2024年度考录公告",
    "第三季度经济运行情况",
)
_TAG = re.compile(r"<([a-z]+[1-6]?)((?:\s+[\w-]+=\"[^\"]*\"){2,})(\s*/?)>")
_ATTRIBUTE = re.compile(r"[\w-]+=\"[^\"]*\"")
_BETWEEN_BLOCKS = re.compile(r"(</(?:div|p|tr|ul|li)>)\n?")


def noisy(page: str, night: int, request: int) -> str:
    """The same page as another request of a night gets it; what it says of its article is the same."""
    chance = Random(f"{night} {request}")
    today = date(2026, 1, 1) + timedelta(days=night)
    token = f"{chance.getrandbits(128):032x}"
    head = f'<meta name="csrf-token" content="{token}"/>\n<script nonce="{token[:8]}">var t="{token}";</script>\n'
    banner = (
        f"<p>今天是{today.year}年{today.month}月{today.day}日 星期{'一二三四五六日'[today.weekday()]}</p>"
        f'<form action="/s"><input type="hidden" name="_token" value="{token}"/></form>'
    )
    page = page.replace("</head>", f"{head}</head>", 1)
    page = page.replace('<ul class="nav">', f'{banner}<ul class="nav">', 1)
    inside, outside = _beside(chance, "相关阅读"), _beside(chance, "热点推荐")
    page = page.replace('</div>\n<div class="footer">', f'{inside}</div>\n{outside}<div class="footer">', 1)
    page = _TAG.sub(lambda match: _shuffled(match, chance), page)
    page = _BETWEEN_BLOCKS.sub(
        lambda end: end[1] + "\n" * chance.randint(0, 2) + " " * chance.randint(0, 4), page
    )
    return f"{page}<!-- node{chance.randint(1, 9)} {chance.random():.6f}s -->\n"


def _beside(chance: Random, heading: str) -> str:
    """An advertisement and a list of news, as they stand below an article and below the page's content."""
    rows = "".join(
        f'<li><a href="/n/{chance.randint(1, 9999)}.html">{title}</a></li>'
        for title in chance.sample(_NEWS, 4)
    )
    picture = f'<a class="ad" href="/ad/{chance.randint(1, 99)}"><img src="/ad{chance.randint(1, 99)}.png" alt="公益广告"/></a>'
    return f'<div class="side">{picture}<h3>{heading}</h3><ul>{rows}</ul></div>\n'


def _shuffled(match: re.Match[str], chance: Random) -> str:
    attributes = _ATTRIBUTE.findall(match[2])
    chance.shuffle(attributes)
    return f"<{match[1]} {' '.join(attributes)}{match[3]}>"
