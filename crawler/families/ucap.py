"""UCAP (开普, iGov): static list_2.shtml or list.shtml?2, or JSON from /common/search/<channelId>.

Seen until 2026-11 in Heilongjiang, Xinjiang, Tibet, Jiangsu, Jiangxi, Hainan, Hunan, Gansu and several ministries.
The pager's call has the name of the one of TRS, but begins with an element and counts from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from crawler.families import generic
from crawler.links import absolute, attachments_in, once
from crawler.page import Page, PageRequest, Row, meta_of, without_comments
from crawler.paging.queries import NUMBERS, more_after, query_number, turned
from crawler.paging.records import data_of, number_in, plain, rows_of, walk

MAX_PAGES = 300
_CALL = re.compile(
    r"\bcreatePage(?:HTML)?\s*\(\s*[\"'][\w#.-]*[\"']\s*,\s*[\"']?(\d+)[\"']?\s*,\s*[\"']?(\d+)[\"']?\s*,"
    r"\s*[\"']([\w-]+)[\"']\s*,\s*[\"']\.?(\w+)[\"']\s*(?:,\s*[\"']?(\d+))?",
    re.I,
)
_SEARCH = re.compile(
    r"[\"'](?P<path>(?:https?:)?[^\"'\s]*/(?:search|searchList)/)(?P<channel>[0-9a-f]{32})?(?P<query>\?[^\"'\s]*)?[\"']",
    re.I,
)
_ASKED = re.compile(r"/(?:search|searchList)/[0-9a-f]{32}", re.I)
_CHANNEL = re.compile(r"\bchannelId[\"']?\s*[:=]\s*[\"']([0-9a-f]{32})[\"']", re.I)
_TREE = re.compile(r"[\"']([^\"'\s]*/common/getChannelList\?[^\"'\s]*channelCode=\w[^\"'\s]*)[\"']")
# Tibet, 2026: lists and articles come from one proxy, which is told what to ask for.
_PROXY = r"[\"']([^\"'\s]*/interface-cms/proxy/api\?[^\"'\s]*apiUrl={}[^\"'\s]*)[\"']"
_ARTICLE = re.compile(_PROXY.format(r"manuscript(?:%2F|/)[^\"'\s]*manuscriptId=[0-9a-f]{32}"), re.I)
_PROXIED = re.compile(_PROXY.format(r"channel(?:%2F|/)"), re.I)
_POST = re.compile(r"[\"']([^\"'\s]*/szinf/[\w/]+loadData\w*(?:\?[^\"'\s]*)?)[\"']")
_DATA = re.compile(r"/common/getChannelList|/szinf/|/interface-cms/")
_FIELDS = ("channelId", "deptId", "pageSize")
_SIZE = re.compile(r"_?pageSize[\"']?\s*(?:[:=]|\"\s+(?:type=\"hidden\"\s+)?value=)\s*[\"']?(\d{1,3})", re.I)
_DETAIL = re.compile(
    r"^(?>.*?/c\d{5,6}(?=/)).*/\w+\.shtml|/[0-9a-f]{32}\.shtml|/c\d+_\d+\.shtml|/content\.shtml"
)
# A link to another site says nothing of this one.
_OWN = re.compile(r"href=[\"'](?!https?:|//)[^\"']*/[0-9a-f]{32}\.shtml", re.I)
_YEAR = re.compile(r"(?:19|20)\d{2}\s*年?度?")
_DEFAULT = "?_isAgg=true&_isJson=true&_pageSize=20&_template=index&_rangeTimeGte=&_channelName=&page=1"


def score(page: Page) -> int:
    """Its own tags are sure; the channel's id, the search and the way details are named are signs."""
    if _ASKED.search(page.url) or _DATA.search(page.url):
        return 95 if page.is_data else 40
    text = page.text
    points = 60 if re.search(r"<UCAP|UCAP-CONTENT", text, re.I) else 0
    points += 40 if _channel(page) else 0
    points += 40 if "/common/search/" in text or _CALL.search(text) else 0
    points += 50 if "/interface-cms/proxy/api" in text else 0
    points += 25 if re.search(r"_gkn[br]z\.shtml|/c\d{5,6}/", page.url) or _DETAIL.search(page.url) else 0
    return points + (15 if _OWN.search(text) else 0)


def rows(page: Page) -> list[Row]:
    """The links of the page, or the results of the search, or the channels below."""
    if not page.is_data:
        return generic.rows(page)
    data = data_of(page)
    return once([*rows_of(data, page.url), *_channels(data, page)])


def pages(page: Page) -> list[PageRequest]:
    """list_2.shtml … as the call says; else the links of a pager; else what the page's script searches for."""
    if page.is_data:
        return _next(page)
    tree = [PageRequest(url) for found in _TREE.findall(_live(page)) if (url := absolute(page.url, found))]
    call = _CALL.search(_live(page))
    if call:
        urls = (
            urljoin(page.url, f"{call[3]}_{n}.{call[4]}") for n in range(2, min(int(call[1]), MAX_PAGES) + 1)
        )
        return [*tree, *(PageRequest(url) for url in urls if url != page.url)]
    return [*tree, *(generic.pages(page) or ([] if tree else _first(page)))]


def total(page: Page) -> int | None:
    """The sixth argument of the pager's call, the total of an answer, or 共52条."""
    if page.is_data:
        return number_in(data_of(page), "total", "totalCount", "totalRecord")
    call = _CALL.search(_live(page))
    return int(call[5]) if call and call[5] else generic.total(page)


def attachments(page: Page) -> list[Row]:
    """Files beside the page, named by their links; and the article that a script of the page asks for as data."""
    asked = (absolute(page.url, unescape(each)) for each in _ARTICLE.findall(page.spelled))
    return [*(Row(url, page.title) for url in dict.fromkeys(asked) if url), *attachments_in(page)]


def _live(page: Page) -> str:
    """The markup without its comments: a pager that stands in one is none."""
    return without_comments(page.spelled)


def _channel(page: Page) -> str:
    """The id of the channel, from its tag or from a script."""
    metas = meta_of(page, "channelid")
    found = next((each for each in metas if re.fullmatch(r"[0-9a-f]{32}", each, re.I)), "")
    script = _CHANNEL.search(page.text)
    return found or (script[1] if script else "")


def _listed(page: Page) -> int:
    """How many details the page itself lists."""
    return sum(bool(row.date and _DETAIL.search(row.url)) for row in generic.rows(page))


def _has_years(page: Page) -> bool:
    """Whether the page leads to columns by year: it has no list of its own then."""
    return sum(bool(_YEAR.match(row.title)) for row in generic.rows(page)) > 1


def _first(page: Page) -> Iterator[PageRequest]:
    """The request that goes on where the rows of the page end."""
    posted = _POST.search(page.spelled)
    if posted:
        yield _post(page, posted[1])
        return
    proxied = _PROXIED.search(page.spelled)
    if proxied and (url := absolute(page.url, unescape(proxied[1]))):
        yield PageRequest(turned(url, 1))
        return
    script, channel, shown = _SEARCH.search(page.spelled), _channel(page), _listed(page)
    announced = total(page)
    if not (channel or (script and script["channel"])) or (announced is not None and shown >= announced):
        return
    size = _SIZE.search(page.text)
    # A template with a page size and no row has them searched for by a script of its own (Gansu, 2025-11).
    if script is None and ((shown and announced is None) or (_has_years(page) and not size)):
        return
    path = script["path"] if script else "/common/search/"
    query = dict(parse_qsl(_DEFAULT[1:], keep_blank_values=True))
    query |= {"_pageSize": size[1]} if size else {}
    query |= dict(parse_qsl((script["query"] or "")[1:], keep_blank_values=True)) if script else {}
    query["page"] = str(shown // max(1, int(query["_pageSize"] or 20)) + 1)
    url = absolute(page.url, f"{path}{(script and script['channel']) or channel}?{urlencode(query)}")
    if url:
        yield PageRequest(url)


def _post(page: Page, address: str) -> PageRequest:
    """Suzhou, 2026: the list comes for a form with the channel and the department."""
    fields = {}
    for name in _FIELDS:
        found = re.search(rf"\b{name}[\"']?\s*[:=]\s*[\"']?([\w-]+)", page.text)
        if found:
            fields[name] = found[1]
    return PageRequest(urljoin(page.url, address), "POST", urlencode({**fields, "pageIndex": 1}))


def _next(page: Page) -> list[PageRequest]:
    """The next page of a search, while its total says that there is one; an empty page ends nothing."""
    data = data_of(page)
    if page.method == "POST":
        form = dict(parse_qsl(page.request_body, keep_blank_values=True))
        index, last = int(form.get("pageIndex") or 1), number_in(data, "totalPage", "pages")
        body = urlencode({**form, "pageIndex": index + 1})
        return [PageRequest(page.url, "POST", body)] if last and index < last else []
    number = query_number(page.url, *NUMBERS) or 1
    size = number_in(data, "rows") or query_number(page.url, "_pageSize", "pageSize") or 20
    announced = total(page) or page.announced
    listed = len(rows_of(data, page.url))
    if "getChannelList" in page.url or not more_after(number, size, listed, page.seen, announced):
        return []
    return [PageRequest(turned(page.url, number + 1))]


def _channels(data: Any, page: Page) -> Iterator[Row]:
    """The channels of a tree that have no address: each is searched for under its id."""
    for record in walk(data):
        name, channel = plain(record.get("displayName")), str(record.get("channelId") or "")
        if (
            name
            and re.fullmatch(r"[0-9a-f]{32}", channel)
            and not record.get("url")
            and "title" not in record
        ):
            parts = urlsplit(page.url)
            yield Row(f"{parts.scheme}://{parts.netloc}/common/search/{channel}{_DEFAULT}", name)
