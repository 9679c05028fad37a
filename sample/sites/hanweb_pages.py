"""Hanweb sites of older make: groups that link the next one, dataproxy by page, a button that loads more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape

from sample import paths
from sample.places import Site
from sample.sites import chrome
from sample.sites.files import Resource, SiteFiles
from sample.sites.items import Item
from sample.sites.stage import SIZE, Stage, beside, number, row
from sample.truth import Country

_PROXIES = {
    "group": "/module/web/jpage/dataproxy.jsp",
    "older": "/module/jslib/jquery/jpage/dataproxy.jsp",
    "more": "/module/web/jpage/morecolumndataproxy.jsp",
}
EMPTY = b"<datastore>\n<recordset>\n</recordset>\n</datastore>\n    "
"""What deep pages often answer: 54 bytes without a row."""


def hanweb_pages_site(country: Country, site: Site, night: int, base: str) -> SiteFiles:
    """The files and programs of a Hanweb site that counts its pages."""
    stage = Stage(country, site, night, base)
    stage.add_items(_content)
    stage.files.add_program(paths.HANWEB_DOWNLOAD, partial(_download, stage))
    for column, rows in stage.columns.items():
        stage.add(column, chrome.COLUMN_NAME, _column(site, column, rows))
    stage.files.add_program(_PROXIES[site.dialect], partial(_proxy, stage))
    return stage.files


def _asked(site: Site, column: str, page: int) -> str:
    """The address of a page of the list: in groups the ids are not to be read."""
    number = column.split("/")[2].removeprefix("col")
    number = f"{paths.hexes(number)}=" if site.dialect == "group" else number
    return (
        f"{_PROXIES[site.dialect]}?page={page}&appid=1&webid={site.index + 1}&path=/&columnid={number}"
        f"&unitid=24{site.index}&webname=w&permissiontype=0"
    )


def _column(site: Site, column: str, rows: Sequence[Item]) -> str:
    """The first rows; how the further ones are asked for is in a group's link or in a script."""
    store = _store(site, column, rows[:SIZE], 1, len(rows))
    script = f"$('#24').jpage({{themeName:'default',totalRecord:{len(rows)},perPage:{SIZE}}});"
    if site.dialect == "older":
        script += f"\nvar proxy = '{_asked(site, column, 2)}';"
    if site.dialect == "more":
        script += f'\nfunction more(){{ load("{_asked(site, column, 2)}"); }}'
    return f'<div id="24"><script type="text/xml">{store}</script></div>\n<script>{script}</script>'


def _store(site: Site, column: str, rows: Sequence[Item], page: int, total: int) -> str:
    records = "".join(f"<record><![CDATA[{row(item)}]]></record>\n" for item in rows)
    after = ""
    if site.dialect == "group" and page * SIZE < total:
        after = f'<nextgroup><![CDATA[<a href="{escape(_asked(site, column, page + 1))}"></a>]]></nextgroup>'
    return f"<datastore>{after}<recordset>{records}</recordset></datastore>"


def _proxy(stage: Stage, params: Mapping[str, str]) -> Resource:
    """A page of a list. One site answers its third page with nothing, and goes on with the fourth."""
    site, page = stage.site, number(params.get("page"))
    wanted = f"&columnid={params.get('columnid')}&"
    column = next((each for each in stage.columns if wanted in _asked(site, each, 1)), None)
    skipped = site.dialect == "older" and page >= 3
    start = (page - 1 - skipped) * SIZE
    rows = stage.columns[column][start : start + SIZE] if column else []
    if not rows or column is None or (skipped and page == 3):
        return Resource(EMPTY, "text/xml")
    text = _store(site, column, rows, page, len(stage.columns[column]))
    return Resource(text.encode(site.charset), f"text/xml;charset={site.charset}")


def _download(stage: Stage, params: Mapping[str, str]) -> Resource | None:
    """The file whose stored name was asked for."""
    name = params.get("filename", "")
    for item in stage.items:
        if name and item.attachment and (item.place.attachment or "").endswith(f"&filename={name}"):
            return Resource(item.attachment(), item.attachment_type)
    return None


def _content(item: Item) -> str:
    text = f"<!--ZJEG_RSS.content.begin-->{item.content()}<!--ZJEG_RSS.content.end-->"
    return f'<div id="zoom">{text}{beside(item)}</div>'
