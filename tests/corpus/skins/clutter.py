"""More of what sites put around an article, in words that no convention fixes: counters, notes, comments, excerpts."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from .around import Facts, box, items, news, others
from .words import COMMENTS, NOTES, TOOLS, WARNINGS

_VERBS = ("浏览", "阅读", "点击", "访问", "查看")
_COUNTED = (
    "{v}：{n}",
    "{v}次数：{n} 次",
    "{v}（{n}）",
    "已有{n}人{v}",
    "共{n}次{v}",
    "{n}次{v}",
    "{v} {n}",
    "本页{v}量 {n}",
    "此文章共有 {n} 次{v}",
    "Hits：{n}",
    "热度 {n}℃",
    "PV {n}",
    "累计{v}：{n}人次",
)
_STAMPED = (
    "{d} {t}",
    "{d} {t} | 来源：{b}",
    "时间：{d} {t}　{v}：{n} 次",
    "[ {d} ]",
    "{d}　{b}",
    "（{d}）",
    "发布时间：{d} {t}:07 信息来源：{b} 字体：[ 大 中 小 ]",
    "作者：admin　时间：{d}　{v}：{n}",
    "文章来源：{b}　更新时间：{d} {t}　阅读时长：约5分钟",
)


def counted(facts: Facts) -> str:
    """A counter in words that are drawn once a site."""
    words = facts.fixed_of_site.choice(_COUNTED)
    return words.format(v=facts.fixed_of_site.choice(_VERBS), n=facts.views)


def _stamp(facts: Facts) -> str:
    chance = facts.fixed_of_site
    words = chance.choice(_STAMPED).format(
        d=facts.day, t="10:23", b=facts.issuer, v=chance.choice(_VERBS), n=facts.views
    )
    return chance.choice(("<p align='center'>{}</p>", f"<div class='{facts.names[2]}'>{{}}</div>")).format(
        words
    )


def _note(facts: Facts) -> str:
    words = facts.fixed_of_site.choice(NOTES).format(p=facts.site.place)
    return facts.fixed_of_site.choice(("<p>{}</p>", "<div>{}</div>", "<center>{}</center>")).format(words)


def _warning(facts: Facts) -> str:
    return f"<div class='{facts.names[6]}'>{facts.nightly.choice(WARNINGS)}</div>"


def _greeting(facts: Facts) -> str:
    hour = facts.look.hour
    said = "上午好" if 6 <= hour < 12 else "下午好" if 12 <= hour < 18 else "晚上好"
    return f"<div>{said}，欢迎来到{facts.site.place}人民政府网站！</div>"


def _clock(facts: Facts) -> str:
    day = facts.look.today
    return facts.fixed_of_site.choice(("<div>{}</div>", "<p>{}</p>")).format(
        facts.fixed_of_site.choice(
            (
                f"{day.year}年{day.month}月{day.day}日 {facts.look.hour}:{facts.look.request % 60:02d}",
                f"{day.year}-{day.month:02d}-{day.day:02d} {facts.look.hour}:{facts.look.request % 60:02d}:11",
                f"GMT+8, {day.year}-{day.month}-{day.day} {facts.look.hour}:{facts.look.request % 60:02d}",
                f"Processed in {facts.each.random():.6f} second(s), {facts.each.randint(3, 19)} queries",
            )
        )
    )


def _comments(facts: Facts) -> str:
    said = facts.fixed.sample(COMMENTS, 2)
    rows = "".join(
        f"<p>网友 {facts.fixed.randint(100, 999)} 于 2024-05-1{at} 发表：</p><p>{one}</p>"
        for at, one in enumerate(said)
    )
    return f"<div class='{facts.names[11]}'><h4>网友评论</h4>{rows}<p>以上发言只代表网友个人观点。</p></div>"


def _excerpts(facts: Facts) -> str:
    rows = "".join(
        f"<div class='{facts.names[11]}'><a href='{url}'>{escape(title)}</a><p>根据条例的要求，编制本年度报告。本报告由总体情况等部分组成……</p></div>"
        for url, title in others(facts, facts.fixed, 3)
    )
    return f"<div>往年报告{rows}</div>"


def _dated_list(facts: Facts) -> str:
    rows = "".join(
        f"<tr><td>·<a href='{url}'>{escape(title)}</a></td><td>2019-0{at + 1}-11</td></tr>"
        for at, (url, title) in enumerate(others(facts, facts.each, 5))
    )
    return f"<table width='100%'>{rows}</table>"


def _ranking(facts: Facts) -> str:
    rows = "".join(
        f"<tr><td>{at}</td><td><a href='/n/{at}.html'>{title}</a></td><td>{facts.views + at * 7}</td></tr>"
        for at, title in enumerate(WARNINGS[:4], 1)
    )
    return f"<table><tr><th>排名</th><th>标题</th><th>点击</th></tr>{rows}</table>"


def _calendar(facts: Facts) -> str:
    days = [f"<td>{day}</td>" for day in range(1, 29)]
    rows = "".join(f"<tr>{''.join(days[at : at + 7])}</tr>" for at in range(0, 28, 7))
    head = "".join(f"<th>{one}</th>" for one in "日一二三四五六")
    return f"<table class='{facts.names[5]}'><tr>{head}</tr>{rows}</table>"


def _mood(facts: Facts) -> str:
    said = "　".join(f"{one} {facts.each.randint(0, 99)}" for one in ("有用", "一般", "没用"))
    return f"<div>看完这篇文章，您觉得　{said}</div>"


def _plain_others(facts: Facts) -> str:
    rows = "".join(
        f"<li onclick=\"location.href='{url}'\">{escape(title)}</li>"
        for url, title in others(facts, facts.fixed, 4)
    )
    return f"<div><h3>本机关其他年度报告</h3><ul>{rows}</ul></div>"


def _words_of(facts: Facts) -> str:
    return f"<p>关键词：年度报告 政务公开</p><p>（{facts.fixed_of_site.choice(('责任编辑', '编辑', '录入'))}：{facts.fixed.choice(('王宁', '李霞'))}）</p>"


def _pages(facts: Facts) -> str:
    return "<div>本篇文章共有 1 页 当前为第 1 页</div>"


def _flat_foot(facts: Facts) -> str:
    place = facts.site.place
    return (
        f"<p>地址：{place}中山路1号　邮编：836000</p><p>{place}人民政府版权所有　Copyright 2008-2026</p>"
        f"<p>备ICP备05001234号　今日访问：{facts.look.request}　总访问量：{facts.views + 88000}</p>"
    )


def _address_foot(facts: Facts) -> str:
    return (
        f"<hr><center>{facts.site.place}人民政府办公室 地址：中山路1号 电话：0990-6600000<br>"
        "建议使用1024×768分辨率浏览本站<br>技术支持：天方科技</center>"
    )


def _statistics(facts: Facts) -> str:
    return f"<table align='center'><tr><td>本站总访问</td><td>{facts.views * 31}</td><td>今日</td><td>{facts.look.request}</td><td>在线</td><td>{facts.each.randint(3, 60)}</td></tr></table>"


CLUTTER: dict[str, Callable[[Facts], str]] = {
    "counted": lambda f: box(f.names, 10, counted(f)),
    "counted_p": lambda f: f"<p>{counted(f)}</p>",
    "stamp": _stamp,
    "note": _note,
    "warning": _warning,
    "greeting": _greeting,
    "clock": _clock,
    "comments": _comments,
    "excerpts": _excerpts,
    "dated_list": _dated_list,
    "ranking": _ranking,
    "calendar": _calendar,
    "mood": _mood,
    "plain_others": _plain_others,
    "words_of": _words_of,
    "pages": _pages,
    "flat_foot": _flat_foot,
    "address_foot": _address_foot,
    "statistics": _statistics,
    "noscript": lambda f: "<noscript>请开启浏览器的脚本功能，以便正常浏览本网站。</noscript>",
    "read_aloud": lambda f: (
        f"<div>全文共{f.fixed.randint(900, 4000)}字　<a href='javascript:;'>听全文</a></div>"
    ),
    "text_tools": lambda f: "<p>" + " | ".join(f.fixed_of_site.sample(TOOLS, 3)) + "</p>",
    "latest": lambda f: f"<p>最新信息</p>{news(f.each, 4)}",
    "like": lambda f: (
        f"<p>顶 <span>{f.each.randint(0, 30)}</span>　踩 <span>{f.each.randint(0, 9)}</span></p>"
    ),
    "menu_again": lambda f: items(
        [(f"/x/{at}/", one) for at, one in enumerate(("机构概况", "政策法规", "年度报告"))]
    ),
}


def wild_float(kind: str, facts: Facts) -> str:
    """What stands in the midst of an article."""
    return {
        "note": lambda: facts.fixed_of_site.choice(NOTES).format(p=facts.site.place),
        "warning": lambda: facts.nightly.choice(WARNINGS),
        "counted": lambda: counted(facts),
        "news": lambda: f"<b>要闻</b>{news(facts.each, 3)}",
        "others": lambda: items(others(facts, facts.fixed, 3)),
        "picture": lambda: f"<a href='/zt/{facts.look.night}/'><img src='/zt.png'></a><span>专题专栏</span>",
    }[kind]()
