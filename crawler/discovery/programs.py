"""Scripts in files of a site that a listing needs to say how it goes on: which to ask for, and the page with them.

They are asked for only in doubt: where a page shows less than it announces, nothing at all, or a pager without a word, and
nothing on it leads on. Whatever came once is put into every later page of the site that names it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from archive.outcomes import FrontierRequest
from crawler.discovery.ways import Shown, is_short
from crawler.links import absolute, base_of, text_of
from crawler.page import Page, decode

MOST = 3
OF = "script_of"
"""What a request for a script knows: the request for the page that needs it (its address, method, body, meta)."""
READ = "programs"
"""What the request for a page knows that is read again with its scripts."""
_FIRST = 9
"""They are asked for before all else of their host: what names the same script need not ask for it again."""
_LIBRARY = re.compile(
    r"jquery(?![./_-]*(?:page|pagin|list))|bootstrap|vue|react|angular|axios|layui|element|echarts|swiper|slick|superslide"
    r"|html5|respond|modernizr|polyfill|require|sea\.js|lodash|underscore|moment|handlebars|template|share|stat|tongji"
    r"|analytics|gtag|hm\.js|count|click|login|search|weather|video|player|slide|banner|focus|scroll|nav|menu|zoom|font"
    r"|print|qrcode|wza|ipv6|jweixin|md5|base64|aes|crypto|cookie|calendar|wdate",
    re.I,
)
"""Names of scripts that turn no list: libraries, and what stands around one."""
_LIKELY = re.compile(r"page|pagin|fenye|^fy|turn|list|column|channel|main|app|index|common", re.I)
_PAGER = re.compile(
    r"(?:^|\s|[_-])(?:page|pages|pager|pagebar|pagination|paging|pagelist|fenye|fy)(?:$|\s|[_-])", re.I
)
_SOURCE = re.compile(
    r"<script\b[^>]{0,400}?\bsrc\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s>]+))[^>]{0,400}>\s*</script\s*>",
    re.I,
)


def scripts_of(page: Page) -> list[str]:
    """The addresses of the scripts in files that may turn the list of a page, the likeliest first."""
    base = _base(page)
    found = (absolute(base, _source(match)) for match in _SOURCE.finditer(page.text))
    urls = [url for url in dict.fromkeys(found) if url is not None and not _LIBRARY.search(_name(url))]
    return sorted(urls, key=lambda url: not _LIKELY.search(_name(url)))[:MOST]


def _base(page: Page) -> str:
    """What addresses of a page are relative to, without a tree where there is none to say it."""
    return base_of(page) if "<base" in page.lower else page.url


def _source(match: re.Match[str]) -> str:
    return match["double"] or match["single"] or match["bare"] or ""


def _name(url: str) -> str:
    return url.partition("?")[0].rsplit("/", 1)[-1]


def has_bare_pager(page: Page) -> bool:
    """Whether an element that calls itself a pager says nothing: a script is to fill it."""
    named = (
        (element, f"{element.get('class') or ''} {element.get('id') or ''}") for element in page.tree.iter()
    )
    return any(_PAGER.search(name) and not text_of(element) for element, name in named if name != " ")


def is_in_doubt(page: Page, asked: FrontierRequest, shown: Shown) -> bool:
    """Whether a script in a file may know more of a list than the page itself shows."""
    if page.is_data or page.shown_on or asked.meta.get(READ):
        return False
    return not shown.lists or is_short(shown) or has_bare_pager(page)


def requests(
    page: Page, asked: FrontierRequest, allows: Callable[[str], bool], *, shows: bool
) -> list[FrontierRequest]:
    """The requests for the scripts of a page; the last answers for a column of which the page itself `shows` nothing."""
    of = {"url": page.url, "method": asked.method, "body": asked.body, "meta": dict(asked.meta)}
    meta: dict[str, object] = {"root": asked.meta.get("root") or asked.url, OF: of}
    urls = [url for url in scripts_of(page) if allows(url)]
    own = replace(asked, method="GET", body="", referer=page.url, meta=meta)
    found = [replace(own, url=url, priority=_FIRST - place) for place, url in enumerate(urls)]
    if found and asked.meta.get("entry") and not shows:
        found[-1] = replace(found[-1], meta={**meta, "entry": True})
    return found


def page_request(asked: FrontierRequest) -> FrontierRequest | None:
    """The request for the page that a script was asked for, as one that is read with it; None for what is no script."""
    of: Any = asked.meta.get(OF)
    if not isinstance(of, dict):
        return None
    meta = {**of["meta"], READ: True}
    return replace(asked, url=of["url"], method=of["method"], body=of["body"], meta=meta)


def with_scripts(page: Page, scripts: Mapping[str, bytes]) -> Page:
    """A page that holds what stands in these files of scripts (bytes by address), each in its place."""
    if not scripts:
        return page
    base = _base(page)

    def put(match: re.Match[str]) -> str:
        code = scripts.get(absolute(base, _source(match)) or "")
        return match[0] if code is None else f"<script>{decode(code).replace('</script', '')}</script>"

    return replace(page, body=_SOURCE.sub(put, page.text).encode("utf-8", "replace"), memo={})
