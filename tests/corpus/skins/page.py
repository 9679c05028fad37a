"""A page around an article: what a site puts before, beside, into and behind it, and what of that changes when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import escape
from random import Random

from . import article
from .article import Hand, hand, name
from .truth import Report
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
class Skin:
    """One site's way to draw pages: drawn once, and once more when the site is redesigned."""

    hand: Hand
    names: tuple[str, ...]
    before: tuple[str, ...]
    above: tuple[str, ...]
    below: tuple[str, ...]
    after: tuple[str, ...]
    side: str
    layout: str
    floats: tuple[str, ...]
    hidden: str
    row_names: tuple[str, ...] = field(default=())


_BEFORE = ("banner", "logo", "menu", "search", "today", "weather", "menu_table", "ticker", "access")
_ABOVE = ("crumbs", "meta_table", "meta_dl", "meta_line", "info", "info_counter", "tools", "share")
_BELOW = (
    "editor",
    "tools",
    "share",
    "neighbours",
    "related",
    "same_column",
    "download",
    "counter",
    "rate",
    "qr",
)
_AFTER = ("friends", "friends_select", "foot", "visitors", "foot_counter", "hot", "map")


def skin(chance: Random) -> Skin:
    """Draw a skin."""
    return Skin(
        hand=hand(chance),
        names=tuple(name(chance) for _ in range(12)),
        before=tuple(chance.sample(_BEFORE, chance.randint(2, 5))),
        above=tuple(chance.sample(_ABOVE, chance.randint(1, 3))),
        below=tuple(chance.sample(_BELOW, chance.randint(1, 5))),
        after=(*chance.sample(_AFTER, chance.randint(1, 4)), "foot"),
        side=chance.choice(("none", "columns", "years", "news", "bodies", "columns")),
        layout=chance.choice(("div", "table", "flat", "html5")),
        floats=tuple(
            chance.sample(("qr", "ad", "online", "banner", "access"), chance.choice((0, 0, 1, 1, 2)))
        ),
        hidden=chance.choice(("", "", "", "", "print", "phone")),
    )


@dataclass(frozen=True)
class Site:
    """What a page must know of its site."""

    place: str
    id_code: str
    column: str
    titles: Sequence[tuple[str, str]]
    columns: Sequence[tuple[str, str]]


def article_page(made: Skin, site: Site, report: Report, is_revised: bool, look: Look) -> str:
    """The page of a report as one request sees it."""
    floats = [_box(made, 9, _float(one, look)) for one in made.floats]
    pieces = article.text_of(report, made.hand, is_revised, floats)
    text = article.wrapped(pieces, made.hand)
    text = _with_hidden(made, report, is_revised, text)
    title = article.title_of(report, made.hand)
    facts = _Facts(made, site, look, report.title, report.day, report.body.name)
    core = "\n".join((*_draw(made.above[:1], facts), title, *_draw(made.above[1:], facts), text))
    core = f"{core}\n" + "\n".join(_draw(made.below, facts))
    return page(made, facts, core)


def notice_page(made: Skin, site: Site, heading: str, day: str, paragraphs: Sequence[str], look: Look) -> str:
    """The page of anything else: a look-alike, a stub that names its attachment."""
    lines = "\n".join(f"<p>{line}</p>" for line in paragraphs)
    facts = _Facts(made, site, look, heading, day, f"{site.place}人民政府")
    core = "\n".join((*_draw(made.above, facts), f"<h1>{escape(heading)}</h1>", _box(made, 0, lines)))
    return page(made, facts, core + "\n".join(_draw(made.below, facts)))


def list_page(made: Skin, site: Site, heading: str, core: str, look: Look, script: str = "") -> str:
    """The page of a list: `core` is the list with its pager."""
    facts = _Facts(made, site, look, heading, "", f"{site.place}人民政府")
    return page(made, facts, f"<h2>{escape(heading)}</h2>\n{core}", script)


def page(made: Skin, facts: _Facts, core: str, script: str = "") -> str:
    """The whole page in the layout of the skin."""
    before, after = "\n".join(_draw(made.before, facts)), "\n".join(_draw(made.after, facts))
    side = _SIDES[made.side](facts)
    body = _LAYOUTS[made.layout](made, before, side, core, after)
    chance = Random(f"{facts.look} {facts.title} token")
    token = f"{chance.getrandbits(96):024x}"
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"/><title>{escape(facts.title)}_{facts.site.place}人民政府</title>\n'
        f'<meta name="SiteName" content="{facts.site.place}人民政府"/><meta name="SiteIDCode" content="{facts.site.id_code}"/>\n'
        f'<meta name="csrf" content="{token}"/>{script}</head>\n<body>\n{body}\n<!-- {chance.random():.5f}s --></body></html>\n'
    )


# --- what stands around ---


@dataclass(frozen=True)
class _Facts:
    skin: Skin
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
    def views(self) -> int:
        """How often a page was seen."""
        return 1000 + self.fixed.randint(0, 900) + self.look.request


def _draw(names: Sequence[str], facts: _Facts) -> list[str]:
    return [_PIECES[one](facts) for one in names]


def _box(made: Skin, number: int, inside: str, tag: str = "div") -> str:
    return f'<{tag} class="{made.names[number]}">{inside}</{tag}>'


def _links(names: Sequence[str], start: str = "/x/") -> str:
    return "".join(f'<a href="{start}{at}.html">{escape(one)}</a> ' for at, one in enumerate(names))


def _items(rows: Sequence[tuple[str, str]]) -> str:
    return "<ul>" + "".join(f'<li><a href="{url}">{escape(words)}</a></li>' for url, words in rows) + "</ul>"


def _news(chance: Random, count: int = 5) -> str:
    return _items([(f"/news/{chance.randint(1, 999)}.html", words) for words in chance.sample(NEWS, count)])


def _others(facts: _Facts, chance: Random, count: int) -> list[tuple[str, str]]:
    rest = [one for one in facts.site.titles if one[1] != facts.title]
    return chance.sample(rest, min(count, len(rest)))


def _neighbours(facts: _Facts) -> str:
    one, two = [*_others(facts, facts.fixed, 2), ("#", "没有了"), ("#", "没有了")][:2]
    return _box(
        facts.skin,
        1,
        f'<p>上一篇：<a href="{one[0]}">{escape(one[1])}</a></p><p>下一篇：<a href="{two[0]}">{escape(two[1])}</a></p>',
    )


def _info(facts: _Facts) -> str:
    return _box(
        facts.skin,
        2,
        f"发布时间：{facts.day}　来源：{facts.issuer}　字号：【<a href='#'>大</a> <a href='#'>中</a> <a href='#'>小</a>】",
    )


def _info_counter(facts: _Facts) -> str:
    label = facts.fixed.choice(("浏览次数", "点击数", "阅读量", "访问量", "人气", "点击率"))
    return _box(
        facts.skin, 2, f"日期：{facts.day}　{label}：<span>{facts.views}</span>次　作者：{facts.issuer}"
    )


def _meta(facts: _Facts) -> list[tuple[str, str]]:
    number = facts.fixed.randint(10**8, 10**9)
    return [
        ("索 引 号", f"{number}/2024-00{number % 97:02d}"),
        ("发布机构", facts.issuer),
        ("主题分类", "政务公开"),
        ("发文日期", facts.day),
        ("文　　号", "无"),
    ]


def _meta_table(facts: _Facts) -> str:
    cells = "".join(f"<tr><th>{label}：</th><td>{value}</td></tr>" for label, value in _meta(facts))
    return f'<table class="{facts.skin.names[3]}">{cells}</table>'


def _float(kind: str, look: Look) -> str:
    if kind == "online":
        return f"当前在线{look.request % 97 + 3}人　今日访问{look.request + 211}人次"
    if kind == "banner":
        return f'<a href="/topic/{look.night}.html">专题：{NEWS[look.night % len(NEWS)]}</a>'
    if kind == "ad":
        return f'<a href="/ad/{look.request % 13}.html"><img src="/ad{look.request % 13}.png" alt="公益广告"/></a>'
    return FLOATS[0] if kind == "qr" else FLOATS[3]


def _foot(facts: _Facts) -> str:
    return _box(
        facts.skin,
        4,
        f"<p>主办：{facts.site.place}人民政府　承办：{facts.site.place}人民政府办公室</p><p>网站标识码：{facts.site.id_code}"
        f"　备ICP备05001234号　联系电话：0990-6600000</p><p><a href='/map.html'>网站地图</a> | <a href='/about.html'>关于我们</a></p>",
    )


def _foot_counter(facts: _Facts) -> str:
    return _box(
        facts.skin,
        5,
        f"您是第 {90000 + facts.look.request * 3} 位访客　页面执行时间 {facts.each.random():.4f} 秒",
    )


_PIECES: dict[str, Callable[[_Facts], str]] = {
    "banner": lambda f: _box(
        f.skin,
        6,
        f'<a href="/topic/{f.look.night}.html"><img src="/b{f.look.night}.jpg" alt="{f.nightly.choice(NEWS)}"/></a>',
    ),
    "logo": lambda f: (
        f'<div id="logo"><a href="/"><img src="/logo.png" alt="{f.site.place}人民政府门户网站"/></a></div>'
    ),
    "menu": lambda f: (
        f'<ul class="{f.skin.names[7]}">'
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
    "crumbs": lambda f: _box(
        f.skin,
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
    "tools": lambda f: _box(
        f.skin, 10, "".join(f"<a href='javascript:;'>{one}</a>　" for one in f.fixed.sample(TOOLS, 4))
    ),
    "share": lambda f: f"<div>分享到：{_links(['微信', '微博', 'QQ空间'], '/share/')}</div>",
    "editor": lambda f: (
        f"<p>责任编辑：{f.fixed.choice(('王宁', '李霞', '赵强'))}　审核：{f.fixed.choice(('周敏', '吴斌'))}</p>"
    ),
    "neighbours": _neighbours,
    "related": lambda f: f"<div><h3>相关阅读</h3>{_items(_others(f, f.each, 4))}{_news(f.each, 2)}</div>",
    "same_column": lambda f: f"<div><b>同栏目文章</b>{_items(_others(f, f.fixed, 6))}</div>",
    "download": lambda f: (
        "<p>【<a href='javascript:window.print()'>打印本页</a>】【<a href='javascript:window.close()'>关闭窗口</a>】【<a href='javascript:;'>我要纠错</a>】</p>"
    ),
    "counter": lambda f: f"<div>本文已被浏览 <b id='hits'>{f.views}</b> 次</div>",
    "rate": lambda f: (
        f"<div>您对本页面内容是否满意？ 满意({f.look.request % 50 + 7}) 一般({f.look.request % 7}) 不满意({f.look.request % 3})</div>"
    ),
    "qr": lambda f: f"<div><img src='/qr?u={f.each.getrandbits(20)}' alt=''/>扫一扫在手机打开当前页</div>",
    "friends": lambda f: (
        f"<div><h4>友情链接</h4>{_links(FRIENDS, 'http://www.example.gov.cn/')}{_links(DISTRICTS, 'http://www.example.gov.cn/d')}</div>"
    ),
    "friends_select": lambda f: (
        "<select><option>---县区网站---</option>"
        + "".join(f"<option value='#'>{one}</option>" for one in DISTRICTS)
        + "</select>"
    ),
    "foot": _foot,
    "visitors": lambda f: f"<div>您是第{120000 + f.look.request}位访问者</div>",
    "foot_counter": _foot_counter,
    "hot": lambda f: f"<div><h3>热点推荐</h3>{_news(f.each, 5)}</div>",
    "map": lambda f: f"<div>{_links(MENU, '/m/')}</div>",
}
_SIDES: dict[str, Callable[[_Facts], str]] = {
    "none": lambda f: "",
    "columns": lambda f: (
        f"<h3>政府信息公开</h3>{_items([(f'/x/{at}/', one) for at, one in enumerate(SIDE)] + [*f.site.columns])}"
    ),
    "years": lambda f: f"<h3>年报</h3>{_items(_others(f, f.fixed, 8))}",
    "news": lambda f: f"<h3>最新动态</h3>{_news(f.nightly, 6)}",
    "bodies": lambda f: (
        f"<h3>公开单位</h3>{_items([(f'/d/{at}/', one) for at, one in enumerate(DISTRICTS)] + [*f.site.columns])}"
    ),
}


def _with_hidden(made: Skin, report: Report, is_revised: bool, text: str) -> str:
    """The article once more for printers or phones, which no reader of the page sees."""
    if not made.hidden:
        return text
    again = "".join(f"<p>{escape(line)}</p>" for line in report.paragraphs(is_revised))
    if made.hidden == "print":
        return f'{text}<div class="print" style="display:none">{again}</div>'
    return f'<div hidden="hidden">{escape(report.title)}{again}</div>{text}'


def _div(made: Skin, before: str, side: str, core: str, after: str) -> str:
    aside = f'<div class="{made.names[0]}L">{side}</div>' if side else ""
    return f'{before}\n<div class="{made.names[0]}">{aside}<div class="{made.names[1]}R">{core}</div></div>\n{after}'


def _table(made: Skin, before: str, side: str, core: str, after: str) -> str:
    aside = f'<td width="200" valign="top">{side}</td>' if side else ""
    return f'{before}\n<table width="1000" align="center"><tr>{aside}<td valign="top">{core}</td></tr></table>\n{after}'


def _flat(made: Skin, before: str, side: str, core: str, after: str) -> str:
    return f"{before}\n{side}\n{core}\n{after}"


def _html5(made: Skin, before: str, side: str, core: str, after: str) -> str:
    aside = f"<aside>{side}</aside>" if side else ""
    return f"<header>{before}</header><main>{core}</main>{aside}<footer>{after}</footer>"


_LAYOUTS = {"div": _div, "table": _table, "flat": _flat, "html5": _html5}
