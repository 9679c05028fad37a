"""Links out of markup: resolved, tidied, with their full title and the date beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from ipaddress import IPv6Address
from itertools import islice
from typing import cast
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from lxml import etree

from crawler.page import Element, Page, Row, select
from parsers.heading.names import FILE_TYPE

MAX_ROWS = 5000
_LONGEST_NAME = 253
"""Characters of a host (RFC 1035)."""
_NO_NAME = re.compile(r"[\x00-\x20\"#%/:<>?@\[\\\]^`{|}\x7f]")
_FILE_TYPE = re.compile(rf"{FILE_TYPE}\b")
_HANDED_OUT = ("/down", "attach", "/file/download/")
"""What `_DOWNLOAD` finds has one of these in it."""
_FILE = re.compile(rf"{FILE_TYPE}(?:$|[?#&])", re.I)
# Hanweb and VSB hand out attachments through a script, some without a file type in the URL.
_DOWNLOAD = re.compile(
    r"/downfile\.jsp\?|/down(?:load)?(?:file|attach\w*)?(?:\.\w{2,6})?\?|/(?:file|attach\w*)/download/|DownloadAttachUrl"
    r"|/attach(?:ment)?s?/[^?]*\.\w{2,4}",
    re.I,
)
_VIEWER = re.compile(r"[?&](?:file|url)=([^&#]+)", re.I)
_DATE = re.compile(r"(?:19|20)\d{2}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}\s*日?")
_SHORT_DATE = re.compile(r"(?<!\d)\d{1,2}-\d{1,2}(?!\d)")
# Words that say nothing of what they lead to: the row around them does.
_WEAK_WORDS = (
    r"(?:点击|在线|全文)?(?:查看|详情|查看详情|查看全文|下载|点击下载|附件下载|下载附件|查阅|浏览|阅读|打开|更多|>>|»)"
    r"|(?:下载)?(?:word|pdf|docx?|wps|ofd|html)(?:版本?|格式|文档|下载)?|(?:网页|文字|电子)版本?"
)
_WEAK = re.compile(rf"^[\[【(（]?(?:{_WEAK_WORDS})[\]】)）]?$", re.I)
_WEAK_PIECE = re.compile(rf"[\[【(（](?:{_WEAK_WORDS})?[\]】)）]", re.I)
_ROW_TAGS = frozenset({"li", "tr", "dd", "dl", "p"})
_TEXTS = etree.XPath(".//text()[not(parent::script or parent::style)]", smart_strings=False)
_LONGEST_ROW = 200
_PAPER = re.compile(r"\.(?:x?html?|shtml?|txt|mht)$", re.I)
_ANNEX = re.compile(r"^[\s\[【（(]*附\s*[件表录]")
MAX_ANNEXED = 20
_OPENS = re.compile(r"(?:open\(|location(?:\.href)?\s*=)\s*[\"']([^\"']+)[\"']")
_NOT_ASCII = re.compile(r"[^!-~]+")
# What a site hands to each visitor anew: with it a page would have another address at every look. `sessionid=13` is
# the thirteenth session of a congress, `assessid=…` an assessment: a visit's id is long, and drawn.
_DRAWN = r"(?=[^&]*\d)[\w.!~-]{16,}(?=&|$)"
_SESSION = re.compile(r";\w*session_?id\w*=[^/?#;]*|/\(S\(\w{20,40}\)\)(?=/)", re.I)
_VISIT = re.compile(
    rf"(?:^|&)(?:\w{{0,12}}(?<!as)sess(?:ion)?_?(?:id|key)\w{{0,12}}={_DRAWN}|cfid=\d+&cftoken=[\w-]+|(?:\w{{0,20}}_)?[cx]srf\w{{0,20}}=[^&]*)",
    re.I,
)
_TOKEN = re.compile(rf"(?:^|&)(?:_?token|ticket|access_?token)={_DRAWN}", re.I)
_BIG5 = re.compile(r"^(https?)://[^/]+/gate/(?:big5|gb)/(.+)$", re.I)


def absolute(base: str, href: str) -> str | None:
    """The address that a link means, tidied; None for what is no page: javascript:, mailto:, an anchor."""
    href = re.sub(r"[\t\r\n]", "", href).strip()
    if "\\" in href:  # as browsers do, in all but the query
        path, question, query = href.partition("?")
        href = path.replace("\\", "/") + question + query
    if not href or href.startswith("#"):
        return None
    try:
        return tidy(urljoin(base, href))
    except ValueError:
        return None


def tidy(url: str, *, keeps_visit: bool = False) -> str | None:
    """One spelling for one address: lower-case host, no usual port, no fragment, no big5 gateway, no visit's own id."""
    gateway = _BIG5.match(url)
    if gateway:
        url = f"{gateway[1]}://{gateway[2]}"
    try:
        parts = urlsplit(url)
        port, name = parts.port, _named(parts.hostname or "")
        if parts.scheme.lower() not in ("http", "https") or not name:
            return None
        scheme = parts.scheme.lower()
        usual = port in (None, {"http": 80, "https": 443}[scheme])
        netloc = name if usual else f"{name}:{port}"
        path = re.sub(r"^(?:/\.\.)+(?=/)", "", parts.path)
        if not keeps_visit:
            parts, path = parts._replace(query=_without(_VISIT, parts.query)), _SESSION.sub("", path)
        return urlunsplit((scheme, netloc, _encoded(path) or "/", _encoded(parts.query), ""))
    except ValueError:  # half a character is one, too
        return None


def _without(pattern: re.Pattern[str], query: str) -> str:
    return pattern.sub("", query).lstrip("&") if "=" in query else query


def lasting(row: Row) -> Row:
    """A row whose address has no token in it that was drawn for this visit; `linked` is how the page links it."""
    parts = urlsplit(row.url)
    query = _without(_TOKEN, parts.query)
    return (
        row
        if query == parts.query
        else replace(row, url=parts._replace(query=query).geturl(), linked=row.url)
    )


@lru_cache(maxsize=4096)
def _named(host: str) -> str:
    """A host as it is asked for, in ASCII; empty for what cannot be one. ValueError for a label that is too long."""
    if ":" in host:
        return f"[{IPv6Address(host.partition('%')[0]).compressed}]"
    name = host.lower().removesuffix(".").encode("idna").decode()
    return "" if len(name) > _LONGEST_NAME or _NO_NAME.search(name) else name


def _encoded(text: str) -> str:
    """What no address may hold as it stands, as browsers send it; an address that is encoded stays."""
    return _NOT_ASCII.sub(lambda found: quote(found[0]), text)


def squeeze(text: str | None) -> str:
    """Text with its white space folded."""
    return " ".join((text or "").split())


def text_of(element: Element) -> str:
    """What a reader sees of an element, without scripts and styles."""
    return squeeze("".join(cast(list[str], _TEXTS(element))))


def date_in(text: str) -> str:
    """The first date of a text as YYYY-MM-DD, or MM-DD as printed where the year is missing, or empty."""
    found = _DATE.search(text)
    if found:
        year, month, day = re.findall(r"\d+", found[0])
        return f"{year}-{int(month):02d}-{int(day):02d}"
    short = _SHORT_DATE.search(text)
    return short[0] if short else ""


def base_of(page: Page) -> str:
    """What relative links of a page are relative to."""
    own = page.shown_on if page.inserted and page.shown_on else page.url
    found = select(page.tree, "string((//base/@href)[1])")
    try:
        base = urljoin(own, str(found).strip())
        return base if urlsplit(base).hostname else own
    except ValueError:
        return own


def rows_in(tree: Element, base: str) -> list[Row]:
    """Every link of a tree once, in order, with its title and date."""
    found: dict[str, Row] = {}
    for anchor in tree.iter("a"):
        url = absolute(base, anchor.get("href") or "") or clicked(anchor, base)
        if url is None or len(found) >= MAX_ROWS:
            continue
        url = _unwrapped(url)
        row = _row(anchor, url)
        known = found.get(url)
        # A picture and a title often lead to the same page: the longer title says more.
        if known is None or len(row.title) > len(known.title):
            found[url] = row
    return [row for row in found.values() if row.title]


def _unwrapped(url: str) -> str:
    """The file that a viewer's address names, else the address: viewer.html?file=%2Fup%2F1.pdf."""
    viewer = _VIEWER.search(url)
    if not viewer or "view" not in urlsplit(url).path.lower():
        return url
    return absolute(url, unquote(viewer[1])) or url


def clicked(element: Element, base: str) -> str | None:
    """Where a click leads, for an element that has no address of its own."""
    opened = _OPENS.search(f"{element.get('onclick') or ''} {element.get('href') or ''}")
    return absolute(base, opened[1]) if opened else None


def _row(anchor: Element, url: str) -> Row:
    return Row(url, *title_beside(anchor))


def title_beside(anchor: Element) -> tuple[str, str]:
    """The full title of a link, and the date printed beside it."""
    context = _context(anchor)
    around = text_of(context) if context is not None else ""
    return _title(anchor, around), date_in(around) or _date_beside(anchor)


def _date_beside(anchor: Element) -> str:
    """The date of a row whose parts stand in elements of their own: as far up as there is no other link."""
    for parent in islice(anchor.iterancestors(), 4):
        if parent.tag in ("body", "html") or len(select(parent, "(.//a)[position() < 3]")) > 1:
            break
        around = text_of(parent)
        date = date_in(around) if len(around) < _LONGEST_ROW else ""
        if date:
            return date
    return ""


def _title(anchor: Element, around: str) -> str:
    """The full title: list text is often cut with an ellipsis, and whole in title=."""
    shown = _heading(anchor) or text_of(anchor) or squeeze(select(anchor, "string((.//img/@alt)[1])"))
    whole = _said(anchor.get("title") or "", shown)
    if _WEAK.match(shown) and not _DATE.fullmatch(whole or "x") and len(whole) <= len(shown):
        rest = _WEAK_PIECE.sub(" ", _DATE.sub(" ", around.replace(shown, " ")))
        return squeeze(rest) or shown
    shown = squeeze(_DATE.sub(" ", shown)) or shown
    return (
        whole if whole and (not shown or "…" in shown or "..." in shown or len(whole) > len(shown)) else shown
    )


def _heading(anchor: Element) -> str:
    """The heading of a card that is a link as a whole, with a date and the beginning of a text in it."""
    if not len(anchor):
        return ""
    found = select(anchor, "(.//h1|.//h2|.//h3|.//h4|.//h5|.//h6|.//dt)[1]")
    return text_of(found[0]) if found else ""


def _said(title: str, shown: str) -> str:
    """What title= says; of several lines (动易: 标题、作者、点击数) the one that the link shows."""
    lines = [line for line in title.splitlines() if line.strip()]
    whole = next((line for line in lines if shown[:6] in line), title) if len(lines) > 1 else title
    return squeeze(re.sub(r"^\s*(?:文章)?标题\s*[:：]", "", whole))


def _context(anchor: Element) -> Element | None:
    """The row around a link: the nearest item, table row or paragraph, if it is about this link alone."""
    for distance, parent in enumerate(anchor.iterancestors()):
        if parent.tag in _ROW_TAGS:
            return parent if len(select(parent, "(.//a)[position() < 5]")) < 4 else None
        if distance > 4:
            break
    near = anchor.getparent()
    return near if near is not None and near.tag in ("div", "span") and len(near) <= 4 else None


def tells_of_files(page: Page) -> bool:
    """Whether anything on a page, its scripts included, has what `is_attachment` looks for: most pages have not."""
    return bool(_FILE_TYPE.search(page.lower)) or any(word in page.lower for word in _HANDED_OUT)


def is_attachment(url: str) -> bool:
    """Whether a URL leads to a file beside a page, by its type or by the way its CMS hands files out."""
    parts = urlsplit(url)
    return bool(_FILE.search(f"{parts.path}?{unquote(parts.query)}") or _DOWNLOAD.search(url))


def attachments_in(page: Page) -> list[Row]:
    """The files that a page links, shows in a frame, or names in a viewer's address."""
    base = base_of(page)
    rows = [row for row in rows_in(page.tree, base) if is_attachment(row.url) or _FILE.search(row.title)]
    known = {row.url for row in rows}
    for url in _framed(page, base):
        if url not in known:
            known.add(url)
            rows.append(Row(url, unquote(urlsplit(url).path.rsplit("/", 1)[-1])))
    return rows[:100]


def _framed(page: Page, base: str) -> Iterator[str]:
    for source in select(page.tree, "//iframe/@src | //embed/@src | //object/@data"):
        viewer = _VIEWER.search(str(source))
        for candidate in (str(source), unquote(viewer[1]) if viewer else ""):
            url = absolute(base, candidate) if candidate else None
            if url and _FILE.search(urlsplit(url).path):
                yield url


def annexed(page: Page) -> list[Row]:
    """The pages and plain texts that a page names as what is annexed to it: 附件：<a href="/files/5.htm">."""
    base, found = base_of(page), dict[str, Row]()
    said: dict[Element, str] = {}
    for anchor in islice(page.tree.iter("a"), MAX_ROWS):
        url = absolute(base, anchor.get("href") or "")
        if url is None or url in found or url == page.url or not _PAPER.search(urlsplit(url).path):
            continue
        if len(found) == MAX_ANNEXED:
            break
        around = anchor.getparent()
        if around is not None and around not in said:
            said[around] = text_of(around)
        words = said.get(around, "") if around is not None else ""
        if _ANNEX.match(words if len(words) < 2 * _LONGEST_ROW else text_of(anchor)):
            found[url] = Row(url, *title_beside(anchor))
    return list(found.values())


def once(rows: Iterable[Row]) -> list[Row]:
    """Rows without a second one for the same address."""
    found: dict[str, Row] = {}
    for row in rows:
        found.setdefault(row.url, row)
    return list(found.values())
