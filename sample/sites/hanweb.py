"""A Hanweb JCMS site: records inside the column page, further ones from a data proxy, nothing cached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape

from sample import paths
from sample.places import Nesting, Site
from sample.sites import chrome
from sample.sites.files import Resource, SiteFiles
from sample.sites.items import Item, by_column, items_of
from sample.truth import Country

PROXY = "/module/web/jpage/dataproxy.jsp"
PER_PAGE = 5
GROUP = 3
"""Pages that come with one answer; more are never given."""

_CUT = 20
_NEIGHBOURS = {name: 901 + number for number, name in enumerate(chrome.NEIGHBOURS)}


def hanweb_site(country: Country, site: Site, night: int, base: str) -> SiteFiles:
    """The files and programs of a Hanweb site; every page is made anew at each request."""
    files = SiteFiles()
    items = items_of(country, site, night)
    columns = by_column(items)
    _add_around(files, country, site)
    for column, rows in columns.items():
        files.add(column, partial(_column, site, column, rows))
    files.add_program(PROXY, partial(_proxy, site, columns))
    files.add_program(paths.HANWEB_DOWNLOAD, partial(_download, items))
    for item in items:
        files.add(item.place.path, partial(_detail, site, item, base))
    return files


def _add_around(files: SiteFiles, country: Country, site: Site) -> None:
    own = [(body, paths.entry(site, body)) for body in country.bodies if body.site == site.key]
    links = {name: paths.hanweb_column(site, number) for name, number in _NEIGHBOURS.items()}
    links[chrome.COLUMN_NAME] = own[0][1]
    files.add("/robots.txt", chrome.robots)
    files.add("/images/site.css", lambda: Resource(b"body{margin:0}\n", "text/css"))
    content = chrome.home(site, links, own if site.nesting is Nesting.BODIES else ())
    files.add("/", partial(_page, site, "首页", [("ColumnType", "首页")], content))
    for name, href in links.items():
        if name != chrome.COLUMN_NAME:
            files.add(href, partial(_page, site, name, [("ColumnType", name)], f"<p>{name}正在整理。</p>"))


def _page(site: Site, title: str, metas: list[chrome.Meta], content: str) -> Resource:
    return chrome.html(site, chrome.page(site, title, metas, content))


def _unit(column: str) -> int:
    """The id of the list on a column page."""
    return 240000 + int(_column_id(column)) % 100000


def _column_id(column: str) -> str:
    return column.split("/")[2].removeprefix("col")


def _column(site: Site, column: str, rows: Sequence[Item]) -> Resource:
    """A column page: where each body has its own, all records are inside, else the first group."""
    whole = site.nesting is Nesting.BODIES
    inside = rows if whole else rows[: PER_PAGE * GROUP]
    unit = _unit(column)
    content = f"""<h2>{chrome.COLUMN_NAME}</h2>
<div id="{unit}" class="list">
<script type="text/xml">{_datastore(site, inside)}</script>
</div>
<script type="text/javascript">
var param_{unit} = {{col:1,appid:1,webid:{site.index + 1},path:'/',columnid:{_column_id(column)},\
sourceContentType:1,unitid:'{unit}',webname:'{site.name}',permissiontype:0}};
$("#{unit}").jpage({{
themeName:'default',
openCookies:false,
totalRecord:{len(rows)},
perPage:{PER_PAGE},
groupSize:{GROUP},
barPosition:'bottom',
proxyUrl:'{PROXY}',
ajaxParam:param_{unit}
}});
</script>"""
    return _page(site, chrome.COLUMN_NAME, chrome.column_metas(site), content)


def _datastore(site: Site, rows: Sequence[Item], head: str = "") -> str:
    records = "".join(f"<record><![CDATA[{_row(site, item)}]]></record>\n" for item in rows)
    return f"<datastore>{head}<recordset>{records}</recordset></datastore>"


def _row(site: Site, item: Item) -> str:
    text = item.title if len(item.title) <= _CUT else item.title[:_CUT] + "..."
    day = f"{item.published:%Y-%m-%d}"
    if site.nesting is Nesting.FLAT:
        day = day.replace("-", "-\n ")
    return (
        f'<li><a href="{item.place.path}" title="{escape(item.title)}" target="_blank">{escape(text)}</a>'
        f"<span>{day}</span></li>"
    )


def _proxy(site: Site, columns: Mapping[str, Sequence[Item]], params: Mapping[str, str]) -> Resource:
    """The records asked for, never more than a group; nothing for a column or list that does not exist."""
    rows = next((rows for column, rows in columns.items() if _asked_for(site, column, params)), ())
    size = _number(params, "perpage", PER_PAGE)
    first = _number(params, "startrecord", 1)
    last = min(_number(params, "endrecord", first + size - 1), first - 1 + size * GROUP)
    found = rows[first - 1 : last] if first > 0 else ()
    head = f"<totalrecord>{len(rows)}</totalrecord><totalpage>{-(-len(rows) // size)}</totalpage>"
    answer = _datastore(site, found, head if found else "")
    return Resource(answer.encode(site.charset), f"text/xml;charset={site.charset}")


def _asked_for(site: Site, column: str, params: Mapping[str, str]) -> bool:
    wanted = {"columnid": _column_id(column), "unitid": str(_unit(column)), "webid": str(site.index + 1)}
    return all(params.get(name) == value for name, value in wanted.items())


def _number(params: Mapping[str, str], name: str, default: int) -> int:
    value = params.get(name, "")
    return max(int(value), 1) if value.isdecimal() else default


def _download(items: Sequence[Item], params: Mapping[str, str]) -> Resource | None:
    """The attachment whose stored file name was asked for."""
    name = params.get("filename", "")
    for item in items:
        if name and item.attachment and (item.place.attachment or "").endswith(f"&filename={name}"):
            return Resource(item.attachment(), item.attachment_type)
    return None


def _detail(site: Site, item: Item, base: str) -> Resource:
    link = ""
    if item.place.attachment:
        shown = f"{item.title}.{item.place.attachment.rsplit('.', 1)[1]}"
        href = escape(base + item.place.attachment)
        link = f'\n<p>附件：<a href="{href}" target="_blank">{escape(shown)}</a></p>'
    body = (
        f'<div id="zoom" class="article-content"><!--ZJEG_RSS.content.begin-->\n'
        f"{item.content()}{link}\n<!--ZJEG_RSS.content.end--></div>"
    )
    return _page(site, item.title, chrome.article_metas(site, item), chrome.article(site, item, body))
