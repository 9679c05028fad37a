"""Walks a made site in this process with its markup changed into other skins of the same protocol."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlsplit

from archive.outcomes import FrontierRequest, RequestKind
from crawler.discovery.reading import Reader
from crawler.links import tidy
from crawler.page import Page
from sample import paths
from sample.places import Nesting, Site
from sample.sites import render_site
from sample.sites.files import Resource, SiteFiles
from sample.truth import Country

Skin = Callable[[str], str]
# What the protocol itself looks for stays: the pager of VSB, the ids that scripts and forms name.
_NAMES = re.compile(r'\s(?:class|id)="(?!vsb|pb_|p_|pageS|24|list"|pageNo)[^"]*"')
_TAGS = re.compile(r"<(/?)(a|li|ul|span|div|table|tr|td|p|meta|script)\b")


def _table(text: str) -> str:
    """Rows of a table in the place of a list's, tags in capitals, quotes single, no tags of the site."""
    text = re.sub(r'<meta name="(?:Column|Article|Pub|Content|Site)[^>]*>', "", text)
    text = re.sub(r"<li>(.*?)</li>", r"<tr><td>\1</td></tr>", text, flags=re.S)
    text = text.replace("<ul", "<table").replace("</ul>", "</table>").replace("<span>", "</td><td>")
    text = re.sub(r'(href|title|class|id|name|content|value)="([^"\']*)"', r"\1='\2'", text)
    return _TAGS.sub(lambda tag: f"<{tag[1]}{tag[2].upper()}", text)


def _bare(text: str) -> str:
    """No list, no class, no date, the whole title as text, lines broken inside of links."""
    dated = r"(<span>|\[)\s*\d{4}[-./年][\s\d]+[-./月][\s\d]+日?\s*(</span>|\])"
    text = re.sub(dated, "", _NAMES.sub("", text))
    text = re.sub(r'<a ([^>]*?)\s?title="([^"]*)"([^>]*)>.*?</a>', r"<a \1\3>\2</a>", text, flags=re.S)
    return re.sub(r"(<a [^>]*>)", r"\n  \1\n ", re.sub(r"<(/?)(?:ul|li)\b", r"<\1div", text))


SKINS: dict[str, Skin] = {"table": _table, "bare": _bare}


def walk(country: Country, site: Site, skin: Skin) -> set[str]:
    """The addresses that are kept as documents and attachments of a site in this skin."""
    base = f"http://{site.address}"
    files = render_site(country, site, 1, base)
    reader = Reader(lambda url: url.startswith(f"{base}/") and "/internal/" not in url)
    queue, asked, kept = deque(_entries(country, site, base)), set[str](), set[str]()
    while queue:
        request = queue.popleft()
        if request.id in asked:
            continue
        asked.add(request.id)
        page = _page(files, request, site, skin)
        assert page is not None, request.url
        reading = reader.read(page, request)
        queue.extend(reading.children)
        if reading.kind is not RequestKind.LISTING:
            kept.add(request.url)
    return kept


def truth(country: Country, site: Site) -> tuple[set[str], set[str]]:
    """The addresses of a site's reports with their files, and those of reports shown a second time."""
    places = [report.place for report in country.at_site(site)]
    reports = [path for place in places for path in (place.path, place.attachment) if path]
    twins = [place.twin for place in places if place.twin]
    return _urls(site, reports), _urls(site, twins)


def _urls(site: Site, found: list[str]) -> set[str]:
    return {url for path in found if (url := tidy(f"http://{site.address}{path}"))}


def _entries(country: Country, site: Site, base: str) -> Iterator[FrontierRequest]:
    bodies = country.bodies_of(site)
    for body in bodies if site.nesting is Nesting.BODIES else bodies[:1]:
        url = base + paths.entry(site, body)
        yield FrontierRequest(url, RequestKind.LISTING, meta={"root": url, "entry": True})


def _page(files: SiteFiles, request: FrontierRequest, site: Site, skin: Skin) -> Page | None:
    found = _answer(files, request)
    while found is not None and found.location:
        found = files.get(found.location)
    if found is None:
        return None
    body = found.body
    if "html" in found.content_type or "xml" in found.content_type:
        body = skin(body.decode(site.charset, "replace")).encode(site.charset, "replace")
    return Page(request.url, body, found.content_type, request.method, request.body)


def _answer(files: SiteFiles, request: FrontierRequest) -> Resource | None:
    parts = urlsplit(request.url)
    form = [*parse_qsl(parts.query, keep_blank_values=True), *parse_qsl(request.body, keep_blank_values=True)]
    return files.get(parts.path, dict(form))
