"""Title, body, year and scope of one report, chosen from all that was seen, with the evidence that won."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, islice
from urllib.parse import unquote

from parsers.heading.families import FAMILIES, TitleKind, classify
from parsers.heading.names import (
    ANCHOR,
    EXTENSION,
    FILE_TYPE,
    PERIOD_BEGINS,
    is_body,
    issuer_in,
    plain_years,
    scope_of,
    year_in,
)
from parsers.records import Scope
from parsers.remarks import Remark, RemarkKind
from parsers.words.chars import compact, fold, without_space
from parsers.words.text import without_markup

_HEAD_LINES = 60
_HEAD_LENGTH = 400
_URL_LENGTH = 1000
_BARE_TITLE = "政府信息公开工作年度报告"
_TITLE_LINES = 4
_MOST_WORTH = 8  # of a title that promises a report and says its year and body
_LONGEST_TITLE = 90
_LONGEST_PIECE = 45
_SITE_PARTS = re.compile(r"_+|\||\s[-–—]+\s|--+|[—–]{1,2}|(?<=[^\d\s])-(?=\D)|(?<=\D)-(?=[^\d\s])|»|>")
_LABEL = re.compile(
    r"^(?:[\[【][^\]】]{1,12}[\]】]|标题|文章标题|名称|信息名称|主题|文件名称|附件\d{0,2}(?=[:.、])|Page\d+)[:.、\s-]*",
    re.I,
)
_CHROME = re.compile(
    r"^(?:正文|首页|打印|关闭|分享(?:到(?:微信|微博|QQ空间)?)?|复制链接|语音播报|返回顶部|字号|字体|大中小|返回|收藏|登录|注册|下载|索引号|"
    r"政府信息公开工作年度报告|政府信息公开年度报告|政府信息公开年报|政府信息公开|信息公开|政务公开|年度报告|年报|无障碍(?:浏览|阅读|模式|版)?|长者(?:模式|助手|版|专版)|适老版|关怀版|"
    r"繁体(?:中文|版)?|简体(?:中文|版)?|手机版|移动版|搜索|网站地图|设为首页|加入收藏|当前位置|[您你](?:现在)?的?位置|微信|微博)++$"
)
_PARTICULARS = re.compile(
    r"^(?:索引号|信息索引|(?:发布|公开|发文|制发)(?:机构|单位|部门|机关|日期|时间|方式)|责任单位|公文生成日期|成文日期|生成日期|"
    r"文号|发文字号|统一编号|备注/?文号|主题词|主题分类|组配分类|内容概述|文件有效性|有效性|时效|来源|信息来源|时间|日期|浏览|阅读|点击)"
)
"""With what a row of particulars begins; none is a piece of a title."""
_LETTERHEAD = re.compile(r"〔20\d{2}|[\[【(]20\d{2}[\]】)]第?\d{1,4}号?$|文件$")
"""A body's letterhead and the number of its paper, which stand above the title."""
_OPENNESS = re.compile(r"政务公开(?:工作)?(?:情况)?(?:20\d{2}年)?(?:度)?(?:年度)?(?:工作)?(?:报告|年报)$")
_SENTENCE = re.compile(r"[。;!?:|]|,(?!$)")
_DATE = r"(20\d{2})[-/年.](\d{1,2})[-/月.]\d{1,2}"
_YEAR_LINE = re.compile(r"^\s*+[(]?\s*+20\d{2}\s*+年\s*+度?\s*+[)]?\s*+$")
_DATE_LINE = re.compile(rf"^{_DATE}日?$|^20\d{{2}}年\d{{1,2}}月$|^[二〇○零一]{{4}}年")
_PROMISE = re.compile(r"公开[工作情况的年度总结()\d]{0,24}报")  # what titles of all families have in common
_PERIOD = re.compile(
    r"统计(?:期限|时限|时间段|时间|周期|区间|期间|范围|数据)?[^。;0-9]{0,16}"
    + PERIOD_BEGINS
    + r"|20(\d{2})年0?1月0?1日(?:起|零时)?(?:至|到|—|-|~|–)+(?:20\d{2}年)?12月31日"
)
_YEAR_SAID = (
    r"(?:(?<!\d)(20\d{2})年?(?:度)?[^,。;:\d]{0,20}?(?:政府|政务)?信息公开(?:工作)?(?:开展)?(?:情况)?(?:的)?(?:年度)?(?:工作)?(?:年度)?"
    r"|信息公开(?:工作)?(20\d{2})年?(?:度)?(?:工作)?)(?:报告|年报)"
)
_SAID_OF_YEAR = re.compile(_YEAR_SAID)
_SAID = re.compile(rf"(?:[^,。;:《》()\"“”]|\([^,。;:《》()]{{2,20}}\)){{0,40}}?{_YEAR_SAID}")
_ANNOUNCED = (re.compile(r".*(?:公布|发布|现将|[现特]公开|公开了|由|公示)"), re.compile(r".*编制(?!的)"))
_MADE_BY = re.compile(
    r"(?:报告|年报)[^。;]{0,120}?[,是]?由([^,。;:《》]{3,40}?)(?:根据|按照|依据|负责|组织|编制|编写|汇总)"
)
_INTRODUCED = re.compile(
    r"[,。:]([^,。;:《》]{3,40}?)(?:特|现|依法|认真)?(?:编制|编写|撰写)(?:了|完成|形成)?(?:本(?:年度)?(?:报告|年报)|20\d{2}年)"
)
"""Who says of itself that it makes this report, in a sentence that begins with the law."""
_OF_A_GOVERNMENT = re.compile(r"政府(?:办公室|办公厅|办)$|(?:公开|领导小组|联席会议)(?:办公室|办)$")
"""Offices that write the report of a government: theirs, or the government's own?"""
_COLUMN_YEAR = re.compile(
    r"fbtime=(20\d{2})|timeFrame=(20\d{2})|/annual/(20\d{2})|show/\d+/(20\d{2})\.|(20\d{2})n(?:b|d|_|/|zf|xx)"
    r"|(?:nb|ndbg|gknb|zfxxgk[a-z]{0,40})[/_]?(20\d{2})(?=\D|$)|/(20\d{2})(?:ndbg|nb|nian|nd)",
    re.I,
)
_FILE_NAME = re.compile(rf"(?<![^/\\?=&])[^/\\?=&]*{FILE_TYPE}(?=$|[?&#])", re.I)
_PUBLISHED = re.compile(rf"(?:发布|发文|成文|公开|生成|印发|更新)?(?:时间|日期)[:\s]*{_DATE}")
_CRUMBS = re.compile(r"[>»›]")
_NOT_A_CRUMB = re.compile(
    r"^(?:乡镇|街道|部门|各|县|市|区|直)(?:街道|直|部门|单位|乡镇|街道办事处)*(?:$|信息公开)"
)
_ROW = re.compile(
    r"(?:发布机构|发布单位|发文机关|发布部门|公开机构|责任单位|来源|信息来源|发文单位)[:|\s]+([^\s|:,;\[\]]{3,40})"
)
_META_ISSUER = ("contentsource", "source", "publisher", "发布机构", "信息来源", "来源", "author")
_META_DATE = ("pubdate", "publishdate", "publishtime", "发布日期", "发布时间", "date")
_META_COLUMN = ("columnname", "columntype", "columnkeywords", "栏目名称")
_SUBJECTS = (
    "教育|体育|科技|科学技术|工业|信息化|经济|商务|民族|宗教|公安|司法|民政|财政|人力资源|社会保障|人社|国土资源|自然资源|规划|环境保护|环保|"
    "生态环境|住房|城乡|建设|住建|城市|管理|执法|城管|行政|综合|交通|运输|水利|水务|农业|农村|畜牧|林业|园林|商业|文化|广电|旅游|新闻出版|卫生|"
    "健康|计划生育|计生|审计|安全|生产|监督|安监|应急|市场|质量|技术|食品|药品|统计|物价|粮食|信访|扶贫|政务|服务|审批|事务|发展|改革|发改|"
    "人防|民防|档案|地震|气象|消防|救援|税务|国税|地税|工商|房产|土地|招商|投资|金融|法制|外事|侨务|医疗|保障|退役军人|乡村|振兴|数据"
)
_BARE_DEPARTMENT = re.compile(
    rf"^(?:(?:{_SUBJECTS})[和与、]?)+(?:分?局|委员会|委|办公室|办|大队|支队|中心|站)$"
)
"""The name of a department that every place has; only its place would tell which one."""
_RELATIVE = re.compile(
    r"^(?:省|市|县|区|州|乡|镇)(?:委|人民政府|政府|[^市县区]{1,8}(?:局|办|委|办公室)$)|^本站|^党政|^综合|^信息中心|^办公室|^管理员"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a report says it is. `year_from` names the evidence that won; a field without evidence is None."""

    title: str | None
    issuer: str | None
    year: int | None
    year_from: str | None
    scope: Scope | None
    remarks: tuple[Remark, ...] = ()


def choose(
    candidates: Sequence[str],
    text: str,
    meta: Mapping[str, list[str]],
    url: str = "",
    link_title: str = "",
) -> Heading:
    """Choose title, body, year and scope. `candidates` are titles, best first; `text` is the whole text.

    Year, in this order: title, statistics period in the text, heading sentence, column or URL, attachment
    name, publication date - 1 (a report appears in the half-year after the year it covers). Body: title,
    declared source, breadcrumb, signature, the sentence that announces the report. A title that disagrees
    with the period wins, with a remark that names both.
    """
    text = without_markup(text)
    lines = [line.strip() for line in text.splitlines()]
    url, link_title = unquote(url)[-_URL_LENGTH:], link_title[:_HEAD_LENGTH]
    lower = {key.lower(): values for key, values in meta.items()}
    title = _best_title([*candidates, link_title], lines)
    year, year_from, remarks = _choose_year(title, lines, lower, url, link_title)
    issuer = (issuer_in(title) if title else None) or _issuer_elsewhere(
        [*candidates, link_title], lines, lower
    )
    return Heading(title, issuer, year, year_from, scope_of(issuer, text), remarks)


def _best_title(candidates: Sequence[str], lines: Sequence[str]) -> str | None:
    """The candidate that says most; of equals the first. A title that explains or orders reports is none."""
    best, most = None, 0
    for candidate in chain(candidates, _lines_as_titles(lines)):
        title = clean_title(candidate)
        worth = _worth(title)
        if worth > most:
            best, most = title, worth
        if most == _MOST_WORTH:
            break
    return best


def _worth(title: str) -> int:
    decision = classify(title)
    if not title or decision.kind is TitleKind.NEGATIVE:
        return 0
    kinds = {TitleKind.REPORT: 4, TitleKind.WRAPPER: 2, TitleKind.MAYBE: 1}
    worth = kinds.get(decision.kind, 1 if decision.reason else 0)
    return worth + (2 if worth and decision.year else 0) + (2 if worth and issuer_in(title) else 0)


def clean_title(title: str) -> str:
    """`title` as printed but without white space, labels, site names and a second printing of itself."""
    parts = [part for part in _SITE_PARTS.split(title[:_HEAD_LENGTH]) if part.strip()] or [""]
    bare = without_space(_report_among(parts) if len(parts) > 1 else parts[0])
    bare = EXTENSION.sub("", bare[_label_length(bare) :])
    half = len(bare) // 2
    return bare[:half] if half > 5 and bare[:half] == bare[half:] else bare


def _report_among(parts: Sequence[str]) -> str:
    """The part that promises a report and says most of it, else the first: a site's name and its column
    stand beside."""
    reports = [part for part in parts if classify(part).kind is TitleKind.REPORT]
    return max(reports, key=lambda part: bool(year_in(part)) + bool(issuer_in(part)), default=parts[0])


def _label_length(bare: str) -> int:
    found = _LABEL.match(fold(bare))
    return found.end() if found else 0


def _lines_as_titles(lines: Sequence[str]) -> Iterator[str]:
    """Lines of the head that can be a title, whole or broken over up to four lines."""
    head = list(islice((line.strip(" |") for line in lines if line.strip(" |")), _HEAD_LINES))
    for start in _promising(head):
        joined = ""
        for place, line in enumerate(head[start : start + _TITLE_LINES], start=start + 1):
            below = any(_YEAR_LINE.match(fold(line)) for line in head[place : place + 1])
            dated = year_in(joined) is not None or (below and issuer_in(joined + line) is not None)
            ends = dated and is_title(joined + line)
            if (_is_no_piece(line) and not ends) or (joined and _begins_anew(line, joined)):
                break
            joined += line
            if is_title(joined):
                yield joined + "".join(
                    line for line in head[place : place + 1] if _YEAR_LINE.match(fold(line))
                )
                break


def _promising(head: Sequence[str]) -> list[int]:
    """The lines at which a title may begin: the words that all titles share stand there or soon after."""
    folded = fold("\n".join([line[:_HEAD_LENGTH] for line in head]))
    bare = [without_space(line) for line in folded.split("\n")]
    ends = list(accumulate(map(len, bare)))
    spans = (found.span() for found in _PROMISE.finditer("".join(bare)))
    lines = ((bisect_right(ends, start), bisect_right(ends, end - 1)) for start, end in spans)
    return sorted(
        {line for first, last in lines for line in range(max(0, last - _TITLE_LINES + 1), first + 1)}
    )


def _begins_anew(line: str, joined: str) -> bool:
    """Is `line` a title of its own and no continuation of what was joined so far?"""
    if _YEAR_LINE.match(fold(joined)):
        return False
    if not is_title(line) or _LABEL.match(line):
        return bool(_LABEL.match(line))
    if ANCHOR.search(compact(joined)) and ANCHOR.search(compact(line)):
        return True  # the head of a column, 某某局政府信息公开, above the title
    bare = year_in(line) is None and issuer_in(line) is None
    return year_in(joined) is not None and not (bare and issuer_in(joined + line))


def _is_no_piece(line: str) -> bool:
    if len(line) > _HEAD_LENGTH:
        return True
    bare = compact(line).lstrip("•·-")
    if (
        len(bare) > _LONGEST_TITLE
        or (_CHROME.match(bare) and bare != _BARE_TITLE)
        or _PARTICULARS.match(bare)
        or _LETTERHEAD.search(bare)
    ):
        return True
    return bool(_SENTENCE.search(_LABEL.sub("", bare))) or (len(bare) > _LONGEST_PIECE and not is_title(line))


def is_title(line: str) -> bool:
    """One report phrase with nothing but a year or a mark in brackets after it."""
    title = fold(clean_title(line))
    if len(title) > _LONGEST_TITLE or len(re.findall(r"年度报告|年报|工作报告", title)) > 1:
        return False
    patterns = (*FAMILIES.values(), _OPENNESS)
    ends = [match.end() for pattern in patterns for match in pattern.finditer(title)]
    rest = title[max(ends) :] if ends else "x"
    return bool(re.fullmatch(r"(?:\([^()]{1,16}\)|\[[^\[\]]{1,16}\]|的(?:公告|公示|通告|通知))?", rest))


def _choose_year(
    title: str | None, lines: Sequence[str], meta: Mapping[str, list[str]], url: str, link_title: str
) -> tuple[int | None, str | None, tuple[Remark, ...]]:
    said, text = year_in(title or ""), compact("\n".join(lines)[:400_000])
    period = _period(text)
    if said and period and period != said:
        return said, "title", (Remark(RemarkKind.YEARS_DIFFER, {"title": said, "period": period}),)
    evidence: tuple[tuple[str, Callable[[], int | None]], ...] = (
        ("title", lambda: said),
        ("period", lambda: period),
        ("heading", lambda: _said_year(text)),
        ("column", lambda: _column_year(url, meta)),
        ("attachment", lambda: _attachment_year(url, link_title)),
        ("published", lambda: _published_year(lines, meta)),
    )
    for name, look in evidence:  # the first that speaks; what comes after it is not looked for
        year = look()
        if year:
            return year, name, ()
    return None, None, ()


def _period(text: str) -> int | None:
    found = _PERIOD.search(text)
    return 2000 + int(found[1] or found[2]) if found else None


def _said_year(text: str) -> int | None:
    """The year in a sentence of the head such as 现公布某局2022年政府信息公开工作年度报告."""
    found = _SAID_OF_YEAR.search(plain_years(text[:1500]))
    return int(found[1] or found[2]) if found else None


def _column_year(url: str, meta: Mapping[str, list[str]]) -> int | None:
    path = _FILE_NAME.sub("", url)
    found = _COLUMN_YEAR.search(path)
    if found:
        return int(next(filter(None, found.groups())))
    names = (year_in(value) for key in _META_COLUMN for value in meta.get(key, []))
    return next((year for year in names if year), None)


def _attachment_year(url: str, link_title: str) -> int | None:
    name = _FILE_NAME.search(url)
    return year_in(link_title) or (year_in(name[0]) if name else None)


def _published_year(lines: Sequence[str], meta: Mapping[str, list[str]]) -> int | None:
    """The year before the publication date, when that falls in January to June; else None."""
    dates = [value for key in _META_DATE for value in meta.get(key, [])]
    found = next(filter(None, (re.search(_DATE, compact(date[:40])) for date in dates)), None)
    found = found or _PUBLISHED.search(compact(_head(lines)))
    found = found or next((said for _, date in _signatures(lines) if (said := re.match(_DATE, date))), None)
    return int(found[1]) - 1 if found and 1 <= int(found[2]) <= 6 else None


def _issuer_elsewhere(
    titles: Sequence[str], lines: Sequence[str], meta: Mapping[str, list[str]]
) -> str | None:
    """The body from the other titles, the declared source, the breadcrumb, the signature, or None."""
    clean = [title for title in map(clean_title, titles) if _worth(title)]
    return (
        next(filter(None, (issuer_in(title) for title in clean if not is_body(title))), None)
        or _declared(lines, meta)
        or _from_breadcrumb(lines)
        or _beside_title(lines)
        or _signature(lines)
        or _announced(lines)
        or _made_by(lines)
        or next(filter(_is_own_site, clean), None)
    )


def _is_own_site(name: str) -> bool:
    """Whether the name of a site is that of one body: a government's portal carries the reports of all its
    bodies."""
    return _is_full_name(name) and scope_of(name) is not Scope.AREA


def _head(lines: Sequence[str]) -> str:
    """The first lines, each no longer than a heading or a row of particulars can be."""
    return "\n".join(line[:_HEAD_LENGTH] for line in lines[:_HEAD_LINES])


def _declared(lines: Sequence[str], meta: Mapping[str, list[str]]) -> str | None:
    values = [value for key in _META_ISSUER for value in meta.get(key, [])]
    head = _head(lines)
    values += [head[slice(*found.span(1))] for found in _ROW.finditer(fold(head))]
    return next(
        (name for name in (without_space(value[:_HEAD_LENGTH]) for value in values) if _is_full_name(name)),
        None,
    )


def _is_full_name(name: str) -> bool:
    """A name that means the same body wherever it is read; 市政府办 or 办公室 does not."""
    plain = fold(name)
    return is_body(name) and not _RELATIVE.search(plain) and not _BARE_DEPARTMENT.match(plain)


def _from_breadcrumb(lines: Sequence[str]) -> str | None:
    for line in lines[:_HEAD_LINES]:
        parts = [without_space(part) for part in _CRUMBS.split(line[:_HEAD_LENGTH])]
        names = [part for part in parts[1:] if _is_full_name(part) and not _NOT_A_CRUMB.search(fold(part))]
        if names:
            return names[-1]
    return None


def _beside_title(lines: Sequence[str]) -> str | None:
    """The body's name on a line of its own below a title without a name, its year or date between or
    below."""
    head = [without_space(line) for line in lines[:_HEAD_LINES] if line.strip()]
    for place, line in enumerate(head):
        if is_title(line):
            below = [name for name in head[place + 1 : place + 3] if not _YEAR_LINE.match(fold(name))]
            return below[0] if below and _is_full_name(below[0]) else None
    return None


def _signature(lines: Sequence[str]) -> str | None:
    """The body's name on a line of its own, with the date on the next, near the end."""
    return next((name for name, _ in _signatures(lines)), None)


def _signatures(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The names near the end that stand on a line of their own, each with the date on the next, last
    first."""
    tail = [without_space(line) for line in lines if line][-12:]
    for name, date in zip(reversed(tail[:-1]), reversed(tail[1:]), strict=True):
        if _DATE_LINE.search(fold(date)) and _is_full_name(name):
            yield name, fold(date)


def _announced(lines: Sequence[str]) -> str | None:
    """The body in a sentence of the head that announces the report: 现公布某镇2022年政府信息公开年度报告."""
    for line in (without_space(line[:1500]) for line in lines[:_HEAD_LINES]):
        folded = plain_years(fold(line))
        if not _PROMISE.search(folded):
            continue
        for said in islice(_SAID.finditer(folded), 3):
            ends = [found.end() for announced in _ANNOUNCED if (found := announced.match(said[0]))]
            for end in ends or ([0] if said.start() == 0 else []):
                name = issuer_in(line[said.start() + end : said.end()])
                if name and _is_full_name(name):
                    return name
    return None


def _made_by(lines: Sequence[str]) -> str | None:
    """The body that made the report, as its introduction says: 某某局编制本报告; 本报告…由某某局编制,
    where a government's office may have made it for the government."""
    for line in (without_space(line[:1500]) for line in lines[:_HEAD_LINES]):
        said = _INTRODUCED.search(fold(line)) if "条例" in line or "规定" in line else None
        if said is not None and _is_full_name(line[slice(*said.span(1))]):
            return line[slice(*said.span(1))]
        found = _MADE_BY.search(fold(line)) if "由" in line else None
        name = line[slice(*found.span(1))] if found else ""
        if _is_full_name(name) and not _OF_A_GOVERNMENT.search(fold(name)):
            return name
    return None
