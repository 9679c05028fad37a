"""Listings held against what they announce, against themselves, and against the night before.

A night in which a listing does not add up is no success for its source: what a page failed to show must not
be taken for withdrawn.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from archive.ids import content_id
from archive.outcomes import FrontierRequest
from archive.state.nights import ListingPage, Night
from archive.store import Archive
from crawler.discovery.reading import Reading
from crawler.families import Family
from crawler.page import Page, meta_of

LEAST_ROWS = 3
"""A list of fewer rows may change altogether without being another list."""
_AROUND = ("page", "column", "redirect")


def listing_of(
    page: Page, asked: FrontierRequest, reading: Reading, run_id: str, family: Family
) -> ListingPage:
    """How a page of a listing is seen: what it announces, and the rows that it lists."""
    number = asked.meta.get("page", 1)
    rows = dict.fromkeys(link.to_url for link in reading.links if link.decision not in _AROUND)
    return ListingPage(
        run_id,
        asked.source_id,
        str(asked.meta.get("shown_on") or asked.url),
        asked.url,
        content_id(asked.body) if asked.body else "",
        number if isinstance(number, int) else 1,
        family.total(page),
        tuple(rows),
        _site(page),
    )


def _site(page: Page) -> str:
    """The site's own mark: its 网站标识码, else its name, as its tags give them."""
    return next((said for name in ("siteidcode", "sitename") for said in said_of_site(page, name)), "")


def said_of_site(page: Page, name: str) -> list[str]:
    """What the tags of a name (in lower case) say, the empty ones left out."""
    return [text for each in meta_of(page, name) if (text := each.strip())]


def settle(archive: Archive, run_id: str, at: str, failed: dict[str, str]) -> Iterator[Night]:
    """How each source that was asked came through a run, kept in the archive; the unhealthy are given.

    `failed` names the sources whose own page could not be had, and why.
    """
    by_source: dict[str, list[ListingPage]] = defaultdict(list)
    for page in archive.listings(run_id):
        by_source[page.source_id].append(page)
    nights = []
    for source_id in sorted({*by_source, *failed}):
        pages = by_source[source_id]
        problems = [failed[source_id]] if source_id in failed else []
        problems += [problem for column in _columns(pages) for problem in _problems(archive, column)]
        rows = len({row for page in pages for row in page.rows})
        nights.append(Night(source_id, run_id, at, rows, "; ".join(problems)))
    archive.keep_nights(nights)
    for night in nights:
        if not night.problem:
            archive.forget_listings(night.source_id, run_id)
    yield from (night for night in nights if night.problem)


def _columns(pages: Iterable[ListingPage]) -> list[list[ListingPage]]:
    found: dict[str, list[ListingPage]] = defaultdict(list)
    for page in pages:
        found[page.column].append(page)
    return [sorted(column, key=_order) for column in found.values()]


def _problems(archive: Archive, pages: Sequence[ListingPage]) -> Iterator[str]:
    """What is wrong with one column, in the words of the report."""
    column = pages[0].column
    rows = {row for page in pages for row in page.rows}
    yield from (f"{column}: {problem}" for problem in _within(pages, rows))
    before = archive.last_listing(column, pages[0].run_id)
    if before:
        yield from (f"{column}: {problem}" for problem in _since(pages, rows, before))


def _within(pages: Sequence[ListingPage], rows: set[str]) -> Iterator[str]:
    """The column against what it announces, and its pages against each other."""
    announced = max((page.announced for page in pages if page.announced is not None), default=None)
    if announced is not None and announced - len(rows) > max(1, announced // 50):
        yield f"announces {announced} and lists {len(rows)}"
    complete = announced is not None and announced <= len(rows)
    # What an odd page failed to show, others did: nothing is missing.
    if not complete:
        yield from _empty(pages)
        yield from _repeated(pages)


def _empty(pages: Sequence[ListingPage]) -> Iterator[str]:
    last = max((place for place, page in enumerate(pages) if page.rows), default=0)
    for place, page in enumerate(pages[:last]):
        if place and not page.rows:
            yield f"page {place + 1} is empty ({page.url})"


def _repeated(pages: Sequence[ListingPage]) -> Iterator[str]:
    """Pages that show the rows of another one; at the end of a list that is how some say that it ends."""
    seen: dict[tuple[str, ...], int] = {}
    for place, page in enumerate(pages, 1):
        first = seen.setdefault(tuple(sorted(page.rows)), place)
        if page.rows and first != place and not place == len(pages) > 2:
            yield f"page {place} repeats page {first} ({page.url})"


def _order(page: ListingPage) -> tuple[int, list[int], str]:
    """The pages of a list in their order: by steps of the walk, then by the numbers in their addresses."""
    numbers = [int(digits) for digits in re.findall(r"\d{1,9}", page.url)]
    return page.number, numbers, page.body


def _since(pages: Sequence[ListingPage], rows: set[str], before: Sequence[ListingPage]) -> Iterator[str]:
    """The column against the last night."""
    known = {row for page in before for row in page.rows}
    if len(rows) < len(known) and (known - rows):
        gone = len(known - rows)
        yield f"shrank from {len(known)} to {len(rows)}: {gone} not listed any more, {min(known - rows)} the first"
    if len(known) >= LEAST_ROWS and not rows & known:
        yield "shows none of the rows of the last night"
    sites = {page.site for page in before if page.site}
    other = {page.site for page in pages if page.site} - sites
    if sites and other:
        yield f"is a page of another site: {min(other)} in place of {min(sites)}"
