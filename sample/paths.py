"""Where items stand on a site: the path grammars of the CMS families."""

from __future__ import annotations

from datetime import datetime
from hashlib import md5
from urllib.parse import quote

from sample.places import Body, Nesting, Site
from sample.truth import Form, Place

TRS_COLUMN = "/zwgk/zfxxgk/zfxxgknb/"
HANWEB_DOWNLOAD = "/module/download/downfile.jsp"
_SUFFIX = {Form.PAGE_AND_PDF: "pdf", Form.PDF_ONLY: "pdf", Form.WORD_ONLY: "docx"}


def column(site: Site, body: Body, year: int) -> str:
    """The path of the column page that lists the body's items about `year`."""
    if site.family == "trs":
        return f"{TRS_COLUMN}{year}nb/" if site.nesting is Nesting.YEARS else TRS_COLUMN
    return hanweb_column(site, body.order + 1 if site.nesting is Nesting.BODIES else 0)


def entry(site: Site, body: Body) -> str:
    """The path of the column that the registry names for `body` (for a whole site: any of its bodies)."""
    return TRS_COLUMN if site.family == "trs" else column(site, body, 0)


def hanweb_column(site: Site, number: int) -> str:
    """The path of one Hanweb column page."""
    return f"/col/col{column_id(site, number)}/index.html"


def column_id(site: Site, number: int) -> int:
    """The id that Hanweb gives the column `number` of a site."""
    return 1229000000 + 1000 * (site.index + 1) + number


def place(site: Site, column_path: str, serial: int, at: datetime, title: str, form: Form) -> Place:
    """The place of an item that was put into `column_path` at `at`."""
    if site.family == "trs":
        return _trs(column_path, serial, at, form)
    return _hanweb(column_path, serial, at, title, form)


def _trs(column_path: str, serial: int, at: datetime, form: Form) -> Place:
    directory = f"{column_path}{at:%Y%m}/"
    suffix = _SUFFIX.get(form)
    attachment = f"{directory}P0{at:%Y%m%d}{serial * 9973 % 10**12:012d}.{suffix}" if suffix else None
    return Place(column_path, f"{directory}t{at:%Y%m%d}_{serial}.html", attachment)


def _hanweb(column_path: str, serial: int, at: datetime, title: str, form: Form) -> Place:
    number = column_path.split("/")[2].removeprefix("col")
    path = f"/art/{at.year}/{at.month}/{at.day}/art_{number}_{serial}.html"
    suffix = _SUFFIX.get(form)
    if not suffix:
        return Place(column_path, path)
    name = f"{md5(path.encode(), usedforsecurity=False).hexdigest()}.{suffix}"
    shown = quote(f"{title}.{suffix}")
    return Place(column_path, path, f"{HANWEB_DOWNLOAD}?classid=0&showname={shown}&filename={name}")
