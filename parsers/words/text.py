"""Text as it is kept and shown: as printed, but for code points that only look like their character."""

from __future__ import annotations

import re
import unicodedata

_SUPPLEMENT = str.maketrans(
    "⺀⺁⺃⺄⺅⺈⺉⺊⺋⺌⺎⺏⺒⺓⺔⺖⺗⺙⺝⺟⺠⺡⺢⺣⺤⺦⺨⺩⺪⺫⺬⺭⺮⺯⺱⺲⺴⺶⺷⺸⺹⺺⺼⺽⺾⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻎⻏⻐⻑⻒⻓⻔⻕⻖⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
    "冫厂乚乙亻刀刂卜㔾小兀尣巳幺彑忄心攵月母民氵氺灬爫丬犭王疋目示礻竹糸罒罒网羊羊羊老聿月臼艹艹虎衤覀西见角角讠贝足车辶辶阝钅長镸长门阝阝青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
)
RADICALS = _SUPPLEMENT | {
    code: ord(unicodedata.normalize("NFKC", chr(code)))
    for code in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFB00))
}
"""Kangxi radicals, the CJK Radicals Supplement and the CJK Compatibility Ideographs to the characters they
stand for; NFKC leaves the second."""

_RADICAL = re.compile("[\u2e80-\u2fd5\uf900-\ufaff]")
_MARKUP = re.compile(  # gives no blanks back, so that time grows with the length of a gap
    r"^[ \t\u3000]*+#{1,6}[ \t\u3000]*+|\*{2,3}|^[ \t\u3000]*+\*(?=[^*\s])|(?<=[^*\s])\*[ \t]*+$"
    r"|(?<![ \t])[ \t]*+\{#[^{}\n]*+\}[ \t]*+$",
    re.MULTILINE,
)


UNSEEN = "\\u200b-\\u200f\\u2060\\ufeff"
"""Of a class of characters: those that editors and converters leave between others, and that nobody sees."""


PAGE_NUMBER = re.compile(
    r"\s*+(?:[-—－–]++\s*+\d{1,4}\s*+[-—－–]++|第\s*+\d{1,4}\s*+页(?:[\s,，/]*+共\s*+\d{1,4}\s*+页)?|P\.\s*+\d{1,4})\s*+"
)
"""A line that says which page it is, and nothing else."""
PAGE_FOOT = re.compile(r"\s*第\s*\d{1,4}\s*页")
"""How a line at the foot of a page may begin, whatever it goes on to say: beside tables, and at the edge of a
page."""


def repair(text: str) -> str:
    """Radical and compatibility code points as the characters they look like; nothing else changes, lengths
    stay."""
    return text.translate(RADICALS) if _RADICAL.search(text) else text


def without_markup(text: str) -> str:
    """Text without the marks of Markdown, and of org, for headings and stress."""
    return _MARKUP.sub("", text) if "*" in text or "#" in text else text
