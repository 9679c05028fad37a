"""What on a page turns it, by what a reader sees: numbers, 下一页, arrows, 加载更多; and how many pages it says there are."""

from __future__ import annotations

import re

from crawler.links import squeeze, text_of
from crawler.page import Element, Page, select

TURN = re.compile(
    r"^[\s\[(（<>«»‹›|]{0,40}(?:(?:第\s*+)?(?:\d{1,3})\s*+页?|下一?页|后一?页|下一頁|末页|尾页|最后一?页|next(?:\s*page)?|>{1,2}|›|»)[\s\])）<>«»›‹|]*$",
    re.I,
)
NEXT = re.compile(r"^[\s>›»\[(（]*(?:下一页|下页|后一页|后页|下一頁|next(?:\s*page)?)[\s>›»\])）]*$", re.I)
MORE = re.compile(
    r"^[\s\[(（]*(?:(?:点击|加载|查看|显示|浏览|获取)+\s*更多.{0,4}|更多|(?:load|show)\s*more)[\s\])）.…>»﹥↓▼∨]*$",
    re.I,
)
"""What brings more rows below those that are shown, or a list that has more: only a click tells which."""
_PAGES = re.compile(
    r"\b(?:total_?pages?|var\s+pages|page_?count|count_?page|page_?total|totalPageCount|pages?Num(?:ber)?s)\b[\"']?\s*[:=]\s*"
    r"[\"']?(\d{1,4})\b",
    re.I,
)
_SHOWN = re.compile(r"共(?:有|计)?(\d{1,4})页|第?\d{1,4}/(\d{1,4})页")
_LAYPAGE = re.compile(r"laypage(?:\.render)?\s*\(\s*\{([^{}]{1,600})", re.I)
_OF = re.compile(r"(\d{1,3})\s*/\s*(\d{1,3})")


def last_page(page: Page) -> int | None:
    """How many pages there are, as a script or the text says it: totalPage: 7, 共7页, 1/7页."""
    found = _PAGES.search(page.text)
    shown = found or _SHOWN.search(page.words)
    if shown:
        return int(next(group for group in shown.groups() if group))
    return _laid(page.text) or _of(page)


def _laid(text: str) -> int | None:
    """laypage (layui): its count of rows, and how many stand on a page, ten where it does not say."""
    call = _LAYPAGE.search(text)
    count, limit = (
        re.search(rf"\b{name}\s*:\s*[\"']?(\d{{1,5}})", call[1] if call else "")
        for name in ("count", "limit")
    )
    return -(-int(count[1]) // max(1, int(limit[1]) if limit else 10)) if count else None


def _of(page: Page) -> int | None:
    """1/7 alone in an element."""
    said = (str(text).strip() for text in select(page.tree, "//*[contains(text(), '/')]/text()"))
    found = next((match for text in said if (match := _OF.fullmatch(text))), None)
    return int(found[2]) if found and int(found[1]) <= int(found[2]) else None


def is_turn(anchor: Element) -> bool:
    """Whether a link turns the page: 2, [3], 下一页, an arrow."""
    shown = shown_by(anchor)
    return (bool(TURN.match(shown)) and not is_first(shown)) or anchor.get("rel") == "next"


def shown_by(anchor: Element) -> str:
    """What a link shows, also where it is a picture or a button."""
    shown = text_of(anchor) or squeeze(anchor.get("title"))
    return shown or squeeze(select(anchor, "string((.//img/@alt)[1])")) or squeeze(anchor.get("value"))


def is_first(shown: str) -> bool:
    """Whether a link or an option is page 1, where the walk began, whatever address a later page has for it."""
    return re.findall(r"\d+", shown) == ["1"]
