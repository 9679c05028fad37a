"""Quirks of the text layer: characters lost, changed for others that look alike, or left out of a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random

from sample.forms.plain import text_of
from sample.forms.sheet import Sheet
from tests.corpus.quirks.base import EVERY, QUIRKS, Printer, Quirk, html_page, sheet_quirk, unchanged

_RADICALS = str.maketrans(
    "门见长角风飞马鱼黄人一二八力十口土大女子小山工己手文方日月木止水火生用白目示立老行衣角言车金",
    "⻔⻅⻓⻆⻛⻜⻢⻥⻩⼈⼀⼆⼋⼒⼗⼝⼟⼤⼥⼦⼩⼭⼯⼰⼿⽂⽅⽇⽉⽊⽌⽔⽕⽣⽤⽩⽬⽰⽴⽼⾏⾐⾓⾔⻋⾦",
)
_COMPATIBILITY = str.maketrans("行理不利年立神福", "\ufa08\uf9e4\uf967\uf9dd\uf98e\uf9f7\ufa19\ufa1b")
_PAIRS = (
    "开開报報总總体體况況动動机機关關处處请請复複议議诉訴讼訟问問题題进進项項发發产產办辦结結转轉条條无無没沒"
    "网網络絡当當传傳电電邮郵费費减減计計统統数數据據县縣镇鎮乡鄉区區务務员員规規划劃审審讯訊个個万萬与與编編"
    "时時间間执執业業组組织織构構会會团團属屬从從众眾现現达達认認级級来來类類别別则則仅僅历歷续續许許罚罰强強"
    "购購采採权權证證档檔释釋举舉参參职職纠糾维維终終确確价價缴繳纳納获獲谈談访訪听聽对對标標准準测測财財应應"
    "环環护護质質险險学學单單场場图圖书書专專战戰实實义義为為内內于於协協订訂废廢线線页頁载載点點击擊设設补補"
    "号號栏欄称稱适適齐齊举舉难難营營变變听聽导導领領门門扩擴样樣围圍过過边邊责責稳穩卫衛闻聞丰豐满滿说說谁誰"
    "让讓运運营營检檢询詢较較频頻龄齡断斷脱脫谋謀评評级級创創兴興兰蘭华華东東乐樂尽盡书書"
)
_TRADITIONAL = str.maketrans(_PAIRS[::2], _PAIRS[1::2])
_HAN = "一-鿿"


def _in_print(name: str, change: Callable[[str, Random], str], generations: tuple[str, ...] = EVERY) -> None:
    """Registers a change of all that is printed, as page and as text."""

    def page(sheet: Sheet, random: Random) -> bytes:
        return change(html_page(sheet, random), random).encode()

    def text(sheet: Sheet, random: Random) -> bytes:
        return change(text_of(sheet), random).encode()

    printers: dict[str, Printer] = {"html": page, "text": text}
    QUIRKS[name] = Quirk(name, unchanged, printers, generations)


def radicals(text: str, _: Random) -> str:
    """⻔ ⼈ for 门 人: code points of radicals, which NFKC leaves in part."""
    return text.translate(_RADICALS)


def compatibility(text: str, _: Random) -> str:
    """行 理 不 利 年: characters of the compatibility block."""
    return text.translate(_COMPATIBILITY)


def traditional(text: str, _: Random) -> str:
    """A mirror in traditional characters."""
    return text.translate(_TRADITIONAL)


def stray_spaces(text: str, random: Random) -> str:
    """A space between two characters of a word, here and there."""
    return re.sub(f"(?<=[{_HAN}])(?=[{_HAN}])", lambda _: " " if random.random() < 0.04 else "", text)


def zero_width(text: str, random: Random) -> str:
    """Characters without width between others, here and there."""
    marks = "\u200b\u200d\ufeff\u2060"
    return re.sub(
        f"(?<=[{_HAN}])(?=[{_HAN}])", lambda _: random.choice(marks) if random.random() < 0.1 else "", text
    )


def carriage_returns(text: str, _: Random) -> str:
    """Lines that end as on other systems."""
    return text.replace("\n", "\r\n")


_in_print("radicals", radicals)
_in_print("compatibility", compatibility)
_in_print("traditional", traditional)
_in_print("stray_spaces", stray_spaces)
_in_print("zero_width", zero_width)
_in_print("carriage_returns", carriage_returns)


@sheet_quirk("html", "text", "docx", "pdf")
def date_characters_lost(sheet: Sheet, _: Random) -> Sheet:
    """2025111231日: the opening sentence without 年, 月 and 日."""
    full = f"{sheet.year}年1月1日至{sheet.year}年12月31日"
    return sheet.with_words(lambda text: text.replace(full, f"{sheet.year}111231日"))


@sheet_quirk("html", "text", "docx")
def number_left_out(sheet: Sheet, random: Random) -> Sheet:
    """主动公开政府信息条: a number that was never filled in; nothing is said then."""
    changed = sheet.with_words(lambda text: re.sub(r"主动公开政府信息\d+条", "主动公开政府信息条", text))
    said = {code: value for code, value in sheet.said.items() if code != "n_items_disclosed"}
    return replace(changed, said=said)


@sheet_quirk("html", "text", "docx", "pdf")
def prose_contradicts(sheet: Sheet, random: Random) -> Sheet:
    """The prose says more requests than the table, carried in or not: both stay as printed, with a finding."""
    handled = sum(sheet.figures[f"t3_{row}__total"] or 0 for row in ("new_received", "carried_in"))
    more = int(handled) + random.randint(1, 9)
    changed = sheet.with_words(
        lambda text: re.sub(_REQUESTS, lambda m: f"（二）依申请公开情况。{_more(more)}", text)
    )
    said = {
        code: value for code, value in sheet.said.items() if "request" not in code and code not in _OUTCOMES
    }
    return replace(
        changed, said=said | {"n_requests_received": more}, findings=("statement_contradicts_table",)
    )


_REQUESTS = re.compile(r"（二）依申请公开情况。.*")
_OUTCOMES = ("n_granted", "n_partial")


def _more(number: int) -> str:
    return f"全年共收到政府信息公开申请{number}件，均依法答复。"


@sheet_quirk("html", "text", "docx")
def censored(sheet: Sheet, _: Random) -> Sheet:
    """主动***息: a filter that replaced words."""
    changed = sheet.with_words(lambda text: text.replace("公开政府信", "***", 1).replace("群众", "**"))
    damaged = ("n_items_disclosed", "n_requests_received", "n_requests_handled")
    return replace(changed, said={code: value for code, value in sheet.said.items() if code not in damaged})


_NUMERALS = str.maketrans("0123456789", "〇一二三四五六七八九")


@sheet_quirk("html", "text", "docx", "pdf", generations=EVERY)
def chinese_year(sheet: Sheet, random: Random) -> Sheet:
    """二〇二二年, 二O二二年: the year of the title and of the period in Chinese numerals."""
    zero = random.choice("〇O○0")
    year = str(sheet.year).translate(_NUMERALS).replace("〇", zero if zero != "0" else "〇")

    def change(text: str) -> str:
        return text.replace(f"{sheet.year}年", f"{year}年")

    return replace(sheet.with_words(change), title=change(sheet.title))
