"""From a home page to the annual-report column. Pure but for what it tells the crawl's memory.

The best sign is company: 政府信息公开 has five statutory parts, and where 指南, 制度, 法定主动公开内容 and
依申请公开 are linked side by side, the fifth link beside them is the column. Then the column's own tag
(ColumnType 信息公开年报), then the words of its address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Protocol
from urllib.parse import urlsplit

from archive.bodies import canonical, kind_of
from archive.ids import content_id
from archive.outcomes import FrontierRequest, Link, RequestKind
from crawler.discovery.decisions import REPORTS_WORD, differs_in_ids, is_article_address, reads_as_report
from crawler.discovery.reading import Reader, Reading
from crawler.engine.work import Work
from crawler.families.generic import framed
from crawler.links import absolute, base_of, is_attachment, text_of
from crawler.page import Element, Page, Row, meta_of, select
from crawler.paging import scripted
from crawler.paging.acts import acts_of
from crawler.paging.turns import shown_by
from crawler.registry import Entry, Registry, Source
from crawler.verdicts.answers import Came
from parsers.titles import TitleKind, classify, issuer_in

NOT_REGISTERED = "rejected:not_registered"
FOUND = 5
"""A link with so many points is a column of annual reports."""
STEPS = 4
"""Links from the home page within which the column is looked for."""
MAX_STEPS = 60
"""Pages that are asked for one portal, whatever it links."""
MAX_BRANCHES = 12
_NAMED = re.compile(
    r"^(?:本级|本机关|市|县|区)?政?府?信息公开(?:工作)?(?:年度(?:工作)?报告|年报)$|^(?:历年)?(?:公开|信息公开)?年报$|^(?:政府)?(?:信息)?公开年度报告$"
    r"|信息公开(?:专栏|专题|平台|栏目)?(?:工作)?(?:年度(?:工作)?报告|年报)(?:专栏|栏目)?$"
)
_YEARLY = re.compile(
    r"^年度(?:工作)?报告$|^年报$|^工作年报$"
    # A column for each kind of body: 部门年报, 乡镇街道年度报告, 政府办年报.
    r"|^.{0,6}(?:部门|单位|机构|乡镇|镇街|街道|县区|区县|市县|园区|开发区|政府|政府办(?:公[室厅])?|局办)(?:工作)?(?:年度)?(?:年报|报告)$"
)
_NEIGHBOURS = (
    re.compile(r"信息公开指南|^公开指南$|^指南$"),
    re.compile(r"信息公开制度|^公开制度$|^制度$"),
    re.compile(r"法定主动公开|主动公开(?:内容|目录)|信息公开目录|^公开目录$"),
    re.compile(r"依申请公开"),
)
_AMBIGUOUS_WORD = re.compile(r"(?:^|[/_-])(?:gzbg|ndbg|nb|nbzl)\d*(?:[/_.-]|$)", re.I)
_WRONG = re.compile(
    r"政府工作报告|财政|预算|决算|网站(?:工作)?年(?:度|报)|法治|统计|企业|绩效|审计|国民经济|事业单位|高校|学校|医院"
)
_WRONG_URL = re.compile(r"zfgzbg|wzndbb|wzgzndbb|sydwfrnb|czyjs|fzzf", re.I)
_WAY = re.compile(
    r"^(?!.*(?:条例|规定|办法|意见箱|监督|举报)$)(?:(?:政府|政务)?信息公开(?:专栏|平台|目录|专题|网)?$|^政务公开$|^政府信息公开.{0,4}$|^(?:市|县|区)?政府信息公开$|^公开$"
    r"|法定主动公开|信息公开指南|信息公开制度|依申请公开)"
)
_WAY_URL = re.compile(r"(?:^|[/_-])(?:zfxxgk|xxgk|zwgk|gkmlpt|zfxxgkzl|gongkai|openness|xxgkml)", re.I)


_MAP = re.compile(r"^(?:网站|站点|本站)(?:地图|导航)$|^site ?map$", re.I)
_ARTICLE = re.compile(r"\d{5,}[^/]*$")
"""A page with a number of its own is an article, whatever its folder is called."""
_FEW_WORDS = 200
_DOORS = 3
"""A page that leads to so few places of its own site is one before the home page."""


class Walks(Protocol):
    """What a portal's walk asks of the crawl."""

    @property
    def registry(self) -> Registry:
        """Which hosts may be asked."""

    def found_source(self, source: Source, portal_id: str, evidence: str) -> Source:
        """Keeps a column as a source; gives the one that is known already, if it is."""

    def has_column(self, portal_id: str, body: str = "") -> bool:
        """Whether a portal has led to a column already, or to one of this body."""

    def steps(self, portal_id: str, body: str) -> int:
        """How many pages were asked for a body's portal."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A link of a portal: where to, its text, its points as a column of annual reports, and for what."""

    url: str
    title: str
    points: int
    evidence: tuple[str, ...]
    way: int = 0


def leads(page: Page) -> list[Lead]:
    """The links of a page that may be the column, or lead to it, the best first."""
    found: dict[str, Lead] = {}
    for url, title, company in _linked(page):
        title = re.sub(r"\s+", "", title)
        if len(title) > 40 or url == page.url or is_attachment(url):
            continue
        lead = _lead(url, title, company)
        if lead is not None and (url not in found or found[url].points < lead.points):
            found[url] = lead
    return sorted(found.values(), key=lambda each: (-each.points, -each.way, each.url))


def _linked(page: Page) -> Iterator[tuple[str, str, Callable[[], int]]]:
    """What a page links, each with its text and a way to count the neighbours around it."""
    base = base_of(page)
    for anchor in page.tree.iter("a"):
        url = absolute(base, anchor.get("href") or "")
        if url is not None:
            yield url, text_of(anchor) or anchor.get("title") or shown_by(anchor), partial(_company, anchor)
    known = [*scripted.rows(page, base), *_pieces(page)]
    together = neighbours(row.title for row in known)
    yield from ((row.url, row.title, lambda: together) for row in known)


def _pieces(page: Page) -> Iterator[Row]:
    """What clicks put into the page, by their words."""
    for act in acts_of(page).rows:
        yield from (Row(each.url, act.shown) for each in act.first if each.inserted and not each.body)


def _lead(url: str, title: str, company_of: Callable[[], int]) -> Lead | None:
    path = urlsplit(url).path
    named, yearly = bool(_NAMED.search(title)), bool(_YEARLY.search(title))
    # Its exact name beats a word in its address: 政府信息公开工作年度报告 at /zfgzbg (梅江, 2026).
    if _WRONG.search(title) or (_WRONG_URL.search(path) and not named):
        return None
    if (named or yearly) and (is_article_address(url) or _is_one(title)):
        return None  # A report that a home page shows.
    evidence = ["named 信息公开年报"] if named else ["named 年报"] if yearly else []
    points = 4 if named else 1 if yearly else 0
    if points or REPORTS_WORD.search(path):
        company = company_of()
        if company:
            points += 2 + company
            evidence.append(f"beside {company} of its statutory neighbours")
    if REPORTS_WORD.search(path):
        points += 3 if points else 2
        evidence.append("its address says so")
    elif points and _AMBIGUOUS_WORD.search(path):
        points += 1
        evidence.append("its address may say so")
    way = (2 if _WAY.search(title) else 0) + (1 if _WAY_URL.search(path) and not _is_article(path) else 0)
    return Lead(url, title, points, tuple(evidence), way) if points or way else None


def _is_article(path: str) -> bool:
    return bool(_ARTICLE.search(path)) and not path.endswith("/")


def _is_one(title: str) -> bool:
    """Whether a title is that of one report: it says whose and of which year."""
    return bool(re.search(r"20\d{2}", title) and issuer_in(title))


def neighbours(texts: Iterable[str]) -> int:
    """How many of the four statutory neighbours are among these texts."""
    plain = [re.sub(r"\s+", "", text) for text in texts]
    return sum(any(mark.search(text) for text in plain) for mark in _NEIGHBOURS)


def _company(anchor: Element) -> int:
    """How many of the four statutory neighbours are linked in the block around a link."""
    best = 0
    for parent in islice(anchor.iterancestors(), 5):
        links = select(parent, "(.//a)[position() < 60]")
        if len(links) >= 59 or parent.tag in ("body", "html"):
            break
        best = max(best, neighbours(text_of(link) for link in links))
    return best


def column_tag(page: Page) -> bool:
    """Whether a page's own tags call it a column of annual reports."""
    said = meta_of(page, "columntype", "columnname")
    return not meta_of(page, "articletitle") and any(
        "信息公开年报" in each or "公开年度报告" in each for each in said
    )


def read_portal(page: Page, asked: FrontierRequest, source: Source | None, work: Walks) -> Reading:
    """A page between the home page and the column: columns found become sources, ways on are followed."""
    if source is None or not page.is_markup:
        return Reading(RequestKind.PORTAL, reason="no portal")
    source = portal_of(source, asked)
    evidence = _column_itself(page, asked)
    if evidence:
        return _read_column(page, asked, source, evidence, work)
    every = leads(page)
    found = [each for each in every if work.registry.allows(each.url)]
    columns = [each for each in found if each.points >= FOUND]
    if columns:
        best = columns[0].points
        return _found(page, asked, source, [each for each in columns if each.points >= best - 2], work)
    walked = source.id, source.name
    if work.has_column(*walked) or work.steps(*walked) > MAX_STEPS:
        return Reading(
            RequestKind.PORTAL, reason="the walk ends: a column is found, or too many pages were asked"
        )
    onward = _onward(page, asked, [*found, *_last_ways(page, work)])
    elsewhere = [each for each in every if each not in found and (each.points >= FOUND or each.way > 1)]
    return replace(onward, links=(*onward.links, *(_refused(page, asked, each) for each in elsewhere)))


def _last_ways(page: Page, work: Walks) -> Iterator[Lead]:
    """Where nothing says 信息公开: the map of the site, and of a page before the home page whatever it opens."""
    places: dict[str, str] = {}
    for url, title, _company_of in _linked(page):
        if work.registry.allows(url) and url != page.url and not is_attachment(url):
            places.setdefault(url, re.sub(r"\s+", "", title))
            if _MAP.match(places[url]):
                yield Lead(url, places[url], 0, ("the map of the site",), 1)
    if len(places) <= _DOORS and len(page.words) < _FEW_WORDS:
        yield from (Lead(url, title, 0, ("a page before the home page",), 1) for url, title in places.items())


def _refused(page: Page, asked: FrontierRequest, lead: Lead) -> Link:
    """A way that may not be gone: a person can register its host."""
    reason = f"{urlsplit(lead.url).hostname} is not registered"
    kind = RequestKind.LISTING if lead.points >= FOUND else RequestKind.PORTAL
    return Link(page.url, lead.url, lead.title, kind, NOT_REGISTERED, reason, source_id=asked.source_id)


def unwalked(reading: Reading, asked: FrontierRequest, work: Work) -> Reading:
    """What follows from a column, without the sites of bodies whose columns are known: those are asked themselves."""
    children = tuple(
        child
        for child in reading.children
        if child.kind is not RequestKind.PORTAL
        or not work.has_column(asked.source_id, str(child.meta.get("body") or ""))
    )
    return replace(reading, children=children)


def portal_of(source: Source, asked: FrontierRequest) -> Source:
    """The portal that is walked: the source itself, or the site of a body to which its column leads."""
    body = str(asked.meta.get("body") or "")
    return replace(source, name=body, kind=kind_of(canonical(body)).value) if body else source


def _column_itself(page: Page, asked: FrontierRequest) -> str:
    """Why a page that the walk came to is the column itself; empty when it is not."""
    if not asked.depth:
        return ""
    if column_tag(page):
        return "its ColumnType is 信息公开年报"
    if not asked.meta.get("points") or reads_as_report(page):
        return ""
    reports = sum(
        classify(title).kind is TitleKind.REPORT for title in _listed(page, asked.url) if len(title) > 8
    )
    return f"it is named 年报 and lists {reports} reports" if reports > 1 else ""


def _listed(page: Page, own: str) -> set[str]:
    """The titles that a page links, but for those at addresses like its own: an article is none of its list."""
    base = base_of(page)
    linked = ((absolute(base, anchor.get("href") or ""), anchor) for anchor in page.tree.iter("a"))
    return {
        text_of(anchor) or str(anchor.get("title"))
        for url, anchor in linked
        if url is None or not differs_in_ids(own, url)
    }


def _read_column(page: Page, asked: FrontierRequest, portal: Source, evidence: str, work: Walks) -> Reading:
    """The page is the column: it becomes a source, and is read as the first page of it."""
    lead = Lead(page.url, str(asked.meta.get("title", "")), FOUND, (evidence,))
    source = work.found_source(column_source(portal, lead), portal.id, f"{page.url}; {evidence}")
    entry = entry_of(source)
    return Reader(work.registry.allows, source.name).read(page, entry)


def _found(page: Page, asked: FrontierRequest, portal: Source, found: list[Lead], work: Walks) -> Reading:
    """Columns as sources of their own, queued as the registry's are."""
    links, children = [], []
    for lead in found:
        source = work.found_source(
            column_source(portal, lead), portal.id, "; ".join((page.url, *lead.evidence))
        )
        reason = "; ".join(lead.evidence)
        links.append(
            Link(page.url, lead.url, lead.title, RequestKind.LISTING, "column", reason, source_id=portal.id)
        )
        children.append(entry_of(source))
    return Reading(RequestKind.PORTAL, tuple(links), tuple(children), f"{len(found)} columns found")


def column_source(portal: Source, lead: Lead) -> Source:
    """The source of a column that was found from a portal."""
    name = f"{portal.id}-{content_id(lead.url)[:6]}"
    return replace(
        portal, id=name, entry=Entry.COLUMN, url=lead.url, family="", note=f"found from {portal.id}"
    )


def entry_of(source: Source) -> FrontierRequest:
    """The request with which a source begins."""
    kind = RequestKind.LISTING if source.entry is Entry.COLUMN else RequestKind.PORTAL
    meta = {"root": source.url, "entry": True}
    return FrontierRequest(source.url, kind, source_id=source.id, priority=9, meta=meta)


def _onward(page: Page, asked: FrontierRequest, found: list[Lead]) -> Reading:
    """The few links that most likely lead to the column."""
    if asked.depth >= STEPS:
        return Reading(RequestKind.PORTAL, reason="too many steps from the home page")
    ways = [
        each for each in sorted(found, key=lambda each: (-each.points, -each.way)) if each.points or each.way
    ]
    ways = ways or [Lead(each.url, "", 0, ("in a frame",)) for each in framed(page)]
    links, children = [], []
    for lead in ways[:MAX_BRANCHES]:
        reason = "; ".join(lead.evidence) or "on the way to 信息公开"
        links.append(
            Link(page.url, lead.url, lead.title, RequestKind.PORTAL, "way", reason, source_id=asked.source_id)
        )
        children.append(_step(page, asked, lead))
    return Reading(RequestKind.PORTAL, tuple(links), tuple(children))


def _step(page: Page, asked: FrontierRequest, lead: Lead) -> FrontierRequest:
    return FrontierRequest(
        lead.url,
        RequestKind.PORTAL,
        source_id=asked.source_id,
        referer=page.url,
        depth=asked.depth + 1,
        priority=8 - asked.depth,
        meta={
            "title": lead.title,
            "root": asked.meta.get("root") or asked.url,
            "points": lead.points,
            "body": asked.meta.get("body") or "",
        },
    )


def portal_again(came: Came, reading: Reading, work: Work) -> Reading:
    """A registered column is gone while its host lives: it is looked for again, from the home page."""
    source = work.source_of(came.asked)
    if source is None or came.asked.kind is not RequestKind.LISTING:
        return reading
    home = "/".join(source.url.split("/", 3)[:3]) + "/"
    meta = {"root": home, "title": source.name, "lost": source.url}
    request = FrontierRequest(home, RequestKind.PORTAL, source_id=source.id, priority=9, meta=meta)
    reason = f"the column is gone ({came.verdict.outcome.value}); looked for again"
    link = Link(source.url, home, source.name, RequestKind.PORTAL, "again", reason, source_id=source.id)
    return replace(reading, links=(*reading.links, link), children=(*reading.children, request))
