"""A VSB site: pages whose numbers descend, articles that are columns, or everything through list.jsp."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from sample import paths
from sample.places import Nesting, Site
from sample.sites import chrome
from sample.sites.files import Resource, SiteFiles
from sample.sites.items import Item
from sample.sites.stage import SIZE, Part, Stage, links, listed, row
from sample.truth import Country

_FORM = '<form name="_newscontent_fromname"><script>_showDynClick("wbnews", 1, 1)</script>\n{}\n</form>'


def vsb_site(country: Country, site: Site, night: int, base: str) -> SiteFiles:
    """The files and programs of a VSB site."""
    stage = Stage(country, site, night, base)
    stage.add_items(_content)
    stage.files.add_program(paths.VSB_DOWNLOAD, partial(_download, stage))
    if site.nesting is Nesting.DEEP:
        _add_deep(stage)
        return stage.files
    if site.nesting is Nesting.YEARS:
        stage.add_tree()
    for part in stage.parts():
        stage.add(_path(site, part, part.number), chrome.COLUMN_NAME, _list(site, part))
    return stage.files


def _path(site: Site, part: Part, number: int) -> str:
    """Page 1 is the column, page 2 of 11 is 10.htm in its folder; a program counts upwards."""
    if number == 1:
        return part.column
    if site.dialect == "dynamic":
        return f"/list.jsp?a3t={part.pages}&a3p={number}&{part.column.partition('?')[2]}"
    return f"{part.column.removesuffix('.htm')}/{part.pages + 1 - number}.htm"


def _href(site: Site, part: Part, number: int) -> str:
    """A link of the pager: relative to the column on page 1, and to the pages' own folder later."""
    path = _path(site, part, number)
    if site.dialect == "dynamic":
        return path.removeprefix("/list.jsp").replace("&", "&amp;")
    if number == 1:
        return f"../{path.rsplit('/', 1)[1]}"
    return (
        path.rsplit("/", 2 if part.number == 1 else 1)[-1]
        if part.number > 1
        else "/".join(path.split("/")[-2:])
    )


def _list(site: Site, part: Part) -> str:
    turns = [f'<span class="p_t">共{part.total}条</span>']
    for number in range(1, part.pages + 1):
        link = f'<span class="p_no"><a href="{_href(site, part, number)}">{number}</a></span>'
        turns.append(f'<span class="p_no_d">{number}</span>' if number == part.number else link)
    if part.number < part.pages:
        turns.append(
            f'<span class="p_next p_fun"><a href="{_href(site, part, part.number + 1)}">下页</a></span>'
        )
        turns.append(f'<span class="p_last p_fun"><a href="{_href(site, part, part.pages)}">尾页</a></span>')
    else:
        turns.append('<span class="p_next_d p_fun_d">下页</span>')
    turns.append(f'<span class="p_t">{part.number}/{part.pages}</span>')
    pager = f'<div class="pb_sys_common pb_sys_normal pb_sys_style1">{"".join(turns)}</div>'
    return listed([row(item, day="%Y/%m/%d") for item in part.rows], pager)


def _add_deep(stage: Stage) -> None:
    """Year, then type of body; there each body's name leads to its article."""
    site = stage.site
    stage.add(
        paths.column_of(site, ""), chrome.COLUMN_NAME, links({f"{y}年": c for y, c in stage.years().items()})
    )
    kinds = {"zf": "县政府", "bm": "县级部门", "xz": "乡镇"}
    for year in stage.country.years:
        own = {name: paths.column_of(site, f"{year}/{kind}") for kind, name in kinds.items()}
        shown = {name: path for name, path in own.items() if path in stage.columns}
        stage.add(paths.column_of(site, str(year)), f"{year}年", links(shown))
    reports = {report.place.path: report.body.name for report in stage.country.at_site(site)}
    for column, rows in stage.columns.items():
        named = {reports.get(item.place.path, item.title): item.place.path for item in rows}
        stage.add(column, chrome.COLUMN_NAME, links(named))


def _download(stage: Stage, params: Mapping[str, str]) -> Resource | None:
    """The file of the id that was asked for, without a type in its address."""
    wanted = f"wbfileid={params.get('wbfileid', '')}"
    for item in stage.items:
        if item.attachment and (item.place.attachment or "").endswith(wanted):
            return Resource(item.attachment(), item.attachment_type)
    return None


def _content(item: Item) -> str:
    """The article in its form, its files in a list beside it."""
    files = ""
    if item.place.attachment:
        href = item.place.attachment.replace("&", "&amp;")
        files = f'<ul><li>附件【<a href="{href}">{item.title}.{item.suffix}</a>】</li></ul>'
    text = f'<div id="vsb_content_4"><div class="v_news_content">{item.content()}</div></div>{files}'
    return _FORM.format(text)


ROWS = SIZE
"""Rows on a page of a list."""
