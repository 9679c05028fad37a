"""Sites of static pages that count from 1: Shaanxi, Anhui openness, Shanghai, Kunming, Hebei with blocks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from html import escape

from sample import paths
from sample.places import Nesting, Site
from sample.sites import chrome
from sample.sites.files import Resource, SiteFiles
from sample.sites.items import Item
from sample.sites.stage import SIZE, Part, Stage, beside, links, listed, number, row
from sample.truth import Country


def shaanxi_site(country: Country, site: Site, night: int, base: str) -> SiteFiles:
    """1.html, 2.html, …; one report is listed under both of its ids."""
    stage = Stage(country, site, night, base)
    stage.add_items(_content)
    for part in stage.parts():
        rows = [row(item, path) for item in part.rows for path in (item.place.path, item.place.twin) if path]
        turns = "".join(f'<a href="{n}.html">{n}</a>' for n in range(1, part.pages + 1) if n != part.number)
        path = f"{paths.folder(part.column)}{part.number}.html"
        stage.add(path, chrome.COLUMN_NAME, listed(rows, f'<div class="pagination">{turns}</div>'))
    return stage.files


def openness_site(country: Country, site: Site, night: int, base: str) -> SiteFiles:
    """A list a body; page_2.html is its second page, and the year stands in a report's address."""
    stage = Stage(country, site, night, base)
    stage.add_items(_content)
    reports = {report.place.path: report.year for report in country.at_site(site)}
    for part in stage.parts():
        rows = [_by_year(item, reports.get(item.place.path)) for item in part.rows]
        after = f"page_{part.number + 1}.html"
        turns = f'<p>共{part.pages}页 <a href="{after}">下一页</a></p>' if part.number < part.pages else ""
        path = f"{paths.folder(part.column)}page_{part.number}.html"
        stage.add(path, chrome.COLUMN_NAME, links(stage.organs()) + listed(rows, turns))
    return stage.files


def _by_year(item: Item, year: int | None) -> str:
    """A report is shown by its year alone."""
    if year is None:
        return row(item)
    return f'<li><a href="{item.place.path}">{year}年</a></li>'


def shanghai_site(country: Country, site: Site, night: int, base: str) -> SiteFiles:
    """A script says how many pages there are; every row stands in a comment a second time."""
    stage = Stage(country, site, night, base)
    stage.add_items(lambda item: f'<div class="Article_content">{item.content()}{beside(item)}</div>')
    if site.nesting is Nesting.YEARS:
        stage.add_tree()
    for part in stage.parts(3):
        rows = [line for item in part.rows for line in (row(item), f"<!-- {row(item, '/old.html')} -->")]
        script = (
            f'$(".pagination").pagination({{ totalPage: {part.pages}, showPageNum: 5, isShowFL: true }});'
        )
        name = f"index_{part.number}.html" if part.number > 1 else "index.html"
        content = listed(rows, f'<div class="pagination"></div><script>{script}</script>')
        stage.add(paths.folder(part.column) + name, chrome.COLUMN_NAME, content)
    return stage.files


def kunming_site(country: Country, site: Site, night: int, base: str) -> SiteFiles:
    """Only the check of a typed page number says how many pages there are."""
    stage = Stage(country, site, night, base)
    stage.add_items(_content)
    for part in stage.parts():
        box = f"function go(ele) {{ if (ele.value>{part.pages}) {{ ele.value = {part.pages}; }} turn(ele.value); }}"
        name = f"index_{part.number}.shtml" if part.number > 1 else ""
        content = listed(
            [row(item) for item in part.rows], f"<input onchange='go(this)'><script>{box}</script>"
        )
        stage.add(paths.folder(part.column) + name, chrome.COLUMN_NAME, content)
    return stage.files


def hebei_site(country: Country, site: Site, night: int, base: str) -> SiteFiles:
    """Rows come from a block whose address stands in a script of the page."""
    stage = Stage(country, site, night, base)
    stage.add_items(lambda item: f'<div id="zoom">{item.content()}{beside(item)}</div>')
    for column, rows in stage.columns.items():
        first, *_others = stage.parts_of(column, rows)
        block = f"{paths.folder(column)}templates/{paths.uuid('t', column)}/blocks/{paths.uuid('b', column)}"
        script = f'<script>loadBlock("{block}?page=1&fix=0", "#list");</script>'
        stage.add(column, chrome.COLUMN_NAME, f'<div id="list">{_block(first)}</div>{script}')
        stage.files.add_program(block, partial(_turned, stage, column))
    return stage.files


def _turned(stage: Stage, column: str, params: Mapping[str, str]) -> Resource:
    """A page of a block; the second one is empty, as if by a fault."""
    page = number(params.get("page"))
    parts = list(stage.parts_of(column, stage.columns[column], SIZE))
    text = _block(parts[page - 1]) if page <= len(parts) else "<ul></ul>"
    return Resource(text.encode(), "text/html;charset=utf-8")


def _block(part: Part) -> str:
    rows = "".join(
        f'<li class="xxgk_gfxwjk-list-li"><p>{part.number}</p><p><a href="{escape(item.place.path)}" '
        f'title="{escape(item.title)}">{escape(item.title[:18])}...</a></p><p>{item.published:%Y-%m-%d}</p></li>'
        for item in part.rows
    )
    return f"<ul>{rows}</ul><p>共{part.total}条</p>"


def _content(item: Item) -> str:
    return f'<div class="con">{item.content()}{beside(item)}</div>'
