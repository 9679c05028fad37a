"""The names of bodies as lists of portals give them: a bare division, a department of a kind, a label of a host."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from archive.divisions import divisions
from archive.outcomes import host_of
from crawler.divisions import full_name

MUNICIPALITIES = ("11", "12", "31", "50")
"""The four cities that are provinces: their departments are 局 and 委员会 where a province has a 厅."""
_OFFICE_OF = {
    "11": {"交通运输": "交通委员会", "住房和城乡建设": "住房和城乡建设委员会", "水利": "水务局", "自然资源": "规划和自然资源委员会"},
    "12": {"交通运输": "交通运输委员会", "住房和城乡建设": "住房和城乡建设委员会", "水利": "水务局", "自然资源": "规划和自然资源局"},
    "31": {"交通运输": "交通委员会", "住房和城乡建设": "住房和城乡建设管理委员会", "水利": "水务局", "自然资源": "规划和自然资源局"},
    "50": {"交通运输": "交通运输委员会", "住房和城乡建设": "住房和城乡建设委员会", "水利": "水利局", "自然资源": "规划和自然资源局"},
}  # fmt: skip
"""What the lists call 交通运输厅(局、委) and the like, in the municipalities (their reforms of 2018 and 2023)."""
_HAINAN = {"水利": "水务厅", "自然资源": "自然资源和规划厅"}
_ALTERNATIVES = re.compile(r"(?:\([^()]*\))?[厅局]\([^()]*\)$")
_SHORT = {"事管局": "机关事务管理局", "卫生健康委": "卫生健康委员会", "发展改革委": "发展和改革委员会", "科技厅": "科学技术厅",
          "民族宗教委": "民族宗教事务委员会", "市场监管局": "市场监督管理局", "医保局": "医疗保障局", "药监局": "药品监督管理局",
          "广电局": "广播电视局", "疾控局": "疾病预防控制局", "政府国资委": "人民政府国有资产监督管理委员会",
          "国动办": "国防动员办公室", "住房城乡建设厅": "住房和城乡建设厅", "人力资源社会保障厅": "人力资源和社会保障厅",
          "粮食和储备局": "粮食和物资储备局", "地方金融管理局": "地方金融管理局"}  # fmt: skip
_OFFICE_OF_A_PLACE = re.compile(r"^([^(]*+)\((organ|unit|host label)?\s*+([^()]*+)\)?$")


@cache
def _twice() -> frozenset[str]:
    """The names of divisions that stand more than once in the country: 鼓楼区."""
    counts = Counter(divisions().values())
    return frozenset(name for name, count in counts.items() if count > 1)


def government_name(code: str, place: str) -> str:
    """The government of a division; with the division above, where the country has several of its name."""
    if place not in _twice():
        return f"{place}人民政府"
    above = divisions().get(code[:4] + "00") or divisions().get(code[:2] + "0000", "")
    return f"{above}{place}人民政府"


def zone_name(zone: str) -> str:
    """A development zone as the body that reports: its 管理委员会."""
    return f"{zone}管理委员会" if zone.endswith(("区", "园", "城", "港", "岛")) else zone


def department_name(code: str, name: str) -> str:
    """A department without the alternatives and short forms that lists write: 交通运输厅(局、委), 发展改革委."""
    name = name.replace("档案局(馆)", "档案局")
    place = divisions().get(code[:2] + "0000", "") if code.endswith("0000") else full_name(code)
    place = place if name.startswith(place) else divisions().get(code, "")
    bare = name.removeprefix(place)
    alternatives = _ALTERNATIVES.search(bare)
    if alternatives:
        concept = bare[: alternatives.start()]
        bare = _provincial(code, concept)
    elif bare.endswith("部门"):
        concept = bare.removesuffix("部门")
        bare = _provincial(code, concept) if code.endswith("0000") else f"{concept}局"
    return place + _SHORT.get(bare, bare)


def _provincial(code: str, concept: str) -> str:
    """The department of a province for a field: a 厅, but for the municipalities and Hainan."""
    if code[:2] in MUNICIPALITIES:
        return _OFFICE_OF[code[:2]].get(concept, f"{concept}局")
    return _HAINAN.get(concept, f"{concept}厅") if code[:2] == "46" else f"{concept}厅"


def labels(departments: Iterable[Mapping[str, str]]) -> Callable[[str, str, str], str]:
    """A way to name the body of a column: (division, name in the list, url) -> name, empty when nothing tells it.

    `departments` are rows with division, body_name and url: what their hosts begin with teaches what a label means.
    """
    by_host: dict[str, str] = {}
    by_label: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in departments:
        host, name = host_of(row["url"]), department_name(row["division"], row["body_name"])
        by_host[host] = name
        place = divisions().get(row["division"], "")
        if place and name.startswith(place):
            by_label[host.partition(".")[0]][name.removeprefix(place)] += 1

    def named(code: str, name: str, url: str) -> str:
        found = _OFFICE_OF_A_PLACE.match(name)
        if found is None:
            return name
        place, kind, label = found[1].rstrip(), found[2], found[3]
        if kind == "organ":
            return place
        if kind == "unit":
            return ""
        known = by_label.get(label)
        return by_host.get(host_of(url)) or (place + known.most_common(1)[0][0] if known else "")

    return named
