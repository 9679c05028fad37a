"""A page around an article: the skin of a site, drawn once, and its pages as one request sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from random import Random

from . import article
from .around import PIECES, SIDES, Facts, Look, Site, box, floating
from .article import Hand, hand, name
from .clutter import CLUTTER, wild_float
from .truth import Report

__all__ = ["Look", "Site", "Skin", "article_page", "list_page", "notice_page", "skin"]


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
    inside: tuple[tuple[str, ...], tuple[str, ...]]


_BEFORE = ("banner", "logo", "menu", "search", "today", "weather", "menu_table", "ticker", "access")
_BEFORE_TOO = ("note", "warning", "greeting", "clock", "noscript", "latest", "menu_again", "statistics")
_ABOVE = ("crumbs", "meta_table", "meta_dl", "meta_line", "info", "info_counter", "tools", "share")
_ABOVE_TOO = ("stamp", "counted", "counted_p", "read_aloud", "text_tools", "warning")
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
_BELOW_TOO = (
    *(
        "counted",
        "counted_p",
        "note",
        "comments",
        "excerpts",
        "dated_list",
        "mood",
        "plain_others",
        "words_of",
    ),
    *("pages", "clock", "like", "latest", "text_tools", "calendar"),
)
_AFTER = ("friends", "friends_select", "foot", "visitors", "foot_counter", "hot", "map")
_AFTER_TOO = ("flat_foot", "address_foot", "statistics", "note", "clock", "ranking", "calendar", "menu_again")
_INSIDE = (
    "counted",
    "counted_p",
    "editor",
    "words_of",
    "download",
    "qr",
    "share",
    "stamp",
    "text_tools",
    "note",
)
_FLOATS = ("qr", "ad", "online", "banner", "access")
_FLOATS_TOO = ("note", "warning", "counted", "news", "others", "picture")


def skin(chance: Random) -> Skin:
    """Draw a skin: a tame one of what most sites do, or one of anything that was met anywhere."""
    wild = chance.random() < WILD
    names = _names(chance) if wild else tuple(name(chance) for _ in range(12))
    drawn = hand(chance, wild)

    def some(tame: tuple[str, ...], more: tuple[str, ...], least: int, most: int) -> tuple[str, ...]:
        return tuple(chance.sample((*tame, *more) if wild else tame, chance.randint(least, most)))

    foot = chance.choice(("foot", "flat_foot", "address_foot")) if wild else "foot"
    return Skin(
        hand=replace(drawn, wrapper=names[8]) if len(set(names)) == 1 else drawn,
        names=names,
        before=some(_BEFORE, _BEFORE_TOO, 2, 5),
        above=some(_ABOVE, _ABOVE_TOO, 1, 3),
        below=some(_BELOW, _BELOW_TOO, 1, 5),
        after=(*some(_AFTER, _AFTER_TOO, 1, 4), foot),
        side=chance.choice(("none", "columns", "years", "news", "bodies", "columns")),
        layout=chance.choice(list(_LAYOUTS) if wild else _TAME_LAYOUTS),
        floats=some(_FLOATS, _FLOATS_TOO, 0, chance.choice((0, 0, 1, 2))),
        hidden=chance.choice(("", "", "", "", "print", "phone", *(_SHOWN_TWICE if wild else ()))),
        inside=_inside(chance) if wild else ((), ()),
    )


WILD = 0.5
"""The share of skins that draw from all pieces, layouts and hands."""
_SHOWN_TWICE = ("beside", "summary", "noscript")


def _names(chance: Random) -> tuple[str, ...]:
    """The names of the boxes of a wild skin: any, none, or the same for all of them."""
    way = chance.choice(("own", "own", "same", "none"))
    if way == "own":
        return tuple(name(chance) for _ in range(12))
    return ("" if way == "none" else name(chance),) * 12


def _inside(chance: Random) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What stands in the box of the text, at its begin and at its end."""
    drawn = chance.sample(_INSIDE, chance.choice((0, 1, 1, 2)))
    begin = chance.random() < 0.3
    return (tuple(drawn[:1]), tuple(drawn[1:])) if begin else ((), tuple(drawn))


def article_page(made: Skin, site: Site, report: Report, is_revised: bool, look: Look) -> str:
    """The page of a report as one request sees it."""
    facts = Facts(made.names, site, look, report.title, report.day, report.body.name)
    floats = [box(made.names, 9, _float(one, facts)) for one in made.floats]
    pieces = article.text_of(report, made.hand, is_revised, floats)
    text = article.wrapped(pieces, made.hand, *(_draw(each, facts) for each in made.inside))
    text = _with_copy(made, report, is_revised, text)
    title = article.title_of(report, made.hand)
    core = "\n".join((*_draw(made.above[:1], facts), title, *_draw(made.above[1:], facts), text))
    core = f"{core}\n" + "\n".join(_draw(made.below, facts))
    return page(made, facts, core)


def _draw(names: Sequence[str], facts: Facts) -> list[str]:
    return [(PIECES.get(one) or CLUTTER[one])(facts) for one in names]


def _float(kind: str, facts: Facts) -> str:
    return floating(kind, facts.look) if kind in _FLOATS else wild_float(kind, facts)


def notice_page(made: Skin, site: Site, heading: str, day: str, paragraphs: Sequence[str], look: Look) -> str:
    """The page of anything else: a look-alike, a stub that names its attachment."""
    lines = "\n".join(f"<p>{line}</p>" for line in paragraphs)
    facts = Facts(made.names, site, look, heading, day, f"{site.place}人民政府")
    core = "\n".join((*_draw(made.above, facts), f"<h1>{escape(heading)}</h1>", box(made.names, 0, lines)))
    return page(made, facts, core + "\n".join(_draw(made.below, facts)))


def list_page(made: Skin, site: Site, heading: str, core: str, look: Look, script: str = "") -> str:
    """The page of a list: `core` is the list with its pager."""
    facts = Facts(made.names, site, look, heading, "", f"{site.place}人民政府")
    return page(made, facts, f"<h2>{escape(heading)}</h2>\n{core}", script)


def page(made: Skin, facts: Facts, core: str, script: str = "") -> str:
    """The whole page in the layout of the skin."""
    before, after = "\n".join(_draw(made.before, facts)), "\n".join(_draw(made.after, facts))
    side = SIDES[made.side](facts)
    body = _LAYOUTS[made.layout](made, before, side, core, after)
    chance = Random(f"{facts.look} {facts.title} token")
    token = f"{chance.getrandbits(96):024x}"
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"/><title>{escape(facts.title)}_{facts.site.place}人民政府</title>\n'
        f'<meta name="SiteName" content="{facts.site.place}人民政府"/><meta name="SiteIDCode" content="{facts.site.id_code}"/>\n'
        f'<meta name="csrf" content="{token}"/>{script}</head>\n<body>\n{body}\n<!-- {chance.random():.5f}s --></body></html>\n'
    )


def _with_copy(made: Skin, report: Report, is_revised: bool, text: str) -> str:
    """The article once more for printers, phones or search engines, hidden or by style sheets that no one has."""
    if not made.hidden:
        return text
    said = report.paragraphs(is_revised)
    again = "".join(f"<p>{escape(line)}</p>" for line in said)
    if made.hidden == "print":
        return f'{text}<div class="print" style="display:none">{again}</div>'
    if made.hidden == "beside":
        return f'{text}<div class="m-only">{escape(report.title)}{again}</div>'
    if made.hidden == "summary":
        return f'<div class="zy">摘要：{escape(said[0][:80])}……</div>{text}'
    if made.hidden == "noscript":
        return f"<noscript><p>{escape(report.title)}</p>{again}</noscript>{text}"
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


def _nested(made: Skin, before: str, side: str, core: str, after: str) -> str:
    """Tables in tables, as in the years before 2010."""
    inner = f"<table width='98%'><tr><td class='{made.names[1]}'>{core}</td></tr></table>"
    row = f"<tr><td width='200'><table><tr><td>{side}</td></tr></table></td><td>{inner}</td></tr>"
    return f"<center><table><tr><td colspan=2>{before}</td></tr>{row}<tr><td colspan=2>{after}</td></tr></table></center>"


def _one_name(made: Skin, before: str, side: str, core: str, after: str) -> str:
    """All parts of the page in boxes of one name."""
    return "".join(f'<div class="{made.names[0]}">{one}</div>' for one in (before, core, side, after) if one)


def _form(made: Skin, before: str, side: str, core: str, after: str) -> str:
    """All in the one form of a page of ASP.NET, the side below the article."""
    return f"<form id='aspnetForm'><div>{before}</div><div id='ctl00_m'>{core}</div><div>{side}</div>{after}</form>"


def _columns(made: Skin, before: str, side: str, core: str, after: str) -> str:
    """Three columns without a name, the article in the middle."""
    return f"{before}<div><div>{side}</div><div>{core}</div><div><p>便民服务</p><p>办事大厅开放时间为工作日9时至17时。</p></div></div>{after}"


_LAYOUTS = {
    "div": _div,
    "table": _table,
    "flat": _flat,
    "html5": _html5,
    "nested": _nested,
    "one_name": _one_name,
    "form": _form,
    "columns": _columns,
}
_TAME_LAYOUTS = ("div", "table", "flat", "html5")
