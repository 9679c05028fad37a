"""A gkmlpt site: an index of scripts, rows as JSON, articles as escaped strings; half the years in NFCMS columns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sample import paths
from sample.places import Site
from sample.sites import chrome
from sample.sites.files import Resource, SiteFiles
from sample.sites.items import Item
from sample.sites.stage import Stage, beside, json_of, listed, number, row
from sample.truth import Country

SIZE = 3
_APP = "<div id=\"app\"></div><script>window._CONFIG = {{ SID: '{sid}', {rest} }};</script>"


def gkmlpt_site(country: Country, site: Site, night: int, base: str) -> SiteFiles:
    """The files and programs of a gkmlpt site."""
    stage = Stage(country, site, night, base)
    stage.add_items(partial(_content, site))
    tree = json.dumps(_tree(stage), ensure_ascii=False)
    for path in (paths.column_of(site, ""), "/gkmlpt/index"):
        index = _APP.format(sid=_sid(site), rest=f"TREE: {tree}")
        stage.add(path, chrome.COLUMN_NAME, index)
    for column, rows in stage.columns.items():
        if column.startswith("/gkmlpt/"):
            stage.files.add_program(column, partial(_list, stage, column, rows))
        else:
            _add_static(stage, column, rows)
    return stage.files


def _sid(site: Site) -> str:
    return str(756000 + site.index)


def _tree(stage: Stage) -> list[dict[str, Any]]:
    """The categories, some of which are columns of the other system."""
    years = [_node(stage, year, path) for year, path in stage.years().items()]
    guide = {"id": 1, "name": "政府信息公开指南", "jump_url": "", "post_count": 3, "children": []}
    reports = {"id": 2600, "name": "政府信息公开年报", "jump_url": "", "post_count": 0, "children": years}
    return [guide, reports]


def _node(stage: Stage, year: str, path: str) -> dict[str, Any]:
    jumps = not path.startswith("/gkmlpt/")
    return {
        "id": 2600 + int(year),
        "name": f"{year}年",
        "jump_url": stage.base + path if jumps else "",
        "post_count": 0 if jumps else len(stage.columns[path]),
        "children": [],
    }


def _list(stage: Stage, column: str, rows: Sequence[Item], params: Mapping[str, str]) -> Resource | None:
    """A page of a category's articles, for the site's own number only."""
    if params.get("sid") != _sid(stage.site):
        return None
    page = number(params.get("page"))
    found = rows[(page - 1) * SIZE : page * SIZE]
    classify = {"id": int(column.rsplit("/", 1)[1]), "name": chrome.COLUMN_NAME, "post_count": len(rows)}
    answer = {"classify": classify, "total": len(rows), "articles": [_article(stage, each) for each in found]}
    return json_of(json.dumps(answer))


def _article(stage: Stage, item: Item) -> dict[str, Any]:
    return {
        "id": int("".join(filter(str.isdigit, item.place.path.rsplit("_", 1)[-1]))),
        "title": item.title,
        "url": stage.base + item.place.path,
        "post_url": stage.base + item.place.path,
        "publisher": item.source,
        "display_publish_time": int(item.published.timestamp()),
        "attachment": _attachments(item),
    }


def _attachments(item: Item) -> list[dict[str, str]]:
    if not item.place.attachment:
        return []
    return [{"name": f"{item.title}.{item.suffix}", "url": item.place.attachment}]


def _add_static(stage: Stage, column: str, rows: Sequence[Item]) -> None:
    """An NFCMS column: index_2.html is its second page, as a script says."""
    for part in stage.parts_of(column, rows, SIZE):
        script = f"<script>var NFCMS_SITE_ID = 7; pager({{pageCount: {part.pages}, current: {part.number}}});</script>"
        name = f"index_{part.number}.html" if part.number > 1 else "index.html"
        content = listed([row(item) for item in part.rows], script)
        stage.add(paths.folder(column) + name, chrome.COLUMN_NAME, content)


def _content(site: Site, item: Item) -> str:
    """The article as a string in a script; the other system shows it as it is."""
    if not item.place.path.startswith("/gkmlpt/"):
        text = f'<div class="news_cont_d_wrap">{item.content()}{beside(item)}</div>'
        return f"<script>var NFCMS_POST_ID = 1;</script>{text}"
    held = json.dumps(item.content() + beside(item)).replace("</", "<\\/")
    detail = f"DETAIL: {{ title: {json.dumps(item.title)}, content: {held} }}"
    return _APP.format(sid=_sid(site), rest=detail)
