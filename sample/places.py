"""The made-up country: its sites, and the bodies that publish on each of them. No place here exists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, zip_longest

PER_SITE = 40
MAX_SITES = 240

_NAMED = (
    ("云水市", "990100", "city"),
    ("临溪县", "990121", "county"),
    ("北坡县", "990122", "county"),
    ("柳岭区", "990102", "county"),
)
_FIRST = "青白晴霜竹枫鹭桐鹤雁荷棠"
_SECOND = "禾汀陂塬渡屿坞洲浦墩"
_DEPARTMENTS = tuple(
    name + "局"
    for name in (
        *("审计", "财政", "教育", "民政", "司法", "水利", "统计", "林业", "体育", "信访", "医疗保障"),
        *("自然资源", "交通运输", "农业农村", "应急管理", "生态环境", "卫生健康", "文化和旅游"),
        *("市场监督管理", "住房和城乡建设"),
    )
)
_TOWNS = (
    *("石桥镇", "槐荫镇", "双塘镇", "杨柳乡", "望河镇", "小坝乡", "古渡镇", "南屏镇", "梅坞镇", "东岗乡"),
    *("长亭镇", "西沟乡", "平湖镇", "红枣镇", "老营乡", "清泉镇", "大柳镇", "白沙镇", "云台乡", "花园镇"),
)


class Kind(StrEnum):
    """The kinds of body in the sample country."""

    GOVERNMENT = "government"
    OFFICE = "office"
    DEPARTMENT = "department"
    TOWNSHIP = "township"


class Nesting(StrEnum):
    """How a site's columns nest: one list, a list a year, a list a body, or year, type of body and body.

    In a `tree` the list of a body leads to those of all others.
    """

    FLAT = "flat"
    YEARS = "years"
    BODIES = "bodies"
    TREE = "tree"
    DEEP = "deep"


@dataclass(frozen=True, slots=True)
class Site:
    """One made-up government site: one loopback address, one CMS family, one character set.

    `dialect` is a way of the family's own to say the same; `case` is which of the special cases it has.
    """

    key: str
    index: int
    place: str
    division: str
    level: str
    family: str
    charset: str
    nesting: Nesting
    address: str
    case: int = 0
    dialect: str = ""

    @property
    def name(self) -> str:
        """The canonical name of the site, as its SiteName tag says it."""
        return f"{self.place}人民政府门户网站"

    @property
    def id_code(self) -> str:
        """The site's 政府网站标识码: division and serial number."""
        return f"{self.division}{self.index + 1:04d}"

    def base(self, port: int) -> str:
        """The root URL of the site, without a slash at its end."""
        return f"http://{self.address}:{port}"


@dataclass(frozen=True, slots=True)
class Body:
    """An authority that must report. `order` counts within its site."""

    name: str
    division: str
    kind: Kind
    level: str
    site: str
    order: int

    @property
    def scope(self) -> str:
        """`area` for a government's consolidated report, `body` for everyone else's own."""
        return "area" if self.kind is Kind.GOVERNMENT else "body"


_SHAPES = (
    ("trs", "utf-8", Nesting.YEARS),
    ("hanweb", "utf-8", Nesting.FLAT),
    ("trs", "gb18030", Nesting.FLAT),
    ("hanweb", "utf-8", Nesting.BODIES),
)


_EVERY = (
    ("trs", "utf-8", Nesting.YEARS, "records"),
    ("trs", "gb18030", Nesting.FLAT, "written"),
    ("trs", "utf-8", Nesting.YEARS, "was"),
    ("hanweb", "utf-8", Nesting.FLAT, ""),
    ("hanweb", "utf-8", Nesting.FLAT, "group"),
    ("hanweb", "gb18030", Nesting.FLAT, "older"),
    ("hanweb", "utf-8", Nesting.BODIES, "more"),
    ("jpaas", "utf-8", Nesting.FLAT, ""),
    ("jpaas", "utf-8", Nesting.YEARS, "deaf"),
    ("jpaas", "utf-8", Nesting.FLAT, "jiangxi"),
    ("ucap", "utf-8", Nesting.YEARS, ""),
    ("ucap", "utf-8", Nesting.FLAT, "query"),
    ("ucap", "utf-8", Nesting.YEARS, "json"),
    ("vsb", "utf-8", Nesting.FLAT, ""),
    ("vsb", "gb18030", Nesting.DEEP, ""),
    ("vsb", "utf-8", Nesting.YEARS, "dynamic"),
    ("lonsun", "utf-8", Nesting.TREE, ""),
    ("lonsun", "utf-8", Nesting.TREE, "detail"),
    ("gkmlpt", "utf-8", Nesting.YEARS, ""),
    ("shaanxi", "utf-8", Nesting.FLAT, ""),
    ("ah_openness", "utf-8", Nesting.TREE, ""),
    ("hebei", "utf-8", Nesting.FLAT, ""),
    ("shanghai", "utf-8", Nesting.YEARS, ""),
    ("query", "utf-8", Nesting.FLAT, ""),
    ("query", "gb18030", Nesting.FLAT, "php"),
    ("query", "gb18030", Nesting.FLAT, "jsp"),
    ("query", "utf-8", Nesting.YEARS, "post"),
    ("query", "gb18030", Nesting.YEARS, "easy"),
    ("huilan", "utf-8", Nesting.FLAT, ""),
    ("generic", "gb18030", Nesting.DEEP, ""),
    ("generic", "utf-8", Nesting.FLAT, ""),
    ("kunming", "utf-8", Nesting.FLAT, ""),
)
EVERY = len(_EVERY)
"""How many sites show every family and every dialect once."""


def make_sites(count: int) -> tuple[Site, ...]:
    """The first `count` sites; the four shapes take turns."""
    if not 1 <= count <= MAX_SITES:
        raise ValueError(f"between 1 and {MAX_SITES} sites, not {count}")
    shapes = ((index, *_SHAPES[index % len(_SHAPES)], index % 4, "") for index in range(count))
    return tuple(_site(*shape) for shape in shapes)


def make_every_site() -> tuple[Site, ...]:
    """One site for each dialect of each family; all of them have attachments."""
    shapes = ((index, *shape[:3], index % 2, shape[3]) for index, shape in enumerate(_EVERY))
    return tuple(_site(*shape) for shape in shapes)


def make_bodies(site: Site, count: int) -> tuple[Body, ...]:
    """The first `count` bodies of a site: its government, the office, then departments and townships."""
    if not 0 <= count <= PER_SITE:
        raise ValueError(f"at most {PER_SITE} bodies a site, not {count}")
    return tuple(
        Body(name, site.division, kind, "township" if kind is Kind.TOWNSHIP else site.level, site.key, order)
        for order, (name, kind) in zip(range(count), _names(site), strict=False)
    )


def _site(index: int, family: str, charset: str, nesting: Nesting, case: int, dialect: str) -> Site:
    place, division, level = _NAMED[index] if index < len(_NAMED) else _made_up(index - len(_NAMED))
    key = f"s{index + 1:03d}"
    address = f"127.0.0.{11 + index}"
    return Site(key, index, place, division, level, family, charset, nesting, address, case, dialect)


def _made_up(number: int) -> tuple[str, str, str]:
    second, first = divmod(number, len(_FIRST))
    round_, second = divmod(second, len(_SECOND))
    name = _FIRST[first] + _SECOND[second] + ("县" if round_ == 0 else "区")
    return name, str(990221 + 100 * (number // 70) + number % 70), "county"


def _names(site: Site) -> Iterator[tuple[str, Kind]]:
    yield f"{site.place}人民政府", Kind.GOVERNMENT
    yield f"{site.place}人民政府办公室", Kind.OFFICE
    departments = [(f"{site.place}{name}", Kind.DEPARTMENT) for name in _DEPARTMENTS]
    towns = [(f"{site.place}{name}人民政府", Kind.TOWNSHIP) for name in _TOWNS]
    first, second = (departments, towns) if site.index % 4 < 2 else (towns, departments)
    yield from (pair for pair in chain.from_iterable(zip_longest(first, second)) if pair)
