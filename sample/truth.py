"""The truth about the sample country: what each report says, where it stands, and what is no report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sample.codebook import generation_of
from sample.figures import Broken, Figures, broken
from sample.places import Body, Site
from sample.prose import Section, Statements


class Form(StrEnum):
    """How a report stands on its site."""

    PAGE = "page"
    PAGE_AND_PDF = "page_and_pdf"
    PDF_ONLY = "pdf_only"
    WORD_ONLY = "word_only"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands on its site: the column that lists it, and its paths."""

    column: str
    path: str
    attachment: str | None = None
    twin: str | None = None


@dataclass(frozen=True)
class Text:
    """One text of a report, as printed."""

    opening: str
    sections: tuple[Section, ...]
    figures: Figures
    statements: Statements


@dataclass(frozen=True)
class Truth:
    """One report of the sample country. `text` is its first text, `revisions` what later nights show."""

    body: Body
    site: Site
    year: int
    title: str
    published: datetime
    form: Form
    place: Place
    skin: int
    text: Text
    revisions: tuple[Text, ...] = ()

    @property
    def scope(self) -> str:
        """`area` or `body`, as the archive says it."""
        return self.body.scope

    @property
    def generation(self) -> str:
        """The generation of the form that the report uses."""
        return generation_of(self.year)

    @property
    def figures(self) -> Figures:
        """The figures of the first text."""
        return self.text.figures

    @property
    def statements(self) -> Statements:
        """What the prose of the first text says."""
        return self.text.statements

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections of the first text."""
        return self.text.sections

    @property
    def printed_errors(self) -> tuple[Broken, ...]:
        """The identities that fail in print, in the first text."""
        return broken(self.figures, self.generation)

    def at(self, night: int) -> Text:
        """The text that the site shows on `night` (the first night is 1)."""
        return (self.text, *self.revisions)[min(night - 1, len(self.revisions))]


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A document in a report's column that is no report. `kind` says what it is."""

    kind: str
    body: Body
    site: Site
    title: str
    published: datetime
    place: Place
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A report that the body never published."""

    body: Body
    year: int


@dataclass(frozen=True)
class Country:
    """A whole sample country. `forbidden` are pages that robots.txt keeps crawlers from."""

    seed: int
    years: tuple[int, ...]
    sites: tuple[Site, ...]
    bodies: tuple[Body, ...]
    reports: tuple[Truth, ...]
    look_alikes: tuple[LookAlike, ...]
    forbidden: tuple[LookAlike, ...]
    gaps: tuple[Gap, ...]
    revised_on: date

    def at_site(self, site: Site) -> tuple[Truth, ...]:
        """The reports that stand on `site`."""
        return tuple(report for report in self.reports if report.site == site)

    def bodies_of(self, site: Site) -> tuple[Body, ...]:
        """The bodies that publish on `site`."""
        return tuple(body for body in self.bodies if body.site == site.key)
