"""Where items stand on a site: the path grammars of the CMS families."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import md5
from urllib.parse import quote
from uuid import UUID

from sample.places import Body, Kind, Nesting, Site
from sample.truth import Form, Place

TRS_COLUMN = "/zwgk/zfxxgk/zfxxgknb/"
HANWEB_DOWNLOAD = "/module/download/downfile.jsp"
VSB_DOWNLOAD = "/system/_content/download.jsp"
_SUFFIX = {Form.PAGE_AND_PDF: "pdf", Form.PDF_ONLY: "pdf", Form.WORD_ONLY: "docx"}


@dataclass(frozen=True, slots=True)
class Grammar:
    """How a family names things: a column by its key, a detail in a column, a file beside a detail.

    The key of a column is empty, a year, `b` and the number of a body, or year, type and body with slashes.
    """

    column: Callable[[Site, str], str]
    detail: Callable[[Site, str, int, datetime], str]
    file: Callable[[str, int, datetime, str, str], str]


def column(site: Site, body: Body, year: int) -> str:
    """The path of the column page that lists the body's items about `year`."""
    if site.nesting is Nesting.YEARS:
        return column_of(site, str(year))
    if site.nesting in (Nesting.BODIES, Nesting.TREE):
        return column_of(site, f"b{body.order + 1}")
    if site.nesting is Nesting.DEEP:
        return column_of(site, f"{year}/{type_of(body)}/b{body.order + 1}")
    return column_of(site, "")


def entry(site: Site, body: Body) -> str:
    """The path of the column that the registry names for `body` (for a whole site: any of its bodies)."""
    if site.nesting in (Nesting.BODIES, Nesting.TREE):
        return column(site, body, 0)
    return column_of(site, "")


def column_of(site: Site, key: str) -> str:
    """The path of the column with this key."""
    return GRAMMARS[site.family].column(site, key)


def type_of(body: Body) -> str:
    """The directory of a body's type."""
    return {Kind.GOVERNMENT: "zf", Kind.OFFICE: "zf", Kind.DEPARTMENT: "bm", Kind.TOWNSHIP: "xz"}[body.kind]


def place(site: Site, column_path: str, serial: int, at: datetime, title: str, form: Form) -> Place:
    """The place of an item that was put into `column_path` at `at`."""
    grammar = GRAMMARS[site.family]
    path = grammar.detail(site, column_path, serial, at)
    suffix = _SUFFIX.get(form)
    return Place(column_path, path, grammar.file(path, serial, at, title, suffix) if suffix else None)


def hexes(*parts: object, length: int = 32) -> str:
    """An id in hex digits that is the same for the same parts."""
    return md5(" ".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest()[:length]


def uuid(*parts: object) -> str:
    """An id in the form of a UUID that is the same for the same parts."""
    return str(UUID(hexes(*parts)))


def number_of(key: str) -> int:
    """A number for a column's key: 0 for the root, the year, the body's number, or one made of all."""
    if key.isdecimal() or not key:
        return int(key or 0)
    return int(key[1:]) if "/" not in key else int(hexes(key, length=4), 16)


def folder(path: str) -> str:
    """The folder of a path, with its slash."""
    return path.partition("?")[0].rsplit("/", 1)[0] + "/"


def hanweb_column(site: Site, number: int) -> str:
    """The path of one Hanweb column page."""
    return f"/col/col{column_id(site, number)}/index.html"


def column_id(site: Site, number: int) -> int:
    """The id that Hanweb gives the column `number` of a site."""
    return 1229000000 + 1000 * (site.index + 1) + number


def twin(site: Site, path: str, at: datetime) -> str:
    """Where the same article stands a second time: for telephones, or under its older id."""
    if site.family == "shaanxi":
        return f"{folder(path)}{int(at.timestamp()):08x}{hexes(path, length=16)}.html"
    return path.replace(".html", "_wap.html")


def _beside(path: str, serial: int, at: datetime, title: str, suffix: str) -> str:
    return f"{folder(path)}P0{at:%Y%m%d}{serial * 9973 % 10**12:012d}.{suffix}"


def _uploaded(path: str, serial: int, at: datetime, title: str, suffix: str) -> str:
    return f"/uploadfile/{at:%Y/%m%d}/{at:%Y%m%d}{serial}.{suffix}"


def _trs_column(site: Site, key: str) -> str:
    return f"{TRS_COLUMN}{key}nb/" if key else TRS_COLUMN


def _trs_detail(site: Site, column_path: str, serial: int, at: datetime) -> str:
    return f"{folder(column_path)}{at:%Y%m}/t{at:%Y%m%d}_{serial}.html"


def _hanweb_column(site: Site, key: str) -> str:
    return hanweb_column(site, number_of(key) % 1000)


def _hanweb_detail(site: Site, column_path: str, serial: int, at: datetime) -> str:
    number = column_path.split("/")[2].removeprefix("col")
    return f"/art/{at.year}/{at.month}/{at.day}/art_{number}_{serial}.html"


def _hanweb_file(path: str, serial: int, at: datetime, title: str, suffix: str) -> str:
    shown = quote(f"{title}.{suffix}")
    return f"{HANWEB_DOWNLOAD}?classid=0&showname={shown}&filename={hexes(path)}.{suffix}"


def _jpaas_column(site: Site, key: str) -> str:
    return f"/col/{18000 + site.index}_{668000 + number_of(key)}/index.html"


def _jpaas_detail(site: Site, column_path: str, serial: int, at: datetime) -> str:
    return f"{folder(column_path)}art/{at:%Y}/art_{hexes(site.key, serial)}.html"


def _ucap_column(site: Site, key: str) -> str:
    name = "list" if key else "zfxxgk_gknbz"
    return f"/{site.key}zf/c{106000 + number_of(key)}/{name}.shtml"


def _ucap_detail(site: Site, column_path: str, serial: int, at: datetime) -> str:
    return f"{folder(column_path)}{at:%Y%m}/{hexes(site.key, serial)}.shtml"


def _ucap_file(path: str, serial: int, at: datetime, title: str, suffix: str) -> str:
    return f"{path.removesuffix('.shtml')}/files/{hexes(path, title)}.{suffix}"


def _vsb_column(site: Site, key: str) -> str:
    if site.dialect == "dynamic":
        return f"/list.jsp?urltype=tree.TreeTempUrl&wbtreeid={1034 + number_of(key)}"
    year, *rest = key.split("/")
    below = f"/n{year}n" if year else ""
    return f"/zfxxgk/zfxxgknb{below}{''.join(f'/{part}' for part in rest[:1])}.htm"


def _vsb_detail(site: Site, column_path: str, serial: int, at: datetime) -> str:
    if site.dialect == "dynamic":
        tree = column_path.rpartition("=")[2]
        return f"/content.jsp?urltype=news.NewsContentUrl&wbtreeid={tree}&wbnewsid={serial}"
    if site.nesting is Nesting.DEEP:
        return f"{column_path.removesuffix('.htm')}/{hexes(serial, length=5)}x.htm"
    return f"/info/{1034 + site.index}/{serial}.htm"


def _vsb_file(path: str, serial: int, at: datetime, title: str, suffix: str) -> str:
    return f"{VSB_DOWNLOAD}?urltype=news.DownloadAttachUrl&owner={serial % 9973}&wbfileid={hexes(path)}"


def _lonsun_column(site: Site, key: str) -> str:
    return f"/public/column/{6599810 + number_of(key)}?type=3&action={site.dialect or 'list'}"


def _lonsun_detail(site: Site, column_path: str, serial: int, at: datetime) -> str:
    if site.dialect == "detail":
        return f"{column_path}&nav=3&id={serial}"
    return f"/public/{column_path.partition('?')[0].rsplit('/', 1)[1]}/{serial}.html"


def _lonsun_file(path: str, serial: int, at: datetime, title: str, suffix: str) -> str:
    return f"/group6/M00/{hexes(path, length=2).upper()}/1A/{hexes(title, serial)}.{suffix}"


def _gkmlpt_column(site: Site, key: str) -> str:
    """The years of an even number stand in an NFCMS column that the tree jumps to."""
    if key and number_of(key) % 2 == 0:
        return f"/zwgk/zfxxgknb/{key}/index.html"
    return f"/gkmlpt/api/all/{2600 + number_of(key)}" if key else "/gkmlpt/annualreport"


def _gkmlpt_detail(site: Site, column_path: str, serial: int, at: datetime) -> str:
    if column_path.startswith("/gkmlpt/"):
        return f"/gkmlpt/content/{serial // 10**6}/{serial // 1000}/post_{serial}.html"
    return f"{folder(column_path)}content/post_{serial}.html"


def _gkmlpt_file(path: str, serial: int, at: datetime, title: str, suffix: str) -> str:
    return f"/attachment/0/{serial % 500}/{serial}/{serial % 997}.{suffix}"


def _shaanxi_column(site: Site, key: str) -> str:
    return f"/zwgk/zfxxgknb/{f'{key}n' if key else 'zfnb'}/1.html"


def _shaanxi_detail(site: Site, column_path: str, serial: int, at: datetime) -> str:
    """19 digits that begin with the time, or 24 hex digits for what was put in before 2023."""
    if at.year < 2023:
        return f"{folder(column_path)}{int(at.timestamp()):08x}{hexes(site.key, serial, length=16)}.html"
    return f"{folder(column_path)}{(int(at.timestamp()) << 30) + serial:019d}.html"


def _openness_column(site: Site, key: str) -> str:
    return f"/OpennessContent/showList/{340 + number_of(key)}/104000000/page_1.html"


def _openness_detail(site: Site, column_path: str, serial: int, at: datetime) -> str:
    if serial % 1000 >= 900:
        return f"/OpennessContent/show/{serial}.html"
    return f"/OpennessAnnualReport/year/show/{column_path.split('/')[3]}/{at.year - 1}.html"


def _hebei_column(site: Site, key: str) -> str:
    return f"/columns/{uuid(site.key, 'column', key)}/index.html"


def _hebei_detail(site: Site, column_path: str, serial: int, at: datetime) -> str:
    return f"{folder(column_path)}{at:%Y%m/%d}/{uuid(site.key, serial)}.html"


def _hebei_file(path: str, serial: int, at: datetime, title: str, suffix: str) -> str:
    name = hexes(title, length=8)
    return f"/attachments/1/{at:%Y%m/%d}/{name}.{suffix}{at:%Y%m%d%H%M}.{suffix}?sid={uuid(path)}"


def _shanghai_column(site: Site, key: str) -> str:
    return f"/{'sjgknb' if number_of(key) % 2 else 'gknb'}{key}/index.html" if key else "/nw12344/index.html"


def _kunming_column(site: Site, key: str) -> str:
    return f"/zfxxgk/zfxxgknb/{f'{key}/' if key else ''}"


def _kunming_detail(site: Site, column_path: str, serial: int, at: datetime) -> str:
    return f"/c/{at:%Y-%m-%d}/{6430000 + serial}.shtml"


def _shanghai_detail(site: Site, column_path: str, serial: int, at: datetime) -> str:
    return f"/nw12344/{at:%Y%m%d}/{hexes(site.key, serial)}.html"


def _query_column(site: Site, key: str) -> str:
    number = 10 + number_of(key)
    return {
        "php": f"/index.php?m=content&c=index&a=lists&catid={1700 + number}",
        "jsp": f"/xxgk/list/lm_list.jsp?pid={10900 + number}",
        "post": f"/xxgk/year_list.aspx?lmid={number}",
        "easy": f"/Category_{1300 + number}/Index.aspx",
    }.get(site.dialect, f"/InfoPublic.aspx?cid=1019&pid={900 + number}")


def _query_detail(site: Site, column_path: str, serial: int, at: datetime) -> str:
    return {
        "php": f"/index.php?m=content&c=index&a=show&catid=1710&id={serial}",
        "jsp": f"/xxgk/zwinfo.jsp?id={serial}",
        "post": f"/xxgk/year_details.aspx?dept={site.index + 200}&id={serial}",
        "easy": f"/Item/{serial}.aspx",
    }.get(site.dialect, f"/InfoDetail.aspx?id={serial}")


def _huilan_column(site: Site, key: str) -> str:
    return f"/eportal/ui?pageId={559300 + number_of(key)}"


def _huilan_detail(site: Site, column_path: str, serial: int, at: datetime) -> str:
    return f"/{site.key}zf/zwfw/zfxxgk/{serial}/index.html"


def _plain_column(site: Site, key: str) -> str:
    return f"/zwgk/ndbg/{f'{key}/' if key else ''}"


def _plain_detail(site: Site, column_path: str, serial: int, at: datetime) -> str:
    return f"{column_path}{serial}.htm"


GRAMMARS = {
    "trs": Grammar(_trs_column, _trs_detail, _beside),
    "hanweb": Grammar(_hanweb_column, _hanweb_detail, _hanweb_file),
    "jpaas": Grammar(_jpaas_column, _jpaas_detail, _uploaded),
    "ucap": Grammar(_ucap_column, _ucap_detail, _ucap_file),
    "vsb": Grammar(_vsb_column, _vsb_detail, _vsb_file),
    "lonsun": Grammar(_lonsun_column, _lonsun_detail, _lonsun_file),
    "gkmlpt": Grammar(_gkmlpt_column, _gkmlpt_detail, _gkmlpt_file),
    "shaanxi": Grammar(_shaanxi_column, _shaanxi_detail, _beside),
    "ah_openness": Grammar(_openness_column, _openness_detail, _uploaded),
    "hebei": Grammar(_hebei_column, _hebei_detail, _hebei_file),
    "shanghai": Grammar(_shanghai_column, _shanghai_detail, _uploaded),
    "kunming": Grammar(_kunming_column, _kunming_detail, _uploaded),
    "query": Grammar(_query_column, _query_detail, _uploaded),
    "huilan": Grammar(_huilan_column, _huilan_detail, _uploaded),
    "generic": Grammar(_plain_column, _plain_detail, _uploaded),
}
"""The grammar of each family."""
