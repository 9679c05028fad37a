"""What a title says of itself: the year covered, the body that reports, and the scope.

The rules were measured on real titles (tests/unit/test_titles.py). Nothing is guessed: what a title does not
say is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from parsers.records import Scope
from parsers.words.chars import compact, fold, without_space

_LONGEST = 1000  # of a title; what is longer is a page in the wrong place
_QUOTES = re.compile(r"[\"'“”‘’「」『』《》<>]")
FILE_TYPES = (
    "pdf", "doc", "docx", "wps", "xls", "xlsx", "et", "rtf", "odt", "ods", "zip", "rar", "7z", "ofd",
)  # fmt: skip
"""The endings of the files that stand beside pages, in this one place; what is read of them the readers
know."""
FILE_TYPE = rf"\.(?:{'|'.join(FILE_TYPES)})"
"""The end of a file's name, as a pattern for others to be made of."""
EXTENSION = re.compile(rf"(?:{FILE_TYPE}|\.(?:html?|s?html|txt|jpe?g|png|ceb)){{1,8}}$", re.I)
"""The extension of a file's name at the end of a title, or several of them."""
_LEAD = re.compile(r"^(?:附件\d{0,2}[:.、]?|标题:|关于|\d{1,2}[.、](?!\d)|[·•●■◆>])+")
_VERSION_MARK = re.compile(
    r"[(\[]?(?:图片版?|超链版|文字版|电子版|更正版?|修订版?|修改后|更新版?|正式版|公开版|定稿|最终版|word版?|pdf版?)[)\]]?$",
    re.I,
)
_CHINESE_DIGITS = str.maketrans("〇○零OoＯ〇一二三四五六七八九壹贰", "000000" + "0123456789" + "12")
_CHINESE_YEAR = re.compile(r"(?:二|2)[〇○零OoＯ0][〇○零OoＯ0一二三四五六七八九\d]{2}(?=年|度)")

ANCHOR = re.compile(r"(?:政府|政务)?信息公开|政务公开")
"""Where the body's name ends: 政府 may belong to both (洪山区人民政府信息公开)."""

_LATER_ANCHOR = re.compile(r"20\d{2}(?=年)|年度报告|年报")
_YEAR_IN_NAME = re.compile(r"\(?(?<!\d)20\d{2}(?:年度|年|度)?\)?")
_YEAR = re.compile(
    r"(?<!\d)(20\d{2})(?:[-—–~至](?:20)?\d{2}(?=学年))?"
    r"(?:年度|年(?!\d{1,2}月)|学年|度|(?=\)|政府|政务|信息公开|年报|$))"
)
_NOT_A_YEAR_BEFORE = re.compile(r"[〔\[]$|20\d{2}年?[-—–~至到]$|(?:发布|公布)(?:时间|日期):?$")
_NOT_A_YEAR_AFTER = re.compile(
    r"[〕\]]|\)?第?\d{1,4}号|(?:修订|修正|版)|[-—–~至到](?:20)?\d{2}年|.{0,24}(?:条例|规定|办法)"
)

_ORGAN = (
    r"人民政府|政府|办公室|办公厅|政府办|管委会|管理委员会|委员会|办事处|街道|居委会|"
    r"省|自治区|特别行政区|市|自治州|州|盟|县|区|旗|乡|镇|苏木|林区|农场|"
    r"局|厅|委|办|部|署|院|处|科|所|站|队|支队|大队|总队|中心|公司|集团|社|会|馆|台|校|学院|大学|医院|行|"
    r"关|园|园区|开发区|新区|兵团|师|团|组|联|场|监狱|基地"
)
_ENDS_AS_BODY = re.compile(rf"(?:{_ORGAN})(?:\([^()]{{1,20}}\))?$")
_NO_NAME = re.compile(
    r"^(?:本(?!溪)|我|各|该|全(?![州南椒]县))|^(?:人民政府|政府|政务|各级|部门|县直|市直|区直|乡镇|街道|单位|首页|工作|情况|信息|年度|年|"
    r"省政府|市政府|区政府|县政府|\d+)$|报告|年报|公开|网站|请输入|搜索|点击|登录|浏览|下载|打印|复制链接|分享到|返回顶部|扫一扫|二维码|[,。;:!?|>]"
)
_NAME_TRIM = re.compile(
    r"^(?:(?:中国)?政府网|关于|公布|发布|公开|印发|刊发|报送|现将|度|[-_—·.、,:\s])++|(?:关于(?:报送|呈报|上报|印发|发布|公布)?|编制的|的|度|[-_—·.、,:\s(])+$"
)
_AREA = re.compile(r"(?:省|自治区|特别行政区|市|自治州|州|盟|县|区|旗|林区)(?:人民)?(?:政府)?$")
_TOWNSHIP = re.compile(r"(?:乡|镇|苏木|街道|街办|街道办)(?:人民)?(?:政府|办事处)?$")
_ZONE = re.compile(
    r"(?:开发区|园区|高新区|经开区|保税区|试验区|示范区|合作区|度假区|风景区|景区|管理区|新区|矿区管理|自贸区|工业区)(?:\([^()]*\))?$"
)
_CONSOLIDATED = re.compile(
    r"(?:综合|汇总|汇集|根据|结合|(?:要求|规定|精神),?(?:以及|及|和))[^。]{0,24}(?:各|所属)[^。]{0,12}(?:乡镇|镇|街道|县|市|区|旗|部门|委办局|局|单位)"
    r"[^。]{0,40}(?:编制|编写|汇总|形成|撰写|而成)"
)
_OFFICE = re.compile(r"(?:政府办公室|政府办公厅|政府办|管委会办公室)$")


def normalise(title: str) -> str:
    """`title` for matching only: plain characters, no space or quotes, no 关于, extension or version mark."""
    return _known_plain(title[:_LONGEST])


@lru_cache(maxsize=1024)
def _known_plain(title: str) -> str:
    plain = _QUOTES.sub("", compact(title))
    plain = EXTENSION.sub("", _CHINESE_YEAR.sub(_digits, plain))
    return _LEAD.sub("", _VERSION_MARK.sub("", EXTENSION.sub("", plain)))


def _digits(match: re.Match[str]) -> str:
    """二〇二二, 二○○九, 二零二零, 二O二二 as four digits."""
    return match[0].translate(_CHINESE_DIGITS)


PERIOD_BEGINS = r"20(\d{2}(?=年?0?1月?0?1日)|08(?=年?0?5月?0?1日))"
"""The first day that a report counts from: of a year, or of 2008 the day from which the 条例 was in force."""


def plain_years(text: str) -> str:
    """`text` with the years in Chinese numerals as four digits, place for place."""
    return _CHINESE_YEAR.sub(_digits, text)


def year_in(title: str) -> int | None:
    """The year a title says it covers, e.g. 2022 for 2022年, (2023年度), 二〇二二年; None when it says none.

    A document number (〔2021〕30号), the year of a law and a plan's years are no report year. Of several, the
    last one before 信息公开 counts, or else the first.
    """
    return _year_in(title[:_LONGEST])


@lru_cache(maxsize=1024)
def _year_in(title: str) -> int | None:
    plain = normalise(title)
    years = list(_years(plain))
    if not years:
        return None
    anchor = ANCHOR.search(plain)
    before = [year for place, year in years if anchor and place < anchor.start()]
    return before[-1] if before else years[0][1]


def _years(plain: str) -> Iterator[tuple[int, int]]:
    for match in _YEAR.finditer(plain):
        before, after = (
            plain[max(0, match.start() - 12) : match.start()],
            plain[match.end() : match.end() + 40],
        )
        if not _NOT_A_YEAR_BEFORE.search(before) and not _NOT_A_YEAR_AFTER.match(after):
            yield match.start(), int(match[1])


def issuer_in(title: str) -> str | None:
    """The body's name as the title prints it, without white space; None when the title names none.

    获嘉县人民政府办公室 from 获嘉县人民政府办公室2022年政府信息公开工作年度报告. Year first, 关于 and a line
    break do not matter; 政府 is given back to 某某人民 when the title shares it with 政府信息公开.
    """
    return _issuer_in(title[:_LONGEST])


@lru_cache(maxsize=1024)
def _issuer_in(title: str) -> str | None:
    printed = _QUOTES.sub("", without_space(title))
    plain = _CHINESE_YEAR.sub(_digits, fold(printed))
    start = max(plain.rfind(mark, 0, _anchor(plain)) for mark in ":|>") + 1
    lead = _LEAD.match(plain[start:])
    start += lead.end() if lead else 0
    end = _anchor(plain)
    name = _without_years(printed[start:end], plain[start:end])
    if fold(name).endswith("人民") and plain.startswith("政府", end):
        name += printed[end : end + 2]
    return name if is_body(name) else None


def _anchor(plain: str) -> int:
    """Where 政府信息公开 begins, or else the year before 年度报告, or else the end."""
    found = ANCHOR.search(plain) or _LATER_ANCHOR.search(plain)
    return found.start() if found else len(plain)


def _without_years(printed: str, plain: str) -> str:
    """What is left of a name when the years that stand before, in or after it are taken out."""
    kept, end = [], 0
    for match in _YEAR_IN_NAME.finditer(plain):
        kept.append(printed[end : match.start()])
        end = match.end()
    rest = _NAME_TRIM.sub("", printed[end:])
    if rest and rest in "".join(kept):  # 某某海关2015年海关政府信息公开: the body is named again, or in part
        rest = ""
    return _NAME_TRIM.sub("", "".join([*kept, rest]))


def is_body(name: str) -> bool:
    """Does `name` read as the name of one authority: it ends as one and is not 我局, 市政府 or a column?"""
    plain = fold(name)
    shortest = 2 if plain.endswith("县") else 3  # a county's full name can be two characters
    if not shortest <= len(plain) <= 60 or _NO_NAME.search(plain):
        return False
    return bool(_ENDS_AS_BODY.search(plain))


def scope_of(issuer: str | None, text: str = "") -> Scope | None:
    """Whose report it is: `area` for the consolidated report of a government from county up, else `body`.

    A township, a street and a development zone are bodies of their own, and so is the government's office.
    Text that says it was made from the reports of all departments and townships makes an office's, a zone's
    or an unnamed report an `area` one. None without an issuer and without such text. Source: 条例 art. 49
    (the body's own report, and the consolidated one that the government's office publishes).
    """
    if issuer is None:
        return Scope.AREA if _is_consolidated(text) else None
    name = compact(issuer)
    if _TOWNSHIP.search(name):
        return Scope.BODY
    if _OFFICE.search(name) or _ZONE.search(name) or name.endswith(("管委会", "管理委员会")):
        return Scope.AREA if _is_consolidated(text) else Scope.BODY
    return Scope.AREA if _AREA.search(name) else Scope.BODY


def _is_consolidated(text: str) -> bool:
    return _CONSOLIDATED.search(compact(text[:6000])[:2000]) is not None
