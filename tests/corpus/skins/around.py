"""What a site puts around an article: menus, particulars, counters, neighbours, lists, feet, and what of it changes when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from random import Random

from .words import DISTRICTS, FLOATS, FRIENDS, MENU, NEWS, SIDE, TOOLS


@dataclass(frozen=True)
class Look:
    """When a page is asked for: the night, the hour, the count of all requests of the site."""

    night: int
    hour: int
    request: int

    @property
    def today(self) -> date:
        """The day of the night."""
        return date(2026, 3, 1) + timedelta(days=self.night)


@dataclass(frozen=True)
class Site:
    """What a page must know of its site."""

    place: str
    id_code: str
    column: str
    titles: Sequence[tuple[str, str]]
    columns: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Facts:
    """What the pieces of a page are drawn from: the names of its boxes, the site, the request, the document."""

    names: Sequence[str]
    site: Site
    look: Look
    title: str
    day: str
    issuer: str

    @property
    def each(self) -> Random:
        """Chance that differs at each request."""
        return Random(f"{self.title} {self.look.night} {self.look.request}")

    @property
    def nightly(self) -> Random:
        """Chance that is one for a night."""
        return Random(f"{self.site.place} {self.look.night}")

    @property
    def fixed(self) -> Random:
        """Chance that stays."""
        return Random(f"{self.site.place} {self.title}")

    @property
    def fixed_of_site(self) -> Random:
        """Chance that is one for all pages of a site in one skin."""
        return Random(f"{self.site.place} {self.names[0]}")

    @property
    def views(self) -> int:
        """How often a page was seen."""
        return 1000 + self.fixed.randint(0, 900) + self.look.request


def box(names: Sequence[str], number: int, inside: str, tag: str = "div") -> str:
    """A box with one of the names of the skin."""
    return f'<{tag} class="{names[number]}">{inside}</{tag}>'


def links(names: Sequence[str], start: str = "/x/") -> str:
    return "".join(f'<a href="{start}{at}.html">{escape(one)}</a> ' for at, one in enumerate(names))


def items(rows: Sequence[tuple[str, str]]) -> str:
    return "<ul>" + "".join(f'<li><a href="{url}">{escape(words)}</a></li>' for url, words in rows) + "</ul>"


def news(chance: Random, count: int = 5) -> str:
    return items([(f"/news/{chance.randint(1, 999)}.html", words) for words in chance.sample(NEWS, count)])


def others(facts: Facts, chance: Random, count: int) -> list[tuple[str, str]]:
    rest = [one for one in facts.site.titles if one[1] != facts.title]
    return chance.sample(rest, min(count, len(rest)))


def _neighbours(facts: Facts) -> str:
    one, two = [*others(facts, facts.fixed, 2), ("#", "没有了"), ("#", "没有了")][:2]
    return box(
        facts.names,
        1,
        f'<p>上一篇：<a href="{one[0]}">{escape(one[1])}</a></p><p>下一篇：<a href="{two[0]}">{escape(two[1])}</a></p>',
    )


def _info(facts: Facts) -> str:
    return box(
        facts.names,
        2,
        f"发布时间：{facts.day}　来源：{facts.issuer}　字号：【<a href='#'>大</a> <a href='#'>中</a> <a href='#'>小</a>】",
    )


def _info_counter(facts: Facts) -> str:
    label = facts.fixed.choice(("浏览次数", "点击数", "阅读量", "访问量", "人气", "点击率"))
    return box(
        facts.names, 2, f"日期：{facts.day}　{label}：<span>{facts.views}</span>次　作者：{facts.issuer}"
    )


def _meta(facts: Facts) -> list[tuple[str, str]]:
    number = facts.fixed.randint(10**8, 10**9)
    return [
        ("索 引 号", f"{number}/2024-00{number % 97:02d}"),
        ("发布机构", facts.issuer),
        ("主题分类", "政务公开"),
        ("发文日期", facts.day),
        ("文　　号", "无"),
    ]


def _meta_table(facts: Facts) -> str:
    cells = "".join(f"<tr><th>{label}：</th><td>{value}</td></tr>" for label, value in _meta(facts))
    return f'<table class="{facts.names[3]}">{cells}</table>'


def floating(kind: str, look: Look) -> str:
    if kind == "online":
        return f"当前在线{look.request % 97 + 3}人　今日访问{look.request + 211}人次"
    if kind == "banner":
        return f'<a href="/topic/{look.night}.html">专题：{NEWS[look.night % len(NEWS)]}</a>'
    if kind == "ad":
        return f'<a href="/ad/{look.request % 13}.html"><img src="/ad{look.request % 13}.png" alt="公益广告"/></a>'
    return FLOATS[0] if kind == "qr" else FLOATS[3]


def _foot(facts: Facts) -> str:
    return box(
        facts.names,
        4,
        f"<p>主办：{facts.site.place}人民政府　承办：{facts.site.place}人民政府办公室</p><p>网站标识码：{facts.site.id_code}"
        f"　备ICP备05001234号　联系电话：0990-6600000</p><p><a href='/map.html'>网站地图</a> | <a href='/about.html'>关于我们</a></p>",
    )


def _foot_counter(facts: Facts) -> str:
    return box(
        facts.names,
        5,
        f"您是第 {90000 + facts.look.request * 3} 位访客　页面执行时间 {facts.each.random():.4f} 秒",
    )


PIECES: dict[str, Callable[[Facts], str]] = {
    "banner": lambda f: box(
        f.names,
        6,
        f'<a href="/topic/{f.look.night}.html"><img src="/b{f.look.night}.jpg" alt="{f.nightly.choice(NEWS)}"/></a>',
    ),
    "logo": lambda f: (
        f'<div id="logo"><a href="/"><img src="/logo.png" alt="{f.site.place}人民政府门户网站"/></a></div>'
    ),
    "menu": lambda f: (
        f'<ul class="{f.names[7]}">'
        + "".join(f'<li><a href="/m/{at}.html">{one}</a></li>' for at, one in enumerate(MENU[:9]))
        + "</ul>"
    ),
    "menu_table": lambda f: (
        f"<table><tr>{''.join(f'<td><a href=/m/{at}.html>{one}</a></td>' for at, one in enumerate(MENU[3:12]))}</tr></table>"
    ),
    "search": lambda f: (
        f'<form action="/s"><input type="hidden" name="t" value="{f.each.getrandbits(40):x}"/><input name="q" value="请输入关键字"/><input type="submit" value="搜索"/></form>热门搜索：{f.nightly.choice(NEWS)}'
    ),
    "today": lambda f: (
        f"<p>今天是{f.look.today.year}年{f.look.today.month}月{f.look.today.day}日　星期{'一二三四五六日'[f.look.today.weekday()]}　{f.look.hour}时{f.look.request % 60}分</p>"
    ),
    "weather": lambda f: (
        f"<div>天气预报：{f.nightly.choice(('晴', '多云', '小雨', '阴'))} {f.nightly.randint(-5, 9)}℃～{f.nightly.randint(10, 20)}℃ 空气质量 {f.nightly.randint(20, 140)}</div>"
    ),
    "ticker": lambda f: f"<marquee>{'　'.join(f.each.sample(NEWS, 3))}</marquee>",
    "access": lambda f: (
        "<div><a href='#'>无障碍浏览</a> <a href='#'>长者助手</a> <a href='#'>繁體版</a> <a href='#'>设为首页</a></div>"
    ),
    "crumbs": lambda f: box(
        f.names,
        8,
        f'您现在的位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政府信息公开</a> &gt; <a href="{f.site.column}">政府信息公开年报</a> &gt; 正文',
    ),
    "meta_table": _meta_table,
    "meta_dl": lambda f: (
        "<dl>" + "".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value in _meta(f)) + "</dl>"
    ),
    "meta_line": lambda f: f"<div>{'　'.join(f'{label}：{value}' for label, value in _meta(f))}</div>",
    "info": _info,
    "info_counter": _info_counter,
    "tools": lambda f: box(
        f.names, 10, "".join(f"<a href='javascript:;'>{one}</a>　" for one in f.fixed.sample(TOOLS, 4))
    ),
    "share": lambda f: f"<div>分享到：{links(['微信', '微博', 'QQ空间'], '/share/')}</div>",
    "editor": lambda f: (
        f"<p>责任编辑：{f.fixed.choice(('王宁', '李霞', '赵强'))}　审核：{f.fixed.choice(('周敏', '吴斌'))}</p>"
    ),
    "neighbours": _neighbours,
    "related": lambda f: f"<div><h3>相关阅读</h3>{items(others(f, f.each, 4))}{news(f.each, 2)}</div>",
    "same_column": lambda f: f"<div><b>同栏目文章</b>{items(others(f, f.fixed, 6))}</div>",
    "download": lambda f: (
        "<p>【<a href='javascript:window.print()'>打印本页</a>】【<a href='javascript:window.close()'>关闭窗口</a>】【<a href='javascript:;'>我要纠错</a>】</p>"
    ),
    "counter": lambda f: f"<div>本文已被浏览 <b id='hits'>{f.views}</b> 次</div>",
    "rate": lambda f: (
        f"<div>您对本页面内容是否满意？ 满意({f.look.request % 50 + 7}) 一般({f.look.request % 7}) 不满意({f.look.request % 3})</div>"
    ),
    "qr": lambda f: f"<div><img src='/qr?u={f.each.getrandbits(20)}' alt=''/>扫一扫在手机打开当前页</div>",
    "friends": lambda f: (
        f"<div><h4>友情链接</h4>{links(FRIENDS, 'http://www.example.gov.cn/')}{links(DISTRICTS, 'http://www.example.gov.cn/d')}</div>"
    ),
    "friends_select": lambda f: (
        "<select><option>---县区网站---</option>"
        + "".join(f"<option value='#'>{one}</option>" for one in DISTRICTS)
        + "</select>"
    ),
    "foot": _foot,
    "visitors": lambda f: f"<div>您是第{120000 + f.look.request}位访问者</div>",
    "foot_counter": _foot_counter,
    "hot": lambda f: f"<div><h3>热点推荐</h3>{news(f.each, 5)}</div>",
    "map": lambda f: f"<div>{links(MENU, '/m/')}</div>",
}
SIDES: dict[str, Callable[[Facts], str]] = {
    "none": lambda f: "",
    "columns": lambda f: (
        f"<h3>政府信息公开</h3>{items([(f'/x/{at}/', one) for at, one in enumerate(SIDE)] + [*f.site.columns])}"
    ),
    "years": lambda f: f"<h3>年报</h3>{items(others(f, f.fixed, 8))}",
    "news": lambda f: f"<h3>最新动态</h3>{news(f.nightly, 6)}",
    "bodies": lambda f: (
        f"<h3>公开单位</h3>{items([(f'/d/{at}/', one) for at, one in enumerate(DISTRICTS)] + [*f.site.columns])}"
    ),
}
