"""Findings on figures whose cells show what cannot be known: pictures, marks, another order than is
written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from parsers.records import Figure, Finding, FindingKind
from parsers.visible import SPREADING, Doubt

MOST_NAMED, LONGEST_TEXT = 5, 40
"""Cells that a finding quotes, and characters of each."""
_ROW_OF_PLACE = re.compile(r"(.*)(?:/td\[\d+\]| cell \d+)$")


def doubtful(doubts: Mapping[str, tuple[Doubt, ...]], figures: Mapping[str, Figure]) -> Iterator[Finding]:
    """A finding for each doubt with the figures it is about: those that stand in a cell that is in doubt, and
    those in the row, or else in the table, of a label or a head whose doubt spreads."""
    if not doubts:
        return
    codes: dict[Doubt, dict[str, str]] = {}
    for place, said in doubts.items():
        own = {code: figure.raw for code, figure in figures.items() if figure.place == place}
        for doubt in said:
            touched = own or (_beside(place, figures) if doubt in SPREADING else {})
            codes.setdefault(doubt, {}).update(touched)
    for doubt, touched in codes.items():
        if touched:
            raw = [text[:LONGEST_TEXT] for text in list(touched.values())[:MOST_NAMED]]
            values = {"case": doubt.value, "raw": raw}
            yield Finding(FindingKind.READING_IN_DOUBT, tuple(touched), values)


def _beside(place: str, figures: Mapping[str, Figure]) -> dict[str, str]:
    """The figures of the row in which a cell stands; of its table where the row has none."""
    found = _ROW_OF_PLACE.match(place)
    row = f"{found[1]}/" if found and place.endswith("]") else f"{found[1]} cell " if found else place
    table = place.split("/")[0] + "/" if place.endswith("]") else place.split(" row ")[0] + " row "
    for begin in (row, table):
        if within := {code: figure.raw for code, figure in figures.items() if figure.place.startswith(begin)}:
            return within
    return {}
