"""gkmlpt (广东政府信息公开目录平台): an index drawn by scripts, its rows as JSON, its articles inside a script.

Seen until 2026-11 in Guangdong only, mostly over plain http. A node of the tree may jump to an NFCMS column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from crawler.families import generic
from crawler.links import absolute, attachments_in, is_attachment, once, rows_in
from crawler.page import Page, PageRequest, Row
from crawler.paging.queries import query_number, with_query
from crawler.paging.records import data_of, literal_after, number_in, plain, row_of, walk

_REPORTS = re.compile(r"年报|年度报告")
_SID = re.compile(r"\bSID[\"']?\s*[:=]\s*[\"']?(\d+)")
_API = re.compile(r"/gkmlpt/api/all/\d+")


def score(page: Page) -> int:
    """The platform's path is sure; its configuration is a sign."""
    if _API.search(page.url):
        return 95
    points = 50 if "/gkmlpt/" in page.url else 0
    return points + (40 if re.search(r"_CONFIG\s*=\s*\{", page.text) and _SID.search(page.text) else 0)


def rows(page: Page) -> list[Row]:
    """The articles of an answer with their files; of an index, the nodes that jump to another column."""
    if page.is_data:
        return list(_articles(page))
    jumps = [row for node in _nodes(page) if (row := _jump(node, page)) is not None]
    return once([*jumps, *generic.rows(page)])


def pages(page: Page) -> list[PageRequest]:
    """The list of each node of annual reports; of a list, its next page until all have been seen."""
    if page.is_data:
        return _next(page)
    sid, nodes = _SID.search(page.text), list(_nodes(page))
    root = page.url.partition("/gkmlpt/")[0] if "/gkmlpt/" in page.url else urljoin(page.url, "/").rstrip("/")
    if sid is None or not nodes:
        return generic.pages(page) or _index(page, f"{root}/gkmlpt/index")
    numbers = dict.fromkeys(str(node.get("id")) for node in nodes if _has_list(node))
    urls = (f"{root}/gkmlpt/api/all/{number}?page=1&sid={sid[1]}" for number in numbers)
    return [PageRequest(url) for url in urls]


def total(page: Page) -> int | None:
    """The total of an answer, or the number of its category's posts."""
    return number_in(data_of(page), "total", "post_count") if page.is_data else None


def attachments(page: Page) -> list[Row]:
    """The files that the page links, that the article in its script links, and that stand beside that."""
    held = [row for row in rows_in(page.held, page.url) if is_attachment(row.url)]
    listed = literal_after(page.text, "attachments?")
    beside = [row for each in walk(listed) if (row := _file(each, page.url)) is not None]
    return once([*attachments_in(page), *held, *beside])


def _nodes(page: Page) -> Iterator[Mapping[str, Any]]:
    """The nodes of the tree that are called annual reports, and all below them."""
    for node in walk(literal_after(page.text, "TREE")):
        if _REPORTS.search(plain(node.get("name"))):
            yield from walk(node)


def _index(page: Page, url: str) -> list[PageRequest]:
    """The platform's index, which has the tree, for a page of the annual reports that has none."""
    wanted = "/gkmlpt/annualreport" in page.url and not page.shown_on
    return [PageRequest(url)] if wanted else []


def _has_list(node: Mapping[str, Any]) -> bool:
    count = node.get("post_count")
    return str(node.get("id", "")).isdecimal() and not node.get("jump_url") and str(count) != "0"


def _jump(node: Mapping[str, Any], page: Page) -> Row | None:
    target = node.get("jump_url")
    url = absolute(page.url, target) if isinstance(target, str) and target else None
    return Row(url, plain(node.get("name")), belongs=True) if url else None


def _articles(page: Page) -> Iterator[Row]:
    data = data_of(page)
    listed = data.get("articles") if isinstance(data, dict) else None
    for article in listed if isinstance(listed, list) else ():
        row = row_of(article, page.url) if isinstance(article, dict) else None
        if row is None:
            continue
        yield row
        files = (_file(each, page.url) for each in walk(article.get("attachment")))
        yield from (Row(file.url, row.title, row.date) for file in files if file is not None)


def _file(record: Mapping[str, Any], base: str) -> Row | None:
    """One attachment of a field: its address and its name."""
    name = record.get("name") or urlsplit(str(record.get("url", ""))).path.rsplit("/", 1)[-1]
    row = row_of({"title": name, **record}, base)
    return row if row is not None and is_attachment(row.url) else None


def _next(page: Page) -> list[PageRequest]:
    announced, listed = total(page) or page.announced, page.seen + len(list(_articles(page)))
    number = query_number(page.url, "page") or 1
    if announced is None or listed >= announced:
        return []
    return [PageRequest(with_query(page.url, {"page": number + 1}))]
