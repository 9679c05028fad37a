"""A LonSun site: a column a body in a tree, rows from a label, or the reports inside the column by year."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from html import escape

from sample.places import Site
from sample.sites import chrome
from sample.sites.files import Resource, SiteFiles
from sample.sites.items import Item
from sample.sites.stage import SIZE, Stage, beside, links, listed, number, row
from sample.truth import Country

LABEL = "/site/label/8888"
NOTHING = "暂无相关信息"
_SCRIPT = """<div id="list"></div><script>
var url = "{label}?IsAjax=1&dataType=html&labelName=publicInfoList&siteId={site}&pageSize={size}&pageIndex=1\
&action=list&fuzzySearch=false&isDate=true&dateFormat=yyyy-MM-dd&length=80&organId={organ}&type=3&result={nothing}";
Ls.pagination({{elem:'#page', pageCount: {pages}, callback: function(n){{ $('#list').load(url.replace('pageIndex=1',
'pageIndex=' + n)); }}}});
</script>"""


def lonsun_site(country: Country, site: Site, night: int, base: str) -> SiteFiles:
    """The files and programs of a LonSun site."""
    stage = Stage(country, site, night, base)
    stage.add_items(_content)
    for column, rows in stage.columns.items():
        shown = _inline(stage, rows) if site.dialect == "detail" else _list(stage, column, len(rows))
        stage.add(column, chrome.COLUMN_NAME, _tree(stage) + shown, _metas(site))
    stage.files.add_program(LABEL, partial(_label, stage))
    return stage.files


def _metas(site: Site) -> list[chrome.Meta]:
    return [*chrome.column_metas(site), ("SiteId", site.key[1:])]


def _organ(column: str) -> str:
    return column.partition("?")[0].rsplit("/", 1)[1]


def _tree(stage: Stage) -> str:
    """The bodies, each at its catalogue, with the other parts of its disclosure."""
    organs = {name: path.replace("type=3", "type=4") for name, path in stage.organs().items()}
    guide = {"政府信息公开指南": next(iter(organs.values())).replace("type=4", "type=2")}
    return links(organs) + links(guide)


def _list(stage: Stage, column: str, total: int) -> str:
    return _SCRIPT.format(
        label=LABEL,
        site=stage.site.key[1:],
        size=SIZE,
        organ=_organ(column),
        nothing=NOTHING,
        pages=-(-total // SIZE),
    )


def _inline(stage: Stage, rows: list[Item]) -> str:
    """A drop-down of the years, each with its report in place, and what else was put here."""
    reports = {report.place.path: report.year for report in stage.country.at_site(stage.site)}
    years = {str(reports[item.place.path]): item.place.path for item in rows if item.place.path in reports}
    options = "".join(f'<option value="{escape(path)}">{year}年</option>' for year, path in years.items())
    others = [row(item) for item in rows if item.place.path not in reports]
    return f'<select onchange="location=this.value">{options}</select>{listed(others)}'


def _label(stage: Stage, params: Mapping[str, str]) -> Resource:
    """The fragment of an organ's page, or the words for nothing."""
    column = next((each for each in stage.columns if _organ(each) == params.get("organId")), None)
    size, page = number(params.get("pageSize"), 15), number(params.get("pageIndex"))
    rows = stage.columns[column][(page - 1) * size : page * size] if column else []
    found = "".join(
        f'<div class="xxgk_navli"><ul><li class="mc"><a href="{item.place.path}" title="{item.title}">'
        f'{item.title[:16]}…</a></li><li class="rq">{item.published:%Y-%m-%d}</li></ul></div>'
        for item in rows
    )
    return Resource((found or f"<div>{NOTHING}</div>").encode(), "text/html;charset=utf-8")


def _content(item: Item) -> str:
    return f'<div class="j-fontContent" id="J_content">{item.content()}{beside(item)}</div>'
