"""What a department deals with, told by its name: 住建局 and 住房和城乡建设局 are one, whatever they are called.

The tables are knowledge of the field and no register: department_parts.csv has the parts that names are made of.
"""

from __future__ import annotations

import re
from functools import cache

from archive.csvs import packaged

_END = re.compile(r"(局|厅|委员会|委|办公室|办|中心)$")
_BETWEEN = re.compile(r"和|与|及|管理|服务")


@cache
def _parts() -> dict[int, dict[str, tuple[str, bool]]]:
    """The parts by their length: concept, and whether the part is sure where not all of a name is understood."""
    found: dict[int, dict[str, tuple[str, bool]]] = {}
    for row in packaged("department_parts.csv", "archive"):
        found.setdefault(len(row["part"]), {})[row["part"]] = (row["concept"], row["safe"] == "yes")
    return found


@cache
def concepts(name: str) -> frozenset[str]:
    """The concepts of a department's name without its place (文旅局: culture, tourism); empty where it is not understood.

    The order in a name means nothing, so a set; a name of which anything is left over is not understood.
    """
    rest = _END.sub("", re.sub(r"[（(][^（()）]*+[)）]", "", name))
    if rest == name or not rest:
        return frozenset()
    found = set()
    while rest:
        for size in sorted(_parts(), reverse=True):
            known = _parts()[size].get(rest[:size])
            if known is not None and len(rest) >= size:
                found.add(known[0])
                rest = rest[size:]
                break
        else:
            match = _BETWEEN.match(rest)
            if match is None:
                return frozenset()
            rest = rest[match.end() :]
    return frozenset(found)


@cache
def _named() -> dict[str, tuple[tuple[int | None, int | None, str], ...]]:
    """Canonical names with the years in which they came and went: from, to, the reform."""
    found: dict[str, list[tuple[int | None, int | None, str]]] = {}
    for row in packaged("department_names.csv", "archive"):
        years = (
            int(row["from_year"]) if row["from_year"] else None,
            int(row["to_year"]) if row["to_year"] else None,
        )
        found.setdefault(row["canonical_name"], []).append((*years, row["reform"]))
    return {name: tuple(each) for name, each in found.items()}


def years_of(name: str) -> tuple[int | None, int | None, str]:
    """The first and the last report year of bodies called so, and the reform: only where all levels say the same.

    Bodies changed in waves: a report on the year before a change may carry either name, so nobody owes it.
    """
    said = _named().get(name, ())
    if len({each[:2] for each in said}) != 1:
        return None, None, ""
    first, last, reform = said[0]
    return first, None if last is None else last - 2, reform
