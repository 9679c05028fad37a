"""The pages of an article after its first one, asked for when that came, and kept with it in one file.

A report over several pages is one report: read apart, each page would be one that lacks the rest.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archive.outcomes import Outcome, RequestKind
from crawler.engine.looking import Seen
from crawler.page import Page
from crawler.paging.articles import MOST_PAGES, following
from crawler.spiders.beside import ask
from crawler.verdicts.answers import Came, headers_of, packed_as, retries, verdict_of
from crawler.verdicts.doubts import before, says_otherwise
from parsers.document import ParseError
from parsers.readers import mhtml

if TYPE_CHECKING:
    from crawler.spiders.reports import ReportsSpider

MOST_BYTES = 2 * 1024 * 1024
"""Of all the pages of one article."""


class Articles:
    """Fetches what follows the first page of an article, through the same manners as everything else."""

    def __init__(self, spider: ReportsSpider) -> None:
        self._spider = spider

    async def whole(self, came: Came, seen: Seen) -> tuple[Came, Seen]:
        """The answer with all the pages of its article, and whether it differs from that of another night.

        Where a page does not come, the answer counts as cut off and is asked for again in a while. After the
        last try, the first page is kept as a part, with a reason that names the missing page; the next night
        asks again.
        """
        first = came.asked.url
        pages, asked_for = {first: came.page.body}, list(seen.pages)
        while asked_for and len(pages) <= MOST_PAGES:
            url = asked_for.pop(0)
            if url in pages:
                continue
            page = await self._page(url)
            if page is None or sum(map(len, pages.values())) + len(page.body) > MOST_BYTES:
                return self._in_part(came, seen, f"the article goes on at {url}, which did not come")
            pages[url] = page.body
            asked_for += [each for each in following(page, first) if each not in pages]
        return self._together(came, seen, mhtml.of_article(list(pages.items())))

    def _in_part(self, came: Came, seen: Seen, reason: str) -> tuple[Came, Seen]:
        if came.asked.attempts < retries(Outcome.PARTIAL):
            return came.judged(Outcome.PARTIAL, reason), seen
        return replace(came, verdict=replace(came.verdict, reason=reason)), replace(seen, part=True)

    def _together(self, came: Came, seen: Seen, data: bytes) -> tuple[Came, Seen]:
        kind = mhtml.content_type(data)
        # What the first page says of its age says nothing of the others: all are asked for in full each time.
        kept = {name: value for name, value in came.headers.items() if name not in ("etag", "last-modified")}
        work = self._spider.work
        earlier = before(work.archive, came.asked, data, work.run_id)
        changed = earlier is not None and _differs(came.asked.url, data, earlier)
        whole = replace(came, page=Page(came.asked.url, data, kind), headers={**kept, "content-type": kind})
        return whole, replace(seen, changed=changed)

    async def _page(self, url: str) -> Page | None:
        """One more page; None where it does not come as a page."""
        response = await ask(self._spider, url)
        if response is None:
            return None
        headers = headers_of(response)
        page = Page(url, response.body, headers.get("content-type", ""))
        cut = "partial" in response.flags
        verdict = verdict_of(page, response.status, headers, packed_as(response), cut=cut)
        is_good = verdict.outcome is Outcome.OK and page.is_markup and not page.is_data
        self._spider.work.note(
            url, RequestKind.PROBE, verdict.outcome, response.status, verdict.reason, response.body
        )
        return page if is_good else None


def _differs(url: str, data: bytes, earlier: bytes) -> bool:
    """Whether the pages of an article say something else than those that were kept on another night."""
    try:
        known = mhtml.pages_of(earlier)
    except ParseError:
        return True
    pages = [Page(url, page, "text/html") for page in mhtml.pages_of(data)]
    return len(pages) != len(known) or any(map(says_otherwise, pages, known))
