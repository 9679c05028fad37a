"""The units that are printed with figures."""

from __future__ import annotations

COUNTED = ("件次", "人次", "万元", "件", "条", "次", "篇", "个", "人", "项", "元")
"""Those of the lists of indicators and of lines that hold a label and its figure."""
UNITS = (*COUNTED, "亿元", *"份起宗场期部家批类处笔例名户%")
"""All that may stand in a cell beside its number: there nothing else can be meant by them."""

MONEY = ("亿元", "万元", "元")
"""Those of amounts."""


def one_of(units: tuple[str, ...]) -> str:
    """A pattern that is any of these units, the longest where one begins as another does."""
    longer = [unit for unit in units if len(unit) > 1]
    single = "".join(unit for unit in units if len(unit) == 1)
    return f"(?:{'|'.join(longer)}|[{single}])"
