"""The families of content management systems, one module each; to add one is to add such a module.

    score(page) -> int                    how surely the page is of this family; 0 when it is not
    rows(page) -> list[Row]               the links of a listing
    pages(page) -> list[PageRequest]      the further pages of a listing, as its pager asks for them
    total(page) -> int | None             how many rows the listing announces, when it says
    attachments(page) -> list[Row]        the files beside a document

A family is chosen by what a page shows, never by a setting; the registry's word only breaks a tie.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from crawler.page import Page, PageRequest, Row


class Family(Protocol):
    """What every module of this package offers."""

    __name__: str

    def score(self, page: Page) -> int:
        """How surely the page is of this family; 0 when it is not."""

    def rows(self, page: Page) -> list[Row]:
        """The links of a listing."""

    def pages(self, page: Page) -> list[PageRequest]:
        """The further pages of a listing."""

    def total(self, page: Page) -> int | None:
        """How many rows the listing announces."""

    def attachments(self, page: Page) -> list[Row]:
        """The files beside a document."""


@cache
def families() -> dict[str, Family]:
    """Every family by name."""
    names = sorted(module.name for module in iter_modules(__path__))
    return {name: cast(Family, import_module(f"{__name__}.{name}")) for name in names}


def detect(page: Page, hint: str = "") -> tuple[str, Family]:
    """The family that a page is of; `generic` when none is surer."""
    found = families()
    scored = {name: family.score(page) for name, family in found.items()}
    best = max(scored, key=lambda name: (scored[name], name == hint, name))
    return best, found[best]
