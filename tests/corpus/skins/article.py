"""The article in a random markup of its own: paragraphs, headings and tables as editors and CMS leave them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from random import Random

from sample.forms.layout import Grid
from sample.forms.markup import html_of
from sample.forms.sheet import Heading, Sheet

from .truth import Report


@dataclass(frozen=True)
class Hand:
    """How one site's editor writes: drawn once a skin, the same for all of its articles."""

    paragraph: str
    heading: str
    table: int
    title: str
    closing: str
    halves: bool
    wrapper: str
    depth: int


WILD_PARAGRAPHS = ("li", "br2", "own_id", "editor", "quote", "row", "capitals", "unclosed", "runs", "nested")
PARAGRAPHS = ("p", "p_style", "div", "br", "span_block", "pre", "cell", "section", "p_font", "word")
HEADINGS = ("same", "strong", "h2", "h3", "div_bold", "font")
TITLES = ("h1", "h2", "div", "p_center", "td", "h1_br")
WILD_TITLES = ("twice", "two_lines")
WILD_HEADINGS = ("own_box", "anchor", "cell")


def hand(chance: Random, wild: bool = False) -> Hand:
    """Draw a hand; a wild one does anything that an editor was seen to leave."""
    return Hand(
        paragraph=chance.choice((*PARAGRAPHS, *WILD_PARAGRAPHS) if wild else PARAGRAPHS),
        heading=chance.choice((*HEADINGS, *WILD_HEADINGS) if wild else HEADINGS),
        table=chance.randrange(3),
        title=chance.choice((*TITLES, *WILD_TITLES) if wild else TITLES),
        closing=chance.choice(("same", "right", "div")),
        halves=chance.random() < 0.15,
        wrapper=name(chance),
        depth=chance.randint(0, 3),
    )


_SYLLABLES = (
    "con",
    "wz",
    "art",
    "zw",
    "nr",
    "main",
    "txt",
    "body",
    "xl",
    "box",
    "de",
    "view",
    "cont",
    "in",
    "q",
    "bt",
)


def name(chance: Random) -> str:
    """A class or an id as vendors make them up: it may say something or nothing."""
    made = "".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(1, 3)))
    return made + chance.choice(("", "", "_", "-", "1", "2", "_l", "Box", "0" + str(chance.randint(1, 9))))


def title_of(report: Report, way: Hand) -> str:
    """The title above the article."""
    words = escape(report.title)
    if way.title == "h1_br":
        middle = len(words) // 2
        return f"<h1>{words[:middle]}<br/>{words[middle:]}</h1>"
    return {
        "h1": f"<h1>{words}</h1>",
        "h2": f'<h2 class="t">{words}</h2>',
        "div": f'<div class="bt">{words}</div>',
        "p_center": f'<p align="center"><b>{words}</b></p>',
        "twice": f"<h1>{words}</h1><p align='center'><strong>{words}</strong></p>",
        "two_lines": f"<p align='center'>{escape(report.body.name)}</p><p align='center'>{report.year}年政府信息公开工作年度报告</p>",
        "td": f'<table width="100%"><tr><td align="center" class="t1">{words}</td></tr></table>',
    }[way.title]


def text_of(report: Report, way: Hand, is_revised: bool, floats: list[str]) -> list[str]:
    """The pieces of the article's text in order, the floats put between two of its paragraphs."""
    pieces = [_piece(part, way) for part in report.at(is_revised).parts]
    pieces += [_closing(line, way) for line in report.closing]
    chance = Random(f"{report.title} floats")
    for one in floats:
        pieces.insert(chance.randint(1, max(1, len(pieces) - 2)), one)
    return pieces


def wrapped(pieces: list[str], way: Hand, begin: Sequence[str] = (), end: Sequence[str] = ()) -> str:
    """The pieces in the boxes of the skin, with what stands in them before and after the text."""
    if way.halves and len(pieces) > 6:
        middle = len(pieces) // 2
        return _box(pieces[:middle], way, begin) + "\n" + _box(pieces[middle:], way, (), end)
    return _box(pieces, way, begin, end)


def _box(pieces: list[str], way: Hand, begin: Sequence[str] = (), end: Sequence[str] = ()) -> str:
    inside = "\n".join(pieces)
    if way.paragraph == "pre":
        inside = inside.replace("</pre>\n<pre>", "\n")
    if way.paragraph == "li":
        inside = f"<ul>{inside}</ul>"
    box = f'<div class="{way.wrapper}">\n{"".join(begin)}{inside}{"".join(end)}\n</div>'
    for level in range(way.depth):
        box = f'<div class="{way.wrapper[:3]}{level}">{box}</div>'
    return box


def _piece(part: Heading | str | Grid, way: Hand) -> str:
    if isinstance(part, Grid):
        sheet = Sheet("", "", 2000, (part,), {}, {})
        return html_of(sheet, way.table)
    if isinstance(part, Heading):
        return _HEADING[way.heading](part.text, way)
    return paragraph(part, way)


def paragraph(words: str, way: Hand) -> str:
    """A paragraph in this hand."""
    return _PARAGRAPH[way.paragraph](escape(words))


def _closing(words: str, way: Hand) -> str:
    if way.closing == "right":
        return f'<p style="text-align:right">{escape(words)}</p>'
    if way.closing == "div":
        return f"<div>{escape(words)}</div>"
    return paragraph(words, way)


def _word(words: str) -> str:
    runs = "".join(
        f'<span lang="EN-US" style="font-family:仿宋_GB2312">{one}</span>' if one.isdecimal() else one
        for one in words
    )
    return f'<p class="MsoNormal" style="text-indent:32.0pt"><span style="font-size:16.0pt">{runs}<o:p></o:p></span></p>'


_PARAGRAPH: dict[str, Callable[[str], str]] = {
    "p": lambda words: f"<p>　　{words}</p>",
    "p_style": lambda words: f'<p style="text-indent: 2em; line-height: 2;">{words}</p>',
    "div": lambda words: f"<div>　　{words}</div>",
    "br": lambda words: f"　　{words}<br/>",
    "span_block": lambda words: f'<span style="display:block;text-indent:2em">{words}</span>',
    "pre": lambda words: f"<pre>　　{words}</pre>",
    "cell": lambda words: f'<table width="100%" border="0"><tr><td>　　{words}</td></tr></table>',
    "section": lambda words: f"<section><span>{words}</span></section>",
    "p_font": lambda words: f'<p><font face="仿宋" size="4">&nbsp;&nbsp;&nbsp;&nbsp;{words}</font></p>',
    "word": _word,
    "li": lambda words: f"<li>{words}</li>",
    "br2": lambda words: f"&nbsp;&nbsp;&nbsp;&nbsp;{words}<br><br>",
    "own_id": lambda words: (
        f'<div class="p{len(words)}" id="para{sum(map(ord, words)) % 9973}">{words}</div>'
    ),
    "editor": lambda words: (
        f'<section class="_editor" data-id="{len(words)}"><section style="margin:5px"><section class="c{len(words) % 7}">'
        f"<p>{words}</p></section></section></section>"
    ),
    "quote": lambda words: f"<blockquote><p>{words}</p></blockquote>",
    "row": lambda words: (
        f"<table border=0><tbody><tr><td width='24'></td><td><p>{words}</p></td></tr></tbody></table>"
    ),
    "capitals": lambda words: f"<P style='TEXT-INDENT: 2em'><FONT face=宋体 size=3>{words}</FONT></P>",
    "unclosed": lambda words: f"<p>　　{words}",
    "runs": lambda words: (
        "<p>" + "".join(f"<span>{words[at : at + 9]}</span>" for at in range(0, len(words), 9)) + "</p>"
    ),
    "nested": lambda words: f"<div><div><span><p>{words}</p></span></div></div>",
}
_HEADING: dict[str, Callable[[str, Hand], str]] = {
    "same": paragraph,
    "strong": lambda words, way: paragraph("@@", way).replace("@@", f"<strong>{escape(words)}</strong>"),
    "h2": lambda words, way: f"<h2>{escape(words)}</h2>",
    "h3": lambda words, way: f"<h3>{escape(words)}</h3>",
    "own_box": lambda words, way: f'<div class="hd"><i></i><span>{escape(words)}</span></div>',
    "anchor": lambda words, way: f'<p><a name="m{len(words)}"></a><a id="b"><b>{escape(words)}</b></a></p>',
    "cell": lambda words, way: f"<table><tr><td class=bt><b>{escape(words)}</b></td></tr></table>",
    "div_bold": lambda words, way: f'<div style="font-weight:bold">{escape(words)}</div>',
    "font": lambda words, way: paragraph("@@", way).replace(
        "@@", f'<font face="黑体">{escape(words)}</font>'
    ),
}
