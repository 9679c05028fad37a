"""The prose of a report as one run of plain characters, each with its place in the text as printed.

Lines that a page or PDF wrapped are joined again, page numbers and lines of tables are left out, so that a
sentence can be matched whole and still be shown exactly as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from parsers.sections import INLINE_HEAD
from parsers.words.chars import Places, Span, squeeze
from parsers.words.text import PAGE_NUMBER

_WRAPPED = 20  # a line shorter than this was ended by its author, not by the width of the page
_SENTENCE_END = "。!?;:"
_HEAD_END = re.compile(
    r"^[(]?(?:[一二三四五六七八九十]{1,2}|\d{1,2})[)、.].{0,45}(?:情况|事项|措施|问题|概述|方面|建设|保障)$"
)
_TITLE_END = ("年度报告", "年报", "工作报告")
_STARTS_ANEW = re.compile(
    r"^(?:[(]?[一二三四五六七八九十]{1,3}[)、.]|第[一二三四五六七八九十]+部分|[(]?\d{1,2}[)、.](?!\d)|附件|注:|#|\|)"
)
_INDENT = re.compile(r"^(?:[\u3000\t]|\s{2,})")
_TABLE_LINE = re.compile(r"^[\d.,\-—/+%|]*$|^\|?-{3}")
_ROW_END = re.compile(r"\d(?:\s+[\d.\-—/]+){2,}\s*\|?\s*$")
_ENDS_ROW = frozenset(("", *".,-—/+%|"))
# A statutory table run together in one line: its first words, and the head that ends it.
_GLUED = re.compile(
    r"第二十条第\([一二三四五六七八九]\)项信息内容|\(本列数据的勾稽关系|行政复议行政诉讼(?:结果维持|未经复议)"
)
_AFTER_TABLE = re.compile(r"\n|[三四五六]、(?:收到和处理|因?政府信息公开|行政复议|存在|其他)")


@dataclass(frozen=True, slots=True)
class Prose:
    """`plain` is folded and has no white space but a line feed between paragraphs; `places` are in the
    text."""

    plain: str
    places: Places

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the text as printed of `plain[start:end]`, which is not empty."""
        return self.places[start], self.places[end - 1] + 1


def prose_of(text: str) -> Prose:
    """The prose of a report's whole text, flattened tables masked; time and space grow with its length."""
    plain: list[str] = []
    spans: list[Span] = []
    before, margin, after = "", _margin(text), 0
    for raw in text.splitlines(keepends=True):
        start, after = after, after + len(raw)
        line, words = squeeze(raw.removesuffix("\n")) if not raw.isspace() else ("", ())
        if not line and (margin or not before):
            continue  # a layout that is kept has empty lines within paragraphs, too
        if PAGE_NUMBER.fullmatch(line):
            continue
        if not _goes_on(before, line, raw.removeprefix(margin)):
            plain.append("\n")
            spans.append((start, start + 1))
        before = "" if _is_table_line(line, raw) else line
        if before:
            plain.append(line)
            spans += [(start + first, start + last) for first, last in words]
    return Prose(_without_glued_tables("".join(plain)), Places(spans))


def _margin(text: str) -> str:
    """The spaces with which every line of a page begins, where its layout was kept."""
    if "\n  " not in text:
        return ""
    lines = (line for line in text.split("\n") if len(line.strip()) > _WRAPPED)
    return " " * min((len(line) - len(line.lstrip(" ")) for line in lines), default=0)


def _is_table_line(line: str, raw: str) -> bool:
    if ("|" in line or "\t" in raw.strip()) and "。" not in line:
        return True
    if len(line) >= 200 or not (line[-1:] in _ENDS_ROW or line[-1:].isdigit() or "---" in line[:4]):
        return False  # as most lines: a look at one character is cheap
    return bool(_TABLE_LINE.match(line) or _ROW_END.search(raw[-120:]))


def _goes_on(before: str, line: str, raw: str) -> bool:
    """Is `line` the rest of the sentence that the line before broke off?"""
    if len(before) < _WRAPPED or not line or before[-1] in _SENTENCE_END:
        return False
    if _HEAD_END.match(before[:60]) or before.endswith(_TITLE_END):
        return False
    return not (_STARTS_ANEW.match(line) or _INDENT.match(raw))


def _without_glued_tables(plain: str) -> str:
    """The cells of tables that were run together, as line feeds: a mask keeps every other place."""
    kept, end = [], 0
    for match in _GLUED.finditer(plain):
        if match.start() < end:
            continue
        after = _AFTER_TABLE.search(plain, match.end())
        kept.append(plain[end : match.start()])
        end = after.start() if after else len(plain)
        kept.append("\n" * (end - match.start()))
    return "".join([*kept, plain[end:]])


_ENDS_OF_SENTENCES = "。!?;|"


def sentences(plain: str) -> Iterator[Span]:
    """Start and end in `plain` of each sentence; a semicolon ends one, because a new subject follows it.

    The head of a part that stands in the same line (一、总体情况2021年，本厅…) belongs to no sentence.
    """
    heads = INLINE_HEAD.finditer(plain)
    head = next(heads, None)
    for mark in _ENDS_OF_SENTENCES:  # a third of the time of a search for what is none of them
        plain = plain.replace(mark, "\n")
    after = 0
    for sentence in plain.split("\n"):
        start, end = after, after + len(sentence)
        after = end + 1
        while head and head.start() < end:
            if head.start() > start:
                yield start, head.start()
            start = max(start, head.end())
            head = next(heads, None)
        if start < end:
            yield start, end


def told(
    pattern: re.Pattern[str], plain: str, spans: Iterable[Span]
) -> Iterator[tuple[re.Match[str], int, int]]:
    """The matches of a pattern in sentences, each with the start and end of its sentence.

    `spans`: the sentences of `plain` in order. One search over all of it costs less than one over each.
    """
    following = chain(spans, ((len(plain), len(plain) + 1),))
    start = end = 0
    for match in pattern.finditer(plain):
        place = match.start()
        while place >= end:
            start, end = next(following)
        if place >= start:
            yield match, start, end
