"""The parts of a report: the six heads of the statutory form, and the heads of the free form before 2019.

Sources of the titles: 国办公开办函〔2021〕30号 and 〔2019〕60号 (six parts), 条例 of 2007 art. 32 (six
heads of prose). A
head is known by its words, not by its number, which may be lost, shifted or in another style.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from parsers.heading.headings import is_title
from parsers.records import Section
from parsers.words.chars import Places, Span, squeeze, without_space

_NUMERALS = "一二三四五六七八九十"
_NUMERAL = f"[{_NUMERALS}]"
_NUMBER = rf"{_NUMERAL}{{1,2}}"
_OF = r"(?:的)?(?:工作)?(?:的)?(?:办理)?(?:的)?情况"
_SUBJECT = r"(?:行政机关|本机关|本单位|政府信息|政务信息|信息|政务)?"
_OF_A_SYSTEM = r"(?:海关|环境|气象|税务)?"
_STATUTORY = (
    r"总体(?:工作)?情况",
    rf"{_SUBJECT}主动公开{_OF_A_SYSTEM}(?:政府信息|政务信息|信息)?(?:工作)?{_OF}",
    rf"{_SUBJECT}收到和处理(?:的)?(?:政府)?信息公开申请{_OF}",
    r"(?:因)?(?:政府)?信息公开(?:工作)?(?:申请)?(?:被)?(?:申请)?(?:提起)?行政复议[、和及与或,]?(?:被)?(?:提起)?(?:行政)?诉讼(?:的)?情况",
    r"(?:政府)?(?:信息公开)?(?:工作)?(?:中)?存在的?(?:主要)?(?:问题|不足)[及和与、]?(?:改进|整改)(?:的)?(?:工作)?(?:情况|措施)",
    r"其他(?:需要|需|应当)?(?:报告|说明)的?(?:有关)?(?:事项|情况)",
)
_FREE = (
    r"(?:政府|政务)?(?:信息公开)?(?:工作)?(?:的)?(?:主要|基本|总体)?(?:工作)?(?:情况)?(?:的)?概(?:述|况)",
    r"基本(?:工作)?情况",
    rf"(?:政府|政务)?信息?(?:的)?主动公开(?:政府信息)?{_OF}",
    rf"(?:政府)?(?:信息)?依申请(?:信息)?公开{_OF_A_SYSTEM}(?:政府信息|信息)?(?:和不予公开(?:政府)?信息)?{_OF}",
    r"(?:依申请)?(?:政府)?(?:信息公开)?(?:申请)?(?:的)?收费(?:[及和与、]减免)?(?:的)?情况",
    r"(?:行政)?复议[、和及与]?(?:提起)?(?:行政)?诉讼(?:[、和及与]申诉|[、和及与]投诉)?(?:的)?情况",
    r"(?:政府信息公开)?(?:工作)?(?:存在的?)?主要问题(?:[及和与、]改进(?:情况|措施))?",
    r"咨询(?:处理|投诉)?情况",
    r"需要?说明的(?:其他)?事项(?:[及和与]附表)?",
    r"附表|附件|(?:指标)?统计附?表",
)
_ANY_TITLE = "|".join((*_STATUTORY, *_FREE))
_SAYS_SOMETHING = re.compile(
    rf"[。；;]|，.*[，：]|[：:]\s*$|^\s*(?:第?{_NUMBER}(?:部分|[、.．])|[（(]{_NUMBER}[)）]|{_NUMERAL}是)"
)
"""What stands in a sentence or at the head of a part in any form, and in no title and no name."""
_STATUTORY_TITLE = re.compile("|".join(_STATUTORY))
_LAST_OF_TITLE = re.compile("[况述题施项表件]")
_TABLE_ROW = r"(?:本年新收|上年结转|本年度办理|结转下年)"

INLINE_HEAD = re.compile(
    rf"({_NUMERAL}(?<![一二三四五六七八九十第表].){_NUMERAL}?)[、.,:]({_ANY_TITLE})(?![,、;和及与等])[。:]?"
)
"""A head inside a line: its printed number, 、, and the words of the form. What may not stand before it is
asked
after its first character, because a search for one class of characters is a fast one."""

_LINE = re.compile(rf"(?:第?({_NUMBER})(?:部分)?[、.,:]|第({_NUMBER})部分)?({_ANY_TITLE})[。:]?")
_BRACKETED = re.compile(rf"[(]({_NUMBER})[)][、.,:]?({_ANY_TITLE})[。:]?")
_OF_THE_FORM = "|".join(
    (_STATUTORY[0], rf"{_SUBJECT}主动公开(?:政府|政务)信息(?:工作)?{_OF}", *_STATUTORY[2:])
)
_NUMBERED = re.compile(rf"([1-6])[、.,:]({_OF_THE_FORM})[。:]?")
_OTHER_LINE = re.compile(rf"({_NUMBER})[、.,:](?!{_TABLE_ROW})([^。;,:!?|]{{2,36}})")
# A statutory table whose cells were run together in one line of prose: from its first words to the line's
# end.
_GLUED_TABLE = re.compile(
    r"(?:第二十条\s*第\s*[(（]一[)）]\s*项\s*信息内容|\(本列数据的勾稽关系|（本列数据的勾稽关系"
    r"|行政复议\s*行政诉讼\s*(?:结果维持|未经复议)).*"
)
_BEGINS_HEAD = re.compile(rf"\s*{_NUMBER}\s*[、.．,，:：]")
_ORDER = {numeral: place for place, numeral in enumerate(_NUMERALS, start=1)}
_LONGEST_HEAD = 60
_BORDERS = " \t|｜"  # what is left of a table where its cells have a line each
FEWEST_NUMBERED = 4


@dataclass(frozen=True, slots=True)
class Head:
    """A heading as found in one line: where it starts and ends there, its number and title as printed."""

    start: int
    end: int
    number: str
    title: str


def split(lines: Sequence[str]) -> tuple[Section, ...]:
    """The parts of a report, from its lines in order (a line of a table given as "").

    `number` is as printed and "" when lost; `title` is as printed without it; `text` is the prose of the
    part,
    its paragraphs joined by a line feed. What stands before the first head (title, introduction) is no part.
    Row labels of the table of requests (一、本年新收…) and a sentence that lists the heads are no heads.
    """
    return _split(lines)[1]


def sections_of(lines: Sequence[str]) -> tuple[Section, ...]:
    """All that a report says but its title: what stands before its first head as a part without number and
    title, then
    its parts as `split` gives them."""
    opening, parts = _split(lines)
    text = _text(_without_title(opening))
    return (Section("", "", text), *parts) if text else parts


def _split(lines: Sequence[str]) -> tuple[list[str], tuple[Section, ...]]:
    """The lines before the first head, and the parts."""
    lines = _whole_heads([line for before, line in pairwise(["-", *lines]) if line or before])
    found = [_heads(line) for line in lines]
    if not any(found):
        bracketed = [_bracketed(line) for line in lines]
        found = bracketed if sum(map(len, bracketed)) > 1 else found
    if sum(map(len, found)) < FEWEST_NUMBERED:
        numbered = [_numbered(line) for line in lines]
        found = numbered if sum(map(len, numbered)) >= FEWEST_NUMBERED else found
    opening: list[str] = []
    return opening, tuple(_sections(lines, _in_order(lines, found), opening))


def _without_title(lines: Sequence[str]) -> Sequence[str]:
    """The lines below the title; where none stands above all others, from the first on that begins to say
    something."""
    start = 0
    while start < len(lines) and not _SAYS_SOMETHING.search(lines[start]):
        start += 1
    titles = [number for number, line in enumerate(lines[:start]) if "报" in line and is_title(line)]
    return lines[titles[-1] + 1 :] if titles else lines[start:]


def _whole_heads(lines: Sequence[str]) -> list[str]:
    """The lines, with a head that was broken over two of them put together in the second."""
    whole = list(lines)
    for place, (line, following) in enumerate(pairwise(lines)):
        if not line or not following or len(line) > _LONGEST_HEAD or not _BEGINS_HEAD.match(line):
            continue
        first, rest = squeeze(line)[0], squeeze(following[:_LONGEST_HEAD])[0]
        head = INLINE_HEAD.match(first + rest)
        if head and head.end(2) > len(first):
            whole[place : place + 2] = ["", line + following]
    return whole


def _in_order(lines: Sequence[str], found: Sequence[Sequence[Head]]) -> Iterator[Sequence[Head]]:
    """Add the heads in words of the body's own (六、明年工作思路) that go on with the numbering."""
    last = 0
    for line, known in zip(lines, found, strict=True):
        numeral = _NUMERALS[last : last + 1] if last else ""
        heads = known or (_other_heads(line, numeral) if numeral else ())
        if heads:
            last = max(last, *(_ORDER.get(head.number, 0) for head in heads))
        yield heads


def _heads(line: str) -> Sequence[Head]:
    """The heads of the form in one line: the whole line, or several inside a line that is not broken."""
    return _known_heads(line) if len(line) <= _LONGEST_HEAD else _heads_in(line)


def _heads_in(line: str) -> Sequence[Head]:
    squeezed, spans = squeeze(line)
    if not _LAST_OF_TITLE.search(squeezed):
        return ()
    whole = _LINE.fullmatch(squeezed) if len(squeezed) <= _LONGEST_HEAD else None
    if whole:
        return (_head(line, Places(spans), whole.span(3), whole[1] or whole[2] or "", 0),)
    found, places = INLINE_HEAD.finditer(squeezed), Places(spans)
    return tuple(_head(line, places, match.span(2), match[1], match.start(), match.end()) for match in found)


_known_heads = lru_cache(maxsize=1024)(_heads_in)
"""Most reports print the same heads."""


def _head(line: str, places: Places, title: Span, number: str, start: int, end: int = 0) -> Head:
    """A head of a squeezed line, with places in the line as printed."""
    printed = without_space(line[places[title[0]] : places[title[1] - 1] + 1])
    after = places[end - 1] + 1 if end else len(line)
    return Head(places[start], after, number, printed)


def _bracketed(line: str) -> Sequence[Head]:
    """Heads in the style （一）, for a report that has no others."""
    squeezed, spans = squeeze(line[: 4 * _LONGEST_HEAD])
    match = _BRACKETED.fullmatch(squeezed) if len(squeezed) <= _LONGEST_HEAD else None
    return [_head(line, Places(spans), match.span(2), match[1], 0)] if match else []


def is_head_of_form(line: str) -> bool:
    """Whether a line is, or holds, a head of the form: with its number, or one of the six as the whole
    line."""
    return any(head.number or _STATUTORY_TITLE.fullmatch(head.title) for head in _heads(line)) or bool(
        _numbered(line)
    )


def is_numbered_head(text: str) -> bool:
    """Whether a line is a head of the six parts in the style 3、收到和处理政府信息公开申请情况."""
    return bool(_numbered(text))


def _numbered(line: str) -> Sequence[Head]:
    if len(line) > _LONGEST_HEAD or not line.lstrip()[:1].isdecimal():
        return []
    squeezed, spans = squeeze(line)
    match = _NUMBERED.fullmatch(squeezed)
    return [_head(line, Places(spans), match.span(2), match[1], 0)] if match else []


def _other_heads(line: str, numeral: str) -> Sequence[Head]:
    squeezed, spans = squeeze(line) if len(line) <= 4 * _LONGEST_HEAD else ("", [])
    if not squeezed.startswith(numeral) or len(squeezed) > _LONGEST_HEAD:
        return ()
    match = _OTHER_LINE.fullmatch(squeezed)
    return [_head(line, Places(spans), match.span(2), match[1], 0)] if match and match[1] == numeral else ()


def _sections(lines: Sequence[str], found: Iterable[Sequence[Head]], opening: list[str]) -> Iterator[Section]:
    """The parts; what stands before the first head is put into `opening`."""
    current: Head | None = None
    prose: list[str] = []
    for line, heads in zip(lines, found, strict=True):
        end = 0
        for head in heads:
            prose.append(line[end : head.start])
            if current:
                yield Section(current.number, current.title, _text(prose))
            else:
                opening += prose
            current, prose, end = head, [], head.end
        prose.append(line[end:])
    if current:
        yield Section(current.number, current.title, _text(prose))
    else:
        opening += prose


def _text(prose: Iterable[str]) -> str:
    """The paragraphs, one a line, without what is left of tables."""
    paragraphs = (_GLUED_TABLE.sub("", line).strip() for line in prose if line.strip(_BORDERS))
    return "\n".join(filter(None, paragraphs))
