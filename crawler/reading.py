"""From an answer to what follows: its links with their decisions, and the requests they lead to. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from archive.ids import content_id
from archive.outcomes import FrontierRequest, Link, RequestKind
from crawler.decisions import Column, Decision, decide, reads_as_report
from crawler.families import Family, detect
from crawler.page import Page, PageRequest, Row
from parsers.titles import TitleKind, classify

MAX_PAGES = 300
_TURNS = re.compile(r"^[\[(（<>«»\s]*(?:第?\d{1,4}页?|[上下前后首尾末][一]?页|\.\.\.|…)[\])）<>«»\s]*$")
MAX_ATTACHMENTS = 50
_PRIORITY = {RequestKind.LISTING: 2, RequestKind.DOCUMENT: 1, RequestKind.ATTACHMENT: 3}
# Notices and guides that a page's frame links as files are no part of the report; a 图解 of it is.
_NOT_BESIDE = frozenset({"指南", "他报", "制度", "网站"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer turned out to be, and what follows from it."""

    kind: RequestKind
    links: tuple[Link, ...] = ()
    children: tuple[FrontierRequest, ...] = ()
    reason: str = ""

    @property
    def leads_on(self) -> bool:
        """Whether a listing showed anything that belongs to a column of reports."""
        return any(link.decision != "page" for link in self.links)


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
            return Reading(asked.kind, reason="attachment_mismatch: markup in place of a file")
        _name, family = detect(page, self.family)
        is_report = reads_as_report(page)
        if asked.kind is RequestKind.LISTING:
            return self._listing(page, asked, family, is_report)
        return self._document(page, asked, family, is_report)

    def _listing(self, page: Page, asked: FrontierRequest, family: Family, is_report: bool) -> Reading:
        """A column: its rows, its further pages. One that is a report itself is kept as a document too."""
        rows = family.rows(page)
        print_of = content_id(*sorted(row.url for row in rows if not _TURNS.match(row.title)))
        decided = list(self._decided(rows, page, asked))
        links = [_link(page, asked, row, decision) for row, decision in decided]
        children = [self._child(page, asked, row, decision) for row, decision in decided if decision.follow]
        reason = ""
        if print_of == asked.meta.get("rows"):
            reason = "the rows repeat the page before: the walk ends"
        else:
            for further in self._further(page, asked, family, print_of):
                links.append(
                    Link(
                        page.url,
                        further.url,
                        "",
                        RequestKind.LISTING,
                        "page",
                        further.body,
                        source_id=asked.source_id,
                    )
                )
                children.append(further)
        if is_report:
            beside = self._beside(page, asked, family)
            return _merged(RequestKind.DOCUMENT, links, children, beside, "a column that is a report itself")
        return Reading(RequestKind.LISTING, tuple(links), tuple(children), reason)

    def _document(self, page: Page, asked: FrontierRequest, family: Family, is_report: bool) -> Reading:
        """A detail page: the files beside it; and the reports that it links, when it is none itself."""
        beside = self._beside(page, asked, family)
        if is_report:
            return _merged(asked.kind, [], [], beside, "")
        found = [
            (row, decision)
            for row, decision in self._decided(family.rows(page), page, asked)
            if decision.decision == "report" and decision.kind is RequestKind.DOCUMENT
        ]
        if asked.meta.get("decision") != "wrapper" and (len(found) < 2 or beside):
            found = []
        links = [_link(page, asked, row, decision) for row, decision in found]
        children = [self._child(page, asked, row, decision) for row, decision in found]
        return _merged(asked.kind, links, children, beside, "")

    def _decided(self, rows: list[Row], page: Page, asked: FrontierRequest) -> Iterator[tuple[Row, Decision]]:
        root = str(asked.meta.get("root") or asked.url)
        column = Column(root, page.url, asked.depth, self.body)
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

    def _child(self, page: Page, asked: FrontierRequest, row: Row, decision: Decision) -> FrontierRequest:
        meta = {
            "title": row.title,
            "decision": decision.decision,
            "root": asked.meta.get("root") or asked.url,
        }
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
        self, page: Page, asked: FrontierRequest, family: Family, print_of: str
    ) -> Iterator[FrontierRequest]:
        """The other pages of the listing, within a bound that no honest column reaches."""
        number = asked.meta.get("page", 1)
        if not isinstance(number, int) or number >= MAX_PAGES:
            return
        meta = {"root": asked.meta.get("root") or asked.url, "page": number + 1, "rows": print_of}
        for further in family.pages(page)[:MAX_PAGES]:
            if self.allows(further.url):
                yield _page_request(further, asked, page, meta)

    def _beside(
        self, page: Page, asked: FrontierRequest, family: Family
    ) -> list[tuple[Link, FrontierRequest | None]]:
        """The files beside a document, each with its decision."""
        found = []
        for row in family.attachments(page)[:MAX_ATTACHMENTS]:
            decision = self._attachment(row)
            link = _link(page, asked, row, decision)
            found.append((link, self._child(page, asked, row, decision) if decision.follow else None))
        return found

    def _attachment(self, row: Row) -> Decision:
        title = classify(row.title, body=self.body)
        kind = RequestKind.ATTACHMENT
        if title.kind is TitleKind.NEGATIVE and title.reason in _NOT_BESIDE:
            return Decision(f"rejected:{title.reason}", "negative", kind, False, title.year)
        if not self.allows(row.url):
            return Decision("rejected:not_registered", title.kind.value, kind, False, title.year)
        return Decision("attachment", title.kind.value, kind, True, title.year)


def _page_request(
    further: PageRequest, asked: FrontierRequest, page: Page, meta: dict[str, object]
) -> FrontierRequest:
    return FrontierRequest(
        further.url,
        RequestKind.LISTING,
        further.method,
        further.body,
        asked.source_id,
        page.url,
        asked.depth,
        _PRIORITY[RequestKind.LISTING],
        meta,
    )


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
