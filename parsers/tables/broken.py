"""Lists in lines of text whose figures may not be whole, or may not be those of the row that they stand beside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from parsers.codebook import Form, Row
from parsers.records import Finding
from parsers.tables.lines import Line
from parsers.tables.strips import Strip
from parsers.units import COUNTED, one_of

FEWEST_CODES = 4
_REST = re.compile(rf"\s*+(\d[\d,，.]*+)\s*+{one_of(COUNTED)}?\s*+(?:[;；,，。]|$)")
"""Digits before a mark: 6件；行政诉讼数…, and not 2016年 or 2、问题."""
_FIGURE_IN_LABEL = re.compile(
    r"\w\s*[,，、;；|｜]\s*\d[\d.]*\s*(?:[,，、;；|｜]\D*\w|$)"
    rf"|[^\W\d]\s+\d[\d.]*\s*{one_of(COUNTED)}?\s*[,，;；|｜]\D*\w"
)


def broken_numbers(
    form: Form, strips: Sequence[Strip], found: Mapping[int, Strip], after: Line | None
) -> Iterator[Finding]:
    """Rows of one figure below which digits begin a line, alone or before another row: they may be the rest of its
    number, or of a page. `after`: the line below the last row."""
    rows = {id(strip): form.rows[number] for number, strip in found.items()}
    codes = {row.block.removeprefix("code ") for row in form.rows}
    firsts = [*(strip.first for strip in strips), ""]
    coded = _are_codes(firsts)
    for number, (strip, rest) in enumerate(pairwise(strips)):
        row, alone = rows.get(id(strip)), _alone(rest)
        below = alone or ("" if coded else rest.first)
        follows = alone and firsts[number + 2]  # a row that has its code on its own line
        its_own = below in codes and not follows
        if row and not its_own:
            yield from _broken(form, row, strip, below)
    last, rest_of_it = strips[-1] if strips else None, _REST.match(after.text) if after else None
    if last and rest_of_it and id(last) in rows:
        yield from _broken(form, rows[id(last)], last, rest_of_it[1])


def _broken(form: Form, row: Row, strip: Strip, below: str) -> Iterator[Finding]:
    figure = strip.values[-1].text.strip() if strip.own and len(row.cells) == 1 else ""
    if figure[-1:].isdigit() and below[:1].isdigit():
        message = f"{form.table}: {below} begins the line below {row.label} {figure}: it may be the rest of the number"
        yield Finding("reading_in_doubt", message[:500], row.codes)


def _are_codes(firsts: Sequence[str]) -> bool:
    """Whether the numbers with which lines begin are the rows' own: most have one, and they count up."""
    numbers = [int(first) for first in firsts if first.isdecimal()]
    counted = all(one < other or other == 1 for one, other in pairwise(numbers))
    return len(numbers) > FEWEST_CODES and len(numbers) * 2 > len(firsts) and counted


def _alone(strip: Strip) -> str:
    """The one value of a strip that has no label."""
    return strip.values[0].text.strip() if not strip.labels and len(strip.values) == 1 else ""


def run_together(form: Form, found: Mapping[int, Strip]) -> Iterator[Finding]:
    """Rows whose label holds a number between commas, that of a row that runs on to the next: whose is the last?"""
    for number, strip in sorted(found.items()):
        if any(map(_FIGURE_IN_LABEL.search, (*strip.own, *strip.before[-1:]))):
            row = form.rows[number]
            message = (
                f"{form.table}: the line of {row.label} holds several rows: whose figure is read is not sure"
            )
            yield Finding("reading_in_doubt", message, row.codes)
