"""Whose report is it: from the issuer that a title names and the source that led to it, to one body."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from archive.ids import content_id
from parsers.heading import names


class Kind(StrEnum):
    """What sort of authority a body is."""

    GOVERNMENT = "government"
    OFFICE = "office"
    DEPARTMENT = "department"
    TOWNSHIP = "township"
    ZONE = "zone"
    BRANCH = "branch"


@dataclass(frozen=True, slots=True)
class Body:
    """An authority that must report; its id is made of its division and its name."""

    id: str
    name: str
    division: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Source:
    """What a row of the registry says of the bodies behind it."""

    name: str
    division: str


_UNIT = r"(?:省|自治区|特别行政区|自治州|地区|盟|自治县|县|自治旗|旗|(?<!城)市(?!场|政|容)|区(?!域|块))"
_PLACE = re.compile(rf"(?:[^省市县旗区盟\s]{{1,12}}?{_UNIT})++")
_TOWNSHIP = re.compile(r"(?:镇|乡|街道|苏木)(?:人民政府|办事处)?$")
_ZONE = re.compile(
    r"开发区|高新区|经开区|自贸|自由贸易|保税|产业园|工业园|示范区|度假区|功能区|[区园港岛]管理委员会"
)
_BRANCH = re.compile(
    r"税务局|(?<!山)海关|气象局|海事局|人民银行|调查队|调查总队|邮政管理局|烟草专卖局|消防救援|出入境|金融监管|通信管理局"
)
_OFFICE = re.compile(r"(?:人民政府办公[室厅]|^.{0,12}[省市县旗区州]办公[室厅]|政府办)$")
_WHOLE_COUNTRY = re.compile(r"国家|国务院|中国|中共|中央|中华|全国|新疆生产建设兵团")


def place_of(name: str) -> str:
    """The place that a name begins with: 获嘉县 of 获嘉县公安局; empty when it begins with none."""
    match = _PLACE.match(name)
    return match.group() if match else ""


def places_of(name: str) -> list[str]:
    """The places that a name begins with, the largest first: 新乡市, 获嘉县 of 新乡市获嘉县公安局."""
    return re.findall(rf"[^省市县旗区盟\s]{{1,12}}?{_UNIT}", place_of(name))


def canonical(name: str) -> str:
    """One spelling of a body's name: no blanks, no short forms, a bare place as its government."""
    name = re.sub(r"[\s　]+", "", name).strip("《》“”\"'·-—:：,，。")
    name = name.replace("管委会", "管理委员会")
    name = re.sub(r"(?<!人民)政府", "人民政府", name)
    if _TOWNSHIP.search(name) and not name.endswith(("政府", "办事处")):
        return name + ("办事处" if name.endswith("街道") else "人民政府")
    if place_of(name) == name and not _ZONE.search(name):
        return name + "人民政府"
    return name


def kind_of(name: str) -> Kind:
    """The kind of authority, told by a canonical name."""
    if _BRANCH.search(name):
        return Kind.BRANCH
    if _OFFICE.search(name):
        return Kind.OFFICE
    if _TOWNSHIP.search(name):
        return Kind.TOWNSHIP
    if _ZONE.search(name) and not re.search(r"[局厅]$", name):
        return Kind.ZONE
    return Kind.GOVERNMENT if name.endswith("人民政府") else Kind.DEPARTMENT


def same(one: str, other: str) -> bool:
    """Do two names stand for one body: equal, or one lacks no more than the places the other begins with?"""
    short, long = sorted((_stem(one), _stem(other)), key=len)
    if len(short) < 2 or not long.endswith(short):
        return False
    rest = long[: len(long) - len(short)]
    return not rest or _PLACE.fullmatch(rest) is not None


def _stem(name: str) -> str:
    return re.sub(r"(?:人民政府|办事处)$", "", canonical(name))


def is_body(name: str) -> bool:
    """Does a source's name stand for one body (and not for a column of many)?"""
    return not re.search(r"各(?!族自治)|专栏|栏目|网站|平台|(?<!天)等", name) and names.is_body(
        canonical(name)
    )


def make(name: str, division: str) -> Body:
    """The body of this name in this division."""
    name = canonical(name)
    return Body(content_id(division, name), name, division, kind_of(name))


def known_bodies(sources: Iterable[Source]) -> dict[str, Source]:
    """Sources by canonical name, where one name stands in one division only."""
    found: dict[str, Source] = {}
    twice: set[str] = set()
    for source in sources:
        name = canonical(source.name)
        if name in found and found[name].division != source.division:
            twice.add(name)
        found[name] = source
    return {name: source for name, source in found.items() if name not in twice}


def resolve(
    issuer: str | None, source: Source | None, known: Mapping[str, Source] | None = None
) -> Body | None:
    """The body that reports. The issuer comes first; the source's name wins where both are one body.

    A different issuer is a body of its own: in the division of the source that bears its name, if one does
    (`known`), else in that of the source that led to it. Without an issuer the source must name a body.
    """
    if not issuer or re.match(r"[我本该]|政府信息", issuer):
        return make(source.name, source.division) if source and is_body(source.name) else None
    if source is None:
        return make(issuer, "")
    if same(issuer, source.name):
        return make(source.name, source.division)
    name = _qualified(canonical(issuer), source)
    home = (known or {}).get(name, source)
    return make(name, home.division)


def _qualified(issuer: str, source: Source) -> str:
    """An issuer without its place (城关镇, 市水利局) under the place of the source that listed it."""
    place = place_of(canonical(source.name))
    if not place or place_of(issuer) or _WHOLE_COUNTRY.match(issuer) or _begins_with(issuer, place):
        return issuer
    return place + (issuer[1:] if re.match(r"[省市县区旗州](?!场|政|容|域)", issuer) else issuer)


def _begins_with(issuer: str, place: str) -> bool:
    """Does the issuer name the place without its unit: 深圳海关 in 深圳市?"""
    last = [match.group() for match in re.finditer(rf"[^省市县旗区盟]+?{_UNIT}", place)][-1:]
    return any(len(name) > 2 and issuer.startswith(re.sub(rf"{_UNIT}$", "", name)) for name in last)
