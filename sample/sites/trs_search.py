"""A TRS site whose columns ask the search of the same house (WAS) for their rows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from sample import paths
from sample.places import Site
from sample.sites import chrome
from sample.sites.files import Resource, SiteFiles
from sample.sites.items import Item
from sample.sites.stage import SIZE, Stage, beside, number
from sample.truth import Country

SEARCH = "/was5/web/search"
_SCRIPT = """<ul id="list"></ul><script type="text/javascript">
$.get("{search}?channelid=294271&templet=advsch.jsp&sortfield=-docorderpri,-docreltime&classsql=chnlid%3D{channel}\
&prepage={size}&page=1", show);
</script>"""


def trs_search_site(country: Country, site: Site, night: int, base: str) -> SiteFiles:
    """The files of a TRS site and its search."""
    stage = Stage(country, site, night, base)
    stage.add_items(lambda item: f'<div class="TRS_Editor">{item.content()}{beside(item)}</div>')
    stage.add_tree()
    for column in stage.columns:
        script = _SCRIPT.format(search=SEARCH, channel=_channel(column), size=SIZE)
        stage.add(column, chrome.COLUMN_NAME, f"<h2>{chrome.COLUMN_NAME}</h2>{script}")
    stage.files.add_program(SEARCH, partial(_search, stage))
    return stage.files


def _channel(column: str) -> str:
    return "35" + "".join(filter(str.isdigit, column))


def _search(stage: Stage, params: Mapping[str, str]) -> Resource:
    """A page of results, with the row that its template leaves at the end."""
    asked = params.get("classsql", "").removeprefix("chnlid=")
    rows = next((rows for column, rows in stage.columns.items() if _channel(column) == asked), [])
    size, page = number(params.get("prepage"), 10), number(params.get("page"))
    docs = [_doc(stage, item) for item in rows[(page - 1) * size : page * size]]
    sentinel = '{"title":"文章标题","url":"","time":""}'
    text = f'{{"count":{len(rows)},\r\n"docs":[\n' + ",\n".join([*docs, sentinel]) + "\n]}"
    return Resource(text.encode(), "text/html;charset=utf-8")


def _doc(stage: Stage, item: Item) -> str:
    url = stage.base + item.place.path
    return f'{{"title":"{item.title}\n","url":"{url}","time":"{item.published:%Y-%m-%d %H:%M}","id":"{paths.hexes(url)}"}}'
