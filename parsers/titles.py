"""Telling reports by their titles, and what a title says: the one door to these rules.

The rules stand in three modules: `names` (year, body, scope), `families` (is it a report?) and `headings`
(choosing between everything that a page says about itself).
"""

from __future__ import annotations

from parsers.heading.families import TitleDecision, TitleKind, classify, report_score
from parsers.heading.headings import Heading, choose, clean_title
from parsers.heading.names import issuer_in, scope_of, year_in

__all__ = [
    "Heading",
    "TitleDecision",
    "TitleKind",
    "choose",
    "classify",
    "clean_title",
    "issuer_in",
    "report_score",
    "scope_of",
    "year_in",
]
