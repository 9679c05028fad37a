"""From the links of a page to sites that nobody registered: hosts of the state that it links by the name of a body.

Pure. Nothing here is asked: what is found are candidates, each with the link that named it, until a survey takes it up.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from archive.bodies import Kind, canonical, is_body, kind_of
from archive.divisions import beginning, divisions
from archive.outcomes import host_of
from crawler.divisions import level_of
from crawler.hosts import parent_of
from crawler.links import absolute, base_of, text_of
from crawler.naming import identifier, province_file
from crawler.page import Page, select
from crawler.registry import Entry, Source

STATE_SUFFIXES = ("gov.cn", "xn--zfr164b")
"""Under these only the state has names: gov.cn, and 政务 as a top-level domain."""
MOST = 2000
"""Links of one page that are looked at; the longest link blocks have half of it."""
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]+")
_SITE_WORDS = re.compile(r"(?<=[府局厅委部署办院省市县区州旗])(?:门户|官方|政务)*网站?$")
_LONGEST = 40
_LONGEST_PLACE = 16
_UNIT = re.compile(r"(?:[\u4e00-\u9fff]{1,40}族)?(?:自治)?[省市县区州旗盟]|特别行政区|地区|林区")
_ABOVE = re.compile(r"^[省市县区州旗盟本](?=.{2,})(?!场|政|容|域)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A site that a page names: as a row of a registry, with the page and the words that speak for it."""

    source: Source
    from_url: str
    evidence: str

    def row(self) -> dict[str, str]:
        """As the archive keeps it."""
        return {**self.source.row(), "from_url": self.from_url, "evidence": self.evidence}


def candidates(page: Page, source: Source, known: Collection[str]) -> list[Candidate]:
    """The hosts that a page of a source links by the name of a body; those in `known` are none."""
    found: dict[str, Candidate] = {}
    for url, title in _linked(page):
        host = host_of(url)
        if host in found or host in known or not is_of_state(url) or host == host_of(page.url):
            continue
        named = _body(title, source)
        if named is not None:
            name, division = named
            made = _source(url, name, division, source)
            found[host] = Candidate(made, page.url, f"linked as {title} from {source.id}")
    return list(found.values())


def is_of_state(url: str) -> bool:
    """Whether an address is one of a host below the state's suffixes, and looks like nothing else."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or parts.username or parts.port or not _HOST.fullmatch(host):
        return False
    return host.endswith(tuple(f".{suffix}" for suffix in STATE_SUFFIXES)) and bool(parent_of(host))


def _linked(page: Page) -> Iterator[tuple[str, str]]:
    """What a page links, link blocks in drop-down lists included."""
    base = base_of(page)
    options = select(page.tree, f"(//option[contains(@value, '://')])[position() <= {MOST}]")
    anchors = select(page.tree, f"(//a[@href])[position() <= {MOST}]")
    told = [(each.get("href"), text_of(each) or each.get("title")) for each in anchors]
    told += [(each.get("value"), text_of(each)) for each in options]
    for address, title in told:
        plain = re.sub(r"\s+", "", title or "")
        if plain and len(plain) <= _LONGEST and (url := absolute(base, address or "")) is not None:
            yield url, plain


def _body(title: str, source: Source) -> tuple[str, str] | None:
    """The body that a link names, and its division; None for what names none, or where it may lie in several."""
    bare = _SITE_WORDS.sub("", title) or title
    place = _place(bare.removesuffix("人民政府").removesuffix("政府"), source.division)
    if place:
        return canonical(f"{divisions()[place]}人民政府"), place
    name = canonical(bare)
    if not is_body(name) or kind_of(name) is Kind.GOVERNMENT:
        return None
    code = _within(name, source.division)
    if code:
        return name, code
    if not source.division:
        return name, ""
    return divisions().get(source.division, "") + _ABOVE.sub("", name), source.division


def _place(name: str, near: str) -> str:
    """The division of a name, with its unit or without: below the source first, then beside it, then anywhere."""
    whole, short = _names()
    return _nearest(whole.get(name) or short.get(name, ()), near)


@cache
def _names() -> tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]]]:
    """The codes of divisions by their names, and by their names without the unit: 新乡, 广西."""
    whole: defaultdict[str, list[str]] = defaultdict(list)
    short: defaultdict[str, list[str]] = defaultdict(list)
    for code, place in divisions().items():
        whole[place].append(code)
        for length in range(2, len(place)):
            if _UNIT.fullmatch(place[length:]):
                short[place[:length]].append(code)
    return whole, short


def _nearest(codes: Sequence[str], near: str) -> str:
    """The only one of these in the narrowest circle around a division that has any; empty where it has several."""
    for within in dict.fromkeys((beginning(near), near[:4], near[:2], "")):
        inside = [code for code in codes if code.startswith(within)]
        if inside:
            return inside[0] if len(inside) == 1 else ""
    return ""


def _within(name: str, near: str) -> str:
    """The division that a department's name begins with, the smallest that it spells out; empty without one."""
    whole, at, code = _names()[0], 0, ""
    while True:
        parts = (name[at : at + length] for length in range(min(_LONGEST_PLACE, len(name) - at), 1, -1))
        below = (
            (part, [each for each in whole.get(part, ()) if each.startswith(beginning(code))])
            for part in parts
        )
        part, found = next(((part, own) for part, codes in below if (own := _nearest(codes, near))), ("", ""))
        if not found:
            return code
        at, code = at + len(part), found


def _source(url: str, name: str, division: str, seen: Source) -> Source:
    home = "/".join(url.split("/", 3)[:3]) + "/"
    own = f"{province_file(division)}-{identifier(home, '')}"
    level = level_of(division) or "central"
    kind = kind_of(name).value
    return Source(own, name, division, level, kind, Entry.PORTAL, home, "", f"candidate; named by {seen.id}")


def unknown(found: Iterable[Source], known: Collection[str]) -> list[Source]:
    """Those of which no host is known, each host once."""
    hosts = set(known)
    fresh = []
    for source in found:
        if host_of(source.url) not in hosts:
            hosts.add(host_of(source.url))
            fresh.append(source)
    return fresh
