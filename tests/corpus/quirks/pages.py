"""Quirks of pages: what stands around the report, broken markup, other encodings, content in scripts."""

from __future__ import annotations

import json
import re
from html import escape
from random import Random

from sample.forms.markup import html_of
from sample.forms.sheet import Sheet
from tests.corpus.quirks.base import EVERY, html_page, page_quirk

_CELL_DIGITS = re.compile(r"(?<=>)([\d.]+)(?=<)")
_BOX = (
    '<table class="box" width="100%"><tr><td>索引号：</td><td>990121/2024-00031</td><td>组配分类：</td>'
    "<td>政府信息公开年报</td></tr><tr><td>发布机构：</td><td>{issuer}</td><td>发文日期：</td><td>2024-01-18</td>"
    "</tr><tr><td>名称：</td><td>{title}</td><td>文号：</td><td>无</td></tr></table>"
)
_CONDITIONAL = (
    "<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View><w:Zoom>0</w:Zoom></w:WordDocument></xml>"
    '<![endif]--><style>p.MsoNormal{mso-style-name:"正文";margin:0cm}table.MsoNormalTable{mso-tstyle-rowband-size:0}'
    "</style>"
)


@page_quirk(EVERY)
def word_paste(sheet: Sheet, _: Random) -> str:
    """Markup pasted from Word: conditional comments, styles, runs in runs."""
    body = html_of(sheet, 2).replace("<o:p></o:p>", "<o:p>&nbsp;</o:p><!--[if !supportMisc]--><!--[endif]-->")
    return f"<html><head><title>{sheet.title}</title></head><body><h1>{sheet.title}</h1>{_CONDITIONAL}{body}</body></html>"


@page_quirk(EVERY)
def layout_table(sheet: Sheet, random: Random) -> str:
    """The article stands in a cell of a table that lays out the page."""
    page = html_page(sheet, random)
    return page.replace(
        '<div class="main">', '<table width="1000"><tr><td class="left">导航</td><td><div class="main">'
    ).replace('<div class="footer">', '</td></tr></table><div class="footer">', 1)


@page_quirk(EVERY)
def nested_three_deep(sheet: Sheet, random: Random) -> str:
    """Three layout tables, one in another, around the article."""
    page = html_page(sheet, random)
    opening = '<table><tr><td>&nbsp;</td><td><table><tr><td colspan="2"><table><tbody><tr><td>'
    closing = "</td></tr></tbody></table></td></tr></table></td></tr></table>"
    return page.replace('<div class="main">', opening).replace(
        '</div>\n<div class="footer">', closing + "<div>"
    )


@page_quirk(EVERY)
def metadata_table(sheet: Sheet, random: Random) -> str:
    """A table with the index number, the body and the date comes first."""
    box = _BOX.format(issuer=sheet.issuer, title=sheet.title)
    return html_page(sheet, random).replace('<div class="main">', f'<div class="main">{box}', 1)


@page_quirk(EVERY[1:])
def unclosed_cells(sheet: Sheet, random: Random) -> str:
    """<td> and <tr> without their ends."""
    return re.sub(r"</t[dr]>", "", html_page(sheet, random))


@page_quirk(EVERY[1:])
def unclosed_tables(sheet: Sheet, random: Random) -> str:
    """Paragraphs and rows without their ends, and a </div> too many in front of a table."""
    page = re.sub(r"</tr>|</p>(?=</td>)", "", html_page(sheet, random))
    return page.replace("<table", "</font></span><table")


@page_quirk(EVERY)
def capital_tags(sheet: Sheet, random: Random) -> str:
    """<TABLE>, <TD ROWSPAN=3>: tags in capitals, attributes without quotes."""
    page = re.sub(
        r"<(/?)(t[dr]|table|tbody|p)\b", lambda m: f"<{m[1]}{m[2].upper()}", html_page(sheet, random)
    )
    return re.sub(r' (row|col)span="(\d+)"', lambda m: f" {m[1].upper()}SPAN={m[2]}", page)


@page_quirk(EVERY[1:])
def header_cells(sheet: Sheet, random: Random) -> str:
    """<th> for the cells of rows of words, and a <thead>."""
    return re.sub(
        r"<td([^>]*)>((?:<[^>]*>)*[^<>\d]+?(?:<[^>]*>)*?)</td>", r"<th\1>\2</th>", html_page(sheet, random)
    )


@page_quirk(EVERY[1:])
def no_break_spaces(sheet: Sheet, random: Random) -> str:
    """&nbsp; around the numbers of cells."""
    return _CELL_DIGITS.sub(r"&nbsp;\1&nbsp;&nbsp;", html_page(sheet, random))


@page_quirk(EVERY[1:])
def zero_width_in_cells(sheet: Sheet, random: Random) -> str:
    """Characters without width around the numbers of cells."""
    mark = random.choice(("\u200b", "\ufeff", "\u200d", "&#8203;", "&zwnj;"))
    return _CELL_DIGITS.sub(rf"{mark}\1{mark}", html_page(sheet, random))


@page_quirk(EVERY[1:])
def entities(sheet: Sheet, random: Random) -> str:
    """&#48; for 0: digits of cells as character references."""
    return _CELL_DIGITS.sub(lambda m: "".join(f"&#{ord(digit)};" for digit in m[1]), html_page(sheet, random))


@page_quirk(EVERY[1:])
def digits_in_runs(sheet: Sheet, random: Random) -> str:
    """<span>1</span><span>2</span>: one number over several runs."""
    return _CELL_DIGITS.sub(
        lambda m: "".join(f'<span lang="EN-US">{digit}</span>' for digit in m[1]), html_page(sheet, random)
    )


@page_quirk(EVERY[1:])
def hidden_leftovers(sheet: Sheet, random: Random) -> str:
    """Comments, scripts and empty paragraphs inside cells."""
    return html_page(sheet, random).replace("</td>", "<!-- 8 --><script>var n = 12;</script></td>")


@page_quirk(EVERY[1:])
def page_breaks(sheet: Sheet, random: Random) -> str:
    """#PAGE_BREAK# in the text, as UCAP leaves it, within its own element."""
    page = (
        html_page(sheet, random)
        .replace("</table>", "</table>#PAGE_BREAK#")
        .replace("</tr>", "</tr>#PAGE_BREAK#", 9)
    )
    page = page.replace('<div class="main">', '<ucapcontent><div class="main">')
    return page.replace('<div class="footer">', '</ucapcontent><div class="footer">', 1)


@page_quirk(EVERY)
def content_in_script(sheet: Sheet, random: Random) -> str:
    """The article is an escaped string in a script."""
    article = f"<div>{html_of(sheet, random.randrange(3))}</div>"
    data = json.dumps(
        {"id": 31, "title": sheet.title, "content": article}, ensure_ascii=random.random() < 0.5
    )
    data = data.replace("</", "<\\/")
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(sheet.title)}</title></head><body>'
        f'<div id="app"></div><script>window._CONFIG = {{DETAIL: {data}}};</script></body></html>'
    )


@page_quirk(EVERY)
def wrong_charset(sheet: Sheet, random: Random) -> bytes:
    """GB18030 bytes under a tag that says utf-8."""
    return html_page(sheet, random).encode("gb18030")


@page_quirk(EVERY)
def other_wrong_charset(sheet: Sheet, random: Random) -> bytes:
    """UTF-8 bytes under a tag that says gb2312."""
    return html_page(sheet, random).replace("charset=utf-8", "charset=gb2312").encode()


@page_quirk(EVERY)
def byte_order_mark(sheet: Sheet, random: Random) -> bytes:
    """UTF-16 with its mark."""
    return html_page(sheet, random).encode("utf-16")
