"""Where a walk over the pages of a listing stands: what each page lists, and what those before it did. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive.ids import content_id
from archive.outcomes import FrontierRequest, RequestKind
from crawler.discovery.decisions import Decision
from crawler.page import Page, Row

MAX_EMPTY = 3
"""Pages without a row after which a walk goes no further."""
MOST_KNOWN = 300
"""Rows of a walk that are told apart; a list with more is counted page by page."""
_MARK = 8
"""Characters of a row's id that tell it from the others of its list."""
ROWS = frozenset({RequestKind.DOCUMENT, RequestKind.ATTACHMENT})
_TURNS = re.compile(r"^[\[(（<>«»\s]*(?:第?\d{1,4}页?|[上下前后首尾末][一]?页|\.\.\.|…)[\])）<>«»\s]*$")


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a walk over the pages of a listing stands: what this page lists, and what pages before it did."""

    number: int
    listed: str
    rows: int = 0
    decided: int = 0
    seen: int = 0
    before: str = ""
    first: str = ""
    empty: int = 0
    known: tuple[str, ...] | None = None

    @classmethod
    def of(cls, page: Page, asked: FrontierRequest, decided: Sequence[tuple[Row, Decision]]) -> Walk:
        """The walk at this page."""
        rows = [row.url for row, decision in decided if not _TURNS.match(row.title) and decision.kind in ROWS]
        listed = content_id(*sorted(rows)) if rows else ""
        empty = 0 if rows else 1 + (number_of(asked.meta.get("empty")) or 0)
        before, first = (str(asked.meta.get(name) or "") for name in ("rows", "first"))
        number = number_of(asked.meta.get("page")) or 1
        known = _known(page, asked, rows)
        seen = page.seen + len(rows) if known is None else len(known)
        return cls(number, listed, len(rows), len(decided), seen, before, first, empty, known)

    @property
    def reason(self) -> str:
        """What should be known of this page, in words; empty when nothing."""
        if self.listed and self.number > 1 and self.listed in (self.before, self.first):
            return "the rows repeat the page before: the walk ends"
        return f"page {self.number} of the listing is empty" if self.number > 1 and not self.listed else ""

    @property
    def over(self) -> bool:
        """Whether to go no further: the rows repeat, or page after page shows none."""
        return bool(self.reason) and (bool(self.listed) or self.empty > MAX_EMPTY)

    def meta(self) -> dict[str, object]:
        """What the next page has to know."""
        return {
            "page": self.number + 1,
            "rows": self.listed,
            "first": self.first or self.listed,
            "empty": self.empty,
            "seen": self.seen,
        }

    def marks(self) -> dict[str, object]:
        """What the only page that follows has to know as well: which rows were seen, so that none counts twice."""
        return {} if self.known is None else {"known": list(self.known)}


def _known(page: Page, asked: FrontierRequest, rows: Sequence[str]) -> tuple[str, ...] | None:
    """The marks of all rows that were seen up to this page; None where they are not known, or too many."""
    before = asked.meta.get("known", [] if not page.seen else None)
    if not isinstance(before, list):
        return None
    marks = {*map(str, before), *(content_id(url)[:_MARK] for url in rows)}
    return tuple(sorted(marks)) if len(marks) <= MOST_KNOWN else None


def number_of(value: object) -> int | None:
    return value if isinstance(value, int) else None
