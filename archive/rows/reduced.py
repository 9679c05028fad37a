"""Text as it counts when two are compared: without what a page changes by itself."""

from __future__ import annotations

import re
import unicodedata

from parsers.records import Report

_NOISE = re.compile(
    r"(?:浏览|阅读|点击|访问)(?:次数|量|数|人次)?(?::|(?=[\[【(]))[\[【(]?\d*[\]】)]?次?"
    r"|(?:发布|更新|生成|打印|成文|制作|当前|现在)(?:时间|日期):[\d\-/.年月日时分秒: ]*"
    r"|今天是[:\d\-/.年月日 ]*(?:星期[一二三四五六日天])?"
    r"|(?:来源|作者|责任编辑|编辑|字号|字体):[^\s\d]{0,20}"
    r"|【?(?:打印本页|打印文章|关闭窗口|关闭本页)】?"
)
"""What a page shows beside a report and changes by itself, always behind a colon or in brackets."""
_MARKS = re.compile(r"[^0-9A-Za-z〇\u3400-\u9fff\U00020000-\U0003ffff]+")


def reduce(text: str) -> str:
    """Letters, digits and characters alone: no blanks, marks, widths, view counters, page dates."""
    return _MARKS.sub("", _NOISE.sub("", unicodedata.normalize("NFKC", text)))


def prose(report: Report) -> str:
    """The text that counts for a version: the sections, or the whole text when none was recognised. A head with nothing
    but a table below it says nothing."""
    parts = [f"{section.title} {section.text}" for section in report.sections if section.text]
    parts = parts if report.sections else [report.text]
    return "\n".join(filter(None, map(reduce, parts)))
