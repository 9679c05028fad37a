"""Sites of one program and a query: ASP.NET, PHP, JSP, 动易, and the portal of 慧兰."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from html import escape

from sample import paths
from sample.places import Nesting, Site
from sample.sites import chrome
from sample.sites.files import Resource, SiteFiles
from sample.sites.items import Item
from sample.sites.stage import Part, Stage, beside, listed, number, row
from sample.truth import Country

_STATE = '<form method="post"><input type="hidden" name="__VIEWSTATE" value="dDw0"/></form>'


def query_site(country: Country, site: Site, night: int, base: str) -> SiteFiles:
    """The files of a site whose pages are told apart by their query."""
    stage = Stage(country, site, night, base)
    stage.add_items(_content)
    if site.nesting is Nesting.YEARS:
        stage.add_tree()
    size = 99 if site.dialect == "post" else 4
    for part in stage.parts(size):
        content = listed([_row(site, item) for item in part.rows], _PAGERS[site.dialect](part))
        stage.add(_path(site, part.column, part.number), chrome.COLUMN_NAME, content)
    return stage.files


def huilan_site(country: Country, site: Site, night: int, base: str) -> SiteFiles:
    """A portal whose pager puts the page's number into a form."""
    stage = Stage(country, site, night, base)
    stage.add_items(_content)
    for column in stage.columns:
        stage.files.add_program(column.partition("?")[0], partial(_portal, stage, column))
    return stage.files


def _path(site: Site, column: str, page: int) -> str:
    if page == 1:
        return column
    if site.dialect == "easy":
        return column.replace("Index.aspx", f"Index_{page}.aspx")
    name = "cur_page" if site.dialect == "jsp" else "page"
    return f"{column}&{name}={page}"


def _row(site: Site, item: Item) -> str:
    """A row of a table, or a paragraph, or an item."""
    link = f'<a href="{escape(item.place.path)}" target="_blank">{escape(item.title)}</a>'
    if site.dialect == "jsp":
        return f"<table><tr><td>{link}</td><td>[{item.published:%Y-%m-%d}]</td></tr></table>"
    if site.dialect == "easy":
        return f"<p>{item.published:%Y年%m月%d日}{link}</p>"
    return row(item, day="%Y/%m/%d")


def _links(site: Site, part: Part) -> str:
    """Numbers that lead to the other pages, in the query or in the name."""
    pages = (n for n in range(1, part.pages + 1) if n != part.number)
    turns = "".join(f'<a href="{escape(_path(site, part.column, n))}">[{n}]</a>' for n in pages)
    return f'<div id="AspNetPager1">共{part.total}条记录 {turns}</div>'


def _asp(part: Part) -> str:
    turns = f'<a href="{escape(f"{part.column}&page={part.number + 1}")}">下一页</a>'
    return f"{_STATE}<div>{turns if part.number < part.pages else '下一页'}</div>"


def _php(part: Part) -> str:
    pages = (n for n in range(1, part.pages + 1) if n != part.number)
    turns = "".join(f"<A HREF='{escape(f'{part.column}&page={n}')}'>{n}</A>" for n in pages)
    return f"<div id='pages'><a class='a1'>{part.total}条</a>{turns}</div>"


def _jsp(part: Part) -> str:
    own = part.column.replace("&", "&amp;")
    script = f'function goPage(n){{ window.location.href = "{part.column}&cur_page=" + n; }}'
    turns = "".join(f'<option value="{n}">第{n}页</option>' for n in range(1, part.pages + 1))
    after = f"<a href='javascript:goPage({part.number + 1})'>下一页</a>" if part.number < part.pages else ""
    menu = f'<select onchange="goPage(this.value)">{turns}</select>'
    return f"<script>{script}</script><a href='{own}'>首页</a>{after}{menu}"


def _post(part: Part) -> str:
    """A postback that nothing but a browser follows; all rows are on the first page."""
    return f"{_STATE}<div><a href=\"javascript:__doPostBack('AspNetPager1','2')\">2</a></div>"


def _easy(part: Part) -> str:
    folder = paths.folder(part.column)
    turns = "".join(
        f"<a href='{folder}Index_{n}.aspx'>{n}</a>" for n in range(2, part.pages + 1) if n != part.number
    )
    return f"<div class='pagelist'>{turns}<span>共 <b>{part.total}</b> 条</span></div>"


_PAGERS = {"": _asp, "php": _php, "jsp": _jsp, "post": _post, "easy": _easy}


def _portal(stage: Stage, column: str, params: Mapping[str, str]) -> Resource | None:
    """The page of a list that the form asks for."""
    asked = f"{column.partition('?')[0]}?pageId={params.get('pageId')}"
    wanted = number(params.get("currentPage"))
    part = next(
        (each for each in stage.parts_of(asked, stage.columns.get(asked, ())) if each.number == wanted), None
    )
    if part is None:
        return None
    turns = "".join(
        f'<a href="javascript:next({n})">{n}</a>' for n in range(1, part.pages + 1) if n != wanted
    )
    form = (
        f'<form name="pageForm" method="post" action="{part.column}"><input type="hidden" name="currentPage" '
        f'value="{wanted}"/><input type="hidden" name="moduleId" value="m1"/></form>'
    )
    script = '<script src="/uiFramework/huilan-jquery-ui/js/page.js"></script>'
    content = listed([row(item) for item in part.rows], f'{form}{script}<div class="pages">{turns}</div>')
    metas = chrome.column_metas(stage.site)
    return chrome.html(stage.site, chrome.page(stage.site, chrome.COLUMN_NAME, metas, content))


def _content(item: Item) -> str:
    return f'<div class="overview">{item.content()}{beside(item)}</div>'
