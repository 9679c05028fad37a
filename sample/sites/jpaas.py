"""A jpaas site: the first rows in the page, further ones as JSON; one that is deaf to the page's number."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from html import escape

from sample import paths
from sample.places import Nesting, Site
from sample.sites import chrome
from sample.sites.files import Resource, SiteFiles
from sample.sites.items import Item
from sample.sites.stage import SIZE, Part, Stage, beside, json_of, listed, number, row
from sample.truth import Country

API = "/api-gateway/jpaas-publish-server/front/page/build/unit"


def jpaas_site(country: Country, site: Site, night: int, base: str) -> SiteFiles:
    """The files and programs of a jpaas site."""
    stage = Stage(country, site, night, base)
    stage.add_items(_content)
    if site.nesting is Nesting.YEARS:
        stage.add_tree()
    for column, rows in stage.columns.items():
        if site.dialect == "jiangxi":
            stage.files.add_program(column, partial(_jiangxi, stage, column))
        else:
            part = next(stage.parts_of(column, rows, len(rows) if site.dialect == "deaf" else SIZE))
            stage.add(column, chrome.COLUMN_NAME, _column(site, part))
    stage.files.add_program(API, partial(_unit, stage))
    return stage.files


def _column(site: Site, part: Part) -> str:
    """A column page whose unit says how it was asked for."""
    asked = f"{{'webId':'{site.key}','pageId':'{paths.hexes(part.column)}','parseType':'bulidstatic',"
    asked += f"'pageType':'column','tagId':'list','tplSetId':'{paths.hexes(site.key)}'}}"
    size = SIZE if site.dialect != "deaf" else max(1, part.total - 1)
    return f'<div class="unit" url="{API}" queryData="{asked}">{_list(part, size)}</div>'


def _list(part: Part, size: int) -> str:
    turns = f'<div class="pagination" rows="{size}" count="{part.total}"></div>'
    return listed([row(item, day="%Y.%m.%d") for item in part.rows], turns)


def _unit(stage: Stage, params: Mapping[str, str]) -> Resource | None:
    """The unit of a page; a deaf site builds the first page whatever is asked for."""
    asked = params.get("pageId")
    column = next((each for each in stage.columns if paths.hexes(each) == asked), None)
    if column is None:
        return None
    turned = json.loads(params.get("paramJson", "{}"))
    deaf, rows = stage.site.dialect == "deaf", stage.columns[column]
    size = len(rows) if deaf else number(str(turned.get("pageSize", "")), SIZE)
    parts = list(stage.parts_of(column, rows, size))
    wanted = 1 if deaf else number(str(turned.get("pageNo", "")))
    if wanted > len(parts):
        return json_of('{"success":true,"data":{"html":""}}')
    html = _list(parts[wanted - 1], size)
    return json_of(json.dumps({"success": True, "data": {"html": html}}, ensure_ascii=False))


def _jiangxi(stage: Stage, column: str, params: Mapping[str, str]) -> Resource | None:
    """A page whose rows stand in a script, for the pageNum of its query."""
    wanted = number(params.get("pageNum"))
    part = next(
        (each for each in stage.parts_of(column, stage.columns[column]) if each.number == wanted), None
    )
    if part is None:
        return None
    rows = [
        {"title": item.title, "urls": json.dumps({"common": item.place.path}), "publishedTime": _time(item)}
        for item in part.rows
    ]
    listing = json.dumps(rows, ensure_ascii=False).replace("</", "<\\/")
    content = f"""<h2>{chrome.COLUMN_NAME}</h2><div id="list"></div><script>
var listData = {{ articleList: {listing}, total: {part.total} }};
var params = {{current:{part.number}, unitid:'380055', webSiteCode:['{stage.site.key}'], channelCode:['col1'], \
perPage:'{SIZE}'}};
loadPageData(params, listData);
</script>"""
    metas = chrome.column_metas(stage.site)
    return chrome.html(stage.site, chrome.page(stage.site, chrome.COLUMN_NAME, metas, content))


def _time(item: Item) -> str:
    return f"{item.published:%Y-%m-%d %H:%M:%S}"


def _content(item: Item) -> str:
    return f'<div id="zoom" class="{escape("article-content")}">{item.content()}{beside(item)}</div>'
