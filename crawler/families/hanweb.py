"""Hanweb JCMS (大汉): the first rows stand in a datastore in the page, the others come from dataproxy.jsp.

The server caps `endrecord` as it likes (three pages, in most places seen until 2026-11), so the next request
starts after the rows that came, not after those that were asked for.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from crawler.families import generic
from crawler.links import absolute, attachments_in, base_of, once, rows_in
from crawler.page import Page, PageRequest, Row, before_last, parse
from crawler.paging.queries import query_number, with_query

GROUP = 3
_RECORD = re.compile(r"<record>(.*?)</record>", re.S | re.I)
_STORE = re.compile(r"<datastore\b.*?</datastore>", re.S | re.I)
_INIT = re.compile(
    r"(?:InitData\w{0,40}+|dataStore)\s*+[=:]\s*+\[((?:(?!InitData|dataStore).)*?)\]\s*+[;,}]", re.S
)
_QUOTED = re.compile(r"'((?:[^'\\]++|\\.)*+)(?:'|\\?\Z)|\"((?:[^\"\\]++|\\.)*+)(?:\"|\\?\Z)", re.S)
"""Strings of a script; one that does not end goes on to the end, so that nobody looks for it again from within."""
_TOTAL = re.compile(r"<totalrecord>\s*+(\d+)|\btotalRecord\s*+[\"']?\s*+[:=]\s*+[\"']?(\d+)", re.I)
_PER_PAGE = re.compile(r"\bperPage\s*+[\"']?\s*+[:=]\s*+[\"']?(\d+)|[?&]perpage=(\d+)", re.I)
_PROXY = re.compile(r"[\"']([^\"'\s]*/(?:more)?(?:column)?dataproxy\.jsp)[^\"']*[\"']", re.I)
# The older form, and the one that loads more: the whole address stands in the page (Wenzhou 2026).
_ASKED = re.compile(r"[\"']([^\"'\s]*dataproxy\.jsp\?[^\"'\s]*columnid=[^\"'\s]*)[\"']", re.I)
_BY_GET = re.compile(
    r"\$\.get(?:JSON)?\([^;]{0,80}dataproxy\.jsp|\b(?:type|method)\s*:\s*[\"']get[\"'][^;}]{0,200}dataproxy\.jsp"
    r"|dataproxy\.jsp[^;}]{0,300}\b(?:type|method)\s*:\s*[\"']get[\"']",
    re.I,
)
_NEXT_GROUP = re.compile(
    r"<nextgroup>(?:(?!<nextgroup>).)*?href=[\"']([^\"']{1,2000}+)[\"'].*?</nextgroup>", re.S | re.I
)
_OWN = re.compile(r"/col/col\d+/|/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+")
_DETAIL = re.compile(r"/art/\d{4}/\d{1,2}/\d{1,2}/art_(\d+)_\d+")
_COLUMN = re.compile(r"/col/col(\d+)/")
_DEFAULT_PROXY = "/module/web/jpage/dataproxy.jsp"
_FORM = (
    "col",
    "appid",
    "webid",
    "path",
    "columnid",
    "sourceContentType",
    "unitid",
    "webname",
    "permissiontype",
)


def score(page: Page) -> int:
    """A datastore is sure; the pager's name and the way URLs are built are signs."""
    text = page.text
    stored = _STORE.search(before_last(text, "</datastore>")) or re.match(
        r"\s*+(?:<\?xml[^>]*+>)?\s*+<(?:datastore|recordset)", text
    )
    points = 70 if stored else 0
    points += 40 if "dataproxy.jsp" in text or ".jpage(" in text else 0
    points += 20 if _OWN.search(page.url) else 0
    return points


def rows(page: Page) -> list[Row]:
    """The records, then the links of the page around them (columns by year stand there)."""
    base = base_of(page)
    found = [row for record in _records(page) for row in rows_in(parse(record), base)]
    around = [] if _is_answer(page) else generic.rows(page)
    return once([*found, *around])


def pages(page: Page) -> list[PageRequest]:
    """The request that brings the next rows, or nothing when all have come."""
    came = len(_records(page))
    if _is_answer(page):
        return _after(page, came)
    if came == 0:
        return _asked(page, 2 if _shown(page) else 1) or generic.pages(page)
    announced = total(page)
    if announced is not None and came >= announced:
        return []
    form, linked = _form(page.text), _next_group(page)
    if _asked(page, 2) and not linked:
        return _asked(page, 2)
    if form.get("columnid") and (form.get("webid") or not linked):
        return [_first(page, form, came + 1)]
    return linked


def total(page: Page) -> int | None:
    """totalRecord of the page's script, or of the answer."""
    found = _TOTAL.search(page.text)
    return int(found[1] or found[2]) if found else None


def attachments(page: Page) -> list[Row]:
    """downfile.jsp carries the real name in showname."""
    return [_named(row) for row in attachments_in(page)]


def _after(page: Page, came: int) -> list[PageRequest]:
    """What follows an answer: the rows after those that came; after an empty one, the next group."""
    query = dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))
    announced = total(page) or page.announced
    if "startrecord" not in query:
        return _next_group(page) or _turned(page, came, announced)
    start = int(query["startrecord"]) if query["startrecord"].isdigit() else 1
    if came == 0:
        step = GROUP * _per_page(page)
        more = announced is not None and page.seen < announced and start + step <= announced
        return [_following(page, query, start + step)] if more else []
    if announced is not None and start + came > announced:
        return []
    return [_following(page, query, start + came)]


def _turned(page: Page, came: int, announced: int | None) -> list[PageRequest]:
    """The older form's next page, as long as rows come or are still announced."""
    number = query_number(page.url, "page")
    more = page.seen + came < announced if announced is not None else came > 0
    return [PageRequest(with_query(page.url, {"page": number + 1}))] if number and more else []


def _asked(page: Page, number: int) -> list[PageRequest]:
    """The page of this number by the address that stands in the page's script."""
    found = _ASKED.search(_around_store(page.spelled))
    url = absolute(page.url, found[1].replace("&amp;", "&")) if found else None
    if url is None or "startrecord" in url:
        return []
    return [PageRequest(with_query(url, {"page": query_number(url, "page") or number}))]


def _shown(page: Page) -> bool:
    """Whether the page has its first rows as plain links: details of its own column, or any with a date."""
    own = _COLUMN.search(page.url)
    details = ((row, _DETAIL.search(row.url)) for row in generic.rows(page))
    return any(found and (row.date or (own and found[1] == own[1])) for row, found in details)


def _is_answer(page: Page) -> bool:
    """Whether this is the answer of the proxy, and no page."""
    return "dataproxy.jsp" in page.url


def _bare(record: str) -> str:
    """What a record holds, out of its CDATA."""
    return record.strip().removeprefix("<![CDATA[").removesuffix("]]>").strip()


def _records(page: Page) -> list[str]:
    """The markup of each record: from the datastore, or from the array of the older script."""
    found = [_bare(record) for record in _RECORD.findall(before_last(page.text, "</record>"))]
    if found:
        return [record for record in found if "<a" in record.lower()]
    quoted = [
        double or single for array in _INIT.findall(page.text) for single, double in _QUOTED.findall(array)
    ]
    return [re.sub(r"\\(['\"/])", r"\1", record) for record in quoted if "<a" in record.lower()]


def _around_store(text: str) -> str:
    """The page without its datastores."""
    closed = before_last(text, "</datastore>")
    return _STORE.sub("", closed) + text[len(closed) :]


def _per_page(page: Page) -> int:
    found = _PER_PAGE.search(page.text) or _PER_PAGE.search(page.url)
    return max(1, int(found[1] or found[2])) if found else 15


def _form(text: str) -> dict[str, str]:
    """The form that the page's own script would post, in its order."""
    scripts = "\n".join(re.findall(r"<script\b[^>]*>(.*?)</script>", _around_store(text), re.S | re.I))
    found = {}
    for name in _FORM:
        match = re.search(rf"\b{name}[\"']?\s*[:=]\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s,;&}}\"'<]+))", scripts)
        if match:
            found[name] = next(group for group in match.groups() if group is not None)
    return found


def _first(page: Page, form: dict[str, str], start: int) -> PageRequest:
    proxy = _PROXY.search(page.text)
    per_page = _per_page(page)
    window = {"startrecord": start, "endrecord": start + GROUP * per_page - 1, "perpage": per_page}
    url = urljoin(page.url, proxy[1] if proxy else _DEFAULT_PROXY)
    if _BY_GET.search(page.text):
        return PageRequest(f"{url}?{urlencode({**window, **form})}")
    return PageRequest(f"{url}?{urlencode(window)}", "POST", urlencode(form))


def _following(page: Page, query: dict[str, str], start: int) -> PageRequest:
    """The same question, further on."""
    per_page = int(query["perpage"]) if query.get("perpage", "").isdigit() else 15
    query = {**query, "startrecord": str(start), "endrecord": str(start + GROUP * per_page - 1)}
    url = urlunsplit(urlsplit(page.url)._replace(query=urlencode(query)))
    return PageRequest(url, page.method, page.request_body)


def _next_group(page: Page) -> list[PageRequest]:
    """The dialect that links its next group itself."""
    found = _NEXT_GROUP.search(before_last(page.text, "</nextgroup>"))
    url = absolute(page.url, found[1].replace("&amp;", "&")) if found else None
    return [PageRequest(url)] if url and url != page.url else []


def _named(row: Row) -> Row:
    name = dict(parse_qsl(urlsplit(row.url).query)).get("showname", "")
    return Row(row.url, row.title if row.title and not name else name or row.title, row.date)
