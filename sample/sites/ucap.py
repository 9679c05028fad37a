"""A UCAP site: static pages from list_2.shtml on, pages after a question mark, or JSON from a search."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial

from sample import paths
from sample.places import Nesting, Site
from sample.sites import chrome
from sample.sites.files import Resource, SiteFiles
from sample.sites.items import Item
from sample.sites.stage import Part, Stage, beside, json_of, links, listed, number, row
from sample.truth import Country

_PAGER = "<script>createPageHTML('page_div',{pages}, {number},'{name}','shtml',{total});</script>"
_SCRIPT = """<script r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={{}};</script>
<ul class="rows"></ul><script type="text/javascript">
var pageSize = {size}, channelId = "{channel}";
function load(page){{ $.ajax({{url: "/common/search/" + channelId + "?_isAgg=true&_isJson=true&_pageSize=" + pageSize
 + "&_template=index&_rangeTimeGte=&_channelName=&page=" + page, success: show}}); }}
load(1);
</script>"""
SIZE = 3


def ucap_site(country: Country, site: Site, night: int, base: str) -> SiteFiles:
    """The files and programs of a UCAP site."""
    stage = Stage(country, site, night, base)
    stage.add_items(_content)
    if site.dialect == "json":
        _add_channels(stage)
    elif site.nesting is Nesting.YEARS:
        stage.add(paths.column_of(site, ""), chrome.COLUMN_NAME, links(_years(stage)), _metas(site, "root"))
    for part in stage.parts(SIZE):
        if site.dialect != "json":
            _add_static(stage, part)
        elif part.number == 1:
            _add_search(stage, part)
    return stage.files


def _years(stage: Stage) -> dict[str, str]:
    return {f"{year}年": path for year, path in stage.years().items()}


def _metas(site: Site, column: str) -> list[chrome.Meta]:
    """A column also says the id of its channel."""
    return [*chrome.column_metas(site), ("channelId", paths.hexes(site.key, column))]


def _add_static(stage: Stage, part: Part) -> None:
    name = part.column.rsplit("/", 1)[1].removesuffix(".shtml")
    if stage.site.dialect == "query":
        numbers = "".join(f'<a href="{name}.shtml?{n}">{n}</a> ' for n in range(1, part.pages + 1))
        pager, path = f'<div class="page">{numbers}</div>', f"{part.column}?{part.number}"
    else:
        pager = _PAGER.format(pages=part.pages, number=part.number, name=name, total=part.total)
        path = f"{paths.folder(part.column)}{name}_{part.number}.shtml"
    content = listed([row(item) for item in part.rows], pager)
    metas = _metas(stage.site, part.column)
    bare = part.number == 1 and stage.site.dialect != "query"
    stage.add(part.column if bare else path, chrome.COLUMN_NAME, content, metas)
    if stage.site.dialect == "query":
        stage.files.add_program(part.column, partial(_turned, stage, part.column))


def _turned(stage: Stage, column: str, params: Mapping[str, str]) -> Resource | None:
    """The page whose bare number is the query; without one the first."""
    return stage.files.get(f"{column}?{next(iter(params), '1')}") or stage.files.get(f"{column}?1")


def _add_channels(stage: Stage) -> None:
    """A root column whose years come from the tree of channels."""
    tree, root = "/common/getChannelList", paths.column_of(stage.site, "")
    script = f"$.get('{tree}?channelCode=c106000&websiteCodeName={stage.site.key}', menu);"
    metas = _metas(stage.site, "root")
    stage.add(root, chrome.COLUMN_NAME, f'<ul class="menu"></ul><script>{script}</script>', metas)
    years = {year: paths.hexes(stage.site.key, path) for year, path in stage.years().items()}
    nodes = [{"displayName": f"{year}年", "channelId": each, "children": []} for year, each in years.items()]
    answer = json.dumps({"data": nodes}, ensure_ascii=False)
    stage.files.add_program(tree, lambda _params: json_of(answer))


def _add_search(stage: Stage, part: Part) -> None:
    channel = paths.hexes(stage.site.key, part.column)
    content = f"<h2>{chrome.COLUMN_NAME}</h2>{_SCRIPT.format(size=SIZE, channel=channel)}"
    stage.add(part.column, chrome.COLUMN_NAME, content, _metas(stage.site, part.column))
    stage.files.add_program(f"/common/search/{channel}", partial(_search, stage, part.column))


def _search(stage: Stage, column: str, params: Mapping[str, str]) -> Resource:
    """Results with addresses that have no scheme; the second page of a long list is empty."""
    size, page = number(params.get("_pageSize"), 20), number(params.get("page"))
    rows = stage.columns[column]
    found = rows[(page - 1) * size : page * size]
    results = [
        {
            "title": f"<em>{item.title[:4]}</em>{item.title[4:]}",
            "url": f"//{stage.base.partition('//')[2]}{item.place.path}",
            "publishedTimeStr": f"{item.published:%Y-%m-%d %H:%M:%S}",
            "channelName": chrome.COLUMN_NAME,
            "content": item.title,
        }
        for item in found
    ]
    data = {"total": len(rows), "page": page, "rows": size, "results": results}
    return json_of(json.dumps({"data": data}, ensure_ascii=False))


def _content(item: Item) -> str:
    """The article in its own tags; a long one is broken by marks that a script takes out."""
    half = item.content().replace("</table>", "</table>#PAGE_BREAK#", 1)
    return (
        f"<UCAPTITLE>{item.title}</UCAPTITLE>\n"
        f'<div id="UCAP-CONTENT"><UCAPCONTENT>{half}{beside(item)}</UCAPCONTENT></div>'
    )
