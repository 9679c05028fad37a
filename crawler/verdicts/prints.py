"""What a page looks like, and whether to doubt it: pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from archive.outcomes import FrontierRequest, Outcome, RequestKind
from crawler.discovery.decisions import reads_as_report
from crawler.discovery.reading import Reading
from crawler.links import squeeze
from crawler.page import Page
from crawler.redirects import is_home
from crawler.signatures import Verdict

_WHOLE = re.compile(rb"<(?:title|body|head)\b", re.I)
_NEAR = 0.97
_LONG = 4000


@dataclass(frozen=True, slots=True)
class Print:
    """What a page looks like, whatever its counters and clocks say."""

    title: str
    words: str

    @classmethod
    def of(cls, page: Page) -> Print:
        """The print of a page."""
        return cls(squeeze(page.title), re.sub(r"\d+", "", page.words)[:_LONG])

    def is_like(self, other: Print | None) -> bool:
        """Whether two pages are the same page, or nearly."""
        if other is None or abs(len(self.words) - len(other.words)) > 0.1 * max(len(other.words), 50):
            return False
        if self.words == other.words:
            return True
        return SequenceMatcher(None, self.words, other.words, autojunk=False).quick_ratio() >= _NEAR


@dataclass(frozen=True, slots=True)
class Looks:
    """The prints of a host: its home page, and what it shows in place of a missing page (None: a 404)."""

    home: Print | None = None
    missing: Print | None = None


def doubtful(asked: FrontierRequest, verdict: Verdict, page: Page, reading: Reading) -> bool:
    """Whether an answer with status 200 might be no answer: it does not show what its link promised."""
    if verdict.outcome is not Outcome.OK or not page.is_markup or is_home(asked.url):
        return False
    if asked.kind is RequestKind.LISTING:
        # The rows that a script asks for come without a page around them: none is an answer.
        bare = bool(asked.meta.get("shown_on")) and not _WHOLE.search(page.body)
        return reading.kind is RequestKind.LISTING and not reading.leads_on and not bare
    if asked.kind is not RequestKind.DOCUMENT:
        return False
    promised = "".join(str(asked.meta.get("title", "")).split())
    shown = "".join(page.title.split()) + page.words
    return not (promised and promised in shown) and not reads_as_report(page)
