"""What one answer does not prove: a page that changed is asked for once more, one that is gone again the next nights.

A change counts only when a second look in the same night says the same (archive.derived.sightings), and a report counts as
withdrawn only after some healthy nights without it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from lxml import etree

from archive.errors import ArchiveDamaged
from archive.ids import blob_id
from archive.outcomes import GONE, FrontierRequest, Outcome, RequestKind, RequestState, iso
from archive.rows.reduced import reduce
from archive.state.nights import HEALTHY_NIGHTS
from archive.store import Archive
from crawler.page import Page, words_in
from crawler.verdicts.answers import Came

_OUTSIDE_OF_LINKS = etree.XPath(
    "//body//text()[not(ancestor::a or parent::script or parent::style or parent::noscript)]",
    smart_strings=False,
)
APART = timedelta(seconds=1)
"""At least so much lies between two looks, so that the archive's times tell them apart."""


def unsettled(
    archive: Archive,
    came: Came,
    run_id: str,
    pause: float,
    now: datetime,
    *,
    changed: bool,
    part: bool = False,
) -> tuple[RequestState, str] | None:
    """When to ask again for what this answer does not settle; None when it does.

    Call it before the answer is kept. `changed` says that a report says something else than on another night,
    `part` that pages of its article did not come: they are asked for the next night.
    """
    asked, outcome = came.asked, came.verdict.outcome
    if asked.kind not in (RequestKind.DOCUMENT, RequestKind.ATTACHMENT):
        return None
    if outcome is Outcome.OK and part:
        return RequestState.DONE, iso(now)
    if outcome is Outcome.OK and changed:
        return RequestState.QUEUED, iso(now + APART + timedelta(seconds=max(pause, 1.0)))
    if outcome in GONE and 0 <= archive.missed(asked.id, asked.url, run_id) < HEALTHY_NIGHTS:
        return RequestState.DONE, iso(now)
    return None


def before(archive: Archive, asked: FrontierRequest, body: bytes, run_id: str) -> bytes | None:
    """The bytes of the last good answer of another night; None without one, or when they are the same.

    Tonight's first look is not asked about.
    """
    if asked.kind not in (RequestKind.DOCUMENT, RequestKind.ATTACHMENT):
        return None
    last = archive.last_good(asked.id, asked.url)
    if last is None or last[0] == run_id or last[1] == blob_id(body):
        return None
    try:
        return archive.blob(last[1])
    except ArchiveDamaged:
        return None


def says_otherwise(page: Page, earlier: bytes) -> bool:
    """Whether a page says something else than these bytes of it did."""
    known = Page(page.url, earlier, page.content_type)
    if not (page.is_markup and known.is_markup):
        return True
    return said(page) != said(known)


def said(page: Page) -> str:
    """What a page says outside of its links, and what its scripts hold, without counters and page dates.

    What turns by itself beside an article (news, advertisements) are links; a file beside it is fetched on its own.
    """
    texts = cast(list[str], _OUTSIDE_OF_LINKS(page.tree))
    return reduce("".join("".join(texts).split())) + reduce(words_in(page.held))
