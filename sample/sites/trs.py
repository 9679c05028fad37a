"""A TRS site: static pages, relative links, pages of a list that a script call announces."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from html import escape
from posixpath import relpath

from sample import paths
from sample.places import Nesting, Site
from sample.sites import chrome
from sample.sites.files import Resource, SiteFiles
from sample.sites.items import Item, by_column, items_of
from sample.truth import Country

ROWS = {Nesting.YEARS: 4, Nesting.FLAT: 10}
"""Rows on a page of a list."""

_CUT = 18
_STUB = b"<html><head><title></title></head><body><!-- " + b" " * 260 + b" --></body></html>"
_NEIGHBOURS = dict(
    zip(chrome.NEIGHBOURS, ("zfxxgkzn", "zfxxgkzd", "fdzdgknr", "zfxxgknb", "ysqgk"), strict=True)
)


def trs_site(country: Country, site: Site, night: int, base: str) -> SiteFiles:
    """The files of a TRS site; pages and attachments know when they were last changed."""
    files = SiteFiles()
    items = items_of(country, site, night)
    newest = max(item.published for item in items)
    _add_around(files, site, newest)
    for item in items:
        _add_item(files, site, item)
    columns = by_column(items)
    for column, rows in columns.items():
        _add_column(files, site, column, rows, base)
    if site.nesting is Nesting.YEARS:
        _add_page(files, site, paths.TRS_COLUMN, _years(columns), newest)
    return files


def page_name(number: int) -> str:
    """The file name of a page of a list, counted from 0: index.html, index_1.html, …"""
    return f"index_{number}.html" if number else "index.html"


def _add_around(files: SiteFiles, site: Site, newest: datetime) -> None:
    links = {name: f"./zwgk/zfxxgk/{directory}/" for name, directory in _NEIGHBOURS.items()}
    files.add("/robots.txt", chrome.robots)
    files.add("/images/site.css", lambda: Resource(b"body{margin:0}\n", "text/css", newest))
    _add_page(files, site, "/", chrome.home(site, links), newest, "首页")
    for name, directory in _NEIGHBOURS.items():
        if name != chrome.COLUMN_NAME:
            _add_page(files, site, f"/zwgk/zfxxgk/{directory}/", f"<p>{name}正在整理。</p>", newest, name)


def _add_page(
    files: SiteFiles, site: Site, directory: str, content: str, at: datetime, name: str = chrome.COLUMN_NAME
) -> None:
    metas = chrome.column_metas(site) if name == chrome.COLUMN_NAME else [("ColumnType", name)]
    maker = partial(_made, site, name, metas, content, at)
    files.add(directory, maker)
    files.add(f"{directory}index.html", maker)


def _made(site: Site, title: str, metas: list[chrome.Meta], content: str, at: datetime) -> Resource:
    return chrome.html(site, chrome.page(site, title, metas, content, f"{at:%Y-%m-%d %H:%M:%S}"), at)


def _years(columns: dict[str, list[Item]]) -> str:
    names = sorted((column.rstrip("/").rsplit("/", 1)[1] for column in columns), reverse=True)
    rows = "".join(f'<li><a href="./{name}/">{name.removesuffix("nb")}年</a></li>' for name in names)
    return f'<h2>{chrome.COLUMN_NAME}</h2>\n<ul class="years">{rows}</ul>'


def _add_column(files: SiteFiles, site: Site, column: str, rows: list[Item], base: str) -> None:
    size = ROWS[site.nesting]
    pages = -(-len(rows) // size)
    metas = chrome.column_metas(site)
    for number in range(pages):
        part = rows[number * size : (number + 1) * size]
        content = _list(site, column, part, base, number, pages, len(rows))
        at = max(item.published for item in part)
        maker = partial(_made, site, chrome.COLUMN_NAME, metas, content, at)
        files.add(column + page_name(number), maker)
        if not number:
            files.add(column, maker)
    if site.dialect == "records":
        # A page that is announced and holds nothing, as deep pages of some ministries do.
        files.add(column + page_name(pages), lambda: Resource(_STUB, "text/html"))


def _list(site: Site, column: str, rows: list[Item], base: str, number: int, pages: int, total: int) -> str:
    lines = [_row(site, column, item, base if place % 3 == 2 else "") for place, item in enumerate(rows)]
    lines.insert(1, f"<!-- {lines[0]} -->")
    call = "createPageHTML" if site.nesting is Nesting.YEARS else "createPage"
    numbers = f"{total}, {pages + 1}, {number}" if site.dialect == "records" else f"{pages}, {number}"
    return (
        f'<h2>{chrome.COLUMN_NAME}</h2>\n<ul class="list">\n' + "\n".join(lines) + "\n</ul>\n"
        f'<div class="pages"><span class="total">共{total}条</span>\n'
        f'<script type="text/javascript">{call}({numbers}, "index", "html");</script></div>'
    )


def _row(site: Site, column: str, item: Item, base: str) -> str:
    """One row of a list: the title is cut in the text and whole in `title`."""
    href = base + item.place.path if base else _relative(item.place.path, column)
    text = item.title if len(item.title) <= _CUT else item.title[:_CUT] + "…"
    day = f"{item.published:%Y-%m-%d}"
    day = f"[{day}]" if site.charset == "gb18030" else day
    if site.dialect == "written":
        return f'<li><script>var url="{href}"; var title="{item.title}"; document.writeln(title);</script>{day}</li>'
    return (
        f'<li><a href="{href}" title="{escape(item.title)}" target="_blank">{escape(text)}</a>'
        f"<span>{day}</span></li>"
    )


def _relative(path: str, column: str) -> str:
    found = relpath(path, column)
    return found if found.startswith("..") else f"./{found}"


def _add_item(files: SiteFiles, site: Site, item: Item) -> None:
    files.add(item.place.path, partial(_detail, site, item))
    if item.place.twin:
        files.add(item.place.twin, partial(_twin, site, item))
    if item.place.attachment and item.attachment:
        files.add(item.place.attachment, partial(_attachment, item))


def _content(site: Site, item: Item) -> str:
    """The text in the editor's container, newer or older, with the attachment below it."""
    name = "trs_editor_view TRS_UEDITOR trs_paper_default" if site.charset == "utf-8" else "TRS_Editor"
    link = ""
    if item.place.attachment:
        file = item.place.attachment.rsplit("/", 1)[1]
        shown = f"{item.title}.{file.rsplit('.', 1)[1]}"
        link = f'\n<p>附件：<a href="./{file}" appendix="true">{escape(shown)}</a></p>'
    return f'<div class="{name}">\n{item.content()}{link}\n</div>'


def _detail(site: Site, item: Item) -> Resource:
    content = chrome.article(site, item, _content(site, item))
    if item.place.twin:
        content += f'\n<p class="wap"><a href="./{item.place.twin.rsplit("/", 1)[1]}">手机版</a></p>'
    return _made(site, item.title, chrome.article_metas(site, item), content, item.modified)


def _twin(site: Site, item: Item) -> Resource:
    """The same article for telephones: no box, no breadcrumb."""
    content = f"<h1>{escape(item.title)}</h1>\n{_content(site, item)}"
    return _made(site, item.title, chrome.article_metas(site, item), content, item.modified)


def _attachment(item: Item) -> Resource:
    if item.attachment is None:
        raise ValueError(f"{item.place.path} has no attachment")
    return Resource(item.attachment(), item.attachment_type, item.modified)
