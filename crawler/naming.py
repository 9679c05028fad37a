"""How sources are named: their ids, and the file of their province."""

from __future__ import annotations

import re

from archive.outcomes import host_of

_PROVINCES = {
    "11": "beijing",
    "12": "tianjin",
    "13": "hebei",
    "14": "shanxi",
    "15": "neimenggu",
    "21": "liaoning",
    "22": "jilin",
    "23": "heilongjiang",
    "31": "shanghai",
    "32": "jiangsu",
    "33": "zhejiang",
    "34": "anhui",
    "35": "fujian",
    "36": "jiangxi",
    "37": "shandong",
    "41": "henan",
    "42": "hubei",
    "43": "hunan",
    "44": "guangdong",
    "45": "guangxi",
    "46": "hainan",
    "50": "chongqing",
    "51": "sichuan",
    "52": "guizhou",
    "53": "yunnan",
    "54": "xizang",
    "61": "shaanxi",
    "62": "gansu",
    "63": "qinghai",
    "64": "ningxia",
    "65": "xinjiang",
}


def identifier(url: str, division: str) -> str:
    """A readable id: the labels of the host from the left, without www and gov.cn, and the division."""
    labels = [
        label
        for label in re.sub(r"\.gov\.cn$", "", host_of(url).partition(":")[0]).split(".")
        if label != "www"
    ]
    return "-".join([*reversed(labels), *([division] if division else [])])


def province_file(division: str) -> str:
    """The name, without .csv, of the file in which the sources of a division stand; `central` without one."""
    return _PROVINCES.get(division[:2], "central")
