"""The packaged divisions of GB/T 2260: their names, and how the codes below one begin."""

from __future__ import annotations

from functools import cache

from archive.csvs import packaged

CENTRE = "000000"
"""The code that bodies of the centre bear: no division, and nothing lies below it."""


@cache
def divisions() -> dict[str, str]:
    """The name of each division by its six digits: the table of mid-2023, from provinces down to counties."""
    return {row["code"]: row["name"] for row in packaged("divisions.csv", "archive")}


def beginning(code: str) -> str:
    """How the codes of a division and of all below it begin: `500000` -> `50`, `411000` -> `4110`, `120110` as it is."""
    return code if code == CENTRE else code.removesuffix("00").removesuffix("00")
