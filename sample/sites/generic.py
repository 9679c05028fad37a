"""A site of no known family: year, type of body and body below one another, or one list with a drop-down."""

from __future__ import annotations

from html import escape

from sample.places import Nesting, Site
from sample.sites import chrome
from sample.sites.files import SiteFiles
from sample.sites.items import Item
from sample.sites.stage import Part, Stage, beside
from sample.truth import Country


def generic_site(country: Country, site: Site, night: int, base: str) -> SiteFiles:
    """The files of a site of its own making."""
    stage = Stage(country, site, night, base)
    stage.add_items(_content)
    if site.nesting is Nesting.DEEP:
        stage.add_tree()
    for part in stage.parts(5):
        stage.add(_path(part, part.number), chrome.COLUMN_NAME, _list(part))
    return stage.files


def _path(part: Part, page: int) -> str:
    return part.column if page == 1 else f"{part.column}list-{page}.htm"


def _list(part: Part) -> str:
    """A table of the items; the newest pages by a drop-down, the next one by a link."""
    rows = "".join(
        f"<TR><TD>{number}</TD><TD><A href='{escape(item.place.path)}'>{escape(item.title)}</A></TD>"
        f"<TD>{item.published:%Y.%m.%d}</TD></TR>"
        for number, item in enumerate(part.rows, 1)
    )
    options = "".join(f"<option value='{_path(part, n)}'>{n}</option>" for n in range(1, part.pages + 1))
    menu = f"<select onchange='location.href=this.value'>{options}</select>" if part.pages > 1 else ""
    after = f"<a href='{_path(part, part.number + 1)}'>下一页</a>" if part.number < part.pages else ""
    return f"<TABLE>{rows}</TABLE><p>共 {part.total} 条 {menu} {after}</p>"


def _content(item: Item) -> str:
    """The article, and a file shown in a frame."""
    shown = f'<iframe src="{item.place.attachment}"></iframe>' if item.suffix == "pdf" else beside(item)
    return f"<div class='article'>{item.content()}{shown}</div>"
