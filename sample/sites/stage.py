"""What the simulators of the families share: a site's files with its home page, its articles, its lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

from sample import paths
from sample.places import Nesting, Site
from sample.sites import chrome
from sample.sites.files import Resource, SiteFiles
from sample.sites.items import Item, by_column, items_of
from sample.truth import Country

SIZE = 4
"""Rows on a page of a list, where a family has no number of its own."""

_TYPES = {"zf": "县政府及办公室", "bm": "县政府部门", "xz": "乡镇街道"}


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a list: its number from 1, of how many, its rows, and how many rows there are in all."""

    column: str
    number: int
    pages: int
    rows: tuple[Item, ...]
    total: int


class Stage:
    """A site while it is put together."""

    def __init__(self, country: Country, site: Site, night: int, base: str) -> None:
        """Begin with the home page and what stands on every site."""
        self.site = site
        self.base = base
        self.country = country
        self.files = SiteFiles()
        self.items = items_of(country, site, night)
        self.columns = by_column(self.items)
        self._add_around()

    def add(self, path: str, title: str, content: str, metas: Sequence[chrome.Meta] = ()) -> None:
        """A page with this content; a column's page when no other tags are given."""
        tags = list(metas) or chrome.column_metas(self.site)
        self.files.add(path, lambda: chrome.html(self.site, chrome.page(self.site, title, tags, content)))

    def add_items(self, content: Callable[[Item], str]) -> None:
        """The details, with `content` around each article, and the files beside them."""
        for item in self.items:
            for path in (item.place.path, item.place.twin):
                if path:
                    self.files.add(path, partial(self._detail, item, content))
            if item.place.attachment and item.attachment:
                self.files.add(item.place.attachment, partial(_file, item))

    def parts(self, size: int = SIZE) -> Iterator[Part]:
        """Every page of every list."""
        for column, rows in self.columns.items():
            yield from self.parts_of(column, rows, size)

    def parts_of(self, column: str, rows: Sequence[Item], size: int = SIZE) -> Iterator[Part]:
        """Every page of one list."""
        pages = -(-len(rows) // size)
        for number in range(1, pages + 1):
            part = tuple(rows[(number - 1) * size : number * size])
            yield Part(column, number, pages, part, len(rows))

    def years(self) -> dict[str, str]:
        """The columns of the years by their year, the newest first."""
        years = sorted(self.country.years, reverse=True)
        return {str(year): paths.column_of(self.site, str(year)) for year in years}

    def organs(self) -> dict[str, str]:
        """The columns of the bodies by their name."""
        bodies = self.country.bodies_of(self.site)
        return {body.name: paths.column(self.site, body, 0) for body in bodies}

    def add_tree(self) -> None:
        """The pages that lead to the lists where lists nest: year, then type of body, then body."""
        self.add(paths.column_of(self.site, ""), chrome.COLUMN_NAME, links(self._named_years()))
        if self.site.nesting is not Nesting.DEEP:
            return
        for year in self.country.years:
            types = {kind: f"{year}/{kind}" for kind in _TYPES if self._below(f"{year}/{kind}")}
            shown = {_TYPES[kind]: paths.column_of(self.site, key) for kind, key in types.items()}
            self.add(paths.column_of(self.site, str(year)), f"{year}年", links(shown))
            for key in types.values():
                self.add(paths.column_of(self.site, key), chrome.COLUMN_NAME, links(self._below(key)))

    def _below(self, key: str) -> dict[str, str]:
        """The columns of the bodies of a year and type."""
        year, kind = key.split("/")
        bodies = [body for body in self.country.bodies_of(self.site) if paths.type_of(body) == kind]
        found = {body.name: paths.column(self.site, body, int(year)) for body in bodies}
        return {name: column for name, column in found.items() if column in self.columns}

    def _named_years(self) -> dict[str, str]:
        return {f"{year}年": column for year, column in self.years().items()}

    def _add_around(self) -> None:
        own = self.country.bodies_of(self.site)
        shown = {name: f"/about/{number}.html" for number, name in enumerate(chrome.NEIGHBOURS)}
        for name, path in shown.items():
            self.add(path, name, f"<p>{name}正在整理。</p>", [("ColumnType", name)])
        shown[chrome.COLUMN_NAME] = paths.entry(self.site, own[0])
        self.files.add("/robots.txt", chrome.robots)
        self.files.add("/images/site.css", lambda: Resource(b"body{margin:0}\n", "text/css"))
        self.add("/", "首页", chrome.home(self.site, shown), [("ColumnType", "首页")])

    def _detail(self, item: Item, content: Callable[[Item], str]) -> Resource:
        body = chrome.article(self.site, item, content(item))
        tags = chrome.article_metas(self.site, item)
        return chrome.html(self.site, chrome.page(self.site, item.title, tags, body))


def links(shown: dict[str, str]) -> str:
    """A list of columns."""
    rows = "".join(f'<li><a href="{escape(path)}">{name}</a></li>' for name, path in shown.items())
    return f'<h2>{chrome.COLUMN_NAME}</h2>\n<ul class="menu">{rows}</ul>'


def row(item: Item, href: str = "", day: str = "%Y-%m-%d", cut: int = 20) -> str:
    """One row of a list: the title is cut in the text and whole in `title`."""
    text = item.title if len(item.title) <= cut else item.title[:cut] + "…"
    return (
        f'<li><a href="{escape(href or item.place.path)}" title="{escape(item.title)}">{escape(text)}</a>'
        f"<span>{item.published:{day}}</span></li>"
    )


def listed(rows: Sequence[str], below: str = "") -> str:
    """A list with its heading and what stands below it."""
    return f"<h2>{chrome.COLUMN_NAME}</h2>\n<ul>\n" + "\n".join(rows) + f"\n</ul>\n{below}"


def beside(item: Item, name: str = "附件：") -> str:
    """The link to the file beside an article; empty where there is none."""
    if not item.place.attachment:
        return ""
    return f'<p>{name}<a href="{escape(item.place.attachment)}">{escape(item.title)}.{item.suffix}</a></p>'


def json_of(text: str) -> Resource:
    """An answer in JSON."""
    return Resource(text.encode(), "application/json;charset=utf-8")


def number(value: str | None, default: int = 1) -> int:
    """A number out of a query."""
    return max(int(value), 1) if value and value.isdecimal() else default


def _file(item: Item) -> Resource:
    if item.attachment is None:
        raise ValueError(f"{item.place.path} has no attachment")
    return Resource(item.attachment(), item.attachment_type)
