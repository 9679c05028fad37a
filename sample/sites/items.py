"""Everything that stands in the columns of a site, reports and others alike, as a CMS sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache, partial
from html import escape

from sample.forms.markup import as_html
from sample.forms.pdf import as_pdf
from sample.forms.word import as_docx
from sample.places import Site
from sample.truth import Country, Form, LookAlike, Place, Truth

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_ATTACHMENT_ONLY = "<p>详见附件。</p>"


@dataclass(frozen=True, slots=True)
class Item:
    """One article of a site. `modified` differs from `published` after a silent revision."""

    title: str
    source: str
    published: datetime
    modified: datetime
    place: Place
    content: Callable[[], str]
    attachment: Callable[[], bytes] | None = None
    suffix: str = ""

    @property
    def attachment_type(self) -> str:
        """The content type of the attachment."""
        return CONTENT_TYPES[self.suffix]


def items_of(country: Country, site: Site, night: int) -> list[Item]:
    """All articles of `site` on `night`, the newest first."""
    items = list(_items(country, site, night))
    return sorted(items, key=lambda item: (item.published, item.place.path), reverse=True)


def by_column(items: list[Item]) -> dict[str, list[Item]]:
    """The articles of each column, in the order given."""
    columns: dict[str, list[Item]] = {}
    for item in items:
        columns.setdefault(item.place.column, []).append(item)
    return columns


def _items(country: Country, site: Site, night: int) -> Iterator[Item]:
    for report in country.at_site(site):
        yield _report(country, report, night)
    for other in (*country.look_alikes, *country.forbidden):
        if other.site == site:
            yield _look_alike(other)


def _report(country: Country, report: Truth, night: int) -> Item:
    text = report.at(night)
    revised = text is not report.text
    modified = datetime.combine(country.revised_on, time(10, 20)) if revised else report.published
    attached = {
        Form.PAGE: None,
        Form.PAGE_AND_PDF: cache(partial(as_pdf, report, text)),
        Form.PDF_ONLY: cache(partial(as_pdf, report, text)),
        Form.WORD_ONLY: cache(partial(as_docx, report, text)),
    }[report.form]
    only_attached = report.form in (Form.PDF_ONLY, Form.WORD_ONLY)
    content = (lambda: _ATTACHMENT_ONLY) if only_attached else partial(as_html, report, text)
    suffix = {Form.PAGE: "", Form.WORD_ONLY: "docx"}.get(report.form, "pdf")
    return Item(
        report.title, report.body.name, report.published, modified, report.place, content, attached, suffix
    )


def _look_alike(other: LookAlike) -> Item:
    content = "\n".join(f"<p>　　{escape(paragraph)}</p>" for paragraph in other.paragraphs)
    return Item(other.title, other.body.name, other.published, other.published, other.place, lambda: content)
