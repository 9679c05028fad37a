"""From an answer to what follows: its links with their decisions, and the requests they lead to. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from archive.outcomes import FrontierRequest, Link, RequestKind
from crawler.discovery import programs
from crawler.discovery.decisions import (
    Column,
    Decision,
    beside,
    decide,
    is_tree,
    reads_as_article,
    reads_as_report,
    sites_in,
)
from crawler.discovery.walks import ROWS, Walk, number_of
from crawler.discovery.ways import (
    Shown,
    held,
    is_opening,
    is_short,
    other_ways,
    taken,
    turn_held,
    turn_of,
    ways_of,
)
from crawler.families import Family, detect
from crawler.families.generic import framed
from crawler.links import annexed, base_of, is_attachment, lasting, once, squeeze, tells_of_files
from crawler.page import Page, PageRequest, Row, select
from crawler.paging import apis, scripted
from crawler.paging.pagers import unfollowed
from parsers.titles import TitleKind, classify, clean_title, issuer_in

MAX_PAGES = 300
_YEAR_LINK = re.compile(r">\s*+(?:19|20)\d{2}\s*+年?度?\s*+</(?:a|span|option)\b", re.I)
_BEGINS: dict[str, object] = {"seen": 0, "rows": "", "first": ""}
MAX_ATTACHMENTS = 50
SHELL = 400
"""Characters of a page whose text is elsewhere: its frame around an article has as many."""
_LISTED = frozenset({"report", "wrapper", "maybe"})
_PRIORITY = {
    RequestKind.PORTAL: 4,
    RequestKind.LISTING: 2,
    RequestKind.DOCUMENT: 1,
    RequestKind.ATTACHMENT: 3,
}
# Notices and guides that a page's frame links as files are no part of the report; a 图解 of it is.
_NOT_BESIDE = frozenset({"指南", "他报", "制度", "网站"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer turned out to be, and what follows from it."""

    kind: RequestKind
    links: tuple[Link, ...] = ()
    children: tuple[FrontierRequest, ...] = ()
    reason: str = ""
    family: Family | None = None

    @property
    def leads_on(self) -> bool:
        """Whether a listing showed anything that belongs to a column of reports, or pages that may show it."""
        return bool(self.links)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the answers of one source. `allows` says which addresses may be asked at all."""

    allows: Callable[[str], bool]
    body: str = ""
    family: str = ""

    def read(self, page: Page, asked: FrontierRequest) -> Reading:
        """What follows from a good answer."""
        if not page.is_markup:
            kind = RequestKind.DOCUMENT if asked.kind is RequestKind.LISTING else asked.kind
            return Reading(kind)
        if asked.kind is RequestKind.ATTACHMENT:
            return Reading(asked.kind, reason="" if page.is_data else "markup in place of a file")
        if asked.meta.get("shown_on"):
            total, seen = (number_of(asked.meta.get(name)) for name in ("total", "seen"))
            page = page.within(str(asked.meta["shown_on"]), total, seen or 0, _is_piece(page, asked))
        _name, family = detect(page, self.family)
        is_report = reads_as_report(page)
        if asked.kind is RequestKind.LISTING:
            return self._listing(page, asked, family, is_report)
        return self.document(page, asked, family, is_report)

    def instead(self, asked: FrontierRequest) -> Reading:
        """What to ask for where a further page of a listing is not there: the other ways that lead on."""
        requests, left = other_ways(asked)
        own = ("root", "shown_on", "total", "page", "rows", "first", "empty", "seen", "entry")
        meta = {name: asked.meta[name] for name in own if name in asked.meta}
        children = self._asked_for(requests, replace(asked, url=str(asked.meta.get("shown_on"))), meta, left)
        page = Page(asked.url, b"")
        return Reading(asked.kind, tuple(_page_link(page, asked, each) for each in children), tuple(children))

    def _listing(self, page: Page, asked: FrontierRequest, family: Family, is_report: bool) -> Reading:
        """A column: its rows, its further pages. One that is a report itself is kept as a document too."""
        rows = _rows(page, family)
        decided = list(self._decided(rows, page, asked))
        links = [_link(page, asked, row, decision) for row, decision in decided]
        children = [self._child(page, asked, row, decision) for row, decision in decided if decision.follow]
        walk = Walk.of(page, asked, decided)
        lists = any(child.kind in ROWS for child in children)
        further = self._further(page, asked, family, walk, lists)
        links += [_page_link(page, asked, request) for request in further]
        if not (children or further):
            for link, child in self._sites(rows, page, asked):
                links.append(link)
                children.append(child)
        if is_report or self._is_article(page, asked, family, links):
            beside = self._beside(page, asked, family)
            reason = "a column that is a report itself"
            return _merged(RequestKind.DOCUMENT, links, [*children, *further], beside, reason)
        reason = walk.reason or ("" if further else unfollowed(page))
        return Reading(RequestKind.LISTING, tuple(links), (*children, *further), reason, family)

    def _sites(
        self, rows: list[Row], page: Page, asked: FrontierRequest
    ) -> Iterator[tuple[Link, FrontierRequest]]:
        """The sites of bodies that a column leads to instead of pages of its own, each a portal of its body."""
        for row in sites_in(rows, page.url):
            decision = Decision("portal", "the site of a body", RequestKind.PORTAL, True)
            child = replace(self._child(page, asked, row, decision), depth=0)
            meta = {"title": row.title, "root": row.url, "body": row.title.strip()}
            if self.allows(row.url):
                yield _link(page, asked, row, decision), replace(child, meta=meta)

    def _is_article(self, page: Page, asked: FrontierRequest, family: Family, links: list[Link]) -> bool:
        """A link that looked like one of a column may lead to an article: nothing listed, files beside it."""
        if asked.meta.get("entry") or asked.meta.get("shown_on"):
            return False
        listed = [link for link in links if link.decision in _LISTED and link.kind is RequestKind.DOCUMENT]
        turned = any(link.decision == "page" for link in links)
        if reads_as_article(page):
            return not turned and len(listed) < 3
        root = asked.meta.get("root")
        below = any(link.decision == "column" and link.to_url != root for link in links)
        beside = [link for link, child in self._beside(page, asked, family) if child is not None]
        dated = not _is_headed(page) and any(
            link.date for link in links if link.kind is RequestKind.ATTACHMENT
        )
        return 0 < len(beside) < 3 and not (listed or turned or below or dated)

    def document(self, page: Page, asked: FrontierRequest, family: Family, is_report: bool) -> Reading:
        """A detail page: the files beside it; and the reports that it links, when it is none itself."""
        beside = self._beside(page, asked, family)
        if not is_report:
            beside += self._annexed(page, asked) or ([] if beside else self._inside(page, asked))
        if is_report:
            found = list(self._other_years(page, family))
            links = [_link(page, asked, row, decision) for row, decision in found]
            children = [self._child(page, asked, row, decision) for row, decision in found]
            return _merged(asked.kind, links, children, beside, "")
        found = [
            (row, decision)
            for row, decision in self._decided(_rows(page, family), page, asked)
            if decision.decision == "report" and decision.kind is RequestKind.DOCUMENT
        ]
        promised = asked.meta.get("decision") != "maybe"
        is_list = len(found) > 2 or (len(found) > 0 and (not promised or bool(family.pages(page))))
        if is_list and not beside and not reads_as_article(page):
            return self._listing(page, asked, family, is_report)
        if asked.meta.get("decision") != "wrapper" and (len(found) < 2 or beside):
            found = []
        links = [_link(page, asked, row, decision) for row, decision in found]
        children = [self._child(page, asked, row, decision) for row, decision in found]
        return _merged(asked.kind, links, children, beside, "")

    def _decided(self, rows: list[Row], page: Page, asked: FrontierRequest) -> Iterator[tuple[Row, Decision]]:
        root = str(asked.meta.get("root") or asked.url)
        shown_on = page.shown_on or page.url
        tree = is_tree(rows, shown_on)
        column = Column(root, shown_on, asked.depth, self.body, page.is_data, tree, beside(page, shown_on))
        known = {row.url for row in rows}
        for row in rows:
            decision = decide(row, column) if row.url != page.url else None
            if decision is None:
                continue
            if row.url.replace("_wap.", ".") in known and "_wap." in row.url:
                decision = replace(decision, decision="rejected:twin", reason="_wap", follow=False)
            if decision.follow and not self.allows(row.url):
                decision = replace(decision, decision="rejected:not_registered", follow=False)
            yield row, decision

    def _other_years(self, page: Page, family: Family) -> Iterator[tuple[Row, Decision]]:
        """The same body's reports of other years, where a page that is one leads to them (安徽 openness)."""
        column = Column(page.url, page.url)
        for row in family.rows(page) if column.years and _YEAR_LINK.search(page.text) else ():
            if column.is_other_year(row) and self.allows(row.url):
                yield row, Decision("report", "another year", RequestKind.DOCUMENT, True)

    def _child(self, page: Page, asked: FrontierRequest, row: Row, decision: Decision) -> FrontierRequest:
        meta = {
            "title": row.title,
            "decision": decision.decision,
            "root": asked.meta.get("root") or asked.url,
        }
        if row.linked:
            meta["linked"] = row.linked
        if decision.year or asked.meta.get("year"):
            meta["year"] = decision.year or asked.meta.get("year")
        return FrontierRequest(
            row.url,
            decision.kind,
            source_id=asked.source_id,
            referer=page.url,
            depth=asked.depth + 1,
            priority=_PRIORITY[decision.kind],
            meta=meta,
        )

    def _further(
        self, page: Page, asked: FrontierRequest, family: Family, walk: Walk, lists: bool
    ) -> list[FrontierRequest]:
        """The other pages of the listing, within a bound that no honest column reaches.

        `lists` says whether this one shows documents of the column. One that was to and does not leads to the other
        ways that the page before it knew.
        """
        if walk.number >= MAX_PAGES:
            return []
        if page.seen != walk.seen - walk.rows:  # rows that were seen before, beside another page
            seen = max(0, walk.seen - walk.rows)
            page = page.within(page.shown_on, page.announced, seen, page.inserted)
        total = family.total(page)
        announced = page.announced if total is None else total
        shown = Shown(walk.rows, walk.seen, announced, lists, bool(page.shown_on))
        ways = [] if walk.over else ways_of(page, family, shown, turn_of(asked))
        requests, rest = taken(ways, shown)
        if not requests and not walk.over and programs.is_in_doubt(page, asked, shown):
            return programs.requests(page, asked, self.allows, shows=bool(walk.decided))
        left: object
        if page.shown_on and not requests and self._is_amiss(asked, walk, shown):
            requests, left = other_ways(asked)
        else:
            left = held(rest) or (asked.meta.get("ways") if page.shown_on else [])
        meta: dict[str, object] = {
            "root": asked.meta.get("root") or asked.url,
            "shown_on": page.shown_on or page.url,
            "total": announced,
            **walk.meta(),
        }
        # A page that shows nothing of its own leaves it to its parts to show something.
        if asked.meta.get("entry") and not walk.decided:
            meta["entry"] = True
        if is_opening(page, requests):
            meta |= _BEGINS  # what stands here is around the list, and none of its pages
        elif len(requests) == 1:
            meta |= walk.marks()
        return self._asked_for(requests, replace(asked, url=page.url), meta, left)

    def _asked_for(
        self, requests: list[PageRequest], asked: FrontierRequest, meta: dict[str, object], left: object
    ) -> list[FrontierRequest]:
        """Requests for further pages; the first of them knows the ways that are left."""
        allowed = [each for each in requests[:MAX_PAGES] if self.allows(each.url)]
        return [
            _page_request(further, asked, {**meta, **_way_on(further, len(allowed)), **_left(left, place)})
            for place, further in enumerate(allowed)
        ]

    @staticmethod
    def _is_amiss(asked: FrontierRequest, walk: Walk, shown: Shown) -> bool:
        """Whether the way that was gone ends before all is listed that was announced, or showed nothing."""
        if walk.over or not shown.rows:
            return not shown.announced or shown.seen < shown.announced
        return is_short(shown) and not asked.meta.get("several")

    def _beside(
        self, page: Page, asked: FrontierRequest, family: Family
    ) -> list[tuple[Link, FrontierRequest | None]]:
        """The files beside a document, each with its decision."""
        found = []
        scripts = scripted.rows(page, base_of(page)) if tells_of_files(page) else ()
        by_script = (row for row in scripts if is_attachment(row.url))
        for row in once(map(lasting, [*family.attachments(page), *by_script]))[:MAX_ATTACHMENTS]:
            decision = self._attachment(row)
            link = _link(page, asked, row, decision)
            found.append((link, self._child(page, asked, row, decision) if decision.follow else None))
        return found

    def _inside(self, page: Page, asked: FrontierRequest) -> list[tuple[Link, FrontierRequest | None]]:
        """What a page that shows next to nothing itself shows in a frame, or has its script ask for."""
        if asked.kind is not RequestKind.DOCUMENT or page.is_data or len(page.words) > SHELL:
            return []
        found: list[tuple[Link, FrontierRequest | None]] = []
        for request in framed(page) or apis.asked(page):
            if request.method == "GET" and self.allows(request.url):
                row = Row(request.url, str(asked.meta.get("title") or page.title))
                decision = Decision("attachment", "inside", RequestKind.ATTACHMENT, True)
                child = self._child(page, asked, row, decision)
                child = replace(child, meta={**child.meta, "inside": True})
                found.append((_link(page, asked, row, decision), child))
        return found

    def _annexed(self, page: Page, asked: FrontierRequest) -> list[tuple[Link, FrontierRequest | None]]:
        """The pages and texts that a page which is no report itself names as annexed to it."""
        found: list[tuple[Link, FrontierRequest | None]] = []
        for row in map(lasting, annexed(page)):
            decision = self._attachment(row)
            child = self._child(page, asked, row, decision) if decision.follow else None
            child = replace(child, meta={**child.meta, "inside": True}) if child is not None else None
            found.append((_link(page, asked, row, decision), child))
        return found

    def _attachment(self, row: Row) -> Decision:
        title = classify(row.title, body=self.body)
        kind = RequestKind.ATTACHMENT
        if title.kind is TitleKind.NEGATIVE and title.reason in _NOT_BESIDE:
            return Decision(f"rejected:{title.reason}", "negative", kind, False, title.year)
        if not self.allows(row.url):
            return Decision("rejected:not_registered", title.kind.value, kind, False, title.year)
        return Decision("attachment", title.kind.value, kind, True, title.year)


def _rows(page: Page, family: Family) -> list[Row]:
    """The rows of a page, at the addresses that last."""
    return once(map(lasting, family.rows(page)))


def _is_piece(page: Page, asked: FrontierRequest) -> bool:
    """Whether an answer is put into the page that asked for it: by how it was asked for, and by being no whole page."""
    return bool(asked.meta.get("inserted")) and "<body" not in page.lower and not page.is_data


def _way_on(further: PageRequest, several: int) -> dict[str, object]:
    """What a further page has to know of the way that leads over it."""
    said = {"inserted": further.inserted, "turn": turn_held(further.turn), "several": several > 1}
    return {name: value for name, value in said.items() if value}


def _left(ways: object, place: int) -> dict[str, object]:
    """The ways that are left, for the first page of a way to know."""
    return {"ways": ways} if ways and not place else {}


def _page_request(further: PageRequest, asked: FrontierRequest, meta: dict[str, object]) -> FrontierRequest:
    return FrontierRequest(
        further.url,
        RequestKind.LISTING,
        further.method,
        further.body,
        asked.source_id,
        asked.url,
        asked.depth,
        _PRIORITY[RequestKind.LISTING],
        meta,
    )


def _page_link(page: Page, asked: FrontierRequest, further: FrontierRequest) -> Link:
    return Link(
        page.url,
        further.url,
        "",
        RequestKind.LISTING,
        "page",
        further.body,
        source_id=asked.source_id,
    )


def _is_headed(page: Page) -> bool:
    """Whether a page's own title is that of one body's report."""
    title = clean_title(squeeze(select(page.tree, "string((//title)[1])")))
    return classify(title).kind is TitleKind.REPORT and issuer_in(title) is not None


def _link(page: Page, asked: FrontierRequest, row: Row, decision: Decision) -> Link:
    return Link(
        page.url,
        row.url,
        row.title,
        decision.kind,
        decision.decision,
        decision.reason,
        row.date,
        asked.source_id,
    )


def _merged(
    kind: RequestKind,
    links: list[Link],
    children: list[FrontierRequest],
    beside: list[tuple[Link, FrontierRequest | None]],
    reason: str,
) -> Reading:
    """Links and children, with the files beside the page; of a file that the rows name too, that decides."""
    files = {link.to_url for link, _child in beside}
    return Reading(
        kind,
        (*(link for link in links if link.to_url not in files), *(link for link, _child in beside)),
        (
            *(child for child in children if child.url not in files),
            *(child for _link, child in beside if child is not None),
        ),
        reason,
    )
