"""The divisions of GB/T 2260: what a code names, and what is told by a name.

The table (archive.divisions) is that of mid-2023 (docs/decisions/0003-divisions.md).
"""

from __future__ import annotations

from archive.divisions import beginning, divisions

_CITIES = ("11", "12", "31", "50")
"""The four cities that are provinces: their districts stand directly below them."""


def full_name(code: str) -> str:
    """The name with those of the divisions above: 河南省新乡市获嘉县; empty for a code that is unknown."""
    table = divisions()
    if code not in table:
        return ""
    above = dict.fromkeys((code[:2] + "0000", code[:4] + "00", code))
    return "".join(table[each] for each in above if each in table)


def division_in(name: str, within: str = "") -> str:
    """The code of the division that a body's name begins with, the smallest that is meant; empty if unsure.

    `within` is the code of a division that it must lie in: there are several 鼓楼区.
    """
    prefix = beginning(within)
    found = [
        code
        for code, place in divisions().items()
        if code.startswith(prefix) and len(place) > 1 and _begins(name, code, place)
    ]
    longest = max((len(_spelled(name, code)) for code in found), default=0)
    best = [code for code in found if len(_spelled(name, code)) == longest]
    return best[0] if len(best) == 1 else ""


def _begins(name: str, code: str, place: str) -> bool:
    return bool(_spelled(name, code)) and place in name


def _spelled(name: str, code: str) -> str:
    """The way of writing a division that a name begins with: with all above it, some, or none."""
    table = divisions()
    province, city, own = table.get(code[:2] + "0000", ""), table.get(code[:4] + "00", ""), table[code]
    above = [province + city, city, province, ""] if city != own else [province, ""]
    spelled = [each + own for each in dict.fromkeys(above)] if own != province else [own]
    return next((each for each in spelled if name.startswith(each)), "")


def level_of(code: str) -> str:
    """What a code is the code of: province, city or county; empty for none."""
    if len(code) != 6 or not code.isdigit():
        return ""
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"
